/*
 * Secrets that stand in clear: what the other secrets_*.c find, in files that speak
 * for the device; documentation, translations and web pages speak about secrets.
 */
#include "inspect/lines.h"
#include "inspect/registry.h"
#include "inspect/secret_value.h"

/* Makers pack their pages into files of any name. */
static bool is_page(struct span bytes)
{
	static const char *const marks[] = { "</html>", "</HTML>", "</script>", "</SCRIPT>", NULL };
	for (const char *const *mark = marks; *mark; mark++)
		if (span_find_text(bytes, *mark, 0) != SPAN_NOT_FOUND)
			return true;
	return false;
}

/* Pages that browsers show, tables and lists: they name secrets, and hold none. */
static bool is_about_secrets(const struct inspection *file)
{
	static const char *const endings[] = { ".js", ".css", ".htm", ".html", ".asp", ".svg", ".map", ".jsp", ".shtml", ".txt",
					       ".csv", ".list", ".bcs", NULL };
	if (file->role.size > 0 && !span_equal_text(file->role, "backup"))
		return true;
	for (size_t i = 0; endings[i]; i++)
		if (span_ends_text(file->name, endings[i]))
			return true;
	return is_page(file->bytes);
}

static bool is_readable(const struct inspection *file)
{
	return kind_is_text(file->kind) && !is_about_secrets(file);
}

/* What runs on the device and may ask for a password, pages that it writes included. */
static bool is_program_text(const struct inspection *file)
{
	static const char *const endings[] = { ".php", ".lua", ".pl", ".py", ".cgi", ".sh", NULL };
	if (!kind_is_text(file->kind) || file->role.size > 0)
		return false;
	for (size_t i = 0; endings[i]; i++)
		if (span_ends_text(file->name, endings[i]))
			return true;
	return span_starts_text(file->bytes, "#!");
}

static bool wants(const struct inspection *file)
{
	return file->kind == KIND_ELF || is_readable(file) || is_program_text(file);
}

static bool is_shell_script(const struct inspection *file)
{
	struct span rest = file->bytes, line = SPAN_NONE;
	(void)span_next_line(&rest, &line);
	return (span_starts_text(line, "#!") && span_find_text(line, "sh", 0) != SPAN_NOT_FOUND) ||
	       span_ends_text(file->name, ".sh");
}

static void inspect(struct inspection *file)
{
	if (file->hit_count > 0)
		secrets_tokens(file);
	if (is_program_text(file))
		secrets_comparisons(file);
	if (file->kind == KIND_ELF) {
		secrets_programs(file);
		secrets_nvram(file);
	}
	if (!is_readable(file))
		return;
	if (secrets_is_known_file(file))
		secrets_files(file);
	else
		secrets_settings(file);
	if (is_shell_script(file))
		secrets_commands(file);
}

const struct inspector inspector_secrets = {
	.name = "secrets",
	.patterns = secret_token_patterns,
	.pattern_count = SECRET_TOKEN_COUNT,
	.wants = wants,
	.inspect = inspect,
};
