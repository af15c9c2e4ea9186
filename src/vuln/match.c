#include "vuln/match.h"

#include <inttypes.h>
#include <stdio.h>

#include "evidence/query.h"
#include "identify/snapshot.h"
#include "vuln/android_match.h"
#include "vuln/decision.h"
#include "vuln/device_match.h"
#include "vuln/fix_judge.h"
#include "vuln/identifier.h"
#include "vuln/kernel_judge.h"
#include "vuln/known_release.h"
#include "vuln/package_fix.h"
#include "vuln/part_judge.h"
#include "vuln/row.h"
#include "vuln/reviewed.h"
#include "vuln/sdk_match.h"
#include "vuln/store_row.h"
#include "vuln/subject.h"
#include "vuln/version.h"

enum { LASTING_MEMORY = 128 * 1024 * 1024, GROUP_MEMORY = 16 * 1024 * 1024 };

struct matcher {
	struct evidence *told; /* takes notes */
	sqlite3 *evidence;     /* its tables */
	uint64_t claims_left_out;
	const struct store *store;
	const struct recognisers *recognisers;
	struct query rows;
	struct row_writer writer;
	struct subject_finder finder;
	struct span own_list; /* fixed packages of the distribution that built this one, of every release */
	struct kernel_judge kernel;
	struct part_judge parts;
	struct fix_judge fixes;
	struct known_releases releases;
	struct arena lasting; /* for the whole match */
	struct arena group;   /* for one vulnerability */
};

static bool keep_claim(struct matcher *m, struct claims *claims, struct claim *claim)
{
	struct claim *grown = arena_grow(&m->group, claims->all, claims->count, &claims->capacity, sizeof *grown);
	if (!grown) {
		m->claims_left_out++;
		return false;
	}
	claims->all = grown;
	claims->all[claims->count++] = *claim;
	return true;
}

/* A release's list of fixed packages: of the release that built this one, or that of another. */
static void add_packages(struct matcher *m, const struct subject *subject, struct claims *claims, struct claim *claim,
			 struct span list, struct span product)
{
	bool about_upstream = span_equal_text(claim->release, RELEASE_UPSTREAM) ||
			      span_equal_text(claim->release, RELEASE_BEGINS);
	claim->own = !about_upstream && subject->package_version.size > 0 &&
		     package_fix_is_of(product, subject->distribution, subject->source) &&
		     (subject->release.size == 0 || span_equal(subject->release, claim->release));
	if (!claim->own)
		distribution_add(&claims->distribution, claim->release, list);
	else if (subject->release.size > 0)
		claim->result = package_fix_judge(list, subject->package_version, false);
	else
		m->own_list = arena_format(&m->group, "%.*s%s%.*s", SPAN_FORMAT(m->own_list), m->own_list.size ? " " : "",
					   SPAN_FORMAT(list));
	claim->patched = claim->own && distribution_is_patch(claim->result.fixed, subject->package_version);
	if (claim->own && claim->result.verdict != RANGE_SILENT)
		(void)keep_claim(m, claims, claim);
}

/*
 * Whether the author of a list of branches still spoke of the version's series on the day of the record. Where that day
 * is not known, it is taken to be the end of the year after the one in its name.
 */
static void find_series(struct matcher *m, const struct subject *subject, struct claim *claim)
{
	char name[IDENTIFIER_TEXT_SIZE];
	struct span published = query_text(&m->rows, 13);
	uint64_t year;
	identifier_format(query_integer(&m->rows, 0), name);
	if (published.size == 0 && span_to_number(span_slice(span_of_text(name), 4, 4), UINT16_MAX, &year))
		published = arena_format(&m->group, "%04" PRIu64 "-12-31", year + 1);
	struct span today = span_of_text(store_date(m->store)); /* nothing in the store is younger */
	published = span_compare(published, today) > 0 ? today : published;
	claim->series = subject->series.name;
	claim->ended = span_compare(published, subject->series.until) > 0;
}

