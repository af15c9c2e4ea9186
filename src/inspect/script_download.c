#include "inspect/script_download.h"

#include "inspect/lines.h"

static bool is_address(struct span word)
{
	return span_starts_text(word, "http://") || span_starts_text(word, "https://") || span_starts_text(word, "ftp://") ||
	       span_starts_text(word, "tftp://");
}

/* The device itself, also under a name that the script computes. */
static bool is_local(struct span word)
{
	static const char *const hosts[] = { "://127.", "://localhost", "://[::1]", "file://", NULL };
	for (size_t i = 0; hosts[i]; i++)
		if (span_find_text(word, hosts[i], 0) != SPAN_NOT_FOUND)
			return true;
	return false;
}

static bool is_variable(struct span word)
{
	return span_byte(word, 0) == '$' || span_byte(word, 0) == '`';
}

/* "-qO-", "-O", "-o": where the value of an option for the target stands; empty for none. */
static struct span option_value(const struct shell_command *command, size_t at, uint8_t letter)
{
	struct span word = command->words[at];
	size_t place = span_byte(word, 0) == '-' && span_byte(word, 1) != '-' ? span_find_byte(word, letter, 1) : SPAN_NOT_FOUND;
	if (place == SPAN_NOT_FOUND)
		return SPAN_NONE;
	if (place + 1 < word.size)
		return span_from(word, place + 1);
	return at + 1 < command->count ? command->words[at + 1] : SPAN_NONE;
}

/* The file behind the ">" that follows the command in the script. */
static struct span redirected(const struct shell_command *command, struct span text)
{
	struct span rest = span_from(text, command->offset + command->text.size), word;
	size_t end = 0;
	while (end < rest.size && !strchr("\n;|", span_byte(rest, end)) && span_byte(rest, end) != 0)
		end++;
	rest = span_slice(rest, 0, end);
	size_t arrow = span_find_byte(rest, '>', 0);
	if (arrow == SPAN_NOT_FOUND || (arrow > 0 && span_byte(rest, arrow - 1) == '2'))
		return SPAN_NONE;
	rest = span_from(rest, arrow + 1);
	return span_next_word(&rest, &word) ? unquoted(word) : SPAN_NONE;
}

static bool of_web(const struct shell_command *command, struct span text, bool curl, struct download *out)
{
	struct span variable = SPAN_NONE;
	bool insecure = false, named = false;
	for (size_t i = 1; i < command->count; i++) {
		struct span word = command->words[i];
		struct span target = option_value(command, i, curl ? 'o' : 'O');
		if (target.size > 0 && !named) {
			out->target = target;
			named = true;
		}
		if (is_address(word))
			out->origin = word;
		else if (is_variable(word) && !span_equal(word, out->target))
			variable = word;
		bool letters = curl && span_byte(word, 0) == '-' && span_byte(word, 1) != '-';
		insecure |= span_equal_text(word, "--no-check-certificate") || span_equal_text(word, "--insecure") ||
			    (letters && span_find_byte(word, 'k', 1) != SPAN_NOT_FOUND);
	}
	if (span_equal_text(out->target, "-") || span_equal_text(out->target, "/dev/stdout"))
		out->target = SPAN_NONE;
	else if (!named && out->origin.size > 0 && !curl)
		out->target = span_basename(out->origin);
	if (out->target.size == 0)
		out->target = redirected(command, text);
	if (out->origin.size == 0 && variable.size == 0)
		return false;
	out->unprotected = out->origin.size == 0 ? -1 : insecure || !span_starts_text(out->origin, "https://");
	return !is_local(out->origin);
}

/* "tftp -g -r FILE HOST", "ftpget HOST LOCAL REMOTE". */
static bool of_transfer(const struct shell_command *command, bool tftp, struct arena *arena, struct download *out)
{
	struct span words[3] = { SPAN_NONE }, remote = SPAN_NONE;
	size_t count = 0;
	bool gets = !tftp;
	for (size_t i = 1; i < command->count; i++) {
		struct span word = command->words[i];
		bool local_option = tftp && span_equal_text(word, "-l"), remote_option = tftp && span_equal_text(word, "-r");
		gets |= tftp && span_byte(word, 0) == '-' && span_find_byte(word, 'g', 1) != SPAN_NOT_FOUND;
		if ((local_option || remote_option) && i + 1 < command->count) {
			*(local_option ? &out->target : &remote) = command->words[++i];
		} else if (span_byte(word, 0) != '-' && count < 3) {
			words[count++] = word;
		}
	}
	if (!gets || count == 0 || (!tftp && count < 2))
		return false;
	if (!tftp) {
		out->target = words[1];
		remote = words[count > 2 ? 2 : 1];
	} else if (out->target.size == 0) {
		out->target = span_basename(remote);
	}
	out->origin = arena_format(arena, "%s://%.*s/%.*s", tftp ? "tftp" : "ftp", SPAN_FORMAT(words[0]), SPAN_FORMAT(remote));
	out->unprotected = 1;
	return remote.size > 0 && !is_local(out->origin);
}

bool download_of(const struct shell_command *command, struct span text, struct arena *arena, struct download *out)
{
	static const char *const webs[] = { "wget", "uclient-fetch", NULL };
	struct span program = span_basename(command->words[0]);
	size_t first = span_equal_text(program, "busybox") && command->count > 1;
	program = span_basename(command->words[first]);
	*out = (struct download){ .unprotected = -1 };
	if (span_equal_text(program, "curl") || is_one_of(program, webs))
		return of_web(command, text, span_equal_text(program, "curl"), out);
	if (span_equal_text(program, "tftp") || span_equal_text(program, "ftpget"))
		return of_transfer(command, span_equal_text(program, "tftp"), arena, out);
	return false;
}
