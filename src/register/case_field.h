/*
 * What the forms of Article 14 of the Cyber Resilience Act ask for. Some of it the register knows; the rest people answer,
 * and what they answer goes before what the register knows. What nobody said stays empty, and never becomes "no".
 */
#ifndef ASSAY_REGISTER_CASE_FIELD_H
#define ASSAY_REGISTER_CASE_FIELD_H

#include "register/case_read.h"
#include "register/where.h"

enum case_field_name {
	FIELD_MANUFACTURER,
	FIELD_COUNTRY,
	FIELD_CONTACT,
	FIELD_PRODUCT,
	FIELD_VERSION,
	FIELD_CATEGORY,
	FIELD_ID,
	FIELD_DETECTED,
	FIELD_MALICIOUS,
	FIELD_CROSS_BORDER,
	FIELD_MEMBER_STATES,
	FIELD_DESCRIPTION,
	FIELD_NATURE,
	FIELD_EXPLOIT,
	FIELD_TAKEN,
	FIELD_USERS,
	FIELD_SENSITIVITY,
	FIELD_DETAILS,
	FIELD_ACTOR,
	FIELD_CAUSE,
	FIELD_REMEDY,
	FIELD_PUBLISHER_URL,
	CASE_FIELDS
};

enum case_stage { STAGE_WARNING, STAGE_NOTIFICATION, STAGE_FINAL, STAGE_ADVISORY, CASE_STAGES };
enum { OF_VULNERABILITY = 1 << 0, OF_INCIDENT = 1 << 1, OF_BOTH = OF_VULNERABILITY | OF_INCIDENT };

struct case_field {
	const char *name;  /* "suspected-malicious" */
	const char *label; /* for a person */
	enum case_stage stage;
	unsigned kinds; /* of cases */
	enum { FORM_TEXT, FORM_YES_NO, FORM_STATE, FORM_STATES, FORM_URL, FORM_NONE } form; /* FORM_NONE: nobody answers it */
	bool required;
};
extern const struct case_field case_fields[CASE_FIELDS];

/* Whether a field of that name takes that value; where not, why. */
bool case_field_allows(struct span field, struct span value, char *words, size_t size);
/* Whether the letters name a Member State of the European Union (ISO 3166-1, as the Union's forms have them). */
bool is_member_state(struct span country);

struct case_values {
	struct span all[CASE_FIELDS]; /* empty where nobody said it */
	struct places places;         /* every version, as it is now; none of a case without a vulnerability */
	size_t affected;              /* of them, which stand first */
};
/* All that is known now. It lives in the arena. */
enum outcome case_values(struct registry *registry, const struct case_file *file, struct arena *arena,
			 struct case_values *out) MUST_CHECK;

#endif
