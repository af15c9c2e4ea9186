#include "vuln/row.h"

#include "vuln/identifier.h"

void row_writer_init(struct row_writer *writer, sqlite3 *evidence, sqlite3 *store)
{
	writer->facts = query_start(store, "SELECT severity, score, cvss, vector, epss, weakness, exploited,"
					   " ssvc_exploitation, ssvc_automatable, ssvc_impact, disputed FROM vulnerability WHERE id = ?1");
	writer->insert = query_start(evidence,
		"INSERT INTO vulnerability (id, component, severity, cvss, cvss_version, vector, epss, weakness,"
		" known_exploited, fixed_in, status, reason, justification, question, part, source, exploited_since,"
		" ssvc_exploitation, ssvc_automatable, ssvc_impact, disputed, last_affected)"
		" VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20, ?21, ?22)");
	writer->insert_premise = query_start(evidence,
		"INSERT INTO premise (vulnerability, component, kind, value, file, offset) VALUES (?1, ?2, ?3, ?4, ?5, ?6)");
}

static void bind_known(struct query *query, int parameter, struct span text)
{
	if (text.size > 0)
		query_bind_text(query, parameter, text);
}

/* Takes over score, severity and the like as they stand in the store. */
static void bind_facts(struct row_writer *writer, int64_t vulnerability)
{
	struct query *facts = &writer->facts;
	query_bind_integer(facts, 1, vulnerability);
	bool known = query_next(facts);
	for (int column = 0; known && column < 6; column++)
		if (!query_is_null(facts, column))
			(void)sqlite3_bind_value(writer->insert.statement, 3 + column,
						 sqlite3_column_value(facts->statement, column));
	query_bind_integer(&writer->insert, 9, known && !query_is_null(facts, 6));
	for (int column = 6; known && column < 10; column++)
		bind_known(&writer->insert, 11 + column, query_text(facts, column));
	query_bind_integer(&writer->insert, 21, known ? query_integer(facts, 10) : 0);
	query_rewind(facts);
}

static enum outcome write_premises(struct row_writer *writer, int64_t component, struct span name,
				   const struct decision *decision)
{
	struct query *insert = &writer->insert_premise;
	for (size_t i = 0; i < decision->premise_count; i++) {
		const struct premise *premise = &decision->premises[i];
		query_bind_text(insert, 1, name);
		query_bind_integer(insert, 2, component);
		query_bind_text(insert, 3, span_of_text(premise->kind));
		query_bind_text(insert, 4, premise->value);
		if (premise->file > 0)
			query_bind_integer(insert, 5, premise->file);
		if (premise->offset >= 0)
			query_bind_integer(insert, 6, premise->offset);
		bool written = !query_next(insert) && insert->result == SQLITE_DONE;
		query_rewind(insert);
		if (!written)
			return MALFORMED;
	}
	return DONE;
}

enum outcome row_write(struct row_writer *writer, int64_t component, int64_t vulnerability,
		       const struct decision *decision)
{
	char name[IDENTIFIER_TEXT_SIZE];
	identifier_format(vulnerability, name);
	struct query *insert = &writer->insert;
	query_bind_text(insert, 1, span_of_text(name));
	query_bind_integer(insert, 2, component);
	bind_facts(writer, vulnerability);
	bind_known(insert, 10, decision->fixed);
	bind_known(insert, 22, decision->fixed.size > 0 ? SPAN_NONE : decision->last);
	query_bind_text(insert, 11, span_of_text(decision->status));
	query_bind_text(insert, 12, decision->reason);
	bind_known(insert, 13, span_of_text(decision->justification));
	bind_known(insert, 14, decision->question);
	bind_known(insert, 15, decision->part);
	query_bind_text(insert, 16, span_of_text(store_source_word(decision->source)));
	bool written = !query_next(insert) && insert->result == SQLITE_DONE;
	query_rewind(insert);
	return written ? write_premises(writer, component, span_of_text(name), decision) : MALFORMED;
}

enum outcome row_remove(sqlite3 *evidence, int64_t component, int64_t vulnerability)
{
	static const char *const all[] = { "DELETE FROM premise WHERE component = ?1 AND vulnerability = ?2",
					   "DELETE FROM vulnerability WHERE component = ?1 AND id = ?2" };
	char name[IDENTIFIER_TEXT_SIZE];
	identifier_format(vulnerability, name);
	for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
		struct query query = query_start(evidence, all[i]);
		query_bind_integer(&query, 1, component);
		query_bind_text(&query, 2, span_of_text(name));
		(void)query_next(&query);
		TRY(query_end(&query));
	}
	return DONE;
}

enum outcome row_writer_end(struct row_writer *writer)
{
	struct query *queries[] = { &writer->facts, &writer->insert, &writer->insert_premise };
	enum outcome outcome = DONE;
	for (size_t i = 0; i < sizeof queries / sizeof *queries; i++) {
		enum outcome ended = query_end(queries[i]);
		if (outcome == DONE)
			outcome = ended;
	}
	return outcome;
}
