#include "judge/judge.h"

#include "evidence/query.h"
#include "judge/catalog.h"
#include "judge/grade.h"
#include "judge/guard.h"
#include "judge/weigh.h"

enum { MEMORY_MAX = 256 << 20 };

static const char clear[] =
	"DELETE FROM finding; DELETE FROM catalog; DELETE FROM requirement;"
	"DELETE FROM requirement_mapping; DELETE FROM verdict; DELETE FROM verdict_evidence;"
	"DELETE FROM device; DELETE FROM grade; DELETE FROM grade_reason; DELETE FROM note WHERE code LIKE 'judge.%'";

/* Statements that fill the tables, prepared once. */
struct writer {
	struct query finding, catalog, requirement, mapping, verdict, evidence;
};

static void writer_open(struct writer *writer, sqlite3 *database)
{
	writer->finding = query_start(
		database, "INSERT INTO finding (rule, title, severity, path, line, detail, advice) "
			  "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)");
	writer->catalog = query_start(database, "INSERT INTO catalog (id, title, publisher, version) "
						"VALUES (?1, ?2, ?3, ?4)");
	writer->requirement = query_start(
		database, "INSERT INTO requirement (catalog, id, ordinal, title, meaning, level, "
			  "condition, decidable) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)");
	writer->mapping = query_start(database,
				      "INSERT INTO requirement_mapping (catalog, requirement, publication, "
				      "reference) VALUES (?1, ?2, ?3, ?4)");
	writer->verdict = query_start(
		database, "INSERT INTO verdict (catalog, requirement, verdict, reason, declaration, "
			  "contradicted) VALUES (?1, ?2, ?3, ?4, ?5, ?6)");
	writer->evidence = query_start(
		database, "INSERT INTO verdict_evidence (catalog, requirement, role, rule, path, line, "
			  "detail) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)");
}

static void writer_close(struct writer *writer)
{
	struct query *const all[] = { &writer->finding, &writer->catalog, &writer->requirement,
				      &writer->mapping, &writer->verdict, &writer->evidence };
	for (size_t i = 0; i < sizeof all / sizeof *all; i++)
		(void)sqlite3_finalize(all[i]->statement);
}

static void bind_optional(struct query *query, int parameter, struct span text)
{
	if (text.size > 0)
		query_bind_text(query, parameter, text);
	else
		query_bind_null(query, parameter);
}

/* Runs the insert whose parameters are bound. */
static enum outcome insert(struct query *query)
{
	(void)query_next(query);
	int result = query->result;
	query_rewind(query);
	return query->statement && result == SQLITE_DONE ? DONE : MALFORMED;
}

static void bind_place(struct query *query, int parameter, const struct rule_row *row)
{
	bind_optional(query, parameter, row->path);
	if (row->line > 0)
		query_bind_integer(query, parameter + 1, row->line);
	else
		query_bind_null(query, parameter + 1);
	query_bind_text(query, parameter + 2, row->detail);
}

/* The row that stands for those beyond the limit. */
static enum outcome rest_row(const struct judging *judging, const struct rule_result *result,
			     struct rule_row *out)
{
	*out = (struct rule_row){ .detail = arena_format(judging->arena, "and %lld more like these",
							 (long long)result->more) };
	return out->detail.data ? DONE : NO_MEMORY;
}

static enum outcome write_finding(struct writer *writer, const struct rule *rule, const struct rule_row *row)
{
	struct query *query = &writer->finding;
	query_bind_text(query, 1, rule->id);
	query_bind_text(query, 2, rule->title);
	query_bind_text(query, 3, rule->severity);
	bind_place(query, 4, row);
	bind_optional(query, 7, rule->advice);
	return insert(query);
}

static enum outcome write_findings(const struct judging *judging, struct writer *writer, size_t index)
{
	const struct rule *rule = &judging->rules.all[index];
	const struct rule_result *result = &judging->results[index];
	if (span_equal_text(rule->severity, "info"))
		return DONE;
	for (size_t i = 0; i < result->count; i++)
		TRY(write_finding(writer, rule, &result->rows[i]));
	if (result->more == 0)
		return DONE;
	struct rule_row rest;
	TRY(rest_row(judging, result, &rest));
	return write_finding(writer, rule, &rest);
}

