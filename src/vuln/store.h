/*
 * The vulnerability store: a SQLite database of facts (store.sql), read only. It is
 * opened before the sandbox is entered, and reads on through its open descriptor.
 */
#ifndef ASSAY_VULN_STORE_H
#define ASSAY_VULN_STORE_H

#include <sqlite3.h>

#include "base/arena.h"
#include "base/outcome.h"
#include "base/span.h"
#include "vuln/manifest.h"
#include "vuln/seal.h"

/* Who says what is affected; the least is believed where two disagree, but for the last. */
enum store_source {
	SOURCE_VENDOR = 1,   /* the maker's own list */
	SOURCE_CNA,          /* the CVE record's author */
	SOURCE_TRACKER,      /* a project that follows the faults of one product commit by commit */
	SOURCE_NVD_OVERRIDE, /* CPE ranges that are added to NVD's */
	SOURCE_NVD,
	SOURCE_ADP,          /* additions of CISA to the CVE record */
	SOURCE_DESCRIPTION,  /* the words of the CVE's description */
	SOURCE_DISTRIBUTION, /* fixed packages of a distribution (OSV) */
	SOURCE_FUZZING,      /* OSS-Fuzz (OSV) */
	SOURCE_REVIEW,       /* our own facts (vuln/kernel_facts.h): believed before all others */
	SOURCE_LISTED,       /* CISA's list of exploited ones: which product, and no versions */
	SOURCE_ADVISORY,     /* of GitHub, OSV about upstream, the EU's database: believed behind additions to the CVE record */
	SOURCE_COUNT,
};

#define STORE_FORMAT "2"

struct store;

/*
 * Opens a file for reading only. MALFORMED where it is no store, UNSUPPORTED where it
 * is of another format, or its tables are not those of store.sql to the letter; MALFORMED
 * too where its manifest is not of its form, or says of a source other than they. Then *error has words, in the arena.
 */
enum outcome store_open_file(const char *path, struct arena *arena, struct store **out,
			     struct span *error) MUST_CHECK;
/* Opens bytes that outlive the store; name is what reports call it. As above, without words. */
enum outcome store_open_memory(struct span bytes, const char *name, struct store **out) MUST_CHECK;
/* What the schema of one that is refused has and no store has, in words ("view \"x\"", in the arena); empty for nothing. */
struct span store_foreign(struct span bytes, struct arena *arena);
/* Opens one that is packed (vuln/store_pack.h); its own bytes are freed with it. MALFORMED where it is none. */
enum outcome store_open_packed(struct span packed, const char *name, struct store **out) MUST_CHECK;
void store_close(struct store *store);

/* Where its bytes are cut; borrowed. */
const struct seal *store_seal(const struct store *store);
/* What it was made of; *out is NULL where it does not say. As manifest_read(). */
enum outcome store_manifest(const struct store *store, struct arena *arena, const struct json_tree **out,
			    struct span *error) MUST_CHECK;
/* Tells it what its seal is worth; where nobody does, it is looked at without keys that are trusted. */
void store_vouch(struct store *store, const struct seal_verdict *verdict);
const struct seal_verdict *store_verdict(struct store *store);
/* Has reports tell where it is smaller or older than another store, whose manifest outlives it. */
void store_measure_against(struct store *store, struct span manifest);
struct span store_measure(const struct store *store);

/* Borrowed, for SQL. */
sqlite3 *store_database(const struct store *store);
/* "starter", or the file's name. */
const char *store_name(const struct store *store);
/* Day of the newest data, "YYYY-MM-DD". */
const char *store_date(const struct store *store);
/* Number of vulnerabilities in it. */
int64_t store_count(const struct store *store);
/* True where a day lies behind that of the report, and behind today: how old it is is then not known. */
bool store_day_is_future(struct span day);
/* True where a day lies more than 30 days before the report's, or in the future. */
bool store_day_is_old(struct span day);
/*
 * True where the oldest of the feeds that tell of new vulnerabilities (nvd, cve, kev, epss) is, each by its own newest
 * data; where none of them has a day, by the store's.
 */
bool store_is_old(const struct store *store);

/* How a report names the source: 'nvd', 'cve', 'osv', 'vendor'. */
const char *store_source_word(enum store_source source);
/* How a reason names the source: "NVD", "the maker". */
const char *store_source_title(enum store_source source);

#endif
