-- Tables that rules may use beside those of the evidence. They are temporary: made anew when rules run, never saved.
-- docs/rules.md describes them.

-- A volume that holds a Linux root file system; complete = 1 where all of it was read.
DROP TABLE IF EXISTS temp.root_volume;
CREATE TEMP TABLE root_volume AS
SELECT v.id AS id, v.format AS format,
	v.state = 'read' AND NOT EXISTS (SELECT 1 FROM file f WHERE f.volume = v.id AND f.state <> 'read') AS complete
FROM volume v
WHERE (SELECT count(*) FROM file f WHERE f.volume = v.id AND f.role IS NOT 'package' AND f.path IN
	('/bin/sh', '/bin/busybox', '/usr/bin/sh', '/sbin/init', '/init', '/etc/passwd', '/etc/inittab', '/etc/fstab')) >= 2;

-- Bytes of the files that the product consists of, and how many of them are opaque: an archive around them is not counted.
DROP TABLE IF EXISTS temp.content;
CREATE TEMP TABLE content AS
SELECT total(size) AS size, total(opaque) AS opaque FROM artifact
WHERE id NOT IN (SELECT parent FROM artifact WHERE parent IS NOT NULL);

-- What was not read, in words; no row where all was. Endpoints that had no room are told as a remark: nothing is shown of them.
-- Bytes of a file that are told as encrypted or encoded are among the opaque ones, and are not told twice.
-- A few bytes that nobody can name (a stray checksum, an end mark) are let pass: they are too few to hold a program.
DROP TABLE IF EXISTS temp.unread;
CREATE TEMP TABLE unread AS
WITH relevant AS (SELECT * FROM incomplete WHERE code NOT IN ('facts.endpoint', 'endpoints.hits')),
	opaque(bytes) AS (SELECT max(coalesce((SELECT opaque_content FROM image), 0), (SELECT CAST(opaque AS INTEGER) FROM content))),
	dense(dense) AS (SELECT CAST(total(amount) AS INTEGER) FROM relevant WHERE code = 'content.opaque'),
	other AS (SELECT * FROM relevant WHERE code NOT IN ('content.opaque', 'content.encoded') OR (SELECT bytes FROM opaque) <= 256)
SELECT 1 AS ordinal, printf('%,d', bytes) || ' bytes are opaque' || CASE WHEN dense BETWEEN 1 AND bytes
	THEN printf(', %,d of them encrypted or compressed in an unknown way', dense) ELSE '' END AS words FROM opaque, dense WHERE bytes > 256
UNION ALL SELECT 2, count(*) || CASE count(*) WHEN 1 THEN ' volume was' ELSE ' volumes were' END || ' not read whole' FROM volume
	WHERE state <> 'read' HAVING count(*) > 0
UNION ALL SELECT 3, count(*) || CASE count(*) WHEN 1 THEN ' file was' ELSE ' files were' END || ' not read whole' FROM file
	WHERE state <> 'read' HAVING count(*) > 0
UNION ALL SELECT 4, min(detail) || CASE WHEN count(*) > 1 THEN ', and ' || (count(*) - 1) || ' more such' ELSE '' END FROM other
	WHERE missing NOT IN ('content', 'entries') OR NOT EXISTS (SELECT 1 FROM volume WHERE state <> 'read' UNION ALL SELECT 1 FROM file WHERE state <> 'read')
	HAVING count(*) > 0;

-- One row where nothing of the image can be started: each of its programs needs a loader (execve(2)), and nothing of that
-- name is there. A part of the device is then missing; what its settings would allow nobody can use as it is.
DROP TABLE IF EXISTS temp.lifeless;
CREATE TEMP TABLE lifeless AS
WITH own AS (SELECT e.* FROM elf e JOIN file f ON f.id = e.file WHERE f.role IS NOT 'package'),
	loader(path, name) AS (SELECT DISTINCT interpreter, replace(interpreter, rtrim(interpreter, replace(interpreter, '/', '')), '')
	FROM own WHERE interpreter IS NOT NULL)
