#define _DEFAULT_SOURCE /* d_type */
#include "vuln/feed_files.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <openssl/evp.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

enum { DEPTH_MAX = 16, READ_SIZE = 256 * 1024 };

void feed_files_done(struct feed_files *files)
{
	for (size_t i = 0; i < files->count; i++)
		free(files->all[i].path);
	free(files->all);
	*files = (struct feed_files){ 0 };
}

/* Reads files for their digests, one after the other. */
struct digester {
	EVP_MD_CTX *context;
	uint8_t *bytes;
};

static bool read_digest(int descriptor, const struct digester *digester, struct feed_file *file)
{
	ssize_t got = EVP_DigestInit_ex(digester->context, EVP_sha256(), NULL) == 1 ? 1 : -1;
	while (got > 0) {
		got = read(descriptor, digester->bytes, READ_SIZE);
		if (got > 0 && EVP_DigestUpdate(digester->context, digester->bytes, (size_t)got) != 1)
			return false;
		file->size += got > 0 ? (uint64_t)got : 0;
	}
	return got == 0 && EVP_DigestFinal_ex(digester->context, file->digest, NULL) == 1;
}

static bool make_digest(const struct digester *digester, struct feed_file *file)
{
	int descriptor = open(file->path, O_RDONLY | O_CLOEXEC);
	bool done = descriptor >= 0 && read_digest(descriptor, digester, file);
	if (descriptor >= 0)
		(void)close(descriptor);
	return done;
}

static bool grow(struct feed_files *files)
{
	size_t capacity = files->capacity ? files->capacity * 2 : 64;
	struct feed_file *grown = realloc(files->all, capacity * sizeof *grown);
	if (!grown)
		return false;
	files->all = grown;
	files->capacity = capacity;
	return true;
}

/* What the walk through folders carries. */
struct walk {
	struct feed_files *files;
	struct digester digester;
	struct notes *notes;
};

/* Takes the path over. */
static bool add_file(struct walk *walk, char *path)
{
	struct feed_files *files = walk->files;
	struct notes *notes = walk->notes;
	struct feed_file file = { .path = path };
	if (!make_digest(&walk->digester, &file)) {
		notes_add(notes, NOTE_WARNING, "feed.unreadable", NOTE_NO_OFFSET, "%s cannot be read", path);
		free(path);
		return true;
	}
	if (files->count == FEED_FILES_MAX || (files->count == files->capacity && !grow(files))) {
		free(path);
		return false;
	}
	files->all[files->count++] = file;
	return true;
}

static char *join(const char *folder, const char *name)
{
	size_t size = strlen(folder) + strlen(name) + 2;
	char *path = malloc(size);
	if (path)
		(void)snprintf(path, size, "%s/%s", folder, name);
	return path;
}

static bool add_below(struct walk *walk, const char *folder, int depth);

static bool add_entry(struct walk *walk, char *path, int depth)
{
	struct notes *notes = walk->notes;
	struct stat status;
	bool known = stat(path, &status) == 0;
	if (known && S_ISREG(status.st_mode))
		return add_file(walk, path);
	bool done = true;
	if (!known)
		notes_add(notes, NOTE_WARNING, "feed.unreadable", NOTE_NO_OFFSET, "%s cannot be read", path);
	if (known && S_ISDIR(status.st_mode) && depth < DEPTH_MAX)
		done = add_below(walk, path, depth + 1);
	else if (known && S_ISDIR(status.st_mode))
		notes_add(notes, NOTE_WARNING, "feed.too-deep", NOTE_NO_OFFSET, "%s lies too deep and was not read", path);
	free(path);
	return done;
}

static bool add_below(struct walk *walk, const char *folder, int depth)
{
	struct notes *notes = walk->notes;
	DIR *directory = opendir(folder);
	struct dirent *entry;
	bool done = true;
	if (!directory && depth == 0)
		return false;
	if (!directory) {
		notes_add(notes, NOTE_WARNING, "feed.unreadable", NOTE_NO_OFFSET, "%s cannot be read", folder);
		return true;
	}
	while (done && (entry = readdir(directory))) {
		struct span name = span_of_text(entry->d_name);
		if (span_byte(name, 0) == '.' || span_equal_text(name, "SHA256SUMS")) /* what a fetch keeps beside feeds */
			continue;
		char *path = join(folder, entry->d_name);
		if (path && entry->d_type == DT_REG)
			done = add_file(walk, path);
		else
			done = path && add_entry(walk, path, depth);
	}
	(void)closedir(directory);
	return done;
}

bool feed_files_add(struct feed_files *files, const char *folder, struct notes *notes)
{
	struct walk walk = { .files = files, .notes = notes,
			     .digester = { .context = EVP_MD_CTX_new(), .bytes = malloc(READ_SIZE) } };
	bool done = walk.digester.context && walk.digester.bytes && add_below(&walk, folder, 0);
	int error = errno;
	EVP_MD_CTX_free(walk.digester.context);
	free(walk.digester.bytes);
	errno = error;
	return done;
}

static int compare_files(const void *left, const void *right)
{
	const struct feed_file *a = left, *b = right;
	return memcmp(a->digest, b->digest, SHA256_SIZE);
}

void feed_files_order(struct feed_files *files)
{
	size_t kept = 0;
	if (files->count > 0)
		qsort(files->all, files->count, sizeof *files->all, compare_files);
	for (size_t i = 0; i < files->count; i++) {
		if (kept > 0 && compare_files(&files->all[kept - 1], &files->all[i]) == 0) {
			free(files->all[i].path);
			files->repeated++;
			continue;
		}
		files->all[kept++] = files->all[i];
	}
	files->count = kept;
}
