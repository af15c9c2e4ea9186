/*
 * assay-fetch: brings vulnerability data from its publishers, or from a mirror, into a folder. 'assay db update' starts it. It
 * opens connections and writes below its folder; it never sees an image, and what it fetches it only checks for being whole.
 *
 *     assay-fetch --into DIR [--feeds NAMES] [--mirror URL] [--proxy URL] [--ca FILE] [--quiet]
 *
 * Exit status: 0 all is there, 1 some could not be fetched, 2 it cannot be done.
 */
#define _POSIX_C_SOURCE 200809L
#include <curl/curl.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <time.h>
#include <unistd.h>

#include "base/embedded.h"
#include "base/shown.h"
#include "fetch/fetch.h"

enum { DONE_ALL = 0, DONE_SOME = 1, UNUSABLE = 2, MEMORY = 64 << 20, TRIES = 4, TRIES_MAX = 100 };
enum { STALL_SECONDS = 60, WHOLE_SECONDS = 4 * 60 * 60, PAUSE_MILLISECONDS = 2000, NUMBER_MAX = 1000000 };

struct arguments {
	const char *into, *feeds, *mirror, *proxy, *ca, *plan, *releases, *assets;
	long stall, pause, tries;
	bool quiet;
};

static void complain(const char *format, ...) __attribute__((format(printf, 1, 2)));
static void complain(const char *format, ...)
{
	va_list values;
	va_start(values, format);
	shown_complain(stderr, format, values);
	va_end(values);
}

static bool to_number(const char *text, long *out)
{
	uint64_t value;
	bool fine = span_to_number(span_of_text(text), NUMBER_MAX, &value);
	*out = fine ? (long)value : 0;
	return fine;
}

/* Those behind --ca are for tests, and for publishers that have moved. */
static bool parse(int argc, char **argv, struct arguments *out)
{
	const struct {
		const char *name;
		const char **text;
		long *number;
	} known[] = {
		{ "--into", &out->into, NULL }, { "--feeds", &out->feeds, NULL }, { "--mirror", &out->mirror, NULL },
		{ "--proxy", &out->proxy, NULL }, { "--ca", &out->ca, NULL }, { "--plan", &out->plan, NULL },
		{ "--releases", &out->releases, NULL }, { "--assets", &out->assets, NULL }, { "--stall", NULL, &out->stall },
		{ "--pause", NULL, &out->pause }, { "--tries", NULL, &out->tries },
	};
	for (int i = 1; i < argc; i++) {
		size_t k = 0;
		if (strcmp(argv[i], "--quiet") == 0) {
			out->quiet = true;
			continue;
		}
		while (k < sizeof known / sizeof *known && strcmp(argv[i], known[k].name) != 0)
			k++;
		if (k == sizeof known / sizeof *known || i + 1 == argc)
			return false;
		i++;
		if (known[k].text)
			*known[k].text = argv[i];
		else if (!to_number(argv[i], known[k].number))
			return false;
	}
	return out->tries >= 1 && out->tries <= TRIES_MAX && (out->into || (out->feeds && strcmp(out->feeds, "list") == 0));
}

static const char *showing; /* the file under way, on a terminal */

static void show(void *context, uint64_t done, uint64_t total)
{
	static time_t last;
	time_t now = time(NULL);
	(void)context;
	if (now == last)
		return;
	last = now;
	(void)fprintf(stderr, "\r\033[K%s: %.1f MB", showing, (double)done / 1e6);
	if (total > 0)
		(void)fprintf(stderr, " of %.1f MB", (double)total / 1e6);
}

static void end_line(const struct fetch_settings *settings)
{
	if (settings->http.progress)
		(void)fputs("\r\033[K", stderr);
}

struct counts {
	size_t all[FETCH_RESULTS];
};

/* A mirror need not have all; what it has nothing of is told, and lacking where it was asked for by name. */
static void end_feed(const struct fetch_settings *settings, const char *feed, const struct counts *before, struct counts *counts,
		     bool named)
{
	size_t there = 0;
	for (int i = 0; i < FETCH_RESULTS; i++)
		there += i == FETCH_ABSENT ? 0 : counts->all[i] - before->all[i];
	if (!settings->mirror || there > 0)
		return;
	complain("the mirror has nothing of %s", feed);
	counts->all[FETCH_FAILED] += named;
}

static void fetch_one(const struct fetch_settings *settings, const struct plan_file *file, struct counts *counts, bool quiet)
{
	char words[FETCH_WORDS_SIZE];
	showing = file->name;
	enum fetch_result result = fetch_file(settings, file, words);
	counts->all[result]++;
	end_line(settings);
	if (result == FETCH_FAILED)
		complain("%s: %s was not fetched: %s", file->feed, file->name, words);
	else if (result == FETCH_NEW && !quiet)
		(void)printf("%s: %s\n", file->feed, file->name);
}

