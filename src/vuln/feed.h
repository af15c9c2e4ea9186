/*
 * The feeds that a store is built from. Each reader takes one document as its
 * publisher writes it, and states its facts to the builder. A document that cannot
 * be read gives MALFORMED; the others are read on.
 */
#ifndef ASSAY_VULN_FEED_H
#define ASSAY_VULN_FEED_H

#include "vuln/builder.h"

/* NVD API 2.0: a page of many vulnerabilities. */
enum outcome feed_nvd_page(struct builder *builder, struct span document) MUST_CHECK;
/* NVD API 2.0: one vulnerability ({"cve": …}), as overrides of NVD come. */
enum outcome feed_nvd_override(struct builder *builder, const struct json_value *document, struct span name) MUST_CHECK;
/* CVE record 5.x. */
enum outcome feed_cve5(struct builder *builder, const struct json_value *document) MUST_CHECK;
/* CISA's catalogue of known exploited vulnerabilities. */
enum outcome feed_kev(struct builder *builder, struct span document) MUST_CHECK;
/* FIRST's EPSS scores: CSV. */
enum outcome feed_epss(struct builder *builder, struct span document) MUST_CHECK;
/* Advisories: one of GitHub's REST API, one of the European Union's database. */
enum outcome feed_ghsa(struct builder *builder, const struct json_value *document) MUST_CHECK;
enum outcome feed_euvd(struct builder *builder, const struct json_value *document) MUST_CHECK;
/* OSV in JSON, and OSS-Fuzz's in YAML. */
enum outcome feed_osv_json(struct builder *builder, const struct json_value *document) MUST_CHECK;
enum outcome feed_osv_yaml(struct builder *builder, struct span document) MUST_CHECK;
/* Facts of Ubuntu's tracker, and of the linux_kernel_cves project, one JSON object a line. */
enum outcome feed_ubuntu(struct builder *builder, struct span document) MUST_CHECK;
enum outcome feed_kernel(struct builder *builder, struct span document) MUST_CHECK;
/* Debian's advisories, a line for each CVE, package and release. */
enum outcome feed_debian(struct builder *builder, struct span document) MUST_CHECK;
/* Alpine's secdb, of one release and repository; Debian's security tracker, whole. */
enum outcome feed_secdb(struct builder *builder, const struct json_value *document) MUST_CHECK;
enum outcome feed_debian_tracker(struct builder *builder, struct span document) MUST_CHECK;
/* Android's security bulletins, a line for each CVE. */
enum outcome feed_android(struct builder *builder, struct span document) MUST_CHECK;
/* Facts about embedded components, one JSON object a line. */
enum outcome feed_components(struct builder *builder, struct span document) MUST_CHECK;

#endif
