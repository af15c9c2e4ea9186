/*
 * What makers and others say of vulnerabilities (VEX): documents become rows of the table `statement`
 * (docs/vex.md), and rows of `vulnerability` follow those that apply.
 */
#ifndef ASSAY_VULN_VEX_H
#define ASSAY_VULN_VEX_H

#include "evidence/evidence.h"
#include "evidence/query.h"
#include "identify/parts.h"
#include "identify/recogniser.h"

/* Statements of all documents together. */
enum { VEX_STATEMENTS_MAX = 200000 };

/* Before our own status, where a statement says otherwise: it is none of the author's words. */
#define VEX_OWN "assay: "
/* Before what assay itself proposes to do: it is no answer of the maker's. */
#define VEX_OWN_ACTION "assay proposes: "

/* One statement; spans that are empty are not said. */
struct vex_statement {
	uint32_t line;
	uint32_t justified, ranged, parted; /* lines of justification, version and part; 0: the same */
	struct span author, vulnerability;
	struct span product, digest;    /* of what it is about: package URL, CPE name or name; SHA-256 */
	struct span component, version; /* version: one, or a range */
	struct span part;
	const char *status; /* as vulnerability.status */
	struct span justification, reason, action;
	struct span issued, expires;
};

/* A document that is read. */
struct vex_reader {
	struct arena *arena;
	struct span *error;
	struct span document; /* its name */
	const char *format;
	struct query *insert;
	int64_t count; /* of all statements */
	struct span author, issued; /* of the document, for statements that do not say */
	struct parts parts;         /* read once a statement names one */
};

/*
 * Reads a document (OpenVEX 0.2, CSAF 2.0, CycloneDX 1.4 to 1.6; JSON) into `statement`, behind what is there. MALFORMED
 * where it is none, or a statement in it is wrong: *error names the document and the line. Check before use: rows of
 * those statements that stand before the wrong one stay.
 */
enum outcome vex_read(struct evidence *evidence, struct span name, struct span text, struct arena *arena,
		      struct span *error) MUST_CHECK;
/* Makes statements of the keys vulnerabilities.<id> of the table `declaration`, in place of those that it made before. */
enum outcome vex_declared(struct evidence *evidence, struct span name, struct arena *arena,
			  struct span *error) MUST_CHECK;
/*
 * Once the components have been matched: sets `applied` and `why` of every statement, and status, reason, justification,
 * question, statement, own_status and own_reason of the vulnerabilities. The newest statement decides.
 */
enum outcome vex_apply(struct evidence *evidence, const struct recognisers *recognisers) MUST_CHECK;

/* Forms of documents. */
struct json_tree;
enum outcome vex_openvex(struct vex_reader *reader, const struct json_tree *document) MUST_CHECK;
enum outcome vex_csaf(struct vex_reader *reader, const struct json_tree *document) MUST_CHECK;
enum outcome vex_cyclonedx(struct vex_reader *reader, const struct json_tree *document) MUST_CHECK;

/* Of vex_reader.insert. */
struct query vex_insert(sqlite3 *database);
/* Checks a statement and writes it; what it does not say of author and date is the document's. */
enum outcome vex_add(struct vex_reader *reader, struct vex_statement *statement) MUST_CHECK;
/* MALFORMED, after *error has the words. */
enum outcome vex_fail(struct vex_reader *reader, uint32_t line, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

#endif
