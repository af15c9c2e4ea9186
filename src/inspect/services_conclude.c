/*
 * What only the whole image tells about services. A boot script runs because init names it, because a link in a run
 * level's folder points to it, or because a script that runs calls it or reads it in; a unit because a target that is
 * reached wants it; a table of events because its daemon runs.
 */
#include "evidence/query.h"
#include "inspect/services_sql.h"

/* What init itself starts. */
#define INIT "('inittab', 'systemd', 'android init')"
#define SCRIPT_STARTERS "('rc script', 'sysv link', 'procd', 'hotplug', 'network script', 'cron')"

/* Run levels 0, 1 and 6 halt, mend and reboot. */
static const char *const begin[] = {
	"CREATE TEMP TABLE running_script (file INTEGER UNIQUE, surely INTEGER NOT NULL)",

	"CREATE TEMP TABLE start_link AS SELECT volume, " NAME_OF("target") " AS name, path FROM file"
	" WHERE type = 'link' AND (path GLOB '*/rc.d/S[0-9]*' OR path GLOB '*/rc[2345S].d/S[0-9]*')",

	/* Known by name. */
	"INSERT OR IGNORE INTO running_script SELECT id, 1 FROM file WHERE type = 'file' AND ("
	" path GLOB '*/etc*/rcS' OR path GLOB '*/etc*/rc.local' OR path GLOB '*/etc*/rc.sysinit' OR path GLOB '*/etc/rc'"
	" OR path GLOB '*/etc*/init.d/S[0-9][0-9]*' OR path GLOB '*/rc.d/S[0-9]*' OR path GLOB '*/rc[2345S].d/S[0-9]*')",

	/* By a link in a run level's folder. */
	"INSERT OR IGNORE INTO running_script SELECT f.id, 1 FROM file f JOIN start_link l ON l.volume = f.volume"
	" AND f.path GLOB '*/init.d/*' AND substr(f.path, instr(f.path, '/init.d/') + 8) = l.name",

	/* On an event, of which the image does not tell whether it comes. */
	"INSERT OR IGNORE INTO running_script SELECT DISTINCT s.file, 0 FROM service s"
	" WHERE s.starter IN ('hotplug', 'network script', 'cron')",
	NULL,
};

/* Who calls may run only under a condition, or may itself only perhaps run: then so does what it calls. */
static const char *const follow_calls[] = {
	"UPDATE running_script SET surely = 1 WHERE surely = 0 AND file IN (SELECT s.program_file FROM service s"
	" LEFT JOIN running_script r ON r.file = s.file WHERE s.enabled = 1 AND (s.starter IN " INIT " OR r.surely = 1))",

	"INSERT OR IGNORE INTO running_script SELECT s.program_file, max(s.enabled IS 1 AND (s.starter IN " INIT " OR"
	" ifnull(r.surely, 0))) FROM service s JOIN file called ON called.id = s.program_file AND called.kind IN ('script', 'text')"
	" LEFT JOIN running_script r ON r.file = s.file WHERE s.enabled IS NOT 0"
	" AND (r.file IS NOT NULL OR s.starter NOT IN " SCRIPT_STARTERS ") GROUP BY s.program_file",

	/* All of a folder. */
	"INSERT INTO running_script SELECT c.id, max(t.name = 'runs all of' AND r.surely) FROM setting t JOIN running_script r ON"
	" r.file = t.file JOIN file p ON p.id = t.file JOIN file c ON c.volume = p.volume AND c.path GLOB t.value AND"
	" length(replace(c.path, '/', '')) - length(c.path) = length(replace(t.value, '/', '')) - length(t.value) WHERE"
	" t.subject = 'boot script' AND c.kind IN ('script', 'text') AND c.id <> t.file GROUP BY c.id"
	" ON CONFLICT DO UPDATE SET surely = max(surely, excluded.surely)",
	NULL,
};

