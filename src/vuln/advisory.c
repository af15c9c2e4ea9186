#include "vuln/advisory.h"

#include <inttypes.h>

#include "base/clock.h"
#include "inspect/lines.h"
#include "vuln/feed_json.h"
#include "vuln/identifier.h"

int64_t advisory_identifier(struct span name)
{
	static const char *const prefixes[] = { "ALPINE-", "DEBIAN-", "UBUNTU-" };
	for (size_t i = 0; i < sizeof prefixes / sizeof *prefixes; i++)
		if (span_starts_text(name, prefixes[i]))
			name = span_from(name, strlen(prefixes[i]));
	return identifier_parse(name);
}

struct span advisory_severity(struct span word)
{
	static const struct {
		const char *said, *word;
	} words[] = { { "critical", "critical" }, { "high", "high" }, { "moderate", "medium" }, { "medium", "medium" },
		      { "low", "low" } };
	for (size_t i = 0; i < sizeof words / sizeof *words; i++)
		if (equal_caseless(word, words[i].said))
			return span_of_text(words[i].word);
	return SPAN_NONE;
}

void advisory_facts(const struct json_value *document, struct builder_facts *facts)
{
	const struct json_value *own = json_value_member(document, "database_specific");
	struct span weakness = json_value_text(json_value_first(json_value_member(own, "cwe_ids")));
	facts->published = feed_json_text(document, "published");
	facts->severity = advisory_severity(feed_json_text(own, "severity"));
	if (span_starts_text(weakness, "CWE-"))
		facts->weakness = weakness;
}

struct span advisory_day(struct arena *arena, struct span words)
{
	struct span month, day, year;
	uint64_t number_of_day, number_of_year;
	if (!span_next_word(&words, &month) || !span_next_word(&words, &day) || !span_next_word(&words, &year) ||
	    !span_ends_text(day, ",") || !span_ends_text(year, ","))
		return SPAN_NONE;
	if (!span_to_number(span_slice(day, 0, day.size - 1), 31, &number_of_day) ||
	    !span_to_number(span_slice(year, 0, year.size - 1), 9999, &number_of_year))
		return SPAN_NONE;
	unsigned number_of_month = clock_month(month);
	if (number_of_month == 0)
		return SPAN_NONE;
	return arena_format(arena, "%04" PRIu64 "-%02u-%02" PRIu64, number_of_year, number_of_month, number_of_day);
}
