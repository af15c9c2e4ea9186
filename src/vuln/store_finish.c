/* store_writer_finish(): joins what was said, drops what is rejected or affects nothing, and writes the tables, each once. */
#include <stdlib.h>

#include "vuln/row_source.h"
#include "vuln/store.h"
#include "vuln/store_writing.h"

enum { RANK_UNKNOWN = 99 };

#define GONE ((uint32_t)VULNERABILITY_REJECTED | VULNERABILITY_WITHDRAWN)

static uint64_t bit_of(uint32_t feed)
{
	return UINT64_C(1) << (feed - 1);
}

/* Rows of records that were replaced are said by nobody; the others say which vulnerabilities there are. */
static enum outcome sift_rows(struct store_writer *w)
{
	size_t kept = 0;
	for (size_t i = 0; i < w->rows.count; i++) {
		const struct row_key *row = &w->rows.all[i];
		struct vulnerability *vulnerability;
		if (!record_table_keeps(&w->records, row->record))
			continue;
		TRY(vulnerability_table_take(&w->vulnerabilities, row->id, &vulnerability));
		vulnerability->affected |= bit_of(row->feed);
		if (row->source < SOURCE_DISTRIBUTION || row->source == SOURCE_ADVISORY)
			vulnerability->flags |= VULNERABILITY_STATED;
		if ((vulnerability->flags & VULNERABILITY_ROW) == 0)
			vulnerability->rank = RANK_UNKNOWN;
		vulnerability->flags |= VULNERABILITY_ROW;
		w->rows.all[kept++] = *row;
	}
	w->rows.count = kept;
	return DONE;
}

/* A month before the newest whole list of EPSS; empty where there is none. */
static enum outcome withdrawn_before(struct store_writer *w, struct vulnerability_table *table, uint32_t *day)
{
	struct query query = query_start(w->database, "SELECT date(?1, '-30 days')");
	*day = 0;
	query_bind_text(&query, 1, vulnerability_table_text(table, w->epss_whole));
	enum outcome outcome = query_next(&query) ? vulnerability_table_word(table, query_text(&query, 0), day) : DONE;
	TRY(query_end(&query));
	return outcome;
}

/* Every published CVE has an EPSS score: what has none a month later has been withdrawn. */
static enum outcome mark_withdrawn(struct store_writer *w)
{
	struct vulnerability_table *table = &w->vulnerabilities;
	uint32_t day;
	TRY(withdrawn_before(w, table, &day));
	struct span limit = vulnerability_table_text(table, day);
	for (size_t i = 0; day != 0 && i < table->count; i++) {
		struct vulnerability *one = &table->all[i];
		bool counts = one->id > 0 && one->published != 0 && (one->flags & VULNERABILITY_ROW) != 0;
		if (counts && (one->flags & (uint32_t)VULNERABILITY_EPSS) == 0 &&
		    span_compare(vulnerability_table_text(table, one->published), limit) < 0)
			one->flags |= VULNERABILITY_WITHDRAWN;
	}
	return DONE;
}

/* Rows of what is gone go with it. */
static void drop_gone(struct store_writer *w)
{
	size_t kept = 0;
	for (size_t i = 0; i < w->rows.count; i++)
		if ((vulnerability_table_find(&w->vulnerabilities, w->rows.all[i].id)->flags & GONE) == 0)
			w->rows.all[kept++] = w->rows.all[i];
	w->rows.count = kept;
	for (size_t i = 0; i < w->vulnerabilities.count; i++)
		if ((w->vulnerabilities.all[i].flags & GONE) != 0)
			w->vulnerabilities.all[i].affected = 0;
}

static bool is_kept(const struct vulnerability *one)
{
	return (one->flags & VULNERABILITY_ROW) != 0 && one->affected != 0;
}

/* Why nothing stands of it in table affected; empty where something does, or it is not described at all. */
static struct span reason_of(const struct vulnerability_table *table, const struct vulnerability *one)
{
	if ((one->flags & VULNERABILITY_REJECTED) != 0)
		return SPAN_LITERAL("rejected");
	if ((one->flags & VULNERABILITY_WITHDRAWN) != 0)
		return SPAN_LITERAL("withdrawn");
	if (is_kept(one) || (one->flags & VULNERABILITY_ROW) == 0)
		return SPAN_NONE;
	return one->passed ? vulnerability_table_text(table, one->passed) : SPAN_LITERAL("open");
}

/* Goes through rows, products or vulnerabilities, as they are written. */
struct writing {
	struct store_writer *writer;
	size_t at;             /* of the next one */
	const uint8_t *wanted; /* products, by number */
	struct fact said;      /* by the row under way */
};

static void write_number(sqlite3_context *out, int64_t value)
{
	sqlite3_result_int64(out, value);
}

