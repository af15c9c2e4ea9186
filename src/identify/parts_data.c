/* Reads data/parts. */
#include "identify/parts.h"

#include <stdlib.h>

#include "identify/data_words.h"
#include "identify/shape.h"

struct loader {
	struct data_reader reader;
	struct part_component *all;
	size_t count;
};

static enum outcome read_shapes(const struct loader *loader, const struct yaml *node, struct words *out)
{
	TRY(data_words_read(&loader->reader, node, out));
	for (size_t i = 0; i < out->count; i++)
		if (!shape_valid(out->all[i]))
			return data_fail(&loader->reader, node, "not a valid shape");
	return DONE;
}

static bool shows_itself(const struct part *part)
{
	return part->applet || part->option.count + part->symbol.count + part->string.count + part->text.count +
				       part->hint.count + part->elsewhere.count +
				       part->machine.count + part->program.count + part->file.count > 0;
}

static enum outcome read_part(const struct loader *loader, const struct yaml *node, struct part *out)
{
	const struct {
		const char *key;
		struct words *words;
	} texts[] = {
		{ "also", &out->also },     { "option", &out->option }, { "lacks", &out->lacks }, { "symbol", &out->symbol },
		{ "string", &out->string }, { "text", &out->text },     { "hint", &out->hint },   { "elsewhere", &out->elsewhere },
		{ "beside", &out->beside }, { "machine", &out->machine },
	};
	*out = (struct part){
		.name = yaml_text(node, "name"),
		.otherwise = data_is_true(node, "otherwise"),
		.never_missing = data_is_true(node, "never_missing"),
		.applet = data_is_true(node, "applet"),
		.maybe = data_is_true(node, "maybe"),
	};
	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
		TRY(data_words_read(&loader->reader, yaml_member(node, texts[i].key), texts[i].words));
	TRY(read_shapes(loader, yaml_member(node, "program"), &out->program));
	TRY(read_shapes(loader, yaml_member(node, "file"), &out->file));
	if (out->name.size == 0 || span_find_byte(out->name, ' ', 0) != SPAN_NOT_FOUND || !shows_itself(out))
		return data_fail(&loader->reader, node, "a part has a name without blanks, and something that shows it");
	return DONE;
}

static enum outcome read_component(struct loader *loader, const struct yaml *node, struct part_component *out)
{
	const struct yaml *applets = yaml_member(node, "applets"), *parts = yaml_member(node, "parts");
	struct part *all = ARENA_NEW(loader->reader.arena, struct part, yaml_count(applets) + yaml_count(parts) + 1);
	*out = (struct part_component){ .name = yaml_text(node, "component"), .parts = all };
	if (!all)
		return NO_MEMORY;
	if (out->name.size == 0)
		return data_fail(&loader->reader, node, "it needs a component");
	TRY(data_words_read(&loader->reader, yaml_member(node, "list"), &out->list));
	TRY(data_words_read(&loader->reader, yaml_member(node, "bearer_text"), &out->bearer_text));
	TRY(data_words_read(&loader->reader, yaml_member(node, "bearer_symbol"), &out->bearer_symbol));
	for (const struct yaml *child = yaml_first(applets); child; child = child->next)
		all[out->count++] = (struct part){ .name = child->text, .applet = true };
	for (const struct yaml *child = yaml_first(parts); child; child = child->next) {
		TRY(read_part(loader, child, &all[out->count]));
		out->count++;
	}
	return DONE;
}

static int compare_components(const void *left, const void *right)
{
	const struct part_component *a = left, *b = right;
	return span_compare(a->name, b->name);
}

enum outcome parts_load(struct arena *arena, struct parts *out, struct span *error)
{
	struct loader loader = { .reader = { .arena = arena, .error = error } };
	struct data_folder folder;
	TRY(data_folder_read(&loader.reader, "parts/", &folder));
	loader.all = ARENA_NEW(arena, struct part_component, folder.entries + 1);
	if (!loader.all)
		return NO_MEMORY;
	for (size_t i = 0; i < folder.count; i++) {
		loader.reader.document = folder.names[i];
		for (const struct yaml *node = yaml_first(folder.roots[i]); node; node = node->next)
			TRY(read_component(&loader, node, &loader.all[loader.count++]));
	}
	qsort(loader.all, loader.count, sizeof *loader.all, compare_components);
	*out = (struct parts){ .all = loader.all, .count = loader.count };
	return DONE;
}

const struct part_component *parts_of(const struct parts *parts, struct span component)
{
	for (size_t i = 0; i < parts->count; i++)
		if (span_equal(parts->all[i].name, component))
			return &parts->all[i];
	return NULL;
}

const struct part *part_named(const struct part_component *component, struct span name)
{
	for (size_t i = 0; component && i < component->count; i++) {
		const struct part *part = &component->parts[i];
		if (span_equal(part->name, name))
			return part;
		for (size_t k = 0; k < part->also.count; k++)
			if (span_equal(part->also.all[k], name))
				return part;
	}
	return NULL;
}
