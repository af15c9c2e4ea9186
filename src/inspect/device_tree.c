/*
 * States facts about device trees (devicetree specification, chapter 3), read with
 * libfdt: whole files, and blobs that stand inside raw parts. A FIT image is a device
 * tree as well; fit.c states what it signs.
 */
#include <libfdt.h>
#include <stdlib.h>

#include "base/cursor.h"
#include "inspect/code.h"
#include "inspect/command_line.h"
#include "inspect/fit.h"
#include "inspect/registry.h"
#include "unpack/devicetree.h"

static const struct pattern device_tree_patterns[] = {
	{ "\\xd0\\x0d\\xfe\\xed\\x00", 0 }, /* the size that follows is below 16 MiB */
	{ "\\xd0\\x0d\\xfe\\xed[\\x01-\\x10]", 0 }, /* as large as one may be */
};
enum { HIT_SIZE = 5, SIZE_AT = 4, TREES_MAX = 64 << 20 /* bytes of one file that may be copied */ };

static struct span property(const void *tree, int node, const char *name)
{
	int size = 0;
	const void *value = node >= 0 ? fdt_getprop(tree, node, name, &size) : NULL;
	return value && size > 0 ? span_of(value, (size_t)size) : SPAN_NONE;
}

static void set_text(struct inspection *file, struct fact *fact, int column, struct span value)
{
	struct span text = span_until_nul(value);
	if (text.size > 0)
		fact_text(file->facts, fact, column, text);
}

/* A list of strings, joined with blanks. */
static struct span join_strings(struct inspection *file, struct span list)
{
	enum { STRINGS_MAX = 256, LIST_MAX = 16 * 1024 };
	struct span out = SPAN_NONE, text;
	if (list.size > LIST_MAX)
		facts_drop(file->facts, EVIDENCE_DEVICE_TREE);
	list = span_slice(list, 0, LIST_MAX);
	for (int i = 0; span_next_field(&list, 0, &text); i++)
		if (i >= STRINGS_MAX) {
			facts_drop(file->facts, EVIDENCE_DEVICE_TREE);
			break;
		} else if (text.size > 0)
			out = out.size == 0 ? text : arena_format(file->scratch, "%.*s %.*s", SPAN_FORMAT(out),
								  SPAN_FORMAT(text));
	return out;
}

/* A serial port by its node's name; it is on unless its status says otherwise. */
static bool is_enabled_serial(const void *tree, int node)
{
	int size = 0;
	const char *text = fdt_get_name(tree, node, &size);
	struct span name = text && size > 0 ? span_of(text, (size_t)size) : SPAN_NONE;
	bool serial = span_starts_text(name, "serial") || span_find_text(name, "uart", 0) != SPAN_NOT_FOUND;
	if (!serial || property(tree, node, "compatible").size == 0 || property(tree, node, "reg").size == 0)
		return false;
	struct span status = span_until_nul(property(tree, node, "status"));
	return status.size == 0 || span_equal_text(status, "okay") || span_equal_text(status, "ok");
}

static int64_t count_enabled_serial(const void *tree)
{
	int64_t count = 0;
	for (int node = fdt_next_node(tree, -1, NULL); node >= 0; node = fdt_next_node(tree, node, NULL))
		count += is_enabled_serial(tree, node);
	return count;
}

static void state_tree(struct inspection *file, const void *tree, uint64_t offset)
{
	int root = fdt_path_offset(tree, "/"), chosen = fdt_path_offset(tree, "/chosen");
	struct span bootargs = span_until_nul(property(tree, chosen, "bootargs"));
	struct span model = property(tree, root, "model"), compatible = property(tree, root, "compatible");
	struct span output = property(tree, chosen, "stdout-path");
	if (output.size == 0)
		output = property(tree, chosen, "linux,stdout-path");
	if (model.size == 0 && compatible.size == 0 && bootargs.size == 0)
		return; /* an overlay */
	struct fact *fact = fact_new(file->facts, EVIDENCE_DEVICE_TREE);
	fact_integer(fact, DEVICE_TREE_OFFSET, (int64_t)offset);
	set_text(file, fact, DEVICE_TREE_MODEL, model);
	set_text(file, fact, DEVICE_TREE_COMPATIBLE, join_strings(file, compatible));
	set_text(file, fact, DEVICE_TREE_BOOTARGS, bootargs);
	set_text(file, fact, DEVICE_TREE_STDOUT_PATH, output);
	fact_integer(fact, DEVICE_TREE_ENABLED_SERIAL, count_enabled_serial(tree));
	command_line_state(file, "device tree", bootargs);
}

/*
 * Reads the tree at an offset; gives the offset after it, or that of the next byte
 * where there is none. What follows a FIT image belongs to it, and comes as parts of its own.
 */
static uint64_t read_tree(struct inspection *file, uint64_t offset, uint64_t *room)
{
	struct cursor c = cursor_over(span_from(file->bytes, offset));
	cursor_skip(&c, SIZE_AT);
	uint32_t size = cursor_u32be(&c);
	struct span blob = span_slice(file->bytes, offset, size);
	if (!cursor_ok(&c) || blob.size != size)
		return offset + 1;
	if (size > *room) {
		facts_drop(file->facts, EVIDENCE_DEVICE_TREE);
		return offset + 1;
	}
	*room -= size;
	/* libfdt wants its tree aligned. */
	struct span copy = arena_copy(file->scratch, blob);
	if (!copy.data || !devicetree_is_sound(copy) || fdt_check_full(copy.data, copy.size) != 0) {
		if (offset == 0 && copy.data)
			notes_incomplete(file->notes, MISSING_FACTS, CAUSE_DAMAGED, "device-tree.malformed", offset, 1,
					 "the device tree is damaged");
		return offset + 1;
	}
	if (fdt_path_offset(copy.data, "/images") >= 0) {
		fit_state(file, copy.data);
		return UINT64_MAX;
	}
	state_tree(file, copy.data, offset);
	return offset + size;
}

static int compare_offsets(const void *a, const void *b)
{
	const uint64_t *left = a, *right = b;
	return (*left > *right) - (*left < *right);
}

/* Trees stand alone, one after another, or within what runs without a loader. */
static bool may_hold_trees(const struct inspection *file)
{
	bool bare = file->kind == KIND_DEVICE_TREE || file->kind == KIND_DATA || file->kind == KIND_PART;
	return bare || code_of(file) == CODE_RAW;
}

static void device_tree_inspect(struct inspection *file)
{
	if (!may_hold_trees(file))
		return;
	uint64_t *offsets = ARENA_NEW(file->scratch, uint64_t, file->hit_count);
	if (!offsets)
		return;
	for (size_t i = 0; i < file->hit_count; i++)
		offsets[i] = file->hits[i].end - HIT_SIZE;
	qsort(offsets, file->hit_count, sizeof *offsets, compare_offsets);
	uint64_t end = 0, room = TREES_MAX;
	for (size_t i = 0; i < file->hit_count; i++)
		if (offsets[i] >= end)
			end = read_tree(file, offsets[i], &room);
}

const struct inspector inspector_device_tree = {
	.name = "device_tree",
	.patterns = device_tree_patterns,
	.pattern_count = sizeof device_tree_patterns / sizeof *device_tree_patterns,
	.inspect = device_tree_inspect,
};
