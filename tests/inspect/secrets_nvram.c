#include "harness.h"
#include "inspect/inspected.h"
#include "inspect/registry.h"

enum { TABLE = 0x100, STRINGS = 0x200, SIZE = 0x400, BASE = 0x10000, ENTRY = 12 };

static uint8_t image[SIZE];
static struct inspected got;

static void put(size_t at, uint32_t value, int bytes)
{
	for (int i = 0; i < bytes; i++)
		image[at + (size_t)i] = (uint8_t)(value >> (8 * i));
}

/* A little-endian 32-bit library with one segment, and a table of names and values. */
static void run(const char *const *words, size_t count)
{
	static const uint8_t head[] = { 0x7f, 'E', 'L', 'F', 1, 1, 1 };
	memset(image, 0, sizeof image);
	memcpy(image, head, sizeof head);
	put(16, 3, 2), put(18, 8, 2), put(20, 1, 4), put(28, 52, 4), put(40, 52, 2), put(42, 32, 2), put(44, 1, 2);
	put(52, 1, 4), put(52 + 8, BASE, 4), put(52 + 16, SIZE, 4), put(52 + 20, SIZE, 4);
	size_t text = STRINGS;
	for (size_t i = 0; i < count; i++) {
		put(TABLE + i / 2 * ENTRY + i % 2 * 4, (uint32_t)(BASE + text), 4);
		memcpy(image + text, words[i], strlen(words[i]) + 1);
		text += strlen(words[i]) + 1;
	}
	inspected_run(&got, &inspector_secrets, "/usr/lib/libnvram.so", span_of(image, sizeof image));
}

TEST(pairs_names_and_values)
{
	static const char *const words[] = { "lan_proto", "dhcp", "http_passwd", "Zyx987wvu", "wl_wpa_psk", "",
					     "wl_ssid", "router", "wl_channel", "6" };
	run(words, sizeof words / sizeof *words);
	CHECK_EQUAL(inspected_count(&got, EVIDENCE_SECRET), 1);
	const struct fact *secret = inspected_row(&got, EVIDENCE_SECRET, 0);
	CHECK_TEXT(inspected_text(secret, SECRET_NAME), "http_passwd");
	CHECK_TEXT(inspected_text(secret, SECRET_KIND), "password");
	CHECK_TEXT(inspected_text(secret, SECRET_RULE), "nvram-default");
	CHECK_EQUAL(inspected_integer(secret, SECRET_OFFSET), STRINGS + 10 + 5 + 12);
	inspected_done(&got);
}

/* What is stored as its hash is an account: "admin" by DES as DD-WRT has it, and a hash that no dictionary opens. */
TEST(tells_hashes_from_passwords)
{
	const char *words[] = { "lan_proto", "dhcp", "http_passwd", "bJz7PcC1rCRJQ", "wl_wpa_psk", "",
				"wl_ssid", "router", "wl_channel", "6" };
	run(words, sizeof words / sizeof *words);
	CHECK_EQUAL(inspected_count(&got, EVIDENCE_SECRET), 0);
	CHECK_EQUAL(inspected_count(&got, EVIDENCE_ACCOUNT), 1);
	const struct fact *account = inspected_row(&got, EVIDENCE_ACCOUNT, 0);
	CHECK_TEXT(inspected_text(account, ACCOUNT_NAME), "http_passwd");
	CHECK_TEXT(inspected_text(account, ACCOUNT_SCHEME), "descrypt");
	CHECK_TEXT(inspected_text(account, ACCOUNT_CRACKED), "admin");
	CHECK_TEXT(inspected_text(account, ACCOUNT_STORE), "nvram");
	inspected_done(&got);
	words[3] = "$1$abcdefgh$ZSH2v5sfFG8vWJ5rT1bP9/";
	run(words, sizeof words / sizeof *words);
	CHECK_EQUAL(inspected_count(&got, EVIDENCE_ACCOUNT), 1);
	CHECK_TEXT(inspected_text(inspected_row(&got, EVIDENCE_ACCOUNT, 0), ACCOUNT_SCHEME), "md5crypt");
	inspected_done(&got);
	/* Thirteen letters are a password in clear, until they are shown to be a hash. */
	words[3] = "Zyx987wvuTs65";
	run(words, sizeof words / sizeof *words);
	CHECK_EQUAL(inspected_count(&got, EVIDENCE_ACCOUNT), 0);
	CHECK_EQUAL(inspected_count(&got, EVIDENCE_SECRET), 1);
	inspected_done(&got);
}

/* Two pointers beside each other are no table. */
TEST(a_pair_alone_is_none)
{
	static const char *const words[] = { "http_passwd", "Zyx987wvu" };
	run(words, sizeof words / sizeof *words);
	CHECK_EQUAL(inspected_count(&got, EVIDENCE_SECRET), 0);
	inspected_done(&got);
	static const char *const labels[] = { "ppp_username", "Name", "http_passwd", "Password", "ppp_mtu", "MTU" };
	run(labels, sizeof labels / sizeof *labels);
	CHECK_EQUAL(inspected_count(&got, EVIDENCE_SECRET), 0);
	inspected_done(&got);
	static const char *const sentences[] = { "a b", "dhcp", "http_passwd", "Zyx987wvu", "c d", "1", "x", "2" };
	run(sentences, sizeof sentences / sizeof *sentences);
	CHECK_EQUAL(inspected_count(&got, EVIDENCE_SECRET), 0);
	inspected_done(&got);
}

TESTS(pairs_names_and_values, tells_hashes_from_passwords, a_pair_alone_is_none)
