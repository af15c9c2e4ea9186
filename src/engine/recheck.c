#include "engine/recheck.h"

#include "evidence/query.h"

enum outcome recheck_remember(sqlite3 *database)
{
	return query_run(database,
		"DROP TABLE IF EXISTS temp.earlier; DROP TABLE IF EXISTS temp.earlier_premise;"
		"CREATE TEMP TABLE earlier AS SELECT v.id, c.name, coalesce(c.version, '') AS version, v.severity, v.cvss, v.epss,"
		" max(v.known_exploited) AS known_exploited, v.status, v.reason FROM main.vulnerability v"
		" JOIN main.component c ON c.id = v.component GROUP BY 1, 2, 3;"
		"CREATE INDEX temp.earlier_key ON earlier (id, name, version);"
		"CREATE TEMP TABLE earlier_premise AS SELECT DISTINCT p.vulnerability AS id, c.name, coalesce(c.version, '') AS version,"
		" p.kind || ': ' || p.value AS words FROM main.premise p JOIN main.component c ON c.id = p.component;"
		"CREATE INDEX temp.earlier_premise_key ON earlier_premise (id, name, version);");
}

/* What a status rests on now and did not then, and the other way round. */
#define PREMISES                                                                                                         \
	"coalesce((SELECT group_concat(words, '; ') FROM (SELECT p.kind || ': ' || p.value AS words FROM premise p"        \
	" WHERE p.vulnerability = n.id AND p.component = n.component EXCEPT SELECT words FROM earlier_premise o"            \
	" WHERE o.id = n.id AND o.name = n.name AND o.version = n.version)), '') || coalesce((SELECT '; no longer '"        \
	" || group_concat(words, '; no longer ') FROM (SELECT words FROM earlier_premise o WHERE o.id = n.id"              \
	" AND o.name = n.name AND o.version = n.version EXCEPT SELECT p.kind || ': ' || p.value FROM premise p"            \
	" WHERE p.vulnerability = n.id AND p.component = n.component)), '')"

const char recheck_changes[] =
	"WITH now AS (SELECT v.id, v.component, c.name, coalesce(c.version, '') AS version, v.severity, v.cvss, v.epss,"
	" v.known_exploited, v.status, v.reason FROM vulnerability v JOIN component c ON c.id = v.component),"
	" changed AS (SELECT CASE WHEN e.id IS NULL THEN 'new' WHEN e.status <> n.status THEN 'status' ELSE 'exploited' END"
	" AS change, n.id, n.name, n.version, n.severity, n.cvss, n.epss, n.known_exploited, e.status AS was, n.status,"
	" CASE WHEN e.id IS NOT NULL THEN nullif(ltrim(" PREMISES ", '; '), '') END AS premise, n.reason"
	" FROM now n LEFT JOIN earlier e ON e.id = n.id AND e.name = n.name AND e.version = n.version"
	" WHERE CASE WHEN e.id IS NULL THEN n.status IN ('affected', 'under review')"
	" ELSE e.status <> n.status OR n.known_exploited > e.known_exploited END"
	" UNION ALL SELECT 'gone', e.id, e.name, e.version, e.severity, e.cvss, e.epss, e.known_exploited, e.status, NULL, NULL,"
	" e.reason FROM earlier e WHERE e.status IN ('affected', 'under review') AND NOT EXISTS (SELECT 1 FROM now n"
	" WHERE n.id = e.id AND n.name = e.name AND n.version = e.version))"
	" SELECT change, id, name AS component, version, severity, cvss, epss,"
	" CASE known_exploited WHEN 1 THEN 'exploited' ELSE '' END AS exploited, was, status, premise, reason FROM changed"
	" ORDER BY change = 'gone', status IS NOT 'affected', known_exploited DESC, epss DESC, cvss DESC, id, name, version";
