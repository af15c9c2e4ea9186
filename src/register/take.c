#include "register/take.h"

#include "base/clock.h"
#include "base/text.h"
#include "register/content.h"
#include "register/named.h"
#include "register/take_content.h"

enum { TAKE_CEILING = 1 << 30 };

static void take_artifact(struct event *event, int64_t version, const struct shipment *shipment, struct arena *arena)
{
	static const char sql[] = "SELECT id FROM artifact WHERE version = ?1 AND sha256 = ?2";
	const struct value asked[] = { value_integer(version), value_text(shipment->sha256) };
	if (registry_number(event->registry, sql, asked, 2) != 0)
		return;
	event_insert(event, "artifact", (const struct field[]){
		{ "id", value_integer(registry_next(event->registry, "artifact")) }, { "version", value_integer(version) },
		{ "sha256", value_text(shipment->sha256) }, { "name", value_text(text_printable(arena, shipment->file_name)) },
		{ "size", value_integer((int64_t)shipment->size) } }, 5);
}

/* Results before the new one no longer count. */
static enum outcome supersede(struct event *event, struct span artifact)
{
	struct rows rows = rows_start(event->registry->database, "SELECT id FROM result WHERE artifact = ?1 AND current = 1");
	int64_t old = 0;
	rows_bind(&rows, 1, value_text(artifact));
	if (rows_next(&rows))
		old = rows_integer(&rows, 0);
	TRY(rows_end(&rows));
	if (old != 0)
		event_update(event, "result", (const struct field[]){
			{ "id", value_integer(old) }, { "current", value_integer(0) } }, 2);
	return event->outcome;
}

/* The first row of a query over the evidence. */
static enum outcome one_row(struct assay *assay, const char *sql, struct arena *arena, struct value *out, int count)
{
	struct assay_rows *rows = NULL;
	if (assay_query(assay, sql, 0, &rows) != ASSAY_DONE)
		return MALFORMED;
	bool found = assay_rows_next(rows);
	for (int i = 0; i < count; i++)
		out[i] = found ? matches_value(rows, i, arena) : VALUE_NONE;
	return assay_rows_end(rows) == ASSAY_DONE ? DONE : MALFORMED;
}

/* A grade; NULL where there is none. */
static struct value level(int number)
{
	return number < 0 ? VALUE_NONE : value_integer(number);
}

/* Columns as take_result() names them. */
static const char summary[] =
	"SELECT CASE WHEN understood + opaque > 0 THEN round(1.0 * understood / (understood + opaque), 6) ELSE 0.0 END,"
	" (SELECT count(*) FROM incomplete) FROM image";

enum outcome take_store(struct registry *registry, struct assay *assay, struct arena *arena, struct taken_store *out)
{
	enum { NAME, DATE, DIGEST, COLUMNS };
	struct value values[COLUMNS];
	TRY(one_row(assay, "SELECT name, date, sha256 FROM vulnerability_store", arena, values, COLUMNS));
	struct rows rows = rows_start(registry->database, "SELECT sha256 FROM store ORDER BY id DESC LIMIT 1");
	bool followed = rows_next(&rows) && span_equal(rows_text(&rows, 0), values[DIGEST].text);
	*out = (struct taken_store){ values[NAME].type == VALUE_TEXT ? values[NAME] : value_word("none"), values[DATE], followed };
	return rows_end(&rows);
}

static enum outcome take_result(struct event *event, const struct shipment *shipment, struct assay *assay,
				struct arena *arena)
{
	enum { UNDERSTOOD, UNREAD, COLUMNS };
	struct taken_store store;
	struct value values[COLUMNS];
	struct registry *registry = event->registry;
	int64_t set, result;
	char at[21], digest[CONTENT_DIGEST_ROOM];
	clock_format_utc(clock_report_time(), at);
	TRY(one_row(assay, summary, arena, values, COLUMNS));
	TRY(supersede(event, shipment->sha256));
	TRY(take_store(registry, assay, arena, &store));
	TRY(take_components(event, assay, shipment->saved, &store, arena, &set));
	result = registry_next(registry, "result");
	event_insert(event, "result", (const struct field[]){
		{ "id", value_integer(result) }, { "artifact", value_text(shipment->sha256) }, { "saved", value_text(shipment->saved) },
		{ "at", value_word(at) }, { "program", value_word(assay_version()) }, { "store", store.name },
		{ "store_date", store.date }, { "grade", level(assay_grade(assay)) },
		{ "ceiling", level(assay_ceiling(assay)) }, { "understood", values[UNDERSTOOD] },
		{ "unread", values[UNREAD] }, { "component_set", value_integer(set) }, { "sightings", value_word("") },
		{ "current", value_integer(1) }, { "followed", value_integer(store.followed) } }, 15);
	TRY(event->outcome);
	TRY(take_sightings(event, assay, result, arena));
	TRY(content_of_result(registry, result, digest));
	event_update(event, "result", (const struct field[]){
		{ "id", value_integer(result) }, { "sightings", value_word(digest) } }, 2);
	return event->outcome;
}

