/* store_writer_merge(): takes from another store what the feeds have not stated. */
#include <stdlib.h>

#include "vuln/seal.h"
#include "vuln/store_writing.h"

/* The other store, and what its numbers are here. */
struct lender {
	struct store_writer *writer;
	sqlite3 *database;
	uint32_t *products, *feeds; /* by their numbers there */
	int64_t product_count, feed_count;
	bool lacks_kev, lacks_epss; /* here they were not read */
};

static enum outcome open_lender(struct lender *lender, struct span store)
{
	/* SQLite takes a plain pointer, and READONLY holds it to not writing. */
	unsigned char *plain;
	memcpy(&plain, &store.data, sizeof plain);
	bool opened = sqlite3_open_v2(":memory:", &lender->database, SQLITE_OPEN_READWRITE, NULL) == SQLITE_OK &&
		      sqlite3_deserialize(lender->database, "main", plain, (sqlite3_int64)store.size, (sqlite3_int64)store.size,
					  SQLITE_DESERIALIZE_READONLY) == SQLITE_OK;
	return opened ? DONE : MALFORMED;
}

/* A table of numbers here by numbers there. */
static uint32_t *new_numbers(sqlite3 *database, const char *most, int64_t *count)
{
	*count = query_number(database, most);
	bool fits = *count >= 0 && *count < UINT32_MAX;
	return fits ? calloc((size_t)*count + 1, sizeof(uint32_t)) : NULL;
}

static bool is_among(int64_t number, int64_t count)
{
	return number > 0 && number <= count;
}

/* Names of feeds that are read nowhere here come with their days. Our own facts are added to every store anyway. */
static enum outcome borrow_feeds(struct lender *l)
{
	struct store_writer *w = l->writer;
	l->lacks_kev = name_table_find(&w->feeds, SPAN_LITERAL("kev")) == 0;
	l->lacks_epss = name_table_find(&w->feeds, SPAN_LITERAL("epss")) == 0;
	l->feeds = new_numbers(l->database, "SELECT max(id) FROM feed", &l->feed_count);
	if (!l->feeds)
		return NO_MEMORY;
	struct query rows = query_start(l->database, "SELECT id, name, date FROM feed WHERE name <> 'assay' ORDER BY name");
	while (query_next(&rows)) {
		struct span name = query_text(&rows, 1);
		uint32_t number = name_table_find(&w->feeds, name);
		bool lacking = number == 0;
		if (lacking)
			TRY(store_writer_feed(w, name, &number));
		if (lacking)
			store_writer_date(w, number, query_text(&rows, 2));
		if (is_among(query_integer(&rows, 0), l->feed_count))
			l->feeds[query_integer(&rows, 0)] = number;
	}
	return query_end(&rows);
}

static enum outcome borrow_products(struct lender *l)
{
	l->products = new_numbers(l->database, "SELECT max(id) FROM product", &l->product_count);
	if (!l->products)
		return NO_MEMORY;
	struct query rows = query_start(l->database, "SELECT id, name FROM product ORDER BY id");
	while (query_next(&rows)) {
		uint32_t number;
		TRY(name_table_take(&l->writer->products, query_text(&rows, 1), &number));
		if (is_among(query_integer(&rows, 0), l->product_count))
			l->products[query_integer(&rows, 0)] = number;
	}
	return query_end(&rows);
}

/* A row of table affected; what the same feed has spoken of here counts for nothing there. */
static enum outcome borrow_row(struct lender *l, const struct query *row)
{
	struct store_writer *w = l->writer;
	int64_t product = query_integer(row, 0), feed = query_integer(row, 3);
	if (!is_among(product, l->product_count) || !is_among(feed, l->feed_count) || l->feeds[feed] == 0)
		return DONE;
	const struct row_key key = { .product = l->products[product], .id = query_integer(row, 1),
				     .source = (uint8_t)query_integer(row, 2), .feed = (uint16_t)l->feeds[feed],
				     .entry = (uint32_t)query_integer(row, 5), .borrowed = true };
	if (record_table_has(&w->records, &(struct record_key){ key.id, key.source, key.feed }))
		return DONE;
	struct fact said = { .kind = FACT_ROW, .numbers = 2, .number = { query_integer(row, 6), query_integer(row, 7) },
			     .texts = ROW_TEXTS };
	for (int i = 0; i < ROW_TEXTS; i++)
		said.text[i] = query_text(row, 8 + i);
	struct vulnerability *vulnerability;
	TRY(vulnerability_table_take(&w->vulnerabilities, key.id, &vulnerability));
	vulnerability->affected |= UINT64_C(1) << (key.feed - 1);
	return row_table_add(&w->rows, &key, query_text(row, 4), &said);
}

