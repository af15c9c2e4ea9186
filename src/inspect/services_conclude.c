/*
 * What only the whole image tells about services. A boot script runs because init
 * names it, because a link in a run level's folder points to it, or because a script
 * that runs calls it.
 */
#include "evidence/query.h"
#include "inspect/services.h"

enum { CHAIN_LIMIT = 8 };

/* Run levels 0, 1 and 6 halt, mend and reboot. */
static const char *const statements_before[] = {
	"CREATE TEMP TABLE running_script (file INTEGER PRIMARY KEY)",

	"CREATE TEMP TABLE start_link AS"
	" SELECT volume, replace(target, rtrim(target, replace(target, '/', '')), '') AS name, path FROM file"
	" WHERE type = 'link' AND (path GLOB '*/rc.d/S[0-9]*' OR path GLOB '*/rc[2345S].d/S[0-9]*')",

	/* Known by name. */
	"INSERT OR IGNORE INTO running_script SELECT id FROM file WHERE type = 'file' AND ("
	" path GLOB '*/etc*/rcS' OR path GLOB '*/etc*/rc.local' OR path GLOB '*/etc*/rc.sysinit' OR path GLOB '*/etc/rc'"
	" OR path GLOB '*/etc*/init.d/S[0-9][0-9]*' OR path GLOB '*/rc.d/S[0-9]*' OR path GLOB '*/rc[2345S].d/S[0-9]*')",

	/* By a link in a run level's folder. */
	"INSERT OR IGNORE INTO running_script SELECT f.id FROM file f JOIN start_link l ON l.volume = f.volume"
	" AND f.path GLOB '*/init.d/*' AND substr(f.path, instr(f.path, '/init.d/') + 8) = l.name",
	NULL,
};

static const char follow_calls[] =
	"INSERT OR IGNORE INTO running_script SELECT called.id FROM service s JOIN file caller ON caller.id = s.file"
	" JOIN file called ON called.path = s.program AND called.type = 'file' AND called.volume = caller.volume"
	" WHERE s.enabled = 1 AND (s.starter = 'inittab' OR s.file IN running_script)";

static const char *const statements_after[] = {
	/* Not linked although others are: disabled. Without any link, or elsewhere: who knows. */
	"UPDATE service SET enabled = CASE WHEN (SELECT f.path GLOB '*/init.d/*' AND EXISTS"
	" (SELECT 1 FROM start_link l WHERE l.volume = f.volume) FROM file f WHERE f.id = service.file) THEN 0 END"
	" WHERE starter IN ('rc script', 'sysv link', 'procd') AND file NOT IN running_script AND ifnull(enabled, 1) = 1",

	/* Calls within scripts of other uses (upgrade, hot-plug) say nothing. */
	"DELETE FROM service WHERE starter = 'rc script' AND protocol IS NULL AND enabled IS NULL"
	" AND file NOT IN running_script",

	/* A unit runs where a *.wants or *.requires folder names it. */
	"UPDATE service SET enabled = 1 WHERE starter = 'systemd' AND EXISTS (SELECT 1 FROM file u JOIN file w"
	" ON w.volume = u.volume WHERE u.id = service.file AND (w.path GLOB '*.wants/*' OR w.path GLOB '*.requires/*')"
	" AND replace(w.path, rtrim(w.path, replace(w.path, '/', '')), '') ="
	" replace(u.path, rtrim(u.path, replace(u.path, '/', '')), ''))",

	/* A super-server's entries are served where the super-server runs. */
	"UPDATE service SET enabled = 1 WHERE enabled IS NULL AND starter IN ('inetd', 'xinetd')"
	" AND EXISTS (SELECT 1 FROM service d WHERE d.name = service.starter AND d.enabled = 1)",

	/*
	 * A program is missing only where its folder is there with files in it: other
	 * folders may be filled by a volume that is mounted later.
	 */
	"CREATE TEMP TABLE program AS SELECT volume, path, replace(path, rtrim(path, replace(path, '/', '')), '') AS name,"
	" rtrim(path, replace(path, '/', '')) AS folder FROM file WHERE type IN ('file', 'link')",
	"CREATE INDEX temp.program_path ON program(path)",
	"CREATE INDEX temp.program_name ON program(name)",
	"CREATE INDEX temp.program_folder ON program(folder)",
	"UPDATE service SET program_present = CASE"
	" WHEN program GLOB '/*' AND EXISTS (SELECT 1 FROM program p WHERE p.path = service.program) THEN 1"
	" WHEN program GLOB '/*' AND EXISTS (SELECT 1 FROM program p WHERE p.folder ="
	"  rtrim(service.program, replace(service.program, '/', ''))) THEN 0"
	" WHEN program GLOB '*/*' THEN NULL"
	" WHEN EXISTS (SELECT 1 FROM program p WHERE p.name = service.program AND p.folder GLOB '*bin/') THEN 1"
	" WHEN EXISTS (SELECT 1 FROM program p WHERE p.folder GLOB '*bin/') THEN 0 END"
	" WHERE program IS NOT NULL",
	"DROP TABLE program",
	"DROP TABLE start_link",
	"DROP TABLE running_script",
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

static enum outcome run_all(sqlite3 *database, const char *const *statements)
{
	for (; *statements; statements++)
		TRY(query_run(database, *statements));
	return DONE;
}

enum outcome services_conclude(struct evidence *evidence)
{
	sqlite3 *database = evidence_database(evidence);
	TRY(run_all(database, statements_before));
	for (int i = 0; i < CHAIN_LIMIT; i++) {
		TRY(query_run(database, follow_calls));
		if (sqlite3_changes(database) == 0)
			break;
	}
	TRY(run_all(database, statements_after));
	return query_run(database, init_is_a_program);
}
