/*
 * Fixes that show in programs: data/fixes, read once into a table. A distribution or a maker mends a version without
 * changing it; the table says what a build with the fix of a vulnerability has, and one without it has not. Its signs are
 * looked for only in the loaded bytes and the symbols of programs that are the component's own.
 */
#ifndef ASSAY_IDENTIFY_FIXES_H
#define ASSAY_IDENTIFY_FIXES_H

#include "base/word_search.h"
#include "identify/data_words.h"
#include "identify/recogniser.h"
#include "inspect/inspector.h"

enum { FIX_KINDS = 6, FIX_WORD_LEAST = 6 };

/* What shows a fix, or code: any word of any kind. The same order as fix_kinds. */
enum fix_kind {
	FIX_TEXT,    /* in the loaded bytes, in a longer literal or as a whole one */
	FIX_LITERAL, /* a whole literal: a NUL before it and behind it */
	FIX_SYMBOL,  /* a function or object that the program defines, in either table of symbols */
	FIX_EXPORT,  /* one that the dynamic table defines */
	FIX_IMPORT,  /* one that the dynamic table wants from others */
	FIX_BYTES,   /* in the loaded bytes; in the data as hexadecimal digits */
};

struct fix_word {
	enum fix_kind kind;
	struct span text;
};

/* A run of the component's words: one of them is enough. */
struct fix_sign {
	bool lacks; /* it holds where none of its words is there; needs `beside` and a file that is whole */
	size_t first, count;
};

struct fix_signs {
	const struct fix_sign *all;
	size_t count;
};

struct fix {
	struct words cve;         /* one patch mends all of them */
	struct span from, before; /* versions of the component for which the signs mean this: from <= version < before */
	struct fix_sign code;     /* any word: the file holds the code that was mended, mended or not */
	struct fix_signs beside;  /* all hold: what else the code has in such a build; before silence counts */
	struct fix_signs fixed;   /* all hold: it is mended */
	struct fix_signs unfixed; /* all hold, and there are any: it is not */
	bool silent_unfixed;      /* so it is where all of `fixed` fail */
};

struct fix_component {
	struct span name;
	const struct fix *fixes;
	size_t count;
	const struct fix_word *words; /* of all signs */
	size_t word_count;
	struct word_search search; /* of those that are bytes; the others are empty there */
};

struct fixes {
	const struct fix_component *all; /* sorted by name */
	size_t count;
};

/* Names of the kinds in the data and the evidence: "text", "literal", … */
extern const char *const fix_kinds[FIX_KINDS];

/* Reads the embedded data/fixes into the arena. MALFORMED with words in *error. */
enum outcome fixes_load(struct arena *arena, struct fixes *out, struct span *error) MUST_CHECK;
/* The same from one document. */
enum outcome fixes_read(struct arena *arena, struct span text, struct fixes *out, struct span *error) MUST_CHECK;
/* True where one of them holds by what is not there. */
bool fix_signs_lack(const struct fix_signs *signs);

/* What programs show of fixes: table fix_sign. Runs behind the witnesses, whose facts it reads; borrows the recognisers. */
struct inspector fixes_inspector(const struct recognisers *recognisers);

#endif
