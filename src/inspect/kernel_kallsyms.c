#include "inspect/kernel_kallsyms.h"

#include "base/cursor.h"
#include "base/effort.h"

enum { FIRST_DIGIT = '0', TOKEN_MAX = 512, INDEX_ENTRY = 2, INDEX_GAP_MAX = 256 };
/* Between the tokens and the names stand markers, and in some versions sequence numbers. */
enum { NAMES_REACH = 32 << 20, MARKED = 256, SYMBOLS_MIN = 64, SYMBOLS_MAX = 4 << 20, SYMBOL_MOST = 256 };
enum { PADDING_MAX = 272, NAME_MAX_BYTES = 1024, MARKERS_MAX = SYMBOLS_MAX / MARKED };

struct span kallsyms_digits(void)
{
	return SPAN_LITERAL("0\0001\0002\0003\0004\0005\0006\0007\0008\0009\0");
}

/* Ends of the tokens from the first digit on, counted from it. */
static bool read_tail(struct span bytes, uint64_t digits, uint32_t *ends)
{
	uint64_t at = digits;
	for (size_t i = FIRST_DIGIT; i < KALLSYMS_TOKENS; i++) {
		struct span token = span_slice(bytes, at, TOKEN_MAX);
		size_t length = span_find_byte(token, 0, 0);
		if (length == SPAN_NOT_FOUND)
			return false;
		at += length + 1;
		ends[i] = (uint32_t)(at - digits);
	}
	return true;
}

/* True where the numbers at the offset are the starts of those tokens; *head is how much stands before the digits. */
static bool is_index(struct span bytes, uint64_t at, bool big_endian, const uint32_t *ends, uint32_t *head)
{
	struct cursor c = cursor_over_order(span_slice(bytes, at, KALLSYMS_TOKENS * INDEX_ENTRY), big_endian);
	uint32_t before = 0;
	for (size_t i = 0; i < KALLSYMS_TOKENS; i++) {
		uint32_t start = cursor_u16(&c);
		if (i == 0 ? start != 0 : start <= before)
			return false;
		if (i == FIRST_DIGIT)
			*head = start;
		if (i > FIRST_DIGIT && start != *head + ends[i - 1])
			return false;
		before = start;
	}
	return cursor_ok(&c);
}

static bool find_index(struct span bytes, uint64_t digits, const uint32_t *ends, struct kallsyms_tokens *out,
		       uint32_t *head)
{
	uint64_t end = digits + ends[KALLSYMS_TOKENS - 1];
	for (uint64_t gap = 0; gap < INDEX_GAP_MAX; gap++) {
		if (gap > 0 && span_byte(bytes, end + gap - 1) != 0)
			return false;
		for (int order = 0; order < 2; order++)
			if (is_index(bytes, end + gap, order == 1, ends, head)) {
				out->big_endian = order == 1;
				out->end = end + gap + (uint64_t)KALLSYMS_TOKENS * INDEX_ENTRY;
				return true;
			}
	}
	return false;
}

bool kallsyms_tokens_read(struct span bytes, uint64_t digits, struct kallsyms_tokens *out)
{
	uint32_t ends[KALLSYMS_TOKENS] = { 0 }, head = 0;
	if (!effort_spend(TOKEN_MAX * 2) || !read_tail(bytes, digits, ends) ||
	    !find_index(bytes, digits, ends, out, &head) || head > digits)
		return false;
	out->offset = digits - head;
	uint64_t at = out->offset;
	for (size_t i = 0; i < KALLSYMS_TOKENS; i++) {
		out->token[i] = span_until_nul(span_slice(bytes, at, TOKEN_MAX));
		at += out->token[i].size + 1;
		if (!name_is_graphic(out->token[i]))
			return false;
		if (i + 1 == FIRST_DIGIT && at != digits)
			return false;
	}
	return true;
}

