#include "vuln/vex_csaf_products.h"

#include <stdlib.h>

/* What the branches above a product say of it. */
struct branch {
	struct span name, version, range;
};

static enum outcome add(struct csaf_products *products, const struct csaf_product *product)
{
	if (product->id.size == 0)
		return DONE;
	struct csaf_product *grown = arena_grow(products->arena, products->all, products->count, &products->capacity,
						sizeof *grown);
	if (!grown)
		return NO_MEMORY;
	products->all = grown;
	grown[products->count++] = *product;
	return DONE;
}

static struct span digest_of(const struct json_tree *helper)
{
	for (const struct json_tree *file = json_tree_elements(helper, "hashes"); file; file = file->next)
		for (const struct json_tree *hash = json_tree_elements(file, "file_hashes"); hash; hash = hash->next)
			if (span_equal_text(json_tree_text(hash, "algorithm"), "sha256"))
				return json_tree_text(hash, "value");
	return SPAN_NONE;
}

/* A full_product_name_t. */
static enum outcome add_product(struct csaf_products *products, const struct json_tree *node, const struct branch *branch)
{
	const struct json_tree *helper = json_tree_member(node, "product_identification_helper");
	struct span purl = json_tree_text(helper, "purl"), cpe = json_tree_text(helper, "cpe");
	struct csaf_product product = {
		.id = json_tree_text(node, "product_id"),
		.name = purl.size > 0 ? purl : cpe.size > 0 ? cpe : branch->name.size > 0 ? branch->name : json_tree_text(node, "name"),
		.digest = digest_of(helper),
		.version = branch->range.size > 0 ? branch->range : branch->version,
	};
	return node ? add(products, &product) : DONE;
}

static enum outcome read_branches(struct csaf_products *products, const struct json_tree *node, struct branch above, int depth)
{
	for (; node && depth > 0; node = node->next) {
		struct branch branch = above;
		struct span category = json_tree_text(node, "category"), name = json_tree_text(node, "name");
		if (span_equal_text(category, "product_name"))
			branch.name = name;
		else if (span_equal_text(category, "product_version"))
			branch.version = name;
		else if (span_equal_text(category, "product_version_range"))
			branch.range = name;
		TRY(add_product(products, json_tree_member(node, "product"), &branch));
		TRY(read_branches(products, json_tree_elements(node, "branches"), branch, depth - 1));
	}
	return DONE;
}

static int compare(const void *left, const void *right)
{
	const struct csaf_product *a = left, *b = right;
	return span_compare(a->id, b->id);
}

enum outcome csaf_products_read(struct csaf_products *products, const struct json_tree *tree)
{
	const struct branch none = { 0 };
	TRY(read_branches(products, json_tree_elements(tree, "branches"), none, JSON_TREE_DEPTH_MAX));
	for (const struct json_tree *one = json_tree_elements(tree, "full_product_names"); one; one = one->next)
		TRY(add_product(products, one, &none));
	for (const struct json_tree *one = json_tree_elements(tree, "relationships"); one; one = one->next) {
		const struct json_tree *named = json_tree_member(one, "full_product_name");
		const struct csaf_product product = {
			.id = json_tree_text(named, "product_id"), .name = json_tree_text(named, "name"),
			.component = json_tree_text(one, "product_reference"),
			.whole = json_tree_text(one, "relates_to_product_reference"),
		};
		TRY(add(products, &product));
	}
	if (products->count > 0)
		qsort(products->all, products->count, sizeof *products->all, compare);
	return DONE;
}

const struct csaf_product *csaf_product_find(const struct csaf_products *products, struct span id)
{
	const struct csaf_product key = { .id = id };
	return products->count == 0 ? NULL : bsearch(&key, products->all, products->count, sizeof key, compare);
}
