/*
 * Takes what readers of feeds state, in any order, as a log of facts (vuln/fact_log.h). One that has a store writes it;
 * others state documents apart, in threads of their own, for the one that has.
 */
#ifndef ASSAY_VULN_BUILDER_H
#define ASSAY_VULN_BUILDER_H

#include "base/json_scan.h"
#include "base/notes.h"
#include "vuln/range.h"
#include "vuln/store.h"

/* Where a score comes from, best first; within each, CVSS 3.1, then 4.0, then 3.0. */
enum score_origin { SCORE_NVD, SCORE_CNA, SCORE_OTHER, SCORE_VERSION_2, SCORE_NONE };

/* What a record says about a vulnerability; what is empty or negative is not said. */
struct builder_facts {
	int64_t id;
	int rank;              /* the least counts */
	double score;          /* negative where there is none */
	struct span cvss;      /* "3.1" */
	struct span vector;
	struct span severity;  /* where there is no score, in the words of severity_word() */
	struct span weakness;  /* "CWE-787" */
	struct span published; /* its first ten characters count */
};

/* Where a range holds, beside its product; all may be empty. */
struct builder_scope {
	struct span release;  /* of a distribution: "v3.14", "bullseye" */
	struct span platform; /* what the product must run on */
	struct span part;     /* of the product; several are parted by blanks */
	struct span files;    /* source files, parted by blanks */
	struct span why;      /* of our own facts: where they are from, in words */
	int64_t entry;        /* of a list whose entries are judged one by one */
	bool listed;          /* speaks only of the branches that it lists */
	bool usual;           /* the part counts as there until its absence is seen */
};

struct builder;

/* Starts a store in an empty file, or in ":memory:". */
enum outcome builder_new(const char *path, struct notes *notes, struct builder **out) MUST_CHECK;
/* One without a store. */
enum outcome builder_new_apart(struct builder **out) MUST_CHECK;
/* What was stated since the builder was made, or cleared. */
struct span builder_stated(const struct builder *builder);
void builder_clear(struct builder *builder);
/* What is stated after a mark can be undone, as if it had not been. */
size_t builder_mark(const struct builder *builder);
void builder_undo(struct builder *builder, size_t mark);
/* Of one with a store: borrowed, and what was stated is in it. NULL where it cannot be written, or there is none. */
struct store_writer *builder_writer(struct builder *builder);
/* Writes the store, with our own facts, and closes it. The builder is gone afterwards, whatever comes back. */
enum outcome builder_finish(struct builder *builder) MUST_CHECK;
/* Gives up; the file stays as it is. */
void builder_abandon(struct builder *builder);
/* Reads the JSON of one document after the other. */
struct json_scan *builder_json(struct builder *builder);
/* Names of products in sentences. */
const struct product_names *builder_names(const struct builder *builder);
/* Whether an entry of the record under way, before that one, has the product. */
bool builder_record_has(const struct builder *builder, struct span product, int64_t before);
/* For what lives as long as the record under way. */
struct arena *builder_record_arena(struct builder *builder);
/* Ranges of the record under way. */
size_t builder_record_count(const struct builder *builder);
/* Warns of the document, with a number before the words; nothing where it is 0. */
enum outcome builder_note_count(struct builder *builder, const char *code, size_t count, const char *words) MUST_CHECK;

/* Facts that have no score, weakness, … yet. */
struct builder_facts builder_facts_of(int64_t id);
/* Takes over a score where it ranks before the one that the facts have. */
void builder_offer_score(struct builder_facts *facts, enum score_origin origin, struct span cvss, double score,
			 struct span vector);
/* The same, of a vector that names its version itself ("CVSS:3.1/AV:N/…"); of others nothing. */
void builder_offer_vector(struct builder_facts *facts, enum score_origin origin, double score, struct span vector);

enum outcome builder_vulnerability(struct builder *builder, const struct builder_facts *facts) MUST_CHECK;
enum outcome builder_reject(struct builder *builder, int64_t id) MUST_CHECK;
/*
 * Why nothing is stated of a vulnerability, as table left_out has it ("foreign"); it is told where nobody else states
 * anything either.
 */
enum outcome builder_left_out(struct builder *builder, int64_t id, const char *reason) MUST_CHECK;
/* Its record says that it is disputed. */
enum outcome builder_disputed(struct builder *builder, int64_t id) MUST_CHECK;
enum outcome builder_exploited(struct builder *builder, int64_t id, struct span date) MUST_CHECK;
/* CISA's SSVC: 'none', 'poc' or 'active'; 'yes' or 'no'; 'partial' or 'total'. An empty span leaves what is known. */
enum outcome builder_ssvc(struct builder *builder, int64_t id, struct span exploitation, struct span automatable,
			  struct span impact) MUST_CHECK;
enum outcome builder_epss(struct builder *builder, int64_t id, double probability) MUST_CHECK;
/*
 * Every published CVE has an EPSS score. Where a whole list of that day has been stated,
 * what was published a month before and is not in it has been withdrawn since.
 */
enum outcome builder_epss_whole(struct builder *builder, struct span date) MUST_CHECK;
/*
 * The document is a list, or a page of one: how many entries it says it has, how many it has, and how many it says that all its
 * pages have (0 for no more). One that lacks some counts as lost.
 */
enum outcome builder_listed(struct builder *builder, int64_t said, int64_t there, int64_t total) MUST_CHECK;
/* Whose data is stated from now on: "nvd", "alpine". Records, and what replaces them, are counted by feed. */
enum outcome builder_feed(struct builder *builder, struct span name) MUST_CHECK;
/* The feed under way has data of that day; its first ten characters count. */
enum outcome builder_date(struct builder *builder, struct span date) MUST_CHECK;

/*
 * Says what one source states about one vulnerability: begin, then items, then end, without which nothing was said.
 * A record replaces an older one of the same vulnerability, source and feed; stamp orders them (ISO date).
 */
enum outcome builder_record_begin(struct builder *builder, int64_t id, enum store_source source,
				  struct span stamp) MUST_CHECK;
/* Adds a range; scope may be NULL. Ranges whose bounds are no versions are passed over. */
enum outcome builder_record_range(struct builder *builder, struct span product, const struct range *range,
				  const struct builder_scope *scope) MUST_CHECK;
enum outcome builder_record_end(struct builder *builder) MUST_CHECK;
/* Ends it, and states its rows beside those of other records: an advisory that is one of several about the vulnerability. */
enum outcome builder_record_add(struct builder *builder) MUST_CHECK;
/* As records above, with a list of ranges that is written already. */
enum outcome builder_affected(struct builder *builder, struct span product, int64_t id, enum store_source source,
			      struct span ranges, const struct builder_scope *scope) MUST_CHECK;

/* "critical", "high", "medium", "low", "none": of a CVSS score of that version. */
const char *severity_word(struct span cvss, double score);

#endif
