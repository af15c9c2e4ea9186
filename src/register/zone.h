/*
 * A time zone of the TZ database: what clocks there show at a moment, and which moment they show. Its file is read
 * here (RFC 9636), and not by the C library, which knows one zone for all threads of a process, by a variable of its
 * environment.
 */
#ifndef ASSAY_REGISTER_ZONE_H
#define ASSAY_REGISTER_ZONE_H

#include "base/arena.h"
#include "base/outcome.h"
#include "register/zone_rule.h"

struct zone_type {
	int32_t offset;   /* seconds east of UTC */
	struct span name; /* "CET" */
};

/* All of it lives in the arena that it was opened with, and nothing changes it: threads may share one. */
struct zone {
	struct span name; /* "Europe/Berlin", or "+01:00" */
	const int64_t *changes; /* moments, ascending */
	const uint8_t *change_types;
	size_t change_count;
	const struct zone_type *types;
	size_t type_count;
	bool ruled;       /* `rule` holds from the last change on */
	struct zone_rule rule;
};

/*
 * Opens the zone of that name, below $TZDIR or /usr/share/zoneinfo; a name may also be an offset, "+01:00", or "UTC",
 * which need no file. NOT_THIS where there is none of the name, MALFORMED where its file is damaged: *error has words.
 */
enum outcome zone_open(struct span name, struct arena *arena, struct zone *out, struct span *error) MUST_CHECK;
/* The same from the bytes of a TZif file. */
enum outcome zone_read(struct span bytes, struct arena *arena, struct zone *out) MUST_CHECK;

/* What holds at a moment. */
struct zone_type zone_at(const struct zone *zone, int64_t at);
enum { ZONE_SHOWN_ROOM = 96 };
/* "2026-11-29 09:10 UTC", and where a zone is named (else NULL) "2026-11-29 09:10 UTC (2026-11-29 10:10 CET)". */
void zone_show(int64_t at, const struct zone *zone, char out[static ZONE_SHOWN_ROOM]);
/*
 * The moment at which clocks there show so many seconds since 1970-01-01T00:00:00. Where they show it twice, the first;
 * where they never do, the earlier of the two moments that can be meant: what is due is never put too late.
 */
int64_t zone_moment(const struct zone *zone, int64_t shown);

#endif
