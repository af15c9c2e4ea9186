#define _GNU_SOURCE /* O_TMPFILE, statx */
#include "cli/output.h"

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <unistd.h>

#include "cli/command.h"
#include "cli/committer.h"
#include "cli/output_path.h"

static bool cannot_write(const struct output *output)
{
	(void)unusable("cannot write %s: %s", output->path, strerror(errno));
	return false;
}

/* Pipes and devices take bytes as they come; so does a file that is open already under a number. */
static bool open_direct(struct output *output)
{
	output->direct = true;
	output->descriptor = open(output->path, O_WRONLY | O_CLOEXEC | O_NOCTTY);
	return output->descriptor >= 0 || cannot_write(output);
}

static bool is_open_already(struct stat status, int descriptor)
{
	struct stat open;
	return fstat(descriptor, &open) == 0 && open.st_dev == status.st_dev && open.st_ino == status.st_ino;
}

/* A file that something is mounted on cannot be replaced: better told now than after the work. */
static bool is_mount_point(const struct output *output)
{
	struct statx status;
	return statx(output->folder, output->name, AT_SYMLINK_NOFOLLOW, 0, &status) == 0 &&
	       (status.stx_attributes & STATX_ATTR_MOUNT_ROOT) != 0;
}

/* As the old file was; else as umask has it. Who may not give a file away keeps it. */
static void keep_mode(const struct output *output)
{
	if (!output->exists)
		return;
	bool same = output->old.st_uid == geteuid() && output->old.st_gid == getegid();
	if (!same && fchown(output->descriptor, output->old.st_uid, output->old.st_gid) != 0)
		(void)!fchown(output->descriptor, (uid_t)-1, output->old.st_gid);
	(void)fchmod(output->descriptor, output->old.st_mode & 0777);
}

/* A file without a name leaves nothing behind, whatever happens; not every file system has them. */
static bool open_unnamed(struct output *output)
{
	if (access("/proc/self/fd", X_OK) != 0)
		return false;
	output->descriptor = openat(output->folder, ".", O_TMPFILE | O_WRONLY | O_CLOEXEC, 0644);
	return output->descriptor >= 0;
}

static bool open_named(struct output *output)
{
	uint64_t number = 0;
	(void)getrandom(&number, sizeof number, 0);
	(void)snprintf(output->temporary, sizeof output->temporary, ".assay-%016llx.tmp", (unsigned long long)number);
	output->descriptor = openat(output->folder, output->temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644);
	if (output->descriptor < 0)
		output->temporary[0] = '\0';
	return output->descriptor >= 0;
}

static bool refuse_old(const struct output *output)
{
	if (S_ISDIR(output->old.st_mode))
		errno = EISDIR;
	else if (is_mount_point(output))
		errno = EBUSY;
	else
		return faccessat(output->folder, output->name, W_OK, AT_EACCESS) != 0;
	return true;
}

static bool open_beside(struct output *output)
{
	output->exists = fstatat(output->folder, output->name, &output->old, AT_SYMLINK_NOFOLLOW) == 0;
	return !output->exists || !refuse_old(output) || cannot_write(output);
}

/* Makes the files that take the bytes: only after nothing was found against any output. */
static bool make_files(struct outputs *outputs)
{
	for (int i = 0; i < outputs->count; i++) {
		struct output *output = &outputs->all[i];
		if (output->direct)
			continue;
		if ((output->named || !open_unnamed(output)) && !open_named(output))
			return cannot_write(output);
		keep_mode(output);
	}
	return true;
}

static struct output *add(struct outputs *outputs, const char *report, const char *path)
{
	if (outputs->count == OUTPUTS_MAX) {
		(void)unusable("too many outputs: %s", path);
		return NULL;
	}
	struct output *output = &outputs->all[outputs->count++];
	*output = (struct output){ .report = report, .path = path, .descriptor = -1, .folder = -1 };
	return output;
}

/* A name of what is standard output already: its bytes go behind what stands there. */
static bool names_standard_output(const char *path)
{
	struct stat status;
	if (strcmp(path, "-") == 0)
		return true;
	return stat(path, &status) == 0 && is_open_already(status, STDOUT_FILENO) &&
	       (!S_ISREG(status.st_mode) || output_path_is_descriptor(path));
}

