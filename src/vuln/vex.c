#include "vuln/vex.h"

#include <stdarg.h>
#include <stdio.h>

#include "base/clock.h"
#include "base/json_tree.h"
#include "evidence/query.h"
#include "vuln/identifier.h"
#include "vuln/version_set.h"
#include "vuln/vex_part.h"
#include "vuln/vex_words.h"

enum { DOCUMENT_MEMORY = 256 * 1024 * 1024, WORDS_MAX = 512, TEXT_MAX = 16 * 1024, FIRST_YEAR = 1999 };

enum outcome vex_fail(struct vex_reader *reader, uint32_t line, const char *format, ...)
{
	char words[WORDS_MAX];
	va_list arguments;
	va_start(arguments, format);
	(void)vsnprintf(words, sizeof words, format, arguments);
	va_end(arguments);
	*reader->error = arena_format(reader->arena, "%.*s line %u: %s", SPAN_FORMAT(reader->document), line, words);
	return MALFORMED;
}

/* "cve-…", "CEV-…" */
static bool is_misspelt(struct span id)
{
	bool c = false, v = false, e = false;
	for (size_t i = 0; i < 3; i++) {
		uint8_t letter = span_byte(id, i) | 0x20;
		c = c || letter == 'c';
		v = v || letter == 'v';
		e = e || letter == 'e';
	}
	return c && v && e;
}

/* "CVE-2021-33909" and identifiers of other lists, which must at least look like one: "GHSA-jfh8-c2jp-5v3q". */
static bool is_identifier(struct span id)
{
	bool digit = false;
	if (span_starts_text(id, "CVE-") || span_starts_text(id, "OSV-")) {
		uint64_t year, now;
		char today[21];
		clock_format_utc(clock_report_time(), today);
		bool counted = span_to_number(span_slice(id, 4, 4), 9999, &year) &&
			       span_to_number(span_slice(span_of_text(today), 0, 4), 9999, &now);
		return identifier_parse(id) != 0 && id.size >= 13 && counted && year >= FIRST_YEAR && year <= now + 1;
	}
	for (size_t i = 0; i < id.size; i++) {
		uint8_t c = span_byte(id, i);
		bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
		digit = digit || (c >= '0' && c <= '9');
		if (!letter && !(c >= '0' && c <= '9') && c != '-' && c != ':' && c != '.' && c != '_')
			return false;
	}
	return digit && span_find_byte(id, '-', 0) != SPAN_NOT_FOUND && !is_misspelt(id);
}

static enum outcome check_justification(struct vex_reader *reader, struct vex_statement *s)
{
	uint32_t line = s->justified ? s->justified : s->line;
	if (s->justification.size > 0 && !vex_is_justification(s->justification))
		return vex_fail(reader, line, "'%.*s' is no justification: it is " VEX_JUSTIFICATIONS,
				SPAN_FORMAT(s->justification));
	if (!span_equal_text(span_of_text(s->status), "not affected"))
		return s->justification.size == 0 ? DONE
						  : vex_fail(reader, line, "only what is not affected has a justification: %.*s",
							     SPAN_FORMAT(s->vulnerability));
	if (s->justification.size == 0 && s->reason.size == 0)
		return vex_fail(reader, line, "%.*s is said to be not affected without a justification",
				SPAN_FORMAT(s->vulnerability));
	return DONE;
}

static enum outcome check_times(struct vex_reader *reader, struct vex_statement *s)
{
	struct span issued = s->issued.size > 0 ? s->issued : reader->issued;
	s->issued = issued.size > 0 ? vex_time(reader->arena, issued) : SPAN_NONE;
	if (issued.size > 0 && s->issued.size == 0)
		return vex_fail(reader, s->line, "'%.*s' is no date", SPAN_FORMAT(issued));
	struct span expires = s->expires.size > 0 ? vex_time(reader->arena, s->expires) : SPAN_NONE;
	if (s->expires.size > 0 && expires.size == 0)
		return vex_fail(reader, s->line, "'%.*s' is no date", SPAN_FORMAT(s->expires));
	s->expires = span_slice(expires, 0, 10);
	return DONE;
}

