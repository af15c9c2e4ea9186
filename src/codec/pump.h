/* Drives a library's stream decoder: gives it room, counts what it gave and took. */
#ifndef ASSAY_CODEC_PUMP_H
#define ASSAY_CODEC_PUMP_H

#include "codec/codec.h"

enum pump_state { PUMP_MORE, PUMP_END, PUMP_BROKEN, PUMP_UNSUPPORTED, PUMP_NO_MEMORY };

/* What one step may read and write, and what it did. */
struct pump_window {
	struct span in;
	uint8_t *room;
	size_t room_size;
	size_t took; /* bytes of in */
	size_t gave; /* bytes of room */
};

typedef enum pump_state pump_step(void *handle, struct pump_window *window);

/* Runs steps to the end of the stream; *consumed is set in every case. Outcomes as of codec_stream_decode. */
enum outcome pump_run(pump_step *step, void *handle, struct span bytes, size_t maximum, size_t *consumed,
		      struct buffer *out) MUST_CHECK;

/*
 * Decodes a stream, and those that follow it directly and start with the magic. What
 * follows and cannot be decoded is not of the stream.
 */
enum outcome pump_members(codec_stream_decode *one, struct span magic, struct span bytes, size_t maximum,
			  size_t *consumed, struct buffer *out) MUST_CHECK;

#endif
