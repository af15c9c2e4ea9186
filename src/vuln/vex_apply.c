/* Statements meet the matches: which apply, what they change, and why the others do not. */
#include <stdio.h>

#include "base/clock.h"
#include "evidence/query.h"
#include "vuln/vex.h"
#include "vuln/vex_notes.h"
#include "vuln/vex_premise.h"
#include "vuln/vex_scope.h"

enum { STATEMENT_MEMORY = 16 * 1024 * 1024, LASTING_MEMORY = 64 * 1024 * 1024, NAMES_MAX = 8 };

struct applier {
	struct evidence *evidence;
	sqlite3 *database;
	const struct recognisers *recognisers;
	struct arena lasting, scratch; /* for all; for one statement */
	struct vex_product product;
	char today[11], tomorrow[11];
	struct query rows, set, remark, conclude;
};

/* A row of `statement`. */
struct stated {
	int64_t id;
	struct vex_statement said;
	struct span document;
	struct span why;  /* the first reason against it */
	bool applied, stopped; /* stopped: about this, and no longer so */
	bool unmet;            /* about nothing that is matched with its vulnerability */
};

/* A match that a statement speaks of. */
struct matched {
	int64_t row, component, statement; /* statement: of a newer one that has decided; 0 for none */
	struct vex_component what;
	struct span status, reason, part, exploited_since;
	bool exploited;
};

static struct span keep(struct applier *a, const struct query *query, int column)
{
	return query_is_null(query, column) ? SPAN_NONE : arena_copy(&a->scratch, query_text(query, column));
}

/* Every name of what was given. */
static enum outcome read_product(struct applier *a)
{
	struct span *names = ARENA_NEW(&a->lasting, struct span, NAMES_MAX);
	struct query query = query_start(a->database,
		"SELECT coalesce((SELECT value FROM declaration WHERE key = 'product.vendor'), vendor),"
		" coalesce((SELECT value FROM declaration WHERE key = 'product.version'), version),"
		" (SELECT value FROM declaration WHERE key = 'product.model'), model, title, name,"
		" model || ' ' || hardware FROM image");
	if (names && query_next(&query)) {
		a->product.vendor = arena_copy(&a->lasting, query_text(&query, 0));
		a->product.version = arena_copy(&a->lasting, query_text(&query, 1));
		for (int i = 2; i < 7; i++)
			names[a->product.name_count++] = arena_copy(&a->lasting, query_text(&query, i));
		a->product.model = names[0].size > 0 ? names[0] : names[1];
	}
	enum outcome outcome = query_end(&query);
	a->product.names = names;
	return names ? outcome : NO_MEMORY;
}

static enum outcome read_digests(struct applier *a)
{
	struct span *digests = NULL;
	size_t capacity = 0;
	struct query query = query_start(a->database, "SELECT sha256 FROM image WHERE sha256 IS NOT NULL UNION"
						      " SELECT sha256 FROM artifact WHERE sha256 IS NOT NULL");
	enum outcome outcome = DONE;
	while (outcome == DONE && query_next(&query)) {
		digests = arena_grow(&a->lasting, digests, a->product.digest_count, &capacity, sizeof *digests);
		outcome = digests ? DONE : NO_MEMORY;
		if (digests)
			digests[a->product.digest_count++] = arena_copy(&a->lasting, query_text(&query, 0));
	}
	a->product.digests = digests;
	enum outcome ended = query_end(&query);
	return outcome == DONE ? ended : outcome;
}

/* The first reason is told; a premise that failed goes before "about something else". */
static void refuse(struct stated *s, bool stopped, struct span why)
{
	if (s->why.size > 0 && (s->stopped || !stopped))
		return;
	s->why = why;
	s->stopped = stopped;
}

static void refuse_version(struct applier *a, struct stated *s, const struct matched *m)
{
	struct span version = s->said.version.size > 0 ? s->said.version
			      : s->said.component.size > 0 ? s->said.component : s->said.product;
	refuse(s, true, arena_format(&a->scratch, "it is about %.*s, and this is %.*s %.*s", SPAN_FORMAT(version),
				     SPAN_FORMAT(m->what.name), SPAN_FORMAT(m->what.version)));
}

