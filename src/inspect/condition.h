/* What a test of a script asks for: which setting, variable or file, and which value it must have. */
#ifndef ASSAY_INSPECT_CONDITION_H
#define ASSAY_INSPECT_CONDITION_H

#include "base/arena.h"
#include "inspect/shell.h"

enum { CONDITIONS_MAX = 16 };

enum condition_source {
	CONDITION_OTHER, /* not understood */
	CONDITION_NVRAM,
	CONDITION_ENVIRONMENT, /* U-Boot's */
	CONDITION_UCI,
	CONDITION_PROPERTY, /* of Android */
	CONDITION_KERNEL,   /* a word of the kernel's command line */
	CONDITION_FILE,	    /* a file that is there */
	CONDITION_VARIABLE, /* of the script, and not told where it comes from */
	CONDITION_CONSTANT, /* of the script, told here */
	CONDITION_VALID,    /* a check that the configuration is well formed */
	CONDITION_SOURCES,
};

struct condition {
	enum condition_source source;
	struct span name;
	const char *operator;  /* "=", "<>", or "other" */
	struct span value;
	struct span fallback;  /* the value where nothing sets it; no data: not told */
	int holds;	       /* of a constant: 1 or 0; else -1 */
	struct span text;      /* as it stands in the script */
};

/* An option of uci that a script gives a name of its own: config_get VARIABLE SECTION OPTION [DEFAULT]. */
struct condition_option {
	struct span variable, option, fallback;
	struct span package; /* empty: that of the script */
};

/* What is known of the script around. */
struct condition_scope {
	const struct shell *variables; /* read to its end; NULL for none */
	bool open;                     /* it reads others in: its variables may be set there */
	const struct condition_option *options;
	size_t option_count;
	struct span package; /* of options that name none */
	struct arena *arena;
};

/* Name of a source, as evidence has it: "nvram"; NULL for what is not understood. */
const char *condition_source_name(enum condition_source source);

/*
 * Takes a test apart. All of what is given must hold where the test holds as it is asked to; one of several is enough
 * where *any is set. Gives their number; what is not understood is a CONDITION_OTHER, so there is one at least.
 */
size_t condition_read(const struct condition_scope *scope, const struct shell_test *test, struct condition *out, size_t room,
		      bool *any);

#endif
