#include "vuln/android_match.h"

#include "inspect/lines.h"
#include "vuln/android_bulletin.h"
#include "vuln/component_row.h"
#include "vuln/identifier.h"
#include "vuln/row.h"
#include "vuln/version.h"

enum { MEMORY_MAX = 32 * 1024 * 1024 };

#define ANDROID "(SELECT id FROM component WHERE name = 'android' ORDER BY confidence DESC, id LIMIT 1)"
#define PROPERTY "FROM setting t JOIN file f ON f.id = t.file WHERE t.subject = 'android property' AND t.name = "
#define LEVEL(property) "SELECT t.value " PROPERTY property " AND t.value GLOB '2[0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]'" \
			" ORDER BY t.value LIMIT 1"
/* Pixel's only where ?1 says so. */
#define BULLETINS "(p.name GLOB 'android/*' OR (?1 AND p.name GLOB 'pixel/*'))"

/* What the image says of itself; the levels are empty where it says none. */
struct android {
	struct span release, level, vendor_level, chip, path;
	bool google; /* a device of Google's own: Pixel's bulletins are about it */
	int64_t component;
};

struct android_matcher {
	sqlite3 *evidence, *store;
	struct arena *arena;
	struct row_writer writer;
	struct android android;
};

/* A row of the store that the level comes before. */
struct bulletin {
	int64_t id;
	struct span owner, level, section, versions;
};

static struct span ask(struct android_matcher *m, const char *sql)
{
	struct query query = query_start(m->evidence, sql);
	struct span text = query_next(&query) ? arena_copy(m->arena, query_text(&query, 0)) : SPAN_NONE;
	return query_end(&query) == DONE ? text : SPAN_NONE;
}

static void read_chip(struct android_matcher *m)
{
	struct query query = query_start(m->evidence,
		"SELECT value FROM setting WHERE subject = 'android property' AND name IN ('ro.soc.manufacturer',"
		" 'ro.board.platform', 'ro.hardware', 'ro.boot.hardware', 'ro.mediatek.platform', 'ro.product.board')"
		" UNION ALL SELECT substr(compatible, instr(compatible, ' ') + 1) FROM device_tree WHERE compatible IS NOT NULL"
		" UNION ALL SELECT compatible FROM device_tree WHERE compatible IS NOT NULL");
	while (m->android.chip.size == 0 && query_next(&query))
		m->android.chip = android_chip_maker(query_text(&query, 0));
	if (query_end(&query) != DONE)
		m->android.chip = SPAN_NONE;
}

/* False where it is no Android. Of several systems the one that is furthest behind counts. */
static bool read_android(struct android_matcher *m)
{
	struct android *android = &m->android;
	bool is = query_number(m->evidence, "SELECT EXISTS (SELECT 1 FROM component WHERE name = 'android')"
		" OR EXISTS (SELECT 1 FROM artifact WHERE kind = 'android device')"
		" OR EXISTS (SELECT 1 FROM setting WHERE subject = 'android property' AND name = 'ro.build.version.security_patch')");
	if (!is)
		return false;
	android->release = ask(m, "SELECT t.value " PROPERTY "'ro.build.version.release' ORDER BY t.value LIMIT 1");
	android->level = ask(m, LEVEL("'ro.build.version.security_patch'"));
	android->vendor_level = ask(m, LEVEL("'ro.vendor.build.security_patch'"));
	android->path = ask(m, "SELECT f.path " PROPERTY "'ro.build.version.security_patch' ORDER BY t.value LIMIT 1");
	android->component = query_number(m->evidence, "SELECT coalesce(" ANDROID ", 0)");
	android->google = query_number(m->evidence, "SELECT EXISTS (SELECT 1 FROM identity WHERE subject = 'vendor'"
						    " AND lower(value) = 'google')");
	read_chip(m);
	return true;
}

static enum outcome need_component(struct android_matcher *m)
{
	struct android *android = &m->android;
	const struct component_row row = { .name = SPAN_LITERAL("android"), .version = android->release, .path = android->path,
					   .type = "operating-system", .confidence = 90 };
	return android->component != 0 ? DONE : component_row_add(m->evidence, &row, &android->component);
}

