/* What there is to list and to report: include/assay/assay.h, assay_listing() and assay_report_kind(). */
#include <string.h>

#include "assay/assay.h"
#include "engine/recheck.h"
#include "report/reporter.h"
#include "report/views.h"

/* What matters first: exploited, reachable from the network, likely to be exploited. */
#define VULNERABILITIES(where)                                                                                        \
	VIEW_REACHED "SELECT v.id, c.name AS component, c.version, v.severity, v.cvss, v.cvss_version, v.epss, "       \
	"CASE v.known_exploited WHEN 1 THEN 'exploited' ELSE '' END AS exploited, " VIEW_REACHABLE " AS reachable, "    \
	VIEW_SSVC " AS ssvc, v.status, " VIEW_FIXED " AS fixed_in, v.reason FROM vulnerability v"                        \
	" JOIN component c ON c.id = v.component" where " ORDER BY " VIEW_URGENCY ", c.name, c.version"

static const struct listing {
	const char *name;
	const char *sql;
} listings[] = {
	{ "files",
	  "SELECT f.path, f.type, f.size, printf('%04o', f.mode) AS mode, f.uid, f.gid, f.kind, f.target, "
	  "f.sha256 FROM file f ORDER BY f.volume, f.path, f.id" },
	{ "components",
	  "SELECT c.name, c.version, c.package_version, c.confidence, c.licence, c.purl, c.cpe, c.path, "
	  "(SELECT count(*) FROM vulnerability v WHERE v.component = c.id AND v.status = 'affected') "
	  "AS vulnerabilities FROM component c ORDER BY c.name, c.version, c.id" },
	{ "vulnerabilities", VULNERABILITIES("") },
	{ "vulnerabilities-affected", VULNERABILITIES(" WHERE v.status = 'affected'") },
	{ "vulnerabilities-review", VULNERABILITIES(" WHERE v.status = 'under review'") },
	{ "vulnerabilities-fixed", VULNERABILITIES(" WHERE v.status = 'fixed'") },
	{ "vulnerabilities-not-affected", VULNERABILITIES(" WHERE v.status = 'not affected'") },
	{ "changes", recheck_changes },
	/* As many as the page counts: what several rules say of one place is told once. */
	{ "findings",
	  VIEW_FOUND " SELECT severity, rule, detail, path, line, title, advice FROM found"
	  " ORDER BY rank, rule, path, line, detail" },
	{ "requirements",
	  "SELECT r.catalog, r.id, v.verdict, r.level, r.title, v.reason, v.declaration, v.contradicted"
	  " FROM requirement r LEFT JOIN verdict v ON v.catalog = r.catalog AND v.requirement = r.id"
	  " ORDER BY r.catalog, r.ordinal" },
};

const char *assay_listing(const char *name)
{
	for (size_t i = 0; name && i < sizeof listings / sizeof *listings; i++)
		if (strcmp(listings[i].name, name) == 0)
			return listings[i].sql;
	return NULL;
}

int assay_report_kind(size_t number, struct assay_report_kind *out)
{
	const struct reporter *const *one = reporters;
	for (size_t i = 0; i < number && *one; i++)
		one++;
	if (!*one || !out)
		return 0;
	struct assay_report_kind kind = {
		.size = out->size,
		.name = (*one)->name,
		.option = (*one)->option,
		.file_name = (*one)->file_name,
		.summary = (*one)->summary,
	};
	memcpy(out, &kind, out->size < sizeof kind ? out->size : sizeof kind);
	return 1;
}
