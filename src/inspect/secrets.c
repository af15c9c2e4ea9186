/*
 * Secrets that stand in clear: what the other secrets_*.c find, in files that speak
 * for the device; documentation, translations and web pages speak about secrets.
 */
#include "inspect/lines.h"
#include "inspect/registry.h"
#include "inspect/secret_value.h"

enum { FILE_LIMIT = 1 << 20 };

static bool is_about_secrets(const struct inspection *file)
{
	static const char *const folders[] = { "doc", "docs", "man", "examples", "example", "locale", "i18n", "licenses", "help",
					       "LC_MESSAGES", "terminfo", "zoneinfo", NULL };
	static const char *const endings[] = { ".js", ".css", ".htm", ".html", ".asp", ".md", ".po", ".lang", ".svg", ".map", ".tpl",
					       ".jsp", ".shtml", ".mo", ".lmo", ".1", ".8", ".txt", ".csv", ".ipk", ".control",
					       ".list", ".bcs", NULL };
	for (size_t i = 0; folders[i]; i++)
		if (path_has_folder(file->path, folders[i]))
			return true;
	for (size_t i = 0; endings[i]; i++)
		if (span_ends_text(file->name, endings[i]))
			return true;
	return contains_caseless(file->name, "readme") || contains_caseless(file->name, "license");
}

static bool is_readable(const struct inspection *file)
{
	return kind_is_text(file->kind) && file->bytes.size <= FILE_LIMIT && !is_about_secrets(file);
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
	.wants = is_readable,
	.inspect = inspect,
};
