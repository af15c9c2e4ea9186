#define PCRE2_CODE_UNIT_WIDTH 8
#include "judge/regexp.h"

#include <pcre2.h>
#include <stdlib.h>

#include "base/shortage.h"
#include "base/span.h"

/* Longer text is looked at only this far; more steps than this are refused as an error of the rule. */
enum { TEXT_MAX = 65536, STEPS_MAX = 200000, PATTERN_MAX = 4096 };

/* A pattern and what matching it needs. */
struct expression {
	pcre2_code *code;
	pcre2_match_data *data;
	pcre2_match_context *limits;
};

static void expression_free(void *pointer)
{
	struct expression *expression = pointer;
	pcre2_code_free(expression->code);
	pcre2_match_data_free(expression->data);
	pcre2_match_context_free(expression->limits);
	free(expression);
}

static struct span argument(sqlite3_value *value)
{
	const unsigned char *text = sqlite3_value_text(value);
	return span_of(text, text ? (size_t)sqlite3_value_bytes(value) : 0);
}

/* NULL where the pattern is bad, or without memory. */
static struct expression *expression_new(struct span pattern)
{
	enum { HEAP_FAILED = 121 }; /* of pcre2_compile(); its header has no name for it */
	int error = 0;
	size_t where;
	if (pattern.size > PATTERN_MAX)
		return NULL;
	struct expression *expression = calloc(1, sizeof *expression);
	if (!expression) {
		shortage_set();
		return NULL;
	}
	expression->code = pcre2_compile(pattern.data, pattern.size, PCRE2_NEVER_BACKSLASH_C, &error, &where,
					 NULL);
	expression->data = pcre2_match_data_create(1, NULL);
	expression->limits = pcre2_match_context_create(NULL);
	if (expression->code && expression->data && expression->limits) {
		(void)pcre2_set_match_limit(expression->limits, STEPS_MAX);
		return expression;
	}
	if (expression->code || error == HEAP_FAILED)
		shortage_set();
	expression_free(expression);
	return NULL;
}

/* `text REGEXP pattern` is regexp(pattern, text). SQLite keeps a constant pattern for the life of the
 * statement. */
static void regexp(sqlite3_context *context, int count, sqlite3_value **values)
{
	(void)count;
	sqlite3_value *pattern = values[0], *value = values[1];
	if (sqlite3_value_type(pattern) == SQLITE_NULL || sqlite3_value_type(value) == SQLITE_NULL)
		return;
	struct expression *kept = sqlite3_get_auxdata(context, 0);
	struct expression *expression = kept ? kept : expression_new(argument(pattern));
	if (!expression) {
		sqlite3_result_error(context, "REGEXP: the pattern cannot be compiled", -1);
		return;
	}
	struct span text = span_slice(argument(value), 0, TEXT_MAX);
	int result = pcre2_match(expression->code, text.data, text.size, 0, 0, expression->data,
				 expression->limits);
	if (result >= 0 || result == PCRE2_ERROR_NOMATCH)
		sqlite3_result_int(context, result >= 0);
	else if (result == PCRE2_ERROR_NOMEMORY)
		sqlite3_result_error_nomem(context);
	else
		sqlite3_result_error(context, "REGEXP: the pattern costs too many steps", -1);
	if (!kept)
		sqlite3_set_auxdata(context, 0, expression, expression_free);
}

enum outcome regexp_register(sqlite3 *database)
{
	int result = sqlite3_create_function_v2(database, "regexp", 2,
						SQLITE_UTF8 | SQLITE_DETERMINISTIC | SQLITE_INNOCUOUS, NULL,
						regexp, NULL, NULL, NULL);
	return result == SQLITE_OK ? DONE : NO_MEMORY;
}
