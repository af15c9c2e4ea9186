/*
 * Values of options and variables whose names say that they are secret, in
 * configuration, scripts and sources: "name=value", "name: value", uci's "option
 * name value", XML attributes and elements.
 */
#include "inspect/lines.h"

#include "base/effort.h"
#include "inspect/password.h"
#include "inspect/secret_value.h"

enum { WINDOW = 4096, OVERLAP = 512, ROWS_MAX = 200, TOKEN_LEAST = 20 };

/* How the file writes values. */
enum dialect {
	DIALECT_PLAIN,  /* configuration and shell: words may stand without quotes */
	DIALECT_SOURCE, /* programs: only quoted words are values */
};

static enum dialect dialect_of(const struct inspection *file)
{
	static const char *const endings[] = { ".lua", ".py", ".php", ".js", ".json", ".c", ".h", ".pl", ".cgi", ".xml", ".rb",
					       ".java", ".ts", ".uc", NULL };
	for (size_t i = 0; endings[i]; i++)
		if (span_ends_text(file->name, endings[i]))
			return DIALECT_SOURCE;
	struct span first = file->bytes;
	struct span line = SPAN_NONE;
	(void)span_next_line(&first, &line);
	bool script = span_starts_text(line, "#!");
	bool shell = span_find_text(line, "sh", 0) != SPAN_NOT_FOUND;
	return script && !shell ? DIALECT_SOURCE : DIALECT_PLAIN;
}

static bool is_name_byte(uint8_t c)
{
	return is_alnum(c) || c == '_' || c == '-' || c == '.';
}

/* The name that ends before a position, perhaps quoted. */
static struct span name_before(struct span line, size_t at, bool *quoted)
{
	while (at > 0 && (span_byte(line, at - 1) == ' ' || span_byte(line, at - 1) == '\t'))
		at--;
	uint8_t quote = at > 0 ? span_byte(line, at - 1) : 0;
	*quoted = quote == '"' || quote == '\'';
	if (*quoted || quote == ']')
		at--;
	if (quote == ']' && at > 0 && (span_byte(line, at - 1) == '"' || span_byte(line, at - 1) == '\''))
		at--;
	size_t start = at;
	while (start > 0 && is_name_byte(span_byte(line, start - 1)))
		start--;
	struct span name = span_slice(line, start, at - start);
	/* "$password =", "{password}=": what is assigned is another thing in shell, a variable in PHP and Perl. */
	size_t dot = name.size;
	while (dot > 0 && span_byte(name, dot - 1) != '.')
		dot--;
	return span_from(name, dot);
}

/* The value that begins at a position: a quoted text, or a word where the dialect allows it. */
static struct span value_at(struct span line, size_t at, enum dialect dialect, bool *quoted)
{
	while (span_byte(line, at) == ' ' || span_byte(line, at) == '\t')
		at++;
	uint8_t quote = span_byte(line, at);
	*quoted = quote == '"' || quote == '\'';
	if (*quoted) {
		size_t end = span_find_byte(line, quote, at + 1);
		return end == SPAN_NOT_FOUND ? SPAN_NONE : span_slice(line, at + 1, end - at - 1);
	}
	if (dialect == DIALECT_SOURCE)
		return SPAN_NONE;
	size_t end = at;
	while (end < line.size && effort_at(end) && span_byte(line, end) > ' ')
		end++;
	/* More words after it: prose, or a command with the assignment before it. */
	struct span after = span_trim(span_from(line, end));
	bool remark = span_byte(after, 0) == '#' || span_byte(after, 0) == ';';
	return after.size == 0 || remark ? span_slice(line, at, end - at) : SPAN_NONE;
}

static bool is_comparison(struct span line, size_t at)
{
	uint8_t before = at > 0 ? span_byte(line, at - 1) : 0, after = span_byte(line, at + 1);
	return after == '=' || after == '~' || before == '=' || before == '!' || before == '<' || before == '>' || before == '~' ||
	       before == '+' || before == '?';
}

