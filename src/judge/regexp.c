#define PCRE2_CODE_UNIT_WIDTH 8
#include "judge/regexp.h"

#include <pcre2.h>

#include "base/span.h"

/* Longer text is looked at only this far; more steps than this are refused as an error of the rule. */
enum { TEXT_MAX = 65536, STEPS_MAX = 200000, PATTERN_MAX = 4096 };

static void free_code(void *code)
{
	pcre2_code_free(code);
}

static struct span argument(sqlite3_value *value)
{
	const unsigned char *text = sqlite3_value_text(value);
	return span_of(text, text ? (size_t)sqlite3_value_bytes(value) : 0);
}

/* The compiled pattern, kept by SQLite for the life of the statement where the pattern is a constant. */
static pcre2_code *compiled(sqlite3_context *context, sqlite3_value *pattern, bool *owned)
{
	*owned = false;
	pcre2_code *code = sqlite3_get_auxdata(context, 0);
	if (code)
		return code;
	struct span text = argument(pattern);
	int error;
	size_t where;
	if (text.size <= PATTERN_MAX)
		code = pcre2_compile(text.data, text.size, PCRE2_NEVER_BACKSLASH_C, &error, &where, NULL);
	*owned = code != NULL;
	return code;
}

static int match(const pcre2_code *code, struct span text)
{
	pcre2_match_data *data = pcre2_match_data_create(1, NULL);
	pcre2_match_context *limits = pcre2_match_context_create(NULL);
	int result = PCRE2_ERROR_NOMEMORY;
	if (data && limits) {
		(void)pcre2_set_match_limit(limits, STEPS_MAX);
		result = pcre2_match(code, text.data, text.size, 0, 0, data, limits);
	}
	pcre2_match_data_free(data);
	pcre2_match_context_free(limits);
	return result;
}

/* `text REGEXP pattern` is regexp(pattern, text). */
static void regexp(sqlite3_context *context, int count, sqlite3_value **values)
{
	(void)count;
	sqlite3_value *pattern = values[0], *text = values[1];
	if (sqlite3_value_type(pattern) == SQLITE_NULL || sqlite3_value_type(text) == SQLITE_NULL)
		return;
	bool owned;
	pcre2_code *code = compiled(context, pattern, &owned);
	if (!code) {
		sqlite3_result_error(context, "REGEXP: the pattern cannot be compiled", -1);
		return;
	}
	int result = match(code, span_slice(argument(text), 0, TEXT_MAX));
	if (result >= 0 || result == PCRE2_ERROR_NOMATCH)
		sqlite3_result_int(context, result >= 0);
	else
		sqlite3_result_error(context, "REGEXP: the pattern costs too many steps", -1);
	if (owned)
		sqlite3_set_auxdata(context, 0, code, free_code);
}

enum outcome regexp_register(sqlite3 *database)
{
	int result = sqlite3_create_function_v2(database, "regexp", 2,
						SQLITE_UTF8 | SQLITE_DETERMINISTIC | SQLITE_INNOCUOUS, NULL,
						regexp, NULL, NULL, NULL);
	return result == SQLITE_OK ? DONE : NO_MEMORY;
}
