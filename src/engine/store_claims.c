/* What a store says, and what a result asks of one: include/assay/assay.h, assay_store_claims() and assay_questions(). */
#include <string.h>

#include "base/plain_locale.h"
#include "base/scoped.h"
#include "engine/result.h"
#include "vuln/questions.h"
#include "vuln/starter.h"
#include "vuln/store_claims.h"

struct reading {
	struct assay_store_reader reader;
};

static bool product(void *context, const char *name, const char *digest)
{
	const struct reading *reading = context;
	return reading->reader.product(reading->reader.context, name, digest) != 0;
}

static bool vulnerability(void *context, const char *name, const char *severity, double cvss, double epss,
			  const char *exploited)
{
	const struct reading *reading = context;
	const struct assay_store_vulnerability it = {
		.size = sizeof it, .id = name, .severity = severity, .cvss = cvss, .epss = epss, .exploited = exploited,
	};
	return reading->reader.vulnerability(reading->reader.context, &it) != 0;
}

enum assay_status assay_store_claims(const void *bytes, size_t size, const struct assay_store_reader *reader)
{
	struct reading reading = { 0 };
	struct store *store;
	if (!reader || reader->size == 0)
		return ASSAY_UNREADABLE;
	SCOPED(plain_locale) here = plain_locale_enter();
	memcpy(&reading.reader, reader, reader->size < sizeof reading.reader ? reader->size : sizeof reading.reader);
	enum outcome outcome = bytes ? store_open_memory(span_of(bytes, size), "", &store)
				     : store_open_packed(span_of(starter_store, starter_store_size), STARTER_NAME, &store);
	if (outcome != DONE)
		return result_status(outcome);
	const struct claims_visitor visitor = {
		.context = &reading,
		.product = reading.reader.product ? product : NULL,
		.vulnerability = reading.reader.vulnerability ? vulnerability : NULL,
	};
	outcome = DONE;
	if (reading.reader.date && !reading.reader.date(reading.reader.context, store_date(store)))
		outcome = NOT_THIS;
	if (outcome == DONE)
		outcome = store_claims_walk(store, &visitor);
	store_close(store);
	return result_status(outcome);
}

enum assay_status assay_questions(struct assay *assay)
{
	if (!assay || !assay->evidence)
		return ASSAY_UNREADABLE;
	SCOPED(plain_locale) here = plain_locale_enter();
	enum outcome outcome = questions_write(evidence_database(assay->evidence), &assay->program.recognisers);
	return outcome == DONE ? ASSAY_DONE
			       : result_fail(assay, result_status(outcome), SPAN_LITERAL("what it asks of a store cannot be told"));
}
