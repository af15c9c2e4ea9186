/* SQL that more than one report needs: what is said on the terminal and in HTML is said in the same words. */
#ifndef ASSAY_REPORT_VIEWS_H
#define ASSAY_REPORT_VIEWS_H

/* What the image is, one fact a row: "Linux 2.6.36", "MIPS little-endian", "U-Boot 1.1.3", "4.1 MB", "understood 97 %". */
extern const char view_facts[];

/* One sentence on what was not read, where that is much; else no row. */
extern const char view_reservation[];

/*
 * What is known of the components' vulnerabilities, in words that go behind their number: never "none" where matches are
 * under review or the store is old.
 */
extern const char view_vulnerable[];

/*
 * Vulnerabilities that are exploited in the wild, for a figure: how many apply, or NULL where it cannot be said that none
 * does; words on what the figure leaves out; 1 where there are any. No row without a store.
 */
extern const char view_exploited[];

/*
 * The maps of the artifacts, one after the other: ranges with `place`, where they begin then, and `artifact_name`. Those of
 * archives that hold artifacts are left out, since these have maps of their own.
 */
#define VIEW_MAP                                                                                                      \
	"(SELECT r.*, r.offset + b.base AS place, b.name AS artifact_name FROM range r JOIN (SELECT id, name,"         \
	" coalesce(sum(size) OVER (ORDER BY id ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), 0) AS base"          \
	" FROM artifact WHERE id NOT IN (SELECT parent FROM artifact WHERE parent IS NOT NULL)"                        \
	" AND id IN (SELECT artifact FROM range WHERE within IS NULL)) b ON b.id = r.artifact WHERE r.within IS NULL)"

/* A column `severity` as a number: 0 is critical. */
#define VIEW_RANK(column)                                                                                             \
	"CASE " column " WHEN 'critical' THEN 0 WHEN 'high' THEN 1 WHEN 'medium' THEN 2 WHEN 'low' THEN 3 ELSE 4 END"

/*
 * A common table expression `found`: findings with their rank, of which those that say the same of the same place under
 * several rules are told once, at the highest severity.
 */
#define VIEW_FOUND                                                                                                    \
	"WITH ranked AS (SELECT *, " VIEW_RANK("severity") " AS rank FROM finding),"                                   \
	" found AS (SELECT * FROM (SELECT *, row_number() OVER (PARTITION BY detail, path, line ORDER BY rank, rule)"  \
	" AS copy FROM ranked) WHERE copy = 1)"

/* A path with its line, "/etc/passwd:1"; NULL without a path, and where the detail names it already. */
#define VIEW_PLACE "CASE WHEN line IS NOT NULL OR instr(detail, path) = 0 THEN path || coalesce(':' || line, '') END"

/*
 * What the image speaks against on the way to the next grade, each fact once: a table with `fact`, `advice`, `names`
 * (of the requirements and criteria behind it), `denied` (1 where it contradicts a declaration) and `ordinal`.
 */
#define VIEW_MENDING                                                                                                  \
	"(SELECT fact, advice, names, contradicts AS denied, ordinal FROM grade_reason"                               \
	" WHERE kind = 'step' AND fact IS NOT NULL)"

/* The other steps to the next grade, `text` by `ordinal`. */
#define VIEW_MISSING "(SELECT text, ordinal FROM grade_reason WHERE kind = 'step' AND fact IS NULL)"

/* Severities that occur, for a query whose rows have a column `severity`: "1 critical, 2 high". */
#define VIEW_TALLY "rtrim(" VIEW_RATED ", ', ')"
/* The same of vulnerabilities v, of which some are rated as none or have no score; their sum is the number of rows. */
#define VIEW_TALLY_OPEN                                                                                                \
	"rtrim(" VIEW_RATED " || " VIEW_PART("severity = 'none'", "of no severity") " || "                               \
	VIEW_PART("v.id IS NOT NULL AND severity IS NULL", "unrated") ", ', ')"
