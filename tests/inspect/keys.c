/* Keys of this file were made for it, by openssl and ssh-keygen; the fingerprints come from sha256sum. */
#include "harness.h"
#include "inspect/inspected.h"
#include "inspect/registry.h"

static const char ec_private[] =
	"-----BEGIN PRIVATE KEY-----\n"
	"MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgD05GXhZVNjYkf8kT\n"
	"gPl9NRAEQDs2m3IacsxmWJHhVkOhRANCAASH22Y1dD/dc1NKdmMIhkju8tGGwNn/\n"
	"F42kZnB79YQtxY/IlKHRRbfB2Y0iJ/iKASgcKOmjyB/nTia9tHMQ4z3B\n"
	"-----END PRIVATE KEY-----\n";
static const char ec_fingerprint[] = "a7044c5c7e54af403aefe8ff79c06b27d0c39822ab72f70321b6ee6beb48604d";
static const char ec_encrypted[] =
	"-----BEGIN ENCRYPTED PRIVATE KEY-----\n"
	"MIHsMFcGCSqGSIb3DQEFDTBKMCkGCSqGSIb3DQEFDDAcBAjv6g87bFyW4AICCAAw\n"
	"DAYIKoZIhvcNAgkFADAdBglghkgBZQMEASoEEEqowqldj/B5KqW6N1Y0rlsEgZBb\n"
	"qhzMRJ6RxxiIfxydoaU9be/3a6YYQhrhSeP+LE2bbZ9C0JTS2fBowXbZoglTqZeY\n"
	"YeF0jw+/gybTjCE1+r6hH2w+YCN3reHf5qAa6ChpU6fD3DjJCZHmK5VJVwclYMKw\n"
	"3CMaFkcJ7MSRESgPgyQFhIh7rwIt/spclGVtFdncJjqGTBQOorGsAqhJBIYy0Xc=\n"
	"-----END ENCRYPTED PRIVATE KEY-----\n";
static const char ed_public[] =
	"-----BEGIN PUBLIC KEY-----\n"
	"MCowBQYDK2VwAyEAGCax+HLDNKOXXkl90CZmv1f7XD2ZGsCuuFMc8P7SLUU=\n"
	"-----END PUBLIC KEY-----\n";
static const char ed_fingerprint[] = "e504081f713fd6c9015b6d71bae68370fe47bdb26acdf297145985e0c5f9651a";
static const char openssh_private[] =
	"-----BEGIN OPENSSH PRIVATE KEY-----\n"
	"b3BlbnNzaC1rZXktdjEAAAAABG5vbmUAAAAEbm9uZQAAAAAAAAABAAAAMwAAAAtzc2gtZW\n"
	"QyNTUxOQAAACBqZI8q5++tyNzU5H31u/2wWg8daCl5U9Ol8ii50rbRCwAAAJAuPtkLLj7Z\n"
	"CwAAAAtzc2gtZWQyNTUxOQAAACBqZI8q5++tyNzU5H31u/2wWg8daCl5U9Ol8ii50rbRCw\n"
	"AAAECyflyPRuJI0rzYLwBU73QnFzOKxudP6MNRHcrux8iWkWpkjyrn763I3NTkffW7/bBa\n"
	"Dx1oKXlT06XyKLnSttELAAAAC2xhYkBmYWN0b3J5AQI=\n"
	"-----END OPENSSH PRIVATE KEY-----\n";
static const char openssh_encrypted[] =
	"-----BEGIN OPENSSH PRIVATE KEY-----\n"
	"b3BlbnNzaC1rZXktdjEAAAAACmFlczI1Ni1jdHIAAAAGYmNyeXB0AAAAGAAAABCGBGR5ZI\n"
	"PV3pQTnI9SWqatAAAAEAAAAAEAAAAzAAAAC3NzaC1lZDI1NTE5AAAAIEjC6sF1EIHHyoaG\n"
	"wApXckTng4u9F6pX4VPTgf3ArM25AAAAkCvMKzwqzFqYUFdHEwAsQmp9SFn0SKJMCphWSV\n"
	"353zhdoXCFM9/bzARn9c2i8I5tSkuPBNjzW8sPBi3bwaxkiJbdRsEJ7mw5sEsQMXeHaa38\n"
	"G/tvRt3fVGf+frE4rWwQTOfWolEfOAGNUGXFZZoIl3dQI5JQskRLCJw4C1wC38GWz16uhc\n"
	"DsxlFHn+AC0HiZ2g==\n"
	"-----END OPENSSH PRIVATE KEY-----\n";
