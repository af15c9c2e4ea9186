/*
 * LZO1X, decoder only, written from the description of its byte sequences in Linux
 * Documentation/staging/lzo.rst.
 *
 * Every instruction names a match and how many literals (0 to 3) follow it; what the
 * lowest instructions mean depends on how many literals came before them.
 */
#include "codec/codec.h"

enum {
	LITERALS_LONG = 4, /* the state after a run of four and more literals */
	DISTANCE_AFTER_LONG = 2049,
	DISTANCE_FAR = 16384,
};

struct lzo {
	struct span in;
	size_t at;
	uint8_t *out;
	size_t gave, room;
	bool broken, ended;
};

static inline size_t next(struct lzo *lzo)
{
	if (lzo->at >= lzo->in.size)
		lzo->broken = true;
	return span_byte(lzo->in, lzo->at++);
}

static inline size_t next_u16le(struct lzo *lzo)
{
	size_t low = next(lzo);
	return low | next(lzo) << 8;
}

/* A length that does not fit the instruction: 255 for every zero byte, and the byte after them. */
static size_t long_length(struct lzo *lzo, size_t base)
{
	size_t byte;
	while ((byte = next(lzo)) == 0 && !lzo->broken)
		base += 255;
	return base + byte;
}

static inline void copy_literals(struct lzo *lzo, size_t count)
{
	struct span literals = span_slice(lzo->in, lzo->at, count);
	if (literals.size < count || count > lzo->room - lzo->gave) {
		lzo->broken = true;
		return;
	}
	if (count > 0)
		memcpy(lzo->out + lzo->gave, literals.data, count);
	lzo->at += count;
	lzo->gave += count;
}

static inline void copy_match(struct lzo *lzo, size_t distance, size_t length)
{
	if (lzo->broken || distance > lzo->gave || length > lzo->room - lzo->gave) {
		lzo->broken = true;
		return;
	}
	uint8_t *to = lzo->out + lzo->gave;
	const uint8_t *from = to - distance;
	lzo->gave += length;
	if (distance >= length) {
		memcpy(to, from, length);
		return;
	}
	for (size_t i = 0; i < length; i++)
		to[i] = from[i];
}

/* Instructions 0 to 15 where literals came before: a short match. */
static size_t short_match(struct lzo *lzo, size_t code, size_t state)
{
	size_t distance = (code >> 2 & 3) + (next(lzo) << 2);
	if (state == LITERALS_LONG)
		copy_match(lzo, distance + DISTANCE_AFTER_LONG, 3);
	else
		copy_match(lzo, distance + 1, 2);
	return code & 3;
}

/* Instructions 16 to 31: a match 16 to 48 KiB back, or the end. */
static size_t far_match(struct lzo *lzo, size_t code)
{
	size_t length = (code & 7 ? code & 7 : long_length(lzo, 7)) + 2;
	size_t word = next_u16le(lzo);
	size_t distance = DISTANCE_FAR + ((code & 8) << 11) + (word >> 2);
	if (distance == DISTANCE_FAR)
		lzo->ended = true;
	else
		copy_match(lzo, distance, length);
	return word & 3;
}

/* One instruction with the literals that follow it; gives the state for the next. */
static size_t instruction(struct lzo *lzo, size_t state)
{
	size_t code = next(lzo), literals, length, word;
	if (code >= 64) {
		length = code >= 128 ? 5 + (code >> 5 & 3) : 3 + (code >> 5 & 1);
		copy_match(lzo, (next(lzo) << 3) + (code >> 2 & 7) + 1, length);
		literals = code & 3;
	} else if (code >= 32) {
		length = (code & 31 ? code & 31 : long_length(lzo, 31)) + 2;
		word = next_u16le(lzo);
		copy_match(lzo, (word >> 2) + 1, length);
		literals = word & 3;
	} else if (code >= 16) {
		literals = far_match(lzo, code);
	} else if (state == 0) {
		copy_literals(lzo, (code ? code : long_length(lzo, 15)) + 3);
		return LITERALS_LONG;
	} else {
		literals = short_match(lzo, code, state);
	}
	if (!lzo->ended && !lzo->broken)
		copy_literals(lzo, literals);
	return literals;
}

enum outcome codec_lzo(struct codec_scratch *scratch, struct span block, size_t maximum, struct buffer *out)
{
	size_t state = 0;
	uint8_t *room;
	(void)scratch;
	TRY(buffer_reserve(out, maximum));
	TRY(codec_spend(block.size, maximum));
	struct lzo lzo = { .in = block, .out = buffer_end(out), .room = maximum };
	/* The first byte above 17 is a run of literals; below, an instruction. */
	if (span_byte(block, 0) > 17) {
		size_t count = next(&lzo) - 17;
		copy_literals(&lzo, count);
		state = count < LITERALS_LONG ? count : LITERALS_LONG;
	}
	while (!lzo.ended && !lzo.broken)
		state = instruction(&lzo, state);
	if (lzo.broken)
		return MALFORMED;
	return buffer_extend(out, lzo.gave, &room);
}
