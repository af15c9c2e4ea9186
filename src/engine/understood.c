#include "engine/understood.h"

#include "base/cursor.h"
#include "base/digest.h"
#include "base/effort.h"
#include "inspect/encoded.h"
#include "inspect/kernel_image.h"
#include "inspect/known.h"
#include "unpack/field.h"

enum {
	WINDOW = 4096,
	DENSE_LEAST = 64,       /* fewer bytes have too few values to tell */
	SPLIT_LEAST = 4 * WINDOW, /* a shorter stretch of unknown bytes goes with those before it */
	CODE_DENSE = 16 * WINDOW, /* tables of a cipher and small pictures are shorter than this */
	UNPACKER_MOST = 64 * WINDOW, /* no code that unpacks a kernel is longer */
};

/* Entropy, in bits per byte, that random bytes of a number are not below: less than one in a million is. */
static double dense_least(size_t size)
{
	static const struct { size_t size; double entropy; } steps[] = {
		{ 4096, 7.6 }, { 2048, 7.6 }, { 1024, 7.55 }, { 512, 7.35 }, { 256, 6.9 }, { 128, 6.3 }, { 64, 5.45 },
	};
	for (size_t i = 0; i < sizeof steps / sizeof *steps; i++)
		if (size >= steps[i].size)
			return steps[i].entropy;
	return 9;
}

bool understood_is_dense(struct span bytes)
{
	return digest_entropy(bytes) >= dense_least(bytes.size);
}

static bool is_filling(struct span bytes)
{
	return bytes.size > 0 && field_is_padding(bytes);
}

/* Few control characters: random bytes have one in nine. */
static bool is_mostly_text(struct span bytes)
{
	size_t controls = 0;
	for (size_t i = 0; i < bytes.size && effort_at(i); i++) {
		uint8_t c = span_byte(bytes, i);
		controls += (c < ' ' && !(c >= '\b' && c <= '\r') && c != 0x1b && c != 0x1a) || c == 0x7f;
	}
	return controls <= bytes.size / 64;
}

/* Texts one after the other, each ended by a NUL: the variables of a boot loader, the options of a kernel. */
static bool are_texts(struct span bytes)
{
	size_t ends = 0;
	for (size_t i = 0; i < bytes.size && effort_at(i); i++) {
		uint8_t c = span_byte(bytes, i);
		if (c >= 0x7f || (c < ' ' && c != 0 && c != '\t' && c != '\n' && c != '\r'))
			return false;
		ends += c == 0;
	}
	return bytes.size > 0 && span_byte(bytes, 0) != 0 && ends <= bytes.size / 4;
}

/* Names that a boot loader's own bytes carry. */
bool understood_is_boot_loader(struct span bytes)
{
	enum { BOOT_LOADER_MOST = 32 * 1024 * 1024 }; /* real ones have a few MiB */
	static const char *const names[] = { "U-Boot ", "CFE version", "RedBoot(tm)", "barebox ", "BL31: ", "BL2: v" };
	if (bytes.size > BOOT_LOADER_MOST)
		return false;
	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		if (span_find_text(bytes, names[i], 0) != SPAN_NOT_FOUND)
			return true;
	return false;
}

/* The code before a compressed kernel that unpacks it: arch/arm/boot/compressed/misc.c of Linux and its kin. */
static bool unpacks_a_kernel(struct span bytes)
{
	return bytes.size <= UNPACKER_MOST && span_find_text(bytes, " -- System halted", 0) != SPAN_NOT_FOUND &&
	       (span_find_text(bytes, "Uncompressing Linux", 0) != SPAN_NOT_FOUND ||
		span_find_text(bytes, "Decompressing Linux", 0) != SPAN_NOT_FOUND);
}

/* A program most of whose bytes are dense is packed or encrypted: what runs is not what was read. */
static bool is_packed(struct span program)
{
	enum { SAMPLES = 16 };
	unsigned dense = 0;
	if (program.size < SAMPLES * WINDOW)
		return program.size >= WINDOW && understood_is_dense(program);
	for (uint64_t i = 0; i < SAMPLES; i++)
		dense += understood_is_dense(span_slice(program, program.size / SAMPLES * i, WINDOW));
	return dense > SAMPLES / 2;
}

static void judge_code(struct understood *content, const char *label, const char *range)
{
	content->rule = RULE_CODE;
	content->label = label;
	content->range = range;
	content->known = content->bytes.size;
}

/* A text that is mostly other bytes written down is as little understood as they are. */
static void judge_text(struct understood *content, enum content_kind kind)
{
	content->encoded = encoded_bytes(content->bytes);
	content->rule = RULE_TEXT;
	content->label = kind_name(kind);
	content->range = "data";
	content->known = content->encoded > content->bytes.size / 2 ? 0 : content->bytes.size;
}

