/* Stores, evidence and recognisers for the tests of matching. */
#ifndef ASSAY_TESTS_VULN_STORED_H
#define ASSAY_TESTS_VULN_STORED_H

#include <unistd.h>

#include "evidence/evidence.h"
#include "evidence/query.h"
#include "harness.h"
#include "vuln/build.h"
#include "vuln/match.h"

/* Rows that a feed stated; our own facts are in every store. */
#define STORED_FROM_FEEDS "feed <> (SELECT id FROM feed WHERE name = 'assay')"
#define STORED_TEXT(text) { (const uint8_t *)(text), sizeof(text) - 1 }
#define STORED_RECOGNISER(n, cpe_name, version_order)                                    \
	{ .name = STORED_TEXT(n), .type = STORED_TEXT("library"), .order = (version_order), \
	  .cpes = (const struct span[]){ STORED_TEXT(cpe_name) }, .cpe_count = 1 }

/* Sorted by name, as recogniser_find() asks for. */
static const struct recogniser stored_recognisers_all[] = {
	STORED_RECOGNISER("boost", "a:boost:boost", ORDER_GENERIC),
	STORED_RECOGNISER("busybox", "a:busybox:busybox", ORDER_GENERIC),
	STORED_RECOGNISER("curl", "a:haxx:curl", ORDER_GENERIC),
	STORED_RECOGNISER("dnsmasq", "a:thekelleys:dnsmasq", ORDER_GENERIC),
	STORED_RECOGNISER("dropbear", "a:dropbear_ssh_project:dropbear_ssh", ORDER_DROPBEAR),
	STORED_RECOGNISER("linux", "o:linux:linux_kernel", ORDER_KERNEL),
	STORED_RECOGNISER("openssl", "a:openssl:openssl", ORDER_OPENSSL),
	STORED_RECOGNISER("sqlite", "a:sqlite:sqlite", ORDER_GENERIC),
	STORED_RECOGNISER("zlib", "a:zlib:zlib", ORDER_GENERIC),
};
static const struct recognisers stored_recognisers = {
	.all = stored_recognisers_all,
	.count = sizeof stored_recognisers_all / sizeof *stored_recognisers_all,
};

/* Path of a scratch file of this process. Static storage. */
static inline const char *stored_path(const char *name)
{
	static char path[1024];
	(void)snprintf(path, sizeof path, "%s/vuln-%ld-%s", harness_scratch(), (long)getpid(), name);
	return path;
}

/* Takes our own facts, which the builder adds to every store, out of it: what is left is what the test's feeds state. */
static inline bool stored_without_own_facts(const char *path)
{
	sqlite3 *store = NULL;
	bool done = sqlite3_open_v2(path, &store, SQLITE_OPEN_READWRITE, NULL) == SQLITE_OK &&
		    query_run(store, "DELETE FROM affected WHERE NOT (" STORED_FROM_FEEDS ")") == DONE;
	(void)sqlite3_close(store);
	return done;
}

static inline bool stored_component(struct evidence *evidence, int id, const char *name, const char *version)
{
	struct query query = query_start(evidence_database(evidence),
		"INSERT INTO component (id, name, version, type, confidence) VALUES (?1, ?2, ?3, 'library', 90)");
	query_bind_integer(&query, 1, id);
	query_bind_text(&query, 2, span_of_text(name));
	if (version)
		query_bind_text(&query, 3, span_of_text(version));
	(void)query_next(&query);
	return query_end(&query) == DONE;
}

/* The status of a vulnerability of a component; "none" where there is no row. Static storage. */
static inline const char *stored_status(struct evidence *evidence, int component, const char *id)
{
	static char status[32];
	(void)snprintf(status, sizeof status, "none");
	struct query query = query_start(evidence_database(evidence),
		"SELECT status FROM vulnerability WHERE component = ?1 AND id = ?2");
	query_bind_integer(&query, 1, component);
	query_bind_text(&query, 2, span_of_text(id));
	if (query_next(&query))
		(void)snprintf(status, sizeof status, "%s", query_string(&query, 0));
	if (query_end(&query) != DONE)
		(void)snprintf(status, sizeof status, "broken");
	return status;
}

/* The first column of the first row of an answer; empty where there is none. Static storage. */
static inline struct span stored_text(sqlite3 *database, const char *sql)
{
	static char text[1024];
	struct query query = query_start(database, sql);
	text[0] = 0;
	if (query_next(&query))
		(void)snprintf(text, sizeof text, "%.*s", SPAN_FORMAT(query_text(&query, 0)));
	CHECK_EQUAL(query_end(&query), DONE);
	return span_of_text(text);
}

/* Finishes the store that is built under that name, and asks it; empty where there is none. Its file is gone afterwards. */
static inline struct span stored_finish_and_ask(struct builder *builder, const char *name, struct arena *arena, const char *sql)
{
	struct store *store;
	struct span error, answer = SPAN_NONE;
	if (builder_finish(builder) == DONE && store_open_file(stored_path(name), arena, &store, &error) == DONE) {
		answer = stored_text(store_database(store), sql);
		store_close(store);
	}
	(void)unlink(stored_path(name));
	return answer;
}

/* An answer of the store of one or two documents of that name. */
static inline struct span stored_of_named(const char *name, const char *first, const char *second, const char *sql)
{
	struct arena arena;
	struct notes notes;
	struct builder *builder;
	arena_init(&arena, 16 << 20);
	notes_init(&notes, &arena);
	(void)unlink(stored_path("documents.db"));
	if (builder_new(stored_path("documents.db"), &notes, &builder) != DONE)
		return SPAN_LITERAL("no store");
	CHECK_EQUAL(feed_document(builder, span_of_text(name), span_of_text(first)), DONE);
	if (second)
		CHECK_EQUAL(feed_document(builder, span_of_text(name), span_of_text(second)), DONE);
	struct span answer = stored_finish_and_ask(builder, "documents.db", &arena, sql);
	arena_done(&arena);
	return answer;
}

static inline struct span stored_of(const char *first, const char *second, const char *sql)
{
	return stored_of_named("a.json", first, second, sql);
}

#endif
