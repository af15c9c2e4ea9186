/*
 * Network names and addresses that programs, scripts and configuration speak of:
 * URLs, host names, public addresses. Names of standards, licences and manuals are
 * no endpoints of the device.
 */
#include "inspect/endpoint_host.h"
#include "inspect/inspector.h"
#include "inspect/lines.h"
#include "inspect/registry.h"

enum { ROWS_MAX = 200, TEXT_LIMIT = 4096, SCHEME_LIMIT = 8, CONTEXT_LINE_LIMIT = 256 };

enum { PATTERN_URL, PATTERN_HOST, PATTERN_ADDRESS };
static const struct pattern patterns[] = {
	[PATTERN_URL] = { "(https?|ftps?|sftp|tftp|mqtts?|wss?|rtsps?|rtmps?|coaps?|ldaps?|stuns?|turns?|tcp|udp|ssl|tls)://"
			  "[0-9A-Za-z\\[]", 0 },
	[PATTERN_HOST] = { "[0-9A-Za-z-]\\.(com|net|org|cn|io|de|eu|jp|kr|uk|ru|cc|tv|me|us|fr|it|cloud|info)[^0-9A-Za-z.-]", 0 },
	[PATTERN_ADDRESS] = { "[0-9]{1,3}\\.[0-9]{1,3}\\.[0-9]{1,3}\\.[0-9]{1,3}[^0-9A-Za-z.-]", 0 },
};

struct endpoint {
	uint64_t offset;
	const char *kind;
	struct span scheme, host, text;
	uint64_t port; /* 0 for none */
	struct endpoint *next;
};

struct endpoints {
	struct inspection *file;
	struct endpoint *seen;
	int rows;
};

static bool sends_in_clear(struct span scheme)
{
	static const char *const clear[] = { "http", "ftp", "tftp", "mqtt", "ws", "rtsp", "rtmp", "coap", "ldap", "tcp", "udp",
					     "stun", "turn", NULL };
	return is_one_of(scheme, clear);
}

static bool was_seen(const struct endpoints *endpoints, struct span text)
{
	for (const struct endpoint *seen = endpoints->seen; seen; seen = seen->next)
		if (span_equal(seen->text, text))
			return true;
	return false;
}

static void state(struct endpoints *endpoints, const struct endpoint *found, struct span context)
{
	if (was_seen(endpoints, found->text))
		return;
	if (endpoints->rows >= ROWS_MAX) {
		facts_drop(endpoints->file->facts, EVIDENCE_ENDPOINT);
		return;
	}
	struct endpoint *kept = ARENA_NEW(endpoints->file->scratch, struct endpoint, 1);
	if (!kept)
		return;
	*kept = *found;
	kept->next = endpoints->seen;
	endpoints->seen = kept;
	endpoints->rows++;
	struct facts *facts = endpoints->file->facts;
	struct fact *fact = fact_new(facts, EVIDENCE_ENDPOINT);
	fact_integer(fact, ENDPOINT_OFFSET, (int64_t)found->offset);
	fact_word(facts, fact, ENDPOINT_KIND, found->kind);
	if (found->scheme.size > 0)
		fact_text(facts, fact, ENDPOINT_SCHEME, found->scheme);
	fact_text(facts, fact, ENDPOINT_HOST, found->host);
	if (found->port > 0)
		fact_integer(fact, ENDPOINT_PORT, (int64_t)found->port);
	fact_text(facts, fact, ENDPOINT_TEXT, found->text);
	fact_integer(fact, ENDPOINT_PLAINTEXT, sends_in_clear(found->scheme));
	fact_word(facts, fact, ENDPOINT_PURPOSE, endpoint_purpose(found->host, found->text, context));
}

/* The line around a place in a text; in a program, the string. */
static struct span line_around(const struct inspection *file, uint64_t at)
{
	uint64_t start = at, end = at;
	while (start > 0 && at - start < CONTEXT_LINE_LIMIT && span_byte(file->bytes, start - 1) != '\n' &&
	       span_byte(file->bytes, start - 1) != 0)
		start--;
	while (end < file->bytes.size && end - at < CONTEXT_LINE_LIMIT && span_byte(file->bytes, end) != '\n' &&
	       span_byte(file->bytes, end) != 0)
		end++;
	return span_trim(span_slice(file->bytes, start, end - start));
}

static bool is_comment(const struct inspection *file, struct span line)
{
	uint8_t first = span_byte(line, 0);
	return kind_is_text(file->kind) && (first == '#' || first == ';' || first == '*' || span_starts_text(line, "//") ||
					    span_starts_text(line, "--") || span_starts_text(line, "/*"));
}

static bool is_host_byte(uint8_t c)
{
	return is_alnum(c) || c == '.' || c == '-' || c == '_';
}

static size_t host_end(struct span bytes, size_t at)
{
	if (span_byte(bytes, at) == '[') {
		size_t close = span_find_byte(span_slice(bytes, 0, at + 48), ']', at);
		return close == SPAN_NOT_FOUND ? at : close + 1;
	}
	while (is_host_byte(span_byte(bytes, at)))
		at++;
	return at;
}

static struct span url_text(struct span bytes, size_t start)
{
	static const char stops[] = "\"'<>`\\|^{}() ,;";
	size_t end = start;
	while (end < bytes.size && end - start < TEXT_LIMIT) {
		uint8_t c = span_byte(bytes, end);
		if (c <= ' ' || c >= 0x7f || strchr(stops, c))
			break;
		end++;
	}
	while (end > start && (span_byte(bytes, end - 1) == '.' || span_byte(bytes, end - 1) == ':'))
		end--;
	return span_slice(bytes, start, end - start);
}