static int fetch_all(const struct fetch_settings *settings, const struct plan *plan, const struct arguments *given)
{
	struct counts counts = { 0 }, before = { 0 };
	for (const struct plan_file *file = plan->first; file; file = file->next) {
		fetch_one(settings, file, &counts, given->quiet);
		if (file->next && strcmp(file->next->feed, file->feed) == 0)
			continue;
		end_feed(settings, file->feed, &before, &counts, given->feeds != NULL);
		before = counts;
	}
	if (!given->quiet)
		(void)printf("%zu fetched, %zu unchanged, %zu failed\n", counts.all[FETCH_NEW], counts.all[FETCH_UNCHANGED],
			     counts.all[FETCH_FAILED]);
	if (counts.all[FETCH_NEW] > 0 && !sums_write(settings->folder))
		complain("cannot write the list of digests: %s", strerror(errno));
	if (counts.all[FETCH_NEW] + counts.all[FETCH_UNCHANGED] == 0) {
		complain("nothing could be fetched; with no network, 'assay db update --offline' builds from what was fetched before,"
			 " and 'assay db import' takes a store that was made elsewhere");
		return UNUSABLE;
	}
	return counts.all[FETCH_FAILED] > 0 ? DONE_SOME : DONE_ALL;
}

/* What a mirror gives to check by; one that gives nothing is told. */
static bool read_sums(struct fetch_settings *settings, struct sums *sums, struct arena *arena)
{
	char url[4096], words[FETCH_WORDS_SIZE];
	bool gone;
	(void)snprintf(url, sizeof url, "%s" SUMS_NAME, settings->mirror);
	sums->text = fetch_text(settings, url, SUMS_MOST, arena, &gone, words);
	bool are_there = sums_are_there(sums);
	if (are_there)
		settings->sums = sums;
	else if (sums->text.data)
		complain("%s is no list of SHA-256 digests", url);
	else if (gone)
		complain("%s is not there: the mirror says nothing of what its files are", url);
	else
		complain("%s: %s", url, words);
	return are_there || gone;
}

/* Two at once would write the same files. */
static int open_folder(const char *path)
{
	int folder = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (folder < 0) {
		complain("cannot open the folder %s: %s", path, strerror(errno));
		return -1;
	}
	int lock = openat(folder, ".lock", O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0644);
	if (lock < 0 || flock(lock, LOCK_EX | LOCK_NB) != 0) {
		complain("%s is in use by another fetch, or cannot be written to", path);
		(void)close(folder);
		return -1;
	}
	return folder; /* the lock goes with the process */
}

static int this_year(void)
{
	time_t now = time(NULL);
	struct tm parts;
	return gmtime_r(&now, &parts) ? parts.tm_year + 1900 : 1970;
}

static struct span plan_text(const char *path, struct arena *arena)
{
	if (!path)
		return embedded("feeds/feeds.yaml");
	FILE *file = fopen(path, "rb");
	void *bytes = arena_allocate(arena, SUMS_MOST, 1);
	size_t got = file && bytes ? fread(bytes, 1, SUMS_MOST, file) : 0;
	if (file)
		(void)fclose(file);
	return span_of(bytes, got);
}

/* An address that names go behind. */
static const char *with_slash(const char *url, struct arena *arena)
{
	return span_ends_text(span_of_text(url), "/") ? url : (const char *)arena_format(arena, "%s/", url).data;
}

static int run(const struct arguments *given, struct arena *arena)
{
	struct plan plan;
	struct sums sums;
	struct span error = SPAN_NONE, text = plan_text(given->plan, arena);
	if (given->feeds && strcmp(given->feeds, "list") == 0)
		return plan_print(text, arena) == DONE ? DONE_ALL : UNUSABLE;
	if (plan_read(text, given->feeds, this_year(), arena, &plan, &error) != DONE) {
		complain("%.*s", SPAN_FORMAT(error.size > 0 ? error : SPAN_LITERAL("the list of feeds cannot be read")));
		return UNUSABLE;
	}
	const char *mirror = given->mirror ? with_slash(given->mirror, arena) : NULL;
	if (given->mirror && !mirror) {
		complain("out of memory");
		return UNUSABLE;
	}
	struct fetch_settings settings = {
		.http = { .proxy = given->proxy, .ca = given->ca, .stall = given->stall, .whole = WHOLE_SECONDS,
			  .plain = given->mirror && strncmp(given->mirror, "http://", 7) == 0,
			  .progress = !given->quiet && isatty(STDERR_FILENO) ? show : NULL },
		.folder = open_folder(given->into), .mirror = mirror, .releases = given->releases, .assets = given->assets,
		.tries = (int)given->tries, .pause = given->pause,
	};
	if (settings.folder < 0 || (mirror && !read_sums(&settings, &sums, arena)))
		return UNUSABLE;
	return fetch_all(&settings, &plan, given);
}

int main(int argc, char **argv)
{
	struct arguments arguments = { .releases = "https://api.github.com", .assets = "https://github.com", .stall = STALL_SECONDS,
				       .pause = PAUSE_MILLISECONDS, .tries = TRIES };
	struct arena arena;
	(void)signal(SIGPIPE, SIG_IGN);
	if (!parse(argc, argv, &arguments)) {
		complain("usage: assay-fetch --into DIR [--feeds NAMES] [--mirror URL] [--proxy URL] [--ca FILE] [--quiet]");
		return UNUSABLE;
	}
	if (curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK) {
		complain("out of memory");
		return UNUSABLE;
	}
	arena_init(&arena, MEMORY);
	int status = run(&arguments, &arena);
	arena_done(&arena);
	curl_global_cleanup();
	return status;
}
