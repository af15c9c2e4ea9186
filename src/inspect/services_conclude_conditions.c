/*
 * Whether what a script tests before it starts a service holds as the device is shipped: the maker's defaults of NVRAM, the
 * stored boot environment, uci's configuration, properties, the kernel's command line and files answer. Rules and reports
 * read the answer; none of them decides again.
 */
#include "evidence/query.h"
#include "inspect/services.h"

#define SAME_VOLUME "f.volume = (SELECT o.volume FROM file o WHERE o.id = c.file)"
/* Where the condition stands for an option of each section of a package: "dropbear.*.enable". */
#define PACKAGE "substr(c.name, 1, instr(c.name, '.*.') - 1)"
#define OPTION "substr(c.name, instr(c.name, '.*.') + 3)"
/* "network.lan.proto", "system.@system[0].telnet" */
#define DIRECT_PACKAGE "substr(c.name, 1, instr(c.name, '.') - 1)"
#define DIRECT_REST "substr(c.name, instr(c.name, '.') + 1)"
#define TRUTH(value) "CASE WHEN lower(" value ") IN ('1', 'on', 'yes', 'true', 'enabled') THEN 1 WHEN lower(" value ") IN" \
		     " ('0', 'off', 'no', 'false', 'disabled') THEN 0 END"

/* What the image gives: several answers where several sections or stores give one. NULL: something, that is not kept. */
static const char *const ask[] = {
	"CREATE TEMP TABLE answer (condition INTEGER NOT NULL, value TEXT, path TEXT)",

	"INSERT INTO answer SELECT c.rowid, 'there', f.path FROM service_condition c JOIN setting s ON s.subject = 'uci section' AND"
	" s.name GLOB replace(c.name, '[', '[[]') || '[[]*' JOIN file f ON f.id = s.file AND " SAME_VOLUME " WHERE c.source ="
	" 'uci section'",

	"INSERT INTO answer SELECT c.rowid, nullif(coalesce((SELECT t.value FROM setting t WHERE t.file = s.file AND t.subject ="
	" 'uci' AND t.name = s.name || '.' || " OPTION " ORDER BY t.line LIMIT 1), c.fallback), 'set'), f.path FROM"
	" service_condition c JOIN setting s ON s.subject = 'uci section' AND s.name GLOB " PACKAGE " || '.@*' JOIN file f ON"
	" f.id = s.file AND " SAME_VOLUME " WHERE c.source = 'uci' AND c.name GLOB '?*.[*].?*'",

	"INSERT INTO answer SELECT c.rowid, nullif(coalesce((SELECT t.value FROM setting t JOIN setting s ON s.file = t.file AND"
	" s.subject = 'uci section' WHERE t.file = f.id AND t.subject = 'uci' AND (t.name = c.name OR t.name = s.name || '.' ||"
	" substr(" DIRECT_REST ", length(s.value) + 2)) AND (t.name = c.name OR (s.value <> '' AND " DIRECT_REST " GLOB s.value ||"
	" '.*')) ORDER BY t.line LIMIT 1), ''), 'set'), f.path FROM service_condition c JOIN file f ON f.path = '/etc/config/' || "
	DIRECT_PACKAGE " AND " SAME_VOLUME " WHERE c.source = 'uci' AND c.name NOT GLOB '*.[*].*'",

	"INSERT INTO answer SELECT c.rowid, t.value, f.path FROM service_condition c JOIN setting t ON t.subject ="
	" 'default configuration' AND t.name = c.name JOIN file f ON f.id = t.file WHERE c.source = 'nvram'",

	/* A stored environment counts before the one that the boot loader brings. */
	"INSERT INTO answer SELECT c.rowid, v.value, f.path FROM service_condition c JOIN boot_variable v ON v.name = c.name AND"
	" v.source IN ('stored', 'default') JOIN file f ON f.id = v.file WHERE c.source = 'boot environment' AND (v.source ="
	" 'stored' OR NOT EXISTS (SELECT 1 FROM boot_variable o WHERE o.source = 'stored'))",

	"INSERT INTO answer SELECT c.rowid, t.value, f.path FROM service_condition c JOIN setting t ON t.subject ="
	" 'android property' AND t.name = c.name JOIN file f ON f.id = t.file WHERE c.source = 'property'",

	"INSERT INTO answer SELECT c.rowid, 'there', f.path FROM service_condition c JOIN kernel_parameter k ON k.name = c.name OR"
	" k.name || '=' || k.value = c.name JOIN file f ON f.id = k.file WHERE c.source = 'kernel command line'",

	/* What is made while it runs is not told by the image. */
	"INSERT INTO answer SELECT c.rowid, CASE WHEN EXISTS (SELECT 1 FROM file f WHERE f.path = c.name AND " SAME_VOLUME ")"
	" THEN 'there' ELSE '' END, c.name FROM service_condition c JOIN file o ON o.id = c.file JOIN volume v ON v.id = o.volume"
	" WHERE c.source = 'file' AND v.state = 'read' AND c.name NOT GLOB '/tmp/*' AND c.name NOT GLOB '/var/*' AND c.name NOT"
	" GLOB '/mnt/*' AND c.name NOT GLOB '/media/*' AND c.name NOT GLOB '/proc/*' AND c.name NOT GLOB '/sys/*' AND c.name NOT"
	" GLOB '/dev/*' AND c.name NOT GLOB '/run/*'",

	/* A maker ships a configuration that is well formed. */
	"INSERT INTO answer SELECT rowid, 'valid', NULL FROM service_condition WHERE source = 'validation'",
	NULL,
};

