/* What a host name or address is, and what it is likely for. */
#ifndef ASSAY_INSPECT_ENDPOINT_HOST_H
#define ASSAY_INSPECT_ENDPOINT_HOST_H

#include "base/span.h"

/* True for a name with a dot whose last part is letters, for localhost, and for an address. */
bool endpoint_is_host(struct span host);
/* True for a dotted address that is routed in the Internet. */
bool endpoint_is_public_address(struct span host);
/* True for names of standards, licences, projects and examples. */
bool endpoint_is_documentation(struct span host, struct span text);
/* As endpoint.purpose; NULL where nothing tells. context is the line that it stands in. */
const char *endpoint_purpose(struct span host, struct span text, struct span context);

#endif
