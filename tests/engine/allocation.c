/*
 * Memory that is refused once, at one place after the other, while small images of several kinds are assayed: nothing
 * crashes, nothing leaks, no result is silently better than the whole one, and a failure says that it was memory.
 *
 * Every child refuses one request: of the C library by any library (this program's malloc() and kin stand before all
 * others'), or of an arena (the linker's --wrap). allocation IMAGE...: with SLOW set in the environment every request is
 * refused in turn, else a sample that begins with the first ones, and one of those for much; with AT=number that one alone,
 * and in this process, so that a debugger can stop in refusing().
 */
#define _GNU_SOURCE
#include <errno.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <sqlite3.h>

#include "assay/assay.h"
#include "base/arena.h"
#include "base/file.h"
#include "base/shortage.h"

extern void *__libc_malloc(size_t size);
extern void *__libc_calloc(size_t count, size_t size);
extern void *__libc_realloc(void *memory, size_t size);
extern void *__libc_memalign(size_t alignment, size_t size);
extern void __libc_free(void *memory);

/* Requests since it was armed, and the one that is refused (0: none); what is allocated and not freed. */
static _Atomic long requests, refuse_at, living;
static _Atomic int armed;

/* Where a debugger stops, to see who asked. */
__attribute__((noinline)) static void refusing(void)
{
	__asm__ volatile("");
}

/* Requests for much: buffers and new pages of arenas, few of so many, and those whose lack hurts. */
enum { MUCH = 32 << 10, MUCH_MAX = 4096 };
static long much[MUCH_MAX];
static long much_count;

static int refuses(size_t size)
{
	if (!armed)
		return 0;
	++requests;
	if (size >= MUCH && refuse_at == 0 && much_count < MUCH_MAX)
		much[much_count++] = requests;
	if (requests != refuse_at)
		return 0;
	refusing();
	return 1;
}

static void *given(void *memory)
{
	living += memory != NULL;
	return memory;
}

void *malloc(size_t size)
{
	return refuses(size) ? (errno = ENOMEM, NULL) : given(__libc_malloc(size));
}

void *calloc(size_t count, size_t size)
{
	return refuses(count * size) ? (errno = ENOMEM, NULL) : given(__libc_calloc(count, size));
}

void *realloc(void *memory, size_t size)
{
	if (refuses(size))
		return errno = ENOMEM, NULL;
	void *larger = __libc_realloc(memory, size);
	living += memory == NULL && larger != NULL;
	return larger;
}

int posix_memalign(void **out, size_t alignment, size_t size)
{
	void *memory = refuses(size) ? NULL : given(__libc_memalign(alignment, size));
	if (memory)
		*out = memory;
	return memory ? 0 : ENOMEM;
}

void *aligned_alloc(size_t alignment, size_t size)
{
	return refuses(size) ? (errno = ENOMEM, NULL) : given(__libc_memalign(alignment, size));
}

void *memalign(size_t alignment, size_t size)
{
	return aligned_alloc(alignment, size);
}

void free(void *memory)
{
	living -= memory != NULL;
	__libc_free(memory);
}

void *__real_arena_allocate(struct arena *arena, size_t count, size_t size);
void *__real_arena_grow(struct arena *arena, void *things, size_t count, size_t *capacity, size_t size);
struct span __real_arena_copy(struct arena *arena, struct span bytes);
char *__real_arena_text(struct arena *arena, struct span bytes);
void *__wrap_arena_allocate(struct arena *arena, size_t count, size_t size);
void *__wrap_arena_grow(struct arena *arena, void *things, size_t count, size_t *capacity, size_t size);
struct span __wrap_arena_copy(struct arena *arena, struct span bytes);
char *__wrap_arena_text(struct arena *arena, struct span bytes);
struct span __wrap_arena_format(struct arena *arena, const char *format, ...);

static int arena_refuses(struct arena *arena)
{
	int refused = refuses(0);
	arena->refused = arena->refused || refused;
	if (refused)
		shortage_set();
	return refused;
}

void *__wrap_arena_allocate(struct arena *arena, size_t count, size_t size)
{
	return arena_refuses(arena) ? NULL : __real_arena_allocate(arena, count, size);
}

void *__wrap_arena_grow(struct arena *arena, void *things, size_t count, size_t *capacity, size_t size)
{
	return arena_refuses(arena) ? NULL : __real_arena_grow(arena, things, count, capacity, size);
}

struct span __wrap_arena_copy(struct arena *arena, struct span bytes)
{
	return arena_refuses(arena) ? SPAN_NONE : __real_arena_copy(arena, bytes);
}

char *__wrap_arena_text(struct arena *arena, struct span bytes)
{
	return arena_refuses(arena) ? NULL : __real_arena_text(arena, bytes);
}

struct span __wrap_arena_format(struct arena *arena, const char *format, ...)
{
	va_list arguments, again;
	if (arena_refuses(arena))
		return SPAN_NONE;
	va_start(arguments, format);
	va_copy(again, arguments);
	int size = vsnprintf(NULL, 0, format, arguments);
	char *text = size < 0 ? NULL : __real_arena_allocate(arena, (size_t)size + 1, 1);
	if (text)
		(void)vsnprintf(text, (size_t)size + 1, format, again);
	va_end(again);
	va_end(arguments);
	return text ? span_of(text, (size_t)size) : SPAN_NONE;
}

/* What a result says, as far as it may only get worse. */
struct sayings {
	enum assay_status status;
	int ceiling;
	long long failed, shown, findings, facts, told; /* told: rows that say that memory was short */
	char *report;
	size_t report_size;
};

