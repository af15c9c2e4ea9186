#include "vuln/description.h"

#include "vuln/version.h"

enum { CLAUSES_MAX = 12, FILLERS_MAX = 3 };

/* Names as descriptions write them, in lower case, and the product that they are. */
static const struct {
	const char *name, *product;
} names[] = {
	{ "avahi", "avahi:avahi" },
	{ "bluez", "bluez:bluez" },
	{ "boa", "boa:boa" },
	{ "busybox", "busybox:busybox" },
	{ "dnsmasq", "thekelleys:dnsmasq" },
	{ "dropbear", "dropbear_ssh_project:dropbear_ssh" },
	{ "expat", "libexpat_project:libexpat" },
	{ "ffmpeg", "ffmpeg:ffmpeg" },
	{ "glibc", "gnu:glibc" },
	{ "hostapd", "w1.fi:hostapd" },
	{ "libexpat", "libexpat_project:libexpat" },
	{ "libpng", "libpng:libpng" },
	{ "libxml2", "xmlsoft:libxml2" },
	{ "lighttpd", "lighttpd:lighttpd" },
	{ "lua", "lua:lua" },
	{ "mbedtls", "arm:mbed_tls" },
	{ "miniupnpd", "miniupnp_project:miniupnpd" },
	{ "mosquitto", "eclipse:mosquitto" },
	{ "musl", "musl-libc:musl" },
	{ "nginx", "f5:nginx" },
	{ "openssl", "openssl:openssl" },
	{ "perl", "perl:perl" },
	{ "php", "php:php" },
	{ "samba", "samba:samba" },
	{ "sqlite", "sqlite:sqlite" },
	{ "tls", "arm:mbed_tls" }, /* "mbed TLS": name_product() asks for the word before */
	{ "u-boot", "denx:u-boot" },
	{ "wolfssl", "wolfssl:wolfssl" },
	{ "wpa_supplicant", "w1.fi:wpa_supplicant" },
	{ "zlib", "zlib:zlib" },
};

/* A word without the marks around it, and whether a sentence or clause ends with it. */
struct word {
	struct span text;
	bool comma, stop;
};

static bool next_word(struct span *rest, struct word *out)
{
	struct span text;
	if (!span_next_word(rest, &text))
		return false;
	*out = (struct word){ 0 };
	while (text.size > 0) {
		uint8_t last = span_byte(text, text.size - 1);
		bool stop = last == '.' || last == ';' || last == ':' || last == ')' || last == '"';
		if (last != ',' && !stop)
			break;
		out->comma = out->comma || last == ',';
		out->stop = out->stop || stop;
		text.size--;
	}
	out->text = text;
	return true;
}

static bool word_is(struct span word, const char *want)
{
	struct span other = span_of_text(want);
	if (word.size != other.size)
		return false;
	for (size_t i = 0; i < word.size; i++) {
		uint8_t c = span_byte(word, i);
		if ((c >= 'A' && c <= 'Z' ? c + 32 : c) != span_byte(other, i))
			return false;
	}
	return true;
}

static bool word_among(struct span word, const char *const *list)
{
	for (; *list; list++)
		if (word_is(word, *list))
			return true;
	return false;
}

static bool is_version(struct span word)
{
	return version_plausible(word) && span_find_byte(word, '.', 0) != SPAN_NOT_FOUND;
}

/* An end must be one version: "3.4.x" is none. */
static bool is_end(struct span word)
{
	return is_version(word) && !span_ends_text(word, ".x");
}

/* "5.5.x" as the start of a range is 5.5. */
static struct span start_of(struct span word)
{
	return span_ends_text(word, ".x") ? span_slice(word, 0, word.size - 2) : word;
}

/* Takes a version, past "version" and "versions". */
static bool take_version(struct span *rest, struct word *out)
{
	static const char *const fillers[] = { "version", "versions", "release", NULL };
	if (!next_word(rest, out))
		return false;
	if (word_among(out->text, fillers) && !next_word(rest, out))
		return false;
	return is_end(out->text);
}

