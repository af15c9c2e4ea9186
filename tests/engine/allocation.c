/*
 * Memory that is refused once, at one place after the other, while small images of several kinds are assayed: nothing
 * crashes, nothing leaks, no result is silently better than the whole one, and a failure says that it was memory.
 *
 * Every child refuses one request: of the C library by any library (this program's malloc() and kin stand before all
 * others'), or of an arena (the linker's --wrap). What a lack does is a matter of the place that asked: of each place, told
 * by who called whom, the first request is refused, and of the others a sample. allocation IMAGE...: with SLOW set in the
 * environment every request is refused in turn. A fault is told with the calls that led to it.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <execinfo.h>
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

extern char __executable_start;
extern void *__libc_malloc(size_t size);
extern void *__libc_calloc(size_t count, size_t size);
extern void *__libc_realloc(void *memory, size_t size);
extern void *__libc_memalign(size_t alignment, size_t size);
extern void __libc_free(void *memory);

/* Requests since it was armed, and the one that is refused (0: none); what is allocated and not freed. */
static _Atomic long requests, refuse_at, living;
static _Atomic int armed;

/* The calls that led to a request: the innermost DEPTH of them, without those of this file. */
enum { DEPTH = 24, OWN = 1 };
struct calls {
	void *callers[DEPTH];
	int count;
};
static struct calls refused_calls;

/* Places that asked for the first time in this image, and in none before it. */
enum { PLACES_MAX = 1 << 14 };
static uint64_t places[PLACES_MAX];
static long first_of[PLACES_MAX];
static long place_count, first_count;
static int seeking;

static struct calls calls_here(void)
{
	struct calls calls;
	calls.count = backtrace(calls.callers, DEPTH);
	return calls;
}

static uint64_t place_of(const struct calls *calls)
{
	uint64_t place = 14695981039346656037u;
	for (int i = OWN; i < calls->count; i++)
		place = (place ^ (uintptr_t)calls->callers[i]) * 1099511628211u;
	return place ? place : 1;
}

static void note_place(void)
{
	struct calls calls = calls_here();
	uint64_t place = place_of(&calls);
	size_t slot = place % PLACES_MAX;
	while (places[slot] != 0 && places[slot] != place)
		slot = (slot + 1) % PLACES_MAX;
	if (places[slot] == place || place_count == PLACES_MAX / 2)
		return;
	places[slot] = place;
	place_count++;
	first_of[first_count++] = requests;
}

static int refuses(void)
{
	if (!armed)
		return 0;
	++requests;
	if (seeking)
		note_place();
	if (requests != refuse_at)
		return 0;
	refused_calls = calls_here();
	return 1;
}

static void *given(void *memory)
{
	living += memory != NULL;
	return memory;
}

void *malloc(size_t size)
{
	return refuses() ? (errno = ENOMEM, NULL) : given(__libc_malloc(size));
}

void *calloc(size_t count, size_t size)
{
	return refuses() ? (errno = ENOMEM, NULL) : given(__libc_calloc(count, size));
}

void *realloc(void *memory, size_t size)
{
	if (refuses())
		return errno = ENOMEM, NULL;
	void *larger = __libc_realloc(memory, size);
	living += memory == NULL && larger != NULL;
	return larger;
}

int posix_memalign(void **out, size_t alignment, size_t size)
{
	void *memory = refuses() ? NULL : given(__libc_memalign(alignment, size));
	if (memory)
		*out = memory;
	return memory ? 0 : ENOMEM;
}

void *aligned_alloc(size_t alignment, size_t size)
{
	return refuses() ? (errno = ENOMEM, NULL) : given(__libc_memalign(alignment, size));
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
	int refused = refuses();
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
	printf("# request %ld refused: %s; addr2line -fipe:", refused, what);
	for (int i = OWN; i < refused_calls.count; i++)
		printf(" %#tx", (char *)refused_calls.callers[i] - &__executable_start - 1);
	printf("\n");
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

enum { SAMPLES = 60, TOLD_MAX = 12 };

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
	(void)run(view.bytes, 0, &whole);
	long all = requests, left = living - before - 1; /* the report is kept */
	first_count = 0;
	seeking = 1;
	(void)run(view.bytes, 0, &again);
	seeking = 0;
	assay_release(again.report);
	long step = getenv("SLOW") || all < SAMPLES ? 1 : all / SAMPLES;
	for (long i = 0; i < first_count && failures < TOLD_MAX; i++)
		failures += !holds_in_child(view.bytes, first_of[i], &whole, left > 0 ? left : 0);
	for (long at = 1; at <= all && failures < TOLD_MAX; at += step)
		failures += !holds_in_child(view.bytes, at, &whole, left > 0 ? left : 0);
	printf("# %s: %ld requests of %ld new places, and every %ld.\n", path, all, first_count, step);
	assay_release(whole.report);
	file_view_close(&view);
	return failures == 0 && first_count < PLACES_MAX / 4 && all > 0;
}

int main(int count, char **paths)
{
	bool all = true;
	setenv("SOURCE_DATE_EPOCH", "1700000000", 1); /* the day is in the report */
	(void)calls_here();                           /* loads what it needs */
	printf("1..%d\n", count - 1);
	for (int i = 1; i < count; i++) {
		bool held = check_image(paths[i]);
		const char *name = strrchr(paths[i], '/');
		printf("%sok %d - %s\n", held ? "" : "not ", i, name ? name + 1 : paths[i]);
		all = all && held;
	}
	return !all;
}
