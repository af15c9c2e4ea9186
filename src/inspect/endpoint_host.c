#include "inspect/endpoint_host.h"

#include "base/effort.h"
#include "inspect/lines.h"

enum { PARTS = 4 };

static bool parse_address(struct span host, uint64_t parts[static PARTS])
{
	struct span part;
	size_t count = 0;
	while (span_next_field(&host, '.', &part)) {
		if (count == PARTS || part.size > 3 || !span_to_number(part, 255, &parts[count]))
			return false;
		count++;
	}
	return count == PARTS;
}

/* RFC 1918, 6598, 3927, 1122, 5771, 5737. */
static bool is_special(const uint64_t parts[static PARTS])
{
	uint64_t a = parts[0], b = parts[1], c = parts[2];
	return a == 0 || a == 10 || a == 127 || a >= 224 || (a == 172 && b >= 16 && b < 32) || (a == 192 && b == 168) ||
	       (a == 169 && b == 254) || (a == 100 && b >= 64 && b < 128) || (a == 192 && b == 0 && c == 2) ||
	       (a == 198 && b == 51 && c == 100) || (a == 203 && b == 0 && c == 113);
}

/* Small numbers in all places are a version, as often as an address. */
static bool looks_like_version(const uint64_t parts[static PARTS])
{
	return parts[0] < 32 && parts[1] < 10 && parts[2] < 100 && !(parts[0] == parts[1] && parts[1] == parts[2]) &&
	       !(parts[0] == 4 && parts[1] == 2) && !(parts[0] == 1 && parts[1] == 0);
}

bool endpoint_is_public_address(struct span host)
{
	uint64_t parts[PARTS];
	return parse_address(host, parts) && !is_special(parts) && !looks_like_version(parts);
}

bool endpoint_is_host(struct span host)
{
	uint64_t parts[PARTS];
	if (span_byte(host, 0) == '[')
		return host.size > 4 && span_find_byte(host, ':', 0) != SPAN_NOT_FOUND;
	if (parse_address(host, parts) || span_equal_text(host, "localhost"))
		return true;
	size_t dot = host.size;
	while (dot > 0 && span_byte(host, dot - 1) != '.')
		dot--;
	struct span last = span_from(host, dot);
	for (size_t i = 0; i < last.size && effort_at(i); i++)
		if (!is_letter(span_byte(last, i)))
			return false;
	return dot > 1 && last.size >= 2 && last.size <= 12 && is_alnum(span_byte(host, 0)) &&
	       span_find_text(host, "..", 0) == SPAN_NOT_FOUND;
}

/* The host itself or a name below it. */
static bool is_below(struct span host, const char *domain)
{
	struct span wanted = span_of_text(domain);
	if (!span_ends(host, wanted))
		return false;
	return host.size == wanted.size || span_byte(host, host.size - wanted.size - 1) == '.';
}

bool endpoint_is_documentation(struct span host, struct span text)
{
	static const char *const domains[] = {
		"w3.org", "xmlsoap.org", "oasis-open.org", "purl.org", "adobe.com", "openxmlformats.org", "onvif.org",
		"example.com", "example.org", "example.net", "domain.com", "gnu.org", "apache.org", "opensource.org",
		"creativecommons.org", "openssl.org", "ietf.org", "iana.org", "rfc-editor.org", "wikipedia.org", "jquery.com",
		"mozilla.org", "php.net", "lua.org", "python.org", "perl.org", "sourceforge.net", "kernel.org", "busybox.net",
		"uclibc.org", "isc.org", "netfilter.org", "thekelleys.org.uk", "samba.org", "sqlite.org", "zlib.net", "gzip.org",
		"bzip.org", "curl.se", "haxx.se", "lighttpd.net", "nginx.org", "nginx.com", "freedesktop.org", "libpng.org",
		"ijg.org", "freetype.org", "xmlsoft.org", "json.org", "json-schema.org", "debian.org", "redhat.com", "savannah.org",
		"upnp.org", "wi-fi.org", "microsoft.com", "epaper.com.tw", "tools.ietf.org", "gnupg.org", "roaringpenguin.com",
		"tinc-vpn.org", "netgear-forum.com", "bugs.launchpad.net", "broadband-forum.org", "dslforum.org", "libssh2.org",
		"libssh.org", "strongswan.org", "openvpn.net", "matt.ucc.asn.au", "gnome.org", "kde.org", "videolan.org", "xiph.org",
		"ffmpeg.org", "live555.com", "readthedocs.io", "godoc.org", "golang.org", "openldap.org", "digium.com", "skarnet.org",
		"translationproject.org", "snowman.net", "googlecode.com", "goessner.net", "zeustech.net",
		"xelerance.com", "tempuri.org", "url.here", "miniupnp.free.fr", "audiocoding.com", "snmp.org",
		"net-snmp.org", "iptables.org", "linuxfoundation.org", "osdl.org", "rsyslog.com", "balabit.com", NULL
	};
	static const char *const words[] = { "schema", "xmlns", "/licens", "/doc", "/wiki", "/faq", "/bugs", "/manual", "readme",
					     "/rfc", "/DTD", ".dtd", ".xsd", "/issues", "mailman",
					     "//forum.", "xxx.xxx", NULL };
	/* Of these companies' names, time and download servers are endpoints all the same. */
	bool server = span_starts_text(host, "time.") || span_starts_text(host, "ntp.") || span_starts_text(host, "download");
	for (size_t i = 0; domains[i] && !server; i++)
		if (is_below(host, domains[i]))
			return true;
	for (size_t i = 0; words[i]; i++)
		if (span_find_text(text, words[i], 0) != SPAN_NOT_FOUND)
			return true;
	return false;
}

