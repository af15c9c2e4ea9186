#include "vuln/store_compare.h"

#include "evidence/query.h"
#include "vuln/store.h"

static bool has_shrunk(int64_t before, int64_t now)
{
	return now < before - before / 5;
}

static enum outcome compare_feeds(sqlite3 *old, sqlite3 *new, struct notes *notes)
{
	struct query before = query_start(old, "SELECT name, records FROM feed ORDER BY name");
	struct query now = query_start(new, "SELECT records FROM feed WHERE name = ?1");
	enum outcome outcome = DONE;
	while (query_next(&before)) {
		struct span name = query_text(&before, 0);
		int64_t had = query_integer(&before, 1);
		query_bind_text(&now, 1, name);
		int64_t has = query_next(&now) ? query_integer(&now, 0) : -1;
		query_rewind(&now);
		if (!has_shrunk(had, has < 0 ? 0 : has) && (has >= 0 || had == 0))
			continue;
		outcome = MALFORMED;
		notes_add(notes, NOTE_ERROR, "store.shrunken", NOTE_NO_OFFSET,
			  has < 0 ? "the store would lose the feed %.*s with %lld records"
				  : "the feed %.*s would shrink from %lld records to %lld",
			  SPAN_FORMAT(name), (long long)had, (long long)has);
	}
	TRY(query_end(&now));
	TRY(query_end(&before));
	return outcome;
}

static enum outcome compare_dates(sqlite3 *old, sqlite3 *new, struct notes *notes)
{
	struct query before = query_start(old, "SELECT name, date FROM feed WHERE date <> '' ORDER BY name");
	struct query now = query_start(new, "SELECT date FROM feed WHERE name = ?1 AND coalesce(date, '') < ?2");
	enum outcome outcome = DONE;
	while (query_next(&before)) {
		query_bind_text(&now, 1, query_text(&before, 0));
		query_bind_text(&now, 2, query_text(&before, 1));
		if (query_next(&now)) {
			outcome = MALFORMED;
			notes_add(notes, NOTE_ERROR, "store.older", NOTE_NO_OFFSET, "the feed %.*s would go back from %.*s to %.*s",
				  SPAN_FORMAT(query_text(&before, 0)), SPAN_FORMAT(query_text(&before, 1)),
				  SPAN_FORMAT(query_text(&now, 0)));
		}
		query_rewind(&now);
	}
	TRY(query_end(&now));
	TRY(query_end(&before));
	return outcome;
}

enum outcome store_compare(const struct store *old, const struct store *new, bool dates, struct notes *notes)
{
	static const char rows[] = "SELECT count(*) FROM affected";
	int64_t had = query_number(store_database(old), rows), has = query_number(store_database(new), rows);
	enum outcome outcome = compare_feeds(store_database(old), store_database(new), notes);
	enum outcome aged = dates ? compare_dates(store_database(old), store_database(new), notes) : DONE;
	if (!has_shrunk(had, has))
		return outcome == DONE ? aged : outcome;
	notes_add(notes, NOTE_ERROR, "store.shrunken", NOTE_NO_OFFSET, "the store would shrink from %lld rows to %lld",
		  (long long)had, (long long)has);
	return MALFORMED;
}

enum outcome store_compare_files(const char *old, const char *new, struct notes *notes)
{
	struct store *before = NULL, *now = NULL;
	struct span error;
	if (store_open_file(old, notes->arena, &before, &error) != DONE)
		return DONE;
	enum outcome outcome = store_open_file(new, notes->arena, &now, &error);
	if (outcome == DONE)
		outcome = store_compare(before, now, false, notes);
	store_close(now);
	store_close(before);
	return outcome;
}
