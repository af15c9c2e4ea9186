/*
 * Which units of systemd are wanted by a target that is reached at boot (systemd.special(7)), which are replaced or
 * masked in /etc, which sockets and timers start the units of their name; and what Android's init files say of each other.
 */
#include "evidence/query.h"
#include "inspect/services.h"

#define NAME_OF(column) "replace(" column ", rtrim(" column ", replace(" column ", '/', '')), '')"

static const char *const statements[] = {
	/* A drop-in speaks for the unit whose name its folder bears. */
	"CREATE TEMP TABLE unit AS SELECT s.rowid AS service, f.volume AS volume, f.path AS path, CASE WHEN f.path GLOB '*.d/*.conf'"
	" THEN substr(" NAME_OF("rtrim(rtrim(f.path, replace(f.path, '/', '')), '/')") ", 1, length("
	NAME_OF("rtrim(rtrim(f.path, replace(f.path, '/', '')), '/')") ") - 2) ELSE " NAME_OF("f.path") " END AS name"
	" FROM service s JOIN file f ON f.id = s.file WHERE s.starter = 'systemd'",

	"CREATE TEMP TABLE wanted AS SELECT volume, " NAME_OF("path") " AS name, path FROM file WHERE path GLOB '*.wants/*' OR"
	" path GLOB '*.requires/*'",
	/* An instance stands for its template. */
	"INSERT INTO wanted SELECT volume, substr(name, 1, instr(name, '@')) || substr(name, instr(name, '.')), path FROM wanted"
	" WHERE name GLOB '*@?*.*'",
	"ALTER TABLE temp.wanted ADD COLUMN reached INTEGER",
	"UPDATE wanted SET reached = 1 WHERE path GLOB '*/multi-user.target.[wr]*' OR path GLOB '*/sysinit.target.[wr]*' OR path GLOB"
	" '*/basic.target.[wr]*' OR path GLOB '*/sockets.target.[wr]*' OR path GLOB '*/timers.target.[wr]*' OR path GLOB"
	" '*/paths.target.[wr]*' OR path GLOB '*/local-fs*.target.[wr]*' OR path GLOB '*/getty.target.[wr]*' OR path GLOB"
	" '*/network*.target.[wr]*' OR path GLOB '*/remote-fs*.target.[wr]*' OR path GLOB '*/default.target.[wr]*' OR (path GLOB"
	" '*/graphical.target.[wr]*' AND EXISTS (SELECT 1 FROM file d WHERE d.volume = wanted.volume AND d.path GLOB"
	" '*/systemd/system/default.target' AND d.target GLOB '*graphical.target'))",

	"UPDATE service SET enabled = 1 WHERE starter = 'systemd' AND rowid IN (SELECT u.service FROM unit u JOIN wanted w ON"
	" w.volume = u.volume AND w.name = u.name AND w.reached = 1)",

	/* A socket or a timer that is wanted starts the unit of its name, or for each connection its template. */
	"UPDATE service SET enabled = 1 WHERE starter = 'systemd' AND enabled IS NULL AND rowid IN (SELECT u.service FROM unit u"
	" JOIN wanted w ON w.volume = u.volume AND w.reached = 1 AND w.name IN (replace(replace(u.name, '@.', '.'), '.service',"
	" '.socket'), replace(u.name, '.service', '.timer'), replace(u.name, '.service', '.path')) WHERE u.name GLOB '*.service')",

	"UPDATE service SET (program, program_present, program_file) = (SELECT o.program, o.program_present, o.program_file"
	" FROM unit u JOIN unit v ON v.volume = u.volume AND v.name IN (replace(u.name, '.socket', '.service'),"
	" replace(u.name, '.socket', '@.service')) JOIN service o ON o.rowid = v.service WHERE u.service = service.rowid"
	" ORDER BY v.name LIMIT 1) WHERE starter = 'systemd' AND program IS NULL",

	/* Masked by a link to nothing; replaced by a unit of the same name in /etc, or by a drop-in that names another command. */
	"UPDATE service SET enabled = 0 WHERE starter = 'systemd' AND rowid IN (SELECT u.service FROM unit u JOIN file m ON"
	" m.volume = u.volume AND m.path = '/etc/systemd/system/' || u.name AND m.type = 'link' AND m.target = '/dev/null')",
	"UPDATE service SET enabled = 0 WHERE starter = 'systemd' AND rowid IN (SELECT u.service FROM unit u JOIN file m ON"
	" m.volume = u.volume AND m.path = '/etc/systemd/system/' || u.name AND m.type = 'file' WHERE u.path GLOB"
	" '*/lib/systemd/system/*')",
	"UPDATE service SET enabled = 0 WHERE starter = 'systemd' AND rowid IN (SELECT u.service FROM unit u JOIN unit d ON"
	" d.volume = u.volume AND d.name = u.name AND d.path GLOB '*.d/*.conf' WHERE u.path NOT GLOB '*.d/*.conf')",
	"DROP TABLE unit",
	"DROP TABLE wanted",

	/* Android: what an action of the boot starts, and what of a file that another one imports runs. */
	"UPDATE service SET enabled = 1 WHERE starter = 'android init' AND enabled IS NULL AND name IN (SELECT value FROM setting"
	" WHERE subject = 'android init' AND name = 'start')",
	"UPDATE service SET why = coalesce(why || '; ', '') || 'its file is read only where another one imports it' WHERE starter ="
	" 'android init' AND enabled IS NULL AND file IN (SELECT id FROM file WHERE path GLOB '/init.*.rc')",
	NULL,
};

enum outcome services_conclude_units(sqlite3 *database)
{
	for (const char *const *statement = statements; *statement; statement++)
		TRY(query_run(database, *statement));
	return DONE;
}
