/*
 * FIT: a device tree whose /images nodes hold (or point at) kernels, file systems and
 * boot loaders. Layout: the Flat Image Tree specification (flattree.org), and U-Boot's
 * doc/uImage.FIT/source_file_format.txt for external data.
 */
#include <libfdt.h>

#include "base/cursor.h"
#include "base/digest.h"
#include "base/effort.h"
#include "unpack/devicetree.h"
#include "unpack/field.h"
#include "unpack/unpacker.h"

enum { IMAGES_MAX = 256, NODE_NAME_MAX = 200 };

/* Where an image's bytes lie, from the first byte of the FIT. */
struct place {
	uint64_t offset, size;
};

static bool find_data(const struct devicetree *tree, int image, struct place *out)
{
	struct span data = devicetree_property(tree, image, "data");
	uint32_t offset, size;
	if (data.size > 0) {
		*out = (struct place){ (uint64_t)(data.data - tree->bytes.data), data.size };
		return true;
	}
	if (!devicetree_number(tree, image, "data-size", &size))
		return false;
	if (devicetree_number(tree, image, "data-position", &offset))
		*out = (struct place){ offset, size };
	else if (devicetree_number(tree, image, "data-offset", &offset))
		*out = (struct place){ (((uint64_t)tree->bytes.size + 3) & ~UINT64_C(3)) + offset, size };
	else
		return false;
	return true;
}

/* The first image or the next; < 0 at the end. */
static int next_image(const struct devicetree *tree, int previous)
{
	if (previous >= 0)
		return fdt_next_subnode(tree->blob, previous);
	int images = fdt_path_offset(tree->blob, "/images");
	return images < 0 ? images : fdt_first_subnode(tree->blob, images);
}

/* The name of the key of the first signature below a node, or the empty span. */
static struct span signature_of(const struct devicetree *tree, int parent)
{
	int node;
	fdt_for_each_subnode(node, tree->blob, parent)
	{
		const char *name = fdt_get_name(tree->blob, node, NULL);
		if (name && strncmp(name, "signature", 9) == 0 &&
		    devicetree_property(tree, node, "value").size > 0) {
			struct span algorithm = devicetree_text(tree, node, "algo");
			return algorithm.size ? algorithm : SPAN_LITERAL("unknown algorithm");
		}
	}
	return SPAN_NONE;
}

struct summary {
	uint32_t images, configurations;
	uint64_t end;
	struct span signature; /* of an image or a configuration */
};

static void summarise(const struct devicetree *tree, struct summary *out)
{
	struct place place;
	*out = (struct summary){ .end = tree->bytes.size };
	for (int image = next_image(tree, -1); image >= 0 && out->images < IMAGES_MAX;
	     image = next_image(tree, image)) {
		if (!find_data(tree, image, &place))
			continue;
		out->images++;
		if (place.offset + place.size > out->end)
			out->end = place.offset + place.size;
		if (out->signature.size == 0)
			out->signature = signature_of(tree, image);
	}
	int configurations = fdt_path_offset(tree->blob, "/configurations"), node;
	if (configurations < 0)
		return;
	fdt_for_each_subnode(node, tree->blob, configurations)
	{
		out->configurations++;
		if (out->signature.size == 0)
			out->signature = signature_of(tree, node);
	}
}

static enum outcome measure(struct span bytes, struct arena *arena, struct extent *out)
{
	struct devicetree tree;
	struct summary summary;
	TRY(devicetree_open(bytes, arena, &tree));
	summarise(&tree, &summary);
	if (summary.images == 0)
		return NOT_THIS;
	out->size = span_slice(bytes, 0, summary.end).size;
	out->bits = 128;
	out->label = devicetree_text(&tree, 0, "description");
	out->detail = arena_format(arena, "%u images, %u configurations, %s%.*s", summary.images,
				   summary.configurations,
				   summary.signature.size ? "signed with " : "not signed",
				   SPAN_FORMAT(summary.signature));
	return out->detail.data ? DONE : NO_MEMORY;
}

/* Says which hashes do not hold; false where one does not. Those of unknown algorithms are passed over. */
static bool check_hashes(const struct volume *volume, const struct devicetree *tree, int image, struct span data,
			 const char *name)
{
	bool sound = true;
	int node;
	fdt_for_each_subnode(node, tree->blob, image)
	{
		uint8_t digest[DIGEST_ROOM];
		struct span value = devicetree_property(tree, node, "value");
		struct span algorithm = devicetree_text(tree, node, "algo");
		size_t size = digest_named(algorithm, data, digest);
		/* mkimage fills in what the source leaves as zeros; other programs do not. */
		if (size == 0 || value.size == 0 || field_is_left_out(value) || span_equal(value, span_of(digest, size)))
			continue;
		if (effort_over()) /* it has not been computed */
			return sound;
		sound = false;
		notes_incomplete(volume->notes, MISSING_CONTENT, CAUSE_DAMAGED, "fit.bad-hash",
				 (uint64_t)(data.data - volume->bytes.data), data.size,
				 "the %.*s of image %s does not hold", SPAN_FORMAT(algorithm), name);
	}
	return sound;
}

static enum outcome list(struct volume *volume, struct listing *out)
{
	struct devicetree tree;
	struct place place;
	bool whole = true;
	TRY(devicetree_open(volume->bytes, volume->arena, &tree));
	for (int image = next_image(&tree, -1); image >= 0; image = next_image(&tree, image)) {
		if (out->count >= IMAGES_MAX) {
			TRY(listing_refuse(out));
			continue;
		}
		if (!find_data(&tree, image, &place))
			continue;
		const char *name = fdt_get_name(tree.blob, image, NULL);
		struct span data = span_slice(volume->bytes, place.offset, place.size);
		if (!name || strlen(name) > NODE_NAME_MAX)
			name = "image";
		if (data.size < place.size) {
			whole = false;
			notes_incomplete(volume->notes, MISSING_CONTENT, CAUSE_DAMAGED, "fit.cut-short", place.offset,
					 place.size - data.size, "%zu of %llu bytes of image %s are there", data.size,
					 (unsigned long long)place.size, name);
		} else {
			whole &= check_hashes(volume, &tree, image, data, name);
		}
		TRY(listing_add_part(out, volume->bytes, name, place.offset, place.size));
	}
	return whole ? DONE : PARTIAL;
}

const struct unpacker unpacker_fit = {
	.name = "fit",
	.title = "FIT image",
	.role = ROLE_PACKAGE,
	.magics = { MAGIC("\xD0\x0D\xFE\xED", 0) },
	.inspect_whole = true,
	.measure = measure,
	.list = list,
};
