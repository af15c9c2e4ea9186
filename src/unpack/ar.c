/*
 * ar archives, as Debian and older OpenWrt packages and static libraries use them; System V and BSD long
 * names. Layout: ar(5) of FreeBSD, deb(5).
 */
#include "base/cursor.h"
#include "unpack/registry.h"

enum { HEADER_SIZE = 60 };

struct member {
	struct span name; /* trimmed */
	uint64_t mtime, uid, gid, mode, size;
	uint64_t data;
};

static uint64_t number(struct cursor *c, size_t width, unsigned base)
{
	struct span field = span_trim(cursor_take(c, width));
	uint64_t value = 0;
	for (size_t i = 0; i < field.size; i++) {
		uint8_t byte = span_byte(field, i);
		if (byte < '0' || byte >= '0' + base)
			c->failed = true;
		value = value * base + (byte - (uint64_t)'0');
	}
	return value;
}

/* Reads the member at the cursor and passes over it; false where none stands there whole. */
static bool next_member(struct cursor *c, struct member *out)
{
	struct cursor field = cursor_over(cursor_take(c, HEADER_SIZE));
	*out = (struct member){ 0 };
	out->name = span_trim(cursor_take(&field, 16));
	out->mtime = number(&field, 12, 10);
	out->uid = number(&field, 6, 10);
	out->gid = number(&field, 6, 10);
	out->mode = number(&field, 8, 8);
	out->size = number(&field, 10, 10);
	if (!span_equal_text(cursor_take(&field, 2), "`\n") || !cursor_ok(&field))
		return false;
	out->data = c->at;
	cursor_skip(c, out->size);
	if (!cursor_ok(c))
		return false;
	/* Members begin at even offsets; the last may lack its padding. */
	if (c->at % 2 != 0 && cursor_left(c) > 0)
		cursor_skip(c, 1);
	return true;
}

static enum outcome measure(struct span bytes, struct arena *arena, struct extent *out)
{
	struct cursor c = cursor_over(bytes);
	struct member member;
	(void)arena;
	cursor_skip(&c, 8);
	uint64_t end = 0;
	bool debian = false;
	while (next_member(&c, &member)) {
		debian = debian || (end == 0 && span_starts_text(member.name, "debian-binary"));
		end = c.at;
	}
	if (end == 0)
		return NOT_THIS;
	out->size = end;
	out->bits = 80;
	out->detail = debian ? SPAN_LITERAL("Debian package") : SPAN_NONE;
	return DONE;
}

/* "/123" points into the table of long names; "#1/12" says that the name stands before the content. */
static struct span resolve_name(struct span bytes, struct member *member, struct span long_names)
{
	uint64_t value;
	if (span_starts_text(member->name, "#1/") &&
	    span_to_number(span_from(member->name, 3), member->size, &value)) {
		struct span name = span_until_nul(span_slice(bytes, member->data, value));
		member->data += value;
		member->size -= value;
		return name;
	}
	if (span_starts_text(member->name, "/") &&
	    span_to_number(span_from(member->name, 1), long_names.size, &value)) {
		struct span rest = span_from(long_names, value), name = SPAN_NONE;
		(void)span_next_field(&rest, '\n', &name);
		return span_ends_text(name, "/") ? span_slice(name, 0, name.size - 1) : name;
	}
	if (member->name.size > 1 && span_ends_text(member->name, "/"))
		return span_slice(member->name, 0, member->name.size - 1);
	return member->name;
}

static bool is_symbol_table(struct span name)
{
	return span_equal_text(name, "/") || span_equal_text(name, "/SYM64/") ||
	       span_starts_text(name, "__.SYMDEF");
}

static enum outcome list(struct volume *volume, struct listing *out)
{
	struct cursor c = cursor_over(volume->bytes);
	struct member member;
	struct span long_names = SPAN_NONE;
	cursor_skip(&c, 8);
	while (cursor_left(&c) > 0 && next_member(&c, &member)) {
		struct entry *entry;
		if (span_equal_text(member.name, "//")) {
			long_names = span_slice(volume->bytes, member.data, member.size);
			continue;
		}
		struct span name = resolve_name(volume->bytes, &member, long_names);
		if (is_symbol_table(name) || name.size == 0)
			continue;
		if (!listing_may_hold(name, SPAN_NONE)) {
			TRY(listing_refuse(out));
			continue;
		}
		TRY(listing_add(out, &entry));
		entry->type = ENTRY_FILE;
		entry->path = listing_clean_path(out->arena, name);
		listing_tell_escape(volume->notes, name);
		entry->has_mode = true;
		entry->mode = (uint32_t)member.mode & 07777;
		entry->uid = (uint32_t)member.uid;
		entry->gid = (uint32_t)member.gid;
		entry->mtime = (int64_t)member.mtime;
		entry->size = member.size;
		entry->offset = member.data;
		entry->plain = true;
		if (!entry->path.data)
			return NO_MEMORY;
	}
	return DONE;
}

const struct unpacker unpacker_ar = {
	.name = "ar",
	.title = "ar archive",
	.role = ROLE_ARCHIVE,
	.stored = true,
	.magics = { MAGIC("!<arch>\n", 0) },
	.measure = measure,
	.list = list,
};
