/* The date in a kernel's banner is that of date(1) (scripts/mkcompile_h); times of files are seconds since 1970. */
#include "vuln/made.h"

#include "base/clock.h"

enum { FIRST_YEAR = 1995, LAST_YEAR = 2100, TIMES_LEAST = 3 };

struct span made_of_banner(struct span built, struct arena *arena)
{
	struct span word;
	uint64_t number, day = 0, year = 0;
	unsigned month = 0;
	while (span_next_word(&built, &word)) {
		if (month == 0)
			month = clock_month(word);
		else if (day == 0 && span_to_number(word, 31, &number))
			day = number;
		else if (word.size == 4 && span_to_number(word, LAST_YEAR, &number) && number >= FIRST_YEAR)
			year = number;
	}
	if (month == 0 || day == 0 || year == 0)
		return SPAN_NONE;
	return arena_format(arena, "%04u-%02u-%02u", (unsigned)year, month, (unsigned)day);
}

/* Of the files of the image; empty where too few differ. */
static struct span latest_file(sqlite3 *evidence, struct arena *arena)
{
	char text[21];
	struct span day = SPAN_NONE;
	struct query query = query_start(evidence, "SELECT max(mtime), count(DISTINCT mtime) FROM file WHERE mtime > 0");
	if (query_next(&query) && query_integer(&query, 1) >= TIMES_LEAST) {
		clock_format_utc(query_integer(&query, 0), text);
		day = arena_copy(arena, span_slice(span_of_text(text), 0, 10));
	}
	return query_end(&query) == DONE ? day : SPAN_NONE;
}

struct span made_latest(sqlite3 *evidence, struct arena *arena)
{
	struct span latest = SPAN_NONE;
	bool all = true;
	struct query query = query_start(evidence, "SELECT built FROM kernel WHERE built IS NOT NULL ORDER BY rowid");
	while (query_next(&query)) {
		struct span day = made_of_banner(query_text(&query, 0), arena);
		all = all && day.size > 0;
		if (span_compare(day, latest) > 0)
			latest = day;
	}
	if (query_end(&query) != DONE || !all || latest.size == 0)
		return SPAN_NONE;
	struct span file = latest_file(evidence, arena);
	return span_compare(file, latest) > 0 ? file : latest;
}
