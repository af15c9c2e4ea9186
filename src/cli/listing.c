/* assay files, components, vulnerabilities, findings, requirements: tables from the evidence of an image. */
#include <stdio.h>
#include <string.h>

#include "cli/query.h"
#include "cli/session.h"

static int list(struct session *session, const char *what)
{
	struct assay *assay = NULL;
	int status = session_assay(session, 0, false, &assay);
	if (status == EXIT_DONE)
		status = session_write(session, assay);
	if (status == EXIT_DONE)
		status = query_print(assay, assay_listing(what), session->options);
	assay_free(assay);
	return status;
}

static int list_files(struct session *session)
{
	return list(session, "files");
}

static int list_components(struct session *session)
{
	return list(session, "components");
}

/* A report in place of the table. */
static int print_report(struct assay *assay, const char *name)
{
	char *text = NULL;
	size_t length = 0;
	if (assay_report(assay, name, &text, &length) != ASSAY_DONE)
		return unusable("cannot make the report: %s", assay_error(assay));
	if (length == 0)
		(void)fputs("assay: " SAYS_NOTHING "\n", stderr);
	(void)fwrite(text, 1, length, stdout);
	assay_release(text);
	return EXIT_DONE;
}

/* People are shown what applies; programs, which choose for themselves, all of it. */
static const char *listed_status(const struct options *options)
{
	if (options->status)
		return options->status;
	return options->format == TABLE_TEXT ? "affected" : "all";
}

/* How many there are of each status that is not listed, and how to list them. */
static int print_others(struct assay *assay, const char *listed)
{
	static const char sql[] = "SELECT count(*), status, CASE status WHEN 'under review' THEN 'review' WHEN 'not affected' THEN"
				  " 'not-affected' ELSE status END AS option FROM vulnerability GROUP BY status"
				  " ORDER BY status <> 'affected', status <> 'under review', status";
	struct assay_rows *rows = NULL;
	if (assay_query(assay, sql, 0, &rows) != ASSAY_DONE)
		return EXIT_INTERNAL;
	while (assay_rows_next(rows)) {
		const char *option = assay_rows_text(rows, 2, NULL);
		if (strcmp(listed, "all") != 0 && strcmp(listed, option) != 0)
			(void)printf("and %s %s: assay vulnerabilities IMAGE --status %s\n", assay_rows_text(rows, 0, NULL),
				     assay_rows_text(rows, 1, NULL), option);
	}
	return assay_rows_end(rows) == ASSAY_DONE ? EXIT_DONE : EXIT_INTERNAL;
}

static int print_vulnerabilities(struct assay *assay, const struct options *options)
{
	const char *listed = listed_status(options);
	char name[64];
	if (options->format_report)
		return print_report(assay, options->format_report);
	(void)snprintf(name, sizeof name, "vulnerabilities%s%s", strcmp(listed, "all") == 0 ? "" : "-",
		       strcmp(listed, "all") == 0 ? "" : listed);
	int status = query_print(assay, assay_listing(name), options);
	return status == EXIT_DONE && options->format == TABLE_TEXT ? print_others(assay, listed) : status;
}

/* A saved result meets today's store: its vulnerabilities are matched again. */
static int list_vulnerabilities(struct session *session)
{
	struct assay *assay = NULL;
	int status = session_assay(session, 0, true, &assay);
	if (status == EXIT_DONE)
		status = session_write(session, assay);
	if (status == EXIT_DONE)
		status = print_vulnerabilities(assay, session->options);
	assay_free(assay);
	return status;
}

static int list_findings(struct session *session)
{
	return list(session, "findings");
}

static int list_requirements(struct session *session)
{
	return list(session, "requirements");
}

static int run_files(const struct arguments *arguments)
{
	return session_run_product(arguments, 0, "usage: assay files IMAGE...", list_files);
}

static int run_components(const struct arguments *arguments)
{
	return session_run_product(arguments, 0, "usage: assay components IMAGE...", list_components);
}

static int run_vulnerabilities(const struct arguments *arguments)
{
	return session_run_product(arguments, 0, "usage: assay vulnerabilities IMAGE...", list_vulnerabilities);
}

static int run_findings(const struct arguments *arguments)
{
	return session_run_product(arguments, 0, "usage: assay findings IMAGE...", list_findings);
}

static int run_requirements(const struct arguments *arguments)
{
	return session_run_product(arguments, 0, "usage: assay requirements IMAGE...", list_requirements);
}

enum { LISTING = OPTIONS_OUTPUTS | OPTIONS_JUDGING | OPTIONS_STORE | OPTIONS_RUN | OPTIONS_TABLE };

const struct command command_files = { "files", "IMAGE...", "list every file, with its digest", LISTING, run_files };
const struct command command_components = { "components", "IMAGE...", "list components, with evidence", LISTING,
					    run_components };
const struct command command_vulnerabilities = { "vulnerabilities", "IMAGE...", "list known vulnerabilities",
						 LISTING | OPTIONS_STATUS, run_vulnerabilities };
const struct command command_findings = { "findings", "IMAGE...", "list what is wrong, and where", LISTING, run_findings };
const struct command command_requirements = { "requirements", "IMAGE...", "list requirements with their verdicts", LISTING,
					      run_requirements };
