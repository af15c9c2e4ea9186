/* A folder of the machine: an unpacked root file system. Never follows a link, never leaves the tree. */
#define _GNU_SOURCE /* O_PATH, major, minor */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "unpack/registry.h"
#include "unpack/tree.h"

enum { FOLDER_FLAGS = O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC };
static const uint64_t READ_CHUNK = 1024 * 1024;

struct walk {
	struct volume *volume;
	struct listing *out;
	struct tree_links links;
	dev_t device; /* mounts within the tree are not entered */
};

static int by_name(const void *left, const void *right)
{
	const char *const *a = left, *const *b = right;
	return strcmp(*a, *b);
}

/* The sorted names of a folder, in the arena; closes nothing of the caller's. */
static enum outcome read_names(struct walk *walk, int folder, char ***out, size_t *count)
{
	struct arena *arena = walk->out->arena;
	size_t capacity = 0;
	int own = openat(folder, ".", FOLDER_FLAGS);
	DIR *stream = own < 0 ? NULL : fdopendir(own);
	*out = NULL;
	*count = 0;
	if (!stream) {
		if (own >= 0)
			close(own);
		return MALFORMED;
	}
	enum outcome outcome = DONE;
	for (const struct dirent *item; outcome == DONE && (item = readdir(stream));) {
		struct span name = span_of_text(item->d_name);
		if (!tree_name_is_sane(name))
			continue;
		*out = arena_grow(arena, *out, *count, &capacity, sizeof **out);
		char *copy = *out ? arena_text(arena, name) : NULL;
		if (copy)
			(*out)[(*count)++] = copy;
		else
			outcome = NO_MEMORY;
	}
	closedir(stream);
	if (outcome == DONE && *count > 0)
		qsort(*out, *count, sizeof **out, by_name);
	return outcome;
}

static enum outcome read_target(struct walk *walk, int folder, const char *name, struct entry *entry)
{
	char target[4096];
	ssize_t size = readlinkat(folder, name, target, sizeof target);
	if (size < 0)
		return DONE;
	entry->target = arena_copy(walk->out->arena, span_of(target, (size_t)size));
	entry->size = (uint64_t)size;
	return entry->target.data ? DONE : NO_MEMORY;
}

static void note_unreadable(struct walk *walk, struct span path, const char *why)
{
	notes_incomplete(walk->volume->notes, MISSING_ENTRIES, CAUSE_UNREADABLE, "directory.unreadable", NOTE_NO_OFFSET,
			 NOTE_NO_AMOUNT, "%.*s: %s", SPAN_FORMAT(path), why);
}

static enum outcome add(struct walk *walk, int folder, struct span parent, const char *name,
			struct stat *status)
{
	struct listing *out = walk->out;
	struct entry *entry;
	TRY(listing_add(out, &entry));
	entry->path = tree_join(out->arena, parent, span_of_text(name));
	if (!entry->path.data || !tree_set_mode(entry, status->st_mode)) {
		out->count--;
		note_unreadable(walk, span_of_text(name), "its path is too long, or it is of no known type");
		return PARTIAL;
	}
	entry->uid = status->st_uid;
	entry->gid = status->st_gid;
	entry->mtime = status->st_mtime;
	entry->offset = out->count;
	if (entry->type == ENTRY_CHARACTER_DEVICE || entry->type == ENTRY_BLOCK_DEVICE) {
		entry->device_major = major(status->st_rdev);
		entry->device_minor = minor(status->st_rdev);
	}
	if (entry->type == ENTRY_LINK)
		return read_target(walk, folder, name, entry);
	if (entry->type == ENTRY_FILE) {
		entry->size = (uint64_t)status->st_size;
		if (status->st_nlink > 1)
			return tree_links_add(&walk->links, out, status->st_dev, status->st_ino,
					      out->count - 1);
	}
	return DONE;
}

static enum outcome list_folder(struct walk *walk, int folder, struct span path, unsigned depth);

static enum outcome enter(struct walk *walk, int folder, const char *name, struct span path, unsigned depth,
			  const struct stat *status)
{
	if (depth >= TREE_DEPTH_MAX || status->st_dev != walk->device) {
		note_unreadable(walk, path,
				depth >= TREE_DEPTH_MAX ? "too deep"
							: "another file system is mounted there");
		return PARTIAL;
	}
	int inner = openat(folder, name, FOLDER_FLAGS);
	if (inner < 0) {
		note_unreadable(walk, path, strerror(errno));
		return PARTIAL;
	}
	enum outcome outcome = list_folder(walk, inner, path, depth + 1);
	close(inner);
	return outcome;
}

