#include "vuln/match.h"

#include <stdio.h>

#include "evidence/query.h"
#include "identify/snapshot.h"
#include "vuln/claim.h"
#include "vuln/cpe.h"
#include "vuln/identifier.h"
#include "vuln/kernel_judge.h"
#include "vuln/package_fix.h"
#include "vuln/version.h"

enum { PRODUCTS_MAX = 64, LASTING_MEMORY = 4 * 1024 * 1024, GROUP_MEMORY = 16 * 1024 * 1024, NAME_SIZE_MAX = 1024 };

struct matcher {
	sqlite3 *evidence;
	uint64_t products_left_out, claims_left_out;
	const struct store *store;
	const struct recognisers *recognisers;
	struct query find_product, rows_of_one, rows_of_many, facts, insert;
	struct kernel_judge kernel;
	struct arena lasting; /* for the whole match */
	struct arena group;   /* for one vulnerability */
};

/* A component with the products of the store that it is. */
struct subject {
	int64_t id;
	struct span name, version, package_version, distribution, manager;
	const struct recogniser *recogniser;
	enum version_order order;
	int64_t products[PRODUCTS_MAX];
	size_t product_count;
};

static void add_product(struct matcher *m, struct subject *subject, struct span name)
{
	query_bind_text(&m->find_product, 1, name);
	int64_t id = query_next(&m->find_product) ? query_integer(&m->find_product, 0) : 0;
	query_rewind(&m->find_product);
	for (size_t i = 0; i < subject->product_count; i++)
		if (subject->products[i] == id)
			return;
	if (id != 0 && subject->product_count < PRODUCTS_MAX)
		subject->products[subject->product_count++] = id;
	else
		m->products_left_out += id != 0;
}

static void add_cpe(struct matcher *m, struct subject *subject, struct span name)
{
	struct cpe cpe;
	struct buffer product;
	if (!cpe_parse(name, &cpe))
		return;
	buffer_init(&product, NAME_SIZE_MAX, NULL);
	if (cpe_product(&product, &cpe) == DONE)
		add_product(m, subject, buffer_span(&product));
	buffer_done(&product);
}

static void add_package(struct matcher *m, struct subject *subject, struct span package)
{
	static const char *const prefixes[] = { "alpine/", "debian/" };
	for (size_t i = 0; i < sizeof prefixes / sizeof *prefixes; i++)
		add_product(m, subject, arena_format(&m->lasting, "%s%.*s", prefixes[i], SPAN_FORMAT(package)));
}

static void find_products(struct matcher *m, struct subject *subject, struct span cpe)
{
	const struct recogniser *recogniser = subject->recogniser;
	add_cpe(m, subject, cpe);
	if (subject->order != ORDER_KERNEL) /* its stable branches make one fixed version say nothing of another */
		add_package(m, subject, subject->name);
	for (size_t i = 0; recogniser && i < recogniser->cpe_count; i++)
		add_product(m, subject, span_from(recogniser->cpes[i], 2)); /* behind "a:" */
	if (recogniser)
		add_product(m, subject, arena_format(&m->lasting, "oss-fuzz/%.*s", SPAN_FORMAT(subject->name)));
	for (size_t i = 0; recogniser && subject->order != ORDER_KERNEL && i < recogniser->package_count; i++)
		if (!span_ends_text(recogniser->packages[i], "*"))
			add_package(m, subject, recogniser->packages[i]);
}

/* One row of `affected`, judged and kept in the group's arena where it says anything. */
static void add_claim(struct matcher *m, const struct subject *subject, struct claims *claims)
{
	const struct query *rows = subject->product_count == 1 ? &m->rows_of_one : &m->rows_of_many;
	struct claim claim = { .source = (enum store_source)query_integer(rows, 1) };
	struct span list = query_text(rows, 2);
	claim.unplaced = snapshot_is(subject->order, subject->version);
	claim.own = claim.source == SOURCE_DISTRIBUTION && subject->package_version.size > 0 &&
		    package_fix_is_of(query_text(rows, 5), subject->distribution);
	if (claim.own)
		claim.result = package_fix_judge(list, subject->package_version,
						 span_equal_text(subject->manager, "dpkg"));
	else if (claim.source == SOURCE_DISTRIBUTION)
		claim.result = package_fix_judge_upstream(list, subject->order, subject->version);
	else if (claim.unplaced)
		claim.result = range_judge_unplaced(list);
	else
		claim.result = range_judge(subject->order, list, subject->version);
	if (claim.result.verdict == RANGE_SILENT)
		return;
	struct claim *grown = arena_grow(&m->group, claims->all, claims->count, &claims->capacity, sizeof *grown);
	if (!grown) {
		m->claims_left_out++;
		return;
	}
	claims->all = grown;
	struct range_result *result = &claim.result;
	claim.vague = claim.unplaced ? false
		      : subject->order == ORDER_KERNEL ? kernel_judge_is_vague(&claim, subject->version)
						     : claim_is_vague(&claim, subject->version);
	result->hit.start = arena_copy(&m->group, result->hit.start);
	result->hit.end = arena_copy(&m->group, result->hit.end);
	result->fixed = arena_copy(&m->group, result->fixed);
	claim.platform = arena_copy(&m->group, query_text(rows, 3));
	claim.release = arena_copy(&m->group, query_text(rows, 4));
	claim.part = arena_copy(&m->group, query_text(rows, 6));
	claim.files = arena_copy(&m->group, query_text(rows, 7));
	claim.listed = query_integer(rows, 8) != 0;
	claims->all[claims->count++] = claim;
}