SELECT min(path) AS loader, (SELECT count(*) FROM own) AS programs FROM loader
WHERE EXISTS (SELECT 1 FROM root_volume) AND NOT EXISTS (SELECT 1 FROM root_volume WHERE NOT complete)
	AND NOT EXISTS (SELECT 1 FROM unread)
	AND NOT EXISTS (SELECT 1 FROM own WHERE interpreter IS NULL OR type <> 'executable') AND NOT EXISTS (SELECT 1 FROM flat_program)
	AND NOT EXISTS (SELECT 1 FROM file f JOIN loader l ON f.path LIKE '%/' || l.name)
HAVING count(*) > 0;

-- What must have been read before a rule shows something (its `needs`): why is NULL where it was.
DROP TABLE IF EXISTS temp.scope;
CREATE TEMP TABLE scope AS
WITH rest(why) AS (SELECT group_concat(words, '; ') FROM (SELECT words FROM unread ORDER BY ordinal)),
	no_root(why) AS (SELECT CASE WHEN NOT EXISTS (SELECT 1 FROM root_volume) THEN 'no root file system was read'
		WHEN EXISTS (SELECT 1 FROM root_volume WHERE NOT complete) THEN 'the root file system was not read whole' END),
	no_kernel(why) AS (SELECT CASE WHEN NOT EXISTS (SELECT 1 FROM kernel WHERE source = 'banner') THEN 'no kernel was read' END),
	no_boot(why) AS (SELECT CASE WHEN NOT EXISTS (SELECT 1 FROM boot_loader) THEN 'no boot loader was read' END)
SELECT 'root' AS name, coalesce(rest.why, no_root.why) AS why FROM rest, no_root
UNION ALL SELECT 'kernel', coalesce(rest.why, no_kernel.why) FROM rest, no_kernel
UNION ALL SELECT 'boot', coalesce(rest.why, no_boot.why, no_kernel.why) FROM rest, no_boot, no_kernel
UNION ALL SELECT 'update', coalesce(rest.why, no_root.why, no_kernel.why, no_boot.why) FROM rest, no_root, no_kernel, no_boot
UNION ALL SELECT 'whole-device', coalesce(rest.why, no_root.why, no_kernel.why, no_boot.why) FROM rest, no_root, no_kernel, no_boot;

-- One row where everything that was given was read, a root file system among it: what is not found there is then not there.
DROP TABLE IF EXISTS temp.whole;
CREATE TEMP TABLE whole AS SELECT 1 AS yes FROM scope WHERE name = 'root' AND why IS NULL;

-- What kind of device it is: 'linux-device' where a root file system was read (or an Android system), else the kind of the largest
-- artifact that has one. Rules and catalogues speak of the kinds that they name, of Linux devices where they name none.
DROP TABLE IF EXISTS temp.device_kind;
CREATE TEMP TABLE device_kind AS
WITH told(kind, reason) AS (SELECT kind, reason FROM artifact
	ORDER BY kind IN ('archive', 'document', 'data', 'unknown'), kind = 'unknown', size DESC, id LIMIT 1)
SELECT CASE WHEN EXISTS (SELECT 1 FROM root_volume) OR EXISTS (SELECT 1 FROM artifact WHERE kind IN ('linux device', 'android device'))
	THEN 'linux-device' ELSE coalesce((SELECT replace(kind, ' ', '-') FROM told), 'unknown') END AS kind,
	CASE WHEN EXISTS (SELECT 1 FROM root_volume) THEN 'a Linux device'
	ELSE coalesce((SELECT CASE kind WHEN 'data' THEN 'data of a known format' WHEN 'unknown' THEN 'something unknown'
		WHEN 'linux device' THEN 'a Linux device' WHEN 'sbom' THEN 'an SBOM' WHEN 'document' THEN 'a document'
		WHEN 'microcontroller' THEN 'firmware of a microcontroller' WHEN 'file system' THEN 'a file system that is no root of a system'
		ELSE CASE WHEN substr(kind, 1, 1) IN ('a', 'e', 'i', 'o', 'u') THEN 'an ' ELSE 'a ' END || kind END
		|| CASE WHEN length(reason) > 0 THEN ' (' || reason || ')' ELSE '' END FROM told), 'something unknown') END AS words;

