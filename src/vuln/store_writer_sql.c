#include "vuln/store_writer_sql.h"

#include "vuln/store.h"

/* What goes by and by is kept in files without a name: a build needs as much memory for a hundred feeds as for one. */
const char store_writer_settings[] =
	"PRAGMA page_size = 8192; PRAGMA journal_mode = MEMORY; PRAGMA synchronous = OFF; PRAGMA temp_store = FILE;"
	"PRAGMA cache_size = -32768; PRAGMA temp.cache_size = -65536;";

const char store_writer_temporary[] =
	"CREATE TEMP TABLE said (record INTEGER, product INTEGER, vulnerability INTEGER, source INTEGER, feed INTEGER,"
	" entry INTEGER, listed INTEGER, usual INTEGER, release TEXT, ranges TEXT, platform TEXT, part TEXT, files TEXT, why TEXT);"
	"CREATE TEMP TABLE rejected (id INTEGER PRIMARY KEY);"
	"CREATE TEMP TABLE passed (id INTEGER PRIMARY KEY, reason TEXT);"
	"CREATE TEMP TABLE disputed (id INTEGER PRIMARY KEY);"
	"CREATE TEMP TABLE exploited (id INTEGER PRIMARY KEY, date TEXT);"
	"CREATE TEMP TABLE ssvc (id INTEGER PRIMARY KEY, exploitation TEXT, automatable TEXT, impact TEXT);"
	"CREATE TEMP TABLE epss (id INTEGER PRIMARY KEY, probability REAL);"
	"CREATE TEMP TABLE epss_whole (date TEXT);"
	"BEGIN;";

const char store_writer_vulnerability[] =
	"INSERT INTO vulnerability (id, rank, score, cvss, vector, severity, weakness, published)"
	" VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8) ON CONFLICT (id) DO UPDATE SET"
	" score = iif(excluded.rank < rank, excluded.score, score),"
	" cvss = iif(excluded.rank < rank, excluded.cvss, cvss),"
	" vector = iif(excluded.rank < rank, excluded.vector, vector),"
	" severity = iif(excluded.rank < rank OR severity IS NULL, excluded.severity, severity),"
	" weakness = iif(weakness IS NULL OR (excluded.rank < rank AND excluded.weakness IS NOT NULL),"
	"  excluded.weakness, weakness),"
	" published = coalesce(min(published, excluded.published), published, excluded.published),"
	" rank = min(rank, excluded.rank)";

const char store_writer_gather[] =
	"INSERT OR REPLACE INTO main.affected (product, vulnerability, source, feed, release, entry, listed, ranges, platform,"
	" part, usual, files, why) SELECT product, vulnerability, source, feed, release, entry, listed, ranges, platform, part,"
	" usual, files, why FROM temp.said WHERE kept(record)"
	" ORDER BY product, vulnerability, source, feed, release, entry, temp.said.rowid;"
	"DELETE FROM temp.said;";

/* spoken() tells of what each feed has spoken; the store's own facts are added to every store anyway. */
const char store_writer_merging[] =
	"CREATE TEMP TABLE lacking AS SELECT name FROM base.feed WHERE name NOT IN (SELECT name FROM main.feed);"
	"INSERT INTO main.feed (name, date, records) SELECT name, date, 0 FROM base.feed"
	" WHERE name IN (SELECT name FROM lacking) AND name <> 'assay';"
	"INSERT OR IGNORE INTO main.product (name) SELECT name FROM base.product;"
	"INSERT OR IGNORE INTO main.affected (product, vulnerability, source, feed, release, entry, listed, ranges, platform,"
	" part, usual, files, why) SELECT p.id, a.vulnerability, a.source, f.id, a.release, a.entry, a.listed, a.ranges,"
	" a.platform, a.part, a.usual, a.files, a.why FROM base.affected a JOIN base.product bp ON bp.id = a.product"
	" JOIN main.product p ON p.name = bp.name JOIN base.feed bf ON bf.id = a.feed JOIN main.feed f ON f.name = bf.name"
	" WHERE bf.name <> 'assay' AND NOT spoken(a.vulnerability, a.source, f.id);"
	"INSERT OR IGNORE INTO main.vulnerability SELECT * FROM base.vulnerability"
	" WHERE id IN (SELECT vulnerability FROM main.affected);"
	"INSERT OR IGNORE INTO temp.disputed SELECT id FROM base.vulnerability WHERE disputed = 1;"
	"INSERT OR IGNORE INTO temp.exploited SELECT id, exploited FROM base.vulnerability WHERE exploited IS NOT NULL"
	" AND 'kev' IN (SELECT name FROM lacking);"
	"INSERT OR IGNORE INTO temp.epss SELECT id, epss FROM base.vulnerability WHERE epss IS NOT NULL"
	" AND 'epss' IN (SELECT name FROM lacking);"
	"DROP TABLE temp.lacking;";

const char store_writer_stated[] =
	"UPDATE vulnerability SET stated = 1 WHERE id IN (SELECT vulnerability FROM affected WHERE source < ?1 OR source = ?2)";

const char store_writer_joining[] =
	"INSERT INTO left_out SELECT id, 'rejected' FROM rejected;"
	"INSERT OR IGNORE INTO rejected SELECT v.id FROM vulnerability v, (SELECT max(date) AS date FROM epss_whole) w"
	" WHERE v.id > 0 AND v.published < date(w.date, '-30 days') AND v.id NOT IN (SELECT id FROM epss);"
	"DELETE FROM affected WHERE vulnerability IN (SELECT id FROM rejected);"
	"INSERT OR IGNORE INTO left_out SELECT id, 'withdrawn' FROM rejected;"
	"INSERT OR IGNORE INTO left_out SELECT v.id, coalesce(p.reason, 'open') FROM vulnerability v"
	" LEFT JOIN passed p ON p.id = v.id WHERE v.id NOT IN (SELECT vulnerability FROM affected);"
	"DELETE FROM vulnerability WHERE id NOT IN (SELECT vulnerability FROM affected);"
	"DELETE FROM product WHERE id NOT IN (SELECT product FROM affected);"
	"UPDATE vulnerability SET exploited = e.date FROM exploited e WHERE e.id = vulnerability.id;"
	"UPDATE vulnerability SET disputed = 1 WHERE id IN (SELECT id FROM disputed);"
	"UPDATE vulnerability SET ssvc_exploitation = s.exploitation, ssvc_automatable = s.automatable, ssvc_impact = s.impact"
	" FROM ssvc s WHERE s.id = vulnerability.id;"
	"UPDATE vulnerability SET epss = e.probability FROM epss e WHERE e.id = vulnerability.id;"
	"INSERT INTO meta SELECT 'vulnerabilities', CAST(count(DISTINCT vulnerability) AS TEXT) FROM affected"
	" WHERE feed <> (SELECT id FROM feed WHERE name = 'assay');" /* our own facts are in every store */
	"UPDATE feed SET records = c.n FROM (SELECT feed AS id, count(DISTINCT vulnerability) AS n FROM affected GROUP BY feed) c"
	" WHERE c.id = feed.id;"
	"UPDATE feed SET records = (SELECT count(*) FROM exploited) WHERE name = 'kev';"
	"UPDATE feed SET records = (SELECT count(*) FROM epss) WHERE name = 'epss';"
	"INSERT INTO meta SELECT 'date', coalesce(max(date), '') FROM feed;"
	"INSERT INTO meta VALUES ('format', '" STORE_FORMAT "');";

const char store_writer_closing[] = "COMMIT; VACUUM;";