/* The hit ends after the host's first byte. */
static void read_url(struct endpoints *endpoints, const struct pattern_hit *hit)
{
	const struct inspection *file = endpoints->file;
	size_t host_start = (size_t)hit->end - 1, scheme_end = host_start - 3, start = scheme_end;
	while (start > 0 && scheme_end - start < SCHEME_LIMIT && is_letter(span_byte(file->bytes, start - 1)))
		start--;
	struct endpoint found = { .offset = start, .kind = "url" };
	found.text = url_text(file->bytes, start);
	if (found.text.size == TEXT_LIMIT)
		facts_drop(file->facts, EVIDENCE_ENDPOINT);
	found.scheme = span_slice(file->bytes, start, scheme_end - start);
	/* A user and password before the host are the secrets inspector's. */
	struct span authority = span_from(found.text, host_start - start);
	authority = span_slice(authority, 0, span_find_byte(authority, '/', 0));
	size_t at_sign = span_find_byte(authority, '@', 0);
	if (at_sign != SPAN_NOT_FOUND)
		host_start += at_sign + 1;
	size_t end = host_end(file->bytes, host_start);
	found.host = span_slice(file->bytes, host_start, end - host_start);
	/* "http://192.168.%d.1", "https://host.$domain/" */
	uint8_t after = span_byte(file->bytes, end);
	struct span line = line_around(file, start);
	if (after == '%' || after == '$' || after == '{' || is_comment(file, line) || !endpoint_is_host(found.host))
		return;
	if (after == ':') {
		size_t digits = end + 1;
		while (is_digit(span_byte(file->bytes, digits)))
			digits++;
		if (!span_to_number(span_slice(file->bytes, end + 1, digits - end - 1), UINT16_MAX, &found.port))
			found.port = 0;
	}
	if (!endpoint_is_documentation(found.host, found.text))
		state(endpoints, &found, line);
}

/* What may stand on both sides of a name that is a value: in a program only a string's ends. */
static bool is_edge(const struct inspection *file, uint8_t c)
{
	if (!kind_is_text(file->kind))
		return c == 0;
	/* "o.info" is a host in a list, and a field in a program's source. */
	if (span_ends_text(file->name, ".lua") || span_ends_text(file->name, ".py") || span_ends_text(file->name, ".php"))
		return c == '"' || c == '\'';
	return c == 0 || c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '"' || c == '\'' || c == '=' || c == ',';
}

static void read_name(struct endpoints *endpoints, const struct pattern_hit *hit, bool address)
{
	const struct inspection *file = endpoints->file;
	size_t end = (size_t)hit->end - 1, start = end;
	while (start > 0 && end - start < 100 && is_host_byte(span_byte(file->bytes, start - 1)))
		start--;
	struct endpoint found = { .offset = start, .kind = address ? "address" : "host" };
	found.host = found.text = span_slice(file->bytes, start, end - start);
	uint8_t before = start > 0 ? span_byte(file->bytes, start - 1) : 0, after = span_byte(file->bytes, end);
	bool edges = is_edge(file, before) && is_edge(file, after) && after != '=';
	struct span line = line_around(file, start);
	if (!edges || is_comment(file, line) || !endpoint_is_host(found.host) ||
	    endpoint_is_documentation(found.host, found.text))
		return;
	if (address && (!endpoint_is_public_address(found.host) || contains_caseless(line, "version")))
		return;
	state(endpoints, &found, line);
}

/* Web pages and manuals link to the world; package lists name sources. */
static bool is_about_others(const struct inspection *file)
{
	static const char *const endings[] = { ".htm", ".html", ".css", ".svg", ".js", ".asp", ".md", ".po", ".control", ".list",
					       ".map",
					       ".txt", ".xsd", ".wsdl", ".lmo", ".tpl", ".crt", ".pem", ".cer", NULL };
	static const char *const folders[] = { "doc", "docs", "man", "licenses", "help", "www", "web", "locale", "i18n", "terminfo",
					       NULL };
	for (size_t i = 0; endings[i]; i++)
		if (span_ends_text(file->name, endings[i]))
			return true;
	for (size_t i = 0; folders[i]; i++)
		if (path_has_folder(file->path, folders[i]) && file->kind != KIND_ELF && file->kind != KIND_SCRIPT)
			return true;
	return false;
}

static void inspect(struct inspection *file)
{
	bool known = file->kind == KIND_ELF || file->kind == KIND_PART || kind_is_text(file->kind);
	if (!known || is_about_others(file))
		return;
	struct endpoints endpoints = { .file = file };
	for (size_t i = 0; i < file->hit_count; i++) {
		const struct pattern_hit *hit = &file->hits[i];
		if (hit->pattern == PATTERN_URL)
			read_url(&endpoints, hit);
		else if (hit->pattern == PATTERN_HOST && file->kind != KIND_PART)
			read_name(&endpoints, hit, false);
		else if (hit->pattern == PATTERN_ADDRESS && kind_is_text(file->kind))
			read_name(&endpoints, hit, true);
	}
}

const struct inspector inspector_endpoints = {
	.name = "endpoints",
	.patterns = patterns,
	.pattern_count = sizeof patterns / sizeof *patterns,
	.inspect = inspect,
};