static const char openssh_public[] =
	"ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIGpkjyrn763I3NTkffW7/bBaDx1oKXlT06XyKLnSttEL lab@facto"
	"ry";
static const char openssh_fingerprint[] = "84f79a46a091d4f6269ed242ad1094b46c783247aaca8409cdff8e2d2b301004";
static const char ssh_line[] =
	"ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAAAgQCRcUjsR5I/Lg49cxQqxPlOxMcweIZbptKfDqFyzW9L8022ma9cM1"
	"NdNpTUrvkaEfkWAE0DgveURIqFUGI9NMmFkXFI7EeSPy4OPXMUKsT5TsTHMHiGW6bSnw6hcs1vS/NNtpmvXDNTXTaU"
	"1K75GhH5FgBNA4L3lESKhVBiPTTJhQ== admin@factory";
static const char ssh_fingerprint[] = "1349c0d6dc0a0bb78538c55cc6283e8794628ebf37419ee26c27523a7f44aa57";

static struct inspected got;

static const struct fact *key(const char *path, struct span bytes)
{
	inspected_run(&got, &inspector_keys, path, bytes);
	return inspected_row(&got, EVIDENCE_KEY, 0);
}

TEST(reads_pem)
{
	const struct fact *k = key("/etc/ssl/server.key", span_of_text(ec_private));
	CHECK_EQUAL(inspected_count(&got, EVIDENCE_KEY), 1);
	CHECK_TEXT(WORD(k, KEY_KIND), "private");
	CHECK_TEXT(WORD(k, KEY_ALGORITHM), "EC");
	CHECK_EQUAL(NUMBER(k, KEY_BITS), 256);
	CHECK_TEXT(WORD(k, KEY_FINGERPRINT), ec_fingerprint);
	CHECK_TEXT(WORD(k, KEY_PURPOSE), "tls server");
	CHECK_EQUAL(NUMBER(k, KEY_ENCRYPTED), 0);
	inspected_done(&got);
	k = key("/etc/a.pem", span_of_text(ec_encrypted));
	CHECK_EQUAL(NUMBER(k, KEY_ENCRYPTED), 1);
	CHECK_TEXT(WORD(k, KEY_ALGORITHM), "");
	inspected_done(&got);
	k = key("/etc/b.pem", span_of_text(ed_public));
	CHECK_TEXT(WORD(k, KEY_KIND), "public");
	CHECK_TEXT(WORD(k, KEY_ALGORITHM), "Ed25519");
	CHECK_TEXT(WORD(k, KEY_FINGERPRINT), ed_fingerprint);
	inspected_done(&got);
}

TEST(finds_keys_in_programs)
{
	static char program[2048] = "\177ELF\0\0\0code";
	size_t at = 64;
	for (const char *c = ec_private; *c; c++)
		program[at++] = *c;
	const struct fact *k = key("/usr/sbin/httpd", span_of(program, sizeof program));
	CHECK_EQUAL(NUMBER(k, KEY_OFFSET), 64);
	CHECK_TEXT(WORD(k, KEY_FINGERPRINT), ec_fingerprint);
	CHECK_TEXT(WORD(k, KEY_PURPOSE), "");
	inspected_done(&got);
}

TEST(words_are_no_key)
{
	key("/usr/lib/libssl.so", SPAN_LITERAL("\177ELF\0-----BEGIN RSA PRIVATE KEY-----\0-----END RSA PRIVATE KEY-----\0"));
	CHECK_EQUAL(inspected_count(&got, EVIDENCE_KEY), 0);
	inspected_done(&got);
	key("/a", SPAN_LITERAL("-----BEGIN PRIVATE KEY-----\nyour key here\n-----END PRIVATE KEY-----\n"));
	CHECK_EQUAL(inspected_count(&got, EVIDENCE_KEY), 0);
	inspected_done(&got);
	key("/b", SPAN_LITERAL("-----BEGIN PRIVATE KEY-----\nAAAAAAAAAAAAAAAAAAAAAAAAAAAA\n-----END PRIVATE KEY-----\n"));
	CHECK_EQUAL(inspected_count(&got, EVIDENCE_KEY), 0);
	CHECK(inspected_noted(&got, "keys.malformed"));
	inspected_done(&got);
	key("/c", SPAN_LITERAL("-----BEGIN PRIVATE KEY-----\nAAAA"));
	CHECK_EQUAL(inspected_count(&got, EVIDENCE_KEY), 0);
	inspected_done(&got);
}