#define VIEW_RATED                                                                                                     \
	VIEW_PART("severity = 'critical'", "critical") " || " VIEW_PART("severity = 'high'", "high") " || "              \
	VIEW_PART("severity = 'medium'", "medium") " || " VIEW_PART("severity = 'low'", "low")
#define VIEW_PART(which, word) "CASE WHEN sum(" which ") > 0 THEN sum(" which ") || ' " word ", ' ELSE '' END"

/* Protocols of what gives a shell or files. */
#define VIEW_ACCESS "'telnet', 'telnetenable', 'rsh', 'rlogin', 'rexec', 'adb', 'debug', 'ftp', 'tftp', 'ssh', 'vnc'"

/*
 * A common table expression `listening`: what waits for others on a network, each program and port once with the surest
 * place that starts it: `name`, `speaks` ("telnet 23"; a usual port that nothing in the image names is in brackets),
 * `started`, `surely` (1 at boot or by a super-server that runs), `known` (0 where no list knows the program),
 * `access` (1 for what gives a shell or files), `place`.
 */
#define VIEW_LISTENING                                                                                                \
	"WITH ranked_service AS (SELECT s.*, f.path || coalesce(':' || s.line, '') AS place, row_number() OVER (PARTITION BY" \
	" s.name, s.port ORDER BY s.enabled IS NULL, s.starter = 'program', f.path, s.line, s.rowid) AS copy"           \
	" FROM service s JOIN file f ON f.id = s.file WHERE s.listens = 1 AND s.enabled IS NOT 0 AND"                   \
	" s.program_present IS NOT 0), listening AS (SELECT name, trim(coalesce(protocol, 'not known') || coalesce(' ' ||" \
	" CASE port_source WHEN 'default' THEN '(' || port || ')' ELSE port END, '')) AS speaks, CASE WHEN enabled = 1 THEN" \
	" CASE WHEN starter IN ('inetd', 'xinetd') THEN 'on demand' ELSE 'at boot' END ELSE 'may start' END AS started,"  \
	" enabled IS 1 AS surely, protocol IS NOT NULL AS known, coalesce(protocol, '') IN (" VIEW_ACCESS ") AS"          \
	" access, place FROM ranked_service WHERE copy = 1)"

/*
 * A common table expression `reached`: components that a service which is started and listens runs; and whether a
 * vulnerability v can be reached through one: 'network', or ''.
 */
#define VIEW_REACHED                                                                                                   \
	"WITH reached AS (SELECT DISTINCT cw.component FROM service s JOIN witness w ON w.file = s.program_file"         \
	" JOIN component_witness cw ON cw.witness = w.rowid WHERE s.listens = 1 AND s.enabled = 1) "
#define VIEW_REACHABLE                                                                                                 \
	"CASE WHEN v.vector LIKE '%AV:N%' AND v.component IN (SELECT component FROM reached) THEN 'network' ELSE '' END"

/* The version to update to, of a vulnerability v: "1.21.0"; "after 1.20.2" where nobody names the next; else NULL. */
#define VIEW_FIXED "coalesce(v.fixed_in, 'after ' || v.last_affected)"

/* CISA's SSVC of a vulnerability v in words, "poc, automatable, total"; NULL where it is not known. */
#define VIEW_SSVC                                                                                                      \
	"v.ssvc_exploitation || CASE v.ssvc_automatable WHEN 'yes' THEN ', automatable' ELSE '' END || coalesce(', ' ||"  \
	" v.ssvc_impact, '')"

/* The order in which vulnerabilities v matter: exploited, reachable from the network, likely to be exploited, severe. */
#define VIEW_URGENCY                                                                                                   \
	"v.status NOT IN ('affected', 'under review'), (v.known_exploited OR v.ssvc_exploitation IS 'active') DESC, "      \
	VIEW_REACHABLE " DESC, v.epss DESC, v.cvss DESC, v.id"

/* Lines on what is wrong with the store that was used. */
#define VIEW_STORE_WARNINGS "SELECT warning FROM vulnerability_store WHERE warning IS NOT NULL UNION ALL" \
	" SELECT less FROM vulnerability_store WHERE less IS NOT NULL"

#endif