/* A walk over the names. */
struct walk {
	struct span bytes;
	const struct kallsyms_tokens *tokens;
	uint64_t at;
	bool wide_lengths; /* a length of 128 and more has a second byte */
	struct span codes; /* of the name that was taken last */
};

/* False at the end of the bytes, and for a name that is none. */
static bool walk_next(struct walk *walk)
{
	uint64_t length = span_byte(walk->bytes, walk->at++);
	if (walk->wide_lengths && (length & 0x80) != 0)
		length = (length & 0x7f) | (uint64_t)span_byte(walk->bytes, walk->at++) << 7;
	if (length == 0 || length > NAME_MAX_BYTES || !span_covers(walk->bytes, walk->at, length) ||
	    !effort_spend(length))
		return false;
	walk->codes = span_slice(walk->bytes, walk->at, length);
	walk->at += length;
	return true;
}

/* The letters of nm: the first of every name. */
static bool is_type(uint8_t letter)
{
	return letter != 0 && memchr("AaBbCcDdGgIiNnPpRrSsTtUuVvWw?-", letter, 30) != NULL;
}

static uint8_t type_of(const struct walk *walk)
{
	return span_byte(walk->tokens->token[span_byte(walk->codes, 0)], 0);
}

/* Bytes of the name, its type included; 0 where it is none. */
static size_t name_size(const struct walk *walk)
{
	size_t size = 0;
	if (!is_type(type_of(walk)))
		return 0;
	for (size_t i = 0; i < walk->codes.size; i++)
		size += walk->tokens->token[span_byte(walk->codes, i)].size;
	return size >= 2 && size <= NAME_MAX_BYTES ? size : 0;
}

struct measure {
	uint64_t count;
	uint64_t function_bytes;
	size_t functions;
	bool wide_lengths;
};

/* What scripts/kallsyms.c writes after the names: where each 256th begins, in 4 bytes or in a word of 8. */
static bool are_markers(const struct walk *walk, uint64_t at, int width, const uint32_t *markers, size_t count)
{
	struct cursor c = cursor_over_order(span_slice(walk->bytes, at, (uint64_t)count * (unsigned)width),
					    walk->tokens->big_endian);
	for (size_t i = 0; i < count; i++)
		if ((width == 4 ? cursor_u32(&c) : cursor_u64(&c)) != markers[i])
			return false;
	return cursor_ok(&c);
}

/* What an assembler makes of .align 4 and .align 8: on some machines bytes, on others powers of two. */
static bool end_is_marked(const struct walk *walk, const uint32_t *markers, size_t count)
{
	static const uint16_t alignments[] = { 4, 8, 16, 256 };
	for (size_t i = 0; i < sizeof alignments / sizeof *alignments; i++) {
		/* Aligned as the tokens are: the bytes may begin anywhere in the kernel. */
		uint64_t odd = (walk->tokens->offset - walk->at) % alignments[i];
		for (int width = 4; width <= 8; width += 4)
			if (are_markers(walk, walk->at + odd, width, markers, count))
				return true;
	}
	return false;
}

static bool is_function(uint8_t type)
{
	return type == 'T' || type == 't' || type == 'W' || type == 'w';
}

/* True where so many names stand at the offset, and markers behind them. */
static bool verify(struct walk *walk, uint64_t count, uint32_t *markers, struct measure *out)
{
	uint64_t start = walk->at;
	size_t marked = 0;
	*out = (struct measure){ .count = count, .wide_lengths = walk->wide_lengths };
	for (uint64_t i = 0; i < count; i++) {
		if (i % MARKED == 0)
			markers[marked++] = (uint32_t)(walk->at - start);
		size_t size;
		if (!walk_next(walk) || walk->at > walk->tokens->offset || (size = name_size(walk)) == 0)
			return false;
		if (is_function(type_of(walk))) {
			out->functions++;
			out->function_bytes += size;
		}
	}
	return out->functions > 0 && end_is_marked(walk, markers, marked);
}

