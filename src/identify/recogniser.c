/* Reads data/components: YAML entries into the table of recognisers. */
#include "identify/recogniser.h"

#include <stdlib.h>

#include "identify/data_words.h"
#include "identify/fixes.h"
#include "identify/parts.h"
#include "identify/shape.h"

enum { BRANCH_MAX = 3 };

struct table {
	struct data_reader reader;
	struct recogniser *all;
	size_t count;
	struct pattern *patterns;
	struct pattern_owner *owners;
	size_t pattern_count;
};

/* A list of texts, or one text, as an array of spans. */
static enum outcome read_list(struct table *table, const struct yaml *node, const struct span **out, size_t *count)
{
	*out = NULL;
	*count = 0;
	if (!node)
		return DONE;
	size_t capacity = node->kind == YAML_SCALAR ? 1 : yaml_count(node);
	struct span *list = ARENA_NEW(table->reader.arena, struct span, capacity ? capacity : 1);
	if (!list)
		return NO_MEMORY;
	if (node->kind == YAML_SCALAR)
		list[(*count)++] = node->text;
	for (const struct yaml *child = yaml_first(node); child; child = child->next)
		list[(*count)++] = child->text;
	*out = list;
	return DONE;
}

static enum outcome read_shapes(struct table *table, const struct yaml *node, const struct span **out,
				size_t *count)
{
	TRY(read_list(table, node, out, count));
	for (size_t i = 0; i < *count; i++)
		if (!shape_valid((*out)[i]))
			return data_fail(&table->reader, node, "not a valid shape");
	return DONE;
}

static enum outcome add_pattern(struct table *table, const struct recogniser *recogniser, struct witness_rule *rule,
				struct span expression)
{
	char *text = arena_text(table->reader.arena, expression);
	if (!text)
		return NO_MEMORY;
	rule->pattern = (uint32_t)table->pattern_count;
	table->patterns[table->pattern_count] = (struct pattern){ .expression = text };
	table->owners[table->pattern_count++] = (struct pattern_owner){ recogniser, rule };
	return DONE;
}

static enum outcome read_rule(struct table *table, const struct yaml *node, const struct recogniser *recogniser,
			      struct witness_rule *rule)
{
	const struct yaml *banner = yaml_member(node, "banner"), *string = yaml_member(node, "string");
	const struct yaml *library = yaml_member(node, "library"), *beside = yaml_member(node, "beside");
	uint64_t confidence;
	if (!!banner + !!string + !!library != 1)
		return data_fail(&table->reader, node, "a witness is a banner, a string or a library");
	if (!span_to_number(yaml_text(node, "confidence"), 100, &confidence))
		return data_fail(&table->reader, node, "confidence is a number up to 100");
	rule->confidence = (uint32_t)confidence;
	rule->pattern = PATTERN_NONE;
	rule->kind = banner ? WITNESS_BANNER : string ? WITNESS_STRING : WITNESS_LIBRARY;
	rule->unless = yaml_text(node, "unless");
	rule->in_text = span_equal_text(yaml_text(node, "text"), "true");
	TRY(read_list(table, yaml_member(node, "with"), &rule->with, &rule->with_count));
	TRY(read_shapes(table, string ? string : library, &rule->shapes, &rule->shape_count));
	TRY(read_shapes(table, yaml_member(node, "in"), &rule->files, &rule->file_count));
	if (rule->in_text && !rule->file_count)
		return data_fail(&table->reader, node, "a banner of texts needs the names of their files");
	if (string && !beside && !rule->file_count) {
		rule->files = recogniser->files;
		rule->file_count = recogniser->file_count;
		if (!rule->file_count)
			return data_fail(&table->reader, node, "a string needs words beside it, or files");
	}
	if (banner)
		return add_pattern(table, recogniser, rule, banner->text);
	return beside ? add_pattern(table, recogniser, rule, beside->text) : DONE;
}

static bool read_order(struct span word, enum version_order *out)
{
	static const struct {
		const char *word;
		enum version_order order;
	} orders[] = {
		{ "date", ORDER_DATE },       { "debian", ORDER_DEBIAN }, { "dropbear", ORDER_DROPBEAR },
		{ "generic", ORDER_GENERIC }, { "kernel", ORDER_KERNEL }, { "openssl", ORDER_OPENSSL },
		{ "samba", ORDER_SAMBA },     { "uboot", ORDER_UBOOT },
	};
	for (size_t i = 0; i < sizeof orders / sizeof *orders; i++)
		if (span_equal_text(word, orders[i].word)) {
			*out = orders[i].order;
			return true;
		}
	return false;
}

static enum outcome read_branch(struct table *table, const struct yaml *node, struct recogniser *out)
{
	struct span text = yaml_text(node, "branch");
	uint64_t fields = 1;
	if (text.size > 0 && (!span_to_number(text, BRANCH_MAX, &fields) || fields == 0))
		return data_fail(&table->reader, node, "branch must be a number of fields, 1 to 3");
	out->branch = (size_t)fields;
	return DONE;
}

