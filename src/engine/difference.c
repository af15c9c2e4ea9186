/* What a new result adds, removes and changes: include/assay/assay.h, assay_compare(). */
#include <stdio.h>
#include <string.h>

#include "base/plain_locale.h"
#include "base/scoped.h"
#include "engine/result.h"
#include "evidence/query.h"

/* One kind of difference. SQL over the schemas old and main (the new one) gives rows (sign, words). */
struct aspect {
	const char *title;
	const char *sql;
};

/* What stands on one side and not on the other: the same columns from both, told apart by a sign. */
#define EITHER(select_new, select_old)                                              \
	"SELECT '+' AS sign, * FROM (" select_new " EXCEPT " select_old ") UNION ALL " \
	"SELECT '-' AS sign, * FROM (" select_old " EXCEPT " select_new ") ORDER BY 2, 1"

#define ACCOUNTS(schema)                                                                                     \
	"SELECT 'account ' || a.name || coalesce(' uid ' || a.uid, '') || coalesce(' shell ' || a.shell, '') ||" \
	" ', password ' || CASE WHEN a.cracked IS NOT NULL THEN '\"' || a.cracked || '\"' ELSE a.password END ||" \
	" '  ' || f.path AS words FROM " schema ".account a JOIN " schema ".file f ON f.id = a.file"
#define SERVICES(schema)                                                                                       \
	"SELECT 'service ' || s.name || coalesce(' (' || s.protocol || ')', '') || coalesce(' ' || s.program, '') ||" \
	" coalesce(' ' || s.arguments, '') || '  ' || f.path AS words"                                          \
	" FROM " schema ".service s JOIN " schema ".file f ON f.id = s.file"
#define KEYS(schema)                                                                                          \
	"SELECT k.kind || ' key ' || coalesce(k.algorithm, k.format) || coalesce(' ' || k.purpose, '') || '  ' || f.path" \
	" AS words FROM " schema ".key k JOIN " schema ".file f ON f.id = k.file"
#define ENDPOINTS(schema)                                                                            \
	"SELECT DISTINCT 'endpoint ' || e.text || '  ' || f.path AS words FROM " schema ".endpoint e" \
	" JOIN " schema ".file f ON f.id = e.file"
#define CONSOLES(schema)                                                                               \
	"SELECT 'console ' || c.device || ' runs ' || c.program || '  ' || f.path AS words FROM " schema \
	".console c JOIN " schema ".file f ON f.id = c.file"
#define SECRETS(schema)                                                                                        \
	"SELECT s.kind || coalesce(' ' || s.name, '') || ' ' || s.excerpt || '  ' || f.path AS words FROM " schema \
	".secret s JOIN " schema ".file f ON f.id = s.file"
#define COMPONENTS(schema) \
	"SELECT name || ' ' || coalesce(package_version, version, '(version unknown)') AS words FROM " schema ".component"
#define VULNERABILITIES(schema)                                                                                 \
	"SELECT v.id || ' ' || coalesce(v.severity, 'unscored') || CASE v.known_exploited WHEN 1 THEN ' exploited' ELSE ''" \
	" END || CASE v.status WHEN 'affected' THEN '' ELSE ' (' || v.status || ')' END || '  ' || c.name || ' ' ||"      \
	" coalesce(c.version, '') AS words FROM " schema ".vulnerability v JOIN " schema ".component c"                  \
	" ON c.id = v.component WHERE v.status IN ('affected', 'under review')"
#define FINDINGS(schema) \
	"SELECT severity || ': ' || detail || coalesce('  ' || path, '') AS words FROM " schema ".finding"
#define VERDICTS(schema) "SELECT catalog || ' ' || requirement || ' ' || verdict AS words FROM " schema ".verdict"
/* One line with both sides: which way it went is what matters. */
#define GRADE                                                                                                   \
	"SELECT '~' AS sign, 'grade ' || o.level || ' to ' || n.level || ', ceiling ' || o.ceiling || ' to ' ||" \
	" n.ceiling AS words FROM main.grade n, old.grade o WHERE n.level <> o.level OR n.ceiling <> o.ceiling"

