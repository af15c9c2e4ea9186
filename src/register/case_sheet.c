/*
 * The sheet of a case: what a person pastes into the forms of the single reporting platform, which has no interface for
 * programs. It loads nothing, and its script runs by its digest alone (Content-Security-Policy).
 */
#include <stdio.h>

#include "base/base64.h"
#include "base/digest.h"
#include "base/markup.h"
#include "register/case_output.h"

enum { PLACES_SHOWN_MAX = 10000, LINE_SIZE = 256 };

/* A page from a file has the clipboard where the browser allows it; a selection that is copied goes everywhere. */
static const char script[] =
	"document.querySelectorAll('button').forEach(function (button) {\n"
	"\tbutton.hidden = false;\n"
	"\tbutton.addEventListener('click', function () {\n"
	"\t\tvar field = document.getElementById(button.dataset.field);\n"
	"\t\tfield.focus();\n"
	"\t\tfield.select();\n"
	"\t\tvar done = document.execCommand('copy');\n"
	"\t\tbutton.textContent = done ? 'copied' : 'press Ctrl+C';\n"
	"\t});\n"
	"});\n";

static const char style[] =
	"body{font:15px/1.5 system-ui,sans-serif;max-width:60em;margin:2em auto;padding:0 1em;color:#222}"
	"h1{font-size:1.4em}h2{font-size:1.1em;margin-top:2em;border-bottom:1px solid #ccc}"
	"label{display:block;margin-top:.8em;font-weight:600}input{width:80%;font:inherit;padding:.2em}"
	"button{font:inherit;margin-left:.5em}.missing{color:#a00}table{border-collapse:collapse}"
	"td,th{text-align:left;padding:.15em .8em .15em 0;vertical-align:top}@media print{button{display:none}}";

static const char *const stage_titles[][CASE_STAGES] = {
	{ "Early warning (Art. 14(2)(a))", "Vulnerability notification (Art. 14(2)(b))", "Final report (Art. 14(2)(c))", NULL },
	{ "Early warning (Art. 14(4)(a))", "Incident notification (Art. 14(4)(b))", "Final report (Art. 14(4)(c))", NULL },
};

struct page {
	struct buffer *out;
	enum outcome outcome;
};

static void markup(struct page *page, const char *words)
{
	if (page->outcome == DONE)
		page->outcome = buffer_append(page->out, span_of_text(words));
}

static void text(struct page *page, struct span words)
{
	if (page->outcome == DONE)
		page->outcome = markup_append(page->out, words);
}

static void words(struct page *page, const char *of_ours)
{
	text(page, span_of_text(of_ours));
}

/* What a policy calls a script or a style that stands in the page: by its digest. */
static void write_source(struct page *page, const char *source)
{
	uint8_t digest[SHA256_SIZE];
	digest_sha256(span_of_text(source), digest);
	markup(page, "'sha256-");
	if (page->outcome == DONE)
		page->outcome = base64_append(page->out, span_of(digest, sizeof digest));
	markup(page, "'");
}

static void write_head(struct page *page, const struct case_file *file)
{
	markup(page, "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">"
		     "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src ");
	write_source(page, style);
	markup(page, "; script-src ");
	write_source(page, script);
	markup(page, "\"><title>");
	text(page, file->title);
	markup(page, "</title><style>");
	markup(page, style);
	markup(page, "</style></head><body>\n<h1>Case ");
	char number[24];
	(void)snprintf(number, sizeof number, "%lld: ", (long long)file->number);
	words(page, number);
	text(page, file->title);
	markup(page, "</h1>\n<p>");
	text(page, file->kind);
	words(page, ", ");
	text(page, file->state);
	if (!case_aware(file))
		markup(page, ". <strong>Nobody has said that the maker is aware: no clock of Article 14 runs.</strong>");
	markup(page, "</p>\n");
}

static void write_moment(struct page *page, int64_t at, const struct zone *zone)
{
	char line[ZONE_SHOWN_ROOM];
	zone_show(at, zone, line);
	words(page, line);
}

