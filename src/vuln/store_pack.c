#include "vuln/store_pack.h"

#include <zstd.h>

enum { LEVEL = 19 };

enum outcome store_pack(struct span store, struct buffer *out)
{
	buffer_clear(out);
	TRY(buffer_reserve(out, ZSTD_compressBound(store.size)));
	size_t size = ZSTD_compress(out->data, out->capacity, store.data, store.size, LEVEL);
	if (ZSTD_isError(size))
		return NO_MEMORY;
	out->size = size;
	return DONE;
}

enum outcome store_unpack(struct span packed, struct buffer *out)
{
	unsigned long long size = ZSTD_getFrameContentSize(packed.data, packed.size);
	if (size == ZSTD_CONTENTSIZE_UNKNOWN || size == ZSTD_CONTENTSIZE_ERROR || size == 0)
		return MALFORMED;
	buffer_clear(out);
	TRY(buffer_reserve(out, size));
	if (ZSTD_decompress(out->data, size, packed.data, packed.size) != size)
		return MALFORMED;
	out->size = size;
	return DONE;
}
