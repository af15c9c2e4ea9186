#include "judge/catalog.h"

#include "base/embedded.h"

enum { CATALOGS_MAX = 100, REQUIREMENTS_MAX = 5000 };

struct loader {
	const struct rules *rules;
	struct arena *arena;
	struct span *error;
	struct catalog *all;
	size_t count;
};

static enum outcome fail(struct loader *loader, struct span file, uint32_t line, const char *what,
			 struct span subject)
{
	*loader->error = arena_format(loader->arena, "%.*s line %u: %s%s%.*s", SPAN_FORMAT(file), line, what,
				      subject.size ? ": " : "", SPAN_FORMAT(subject));
	return MALFORMED;
}

const struct requirement *catalog_find(const struct catalog *catalog, struct span id)
{
	for (size_t i = 0; i < catalog->count; i++)
		if (span_equal(catalog->requirements[i].id, id))
			return &catalog->requirements[i];
	return NULL;
}

static enum outcome load_requirements(struct loader *loader, struct span file, const struct yaml *list,
				      struct catalog *catalog)
{
	size_t count = 0;
	for (const struct yaml *node = yaml_first(list); node; node = node->next)
		count++;
	if (count == 0 || count > REQUIREMENTS_MAX || list->kind != YAML_SEQUENCE)
		return fail(loader, file, list ? list->line : 1, "a catalogue needs a list of requirements",
			    catalog->id);
	struct requirement *all = ARENA_NEW(loader->arena, struct requirement, count);
	if (!all)
		return NO_MEMORY;
	catalog->requirements = all;
	for (const struct yaml *node = yaml_first(list); node; node = node->next) {
		struct requirement one;
		TRY(requirement_read(node, file, loader->rules, loader->arena, &one, loader->error));
		if (catalog_find(catalog, one.id))
			return fail(loader, file, node->line, "a requirement with this id exists already",
				    one.id);
		all[catalog->count++] = one;
	}
	return DONE;
}

static enum outcome load_file(struct loader *loader, struct span name, struct span text)
{
	const struct yaml *root;
	struct span why = SPAN_NONE;
	enum outcome outcome = yaml_read(text, loader->arena, &root, &why);
	if (outcome == MALFORMED)
		*loader->error = arena_format(loader->arena, "%.*s %.*s", SPAN_FORMAT(name),
					      SPAN_FORMAT(why));
	TRY(outcome);
	struct catalog catalog = { .id = yaml_text(root, "id"),
				   .title = yaml_text(root, "title"),
				   .publisher = yaml_text(root, "publisher"),
				   .version = yaml_text(root, "version") };
	if (catalog.id.size == 0 || catalog.title.size == 0)
		return fail(loader, name, root->line, "a catalogue needs id and title", SPAN_NONE);
	for (size_t i = 0; i < loader->count; i++)
		if (span_equal(loader->all[i].id, catalog.id))
			return fail(loader, name, root->line, "a catalogue with this id exists already",
				    catalog.id);
	if (loader->count == CATALOGS_MAX)
		return fail(loader, name, root->line, "too many catalogues", catalog.id);
	TRY(kinds_read(root, loader->arena, &catalog.kinds));
	TRY(load_requirements(loader, name, yaml_member(root, "requirements"), &catalog));
	loader->all[loader->count++] = catalog;
	return DONE;
}

enum outcome catalogs_load(const struct judge_source *files, size_t count, const struct rules *rules,
			   struct arena *arena, struct catalogs *out, struct span *error)
{
	struct loader loader = { .rules = rules, .arena = arena, .error = error };
	loader.all = ARENA_NEW(arena, struct catalog, CATALOGS_MAX);
	if (!loader.all)
		return NO_MEMORY;
	for (const struct embedded_file *file = embedded_files; file->name; file++) {
		struct span name = span_of_text(file->name);
		if (span_starts_text(name, "catalogs/"))
			TRY(load_file(&loader, name, span_of(file->data, file->size)));
	}
	for (size_t i = 0; i < count; i++)
		TRY(load_file(&loader, files[i].name, files[i].text));
	*out = (struct catalogs){ .all = loader.all, .count = loader.count };
	return DONE;
}