static bool next_row(void *context, enum outcome *outcome)
{
	struct writing *g = context;
	struct row_table *rows = &g->writer->rows;
	if (g->at >= rows->count)
		return false;
	*outcome = row_table_read(rows, &rows->all[g->at++], &g->said);
	return *outcome == DONE;
}

static void row_column(void *context, sqlite3_context *out, int column)
{
	const struct writing *g = context;
	const struct row_key *row = &g->writer->rows.all[g->at - 1];
	const int64_t numbers[] = { row->product, row->id, row->source, row->feed, 0, row->entry, g->said.number[0],
				    g->said.number[1] };
	if (column == 4)
		row_text_whole(out, g->writer->rows.ranked[row->release]);
	else if (column < 8)
		write_number(out, numbers[column]);
	else if (column == 8 + ROW_RANGES)
		row_text_whole(out, g->said.text[ROW_RANGES]);
	else
		row_text(out, g->said.text[column - 8]);
}

static bool next_product(void *context, enum outcome *outcome)
{
	struct writing *g = context;
	(void)outcome;
	do
		g->at++;
	while (g->at <= g->writer->products.count && !g->wanted[g->at]);
	return g->at <= g->writer->products.count;
}

static void product_column(void *context, sqlite3_context *out, int column)
{
	const struct writing *g = context;
	if (column == 0)
		write_number(out, (int64_t)g->at);
	else
		row_text_whole(out, name_table_name(&g->writer->products, (uint32_t)g->at));
}

static bool next_vulnerability(void *context, enum outcome *outcome)
{
	struct writing *g = context;
	const struct vulnerability_table *table = &g->writer->vulnerabilities;
	(void)outcome;
	while (g->at < table->count && !is_kept(&table->all[g->at]))
		g->at++;
	return g->at++ < table->count;
}

static void vulnerability_column(void *context, sqlite3_context *out, int column)
{
	const struct writing *g = context;
	const struct vulnerability_table *table = &g->writer->vulnerabilities;
	const struct vulnerability *one = &table->all[g->at - 1];
	const uint32_t words[] = { one->cvss, one->vector, one->severity, one->weakness, one->published, one->exploited, 0,
				   one->ssvc[0], one->ssvc[1], one->ssvc[2] };
	if (column < 2)
		write_number(out, column == 0 ? one->id : one->rank);
	else if (column == 2 && one->score >= 0.0)
		sqlite3_result_double(out, one->score);
	else if (column == 9 && one->epss >= 0.0)
		sqlite3_result_double(out, one->epss);
	else if (column == 13)
		write_number(out, (one->flags & VULNERABILITY_DISPUTED) != 0);
	else if (column == 14 && (one->flags & VULNERABILITY_STATED) != 0)
		write_number(out, 1);
	else if (column > 2 && column < 13)
		row_text(out, vulnerability_table_text(table, words[column - 3]));
}

static bool next_left_out(void *context, enum outcome *outcome)
{
	struct writing *g = context;
	const struct vulnerability_table *table = &g->writer->vulnerabilities;
	(void)outcome;
	while (g->at < table->count && reason_of(table, &table->all[g->at]).size == 0)
		g->at++;
	return g->at++ < table->count;
}

static void left_out_column(void *context, sqlite3_context *out, int column)
{
	const struct writing *g = context;
	const struct vulnerability_table *table = &g->writer->vulnerabilities;
	if (column == 0)
		write_number(out, table->all[g->at - 1].id);
	else
		row_text_whole(out, reason_of(table, &table->all[g->at - 1]));
}

static enum outcome write_products(struct store_writer *w)
{
	uint8_t *wanted = calloc(w->products.count + 1, 1);
	if (!wanted)
		return NO_MEMORY;
	for (size_t i = 0; i < w->rows.count; i++)
		wanted[w->rows.all[i].product] = 1;
	struct writing writing = { .writer = w, .wanted = wanted };
	enum outcome outcome = row_source_fill(w->database, "product (id, name)", 2,
					       &(struct row_source){ &writing, next_product, product_column });
	free(wanted);
	return outcome;
}

static enum outcome write_tables(struct store_writer *w)
{
	struct writing rows = { .writer = w }, vulnerabilities = { .writer = w }, left_out = { .writer = w };
	TRY(row_source_fill(w->database, "vulnerability (id, rank, score, cvss, vector, severity, weakness, published, exploited,"
			    " epss, ssvc_exploitation, ssvc_automatable, ssvc_impact, disputed, stated)", 15,
			    &(struct row_source){ &vulnerabilities, next_vulnerability, vulnerability_column }));
	TRY(write_products(w));
	TRY(row_source_fill(w->database, "affected (product, vulnerability, source, feed, release, entry, listed, usual, ranges,"
			    " platform, part, files, why)", 13, &(struct row_source){ &rows, next_row, row_column }));
	return row_source_fill(w->database, "left_out (vulnerability, reason)", 2,
			       &(struct row_source){ &left_out, next_left_out, left_out_column });
}

