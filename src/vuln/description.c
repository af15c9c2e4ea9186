#include "vuln/description.h"

#include "inspect/lines.h"
#include "vuln/version_words.h"

enum { ASIDE_WORDS_MAX = 8 };

/* Names as descriptions write them, in lower case with one blank, and the product that they are; longer ones first. */
static const struct {
	const char *name, *product;
} names[] = {
	{ "gnu c library", "gnu:glibc" },
	{ "goahead web server", "embedthis:goahead" },
	{ "goahead webserver", "embedthis:goahead" },
	{ "boa web server", "boa:boa" },
	{ "dropbear ssh", "dropbear_ssh_project:dropbear_ssh" },
	{ "eclipse mosquitto", "eclipse:mosquitto" },
	{ "gnu libc", "gnu:glibc" },
	{ "mbed tls", "arm:mbed_tls" },
	{ "zephyr rtos", "zephyrproject:zephyr" },
	{ "avahi", "avahi:avahi" },
	{ "bluez", "bluez:bluez" },
	{ "boa", "boa:boa" },
	{ "busybox", "busybox:busybox" },
	{ "curl", "haxx:curl" },
	{ "dnsmasq", "thekelleys:dnsmasq" },
	{ "dropbear", "dropbear_ssh_project:dropbear_ssh" },
	{ "expat", "libexpat_project:libexpat" },
	{ "ffmpeg", "ffmpeg:ffmpeg" },
	{ "glibc", "gnu:glibc" },
	{ "goahead", "embedthis:goahead" },
	{ "hostapd", "w1.fi:hostapd" },
	{ "libcurl", "haxx:curl" },
	{ "libexpat", "libexpat_project:libexpat" },
	{ "libpng", "libpng:libpng" },
	{ "libupnp", "pupnp_project:pupnp" },
	{ "libxml2", "xmlsoft:libxml2" },
	{ "lighttpd", "lighttpd:lighttpd" },
	{ "lua", "lua:lua" },
	{ "lwip", "lwip_project:lwip" },
	{ "mbedtls", "arm:mbed_tls" },
	{ "miniupnpd", "miniupnp_project:miniupnpd" },
	{ "mosquitto", "eclipse:mosquitto" },
	{ "musl", "musl-libc:musl" },
	{ "nginx", "f5:nginx" },
	{ "openssl", "openssl:openssl" },
	{ "perl", "perl:perl" },
	{ "php", "php:php" },
	{ "pppd", "point-to-point_protocol_project:point-to-point_protocol" },
	{ "pupnp", "pupnp_project:pupnp" },
	{ "samba", "samba:samba" },
	{ "sqlite", "sqlite:sqlite" },
	{ "sqlite3", "sqlite:sqlite" },
	{ "strongswan", "strongswan:strongswan" },
	{ "u-boot", "denx:u-boot" },
	{ "uclibc", "uclibc:uclibc" },
	{ "uclibc-ng", "uclibc-ng_project:uclibc-ng" },
	{ "wolfssl", "wolfssl:wolfssl" },
	{ "wpa_supplicant", "w1.fi:wpa_supplicant" },
	{ "zephyr", "zephyrproject:zephyr" },
	{ "zlib", "zlib:zlib" },
};

/* Takes the words of a name off the text; *last is the last of them. */
static bool take_name(struct span *rest, const char *name, struct plain_word *last)
{
	struct span from = *rest, want = span_of_text(name), part;
	*last = (struct plain_word){ 0 };
	while (span_next_field(&want, ' ', &part))
		if (last->comma || last->stop || !plain_word_next(&from, last) || !equal_span_caseless(last->text, part))
			return false;
	*rest = from;
	return true;
}

static const char *take_product(struct span *rest, struct plain_word *last)
{
	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		if (take_name(rest, names[i].name, last))
			return names[i].product;
	return NULL;
}

const char *description_product(struct span name)
{
	struct plain_word last = { 0 };
	struct span rest = span_trim(name);
	const char *product = take_product(&rest, &last);
	return product && span_trim(rest).size == 0 && !last.stop && !last.comma ? product : NULL;
}