/* 1 where a value meets the condition, 0 where it does not. The words of uci for yes and no are not all the same word. */
#define MEETS                                                                                                          \
	"CASE WHEN a.value IS NULL THEN CASE WHEN c.value = '' THEN c.operator = '<>' END WHEN a.value = c.value THEN"        \
	" c.operator = '=' WHEN c.source = 'uci' AND (" TRUTH("a.value") ") = (" TRUTH("c.value") ") THEN NULL"               \
	" ELSE c.operator = '<>' END"

static const char *const weigh[] = {
	/* Only where all answers say the same. */
	"UPDATE service_condition AS c SET holds = (SELECT CASE WHEN count(*) > 0 AND count(" MEETS ") = count(*) AND min(" MEETS
	") = max(" MEETS ") THEN min(" MEETS ") END FROM answer a WHERE a.condition = c.rowid), (shipped, shipped_by) = (SELECT"
	" a.value, a.path FROM answer a WHERE a.condition = c.rowid ORDER BY a.path LIMIT 1) WHERE c.source IS NOT NULL AND"
	" c.source <> 'constant'",
	"DROP TABLE answer",
	NULL,
};

/* OpenWrt's own login programs take these for "no password" (has_root_pwd of init.d/telnet, login.sh, luci.sys.user, rpcd). */
static const char root_password[] =
	"INSERT INTO setting (file, line, subject, name, value) SELECT a.file, a.line, 'root password', 'none is set',"
	" CASE WHEN a.password = 'empty' THEN 'an empty field' ELSE '\"' || coalesce(a.scheme, 'x') || '\"' END"
	" FROM account a JOIN file f ON f.id = a.file WHERE a.name = 'root' AND (a.password IN ('empty', 'shadow') OR a.scheme IN"
	" ('!', 'x')) AND (f.path = '/etc/shadow' OR (f.path = '/etc/passwd' AND NOT EXISTS (SELECT 1 FROM account s JOIN file g ON"
	" g.id = s.file WHERE g.volume = f.volume AND g.path = '/etc/shadow' AND s.name = 'root'))) AND EXISTS (SELECT 1 FROM file o"
	" WHERE o.volume = f.volume AND (o.path IN ('/etc/openwrt_release', '/etc/openwrt_version') OR o.path GLOB"
	" '/usr/lib/[io]pkg/info/base-files*.list' OR o.path GLOB '/usr/lib/[io]pkg/info/base-files*.control'))";

