/* Reads the files that name the device. */
#include "identify/identity.h"

#include "identify/shape.h"
#include "inspect/lines.h"

static const struct identity_file *kind_for(const struct identity_data *data, struct span path, size_t from)
{
	for (size_t i = from; i < data->file_count; i++)
		for (size_t k = 0; k < data->files[i].shape_count; k++)
			if (shape_matches(data->files[i].shapes[k], path, NULL))
				return &data->files[i];
	return NULL;
}

static void state(struct inspection *file, const char *subject, struct span value, int64_t line, int64_t confidence)
{
	struct fact *row = fact_new(file->facts, EVIDENCE_IDENTITY);
	if (line > 0)
		fact_integer(row, IDENTITY_LINE, line);
	fact_word(file->facts, row, IDENTITY_SUBJECT, subject);
	fact_text(file->facts, row, IDENTITY_VALUE, value);
	fact_word(file->facts, row, IDENTITY_SOURCE, "file");
	fact_integer(row, IDENTITY_CONFIDENCE, confidence);
}

static bool is_ignored(const struct identity_file *kind, struct span value)
{
	for (size_t i = 0; i < kind->ignore_count; i++)
		if (span_equal(kind->ignore[i], value))
			return true;
	return false;
}

/* "9" of Android's own key says which system only together with its name. */
static struct span system_name(struct inspection *file, struct span word, struct span value)
{
	return span_equal_text(word, "ro.build.version.release")
		       ? arena_format(file->scratch, "Android %.*s", SPAN_FORMAT(value))
		       : value;
}

/* "D-Link DIR-615 : Login": a maker that is known, and a word with a digit behind it. */
static bool state_heading(struct inspection *file, struct span value, int64_t line, int64_t confidence)
{
	struct span rest, model;
	const struct identity_vendor *vendor = identity_vendor_leading(file->context, value, &rest);
	if (!vendor || !span_next_word(&rest, &model))
		return false;
	state(file, "vendor", vendor->name, line, confidence);
	for (size_t i = 0; i < model.size; i++) {
		if (!is_digit(span_byte(model, i)) || !identity_plausible(model))
			continue;
		state(file, "model", model, line, confidence);
		return true;
	}
	return true;
}

static bool state_keys(struct inspection *file, const struct identity_file *kind)
{
	bool stated = false;
	for (size_t i = 0; i < kind->key_count; i++) {
		int64_t line = 0;
		const struct identity_key *key = &kind->keys[i];
		bool heading = strcmp(key->subject, "heading") == 0;
		struct span value = kind->page && !heading ? identity_page_value(file->bytes, key->word, &line)
							   : identity_value(file->bytes, key->word, &line);
		if (value.size == 0 || is_ignored(kind, value) || (kind->page && !identity_looks_like(key->subject, value)))
			continue;
		if (heading) {
			stated |= state_heading(file, value, line, kind->confidence);
			continue;
		}
		state(file, key->subject, system_name(file, key->word, value), line, kind->confidence);
		stated = true;
	}
	return stated;
}

/* A banner: each line may name the system, or a maker and his model. */
static bool state_lines(struct inspection *file, const struct identity_file *kind)
{
	struct span line, rest = span_until_nul(file->bytes);
	bool stated = false;
	for (int64_t number = 1; span_next_line(&rest, &line); number++) {
		struct span system = SPAN_NONE;
		for (size_t i = 0; system.size == 0 && i < kind->system_count; i++)
			system = identity_banner(line, kind->systems[i]);
		if (system.size > 0)
			state(file, "system", system, number, kind->confidence);
		stated |= system.size > 0 || state_heading(file, span_trim(line), number, kind->confidence);
	}
	return stated;
}

static bool state_whole(struct inspection *file, const struct identity_file *kind)
{
	struct span line, rest = span_until_nul(file->bytes);
	if (!span_next_line(&rest, &line) || !identity_plausible(span_trim(line)))
		return false;
	state(file, kind->whole, span_trim(line), 1, kind->confidence);
	return true;
}

static bool wants(const struct inspection *file)
{
	bool part = file->entry->type == ENTRY_PART;
	return (part || (file->entry->type == ENTRY_FILE && kind_is_text(file->kind))) &&
	       kind_for(file->context, file->path, 0);
}

static void inspect(struct inspection *file)
{
	const struct identity_data *data = file->context;
	const struct identity_file *kind = kind_for(data, file->path, 0);
	for (; kind; kind = kind_for(data, file->path, (size_t)(kind - data->files) + 1)) {
		if (kind->holds.size > 0 && span_find(file->bytes, kind->holds, 0) == SPAN_NOT_FOUND)
			continue;
		bool stated = kind->system_count > 0 ? state_lines(file, kind)
			      : kind->whole	    ? state_whole(file, kind)
						    : state_keys(file, kind);
		if (stated && kind->vendor.size > 0)
			state(file, "vendor", kind->vendor, 0, kind->confidence);
	}
}

struct inspector identity_inspector(const struct identity_data *data)
{
	return (struct inspector){ .name = "identity", .context = data, .wants = wants, .inspect = inspect };
}
