/* Vulnerabilities of the CycloneDX report, each with its analysis: a VEX. https://cyclonedx.org/docs/1.6/json/#vulnerabilities */
#include "report/cyclonedx.h"

#include <stdio.h>

#include "report/vex.h"
#include "vuln/vex_words.h"

enum { WORDS_MEMORY = 16 * 1024 * 1024 };

/* Columns of VEX_ROWS are followed by these. */
enum { SEVERITY = VEX_LAST + 1, CVSS, CVSS_VERSION, VECTOR, WEAKNESS, EXPLOITED, EPSS, SSVC };

void cyclonedx_text(struct json *json, const char *key, const struct query *query, int column)
{
	if (!query_is_null(query, column))
		json_member_string(json, key, query_text(query, column));
}

void cyclonedx_reference(struct json *json, const char *key, int64_t component)
{
	char reference[32];
	(void)snprintf(reference, sizeof reference, "component-%lld", (long long)component);
	if (key)
		json_member_text(json, key, reference);
	else
		json_text(json, reference);
}

static const char *rating_method(struct span version)
{
	static const char *const methods[][2] = {
		{ "2.0", "CVSSv2" }, { "3.0", "CVSSv3" }, { "3.1", "CVSSv31" }, { "4.0", "CVSSv4" },
	};
	for (size_t i = 0; i < sizeof methods / sizeof *methods; i++)
		if (span_equal_text(version, methods[i][0]))
			return methods[i][1];
	return "other";
}

static void write_ratings(struct json *json, const struct query *query)
{
	if (query_is_null(query, SEVERITY) && query_is_null(query, CVSS))
		return;
	json_key(json, "ratings");
	json_array_open(json);
	json_object_open(json);
	if (!query_is_null(query, CVSS)) {
		json_key(json, "score");
		json_number(json, query_real(query, CVSS), 1);
		json_member_text(json, "method", rating_method(query_text(query, CVSS_VERSION)));
	}
	cyclonedx_text(json, "severity", query, SEVERITY);
	cyclonedx_text(json, "vector", query, VECTOR);
	json_object_close(json);
	json_array_close(json);
}

static void write_weakness(struct json *json, struct span cwe)
{
	uint64_t number = 0;
	if (!span_starts_text(cwe, "CWE-") || !span_to_number(span_from(cwe, 4), 1000000, &number) || number == 0)
		return;
	json_key(json, "cwes");
	json_array_open(json);
	json_integer(json, (int64_t)number);
	json_array_close(json);
}

/* CycloneDX says "exploitable" of what may be so, directly or not: that is our "affected"; a property has our word. */
static void write_analysis(struct json *json, const struct query *row)
{
	struct span status = query_text(row, VEX_STATUS), reason = vex_reason(row);
	const char *justification = vex_cyclonedx_justification(query_text(row, VEX_JUSTIFICATION));
	json_key(json, "analysis");
	json_object_open(json);
	json_member_text(json, "state", vex_cyclonedx_state(status));
	if (justification && span_equal_text(status, "not affected"))
		json_member_text(json, "justification", justification);
	if (span_equal_text(status, "affected") && (!query_is_null(row, VEX_FIXED) || !query_is_null(row, VEX_ACTION))) {
		json_key(json, "response");
		json_array_open(json);
		json_text(json, "update");
		json_array_close(json);
	}
	if (reason.size > 0)
		json_member_string(json, "detail", reason);
	json_object_close(json);
}

static void property(struct json *json, const char *name, struct span value)
{
	if (value.size == 0)
		return;
	json_object_open(json);
	json_member_text(json, "name", name);
	json_member_string(json, "value", value);
	json_object_close(json);
}

static void write_properties(struct json *json, const struct query *row, struct query *premises)
{
	static const struct {
		const char *name;
		int column;
	} columns[] = {
		{ "assay:status", VEX_STATUS }, { "assay:justification", VEX_JUSTIFICATION }, { "assay:own-status", VEX_OWN_STATUS },
		{ "assay:own-reason", VEX_OWN_REASON }, { "assay:question", VEX_QUESTION }, { "assay:part", VEX_PART },
		{ "assay:fixed-in", VEX_FIXED }, { "assay:epss", EPSS }, { "assay:ssvc", SSVC },
	};
	json_key(json, "properties");
	json_array_open(json);
	property(json, "assay:known-exploited", span_of_text(query_integer(row, EXPLOITED) ? "true" : "false"));
	for (size_t i = 0; i < sizeof columns / sizeof *columns; i++)
		property(json, columns[i].name, query_text(row, columns[i].column));
	query_rewind(premises);
	query_bind_text(premises, 1, query_text(row, VEX_ID));
	query_bind_integer(premises, 2, query_integer(row, VEX_COMPONENT));
	while (query_next(premises))
		property(json, "assay:premise", query_text(premises, 0));
	json_array_close(json);
}

static void write_vulnerability(struct json *json, const struct query *row, struct query *premises, struct arena *words)
{
	json_object_open(json);
	json_member_string(json, "id", query_text(row, VEX_ID));
	write_ratings(json, row);
	write_weakness(json, query_text(row, WEAKNESS));
	if (span_equal_text(query_text(row, VEX_STATUS), "affected"))
		json_member_string(json, "recommendation", vex_action(words, row));
	write_analysis(json, row);
	json_key(json, "affects");
	json_array_open(json);
	json_object_open(json);
	cyclonedx_reference(json, "ref", query_integer(row, VEX_COMPONENT));
	json_object_close(json);
	json_array_close(json);
	write_properties(json, row, premises);
	json_object_close(json);
}

#define MORE_COLUMNS ", v.severity, v.cvss, v.cvss_version, v.vector, v.weakness, v.known_exploited, v.epss,"\
	" nullif(trim(coalesce('exploitation ' || v.ssvc_exploitation || ' ', '') || coalesce('automatable ' || v.ssvc_automatable"\
	" || ' ', '') || coalesce('impact ' || v.ssvc_impact, '')), '')"

enum outcome cyclonedx_vulnerabilities(struct json *json, sqlite3 *database)
{
	struct arena words;
	arena_init(&words, WORDS_MEMORY);
	struct query row = query_start(database, VEX_ROWS_WITH(MORE_COLUMNS) " ORDER BY v.id, c.id");
	struct query premises = query_start(database, "SELECT kind || ': ' || value FROM premise WHERE vulnerability = ?1"
						      " AND component = ?2 ORDER BY rowid");
	json_key(json, "vulnerabilities");
	json_array_open(json);
	for (; query_next(&row); arena_reset(&words))
		write_vulnerability(json, &row, &premises, &words);
	json_array_close(json);
	arena_done(&words);
	enum outcome ended = query_end(&premises), outcome = query_end(&row);
	return outcome == DONE ? ended : outcome;
}
