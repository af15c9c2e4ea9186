/*
 * Files whose form says what is secret in them: chap-secrets and pap-secrets of
 * pppd(8), snmpd.conf(5), wpa_supplicant.conf and hostapd.conf, the RT2860 family's
 * driver settings, the routing daemons of Quagga.
 */
#include "inspect/lines.h"
#include "inspect/secret_value.h"

struct secret_file {
	bool (*is)(struct span name);
	void (*read)(struct inspection *file, struct span line, uint64_t offset);
};

static void state(struct inspection *file, uint64_t offset, const char *kind, const char *rule, struct span name,
		  struct span value)
{
	struct secret_found found = { offset, kind, rule, "high", name, value, false };
	secret_state(file, &found);
}

static bool is_ppp(struct span name)
{
	return span_ends_text(name, "chap-secrets") || span_ends_text(name, "pap-secrets");
}

/* client server secret addresses */
static void read_ppp(struct inspection *file, struct span line, uint64_t offset)
{
	struct span client, server, secret;
	if (!span_next_word(&line, &client) || !span_next_word(&line, &server) || !span_next_word(&line, &secret))
		return;
	secret = unquoted(secret);
	/* "@/file" means that the secret stands elsewhere. */
	if (secret_is_value(secret) && span_byte(secret, 0) != '@')
		state(file, offset, "ppp", "ppp-secret", unquoted(client), secret);
}

static bool is_snmp(struct span name)
{
	return span_starts_text(name, "snmpd") && span_find_text(name, "conf", 0) != SPAN_NOT_FOUND;
}

/* rocommunity NAME …, com2sec [-Cn CONTEXT] SECNAME SOURCE NAME */
static void read_snmp(struct inspection *file, struct span line, uint64_t offset)
{
	static const char *const directives[] = { "rocommunity", "rwcommunity", "rocommunity6", "rwcommunity6", NULL };
	struct span directive, word, community = SPAN_NONE;
	if (!span_next_word(&line, &directive))
		return;
	if (is_one_of(directive, directives))
		(void)span_next_word(&line, &community);
	else if (span_equal_text(directive, "com2sec") || span_equal_text(directive, "com2sec6"))
		while (span_next_word(&line, &word))
			community = word;
	community = unquoted(community);
	if (community.size > 0 && span_byte(community, 0) != '$' && span_byte(community, 0) != '<')
		state(file, offset, "snmp community", "snmp-community", directive, community);
}

static bool is_wpa(struct span name)
{
	return span_find_text(name, "wpa_supplicant", 0) != SPAN_NOT_FOUND || span_find_text(name, "hostapd", 0) != SPAN_NOT_FOUND;
}

static void read_wpa(struct inspection *file, struct span line, uint64_t offset)
{
	static const char *const names[] = { "psk", "wpa_passphrase", "wpa_psk", "sae_password", "wep_key0", "wep_key1", "wep_key2",
					     "wep_key3", NULL };
	static const char *const passwords[] = { "password", "private_key_passwd", "auth_server_shared_secret", "ap_pin", NULL };
	size_t equals = span_find_byte(line, '=', 0);
	if (equals == SPAN_NOT_FOUND)
		return;
	struct span name = span_trim(span_slice(line, 0, equals));
	struct span value = unquoted(span_trim(span_from(line, equals + 1)));
	if (is_one_of(name, names) && secret_is_value(value))
		state(file, offset, "wifi key", "wpa-configuration", name, value);
	else if (is_one_of(name, passwords) && secret_is_value(value))
		state(file, offset, "password", "wpa-configuration", name, value);
}

static bool is_ralink(struct span name)
{
	return span_ends_text(name, ".dat") && (span_starts_text(name, "RT") || span_starts_text(name, "MT") ||
						span_starts_text(name, "mt") || span_starts_text(name, "iNIC"));
}

static void read_ralink(struct inspection *file, struct span line, uint64_t offset)
{
	static const char *const names[] = { "WPAPSK", "Key1Str", "Key2Str", "Key3Str", "Key4Str", "RADIUS_Key", "ApCliWPAPSK",
					     NULL };
	size_t equals = span_find_byte(line, '=', 0);
	if (equals == SPAN_NOT_FOUND)
		return;
	struct span name = span_slice(line, 0, equals), value = span_trim(span_from(line, equals + 1)), stem = name;
	while (stem.size > 4 && is_digit(span_byte(stem, stem.size - 1)))
		stem.size--;
	if ((is_one_of(name, names) || is_one_of(stem, names)) && secret_is_value(value))
		state(file, offset, span_equal_text(name, "RADIUS_Key") ? "password" : "wifi key", "ralink-settings", name, value);
}

/* Zebra, Quagga, FRRouting: "password WORD" and "enable password WORD" of the terminal that each daemon serves. */
static bool is_routing(struct span name)
{
	static const char *const names[] = { "zebra.conf", "ripd.conf", "ripngd.conf", "ospfd.conf", "ospf6d.conf", "bgpd.conf",
					     "isisd.conf", "frr.conf", NULL };
	return is_one_of(name, names);
}

static void read_routing(struct inspection *file, struct span line, uint64_t offset)
{
	struct span word, name = SPAN_LITERAL("password");
	if (!span_next_word(&line, &word))
		return;
	if (span_equal_text(word, "enable")) {
		name = SPAN_LITERAL("enable password");
		if (!span_next_word(&line, &word))
			return;
	}
	struct span value = span_trim(line);
	if (span_equal_text(word, "password") && !span_starts_text(value, "8 ") && secret_is_value(value))
		state(file, offset, "password", "routing-daemon", name, value);
}

static const struct secret_file files[] = {
	{ is_routing, read_routing },
	{ is_ppp, read_ppp },
	{ is_snmp, read_snmp },
	{ is_wpa, read_wpa },
	{ is_ralink, read_ralink },
};

static const struct secret_file *find(const struct inspection *file)
{
	if (file->kind == KIND_SCRIPT)
		return NULL;
	for (size_t i = 0; i < sizeof files / sizeof *files; i++)
		if (files[i].is(file->name))
			return &files[i];
	return NULL;
}

bool secrets_is_known_file(const struct inspection *file)
{
	return find(file) != NULL;
}

void secrets_files(struct inspection *file)
{
	const struct secret_file *known = find(file);
	struct lines lines = lines_over(file->bytes);
	struct span line;
	while (known && lines_next_setting(&lines, &line))
		known->read(file, line, lines.offset);
}
