#include "register/change.h"

#include "base/clock.h"
#include "register/content.h"
#include "register/matches.h"

enum { MATCHES_CEILING = 1 << 28 };

static int64_t versions_of(struct changing *changing, int64_t component)
{
	if (changing->counted == component)
		return changing->versions;
	struct rows rows = rows_start(changing->event->registry->database,
		"SELECT count(DISTINCT artifact.version) FROM set_component"
		" JOIN result ON result.component_set = set_component.component_set AND result.current = 1"
		" JOIN artifact ON artifact.sha256 = result.artifact WHERE set_component.component = ?1");
	rows_bind(&rows, 1, value_integer(component));
	changing->versions = rows_next(&rows) ? rows_integer(&rows, 0) : 0;
	changing->counted = rows_end(&rows) == DONE ? component : 0;
	return changing->versions;
}

struct news {
	const char *change;
	int64_t vulnerability, component;
	struct value was, status;
};

static enum outcome tell(struct changing *changing, const struct news *news, int64_t *count)
{
	struct event *event = changing->event;
	event_insert(event, "store_change", (const struct field[]){
		{ "id", value_integer(registry_next(event->registry, "store_change")) }, { "store", value_integer(changing->store) },
		{ "change", value_word(news->change) }, { "vulnerability", value_integer(news->vulnerability) },
		{ "component", value_integer(news->component) }, { "was", news->was }, { "status", news->status },
		{ "versions", value_integer(versions_of(changing, news->component)) } }, 8);
	++*count;
	return event->outcome;
}

/* Something is to be done, or found out: what is not so, or mended, is no news. */
static bool is_open(struct value status)
{
	return span_equal_text(status.text, "affected") || span_equal_text(status.text, "under review");
}

static bool same(struct value a, struct value b)
{
	return a.type == b.type && span_equal(a.text, b.text);
}

static enum outcome add(struct changing *changing, int64_t component, const struct match_row *now)
{
	int64_t vulnerability;
	TRY(matches_insert(changing->event, component, now, &vulnerability));
	const struct news news = { "appeared", vulnerability, component, VALUE_NONE, now->status };
	return is_open(now->status) ? tell(changing, &news, &changing->counts->appeared) : DONE;
}

static enum outcome take_away(struct changing *changing, int64_t component, const struct match_row *was)
{
	int64_t vulnerability;
	TRY(matches_remove(changing->event, component, was, &vulnerability));
	const struct news news = { "gone", vulnerability, component, was->status, VALUE_NONE };
	return is_open(was->status) ? tell(changing, &news, &changing->counts->gone) : DONE;
}

static enum outcome replace(struct changing *changing, int64_t component, const struct match_row *was,
			    const struct match_row *now)
{
	int64_t vulnerability;
	TRY(matches_update(changing->event, component, now, &vulnerability));
	const struct news news = { "changed", vulnerability, component, was->status, now->status };
	return same(was->status, now->status) ? DONE : tell(changing, &news, &changing->counts->changed);
}

/* Both are sorted by name. *differ is set where one row is not as it was. */
static enum outcome compare(struct changing *changing, int64_t component, const struct matches *before,
			    const struct matches *now, bool *differ)
{
	for (size_t i = 0, j = 0; i < before->count || j < now->count;) {
		const struct match_row *a = i < before->count ? &before->all[i] : NULL, *b = j < now->count ? &now->all[j] : NULL;
		int order = !a ? 1 : !b ? -1 : span_compare(a->facts.name.text, b->facts.name.text);
		i += order <= 0;
		j += order >= 0;
		if (order == 0 && same(a->status, b->status) && same(a->justification, b->justification) &&
		    same(a->reason, b->reason) && same(a->fixed_in, b->fixed_in))
			continue;
		*differ = true;
		TRY(order > 0 ? add(changing, component, b) : order < 0 ? take_away(changing, component, a)
									 : replace(changing, component, a, b));
	}
	return DONE;
}

/* When it was matched, and that the row of the newest store holds for it. */
static enum outcome write_match(struct changing *changing, int64_t component)
{
	char at[21], digest[CONTENT_DIGEST_ROOM];
	TRY(content_of_component(changing->event->registry, component, digest));
	clock_format_utc(clock_report_time(), at);
	event_update(changing->event, "component_match", (const struct field[]){
		{ "component", value_integer(component) }, { "at", value_word(at) }, { "store", changing->store_name },
		{ "store_date", changing->store_date }, { "matches", value_word(digest) }, { "followed", value_integer(1) } }, 6);
	return changing->event->outcome;
}

static bool was_followed(struct changing *changing, int64_t component)
{
	static const char sql[] = "SELECT followed FROM component_match WHERE component = ?1";
	const struct value asked = value_integer(component);
	return registry_number(changing->event->registry, sql, &asked, 1) != 0;
}

enum outcome change_component(struct changing *changing, struct assay *assay, int64_t of, int64_t component)
{
	struct arena arena;
	struct matches before, now;
	bool differ = false;
	arena_init(&arena, MATCHES_CEILING);
	enum outcome outcome = matches_of_register(changing->event->registry, component, &arena, &before);
	if (outcome == DONE)
		outcome = matches_of_result(assay, of, &arena, &now);
	if (outcome == DONE)
		outcome = compare(changing, component, &before, &now, &differ);
	arena_done(&arena);
	changing->counts->components++;
	if (outcome != DONE || (!differ && was_followed(changing, component)))
		return outcome;
	return write_match(changing, component);
}

enum outcome change_exploited(struct changing *changing, int64_t vulnerability)
{
	enum { AT_ONCE = 1 << 16 };
	static const char sql[] =
		"SELECT component, status FROM match WHERE vulnerability = ?1 AND status IN ('affected', 'under review')"
		" AND NOT EXISTS (SELECT 1 FROM store_change WHERE store = ?2 AND store_change.vulnerability = match.vulnerability"
		" AND store_change.component = match.component) ORDER BY component LIMIT 1";
	for (int i = 0; i < AT_ONCE; i++) {
		struct rows rows = rows_start(changing->event->registry->database, sql);
		rows_bind(&rows, 1, value_integer(vulnerability));
		rows_bind(&rows, 2, value_integer(changing->store));
		struct news news = { "became exploited", vulnerability, 0, VALUE_NONE, VALUE_NONE };
		if (rows_next(&rows)) {
			news.component = rows_integer(&rows, 0);
			news.status = value_word(span_equal_text(rows_text(&rows, 1), "affected") ? "affected" : "under review");
			news.was = news.status;
		}
		TRY(rows_end(&rows));
		if (news.component == 0)
			return DONE;
		TRY(tell(changing, &news, &changing->counts->exploited));
	}
	return OVER_BUDGET;
}