static void write_due(struct page *page, const struct case_file *file, const struct due *due, const struct zone *zone)
{
	const struct case_record *sent = case_record_about(&file->submissions, due->clock->id);
	const struct case_record *decided = case_record_about(&file->decisions, due->clock->id);
	markup(page, "<tr><td>");
	if (due->state == DUE_AT)
		write_moment(page, due->at, zone);
	else
		words(page, due->state == DUE_WAITING ? "no due time yet" : "at once: the text gives no number");
	markup(page, "</td><td>");
	text(page, due->clock->due);
	markup(page, "<br>");
	text(page, due->clock->article);
	words(page, ", ");
	text(page, due->clock->law);
	words(page, ": ");
	text(page, due->clock->rule);
	if (sent) {
		markup(page, "<br><strong>submitted ");
		write_moment(page, sent->at, zone);
		words(page, " as ");
		text(page, sent->text);
		markup(page, "</strong>");
	}
	if (decided) {
		markup(page, "<br><strong>not applicable: ");
		text(page, decided->text);
		words(page, " (");
		text(page, decided->by);
		markup(page, ")</strong>");
	}
	markup(page, "</td></tr>\n");
}

static void write_dues(struct page *page, const struct case_file *file, const struct zone *zone)
{
	markup(page, "<h2>What is due</h2>\n<table>\n");
	for (size_t i = 0; i < file->dues.count; i++)
		write_due(page, file, &file->dues.all[i], zone);
	markup(page, "</table>\n");
}

static void write_field(struct page *page, const struct case_file *file, const struct case_field *field, struct span value)
{
	char line[LINE_SIZE];
	markup(page, "<label for=\"");
	words(page, field->name);
	markup(page, "\">");
	words(page, field->label);
	markup(page, "</label><input readonly id=\"");
	words(page, field->name);
	markup(page, "\" value=\"");
	text(page, value);
	markup(page, "\"><button hidden data-field=\"");
	words(page, field->name);
	markup(page, "\">copy</button>");
	if (value.size == 0 && field->form != FORM_NONE) {
		(void)snprintf(line, sizeof line, "nobody has said it: assay case answer %lld %s …", (long long)file->number,
			       field->name);
		markup(page, field->required ? "<p class=\"missing\">" : "<p>");
		words(page, line);
		markup(page, "</p>");
	}
	markup(page, "\n");
}

static void write_fields(struct page *page, const struct case_file *file, const struct case_values *values)
{
	bool incident = span_equal_text(file->kind, "incident");
	for (int stage = 0; stage < CASE_STAGES; stage++) {
		if (!stage_titles[incident][stage])
			continue;
		markup(page, "<h2>");
		words(page, stage_titles[incident][stage]);
		markup(page, "</h2>\n");
		for (int i = 0; i < CASE_FIELDS; i++)
			if ((int)case_fields[i].stage == stage && (case_fields[i].kinds & (incident ? OF_INCIDENT : OF_VULNERABILITY)))
				write_field(page, file, &case_fields[i], values->all[i]);
	}
}

static void write_place(struct page *page, const struct place *place)
{
	const struct span cells[] = { span_of_text(standing_name(place->standing)), place->product, place->version,
				      place->supported_until, place->component, place->reason, place->as_of };
	markup(page, "<tr>");
	for (size_t i = 0; i < sizeof cells / sizeof *cells; i++) {
		markup(page, "<td>");
		text(page, cells[i]);
		markup(page, "</td>");
	}
	markup(page, "</tr>\n");
}

/* Affected ones first; those whose fate is open, and those that are clear with the reason. */
static void write_places(struct page *page, const struct case_values *values)
{
	char line[LINE_SIZE];
	markup(page, "<h2>Versions</h2>\n<p>");
	for (enum standing standing = 0; standing < STANDING_COUNT; standing++) {
		(void)snprintf(line, sizeof line, "%s%zu %s", standing ? ", " : "", values->places.groups[standing].versions,
			       standing_name(standing));
		words(page, line);
	}
	markup(page, "</p>\n<table><tr><th>is</th><th>product</th><th>version</th><th>supported until</th><th>component</th>"
		     "<th>why</th><th>as of</th></tr>\n");
	for (size_t i = 0; i < values->places.count && i < PLACES_SHOWN_MAX; i++)
		write_place(page, &values->places.all[i]);
	markup(page, "</table>\n");
	if (values->places.count > PLACES_SHOWN_MAX) {
		(void)snprintf(line, sizeof line, "%zu more; 'assay where' has all", values->places.count - PLACES_SHOWN_MAX);
		words(page, line);
	}
}

enum outcome case_write_sheet(const struct case_file *file, const struct case_values *values, const struct zone *zone,
			      struct buffer *out)
{
	struct page page = { .out = out };
	write_head(&page, file);
	write_dues(&page, file, zone);
	write_fields(&page, file, values);
	if (values->places.count > 0)
		write_places(&page, values);
	markup(&page, "<script>");
	markup(&page, script);
	markup(&page, "</script>\n</body></html>\n");
	return page.outcome;
}