static long long number(struct assay *assay, const char *sql)
{
	sqlite3_stmt *statement = NULL;
	long long value = -1;
	if (sqlite3_prepare_v2(assay_database(assay), sql, -1, &statement, NULL) == SQLITE_OK &&
	    sqlite3_step(statement) == SQLITE_ROW)
		value = sqlite3_column_int64(statement, 0);
	(void)sqlite3_finalize(statement);
	return value;
}

/* Refuses while it assays and reports, and nothing while it is asked what came of it. */
static const char *run(struct span image, long refused, struct sayings *out)
{
	struct assay_options options = ASSAY_OPTIONS_INIT;
	struct assay *assay = NULL;
	static char error[256];
	options.jobs = 1;
	*out = (struct sayings){ 0 };
	requests = 0;
	refuse_at = refused;
	armed = 1;
	out->status = assay_image(image.data, image.size, "small", &options, &assay);
	if (out->status == ASSAY_DONE)
		out->status = assay_report(assay, "json", &out->report, &out->report_size);
	armed = 0;
	snprintf(error, sizeof error, "%s", assay ? assay_error(assay) : "no memory");
	if (out->status == ASSAY_DONE) {
		out->ceiling = assay_ceiling(assay);
		out->failed = number(assay, "SELECT count(*) FROM verdict WHERE verdict = 'failed'");
		out->shown = number(assay, "SELECT count(*) FROM verdict WHERE verdict = 'shown'");
		out->findings = number(assay, "SELECT count(*) FROM finding");
		out->facts = number(assay, "SELECT count(*) FROM witness") + number(assay, "SELECT count(*) FROM account") +
			     number(assay, "SELECT count(*) FROM service") + number(assay, "SELECT count(*) FROM file");
		out->told = number(assay, "SELECT count(*) FROM incomplete WHERE cause = 'memory'");
	}
	assay_free(assay);
	return error;
}

static int worse(const char *what, long refused)
{
	printf("# request %ld refused: %s\n", refused, what);
	return 1;
}

/* In a child: 0 where all holds. */
static int try_one(struct span image, long refused, const struct sayings *whole, long left)
{
	struct sayings got;
	long before = living;
	const char *error = run(image, refused, &got);
	bool same = got.report_size == whole->report_size && got.report &&
		    memcmp(got.report, whole->report, got.report_size) == 0;
	assay_release(got.report);
	if (living - before > left)
		return worse("memory leaks", refused);
	if (got.status == ASSAY_NO_MEMORY)
		return strstr(error, "memory") ? 0 : worse(error[0] ? error : "the message is empty", refused);
	if (got.status != ASSAY_DONE)
		return worse(error[0] ? error : "it failed without words, and not for memory", refused);
	if (same || got.told > 0)
		return 0;
	if (got.shown > whole->shown || got.failed < whole->failed || got.findings < whole->findings ||
	    got.ceiling > whole->ceiling || got.facts < whole->facts)
		return worse("the result is silently better", refused);
	return worse("the result differs, and does not say that memory was short", refused);
}

static bool holds_in_child(struct span image, long refused, const struct sayings *whole, long left)
{
	int status;
	fflush(stdout);
	pid_t child = fork();
	if (child == 0) {
		alarm(60);
		int code = try_one(image, refused, whole, left);
		fflush(stdout);
		_exit(code);
	}
	if (child < 0 || waitpid(child, &status, 0) != child)
		return false;
	if (WIFSIGNALED(status))
		printf("# request %ld refused: ended by signal %d\n", refused, WTERMSIG(status));
	return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

enum { FIRST = 60, SAMPLES = 240, TOLD_MAX = 12 };

static bool check_image(const char *path)
{
	struct file_view view;
	struct sayings whole, again;
	long failures = 0;
	if (!file_view_open(path, 16 << 20, &view))
		return false;
	(void)run(view.bytes, 0, &again); /* what libraries keep for good is taken now */
	assay_release(again.report);
	long before = living;
	much_count = 0;
	(void)run(view.bytes, 0, &whole);
	long all = requests, left = living - before - 1; /* the report is kept */
	const char *slow = getenv("SLOW"), *only = getenv("AT");
	if (only)
		return try_one(view.bytes, atol(only), &whole, left > 0 ? left : 0) == 0;
	long step = slow || all < FIRST + SAMPLES ? 1 : (all - FIRST) / SAMPLES + 1;
	for (long at = 1; at <= all && failures < TOLD_MAX; at += at < FIRST ? 1 : step)
		failures += !holds_in_child(view.bytes, at, &whole, left > 0 ? left : 0);
	for (long i = 0; step > 1 && i < much_count && failures < TOLD_MAX; i += much_count / SAMPLES + 1)
		failures += !holds_in_child(view.bytes, much[i], &whole, left > 0 ? left : 0);
	printf("# %s: %ld requests, every %ld. refused, and of %ld for much\n", path, all, step, much_count);
	assay_release(whole.report);
	file_view_close(&view);
	return failures == 0 && all > 0;
}

int main(int count, char **paths)
{
	bool all = true;
	printf("1..%d\n", count - 1);
	for (int i = 1; i < count; i++) {
		bool held = check_image(paths[i]);
		const char *name = strrchr(paths[i], '/');
		printf("%sok %d - %s\n", held ? "" : "not ", i, name ? name + 1 : paths[i]);
		all = all && held;
	}
	return !all;
}
