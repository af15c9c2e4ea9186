#include "engine/container_manifest.h"

#include "vuln/feed_json.h"

enum { INDEX_DEPTH_MAX = 4, DOCUMENTS_MAX = 256, MANIFEST_MOST = 16 << 20, JSON_MEMORY = 16 * MANIFEST_MOST };

struct reading {
	struct explorer *explorer;
	const struct node *node;
	struct reader *reader;
	struct span folder;
	struct container_images *out;
	size_t documents; /* that were read */
};

static const struct entry *entry_at(const struct reading *reading, struct span name)
{
	struct arena *arena = reading->explorer->arena;
	struct span clean = listing_clean_path(arena, name);
	struct span path = arena_format(arena, "%.*s%.*s", SPAN_FORMAT(reading->folder), SPAN_FORMAT(clean));
	for (size_t i = reading->node->listing.count; i > 0; i--) {
		const struct entry *entry = &reading->node->listing.entries[i - 1];
		if (entry->type == ENTRY_LINK && span_equal(entry->path, path))
			return NULL;
		if (entry->type == ENTRY_FILE && span_equal(entry->path, path))
			return entry;
	}
	return NULL;
}

/* The JSON of an entry, which lives in the scan; NULL where there is none. *cause: why not. */
static const struct json_value *parse_entry(struct reading *reading, const struct entry *entry, struct json_scan *scan,
					    enum note_cause *cause)
{
	const struct json_value *document;
	struct span bytes;
	json_scan_init(scan, JSON_MEMORY);
	*cause = CAUSE_DAMAGED;
	if (!entry)
		return NULL;
	if (entry->size > MANIFEST_MOST || reading->documents++ >= DOCUMENTS_MAX) {
		*cause = CAUSE_LIMIT;
		return NULL;
	}
	enum outcome outcome = explore_read(reading->explorer, reading->reader, entry, &bytes);
	*cause = note_cause_of(outcome);
	return outcome_usable(outcome) && json_scan_read(scan, bytes, &document) == DONE ? document : NULL;
}

static void note_missing(const struct reading *reading, enum note_cause cause, const char *code, const char *words,
			 struct span name)
{
	notes_incomplete(reading->explorer->notes, MISSING_ENTRIES, cause, code, NOTE_NO_OFFSET, 1, "%s: %.*s", words,
			 SPAN_FORMAT(name));
}

/* The next image, with room for its layers; NULL where there are too many. */
static struct container_image *new_image(const struct reading *reading, struct span name, size_t layers)
{
	struct container_images *out = reading->out;
	if (out->count == CONTAINER_IMAGES_MAX || layers > CONTAINER_LAYERS_MAX) {
		notes_incomplete(reading->explorer->notes, MISSING_ENTRIES, CAUSE_LIMIT, "container.many", NOTE_NO_OFFSET,
				 1, "too many container images or layers; this one was not opened: %.*s",
				 SPAN_FORMAT(name));
		return NULL;
	}
	struct container_image *image = &out->list[out->count];
	*image = (struct container_image){
		.name = arena_copy(reading->explorer->arena, name),
		.layers = ARENA_NEW(reading->explorer->arena, const struct entry *, layers),
	};
	return image->layers ? image : NULL;
}

static void add_layer(const struct reading *reading, struct container_image *image, struct span name)
{
	const struct entry *entry = entry_at(reading, name);
	if (!entry)
		note_missing(reading, CAUSE_DAMAGED, "container.missing-layer",
			     "a layer of the container image is not in the archive", name);
	image->layers[image->layer_count++] = entry;
}

static void read_docker(const struct reading *reading, const struct json_value *images)
{
	JSON_EACH(one, images) {
		const struct json_value *layers = json_value_member(one, "Layers");
		const struct json_value *tags = json_value_member(one, "RepoTags");
		struct span tag = json_value_text(feed_json_at(tags, 0));
		size_t count = feed_json_count(layers);
		struct container_image *image = count > 0 ? new_image(reading, tag, count) : NULL;
		if (!image)
			continue;
		JSON_EACH(layer, layers)
			add_layer(reading, image, json_value_text(layer));
		reading->out->count++;
	}
}

/* "sha256:abc" lies at blobs/sha256/abc. */
static struct span blob_path(const struct reading *reading, struct span digest)
{
	size_t colon = span_find_byte(digest, ':', 0);
	if (colon == SPAN_NOT_FOUND)
		return SPAN_NONE;
	return arena_format(reading->explorer->arena, "blobs/%.*s/%.*s", SPAN_FORMAT(span_slice(digest, 0, colon)),
			    SPAN_FORMAT(span_from(digest, colon + 1)));
}

