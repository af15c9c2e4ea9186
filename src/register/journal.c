#include "register/journal.h"

static const char events[] =
	"SELECT event.sequence, event.at, coalesce(person_private.name, ''), event.kind, event.subject, coalesce(store.id, 0)"
	" FROM event LEFT JOIN person_private ON person_private.person = event.person"
	" LEFT JOIN store ON store.event = event.sequence WHERE event.sequence > ?1 ORDER BY event.sequence LIMIT ?2";

/* Some at a time, since PostgreSQL gives all rows of a statement at once. */
enum outcome journal_events(struct registry *registry, int64_t since,
			    bool (*take)(void *context, const struct journal_event *event), void *context)
{
	enum { AT_ONCE = 500 };
	bool go_on = true;
	for (int64_t count = AT_ONCE; go_on && count == AT_ONCE;) {
		struct rows rows = rows_start(registry->database, events);
		rows_bind(&rows, 1, value_integer(since));
		rows_bind(&rows, 2, value_integer(AT_ONCE));
		for (count = 0; go_on && rows_next(&rows); count++) {
			const struct journal_event event = {
				.sequence = rows_integer(&rows, 0), .at = rows_text(&rows, 1), .person = rows_text(&rows, 2),
				.kind = rows_text(&rows, 3), .subject = rows_text(&rows, 4), .store = rows_integer(&rows, 5),
			};
			since = event.sequence;
			go_on = take(context, &event);
		}
		TRY(registry_done(registry, rows_end(&rows), "reading the events"));
	}
	return DONE;
}

/* Versions that hold two components of one name would count twice by their sums: they are counted anew. */
static const char changes[] =
	"WITH line AS (SELECT change, vulnerability, component.name AS component, coalesce(was, '') AS was,"
	" coalesce(status, '') AS status, count(*) AS components, max(versions) AS versions"
	" FROM store_change JOIN component ON component.id = store_change.component WHERE store = ?1 GROUP BY 1, 2, 3, 4, 5)"
	" SELECT line.change, vulnerability.name, line.component, line.was, line.status, line.components,"
	" CASE WHEN line.components = 1 THEN line.versions ELSE (SELECT count(DISTINCT artifact.version) FROM store_change"
	"  JOIN component ON component.id = store_change.component"
	"  JOIN set_component ON set_component.component = component.id"
	"  JOIN result ON result.component_set = set_component.component_set AND result.current = 1"
	"  JOIN artifact ON artifact.sha256 = result.artifact"
	"  WHERE store_change.store = ?1 AND store_change.change = line.change AND store_change.vulnerability = line.vulnerability"
	"  AND component.name = line.component AND coalesce(store_change.was, '') = line.was"
	"  AND coalesce(store_change.status, '') = line.status) END, coalesce(vulnerability.exploited, '')"
	" FROM line JOIN vulnerability ON vulnerability.id = line.vulnerability"
	" ORDER BY CASE line.change WHEN 'became exploited' THEN 0 WHEN 'gone' THEN 3 ELSE 1 END,"
	" CASE WHEN vulnerability.exploited IS NULL THEN 1 ELSE 0 END, CASE line.change WHEN 'appeared' THEN 0 ELSE 1 END,"
	" CASE line.status WHEN 'affected' THEN 0 WHEN 'under review' THEN 1 ELSE 2 END, 7 DESC, vulnerability.name, line.component,"
	" line.was";

enum outcome journal_changes(struct registry *registry, int64_t store,
			     bool (*take)(void *context, const struct journal_change *change), void *context)
{
	struct rows rows = rows_start(registry->database, changes);
	bool go_on = true;
	rows_bind(&rows, 1, value_integer(store));
	while (go_on && rows_next(&rows)) {
		const struct journal_change change = {
			.change = rows_text(&rows, 0), .vulnerability = rows_text(&rows, 1), .component = rows_text(&rows, 2),
			.was = rows_text(&rows, 3), .status = rows_text(&rows, 4), .components = rows_integer(&rows, 5),
			.versions = rows_integer(&rows, 6), .exploited = rows_text(&rows, 7),
		};
		go_on = take(context, &change);
	}
	return registry_done(registry, rows_end(&rows), "reading what changed");
}
