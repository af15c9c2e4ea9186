#include "judge/rules.h"

#include <stdlib.h>

#include "base/embedded.h"
#include "base/yaml.h"
#include "judge/guard.h"

enum { RULES_MAX = 2000, ID_MAX = 100 };

static const char *const severities[] = {
	[SEVERITY_INFO] = "info", [SEVERITY_LOW] = "low", [SEVERITY_MEDIUM] = "medium", [SEVERITY_HIGH] = "high",
	[SEVERITY_CRITICAL] = "critical",
};

struct loader {
	struct arena *arena;
	struct span *error;
	struct rule *all;
	size_t count;
};

static enum outcome fail(struct loader *loader, struct span file, uint32_t line, const char *what,
			 struct span subject)
{
	*loader->error = arena_format(loader->arena, "%.*s line %u: %s%s%.*s", SPAN_FORMAT(file), line, what,
				      subject.size ? ": " : "", SPAN_FORMAT(subject));
	return MALFORMED;
}

static bool is_id(struct span id)
{
	if (id.size == 0 || id.size > ID_MAX)
		return false;
	for (size_t i = 0; i < id.size; i++) {
		uint8_t byte = span_byte(id, i);
		if (!(byte >= 'a' && byte <= 'z') && !(byte >= '0' && byte <= '9') && byte != '-')
			return false;
	}
	return true;
}

static bool is_severity(struct span word)
{
	for (size_t i = 0; i < sizeof severities / sizeof *severities; i++)
		if (span_equal_text(word, severities[i]))
			return true;
	return false;
}

enum severity severity_named(struct span word)
{
	enum severity severity = SEVERITY_CRITICAL;
	while (severity > SEVERITY_INFO && !span_equal_text(word, severities[severity]))
		severity--;
	return severity;
}

/* The statement without the blanks and the semicolon at its end, so that it can stand in brackets. */
static struct span statement(struct span sql)
{
	sql = span_trim(sql);
	while (sql.size > 0 && span_ends_text(sql, ";"))
		sql = span_trim(span_slice(sql, 0, sql.size - 1));
	return sql;
}

/* A slip in a key would take a part of the rule away in silence. */
static const struct yaml *unknown_key(const struct yaml *node)
{
	static const char *const keys[] = { "id", "title", "severity", "advice", "needs", "kinds", "sql" };
	for (const struct yaml *child = yaml_first(node); child; child = child->next) {
		bool known = false;
		for (size_t i = 0; i < sizeof keys / sizeof *keys && !known; i++)
			known = span_equal_text(child->key, keys[i]);
		if (!known)
			return child;
	}
	return NULL;
}

static enum outcome load_rule(struct loader *loader, struct span file, const struct yaml *node)
{
	if (loader->count == RULES_MAX)
		return fail(loader, file, node->line, "too many rules", SPAN_NONE);
	struct rule rule = { .id = yaml_text(node, "id"),
			     .title = yaml_text(node, "title"),
			     .severity = yaml_text(node, "severity"),
			     .advice = span_trim(yaml_text(node, "advice")),
			     .origin = file,
			     .line = node->line };
	struct span sql = statement(yaml_text(node, "sql"));
	if (!is_id(rule.id))
		return fail(loader, file, node->line,
			    "a rule needs an id of small letters, digits and hyphens", rule.id);
	for (size_t i = 0; i < loader->count; i++)
		if (span_equal(loader->all[i].id, rule.id))
			return fail(loader, file, node->line, "a rule with this id exists already", rule.id);
	if (rule.title.size == 0)
		return fail(loader, file, node->line, "a rule needs a title", rule.id);
	if (!is_severity(rule.severity))
		return fail(loader, file, node->line, "severity must be critical, high, medium, low or info",
			    rule.id);
	if (sql.size == 0)
		return fail(loader, file, node->line, "a rule needs sql", rule.id);
	const struct yaml *unknown = unknown_key(node);
	if (unknown)
		return fail(loader, file, unknown->line,
			    "a rule has id, title, severity, advice, needs, kinds and sql, not", unknown->key);
	uint32_t line;
	if (scope_read(node, &rule.needs, &line) != DONE)
		return fail(loader, file, line, "needs is a list of file, root, kernel, boot, update, whole-device", rule.id);
	TRY(kinds_read(node, loader->arena, &rule.kinds));
	rule.sql = arena_text(loader->arena, sql);
	if (!rule.sql)
		return NO_MEMORY;
	loader->all[loader->count++] = rule;
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
	if (root->kind != YAML_SEQUENCE)
		return fail(loader, name, root->line, "a rule file is a list of rules", SPAN_NONE);
	for (const struct yaml *node = yaml_first(root); node; node = node->next)
		TRY(load_rule(loader, name, node));
	return DONE;
}

static int by_id(const void *a, const void *b)
{
	const struct rule *first = a, *second = b;
	return span_compare(first->id, second->id);
}

enum outcome rules_load(const struct judge_source *files, size_t count, struct arena *arena,
			struct rules *out, struct span *error)
{
	struct loader loader = { .arena = arena, .error = error };
	loader.all = ARENA_NEW(arena, struct rule, RULES_MAX);
	if (!loader.all)
		return NO_MEMORY;
	for (const struct embedded_file *file = embedded_files; file->name; file++) {
		struct span name = span_of_text(file->name);
		if (span_starts_text(name, "rules/") && span_ends_text(name, ".yaml"))
			TRY(load_file(&loader, name, span_of(file->data, file->size)));
	}
	for (size_t i = 0; i < count; i++)
		TRY(load_file(&loader, files[i].name, files[i].text));
	qsort(loader.all, loader.count, sizeof *loader.all, by_id);
	*out = (struct rules){ .all = loader.all, .count = loader.count };
	return DONE;
}

size_t rules_find(const struct rules *rules, struct span id)
{
	struct rule key = { .id = id };
	const struct rule *found = rules->count ? bsearch(&key, rules->all, rules->count, sizeof key, by_id)
						: NULL;
	return found ? (size_t)(found - rules->all) : SIZE_MAX;
}