static const char *const scripts[] = {
	/* Not linked although others are: disabled. Without any link, or elsewhere: who knows. */
	"UPDATE service SET enabled = CASE WHEN (SELECT f.path GLOB '*/init.d/*' AND EXISTS"
	" (SELECT 1 FROM start_link l WHERE l.volume = f.volume) FROM file f WHERE f.id = service.file) THEN 0 END"
	" WHERE starter IN " SCRIPT_STARTERS " AND ifnull(enabled, 1) = 1 AND file NOT IN (SELECT file FROM running_script)",

	"UPDATE service SET enabled = NULL WHERE starter IN " SCRIPT_STARTERS " AND enabled = 1 AND file IN (SELECT file FROM"
	" running_script WHERE NOT surely)",

	/* Calls within scripts of other uses (upgrade, hot-plug) say nothing. */
	"DELETE FROM service WHERE starter = 'rc script' AND protocol IS NULL AND enabled IS NULL"
	" AND file NOT IN (SELECT file FROM running_script)",

	/* A text that no script reads in is no script. */
	"DELETE FROM service WHERE starter = 'rc script' AND file NOT IN (SELECT file FROM running_script) AND file IN (SELECT id"
	" FROM file WHERE kind = 'text' AND path NOT GLOB '*/init.d/*' AND path NOT GLOB '*/rc*')",

	/* A bare word that names no file and no program that is known: a function that the script read in. */
	"DELETE FROM service WHERE starter IN " SCRIPT_STARTERS " AND program_file IS NULL AND program NOT GLOB '*/*'"
	" AND protocol IS NULL AND why IS NULL",

	/* A script that is read in says nothing itself: it stays where it starts something. */
	"DELETE FROM service WHERE why = 'read in by the script' AND (program_file IS NULL OR program_file NOT IN (SELECT file FROM"
	" service WHERE why IS NOT 'read in by the script'))",

	/* A step that is taken several times is told once. */
	"DELETE FROM service WHERE starter IN " SCRIPT_STARTERS " AND protocol IS NULL AND why IS NULL AND EXISTS (SELECT 1 FROM"
	" service o WHERE o.file = service.file AND o.program = service.program AND o.rowid <> service.rowid AND"
	" (ifnull(o.enabled, 0) > ifnull(service.enabled, 0) OR (o.enabled IS service.enabled AND o.rowid < service.rowid)))",

	/* procd brings its own rcS. */
	"DELETE FROM service WHERE program = '/etc/init.d/rcS' AND program_present = 0 AND EXISTS (SELECT 1 FROM file p JOIN file f"
	" ON f.volume = p.volume WHERE f.id = service.file AND p.path = '/sbin/procd')",
	NULL,
};

static const char *const tables[] = {
	/* A super-server's entries are served where the super-server runs; a crontab's where crond does. */
	"UPDATE service SET enabled = 1 WHERE enabled IS NULL AND starter IN ('inetd', 'xinetd')"
	" AND EXISTS (SELECT 1 FROM service d WHERE d.name = service.starter AND d.enabled = 1 AND d.program_present IS NOT 0)",

	"UPDATE service SET enabled = 1 WHERE enabled IS NULL AND starter = 'cron' AND offset IS NULL AND file IN (SELECT id FROM"
	" file WHERE path GLOB '*/crontabs/*' OR path GLOB '*/crontab' OR path GLOB '*/cron.d/*' OR path GLOB '/var/spool/cron/*')"
	" AND EXISTS (SELECT 1 FROM service d WHERE d.name IN ('crond', 'cron') AND d.enabled = 1 AND"
	" d.program_present IS NOT 0)",

	/* "crond -c FOLDER" */
	"UPDATE service SET enabled = 1 WHERE enabled IS NULL AND starter = 'cron' AND offset IS NULL AND EXISTS (SELECT 1 FROM"
	" file f JOIN service d ON d.name = 'crond' AND d.enabled = 1 AND d.program_present IS NOT 0 WHERE f.id = service.file"
	" AND instr(replace(d.arguments || ' ', '/ ', ' '), '-c ' || substr(f.path, 1, length(f.path) -"
	" length(" NAME_OF("f.path") ") - 1) || ' ') > 0)",
	NULL,
};