/* One row of `affected`, judged and kept in the group's arena where it says anything. */
static void add_claim(struct matcher *m, const struct subject *subject, struct claims *claims)
{
	const struct query *rows = &m->rows;
	struct claim claim = { .source = (enum store_source)query_integer(rows, 1) };
	struct span list = arena_copy(&m->group, query_text(rows, 2));
	claim.platform = arena_copy(&m->group, query_text(rows, 3));
	claim.release = arena_copy(&m->group, query_text(rows, 4));
	claim.part = arena_copy(&m->group, query_text(rows, 6));
	claim.files = arena_copy(&m->group, query_text(rows, 7));
	/* The kernel's CNA lists the stable branches into which a fault was brought back, beside an entry about all the others. */
	claim.listed = query_integer(rows, 8) != 0 && subject->asked.order != ORDER_KERNEL;
	claim.usual = query_integer(rows, 10) != 0;
	claim.why = arena_copy(&m->group, query_text(rows, 11));
	if (claim.files.size > 0 && !claim_files_are_named(claims->files))
		claims->files = claim.files;
	if (claim.listed || subject->series.name.size > 0)
		find_series(m, subject, &claim);
	claims->distribution.order = subject->asked.order;
	claims->stated = query_integer(rows, 9) != 0;
	claims->disputed = query_integer(rows, 12) != 0;
	if (claim.source == SOURCE_DISTRIBUTION) {
		add_packages(m, subject, claims, &claim, list, query_text(rows, 5));
		return;
	}
	claims->asked = claims->asked || claim.source != SOURCE_FUZZING;
	claim.unplaced = snapshot_is(subject->asked.order, subject->asked.version);
	claim.list = list;
	claim_judge(&claim, &subject->asked, list);
	if (subject->asked.order == ORDER_KERNEL && !claim.unplaced)
		claim.vague = kernel_judge_is_vague(&claim, subject->asked.version);
	bool open = claim.result.verdict == RANGE_AFFECTED && claim.result.hit.start.size == 0;
	if (claim.source == SOURCE_REVIEW && open)
		claim.vague |= reviewed_is_beyond(query_text(rows, 5), subject->asked.order, subject->asked.version);
	if (claim.result.verdict != RANGE_SILENT || claim.place == PLACE_UNSPOKEN)
		(void)keep_claim(m, claims, &claim);
}

/* What the lists of packages come to, once all of them have been seen. */
static void add_distributions(struct matcher *m, const struct subject *subject, struct claims *claims)
{
	struct claim own = { .source = SOURCE_DISTRIBUTION, .own = true };
	if (m->own_list.size > 0)
		own.result = package_fix_judge(m->own_list, subject->package_version,
					       span_equal_text(subject->manager, "dpkg"));
	if (own.result.verdict != RANGE_SILENT)
		(void)keep_claim(m, claims, &own);
	m->own_list = SPAN_NONE;
	struct claim others = { .source = SOURCE_DISTRIBUTION };
	if (!snapshot_is(subject->asked.order, subject->asked.version))
		others.result = distribution_judge(&claims->distribution, subject->asked.branch, subject->asked.version);
	const struct range *hit = &others.result.hit;
	others.vague = others.result.verdict == RANGE_AFFECTED && hit->start.size == 0;
	if (others.result.verdict == RANGE_UNAFFECTED) {
		others.place = hit->start.size > 0 ? PLACE_BEFORE : PLACE_AFTER;
		others.begins = hit->start;
	}
	if (others.result.verdict != RANGE_SILENT)
		(void)keep_claim(m, claims, &others);
}

/* "1.19.4-6": true where a packager came back to a version, as he does for a patch. */
static bool is_revised(struct span package_version)
{
	size_t dash = SPAN_NOT_FOUND;
	for (size_t i = 0; i < package_version.size; i++)
		if (span_byte(package_version, i) == '-')
			dash = i;
	struct span revision = dash == SPAN_NOT_FOUND ? SPAN_NONE : span_from(package_version, dash + 1);
	if (span_starts_text(revision, "r"))
		revision = span_from(revision, 1);
	uint64_t number;
	return span_to_number(revision, UINT32_MAX, &number) && number > 1;
}

/* A packager's fixes do not change the version: what they leave open is said, or asked of the distribution's own data. */
static void weigh_package(const struct subject *subject, struct decision *decision, struct arena *arena)
{
	struct span package = subject->package_version;
	bool first = span_equal_text(subject->manager, "opkg") && !is_revised(package);
	if (!decision_is(decision, "affected") || decision->own || decision->unmended || package.size == 0 || first)
		return;
	decision_review(decision, arena_format(arena, "%.*s; its distribution mends older versions too, and nothing says"
						      " whether package %.*s is mended",
					       SPAN_FORMAT(decision->reason), SPAN_FORMAT(package)),
			arena_format(arena, "does package %.*s carry the fix?", SPAN_FORMAT(package)));
}

