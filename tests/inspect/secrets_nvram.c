#include "harness.h"
#include "inspect/inspected.h"
#include "inspect/registry.h"

enum { TABLE = 0x180, STRINGS = 0x300, DYNAMIC = 0x400, RELOCATIONS = 0x480, SIZE = 0x800, BASE = 0x10000 };
enum { LOAD = 1, RELA = 7, RELASZ = 8, RELATIVE = 8 };

static const struct form {
	bool wide, big_endian, relocated; /* addresses stand in relocations, and zeros in the table */
} plain = { 0 }, forms[] = { { 0, 0, 0 }, { 0, 1, 0 }, { 0, 0, 1 }, { 1, 0, 0 }, { 1, 1, 0 }, { 1, 0, 1 }, { 1, 1, 1 } };
enum { FORMS = sizeof forms / sizeof *forms };

static uint8_t image[SIZE];
static struct inspected got;
static size_t at; /* where put() goes on */

static void put(const struct form *form, uint64_t value, size_t bytes)
{
	for (size_t i = 0; i < bytes; i++)
		image[at + i] = (uint8_t)(value >> (8 * (form->big_endian ? bytes - 1 - i : i)));
	at += bytes;
}

static void put_segment(const struct form *form, uint32_t type, uint64_t offset, uint64_t size)
{
	size_t word = form->wide ? 8 : 4;
	put(form, type, 4);
	if (form->wide)
		put(form, 4, 4);
	put(form, offset, word), put(form, BASE + offset, word), put(form, 0, word), put(form, size, word), put(form, size, word);
	put(form, form->wide ? 0 : 4, form->wide ? word : 4);
	put(form, 0, form->wide ? 0 : 4);
}

static void put_header(const struct form *form)
{
	size_t word = form->wide ? 8 : 4;
	const uint8_t head[] = { 0x7f, 'E', 'L', 'F', form->wide ? 2 : 1, form->big_endian ? 2 : 1, 1 };
	memcpy(image, head, sizeof head);
	at = 16;
	put(form, 3, 2), put(form, form->wide ? 183 : 20, 2), put(form, 1, 4);
	put(form, 0, word), put(form, form->wide ? 64 : 52, word), put(form, 0, word), put(form, 0, 4 + 2);
	put(form, form->wide ? 56 : 32, 2), put(form, 2, 2), put(form, 0, 6);
	put_segment(form, LOAD, 0, SIZE);
	put_segment(form, 2, DYNAMIC, 5 * 2 * word);
}

/* A library with one segment, and a table of names and values, three words each. */
static void run_form(const struct form *form, const char *const *words, size_t count)
{
	size_t word = form->wide ? 8 : 4, text = STRINGS;
	memset(image, 0, sizeof image);
	put_header(form);
	for (size_t i = 0; i < count; i++) {
		size_t place = TABLE + (i / 2 * 3 + i % 2) * word;
		at = form->relocated ? RELOCATIONS + i * 3 * word : place;
		if (form->relocated)
			put(form, BASE + place, word), put(form, RELATIVE, word);
		put(form, BASE + text, word);
		memcpy(image + text, words[i], strlen(words[i]) + 1);
		text += strlen(words[i]) + 1;
	}
	at = DYNAMIC;
	if (form->relocated) {
		put(form, RELA, word), put(form, BASE + RELOCATIONS, word);
		put(form, RELASZ, word), put(form, count * 3 * word, word);
	}
	inspected_run(&got, &inspector_secrets, "/usr/lib/libnvram.so", span_of(image, sizeof image));
}

static void run(const char *const *words, size_t count)
{
	run_form(&plain, words, count);
}

TEST(pairs_names_and_values)
{
	static const char *const words[] = { "lan_proto", "dhcp", "http_passwd", "Zyx987wvu", "wl_wpa_psk", "",
					     "wl_ssid", "router", "wl_channel", "6" };
	for (size_t i = 0; i < FORMS; i++) {
		run_form(&forms[i], words, sizeof words / sizeof *words);
		CHECK_EQUAL(inspected_count(&got, EVIDENCE_SECRET), 1);
		const struct fact *secret = inspected_row(&got, EVIDENCE_SECRET, 0);
		CHECK_TEXT(inspected_text(secret, SECRET_NAME), "http_passwd");
		CHECK_TEXT(inspected_text(secret, SECRET_KIND), "password");
		CHECK_TEXT(inspected_text(secret, SECRET_RULE), "nvram-default");
		CHECK_EQUAL(inspected_integer(secret, SECRET_OFFSET), STRINGS + 10 + 5 + 12);
		CHECK_TEXT(inspected_text(secret, SECRET_CONFIDENCE), "medium");
		inspected_done(&got);
	}
}

TEST(what_makers_ship_is_sure)
{
	static const char *const words[] = { "lan_proto", "dhcp", "http_passwd", "1234admin", "wl_wpa_psk", "1234admin",
					     "wl_ssid", "router", "wl_channel", "6" };
	run(words, sizeof words / sizeof *words);
	CHECK_EQUAL(inspected_count(&got, EVIDENCE_SECRET), 2);
	CHECK_TEXT(inspected_text(inspected_row(&got, EVIDENCE_SECRET, 0), SECRET_CONFIDENCE), "high");
	CHECK_TEXT(inspected_text(inspected_row(&got, EVIDENCE_SECRET, 1), SECRET_CONFIDENCE), "medium");
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
	for (size_t i = 0; i < FORMS; i++) {
		run_form(&forms[i], words, sizeof words / sizeof *words);
		CHECK_EQUAL(inspected_count(&got, EVIDENCE_SECRET), 0);
		inspected_done(&got);
	}
	static const char *const labels[] = { "ppp_username", "Name", "http_passwd", "Password", "ppp_mtu", "MTU" };
	run(labels, sizeof labels / sizeof *labels);
	CHECK_EQUAL(inspected_count(&got, EVIDENCE_SECRET), 0);
	inspected_done(&got);
	static const char *const sentences[] = { "a b", "dhcp", "http_passwd", "Zyx987wvu", "c d", "1", "x", "2" };
	run(sentences, sizeof sentences / sizeof *sentences);
	CHECK_EQUAL(inspected_count(&got, EVIDENCE_SECRET), 0);
	inspected_done(&got);
}

TESTS(pairs_names_and_values, what_makers_ship_is_sure, tells_hashes_from_passwords, a_pair_alone_is_none)
