/* assay files, components, vulnerabilities, findings, requirements: tables from the evidence of an image. */
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

static int list_vulnerabilities(struct session *session)
{
	return list(session, "vulnerabilities");
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
const struct command command_vulnerabilities = { "vulnerabilities", "IMAGE...", "list known vulnerabilities", LISTING,
						 run_vulnerabilities };
const struct command command_findings = { "findings", "IMAGE...", "list what is wrong, and where", LISTING, run_findings };
const struct command command_requirements = { "requirements", "IMAGE...", "list requirements with their verdicts", LISTING,
					      run_requirements };