/* "5.1 and below", "6.0, 6.0.1", "5.0 and above": whether the list holds the release, or says nothing. */
static bool names_release(struct span versions, struct span release)
{
	struct span word;
	bool below = span_find_text(versions, "below", 0) != SPAN_NOT_FOUND;
	bool above = span_find_text(versions, "above", 0) != SPAN_NOT_FOUND;
	if (versions.size == 0 || release.size == 0)
		return false;
	if (below || above) { /* the first word is the end of them */
		int difference = span_next_word(&versions, &word) ? version_compare(ORDER_GENERIC, release, word) : 1;
		return below ? difference <= 0 : difference >= 0;
	}
	while (span_next_word(&versions, &word)) {
		while (span_ends_text(word, ","))
			word = span_slice(word, 0, word.size - 1);
		if (version_plausible(word) && version_compare(ORDER_GENERIC, release, word) == 0)
			return true;
	}
	return false;
}

/* Chips of these makers are the device's processor: it has one. Their radios may stand beside another's. */
static bool is_of_another_chip(const struct android_matcher *m, const struct bulletin *bulletin)
{
	static const char *const makers[] = { "qualcomm", "mediatek", "nvidia", NULL };
	bool processor = is_one_of(bulletin->owner, makers);
	bool radio = span_find_text(bulletin->section, "Wi-Fi", 0) != SPAN_NOT_FOUND;
	return processor && !radio && m->android.chip.size > 0 && !span_equal(m->android.chip, bulletin->owner);
}

static void decide_platform(struct android_matcher *m, const struct bulletin *bulletin, struct decision *decision)
{
	struct span release = m->android.release, versions = bulletin->versions;
	if (names_release(versions, release))
		return;
	const char *says = versions.size > 0 ? "names Android " : "names no versions";
	decision_review(decision, arena_format(m->arena, "%.*s; the bulletin %s%.*s", SPAN_FORMAT(decision->reason), says,
					       SPAN_FORMAT(versions)),
			arena_format(m->arena, "does Android %.*s have the fault?", SPAN_FORMAT(release)));
}

static void decide_owner(struct android_matcher *m, const struct bulletin *bulletin, struct decision *decision)
{
	struct span owner = bulletin->owner, reason = decision->reason;
	if (span_equal_text(owner, ANDROID_PLATFORM)) {
		decide_platform(m, bulletin, decision);
		return;
	}
	if (span_equal_text(owner, ANDROID_KERNEL)) {
		decision_review(decision, reason, SPAN_LITERAL("does the kernel, with its maker's drivers, have the fault?"));
		return;
	}
	if (is_of_another_chip(m, bulletin)) {
		decision_spare(decision, "component_not_present",
			       arena_format(m->arena, "it concerns chips of %.*s, and the image is for one of %.*s",
					    SPAN_FORMAT(owner), SPAN_FORMAT(m->android.chip)));
		decision->fixed = SPAN_NONE;
		decision_premise(decision, "device", decision->reason);
		return;
	}
	bool same = span_equal(owner, m->android.chip);
	decision_review(decision, arena_format(m->arena, "%.*s; it concerns %.*s", SPAN_FORMAT(reason), SPAN_FORMAT(owner)),
			arena_format(m->arena, same ? "does this chip of %.*s have the fault?" : "does the device have parts of %.*s?",
				     SPAN_FORMAT(owner)));
}

/* Sets the decision in place of what stands there of the vulnerability. */
static enum outcome replace(struct android_matcher *m, int64_t vulnerability, const struct decision *decision)
{
	TRY(row_remove(m->evidence, m->android.component, vulnerability));
	return row_write(&m->writer, m->android.component, vulnerability, decision);
}

static enum outcome settle_bulletin(struct android_matcher *m, const struct bulletin *bulletin, struct span level)
{
	bool mended = span_compare(level, bulletin->level) >= 0;
	struct decision decision = { .status = mended ? "fixed" : "affected", .source = SOURCE_VENDOR,
				     .fixed = bulletin->level, .part = bulletin->section };
	decision.reason = arena_format(m->arena, "the patch level %.*s %s %.*s, which mends it", SPAN_FORMAT(level),
				       mended ? "includes" : "comes before", SPAN_FORMAT(bulletin->level));
	decision_premise(&decision, "patch level", decision.reason);
	if (!mended)
		decide_owner(m, bulletin, &decision);
	return replace(m, bulletin->id, &decision);
}