/* What signs a kernel module: a signature, its description and a mark (the kernel's scripts/sign-file.c). */
static bool is_module_signature(struct span tail)
{
	struct span mark = SPAN_LITERAL("~Module signature appended~\n");
	enum { DESCRIPTION = 12, SIZE_AT = 8 };
	if (!span_ends(tail, mark) || tail.size < mark.size + DESCRIPTION)
		return false;
	struct cursor c = cursor_over_order(span_from(tail, tail.size - mark.size - DESCRIPTION + SIZE_AT), true);
	return cursor_u32(&c) + (uint64_t)DESCRIPTION + mark.size == tail.size;
}

void understood_begin(struct understood *content, struct span name, struct span bytes, enum content_kind kind,
		      uint64_t least)
{
	struct known known;
	*content = (struct understood){ .bytes = bytes, .least = least, .rule = RULE_UNKNOWN };
	if (kind_is_text(kind)) {
		judge_text(content, kind);
	} else if ((kind == KIND_DATA || kind == KIND_PART) && are_texts(bytes)) {
		judge_code(content, "texts", "data");
	} else if (known_content(name, bytes, &known)) {
		if (kind == KIND_KERNEL_MODULE && is_module_signature(span_from(bytes, known.end)))
			known.end = bytes.size;
		content->rule = known.program && is_packed(span_slice(bytes, 0, known.end)) ? RULE_PACKED : RULE_CODE;
		content->known = known.end;
		content->label = known.name;
		content->range = "data";
	} else if ((kind == KIND_DATA || kind == KIND_PART) && kernel_image_find(bytes, kernel_claim_of(name), NULL)) {
		judge_code(content, "Linux kernel", "kernel");
	} else if (kind == KIND_PART && understood_is_boot_loader(bytes)) {
		judge_code(content, "boot loader", "boot");
	} else if (kind == KIND_PART && unpacks_a_kernel(bytes)) {
		judge_code(content, "code that unpacks the kernel", "kernel");
	}
	if (effort_over()) /* what has not been looked at to its end is not known */
		*content = (struct understood){ .bytes = bytes, .least = least, .rule = RULE_UNKNOWN };
}

static struct stretch opaque(struct span bytes, uint64_t at, uint64_t size)
{
	bool dense = understood_is_dense(span_slice(bytes, at, size));
	return (struct stretch){
		.offset = at, .size = size, .nature = NATURE_OPAQUE, .dense = dense, .range = "opaque",
		.label = dense ? "encrypted or compressed in an unknown way" : "unknown format",
	};
}

static struct stretch as_known(const struct understood *content, uint64_t at, uint64_t size)
{
	return (struct stretch){ .offset = at, .size = size, .nature = NATURE_KNOWN, .label = content->label,
				 .range = content->range };
}

static struct stretch padding(uint64_t at, uint64_t size)
{
	return (struct stretch){ .offset = at, .size = size, .nature = NATURE_PADDING, .label = "padding",
				 .range = "padding" };
}

/* Bytes of a window before a filling of zeros begins in it; all of it where none does. */
static uint64_t before_filling(struct span window)
{
	size_t at = span_find(window, SPAN_LITERAL("\0\0\0\0\0\0\0\0"), 0);
	return at == SPAN_NOT_FOUND || at == 0 ? window.size : at;
}

/* What is not looked at any more is not known. */
static struct stretch unread(uint64_t at, uint64_t size)
{
	return (struct stretch){ .offset = at, .size = size, .nature = NATURE_OPAQUE, .range = "opaque", .label = "not looked at" };
}

/* What one window is, by itself. */
static struct stretch window_at(const struct understood *content, uint64_t at, uint64_t end)
{
	uint64_t size = end - at < WINDOW + DENSE_LEAST ? end - at : WINDOW;
	if (!effort_spend(size))
		return unread(at, end - at);
	struct span window = span_slice(content->bytes, at, size);
	bool inside = at < content->known;
	if (inside && content->rule == RULE_TEXT) {
		uint64_t text = before_filling(window);
		if (is_mostly_text(span_slice(window, 0, text)))
			return as_known(content, at, text);
	}
	if (is_filling(window) && !(inside && content->rule == RULE_CODE))
		return padding(at, size);
	struct stretch stretch = opaque(content->bytes, at, size);
	if (content->rule == RULE_TEXT && content->known == 0)
		stretch.label = "other bytes, written down as text";
	if (inside && !stretch.dense && (content->rule == RULE_CODE || content->rule == RULE_PACKED))
		return as_known(content, at, size);
	return stretch;
}

static bool same(const struct stretch *a, const struct stretch *b)
{
	return a->nature == b->nature && a->dense == b->dense;
}