static bool open_path(struct output *output)
{
	struct stat status;
	bool exists = stat(output->path, &status) == 0;
	if (names_standard_output(output->path)) {
		output->direct = true;
		output->descriptor = STDOUT_FILENO;
		return true;
	}
	if (exists && S_ISDIR(status.st_mode)) {
		errno = EISDIR;
		return cannot_write(output);
	}
	if ((exists && !S_ISREG(status.st_mode)) || output_path_is_descriptor(output->path))
		return open_direct(output);
	output->folder = output_path_folder(output->path, output->name);
	return output->folder >= 0 ? open_beside(output) : cannot_write(output);
}

bool output_open(struct outputs *outputs, const char *report, const char *path)
{
	struct output *output = add(outputs, report, path);
	return output && open_path(output);
}

bool outputs_folder(struct outputs *outputs, const char *folder)
{
	if (mkdir(folder, 0755) == 0)
		outputs->made_folder = folder;
	else if (errno != EEXIST)
		return !unusable("cannot make the folder %s: %s", folder, strerror(errno));
	return true;
}

bool output_open_in(struct outputs *outputs, const char *report, const char *folder, const char *name)
{
	struct output *output = add(outputs, report, name);
	if (!output)
		return false;
	char *path = NULL;
	if (asprintf(&path, "%s/%s", folder, name) < 0) {
		errno = ENOMEM;
		return cannot_write(output);
	}
	output->path = output->owned = path;
	return open_path(output);
}

bool outputs_ready(struct outputs *outputs)
{
	if (!output_paths_differ(outputs) || !make_files(outputs))
		return false;
	bool any = outputs->made_folder != NULL;
	for (int i = 0; i < outputs->count; i++)
		any |= !outputs->all[i].direct;
	if (!any)
		return true;
	outputs->committer = committer_start(outputs);
	if (outputs->committer < 0) {
		outputs->committer = 0;
		(void)unusable("cannot start the process that puts outputs in place: %s", strerror(errno));
		return false;
	}
	return true;
}

static bool write_all(int descriptor, const char *bytes, size_t size)
{
	while (size > 0) {
		ssize_t written = write(descriptor, bytes, size);
		if (written < 0 && errno == EINTR)
			continue;
		if (written <= 0)
			return false;
		bytes += written;
		size -= (size_t)written;
	}
	return true;
}

bool output_sync(struct output *output)
{
	/* Some file systems cannot, and say so. */
	return fsync(output->descriptor) == 0 || errno == EINVAL || cannot_write(output);
}

void output_temporary_path(const struct output *output, char *path, size_t size)
{
	(void)snprintf(path, size, "/proc/self/fd/%d/%s", output->folder, output->temporary);
}

/* A reader that has had enough is no failure. */
bool output_write(struct output *output, const void *bytes, size_t size)
{
	bool written = write_all(output->descriptor, bytes, size) || (output->direct && errno == EPIPE);
	if (!written)
		return cannot_write(output);
	return output->direct || output_sync(output);
}

bool outputs_commit(struct outputs *outputs)
{
	int failed = outputs->committer ? committer_commit(outputs->committer) : -1;
	return failed < 0 || cannot_write(&outputs->all[failed]);
}

void outputs_take_away(const struct outputs *outputs)
{
	for (int i = 0; i < outputs->count; i++)
		if (!outputs->all[i].direct && outputs->all[i].temporary[0])
			(void)unlinkat(outputs->all[i].folder, outputs->all[i].temporary, 0);
	if (outputs->made_folder)
		(void)rmdir(outputs->made_folder); /* which fails, rightly, where something lies in it */
}

static void close_descriptor(int descriptor)
{
	if (descriptor > STDERR_FILENO)
		(void)close(descriptor);
}

void outputs_close(struct outputs *outputs)
{
	if (outputs->committer)
		committer_end(outputs->committer);
	else
		outputs_take_away(outputs);
	for (int i = 0; i < outputs->count; i++) {
		close_descriptor(outputs->all[i].descriptor);
		close_descriptor(outputs->all[i].folder);
		free(outputs->all[i].owned);
	}
	*outputs = (struct outputs){ 0 };
}

bool output_is_standard(const struct output *output)
{
	return output->descriptor == STDOUT_FILENO;
}

bool outputs_protect(struct outputs *outputs, const char *name, const struct stat *status)
{
	if (outputs->input_count == IDENTITIES_MAX)
		return !unusable("too many inputs: %s", name);
	outputs->inputs[outputs->input_count++] = (struct identity){ .name = name, .status = *status };
	return true;
}
