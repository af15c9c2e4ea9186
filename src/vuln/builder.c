#include "vuln/builder.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/clock.h"
#include "vuln/fact_log.h"
#include "vuln/own_facts.h"
#include "vuln/product_names.h"
#include "vuln/statement.h"
#include "vuln/store_writer.h"

enum { RECORD_MEMORY = 64 * 1024 * 1024, DATE_LENGTH = 10, NOTE_SIZE = 256 };
#define LOG_SIZE_MAX ((size_t)1024 * 1024 * 1024)
#define JSON_MEMORY ((size_t)2048 * 1024 * 1024)

struct builder {
	struct store_writer *writer; /* NULL for one that states apart */
	struct buffer log;
	struct json_scan json;
	struct arena arena; /* of the record under way */
	struct statement statement;
	struct product_names names;
	int64_t id;
	enum store_source source;
	struct span stamp;
};

enum outcome builder_new_apart(struct builder **out)
{
	struct builder *b = calloc(1, sizeof *b);
	if (!b)
		return NO_MEMORY;
	buffer_init(&b->log, LOG_SIZE_MAX, NULL);
	json_scan_init(&b->json, JSON_MEMORY);
	arena_init(&b->arena, RECORD_MEMORY);
	statement_init(&b->statement, &b->arena);
	product_names_read(&b->names);
	*out = b;
	return DONE;
}

enum outcome builder_new(const char *path, struct notes *notes, struct builder **out)
{
	TRY(builder_new_apart(out));
	enum outcome outcome = store_writer_new(path, notes, &(*out)->writer);
	if (outcome != DONE)
		builder_abandon(*out);
	return outcome;
}

static void builder_free(struct builder *b)
{
	arena_done(&b->arena);
	statement_done(&b->statement);
	json_scan_done(&b->json);
	buffer_done(&b->log);
	free(b);
}

void builder_abandon(struct builder *b)
{
	if (b->writer)
		store_writer_abandon(b->writer);
	builder_free(b);
}

struct span builder_stated(const struct builder *b)
{
	return buffer_span(&b->log);
}

void builder_clear(struct builder *b)
{
	buffer_clear(&b->log);
}

size_t builder_mark(const struct builder *b)
{
	return b->log.size;
}

void builder_undo(struct builder *b, size_t mark)
{
	b->log.size = mark < b->log.size ? mark : b->log.size;
}

struct store_writer *builder_writer(struct builder *b)
{
	if (!b->writer || store_writer_take(b->writer, builder_stated(b)) != DONE)
		return NULL;
	builder_clear(b);
	return b->writer;
}

enum outcome builder_finish(struct builder *b)
{
	enum outcome outcome = builder_writer(b) ? own_facts_state(b) : MALFORMED;
	struct store_writer *writer = outcome == DONE ? builder_writer(b) : NULL;
	if (!writer) {
		builder_abandon(b);
		return outcome == DONE ? MALFORMED : outcome;
	}
	builder_free(b);
	return store_writer_finish(writer);
}

struct json_scan *builder_json(struct builder *b)
{
	return &b->json;
}

const struct product_names *builder_names(const struct builder *b)
{
	return &b->names;
}

size_t builder_record_count(const struct builder *b)
{
	return b->statement.count;
}

struct arena *builder_record_arena(struct builder *b)
{
	return &b->arena;
}

bool builder_record_has(const struct builder *b, struct span product, int64_t before)
{
	return statement_has(&b->statement, product, before);
}

static enum outcome state(struct builder *b, const struct fact *fact)
{
	return fact_log_add(&b->log, fact);
}

/* What is said of one vulnerability, in up to three texts. */
static enum outcome state_of(struct builder *b, enum fact_kind kind, int64_t id, const struct span *texts, size_t count)
{
	struct fact fact = { .kind = kind, .numbers = 1, .number = { id }, .texts = count };
	for (size_t i = 0; i < count; i++)
		fact.text[i] = texts[i];
	return state(b, &fact);
}

enum outcome builder_note_count(struct builder *b, const char *code, size_t count, const char *words)
{
	char text[NOTE_SIZE];
	if (count == 0)
		return DONE;
	(void)snprintf(text, sizeof text, "%zu %s", count, words);
	return state(b, &(struct fact){ .kind = FACT_NOTE, .numbers = 1, .number = { NOTE_WARNING }, .texts = 2,
					.text = { span_of_text(code), span_of_text(text) } });
}

