/*
 * What started programs start in turn: the commands that stand in a program count where something starts the program,
 * or one that needs the library that they stand in. The kernel starts init.
 */
#include "evidence/query.h"
#include "inspect/services_sql.h"

#define UNKNOWN_NAME "starter = 'program' AND protocol IS NULL AND why = 'named in a program that runs commands'"

/* An init that reads tables is told by its tables. */
static const char start_init[] =
	"INSERT INTO service (file, name, program, starter, enabled, why) SELECT i.id, 'init', i.path, 'kernel', 1,"
	" 'the kernel starts it' FROM file i WHERE i.path IN ('/sbin/init', '/init') AND i.type IN ('file', 'link')"
	" AND ifnull(i.target, '') NOT GLOB '*busybox*' AND ifnull(i.target, '') NOT GLOB '*systemd*'"
	" AND ifnull(i.kind, 'elf') = 'elf' AND NOT EXISTS (SELECT 1 FROM file t WHERE t.volume = i.volume AND t.path IN"
	" ('/etc/inittab', '/sbin/procd', '/init.rc', '/system/etc/init/hw/init.rc') OR (t.volume = i.volume AND t.path GLOB"
	" '/*bin/*' AND t.path GLOB '*/systemd'))";

/* A bare name that no list knows counts only as that of a program in a folder of programs: most are words of any use. */
static const char *const drop_words[] = {
	"CREATE TEMP TABLE binary AS SELECT volume, " NAME_OF("path") " AS name FROM file WHERE type = 'file' AND kind = 'elf' AND"
	" path GLOB '*bin/*' AND id NOT IN (SELECT file FROM applet)",
	"CREATE INDEX temp.binary_name ON binary(name, volume)",
	"DELETE FROM service WHERE " UNKNOWN_NAME " AND NOT EXISTS (SELECT 1 FROM binary b JOIN file f ON f.id = service.file"
	" WHERE b.name = service.name AND b.volume = f.volume)",
	"DROP TABLE binary",
	NULL,
};

/* A program that nobody knows stays where it opens a socket, or bears the ending of a daemon. */
static const char only_what_stays[] =
	"DELETE FROM service WHERE " UNKNOWN_NAME " AND (program_file IS NULL OR program_file IN (SELECT file FROM applet) OR NOT"
	" (name GLOB '*d' OR EXISTS (SELECT 1 FROM elf_import i WHERE i.file = service.program_file AND i.class = 'network')))";

static const char *const begin[] = {
	/* In the order in which they are reached. */
	"CREATE TEMP TABLE running_program (file INTEGER UNIQUE)",
	/* A web server runs them for whoever asks. */
	"INSERT INTO running_program SELECT id FROM file WHERE kind = 'elf' AND (path GLOB '*/cgi-bin/*' OR path GLOB '*.cgi')",
	"CREATE TEMP TABLE library_file AS SELECT id, volume, " NAME_OF("path") " AS name FROM file WHERE path GLOB '*/lib*.so*'",
	"CREATE INDEX temp.library_file_name ON library_file(name)",
	NULL,
};

/* A library that only holds the command says that whoever uses it can start it. */
static const char *const follow[] = {
	"INSERT OR IGNORE INTO running_program SELECT s.program_file FROM service s WHERE s.program_file IS NOT NULL AND"
	" s.enabled IS NOT 0 AND (s.starter <> 'program' OR s.file IN (SELECT file FROM running_program))",

	"INSERT OR IGNORE INTO running_program SELECT coalesce(t.id, l.id) FROM running_program r JOIN file u ON u.id = r.file"
	" JOIN elf_library n ON n.file = r.file JOIN library_file l ON l.name = n.name AND l.volume = u.volume LEFT JOIN file k ON"
	" k.id = l.id AND k.type = 'link' LEFT JOIN library_file t ON t.volume = l.volume AND t.name = " NAME_OF("k.target"),
	NULL,
};

static const char *const end[] = {
	"DELETE FROM service WHERE starter = 'program' AND file NOT IN (SELECT file FROM running_program)",
	/* What the image does not hold is a relic of the maker's sources; a path in another folder is a file, and the own
	   name stands in the own manual. */
	"DELETE FROM service WHERE starter = 'program' AND (program_present = 0 OR program_file = file OR (program_present IS NULL"
	" AND (program NOT GLOB '*bin/*' OR why GLOB 'named in *')))",
	"DELETE FROM service WHERE starter = 'program' AND EXISTS (SELECT 1 FROM service o WHERE o.starter = 'program' AND"
	" o.file = service.file AND o.name = service.name AND o.port IS service.port AND ((o.arguments IS NOT NULL AND"
	" service.arguments IS NULL) OR ((o.arguments IS NULL) = (service.arguments IS NULL) AND o.rowid < service.rowid)))",
	/* A mere name says nothing more where the start itself is told. */
	"DELETE FROM service WHERE starter = 'program' AND why GLOB 'named in *' AND EXISTS (SELECT 1 FROM service o WHERE"
	" o.name = service.name AND o.enabled IS NOT 0 AND o.program_present IS NOT 0 AND (o.starter <> 'program' OR o.why NOT"
	" GLOB 'named in *' OR o.rowid < service.rowid))",
	"DROP TABLE running_program",
	"DROP TABLE library_file",
	NULL,
};

static const char chain_is_long[] =
	"INSERT INTO incomplete (volume, path, missing, cause, code, detail) SELECT f.volume, f.path, 'sight', 'limit',"
	" 'services.programs', 'programs start each other through more steps than are followed' FROM running_program r JOIN file f"
	" ON f.id = r.file ORDER BY r.rowid DESC LIMIT 1";

enum outcome services_start_init(sqlite3 *database)
{
	TRY(query_run_all(database, drop_words));
	return query_run(database, start_init);
}

enum outcome services_conclude_programs(sqlite3 *database)
{
	TRY(query_run(database, only_what_stays));
	TRY(query_run_all(database, begin));
	TRY(services_follow(database, follow, "SELECT count(*) FROM running_program", chain_is_long));
	return query_run_all(database, end);
}
