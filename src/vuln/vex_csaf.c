/* CSAF 2.0, profile VEX (section 4.5): https://docs.oasis-open.org/csaf/csaf/v2.0/csaf-v2.0.html */
#include "vuln/vex.h"
#include "vuln/vex_csaf_products.h"
#include "vuln/vex_words.h"

struct csaf {
	struct vex_reader *reader;
	struct csaf_products products;
	const struct json_tree *groups;
};

static const struct {
	const char *list, *status;
} lists[] = {
	{ "known_not_affected", "not affected" },
	{ "known_affected", "affected" },
	{ "first_affected", "affected" },
	{ "last_affected", "affected" },
	{ "fixed", "fixed" },
	{ "first_fixed", "fixed" },
	{ "under_investigation", "under review" },
};

static bool lists_id(const struct json_tree *ids, struct span id)
{
	for (; ids; ids = ids->next)
		if (ids->kind == JSON_STRING && span_equal(ids->text, id))
			return true;
	return false;
}

/* Whether a flag, a threat or a remediation is about the product: by its id, or by a group of which it is. */
static bool is_about(const struct csaf *csaf, const struct json_tree *item, struct span id)
{
	if (lists_id(json_tree_elements(item, "product_ids"), id))
		return true;
	const struct json_tree *named = json_tree_elements(item, "group_ids");
	for (const struct json_tree *group = json_tree_first(csaf->groups); named && group; group = group->next)
		if (lists_id(named, json_tree_text(group, "group_id")) && lists_id(json_tree_elements(group, "product_ids"), id))
			return true;
	return false;
}

/* The details of the first item of the list that is about the product, and of the category where one is asked. */
static struct span details_of(const struct csaf *csaf, const struct json_tree *vulnerability, const char *list,
			      const char *category, struct span id)
{
	for (const struct json_tree *item = json_tree_elements(vulnerability, list); item; item = item->next)
		if ((!category || span_equal_text(json_tree_text(item, "category"), category)) && is_about(csaf, item, id))
			return json_tree_text(item, "details");
	return SPAN_NONE;
}

/* A component within a product, each by what it is called; or a product alone. */
static enum outcome scope(const struct csaf *csaf, const struct json_tree *id, struct vex_statement *statement)
{
	const struct csaf_product *product = csaf_product_find(&csaf->products, id->text);
	if (!product)
		return vex_fail(csaf->reader, id->line, "no product of the tree has the id '%.*s'", SPAN_FORMAT(id->text));
	if (product->component.size == 0) {
		statement->product = product->name;
		statement->digest = product->digest;
		statement->version = product->version;
		return DONE;
	}
	const struct csaf_product *component = csaf_product_find(&csaf->products, product->component);
	const struct csaf_product *whole = csaf_product_find(&csaf->products, product->whole);
	if (!component || !whole)
		return vex_fail(csaf->reader, id->line, "the relationship '%.*s' is between products that are not in the tree",
				SPAN_FORMAT(id->text));
	statement->component = component->name;
	statement->version = component->version;
	statement->product = whole->name;
	statement->digest = whole->digest;
	if (whole->version.size > 0 && !span_starts_text(whole->name, "pkg:"))
		statement->product = arena_format(csaf->reader->arena, "%.*s %.*s", SPAN_FORMAT(whole->name),
						  SPAN_FORMAT(whole->version));
	return DONE;
}

static enum outcome justify(const struct csaf *csaf, const struct json_tree *vulnerability, struct span id,
			    struct vex_statement *statement)
{
	for (const struct json_tree *flag = json_tree_elements(vulnerability, "flags"); flag; flag = flag->next) {
		if (!is_about(csaf, flag, id))
			continue;
		statement->justification = json_tree_text(flag, "label");
		const struct json_tree *label = json_tree_member(flag, "label");
		statement->justified = label ? label->line : flag->line;
		if (json_tree_text(flag, "date").size > 0)
			statement->issued = json_tree_text(flag, "date");
		if (!vex_is_justification(statement->justification))
			return vex_fail(csaf->reader, statement->justified, "'%.*s' is no justification: it is " VEX_JUSTIFICATIONS,
					SPAN_FORMAT(statement->justification));
	}
	return DONE;
}

static enum outcome add(const struct csaf *csaf, const struct json_tree *vulnerability, const struct json_tree *id,
			const char *status)
{
	struct vex_statement statement = {
		.line = id->line, .vulnerability = json_tree_text(vulnerability, "cve"), .status = status,
	};
	if (statement.vulnerability.size == 0)
		statement.vulnerability = json_tree_text(json_tree_elements(vulnerability, "ids"), "text");
	if (id->kind != JSON_STRING)
		return vex_fail(csaf->reader, id->line, "a product id is no text");
	bool spared = span_equal_text(span_of_text(status), "not affected");
	if (spared)
		TRY(justify(csaf, vulnerability, id->text, &statement));
	statement.reason = details_of(csaf, vulnerability, "threats", "impact", id->text);
	statement.action = spared ? SPAN_NONE : details_of(csaf, vulnerability, "remediations", NULL, id->text);
	if (span_equal_text(span_of_text(status), "affected") && statement.action.size == 0)
		return vex_fail(csaf->reader, id->line, "'%.*s' is affected, and no remediation is about it",
				SPAN_FORMAT(id->text));
	TRY(scope(csaf, id, &statement));
	return vex_add(csaf->reader, &statement);
}

static enum outcome read_vulnerability(const struct csaf *csaf, const struct json_tree *vulnerability)
{
	const struct json_tree *status = json_tree_member(vulnerability, "product_status");
	for (const struct json_tree *one = json_tree_first(status); one; one = one->next) {
		const char *ours = span_equal_text(one->key, "recommended") ? "" : NULL;
		for (size_t i = 0; i < sizeof lists / sizeof *lists; i++)
			if (span_equal_text(one->key, lists[i].list))
				ours = lists[i].status;
		if (!ours)
			return vex_fail(csaf->reader, one->line, "'%.*s' is no product status of CSAF", SPAN_FORMAT(one->key));
		for (const struct json_tree *id = *ours ? json_tree_first(one) : NULL; id; id = id->next)
			TRY(add(csaf, vulnerability, id, ours));
	}
	return DONE;
}

enum outcome vex_csaf(struct vex_reader *reader, const struct json_tree *document)
{
	const struct json_tree *head = json_tree_member(document, "document");
	const struct json_tree *tree = json_tree_member(document, "product_tree");
	const struct json_tree *version = json_tree_member(head, "csaf_version");
	struct csaf csaf = { .reader = reader, .products.arena = reader->arena,
			     .groups = json_tree_member(tree, "product_groups") };
	reader->format = "CSAF";
	if (!span_equal_text(json_tree_text(head, "csaf_version"), "2.0"))
		return vex_fail(reader, version ? version->line : document->line, "assay reads version 2.0 of CSAF alone");
	reader->author = json_tree_text(json_tree_member(head, "publisher"), "name");
	reader->issued = json_tree_text(json_tree_member(head, "tracking"), "current_release_date");
	TRY(csaf_products_read(&csaf.products, tree));
	for (const struct json_tree *one = json_tree_elements(document, "vulnerabilities"); one; one = one->next)
		TRY(read_vulnerability(&csaf, one));
	return DONE;
}
