/*
 * Which units of systemd are wanted by a target that is reached at boot (systemd.special(7)), which are replaced or
 * masked in /etc, which sockets and timers start the units of their name; and what Android's init files say of each other.
 */
#include "evidence/query.h"
#include "inspect/services_sql.h"

static const char *const begin[] = {
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

	/* The target that the image names, and those that every boot goes through. */
	"CREATE TEMP TABLE reached (volume INTEGER, name TEXT, UNIQUE (volume, name))",
	"INSERT OR IGNORE INTO reached SELECT volume, name FROM wanted WHERE reached = 1",
	"INSERT OR IGNORE INTO reached SELECT volume, " NAME_OF("target") " FROM file WHERE type = 'link' AND path GLOB"
	" '*/systemd/system/default.target'",
	"INSERT OR IGNORE INTO reached SELECT DISTINCT u.volume, t.column1 FROM unit u, (VALUES ('sysinit.target'), ('basic.target'),"
	" ('sockets.target'), ('timers.target'), ('multi-user.target')) t",
	NULL,
};

/* What a unit that is reached wants: by links in its folder, and by its own words. */
static const char *const follow[] = {
	"INSERT OR IGNORE INTO reached SELECT w.volume, w.name FROM wanted w JOIN reached r ON r.volume = w.volume AND"
	" (instr(w.path, '/' || r.name || '.wants/') > 0 OR instr(w.path, '/' || r.name || '.requires/') > 0)",

	"INSERT OR IGNORE INTO reached SELECT f.volume, s.value FROM setting s JOIN file f ON f.id = s.file JOIN reached r ON"
	" r.volume = f.volume AND r.name = " NAME_OF("f.path") " WHERE s.subject = 'systemd' AND s.name = 'wants'",
	NULL,
};

static const char *const statements[] = {
	"UPDATE service SET enabled = 1 WHERE starter = 'systemd' AND rowid IN (SELECT u.service FROM unit u JOIN reached w ON"
	" w.volume = u.volume AND w.name = u.name)",

	/* A socket or a timer that is wanted starts the unit of its name, or for each connection its template. */
	"UPDATE service SET enabled = 1 WHERE starter = 'systemd' AND enabled IS NULL AND rowid IN (SELECT u.service FROM unit u"
	" JOIN reached w ON w.volume = u.volume AND w.name IN (replace(replace(u.name, '@.', '.'), '.service',"
	" '.socket'), replace(u.name, '.service', '.timer'), replace(u.name, '.service', '.path')) WHERE u.name GLOB '*.service')",

	"UPDATE service SET (program, program_present, program_file) = (SELECT o.program, o.program_present, o.program_file"
	" FROM unit u JOIN unit v ON v.volume = u.volume AND v.name IN (replace(u.name, '.socket', '.service'),"
	" replace(u.name, '.socket', '@.service')) JOIN service o ON o.rowid = v.service WHERE u.service = service.rowid"
	" ORDER BY v.name LIMIT 1) WHERE starter = 'systemd' AND program IS NULL",

	/* What is given its connections by a socket waits where that does. */
	"UPDATE service SET (port, port_source) = (SELECT o.port, 'unit' FROM unit u JOIN unit v ON v.volume = u.volume AND v.name ="
	" replace(replace(u.name, '@.', '.'), '.service', '.socket') JOIN service o ON o.rowid = v.service WHERE u.service ="
	" service.rowid AND u.name GLOB '*.service' AND o.port IS NOT NULL ORDER BY o.rowid LIMIT 1) WHERE starter = 'systemd' AND"
	" port_source = 'default' AND EXISTS (SELECT 1 FROM unit u JOIN unit v ON v.volume = u.volume AND v.name ="
	" replace(replace(u.name, '@.', '.'), '.service', '.socket') JOIN service o ON o.rowid = v.service WHERE u.service ="
	" service.rowid AND u.name GLOB '*.service' AND o.port IS NOT NULL)",

	/* Without a machine's number it boots for the first time, and enables what a preset names first (systemd.preset(5),
	   machine-id(5)). Files of /etc replace those of the same name; all are read in the order of their names. */
	"UPDATE service SET enabled = 1, why = coalesce(why || '; ', '') || 'enabled by a preset when it first boots' WHERE starter ="
	" 'systemd' AND enabled IS NULL AND rowid IN (SELECT u.service FROM unit u JOIN volume v ON v.id = u.volume WHERE v.state ="
	" 'read' AND u.path NOT GLOB '*.d/*.conf' AND u.name NOT GLOB '*@.*' AND NOT EXISTS (SELECT 1 FROM file m WHERE m.volume ="
	" u.volume AND m.path = '/etc/machine-id') AND 'enable' = (SELECT t.name FROM setting t JOIN file p ON p.id = t.file WHERE"
	" t.subject = 'systemd preset' AND p.volume = u.volume AND u.name GLOB t.value AND NOT EXISTS (SELECT 1 FROM file o WHERE"
	" o.volume = p.volume AND o.path <> p.path AND o.path = '/etc/systemd/system-preset/' || " NAME_OF("p.path") ") ORDER BY "
	NAME_OF("p.path") ", t.line LIMIT 1))",

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
	"DROP TABLE reached",

	/* Android: what an action of the boot starts, in a file that init reads; of other hardware's files nothing runs. */
	"UPDATE service SET enabled = 1 WHERE starter = 'android init' AND enabled IS NULL AND name IN ("
	"WITH RECURSIVE text(id, path, name) AS (SELECT id, path, replace(path, rtrim(path, replace(path, '/', '')), '') FROM file"
	" WHERE id IN (SELECT file FROM setting WHERE subject = 'android init')),"
	" read(id) AS (SELECT id FROM text WHERE name = 'init.rc' OR path GLOB '*/etc/init/*'"
	" UNION SELECT t.id FROM read r JOIN setting s ON s.file = r.id AND s.subject = 'android init' AND s.name = 'import'"
	" JOIN text t ON t.name = s.value)"
	" SELECT s.value FROM setting s JOIN read r ON r.id = s.file WHERE s.subject = 'android init' AND s.name = 'start')",
	"UPDATE service SET enabled = 1, why = coalesce(why || '; ', '') || 'persist.sys.usb.config starts it'"
	" WHERE starter = 'android init' AND protocol = 'adb' AND enabled IS NULL"
	" AND EXISTS (SELECT 1 FROM setting"
	" WHERE subject = 'android property' AND name = 'persist.sys.usb.config' AND ',' || value || ',' GLOB '*,adb,*')",
	"UPDATE service SET why = coalesce(why || '; ', '') || 'its file is read only where another one imports it' WHERE starter ="
	" 'android init' AND enabled IS NULL AND file IN (SELECT id FROM file WHERE path GLOB '/init.*.rc')",
	NULL,
};

/* The last that was reached is where it ended. */
static const char chain_is_long[] =
	"INSERT INTO incomplete (volume, path, missing, cause, code, detail) SELECT volume, name, 'sight', 'limit', 'services.units',"
	" 'units want each other through more steps than are followed' FROM reached ORDER BY rowid DESC LIMIT 1";

enum outcome services_conclude_units(sqlite3 *database)
{
	TRY(query_run_all(database, begin));
	TRY(services_follow(database, follow, "SELECT count(*) FROM reached", chain_is_long));
	return query_run_all(database, statements);
}
