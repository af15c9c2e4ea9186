#include "vuln/sdk_match.h"

#include "vuln/component_row.h"
#include "vuln/identifier.h"
#include "vuln/row.h"
#include "vuln/sdk_facts.h"

enum { MEMORY_MAX = 1024 * 1024 };

struct sdk_matcher {
	sqlite3 *evidence;
	struct arena *arena;
	struct row_writer writer;
};

/* Where a program of that name lies; empty where there is none. *file is its number. */
static struct span program_named(struct sdk_matcher *m, struct span name, int64_t *file)
{
	struct query query = query_start(m->evidence,
		"SELECT path, id FROM file WHERE kind = 'elf' AND substr(path, -length(?1) - 1) = '/' || ?1 ORDER BY id LIMIT 1");
	query_bind_text(&query, 1, name);
	struct span path = SPAN_NONE;
	if (query_next(&query)) {
		path = arena_copy(m->arena, query_text(&query, 0));
		*file = query_integer(&query, 1);
	}
	return query_end(&query) == DONE ? path : SPAN_NONE;
}

static bool is_maker(struct sdk_matcher *m, struct span name)
{
	struct query query = query_start(m->evidence, "SELECT 1 FROM image WHERE lower(vendor) = lower(?1)");
	query_bind_text(&query, 1, name);
	bool found = query_next(&query);
	return query_end(&query) == DONE && found;
}

/* What shows the mark: the path of its first program, or the maker's name; empty where the image does not have it. */
static struct span seen(struct sdk_matcher *m, struct span mark, int64_t *file)
{
	struct span name, first = SPAN_NONE;
	if (span_starts_text(mark, SDK_MAKER)) {
		name = span_from(mark, strlen(SDK_MAKER));
		return is_maker(m, name) ? name : SPAN_NONE;
	}
	while (span_next_field(&mark, '+', &name)) {
		int64_t number = 0;
		struct span path = program_named(m, name, &number);
		if (path.size == 0)
			return SPAN_NONE;
		if (first.size == 0) {
			first = path;
			*file = number;
		}
	}
	return first;
}

/* True where a row says something of it already, of the device or of a component; also by another mark. */
static bool is_told(struct sdk_matcher *m, int64_t vulnerability)
{
	char name[IDENTIFIER_TEXT_SIZE];
	identifier_format(vulnerability, name);
	struct query query = query_start(m->evidence, "SELECT 1 FROM vulnerability WHERE id = ?1");
	query_bind_text(&query, 1, span_of_text(name));
	bool found = query_next(&query);
	return query_end(&query) == DONE && found;
}

static enum outcome component_of(struct sdk_matcher *m, struct span sdk, struct span path, int64_t *id)
{
	struct query query = query_start(m->evidence, "SELECT id FROM component WHERE name = ?1 AND type = 'firmware'");
	query_bind_text(&query, 1, sdk);
	*id = query_next(&query) ? query_integer(&query, 0) : 0;
	TRY(query_end(&query));
	const struct component_row row = { .name = sdk, .type = "firmware", .path = path, .confidence = 70 };
	return *id != 0 ? DONE : component_row_add(m->evidence, &row, id);
}

static enum outcome match_fact(struct sdk_matcher *m, const struct sdk_fact *fact)
{
	int64_t file = 0, component;
	if (is_told(m, fact->id))
		return DONE;
	struct span mark = seen(m, fact->mark, &file);
	if (mark.size == 0)
		return DONE;
	struct decision decision = { .source = SOURCE_REVIEW };
	decision_review(&decision, arena_format(m->arena, "the fault is in %.*s, and the image has %.*s", SPAN_FORMAT(fact->what),
						SPAN_FORMAT(mark)),
			file > 0 ? arena_format(m->arena, "which version of the %.*s is %.*s of?", SPAN_FORMAT(fact->sdk),
						SPAN_FORMAT(mark))
				 : SPAN_LITERAL("is the model among those that its maker lists, and the firmware older than the fix?"));
	decision_premise(&decision, file > 0 ? "part" : "device", mark);
	decision.premises[0].file = file;
	TRY(component_of(m, fact->sdk, file > 0 ? mark : SPAN_NONE, &component));
	return row_write(&m->writer, component, fact->id, &decision);
}

static enum outcome match_facts(struct sdk_matcher *m, sqlite3 *store)
{
	struct query query = query_start(store, "SELECT vulnerability, substr(p.name, 5), part, why FROM affected JOIN product p"
						" ON p.id = product WHERE p.name GLOB 'sdk/*' AND part IS NOT NULL AND why IS NOT NULL"
						" ORDER BY vulnerability, entry");
	enum outcome outcome = DONE;
	while (outcome == DONE && query_next(&query)) {
		const struct sdk_fact fact = { .id = query_integer(&query, 0), .sdk = query_text(&query, 1),
					       .mark = query_text(&query, 2), .what = query_text(&query, 3) };
		outcome = match_fact(m, &fact);
	}
	enum outcome ended = query_end(&query);
	return outcome == DONE ? ended : outcome;
}

enum outcome sdk_match(sqlite3 *evidence, sqlite3 *store)
{
	struct arena arena;
	struct sdk_matcher m = { .evidence = evidence, .arena = &arena };
	arena_init(&arena, MEMORY_MAX);
	row_writer_init(&m.writer, evidence, store);
	enum outcome outcome = match_facts(&m, store);
	enum outcome ended = row_writer_end(&m.writer);
	arena_done(&arena);
	return outcome == DONE ? ended : outcome;
}
