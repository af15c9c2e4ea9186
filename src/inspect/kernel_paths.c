#include "inspect/kernel_paths.h"

#include "base/cursor.h"
#include "base/effort.h"
#include "inspect/lines.h"

enum { PATH_MOST = 256 };

static bool is_path_byte(uint8_t byte)
{
	return is_alnum(byte) || byte == '/' || byte == '_' || byte == '-' || byte == '.' || byte == '+' || byte == '~' ||
	       byte == ',';
}

/* The string of path characters that ends before an offset. */
static struct span path_before(struct span bytes, uint64_t end)
{
	uint64_t start = end;
	while (start > 0 && end - start < PATH_MOST && is_path_byte(span_byte(bytes, start - 1)))
		start--;
	bool whole = end - start < PATH_MOST;
	return whole ? span_slice(bytes, start, end - start) : SPAN_NONE;
}

/* Folders at the top of the kernel's tree. */
static bool is_of_tree(struct span path)
{
	static const char *const folders[] = { "arch/", "block/", "certs/", "crypto/", "drivers/", "fs/", "init/",
					       "io_uring/", "ipc/", "kernel/", "lib/", "mm/", "net/", "security/",
					       "sound/", "virt/" };
	for (size_t i = 0; i < sizeof folders / sizeof *folders; i++)
		if (span_starts_text(path, folders[i]))
			return true;
	return false;
}

/* Files of every kernel whose messages name them: what stands before them is the folder of the build. */
static struct span root_of(struct span path)
{
	static const char *const anchors[] = { "/kernel/fork.c", "/kernel/exit.c", "/kernel/signal.c", "/kernel/softirq.c",
					       "/kernel/workqueue.c", "/mm/slab.c", "/mm/slub.c", "/mm/vmalloc.c",
					       "/mm/page_alloc.c", "/mm/memory.c", "/net/core/dev.c",
					       "/net/core/skbuff.c", "/fs/buffer.c", "/fs/dcache.c" };
	for (size_t i = 0; i < sizeof anchors / sizeof *anchors; i++)
		if (span_ends_text(path, anchors[i]))
			return span_slice(path, 0, path.size - strlen(anchors[i]) + 1);
	return SPAN_NONE;
}

/* The folder that two of those files lie in; empty where there is none. */
static struct span find_root(const struct name_list *paths)
{
	struct span first = SPAN_NONE;
	for (size_t i = 0; i < paths->count; i++) {
		struct span root = root_of(paths->names[i]);
		if (root.size > 0 && span_equal(root, first))
			return root;
		if (root.size > 0)
			first = root;
	}
	return SPAN_NONE;
}

static void gather_paths(struct span bytes, struct name_list *all, uint64_t *offset)
{
	struct span ending = SPAN_LITERAL(".c\0");
	for (size_t at = span_find(bytes, ending, 0); at != SPAN_NOT_FOUND; at = span_find(bytes, ending, at + 1)) {
		struct span path = path_before(bytes, at + 2);
		if (span_find_byte(path, '/', 0) == SPAN_NOT_FOUND || !effort_spend(path.size))
			continue;
		if (all->count == 0)
			*offset = at + 2 - path.size;
		name_list_add(all, path);
	}
}

void kernel_paths_find(struct span bytes, struct name_list *out, uint64_t *offset)
{
	struct name_list all = { .arena = out->arena };
	gather_paths(bytes, &all, offset);
	(void)name_list_sort(&all);
	struct span root = find_root(&all);
	for (size_t i = 0; i < all.count; i++) {
		struct span path = all.names[i];
		if (span_starts_text(path, "./"))
			path = span_from(path, 2);
		else if (root.size > 0 && span_starts(path, root))
			path = span_from(path, root.size);
		if (is_of_tree(path) && span_find_text(path, "/../", 0) == SPAN_NOT_FOUND)
			name_list_add(out, path);
	}
	out->refused = out->refused || all.refused;
	(void)name_list_sort(out);
}

static bool is_name_byte(uint8_t byte)
{
	return is_alnum(byte) || byte == '_' || byte == '.' || byte == '$';
}

/* Names stand one behind the other, each with its end; more zeros are no part of them. */
enum { ZEROS_MOST = 4, EXPORTS_MIN = 200, NAME_MOST = 512 };

static uint64_t run_start(struct span bytes, uint64_t at)
{
	size_t zeros = 0;
	for (; at > 0 && zeros <= ZEROS_MOST && effort_at(at); at--) {
		uint8_t byte = span_byte(bytes, at - 1);
		if (byte != 0 && !is_name_byte(byte))
			break;
		zeros = byte == 0 ? zeros + 1 : 0;
	}
	return at;
}

