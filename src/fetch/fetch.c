#define _POSIX_C_SOURCE 200809L
#include "fetch/fetch.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/base64.h"
#include "base/digest.h"
#include "fetch/release.h"
#include "fetch/state.h"
#include "fetch/whole.h"

enum { NAME_SIZE = 300, META_MOST = 4096, TEXT_MEMORY = 64 << 20, WAIT_MOST = 300 };

/* A file under way. */
struct job {
	const struct fetch_settings *settings;
	const struct plan_file *file;
	char *words;
	int folder;
	char part[NAME_SIZE], part_state[NAME_SIZE], state_name[NAME_SIZE];
	char url[STATE_URL_SIZE];
	char expected[WHOLE_HASH_SIZE]; /* SHA-256 of the file, or of what it unpacks to; "" where nobody gives one */
	bool of_unpacked;
	struct state old;               /* of the file that is there */
	bool there;
};

static void say(struct job *job, const char *what)
{
	(void)snprintf(job->words, FETCH_WORDS_SIZE, "%.500s", what);
}

static void pause_before(const struct fetch_settings *settings, int attempt, long wanted)
{
	long milliseconds = settings->pause << (attempt > 10 ? 10 : attempt);
	wanted = wanted > WAIT_MOST ? WAIT_MOST : wanted;
	if (settings->pause > 0 && wanted * 1000 > milliseconds)
		milliseconds = wanted * 1000;
	const struct timespec time = { .tv_sec = milliseconds / 1000, .tv_nsec = milliseconds % 1000 * 1000000 };
	(void)nanosleep(&time, NULL);
}

/* Empties the file and tries again while that may help. */
static enum http_result get_small(const struct fetch_settings *settings, const struct http_request *request,
				  struct http_answer *answer)
{
	enum http_result result = HTTP_BROKEN;
	for (int attempt = 0; attempt < settings->tries && result == HTTP_BROKEN; attempt++) {
		if (attempt > 0)
			pause_before(settings, attempt - 1, answer->wait);
		result = http_get(&settings->http, request, answer);
	}
	return result;
}

struct span fetch_text(const struct fetch_settings *settings, const char *url, uint64_t most, struct arena *arena, bool *gone,
		       char words[static FETCH_WORDS_SIZE])
{
	FILE *file = tmpfile();
	struct http_answer answer = { 0 };
	struct span text = SPAN_NONE;
	*gone = false;
	words[0] = '\0';
	if (!file) {
		(void)snprintf(words, FETCH_WORDS_SIZE, "%s", strerror(errno));
		return SPAN_NONE;
	}
	enum http_result result = get_small(settings, &(struct http_request){ .url = url, .out = file, .most = most }, &answer);
	*gone = result == HTTP_GONE;
	if (result == HTTP_DONE && fseek(file, 0, SEEK_END) == 0) {
		long size = ftell(file);
		void *bytes = size > 0 ? arena_allocate(arena, (size_t)size, 1) : NULL;
		rewind(file);
		if (bytes && fread(bytes, 1, (size_t)size, file) == (size_t)size)
			text = span_of(bytes, (size_t)size);
	}
	(void)fclose(file);
	if (!text.data)
		(void)snprintf(words, FETCH_WORDS_SIZE, "%.400s", answer.words[0] ? answer.words : "it is empty");
	return text;
}

/* The line "sha256:" of NVD's text about a feed: of what the feed unpacks to. */
static bool read_meta(struct job *job)
{
	struct arena arena;
	bool gone;
	struct span line, rest = SPAN_NONE;
	arena_init(&arena, TEXT_MEMORY);
	rest = fetch_text(job->settings, job->file->meta, META_MOST, &arena, &gone, job->words);
	while (span_next_line(&rest, &line))
		if (span_starts_text(line, "sha256:")) {
			line = span_trim(span_from(line, strlen("sha256:")));
			for (size_t i = 0; i < line.size && i < sizeof job->expected - 1 && line.size == 64; i++) {
				int digit = hex_digit(span_byte(line, i));
				job->expected[i] = digit < 0 ? '\0' : "0123456789abcdef"[digit];
			}
		}
	arena_done(&arena);
	job->of_unpacked = true;
	if (strlen(job->expected) == 64)
		return true;
	job->expected[0] = '\0';
	if (!job->words[0])
		say(job, "its publisher's text about it has no SHA-256");
	return gone && job->file->may_lack;
}