/* CHALLENGE_PASSWORD = "challengePassword": a name for a name. */
static bool is_same_word(struct span name, struct span value)
{
	size_t at = 0;
	for (size_t i = 0; i < value.size && effort_at(i); i++) {
		uint8_t c = span_byte(value, i), wanted;
		if (c == '_' || c == '-')
			continue;
		do
			wanted = span_byte(name, at++);
		while (wanted == '_' || wanted == '-');
		if ((c | 0x20) != (wanted | 0x20))
			return false;
	}
	return at >= name.size;
}

struct settings {
	struct inspection *file;
	enum dialect dialect;
	int rows;
};

static void state(struct settings *settings, uint64_t offset, struct span name, struct span value, const char *kind,
		  const char *rule, const char *confidence)
{
	/* "token" is any word to a parser: only a long one is a credential. */
	bool token = span_equal_text(span_of_text(kind), "token");
	if (token && value.size < TOKEN_LEAST)
		return;
	/* What a maker is known to ship, in what is no program: nobody writes that for any other reason. */
	bool shipped = settings->dialect == DIALECT_PLAIN || span_ends_text(settings->file->name, ".xml") ||
		       span_ends_text(settings->file->name, ".json");
	if (shipped && settings->file->kind != KIND_SCRIPT && password_is_published(SPAN_NONE, value))
		confidence = "high";
	struct secret_found found = { offset, token ? "api key" : kind, rule, confidence, name, value, false };
	if (settings->rows++ < ROWS_MAX)
		secret_state(settings->file, &found);
	else
		facts_drop(settings->file->facts, EVIDENCE_SECRET);
}

/* A test of a variable is no assignment; "read -p password:" and messages are prose. */
static bool is_prose(struct span line)
{
	static const char *const starts[] = { "echo ", "printf ", "if ", "[ ", "elif ", "while ", "test ", "read ", "--", "print",
					      "logger ", "help", "usage", "log ", "msg", "case ", "grep ", "sed ", "awk ", NULL };
	for (size_t i = 0; starts[i]; i++)
		if (span_starts_text(line, starts[i]))
			return true;
	return false;
}

static void read_assignments(struct settings *settings, struct span line, uint64_t offset)
{
	for (size_t at = 1; at < line.size && effort_at(at); at++) {
		uint8_t c = span_byte(line, at);
		if ((c != '=' && c != ':') || is_comparison(line, at))
			continue;
		bool name_quoted, quoted;
		struct span name = name_before(line, at, &name_quoted);
		const char *kind;
		if (name.size == 0 || !secret_is_name(name, &kind))
			continue;
		if (c == ':' && !name_quoted && span_byte(line, at + 1) != ' ')
			continue;
		struct span value = value_at(line, at + 1, settings->dialect, &quoted);
		if (!secret_is_value(value) || is_same_word(name, value))
			continue;
		/* A colon without quotes is YAML, or prose. */
		bool weak = c == ':' && !quoted;
		if (!weak || (span_ends_text(settings->file->name, ".yaml") || span_ends_text(settings->file->name, ".yml")))
			state(settings, offset + at, name, value, kind, "secret-setting", "medium");
	}
}

/* uci: option NAME VALUE; "key" holds a secret where the section is a wireless interface. */
static bool read_uci(struct settings *settings, struct span line, uint64_t offset)
{
	struct span rest = line, word, name;
	if (!span_next_word(&rest, &word) || !span_equal_text(word, "option") || !span_next_word(&rest, &name))
		return false;
	name = unquoted(name);
	struct span value = unquoted(span_trim(rest));
	const char *kind = NULL;
	bool wireless = span_find_text(settings->file->path, "wireless", 0) != SPAN_NOT_FOUND;
	bool login = span_ends_text(settings->file->path, "/config/rpcd");
	if (wireless && (span_equal_text(name, "key") || span_starts_text(name, "key1")))
		kind = "wifi key";
	else if (!secret_is_name(name, &kind) || login)
		return true;
	/* "1" to "4" choose one of the WEP keys. */
	if (secret_is_value(value))
		state(settings, offset, name, value, kind, "uci-option", "high");
	return true;
}

