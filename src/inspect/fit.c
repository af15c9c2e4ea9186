/*
 * The flat image tree specification: images and configurations hold hash and
 * signature nodes; a signature counts only once its value is there.
 */
#include "inspect/fit.h"

#include <libfdt.h>

struct fit_protection {
	struct span hash, signature, key_name;
};

static struct span text_property(const void *tree, int node, const char *name)
{
	int size = 0;
	const void *value = fdt_getprop(tree, node, name, &size);
	return value && size > 0 ? span_until_nul(span_of(value, (size_t)size)) : SPAN_NONE;
}

static bool has_value(const void *tree, int node)
{
	int size = 0;
	return fdt_getprop(tree, node, "value", &size) && size > 0;
}

static struct fit_protection read_protection(const void *tree, int parent)
{
	struct fit_protection out = { 0 };
	int node;
	fdt_for_each_subnode(node, tree, parent) {
		int size = 0;
		const char *text = fdt_get_name(tree, node, &size);
		struct span name = text && size > 0 ? span_of(text, (size_t)size) : SPAN_NONE;
		if (!has_value(tree, node))
			continue;
		if (span_starts_text(name, "hash")) {
			out.hash = text_property(tree, node, "algo");
		} else if (span_starts_text(name, "signature") && out.signature.size == 0) {
			out.signature = text_property(tree, node, "algo");
			out.key_name = text_property(tree, node, "key-name-hint");
		}
	}
	return out;
}

static void state_children(struct inspection *file, const void *tree, const char *path, const char *subject)
{
	int parent = fdt_path_offset(tree, path), node;
	if (parent < 0)
		return;
	fdt_for_each_subnode(node, tree, parent) {
		struct fit_protection protection = read_protection(tree, node);
		bool is_signed = protection.signature.size > 0;
		struct fact *fact = fact_new(file->facts, EVIDENCE_BOOT_SIGNATURE);
		fact_word(file->facts, fact, BOOT_SIGNATURE_SUBJECT, subject);
		fact_integer(fact, BOOT_SIGNATURE_SIGNED, is_signed);
		struct span algorithm = is_signed ? protection.signature : protection.hash;
		fact_text(file->facts, fact, BOOT_SIGNATURE_ALGORITHM,
			  algorithm.size > 0 ? algorithm : SPAN_LITERAL("none"));
		if (protection.key_name.size > 0)
			fact_text(file->facts, fact, BOOT_SIGNATURE_KEY_NAME, protection.key_name);
	}
}

void fit_state(struct inspection *file, const void *tree)
{
	state_children(file, tree, "/images", "FIT image");
	state_children(file, tree, "/configurations", "FIT configuration");
}