static uint64_t run_end(struct span bytes, uint64_t at)
{
	size_t zeros = 0;
	for (; at < bytes.size && zeros <= ZEROS_MOST && effort_at(at); at++) {
		uint8_t byte = span_byte(bytes, at);
		if (byte != 0 && !is_name_byte(byte))
			break;
		zeros = byte == 0 ? zeros + 1 : 0;
	}
	return at;
}

static bool is_name(struct span name)
{
	uint8_t first = span_byte(name, 0);
	return name.size >= 3 && name.size < NAME_MOST && (is_letter(first) || first == '_');
}

/* The names between two offsets; what stands before the first end may be a piece of something else. */
static void take_names(struct span run, struct name_list *out)
{
	struct span name;
	size_t first = span_find_byte(run, 0, 0), last = run.size;
	while (last > 0 && span_byte(run, last - 1) != 0)
		last--;
	if (first == SPAN_NOT_FOUND || first >= last)
		return;
	struct span rest = span_slice(run, first + 1, last - first - 1);
	while (span_next_field(&rest, 0, &name))
		if (is_name(name))
			name_list_add(out, name);
}

/* The strings of the types that a kernel carries for BPF (Documentation/bpf/btf.rst): they name much that is no export. */
static struct span types_strings(struct span bytes)
{
	static const struct span magics[] = { { (const uint8_t *)"\x9f\xeb\1\0\x18\0\0\0", 8 },
					      { (const uint8_t *)"\xeb\x9f\1\0\0\0\0\x18", 8 } };
	enum { HEADER = 24, STRING_OFFSET = 16 };
	for (size_t i = 0; i < 2; i++) {
		size_t at = span_find(bytes, magics[i], 0);
		if (at == SPAN_NOT_FOUND)
			continue;
		struct cursor c = cursor_over_order(span_slice(bytes, at, HEADER), i == 1);
		cursor_skip(&c, STRING_OFFSET);
		uint64_t offset = cursor_u32(&c), size = cursor_u32(&c);
		return span_slice(bytes, at + HEADER + offset, size);
	}
	return SPAN_NONE;
}

static bool holds(struct span run, const char *name)
{
	struct span words = span_of(name, strlen(name) + 1);
	for (size_t at = span_find(run, words, 0); at != SPAN_NOT_FOUND; at = span_find(run, words, at + 1))
		if (at > 0 && span_byte(run, at - 1) == 0)
			return true;
	return false;
}

/* What kernels of every age export. Since 5.8 a name that another ends with is stored with it, and not seen here. */
static const char *const export_anchors[] = { "__register_chrdev", "register_chrdev_region", "param_get_int", "param_ops_int",
					      "kmem_cache_destroy", "wake_up_process", "remove_proc_entry", "filp_open",
					      "dget_parent", "bio_add_page" };
enum { ANCHORS = sizeof export_anchors / sizeof *export_anchors };

static bool are_exports(struct span run)
{
	enum { ENOUGH = 4 };
	size_t seen = 0;
	for (size_t i = 0; i < ANCHORS; i++)
		seen += holds(run, export_anchors[i]);
	return seen >= ENOUGH;
}

/* The run of names around an anchor; empty where it holds no exports. */
static struct span exports_around(struct span bytes, struct span types, const char *anchor)
{
	struct span name = span_of_text(anchor);
	uint64_t behind = 0;
	for (size_t at = span_find(bytes, name, 0); at != SPAN_NOT_FOUND; at = span_find(bytes, name, at + 1)) {
		bool of_types = types.size > 0 && bytes.data + at >= types.data && bytes.data + at < types.data + types.size;
		if (of_types || at < behind || span_byte(bytes, at + name.size) != 0)
			continue;
		uint64_t start = run_start(bytes, at);
		behind = run_end(bytes, at);
		struct span run = span_slice(bytes, start, behind - start);
		if (are_exports(run))
			return run;
	}
	return SPAN_NONE;
}

void kernel_exports_find(struct span bytes, struct name_list *out, uint64_t *offset)
{
	struct span types = types_strings(bytes);
	for (size_t i = 0; i < ANCHORS && out->count < EXPORTS_MIN; i++) {
		struct span run = exports_around(bytes, types, export_anchors[i]);
		out->count = 0;
		take_names(run, out);
		*offset = run.size > 0 ? (uint64_t)(run.data - bytes.data) : 0;
	}
	if (out->count < EXPORTS_MIN)
		out->count = 0;
	(void)name_list_sort(out);
}