static enum outcome write_row(struct writer *writer, struct span catalog, struct span requirement,
			      const char *role, struct span rule, const struct rule_row *row)
{
	struct query *query = &writer->evidence;
	query_bind_text(query, 1, catalog);
	query_bind_text(query, 2, requirement);
	query_bind_text(query, 3, span_of_text(role));
	query_bind_text(query, 4, rule);
	bind_place(query, 5, row);
	return insert(query);
}

static enum outcome write_rows(const struct judging *judging, struct writer *writer, struct span catalog,
			       const struct requirement *requirement, const char *role, struct rule_list list)
{
	bool shows = strcmp(role, "shows") == 0;
	for (size_t i = 0; i < list.count; i++) {
		const struct rule_result *result = &judging->results[list.all[i]];
		if (shows && result->withheld.data)
			continue;
		struct span rule = judging->rules.all[list.all[i]].id;
		for (size_t j = 0; j < result->count; j++)
			TRY(write_row(writer, catalog, requirement->id, role, rule, &result->rows[j]));
		if (result->more == 0)
			continue;
		struct rule_row rest;
		TRY(rest_row(judging, result, &rest));
		TRY(write_row(writer, catalog, requirement->id, role, rule, &rest));
	}
	return DONE;
}

static enum outcome write_requirement(struct writer *writer, struct span catalog,
				      const struct requirement *requirement, int64_t ordinal)
{
	struct query *query = &writer->requirement;
	query_bind_text(query, 1, catalog);
	query_bind_text(query, 2, requirement->id);
	query_bind_integer(query, 3, ordinal);
	query_bind_text(query, 4, requirement->title);
	query_bind_text(query, 5, requirement->meaning);
	bind_optional(query, 6, requirement->level);
	bind_optional(query, 7, requirement->condition);
	query_bind_text(query, 8, requirement->decidable);
	TRY(insert(query));
	for (const struct mapping *mapping = requirement->mappings; mapping; mapping = mapping->next) {
		query_bind_text(&writer->mapping, 1, catalog);
		query_bind_text(&writer->mapping, 2, requirement->id);
		query_bind_text(&writer->mapping, 3, mapping->publication);
		query_bind_text(&writer->mapping, 4, mapping->reference);
		TRY(insert(&writer->mapping));
	}
	return DONE;
}

static enum outcome write_verdict(struct writer *writer, struct span catalog,
				  const struct requirement *requirement, const struct weighed *weighed)
{
	struct query *query = &writer->verdict;
	query_bind_text(query, 1, catalog);
	query_bind_text(query, 2, requirement->id);
	query_bind_text(query, 3, span_of_text(verdict_name(weighed->verdict)));
	query_bind_text(query, 4, weighed->reason);
	bind_optional(query, 5, weighed->declaration);
	query_bind_integer(query, 6, weighed->contradicted);
	return insert(query);
}

static enum outcome judge_catalog(const struct judging *judging, struct writer *writer,
				  const struct catalog *catalog)
{
	query_bind_text(&writer->catalog, 1, catalog->id);
	query_bind_text(&writer->catalog, 2, catalog->title);
	query_bind_text(&writer->catalog, 3, catalog->publisher);
	query_bind_text(&writer->catalog, 4, catalog->version);
	TRY(insert(&writer->catalog));
	bool about = kinds_include(&catalog->kinds, judging->scopes.kind);
	for (size_t i = 0; i < catalog->count; i++) {
		const struct requirement *requirement = &catalog->requirements[i];
		struct weighed weighed;
		TRY(about ? weigh(judging, requirement, &weighed) : weigh_not_judged(judging, &weighed));
		TRY(write_requirement(writer, catalog->id, requirement, (int64_t)i + 1));
		TRY(write_verdict(writer, catalog->id, requirement, &weighed));
		if (!about)
			continue;
		TRY(write_rows(judging, writer, catalog->id, requirement, "fails", requirement->failed_by));
		TRY(write_rows(judging, writer, catalog->id, requirement, "shows", requirement->shown_by));
		TRY(write_rows(judging, writer, catalog->id, requirement, "excludes",
			       requirement->excluded_by));
	}
	return DONE;
}