/* Whether a disputed record describes a fault at all is not for us to say. */
static void weigh_dispute(const struct claims *claims, struct decision *decision, struct arena *arena)
{
	if (claims->disputed && decision_is(decision, "affected"))
		decision_review(decision, arena_format(arena, "%.*s; its record says that it is disputed",
						       SPAN_FORMAT(decision->reason)),
				SPAN_LITERAL("is it a vulnerability, or do its maker and others rightly dispute that?"));
}

/* Whether the part that has the fault is in the image. */
static void judge_part(struct matcher *m, const struct subject *subject, int64_t vulnerability, struct decision *decision)
{
	struct part_question question = { .component = subject->id, .name = subject->name, .vulnerability = vulnerability };
	part_judge_decision(&m->parts, &question, decision, &m->group);
}

/* What the programs show of the fix, whatever the version says. */
static void judge_fix(struct matcher *m, const struct subject *subject, int64_t vulnerability, struct decision *decision)
{
	char name[IDENTIFIER_TEXT_SIZE];
	identifier_format(vulnerability, name);
	struct fix_question question = { .component = subject->id, .name = subject->name, .asked = &subject->asked,
					 .vulnerability = span_of_text(name) };
	fix_judge_decision(&m->fixes, &question, decision, &m->group);
}

/* A range that ends with its last faulty version is mended by what comes after. */
static void find_release(struct matcher *m, const struct subject *subject, struct decision *decision)
{
	bool asked = decision_is(decision, "affected") || decision_is(decision, "under review");
	if (!asked || decision->fixed.size > 0 || decision->last.size == 0 || span_ends_text(decision->last, ".*"))
		return;
	decision->fixed = known_releases_after(&m->releases, subject->id, subject->products, &subject->asked, decision->last,
					       decision->list);
}

/* What all sources together say about one vulnerability becomes at most one row. */
static enum outcome settle(struct matcher *m, const struct subject *subject, int64_t vulnerability,
			   struct claims *claims)
{
	bool kernel = subject->asked.order == ORDER_KERNEL;
	add_distributions(m, subject, claims);
	claims->beginning = beginning_find(subject->name, vulnerability);
	if (kernel)
		kernel_judge_claims(&m->kernel, vulnerability, claims);
	struct decision decision = decide(claims, &subject->asked, &m->group);
	if (kernel)
		kernel_judge_decision(&m->kernel, vulnerability, subject->asked.version, &decision, &m->group);
	else
		judge_part(m, subject, vulnerability, &decision);
	if (!kernel)
		judge_fix(m, subject, vulnerability, &decision);
	weigh_package(subject, &decision, &m->group);
	weigh_dispute(claims, &decision, &m->group);
	find_release(m, subject, &decision);
	enum outcome outcome = decision.status ? row_write(&m->writer, subject->id, vulnerability, &decision) : DONE;
	arena_reset(&m->group);
	*claims = (struct claims){ 0 };
	return outcome;
}

static enum outcome turn_to_kernel(struct matcher *m, const struct subject *subject)
{
	kernel_judge_turn_to(&m->kernel, subject->id, subject->asked.version);
	struct span why = m->kernel.build.contradicted;
	return why.size == 0 ? DONE : evidence_insert_note(m->told, &(struct note){
		.severity = NOTE_WARNING, .code = SPAN_LITERAL("kernel.config-contradicted"), .message = why,
		.offset = NOTE_NO_OFFSET,
	});
}

static enum outcome match_subject(struct matcher *m, const struct subject *subject)
{
	struct claims claims = { 0 };
	struct query *rows = &m->rows;
	enum outcome outcome = DONE;
	int64_t vulnerability = 0;
	if (subject->asked.order == ORDER_KERNEL)
		TRY(turn_to_kernel(m, subject));
	query_bind_text(rows, 1, subject->products);
	while (outcome == DONE && query_next(rows)) {
		int64_t next = query_integer(rows, 0);
		if (next != vulnerability && vulnerability != 0)
			outcome = settle(m, subject, vulnerability, &claims);
		vulnerability = next;
		add_claim(m, subject, &claims);
	}
	if (outcome == DONE && rows->result != SQLITE_DONE)
		outcome = MALFORMED;
	query_rewind(rows);
	return outcome == DONE && vulnerability != 0 ? settle(m, subject, vulnerability, &claims) : outcome;
}

