/* The parts of the CycloneDX report. */
#ifndef ASSAY_REPORT_CYCLONEDX_H
#define ASSAY_REPORT_CYCLONEDX_H

#include "base/json.h"
#include "evidence/query.h"

/* A member with the text of a column, unless that is NULL. */
void cyclonedx_text(struct json *json, const char *key, const struct query *query, int column);
/* A member that refers to a component of the evidence by its number; without a key, the text alone. */
void cyclonedx_reference(struct json *json, const char *key, int64_t component);
/* The member `vulnerabilities`: every match with its analysis (VEX). */
enum outcome cyclonedx_vulnerabilities(struct json *json, sqlite3 *database) MUST_CHECK;

#endif
