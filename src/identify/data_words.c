#include "identify/data_words.h"

#include "base/embedded.h"

enum outcome data_fail(const struct data_reader *reader, const struct yaml *node, const char *what)
{
	*reader->error = arena_format(reader->arena, "%s: line %u: %s", reader->document, node->line, what);
	return MALFORMED;
}

enum outcome data_words_read(const struct data_reader *reader, const struct yaml *node, struct words *out)
{
	struct span *list = ARENA_NEW(reader->arena, struct span, yaml_count(node) + 1);
	*out = (struct words){ .all = list };
	if (!list)
		return NO_MEMORY;
	if (node && node->kind == YAML_SCALAR)
		list[out->count++] = node->text;
	for (const struct yaml *child = yaml_first(node); child; child = child->next)
		list[out->count++] = child->text;
	for (size_t i = 0; i < out->count; i++)
		if (list[i].size == 0)
			return data_fail(reader, node, "an empty text");
	return DONE;
}

bool data_is_true(const struct yaml *node, const char *key)
{
	return span_equal_text(yaml_text(node, key), "true");
}

enum outcome data_document_read(struct data_reader *reader, const char *name, const struct yaml **out)
{
	struct span why = SPAN_NONE;
	reader->document = name;
	enum outcome outcome = yaml_read(embedded(name), reader->arena, out, &why);
	if (outcome == MALFORMED)
		*reader->error = arena_format(reader->arena, "%s: %.*s", name, SPAN_FORMAT(why));
	return outcome;
}

enum outcome data_folder_read(struct data_reader *reader, const char *prefix, struct data_folder *out)
{
	*out = (struct data_folder){ 0 };
	for (const struct embedded_file *file = embedded_files; file->name; file++) {
		if (!span_starts_text(span_of_text(file->name), prefix))
			continue;
		if (out->count == DATA_DOCUMENTS_MAX)
			return OVER_BUDGET;
		TRY(data_document_read(reader, file->name, &out->roots[out->count]));
		out->names[out->count] = file->name;
		out->entries += yaml_count(out->roots[out->count++]);
	}
	return DONE;
}
