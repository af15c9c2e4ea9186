#include "report/views.h"

const char view_facts[] =
	"SELECT system FROM image WHERE system IS NOT NULL AND system <> coalesce(title, '') UNION ALL"
	" SELECT 'Linux ' || release FROM (SELECT DISTINCT release FROM kernel ORDER BY source = 'modules', release LIMIT 1)"
	" UNION ALL SELECT name || ' ' || byte_order || '-endian' FROM (SELECT name, byte_order FROM machine"
	" ORDER BY weight DESC, name, byte_order LIMIT 1)"
	" UNION ALL SELECT name || coalesce(' ' || version, '') FROM (SELECT name, min(version) AS version FROM boot_loader"
	" GROUP BY name ORDER BY version IS NULL, name = 'TF-A', name LIMIT 3)"
	" UNION ALL SELECT CASE WHEN size >= 1000000 THEN printf('%.1f MB', size / 1e6) WHEN size >= 1000 THEN"
	" printf('%.1f kB', size / 1e3) ELSE size || ' bytes' END FROM image"
	" UNION ALL SELECT printf('understood %d %%', CAST(100.0 * understood / size AS INTEGER)) FROM image WHERE size > 0";

const char view_reservation[] =
	"SELECT CASE WHEN files = 0 THEN 'No file in it could be read: that little was found says nothing about the product.'"
	" ELSE 'Not all of it was read: ' || unread || CASE WHEN EXISTS (SELECT 1 FROM grade) THEN '. The grade and its ceiling"
	" take that for harmless.' ELSE '.' END END FROM (SELECT (SELECT unread FROM device) AS unread, (SELECT count(*) FROM file f"
	" WHERE f.type IN ('file', 'part') AND f.size > 0 AND f.state IN ('read', 'partial') AND"
	" (f.type = 'file' OR f.kind <> 'data')) AS files) WHERE files = 0 OR unread IS NOT NULL";

/* Of the store and the matches: what both views below weigh. */
#define STATE                                                                                                         \
	"WITH state AS (SELECT date, old, (SELECT count(DISTINCT component) FROM vulnerability WHERE status = 'affected')" \
	" AS affected, (SELECT count(DISTINCT component) FROM vulnerability v WHERE status = 'under review' AND NOT EXISTS" \
	" (SELECT 1 FROM vulnerability o WHERE o.component = v.component AND o.status = 'affected')) AS review,"         \
	" (SELECT count(DISTINCT id) FROM vulnerability WHERE status = 'affected' AND known_exploited = 1) AS exploited," \
	" (SELECT count(DISTINCT id) FROM vulnerability v WHERE status = 'under review' AND known_exploited = 1 AND NOT EXISTS" \
	" (SELECT 1 FROM vulnerability o WHERE o.id = v.id AND o.status = 'affected')) AS undecided,"                    \
	" (SELECT count(*) FROM component WHERE version IS NULL) AS unversioned,"                                        \
	" EXISTS (SELECT 1 FROM vulnerability_feed WHERE name IN ('nvd', 'cve')) AS ranges,"                             \
	" EXISTS (SELECT 1 FROM vulnerability_feed WHERE name = 'kev') AS kev,"                                          \
	" (SELECT count(*) FROM component) AS components FROM vulnerability_store) "

const char view_vulnerable[] =
	STATE "SELECT CASE WHEN affected + review = 0 AND components = unversioned THEN 'none shows its version, so that"
	" none could be matched' WHEN affected + review = 0 AND NOT ranges THEN 'nothing is known of them: the store has no"
	" records of NVD or CVE' WHEN affected + review = 0 AND old THEN 'nothing is known of them in a store as old as ' || date"
	" WHEN affected + review = 0 THEN 'no vulnerability of theirs that applies was known on ' || date"
	" || CASE WHEN unversioned > 0 THEN '; ' || unversioned || ' without a version could not be matched' ELSE '' END"
	" ELSE CASE WHEN affected > 0 THEN affected || ' with vulnerabilities that apply' ELSE '' END"
	" || CASE WHEN affected > 0 AND review > 0 THEN ', ' ELSE '' END"
	" || CASE WHEN review > 0 THEN review || CASE WHEN affected > 0 THEN ' more' ELSE '' END || ' with some under review'"
	" ELSE '' END || CASE WHEN old THEN ', as of ' || date ELSE '' END END FROM state";

const char view_exploited[] =
	STATE "SELECT CASE WHEN exploited > 0 OR (undecided = 0 AND NOT old AND kev AND components > unversioned) THEN exploited END,"
	" CASE WHEN undecided > 0 THEN undecided || CASE WHEN exploited > 0 THEN ' more' ELSE '' END || ' under review'"
	" WHEN components = 0 THEN 'no component to match' WHEN components = unversioned THEN 'no component shows its version'"
	" WHEN NOT kev THEN 'the store has no list of those that are used in attacks'"
	" WHEN old THEN 'as of ' || date || ', which is old' ELSE 'known on ' || date || ' to be used in attacks' END,"
	" CASE WHEN exploited > 0 THEN 1 END FROM state";
