#include "report/fixture.h"

#include "harness.h"

/* The image and its map. */
static const char *const mapped[] = {
	"INSERT INTO image (name, size, sha256, kind, title, understood, opaque, padding) VALUES ('cam.bin', 4000, "
	"'1111111111111111111111111111111111111111111111111111111111111111', 'firmware', 'Cam 2', 3000, 1000, 500)",
	"INSERT INTO artifact (id, name, size, sha256, kind, reason, understood, opaque, padding)"
	" VALUES (1, 'cam.bin', 4000, "
	"'1111111111111111111111111111111111111111111111111111111111111111', 'root file system', 'it holds one', 3000, 1000, 500)",
	"INSERT INTO volume (id, artifact, parent, file, format, detail, label, offset, image_offset, size, files, "
	"state)"
	" VALUES"
	" (1, 1, NULL, NULL, 'raw', NULL, NULL, 0, 0, 4000, 0, 'read'),"
	" (2, 1, 1, NULL, 'squashfs', '4.0 xz', 'root', 1000, 1000, 2000, 9, 'partial')",
	"INSERT INTO range (artifact, offset, size, kind, label, volume, entropy, within, opaque) VALUES"
	" (1, 0, 1000, 'boot', 'boot loader', 1, NULL, NULL, 0), (1, 1000, 2000, 'file system', 'squashfs', 2, NULL, NULL, 0),"
	" (1, 3000, 1000, 'opaque', 'unknown', NULL, 7.99, NULL, 1000)",
};