static void bind_known(struct query *query, int parameter, struct span text)
{
	if (text.size > 0)
		query_bind_text(query, parameter, text);
}

/* Takes over score, severity and the like as they stand in the store. */
static void bind_facts(struct matcher *m, int64_t vulnerability)
{
	struct query *facts = &m->facts;
	query_bind_integer(facts, 1, vulnerability);
	bool known = query_next(facts);
	for (int column = 0; known && column < 6; column++)
		if (!query_is_null(facts, column))
			(void)sqlite3_bind_value(m->insert.statement, 3 + column,
						 sqlite3_column_value(facts->statement, column));
	query_bind_integer(&m->insert, 9, known && !query_is_null(facts, 6));
	query_rewind(facts);
}

static enum outcome write_row(struct matcher *m, const struct subject *subject, int64_t vulnerability,
			      const struct decision *decision)
{
	char name[IDENTIFIER_TEXT_SIZE];
	identifier_format(vulnerability, name);
	struct query *insert = &m->insert;
	query_bind_text(insert, 1, span_of_text(name));
	query_bind_integer(insert, 2, subject->id);
	bind_facts(m, vulnerability);
	bind_known(insert, 10, decision->fixed);
	query_bind_text(insert, 11, span_of_text(decision->status));
	query_bind_text(insert, 12, decision->reason);
	query_bind_text(insert, 13, span_of_text(store_source_word(decision->source)));
	bool written = !query_next(insert) && insert->result == SQLITE_DONE;
	query_rewind(insert);
	return written ? DONE : MALFORMED;
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
	bool affected = decision->status && span_equal_text(span_of_text(decision->status), "affected");
	if (!affected || decision->own || subject->package_version.size == 0)
		return;
	if (!span_equal_text(subject->manager, "opkg")) {
		decision->status = "under review";
		decision->reason = arena_format(arena, "%.*s; its distribution mends older versions too, and nothing says"
						       " whether package %.*s is mended",
						SPAN_FORMAT(decision->reason), SPAN_FORMAT(subject->package_version));
	} else if (is_revised(subject->package_version)) {
		decision->reason = arena_format(arena, "%.*s; package %.*s may carry a fix of its own",
						SPAN_FORMAT(decision->reason), SPAN_FORMAT(subject->package_version));
	}
}

/* What all sources together say about one vulnerability becomes at most one row. */
static enum outcome settle(struct matcher *m, const struct subject *subject, int64_t vulnerability,
			   struct claims *claims)
{
	if (claims->count == 0)
		return DONE;
	bool kernel = subject->order == ORDER_KERNEL;
	if (kernel)
		kernel_judge_claims(&m->kernel, vulnerability, claims);
	struct decision decision = claims_decide(claims, subject->version, &m->group);
	if (kernel)
		kernel_judge_decision(&m->kernel, vulnerability, subject->version, &decision, &m->group);
	weigh_package(subject, &decision, &m->group);
	enum outcome outcome = decision.status ? write_row(m, subject, vulnerability, &decision) : DONE;
	arena_reset(&m->group);
	*claims = (struct claims){ 0 };
	return outcome;
}

static enum outcome match_subject(struct matcher *m, const struct subject *subject)
{
	struct claims claims = { 0 };
	struct query *rows = subject->product_count == 1 ? &m->rows_of_one : &m->rows_of_many;
	enum outcome outcome = DONE;
	int64_t vulnerability = 0;
	for (size_t i = 0; i < subject->product_count; i++)
		query_bind_integer(rows, (int)i + 1, subject->products[i]);
	while (outcome == DONE && query_next(rows)) {
		if (query_integer(rows, 0) != vulnerability) {
			outcome = settle(m, subject, vulnerability, &claims);
			vulnerability = query_integer(rows, 0);
		}
		add_claim(m, subject, &claims);
	}
	if (outcome == DONE && rows->result != SQLITE_DONE)
		outcome = MALFORMED;
	query_rewind(rows);
	return outcome == DONE ? settle(m, subject, vulnerability, &claims) : outcome;
}

