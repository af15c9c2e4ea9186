/* Sightings of components in one file, gathered and stated as rows of `witness`. */
#ifndef ASSAY_IDENTIFY_WITNESS_H
#define ASSAY_IDENTIFY_WITNESS_H

#include "identify/recogniser.h"
#include "inspect/inspector.h"

/* What the inspector of witnesses was made with: inspection.context. */
struct witness_search {
	const struct recognisers *recognisers;
	uint32_t first_build_note; /* index of the first pattern of build_note.c */
};

/* One sighting. Spans are borrowed from the file or static. */
struct sighting {
	struct span component;
	struct span version; /* empty where only presence is seen */
	const char *method;  /* as witness.method */
	struct span detail;
	uint64_t offset;     /* SIGHTING_NOWHERE for a name */
	uint32_t confidence;
};
#define SIGHTING_NOWHERE UINT64_MAX

/* States it, unless this file has already shown the same component and version at least as surely. */
void witness_state(struct inspection *file, const struct sighting *sighting);
/* True where the file's name has one of the shapes, or there are none. */
bool witness_file_fits(const struct inspection *file, const struct span *shapes, size_t count);

/*
 * True where the file's witnesses name the component, or it has the name of one of its files: what a package installed
 * may show no version.
 */
bool witness_is_of(const struct inspection *file, const struct recognisers *recognisers, struct span component);

/* The one whole string of the file that has a shape of the rule; false where there is none, or are several. */
bool witness_find_string(const struct inspection *file, const struct witness_rule *rule, struct span *version,
			 struct span *text);

/* Patterns for what packagers leave in a binary: the FDO package note and the name of the file of debug symbols. */
enum { BUILD_NOTE_PATTERNS = 2 };
extern const struct pattern build_note_patterns[BUILD_NOTE_PATTERNS];
/* Handles a hit of one of them; index is 0 or 1. */
void build_note_inspect(struct inspection *file, const struct pattern_hit *hit, uint32_t index);

#endif
