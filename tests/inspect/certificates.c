/* The certificate was made for this file by openssl; the fingerprints come from sha256sum. */
#include "harness.h"
#include "evidence/query.h"
#include "inspect/inspected.h"
#include "inspect/registry.h"

static const char certificate[] =
	"-----BEGIN CERTIFICATE-----\n"
	"MIIBgjCCASmgAwIBAgICEjQwCgYIKoZIzj0EAwIwIDEPMA0GA1UEAwwGZGV2aWNl\n"
	"MQ0wCwYDVQQKDARUZXN0MB4XDTI2MTEyMzEzMTgxMFoXDTM2MTEyMDEzMTgxMFow\n"
	"IDEPMA0GA1UEAwwGZGV2aWNlMQ0wCwYDVQQKDARUZXN0MFkwEwYHKoZIzj0CAQYI\n"
	"KoZIzj0DAQcDQgAEh9tmNXQ/3XNTSnZjCIZI7vLRhsDZ/xeNpGZwe/WELcWPyJSh\n"
	"0UW3wdmNIif4igEoHCjpo8gf504mvbRzEOM9waNTMFEwHQYDVR0OBBYEFAY3b9p7\n"
	"F00gtNR6LiAMJrbuzlkXMB8GA1UdIwQYMBaAFAY3b9p7F00gtNR6LiAMJrbuzlkX\n"
	"MA8GA1UdEwEB/wQFMAMBAf8wCgYIKoZIzj0EAwIDRwAwRAIgZb7+L4MiQjpxSz5s\n"
	"a6i+EhFEiFMmqyMGFE3qrvdFR/ACIH5x3Abo/n6zEKbCtDYZD9otGXT9XO42TYmW\n"
	"nC5blOvr\n"
	"-----END CERTIFICATE-----\n";
static const char key_fingerprint[] = "a7044c5c7e54af403aefe8ff79c06b27d0c39822ab72f70321b6ee6beb48604d";
static const char fingerprint[] = "85f7ee8e5b1ed9190b9bed4fd88eaeb0a015245aa2fe55b51bf73f6546c18726";
static const char serial[] = "1234";

static struct inspected got;

static const struct fact *read_certificate(const char *path, struct span bytes)
{
	inspected_run(&got, &inspector_certificates, path, bytes);
	return inspected_row(&got, EVIDENCE_CERTIFICATE, 0);
}

TEST(reads_pem)
{
	const struct fact *c = read_certificate("/etc/server.crt", span_of_text(certificate));
	CHECK_TEXT(WORD(c, CERTIFICATE_SUBJECT), "O=Test,CN=device");
	CHECK_TEXT(WORD(c, CERTIFICATE_ISSUER), "O=Test,CN=device");
	CHECK_TEXT(WORD(c, CERTIFICATE_SERIAL), serial);
	CHECK_TEXT(WORD(c, CERTIFICATE_NOT_BEFORE), "2026-11-23T13:18:10Z");
	CHECK_TEXT(WORD(c, CERTIFICATE_NOT_AFTER), "2036-11-20T13:18:10Z");
	CHECK_TEXT(WORD(c, CERTIFICATE_KEY_ALGORITHM), "EC");
	CHECK_EQUAL(NUMBER(c, CERTIFICATE_KEY_BITS), 256);
	CHECK_TEXT(WORD(c, CERTIFICATE_SIGNATURE_ALGORITHM), "ecdsa-with-SHA256");
	CHECK_EQUAL(NUMBER(c, CERTIFICATE_SELF_SIGNED), 1);
	CHECK_EQUAL(NUMBER(c, CERTIFICATE_AUTHORITY), 1);
	CHECK_EQUAL(NUMBER(c, CERTIFICATE_ROOT_STORE), 0);
	CHECK_TEXT(WORD(c, CERTIFICATE_FINGERPRINT), fingerprint);
	CHECK_TEXT(WORD(c, CERTIFICATE_KEY_FINGERPRINT), key_fingerprint);
	inspected_done(&got);
	c = read_certificate("/etc/ssl/certs/ca-certificates.crt", span_of_text(certificate));
	CHECK_EQUAL(NUMBER(c, CERTIFICATE_ROOT_STORE), 1);
	inspected_done(&got);
}

TEST(bundles_are_stores)
{
	static char bundle[32768];
	size_t at = 0;
	for (int i = 0; i < 20; i++)
		for (const char *c = certificate; *c; c++)
			bundle[at++] = *c;
	read_certificate("/usr/share/x.bin", span_of(bundle, at));
	CHECK_EQUAL(inspected_count(&got, EVIDENCE_CERTIFICATE), 20);
	CHECK_EQUAL(NUMBER(inspected_row(&got, EVIDENCE_CERTIFICATE, 19), CERTIFICATE_ROOT_STORE), 1);
	inspected_done(&got);
}

TEST(broken_ones_are_noted)
{
	struct span whole = span_of_text(certificate);
	static char text[4096];
	for (size_t i = 30; i + 30 < whole.size; i += 7) {
		memcpy(text, certificate, whole.size);
		text[i] = text[i] == 'A' ? 'B' : 'A';
		read_certificate("/etc/a.pem", span_of(text, whole.size));
		const struct fact *c = inspected_row(&got, EVIDENCE_CERTIFICATE, 0);
		if (c && NUMBER(c, CERTIFICATE_SELF_SIGNED) == 1)
			harness_fail(__FILE__, __LINE__, "byte %zu is not signed, yet passes", i);
		inspected_done(&got);
	}
	read_certificate("/etc/a.crt", SPAN_LITERAL("0\x82\x03\x01garbage"));
	CHECK_EQUAL(inspected_count(&got, EVIDENCE_CERTIFICATE), 0);
	inspected_done(&got);
}

TEST(finds_its_private_key)
{
	struct evidence *evidence = NULL;
	REQUIRE(evidence_new(&evidence) == DONE);
	sqlite3 *database = evidence_database(evidence);
	CHECK(query_run(database,
			"INSERT INTO volume (id, format, offset, size, state) VALUES (1, 'squashfs', 0, 1, 'read');"
			"INSERT INTO file (id, volume, path, type, size, state) VALUES (1, 1, '/a', 'file', 0, 'read');"
			"INSERT INTO key (file, offset, kind, format, encrypted, fingerprint) VALUES (1, 0, 'private', 'PEM', 0, 'aa'),"
			" (1, 0, 'public', 'PEM', 0, 'bb');"
			"INSERT INTO certificate (file, offset, subject, key_fingerprint) VALUES (1, 0, 'a', 'aa'),"
			" (1, 0, 'b', 'bb')") == DONE);
	CHECK(inspector_certificates.conclude(evidence) == DONE);
	CHECK_EQUAL(query_number(database, "SELECT private_key_present FROM certificate WHERE subject = 'a'"), 1);
	CHECK_EQUAL(query_number(database, "SELECT private_key_present FROM certificate WHERE subject = 'b'"), 0);
	evidence_free(evidence);
}

TESTS(reads_pem, bundles_are_stores, broken_ones_are_noted, finds_its_private_key)
