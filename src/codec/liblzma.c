#include "codec/liblzma.h"

enum pump_state liblzma_step(void *handle, struct pump_window *window)
{
	lzma_stream *stream = handle;
	stream->next_in = window->in.data;
	stream->avail_in = window->in.size;
	stream->next_out = window->room;
	stream->avail_out = window->room_size;
	lzma_ret result = lzma_code(stream, LZMA_RUN);
	window->took = window->in.size - stream->avail_in;
	window->gave = window->room_size - stream->avail_out;
	switch (result) {
	case LZMA_OK:
	case LZMA_BUF_ERROR:
		return PUMP_MORE;
	case LZMA_STREAM_END:
		return PUMP_END;
	case LZMA_MEM_ERROR:
		return PUMP_NO_MEMORY;
	case LZMA_MEMLIMIT_ERROR:
	case LZMA_OPTIONS_ERROR:
		return PUMP_UNSUPPORTED;
	default:
		return PUMP_BROKEN;
	}
}
