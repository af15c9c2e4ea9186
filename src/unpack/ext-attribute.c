/* ext2, ext3, ext4: extended attributes, in inodes and in blocks of their own. Described in ext.h. */
#include "base/cursor.h"
#include "unpack/ext.h"

static const char *prefix_of(uint8_t index)
{
	static const char *const prefixes[] = {
		"",          "user.",   "system.posix_acl_access", "system.posix_acl_default", "trusted.", "",
		"security.", "system.",
	};
	return index < sizeof prefixes / sizeof *prefixes ? prefixes[index] : "";
}

struct item {
	uint8_t index;
	struct span name, value;
	bool elsewhere; /* the value has an inode of its own */
};

/* The entry at the cursor; false at the end. Values lie at offsets from the start of `values`. */
static bool next_item(struct cursor *c, struct span values, struct item *out)
{
	if (cursor_left(c) < 16 || span_byte(c->span, c->at) == 0)
		return false;
	uint8_t name_size = cursor_u8(c);
	out->index = cursor_u8(c);
	uint16_t at = cursor_u16le(c);
	out->elsewhere = cursor_u32le(c) != 0;
	uint32_t size = cursor_u32le(c);
	cursor_skip(c, 4);
	out->name = cursor_take(c, name_size);
	cursor_skip(c, (4 - name_size % 4u) % 4);
	out->value = span_slice(values, at, size);
	return cursor_ok(c) && (out->elsewhere || out->value.size == size);
}

static enum outcome add_all(struct span entries, struct span values, struct arena *arena,
			    struct attribute **out, bool *damaged)
{
	struct cursor c = cursor_over(entries);
	struct item item;
	while (next_item(&c, values, &item)) {
		const char *prefix = prefix_of(item.index);
		bool content = item.index == 7 && span_equal_text(item.name, "data");
		if (content)
			continue;
		struct attribute *attribute = ARENA_NEW(arena, struct attribute, 1);
		if (!attribute)
			return NO_MEMORY;
		attribute->name = arena_format(arena, "%s%.*s", prefix, SPAN_FORMAT(item.name));
		attribute->value = item.elsewhere ? SPAN_NONE : item.value;
		attribute->next = *out;
		*out = attribute;
		*damaged = *damaged || item.elsewhere;
	}
	*damaged = *damaged || !cursor_ok(&c);
	return DONE;
}

enum outcome ext_read_attributes(const struct ext *ext, const struct ext_inode *inode, struct arena *arena,
				 struct attribute **out, bool *damaged)
{
	*out = NULL;
	*damaged = false;
	TRY(add_all(inode->attributes, inode->attributes, arena, out, damaged));
	if (inode->attribute_block == 0)
		return DONE;
	struct span block = ext_blocks(ext, inode->attribute_block, 1);
	struct cursor c = cursor_over(block);
	if (cursor_u32le(&c) != 0xea020000) {
		*damaged = true;
		return DONE;
	}
	return add_all(span_from(block, 32), block, arena, out, damaged);
}

struct span ext_inline_rest(const struct ext_inode *inode)
{
	struct cursor c = cursor_over(inode->attributes);
	struct item item;
	while (next_item(&c, inode->attributes, &item))
		if (item.index == 7 && span_equal_text(item.name, "data"))
			return item.value;
	return SPAN_NONE;
}