enum outcome builder_vulnerability(struct builder *b, const struct builder_facts *facts)
{
	struct span severity = facts->score >= 0.0 ? span_of_text(severity_word(facts->cvss, facts->score)) : facts->severity;
	return state(b, &(struct fact){
		.kind = FACT_VULNERABILITY, .numbers = 2, .number = { facts->id, facts->rank }, .real = facts->score, .texts = 5,
		.text = { facts->cvss, facts->vector, severity, facts->weakness, span_slice(facts->published, 0, DATE_LENGTH) } });
}

enum outcome builder_reject(struct builder *b, int64_t id)
{
	return state_of(b, FACT_REJECTED, id, NULL, 0);
}

enum outcome builder_left_out(struct builder *b, int64_t id, const char *reason)
{
	const struct span text = span_of_text(reason);
	return state_of(b, FACT_LEFT_OUT, id, &text, 1);
}

enum outcome builder_disputed(struct builder *b, int64_t id)
{
	return state_of(b, FACT_DISPUTED, id, NULL, 0);
}

enum outcome builder_exploited(struct builder *b, int64_t id, struct span date)
{
	date = span_slice(date, 0, DATE_LENGTH);
	return state_of(b, FACT_EXPLOITED, id, &date, 1);
}

enum outcome builder_ssvc(struct builder *b, int64_t id, struct span exploitation, struct span automatable, struct span impact)
{
	const struct span texts[] = { exploitation, automatable, impact };
	return state_of(b, FACT_SSVC, id, texts, 3);
}

enum outcome builder_epss(struct builder *b, int64_t id, double probability)
{
	return state(b, &(struct fact){ .kind = FACT_EPSS, .numbers = 1, .number = { id }, .real = probability });
}

static enum outcome state_text(struct builder *b, enum fact_kind kind, struct span text)
{
	return state(b, &(struct fact){ .kind = kind, .texts = 1, .text = { text } });
}

enum outcome builder_epss_whole(struct builder *b, struct span date)
{
	return state_text(b, FACT_EPSS_WHOLE, span_slice(date, 0, DATE_LENGTH));
}

enum outcome builder_listed(struct builder *b, int64_t said, int64_t there, int64_t total)
{
	return state(b, &(struct fact){ .kind = FACT_LISTED, .numbers = 3, .number = { said, there, total } });
}

enum outcome builder_feed(struct builder *b, struct span name)
{
	return state_text(b, FACT_FEED, name);
}

enum outcome builder_date(struct builder *b, struct span date)
{
	date = span_slice(date, 0, DATE_LENGTH);
	return clock_is_day(date) ? state_text(b, FACT_DATE, date) : DONE;
}

/* A row, as far as it is the same with and without a record. */
static struct fact row_of(struct span product, struct span ranges, const struct builder_scope *scope)
{
	static const struct builder_scope everywhere;
	if (!scope)
		scope = &everywhere;
	return (struct fact){ .kind = FACT_ROW, .numbers = 3, .number = { scope->entry, scope->listed, scope->usual },
			      .texts = 7, .text = { product, scope->release, ranges, scope->platform, scope->part, scope->files,
						    scope->why } };
}

enum outcome builder_affected(struct builder *b, struct span product, int64_t id, enum store_source source,
			      struct span ranges, const struct builder_scope *scope)
{
	struct fact fact = row_of(product, ranges, scope);
	fact.kind = FACT_AFFECTED;
	fact.numbers = 5;
	fact.number[3] = id;
	fact.number[4] = source;
	return state(b, &fact);
}

enum outcome builder_record_begin(struct builder *b, int64_t id, enum store_source source, struct span stamp)
{
	statement_clear(&b->statement);
	b->id = id;
	b->source = source;
	b->stamp = arena_copy(&b->arena, stamp);
	return b->stamp.data ? DONE : OVER_BUDGET;
}

enum outcome builder_record_range(struct builder *b, struct span product, const struct range *range,
				  const struct builder_scope *scope)
{
	return statement_add(&b->statement, product, range, scope);
}

static enum outcome write_row(void *context, struct span product, struct span ranges, const struct builder_scope *scope)
{
	struct fact fact = row_of(product, ranges, scope);
	return state(context, &fact);
}

enum outcome builder_record_end(struct builder *b)
{
	TRY(state(b, &(struct fact){ .kind = FACT_RECORD, .numbers = 2, .number = { b->id, b->source }, .texts = 1,
				     .text = { b->stamp } }));
	return statement_write(&b->statement, write_row, b);
}

static enum outcome add_row(void *context, struct span product, struct span ranges, const struct builder_scope *scope)
{
	struct builder *b = context;
	return builder_affected(b, product, b->id, b->source, ranges, scope);
}

enum outcome builder_record_add(struct builder *b)
{
	return statement_write(&b->statement, add_row, b);
}