static enum outcome match_all(struct matcher *m)
{
	struct query query = subject_rows(m->evidence);
	enum outcome outcome = DONE;
	while (outcome == DONE && query_next(&query)) {
		struct subject subject;
		outcome = subject_read(&query, m->recognisers, &m->finder, &subject);
		if (outcome == DONE && subject.product_count > 0 && version_plausible(subject.asked.version))
			outcome = match_subject(m, &subject);
	}
	enum outcome ended = query_end(&query);
	return outcome == DONE ? ended : outcome;
}

static void prepare(struct matcher *m)
{
	sqlite3 *store = store_database(m->store);
	m->rows = query_start(store,
		"SELECT vulnerability, source, ranges, platform, release, p.name, part, files, listed, v.stated,"
		" usual, why, v.disputed, v.published"
		" FROM affected JOIN product p ON p.id = product JOIN vulnerability v ON v.id = vulnerability"
		" WHERE product IN (SELECT value FROM json_each(?1))"
		" ORDER BY vulnerability, source, p.name, (SELECT f.name FROM feed f WHERE f.id = affected.feed), release, entry");
	row_writer_init(&m->writer, m->evidence, store);
}

static enum outcome finish(struct matcher *m, enum outcome outcome)
{
	enum outcome queried = query_end(&m->rows), wrote = row_writer_end(&m->writer), judged = part_judge_end(&m->parts),
		     mended = fix_judge_end(&m->fixes);
	if (outcome == DONE)
		outcome = queried != DONE ? queried : wrote != DONE ? wrote : judged != DONE ? judged : mended;
	enum outcome ended = subject_finder_end(&m->finder);
	known_releases_done(&m->releases);
	arena_done(&m->lasting);
	arena_done(&m->group);
	return outcome == DONE ? ended : outcome;
}

static enum outcome tell_left_out(struct evidence *evidence, enum note_cause cause, uint64_t amount, const char *code,
				  const char *words)
{
	const struct note note = {
		.severity = NOTE_WARNING, .missing = MISSING_SIGHT, .cause = cause, .amount = amount,
		.code = span_of_text(code), .message = span_of_text(words), .offset = NOTE_NO_OFFSET,
	};
	return amount > 0 ? evidence_insert_note(evidence, &note) : DONE;
}

enum outcome match_components(struct evidence *evidence, struct store *store, const struct recognisers *recognisers)
{
	if (!store)
		return DONE;
	struct matcher m = { .told = evidence, .evidence = evidence_database(evidence), .store = store,
			     .recognisers = recognisers };
	arena_init(&m.lasting, LASTING_MEMORY);
	arena_init(&m.group, GROUP_MEMORY);
	prepare(&m);
	subject_finder_init(&m.finder, m.evidence, store_database(store), &m.lasting);
	kernel_judge_init(&m.kernel, m.evidence, &m.lasting);
	part_judge_init(&m.parts, m.evidence, recognisers->parts);
	fix_judge_init(&m.fixes, m.evidence);
	known_releases_init(&m.releases, store_database(store));
	TRY(evidence_begin(evidence));
	enum outcome outcome = store_row_write(evidence, store);
	if (outcome == DONE)
		outcome = match_all(&m);
	if (outcome == DONE)
		outcome = device_match(m.evidence, store_database(store));
	if (outcome == DONE)
		outcome = android_match(evidence, store);
	if (outcome == DONE)
		outcome = sdk_match(m.evidence, store_database(store));
	uint64_t left_out = m.finder.left_out;
	outcome = finish(&m, outcome);
	if (outcome == DONE)
		outcome = tell_left_out(evidence, CAUSE_LIMIT, left_out, "match.products",
					"a component answers to more products of the store than are matched");
	if (outcome == DONE)
		outcome = tell_left_out(evidence, CAUSE_MEMORY, m.claims_left_out, "match.claims",
					"the store says more of a vulnerability than there is memory for");
	enum outcome committed = evidence_commit(evidence);
	return outcome == DONE ? committed : outcome;
}
