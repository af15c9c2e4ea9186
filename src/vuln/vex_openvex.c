/* OpenVEX 0.2.0, https://github.com/openvex/spec/blob/main/OPENVEX-SPEC.md */
#include "base/json_tree.h"
#include "vuln/vex.h"
#include "vuln/vex_words.h"

/* What a product or subcomponent is called: its package URL, its CPE name, its id. */
static struct span name_of(const struct json_tree *item)
{
	static const char *const kinds[] = { "purl", "cpe23", "cpe22" };
	const struct json_tree *identifiers = json_tree_member(item, "identifiers");
	struct span id = item->kind == JSON_STRING ? item->text : json_tree_text(item, "@id");
	for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
		if (json_tree_text(identifiers, kinds[i]).size > 0 && !span_starts_text(id, "pkg:"))
			return json_tree_text(identifiers, kinds[i]);
	return id;
}

static struct span digest_of(const struct json_tree *item)
{
	const struct json_tree *hashes = json_tree_member(item, "hashes");
	struct span digest = json_tree_text(hashes, "sha-256");
	return digest.size > 0 ? digest : json_tree_text(hashes, "sha256");
}

/* The name of the vulnerability: of several, a CVE before all others. */
static struct span vulnerability_of(const struct json_tree *statement, uint32_t *line)
{
	const struct json_tree *vulnerability = json_tree_member(statement, "vulnerability");
	if (!vulnerability)
		return SPAN_NONE;
	*line = vulnerability->line;
	if (vulnerability->kind == JSON_STRING) /* as version 0.1 had it */
		return vulnerability->text;
	const struct json_tree *named = json_tree_member(vulnerability, "name");
	struct span name = json_tree_text(vulnerability, "name");
	if (named)
		*line = named->line;
	if (span_starts_text(name, "CVE-"))
		return name;
	for (const struct json_tree *alias = json_tree_elements(vulnerability, "aliases"); alias; alias = alias->next)
		if (alias->kind == JSON_STRING && span_starts_text(alias->text, "CVE-"))
			return alias->text;
	return name;
}

static enum outcome add_product(struct vex_reader *reader, struct vex_statement *statement, const struct json_tree *product)
{
	statement->product = name_of(product);
	statement->digest = digest_of(product);
	statement->component = SPAN_NONE;
	if (statement->product.size == 0 && statement->digest.size == 0)
		return vex_fail(reader, product->line, "a product has no '@id'");
	const struct json_tree *sub = json_tree_elements(product, "subcomponents");
	if (!sub)
		return vex_add(reader, statement);
	for (; sub; sub = sub->next) {
		statement->component = name_of(sub);
		if (statement->component.size == 0)
			return vex_fail(reader, sub->line, "a subcomponent has no '@id'");
		TRY(vex_add(reader, statement));
	}
	return DONE;
}

static enum outcome check_status(struct vex_reader *reader, const struct json_tree *node, struct vex_statement *statement)
{
	const struct json_tree *status = json_tree_member(node, "status");
	struct span word = json_tree_text(node, "status");
	if (!status)
		return vex_fail(reader, node->line, "a statement has no 'status'");
	statement->status = vex_status_of_openvex(word);
	if (!statement->status)
		return vex_fail(reader, status->line, "'%.*s' is no status: it is not_affected, affected, fixed or "
						      "under_investigation", SPAN_FORMAT(word));
	if (span_equal_text(word, "affected") && statement->action.size == 0)
		return vex_fail(reader, status->line, "'affected' wants an 'action_statement'");
	return DONE;
}

/* Notes without what assay wrote behind them of its own status. */
static struct span notes_of(const struct json_tree *node)
{
	struct span notes = json_tree_text(node, "status_notes");
	size_t own = span_starts_text(notes, VEX_OWN) ? 0 : span_find_text(notes, "; " VEX_OWN, 0);
	return own == SPAN_NOT_FOUND ? notes : span_slice(notes, 0, own);
}

/* The newest of the times that it gives. */
static struct span time_of(const struct json_tree *node)
{
	struct span updated = json_tree_text(node, "last_updated");
	return updated.size > 0 ? updated : json_tree_text(node, "timestamp");
}

static enum outcome read_statement(struct vex_reader *reader, const struct json_tree *node)
{
	const struct json_tree *justification = json_tree_member(node, "justification");
	struct vex_statement statement = {
		.line = node->line,
		.justification = json_tree_text(node, "justification"),
		.reason = json_tree_text(node, "impact_statement"),
		.action = span_trim(json_tree_text(node, "action_statement")),
		.issued = time_of(node),
		.expires = json_tree_text(node, "expires"),
		.part = json_tree_text(node, "part"),
	};
	statement.vulnerability = vulnerability_of(node, &statement.line);
	if (statement.vulnerability.size == 0)
		return vex_fail(reader, statement.line, "a statement names no vulnerability");
	TRY(check_status(reader, node, &statement));
	if (justification)
		statement.justified = justification->line;
	if (statement.reason.size == 0)
		statement.reason = notes_of(node);
	/* Notes are no impact statement. */
	if (span_equal_text(span_of_text(statement.status), "not affected") && statement.justification.size == 0 &&
	    span_trim(json_tree_text(node, "impact_statement")).size == 0)
		return vex_fail(reader, node->line, "%.*s is said to be not affected without a justification",
				SPAN_FORMAT(statement.vulnerability));
	const struct json_tree *product = json_tree_elements(node, "products");
	if (!product)
		return vex_add(reader, &statement);
	for (; product; product = product->next)
		TRY(add_product(reader, &statement, product));
	return DONE;
}

enum outcome vex_openvex(struct vex_reader *reader, const struct json_tree *document)
{
	const struct json_tree *statements = json_tree_member(document, "statements");
	reader->format = "OpenVEX";
	reader->author = json_tree_text(document, "author");
	reader->issued = time_of(document);
	if (!statements || statements->kind != JSON_ARRAY)
		return vex_fail(reader, document->line, "an OpenVEX document wants 'statements'");
	if (reader->author.size == 0)
		return vex_fail(reader, document->line, "an OpenVEX document wants an 'author'");
	for (const struct json_tree *one = statements->first; one; one = one->next)
		TRY(read_statement(reader, one));
	return DONE;
}
