#include "evidence/facts.h"

#include "base/text.h"

enum { FACTS_PER_FILE = 200000, TEXT_LIMIT = 64 * 1024 };

void facts_init(struct facts *facts, struct arena *arena)
{
	*facts = (struct facts){ .arena = arena, .ceiling = FACTS_PER_FILE };
}

/* Takes the values of rows that are thrown away; never read. One per thread, for it is written to. */
static struct fact *discarded(void)
{
	enum { COLUMNS_MAX = 32 };
	static _Thread_local struct value values[COLUMNS_MAX];
	static _Thread_local struct fact fact;
	fact.values = values;
	return &fact;
}

void facts_drop(struct facts *facts, enum evidence_table table)
{
	facts->dropped++;
	facts->dropped_tables[table] = true;
}

static struct fact *drop_new(struct facts *facts, enum evidence_table table)
{
	struct fact *fact = discarded();
	fact->table = table;
	facts_drop(facts, table);
	return fact;
}

struct fact *fact_new(struct facts *facts, enum evidence_table table)
{
	if (facts->count >= facts->ceiling)
		return drop_new(facts, table);
	struct fact *fact = ARENA_NEW(facts->arena, struct fact, 1);
	struct value *values = ARENA_NEW(facts->arena, struct value, (size_t)evidence_tables[table].columns);
	if (!fact || !values)
		return drop_new(facts, table);
	fact->table = table;
	fact->values = values;
	if (facts->last)
		facts->last->next = fact;
	else
		facts->first = fact;
	facts->last = fact;
	facts->count++;
	return fact;
}

void fact_text(struct facts *facts, struct fact *fact, int column, struct span text)
{
	text = span_until_nul(text);
	struct span copy = text_printable(facts->arena, span_slice(text, 0, TEXT_LIMIT));
	if (copy.data)
		fact->values[column] = (struct value){ .type = VALUE_TEXT, .text = copy };
	if (text.size > TEXT_LIMIT || (!copy.data && text.data))
		facts_drop(facts, fact->table);
}

void fact_whole_text(struct fact *fact, int column, struct span text)
{
	fact->values[column] = (struct value){ .type = VALUE_TEXT, .text = text };
}

void fact_word(struct facts *facts, struct fact *fact, int column, const char *word)
{
	(void)facts;
	if (word)
		fact->values[column] = (struct value){ .type = VALUE_TEXT, .text = span_of_text(word) };
}

void fact_integer(struct fact *fact, int column, int64_t value)
{
	fact->values[column] = (struct value){ .type = VALUE_INTEGER, .integer = value };
}

void fact_real(struct fact *fact, int column, double value)
{
	fact->values[column] = (struct value){ .type = VALUE_REAL, .real = value };
}