-- An ELF object of a root file system, for the machine that the image is for: not firmware of other chips, not kernels.
DROP TABLE IF EXISTS temp.object;
CREATE TEMP TABLE object AS
SELECT f.id AS file, f.path AS path, f.volume AS volume, e.type AS type, e.interpreter AS interpreter, e.static AS static,
	e.pie AS pie, e.nx AS nx, e.relro AS relro, e.canary AS canary, e.fortify AS fortify, e.rpath AS rpath,
	e.runpath AS runpath, e.stripped AS stripped, f.mode AS mode
FROM elf e JOIN file f ON f.id = e.file JOIN root_volume r ON r.id = f.volume
WHERE e.type IN ('executable', 'shared library')
	AND f.path LIKE '/%' AND f.path NOT LIKE '%/lib/firmware/%' AND f.path NOT LIKE '/boot/%' AND f.path NOT LIKE '%.ko'
	AND coalesce(f.kind, 'elf') = 'elf'
	AND e.machine = coalesce((SELECT name FROM machine ORDER BY weight DESC, name LIMIT 1),
		(SELECT machine FROM elf GROUP BY machine ORDER BY count(*) DESC, machine LIMIT 1));

-- A program of a root file system.
DROP TABLE IF EXISTS temp.program;
CREATE TEMP TABLE program AS
SELECT * FROM object WHERE type = 'executable' AND (mode IS NULL OR mode & 73);

-- A line of passwd or shadow that counts: may_login = 0 where the account's shell does not let it in, or nothing can ask for its password; NULL where not known.
-- A copy such as passwd.bak counts only where the file itself is not there (it is then copied at boot), and one of shadow only where no passwd holds its own.
DROP TABLE IF EXISTS temp.login;
CREATE TEMP TABLE login AS
SELECT f.path AS path, f.volume AS volume, a.line AS line, a.name AS name, a.password AS password, a.scheme AS scheme,
	a.cracked AS cracked, a.store AS store,
	coalesce(a.uid, (SELECT p.uid FROM account p JOIN file g ON g.id = p.file
		WHERE g.volume = f.volume AND p.name = a.name AND p.store = 'passwd' AND p.uid IS NOT NULL ORDER BY p.line LIMIT 1)) AS uid,
	CASE WHEN EXISTS (SELECT 1 FROM lifeless) THEN 0 WHEN a.store = 'passwd' THEN a.can_login ELSE coalesce((SELECT max(p.can_login) FROM account p JOIN file g ON g.id = p.file
		WHERE g.volume = f.volume AND p.name = a.name AND p.store = 'passwd'), a.can_login) END AS may_login
FROM account a JOIN file f ON f.id = a.file
WHERE a.store IN ('passwd', 'shadow')
	AND f.path REGEXP '/(default_|master\.)?(passwd|shadow)([._](bak|default|def|orig|ro))?$'
	AND (f.role IS NULL OR f.role = 'backup')
	AND f.path NOT REGEXP '/(share|factory|ftp|vsftpd|proftpd)/'
	AND (f.path REGEXP '/(passwd|shadow)$' OR NOT EXISTS (SELECT 1 FROM file g
		WHERE g.volume = f.volume AND g.type = 'file' AND g.size > 0 AND g.path IN ('/etc/passwd', '/etc/shadow')
			AND f.path LIKE '%' || replace(g.path, '/etc', '') || '%'))
	AND (f.path REGEXP '/shadow$' OR f.path NOT LIKE '%shadow%' OR NOT EXISTS (SELECT 1 FROM account p JOIN file g ON g.id = p.file
		WHERE g.volume = f.volume AND g.path = '/etc/passwd' AND p.name = a.name AND p.password <> 'shadow'));

CREATE INDEX temp.login_name ON login(name);

-- Root where no password is set for it, as OpenWrt's own login programs see it: what concludes the services tells it.
DROP TABLE IF EXISTS temp.root_unset;
CREATE TEMP TABLE root_unset AS
SELECT f.volume AS volume, f.path AS path, t.line AS line, t.value AS mark
FROM setting t JOIN file f ON f.id = t.file WHERE t.subject = 'root password';

-- A service that is started at boot, or by a super-server on demand, and whose program is there as far as it can be told.
DROP TABLE IF EXISTS temp.started;
CREATE TEMP TABLE started AS
SELECT s.rowid AS service, f.path AS path, s.line AS line, s.name AS name, s.program AS program, s.arguments AS arguments,
	s.protocol AS protocol, s.user AS user, s.listens AS listens, s.port AS port, s.program_file AS program_file, s.why AS why, f.volume AS volume,
	CASE WHEN s.starter IN ('inetd', 'xinetd') THEN ' is started on demand by ' || s.starter ELSE ' is started at boot' END AS how