/* Whether what others stated of scripts and programs happens at all. */
static const char *const others[] = {
	"UPDATE service SET enabled = 0, listens = NULL, why = CASE WHEN program_file IS NULL THEN 'its program is not in the image'"
	" ELSE 'the loader of its program is not in the image' END WHERE program_present = 0",
	"UPDATE firewall_rule SET enabled = NULL WHERE enabled = 1 AND file NOT IN (SELECT file FROM running_script WHERE surely)",
	"UPDATE firewall_rule SET enabled = 1 WHERE tool = 'uci' AND EXISTS (SELECT 1 FROM file f JOIN file s ON s.volume = f.volume"
	" JOIN running_script r ON r.file = s.id WHERE f.id = firewall_rule.file AND r.surely AND s.path = '/etc/init.d/firewall')",
	/* What a unit or script that surely runs reads in. */
	"UPDATE firewall_rule SET enabled = 1 WHERE EXISTS (SELECT 1 FROM file f JOIN file o ON o.volume = f.volume JOIN service s ON"
	" s.file = o.id WHERE f.id = firewall_rule.file AND s.enabled = 1 AND s.program_present IS NOT 0 AND ((tool = 'firewalld' AND"
	" s.name = 'firewalld') OR (s.name IN ('nft', 'iptables-restore', 'ip6tables-restore') AND instr(s.arguments, f.path) > 0) OR"
	" (s.name = 'netfilter-persistent' AND f.path GLOB '/etc/iptables/rules.v[46]')))",
	"UPDATE foreign_command SET started = CASE (SELECT surely AND always IS 1 FROM running_script r WHERE r.file ="
	" foreign_command.file) WHEN 1 THEN 1 WHEN 0 THEN NULL ELSE 0 END",
	"UPDATE remote_shell SET started = 1 WHERE file IN (SELECT file FROM running_script WHERE surely) OR file IN (SELECT"
	" program_file FROM service WHERE enabled = 1) OR EXISTS (SELECT 1 FROM service s WHERE s.file = remote_shell.file AND"
	" s.line = remote_shell.line AND s.enabled = 1)",

	/* /dev/tcp is opened by bash alone. */
	"UPDATE remote_shell SET started = 0 WHERE line IS NOT NULL AND method IN ('/dev/tcp', 'socat') AND EXISTS (SELECT 1 FROM"
	" file f JOIN volume v ON v.id = f.volume WHERE f.id = remote_shell.file AND v.state = 'read') AND NOT EXISTS (SELECT 1"
	" FROM file g WHERE g.type <> 'directory' AND g.path GLOB CASE method WHEN 'socat' THEN '*/socat' ELSE '*/bash' END)",
	NULL,
};

/* An init that is the maker's own program decides by itself, mostly by settings in flash. */
static const char init_is_a_program[] =
	"INSERT INTO note (severity, code, message, path) SELECT 'info', 'services.in-a-program',"
	" path || coalesce(' (' || target || ')', '') || ' is a program that decides by itself what it starts:"
	" the image does not tell its services', path FROM file i"
	" WHERE path = '/sbin/init' AND type IN ('file', 'link')"
	" AND ifnull(target, '') NOT LIKE '%busybox' AND ifnull(target, '') NOT LIKE '%systemd'"
	" AND NOT EXISTS (SELECT 1 FROM file t WHERE t.volume = i.volume AND t.path IN ('/etc/inittab', '/sbin/procd'))"
	" AND NOT EXISTS (SELECT 1 FROM service s JOIN file f ON f.id = s.file WHERE f.volume = i.volume"
	" AND s.enabled = 1 AND s.protocol IS NOT NULL)";

/* The last that was reached is where it ended. */
static const char chain_is_long[] =
	"INSERT INTO incomplete (volume, path, missing, cause, code, detail) SELECT f.volume, f.path, 'sight', 'limit',"
	" 'services.chain', 'boot scripts call each other through more steps than are followed' FROM running_script r JOIN file f"
	" ON f.id = r.file ORDER BY r.rowid DESC LIMIT 1";

enum outcome services_conclude(struct evidence *evidence)
{
	sqlite3 *database = evidence_database(evidence);
	TRY(services_start_init(database));
	TRY(services_find_programs(database));
	TRY(services_conclude_conditions(database));
	TRY(services_conclude_units(database));
	TRY(query_run_all(database, begin));
	TRY(services_follow(database, follow_calls, "SELECT count(*) + sum(surely) FROM running_script", chain_is_long));
	TRY(query_run_all(database, scripts));
	TRY(query_run_all(database, tables));
	TRY(services_conclude_programs(database));
	TRY(services_conclude_listening(database));
	TRY(query_run_all(database, others));
	TRY(services_tell_conditions(database));
	TRY(query_run(database, "DROP TABLE start_link"));
	TRY(query_run(database, "DROP TABLE running_script"));
	return query_run(database, init_is_a_program);
}
