/* Data files of this layer as they are read: the documents of a folder of data/, and members that are words. */
#ifndef ASSAY_IDENTIFY_DATA_WORDS_H
#define ASSAY_IDENTIFY_DATA_WORDS_H

#include "base/arena.h"
#include "base/outcome.h"
#include "base/yaml.h"

enum { DATA_DOCUMENTS_MAX = 64 };

struct words {
	const struct span *all;
	size_t count;
};

struct data_reader {
	struct arena *arena;
	struct span *error;   /* words about what is wrong, in the arena */
	const char *document; /* the one that is read */
};

/* The documents of a folder ("parts/"), each a list of entries. */
struct data_folder {
	const struct yaml *roots[DATA_DOCUMENTS_MAX];
	const char *names[DATA_DOCUMENTS_MAX];
	size_t count, entries;
};

/* An embedded document, which becomes the one that is read. MALFORMED with words in *error. */
enum outcome data_document_read(struct data_reader *reader, const char *name, const struct yaml **out) MUST_CHECK;
/* As above, of every document whose name has the prefix; OVER_BUDGET where there are more than a folder may have. */
enum outcome data_folder_read(struct data_reader *reader, const char *prefix, struct data_folder *out) MUST_CHECK;
/* Says what is wrong, and in which line; MALFORMED. */
enum outcome data_fail(const struct data_reader *reader, const struct yaml *node, const char *what) MUST_CHECK;
/* A scalar or a sequence of them; no words where node is NULL. An empty word is MALFORMED. */
enum outcome data_words_read(const struct data_reader *reader, const struct yaml *node, struct words *out) MUST_CHECK;
/* True where a member says "true". */
bool data_is_true(const struct yaml *node, const char *key);

#endif
