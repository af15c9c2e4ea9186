#define _GNU_SOURCE /* scandirat */
#include "fetch/sums.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "fetch/state.h"

enum { DIGEST_TEXT = 64, NAME_SIZE = 300 };

static bool is_digest(struct span text)
{
	bool fine = text.size == DIGEST_TEXT;
	for (size_t i = 0; i < text.size; i++)
		fine &= hex_digit(span_byte(text, i)) >= 0;
	return fine;
}

/* The next line that is a digest and a name; others are left out. */
static bool next_sum(struct span *rest, struct span *digest, struct span *name)
{
	struct span line;
	while (span_next_line(rest, &line)) {
		*digest = span_slice(line, 0, DIGEST_TEXT);
		*name = span_from(line, DIGEST_TEXT);
		bool marked = span_starts_text(*name, "  ") || span_starts_text(*name, " *");
		*name = span_from(*name, 2);
		if (marked && is_digest(*digest))
			return true;
	}
	return false;
}

bool sums_are_there(const struct sums *sums)
{
	struct span rest = sums->text, digest, name;
	return next_sum(&rest, &digest, &name);
}

struct span sums_find(const struct sums *sums, const char *feed, const char *name)
{
	struct span rest = sums->text, digest, named;
	char path[2 * NAME_SIZE];
	(void)snprintf(path, sizeof path, "%s/%s", feed, name);
	while (next_sum(&rest, &digest, &named))
		if (span_equal_text(named, path))
			return digest;
	return SPAN_NONE;
}

static int is_visible(const struct dirent *entry)
{
	return entry->d_name[0] != '.';
}

static bool append_feed(int folder, const char *feed, struct buffer *out)
{
	struct dirent **entries = NULL;
	int inside = openat(folder, feed, O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW);
	if (inside < 0)
		return true;
	int count = scandirat(folder, feed, &entries, is_visible, alphasort);
	bool done = true;
	for (int i = 0; i < count; i++) {
		char hidden[NAME_SIZE], line[2 * NAME_SIZE + DIGEST_TEXT];
		struct state state;
		(void)snprintf(hidden, sizeof hidden, ".%.250s.state", entries[i]->d_name);
		state_read(inside, hidden, &state);
		(void)snprintf(line, sizeof line, "%s  %s/%s\n", state.sha256, feed, entries[i]->d_name);
		if (done && state.sha256[0])
			done = buffer_append(out, span_of_text(line)) == DONE;
		free(entries[i]);
	}
	free(entries);
	(void)close(inside);
	return done;
}

bool sums_write(int folder)
{
	struct dirent **entries = NULL;
	struct buffer text;
	buffer_init(&text, SUMS_MOST, NULL);
	int count = scandirat(folder, ".", &entries, is_visible, alphasort);
	bool done = count >= 0;
	for (int i = 0; i < count; i++) {
		done = done && append_feed(folder, entries[i]->d_name, &text);
		free(entries[i]);
	}
	free(entries);
	done = done && file_replace_at(folder, "." SUMS_NAME, SUMS_NAME, buffer_span(&text));
	buffer_done(&text);
	return done;
}