/* True where a row by version alone stands there already: only then is it told that the level mends it. */
static bool is_matched(struct android_matcher *m, int64_t vulnerability)
{
	char name[IDENTIFIER_TEXT_SIZE];
	identifier_format(vulnerability, name);
	struct query query = query_start(m->evidence, "SELECT 1 FROM vulnerability WHERE component = ?1 AND id = ?2");
	query_bind_integer(&query, 1, m->android.component);
	query_bind_text(&query, 2, span_of_text(name));
	bool found = query_next(&query);
	return query_end(&query) == DONE && found;
}

/* Drivers and the kernel follow the vendor's level where there is one. */
static struct span level_for(const struct android *android, const struct bulletin *bulletin)
{
	bool own = span_equal_text(bulletin->owner, ANDROID_PLATFORM) || android->vendor_level.size == 0;
	return own ? android->level : android->vendor_level;
}

/* Of what a fault concerns, the least decides: the platform that every device has, before the chips of another maker. */
static int rank_of(const struct android_matcher *m, const struct bulletin *bulletin)
{
	if (span_compare(level_for(&m->android, bulletin), bulletin->level) >= 0)
		return 4; /* mended */
	if (span_equal_text(bulletin->owner, ANDROID_PLATFORM))
		return 0;
	return span_equal_text(bulletin->owner, ANDROID_KERNEL) ? 1 : is_of_another_chip(m, bulletin) ? 3 : 2;
}

static enum outcome settle_best(struct android_matcher *m, const struct bulletin *best)
{
	if (best->id == 0 || (rank_of(m, best) == 4 && !is_matched(m, best->id)))
		return DONE;
	return settle_bulletin(m, best, level_for(&m->android, best));
}

/* The latest bulletin about the same code mends all of a fault. */
static enum outcome match_bulletins(struct android_matcher *m)
{
	struct query query = query_start(m->store,
		"SELECT vulnerability, substr(p.name, instr(p.name, '/') + 1) AS owner, max(substr(ranges, 4, 10)), part, platform"
		" FROM affected JOIN product p ON p.id = product WHERE " BULLETINS
		" AND source = ?2 GROUP BY vulnerability, owner ORDER BY vulnerability, owner");
	query_bind_integer(&query, 1, m->android.google);
	query_bind_integer(&query, 2, SOURCE_VENDOR);
	enum outcome outcome = DONE;
	struct bulletin best = { 0 };
	while (outcome == DONE && query_next(&query)) {
		struct bulletin bulletin = { .id = query_integer(&query, 0) };
		struct span *fields[] = { &bulletin.owner, &bulletin.level, &bulletin.section, &bulletin.versions };
		for (int i = 0; i < 4; i++)
			*fields[i] = arena_copy(m->arena, query_text(&query, i + 1));
		bool same = bulletin.id == best.id;
		if (!same)
			outcome = settle_best(m, &best);
		if (!same || rank_of(m, &bulletin) < rank_of(m, &best))
			best = bulletin;
	}
	if (outcome == DONE)
		outcome = settle_best(m, &best);
	enum outcome ended = query_end(&query);
	return outcome == DONE ? ended : outcome;
}

/* Exploited faults of the level's year and later that no bulletin of the store has. */
static enum outcome match_listed(struct android_matcher *m)
{
	struct query query = query_start(m->store,
		"SELECT a.vulnerability, substr(p.name, instr(p.name, '/') + 1) FROM affected a JOIN product p ON p.id = a.product"
		" WHERE " BULLETINS " AND a.source = ?2"
		" AND a.vulnerability / 1000000000 >= CAST(substr(?4, 1, 4) AS INTEGER)"
		" AND NOT EXISTS (SELECT 1 FROM affected b JOIN product q ON q.id = b.product WHERE b.vulnerability = a.vulnerability"
		"  AND b.source = ?3 AND (q.name GLOB 'android/*' OR q.name GLOB 'pixel/*'))"
		" ORDER BY a.vulnerability");
	query_bind_integer(&query, 1, m->android.google);
	query_bind_integer(&query, 2, SOURCE_LISTED);
	query_bind_integer(&query, 3, SOURCE_VENDOR);
	query_bind_text(&query, 4, m->android.level);
	enum outcome outcome = DONE;
	while (outcome == DONE && query_next(&query)) {
		const struct bulletin listed = { .id = query_integer(&query, 0), .owner = query_text(&query, 1) };
		struct decision decision = { .source = SOURCE_LISTED };
		if (is_of_another_chip(m, &listed))
			continue;
		decision_review(&decision, SPAN_LITERAL("this product is on the list of exploited ones"),
				arena_format(m->arena, "does the patch level %.*s mend it?", SPAN_FORMAT(m->android.level)));
		decision_premise(&decision, "patch level", m->android.level);
		outcome = replace(m, listed.id, &decision);
	}
	enum outcome ended = query_end(&query);
	return outcome == DONE ? ended : outcome;
}

