/*
 * The components that assay can recognise: data/components, read once into a table.
 */
#ifndef ASSAY_IDENTIFY_RECOGNISER_H
#define ASSAY_IDENTIFY_RECOGNISER_H

#include "base/arena.h"
#include "base/outcome.h"
#include "base/pattern.h"
#include "base/span.h"

/* How versions of a component are ordered; src/vuln/version.c knows each. */
enum version_order {
	ORDER_GENERIC, /* numbers and words, rc/beta/pre before the release, letters after */
	ORDER_OPENSSL, /* 1.0.2a … 1.0.2zk: letters are patches */
	ORDER_DATE,    /* 2021-05-02, 20210502 */
	ORDER_DEBIAN,  /* epoch:upstream-revision with ~ */
	ORDER_KERNEL,  /* 2.6.36.4, 5.10.0-rc3; distribution suffixes do not count */
	ORDER_DROPBEAR, /* 0.52 < 2011.54: the switch to years */
	ORDER_SAMBA,   /* 3.0.37a letters, rc */
	ORDER_UBOOT,   /* 1.1.3 < 2009.08 < 2023.01-rc4 */
};

/* One way in which a component shows itself. */
struct witness_rule {
	struct span method;     /* as witness.method: "banner", "file name", "library name", "symbol" */
	const char *expression; /* in content; the first group is the version. NULL for a name rule */
	unsigned flags;         /* PATTERN_… */
	struct span path;       /* PCRE2 expression for the path, first group the version; empty where content decides */
	uint32_t confidence;    /* 0 to 100 */
};

struct recogniser {
	struct span name;       /* "busybox": component.name */
	struct span title;      /* "BusyBox" */
	struct span type;       /* CycloneDX type: "library", "application", "operating-system", "firmware" */
	struct span purl;       /* with {version}: "pkg:generic/busybox@{version}" */
	struct span licence;    /* SPDX expression; empty where not known */
	const struct span *cpes; /* "a:busybox:busybox", best first: part:vendor:product */
	size_t cpe_count;
	const struct span *packages; /* names in opkg, dpkg, apk, rpm that are this component ("libopenssl1.1"); '*' at the end is a wildcard */
	size_t package_count;
	enum version_order order;
	const struct witness_rule *rules;
	size_t rule_count;
	uint32_t first_pattern; /* of its content rules, among all recognisers' patterns */
};

struct recognisers {
	const struct recogniser *all; /* sorted by name */
	size_t count;
	const struct pattern *patterns; /* content rules of all, in order: what the build compiles */
	size_t pattern_count;
};

/* Reads the embedded data/components into the arena. MALFORMED with words in *error. */
enum outcome recognisers_load(struct arena *arena, struct recognisers *out, struct span *error) MUST_CHECK;
/* By component name; NULL where there is none. */
const struct recogniser *recogniser_find(const struct recognisers *recognisers, struct span name);
/* By package name (with the wildcards of `packages`); NULL where there is none. */
const struct recogniser *recogniser_for_package(const struct recognisers *recognisers, struct span package);

#endif
