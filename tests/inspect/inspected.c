#include "inspect/inspected.h"

#include <stdio.h>

#include "base/file.h"
#include "evidence/query.h"
#include "inspect/path_role.h"
#include "inspect/registry.h"

enum { INSPECTED_CEILING = 256 << 20 };

static void scan_and_inspect(struct inspected *inspected, const struct inspector *inspector,
			     struct inspection *file)
{
	struct pattern_set *set = NULL;
	struct pattern_scanner *scanner = NULL;
	struct span error = SPAN_NONE;
	if (inspector->pattern_count > 0) {
		inspected->outcome = pattern_set_compile(inspector->patterns, inspector->pattern_count,
							 &inspected->scratch, &set, &error);
		if (inspected->outcome != DONE)
			printf("# pattern: %.*s\n", SPAN_FORMAT(error));
		if (inspected->outcome == DONE)
			inspected->outcome = pattern_scanner_new(set, &scanner);
		if (inspected->outcome == DONE)
			inspected->outcome = pattern_scan(scanner, file->bytes, &file->hits, &file->hit_count);
		file->scanner = scanner;
	}
	if (inspected->outcome == DONE && inspector->inspect &&
	    (file->hit_count > 0 || (inspector->wants && inspector->wants(file)))) {
		inspected->ran = true;
		inspector->inspect(file);
	}
	if (scanner)
		pattern_scanner_free(scanner);
	if (set)
		pattern_set_free(set);
}

void inspected_run(struct inspected *inspected, const struct inspector *inspector, const char *path,
		   struct span bytes)
{
	*inspected = (struct inspected){ .outcome = DONE };
	arena_init(&inspected->results, INSPECTED_CEILING);
	arena_init(&inspected->scratch, INSPECTED_CEILING);
	facts_init(&inspected->facts, &inspected->results);
	notes_init(&inspected->notes, &inspected->results);

	struct span whole = span_of_text(path);
	struct path_roles roles;
	inspected->outcome = path_roles_load(&inspected->results, &roles);
	bool part = !span_starts_text(whole, "/");
	struct entry entry = {
		.path = whole,
		.type = part ? ENTRY_PART : ENTRY_FILE,
		.has_mode = !part,
		.mode = 0644,
		.size = bytes.size,
	};
	struct inspection file = {
		.path = whole,
		.name = span_basename(whole),
		.entry = &entry,
		.role = path_role(&roles, whole),
		.kind = part ? KIND_PART : kind_of(span_basename(whole), bytes),
		.bytes = bytes,
		.volume_format = part ? "raw" : "squashfs",
		.facts = &inspected->facts,
		.notes = &inspected->notes,
		.scratch = &inspected->scratch,
		.context = inspector->context,
	};
	scan_and_inspect(inspected, inspector, &file);
}

bool inspected_run_file(struct inspected *inspected, const struct inspector *inspector, const char *path,
			const char *real_path)
{
	struct file_view view;
	if (!file_view_open(real_path, SIZE_MAX, &view))
		return false;
	inspected_run(inspected, inspector, path, view.bytes);
	file_view_close(&view);
	return true;
}

void inspected_done(struct inspected *inspected)
{
	arena_done(&inspected->results);
	arena_done(&inspected->scratch);
}

size_t inspected_count(const struct inspected *inspected, enum evidence_table table)
{
	size_t count = 0;
	for (const struct fact *fact = inspected->facts.first; fact; fact = fact->next)
		count += fact->table == table;
	return count;
}

const struct fact *inspected_row(const struct inspected *inspected, enum evidence_table table, size_t index)
{
	for (const struct fact *fact = inspected->facts.first; fact; fact = fact->next)
		if (fact->table == table && index-- == 0)
			return fact;
	return NULL;
}

const struct fact *inspected_find(const struct inspected *inspected, enum evidence_table table, int column,
				  const char *words)
{
	for (const struct fact *fact = inspected->facts.first; fact; fact = fact->next)
		if (fact->table == table && fact->values[column].type == VALUE_TEXT &&
		    span_equal_text(fact->values[column].text, words))
			return fact;
	return NULL;
}

struct span inspected_text(const struct fact *fact, int column)
{
	return fact && fact->values[column].type == VALUE_TEXT ? fact->values[column].text : SPAN_NONE;
}

int64_t inspected_integer(const struct fact *fact, int column)
{
	return fact && fact->values[column].type == VALUE_INTEGER ? fact->values[column].integer : INSPECTED_NULL;
}

bool inspected_noted(const struct inspected *inspected, const char *code)
{
	for (const struct note *note = inspected->notes.first; note; note = note->next)
		if (span_equal_text(note->code, code))
			return true;
	return false;
}

const struct fact *inspected_service(struct inspected *inspected, const char *path, const char *text, const char *name)
{
	inspected_run(inspected, &inspector_services, path, span_of_text(text));
	return inspected_find(inspected, EVIDENCE_SERVICE, SERVICE_NAME, name);
}

struct evidence *inspected_concluded(const struct inspector *inspector, const char *sql)
{
	struct evidence *evidence;
	if (evidence_new(&evidence) != DONE)
		return NULL;
	if (query_run(evidence_database(evidence), sql) == DONE && inspector->conclude(evidence) == DONE)
		return evidence;
	evidence_free(evidence);
	return NULL;
}