FROM service s JOIN file f ON f.id = s.file
WHERE s.enabled = 1 AND s.program_present IS NOT 0;

-- OpenWrt's dropbear where it is started and root gets in without a password: its field is empty, and no setting turns that away.
DROP TABLE IF EXISTS temp.blank_ssh;
CREATE TEMP TABLE blank_ssh AS
SELECT u.volume AS volume, u.path AS path, u.line AS line, u.mark AS mark, min(s.path) AS starter
FROM root_unset u JOIN started s ON s.volume = u.volume AND s.name = 'dropbear'
WHERE u.mark = 'an empty field'
	AND EXISTS (SELECT 1 FROM setting t JOIN file g ON g.id = t.file WHERE g.volume = u.volume AND t.subject = 'dropbear')
	AND NOT EXISTS (SELECT 1 FROM setting t JOIN file g ON g.id = t.file WHERE g.volume = u.volume AND t.subject = 'dropbear'
		AND t.name IN ('PasswordAuth', 'RootPasswordAuth', 'RootLogin', 'enable') AND lower(t.value) IN ('off', '0', 'no', 'false'))
GROUP BY u.volume, u.path, u.line, u.mark;

-- A service that a script starts only where a variable, a setting or a file that stands for a debug or factory mode, or for the
-- service itself, says so; or that a script starts which is itself started so. named = 1 where it is a mode by its name.
DROP TABLE IF EXISTS temp.special_mode;
CREATE TEMP TABLE special_mode AS
WITH started_so(service, condition) AS (
	SELECT s.rowid, c.rowid FROM service s JOIN service_condition c ON c.file = s.file AND c.line = s.line AND c.service = s.name
	UNION SELECT s.rowid, c.rowid FROM service s JOIN service p ON p.program_file = s.file AND p.rowid <> s.rowid
		JOIN service_condition c ON c.file = p.file AND c.line = p.line AND c.service = p.name
		WHERE NOT EXISTS (SELECT 1 FROM service q WHERE q.program_file = s.file AND q.rowid <> p.rowid)),
mode(service, condition, named) AS (SELECT w.service, w.condition,
		c.name REGEXP '(?i)(^|[^a-z])(debug|dbg|factory|fac|mfg|mp|manufactur[a-z]*|engineer[a-z]*|eng|test|ate|develop[a-z]*|dev|diag|diagnostics?|maintenance|rd)_?(mode|en|enable|enabled|flag|test|build|boot)?([^a-z]|$)'
	FROM started_so w JOIN service_condition c ON c.rowid = w.condition
	WHERE c.source IN ('nvram', 'boot environment', 'uci', 'property', 'kernel command line', 'file', 'variable')
		AND c.name NOT REGEXP '^/(proc|sys|s?bin|usr)/|\*'
		AND ((c.operator = '=' AND lower(c.value) NOT IN ('', '0', 'off', 'no', 'false', 'disable', 'disabled'))
			OR (c.operator = '<>' AND lower(c.value) IN ('', '0', 'off', 'no', 'false', 'disable', 'disabled')))
		AND (c.name REGEXP '(?i)(^|[^a-z])(debug|dbg|factory|fac|mfg|mp|manufactur[a-z]*|engineer[a-z]*|eng|test|ate|develop[a-z]*|dev|diag|diagnostics?|maintenance|rd)_?(mode|en|enable|enabled|flag|test|build|boot)?([^a-z]|$)'
			OR c.name REGEXP '(?i)telnet|ssh|adb|ftp|dropbear|shell|backdoor')),
told(service, condition, named) AS (SELECT service, min(condition), max(named) FROM mode m
	WHERE named = (SELECT max(o.named) FROM mode o WHERE o.service = m.service) GROUP BY service)
