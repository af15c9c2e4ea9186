#include "register/naming.h"

#include "base/text.h"

/* A part of a pattern: a text as it is, or what takes any run of bytes but '/'. */
enum part_kind { PART_TEXT, PART_PRODUCT, PART_VERSION, PART_ANY };

static enum part_kind next_part(struct span *pattern, struct span *text)
{
	static const struct {
		const char *word;
		enum part_kind kind;
	} words[] = { { "{product}", PART_PRODUCT }, { "{version}", PART_VERSION }, { "{any}", PART_ANY }, { "*", PART_ANY } };
	size_t end = pattern->size;
	for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
		size_t at = span_find_text(*pattern, words[i].word, 0);
		if (at == 0) {
			*pattern = span_from(*pattern, strlen(words[i].word));
			return words[i].kind;
		}
		end = at < end ? at : end;
	}
	*text = span_slice(*pattern, 0, end);
	*pattern = span_from(*pattern, end);
	return PART_TEXT;
}

enum { STEPS_MAX = 1 << 16 };

/* Backtracks over where each part ends; the shortest first. */
static bool match(struct span pattern, struct span path, struct naming *out, int *steps)
{
	struct span text = SPAN_NONE;
	if (pattern.size == 0)
		return path.size == 0;
	if (++*steps > STEPS_MAX)
		return false;
	enum part_kind kind = next_part(&pattern, &text);
	if (kind == PART_TEXT)
		return span_starts(path, text) && match(pattern, span_from(path, text.size), out, steps);
	for (size_t size = kind == PART_ANY ? 0 : 1; size <= path.size; size++) {
		if (size > 0 && span_byte(path, size - 1) == '/')
			return false;
		if (!match(pattern, span_from(path, size), out, steps))
			continue;
		if (kind == PART_PRODUCT)
			out->product = span_slice(path, 0, size);
		if (kind == PART_VERSION)
			out->version = span_slice(path, 0, size);
		return true;
	}
	return false;
}

/* Images and paths may hold any bytes: what names a version is shown on terminals, and is text in both engines. */
static enum outcome keep(struct arena *arena, struct span product, struct span version, struct naming *out)
{
	out->product = text_printable(arena, product);
	out->version = text_printable(arena, version);
	return out->product.data && out->version.data ? DONE : NO_MEMORY;
}

enum outcome naming_by_path(struct span pattern, struct span path, struct arena *arena, struct naming *out)
{
	struct naming found = { SPAN_NONE, SPAN_NONE };
	int steps = 0;
	return match(pattern, path, &found, &steps) ? keep(arena, found.product, found.version, out) : NOT_THIS;
}

bool naming_is_pattern(struct span pattern, const char **error)
{
	int products = 0, versions = 0;
	while (pattern.size > 0) {
		struct span text;
		enum part_kind kind = next_part(&pattern, &text);
		products += kind == PART_PRODUCT;
		versions += kind == PART_VERSION;
	}
	*error = products == 1 && versions == 1 ? NULL : "name {product} and {version} once each: '{product}/{version}/*.bin'";
	return !*error;
}

static struct span column(const struct assay_rows *rows, int number)
{
	size_t size = 0;
	const char *text = assay_rows_text(rows, number, &size);
	return span_of(text, text ? size : 0);
}

/* "firmware-1.2.bin" without its ending, where it has one of a few letters. */
static struct span stem(struct span name)
{
	for (size_t i = name.size; i > 1 && name.size - i < 6; i--)
		if (span_byte(name, i - 1) == '.')
			return span_slice(name, 0, i - 1);
	return name;
}

static struct span folder_of(struct span path)
{
	struct span name = span_basename(path);
	struct span folder = span_basename(span_slice(path, 0, path.size - name.size - (path.size > name.size)));
	return folder.size > 0 ? folder : stem(name);
}

static enum outcome name(struct span vendor, struct span model, struct span version, struct span path, struct arena *arena,
			 struct naming *out)
{
	struct span product = model;
	if (model.size > 0 && vendor.size > 0 && !span_starts(model, vendor))
		product = arena_format(arena, "%.*s %.*s", SPAN_FORMAT(vendor), SPAN_FORMAT(model));
	return keep(arena, product.size > 0 ? product : folder_of(path),
		    version.size > 0 ? version : stem(span_basename(path)), out);
}

enum outcome naming_by_result(struct assay *result, struct span path, struct arena *arena, struct naming *out)
{
	struct assay_rows *rows = NULL;
	if (!result)
		return name(SPAN_NONE, SPAN_NONE, SPAN_NONE, path, arena, out);
	if (assay_query(result, "SELECT vendor, model, version FROM image", 0, &rows) != ASSAY_DONE)
		return MALFORMED;
	bool found = assay_rows_next(rows);
	enum outcome outcome = !found ? MALFORMED
				      : name(column(rows, 0), column(rows, 1), column(rows, 2), path, arena, out);
	return assay_rows_end(rows) == ASSAY_DONE ? outcome : MALFORMED;
}
