/*
 * zip archives (also apk, jar, Nordic DFU packages), read through libarchive.
 * Layout: PKWARE APPNOTE.TXT 6.3, sections 4.3.7 to 4.3.16.
 */
#include "base/cursor.h"
#include "unpack/registry.h"
#include "unpack/vendor/archive.h"
#include "unpack/zip.h"

enum { END_SIZE = 22, HEADER_SIZE = 30, WIDE = 0xffff };
static const uint32_t WIDE_SIZE = 0xffffffff;

/* A local header with fields that a writer could have meant. */
static bool is_plausible(struct span bytes)
{
	struct cursor c = cursor_over(bytes);
	cursor_skip(&c, 4);
	uint16_t version = cursor_u16le(&c) & 0xff;
	cursor_skip(&c, 2);
	uint16_t method = cursor_u16le(&c);
	cursor_skip(&c, 16);
	uint16_t name_size = cursor_u16le(&c);
	cursor_skip(&c, 2);
	struct span name = cursor_take(&c, name_size);
	return cursor_ok(&c) && version <= 63 && method <= 99 && name_size > 0 &&
	       span_find_byte(name, 0, 0) == SPAN_NOT_FOUND;
}

/*
 * The end record whose directory lies right before it, counted from our first byte; 0 where there is none. *directory is
 * where that begins, or 0 where it is kept elsewhere; *record is where the end record does.
 */
static uint64_t find_end(struct span bytes, uint64_t *directory, uint64_t *record)
{
	size_t at = 0;
	while ((at = span_find_text(bytes, "PK\5\6", at)) != SPAN_NOT_FOUND) {
		struct cursor c = cursor_over(span_from(bytes, at));
		cursor_skip(&c, 10);
		uint16_t entries = cursor_u16le(&c);
		uint32_t size = cursor_u32le(&c);
		uint32_t offset = cursor_u32le(&c);
		uint16_t comment = cursor_u16le(&c);
		bool wide = entries == WIDE || size == WIDE_SIZE || offset == WIDE_SIZE;
		bool whole = cursor_ok(&c) && cursor_left(&c) >= comment;
		bool wide_locator = at >= 20 && span_has_at(bytes, at - 20, SPAN_LITERAL("PK\6\7"));
		bool own =
		    (uint64_t)offset + size == at && span_has_at(bytes, offset, SPAN_LITERAL("PK\1\2"));
		*directory = own && !wide ? offset : 0;
		*record = at;
		if (whole && (own || (wide && wide_locator)))
			return at + END_SIZE + comment;
		at++;
	}
	return 0;
}

static enum outcome measure(struct span bytes, struct arena *arena, struct extent *out)
{
	(void)arena;
	if (!is_plausible(bytes))
		return NOT_THIS;
	uint64_t directory, record, end = find_end(bytes, &directory, &record);
	out->size = end ? end : bytes.size;
	out->bits = end ? 96 : 48;
	out->detail = end ? SPAN_NONE : SPAN_LITERAL("without its directory");
	return DONE;
}

/* libarchive knows an entry by the place of its local header: of several names for one it gives a single one. */
static void say_what_is_left(struct volume *volume, uint64_t directory, uint64_t listed)
{
	uint64_t named = zip_count_records(volume->bytes, directory);
	if (named > listed)
		notes_incomplete(volume->notes, MISSING_ENTRIES, CAUSE_UNSUPPORTED, "zip.shared-header", directory, named - listed,
				 "%llu of %llu entries of the directory share the bytes of another one, and are not read",
				 (unsigned long long)(named - listed), (unsigned long long)named);
}

static enum outcome list(struct volume *volume, struct listing *out)
{
	uint64_t directory = 0, record = 0;
	enum outcome outcome = archive_list(volume, out);
	if (!outcome_usable(outcome) || find_end(volume->bytes, &directory, &record) == 0 || directory == 0)
		return outcome;
	if (outcome == DONE)
		say_what_is_left(volume, directory, out->count);
	TRY(zip_list_unused(volume->bytes, directory, record, out));
	return outcome;
}

const struct unpacker unpacker_zip = {
	.name = "zip",
	.title = "zip archive",
	.role = ROLE_ARCHIVE,
	.magics = { MAGIC("PK\3\4", 0) },
	.measure = measure,
	.list = list,
	.open = archive_open,
	.read = archive_read,
	.close = archive_close,
};
