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

/* What a rule looks at. */
enum witness_kind {
	WITNESS_BANNER,  /* an expression in the content; its first group is the version */
	WITNESS_STRING,  /* a whole printable string of a binary, of a given shape, and no other of that shape */
	WITNESS_LIBRARY, /* the file's name, of a given shape */
};

#define PATTERN_NONE UINT32_MAX

/* One way in which a component shows itself. */
struct witness_rule {
	enum witness_kind kind;
	const struct span *shapes; /* of the string or the name (identify/shape.h) */
	size_t shape_count;
	const struct span *files;  /* shapes of the names of the only files to look at; none: every file */
	size_t file_count;
	const struct span *with;   /* words of which one must stand in the file too; none: no such condition */
	size_t with_count;
	struct span unless;        /* words whose presence in the file makes a banner somebody else's; may be empty */
	bool in_text;              /* a banner that also counts in texts and scripts */
	uint32_t pattern;          /* of a banner, or of what must stand in the same file as the string; PATTERN_NONE */
	uint32_t confidence;       /* 0 to 100 */
};

struct recogniser {
	struct span name;       /* "busybox": component.name */
	struct span title;      /* "BusyBox" */
	struct span type;       /* CycloneDX type: "library", "application", "operating-system", "firmware" */
	struct span purl;       /* with {version}: "pkg:generic/busybox@{version}" */
	struct span licence;    /* SPDX expression; empty where not known */
	const struct span *licences_before; /* "3.0.0 OpenSSL": the licence of versions before 3.0.0; oldest first */
	size_t licence_before_count;
	const struct span *cpes; /* "a:busybox:busybox", best first: part:vendor:product */
	size_t cpe_count;
	const struct span *packages; /* names in opkg, dpkg, apk, rpm that are this component ("libopenssl1.1"); shapes */
	size_t package_count;
	const struct span *files; /* shapes of the names of the files that it installs */
	size_t file_count;
	enum version_order order;
	size_t branch; /* fields that name a branch with fixes of its own: 2 for 2.16.9; 1 where there is one line of versions */
	const struct witness_rule *rules;
	size_t rule_count;
};

struct parts;
struct fixes;

/* Which rule a pattern belongs to. */
struct pattern_owner {
	const struct recogniser *recogniser;
	const struct witness_rule *rule;
};

struct recognisers {
	const struct recogniser *all; /* sorted by name */
	size_t count;
	const struct pattern *patterns; /* of all rules: what the build compiles */
	const struct pattern_owner *owners; /* one per pattern */
	size_t pattern_count;
	const struct parts *parts; /* of the components (identify/parts.h); may be NULL */
	const struct fixes *fixes; /* that show in their programs (identify/fixes.h); may be NULL */
};

/* Reads the embedded data/components into the arena. MALFORMED with words in *error. */
enum outcome recognisers_load(struct arena *arena, struct recognisers *out, struct span *error) MUST_CHECK;
/* By component name; NULL where there is none. */
const struct recogniser *recogniser_find(const struct recognisers *recognisers, struct span name);
/* By the name of a source package: the shapes of `packages` that have no '*'; NULL where there is none. */
const struct recogniser *recogniser_for_source(const struct recognisers *recognisers, struct span source);
/* By package name, with the wildcards of `packages`; NULL where there is none. */
const struct recogniser *recogniser_for_package(const struct recognisers *recognisers, struct span package);

#endif
