/*
 * What the device is: who made it, which model and revision, which firmware. Sightings come from headers of images,
 * device trees and the files that data/identity names; the best answer of each kind goes into the row of the image.
 */
#ifndef ASSAY_IDENTIFY_IDENTITY_H
#define ASSAY_IDENTIFY_IDENTITY_H

#include "base/arena.h"
#include "base/pattern.h"
#include "base/yaml.h"
#include "evidence/evidence.h"
#include "inspect/inspector.h"

/* A word in a file, and what stands behind it. */
struct identity_key {
	struct span word;
	const char *subject; /* as identity.subject, or 'heading': a maker that is known, and then the model */
};

/* A kind of file that names the device. */
struct identity_file {
	const struct span *shapes; /* of its path */
	size_t shape_count;
	const struct identity_key *keys;
	size_t key_count;
	const char *whole;  /* what the first line is; NULL where keys or lines are looked for */
	const struct span *systems; /* words that a line of a banner begins with, and that name the system with what follows */
	size_t system_count;        /* where there are some, a line may be a heading too */
	const struct span *ignore; /* values that say nothing: what a builder leaves as it was */
	size_t ignore_count;
	struct span holds;  /* a text that the file must hold; may be empty */
	bool page;          /* a page for people: values stand behind words and tags, and must look like what they are */
	struct span vendor; /* whose devices have such a file; may be empty */
	int64_t confidence; /* 0 to 100 */
};

/* A text within programs and pages that names a device, or shows what it was built from. */
struct identity_phrase {
	const char *const *groups; /* what the groups of its expression are, as identity.subject */
	size_t group_count;
	struct span vendor, mark;  /* the maker who writes so; or what it was built from, and then no groups */
	const struct yaml *tests;  /* texts, and what is read of them */
	int64_t confidence;        /* below 50 it counts only beside others */
	bool in_programs, in_pages, in_raw;
};

/* A maker of devices. */
struct identity_vendor {
	struct span name, prefix;
	const struct span *aliases;
	size_t alias_count;
};

/* A code of a format's boards; one that ends with '*' stands for its beginning. */
struct identity_board {
	struct span format, code, model;
	bool revision_behind; /* the digits behind the beginning are the hardware revision */
};

/* A format whose headers only one maker's images have. */
struct identity_format {
	struct span format, vendor;
};

struct identity_data {
	const struct identity_file *files;
	size_t file_count;
	const struct identity_vendor *vendors;
	size_t vendor_count;
	const struct identity_board *boards;
	size_t board_count;
	const struct identity_format *formats;
	size_t format_count;
	const struct identity_phrase *phrases;
	const struct pattern *patterns; /* of the phrases, one each */
	size_t phrase_count;
};

/* Reads the embedded data/identity into the arena. MALFORMED with words in *error. */
enum outcome identity_load(struct arena *arena, struct identity_data *out, struct span *error) MUST_CHECK;
/* The maker by its name or another spelling, letters of either case; NULL where it is not known. */
const struct identity_vendor *identity_vendor_named(const struct identity_data *data, struct span text);
/* The maker whose prefix that is ("tplink"); NULL where it is not known. */
const struct identity_vendor *identity_vendor_prefixed(const struct identity_data *data, struct span prefix);
/* The maker that a text begins with, before other words: "TP-Link Archer C7"; NULL where none is known. *rest: the others. */
const struct identity_vendor *identity_vendor_leading(const struct identity_data *data, struct span text, struct span *rest);

/*
 * The value behind a word of a text, from `from` on: NAME=value, option NAME 'value', "name": "value",
 * <Name>value</Name>, <Name v="value"/>. *line is its line, from 1, and may be NULL. Empty where there is none.
 */
struct span identity_value(struct span text, struct span word, int64_t *line);
/*
 * "OpenWrt 18.06.1" of " OpenWrt 18.06.1, r7258": the line from the word to its first comma, bracket or gap; empty where it
 * begins otherwise.
 */
struct span identity_banner(struct span line, struct span word);
/*
 * The value that a page shows behind a word: "<td>Model No.</td><td>&nbsp;TL-WR841N</td>". Blanks, colons and tags between are
 * passed over, scripts are not. *line as above.
 */
struct span identity_page_value(struct span text, struct span word, int64_t *line);
/* True where the value looks like what it is said to be: a model has a digit, a version begins with one; no sentence does. */
bool identity_looks_like(const char *subject, struct span value);
/* True where a text can name something: short, printable, begins with a letter or digit, and is no placeholder. */
bool identity_plausible(struct span value);

/* The inspector of those files; its context, the data, must outlive it. */
struct inspector identity_inspector(const struct identity_data *data);
/* The inspector of texts; likewise. */
struct inspector identity_texts_inspector(const struct identity_data *data);

/*
 * The model that programs and pages agree on; empty where there is none: it must stand in three times as many of them as
 * any other, and where it is a mere name, in both kinds, or be one of those that alternatives ("WRT54G or WRT54GL") names.
 * Lives in the arena.
 */
struct span identity_agreed_model(sqlite3 *database, struct span alternatives, struct arena *arena);

/* Resolves boards and prefixes, and sets the row of the image to the best answers. Run once all files are read. */
enum outcome identity_conclude(struct evidence *evidence) MUST_CHECK;

#endif
