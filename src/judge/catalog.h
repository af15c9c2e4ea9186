/* Catalogues: requirements of a publication, and the rules that disprove, show or exclude each. */
#ifndef ASSAY_JUDGE_CATALOG_H
#define ASSAY_JUDGE_CATALOG_H

#include "base/yaml.h"
#include "judge/rules.h"

/* Rules by index in `struct rules`. */
struct rule_list {
	const size_t *all;
	size_t count;
};

struct mapping {
	struct span publication; /* "ETSI EN 303 645 v3.1.3" */
	struct span reference;	 /* "5.1-1" */
	const struct mapping *next;
};

struct requirement {
	struct span id, title, meaning, condition;
	struct span level;	 /* lowest that asks for it: low medium high; empty where none does */
	struct span decidable;	 /* yes partly no */
	struct span declaration; /* key in product.yaml; empty where only requirements.<id> declares it */
	struct span step;	 /* what to do where it is unproven; empty for words of our own */
	struct rule_list step_by; /* rules whose rows say it better */
	struct rule_list excluded_by, failed_by, shown_by;
	const struct mapping *mappings;
};

struct catalog {
	struct span id, title, publisher, version;
	struct kind_list kinds; /* of devices that it is about */
	const struct requirement *requirements; /* in the publication's order */
	size_t count;
};

struct catalogs {
	const struct catalog *all; /* ours by name of file, then the user's in order */
	size_t count;
};

/* Reads the embedded catalogues and the given files. On MALFORMED, *error (in the arena) is one line with
 * file and line. */
enum outcome catalogs_load(const struct judge_source *files, size_t count, const struct rules *rules,
			   struct arena *arena, struct catalogs *out, struct span *error) MUST_CHECK;

/* Reads one requirement, as it stands in a catalogue, or a criterion of a grade (same form, fewer keys). */
enum outcome requirement_read(const struct yaml *node, struct span file, const struct rules *rules,
			      struct arena *arena, struct requirement *out, struct span *error) MUST_CHECK;
/* A requirement of a catalogue by id; NULL where there is none. */
const struct requirement *catalog_find(const struct catalog *catalog, struct span id);

#endif