/* "(aka glibc or libc6)", right behind a name. */
static void skip_aside(struct span *rest, struct plain_word *last)
{
	struct span from = *rest, word = span_trim(from);
	if (span_byte(word, 0) != '(')
		return;
	for (int i = 0; i < ASIDE_WORDS_MAX && span_next_word(&from, &word); i++) {
		if (span_find_byte(word, ')', 0) == SPAN_NOT_FOUND)
			continue;
		bool plain = span_byte(word, word.size - 1) == ')';
		*last = (struct plain_word){ .text = word, .comma = !plain && span_ends_text(word, "),"),
					     .stop = !plain && !span_ends_text(word, "),") };
		*rest = from;
		return;
	}
}

/* Faults of builds for other systems, and texts that also name versions without the fault. */
static bool is_unclear(struct span text)
{
	static const char *const words[] = { "Windows", "macOS", "iOS", "Android", "OS X", "not affected",
					     "unaffected", "not vulnerable" };
	for (size_t i = 0; i < sizeof words / sizeof *words; i++)
		if (span_find_text(text, words[i], 0) != SPAN_NOT_FOUND)
			return true;
	return false;
}

/* The sentence that the place is in. */
static struct span sentence_at(struct span text, size_t at)
{
	size_t start = 0, end = text.size;
	for (size_t dot = span_find_text(text, ". ", 0); dot != SPAN_NOT_FOUND; dot = span_find_text(text, ". ", dot + 1)) {
		if (dot < at)
			start = dot + 1;
		else if (dot < end)
			end = dot;
	}
	return span_slice(text, start, end - start);
}

/* A version in a sentence with such words may be the one with the fix, or one that a fault came with. */
static bool tells_of_fix(struct span sentence)
{
	static const char *const words[] = { "fixed", "patched", "pgrad", "pdate to", "introduced", "since ", "mitigat",
					     "resolved", "addressed", "orrected", "ncomplete fix", "egression", "tested",
					     "not ", "recommend", "atest version", "ncluded in", "shipped", "ontains the fix",
					     "available in", "eleased in", "starting", "tarting" };
	for (size_t i = 0; i < sizeof words / sizeof *words; i++)
		if (span_find_text(sentence, words[i], 0) != SPAN_NOT_FOUND)
			return true;
	return false;
}

/* Words before a name by which it is a tool of the fault, not its place. */
static bool is_bystander(struct span before)
{
	static const char *const words[] = { "with", "using", "under", "against", "via", "for", "by", "since", "to", "than",
					     "like", "uses", "when", NULL };
	return plain_word_among(before, words);
}

static enum outcome add_ranges(struct builder *builder, const char *product, const struct version_words *words,
			       bool *found)
{
	for (size_t i = 0; i < words->count; i++) {
		TRY(builder_record_range(builder, span_of_text(product), &words->all[i], NULL));
		*found = true;
	}
	return DONE;
}

enum outcome description_ranges(struct builder *builder, struct span text, bool *found)
{
	struct span rest = text, before = SPAN_NONE;
	struct plain_word word;
	bool understood = true;
	*found = false;
	if (is_unclear(text))
		return DONE;
	while (rest.size > 0) {
		const char *product = take_product(&rest, &word);
		if (!product && !plain_word_next(&rest, &word))
			break;
		bool bystander = is_bystander(before);
		before = word.stop ? SPAN_NONE : word.text;
		if (!product)
			continue;
		skip_aside(&rest, &word);
		if (bystander || word.stop || word.comma)
			continue;
		struct version_words words;
		version_words_read(rest, &words);
		if (words.singles && tells_of_fix(sentence_at(text, text.size - rest.size)))
			continue;
		understood = understood && words.understood;
		TRY(add_ranges(builder, product, &words, found));
	}
	*found = *found && understood;
	return DONE;
}

bool description_disputed(struct span text)
{
	static const char *const words[] = { "** DISPUTED **", "is disputed by", "disputes this", "dispute this", "disputes the",
					     "third parties report that this is a" };
	for (size_t i = 0; i < sizeof words / sizeof *words; i++)
		if (span_find_text(text, words[i], 0) != SPAN_NOT_FOUND)
			return true;
	return false;
}
