#include "fetch/release.h"

#include "base/json_tree.h"

/* "sha256:" and 64 digits. */
static struct span digest_of(const struct json_tree *asset)
{
	struct span digest = json_tree_text(asset, "digest");
	return digest.size == 71 && span_starts_text(digest, "sha256:") ? span_from(digest, 7) : SPAN_NONE;
}

enum outcome release_find(struct span text, const char *part, const char *base, struct arena *arena, struct release_asset *out,
			  struct span *error)
{
	const struct json_tree *root;
	*out = (struct release_asset){ 0 };
	TRY(json_tree_read(text, arena, &root, error));
	for (const struct json_tree *asset = json_tree_elements(root, "assets"); asset; asset = asset->next) {
		struct span name = json_tree_text(asset, "name"), url = json_tree_text(asset, "browser_download_url");
		bool newer = out->name.size == 0 || span_compare(name, out->name) > 0;
		if (span_find_text(name, part, 0) == SPAN_NOT_FOUND || !span_starts_text(url, base) || !newer)
			continue;
		*out = (struct release_asset){ .name = name, .url = url, .sha256 = digest_of(asset) };
	}
	if (out->name.size == 0)
		*error = arena_format(arena, "the newest release has no file whose name holds %s", part);
	return out->name.size > 0 ? DONE : MALFORMED;
}
