/* What comes out of a case: files of its folder. Each is a function of the register as it is now. */
#ifndef ASSAY_REGISTER_CASE_OUTPUT_H
#define ASSAY_REGISTER_CASE_OUTPUT_H

#include "base/buffer.h"
#include "register/case_field.h"

/*
 * Everything that the platform's forms ask for, each field with a button that copies it, without a network: sheet.html.
 * zone may be NULL.
 */
enum outcome case_write_sheet(const struct case_file *file, const struct case_values *values, const struct zone *zone,
			      struct buffer *out) MUST_CHECK;
/*
 * The early warning as JSON, as cra-scope 0.1.3 reads it (schema_version 1.0.0): early-warning.json. What nobody said is null,
 * which cra-scope refuses: nothing is sent that nobody said. NOT_THIS where nobody said that they are aware.
 */
enum outcome case_write_warning(const struct case_file *file, const struct case_values *values, struct buffer *out) MUST_CHECK;
/*
 * An advisory, CSAF 2.0, profile csaf_security_advisory (section 4.4): advisory.csaf.json. It is a draft until the case is
 * disclosed. NOT_THIS of a case that is about no vulnerability or no version.
 */
enum outcome case_write_advisory(struct registry *registry, const struct case_file *file, const struct case_values *values,
				 struct arena *arena, struct buffer *out) MUST_CHECK;

/* Fields of a stage that nobody answered and that a form of this case cannot be without; NULL after the last. */
const char *case_missing(const struct case_file *file, const struct case_values *values, enum case_stage stage, int *from);

#endif
