#include "codec/pump.h"

/* One step decodes at most so much: between steps the meter looks at the clock. */
enum { ROOM_MINIMUM = 64 * 1024, STEP_ROOM = 1024 * 1024 };

static size_t smaller(size_t a, size_t b)
{
	return a < b ? a : b;
}

/* Room for the next step; none where the maximum or the ceiling is reached. */
static enum outcome make_room(struct buffer *out, size_t allowed, struct pump_window *window)
{
	allowed = smaller(allowed, out->ceiling - out->size);
	window->room_size = 0;
	if (allowed == 0)
		return DONE;
	TRY(buffer_reserve(out, smaller(allowed, ROOM_MINIMUM)));
	window->room = buffer_end(out);
	window->room_size = smaller(smaller(allowed, STEP_ROOM), out->capacity - out->size);
	return DONE;
}

static enum outcome broken(const struct buffer *out, size_t start, enum pump_state state)
{
	if (state == PUMP_NO_MEMORY)
		return NO_MEMORY;
	if (out->size > start)
		return PARTIAL;
	return state == PUMP_UNSUPPORTED ? UNSUPPORTED : MALFORMED;
}

enum outcome pump_run(pump_step *step, void *handle, struct span bytes, size_t maximum, size_t *consumed,
		      struct buffer *out)
{
	size_t start = out->size, taken = 0;
	for (;;) {
		/* A full buffer gets one spare byte: a stream that ends right there can still say so. */
		uint8_t spare, *room;
		struct pump_window window = { .in = span_from(bytes, taken) };
		*consumed = taken;
		TRY(make_room(out, maximum - (out->size - start), &window));
		bool full = window.room_size == 0;
		if (full) {
			window.room = &spare;
			window.room_size = 1;
		}
		enum pump_state state = step(handle, &window);
		taken += window.took;
		TRY(codec_spend(window.took, window.gave));
		*consumed = taken;
		if (full && window.gave > 0)
			return OVER_BUDGET;
		TRY(buffer_extend(out, window.gave, &room));
		if (state == PUMP_END)
			return DONE;
		if (state != PUMP_MORE || (window.took == 0 && window.gave == 0))
			return broken(out, start, state);
	}
}

enum outcome pump_members(codec_stream_decode *one, struct span magic, struct span bytes, size_t maximum,
			  size_t *consumed, struct buffer *out)
{
	size_t start = out->size;
	enum outcome outcome = one(bytes, maximum, consumed, out);
	while (outcome == DONE && span_has_at(bytes, *consumed, magic)) {
		size_t more;
		enum outcome next = one(span_from(bytes, *consumed), maximum - (out->size - start), &more, out);
		if (next == MALFORMED || next == UNSUPPORTED)
			break;
		*consumed += more;
		outcome = next;
	}
	return outcome;
}
