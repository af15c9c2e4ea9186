/*
 * Reads a POSIX shell script as a run of simple commands, each with the place where
 * it stands: in which function, in which branch, and whether it surely runs. Nothing
 * is executed; variables that the script itself sets to constants are put in. A loop
 * over words is read once for each word: again only the commands that the word is in.
 */
#ifndef ASSAY_INSPECT_SHELL_H
#define ASSAY_INSPECT_SHELL_H

#include "base/notes.h"
#include "base/span.h"

enum { SHELL_WORDS_MAX = 256, SHELL_BLOCKS_MAX = 256, SHELL_VARIABLES_MAX = 512, SHELL_TESTS_MAX = 8 };
enum { SHELL_AGAIN_MAX = 16 * 1024 };

/* What decides whether a command runs: the commands behind "if" or before "&&" and "||", or the word of a case. */
struct shell_test {
	struct span text;    /* as it stands in the script; empty where it is not told */
	struct span pattern; /* of a case: what the word must match; no data for all others */
	bool holds;          /* they must succeed, or match; else fail */
	bool partly;         /* something else decides as well: an "elif" before it */
};

/* Words of a simple command: quotes are taken off. More than SHELL_WORDS_MAX are dropped, and counted. */
struct shell_command {
	struct span words[SHELL_WORDS_MAX];
	size_t count;
	int64_t line;         /* of the first word, from 1 */
	uint64_t offset;
	struct span text;     /* as it stands in the script */
	bool background;      /* ends with & */
	bool conditional;     /* stands in if, loop or case, or after && or ||: it may not run */
	bool unreached;       /* after an exit that is surely reached */
	struct span function; /* function that it stands in; empty outside */
	struct span branch;   /* pattern of the innermost case over the first argument: "start|boot"; empty outside */
	struct shell_test tests[SHELL_TESTS_MAX]; /* what decides, up to the function that it stands in: innermost first */
	size_t test_count;    /* SHELL_TESTS_MAX: there may be more */
};

enum shell_block_kind {
	SHELL_CONDITION, /* if, while, until, for */
	SHELL_CASE,
	SHELL_FUNCTION,
	SHELL_GROUP, /* { } or ( ) */
};

struct shell_block {
	enum shell_block_kind kind;
	bool conditional;  /* of what stands in it */
	bool over_argument; /* a case over the first argument */
	bool tested;        /* it has a test of its own */
	size_t head;        /* where the commands of its test begin; 0: they are read */
	struct shell_test test;
	bool again;         /* stands in a loop that was read before, for another word */
	struct span function;
	struct span branch;
	struct span variable, words; /* of a loop, and the words that are still to come */
	size_t body;
	int64_t body_line;
};

struct shell_variable {
	struct span name, value; /* no data: not a constant */
	struct span computed;    /* what it is computed from, as written: "$(nvram get mode)" */
	bool once;               /* set at one place only, under no condition */
	bool outside;            /* of functions */
	bool turns;              /* a loop gives it another value each time */
};

struct shell {
	struct span text;
	size_t at;
	int64_t line;
	struct arena *arena;
	struct shell_block blocks[SHELL_BLOCKS_MAX];
	size_t depth;
	bool in_pattern;   /* between "in" or ";;" and ")" */
	bool after_and;    /* the last separator was && or || */
	bool in_pipe;      /* the last separator was | */
	struct shell_test before; /* what stands before that && or || */
	size_t chain;      /* where the commands that && and || join begin */
	bool exited;
	bool turned;       /* what a loop changes is in the command */
	size_t read_again; /* bytes; at most eight times the text and SHELL_AGAIN_MAX */
	struct span next_function; /* "name()" was read, "{" comes */
	struct span here_document; /* its delimiter; the lines after this one are its text */
	struct shell_variable variables[SHELL_VARIABLES_MAX];
	size_t variable_count;
	size_t left_out;   /* words, blocks, variables and values that there was no room for */
	struct notes *notes;
};

/* text and what is given live as long as the arena and the text; notes may be NULL. */
void shell_init(struct shell *shell, struct span text, struct arena *arena, struct notes *notes);
/* The next simple command; false at the end, where what there was no room for goes to the notes. */
bool shell_next(struct shell *shell, struct shell_command *out);

/* The variable of that name, as far as the script was read; NULL where it sets none. */
const struct shell_variable *shell_find(const struct shell *shell, struct span name);

/* What stands behind the '$' of a word, without braces: "NAME" of "$NAME" and "${NAME}"; empty of a word without '$'. */
struct span shell_reference(struct span word);

/* Splits one command line, without a script around it, into its words. */
void shell_split(struct span text, struct arena *arena, struct shell_command *out);

#endif
