#include "register/variant.h"

#include "base/digest.h"
#include "base/json.h"

enum { TEXT_CEILING = 512 << 20 };

/*
 * Of every component: itself; the files that show it, by path and digest; its parts; signs of fixes. Of a kernel
 * all that says what was built into it, and of what is no single file (a system, a device) what the image says
 * that it is. Statements of the maker, and what was not read, weigh on all.
 */
static const char query[] =
	"WITH seen(component, aspect, words) AS ("
	"SELECT id, 1, json_array(name, version, package_version, type, purl, cpe) FROM component"
	" UNION SELECT link.component, 2, json_array(file.path, file.sha256, witness.method, witness.version, witness.detail)"
	" FROM component_witness AS link JOIN witness ON witness.rowid = link.witness JOIN file ON file.id = witness.file"
	" UNION SELECT component, 3, json_array(name, present, sign, reason) FROM part"
	" UNION SELECT component.id, 4, json_array(vulnerability, since, before, shows, sign, file.path) FROM component"
	" JOIN fix_sign ON fix_sign.component = component.name JOIN file ON file.id = fix_sign.file"
	" UNION SELECT component.id, 5, json_array(source, whole, count, names) FROM component, kernel_names"
	" WHERE component.name = 'linux'"
	" UNION SELECT component.id, 6, json_array(kernel_option.name, value) FROM component, kernel_option"
	" WHERE component.name = 'linux'"
	" UNION SELECT component.id, 7, json_array(kernel_module.name, release) FROM component, kernel_module"
	" WHERE component.name = 'linux'"
	" UNION SELECT component.id, 8, json_array(subject, kernel.name, value) FROM component, setting AS kernel"
	" WHERE component.name = 'linux' OR component.type IN ('operating-system', 'firmware')"
	" UNION SELECT component.id, 9, json_array(subject, value) FROM component, identity"
	" WHERE component.type IN ('operating-system', 'firmware') OR subject = 'system'"
	" UNION SELECT component.id, 10, json_array(incomplete.path, missing, cause, detail) FROM component, incomplete"
	" UNION SELECT component.id, 11, json_array(machine.name, byte_order, class) FROM component, machine"
	") SELECT seen.component, component.name, component.version, aspect, words FROM seen"
	" JOIN component ON component.id = seen.component ORDER BY seen.component, aspect, words";

struct reader {
	struct arena *arena;
	struct variants *out;
	size_t capacity;
	struct buffer text; /* of the component that is being read */
	struct json json;
};

static enum outcome finish(struct reader *reader)
{
	uint8_t digest[SHA256_SIZE];
	if (reader->out->count == 0)
		return DONE;
	json_array_close(&reader->json);
	TRY(json_done(&reader->json));
	digest_sha256(buffer_span(&reader->text), digest);
	struct variant *last = &reader->out->all[reader->out->count - 1];
	last->digest = digest_hex(reader->arena, span_of(digest, sizeof digest));
	return last->digest.data ? DONE : NO_MEMORY;
}

static struct span text_of(const struct assay_rows *rows, int column)
{
	size_t size = 0;
	const char *text = assay_rows_text(rows, column, &size);
	return span_of(text, text ? size : 0);
}

static enum outcome start(struct reader *reader, const struct assay_rows *rows)
{
	struct variants *out = reader->out;
	struct variant *all = arena_grow(reader->arena, out->all, out->count, &reader->capacity, sizeof *all);
	if (!all)
		return NO_MEMORY;
	out->all = all;
	all[out->count++] = (struct variant){
		.component = assay_rows_integer(rows, 0),
		.name = arena_copy(reader->arena, text_of(rows, 1)),
		.version = arena_copy(reader->arena, text_of(rows, 2)),
	};
	buffer_clear(&reader->text);
	json_init(&reader->json, &reader->text, true);
	json_array_open(&reader->json);
	return DONE;
}

static enum outcome read_row(struct reader *reader, const struct assay_rows *rows)
{
	struct variants *out = reader->out;
	if (out->count == 0 || out->all[out->count - 1].component != assay_rows_integer(rows, 0)) {
		TRY(finish(reader));
		TRY(start(reader, rows));
	}
	json_integer(&reader->json, assay_rows_integer(rows, 3));
	json_string(&reader->json, text_of(rows, 4));
	return DONE;
}

enum outcome variants_of(struct assay *assay, struct arena *arena, struct variants *out)
{
	struct assay_rows *rows = NULL;
	struct reader reader = { .arena = arena, .out = out };
	enum outcome outcome = DONE;
	*out = (struct variants){ 0 };
	if (assay_query(assay, query, 0, &rows) != ASSAY_DONE)
		return MALFORMED;
	buffer_init(&reader.text, TEXT_CEILING, NULL);
	while (outcome == DONE && assay_rows_next(rows))
		outcome = read_row(&reader, rows);
	if (outcome == DONE)
		outcome = finish(&reader);
	buffer_done(&reader.text);
	return assay_rows_end(rows) == ASSAY_DONE ? outcome : MALFORMED;
}