/* Versions that hold the file: whether each of their files has a result. */
static enum outcome tell_assayed(struct event *event, struct span artifact, struct arena *arena)
{
	struct rows rows = rows_start(event->registry->database,
		"SELECT version.id, CASE WHEN EXISTS (SELECT 1 FROM artifact WHERE artifact.version = version.id AND NOT EXISTS"
		" (SELECT 1 FROM result WHERE result.artifact = artifact.sha256 AND result.current = 1)) THEN 0 ELSE 1 END AS now"
		" FROM version WHERE id IN (SELECT version FROM artifact WHERE sha256 = ?1) ORDER BY version.id");
	struct field (*all)[2] = NULL;
	size_t count = 0, capacity = 0;
	rows_bind(&rows, 1, value_text(artifact));
	while (rows_next(&rows)) {
		struct field(*more)[2] = arena_grow(arena, all, count, &capacity, sizeof *all);
		if (!more)
			break;
		all = more;
		all[count][0] = (struct field){ "id", rows_value(&rows, 0) };
		all[count++][1] = (struct field){ "assayed", rows_value(&rows, 1) };
	}
	TRY(rows_end(&rows));
	for (size_t i = 0; i < count; i++) {
		static const char sql[] = "SELECT id FROM version WHERE id = ?1 AND assayed <> ?2";
		const struct value asked[] = { all[i][0].value, all[i][1].value };
		if (registry_number(event->registry, sql, asked, 2) != 0)
			event_update(event, "version", all[i], 2);
	}
	return event->outcome;
}

static bool has_result(struct registry *registry, const struct shipment *shipment)
{
	static const char sql[] = "SELECT id FROM result WHERE artifact = ?1 AND saved = ?2 AND current = 1";
	const struct value asked[] = { value_text(shipment->sha256), value_text(shipment->saved) };
	return registry_number(registry, sql, asked, 2) != 0;
}

static bool has_artifact(struct registry *registry, const struct shipment *shipment)
{
	static const char sql[] =
		"SELECT artifact.id FROM artifact JOIN version ON version.id = artifact.version"
		" JOIN product ON product.id = version.product"
		" WHERE artifact.sha256 = ?1 AND version.name = ?2 AND product.name = ?3";
	const struct value asked[] = { value_text(shipment->sha256), value_text(shipment->version),
				       value_text(shipment->product) };
	return registry_number(registry, sql, asked, 3) != 0;
}

struct span take_saved(struct registry *registry, struct span sha256, struct arena *arena)
{
	struct rows rows = rows_start(registry->database,
				      "SELECT saved FROM result WHERE artifact = ?1 AND program = ?2 AND current = 1");
	rows_bind(&rows, 1, value_text(sha256));
	rows_bind(&rows, 2, value_word(assay_version()));
	struct span saved = rows_next(&rows) ? arena_copy(arena, rows_text(&rows, 0)) : SPAN_NONE;
	return rows_end(&rows) == DONE ? saved : SPAN_NONE;
}

static enum outcome write_all(struct registry *registry, const struct shipment *shipment, struct assay *assay)
{
	struct event event;
	struct arena arena;
	bool known = !assay || has_result(registry, shipment);
	if (known && has_artifact(registry, shipment))
		return DONE;
	arena_init(&arena, TAKE_CEILING);
	struct span subject = arena_format(&arena, "%.*s %.*s", SPAN_FORMAT(shipment->product), SPAN_FORMAT(shipment->version));
	event_begin(&event, registry, assay ? "result.added" : "artifact.added", subject);
	int64_t product = named_product(&event, shipment->product, NULL);
	take_artifact(&event, named_version(&event, product, shipment->version, NULL), shipment, &arena);
	if (!known && event.outcome == DONE) {
		enum outcome outcome = take_result(&event, shipment, assay, &arena);
		if (event.outcome == DONE)
			event.outcome = outcome;
	}
	if (event.outcome == DONE) {
		enum outcome told = tell_assayed(&event, shipment->sha256, &arena);
		event.outcome = event.outcome != DONE ? event.outcome : told;
	}
	enum outcome outcome = event_end(&event);
	if (outcome == MALFORMED && assay && assay_error(assay)[0]) /* it was the evidence, not the register */
		(void)registry_fail(registry, outcome, "its saved result: %s", assay_error(assay));
	arena_done(&arena);
	return outcome;
}

enum outcome take(struct registry *registry, const struct shipment *shipment, struct assay *result)
{
	TRY(registry_done(registry, database_begin(registry->database), "adding a version"));
	return registry_finish(registry, write_all(registry, shipment, result), "adding a version");
}
