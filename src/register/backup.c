#define _GNU_SOURCE /* copy_file_range() */
#include "register/backup.h"

#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"

enum { NAME_ROOM = 96 };
static const size_t OBJECT_CEILING = (size_t)1 << 40;

static enum outcome fail(struct registry *registry, const char *path)
{
	return registry_fail(registry, MALFORMED, "%s: %s", path, strerror(errno));
}

static bool synchronize(const char *path, int flags)
{
	int descriptor = open(path, O_RDONLY | O_CLOEXEC | flags);
	bool done = descriptor >= 0 && fsync(descriptor) == 0;
	int why = errno;
	if (descriptor >= 0)
		(void)close(descriptor);
	errno = why;
	return done;
}

static bool synchronize_folder_of(const char *path)
{
	char copy[PATH_MAX];
	(void)snprintf(copy, sizeof copy, "%s", path);
	return synchronize(dirname(copy), O_DIRECTORY);
}

/* Whether the event that the copy ends with is the source's too: a copy that is whole in itself may be another register's. */
static enum outcome compare_heads(struct registry *registry, const struct verification *copy)
{
	if (copy->events == 0)
		return DONE;
	struct rows rows = rows_start(registry->database, "SELECT hash FROM event WHERE sequence = ?1");
	rows_bind(&rows, 1, value_integer(copy->events));
	bool same = rows_next(&rows) && span_equal_text(rows_text(&rows, 0), copy->head);
	TRY(registry_done(registry, rows_end(&rows), "comparing the copy"));
	return same ? DONE : registry_fail(registry, MALFORMED, "the copy does not end with an event of the register");
}

static enum outcome check(struct registry *registry, const char *copied, struct verification *out)
{
	struct registry copy;
	enum outcome outcome = registry_open(&copy, copied, false);
	if (outcome == DONE)
		outcome = verify(&copy, out);
	if (outcome != DONE)
		(void)registry_fail(registry, outcome, "the register does not hold, and no backup was made: %s", copy.error);
	registry_close(&copy);
	TRY(outcome);
	return compare_heads(registry, out);
}

/* Copies bytes where no link can be made: the folder is on another file system, or on one that knows none. */
static bool copy_object(int from, int to, const char *name, const char *temporary)
{
	struct file_view view;
	if (!file_view_open_at(from, name, OBJECT_CEILING, &view))
		return false;
	bool done = file_replace_at(to, temporary, name, view.bytes);
	int why = errno;
	file_view_close(&view);
	errno = why;
	return done;
}

static enum outcome take_object(struct registry *registry, int from, int to, struct span digest, struct backup *out)
{
	char folder[3] = "", name[NAME_ROOM], temporary[NAME_ROOM];
	if (digest.size != 64)
		return DONE; /* it names no object */
	(void)snprintf(folder, sizeof folder, "%.2s", (const char *)digest.data);
	(void)snprintf(name, sizeof name, "%s/%.*s.zst", folder, SPAN_FORMAT(digest));
	(void)snprintf(temporary, sizeof temporary, "%s/.%ld", folder, (long)getpid());
	if (faccessat(from, name, R_OK, AT_EACCESS) != 0 && errno == ENOENT) {
		if (out->missing++ == 0)
			(void)snprintf(out->first_missing, sizeof out->first_missing, "%.*s", SPAN_FORMAT(digest));
		return DONE;
	}
	if (mkdirat(to, folder, 0777) != 0 && errno != EEXIST)
		return fail(registry, name);
	if (linkat(from, name, to, name, 0) != 0 && errno != EEXIST && !copy_object(from, to, name, temporary))
		return fail(registry, name);
	out->objects++;
	return DONE;
}

static enum outcome take_objects(struct registry *registry, struct registry *copy, int from, int to, struct backup *out)
{
	enum outcome outcome = DONE;
	struct rows rows = rows_start(copy->database, "SELECT saved FROM result UNION SELECT saved FROM component"
						      " UNION SELECT sha256 FROM document ORDER BY 1");
	while (outcome == DONE && rows_next(&rows))
		outcome = take_object(registry, from, to, rows_text(&rows, 0), out);
	enum outcome read = registry_done(copy, rows_end(&rows), "reading the copy");
	TRY(outcome);
	return read == DONE ? DONE : registry_fail(registry, read, "%s", copy->error);
}

static enum outcome copy_objects(struct registry *registry, const char *copied, int from, int to, struct backup *out)
{
	struct registry copy;
	enum outcome outcome = registry_open(&copy, copied, false);
	if (outcome == DONE)
		outcome = take_objects(registry, &copy, from, to, out);
	else
		(void)registry_fail(registry, outcome, "%s: %s", copied, copy.error);
	registry_close(&copy);
	return outcome;
}

static enum outcome copy_and_check(struct registry *registry, const char *temporary, const char *path, int from, int to,
				   struct backup *out)
{
	const struct value where[] = { value_word(temporary) };
	TRY(registry_done(registry, database_run(registry->database, "VACUUM INTO ?1", where, 1), "copying the register"));
	TRY(check(registry, temporary, &out->verified));
	TRY(copy_objects(registry, temporary, from, to, out));
	/* Unlike rename(), link() never takes the place of what came to be there meanwhile. */
	if (syncfs(to) != 0 || !synchronize(temporary, 0) || link(temporary, path) != 0 || !synchronize_folder_of(path))
		return fail(registry, path);
	return DONE;
}

static void forget(const char *temporary)
{
	static const char *const tails[] = { "", "-wal", "-shm", "-journal" };
	char path[PATH_MAX + 16];
	for (size_t i = 0; i < sizeof tails / sizeof *tails; i++) {
		(void)snprintf(path, sizeof path, "%s%s", temporary, tails[i]);
		(void)unlink(path);
	}
}

enum outcome backup_make(struct registry *registry, const char *path, int from, int to, struct backup *out)
{
	char temporary[PATH_MAX];
	struct stat there;
	*out = (struct backup){ 0 };
	if (strcmp(database_engine(registry->database), "sqlite") != 0)
		return registry_fail(registry, UNSUPPORTED, "the register is no file");
	if (lstat(path, &there) == 0)
		return registry_fail(registry, MALFORMED, "%s is there already; a backup takes nothing's place", path);
	if (snprintf(temporary, sizeof temporary, "%s.%ld.partial", path, (long)getpid()) >= (int)sizeof temporary)
		return registry_fail(registry, MALFORMED, "%s: the path is too long", path);
	forget(temporary);
	enum outcome outcome = copy_and_check(registry, temporary, path, from, to, out);
	forget(temporary);
	return outcome;
}
