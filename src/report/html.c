/*
 * The report as one HTML file: it needs no network and forbids any (Content-Security-Policy with the digests of its own
 * script and style), prints, and can be read without scripts.
 */
#include "report/html.h"

#include <openssl/evp.h>

#include "base/clock.h"
#include "base/digest.h"
#include "base/embedded.h"
#include "report/registry.h"

/* 'sha256-…' as a source expression of CSP level 3. */
static void write_source(struct html *html, const char *directive, struct span content)
{
	uint8_t digest[SHA256_SIZE];
	unsigned char text[SHA256_SIZE * 2];
	digest_sha256(content, digest);
	(void)EVP_EncodeBlock(text, digest, SHA256_SIZE);
	html_markup(html, directive);
	html_markup(html, " 'sha256-");
	html_markup(html, (const char *)text);
	html_markup(html, "';");
}

static void write_head(struct html *html, struct span style, struct span script)
{
	html_markup(html, "<!DOCTYPE html>\n<html lang='en'>\n<head>\n<meta charset='utf-8'>\n"
			  "<meta http-equiv='Content-Security-Policy' content=\"default-src 'none';");
	write_source(html, " style-src", style);
	write_source(html, " script-src", script);
	html_markup(html, " base-uri 'none'; form-action 'none'\">\n"
			  "<meta name='viewport' content='width=device-width, initial-scale=1'>\n"
			  "<meta name='color-scheme' content='light dark'>\n<meta name='referrer' content='no-referrer'>\n"
			  "<meta name='generator' content='assay " ASSAY_VERSION "'>\n");
	html_row(html, "SELECT coalesce(title, name), (SELECT level FROM grade) FROM image",
		 "<title>{0}{?1}: grade {1}{/} · assay</title>\n");
	html_markup(html, "<style>");
	html->outcome = html->outcome == DONE ? buffer_append(html->out, style) : html->outcome;
	html_markup(html, "</style>\n</head>\n");
}

static void write_navigation(struct html *html)
{
	static const struct html_list links = {
		.sql = "SELECT 'grade', 'Grade', NULL WHERE EXISTS (SELECT 1 FROM grade)"
		       " UNION ALL SELECT 'findings', 'Findings', NULL"
		       " UNION ALL SELECT 'map', 'What is in it', NULL"
		       " UNION ALL SELECT 'components', 'Components', NULL"
		       " UNION ALL SELECT 'vulnerabilities', 'Vulnerabilities', NULL"
		       " UNION ALL SELECT 'requirements', 'Requirements', NULL WHERE EXISTS (SELECT 1 FROM catalog)"
		       " UNION ALL SELECT 'device', 'Access', NULL"
		       " UNION ALL SELECT 'remarks', 'Limits', NULL",
		.open = "<nav aria-label='Sections'><ul>",
		.row = "<li><a href='#{0}'>{1}</a></li>",
		.close = "</ul></nav>\n",
	};
	html_list(html, &links);
}

static void write_footer(struct html *html)
{
	char date[21];
	clock_format_utc(html->time, date);
	html_markup(html, "<footer><p><strong>What the verdicts mean.</strong> <em>Shown</em>: the image holds evidence "
	       "consistent "
			  "with the requirement. <em>Failed</em>: the image holds evidence against it. <em>Declared</em>: the "
			  "maker says so, and nothing in the image contradicts it. <em>Unproven</em>: neither. An image can "
			  "disprove a claim far more often than prove one; this report is evidence and no attestation.</p>"
			  "<p>Made by assay " ASSAY_VERSION ", ");
	html_text(html, span_slice(span_of_text(date), 0, 10));
	html_markup(html, ".</p></footer>\n");
}

static void write_page(struct html *html)
{
	struct span style = embedded("report/report.css"), script = embedded("report/report.js");
	write_head(html, style, script);
	html_markup(html, "<body>\n<a class='skip' href='#main'>To the content</a>\n");
	html_summary(html);
	write_navigation(html);
	html_markup(html, "<main id='main'>\n");
	html_contradictions(html);
	html_grade(html);
	html_findings(html);
	html_map(html);
	html_components(html);
	html_vulnerabilities(html);
	html_requirements(html);
	html_device(html);
	html_remarks(html);
	html_markup(html, "</main>\n");
	write_footer(html);
	html_data(html);
	html_markup(html, "<script>");
	html->outcome = html->outcome == DONE ? buffer_append(html->out, script) : html->outcome;
	html_markup(html, "</script>\n</body>\n</html>\n");
}

static enum outcome write(struct evidence *evidence, const struct report_options *options, struct buffer *out)
{
	struct html html = { .out = out, .database = evidence_database(evidence), .time = options->time };
	write_page(&html);
	return html.outcome;
}

const struct reporter reporter_html = {
	.name = "html",
	.option = "--html",
	.file_name = "report.html",
	.summary = "one page for people, with everything in it",
	.write = write,
};
