#include "vuln/vex_premise.h"

#include <ctype.h>

static bool is(const struct vex_statement *statement, const char *status)
{
	return span_equal_text(span_of_text(statement->status), status);
}

/* Its author says that the code is not there, whatever happens in it. */
static bool says_absent(const struct vex_statement *statement)
{
	return span_equal_text(statement->justification, "component_not_present") ||
	       span_equal_text(statement->justification, "vulnerable_code_not_present");
}

static bool expired(struct arena *arena, const struct vex_grounds *g, struct span *against)
{
	struct span until = g->statement->expires;
	if (until.size == 0 || span_compare(until, span_of_text(g->today)) >= 0)
		return false;
	*against = arena_format(arena, "it held until %.*s", SPAN_FORMAT(until));
	return true;
}

/* What nobody can have said yet would go before all that is said until then. */
static bool is_ahead(struct arena *arena, const struct vex_grounds *g, struct span *against)
{
	struct span day = span_slice(g->statement->issued, 0, 10);
	if (day.size == 0 || span_compare(day, span_of_text(g->tomorrow)) <= 0)
		return false;
	*against = arena_format(arena, "it is dated %.*s, which is after the day of the report (%s)", SPAN_FORMAT(day), g->today);
	return true;
}

/* What was judged before anybody was known to exploit it is judged anew. */
static bool exploited_since(struct arena *arena, const struct vex_grounds *g, struct span *against)
{
	const struct vex_statement *statement = g->statement;
	struct span day = span_slice(statement->issued, 0, 10);
	bool spares = is(statement, "not affected") || is(statement, "under review");
	if (!spares || !g->exploited || day.size == 0 || g->exploited_since.size < 10 ||
	    span_compare(day, span_slice(g->exploited_since, 0, 10)) >= 0)
		return false;
	*against = arena_format(arena, "it was issued on %.*s, and since %.*s the fault is known to be exploited", SPAN_FORMAT(day),
				SPAN_FORMAT(g->exploited_since));
	return true;
}

/* Both name parts, parted by blanks: true where one of them is the same. */
static bool share_part(struct span a, struct span b)
{
	struct span word;
	while (span_next_word(&a, &word))
		if (span_has_word(b, word))
			return true;
	return false;
}

/* Statements and matches may be about different parts of one component; and a part that is absent may be there. */
static bool other_part(sqlite3 *evidence, struct arena *arena, const struct vex_grounds *g, struct span *against)
{
	struct span word;
	bool present = false;
	if (g->part.size == 0)
		return false;
	if (g->match_part.size > 0 && !share_part(g->part, g->match_part)) {
		*against = arena_format(arena, "it is about the part %.*s, and the fault is in %.*s", SPAN_FORMAT(g->part),
					SPAN_FORMAT(g->match_part));
		return true;
	}
	struct query query = query_start(evidence, "SELECT reason FROM part WHERE component = ?1 AND name = ?2 AND present = 1");
	for (struct span rest = g->part; !present && says_absent(g->statement) && span_next_word(&rest, &word);) {
		query_rewind(&query);
		query_bind_integer(&query, 1, g->component);
		query_bind_text(&query, 2, word);
		present = query_next(&query);
		if (present)
			*against = arena_format(arena, "the image holds the part %.*s (%.*s)", SPAN_FORMAT(word),
						SPAN_FORMAT(query_text(&query, 0)));
	}
	return query_end(&query) == DONE && present;
}

/* The name of an option at a place of a text: CONFIG_ and what belongs to it. */
static struct span option_at(struct span text, size_t at)
{
	size_t end = at + 7;
	while (isupper(span_byte(text, end)) || isdigit(span_byte(text, end)) || span_byte(text, end) == '_' ||
	       islower(span_byte(text, end)))
		end++;
	return span_slice(text, at, end - at);
}

/* What the words behind an option say of it: 'n', 'y' (built in or as a module), or nothing. */
static char said_of_option(struct span behind)
{
	static const char *const off[] = { "=n", " is not set", " is off", " is not built", " is disabled" };
	static const char *const on[] = { "=y", "=m", " is set", " is on", " is enabled" };
	for (size_t i = 0; i < sizeof off / sizeof *off; i++)
		if (span_starts_text(behind, off[i]))
			return 'n';
	for (size_t i = 0; i < sizeof on / sizeof *on; i++)
		if (span_starts_text(behind, on[i]))
			return 'y';
	return 0;
}

/* "CONFIG_NF_TABLES is not set" in the reason is a premise that the image can contradict. */
static bool other_configuration(sqlite3 *evidence, struct arena *arena, const struct vex_grounds *g, struct span *against)
{
	struct span reason = g->statement->reason;
	bool contradicted = false;
	struct query query = query_start(evidence, "SELECT value FROM kernel_option WHERE name = ?1"
						   " ORDER BY value = 'n', value LIMIT 1");
	for (size_t at = span_find_text(reason, "CONFIG_", 0); at != SPAN_NOT_FOUND && !contradicted;
	     at = span_find_text(reason, "CONFIG_", at + 1)) {
		struct span option = option_at(reason, at);
		char said = said_of_option(span_from(reason, at + option.size));
		query_rewind(&query);
		query_bind_text(&query, 1, option);
		if (!said || !query_next(&query))
			continue;
		struct span value = query_text(&query, 0);
		contradicted = span_equal_text(value, "n") != (said == 'n');
		if (contradicted)
			*against = arena_format(arena, "it rests on %.*s being %s, and the image says %.*s=%.*s", SPAN_FORMAT(option),
						said == 'n' ? "off" : "on", SPAN_FORMAT(option), SPAN_FORMAT(value));
	}
	return query_end(&query) == DONE && contradicted;
}

/* What is said not to be there at all is seen in the image. That code is mended is no contradiction: then it is there too. */
static bool code_is_seen(sqlite3 *evidence, struct arena *arena, const struct vex_grounds *g, struct span *against)
{
	if (!span_equal_text(g->statement->justification, "component_not_present"))
		return false;
	struct query query = query_start(evidence,
		"SELECT p.value FROM premise p JOIN vulnerability v ON v.id = p.vulnerability AND v.component = p.component"
		" WHERE p.vulnerability = ?1 AND p.component = ?2 AND coalesce(v.own_status, v.status) = 'affected'"
		" AND p.kind IN ('part', 'kernel option', 'kernel file', 'kernel symbol') ORDER BY p.rowid LIMIT 1");
	query_bind_text(&query, 1, g->statement->vulnerability);
	query_bind_integer(&query, 2, g->component);
	bool seen = query_next(&query);
	if (seen)
		*against = arena_format(arena, "the image shows the code: %.*s", SPAN_FORMAT(query_text(&query, 0)));
	return query_end(&query) == DONE && seen;
}

bool vex_premises_hold(sqlite3 *evidence, struct arena *arena, const struct vex_grounds *grounds, struct span *against)
{
	return !is_ahead(arena, grounds, against) && !expired(arena, grounds, against) && !exploited_since(arena, grounds, against) &&
	       !other_part(evidence, arena, grounds, against) && !other_configuration(evidence, arena, grounds, against) &&
	       !code_is_seen(evidence, arena, grounds, against);
}
