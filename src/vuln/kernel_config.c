#include "vuln/kernel_config.h"

#include "evidence/query.h"
#include "inspect/kernel_options.h"

#define OPTION "CONFIG_"
#define UNSET " is not set"

struct line {
	struct span name, value; /* name is empty where the line sets no option */
};

/* False for a line that no configuration has. */
static bool read_line(struct span text, struct line *out)
{
	*out = (struct line){ 0 };
	text = span_trim(text);
	if (span_starts_text(text, "# " OPTION) && span_ends_text(text, UNSET)) {
		out->name = span_slice(text, 2, text.size - 2 - (sizeof UNSET - 1));
		out->value = SPAN_LITERAL("n");
		return true;
	}
	if (text.size == 0 || span_byte(text, 0) == '#')
		return true;
	size_t equals = span_find_byte(text, '=', 0);
	if (!span_starts_text(text, OPTION) || equals == SPAN_NOT_FOUND || equals <= sizeof OPTION - 1)
		return false;
	out->name = span_slice(text, 0, equals);
	out->value = span_from(text, equals + 1);
	if (out->value.size >= 2 && span_byte(out->value, 0) == '"' && span_ends_text(out->value, "\""))
		out->value = span_slice(out->value, 1, out->value.size - 2);
	return out->value.size > 0 || span_ends_text(text, "\"\"");
}

/* The file in which the kernel was seen, 0 for none; *kernels is how many versions of it there are. */
static int64_t find_file(sqlite3 *database, struct span version, int64_t *kernels)
{
	*kernels = query_number(database, "SELECT count(DISTINCT version) FROM component WHERE name = 'linux'");
	struct query query = query_start(database,
		"SELECT min(w.file) FROM component c JOIN component_witness cw ON cw.component = c.id"
		" JOIN witness w ON w.rowid = cw.witness WHERE c.name = 'linux' AND (?1 = '' OR c.version = ?1)"
		" GROUP BY c.id ORDER BY c.id LIMIT 1");
	query_bind_text(&query, 1, version.size > 0 ? version : SPAN_LITERAL(""));
	int64_t file = query_next(&query) ? query_integer(&query, 0) : 0;
	return query_end(&query) == DONE ? file : 0;
}

static enum outcome write_options(sqlite3 *database, int64_t file, struct span text)
{
	struct query remove = query_start(database, "DELETE FROM kernel_option WHERE file = ?1");
	query_bind_integer(&remove, 1, file);
	(void)query_next(&remove);
	TRY(query_end(&remove));
	struct query insert = query_start(database, "INSERT INTO kernel_option (file, name, value) VALUES (?1, ?2, ?3)");
	struct span line;
	while (span_next_line(&text, &line)) {
		struct line read;
		if (!read_line(line, &read) || read.name.size == 0)
			continue;
		query_bind_integer(&insert, 1, file);
		query_bind_text(&insert, 2, read.name);
		query_bind_text(&insert, 3, read.value);
		bool written = !query_next(&insert) && insert.result == SQLITE_DONE;
		query_rewind(&insert);
		if (!written)
			break;
	}
	return query_end(&insert);
}

static enum outcome check(struct span name, struct span text, struct arena *arena, struct span *error)
{
	struct span line;
	size_t options = 0;
	for (size_t number = 1; span_next_line(&text, &line); number++) {
		struct line read;
		if (!read_line(line, &read)) {
			*error = arena_format(arena, "%.*s line %zu: is no line of a kernel's configuration (CONFIG_X=y, # CONFIG_X is"
					      " not set)", SPAN_FORMAT(name), number);
			return MALFORMED;
		}
		options += read.name.size > 0;
	}
	if (options == 0)
		*error = arena_format(arena, "%.*s line 1: sets no option of a kernel", SPAN_FORMAT(name));
	return options > 0 ? DONE : MALFORMED;
}

enum outcome kernel_config_declare(struct evidence *evidence, struct span name, struct span text, struct arena *arena,
				   struct span *error)
{
	sqlite3 *database = evidence_database(evidence);
	TRY(check(name, text, arena, error));
	int64_t kernels;
	struct span version = kernel_options_version(text);
	int64_t file = find_file(database, version, &kernels);
	if (kernels == 0)
		return evidence_insert_note(evidence, &(struct note){
			.severity = NOTE_WARNING, .code = SPAN_LITERAL("kernel.config-unused"), .offset = NOTE_NO_OFFSET,
			.message = SPAN_LITERAL("no kernel was found that the given configuration could be of"),
		});
	if (file == 0 || (version.size == 0 && kernels > 1)) {
		*error = version.size > 0
			? arena_format(arena, "%.*s: is the configuration of Linux %.*s, and no kernel of the image has that version",
				       SPAN_FORMAT(name), SPAN_FORMAT(version))
			: arena_format(arena, "%.*s: does not say of which of the image's kernels it is", SPAN_FORMAT(name));
		return MALFORMED;
	}
	return write_options(database, file, text);
}