static enum outcome list_folder(struct walk *walk, int folder, struct span path, unsigned depth)
{
	char **names;
	size_t count;
	enum outcome outcome = read_names(walk, folder, &names, &count);
	if (outcome == MALFORMED) {
		note_unreadable(walk, path, strerror(errno));
		return PARTIAL;
	}
	TRY(outcome);
	for (size_t i = 0; i < count; i++) {
		struct stat status;
		if (fstatat(folder, names[i], &status, AT_SYMLINK_NOFOLLOW) != 0) {
			note_unreadable(walk, span_of_text(names[i]), strerror(errno));
			outcome = PARTIAL;
			continue;
		}
		enum outcome step = add(walk, folder, path, names[i], &status);
		if (step == DONE && S_ISDIR(status.st_mode))
			step = enter(walk, folder, names[i], walk->out->entries[walk->out->count - 1].path,
				     depth, &status);
		if (!outcome_usable(step))
			return step;
		outcome = step == PARTIAL ? PARTIAL : outcome;
	}
	return outcome;
}

static enum outcome list(struct volume *volume, struct listing *out)
{
	struct walk walk = { .volume = volume, .out = out };
	struct stat status;
	if (volume->directory < 0 || fstat(volume->directory, &status) != 0)
		return MALFORMED;
	walk.device = status.st_dev;
	enum outcome outcome = list_folder(&walk, volume->directory, SPAN_LITERAL("/"), 0);
	tree_links_resolve(&walk.links, out);
	return outcome;
}

/* Opens a file name by name, so that no folder on the way can be a link. -1 with errno set. */
static int open_beneath(int root, struct span path)
{
	struct span name, rest = span_from(path, 1);
	int folder = root;
	while (span_next_field(&rest, '/', &name)) {
		char text[256];
		if (name.size >= sizeof text) {
			errno = ENAMETOOLONG;
			break;
		}
		memcpy(text, name.data, name.size);
		text[name.size] = 0;
		int flags = rest.size ? FOLDER_FLAGS : O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK;
		int next = openat(folder, text, flags);
		if (folder != root)
			close(folder);
		if (next < 0 || rest.size == 0)
			return next;
		folder = next;
	}
	if (folder != root)
		close(folder);
	return -1;
}

static enum outcome read_all(int descriptor, uint64_t size, struct buffer *out)
{
	while (size > 0) {
		uint64_t chunk = size < READ_CHUNK ? size : READ_CHUNK;
		uint8_t *room;
		TRY(buffer_extend(out, chunk, &room));
		ssize_t got = read(descriptor, room, chunk);
		out->size -= chunk - (got > 0 ? (uint64_t)got : 0);
		if (got <= 0)
			return PARTIAL;
		size -= (uint64_t)got;
	}
	return DONE;
}

static enum outcome read_file(struct reader *reader, const struct entry *entry, struct buffer *out)
{
	struct stat status;
	int descriptor = open_beneath(reader->volume->directory, entry->path);
	if (descriptor < 0) {
		notes_incomplete(reader->notes, MISSING_CONTENT, CAUSE_UNREADABLE, "directory.unreadable", NOTE_NO_OFFSET,
				 entry->size, "%.*s: %s", SPAN_FORMAT(entry->path), strerror(errno));
		return MALFORMED;
	}
	enum outcome outcome = PARTIAL;
	if (fstat(descriptor, &status) == 0 && S_ISREG(status.st_mode))
		outcome = read_all(descriptor, entry->size, out);
	close(descriptor);
	if (outcome == PARTIAL)
		notes_add(reader->notes, NOTE_WARNING, "directory.changed", NOTE_NO_OFFSET,
			  "%.*s changed while it was read", SPAN_FORMAT(entry->path));
	return outcome;
}

const struct unpacker unpacker_directory = {
	.name = "directory",
	.title = "folder",
	.role = ROLE_FILE_SYSTEM,
	.stored = true,
	.list = list,
	.read = read_file,
};