static enum outcome read_recogniser(struct table *table, const struct yaml *node, struct recogniser *out)
{
	*out = (struct recogniser){
		.name = yaml_text(node, "name"),       .title = yaml_text(node, "title"),
		.type = yaml_text(node, "type"),       .purl = yaml_text(node, "purl"),
		.licence = yaml_text(node, "licence"),
	};
	if (out->name.size == 0 || out->type.size == 0 || out->purl.size == 0)
		return data_fail(&table->reader, node, "name, type and purl must be given");
	if (!read_order(yaml_text(node, "order"), &out->order))
		return data_fail(&table->reader, node, "unknown version order");
	TRY(read_branch(table, node, out));
	TRY(read_list(table, yaml_member(node, "cpe"), &out->cpes, &out->cpe_count));
	TRY(read_list(table, yaml_member(node, "licence_before"), &out->licences_before, &out->licence_before_count));
	TRY(read_shapes(table, yaml_member(node, "packages"), &out->packages, &out->package_count));
	TRY(read_shapes(table, yaml_member(node, "files"), &out->files, &out->file_count));
	const struct yaml *witnesses = yaml_member(node, "witnesses");
	size_t count = yaml_count(witnesses);
	struct witness_rule *rules = ARENA_NEW(table->reader.arena, struct witness_rule, count ? count : 1);
	if (!rules)
		return NO_MEMORY;
	out->rules = rules;
	for (const struct yaml *child = yaml_first(witnesses); child; child = child->next)
		TRY(read_rule(table, child, out, &rules[out->rule_count++]));
	return DONE;
}

static int compare_names(const void *left, const void *right)
{
	const struct yaml *const *a = left, *const *b = right;
	return span_compare(yaml_text(*a, "name"), yaml_text(*b, "name"));
}

static size_t count_rules(const struct yaml *const *nodes, size_t count)
{
	size_t rules = 0;
	for (size_t i = 0; i < count; i++)
		rules += yaml_count(yaml_member(nodes[i], "witnesses"));
	return rules;
}

enum outcome recognisers_load(struct arena *arena, struct recognisers *out, struct span *error)
{
	struct table table = { .reader = { .arena = arena, .error = error } };
	struct data_folder folder;
	size_t at = 0;
	TRY(data_folder_read(&table.reader, "components/", &folder));
	const struct yaml **nodes = ARENA_NEW(arena, const struct yaml *, folder.entries + 1);
	table.all = ARENA_NEW(arena, struct recogniser, folder.entries + 1);
	if (!nodes || !table.all)
		return NO_MEMORY;
	for (size_t i = 0; i < folder.count; i++)
		for (const struct yaml *child = yaml_first(folder.roots[i]); child; child = child->next)
			nodes[at++] = child;
	qsort(nodes, folder.entries, sizeof *nodes, compare_names);
	size_t rules = count_rules(nodes, folder.entries);
	table.patterns = ARENA_NEW(arena, struct pattern, rules + 1);
	table.owners = ARENA_NEW(arena, struct pattern_owner, rules + 1);
	if (!table.patterns || !table.owners)
		return NO_MEMORY;
	table.reader.document = "components";
	for (size_t i = 0; i < folder.entries; i++)
		TRY(read_recogniser(&table, nodes[i], &table.all[table.count++]));
	struct parts *parts = ARENA_NEW(arena, struct parts, 1);
	struct fixes *fixes = ARENA_NEW(arena, struct fixes, 1);
	if (!parts || !fixes)
		return NO_MEMORY;
	TRY(parts_load(arena, parts, error));
	TRY(fixes_load(arena, fixes, error));
	*out = (struct recognisers){
		.all = table.all,           .count = table.count, .parts = parts, .fixes = fixes,
		.patterns = table.patterns, .owners = table.owners, .pattern_count = table.pattern_count,
	};
	return DONE;
}

const struct recogniser *recogniser_find(const struct recognisers *recognisers, struct span name)
{
	size_t low = 0, high = recognisers->count;
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		int order = span_compare(recognisers->all[middle].name, name);
		if (order == 0)
			return &recognisers->all[middle];
		if (order < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return NULL;
}

/* How well a package name fits: the length of the shape, more where it is the plain name. */
static size_t package_fit(const struct recogniser *recogniser, struct span package, bool wildcards)
{
	size_t best = span_equal(recogniser->name, package) ? SIZE_MAX : 0;
	for (size_t i = 0; i < recogniser->package_count; i++) {
		struct span shape = recogniser->packages[i];
		if (span_byte(shape, 0) != span_byte(package, 0) || !shape_matches(shape, package, NULL))
			continue;
		bool plain = span_find_byte(shape, '*', 0) == SPAN_NOT_FOUND;
		size_t fit = plain ? SIZE_MAX : wildcards ? shape.size : 0;
		best = fit > best ? fit : best;
	}
	return best;
}

static const struct recogniser *best_fit_of(const struct recognisers *recognisers, struct span package,
					    bool wildcards)
{
	const struct recogniser *best = NULL;
	size_t best_fit = 0;
	for (size_t i = 0; i < recognisers->count; i++) {
		size_t fit = package_fit(&recognisers->all[i], package, wildcards);
		if (fit > best_fit) {
			best_fit = fit;
			best = &recognisers->all[i];
		}
	}
	return best;
}

const struct recogniser *recogniser_for_source(const struct recognisers *recognisers, struct span source)
{
	return best_fit_of(recognisers, source, false);
}

const struct recogniser *recogniser_for_package(const struct recognisers *recognisers, struct span package)
{
	return best_fit_of(recognisers, package, true);
}
