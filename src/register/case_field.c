#include "register/case_field.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/buffer.h"
#include "register/moment.h"

enum { JOINED_CEILING = 16 << 20 };

const struct case_field case_fields[CASE_FIELDS] = {
	[FIELD_MANUFACTURER] = { "manufacturer", "Name of the manufacturer", STAGE_WARNING, OF_BOTH, FORM_TEXT, true },
	[FIELD_COUNTRY] = { "country", "Member State of the main establishment", STAGE_WARNING, OF_BOTH, FORM_STATE, true },
	[FIELD_CONTACT] = { "contact", "Contact of the manufacturer (mail)", STAGE_WARNING, OF_BOTH, FORM_TEXT, true },
	[FIELD_PRODUCT] = { "product", "Product", STAGE_WARNING, OF_BOTH, FORM_TEXT, true },
	[FIELD_VERSION] = { "version", "Affected versions", STAGE_WARNING, OF_BOTH, FORM_TEXT, true },
	[FIELD_CATEGORY] = { "category", "Category of the product", STAGE_WARNING, OF_BOTH, FORM_TEXT, false },
	[FIELD_ID] = { "id", "Identifier", STAGE_WARNING, OF_BOTH, FORM_TEXT, true },
	[FIELD_DETECTED] = { "detected", "Aware since (UTC)", STAGE_WARNING, OF_BOTH, FORM_NONE, true },
	[FIELD_MALICIOUS] = { "suspected-malicious", "Unlawful or malicious acts suspected", STAGE_WARNING, OF_BOTH, FORM_YES_NO,
			      true },
	[FIELD_CROSS_BORDER] = { "cross-border", "Impact across borders", STAGE_WARNING, OF_BOTH, FORM_YES_NO, true },
	[FIELD_MEMBER_STATES] = { "member-states", "Member States where the product was made available", STAGE_WARNING, OF_BOTH,
				  FORM_STATES, false },
	[FIELD_DESCRIPTION] = { "description", "Preliminary description", STAGE_WARNING, OF_BOTH, FORM_TEXT, false },
	[FIELD_NATURE] = { "nature", "General nature", STAGE_NOTIFICATION, OF_BOTH, FORM_TEXT, false },
	[FIELD_EXPLOIT] = { "exploit", "General nature of the exploit", STAGE_NOTIFICATION, OF_VULNERABILITY, FORM_TEXT, false },
	[FIELD_TAKEN] = { "measures-taken", "Corrective or mitigating measures taken", STAGE_NOTIFICATION, OF_BOTH, FORM_TEXT,
			  false },
	[FIELD_USERS] = { "measures-users", "Measures that users can take", STAGE_NOTIFICATION, OF_BOTH, FORM_TEXT, false },
	[FIELD_SENSITIVITY] = { "sensitivity", "How sensitive this information is", STAGE_NOTIFICATION, OF_BOTH, FORM_TEXT, false },
	[FIELD_DETAILS] = { "details", "Detailed description with severity and impact", STAGE_FINAL, OF_BOTH, FORM_TEXT, false },
	[FIELD_ACTOR] = { "actor", "Malicious actor, where known", STAGE_FINAL, OF_VULNERABILITY, FORM_TEXT, false },
	[FIELD_CAUSE] = { "cause", "Type of threat or root cause", STAGE_FINAL, OF_INCIDENT, FORM_TEXT, false },
	[FIELD_REMEDY] = { "remedy", "Security update or other corrective measures", STAGE_FINAL, OF_BOTH, FORM_TEXT, false },
	[FIELD_PUBLISHER_URL] = { "publisher-url", "Address of the publisher of the advisory", STAGE_ADVISORY, OF_BOTH, FORM_URL,
				  false },
};

bool is_member_state(struct span country)
{
	static const char states[] = "AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IT LT LU LV MT NL PL PT RO SE SI SK";
	return country.size == 2 && span_has_word(SPAN_LITERAL(states), country);
}

static bool are_member_states(struct span words)
{
	struct span word;
	bool all = true;
	while (span_next_word(&words, &word))
		all = all && is_member_state(word);
	return all;
}

