/* What a statement is about: products and components by package URL, CPE name or name. */
#ifndef ASSAY_VULN_VEX_SCOPE_H
#define ASSAY_VULN_VEX_SCOPE_H

#include "base/arena.h"
#include "identify/recogniser.h"

/* A package URL (https://github.com/package-url/purl-spec), its pieces decoded. */
struct purl {
	struct span type, space, name, version;
	struct span range;    /* qualifier `vers` */
	struct span checksum; /* SHA-256 of the qualifier `checksum` */
	struct span part;     /* subpath */
};

/* False where the text is none, or memory is refused. */
bool purl_parse(struct arena *arena, struct span text, struct purl *out);

/* A component of the image. */
struct vex_component {
	struct span name, version, package_version, purl, cpe;
	enum version_order order;
};

enum scope_fit {
	SCOPE_OTHER,    /* it is about something else */
	SCOPE_VERSION,  /* about this, in other versions */
	SCOPE_FITS,
};

/* Whether what a statement names is the component; an empty name is every component. */
enum scope_fit vex_fits_component(struct arena *arena, struct span named, const struct vex_component *component);
/* Whether a version or range of a statement holds the component's version; an empty one does. */
bool vex_fits_version(struct span version, const struct vex_component *component);

/* The product that was given: every name that it goes by, and its digests. */
struct vex_product {
	const struct span *names;
	size_t name_count;
	const struct span *digests;
	size_t digest_count;
	struct span vendor, model, version;
};

/* Whether it is the product that a statement names, by name or digest; both empty is every product. */
enum scope_fit vex_fits_product(struct arena *arena, struct span named, struct span digest,
				const struct vex_product *product);

#endif