/* Layers are file systems; an attestation's are statements about them. */
static bool is_layer(struct span type)
{
	return type.size == 0 || span_find_text(type, "rootfs.diff.tar", 0) != SPAN_NOT_FOUND ||
	       span_find_text(type, "image.layer", 0) != SPAN_NOT_FOUND;
}

static void read_layers(const struct reading *reading, const struct json_value *layers, struct span name)
{
	size_t count = feed_json_count(layers);
	struct container_image *image = new_image(reading, name, count);
	JSON_EACH(layer, layers) {
		if (image && is_layer(feed_json_text(layer, "mediaType")))
			add_layer(reading, image, blob_path(reading, feed_json_text(layer, "digest")));
	}
	if (image && image->layer_count > 0)
		reading->out->count++;
}

static struct span platform_of(const struct reading *reading, const struct json_value *descriptor, struct span name)
{
	const struct json_value *platform = json_value_member(descriptor, "platform");
	const struct json_value *annotations = json_value_member(descriptor, "annotations");
	struct span tag = feed_json_text(annotations, "org.opencontainers.image.ref.name");
	struct span os = feed_json_text(platform, "os"), machine = feed_json_text(platform, "architecture");
	if (tag.size > 0)
		name = tag;
	if (os.size == 0)
		return name;
	return arena_format(reading->explorer->arena, "%.*s%s%.*s/%.*s", SPAN_FORMAT(name), name.size > 0 ? " " : "",
			    SPAN_FORMAT(os), SPAN_FORMAT(machine));
}

static void read_index(struct reading *reading, const struct json_value *index, struct span name, unsigned depth)
{
	const struct json_value *manifests = json_value_member(index, "manifests");
	if (depth >= INDEX_DEPTH_MAX) {
		note_missing(reading, CAUSE_LIMIT, "container.circle",
			     "indexes of container images lie too deep within each other", name);
		return;
	}
	size_t left = feed_json_count(manifests);
	JSON_EACH(descriptor, manifests) {
		if (reading->out->count == CONTAINER_IMAGES_MAX) {
			notes_incomplete(reading->explorer->notes, MISSING_ENTRIES, CAUSE_LIMIT, "container.many", NOTE_NO_OFFSET,
					 left, "too many container images; those after the first %d were not opened",
					 CONTAINER_IMAGES_MAX);
			return;
		}
		left--;
		struct span inner = platform_of(reading, descriptor, name);
		struct span path = blob_path(reading, feed_json_text(descriptor, "digest"));
		struct json_scan scan;
		enum note_cause cause;
		const struct json_value *document = parse_entry(reading, entry_at(reading, path), &scan, &cause);
		const struct json_value *layers = json_value_member(document, "layers");
		if (!document)
			note_missing(reading, cause, "container.missing-manifest",
				     cause == CAUSE_LIMIT ? "there are more manifests than are read, or this one is too large"
							  : "a manifest is not in the archive, or is damaged", path);
		else if (layers)
			read_layers(reading, layers, inner);
		else
			read_index(reading, document, inner, depth + 1);
		json_scan_done(&scan);
	}
}

/* One of the two lists that an archive begins with; NULL where it has none, or, which is said, one that cannot be read. */
static const struct json_value *parse_list(struct reading *reading, struct span name, struct json_scan *scan)
{
	const struct entry *entry = entry_at(reading, name);
	enum note_cause cause;
	const struct json_value *list = parse_entry(reading, entry, scan, &cause);
	if (entry && !list)
		note_missing(reading, cause, "container.missing-manifest",
			     cause == CAUSE_LIMIT ? "the list of container images is too large"
						  : "the list of container images cannot be read", name);
	return list;
}

void container_manifest_read(struct explorer *explorer, const struct node *node, struct reader *reader, struct span folder,
			     struct container_images *out)
{
	struct reading reading = { .explorer = explorer, .node = node, .reader = reader, .folder = folder, .out = out };
	*out = (struct container_images){ .list = ARENA_NEW(explorer->arena, struct container_image, CONTAINER_IMAGES_MAX) };
	if (!out->list)
		return;
	struct json_scan scan;
	read_docker(&reading, parse_list(&reading, SPAN_LITERAL("manifest.json"), &scan));
	json_scan_done(&scan);
	if (out->count > 0)
		return;
	read_index(&reading, parse_list(&reading, SPAN_LITERAL("index.json"), &scan), SPAN_NONE, 0);
	json_scan_done(&scan);
}
