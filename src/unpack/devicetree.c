/* Flattened device tree blob: Devicetree Specification v0.4, chapter 5. */
#include "base/cursor.h"
#include "unpack/devicetree.h"

#include <libfdt.h>

#include "unpack/field.h"
#include "unpack/unpacker.h"

enum { HEADER_SIZE = 40, VERSION_LEAST = 16, ALIGNMENT = 8, LARGEST = 256 * 1024 * 1024 };

/* Total size as the header states it; 0 where the header cannot be one. */
static uint32_t total_size(struct span bytes)
{
	struct cursor c = cursor_over_order(bytes, true);
	cursor_skip(&c, 4);
	uint32_t total = cursor_u32(&c);
	uint32_t structure = cursor_u32(&c), strings = cursor_u32(&c), reserved = cursor_u32(&c);
	uint32_t version = cursor_u32(&c), compatible = cursor_u32(&c);
	bool fits = structure < total && strings <= total && reserved < total && total >= HEADER_SIZE &&
		    total <= bytes.size && total <= LARGEST;
	bool known = version >= VERSION_LEAST && version < 32 && compatible <= 17;
	return cursor_ok(&c) && fits && known && structure % 4 == 0 && reserved % 8 == 0 ? total : 0;
}

enum { NODE_BEGIN = 1, NODE_END = 2, PROPERTY = 3, NOTHING = 4, END = 9 };
enum { NAME_MOST = 256, DEPTH_MOST = 64 };

static bool skip_name(struct cursor *c)
{
	size_t length = span_find_byte(span_slice(c->span, c->at, NAME_MOST), '\0', 0);
	cursor_skip(c, length == SPAN_NOT_FOUND ? UINT64_MAX : length + 1);
	cursor_align(c, 4);
	return cursor_ok(c);
}

/* Passes over a property, and sees that its name is one. */
static bool skip_property(struct cursor *c, struct span strings)
{
	uint32_t size = cursor_u32(c), name = cursor_u32(c);
	cursor_skip(c, size);
	cursor_align(c, 4);
	return cursor_ok(c) && span_find_byte(span_slice(strings, name, NAME_MOST), '\0', 0) != SPAN_NOT_FOUND;
}

/* libfdt 1.6 also goes over names as often as they are used, so they must be short. */
bool devicetree_is_sound(struct span blob)
{
	struct cursor header = cursor_over_order(blob, true);
	cursor_skip(&header, 8);
	uint32_t structure = cursor_u32(&header), strings = cursor_u32(&header);
	struct cursor c = cursor_over_order(span_from(blob, structure), true);
	unsigned depth = 0;
	while (cursor_ok(&c)) {
		uint32_t token = cursor_u32(&c);
		if (token == END)
			return cursor_ok(&c) && depth == 0;
		bool sound = token == NOTHING || (token == NODE_END && depth-- > 0) ||
			     (token == NODE_BEGIN && ++depth <= DEPTH_MOST && skip_name(&c)) ||
			     (token == PROPERTY && depth > 0 && skip_property(&c, span_from(blob, strings)));
		if (!sound)
			return false;
	}
	return false;
}

enum outcome devicetree_open(struct span bytes, struct arena *arena, struct devicetree *out)
{
	uint32_t total = total_size(bytes);
	if (total == 0)
		return NOT_THIS;
	out->bytes = span_slice(bytes, 0, total);
	out->blob = out->bytes.data;
	if (!devicetree_is_sound(out->bytes))
		return NOT_THIS;
	if ((uintptr_t)out->blob % ALIGNMENT != 0) {
		struct span copy = arena_copy(arena, out->bytes);
		if (!copy.data)
			return NO_MEMORY;
		out->blob = copy.data;
	}
	return fdt_check_full(out->blob, total) == 0 ? DONE : NOT_THIS;
}

struct span devicetree_property(const struct devicetree *tree, int node, const char *name)
{
	int size = 0;
	const void *value = node < 0 ? NULL : fdt_getprop(tree->blob, node, name, &size);
	if (!value || size <= 0)
		return SPAN_NONE;
	uintptr_t offset = (uintptr_t)value - (uintptr_t)tree->blob;
	return span_slice(tree->bytes, offset, (uint64_t)size);
}

struct span devicetree_text(const struct devicetree *tree, int node, const char *name)
{
	return field_text(devicetree_property(tree, node, name));
}

bool devicetree_number(const struct devicetree *tree, int node, const char *name, uint32_t *out)
{
	struct cursor c = cursor_over(devicetree_property(tree, node, name));
	*out = cursor_u32be(&c);
	return cursor_ok(&c) && cursor_left(&c) == 0;
}

static enum outcome measure(struct span bytes, struct arena *arena, struct extent *out)
{
	struct devicetree tree;
	out->effort = total_size(bytes);
	TRY(devicetree_open(bytes, arena, &tree));
	int chosen = fdt_path_offset(tree.blob, "/chosen");
	struct span compatible = devicetree_text(&tree, 0, "compatible");
	struct span arguments = devicetree_text(&tree, chosen, "bootargs");
	out->size = tree.bytes.size;
	out->bits = 96;
	out->label = devicetree_text(&tree, 0, "model");
	out->detail = arena_format(arena, "%s%.*s%s%.*s", compatible.size ? "compatible " : "",
				   SPAN_FORMAT(compatible), arguments.size ? ", bootargs " : "",
				   SPAN_FORMAT(arguments));
	return out->detail.data ? DONE : NO_MEMORY;
}

static enum outcome list(struct volume *volume, struct listing *out)
{
	(void)volume;
	(void)out;
	return DONE;
}

const struct unpacker unpacker_devicetree = {
	.name = "devicetree",
	.title = "Device tree",
	.role = ROLE_DATA,
	.magics = { MAGIC("\xD0\x0D\xFE\xED", 0) },
	.inspect_whole = true,
	.measure = measure,
	.list = list,
};
