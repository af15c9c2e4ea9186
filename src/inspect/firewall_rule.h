/* Rules of packet filters that let packets in, as the readers of their formats state them. */
#ifndef ASSAY_INSPECT_FIREWALL_RULE_H
#define ASSAY_INSPECT_FIREWALL_RULE_H

#include "inspect/inspector.h"

/* As the columns of firewall_rule; spans may be empty. */
struct filter_rule {
	const char *tool, *kind;
	struct span source, transport, port, detail;
	int64_t line;   /* 0: none */
	int64_t offset; /* where line is 0 */
	bool surely;    /* set whenever what holds it runs */
};

void firewall_state(struct inspection *file, const struct filter_rule *rule);

/* nft(8): the tables of a ruleset. */
void firewall_nft(struct inspection *file);
bool firewall_is_nft(const struct inspection *file);
/* firewalld.zone(5): what a zone lets in. */
void firewall_zone(struct inspection *file);
bool firewall_is_zone(const struct inspection *file);

#endif
