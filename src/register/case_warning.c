/* https://pypi.org/project/cra-scope/ 0.1.3, cra_scope_core/srp.py: the payload of an early warning. */
#include "base/clock.h"
#include "base/json.h"
#include "register/case_output.h"

const char *case_missing(const struct case_file *file, const struct case_values *values, enum case_stage stage, int *from)
{
	unsigned kind = span_equal_text(file->kind, "incident") ? OF_INCIDENT : OF_VULNERABILITY;
	for (int i = *from; i < CASE_FIELDS; i++) {
		*from = i + 1;
		if (case_fields[i].stage == stage && case_fields[i].required && (case_fields[i].kinds & kind) &&
		    values->all[i].size == 0)
			return case_fields[i].name;
	}
	return NULL;
}

static void write_text(struct json *json, const char *key, struct span text)
{
	value_write_member(json, key, value_text_if(text));
}

static void write_yes_no(struct json *json, const char *key, struct span answer)
{
	json_key(json, key);
	if (answer.size > 0)
		json_boolean(json, span_equal_text(answer, "yes"));
	else
		json_null(json);
}

static void write_head(struct json *json, bool incident)
{
	char now[21];
	clock_format_utc(clock_report_time(), now);
	json_member_text(json, "schema_version", "1.0.0");
	json_member_text(json, "notification_type", "early_warning");
	json_member_text(json, "cra_article", incident ? "14(4)(a)" : "14(2)(a)");
	json_member_text(json, "submission_basis", "art_14_mandatory");
	json_member_text(json, "report_subject_type", incident ? "severe_incident" : "vulnerability");
	json_member_text(json, "regulatory_basis", "Regulation (EU) 2024/2847");
	json_member_text(json, "submission_timestamp", now);
	json_member_integer(json, "deadline_hours", 24);
}

static void write_states(struct json *json, struct span states)
{
	struct span state;
	json_key(json, "affected_member_states");
	json_array_open(json);
	while (span_next_word(&states, &state))
		json_string(json, state);
	json_array_close(json);
}

enum outcome case_write_warning(const struct case_file *file, const struct case_values *values, struct buffer *out)
{
	struct json json;
	const struct span *all = values->all;
	bool incident = span_equal_text(file->kind, "incident");
	if (!case_aware(file))
		return NOT_THIS;
	json_init(&json, out, false);
	json_object_open(&json);
	write_head(&json, incident);
	json_key(&json, "manufacturer");
	json_object_open(&json);
	write_text(&json, "name", all[FIELD_MANUFACTURER]);
	write_text(&json, "main_establishment_country", all[FIELD_COUNTRY]);
	write_text(&json, "contact_email", all[FIELD_CONTACT]);
	json_object_close(&json);
	json_member_boolean(&json, "enisa_simultaneous", true);
	json_key(&json, "product");
	json_object_open(&json);
	write_text(&json, "name", all[FIELD_PRODUCT]);
	write_text(&json, "version", all[FIELD_VERSION]);
	write_text(&json, "category", all[FIELD_CATEGORY]);
	json_object_close(&json);
	json_key(&json, incident ? "incident" : "vulnerability");
	json_object_open(&json);
	if (!incident) /* that is what was said by saying that they are aware */
		json_member_boolean(&json, "actively_exploited", true);
	write_text(&json, "id", all[FIELD_ID]);
	write_text(&json, "detection_timestamp", all[FIELD_DETECTED]);
	write_yes_no(&json, "suspected_malicious_action", all[FIELD_MALICIOUS]);
	write_yes_no(&json, "cross_border_impact", all[FIELD_CROSS_BORDER]);
	write_text(&json, "preliminary_description", all[FIELD_DESCRIPTION]);
	write_states(&json, all[FIELD_MEMBER_STATES]);
	json_object_close(&json);
	json_object_close(&json);
	return json_done(&json);
}
