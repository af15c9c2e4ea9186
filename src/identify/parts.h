/*
 * The parts of components: data/parts, read once into a table. A part is what one build of a component has and another
 * has not: an applet, a program or library of its own, a protocol, an option. The table says what shows a part, and what
 * must be seen of a file before its silence shows that the part is missing.
 */
#ifndef ASSAY_IDENTIFY_PARTS_H
#define ASSAY_IDENTIFY_PARTS_H

#include "evidence/evidence.h"
#include "identify/data_words.h"
#include "identify/recogniser.h"
#include "inspect/inspector.h"

struct part {
	struct span name;          /* upstream's own, without blanks: "httpd", "DHCPv6", "EAP-pwd" */
	struct words also;    /* other names of it */
	/* In a file of the component; of all but options, none of them in such a file means that the part is missing. */
	struct words option;  /* words of the list of options */
	struct words lacks;   /* words of the list that say that it is missing */
	struct words symbol;  /* functions that it defines */
	struct words string;  /* whole literals */
	struct words text;    /* pieces of literals */
	struct words hint;    /* pieces of literals that not every build with the part has */
	struct words elsewhere; /* pieces of literals that show it in any program */
	/* Shapes of names of files (identify/shape.h). */
	struct words program; /* that are the component's own, since they name it too */
	struct words file;    /* that nobody else uses */
	struct words beside;  /* applets that may hold its code too */
	struct words machine; /* the only machines that have it, as elf.machine, with "/32" or "/64" where the class counts */
	/* The component's table of applets has it; where it has a text too, that must be missing as well. */
	bool applet;
	bool otherwise;            /* it is missing where the list of options does not have it */
	bool never_missing;        /* it may be built in without a sign of it */
	bool maybe;                /* its machine does not show that it is there */
};

struct part_component {
	struct span name;
	struct words list;    /* words that its list of options has, with "no-" before them or not; the first is looked for */
	struct words bearer_text, bearer_symbol; /* of which a file that may hold its parts has one */
	const struct part *parts;
	size_t count;
};

struct parts {
	const struct part_component *all; /* sorted by name */
	size_t count;
};

/* Reads the embedded data/parts into the arena. MALFORMED with words in *error. */
enum outcome parts_load(struct arena *arena, struct parts *out, struct span *error) MUST_CHECK;
/* NULL where nothing is known of the component's parts. */
const struct part_component *parts_of(const struct parts *parts, struct span component);
/* By its name or another one; NULL where there is none. */
const struct part *part_named(const struct part_component *component, struct span name);

/* What content shows of parts: table part_sign. Runs behind the witnesses, whose facts it reads; borrows the recognisers. */
enum outcome parts_inspector_make(struct arena *arena, const struct recognisers *recognisers, struct inspector *out) MUST_CHECK;
/* Signs, applets and names of files become the table part. Run once, after the components are merged. */
enum outcome parts_conclude(struct evidence *evidence, const struct parts *parts,
			    const struct recognisers *recognisers) MUST_CHECK;

#endif
