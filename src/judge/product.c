#include "judge/product.h"

#include "base/clock.h"
#include "base/yaml.h"
#include "evidence/query.h"

enum { KEY_MAX = 256, VALUE_MAX = 4096 };

/* Sections that the catalogues, the grades and the matcher know; another one is noted, since it may be a
 * slip. */
static const char *const sections[] = {
	"product",    "contact",    "support",	    "updates",	       "accounts", "services",
	"interfaces", "boot",	    "data",	    "privacy",	       "process",  "hardware",
	"hardening",  "bluetooth",  "zigbee",	    "radio",	       "binding",  "assessment",
	"evidence",   "components", "requirements", "vulnerabilities",
};

struct reader {
	struct evidence *evidence;
	struct arena *arena;
	struct span *error;
	struct span name; /* of the file, for messages */
	struct query insert; /* without a statement the declarations are only checked */
	struct notes notes;
};

static enum outcome fail(struct reader *reader, uint32_t line, const char *what, struct span subject)
{
	*reader->error = arena_format(reader->arena, "%.*s line %u: %s: %.*s", SPAN_FORMAT(reader->name), line,
				      what, SPAN_FORMAT(subject));
	return MALFORMED;
}

static bool is_date(struct span text)
{
	uint64_t month, day;
	return clock_is_day(text) && span_to_number(span_slice(text, 5, 2), 12, &month) && month > 0 &&
	       span_to_number(span_slice(text, 8, 2), 31, &day) && day > 0;
}

static bool is_boolean(struct span text)
{
	return span_equal_text(text, "true") || span_equal_text(text, "false");
}

static bool is_status(struct span text)
{
	return span_equal_text(text, "not affected") || span_equal_text(text, "fixed") ||
	       span_equal_text(text, "under review") || span_equal_text(text, "affected");
}

/* Keys whose value has a form; a slip in them would change a verdict in silence. */
static const struct form {
	const char *prefix, *suffix;
	bool (*holds)(struct span value);
	const char *what;
} forms[] = {
	{ "support.until", "", is_date, "must be a date as YYYY-MM-DD" },
	{ "assessment.date", "", is_date, "must be a date as YYYY-MM-DD" },
	{ "accounts.", "", is_boolean, "must be true or false" },
	{ "interfaces.", "", is_boolean, "must be true or false" },
	{ "requirements.", ".declared", is_boolean, "must be true or false" },
	{ "requirements.", ".applies", is_boolean, "must be true or false" },
	{ "vulnerabilities.", ".status", is_status, "must be not affected, fixed, under review or affected" },
};

static enum outcome check_form(struct reader *reader, struct span key, const struct yaml *node)
{
	for (size_t i = 0; i < sizeof forms / sizeof *forms; i++)
		if (span_starts_text(key, forms[i].prefix) && span_ends_text(key, forms[i].suffix) &&
		    !forms[i].holds(node->text))
			return fail(reader, node->line, forms[i].what, key);
	return DONE;
}

static enum outcome insert(struct reader *reader, struct span key, const struct yaml *node)
{
	if (node->text.size > VALUE_MAX)
		return fail(reader, node->line, "a value is too long", key);
	if (node->text.size == 0)
		return fail(reader, node->line, "a key has no value", key);
	TRY(check_form(reader, key, node));
	if (!reader->insert.statement)
		return DONE;
	query_rewind(&reader->insert);
	query_bind_text(&reader->insert, 1, key);
	query_bind_text(&reader->insert, 2, node->text);
	query_bind_integer(&reader->insert, 3, node->line);
	(void)query_next(&reader->insert);
	return reader->insert.result == SQLITE_DONE ? DONE : NO_MEMORY;
}

/* True where an earlier sibling has the same key. */
static bool repeats(const struct yaml *parent, const struct yaml *child)
{
	for (const struct yaml *other = yaml_first(parent); other && other != child; other = other->next)
		if (span_equal(other->key, child->key))
			return true;
	return false;
}

/* Depth is bounded by yaml_read(). Members of a sequence are numbered from 1. */
static enum outcome flatten(struct reader *reader, struct span prefix, const struct yaml *node)
{
	if (node->kind == YAML_SCALAR)
		return insert(reader, prefix, node);
	size_t number = 0;
	for (const struct yaml *child = yaml_first(node); child; child = child->next) {
		struct span name = child->key;
		number++;
		if (node->kind == YAML_SEQUENCE)
			name = arena_format(reader->arena, "%zu", number);
		else if (repeats(node, child))
			return fail(reader, child->line, "a key is given twice", name);
		if (prefix.size > 0)
			name = arena_format(reader->arena, "%.*s.%.*s", SPAN_FORMAT(prefix),
					    SPAN_FORMAT(name));
		if (!name.data || name.size == 0 || name.size > KEY_MAX)
			return fail(reader, child->line, "a key is empty or too long", name);
		TRY(flatten(reader, name, child));
	}
	return DONE;
}

static void note_unknown_sections(struct reader *reader, const struct yaml *root)
{
	for (const struct yaml *child = yaml_first(root); child; child = child->next) {
		bool known = false;
		for (size_t i = 0; i < sizeof sections / sizeof *sections && !known; i++)
			known = span_equal_text(child->key, sections[i]);
		if (!known)
			notes_add(&reader->notes, NOTE_WARNING, "product.unknown-section", NOTE_NO_OFFSET,
				  "line %u: nothing that comes with assay reads the section \"%.*s\"",
				  child->line, SPAN_FORMAT(child->key));
	}
}

static enum outcome replace(struct reader *reader, const struct yaml *root)
{
	sqlite3 *database = evidence_database(reader->evidence);
	TRY(query_run(database, "DELETE FROM declaration"));
	reader->insert = query_start(database,
				     "INSERT INTO declaration (key, value, line) VALUES (?1, ?2, ?3)");
	if (!reader->insert.statement)
		return query_end(&reader->insert);
	enum outcome outcome = flatten(reader, SPAN_NONE, root);
	enum outcome ended = query_end(&reader->insert);
	return outcome == DONE ? ended : outcome;
}

enum outcome product_read(struct evidence *evidence, struct span name, struct span text, struct arena *arena,
			  struct span *error)
{
	struct reader reader = { .evidence = evidence, .arena = arena, .error = error, .name = name };
	const struct yaml *root;
	struct span why = SPAN_NONE;
	enum outcome outcome = yaml_read(text, arena, &root, &why);
	if (outcome == MALFORMED)
		*error = arena_format(arena, "%.*s %.*s", SPAN_FORMAT(name), SPAN_FORMAT(why));
	TRY(outcome);
	if (root->kind != YAML_MAPPING)
		return fail(&reader, root->line, "must be a list of keys",
			    SPAN_LITERAL("see docs/declarations.md"));

	notes_init(&reader.notes, arena);
	reader.notes.path = name;
	note_unknown_sections(&reader, root);
	/* All of it is checked before anything is replaced: the evidence cannot roll back. */
	TRY(flatten(&reader, SPAN_NONE, root));
	TRY(replace(&reader, root));
	return evidence_insert_notes(evidence, &reader.notes);
}
