#include "vuln/store_writer.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/embedded.h"
#include "evidence/query.h"
#include "vuln/seal.h"
#include "vuln/store_writing.h"

enum { ROW_NUMBERS = 3, HELD_MEMORY = 64 * 1024 * 1024 };

/* What is written is written once, in the order of its keys, into a file that counts only when it is whole. */
static const char settings[] =
	"PRAGMA page_size = 8192; PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA temp_store = FILE;"
	"PRAGMA cache_size = -32768; PRAGMA temp.cache_size = -16384;";

/* The schema as a C string. */
static enum outcome make_tables(sqlite3 *database)
{
	struct span schema = embedded("store.sql");
	char *text = malloc(schema.size + 1);
	if (!text)
		return NO_MEMORY;
	memcpy(text, schema.data, schema.size);
	text[schema.size] = '\0';
	enum outcome outcome = query_run(database, text);
	free(text);
	if (outcome == DONE)
		outcome = manifest_begin(database);
	return outcome == DONE ? query_run(database, "BEGIN") : outcome;
}

static void start(struct store_writer *w, struct notes *notes)
{
	w->notes = notes;
	name_table_init(&w->products);
	name_table_init(&w->feeds);
	vulnerability_table_init(&w->vulnerabilities);
	row_table_init(&w->rows);
	spill_init(&w->held, HELD_MEMORY);
}

enum outcome store_writer_new(const char *path, struct notes *notes, struct store_writer **out)
{
	struct store_writer *w = calloc(1, sizeof *w);
	if (!w)
		return NO_MEMORY;
	start(w, notes);
	bool opened = sqlite3_open_v2(path, &w->database, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, NULL) == SQLITE_OK;
	if (!opened || query_run(w->database, settings) != DONE || make_tables(w->database) != DONE) {
		store_writer_abandon(w);
		return MALFORMED;
	}
	w->note_feed = query_start(w->database, MANIFEST_NOTE_FEED);
	w->note_input = query_start(w->database, MANIFEST_NOTE_INPUT);
	*out = w;
	return DONE;
}

void store_writer_end_notes(struct store_writer *w)
{
	(void)!query_end(&w->note_feed);
	(void)!query_end(&w->note_input);
}

void store_writer_abandon(struct store_writer *w)
{
	store_writer_end_notes(w);
	query_close(w->database);
	name_table_done(&w->products);
	name_table_done(&w->feeds);
	record_table_done(&w->records);
	vulnerability_table_done(&w->vulnerabilities);
	row_table_done(&w->rows);
	spill_done(&w->held);
	free(w->held_pieces);
	free(w);
}

struct notes *store_writer_notes(struct store_writer *w)
{
	return w->notes;
}

enum outcome store_writer_feed(struct store_writer *w, struct span name, uint32_t *number)
{
	if (w->feeds.count == STORE_FEEDS_MAX && name_table_find(&w->feeds, name) == 0)
		return OVER_BUDGET;
	return name_table_take(&w->feeds, name, number);
}

/* A day counts where it is later than the one before; nothing is as new as what lies in the future says it is. */
void store_writer_date(struct store_writer *w, uint32_t feed, struct span day)
{
	struct span known = span_of_text(w->days[feed - 1]), latest = span_of_text(w->latest);
	if (latest.size > 0 && span_compare(latest, day) < 0) {
		w->future++;
		return;
	}
	if (day.size == STORE_DAY_SIZE - 1 && span_compare(known, day) < 0)
		memcpy(w->days[feed - 1], day.data, day.size);
}

static enum outcome take_feed(struct store_writer *w, struct span name)
{
	TRY(store_writer_feed(w, name, &w->feed));
	if (w->feed == w->noted)
		return DONE;
	w->noted = w->feed;
	query_bind_integer(&w->note_feed, 1, w->feed);
	(void)query_next(&w->note_feed);
	query_rewind(&w->note_feed);
	return query_outcome(w->note_feed.result);
}

static enum outcome take_record(struct store_writer *w, const struct fact *fact)
{
	const struct record_key key = { fact->number[0], (int32_t)fact->number[1], (int32_t)w->feed };
	enum outcome outcome = record_table_take(&w->records, &key, fact->text[0], &w->record);
	w->id = fact->number[0];
	w->source = fact->number[1];
	w->passed_over = outcome == NOT_THIS;
	return w->passed_over ? DONE : outcome;
}

/* Rows of a record that is replaced later on are sifted out at the end. */
static enum outcome take_row(struct store_writer *w, const struct fact *fact, int64_t record, int64_t id, int64_t source)
{
	struct row_key key = { .id = id, .entry = (uint32_t)fact->number[0], .record = (uint32_t)record, .feed = (uint16_t)w->feed,
			       .source = (uint8_t)source };
	struct fact said = { .kind = FACT_ROW, .numbers = 2, .number = { fact->number[1], fact->number[2] }, .texts = ROW_TEXTS };
	for (size_t i = 0; i < ROW_TEXTS; i++)
		said.text[i] = fact->text[2 + i];
	if (fact->number[0] < 0 || fact->number[0] > UINT32_MAX || record > UINT32_MAX)
		return OVER_BUDGET;
	TRY(name_table_take(&w->products, fact->text[0], &key.product));
	return row_table_add(&w->rows, &key, fact->text[1], &said);
}

