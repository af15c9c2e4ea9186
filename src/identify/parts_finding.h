/*
 * What an image shows of the parts of one component, while parts_conclude.c collects it: findings, from what files show
 * (signs), from tables of applets and from the names of files.
 */
#ifndef ASSAY_IDENTIFY_PARTS_FINDING_H
#define ASSAY_IDENTIFY_PARTS_FINDING_H

#include "evidence/query.h"
#include "identify/parts.h"

/* A file that shows the component. */
struct parts_bearer {
	int64_t file;
	struct span path;
	bool whole;      /* read to its end, and nothing of what it shows was lost */
	bool lends;      /* it takes the component's code from a library, or has another part of it */
	bool serves;     /* a library of a program that has the table of applets (libbb.so): it has none itself */
};

/* What is known of one part. */
struct part_finding {
	const char *sign;
	struct span reason;
	int64_t file, offset;
	bool present;
	bool doubt;       /* something that would show it was not read, or may be it */
	size_t silent;     /* files of the component that would show it */
	size_t silent_own; /* those of them that hold the code themselves */
	bool named;       /* a file has its name, and is not surely it */
	size_t without_text; /* files with a table of applets that hold no text of it */
};

struct parts_work {
	sqlite3 *database;
	const struct recognisers *recognisers;
	struct arena *arena;
	bool listed;       /* the names of all files of a whole system are known */
	bool searched;     /* no program hides what it holds, packed or damaged */
	uint64_t left_out; /* components with more files than are looked at */
	/* of one component */
	int64_t component;
	const struct part_component *known;
	struct parts_bearer *bearers;
	size_t bearer_count;
	bool installed;   /* one of its files is there */
	bool cut;         /* it has more files than are looked at */
	struct part_finding *findings; /* as known->parts */
};

/* Each adds to the findings of a component whose bearers are known. */
enum outcome parts_weigh_signs(struct parts_work *work) MUST_CHECK;
enum outcome parts_weigh_applets(struct parts_work *work) MUST_CHECK;
enum outcome parts_weigh_names(struct parts_work *work) MUST_CHECK;

/* True where a part shows itself by a name that a file has. */
bool part_needs_names(const struct part *part);

#endif
