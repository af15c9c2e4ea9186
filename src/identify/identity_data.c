/* Reads data/identity: files that name devices, makers, and the codes of boards. */
#include "identify/identity.h"

#include "identify/data_words.h"
#include "identify/identity_phrases.h"
#include "identify/shape.h"

static const char *const subjects[] = { "vendor", "model", "hardware", "version", "dated", "system", "board", "heading" };

static enum outcome read_texts(const struct data_reader *reader, const struct yaml *node, const struct span **out,
			       size_t *count)
{
	struct span *list = ARENA_NEW(reader->arena, struct span, yaml_count(node) + 1);
	*out = list;
	*count = 0;
	if (!list)
		return NO_MEMORY;
	for (const struct yaml *child = yaml_first(node); child; child = child->next)
		list[(*count)++] = child->text;
	return DONE;
}

/* The constant of that name; NULL where it is no subject. */
static const char *subject_of(struct span word)
{
	for (size_t i = 0; i < sizeof subjects / sizeof *subjects; i++)
		if (span_equal_text(word, subjects[i]))
			return subjects[i];
	return NULL;
}

static enum outcome read_keys(const struct data_reader *reader, const struct yaml *node, struct identity_file *out)
{
	struct identity_key *keys = ARENA_NEW(reader->arena, struct identity_key, yaml_count(node) + 1);
	if (!keys)
		return NO_MEMORY;
	for (const struct yaml *child = yaml_first(node); child; child = child->next) {
		keys[out->key_count] = (struct identity_key){ child->key, subject_of(child->text) };
		if (!keys[out->key_count++].subject)
			return data_fail(reader, child, "no such subject");
	}
	out->keys = keys;
	return DONE;
}

static enum outcome read_file(const struct data_reader *reader, const struct yaml *node, struct identity_file *out)
{
	struct span whole = yaml_text(node, "whole");
	uint64_t confidence = 0;
	TRY(read_texts(reader, yaml_member(node, "file"), &out->shapes, &out->shape_count));
	for (size_t i = 0; i < out->shape_count; i++)
		if (!shape_valid(out->shapes[i]))
			return data_fail(reader, node, "not a valid shape");
	if (out->shape_count == 0 || !span_to_number(yaml_text(node, "confidence"), 100, &confidence))
		return data_fail(reader, node, "it needs shapes of paths, and a confidence up to 100");
	out->confidence = (int64_t)confidence;
	TRY(read_texts(reader, yaml_member(node, "ignore"), &out->ignore, &out->ignore_count));
	out->vendor = yaml_text(node, "vendor");
	out->holds = yaml_text(node, "holds");
	out->page = data_is_true(node, "page");
	out->whole = whole.size > 0 ? subject_of(whole) : NULL;
	TRY(read_keys(reader, yaml_member(node, "keys"), out));
	TRY(read_texts(reader, yaml_member(node, "systems"), &out->systems, &out->system_count));
	int ways = (out->key_count > 0) + (out->whole != NULL) + (out->system_count > 0);
	return ways == 1 ? DONE : data_fail(reader, node, "it needs one of whole, keys and systems");
}

static enum outcome read_files(struct data_reader *reader, struct identity_data *out)
{
	const struct yaml *root;
	TRY(data_document_read(reader, "identity/files.yaml", &root));
	struct identity_file *files = ARENA_NEW(reader->arena, struct identity_file, yaml_count(root) + 1);
	if (!files)
		return NO_MEMORY;
	for (const struct yaml *node = yaml_first(root); node; node = node->next)
		TRY(read_file(reader, node, &files[out->file_count++]));
	out->files = files;
	return DONE;
}

static enum outcome read_vendors(struct data_reader *reader, struct identity_data *out)
{
	const struct yaml *root;
	TRY(data_document_read(reader, "identity/vendors.yaml", &root));
	struct identity_vendor *vendors = ARENA_NEW(reader->arena, struct identity_vendor, yaml_count(root) + 1);
	if (!vendors)
		return NO_MEMORY;
	for (const struct yaml *node = yaml_first(root); node; node = node->next) {
		struct identity_vendor *vendor = &vendors[out->vendor_count++];
		vendor->name = yaml_text(node, "name");
		vendor->prefix = yaml_text(node, "prefix");
		if (vendor->name.size == 0)
			return data_fail(reader, node, "a maker needs a name");
		TRY(read_texts(reader, yaml_member(node, "aliases"), &vendor->aliases, &vendor->alias_count));
	}
	out->vendors = vendors;
	return DONE;
}

static size_t count_boards(const struct yaml *root)
{
	size_t count = 0;
	for (const struct yaml *node = yaml_first(root); node; node = node->next)
		count += yaml_count(yaml_member(node, "boards"));
	return count;
}

static enum outcome read_boards(struct data_reader *reader, struct identity_data *out)
{
	const struct yaml *root;
	TRY(data_document_read(reader, "identity/boards.yaml", &root));
	struct identity_board *boards = ARENA_NEW(reader->arena, struct identity_board, count_boards(root) + 1);
	struct identity_format *formats = ARENA_NEW(reader->arena, struct identity_format, yaml_count(root) + 1);
	if (!boards || !formats)
		return NO_MEMORY;
	for (const struct yaml *node = yaml_first(root); node; node = node->next) {
		struct span format = yaml_text(node, "format");
		bool behind = span_equal_text(yaml_text(node, "revision"), "tail");
		if (format.size == 0)
			return data_fail(reader, node, "it needs a format");
		formats[out->format_count++] = (struct identity_format){ format, yaml_text(node, "vendor") };
		for (const struct yaml *one = yaml_first(yaml_member(node, "boards")); one; one = one->next)
			boards[out->board_count++] = (struct identity_board){ format, one->key, one->text, behind };
	}
	out->boards = boards;
	out->formats = formats;
	return DONE;
}

enum outcome identity_load(struct arena *arena, struct identity_data *out, struct span *error)
{
	struct data_reader reader = { .arena = arena, .error = error };
	*out = (struct identity_data){ 0 };
	TRY(read_files(&reader, out));
	TRY(read_vendors(&reader, out));
	TRY(identity_phrases_load(&reader, out));
	return read_boards(&reader, out);
}
