#define _POSIX_C_SOURCE 200809L
#include "base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h> /* renameat() */
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

static bool read_stream(int descriptor, size_t ceiling, struct file_view *out)
{
	struct buffer bytes;
	buffer_init(&bytes, ceiling, NULL);
	for (;;) {
		if (buffer_reserve(&bytes, 1 << 16) != DONE) {
			buffer_done(&bytes);
			errno = EFBIG;
			return false;
		}
		ssize_t got = read(descriptor, bytes.data + bytes.size, bytes.capacity - bytes.size);
		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0) {
			buffer_done(&bytes);
			return false;
		}
		if (got == 0)
			break;
		bytes.size += (size_t)got;
	}
	*out = (struct file_view){ .bytes = buffer_span(&bytes) };
	return true;
}

/* The view keeps the descriptor where it is mapped. */
static bool map_regular(int descriptor, const struct stat *status, struct file_view *out)
{
	size_t size = (size_t)status->st_size;
	if (size == 0) {
		*out = (struct file_view){ 0 };
		return true;
	}
	void *bytes = mmap(NULL, size, PROT_READ, MAP_PRIVATE, descriptor, 0);
	if (bytes == MAP_FAILED)
		return false;
	*out = (struct file_view){
		.bytes = span_of(bytes, size),
		.mapped = true,
		.descriptor = descriptor,
		.modified = status->st_mtim,
	};
	return true;
}

/* Takes the descriptor over. */
static bool view_descriptor(int descriptor, size_t ceiling, struct file_view *out)
{
	if (descriptor < 0)
		return false;
	struct stat status;
	bool opened = fstat(descriptor, &status) == 0;
	if (opened && S_ISDIR(status.st_mode)) {
		errno = EISDIR;
		opened = false;
	} else if (opened && S_ISREG(status.st_mode)) {
		opened = map_regular(descriptor, &status, out);
	} else if (opened) {
		opened = read_stream(descriptor, ceiling, out);
	}
	int saved = errno;
	if (!opened || !out->mapped)
		(void)close(descriptor);
	errno = saved;
	return opened;
}

bool file_view_open(const char *path, size_t ceiling, struct file_view *out)
{
	if (strcmp(path, "-") == 0)
		return read_stream(STDIN_FILENO, ceiling, out);
	return view_descriptor(open(path, O_RDONLY | O_CLOEXEC), ceiling, out);
}

bool file_view_open_at(int directory, const char *path, size_t ceiling, struct file_view *out)
{
	return view_descriptor(openat(directory, path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK), ceiling, out);
}

bool file_view_changed(const struct file_view *view)
{
	struct stat status;
	if (!view->mapped)
		return false;
	return fstat(view->descriptor, &status) != 0 || (uint64_t)status.st_size != view->bytes.size ||
	       status.st_mtim.tv_sec != view->modified.tv_sec || status.st_mtim.tv_nsec != view->modified.tv_nsec;
}

/* munmap() and free() want pointers that are not const, to memory that was ours from the start. */
static void *owned(struct span bytes)
{
	return (void *)(uintptr_t)bytes.data;
}

void file_view_close(struct file_view *view)
{
	if (view->mapped) {
		(void)munmap(owned(view->bytes), view->bytes.size);
		(void)close(view->descriptor);
	} else {
		free(owned(view->bytes));
	}
	*view = (struct file_view){ 0 };
}

bool file_write_all(int descriptor, struct span bytes)
{
	while (bytes.size > 0) {
		ssize_t written = write(descriptor, bytes.data, bytes.size);
		if (written < 0 && errno == EINTR)
			continue;
		if (written <= 0)
			return false;
		bytes = span_from(bytes, (uint64_t)written);
	}
	return true;
}

bool file_replace_at(int folder, const char *temporary, const char *name, struct span bytes)
{
	int descriptor = openat(folder, temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0644);
	if (descriptor < 0)
		return false;
	bool written = file_write_all(descriptor, bytes) && fsync(descriptor) == 0;
	written = close(descriptor) == 0 && written;
	return written && renameat(folder, temporary, folder, name) == 0;
}