/* True where a file that shows the component has the digest. */
static bool has_file(struct applier *a, const struct matched *m, struct span digest)
{
	struct query query = query_start(a->database, "SELECT count(*) FROM component_witness cw JOIN witness w"
		" ON w.rowid = cw.witness JOIN file f ON f.id = w.file WHERE cw.component = ?1 AND f.sha256 = lower(?2)");
	query_bind_integer(&query, 1, m->component);
	query_bind_text(&query, 2, digest);
	bool has = query_next(&query) && query_integer(&query, 0) > 0;
	return query_end(&query) == DONE && has;
}

/* Whether it is about the component of the match. */
static bool is_about(struct applier *a, struct stated *s, const struct matched *m, enum scope_fit product)
{
	/* A component may stand where a product is asked for. */
	bool as_product = product != SCOPE_FITS && s->said.component.size == 0;
	if (as_product && s->said.digest.size > 0 && !has_file(a, m, s->said.digest))
		return false;
	struct span named = as_product ? s->said.product : s->said.component;
	enum scope_fit fit = vex_fits_component(&a->scratch, named, &m->what);
	if (fit == SCOPE_OTHER)
		return false;
	if (fit == SCOPE_VERSION || !vex_fits_version(s->said.version, &m->what)) {
		refuse_version(a, s, m);
		return false;
	}
	return true;
}

/* A part of it: the package URL's subpath says the same as the field. */
static struct span part_of(struct applier *a, const struct stated *s)
{
	struct purl purl;
	if (s->said.part.size > 0 || !purl_parse(&a->scratch, s->said.component, &purl))
		return s->said.part;
	return purl.part;
}

static bool holds(struct applier *a, struct stated *s, const struct matched *m)
{
	const struct vex_grounds grounds = {
		.statement = &s->said, .part = part_of(a, s), .component = m->component, .match_part = m->part,
		.exploited = m->exploited, .exploited_since = m->exploited_since,
		.today = a->today, .tomorrow = a->tomorrow,
	};
	struct span against = SPAN_NONE;
	if (vex_premises_hold(a->database, &a->scratch, &grounds, &against))
		return true;
	refuse(s, true, against);
	return false;
}

static const char *or_null(struct applier *a, struct span text)
{
	return text.size > 0 ? arena_text(&a->scratch, text) : NULL;
}

/* What the row says from now on. Where the statement agrees, the row keeps its own words. */
static enum outcome change(struct applier *a, const struct stated *s, const struct matched *m)
{
	struct query *set = &a->set;
	bool agrees = span_equal_text(m->status, s->said.status);
	const struct span because = s->said.reason.size > 0 ? s->said.reason : s->said.justification;
	struct span words = span_of_text(s->said.status);
	if (because.size > 0 || s->said.action.size > 0)
		words = arena_format(&a->scratch, "%s (%.*s)", s->said.status,
				     SPAN_FORMAT(because.size > 0 ? because : s->said.action));
	words = arena_format(&a->scratch, "declared %.*s; %.*s", SPAN_FORMAT(words), SPAN_FORMAT(m->reason));
	query_rewind(set);
	query_bind_integer(set, 1, m->row);
	query_bind_integer(set, 2, s->id);
	query_bind_text(set, 3, span_of_text(s->said.status));
	query_bind_text(set, 4, agrees ? m->reason : words);
	if (or_null(a, s->said.justification))
		query_bind_text(set, 5, s->said.justification);
	if (span_equal_text(span_of_text(s->said.status), "under review"))
		query_bind_text(set, 6, SPAN_LITERAL("what does the maker's review come to?"));
	query_bind_integer(set, 7, agrees);
	(void)query_next(set);
	return set->result == SQLITE_DONE ? DONE : NO_MEMORY;
}

/* The row keeps its status, and tells that somebody says otherwise. */
static enum outcome tell(struct applier *a, const struct stated *s, const struct matched *m)
{
	struct query *remark = &a->remark;
	query_rewind(remark);
	query_bind_integer(remark, 1, m->row);
	query_bind_text(remark, 2, arena_format(&a->scratch, "; the statement that it is %s (%.*s line %u) does not apply: %.*s",
						s->said.status, SPAN_FORMAT(s->document), s->said.line, SPAN_FORMAT(s->why)));
	(void)query_next(remark);
	return remark->result == SQLITE_DONE ? DONE : NO_MEMORY;
}