TEST(reads_openssh)
{
	const struct fact *k = key("/etc/ssh/ssh_host_ed25519_key", span_of_text(openssh_private));
	CHECK_TEXT(WORD(k, KEY_FORMAT), "OpenSSH");
	CHECK_TEXT(WORD(k, KEY_KIND), "private");
	CHECK_TEXT(WORD(k, KEY_ALGORITHM), "Ed25519");
	CHECK_TEXT(WORD(k, KEY_PURPOSE), "ssh host");
	CHECK_TEXT(WORD(k, KEY_FINGERPRINT), openssh_fingerprint);
	CHECK_EQUAL(NUMBER(k, KEY_ENCRYPTED), 0);
	inspected_done(&got);
	CHECK_EQUAL(NUMBER(key("/root/k", span_of_text(openssh_encrypted)), KEY_ENCRYPTED), 1);
	inspected_done(&got);
	k = key("/root/.ssh/authorized_keys", span_of_text(openssh_public));
	CHECK_TEXT(WORD(k, KEY_FORMAT), "authorized_keys");
	CHECK_TEXT(WORD(k, KEY_COMMENT), "lab@factory");
	CHECK_TEXT(WORD(k, KEY_PURPOSE), "authorized login");
	CHECK_TEXT(WORD(k, KEY_FINGERPRINT), openssh_fingerprint);
	inspected_done(&got);
	k = key("/etc/dropbear/authorized_keys", span_of_text(ssh_line));
	CHECK_EQUAL(NUMBER(k, KEY_BITS), 1024);
	CHECK_TEXT(WORD(k, KEY_ALGORITHM), "RSA");
	CHECK_TEXT(WORD(k, KEY_FINGERPRINT), ssh_fingerprint);
	inspected_done(&got);
}

/* Type, then the private and the public half. */
TEST(reads_dropbear)
{
	struct span file = SPAN_LITERAL("\0\0\0\x0bssh-ed25519\0\0\0\x40"
					"0123456789abcdef0123456789abcdefABCDEFGHIJKLMNOPABCDEFGHIJKLMNOP");
	const struct fact *k = key("/etc/dropbear/dropbear_ed25519_host_key", file);
	CHECK_TEXT(WORD(k, KEY_FORMAT), "Dropbear");
	CHECK_TEXT(WORD(k, KEY_ALGORITHM), "Ed25519");
	CHECK_TEXT(WORD(k, KEY_PURPOSE), "ssh host");
	CHECK_TEXT(WORD(k, KEY_FINGERPRINT), "7100dd8e595af17d4d68fcc4c1f418fa3b010347f66f4a17ebcfce49bbffe637");
	inspected_done(&got);
	for (size_t size = 0; size < file.size; size++) {
		key("/etc/dropbear/dropbear_ed25519_host_key", span_slice(file, 0, size));
		CHECK_EQUAL(inspected_count(&got, EVIDENCE_KEY), 0);
		inspected_done(&got);
	}
}

TEST(reads_usign)
{
	const struct fact *k = key("/etc/opkg/keys/792d9d9b39f180dc",
				   SPAN_LITERAL("untrusted comment: build key\nRWR5LZ2bOfGA3IQ0gAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\n"));
	CHECK_TEXT(WORD(k, KEY_FORMAT), "usign");
	CHECK_TEXT(WORD(k, KEY_KIND), "public");
	CHECK_TEXT(WORD(k, KEY_COMMENT), "build key");
	inspected_done(&got);
	key("/a.sig", SPAN_LITERAL("untrusted comment: signature\nRWR5LZ2bOfGA3A==\n"));
	CHECK_EQUAL(inspected_count(&got, EVIDENCE_KEY), 0);
	inspected_done(&got);
}

TEST(reads_keys_of_a_real_device)
{
	const char *path = harness_corpus("librarybox/openwrt-ar71xx-generic-tl-wr703n-v1-squashfs-factory.bin");
	if (!path)
		SKIP("the corpus is not here");
	/* A whole image as one file: no key of a compressed file system may be seen. */
	CHECK(inspected_run_file(&got, &inspector_keys, "image", path));
	CHECK_EQUAL(inspected_count(&got, EVIDENCE_KEY), 0);
	inspected_done(&got);
}

TESTS(reads_pem, finds_keys_in_programs, words_are_no_key, reads_openssh, reads_dropbear, reads_usign,
      reads_keys_of_a_real_device)
