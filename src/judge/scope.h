/*
 * What must have been read before a rule may show something, and the kinds of devices that rules and catalogues
 * speak of. data/rules/tables.sql decides which scopes are complete, and what kind of device it is.
 */
#ifndef ASSAY_JUDGE_SCOPE_H
#define ASSAY_JUDGE_SCOPE_H

#include <sqlite3.h>

#include "base/arena.h"
#include "base/outcome.h"
#include "base/yaml.h"

/* What a rule needs, as bits; `needs` in its YAML lists them by name. */
enum scope {
	SCOPE_FILE = 1,    /* the files that its rows name, nothing else: it speaks of what is there */
	SCOPE_ROOT = 2,    /* every root file system, and everything else that was given */
	SCOPE_KERNEL = 4,  /* the kernel, and everything else that was given */
	SCOPE_BOOT = 8,    /* the boot loader and the kernel */
	SCOPE_UPDATE = 16, /* what updates the device: its root file system, boot loader and kernel */
	SCOPE_DEVICE = 32, /* boot loader, kernel and root file system */
};

/* Kinds of devices, by the names that the table `device` gives them. "any" stands for all. */
struct kind_list {
	const struct span *all; /* NULL: only "linux-device" */
	size_t count;
};

/* Reads `needs`, a list of names (none: 0). MALFORMED where one is unknown: *line is its line. */
enum outcome scope_read(const struct yaml *node, unsigned *needs, uint32_t *line) MUST_CHECK;
/* Reads `kinds`, a list of names. */
enum outcome kinds_read(const struct yaml *node, struct arena *arena, struct kind_list *out) MUST_CHECK;
bool kinds_include(const struct kind_list *kinds, struct span kind);

/* What was read of this product. */
struct scopes {
	unsigned complete; /* bits */
	struct span why[6]; /* for each bit that is not set: what is missing */
	struct span kind;  /* "linux-device" */
	struct span words; /* "a kernel": what it is, for a person */
	struct span unread; /* what was not read; empty where all was */
};

/* Reads the tables that guard_prepare() made. */
enum outcome scopes_load(sqlite3 *database, struct arena *arena, struct scopes *out) MUST_CHECK;
/* Why a rule with these needs may show nothing here; data is NULL where it may. */
struct span scopes_why_not(const struct scopes *scopes, unsigned needs);
/* True where the file of that path was read whole; what is no file of the image (product.yaml) was. */
bool scope_file_is_whole(sqlite3 *database, struct span path);

#endif