/* Whether the rows of a rule may show something; those of one that only speaks of files, each by its own file. */
static void withhold(const struct judging *judging, const struct rule *rule, struct rule_result *result)
{
	result->withheld = scopes_why_not(&judging->scopes, rule->needs);
	if (!(rule->needs & SCOPE_FILE))
		return;
	size_t whole = 0;
	for (size_t i = 0; i < result->count; i++)
		whole += scope_file_is_whole(evidence_database(judging->evidence), result->rows[i].path);
	if (whole < result->count && !result->withheld.data)
		result->withheld = SPAN_LITERAL("a file that shows it was not read whole");
}

/* Runs all rules before anything is written, so that no rule sees what another concluded. */
static enum outcome run_rules(struct judging *judging, struct notes *notes)
{
	struct rule_result *results = ARENA_NEW(judging->arena, struct rule_result, judging->rules.count + 1);
	if (!results)
		return NO_MEMORY;
	for (size_t i = 0; i < judging->rules.count; i++) {
		const struct rule *rule = &judging->rules.all[i];
		TRY(rule_run(evidence_database(judging->evidence), rule, judging->arena, &results[i]));
		if (results[i].failed)
			notes_add(notes, NOTE_ERROR, "judge.rule", NOTE_NO_OFFSET,
				  "%.*s line %u: the rule %.*s could not run: %.*s",
				  SPAN_FORMAT(rule->origin), rule->line, SPAN_FORMAT(rule->id),
				  SPAN_FORMAT(results[i].error));
		/* A rule that is wrong is told whatever the device; what it says of other kinds of devices is not. */
		if (!kinds_include(&rule->kinds, judging->scopes.kind))
			results[i] = (struct rule_result){ .failed = results[i].failed, .error = results[i].error };
		withhold(judging, rule, &results[i]);
	}
	judging->results = results;
	return DONE;
}

static enum outcome write_all(const struct judging *judging, const struct catalogs *catalogs,
			      struct span *error)
{
	struct writer writer;
	writer_open(&writer, evidence_database(judging->evidence));
	enum outcome outcome = DONE;
	for (size_t i = 0; i < judging->rules.count && outcome == DONE; i++)
		outcome = write_findings(judging, &writer, i);
	for (size_t i = 0; i < catalogs->count && outcome == DONE; i++)
		outcome = judge_catalog(judging, &writer, &catalogs->all[i]);
	writer_close(&writer);
	return outcome == DONE ? grade(judging, catalogs, error) : outcome;
}

static enum outcome judge_in(struct evidence *evidence, const struct judge_options *options,
			     struct arena *arena, struct span *error)
{
	static const struct judge_options nothing;
	const struct judge_options *o = options ? options : &nothing;
	struct judging judging = { .evidence = evidence, .arena = arena };
	struct catalogs catalogs;
	struct notes notes;
	sqlite3 *database = evidence_database(evidence);
	notes_init(&notes, arena);
	TRY(rules_load(o->rules, o->rule_files, arena, &judging.rules, error));
	TRY(catalogs_load(o->catalogs, o->catalog_files, &judging.rules, arena, &catalogs, error));
	TRY(query_run(database, clear));
	TRY(guard_prepare(database));
	TRY(scopes_load(database, arena, &judging.scopes));
	TRY(run_rules(&judging, &notes));
	TRY(evidence_insert_notes(evidence, &notes));
	return write_all(&judging, &catalogs, error);
}

enum outcome judge(struct evidence *evidence, const struct judge_options *options, struct arena *arena,
		   struct span *error)
{
	struct arena own;
	struct span why = SPAN_NONE;
	arena_init(&own, MEMORY_MAX);
	enum outcome outcome = judge_in(evidence, options, &own, &why);
	if (outcome != DONE)
		*error = arena_copy(arena, why);
	arena_done(&own);
	return outcome;
}
