#define _POSIX_C_SOURCE 200809L
#include "vuln/feed_files.h"

#include <dirent.h>
#include <openssl/evp.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

enum { DEPTH_MAX = 16, READ_SIZE = 256 * 1024 };

void feed_files_done(struct feed_files *files)
{
	for (size_t i = 0; i < files->count; i++)
		free(files->all[i].path);
	free(files->all);
	*files = (struct feed_files){ 0 };
}

static bool read_digest(FILE *stream, uint8_t *bytes, struct feed_file *file)
{
	EVP_MD_CTX *context = EVP_MD_CTX_new();
	bool done = context && EVP_DigestInit_ex(context, EVP_sha256(), NULL) == 1;
	for (size_t got = READ_SIZE; done && got > 0; file->size += got) {
		got = fread(bytes, 1, READ_SIZE, stream);
		done = EVP_DigestUpdate(context, bytes, got) == 1;
	}
	done = done && !ferror(stream) && EVP_DigestFinal_ex(context, file->digest, NULL) == 1;
	EVP_MD_CTX_free(context);
	return done;
}

static bool make_digest(struct feed_file *file)
{
	FILE *stream = fopen(file->path, "rb");
	uint8_t *bytes = stream ? malloc(READ_SIZE) : NULL;
	bool done = bytes && read_digest(stream, bytes, file);
	free(bytes);
	if (stream)
		(void)fclose(stream);
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

/* Takes the path over. */
static bool add_file(struct feed_files *files, char *path, struct notes *notes)
{
	struct feed_file file = { .path = path };
	if (!make_digest(&file)) {
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

static bool add_below(struct feed_files *files, const char *folder, int depth, struct notes *notes);

static bool add_entry(struct feed_files *files, char *path, int depth, struct notes *notes)
{
	struct stat status;
	bool known = stat(path, &status) == 0;
	if (known && S_ISREG(status.st_mode))
		return add_file(files, path, notes);
	bool done = true;
	if (!known)
		notes_add(notes, NOTE_WARNING, "feed.unreadable", NOTE_NO_OFFSET, "%s cannot be read", path);
	if (known && S_ISDIR(status.st_mode) && depth < DEPTH_MAX)
		done = add_below(files, path, depth + 1, notes);
	else if (known && S_ISDIR(status.st_mode))
		notes_add(notes, NOTE_WARNING, "feed.too-deep", NOTE_NO_OFFSET, "%s lies too deep and was not read", path);
	free(path);
	return done;
}

static bool add_below(struct feed_files *files, const char *folder, int depth, struct notes *notes)
{
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
		done = path && add_entry(files, path, depth, notes);
	}
	(void)closedir(directory);
	return done;
}

bool feed_files_add(struct feed_files *files, const char *folder, struct notes *notes)
{
	return add_below(files, folder, 0, notes);
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