/* Where an asset of the newest release lies. */
static bool read_release(struct job *job)
{
	struct arena arena;
	bool gone, found = false;
	char url[STATE_URL_SIZE], base[STATE_URL_SIZE];
	struct release_asset asset;
	struct span error = SPAN_NONE;
	arena_init(&arena, TEXT_MEMORY);
	(void)snprintf(url, sizeof url, "%s/repos/%s/releases/latest", job->settings->releases, job->file->release);
	(void)snprintf(base, sizeof base, "%s/%s/releases/download/", job->settings->assets, job->file->release);
	struct span text = fetch_text(job->settings, url, RELEASE_MOST, &arena, &gone, job->words);
	if (text.data) {
		found = release_find(text, job->file->asset, base, &arena, &asset, &error) == DONE && asset.url.size < sizeof job->url;
		if (found) {
			(void)snprintf(job->url, sizeof job->url, "%.*s", SPAN_FORMAT(asset.url));
			(void)snprintf(job->expected, sizeof job->expected, "%.*s", SPAN_FORMAT(asset.sha256));
		} else {
			(void)snprintf(job->words, FETCH_WORDS_SIZE, "%.*s", SPAN_FORMAT(error));
		}
	}
	arena_done(&arena);
	return found;
}

/* The address, and what it is checked by. False after saying why that cannot be known. */
static bool look_up(struct job *job)
{
	const struct fetch_settings *settings = job->settings;
	const struct plan_file *file = job->file;
	if (settings->mirror) {
		int size = snprintf(job->url, sizeof job->url, "%s%s/%s", settings->mirror, file->feed, file->name);
		struct span digest = settings->sums ? sums_find(settings->sums, file->feed, file->name) : SPAN_NONE;
		(void)snprintf(job->expected, sizeof job->expected, "%.*s", SPAN_FORMAT(digest));
		if (size >= (int)sizeof job->url)
			say(job, "its address is too long");
		return size < (int)sizeof job->url;
	}
	if (file->check == CHECK_RELEASE)
		return read_release(job);
	(void)snprintf(job->url, sizeof job->url, "%s", file->url);
	return file->check != CHECK_NVD_META || read_meta(job);
}

static bool is_packed(FILE *file, const char *magic, size_t size)
{
	char head[4] = "";
	rewind(file);
	return fread(head, 1, sizeof head, file) == sizeof head && memcmp(head, magic, size) == 0;
}

static bool same_digest(const char *a, const char *b)
{
	return a[0] && strcmp(a, b) == 0;
}

/* x-goog-hash has the MD5 in base64; other digests may follow it. */
static bool fits_header(FILE *file, const char *hash)
{
	uint8_t bytes[MD5_SIZE];
	char md5[WHOLE_HASH_SIZE], given[WHOLE_HASH_SIZE];
	struct span rest = span_of_text(hash), text;
	if (!span_next_field(&rest, ',', &text) || !base64_read(span_trim(text), bytes, sizeof bytes))
		return false;
	digest_write_hex(span_of(bytes, sizeof bytes), given);
	return whole_digest(file, "MD5", md5) && same_digest(md5, given);
}