static const char *const full[] = {
	"INSERT INTO file (id, volume, path, type, size, kind, state)"
	" VALUES (1, 2, '/etc/passwd', 'file', 90, 'text', 'read'),"
	" (2, 2, '/bin/busybox', 'file', 900, 'elf', 'read')",
	"INSERT INTO kernel (file, release, version, banner, compiler, built, source)"
	" VALUES (2, '3.10.14', '3.10.14', NULL, NULL, NULL, 'banner')",
	"INSERT INTO boot_loader (file, offset, name, version, built, verifies) VALUES (2, 0, 'U-Boot', '1.1.3', NULL, 0)",
	"INSERT INTO account (file, line, name, uid, home, shell, password, scheme, cracked, can_login, store)"
	" VALUES (1, 1, 'root', 0, '/', '/bin/sh', 'hash', 'md5crypt', '1234', 1, 'passwd')",
	"INSERT INTO key (file, offset, kind, algorithm, bits, format, encrypted, purpose, fingerprint, comment, known)"
	" VALUES (2, 0, 'private', 'RSA', 1024, 'PEM', 0, 'tls server', 'ab', 'comment', NULL)",
	"INSERT INTO certificate (file, offset, subject, issuer, serial, not_before, not_after, key_algorithm, "
	"key_bits, signature_algorithm, self_signed, authority, private_key_present, root_store, fingerprint, "
	"key_fingerprint, known)"
	" VALUES"
	" (2, 0, 'CN=cam', 'CN=cam', '01', '2014-01-01T00:00:00Z', '2034-01-01T00:00:00Z', 'RSA', 1024,"
	" 'sha1WithRSAEncryption', 1, 0, 1, 0, 'cd', 'ab', NULL)",
	"INSERT INTO secret (file, line, offset, kind, rule, name, excerpt, confidence, placeholder)"
	" VALUES (1, 3, 30, 'wifi key', 'wifi', 'psk', 'ab…yz', 'high', 0)",
	"INSERT INTO service (file, line, name, program, arguments, protocol, starter, enabled, user, program_present)"
	" VALUES (1, 2, 'telnetd', '/usr/sbin/telnetd', '-l /bin/sh', 'telnet', 'rc script', 1, 'root', 0)",
	"INSERT INTO console (file, line, device, program, authenticated) VALUES (1, 4, 'ttyS0', '/bin/sh', 0)",
	"INSERT INTO witness (file, offset, line, component, version, method, detail, confidence)"
	" VALUES (2, 10, NULL, 'busybox', '1.19.4', 'banner', 'BusyBox v1.19.4', 95)",
	"INSERT INTO component (id, name, version, package_version, type, purl, cpe, licence, confidence, path)"
	" VALUES (1, 'busybox', '1.19.4', '1.19.4-1', 'application', 'pkg:generic/busybox@1.19.4',"
	" 'cpe:2.3:a:busybox:busybox:1.19.4:*:*:*:*:*:*:*', 'GPL-2.0-only', 95, '/bin/busybox'),"
	" (2, 'zlib', NULL, NULL, 'library', NULL, NULL, NULL, 60, '/bin/busybox')",
	"INSERT INTO component_witness (component, witness) VALUES (1, 1)",
	"INSERT INTO vulnerability (id, component, severity, cvss, cvss_version, vector, epss, known_exploited, "
	"weakness, fixed_in, status, reason, source)"
	" VALUES"
	" ('CVE-2014-9', 1, 'high', 7.5, '2.0', 'AV:N', 0.5, 0, 'CWE-20', '1.20', 'affected', 'in range', 'nvd'),"
	" ('CVE-2016-1', 1, 'low', 2.5, '3.1', NULL, NULL, 1, NULL, NULL, 'affected', 'in range', 'nvd'),"
	" ('CVE-2013-1', 1, NULL, NULL, NULL, NULL, NULL, 0, NULL, NULL, 'not affected', 'declared', 'nvd')",
	"INSERT INTO vulnerability_store (date, name, vulnerabilities, old) VALUES ('2020-01-01', 'starter', 26000, 1)",
	"INSERT INTO declaration (key, value, line) VALUES ('services.minimal', 'true', 7)",
	"INSERT INTO catalog (id, title, publisher, version) VALUES ('base', 'Baseline', 'Publisher', '2')",
	"INSERT INTO requirement (catalog, id, ordinal, title, meaning, level, condition, decidable)"
	" VALUES ('base', '1.1', 1, 'Ports are closed', 'None is open.', 'low', 'it has ports', 'partly'),"
	" ('base', '1.2', 2, 'Boards have no labels', 'None.', NULL, NULL, 'no')",
	"INSERT INTO requirement_mapping (catalog, requirement, publication, reference)"
	" VALUES ('base', '1.1', 'ETSI EN 303 645', '5.6-1')",
	"INSERT INTO verdict (catalog, requirement, verdict, reason, declaration, contradicted)"
	" VALUES ('base', '1.1', 'failed', 'telnetd is started', 'services.minimal', 1),"
	" ('base', '1.2', 'unproven', 'no image can decide it', NULL, 0)",
	"INSERT INTO verdict_evidence (catalog, requirement, role, rule, path, line, detail)"
	" VALUES ('base', '1.1', 'fails', 'service-telnet', '/etc/passwd', 2, 'telnetd is started')",
	"INSERT INTO finding (rule, title, severity, path, line, detail, advice)"
	" VALUES ('b-weak', 'Weak', 'medium', '/etc/passwd', 1, 'root has 1234', 'Mend it.'),"
	" ('a-telnet', 'Telnet', 'low', '/etc/passwd', 2, 'telnetd is started', NULL),"
	" ('c-telnet', 'Telnet at boot', 'critical', '/etc/passwd', 2, 'telnetd is started', 'Remove it.'),"
	" ('d-image', 'No path', 'high', NULL, NULL, 'nothing is signed', 'Sign it.')",
	"INSERT INTO grade (level, ceiling) VALUES (0, 2)",
	"INSERT INTO grade_reason (ordinal, kind, level, text, requirement, fact, advice, names, contradicts) VALUES"
	" (1, 'blocks', 1, '1.1 Ports are closed: disproved: telnetd is started', 'base 1.1', NULL, NULL, NULL, 0),"
	" (2, 'blocks', 1, 'A contact: product.yaml does not declare it', NULL, NULL, NULL, NULL, 0),"
	" (3, 'ceiling', 3, '1.1 Ports are closed: disproved: telnetd is started', 'base 1.1', NULL, NULL, NULL, 0),"
	" (4, 'step', 1, 'Remove it: telnetd is started [1.1]', 'base 1.1', 'telnetd is started', 'Remove it', '1.1', 0),"
	" (5, 'step', 1, 'Declare a contact', NULL, NULL, NULL, NULL, 0)",
	"INSERT INTO note (severity, code, message, path, offset)"
	" VALUES ('warning', 'squashfs.bad', 'a block is broken', '/bin/busybox', 16)",
};