/* <Password>value</Password>, however many stand in the line. */
static void read_elements(struct settings *settings, struct span line, uint64_t offset)
{
	for (size_t open = span_find_byte(line, '<', 0); open != SPAN_NOT_FOUND; open = span_find_byte(line, '<', open + 1)) {
		size_t close = span_find_byte(line, '>', open), end = span_find_byte(line, '<', open + 1);
		if (close == SPAN_NOT_FOUND || end == SPAN_NOT_FOUND)
			return;
		struct span tag = span_slice(line, open + 1, close > open ? close - open - 1 : 0), name;
		const char *kind;
		if (close > end || span_byte(line, end + 1) != '/' || !span_next_word(&tag, &name) || !secret_is_name(name, &kind))
			continue;
		struct span value = span_trim(span_slice(line, close + 1, end - close - 1));
		if (secret_is_value(value) && !equal_caseless(value, "password"))
			state(settings, offset + open, name, value, kind, "xml-element", "medium");
	}
}

/* The quoted value of an attribute of a tag; the empty span where it has none. */
static struct span attribute(struct span tag, const char *name)
{
	size_t size = strlen(name);
	for (size_t at = span_find_text(tag, name, 0); at != SPAN_NOT_FOUND; at = span_find_text(tag, name, at + 1)) {
		uint8_t before = at > 0 ? span_byte(tag, at - 1) : 0, quote = span_byte(tag, at + size + 1);
		if (before != ' ' || span_byte(tag, at + size) != '=' || (quote != '"' && quote != '\''))
			continue;
		size_t start = at + size + 2, end = span_find_byte(tag, quote, start);
		return end == SPAN_NOT_FOUND ? SPAN_NONE : span_slice(tag, start, end - start);
	}
	return SPAN_NONE;
}

/* <DM name="Password" val="…"/>, <entry key="…" value="…"/>: the tag names and gives in two attributes. */
static void read_tags(struct settings *settings, struct span line, uint64_t offset)
{
	for (size_t open = span_find_byte(line, '<', 0); open != SPAN_NOT_FOUND; open = span_find_byte(line, '<', open + 1)) {
		size_t close = span_find_byte(line, '>', open);
		struct span tag = span_slice(line, open, close == SPAN_NOT_FOUND ? line.size : close - open);
		struct span name = attribute(tag, "name"), value = attribute(tag, "val");
		const char *kind;
		name = name.size > 0 ? name : attribute(tag, "key");
		value = value.size > 0 ? value : attribute(tag, "value");
		if (name.size > 0 && secret_is_name(name, &kind) && secret_is_value(value))
			state(settings, offset + open, name, value, kind, "xml-attribute", "medium");
	}
}

static bool is_comment(struct span line)
{
	uint8_t first = span_byte(line, 0);
	return first == '#' || first == ';' || first == '*' || span_starts_text(line, "//") || span_starts_text(line, "--") ||
	       span_starts_text(line, "/*") || span_starts_text(line, "<!--");
}

/* A long line is read in windows that overlap by more than a name and its value take. */
static void read_line(struct settings *settings, struct span line, uint64_t offset)
{
	for (size_t at = 0; at < line.size && !effort_over(); at += WINDOW - OVERLAP) {
		struct span window = span_slice(line, at, WINDOW);
		read_assignments(settings, window, offset + at);
		if (at + window.size == line.size)
			break;
	}
}

/* Lines of an XML comment; what stands before its begin or behind its end in the same line goes with it. */
static bool in_remark(struct span line, bool *remark)
{
	bool began = span_find_text(line, "<!--", 0) != SPAN_NOT_FOUND, ended = span_find_text(line, "-->", 0) != SPAN_NOT_FOUND;
	bool inside = *remark || (began && !ended);
	*remark = inside && !ended;
	return inside;
}

static void read_xml(struct settings *settings, struct span line, uint64_t offset)
{
	read_elements(settings, line, offset);
	read_tags(settings, line, offset);
}

void secrets_settings(struct inspection *file)
{
	struct settings settings = { .file = file, .dialect = dialect_of(file) };
	struct lines lines = lines_over(file->bytes);
	struct span line;
	bool xml = span_ends_text(file->name, ".xml"), remark = false;
	while (lines_next(&lines, &line)) {
		if (xml && in_remark(line, &remark))
			continue;
		if (line.size == 0 || is_comment(line) || is_prose(line))
			continue;
		if (read_uci(&settings, line, lines.offset))
			continue;
		if (xml)
			read_xml(&settings, line, lines.offset);
		read_line(&settings, line, lines.offset);
	}
}