/* What a form takes; NULL where the value is that. */
static const char *refusal(const struct case_field *field, struct span value)
{
	switch (field->form) {
	case FORM_YES_NO:
		return span_equal_text(value, "yes") || span_equal_text(value, "no") ? NULL : "is yes or no";
	case FORM_STATE:
		return is_member_state(value) ? NULL : "is a Member State of the European Union, in two letters (GR for Greece)";
	case FORM_STATES:
		return are_member_states(value) ? NULL : "are Member States of the European Union, in two letters each, parted by blanks";
	case FORM_URL:
		return span_starts_text(value, "https://") ? NULL : "begins with https://";
	case FORM_NONE:
		return "is what 'assay case start' said: nobody answers it";
	case FORM_TEXT:
		break;
	}
	return NULL;
}

bool case_field_allows(struct span field, struct span value, char *words, size_t size)
{
	for (int i = 0; i < CASE_FIELDS; i++) {
		if (!span_equal_text(field, case_fields[i].name))
			continue;
		const char *why = value.size == 0 ? "is not empty" : refusal(&case_fields[i], value);
		if (why)
			(void)snprintf(words, size, "'%s' %s", case_fields[i].name, why);
		return !why;
	}
	int used = snprintf(words, size, "there is no field '%.*s'; there are", SPAN_FORMAT(span_slice(field, 0, 40)));
	for (int i = 0; i < CASE_FIELDS && used > 0 && (size_t)used < size; i++)
		used += snprintf(words + used, size - (size_t)used, " %s", case_fields[i].name);
	return false;
}

/* Texts that are put together, each once. */
struct joined {
	struct buffer text;
	enum outcome outcome;
};

static void join(struct joined *joined, const char *between, struct span text)
{
	if (joined->outcome == DONE && joined->text.size > 0)
		joined->outcome = buffer_append(&joined->text, span_of_text(between));
	if (joined->outcome == DONE)
		joined->outcome = buffer_append(&joined->text, text);
}

static enum outcome settle(struct joined *joined, struct arena *arena, struct span *out)
{
	if (joined->outcome == DONE && joined->text.size > 0) {
		*out = arena_copy(arena, buffer_span(&joined->text));
		joined->outcome = out->data ? DONE : NO_MEMORY;
	}
	buffer_done(&joined->text);
	return joined->outcome;
}

static int by_product(const void *left, const void *right)
{
	const struct place *a = left, *b = right;
	int order = span_compare(a->product, b->product);
	return order ? order : span_compare(a->version, b->version);
}

/* Affected ones by product, whichever are supported. */
static struct place *sorted_places(const struct case_values *values, struct arena *arena)
{
	struct place *places = ARENA_NEW(arena, struct place, values->affected + 1);
	for (size_t i = 0; places && i < values->affected; i++)
		places[i] = values->places.all[i];
	if (places)
		qsort(places, values->affected, sizeof *places, by_product);
	return places;
}

/* "1.0, 1.1"; of several products, "Router X: 1.0, 1.1; Router Y: 7". */
static enum outcome name_versions(const struct case_values *values, struct arena *arena, struct span *products,
				  struct span *versions)
{
	struct joined names = { 0 }, each = { 0 };
	struct span last = SPAN_NONE;
	const struct place *places = sorted_places(values, arena);
	bool several = false;
	if (!places)
		return NO_MEMORY;
	buffer_init(&names.text, JOINED_CEILING, NULL);
	buffer_init(&each.text, JOINED_CEILING, NULL);
	for (size_t i = 1; i < values->affected; i++)
		several = several || !span_equal(places[i].product, places[0].product);
	for (size_t i = 0; i < values->affected; i++) {
		const struct place *place = &places[i];
		bool first = i == 0 || !span_equal(place->product, last);
		if (first)
			join(&names, "; ", place->product);
		if (first && several) {
			join(&each, "; ", place->product);
			join(&each, ": ", place->version);
		} else {
			join(&each, ", ", place->version);
		}
		last = place->product;
	}
	enum outcome outcome = settle(&names, arena, products), other = settle(&each, arena, versions);
	return outcome != DONE ? outcome : other;
}