static enum outcome weigh(struct applier *a, struct stated *s, const struct matched *m, enum scope_fit product)
{
	if (!is_about(a, s, m, product))
		return DONE;
	if (!holds(a, s, m))
		return span_equal_text(m->status, s->said.status) ? DONE : tell(a, s, m);
	if (m->statement == 0) {
		s->applied = true;
		return change(a, s, m);
	}
	if (span_equal_text(m->status, s->said.status)) {
		s->applied = true;
		return DONE;
	}
	refuse(s, true, arena_format(&a->scratch, "a statement that is newer, or as old, says that it is %.*s",
				     SPAN_FORMAT(m->status)));
	return tell(a, s, m);
}

/* All matches of its vulnerability. */
static enum outcome meet(struct applier *a, struct stated *s, enum scope_fit product)
{
	struct query *rows = &a->rows;
	enum outcome outcome = DONE;
	bool any = false;
	query_rewind(rows);
	query_bind_text(rows, 1, s->said.vulnerability);
	for (; outcome == DONE && query_next(rows); any = true) {
		struct matched m = {
			.row = query_integer(rows, 0), .component = query_integer(rows, 1), .statement = query_integer(rows, 2),
			.what = { .name = keep(a, rows, 3), .version = keep(a, rows, 4), .package_version = keep(a, rows, 5),
				  .purl = keep(a, rows, 6), .cpe = keep(a, rows, 7) },
			.status = keep(a, rows, 8), .reason = keep(a, rows, 9), .part = keep(a, rows, 10),
			.exploited = query_integer(rows, 11) != 0, .exploited_since = keep(a, rows, 12),
		};
		const struct recogniser *recogniser = recogniser_find(a->recognisers, m.what.name);
		m.what.order = recogniser ? recogniser->order : ORDER_GENERIC;
		outcome = weigh(a, s, &m, product);
	}
	if (outcome == DONE && rows->result != SQLITE_DONE)
		outcome = query_outcome(rows->result);
	bool other = product != SCOPE_FITS;
	s->unmet = !s->applied && s->why.size == 0;
	if (!any)
		refuse(s, false, SPAN_LITERAL("no component is matched with that vulnerability"));
	else if (s->unmet)
		refuse(s, false, arena_format(&a->scratch, "it is about %.*s, which nothing that is matched with that "
							   "vulnerability here is",
					      SPAN_FORMAT(other || s->said.component.size == 0 ? s->said.product
											     : s->said.component)));
	return outcome;
}

static enum outcome judge(struct applier *a, struct stated *s)
{
	enum scope_fit product = vex_fits_product(&a->scratch, s->said.product, s->said.digest, &a->product);
	if (product != SCOPE_FITS && s->said.component.size > 0) {
		refuse(s, false, arena_format(&a->scratch, "it is about %s%.*s",
					      product == SCOPE_VERSION ? "another version or image: " : "another product: ",
					      SPAN_FORMAT(s->said.product.size > 0 ? s->said.product : s->said.digest)));
		return DONE;
	}
	return meet(a, s, product);
}

static enum outcome conclude(struct applier *a, const struct stated *s)
{
	struct query *query = &a->conclude;
	query_rewind(query);
	query_bind_integer(query, 1, s->id);
	query_bind_integer(query, 2, s->applied);
	query_bind_integer(query, 3, !s->applied && s->stopped);
	if (!s->applied)
		query_bind_text(query, 4, s->why);
	query_bind_integer(query, 5, s->unmet);
	(void)query_next(query);
	return query->result == SQLITE_DONE ? DONE : NO_MEMORY;
}

