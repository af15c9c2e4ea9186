#include "base/base64.h"

#include <openssl/evp.h>

enum { BASE64_ROOM = 4 * (BASE64_BYTES_MAX / 3 + 2) };

bool base64_read(struct span text, uint8_t *out, size_t size)
{
	uint8_t bytes[BASE64_ROOM], again[BASE64_ROOM + 1];
	if (size > BASE64_BYTES_MAX || text.size != (size + 2) / 3 * 4)
		return false;
	if (EVP_DecodeBlock(bytes, text.data, (int)text.size) < (int)size)
		return false;
	/* One text for the same bytes: what stands in bits that no byte has, or blanks around it, is another. */
	if (EVP_EncodeBlock(again, bytes, (int)size) != (int)text.size || memcmp(again, text.data, text.size) != 0)
		return false;
	memcpy(out, bytes, size);
	return true;
}

enum outcome base64_append(struct buffer *out, struct span bytes)
{
	uint8_t text[BASE64_ROOM + 1];
	if (bytes.size > BASE64_BYTES_MAX)
		return OVER_BUDGET;
	int size = EVP_EncodeBlock(text, bytes.data, (int)bytes.size);
	return buffer_append(out, span_of(text, (size_t)size));
}
