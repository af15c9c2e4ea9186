#define _POSIX_C_SOURCE 200809L
#include "register/objects.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zstd.h>

#include "base/digest.h"
#include "base/file.h"

enum { LEVEL = 3, PATH_SIZE = 96 };
static const size_t PACKED_CEILING = (size_t)1 << 30;

void objects_digest(struct span bytes, char name[static OBJECT_NAME_ROOM])
{
	uint8_t digest[SHA256_SIZE];
	digest_sha256(bytes, digest);
	digest_write_hex(span_of(digest, sizeof digest), name);
}

static bool put(int folder, const char *name, struct span bytes)
{
	char inner[3] = { name[0], name[1], '\0' }, file[PATH_SIZE], temporary[PATH_SIZE];
	if (mkdirat(folder, inner, 0777) != 0 && errno != EEXIST)
		return false;
	(void)snprintf(file, sizeof file, "%s/%s.zst", inner, name);
	/* Two writers of one object write the same bytes; each under a name of its own. */
	(void)snprintf(temporary, sizeof temporary, "%s/.%ld", inner, (long)getpid());
	return faccessat(folder, file, F_OK, 0) == 0 || file_replace_at(folder, temporary, file, bytes);
}

bool objects_put(int folder, struct span bytes, char name[static OBJECT_NAME_ROOM])
{
	struct buffer packed;
	uint8_t *room;
	objects_digest(bytes, name);
	buffer_init(&packed, PACKED_CEILING, NULL);
	errno = ENOMEM;
	bool done = buffer_extend(&packed, ZSTD_compressBound(bytes.size), &room) == DONE;
	size_t size = done ? ZSTD_compress(room, packed.size, bytes.data, bytes.size, LEVEL) : 0;
	done = done && !ZSTD_isError(size) && put(folder, name, span_of(packed.data, size));
	buffer_done(&packed);
	return done;
}

static enum outcome unpack(struct span packed, struct span name, struct buffer *out)
{
	char hex[OBJECT_NAME_ROOM];
	uint8_t *room;
	unsigned long long size = ZSTD_getFrameContentSize(packed.data, packed.size);
	if (size == ZSTD_CONTENTSIZE_ERROR || size == ZSTD_CONTENTSIZE_UNKNOWN)
		return MALFORMED;
	TRY(buffer_extend(out, (size_t)size, &room));
	if (ZSTD_decompress(room, (size_t)size, packed.data, packed.size) != size)
		return MALFORMED;
	objects_digest(buffer_span(out), hex);
	return span_equal_text(name, hex) ? DONE : MALFORMED;
}

enum outcome objects_get(int folder, struct span name, struct buffer *out)
{
	char file[PATH_SIZE];
	struct file_view view;
	if (name.size != OBJECT_NAME_ROOM - 1)
		return NOT_THIS;
	(void)snprintf(file, sizeof file, "%.2s/%.*s.zst", (const char *)name.data, SPAN_FORMAT(name));
	if (!file_view_open_at(folder, file, PACKED_CEILING, &view))
		return NOT_THIS;
	enum outcome outcome = unpack(view.bytes, name, out);
	file_view_close(&view);
	return outcome;
}
