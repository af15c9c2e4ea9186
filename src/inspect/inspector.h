/*
 * What looks at the bytes of a file and states facts: what every file in this
 * folder implements. An inspector is one file with one const struct inspector,
 * named in registry.c. It runs in several threads and keeps no state of its own.
 */
#ifndef ASSAY_INSPECT_INSPECTOR_H
#define ASSAY_INSPECT_INSPECTOR_H

#include "base/arena.h"
#include "base/notes.h"
#include "base/pattern.h"
#include "base/span.h"
#include "evidence/evidence.h"
#include "evidence/facts.h"
#include "inspect/kind.h"
#include "unpack/listing.h"

/* A file as an inspector sees it. */
/* How far lines were counted: the next that is asked for is mostly a later one. */
struct line_counter {
	const uint8_t *text;
	uint64_t offset;
	int64_t line;
};

struct inspection {
	struct span path;          /* full path in the image: "/etc/passwd"; of a part a plain name */
	struct span name;          /* its last component */
	const struct entry *entry; /* type, mode, owner, attributes */
	struct span role;          /* why it is no configuration of the running device (path_role.h); empty where it may be */
	enum content_kind kind;
	struct span bytes;         /* the whole content */
	const char *volume_format; /* format of the volume that lists it: "squashfs" */
	struct facts *facts;       /* where facts go */
	struct notes *notes;
	struct arena *scratch;     /* forgotten after this file */
	struct line_counter *lines; /* NULL: counted from the start each time */
	const void *context;       /* of the inspector */

	/* Hits of this inspector's own patterns, sorted by pattern and end; pattern is the index in inspector.patterns. */
	const struct pattern_hit *hits;
	size_t hit_count;
	struct pattern_scanner *scanner;
	uint32_t first_pattern;    /* of this inspector in the set; for inspection_capture */
};

struct inspector {
	const char *name;
	/* Patterns that are searched for in every file that is read; NULL for none. */
	const struct pattern *patterns;
	size_t pattern_count;
	const void *context; /* what it was made with, shown to it in every inspection; may be NULL */
	/* True where it wants to see the file even without a hit; NULL: only files with a hit. */
	bool (*wants)(const struct inspection *file);
	/* Looks and states facts. May be NULL. Damage goes to notes; nothing it finds may stop the others. */
	void (*inspect)(struct inspection *file);
	/* Once, after all files of the image are in the evidence: facts that need more than one file. May be NULL. */
	enum outcome (*conclude)(struct evidence *evidence);
};

/* Words behind one of the inspector's own hits; false where they are not confirmed. */
bool inspection_capture(struct inspection *file, const struct pattern_hit *hit, struct pattern_match *out);
/* True for a text that may be configuration, or a script, of the running device: no copy, sample, manual or package. */
bool inspection_is_live_text(const struct inspection *file);
/* The same of a file whose name makes it a configuration: what stands in it need not look like a text. */
bool inspection_is_live_lines(const struct inspection *file);
/* Line, from 1, of a byte in a text. */
int64_t inspection_line(struct line_counter *counter, struct span text, uint64_t offset);

/* Every inspector of this folder, NULL at the end. */
extern const struct inspector *const inspectors[];

#endif