/* Whole by its own form, and what its publisher says that it is. */
static bool is_good(struct job *job, FILE *file, const struct http_answer *answer, struct state *state)
{
	char unpacked[WHOLE_HASH_SIZE] = "", words[WHOLE_WORDS_SIZE] = "";
	bool gzip = is_packed(file, "\x1f\x8b", 2), zip = is_packed(file, "PK", 2);
	bool whole = whole_digest(file, "SHA256", state->sha256);
	if (whole && gzip)
		whole = whole_gzip(file, job->file->unpacked, unpacked, words);
	if (whole && zip)
		whole = whole_zip(file, words);
	if (!whole) {
		say(job, words[0] ? words : "it cannot be read back");
		return false;
	}
	if (job->file->unpacked > 0 && !gzip) {
		say(job, "it is not what its publisher sends: no gzip");
		return false;
	}
	if (job->expected[0] && !same_digest(job->of_unpacked ? unpacked : state->sha256, job->expected)) {
		say(job, "its SHA-256 is not the one that its publisher gives");
		return false;
	}
	if (job->file->check == CHECK_GOOG_MD5 && answer->hash[0] && !fits_header(file, answer->hash)) {
		say(job, "its MD5 is not the one that its publisher gives");
		return false;
	}
	(void)snprintf(state->given, sizeof state->given, "%s", job->expected);
	return true;
}

static void take_away_part(const struct job *job)
{
	(void)unlinkat(job->folder, job->part, 0);
	(void)unlinkat(job->folder, job->part_state, 0);
}

/* How much of the same file lies there from a run that was cut off; 0 where it is another, or may be. */
static uint64_t what_is_left(const struct job *job, FILE *file, struct state *state)
{
	struct stat status;
	state_read(job->folder, job->part_state, state);
	bool same = strcmp(state->url, job->url) == 0 && (state->tag[0] || state->modified[0]) && strncmp(state->tag, "W/", 2) != 0;
	if (same && fstat(fileno(file), &status) == 0 && status.st_size > 0 && fseek(file, 0, SEEK_END) == 0)
		return (uint64_t)status.st_size;
	*state = (struct state){ 0 };
	return 0;
}

/* What is there is the very thing that its publisher, or the mirror, says that there is. */
static bool is_there_already(const struct job *job)
{
	if (!job->there || !job->expected[0])
		return false;
	return same_digest(job->of_unpacked ? job->old.given : job->old.sha256, job->expected);
}

/* One try: goes on where the last one ended. */
static enum http_result try_once(const struct job *job, FILE *file, struct http_answer *answer)
{
	struct state left;
	uint64_t offset = what_is_left(job, file, &left);
	const struct state *known = offset > 0 ? &left : &job->old;
	bool other = job->expected[0] && !is_there_already(job); /* its publisher says so, whatever the server does */
	bool ask = offset > 0 || (job->there && !other && strcmp(job->old.url, job->url) == 0);
	const struct http_request request = {
		.url = job->url, .out = file, .most = job->file->most, .offset = offset,
		.tag = ask && known->tag[0] ? known->tag : NULL,
		.modified = ask && known->modified[0] ? known->modified : NULL,
	};
	enum http_result result = http_get(&job->settings->http, &request, answer);
	if (result == HTTP_UNCHANGED && (offset > 0 || (!request.tag && !request.modified))) {
		(void)snprintf(answer->words, sizeof answer->words, "the server answers 304, though the whole file was asked for");
		return HTTP_REFUSED;
	}
	if (result == HTTP_BROKEN && answer->status == 416)
		take_away_part(job); /* there is no such rest: from the beginning, then */
	if (result != HTTP_BROKEN || answer->status == 416 || fflush(file) != 0)
		return result;
	if (answer->tag[0] || answer->modified[0]) {
		struct state now = { 0 };
		(void)snprintf(now.url, sizeof now.url, "%s", job->url);
		(void)snprintf(now.tag, sizeof now.tag, "%s", answer->tag);
		(void)snprintf(now.modified, sizeof now.modified, "%s", answer->modified);
		(void)state_write(job->folder, job->part_state, &now);
	}
	return result;
}

static FILE *open_part(const struct job *job)
{
	int descriptor = openat(job->folder, job->part, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0644);
	return descriptor >= 0 ? fdopen(descriptor, "r+b") : NULL;
}

