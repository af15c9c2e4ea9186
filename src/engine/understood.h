/*
 * How much of some bytes is understood by itself, where no container was found in them. The rules stand in one place,
 * and docs/coverage.md tells them:
 *
 * - what is known and says how far it reaches (ELF, PNG, a font) is understood up to there;
 * - text is understood as far as it is text, and is no record of other bytes (Intel HEX, base64);
 * - machine code of a kernel or boot loader is, but for long stretches that are as evenly spread as encrypted ones;
 * - a run of one byte is padding;
 * - all else is opaque, unless it is too little to say anything about it, or to hold anything.
 */
#ifndef ASSAY_ENGINE_UNDERSTOOD_H
#define ASSAY_ENGINE_UNDERSTOOD_H

#include "engine/gaps.h"
#include "inspect/kind.h"

enum nature { NATURE_KNOWN, NATURE_PADDING, NATURE_OPAQUE };

/* A stretch of bytes of one nature. */
struct stretch {
	uint64_t offset, size;
	enum nature nature;
	bool dense;        /* opaque, and as evenly spread as encrypted or well compressed bytes */
	const char *label; /* "text", "ELF program", "unknown format" */
	const char *range; /* as range.kind: "data", "boot", "kernel", "padding", "opaque" */
};

enum understood_rule { RULE_UNKNOWN, RULE_TEXT, RULE_CODE, RULE_PACKED };

/* Bytes that were looked at as a whole, to be walked stretch by stretch. */
struct understood {
	struct span bytes;
	uint64_t known;      /* bytes from the first that are of the known format, or code */
	const char *label, *range;
	enum understood_rule rule;
	uint64_t least;      /* fewer unknown bytes than this say nothing */
	uint64_t encoded;    /* bytes of a text that are records of other bytes */
	const struct claim *held; /* containers among them: passed over, since they answer for themselves; may be NULL */
	uint64_t base;       /* what to take off the offsets of held */
};

/* Fewer unknown bytes of a file than this can hold neither a program nor a file system. */
enum { UNDERSTOOD_FILE_LEAST = 512, UNDERSTOOD_RAW_LEAST = 32 };

void understood_begin(struct understood *content, struct span name, struct span bytes, enum content_kind kind,
		      uint64_t least);
/* The next stretch at or after *at, which moves past it; false at the end. From the first to the last, once. */
bool understood_next(struct understood *content, uint64_t *at, struct stretch *out);

/* The sums of all stretches. */
struct understood_sums {
	uint64_t opaque, padding;
	uint64_t dense;   /* of the opaque ones */
	uint64_t encoded; /* of the opaque ones, those that a text writes down */
};
void understood_sum(struct understood_sums *sums, const struct stretch *stretch);
void understood_add(const struct understood *content, struct understood_sums *sums);

/* True where raw bytes carry the name of a boot loader as its own code does. */
bool understood_is_boot_loader(struct span bytes);
/* True where bytes, at least 64, are as evenly spread as random ones of their number. */
bool understood_is_dense(struct span bytes);

#endif