static enum outcome check_version(struct vex_reader *reader, struct vex_statement *s)
{
	uint32_t line = s->ranged ? s->ranged : s->line;
	if (s->version.size == 0)
		return DONE;
	if (!version_set_is_valid(s->version))
		return vex_fail(reader, line, "'%.*s' is no version, and no range such as vers:generic/>=1.0|<1.4",
				SPAN_FORMAT(s->version));
	if (version_set_is_empty(s->version))
		return vex_fail(reader, line, "'%.*s' holds no version: it begins behind its end", SPAN_FORMAT(s->version));
	return DONE;
}

static enum outcome check(struct vex_reader *reader, struct vex_statement *s)
{
	if (reader->count >= VEX_STATEMENTS_MAX)
		return vex_fail(reader, s->line, "more than %d statements; give fewer at a time", VEX_STATEMENTS_MAX);
	if (!is_identifier(s->vulnerability))
		return vex_fail(reader, s->line, "'%.*s' is no identifier of a vulnerability, such as CVE-2021-33909",
				SPAN_FORMAT(s->vulnerability));
	const struct span texts[] = { s->author, s->vulnerability, s->product, s->digest, s->component, s->version, s->part,
				      s->reason, s->action };
	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
		if (texts[i].size > TEXT_MAX)
			return vex_fail(reader, s->line, "a text is longer than %d bytes", TEXT_MAX);
	TRY(check_version(reader, s));
	TRY(vex_check_part(reader, s));
	TRY(check_justification(reader, s));
	return check_times(reader, s);
}

enum outcome vex_add(struct vex_reader *reader, struct vex_statement *s)
{
	if (s->author.size == 0)
		s->author = reader->author;
	s->reason = span_trim(s->reason);
	s->action = span_trim(s->action);
	if (span_starts_text(s->action, VEX_OWN_ACTION))
		s->action = SPAN_NONE;
	TRY(check(reader, s));
	reader->count++;
	struct query *insert = reader->insert;
	const struct span texts[] = { s->author, span_of_text(reader->format), reader->document, SPAN_NONE, s->vulnerability,
				      s->product, s->digest, s->component, s->version, s->part, span_of_text(s->status),
				      s->justification, s->reason, s->action, s->issued, s->expires };
	query_rewind(insert);
	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
		if (texts[i].size > 0)
			query_bind_text(insert, (int)i + 1, texts[i]);
	query_bind_integer(insert, 4, s->line);
	(void)query_next(insert);
	return insert->result == SQLITE_DONE ? DONE : NO_MEMORY;
}

static enum outcome read_document(struct vex_reader *reader, const struct json_tree *root)
{
	struct span context = json_tree_text(root, "@context");
	if (span_starts_text(context, "https://openvex.dev/ns"))
		return vex_openvex(reader, root);
	if (span_equal_text(json_tree_text(root, "bomFormat"), "CycloneDX"))
		return vex_cyclonedx(reader, root);
	if (json_tree_member(json_tree_member(root, "document"), "csaf_version"))
		return vex_csaf(reader, root);
	return vex_fail(reader, root->line, "no VEX document that assay knows: it is OpenVEX ('@context'), CSAF "
					    "('document.csaf_version') or CycloneDX ('bomFormat'), in JSON");
}

struct query vex_insert(sqlite3 *database)
{
	return query_start(database,
		"INSERT INTO statement (author, format, document, line, vulnerability, product, digest, component, version,"
		" part, status, justification, reason, action, issued, expires)"
		" VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16)");
}

enum outcome vex_read(struct evidence *evidence, struct span name, struct span text, struct arena *arena,
		      struct span *error)
{
	sqlite3 *database = evidence_database(evidence);
	struct arena own;
	const struct json_tree *root;
	struct span wrong = SPAN_NONE, said = SPAN_NONE;
	arena_init(&own, DOCUMENT_MEMORY);
	enum outcome outcome = json_tree_read(text, &own, &root, &wrong);
	if (outcome == MALFORMED)
		said = arena_format(&own, "%.*s %.*s", SPAN_FORMAT(name), SPAN_FORMAT(wrong));
	struct query insert = vex_insert(database);
	struct vex_reader reader = { .arena = &own, .error = &said, .document = name, .insert = &insert,
				     .count = query_number(database, "SELECT count(*) FROM statement") };
	if (outcome == DONE)
		outcome = read_document(&reader, root);
	enum outcome ended = query_end(&insert);
	if (outcome == MALFORMED)
		*error = arena_copy(arena, said);
	arena_done(&own);
	return outcome == DONE ? ended : outcome;
}
