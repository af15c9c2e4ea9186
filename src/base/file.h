/* Whole files: mapped for reading, written in one go. The edge to the operating system. */
#ifndef ASSAY_BASE_FILE_H
#define ASSAY_BASE_FILE_H

#include <stdbool.h>
#include <time.h>

#include "base/buffer.h"

/* A file's bytes, mapped or read; writable never. */
struct file_view {
	struct span bytes;
	bool mapped;
	int descriptor;           /* of a mapped file */
	struct timespec modified; /* a mapped file, when it was opened */
};

/* Maps a regular file, or reads a pipe (the path "-" is standard input) up to ceiling bytes. False with errno set. */
bool file_view_open(const char *path, size_t ceiling, struct file_view *out);
/* As file_view_open(), of a regular file below an open directory; a link is not followed. */
bool file_view_open_at(int directory, const char *path, size_t ceiling, struct file_view *out);
/* Whether a mapped file has been written to or cut short since it was opened: its bytes are then no file that ever was. */
bool file_view_changed(const struct file_view *view);
void file_view_close(struct file_view *view);

/* Writes all bytes to a descriptor. False with errno set. */
bool file_write_all(int descriptor, struct span bytes);
/*
 * Puts bytes into a file of a folder, in place of what is there, at once: they are written and synchronized under the other name
 * first. False with errno set.
 */
bool file_replace_at(int folder, const char *temporary, const char *name, struct span bytes);

#endif