SELECT s.rowid AS service, f.path AS path, s.line AS line, s.name AS name, s.protocol AS protocol, s.enabled AS enabled,
	s.program_file AS program_file, s.listens AS listens, t.named AS named,
	CASE c.source WHEN 'file' THEN 'the file ' || c.name || ' is there' WHEN 'kernel command line' THEN
		'the kernel''s command line holds ' || c.name ELSE c.name || CASE c.operator || c.value WHEN '<>' THEN ' is set' ELSE
		CASE c.operator WHEN '=' THEN ' is ' ELSE ' is not ' END || c.value END
		|| CASE c.source WHEN 'variable' THEN ' (a variable of the script)' ELSE ' (' || c.source || ')' END END
	|| CASE WHEN t.named THEN ', a debug or factory mode' ELSE '' END
	|| CASE WHEN c.holds = 1 AND c.shipped_by IS NOT NULL THEN ', which the image itself sets so (' || c.shipped_by || ')'
		WHEN c.holds = 0 AND c.shipped_by IS NOT NULL AND c.source <> 'file' THEN ', which the image ships as "' || c.shipped || '" (' || c.shipped_by || ')'
		ELSE '' END AS words,
	CASE WHEN c.source IN ('variable', 'file') THEN 'medium' ELSE 'high' END AS confidence
FROM told t JOIN service s ON s.rowid = t.service JOIN service_condition c ON c.rowid = t.condition JOIN file f ON f.id = s.file
	JOIN root_volume r ON r.id = f.volume
WHERE s.enabled IS NOT 0 AND s.program_present IS NOT 0;

-- A script of a root file system that runs what it takes from elsewhere. What is downloaded is told where it runs, not also where it becomes executable.
DROP TABLE IF EXISTS temp.runs_foreign;
CREATE TEMP TABLE runs_foreign AS
SELECT f.path AS path, c.line AS line, c.kind AS kind, c.origin AS origin, c.unprotected AS unprotected, c.detail AS detail, c.started AS started
FROM foreign_command c JOIN file f ON f.id = c.file JOIN root_volume r ON r.id = f.volume
WHERE NOT (c.detail GLOB 'chmod *' AND EXISTS (SELECT 1 FROM foreign_command o WHERE o.file = c.file AND o.origin IS c.origin
	AND o.rowid <> c.rowid AND o.line >= c.line AND o.detail NOT GLOB 'chmod *'));

-- A program or library that stands out: nearly all others are stripped, this one is not, and neither a list of a package nor the sight
-- of a component names it. Such a program is worth a look before anything is done to it.
DROP TABLE IF EXISTS temp.odd_program;
CREATE TEMP TABLE odd_program AS
SELECT p.file AS file, p.path AS path, p.volume AS volume
FROM object p
WHERE p.stripped = 0
	AND (SELECT count(*) >= 10 AND sum(o.stripped) * 10 >= count(*) * 9 FROM object o WHERE o.volume = p.volume)
	AND NOT EXISTS (SELECT 1 FROM witness w WHERE w.file = p.file)
	AND NOT EXISTS (SELECT 1 FROM package_file l JOIN file f ON f.id = l.file WHERE f.volume = p.volume AND l.path = p.path);

-- A console on a serial line (or on /dev/console, which is one on devices without a screen). A login script that a
-- table of init names counts once; a program that is not there binds nothing.
DROP TABLE IF EXISTS temp.serial_console;
CREATE TEMP TABLE serial_console AS
SELECT f.path AS path, c.line AS line, c.device AS device, c.program AS program, c.authenticated AS authenticated
FROM console c JOIN file f ON f.id = c.file
WHERE c.program_present IS NOT 0 AND (c.device REGEXP '^(/dev/)?(tty([A-Zas][A-Za-z]*|mxc)[0-9]+|tts/[0-9]+)$'
	OR (c.device REGEXP '^(/dev/)?console$' AND NOT EXISTS (SELECT 1 FROM kernel_parameter k
		WHERE k.name = 'console' AND k.value REGEXP '^tty[0-9]')))
	AND NOT (f.path LIKE '%/login.sh' AND EXISTS (SELECT 1 FROM console o WHERE o.file <> c.file AND o.program LIKE '%' || f.path || '%'));