/* A fault that was matched by Android's version alone: which patch level mends it is not known. */
static enum outcome doubt_versions(struct android_matcher *m)
{
	struct query query = query_start(m->evidence,
		"UPDATE vulnerability SET status = 'under review', justification = NULL, reason = reason || ?2, question = ?3"
		" WHERE component = ?1 AND status = 'affected' AND NOT EXISTS (SELECT 1 FROM premise p"
		"  WHERE p.vulnerability = vulnerability.id AND p.component = ?1 AND p.kind = 'patch level')");
	query_bind_integer(&query, 1, m->android.component);
	query_bind_text(&query, 2, SPAN_LITERAL("; Android mends by patch levels, without a new version, and no bulletin of the"
						" store names it"));
	query_bind_text(&query, 3, SPAN_LITERAL("which patch level mends it?"));
	(void)query_next(&query);
	return query_end(&query);
}

static enum outcome tell(struct evidence *evidence, const char *code, struct span words)
{
	return evidence_insert_note(evidence, &(struct note){
		.severity = NOTE_WARNING, .code = span_of_text(code), .message = words, .offset = NOTE_NO_OFFSET,
	});
}

/* Months after the level, up to the store's newest data, for which it has no bulletin: one note for all of them. */
static enum outcome tell_months(struct android_matcher *m, struct evidence *evidence, struct span date)
{
	struct query query = query_start(m->store,
		"WITH RECURSIVE month(day) AS (SELECT date(substr(?1, 1, 7) || '-01', '+1 month') UNION ALL"
		" SELECT date(day, '+1 month') FROM month WHERE date(day, '+1 month') <= ?2 LIMIT 600),"
		" known AS (SELECT DISTINCT substr(ranges, 4, 7) AS month FROM affected JOIN product p ON p.id = product"
		"  WHERE p.name GLOB 'android/*' AND source = ?3)"
		" SELECT count(*), substr(min(day), 1, 7), substr(max(day), 1, 7) FROM month"
		" WHERE day <= ?2 AND substr(day, 1, 7) NOT IN (SELECT month FROM known)");
	query_bind_text(&query, 1, m->android.level);
	query_bind_text(&query, 2, date);
	query_bind_integer(&query, 3, SOURCE_VENDOR);
	struct span words = SPAN_NONE;
	if (query_next(&query) && query_integer(&query, 0) > 0)
		words = arena_format(m->arena, "the store has no security bulletins of Android for %lld months after the patch level"
					       " %.*s (%.*s to %.*s): what they mend is under review",
				     (long long)query_integer(&query, 0), SPAN_FORMAT(m->android.level),
				     SPAN_FORMAT(query_text(&query, 1)), SPAN_FORMAT(query_text(&query, 2)));
	TRY(query_end(&query));
	return words.size > 0 ? tell(evidence, "match.android-months", words) : DONE;
}

static enum outcome match_android(struct android_matcher *m, struct evidence *evidence, const struct store *store)
{
	if (!read_android(m))
		return DONE;
	TRY(need_component(m));
	if (m->android.level.size == 0) {
		TRY(doubt_versions(m));
		return tell(evidence, "match.android-level",
			    SPAN_LITERAL("the image shows no security patch level of Android: which of the bulletins it lacks is"
					 " under review"));
	}
	row_writer_init(&m->writer, m->evidence, m->store);
	enum outcome outcome = match_bulletins(m);
	if (outcome == DONE)
		outcome = match_listed(m);
	enum outcome ended = row_writer_end(&m->writer);
	TRY(outcome == DONE ? ended : outcome);
	TRY(doubt_versions(m));
	return tell_months(m, evidence, span_of_text(store_date(store)));
}

enum outcome android_match(struct evidence *evidence, const struct store *store)
{
	struct arena arena;
	struct android_matcher m = { .evidence = evidence_database(evidence), .store = store_database(store), .arena = &arena };
	arena_init(&arena, MEMORY_MAX);
	enum outcome outcome = match_android(&m, evidence, store);
	arena_done(&arena);
	return outcome;
}
