#include "vuln/sdk_match.h"

#include "inspect/lines.h"
#include "vuln/component_row.h"
#include "vuln/device_match.h"
#include "vuln/identifier.h"
#include "vuln/made.h"
#include "vuln/row.h"
#include "vuln/sdk_facts.h"

enum { MEMORY_MAX = 1024 * 1024 };

struct sdk_matcher {
	sqlite3 *evidence;
	struct arena *arena;
	struct row_writer writer;
	struct span made; /* the latest day in the image; empty where that is not known */
};

/* What shows a mark. */
struct sign {
	struct span words; /* the path, or the maker's name; empty where the image does not have it */
	int64_t file;      /* 0 for a maker */
};

static struct sign first_file(struct sdk_matcher *m, const char *sql, struct span text)
{
	struct sign sign = { 0 };
	struct query query = query_start(m->evidence, sql);
	query_bind_text(&query, 1, text);
	if (query_next(&query))
		sign = (struct sign){ arena_copy(m->arena, query_text(&query, 0)), query_integer(&query, 1) };
	return query_end(&query) == DONE ? sign : (struct sign){ 0 };
}

static struct sign maker_sign(struct sdk_matcher *m, struct span name)
{
	struct query query = query_start(m->evidence, "SELECT 1 FROM image WHERE lower(vendor) = lower(?1)");
	query_bind_text(&query, 1, name);
	bool found = query_next(&query);
	return query_end(&query) == DONE && found ? (struct sign){ .words = name } : (struct sign){ 0 };
}

/* "TP-Link TL-WR841N v10" of an image for TL-WR841N/ND, revision v10. */
static struct sign model_sign(struct sdk_matcher *m, struct span words)
{
	struct span maker, rest = words;
	return span_next_word(&rest, &maker) && device_is(m->evidence, maker, rest, m->arena) ? (struct sign){ .words = words }
										      : (struct sign){ 0 };
}

static struct sign sign_of(struct sdk_matcher *m, struct span one)
{
	if (span_starts_text(one, SDK_MAKER))
		return maker_sign(m, span_from(one, strlen(SDK_MAKER)));
	if (span_starts_text(one, SDK_MODEL))
		return model_sign(m, span_from(one, strlen(SDK_MODEL)));
	if (span_starts_text(one, SDK_PATH))
		return first_file(m, "SELECT path, id FROM file WHERE path GLOB ?1 ORDER BY id LIMIT 1",
				  span_from(one, strlen(SDK_PATH)));
	if (span_byte(one, 0) == '@')
		return first_file(m, "SELECT path, id FROM identity JOIN file ON id = file WHERE subject = 'mark' AND value = ?1"
				     " ORDER BY id LIMIT 1", span_from(one, 1));
	return first_file(m, "SELECT path, id FROM file WHERE kind = 'elf' AND substr(path, -length(?1) - 1) = '/' || ?1"
			     " ORDER BY id LIMIT 1", one);
}

/* The first sign of a mark; empty where one of its pieces is not there. */
static struct sign seen(struct sdk_matcher *m, struct span mark)
{
	struct sign first = { 0 };
	struct span one;
	while (span_next_field(&mark, '+', &one)) {
		struct sign sign = sign_of(m, one);
		if (sign.words.size == 0)
			return sign;
		if (first.words.size == 0)
			first = sign;
	}
	return first;
}

/* Whether rows say something of a fault already, of the device or of a component; also by another mark. */
enum told { NOT_TOLD, ASKED, TOLD };

/* *component: the device that is asked about. */
static enum told told(struct sdk_matcher *m, struct span vulnerability, int64_t *component)
{
	struct query query = query_start(m->evidence,
		"SELECT status = 'under review' AND c.type = 'firmware' AND own_status IS NULL, c.id FROM vulnerability v"
		" JOIN component c ON c.id = v.component WHERE v.id = ?1 ORDER BY 1, 2");
	query_bind_text(&query, 1, vulnerability);
	enum told told = NOT_TOLD;
	if (query_next(&query)) {
		told = query_integer(&query, 0) ? ASKED : TOLD;
		*component = query_integer(&query, 1);
	}
	return query_end(&query) == DONE ? told : TOLD;
}

static enum outcome component_of(struct sdk_matcher *m, struct span sdk, struct span path, int64_t *id)
{
	struct query query = query_start(m->evidence, "SELECT id FROM component WHERE name = ?1 AND type = 'firmware'");
	query_bind_text(&query, 1, sdk);
	*id = query_next(&query) ? query_integer(&query, 0) : 0;
	TRY(query_end(&query));
	const struct component_row row = { .name = sdk, .type = "firmware", .path = path, .confidence = 70 };
	return *id != 0 ? DONE : component_row_add(m->evidence, &row, id);
}