/* How many vulnerabilities have the bit. */
static int64_t count_affected(const struct store_writer *w, uint64_t bits)
{
	int64_t count = 0;
	for (size_t i = 0; i < w->vulnerabilities.count; i++)
		count += (w->vulnerabilities.all[i].affected & bits) != 0;
	return count;
}

static int64_t count_flagged(const struct store_writer *w, enum vulnerability_flag flag)
{
	int64_t count = 0;
	for (size_t i = 0; i < w->vulnerabilities.count; i++)
		count += (w->vulnerabilities.all[i].flags & (uint32_t)flag) != 0;
	return count;
}

/* Lists of identifiers (kev, epss) are kept whole, and counted as such. */
static int64_t records_of(const struct store_writer *w, uint32_t feed, bool *list)
{
	struct span name = name_table_name(&w->feeds, feed);
	bool kev = span_equal_text(name, "kev"), epss = span_equal_text(name, "epss");
	*list = kev || epss;
	return kev ? count_flagged(w, VULNERABILITY_EXPLOITED) : epss ? count_flagged(w, VULNERABILITY_EPSS)
								      : count_affected(w, bit_of(feed));
}

static struct manifest_account account_of(const struct store_writer *w, uint32_t feed)
{
	struct manifest_account account = { 0 };
	for (size_t i = 0; i < w->vulnerabilities.count; i++) {
		const struct vulnerability *one = &w->vulnerabilities.all[i];
		if ((one->spoken & bit_of(feed)) == 0)
			continue;
		account.read++;
		account.rejected += (one->flags & GONE) != 0;
		account.silent += (one->flags & GONE) == 0 && (one->affected & bit_of(feed)) == 0;
	}
	return account;
}

static enum outcome write_feed(struct store_writer *w, struct query *insert, uint32_t feed, struct span *newest)
{
	struct span day = span_of_text(w->days[feed - 1]);
	bool list;
	query_bind_integer(insert, 1, feed);
	query_bind_text(insert, 2, name_table_name(&w->feeds, feed));
	query_bind_text(insert, 3, day);
	query_bind_integer(insert, 4, records_of(w, feed, &list));
	(void)query_next(insert);
	query_rewind(insert);
	TRY(query_outcome(insert->result));
	if (span_compare(*newest, day) < 0)
		*newest = day;
	struct manifest_account account = account_of(w, feed);
	return list || account.read == 0 ? DONE : manifest_settle(w->database, feed, &account);
}

static enum outcome write_meta(struct store_writer *w, struct span newest)
{
	uint32_t own = name_table_find(&w->feeds, SPAN_LITERAL("assay")); /* our own facts are in every store */
	struct query insert = query_start(w->database, "INSERT INTO meta VALUES ('date', ?1), ('vulnerabilities', CAST(?2 AS TEXT)),"
						       " ('format', '" STORE_FORMAT "')");
	query_bind_text(&insert, 1, newest);
	query_bind_integer(&insert, 2, count_affected(w, own ? ~bit_of(own) : 0));
	(void)query_next(&insert);
	return query_end(&insert);
}

/* Which feed has a record of which vulnerability: for the account of what was read. */
static enum outcome mark_spoken(struct store_writer *w)
{
	struct record_key key;
	for (size_t at = 0; record_table_next(&w->records, &at, &key);) {
		struct vulnerability *vulnerability;
		TRY(vulnerability_table_take(&w->vulnerabilities, key.id, &vulnerability));
		vulnerability->spoken |= bit_of((uint32_t)key.feed);
	}
	return DONE;
}

static enum outcome write_feeds(struct store_writer *w)
{
	struct query insert = query_start(w->database, "INSERT INTO feed (id, name, date, records)"
						       " VALUES (?1, ?2, nullif(?3, ''), ?4)");
	struct span newest = SPAN_NONE;
	enum outcome outcome = DONE;
	for (uint32_t feed = 1; outcome == DONE && feed <= w->feeds.count; feed++)
		outcome = write_feed(w, &insert, feed, &newest);
	TRY(query_end(&insert));
	return outcome == DONE ? write_meta(w, newest) : outcome;
}

static enum outcome write_store(struct store_writer *w)
{
	TRY(sift_rows(w));
	TRY(mark_spoken(w));
	TRY(mark_withdrawn(w));
	drop_gone(w);
	TRY(row_table_order(&w->rows));
	vulnerability_table_order(&w->vulnerabilities);
	TRY(write_feeds(w));
	TRY(write_tables(w));
	if (w->manifest)
		TRY(manifest_write(w->database, w->manifest));
	return query_run(w->database, "COMMIT");
}

enum outcome store_writer_finish(struct store_writer *w)
{
	store_writer_end_notes(w);
	enum outcome outcome = write_store(w);
	store_writer_abandon(w);
	return outcome;
}