static enum outcome apply_one(struct applier *a, const struct query *query)
{
	struct stated s = {
		.id = query_integer(query, 0),
		.document = keep(a, query, 2),
		.said = { .line = (uint32_t)query_integer(query, 1), .vulnerability = keep(a, query, 3), .product = keep(a, query, 4),
			  .digest = keep(a, query, 5), .component = keep(a, query, 6), .version = keep(a, query, 7),
			  .part = keep(a, query, 8), .justification = keep(a, query, 10), .reason = keep(a, query, 11),
			  .action = keep(a, query, 12), .issued = keep(a, query, 13), .expires = keep(a, query, 14) },
	};
	s.said.status = arena_text(&a->scratch, query_text(query, 9));
	if (!s.said.status)
		return NO_MEMORY;
	enum outcome outcome = judge(a, &s);
	return outcome == DONE ? conclude(a, &s) : outcome;
}

static void prepare(struct applier *a)
{
	char now[21];
	clock_format_utc(clock_report_time(), now);
	(void)snprintf(a->today, sizeof a->today, "%.10s", now);
	clock_format_utc(clock_report_time() + 24 * 3600, now);
	(void)snprintf(a->tomorrow, sizeof a->tomorrow, "%.10s", now);
	a->rows = query_start(a->database,
		"SELECT v.rowid, c.id, v.statement, c.name, c.version, c.package_version, c.purl, c.cpe, v.status,"
		" coalesce(v.own_reason, v.reason), v.part, v.known_exploited, v.exploited_since FROM vulnerability v"
		" JOIN component c ON c.id = v.component WHERE v.id = ?1 ORDER BY v.rowid");
	a->set = query_start(a->database,
		"UPDATE vulnerability SET statement = ?2, own_status = status, own_reason = reason, status = ?3, reason = ?4,"
		" justification = CASE WHEN ?7 THEN coalesce(justification, ?5) ELSE ?5 END,"
		" question = CASE WHEN ?7 THEN question ELSE ?6 END WHERE rowid = ?1");
	a->remark = query_start(a->database, "UPDATE vulnerability SET reason = reason || ?2 WHERE rowid = ?1");
	a->conclude = query_start(a->database,
		"UPDATE statement SET applied = ?2, stopped = ?3, why = ?4, unmet = ?5 WHERE rowid = ?1");
}

static enum outcome apply_all(struct applier *a)
{
	enum outcome outcome = DONE;
	struct query query = query_start(a->database,
		"SELECT rowid, line, document, vulnerability, product, digest, component, version, part, status, justification,"
		" reason, action, issued, expires FROM statement ORDER BY issued IS NULL, issued DESC,"
		" CASE status WHEN 'affected' THEN 0 WHEN 'under review' THEN 1 ELSE 2 END, rowid DESC");
	while (outcome == DONE && query_next(&query)) {
		arena_reset(&a->scratch);
		outcome = apply_one(a, &query);
	}
	enum outcome ended = query_end(&query);
	return outcome == DONE ? ended : outcome;
}

enum outcome vex_apply(struct evidence *evidence, const struct recognisers *recognisers)
{
	struct applier a = { .evidence = evidence, .database = evidence_database(evidence), .recognisers = recognisers };
	TRY(query_run(a.database, "DELETE FROM note WHERE code IN (" VEX_NOTES ");"
				  "UPDATE statement SET applied = 0, stopped = 0, unmet = 0, why = 'vulnerabilities were not looked for'"));
	if (query_number(a.database, "SELECT count(*) FROM statement") == 0 ||
	    query_number(a.database, "SELECT count(*) FROM vulnerability_store") == 0)
		return DONE;
	arena_init(&a.lasting, LASTING_MEMORY);
	arena_init(&a.scratch, STATEMENT_MEMORY);
	prepare(&a);
	TRY(evidence_begin(evidence));
	enum outcome outcome = read_product(&a);
	if (outcome == DONE)
		outcome = read_digests(&a);
	if (outcome == DONE)
		outcome = apply_all(&a);
	if (outcome == DONE)
		outcome = vex_note(evidence, &a.scratch);
	struct query *queries[] = { &a.rows, &a.set, &a.remark, &a.conclude };
	for (size_t i = 0; i < sizeof queries / sizeof *queries; i++) {
		enum outcome ended = query_end(queries[i]);
		outcome = outcome == DONE ? ended : outcome;
	}
	arena_done(&a.lasting);
	arena_done(&a.scratch);
	enum outcome committed = evidence_commit(evidence);
	return outcome == DONE ? committed : outcome;
}
