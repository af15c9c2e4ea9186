/* assay files, components, vulnerabilities, findings, requirements: tables from the evidence of an image. */
#include "cli/query.h"
#include "cli/session.h"
#include "report/views.h"

static int list(struct session *session, const char *sql)
{
	struct assay *assay = NULL;
	int status = session_assay(session, 0, false, &assay);
	if (status == EXIT_DONE)
		status = session_write(session, assay);
	if (status == EXIT_DONE)
		status = query_print(assay, sql, session->options);
	assay_free(assay);
	return status;
}

static int list_files(struct session *session)
{
	return list(session,
		    "SELECT f.path, f.type, f.size, printf('%04o', f.mode) AS mode, f.uid, f.gid, f.kind, f.target, "
		    "f.sha256 FROM file f ORDER BY f.volume, f.path, f.id");
}

static int list_components(struct session *session)
{
	return list(session,
		    "SELECT c.name, c.version, c.package_version, c.confidence, c.licence, c.purl, c.cpe, c.path, "
		    "(SELECT count(*) FROM vulnerability v WHERE v.component = c.id AND v.status = 'affected') "
		    "AS vulnerabilities FROM component c ORDER BY c.name, c.version, c.id");
}

static int list_vulnerabilities(struct session *session)
{
	return list(session,
		    "SELECT v.id, c.name AS component, c.version, v.severity, v.cvss, v.epss, "
		    "CASE v.known_exploited WHEN 1 THEN 'exploited' ELSE '' END AS exploited, v.status, v.fixed_in, "
		    "v.reason FROM vulnerability v JOIN component c ON c.id = v.component "
		    "ORDER BY v.known_exploited DESC, v.cvss DESC, v.id, c.name, c.version");
}

/* As many as the page counts: what several rules say of one place is told once. */
static int list_findings(struct session *session)
{
	return list(session,
		    VIEW_FOUND " SELECT severity, rule, detail, path, line, title, advice FROM found"
			       " ORDER BY rank, rule, path, line, detail");
}

static int list_requirements(struct session *session)
{
	return list(session,
		    "SELECT r.catalog, r.id, v.verdict, r.level, r.title, v.reason, v.declaration, v.contradicted"
		    " FROM requirement r LEFT JOIN verdict v ON v.catalog = r.catalog AND v.requirement = r.id"
		    " ORDER BY r.catalog, r.ordinal");
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