/* "before V", "prior to V", "through V": the end of a range. */
static bool take_end(struct span *rest, struct range *range, struct word *last)
{
	struct span from = *rest;
	struct word word;
	if (!next_word(&from, &word))
		return false;
	range->end_excluded = word_is(word.text, "before") || word_is(word.text, "prior");
	bool prior = word_is(word.text, "prior");
	if (prior && (!next_word(&from, &word) || !word_is(word.text, "to")))
		return false;
	if (!range->end_excluded && !word_is(word.text, "through"))
		return false;
	if (!take_version(&from, last))
		return false;
	range->end = last->text;
	*rest = from;
	return true;
}

/* One clause: [START] END, or "V and earlier". */
static bool take_clause(struct span *rest, struct range *range, struct word *last)
{
	static const char *const fillers[] = { "version", "versions", "server", "ssh", "and", "in", NULL };
	static const char *const earlier[] = { "earlier", "prior", "below", NULL };
	struct span from = *rest;
	struct word word;
	*range = (struct range){ 0 };
	for (int i = 0; i < FILLERS_MAX; i++) {
		*rest = from;
		if (take_end(rest, range, last))
			return true;
		if (!next_word(&from, &word) || word.stop)
			return false;
		if (word_among(word.text, fillers))
			continue;
		if (!is_version(word.text) || word.comma)
			return false;
		*rest = from;
		range->start = start_of(word.text);
		if (take_end(rest, range, last))
			return true;
		struct word and;
		bool older = next_word(&from, &and) && word_is(and.text, "and") && next_word(&from, last) &&
			     word_among(last->text, earlier);
		*range = (struct range){ .end = word.text };
		*rest = from;
		return older;
	}
	return false;
}

/* True where another version follows that belongs to no clause ("before 1.15.6 and 1.14.1"): the words are not understood. */
static bool goes_on(struct span rest, const struct word *last)
{
	struct word word;
	if (last->stop || !next_word(&rest, &word))
		return false;
	if (word_is(word.text, "and") || word_is(word.text, "or"))
		return next_word(&rest, &word) && is_version(word.text);
	return is_version(word.text) || word_is(word.text, "before") || word_is(word.text, "through");
}

/* All clauses behind a name; *understood turns false where they are not clear. */
static enum outcome take_clauses(struct builder *builder, struct span rest, const char *product, bool *found,
				 bool *understood)
{
	struct range range;
	struct word last = { .stop = true };
	for (int i = 0; i < CLAUSES_MAX; i++) {
		struct span clause = rest;
		if (!take_clause(&clause, &range, &last))
			break;
		rest = clause;
		/* "before 4.10.17 and before 4.11.11": branches, with no word of where each starts. */
		if (i > 0 && range.start.size == 0)
			*understood = false;
		TRY(builder_record_range(builder, span_of_text(product), &range, NULL));
		*found = true;
		struct span ahead = rest;
		struct word joint;
		bool joined = last.comma || (next_word(&ahead, &joint) && word_is(joint.text, "and"));
		if (last.stop || !joined)
			break;
	}
	if (goes_on(rest, &last))
		*understood = false;
	return DONE;
}

static const char *name_product(struct span word, struct span before)
{
	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		if (word_is(word, names[i].name))
			return word_is(word, "tls") && !word_is(before, "mbed") ? NULL : names[i].product;
	return NULL;
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

enum outcome description_ranges(struct builder *builder, struct span text, bool *found)
{
	struct span rest = text, before = SPAN_NONE;
	struct word word;
	bool understood = true;
	*found = false;
	if (is_unclear(text))
		return DONE;
	while (next_word(&rest, &word)) {
		const char *product = name_product(word.text, before);
		before = word.text;
		if (product && !word.stop && !word.comma)
			TRY(take_clauses(builder, rest, product, found, &understood));
	}
	*found = *found && understood;
	return DONE;
}
