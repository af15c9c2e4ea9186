/* assay watch DIR: matches saved results again, and tells what has become known of them since they were saved. */
#define _GNU_SOURCE /* scandirat() */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/query.h"
#include "cli/session.h"

enum { FOLDERS_DEEP_MAX = 16, PATH_SIZE = 4096 };
static const size_t RESULT_CEILING = (size_t)4 << 30;

struct watch {
	struct session *session;
	struct assay *news;   /* a database of no image: its temporary table `news` takes all rows */
	sqlite3_stmt *insert;
	size_t checked, unread; /* results */
	int64_t rows;
};

static int ends_in_assay(const char *name)
{
	size_t length = strlen(name);
	return length > 6 && strcmp(name + length - 6, ".assay") == 0;
}

static int unread(struct watch *watch, const char *path, const char *why)
{
	watch->unread++;
	(void)unusable("%s was not checked: %s", path, why);
	return EXIT_DONE;
}

static bool keep_row(struct watch *watch, const char *path, const struct assay_rows *rows)
{
	(void)sqlite3_reset(watch->insert);
	(void)sqlite3_bind_text(watch->insert, 1, path, -1, SQLITE_TRANSIENT);
	for (int i = 0; i < assay_rows_columns(rows); i++) {
		enum assay_type type = assay_rows_type(rows, i);
		if (type == ASSAY_REAL)
			(void)sqlite3_bind_double(watch->insert, i + 2, assay_rows_real(rows, i));
		else if (type == ASSAY_NULL)
			(void)sqlite3_bind_null(watch->insert, i + 2);
		else
			(void)sqlite3_bind_text(watch->insert, i + 2, assay_rows_text(rows, i, NULL), -1, SQLITE_TRANSIENT);
	}
	watch->rows++;
	return sqlite3_step(watch->insert) == SQLITE_DONE;
}

static int collect(struct watch *watch, const char *path, struct assay *assay)
{
	struct assay_rows *rows = NULL;
	bool kept = assay_query(assay, assay_listing("changes"), 0, &rows) == ASSAY_DONE;
	while (kept && assay_rows_next(rows))
		kept = keep_row(watch, path, rows);
	if (assay_rows_end(rows) != ASSAY_DONE || !kept)
		return unread(watch, path, assay_error(assay)[0] ? assay_error(assay) : "out of memory");
	watch->checked++;
	return EXIT_DONE;
}

static int check(struct watch *watch, int directory, const char *name, const char *path)
{
	struct file_view view = { 0 };
	struct assay *assay = NULL;
	if (!file_view_open_at(directory, name, RESULT_CEILING, &view))
		return unread(watch, path, strerror(errno));
	enum assay_status status = session_recheck(watch->session, view.bytes, &assay);
	int code = status == ASSAY_DONE ? collect(watch, path, assay) : unread(watch, path, assay_error(assay));
	if (status == ASSAY_DONE && file_view_changed(&view))
		code = unread(watch, path, "it changed while it was read");
	assay_free(assay);
	file_view_close(&view);
	return code;
}

static int walk(struct watch *watch, int directory, const char *path, int depth);

static int visit(struct watch *watch, int directory, const char *folder, const char *name, int depth)
{
	char path[PATH_SIZE];
	struct stat status;
	if (strcmp(name, ".") == 0 || strcmp(name, "..") == 0)
		return EXIT_DONE;
	if (snprintf(path, sizeof path, "%s/%s", folder, name) >= (int)sizeof path)
		return unread(watch, folder, "a path in it is too long");
	if (fstatat(directory, name, &status, AT_SYMLINK_NOFOLLOW) != 0)
		return unread(watch, path, strerror(errno));
	if (S_ISREG(status.st_mode) && ends_in_assay(name))
		return check(watch, directory, name, path);
	if (!S_ISDIR(status.st_mode))
		return EXIT_DONE;
	if (depth == 0)
		return unread(watch, path, "it lies too deep in folders");
	int inner = openat(directory, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW);
	return inner < 0 ? unread(watch, path, strerror(errno)) : walk(watch, inner, path, depth - 1);
}

static int no_choice(const struct dirent *entry)
{
	return entry->d_name[0] != '\0';
}

/* Takes the descriptor over. In the order of the names. */
static int walk(struct watch *watch, int directory, const char *path, int depth)
{
	struct dirent **names = NULL;
	int status = EXIT_DONE, count = scandirat(directory, ".", &names, no_choice, alphasort);
	if (count < 0)
		status = unread(watch, path, strerror(errno));
	for (int i = 0; i < count; i++) {
		if (status == EXIT_DONE)
			status = visit(watch, directory, path, names[i]->d_name, depth);
		free(names[i]);
	}
	free(names);
	(void)close(directory);
	return status;
}

static bool begin(struct watch *watch)
{
	if (assay_schema(&watch->news) != ASSAY_DONE)
		return false;
	sqlite3 *database = assay_database(watch->news);
	return sqlite3_exec(database, "CREATE TEMP TABLE news (result, change, id, component, version, severity, cvss, epss,"
				      " exploited, was, status, premise, reason)", NULL, NULL, NULL) == SQLITE_OK &&
	       sqlite3_prepare_v2(database, "INSERT INTO news VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)",
				  -1, &watch->insert, NULL) == SQLITE_OK;
}

/* 0: nothing is new, and all were checked; 1: something is; 2: something was not checked. */
static int tell(struct watch *watch)
{
	const struct options *options = watch->session->options;
	int status = EXIT_DONE;
	if (watch->checked + watch->unread == 0)
		return unusable("%s holds no saved results (files that end in .assay)", watch->session->inputs[0].name);
	if (watch->rows > 0 || options->format != TABLE_TEXT)
		status = query_print(watch->news, "SELECT * FROM news ORDER BY rowid", options);
	if (status != EXIT_DONE)
		return status;
	if (options->format == TABLE_TEXT)
		(void)printf("%zu checked, %lld %s\n", watch->checked, (long long)watch->rows,
			     watch->rows == 1 ? "change" : "changes");
	return watch->unread > 0 ? EXIT_UNUSABLE : watch->rows > 0 ? EXIT_GATE : EXIT_DONE;
}

static int watch_folder(struct session *session)
{
	struct watch watch = { .session = session };
	const struct input *input = &session->inputs[0];
	int status = session_check(session);
	if (status != EXIT_DONE)
		return status;
	if (input->directory < 0)
		return unusable("%s is no folder; name one with saved results (assay IMAGE --save FILE.assay)", input->name);
	if (begin(&watch)) {
		int directory = dup(input->directory);
		status = directory < 0 ? unusable("%s: %s", input->name, strerror(errno))
				       : walk(&watch, directory, input->name, FOLDERS_DEEP_MAX);
		if (status == EXIT_DONE)
			status = tell(&watch);
	} else {
		status = unusable("out of memory");
	}
	(void)sqlite3_finalize(watch.insert);
	assay_free(watch.news);
	return status;
}

static int run(const struct arguments *arguments)
{
	return session_run(arguments, 1, 1, "usage: assay watch DIR", watch_folder);
}

const struct command command_watch = {
	.name = "watch",
	.usage = "DIR",
	.summary = "check saved results again, and say what is new",
	.options = OPTIONS_JUDGING | OPTIONS_STORE | OPTIONS_RUN | OPTIONS_TABLE,
	.run = run,
};
