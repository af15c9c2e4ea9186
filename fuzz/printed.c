#define _GNU_SOURCE /* open_memstream, and a stdout that can be set */
#include "printed.h"

#include <json-c/json.h>

#include "base/shown.h"
#include "base/text.h"
#include "target.h"

void printed_start(struct printed *printed)
{
	*printed = (struct printed){ .stdout_before = stdout };
	FILE *memory = open_memstream(&printed->text, &printed->size);
	if (!memory)
		abort();
	stdout = memory;
}

/* Nothing but what may be shown, and line ends; tabs in TSV. */
static void check_shown(struct span text, bool tabs)
{
	while (text.size > 0) {
		bool safe;
		size_t length = shown_character(text, &safe);
		uint8_t byte = span_byte(text, 0);
		if (!safe && byte != '\n' && !(tabs && byte == '\t'))
			abort();
		text = span_from(text, length);
	}
}

static void check_columns(struct span text, int columns)
{
	struct span line;
	while (span_next_line(&text, &line)) {
		int count = 1;
		for (size_t i = 0; i < line.size; i++)
			count += span_byte(line, i) == '\t';
		if (count != columns)
			abort();
	}
}

static void check_json(struct span text)
{
	struct json_tokener *tokener = json_tokener_new_ex(64);
	struct json_object *object = json_tokener_parse_ex(tokener, (const char *)text.data, (int)text.size);
	if (!object || !json_object_is_type(object, json_type_array))
		abort();
	(void)json_object_put(object);
	json_tokener_free(tokener);
}

void printed_check(struct printed *printed, enum table_format format, int columns)
{
	(void)fclose(stdout);
	stdout = printed->stdout_before;
	struct span text = span_of(printed->text, printed->size);
	if (format == TABLE_JSON)
		check_json(text);
	else
		check_shown(text, format == TABLE_TSV);
	if (format == TABLE_TSV)
		check_columns(text, columns);
	free(printed->text);
}