/* Of the products of affected versions: each distinct value of an expression, in the order of its bytes. */
#define OF_AFFECTED(expression) \
	"SELECT DISTINCT " expression " FROM vulnerability JOIN match ON match.vulnerability = vulnerability.id" \
	" JOIN set_component ON set_component.component = match.component" \
	" JOIN result ON result.component_set = set_component.component_set AND result.current = 1" \
	" JOIN artifact ON artifact.sha256 = result.artifact JOIN version ON version.id = artifact.version" \
	" JOIN product ON product.id = version.product LEFT JOIN organisation ON organisation.id = product.organisation" \
	" WHERE vulnerability.name = ?1 AND match.status = 'affected' AND " expression " IS NOT NULL ORDER BY 1"

static enum outcome join_rows(struct registry *registry, const char *sql, struct span vulnerability, struct arena *arena,
			      struct span *out)
{
	struct joined joined = { 0 };
	struct rows rows = rows_start(registry->database, sql);
	buffer_init(&joined.text, JOINED_CEILING, NULL);
	rows_bind(&rows, 1, value_text(vulnerability));
	while (rows_next(&rows))
		join(&joined, "; ", rows_text(&rows, 0));
	enum outcome read = rows_end(&rows), outcome = settle(&joined, arena, out);
	return registry_done(registry, read != DONE ? read : outcome, "filling in a form");
}

/* The Member States among the countries of affected versions: "DE FR". */
static enum outcome join_states(struct registry *registry, struct span vulnerability, struct arena *arena, struct span *out)
{
	struct joined joined = { 0 };
	struct span markets = SPAN_NONE, word;
	TRY(join_rows(registry, OF_AFFECTED("version.markets"), vulnerability, arena, &markets));
	buffer_init(&joined.text, JOINED_CEILING, NULL);
	while (span_next_word(&markets, &word)) {
		struct span state = span_slice(word, 0, word.size - (span_ends_text(word, ";") ? 1 : 0));
		if (is_member_state(state) && !span_has_word(buffer_span(&joined.text), state))
			join(&joined, " ", state);
	}
	return registry_done(registry, settle(&joined, arena, out), "filling in a form");
}

static enum outcome ask_register(struct registry *registry, const struct case_file *file, struct arena *arena,
				 struct case_values *out)
{
	if (file->vulnerability.size == 0)
		return DONE;
	TRY(where_vulnerability(registry, file->vulnerability, PLACES_ALL, arena, &out->places));
	out->affected = out->places.groups[STANDING_AFFECTED].versions;
	TRY(name_versions(out, arena, &out->all[FIELD_PRODUCT], &out->all[FIELD_VERSION]));
	TRY(join_rows(registry, OF_AFFECTED("organisation.name"), file->vulnerability, arena, &out->all[FIELD_MANUFACTURER]));
	TRY(join_rows(registry, OF_AFFECTED("product.contact"), file->vulnerability, arena, &out->all[FIELD_CONTACT]));
	TRY(join_rows(registry, OF_AFFECTED("product.category"), file->vulnerability, arena, &out->all[FIELD_CATEGORY]));
	return join_states(registry, file->vulnerability, arena, &out->all[FIELD_MEMBER_STATES]);
}

enum outcome case_values(struct registry *registry, const struct case_file *file, struct arena *arena, struct case_values *out)
{
	const struct case_record *aware = case_aware(file);
	char at[MOMENT_ROOM];
	*out = (struct case_values){ 0 };
	TRY(ask_register(registry, file, arena, out));
	out->all[FIELD_ID] = file->vulnerability;
	if (out->all[FIELD_ID].size == 0)
		out->all[FIELD_ID] = arena_format(arena, "case-%lld", (long long)file->number);
	for (int i = 0; i < CASE_FIELDS; i++) {
		const struct case_record *answer = case_record_about(&file->answers, span_of_text(case_fields[i].name));
		if (answer)
			out->all[i] = answer->text;
	}
	if (aware) {
		moment_write(aware->at, 0, at);
		out->all[FIELD_DETECTED] = arena_copy(arena, span_of_text(at));
	}
	return DONE;
}
