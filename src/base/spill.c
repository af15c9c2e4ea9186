#define _POSIX_C_SOURCE 200809L
#include "base/spill.h"

#include <unistd.h>

void spill_init(struct spill *spill, size_t memory)
{
	*spill = (struct spill){ 0 };
	buffer_init(&spill->memory, memory, NULL);
	buffer_init(&spill->piece, SIZE_MAX, NULL);
}

void spill_done(struct spill *spill)
{
	buffer_done(&spill->memory);
	buffer_done(&spill->piece);
	if (spill->file)
		(void)fclose(spill->file);
	spill->file = NULL;
}

void spill_clear(struct spill *spill)
{
	buffer_clear(&spill->memory);
	if (spill->file)
		(void)fclose(spill->file);
	spill->file = NULL;
	spill->size = 0;
}

enum outcome spill_append(struct spill *spill, struct span bytes, uint64_t *at)
{
	*at = spill->size;
	bool fits = !spill->file && bytes.size <= spill->memory.ceiling - spill->memory.size;
	if (fits)
		TRY(buffer_append(&spill->memory, bytes));
	if (!fits && !spill->file)
		spill->file = tmpfile();
	if (!fits && (!spill->file || fwrite(bytes.data, 1, bytes.size, spill->file) != bytes.size))
		return NO_MEMORY;
	spill->flushed = false;
	spill->size += bytes.size;
	return DONE;
}

static enum outcome read_file(struct spill *spill, uint64_t at, size_t size)
{
	if (!spill->flushed && fflush(spill->file) != 0)
		return NO_MEMORY;
	spill->flushed = true;
	buffer_clear(&spill->piece);
	TRY(buffer_reserve(&spill->piece, size));
	while (spill->piece.size < size) {
		ssize_t got = pread(fileno(spill->file), buffer_end(&spill->piece), size - spill->piece.size,
				    (off_t)(at + spill->piece.size));
		if (got <= 0)
			return NO_MEMORY;
		spill->piece.size += (size_t)got;
	}
	return DONE;
}

enum outcome spill_read(struct spill *spill, uint64_t at, size_t size, struct span *out)
{
	if (at < spill->memory.size || size == 0) {
		*out = span_slice(buffer_span(&spill->memory), at, size);
		return DONE;
	}
	TRY(read_file(spill, at - spill->memory.size, size));
	*out = buffer_span(&spill->piece);
	return DONE;
}
