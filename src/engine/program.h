/*
 * Everything that is compiled or read once and then only looked at: magics,
 * recognisers, inspectors, patterns. Shared by all workers.
 */
#ifndef ASSAY_ENGINE_PROGRAM_H
#define ASSAY_ENGINE_PROGRAM_H

#include "identify/recogniser.h"
#include "inspect/inspector.h"
#include "inspect/path_role.h"
#include "unpack/scan.h"

/* An inspector and the place of its patterns in the set. */
struct seat {
	const struct inspector *inspector;
	uint32_t first_pattern;
};

struct program {
	struct arena arena;
	struct recognisers recognisers;
	struct path_roles roles;
	struct scan_index *magics;
	struct seat *seats;
	size_t seat_count;
	const struct pattern *patterns; /* of all seats, in order */
	size_t pattern_count;
	struct pattern_set *set;        /* NULL until program_load_patterns() */
};

/*
 * Reads data and lists inspectors and their patterns. On failure *error says why (static or in the arena); it is empty where
 * memory was refused.
 */
enum outcome program_init(struct program *program, struct span *error) MUST_CHECK;
/* Reads the compiled set that the build made of exactly these patterns. */
enum outcome program_load_patterns(struct program *program, struct span saved) MUST_CHECK;
void program_done(struct program *program);

#endif