static enum outcome borrow_rows(struct lender *l)
{
	struct query rows = query_start(l->database, "SELECT product, vulnerability, source, feed, release, entry, listed, usual,"
						     " ranges, platform, part, files, why FROM affected");
	enum outcome outcome = DONE;
	while (outcome == DONE && query_next(&rows))
		outcome = borrow_row(l, &rows);
	TRY(query_end(&rows));
	return outcome;
}

/* What is described nowhere here: all of its row. */
static enum outcome borrow_description(struct vulnerability_table *table, struct vulnerability *known, const struct query *row)
{
	uint32_t *const words[] = { &known->cvss, &known->vector, &known->severity, &known->weakness, &known->published };
	known->rank = query_integer(row, 1);
	known->score = query_is_null(row, 2) ? -1.0 : query_real(row, 2);
	for (int i = 0; i < 5; i++)
		TRY(vulnerability_table_word(table, query_text(row, 3 + i), words[i]));
	if ((known->flags & VULNERABILITY_EXPLOITED) == 0)
		TRY(vulnerability_table_word(table, query_text(row, 8), &known->exploited));
	if ((known->flags & VULNERABILITY_EPSS) == 0 && !query_is_null(row, 9))
		known->epss = query_real(row, 9);
	for (int i = 0; (known->flags & VULNERABILITY_SSVC) == 0 && i < 3; i++)
		TRY(vulnerability_table_word(table, query_text(row, 10 + i), &known->ssvc[i]));
	known->flags |= VULNERABILITY_ROW | (query_integer(row, 14) == 1 ? VULNERABILITY_STATED : 0);
	return DONE;
}

static enum outcome borrow_vulnerability(const struct lender *l, const struct query *row)
{
	struct vulnerability_table *table = &l->writer->vulnerabilities;
	struct vulnerability *known;
	TRY(vulnerability_table_take(table, query_integer(row, 0), &known));
	if (known->affected != 0 && (known->flags & VULNERABILITY_ROW) == 0)
		TRY(borrow_description(table, known, row));
	if (query_integer(row, 13) == 1)
		known->flags |= VULNERABILITY_DISPUTED;
	if (l->lacks_kev && !query_is_null(row, 8) && (known->flags & VULNERABILITY_EXPLOITED) == 0) {
		TRY(vulnerability_table_word(table, query_text(row, 8), &known->exploited));
		known->flags |= VULNERABILITY_EXPLOITED;
	}
	if (l->lacks_epss && !query_is_null(row, 9) && (known->flags & VULNERABILITY_EPSS) == 0) {
		known->epss = query_real(row, 9);
		known->flags |= VULNERABILITY_EPSS;
	}
	return DONE;
}

static enum outcome borrow_vulnerabilities(struct lender *l)
{
	struct query rows = query_start(l->database,
		"SELECT id, rank, score, cvss, vector, severity, weakness, published, exploited, epss, ssvc_exploitation,"
		" ssvc_automatable, ssvc_impact, disputed, stated FROM vulnerability");
	enum outcome outcome = DONE;
	while (outcome == DONE && query_next(&rows))
		outcome = borrow_vulnerability(l, &rows);
	TRY(query_end(&rows));
	return outcome;
}

/* Vulnerabilities of which the feeds have rows that are kept. */
static enum outcome mark_affected(struct store_writer *w)
{
	for (size_t i = 0; i < w->rows.count; i++) {
		const struct row_key *row = &w->rows.all[i];
		struct vulnerability *vulnerability;
		if (!record_table_keeps(&w->records, row->record))
			continue;
		TRY(vulnerability_table_take(&w->vulnerabilities, row->id, &vulnerability));
		vulnerability->affected |= UINT64_C(1) << (row->feed - 1);
	}
	return DONE;
}

static enum outcome borrow(struct lender *l, struct span store)
{
	TRY(open_lender(l, store));
	TRY(mark_affected(l->writer));
	TRY(borrow_feeds(l));
	TRY(borrow_products(l));
	TRY(borrow_rows(l));
	return borrow_vulnerabilities(l);
}

enum outcome store_writer_merge(struct store_writer *writer, struct span store)
{
	struct seal seal;
	struct lender lender = { .writer = writer };
	if (store.size == 0)
		return DONE;
	TRY(seal_split(store, &seal));
	TRY(manifest_note_base(writer->database, seal.digest));
	enum outcome outcome = borrow(&lender, seal.database);
	query_close(lender.database);
	free(lender.products);
	free(lender.feeds);
	return outcome;
}