/* The image is older than any fix. */
static bool is_older(const struct sdk_matcher *m, const struct sdk_fact *fact)
{
	return is_digit(span_byte(fact->known, 0)) && m->made.size > 0 && span_compare(m->made, fact->known) < 0;
}

static struct span question_of(struct sdk_matcher *m, const struct sdk_fact *fact, const struct sign *sign)
{
	if (sign->file > 0)
		return arena_format(m->arena, "which version of the %.*s is %.*s of?", SPAN_FORMAT(fact->sdk), SPAN_FORMAT(sign->words));
	if (span_starts_text(fact->mark, SDK_MODEL))
		return SPAN_LITERAL("does this firmware have the fix?");
	return SPAN_LITERAL("is the model among those that its maker lists, and the firmware older than the fix?");
}

static struct decision decide_fact(struct sdk_matcher *m, const struct sdk_fact *fact, const struct sign *sign)
{
	struct decision decision = { .source = SOURCE_REVIEW };
	struct span words = sign->words;
	struct span reason = arena_format(m->arena, "the fault is in %.*s, and the image %s %.*s", SPAN_FORMAT(fact->what),
					  sign->file > 0 ? "has" : "is for", SPAN_FORMAT(words));
	if (span_equal_text(fact->known, SDK_CODE)) {
		decision.reason = arena_format(m->arena, "%.*s, which holds the faulty code", SPAN_FORMAT(reason));
		decision.status = "affected";
	} else if (is_older(m, fact)) {
		decision.reason = arena_format(m->arena, "%.*s; nothing in it is newer than %.*s, and nobody could have mended it"
							 " before %.*s", SPAN_FORMAT(reason), SPAN_FORMAT(m->made), SPAN_FORMAT(fact->known));
		decision.status = "affected";
	} else {
		decision_review(&decision, reason, question_of(m, fact, sign));
	}
	decision_premise_at(&decision, sign->file > 0 ? "part" : "device", words, sign->file, -1);
	if (is_older(m, fact))
		decision_premise(&decision, "made", m->made);
	return decision;
}

static enum outcome match_fact(struct sdk_matcher *m, const struct sdk_fact *fact)
{
	char text[IDENTIFIER_TEXT_SIZE];
	int64_t component = 0;
	identifier_format(fact->id, text);
	struct span name = span_of_text(text);
	enum told before = told(m, name, &component);
	struct sign sign = before == TOLD ? (struct sign){ 0 } : seen(m, fact->mark);
	if (sign.words.size == 0)
		return DONE;
	struct decision decision = decide_fact(m, fact, &sign);
	if (before == ASKED && !decision_is(&decision, "affected"))
		return DONE;
	/* What was asked is answered: the row makes room. */
	TRY(before == ASKED ? row_remove(m->evidence, component, fact->id)
			    : component_of(m, fact->sdk, sign.file > 0 ? sign.words : SPAN_NONE, &component));
	return row_write(&m->writer, component, fact->id, &decision);
}

static enum outcome match_facts(struct sdk_matcher *m, sqlite3 *store)
{
	struct query query = query_start(store, "SELECT vulnerability, substr(p.name, 5), part, why, release FROM affected"
						" JOIN product p ON p.id = product WHERE p.name GLOB 'sdk/*' AND part IS NOT NULL AND why IS NOT NULL"
						" ORDER BY vulnerability, entry");
	enum outcome outcome = DONE;
	m->made = made_latest(m->evidence, m->arena);
	while (outcome == DONE && query_next(&query)) {
		const struct sdk_fact fact = { .id = query_integer(&query, 0), .sdk = query_text(&query, 1),
					       .mark = query_text(&query, 2), .what = query_text(&query, 3),
					       .known = query_text(&query, 4) };
		outcome = match_fact(m, &fact);
	}
	enum outcome ended = query_end(&query);
	return outcome == DONE ? ended : outcome;
}

enum outcome sdk_match(sqlite3 *evidence, sqlite3 *store)
{
	struct arena arena;
	struct sdk_matcher m = { .evidence = evidence, .arena = &arena };
	arena_init(&arena, MEMORY_MAX);
	row_writer_init(&m.writer, evidence, store);
	enum outcome outcome = match_facts(&m, store);
	enum outcome ended = row_writer_end(&m.writer);
	arena_done(&arena);
	return outcome == DONE ? ended : outcome;
}
