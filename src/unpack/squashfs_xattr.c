/* Extended attributes of SquashFS 4.0: lists that inodes share by index. */
#include "unpack/squashfs.h"

enum {
	ID_SIZE = 16,
	ID_TABLE_HEAD = 16,
	VALUE_ELSEWHERE = 0x100, /* in a type: the value is a reference to another's */
	VALUE_MAXIMUM = 65536,
	LIST_MAXIMUM = 1024,
	PREFIX_COUNT = 3,
};

struct list {
	bool made;
	struct attribute *first;
};

struct squashfs_xattrs {
	const struct squashfs *fs;
	struct squashfs_metadata *metadata;
	struct arena *arena;
	uint64_t values; /* where the lists lie */
	uint32_t count;
	struct list *lists;
};

enum outcome squashfs_xattrs_new(const struct squashfs *fs, struct squashfs_metadata *metadata, struct arena *scratch,
				 struct arena *arena, struct squashfs_xattrs **out)
{
	*out = NULL;
	if (fs->super.xattr_table == SQUASHFS_NO_TABLE)
		return DONE;
	struct cursor c = cursor_over_order(fs->bytes, fs->super.big_endian);
	cursor_seek(&c, fs->super.xattr_table);
	uint64_t values = cursor_u64(&c);
	uint32_t count = cursor_u32(&c);
	/* Each block of the table has a position behind its head: more than fit cannot be there. */
	if (!cursor_ok(&c) || (uint64_t)count * ID_SIZE / SQUASHFS_METADATA_SIZE * 8 > cursor_left(&c))
		return MALFORMED;
	struct squashfs_xattrs *xattrs = ARENA_NEW(scratch, struct squashfs_xattrs, 1);
	struct list *lists = ARENA_NEW(scratch, struct list, count);
	if (!xattrs || !lists)
		return NO_MEMORY;
	*xattrs = (struct squashfs_xattrs){ fs, metadata, arena, values, count, lists };
	*out = xattrs;
	return DONE;
}

static struct cursor take(struct squashfs_xattrs *xattrs, struct squashfs_position *at, size_t size)
{
	return cursor_over_order(squashfs_metadata_read(xattrs->metadata, at, size), xattrs->fs->super.big_endian);
}

static struct squashfs_position place(const struct squashfs_xattrs *xattrs, uint64_t reference)
{
	return (struct squashfs_position){ xattrs->values + (reference >> 16), (uint32_t)(reference & 0xffff) };
}

/* A size and as many bytes. */
static struct span read_value(struct squashfs_xattrs *xattrs, struct squashfs_position *at)
{
	struct cursor c = take(xattrs, at, 4);
	uint32_t size = cursor_u32(&c);
	if (!cursor_ok(&c) || size > VALUE_MAXIMUM)
		return SPAN_NONE;
	return squashfs_metadata_read(xattrs->metadata, at, size);
}

static struct span resolve(struct squashfs_xattrs *xattrs, unsigned type, struct span value)
{
	if (!(type & VALUE_ELSEWHERE) || !value.data)
		return value;
	struct cursor c = cursor_over_order(value, xattrs->fs->super.big_endian);
	uint64_t reference = cursor_u64(&c);
	struct squashfs_position at = place(xattrs, reference);
	return cursor_ok(&c) ? read_value(xattrs, &at) : SPAN_NONE;
}

static enum outcome read_attribute(struct squashfs_xattrs *xattrs, struct squashfs_position *at,
				   struct attribute **out)
{
	static const char *const prefixes[PREFIX_COUNT] = { "user", "trusted", "security" };
	struct cursor c = take(xattrs, at, 4);
	unsigned type = cursor_u16(&c), size = cursor_u16(&c);
	unsigned prefix = type & 0xff;
	if (!cursor_ok(&c) || prefix >= PREFIX_COUNT)
		return MALFORMED;
	struct span name = squashfs_metadata_read(xattrs->metadata, at, size);
	struct span value = resolve(xattrs, type, read_value(xattrs, at));
	if (!name.data || !value.data)
		return MALFORMED;
	struct attribute *attribute = ARENA_NEW(xattrs->arena, struct attribute, 1);
	if (!attribute)
		return NO_MEMORY;
	attribute->name = arena_format(xattrs->arena, "%s.%.*s", prefixes[prefix], SPAN_FORMAT(name));
	attribute->value = arena_copy(xattrs->arena, value);
	*out = attribute;
	return attribute->name.data && attribute->value.data ? DONE : NO_MEMORY;
}

static enum outcome read_list(struct squashfs_xattrs *xattrs, uint32_t index, struct attribute **first)
{
	uint64_t table = xattrs->fs->super.xattr_table + ID_TABLE_HEAD;
	struct span id = squashfs_metadata_indexed(xattrs->metadata, table, index, ID_SIZE);
	struct cursor c = cursor_over_order(id, xattrs->fs->super.big_endian);
	struct squashfs_position at = place(xattrs, cursor_u64(&c));
	uint32_t count = cursor_u32(&c);
	if (!cursor_ok(&c) || count > LIST_MAXIMUM)
		return MALFORMED;
	for (struct attribute **end = first; count > 0; count--, end = &(*end)->next)
		TRY(read_attribute(xattrs, &at, end));
	return DONE;
}

enum outcome squashfs_xattrs_get(struct squashfs_xattrs *xattrs, uint32_t index, struct attribute **out)
{
	*out = NULL;
	if (index >= xattrs->count)
		return MALFORMED;
	struct list *list = &xattrs->lists[index];
	enum outcome outcome = DONE;
	if (!list->made)
		outcome = read_list(xattrs, index, &list->first);
	list->made = true;
	*out = list->first;
	return outcome;
}
