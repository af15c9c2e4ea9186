/* What the reports that are VEX share: the matches with what is said of each, and how product and components are called. */
#ifndef ASSAY_REPORT_VEX_H
#define ASSAY_REPORT_VEX_H

#include "base/arena.h"
#include "evidence/query.h"

/* The columns of VEX_ROWS. */
enum vex_column {
	VEX_ID, VEX_COMPONENT, VEX_NAME, VEX_VERSION, VEX_PURL, VEX_CPE, VEX_STATUS, VEX_JUSTIFICATION, VEX_REASON,
	VEX_OWN_STATUS, VEX_OWN_REASON, VEX_QUESTION, VEX_SAID, VEX_ACTION, VEX_FIXED, VEX_PART,
	VEX_LAST,
};

/* Every match; its component always has a package URL. VEX_SAID and VEX_ACTION are of the statement that was applied. */
#define VEX_ROWS_WITH(more)                                                                                   \
	"SELECT v.id, c.id, c.name, c.version, coalesce(c.purl, 'pkg:generic/' || replace(replace(replace(c.name, '%'," \
	" '%25'), ' ', '%20'), '/', '%2F') || coalesce('@' || replace(replace(c.version, '%', '%25'), ' ', '%20'), ''))," \
	" c.cpe, v.status, v.justification, v.reason, v.own_status, v.own_reason, v.question, s.reason, s.action, v.fixed_in," \
	" v.part, v.last_affected" more " FROM vulnerability v JOIN component c ON c.id = v.component"                \
	" LEFT JOIN statement s ON s.rowid = v.statement"
#define VEX_ROWS VEX_ROWS_WITH("")

/* Why it is so, without what a statement was set against; in the arena or borrowed from the row. */
struct span vex_reason(const struct query *row);
/* Of what is affected: what its maker does, or else what our own data would have him do (VEX_OWN_ACTION before it). */
struct span vex_action(struct arena *arena, const struct query *row);
/* "assay: affected (1.19.4 lies in …)", where a statement was set against our own status; else empty. */
struct span vex_own(struct arena *arena, const struct query *row);
/* The reason, and behind it what it was set against. */
struct span vex_both(struct arena *arena, const struct query *row);

/* Who speaks: the declared vendor, or else assay. Where the image came from in the form of a URL, and how it is called. */
struct vex_head {
	struct span author, name, version, purl, sha256;
	bool declared; /* the author is the maker */
	char time[21];
};
enum outcome vex_head(struct vex_head *head, sqlite3 *database, struct arena *arena, int64_t time) MUST_CHECK;

/* A UUID made of the image's digest (RFC 9562, version 8), so that the same image has the same; empty where that is not known. */
void vex_uuid(struct span sha256, char out[static 48]);

#endif
