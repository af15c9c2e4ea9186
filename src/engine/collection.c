#include "engine/collection.h"

#include <stdlib.h>

enum { CANDIDATES_MAX = 1024, ROOTS_MAX = 64, FOLDERS_OF_A_ROOT = 2, FOLDERS_ALONE = 4 };

/* Files that a root file system has; one is enough to look at a folder as one. */
static const char *const root_files[] = {
	"/etc/passwd", "/etc/shadow", "/etc/inittab", "/etc/fstab", "/etc/os-release", "/etc/openwrt_release", "/etc/init.d/rcS",
	"/bin/busybox", "/bin/sh", "/usr/bin/sh", "/sbin/init", "/init", "/build.prop", "/system/build.prop",
};
/* Folders of the Filesystem Hierarchy Standard 3.0, and of Android. */
static const char *const root_folders[] = {
	"etc", "bin", "sbin", "lib", "usr", "dev", "proc", "sys", "var", "tmp", "mnt", "root", "home", "opt", "lib64",
	"system", "vendor", "www", "overlay", "rom",
};
enum { ROOT_FILES = sizeof root_files / sizeof *root_files, ROOT_FOLDERS = sizeof root_folders / sizeof *root_folders };

/* A folder that may be a root file system, and the usual folders that it has, a bit for each. */
struct candidate {
	struct span folder;
	uint32_t folders;
};

struct candidates {
	struct candidate list[CANDIDATES_MAX];
	size_t count, left_out;
	bool full; /* and sorted */
};

bool collection_lies_in(struct span path, struct span folder)
{
	return span_starts(path, folder) && (path.size == folder.size || span_byte(path, folder.size) == '/');
}

struct span collection_common_folder(struct span common, struct span path)
{
	while (common.size > 0 && !(collection_lies_in(path, common) && path.size > common.size)) {
		size_t size = common.size - 1;
		while (size > 0 && span_byte(common, size) != '/')
			size--;
		common = span_slice(common, 0, size);
	}
	return common;
}

static struct span folder_of(struct span path)
{
	struct span name = span_basename(path);
	return span_slice(path, 0, path.size > name.size ? path.size - name.size - 1 : 0);
}

/* The folder that all files lie in. */
static struct span common_folder(const struct listing *listing)
{
	struct span common = SPAN_NONE;
	bool any = false;
	for (size_t i = 0; i < listing->count; i++) {
		const struct entry *entry = &listing->entries[i];
		if (entry->type == ENTRY_DIRECTORY)
			continue;
		common = any ? collection_common_folder(common, entry->path) : folder_of(entry->path);
		any = true;
	}
	return common;
}

static int by_folder(const void *left, const void *right)
{
	const struct candidate *a = left, *b = right;
	size_t shorter = a->folder.size < b->folder.size ? a->folder.size : b->folder.size;
	int order = shorter > 0 ? memcmp(a->folder.data, b->folder.data, shorter) : 0;
	return order ? order : (a->folder.size > b->folder.size) - (a->folder.size < b->folder.size);
}

/* Sorts, and leaves one of each. */
static void sort_candidates(struct candidates *candidates)
{
	size_t kept = 0;
	if (candidates->count > 1)
		qsort(candidates->list, candidates->count, sizeof *candidates->list, by_folder);
	for (size_t i = 0; i < candidates->count; i++)
		if (i == 0 || by_folder(&candidates->list[i], &candidates->list[kept - 1]) != 0)
			candidates->list[kept++] = candidates->list[i];
	candidates->count = kept;
}

static void add_candidate(struct candidates *candidates, struct span folder)
{
	const struct candidate key = { .folder = folder };
	if (candidates->count == CANDIDATES_MAX && !candidates->full) {
		sort_candidates(candidates);
		candidates->full = candidates->count == CANDIDATES_MAX;
	}
	if (!candidates->full)
		candidates->list[candidates->count++] = key;
	else if (!bsearch(&key, candidates->list, candidates->count, sizeof key, by_folder))
		candidates->left_out++;
}

static void find_candidates(const struct listing *listing, struct span prefix, struct candidates *candidates)
{
	candidates->count = candidates->left_out = 0;
	candidates->full = false;
	add_candidate(candidates, prefix);
	for (size_t i = 0; i < listing->count; i++) {
		struct span path = listing->entries[i].path;
		for (size_t k = 0; k < ROOT_FILES && listing->entries[i].type != ENTRY_DIRECTORY; k++)
			if (span_ends_text(path, root_files[k]))
				add_candidate(candidates, span_slice(path, 0, path.size - strlen(root_files[k])));
	}
	sort_candidates(candidates);
}

static uint32_t bit_of_folder(struct span name)
{
	for (size_t i = 0; i < ROOT_FOLDERS; i++)
		if (span_equal_text(name, root_folders[i]))
			return UINT32_C(1) << i;
	return 0;
}