/* Paths that are new, gone, or have changed in content, mode, owner or target. */
#define FILES(which)                                                                                                 \
	"WITH new_file AS (SELECT path, type, mode, uid, gid, target, sha256 FROM main.file WHERE " which "),"          \
	" old_file AS (SELECT path, type, mode, uid, gid, target, sha256 FROM old.file WHERE " which "),"               \
	" changed AS (SELECT path FROM (SELECT * FROM new_file EXCEPT SELECT * FROM old_file)"                          \
	" INTERSECT SELECT path FROM old_file)"                                                                         \
	" SELECT '+' AS sign, path || CASE type WHEN 'file' THEN '' ELSE ' (' || type || ')' END AS words FROM new_file" \
	" WHERE path NOT IN (SELECT path FROM old_file)"                                                                \
	" UNION ALL SELECT '-', path FROM old_file WHERE path NOT IN (SELECT path FROM new_file)"                       \
	" UNION ALL SELECT DISTINCT '~', n.path || CASE WHEN n.sha256 IS NOT o.sha256 THEN ' content' ELSE '' END ||"   \
	" CASE WHEN n.mode IS NOT o.mode THEN printf(' mode %04o to %04o', o.mode, n.mode) ELSE '' END ||"              \
	" CASE WHEN n.uid IS NOT o.uid OR n.gid IS NOT o.gid THEN ' owner' ELSE '' END ||"                              \
	" CASE WHEN n.target IS NOT o.target THEN ' target ' || coalesce(n.target, '') ELSE '' END"                     \
	" FROM new_file n JOIN old_file o USING (path) WHERE n.path IN (SELECT path FROM changed) ORDER BY 2, 1"

static const struct aspect aspects[] = {
	{ "Grade", GRADE },
	{ "Findings", EITHER(FINDINGS("main"), FINDINGS("old")) },
	{ "Accounts", EITHER(ACCOUNTS("main"), ACCOUNTS("old")) },
	{ "Services", EITHER(SERVICES("main"), SERVICES("old")) },
	{ "Consoles", EITHER(CONSOLES("main"), CONSOLES("old")) },
	{ "Keys", EITHER(KEYS("main"), KEYS("old")) },
	{ "Secrets", EITHER(SECRETS("main"), SECRETS("old")) },
	{ "Endpoints", EITHER(ENDPOINTS("main"), ENDPOINTS("old")) },
	{ "Components", EITHER(COMPONENTS("main"), COMPONENTS("old")) },
	{ "Vulnerabilities", EITHER(VULNERABILITIES("main"), VULNERABILITIES("old")) },
	{ "Requirements", EITHER(VERDICTS("main"), VERDICTS("old")) },
	{ "Files", FILES("type NOT IN ('part', 'character device', 'block device', 'fifo', 'socket')") },
	{ "Devices", FILES("type IN ('character device', 'block device', 'fifo', 'socket')") },
};
enum { ASPECTS = sizeof aspects / sizeof *aspects };

/* Puts the old evidence beside the new one, in one database connection. */
static enum outcome attach(sqlite3 *database, struct span old)
{
	unsigned char *copy = sqlite3_malloc64(old.size);
	if (!copy)
		return NO_MEMORY;
	memcpy(copy, old.data, old.size);
	enum outcome outcome = query_run(database, "ATTACH ':memory:' AS old");
	if (outcome != DONE) {
		sqlite3_free(copy);
		return outcome;
	}
	return query_outcome(sqlite3_deserialize(database, "old", copy, (sqlite3_int64)old.size, (sqlite3_int64)old.size,
						 SQLITE_DESERIALIZE_FREEONCLOSE | SQLITE_DESERIALIZE_READONLY));
}

/* All aspects as one table. */
static enum outcome compare(sqlite3 *database)
{
	TRY(query_run(database, "CREATE TEMP TABLE difference (aspect TEXT, sign TEXT, words TEXT)"));
	for (size_t i = 0; i < ASPECTS; i++) {
		char sql[8192];
		(void)snprintf(sql, sizeof sql, "INSERT INTO difference SELECT '%s', sign, words FROM (%s)", aspects[i].title,
			       aspects[i].sql);
		TRY(query_run(database, sql));
	}
	return DONE;
}

enum assay_status assay_compare(struct assay *assay, struct assay *older)
{
	void *bytes = NULL;
	size_t size = 0;
	if (!assay || !assay->evidence || !older || !older->evidence)
		return ASSAY_UNREADABLE;
	enum assay_status status = assay_save(older, &bytes, &size);
	if (status != ASSAY_DONE)
		return result_fail(assay, status, SPAN_LITERAL("the older evidence cannot be read"));
	SCOPED(plain_locale) here = plain_locale_enter();
	sqlite3 *database = assay_database(assay);
	enum outcome outcome = attach(database, span_of(bytes, size));
	assay_release(bytes);
	if (outcome == DONE)
		outcome = compare(database);
	if (outcome == DONE)
		return ASSAY_DONE;
	if (outcome == OVER_BUDGET)
		return result_fail(assay, ASSAY_LIMIT,
				   SPAN_LITERAL("time was up before they had been compared; give it more with --timeout"));
	return result_fail(assay, result_status(outcome), outcome == MALFORMED ? span_of_text(sqlite3_errmsg(database))
								     : span_of_text(outcome_name(outcome)));
}