static uint32_t word_at(const struct kallsyms_tokens *tokens, struct span bytes, uint64_t at)
{
	struct cursor c = cursor_over_order(span_slice(bytes, at, 4), tokens->big_endian);
	return cursor_u32(&c);
}

/* Where names begin of which that word is the number: behind zeros. False where it cannot be one. */
static bool is_count(const struct kallsyms_tokens *tokens, struct span bytes, uint64_t at, uint64_t *start)
{
	uint64_t count = word_at(tokens, bytes, at), reach = tokens->offset - at;
	if (count < SYMBOLS_MIN || count > SYMBOLS_MAX || count * 2 > reach || reach > count * SYMBOL_MOST)
		return false;
	for (*start = at + 4; *start < at + PADDING_MAX; *start += 4)
		if (word_at(tokens, bytes, *start) != 0)
			return true;
	return false;
}

static bool begins(const struct walk *walk)
{
	struct walk first = *walk;
	return walk_next(&first) && name_size(&first) > 0;
}

static bool names_at(struct span bytes, const struct kallsyms_tokens *tokens, uint64_t at, uint64_t count,
		     uint32_t *markers, struct measure *out)
{
	for (int wide = 1; wide >= 0; wide--) {
		struct walk walk = { .bytes = bytes, .tokens = tokens, .at = at, .wide_lengths = wide == 1 };
		if (begins(&walk) && verify(&walk, count, markers, out))
			return true;
	}
	return false;
}

static bool find_names(struct span bytes, const struct kallsyms_tokens *tokens, uint32_t *markers, struct kallsyms *out,
		       struct measure *measure)
{
	uint64_t most = tokens->offset < NAMES_REACH ? tokens->offset : NAMES_REACH;
	for (uint64_t back = 4; back <= most; back += 4) {
		uint64_t at = tokens->offset - back, start;
		if (back % 4096 == 0 && !effort_spend(4096))
			return false;
		if (is_count(tokens, bytes, at, &start) &&
		    names_at(bytes, tokens, start, word_at(tokens, bytes, at), markers, measure)) {
			out->offset = start;
			out->count = measure->count;
			return true;
		}
	}
	return false;
}

static struct span take_name(const struct walk *walk, uint8_t *to)
{
	size_t size = 0;
	for (size_t i = 0; i < walk->codes.size; i++) {
		struct span token = walk->tokens->token[span_byte(walk->codes, i)];
		memcpy(to + size, token.data, token.size);
		size += token.size;
	}
	return span_of(to + 1, size - 1); /* without its type */
}

/* Room before functions that a compiler or objtool gives a name of its own (CONFIG_CALL_PADDING, CONFIG_CFI_CLANG). */
static bool is_padding(struct span name)
{
	return span_starts_text(name, "__pfx_") || span_starts_text(name, "__cfi_");
}

bool kallsyms_read(struct span bytes, const struct kallsyms_tokens *tokens, struct arena *arena, struct kallsyms *out)
{
	struct measure measure = { 0 };
	uint32_t *markers = ARENA_NEW(arena, uint32_t, MARKERS_MAX);
	*out = (struct kallsyms){ .functions = { .arena = arena } };
	if (!markers || !find_names(bytes, tokens, markers, out, &measure))
		return false;
	uint8_t *text = arena_allocate(arena, 1, measure.function_bytes);
	struct walk walk = { .bytes = bytes, .tokens = tokens, .at = out->offset, .wide_lengths = measure.wide_lengths };
	for (uint64_t i = 0; text && i < measure.count && walk_next(&walk); i++) {
		if (!is_function(type_of(&walk)))
			continue;
		struct span name = take_name(&walk, text);
		text += name.size + 1;
		if (is_padding(name))
			continue;
		name_list_add(&out->functions, name);
	}
	return text && name_list_sort(&out->functions);
}