-- What the boot loader runs at every boot to install firmware from a card or stick: a command of a chip maker for that
-- ("sdupdate"), or a file that is loaded from there and written to the flash. bootcmd and what it runs are one script.
DROP TABLE IF EXISTS temp.boot_install;
CREATE TEMP TABLE boot_install AS
WITH command AS (SELECT v.file AS file, v.source AS source, v.name AS name, v.value AS value FROM boot_variable v
		WHERE v.name = 'bootcmd' AND (v.source = 'stored' OR NOT EXISTS (SELECT 1 FROM boot_variable s WHERE s.name = 'bootcmd' AND s.source = 'stored'))),
	script AS (SELECT * FROM command UNION SELECT v.file, v.source, v.name, v.value FROM boot_variable v JOIN command c
		ON v.file = c.file AND v.source = c.source AND instr(replace(c.value, ';', ' ') || ' ', 'run ' || v.name || ' ') > 0)
SELECT f.path AS path, s.name || ' (' || s.source || ' environment) ' || CASE
	WHEN s.value REGEXP '(?i)(^|[;&|] *|then *|else *|do *)(sd|mmc|usb|udisk|card)_?up(date|grade)( *[;&|]| |$)' THEN 'calls a command that installs firmware from a card or stick'
	ELSE 'loads a file from a card or stick and writes it to the flash' END || ': ' || s.value AS how
FROM script s JOIN file f ON f.id = s.file
WHERE s.value REGEXP '(?i)(^|[;&|] *|then *|else *|do *)(sd|mmc|usb|udisk|card)_?up(date|grade)( *[;&|]| |$)'
	OR s.value REGEXP '(?i)(fat|ext[24])?load +(mmc|usb) +.*[;&] *((sf|nand|nor|spinand) +(write|update)|cp[.]b) ';

-- A known vulnerability that the maker has not answered with "not affected" or "fixed".
DROP TABLE IF EXISTS temp.open_vulnerability;
CREATE TEMP TABLE open_vulnerability AS
SELECT v.id AS id, v.severity AS severity, v.cvss AS cvss, v.epss AS epss, v.known_exploited AS known_exploited,
	v.fixed_in AS fixed_in, v.component AS component, c.name AS name, c.version AS version, c.path AS path, c.confidence AS confidence
FROM vulnerability v JOIN component c ON c.id = v.component
WHERE v.status = 'affected' AND NOT EXISTS (SELECT 1 FROM declaration d
	WHERE d.key = 'vulnerabilities.' || v.id || '.status' AND d.value IN ('not affected', 'fixed'));

-- The store, where it counts what is not in it: it is not old, is as it was signed, and has no less than it should.
DROP TABLE IF EXISTS temp.sound_store;
CREATE TEMP TABLE sound_store AS
SELECT date FROM vulnerability_store WHERE old = 0 AND coalesce(signature, '') NOT IN ('wrong', 'changed') AND less IS NULL;

-- The day that ends of support are compared with: that of the vulnerability data, or else of our own.
DROP TABLE IF EXISTS temp.reference_day;
CREATE TEMP TABLE reference_day AS
SELECT coalesce((SELECT max(date) FROM vulnerability_store), '2026-08-22') AS day;

-- A Linux kernel of the image, its series, and the last day of upstream fixes; over = 1 where that has passed. Kernels of
-- distributions are mended by these, and not told here.
DROP TABLE IF EXISTS temp.kernel_support;
CREATE TEMP TABLE kernel_support AS
SELECT f.path AS path, k.version AS version, s.series AS series, s.ended AS ended,
	s.ended < (SELECT day FROM reference_day) AS over
FROM kernel k JOIN file f ON f.id = k.file JOIN support_series s ON s.component = 'linux'
	AND (k.version = s.series OR k.version LIKE s.series || '.%')
WHERE k.source IN ('banner', 'modules', 'uimage')
	AND k.rowid = (SELECT min(rowid) FROM kernel o WHERE o.version = k.version AND o.source IN ('banner', 'modules', 'uimage'))
	AND NOT EXISTS (SELECT 1 FROM support_series l WHERE l.component = 'linux' AND length(l.series) > length(s.series)
		AND (k.version = l.series OR k.version LIKE l.series || '.%'))
	AND NOT EXISTS (SELECT 1 FROM package p WHERE p.manager IN ('dpkg', 'apk', 'rpm')
		AND p.name REGEXP '^(linux-image|linux-lts|linux-virt|linux-rpi|kernel)(-|$)');
