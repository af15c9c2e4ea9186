/* Fuzzes statements on vulnerabilities: a document is read, and met with matches that are there. */
#include <stdlib.h>

#include "evidence/query.h"
#include "target.h"
#include "vuln/version_set.h"
#include "vuln/vex.h"

enum { CEILING = 256 << 20 };

/* A device with one component, two matches and an option: what documents can be about. */
static const char device[] =
	"INSERT INTO image (name, size, sha256, kind, model, version) VALUES ('image', 1,"
	" '00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff', 'firmware', 'Box', '1.0');"
	"INSERT INTO component VALUES (1, 'busybox', '1.19.4', '1.19.4-r1', 'application', 'pkg:generic/busybox@1.19.4',"
	" 'cpe:2.3:a:busybox:busybox:1.19.4:*:*:*:*:*:*:*', NULL, 95, '/bin/busybox');"
	"INSERT INTO vulnerability (id, component, known_exploited, exploited_since, status, reason, part, source) VALUES"
	" ('CVE-2017-16544', 1, 1, '2025-06-01', 'affected', 'range', 'ash', 'nvd'),"
	" ('CVE-2016-2148', 1, 0, NULL, 'under review', 'range', NULL, 'nvd');"
	"INSERT INTO vulnerability_store VALUES ('2026-01-01', 'fuzz', 2, 0);";

/* Whatever is said, a status is one of four, and what applies says why the rest does not. */
static void check(sqlite3 *database)
{
	if (query_number(database, "SELECT count(*) FROM vulnerability WHERE status NOT IN ('affected', 'not affected', 'fixed',"
				   " 'under review') OR (statement IS NULL) <> (own_status IS NULL)") != 0 ||
	    query_number(database, "SELECT count(*) FROM statement WHERE (applied = 1) <> (why IS NULL)") != 0)
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const struct recognisers none = { 0 };
	struct arena arena;
	struct evidence *evidence;
	struct span error, text = span_of(data, size);
	arena_init(&arena, CEILING);
	(void)version_set_holds(ORDER_GENERIC, text, SPAN_LITERAL("1.19.4"));
	if (evidence_new(&evidence) == DONE) {
		sqlite3 *database = evidence_database(evidence);
		if (query_run(database, device) == DONE &&
		    vex_read(evidence, SPAN_LITERAL("fuzzed.json"), text, &arena, &error) == DONE &&
		    vex_apply(evidence, &none) == DONE)
			check(database);
		evidence_free(evidence);
	}
	arena_done(&arena);
	return 0;
}