static bool is_local(struct span host)
{
	uint64_t parts[PARTS];
	return span_equal_text(host, "localhost") || span_ends_text(host, ".local") || span_ends_text(host, ".lan") ||
	       (parse_address(host, parts) && is_special(parts));
}

/* A word counts where no letter or hyphen stands before it: "ntp" is not in "mountpoint". */
struct purpose_word {
	const char *word, *purpose;
	bool anywhere;
};

static bool holds_word(struct span text, const struct purpose_word *word)
{
	struct span wanted = span_of_text(word->word);
	for (size_t at = 0; at + wanted.size <= text.size && effort_at(at); at++)
		if (equal_caseless(span_slice(text, at, wanted.size), word->word) &&
		    (word->anywhere || at == 0 || (!is_letter(span_byte(text, at - 1)) && span_byte(text, at - 1) != '-')))
			return true;
	return false;
}

static const char *find_word(struct span text, const struct purpose_word *words)
{
	for (; words->word; words++)
		if (holds_word(text, words))
			return words->purpose;
	return NULL;
}

static bool is_public_resolver(struct span host)
{
	static const char *const resolvers[] = { "8.8.8.8", "8.8.4.4", "1.1.1.1", "1.0.0.1", "9.9.9.9", "114.114.114.114",
						 "223.5.5.5", "223.6.6.6", "119.29.29.29", "180.76.76.76", "208.67.222.222",
						 "208.67.220.220", "4.2.2.2", "4.2.2.1", NULL };
	return is_one_of(host, resolvers);
}

const char *endpoint_purpose(struct span host, struct span text, struct span context)
{
	static const struct purpose_word is_ddns[] = {
		{ "ddns", "ddns", true },	{ "dyndns", "ddns", true },   { "no-ip.", "ddns", true },
		{ "dynupdate", "ddns", true },	{ "hostname=", "ddns", true }, { "myip=", "ddns", true },
		{ "/nic/update", "ddns", true }, { NULL, NULL, false },
	};
	static const struct purpose_word in_host[] = {
		{ "ntp", "time", false },	    { "time.", "time", false },	    { "update", "update", false },
		{ "upgrade", "update", false },	    { "firmware", "update", false }, { "fota", "update", false },
		{ "ota.", "update", false },	    { "dns", "dns", false },	    { "root-servers", "dns", false },
		{ "stat.", "telemetry", false },    { "stats.", "telemetry", false }, { "log.", "telemetry", false },
		{ "telemetry", "telemetry", true }, { "analytics", "telemetry", true }, { "track", "telemetry", false },
		{ "crash", "telemetry", false },    { "mqtt", "cloud", false },	    { "iot", "cloud", false },
		{ "broker", "cloud", false },	    { "cloud", "cloud", true },	    { "stun", "nat traversal", false },
		{ NULL, NULL, false },
	};
	static const struct purpose_word in_text[] = {
		{ "firmware", "update", false }, { "upgrade", "update", false },  { "ota/", "update", false },
		{ "packages", "update", false }, { "checkver", "update", false }, { "stun:", "nat traversal", false },
		{ NULL, NULL, false },
	};
	static const struct purpose_word in_context[] = {
		{ "ntp", "time", false },     { "src/gz", "update", false },	 { "sysupgrade", "update", false },
		{ "ddns", "ddns", false },    { "nameserver", "dns", false },	 { "option dns", "dns", false },
		{ "resolv", "dns", false },   { "telemetry", "telemetry", false }, { NULL, NULL, false },
	};
	if (is_local(host))
		return "local";
	if (is_public_resolver(host))
		return "dns";
	const char *purpose = find_word(text, is_ddns);
	if (!purpose)
		purpose = find_word(host, in_host);
	if (!purpose)
		purpose = find_word(text, in_text);
	return purpose ? purpose : find_word(context, in_context);
}