/* Notes the usual folders on the way to a path, at each candidate that it lies in. */
static void note_folders(struct candidates *candidates, const struct entry *entry)
{
	struct span path = entry->path;
	for (size_t at = 0; at < path.size; at++) {
		if (span_byte(path, at) != '/')
			continue;
		struct candidate key = { .folder = span_slice(path, 0, at) };
		struct candidate *found =
			bsearch(&key, candidates->list, candidates->count, sizeof *candidates->list, by_folder);
		struct span rest = span_from(path, at + 1), name;
		bool inner = found && span_next_field(&rest, '/', &name);
		if (inner && (rest.size > 0 || entry->type == ENTRY_DIRECTORY))
			found->folders |= bit_of_folder(name);
	}
}

static bool has_root_file(const struct listing *listing, struct span folder)
{
	for (size_t i = 0; i < listing->count; i++) {
		struct span path = listing->entries[i].path;
		for (size_t k = 0; k < ROOT_FILES && span_starts(path, folder); k++)
			if (span_equal_text(span_from(path, folder.size), root_files[k]))
				return true;
	}
	return false;
}

static int count_bits(uint32_t bits)
{
	int count = 0;
	for (; bits; bits &= bits - 1)
		count++;
	return count;
}

/* What was given as a whole is believed sooner than a folder somewhere in it. */
static bool is_root(const struct listing *listing, const struct candidate *candidate, struct span prefix)
{
	int folders = count_bits(candidate->folders);
	if (!collection_lies_in(prefix, candidate->folder))
		return folders >= FOLDERS_OF_A_ROOT;
	return folders >= FOLDERS_ALONE || (folders >= 1 && has_root_file(listing, candidate->folder));
}

static enum outcome keep_roots(const struct listing *listing, struct candidates *candidates, struct arena *arena,
			       struct collection *out)
{
	out->roots = ARENA_NEW(arena, struct span, candidates->count);
	if (!out->roots)
		return NO_MEMORY;
	out->left_out = candidates->left_out;
	for (size_t i = 0; i < listing->count; i++)
		note_folders(candidates, &listing->entries[i]);
	for (size_t i = 0; i < candidates->count; i++) {
		const struct candidate *one = &candidates->list[i];
		if (collection_root_of(out, one->folder).data || !is_root(listing, one, out->prefix))
			continue;
		if (out->root_count < ROOTS_MAX)
			out->roots[out->root_count++] = one->folder;
		else
			out->left_out++;
	}
	return DONE;
}

struct span collection_root_of(const struct collection *collection, struct span path)
{
	for (size_t i = 0; i < collection->root_count; i++)
		if (collection_lies_in(path, collection->roots[i]))
			return collection->roots[i].data ? collection->roots[i] : SPAN_LITERAL("");
	return SPAN_NONE;
}

/* Files that only an app (Android, Java, iOS) or a package of software has, at its first folder. */
static bool is_of_one_thing(const struct listing *listing)
{
	static const char *const marks[] = { "/AndroidManifest.xml", "/META-INF/MANIFEST.MF", "/debian-binary" };
	for (size_t i = 0; i < listing->count; i++) {
		struct span path = listing->entries[i].path;
		for (size_t k = 0; k < sizeof marks / sizeof *marks; k++)
			if (span_equal_text(path, marks[k]))
				return true;
		if (span_starts_text(path, "/Payload/") && span_ends_text(path, ".app/Info.plist"))
			return true;
	}
	return false;
}

/* What "docker save" writes, or an OCI layout, at the folder that all has in common. */
static bool is_container(const struct listing *listing, struct span prefix)
{
	bool manifest = false, layout = false, layers = false;
	for (size_t i = 0; i < listing->count; i++) {
		struct span path = listing->entries[i].path;
		if (!collection_lies_in(path, prefix))
			continue;
		struct span rest = span_from(path, prefix.size);
		manifest |= span_equal_text(rest, "/manifest.json");
		layout |= span_equal_text(rest, "/index.json");
		layers |= span_starts_text(rest, "/blobs/") || span_ends_text(rest, "/layer.tar");
	}
	return (manifest && layers) || (layout && layers);
}

/* Many archives are looked at, and few hold roots: what finding them takes is given back. */
static enum outcome find_roots(const struct listing *listing, struct arena *arena, struct collection *out)
{
	struct arena scratch;
	arena_init(&scratch, 2 * sizeof(struct candidates));
	struct candidates *candidates = ARENA_NEW(&scratch, struct candidates, 1);
	if (candidates)
		find_candidates(listing, out->prefix, candidates);
	enum outcome outcome = candidates ? keep_roots(listing, candidates, arena, out) : NO_MEMORY;
	arena_done(&scratch);
	return outcome;
}

enum outcome collection_of(const struct listing *listing, struct arena *arena, struct collection *out)
{
	*out = (struct collection){ .shape = COLLECTION_FILES, .prefix = common_folder(listing) };
	if (is_container(listing, out->prefix)) {
		out->shape = COLLECTION_CONTAINER;
		return DONE;
	}
	if (is_of_one_thing(listing)) {
		out->shape = COLLECTION_ONE;
		return DONE;
	}
	TRY(find_roots(listing, arena, out));
	if (out->root_count == 1 && out->roots[0].size == 0)
		out->shape = COLLECTION_ROOT;
	return DONE;
}