static enum outcome take_note(struct store_writer *w, const struct fact *fact)
{
	const char *code = arena_text(w->notes->arena, fact->text[0]);
	if (code)
		notes_add(w->notes, (enum note_severity)fact->number[0], code, NOTE_NO_OFFSET, "%.*s", SPAN_FORMAT(fact->text[1]));
	return DONE;
}

/* Whole lists of EPSS: the newest counts. */
static enum outcome take_whole(struct store_writer *w, struct span day)
{
	uint32_t word, *known = &w->epss_whole;
	TRY(vulnerability_table_word(&w->vulnerabilities, day, &word));
	if (span_compare(vulnerability_table_text(&w->vulnerabilities, *known), day) < 0)
		*known = word;
	return DONE;
}

/* Of a page, and of what all pages of its list have. */
static void take_listed(struct store_writer *w, int64_t said, int64_t there, int64_t total)
{
	size_t i = 0;
	if (said != there) {
		w->short_of = true;
		notes_add(w->notes, NOTE_ERROR, "feed.short", NOTE_NO_OFFSET, "it says that it lists %lld, and lists %lld",
			  (long long)said, (long long)there);
	}
	while (i < w->list_count && w->lists[i].total != total)
		i++;
	if (total <= 0 || i == STORE_LISTS_MAX)
		return;
	if (i == w->list_count)
		w->lists[w->list_count++] = (struct store_list){ .total = total };
	w->lists[i].there += there;
}

static enum outcome take_fact(struct store_writer *w, const struct fact *fact)
{
	switch (fact->kind) {
	case FACT_FEED:
		return take_feed(w, fact->text[0]);
	case FACT_DATE:
		if (w->feed != 0)
			store_writer_date(w, w->feed, fact->text[0]);
		return DONE;
	case FACT_EPSS_WHOLE:
		return take_whole(w, fact->text[0]);
	case FACT_RECORD:
		return take_record(w, fact);
	case FACT_ROW:
		return w->passed_over ? DONE : take_row(w, fact, w->record, w->id, w->source);
	case FACT_AFFECTED:
		return take_row(w, fact, 0, fact->number[ROW_NUMBERS], fact->number[ROW_NUMBERS + 1]);
	case FACT_NOTE:
		return take_note(w, fact);
	case FACT_LISTED:
		take_listed(w, fact->number[0], fact->number[1], fact->number[2]);
		return DONE;
	default:
		return vulnerability_table_state(&w->vulnerabilities, fact);
	}
}

static enum outcome take_facts(struct store_writer *w, struct span facts)
{
	struct fact fact;
	while (fact_log_next(&facts, &fact)) {
		enum outcome outcome = take_fact(w, &fact);
		if (outcome != DONE)
			return outcome == NOT_THIS ? MALFORMED : outcome;
	}
	return DONE;
}

/* Facts of a file whose end is not known yet. */
static enum outcome hold(struct store_writer *w, struct span facts)
{
	if (w->held_count == w->held_capacity) {
		size_t capacity = w->held_capacity ? w->held_capacity * 2 : 1024;
		size_t *grown = realloc(w->held_pieces, capacity * sizeof *grown);
		if (!grown)
			return NO_MEMORY;
		w->held_pieces = grown;
		w->held_capacity = capacity;
	}
	uint64_t at;
	w->held_pieces[w->held_count++] = facts.size;
	return spill_append(&w->held, facts, &at);
}

enum outcome store_writer_take(struct store_writer *w, struct span facts)
{
	if (facts.size == 0)
		return DONE;
	return w->holding ? hold(w, facts) : take_facts(w, facts);
}

void store_writer_mark(struct store_writer *w)
{
	w->holding = true;
}

enum outcome store_writer_keep(struct store_writer *w)
{
	enum outcome outcome = DONE;
	uint64_t at = 0;
	for (size_t i = 0; outcome == DONE && i < w->held_count; at += w->held_pieces[i++]) {
		struct span facts;
		outcome = spill_read(&w->held, at, w->held_pieces[i], &facts);
		if (outcome == DONE)
			outcome = take_facts(w, facts);
	}
	store_writer_undo(w);
	return outcome;
}

void store_writer_undo(struct store_writer *w)
{
	w->holding = false;
	w->held_count = 0;
	spill_clear(&w->held);
}

enum outcome store_writer_input(struct store_writer *w, const struct manifest_input *input)
{
	w->noted = 0;
	return manifest_note_input(&w->note_input, input);
}

void store_writer_manifest_into(struct store_writer *w, struct buffer *manifest)
{
	w->manifest = manifest;
}

void store_writer_until(struct store_writer *w, const char *day)
{
	(void)snprintf(w->latest, sizeof w->latest, "%s", day);
}

bool store_writer_lacks(struct store_writer *w)
{
	for (size_t i = 0; i < w->list_count; i++) {
		const struct store_list *list = &w->lists[i];
		if (list->there >= list->total)
			continue;
		w->short_of = true;
		notes_add(w->notes, NOTE_ERROR, "feed.short", NOTE_NO_OFFSET,
			  "a list of %lld lacks pages: %lld of its entries are there", (long long)list->total, (long long)list->there);
	}
	if (w->future > 0)
		notes_add(w->notes, NOTE_WARNING, "feed.future", NOTE_NO_OFFSET,
			  "%zu days of what was read lie in the future, and do not count as days of it", w->future);
	return w->short_of;
}