/* Texts that an image, a declaration or a rule can set; what the program itself words (kinds, states) is left alone. */
static const char *const texts[] = {
	"image SET title = title", "image SET name = name", "artifact SET name = name",
	"artifact SET reason = reason", "volume SET detail = detail", "volume SET label = label",
	"range SET label = label", "file SET path = path", "kernel SET release = release", "boot_loader SET version = version",
	"account SET name = name", "account SET scheme = scheme", "account SET cracked = cracked", "key SET algorithm = algorithm",
	"key SET purpose = purpose", "certificate SET subject = subject", "secret SET name = name", "secret SET excerpt = excerpt",
	"service SET name = name", "service SET program = program", "service SET arguments = arguments", "service SET user = user",
	"console SET device = device", "console SET program = program", "witness SET detail = detail", "component SET name = name",
	"component SET version = version", "component SET package_version = package_version", "component SET purl = purl",
	"component SET licence = licence", "component SET path = path", "vulnerability SET id = id",
	"vulnerability SET reason = reason", "vulnerability SET weakness = weakness", "vulnerability SET fixed_in = fixed_in",
	"vulnerability SET vector = vector", "vulnerability_store SET name = name", "declaration SET value = value",
	"catalog SET title = title", "requirement SET title = title", "requirement SET meaning = meaning",
	"requirement SET condition = condition", "requirement_mapping SET reference = reference", "verdict SET reason = reason",
	"verdict_evidence SET path = path", "verdict_evidence SET detail = detail", "finding SET path = path",
	"finding SET title = title", "finding SET detail = detail", "finding SET advice = advice", "finding SET rule = rule",
	"grade_reason SET text = text", "note SET message = message", "note SET path = path",
};

static const char *const empty[] = {
	"INSERT INTO image (name, size, sha256, kind) VALUES"
	" ('empty', 0, '0000000000000000000000000000000000000000000000000000000000000000', 'directory')",
	"INSERT INTO volume (id, format, offset, image_offset, size, state) VALUES (1, 'raw', 0, 0, 0, 'read')",
};

static bool fill(struct evidence *evidence, const char *const *statements, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (query_run(evidence_database(evidence), statements[i]) != DONE)
			return false;
	return true;
}

#define FILL(evidence, list) fill((evidence), (list), sizeof(list) / sizeof *(list))

struct evidence *fixture_open(enum fixture parts)
{
	struct evidence *evidence;
	if (evidence_new(&evidence) != DONE)
		return NULL;
	if (parts == FIXTURE_FULL ? FILL(evidence, mapped) && FILL(evidence, full) : FILL(evidence, empty))
		return evidence;
	evidence_free(evidence);
	return NULL;
}

bool fixture_taint(struct evidence *evidence, const char *text)
{
	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
		char sql[256];
		(void)snprintf(sql, sizeof sql, "UPDATE %s || ?1", texts[i]);
		struct query query = query_start(evidence_database(evidence), sql);
		query_bind_text(&query, 1, span_of_text(text));
		(void)query_next(&query);
		if (query_end(&query) != DONE)
			return false;
	}
	return true;
}

enum outcome fixture_report(struct evidence *evidence, const char *name, int width, bool colour, struct buffer *out)
{
	struct report_options options = { .time = 1700000000, .colour = colour, .width = width };
	buffer_init(out, 64 << 20, NULL);
	return reporter_find(name)->write(evidence, &options, out);
}

size_t fixture_count(const struct buffer *report, const char *text)
{
	struct span bytes = buffer_span(report), needle = span_of_text(text);
	size_t count = 0;
	for (size_t at = 0; (at = span_find(bytes, needle, at)) != SPAN_NOT_FOUND; at += needle.size)
		count++;
	return count;
}