static bool put_in_place(struct job *job, FILE *file, struct state *state, const struct http_answer *answer)
{
	(void)snprintf(state->url, sizeof state->url, "%s", job->url);
	(void)snprintf(state->tag, sizeof state->tag, "%s", answer->tag);
	(void)snprintf(state->modified, sizeof state->modified, "%s", answer->modified);
	bool placed = fflush(file) == 0 && fsync(fileno(file)) == 0 &&
		      renameat(job->folder, job->part, job->folder, job->file->name) == 0 &&
		      state_write(job->folder, job->state_name, state) && fsync(job->folder) == 0;
	if (!placed)
		say(job, strerror(errno));
	(void)unlinkat(job->folder, job->part_state, 0);
	return placed;
}

static enum fetch_result finish(struct job *job, FILE *file, enum http_result result, const struct http_answer *answer)
{
	struct state state = { 0 };
	if (result == HTTP_UNCHANGED) {
		take_away_part(job);
		return FETCH_UNCHANGED;
	}
	if (result == HTTP_DONE && is_good(job, file, answer, &state))
		return put_in_place(job, file, &state, answer) ? FETCH_NEW : FETCH_FAILED;
	/* A mirror need not have all, but what its list names must be there. */
	bool may_lack = job->settings->mirror ? !job->settings->sums : job->file->may_lack;
	if (result == HTTP_GONE && may_lack) {
		take_away_part(job);
		return FETCH_ABSENT;
	}
	if (result != HTTP_DONE)
		say(job, answer->words);
	if (result != HTTP_BROKEN)
		take_away_part(job); /* of what is wrong nothing is gone on with */
	return FETCH_FAILED;
}

static enum fetch_result transfer(struct job *job)
{
	struct http_answer answer = { 0 };
	enum http_result result = HTTP_BROKEN;
	FILE *file = NULL;
	for (int attempt = 0; attempt < job->settings->tries && result == HTTP_BROKEN; attempt++) {
		if (attempt > 0)
			pause_before(job->settings, attempt - 1, answer.wait);
		if (file)
			(void)fclose(file);
		file = open_part(job);
		if (!file) {
			say(job, strerror(errno));
			return FETCH_FAILED;
		}
		result = try_once(job, file, &answer);
	}
	enum fetch_result fetched = file ? finish(job, file, result, &answer) : FETCH_FAILED;
	if (file)
		(void)fclose(file);
	return fetched;
}

static bool open_folder(struct job *job)
{
	const struct plan_file *file = job->file;
	if (mkdirat(job->settings->folder, file->feed, 0755) != 0 && errno != EEXIST) {
		say(job, strerror(errno));
		return false;
	}
	job->folder = openat(job->settings->folder, file->feed, O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW);
	if (job->folder < 0)
		say(job, strerror(errno));
	return job->folder >= 0;
}

enum fetch_result fetch_file(const struct fetch_settings *settings, const struct plan_file *file,
			     char words[static FETCH_WORDS_SIZE])
{
	struct job job = { .settings = settings, .file = file, .words = words };
	struct stat status;
	words[0] = '\0';
	if (!open_folder(&job))
		return FETCH_FAILED;
	(void)snprintf(job.part, sizeof job.part, ".%.250s.part", file->name);
	(void)snprintf(job.part_state, sizeof job.part_state, ".%.250s.part.state", file->name);
	(void)snprintf(job.state_name, sizeof job.state_name, ".%.250s.state", file->name);
	state_read(job.folder, job.state_name, &job.old);
	job.there = fstatat(job.folder, file->name, &status, AT_SYMLINK_NOFOLLOW) == 0 && S_ISREG(status.st_mode) &&
		    status.st_size > 0;
	enum fetch_result result = FETCH_FAILED;
	if (settings->sums && sums_find(settings->sums, file->feed, file->name).size == 0)
		result = FETCH_ABSENT;
	else if (look_up(&job))
		result = is_there_already(&job) ? FETCH_UNCHANGED : transfer(&job);
	(void)close(job.folder);
	return result;
}