#define UNTIL_PASSWORD                                                                                                 \
	"enabled IS NULL AND protocol = 'telnet' AND EXISTS (SELECT 1 FROM setting t WHERE t.file = service.file AND"         \
	" t.subject = 'telnet' AND t.name = 'started until')"
#define ROOT_HAS_PASSWORD                                                                                              \
	"EXISTS (SELECT 1 FROM account a JOIN file f ON f.id = a.file JOIN file o ON o.volume = f.volume WHERE o.id ="        \
	" service.file AND f.path IN ('/etc/passwd', '/etc/shadow') AND a.name = 'root' AND a.password = 'hash' AND a.scheme" \
	" IS NOT '!')"
#define SETTLED                                                                                                        \
	"(SELECT count(DISTINCT c.number) FROM service_condition c WHERE c.file = service.file AND c.line = service.line AND" \
	" c.service = service.name AND c.holds = 1)"
#define ASKED                                                                                                          \
	"(SELECT count(DISTINCT c.number) FROM service_condition c WHERE c.file = service.file AND c.line = service.line AND" \
	" c.service = service.name)"

/* A bare word that is no program that is known may be a function that is read in. */
#define UNDECIDED "enabled IS NULL AND (program_file IS NOT NULL OR protocol IS NOT NULL OR program GLOB '/*')"
#define NEVER                                                                                                          \
	"EXISTS (SELECT 1 FROM service_condition c WHERE c.file = service.file AND c.line = service.line AND c.service ="     \
	" service.name GROUP BY c.number HAVING min(c.source IS 'constant' AND c.holds IS 0))"

static const char *const decide[] = {
	"UPDATE service SET enabled = 1 WHERE " UNTIL_PASSWORD " AND EXISTS (SELECT 1 FROM setting t JOIN file f ON f.id = t.file"
	" JOIN file o ON o.volume = f.volume WHERE o.id = service.file AND t.subject = 'root password') AND NOT " ROOT_HAS_PASSWORD
	" AND NOT EXISTS (SELECT 1 FROM file k JOIN file o ON o.volume = k.volume WHERE o.id = service.file AND k.path ="
	" '/etc/dropbear/authorized_keys' AND k.size > 0)",

	"UPDATE service SET enabled = 1 WHERE " UNDECIDED " AND " ASKED " > 0 AND " ASKED " = " SETTLED,

	/* A constant of the script itself never changes. */
	"UPDATE service SET enabled = 0 WHERE " UNDECIDED " AND " NEVER,
	NULL,
};

/* Said at the end, of what did start. */
static const char *const tell[] = {
	"DELETE FROM service_condition WHERE NOT EXISTS (SELECT 1 FROM service s WHERE s.file = service_condition.file AND s.line ="
	" service_condition.line AND s.name = service_condition.service)",

	"UPDATE service SET why = coalesce(why || '; ', '') || CASE WHEN EXISTS (SELECT 1 FROM setting t WHERE t.file = service.file"
	" AND t.subject = 'telnet' AND t.name = 'started until') THEN 'started as long as root has no password, and none is set'"
	" ELSE 'what its script tests holds as shipped' END WHERE enabled = 1 AND " ASKED " > 0",

	"UPDATE service SET why = coalesce(why || '; ', '') || 'its script never comes there' WHERE enabled = 0 AND program_present"
	" IS NOT 0 AND " NEVER,
	NULL,
};

enum outcome services_conclude_conditions(sqlite3 *database)
{
	TRY(query_run_all(database, ask));
	TRY(query_run_all(database, weigh));
	TRY(query_run(database, root_password));
	return query_run_all(database, decide);
}

enum outcome services_tell_conditions(sqlite3 *database)
{
	return query_run_all(database, tell);
}
