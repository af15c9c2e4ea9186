#define _POSIX_C_SOURCE 200809L
#include "fetch/state.h"

#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "base/span.h"

enum { STATE_MOST = 8192, NAME_SIZE = 300 };

static void take(struct span line, const char *word, char *out, size_t size)
{
	size_t length = strlen(word);
	if (span_starts_text(line, word) && span_byte(line, length) == ' ' && line.size - length - 1 < size)
		(void)snprintf(out, size, "%.*s", SPAN_FORMAT(span_from(line, length + 1)));
}

void state_read(int folder, const char *name, struct state *out)
{
	char bytes[STATE_MOST];
	struct span rest = SPAN_NONE, line;
	*out = (struct state){ 0 };
	int descriptor = openat(folder, name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
	if (descriptor < 0)
		return;
	ssize_t got = read(descriptor, bytes, sizeof bytes);
	(void)close(descriptor);
	if (got > 0)
		rest = span_of(bytes, (size_t)got);
	while (span_next_line(&rest, &line)) {
		take(line, "url", out->url, sizeof out->url);
		take(line, "etag", out->tag, sizeof out->tag);
		take(line, "modified", out->modified, sizeof out->modified);
		take(line, "sha256", out->sha256, sizeof out->sha256);
		take(line, "given", out->given, sizeof out->given);
	}
}

bool state_write(int folder, const char *name, const struct state *state)
{
	char text[STATE_MOST], temporary[NAME_SIZE];
	int length = snprintf(text, sizeof text, "url %s\netag %s\nmodified %s\nsha256 %s\ngiven %s\n", state->url, state->tag,
			      state->modified, state->sha256, state->given);
	(void)snprintf(temporary, sizeof temporary, "%.280s.new", name);
	return file_replace_at(folder, temporary, name, span_of(text, (size_t)length));
}