static enum outcome match_all(struct matcher *m)
{
	struct query query = query_start(m->evidence,
		"SELECT c.id, c.name, c.version, c.package_version, c.cpe, p.distribution, p.manager FROM component c"
		" LEFT JOIN package p ON p.rowid = (SELECT p.rowid FROM component_witness cw"
		"  JOIN witness w ON w.rowid = cw.witness JOIN package p ON p.file = w.file AND p.line IS w.line"
		"  WHERE cw.component = c.id AND w.method = 'package' LIMIT 1)"
		" WHERE c.version IS NOT NULL ORDER BY c.id");
	enum outcome outcome = DONE;
	while (outcome == DONE && query_next(&query)) {
		struct subject subject = { .id = query_integer(&query, 0), .name = query_text(&query, 1),
					   .version = query_text(&query, 2),
					   .package_version = query_text(&query, 3),
					   .distribution = query_text(&query, 5),
					   .manager = query_text(&query, 6) };
		subject.recogniser = recogniser_find(m->recognisers, subject.name);
		subject.order = subject.recogniser ? subject.recogniser->order : ORDER_GENERIC;
		find_products(m, &subject, query_text(&query, 4));
		if (subject.product_count > 0 && version_plausible(subject.version))
			outcome = match_subject(m, &subject);
	}
	enum outcome ended = query_end(&query);
	return outcome == DONE ? ended : outcome;
}

/* The maker's word (VEX): status and justification under vulnerabilities.<id>. */
static enum outcome apply_declarations(sqlite3 *evidence)
{
	return query_run(evidence,
		"UPDATE vulnerability SET status = d.value, reason = 'declared ' || d.value ||"
		" coalesce(' (' || (SELECT j.value FROM declaration j"
		"  WHERE j.key = 'vulnerabilities.' || vulnerability.id || '.justification') || ')', '') || '; ' || reason"
		" FROM declaration d WHERE d.key = 'vulnerabilities.' || vulnerability.id || '.status'"
		" AND d.value IN ('not affected', 'fixed', 'under review', 'affected')");
}

static enum outcome write_store_row(struct matcher *m)
{
	struct query query = query_start(m->evidence, "INSERT INTO vulnerability_store (date, name, vulnerabilities, old)"
							" VALUES (?1, ?2, ?3, ?4)");
	query_bind_text(&query, 1, span_of_text(store_date(m->store)));
	query_bind_text(&query, 2, span_of_text(store_name(m->store)));
	query_bind_integer(&query, 3, store_count(m->store));
	query_bind_integer(&query, 4, store_is_old(m->store));
	(void)query_next(&query);
	return query_end(&query);
}

static void prepare(struct matcher *m)
{
	sqlite3 *store = store_database(m->store);
	m->find_product = query_start(store, "SELECT id FROM product WHERE name = ?1");
	m->rows_of_one = query_start(store,
		"SELECT vulnerability, source, group_concat(ranges, ' '), platform, release, p.name, part, files, listed"
		" FROM affected JOIN product p ON p.id = product WHERE product = ?1"
		" GROUP BY vulnerability, source, feed, entry ORDER BY vulnerability, source, entry");
	m->rows_of_many = query_start(store,
		"SELECT vulnerability, source, group_concat(ranges, ' '), platform, release, p.name, part, files, listed"
		" FROM affected JOIN product p ON p.id = product WHERE product IN (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10,"
		" ?11, ?12, ?13, ?14, ?15, ?16) GROUP BY vulnerability, source, product, feed, entry"
		" ORDER BY vulnerability, source, product, entry");
	m->facts = query_start(store, "SELECT severity, score, cvss, vector, epss, weakness, exploited"
				      " FROM vulnerability WHERE id = ?1");
	m->insert = query_start(m->evidence,
		"INSERT INTO vulnerability (id, component, severity, cvss, cvss_version, vector, epss, weakness,"
		" known_exploited, fixed_in, status, reason, source)"
		" VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)");
}

static enum outcome finish(struct matcher *m, enum outcome outcome)
{
	struct query *queries[] = { &m->find_product, &m->rows_of_one, &m->rows_of_many, &m->facts, &m->insert };
	for (size_t i = 0; i < sizeof queries / sizeof *queries; i++) {
		enum outcome ended = query_end(queries[i]);
		if (outcome == DONE)
			outcome = ended;
	}
	arena_done(&m->lasting);
	arena_done(&m->group);
	return outcome;
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
	struct matcher m = { .evidence = evidence_database(evidence), .store = store, .recognisers = recognisers };
	arena_init(&m.lasting, LASTING_MEMORY);
	arena_init(&m.group, GROUP_MEMORY);
	prepare(&m);
	kernel_judge_init(&m.kernel, m.evidence, &m.lasting);
	TRY(evidence_begin(evidence));
	enum outcome outcome = write_store_row(&m);
	if (outcome == DONE)
		outcome = match_all(&m);
	if (outcome == DONE)
		outcome = apply_declarations(m.evidence);
	outcome = finish(&m, outcome);
	if (outcome == DONE)
		outcome = tell_left_out(evidence, CAUSE_LIMIT, m.products_left_out, "match.products",
					"a component answers to more products of the store than are matched");
	if (outcome == DONE)
		outcome = tell_left_out(evidence, CAUSE_MEMORY, m.claims_left_out, "match.claims",
					"the store says more of a vulnerability than there is memory for");
	enum outcome committed = evidence_commit(evidence);
	return outcome == DONE ? committed : outcome;
}