/* Further windows of the same nature, as far as most bytes. */
static void extend(const struct understood *content, struct stretch *stretch, uint64_t end, uint64_t most)
{
	while (stretch->offset + stretch->size < end && stretch->size < most) {
		struct stretch next = window_at(content, stretch->offset + stretch->size, end);
		if (!same(stretch, &next))
			return;
		stretch->size += next.size;
	}
}

/* A stretch of unknown bytes takes in short ones of the other density: compressed data has its headers, code its tables. */
static void absorb(const struct understood *content, struct stretch *stretch, uint64_t end)
{
	while (stretch->offset + stretch->size < end) {
		struct stretch next = window_at(content, stretch->offset + stretch->size, end);
		if (next.nature != NATURE_OPAQUE)
			return;
		extend(content, &next, end, SPLIT_LEAST);
		if (!same(stretch, &next) && next.size >= SPLIT_LEAST)
			return;
		stretch->size += next.size;
	}
}

/* Within code a dense stretch is opaque where it is long; shorter ones are tables, and pictures. */
static void walk_code(const struct understood *content, struct stretch *stretch, uint64_t end)
{
	extend(content, stretch, end, UINT64_MAX);
	while (stretch->offset + stretch->size < end) {
		struct stretch next = window_at(content, stretch->offset + stretch->size, end);
		extend(content, &next, end, CODE_DENSE);
		if (next.nature == NATURE_OPAQUE && next.size >= CODE_DENSE)
			return;
		stretch->size += next.size;
		extend(content, stretch, end, UINT64_MAX);
	}
}

static void walk_known(const struct understood *content, uint64_t at, uint64_t end, struct stretch *out)
{
	bool code = content->rule == RULE_CODE && !(content->range && strcmp(content->range, "data") == 0);
	if (content->rule == RULE_CODE && !code) { /* its structure says what it is */
		*out = as_known(content, at, end - at);
		return;
	}
	*out = window_at(content, at, end);
	if (!code) {
		extend(content, out, end, UINT64_MAX);
		return;
	}
	struct stretch long_one = *out;
	extend(content, &long_one, end, CODE_DENSE);
	if (out->nature == NATURE_OPAQUE && long_one.size < CODE_DENSE)
		*out = as_known(content, at, long_one.size);
	if (out->nature == NATURE_KNOWN)
		walk_code(content, out, end);
	else
		extend(content, out, end, UINT64_MAX);
}

/* Unknown bytes that are too few: what they are cannot be told, unless they are evidently random. */
static bool is_too_little(const struct understood *content, const struct stretch *stretch, uint64_t unknown)
{
	return unknown < content->least && !(unknown >= DENSE_LEAST && stretch->dense);
}

/* Passes over what is held at *at; the end of the bytes that follow up to the next that is. */
static uint64_t next_end(struct understood *content, uint64_t *at)
{
	uint64_t end = content->bytes.size;
	for (; content->held; content->held = content->held->next) {
		const struct claim *claim = content->held;
		if (claim->offset + claim->size <= content->base + *at)
			continue;
		uint64_t offset = claim->offset > content->base ? claim->offset - content->base : 0;
		if (offset > *at)
			return offset < end ? offset : end;
		*at = claim->offset + claim->size - content->base;
	}
	return end;
}

bool understood_next(struct understood *content, uint64_t *at, struct stretch *out)
{
	uint64_t end = next_end(content, at);
	if (*at >= end)
		return false;
	if (*at < content->known) {
		walk_known(content, *at, end < content->known ? end : content->known, out);
	} else {
		*out = window_at(content, *at, end);
		if (out->nature == NATURE_OPAQUE)
			absorb(content, out, end);
		else
			extend(content, out, end, UINT64_MAX);
		if (out->nature == NATURE_OPAQUE && is_too_little(content, out, end - *at))
			*out = (struct stretch){ .offset = *at, .size = out->size, .nature = NATURE_KNOWN,
						 .label = "a few bytes", .range = "data" };
	}
	*at = out->offset + out->size;
	return true;
}

void understood_sum(struct understood_sums *sums, const struct stretch *stretch)
{
	sums->padding += stretch->nature == NATURE_PADDING ? stretch->size : 0;
	sums->opaque += stretch->nature == NATURE_OPAQUE ? stretch->size : 0;
	sums->dense += stretch->nature == NATURE_OPAQUE && stretch->dense ? stretch->size : 0;
}

void understood_add(const struct understood *content, struct understood_sums *sums)
{
	struct stretch stretch;
	struct understood_sums own = { 0 };
	struct understood walk = *content;
	uint64_t at = 0;
	while (understood_next(&walk, &at, &stretch))
		understood_sum(&own, &stretch);
	/* Records of other bytes within a text; one that is nothing else is opaque already. */
	if (content->known > 0 && own.opaque + content->encoded <= content->bytes.size)
		own.opaque += content->encoded;
	sums->encoded += content->encoded;
	sums->opaque += own.opaque;
	sums->padding += own.padding;
	sums->dense += own.dense;
}
