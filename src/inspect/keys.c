/*
 * Private and public keys. Which file is read in which way; patterns find the ones
 * that stand within programs and scripts.
 */
#include "inspect/key_state.h"
#include "inspect/known_key.h"
#include "inspect/lines.h"
#include "inspect/registry.h"

enum { SMALL = 1 << 16 };

enum { PATTERN_PEM, PATTERN_SSH };
static const struct pattern patterns[] = {
	[PATTERN_PEM] = { "-----BEGIN [A-Z0-9 ]{0,30}(PRIVATE|PUBLIC) KEY", PATTERN_ONCE },
	[PATTERN_SSH] = { "(ssh-(rsa|dss|ed25519)|ecdsa-sha2-nistp[0-9]{3}) AAAA[A-Za-z0-9+/]{40}", PATTERN_ONCE },
};

static bool is_dropbear(const struct inspection *file)
{
	return file->bytes.size < SMALL && !kind_is_text(file->kind) &&
	       (span_has_at(file->bytes, 4, SPAN_LITERAL("ssh-")) ||
		span_has_at(file->bytes, 4, SPAN_LITERAL("ecdsa-sha2-")));
}

static bool is_signify(const struct inspection *file)
{
	return file->bytes.size < SMALL && span_starts_text(file->bytes, "untrusted comment:");
}

static bool ends_with_any(struct span name, const char *const *endings)
{
	for (; *endings; endings++)
		if (span_ends_text(name, *endings))
			return true;
	return false;
}

static bool is_der(const struct inspection *file)
{
	static const char *const endings[] = { ".der", ".key", ".pk8", ".p8", ".pub", ".bin", NULL };
	return file->bytes.size < SMALL && span_byte(file->bytes, 0) == 0x30 && ends_with_any(file->name, endings);
}

static bool is_pkcs12(const struct inspection *file)
{
	static const char *const endings[] = { ".p12", ".pfx", NULL };
	return file->bytes.size < SMALL && span_byte(file->bytes, 0) == 0x30 && ends_with_any(file->name, endings);
}

static bool wants(const struct inspection *file)
{
	return is_dropbear(file) || is_signify(file) || is_der(file) || is_pkcs12(file);
}

static bool was_hit(const struct inspection *file, uint32_t pattern)
{
	for (size_t i = 0; i < file->hit_count; i++)
		if (file->hits[i].pattern == pattern)
			return true;
	return false;
}

static void inspect(struct inspection *file)
{
	if (is_dropbear(file))
		keys_dropbear(file);
	else if (is_signify(file))
		keys_signify(file);
	else if (is_der(file))
		keys_der(file);
	else if (is_pkcs12(file))
		keys_pkcs12(file);
	if (was_hit(file, PATTERN_PEM))
		keys_pem(file);
	if (was_hit(file, PATTERN_SSH))
		keys_ssh_lines(file);
}

/* What a key is for, by words in its path; the first that fits. */
static const char *purpose_of(struct span path)
{
	static const struct {
		const char *word, *purpose;
	} words[] = { { "authorized_keys", "authorized login" }, { "known_hosts", "known host" },
		      { "ssh_host", "ssh host" },		 { "dropbear", "ssh host" },
		      { "opkg/keys", "package signing" },	 { "apk/keys", "package signing" },
		      { "trusted.gpg", "package signing" },	 { "usign", "package signing" },
		      { "swupdate", "update" },			 { "rauc", "update" },
		      { "mender", "update" },			 { "otacerts", "update" },
		      { "/ota", "update" },			 { "upgrade", "update" },
		      { "firmware", "update" },			 { "openvpn", "vpn" },
		      { "wireguard", "vpn" },			 { "ipsec", "vpn" },
		      { "httpd", "tls server" },		 { "nginx", "tls server" },
		      { "apache", "tls server" },		 { "https", "tls server" },
		      { "server.", "tls server" },		 { "server-", "tls server" },
		      { "client.", "tls client" },		 { "client-", "tls client" } };
	for (size_t i = 0; i < sizeof words / sizeof *words; i++)
		if (span_find_text(path, words[i].word, 0) != SPAN_NOT_FOUND)
			return words[i].purpose;
	return NULL;
}

void key_state(struct inspection *file, const struct key_found *found)
{
	struct facts *facts = file->facts;
	/* A key within a program may be for anything: the program's own name does not tell. */
	bool alone = file->kind != KIND_ELF && file->kind != KIND_PART;
	const char *purpose = found->purpose ? found->purpose : alone ? purpose_of(file->path) : NULL;
	struct fact *fact = fact_new(facts, EVIDENCE_KEY);
	fact_integer(fact, KEY_OFFSET, (int64_t)found->offset);
	fact_word(facts, fact, KEY_KIND, found->private_key ? "private" : "public");
	fact_word(facts, fact, KEY_ALGORITHM, found->key.algorithm);
	if (found->key.bits > 0)
		fact_integer(fact, KEY_BITS, found->key.bits);
	fact_word(facts, fact, KEY_FORMAT, found->format);
	fact_integer(fact, KEY_ENCRYPTED, found->encrypted);
	fact_word(facts, fact, KEY_PURPOSE, purpose);
	if (found->key.fingerprint.data)
		fact_text(facts, fact, KEY_FINGERPRINT, found->key.fingerprint);
	struct span origin = known_key_origin(found->key.fingerprint);
	if (origin.size > 0)
		fact_text(facts, fact, KEY_KNOWN, origin);
	if (found->comment.size > 0)
		fact_text(facts, fact, KEY_COMMENT, found->comment);
}

const struct inspector inspector_keys = {
	.name = "keys",
	.patterns = patterns,
	.pattern_count = sizeof patterns / sizeof *patterns,
	.wants = wants,
	.inspect = inspect,
};
