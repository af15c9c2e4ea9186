#include "engine/volume-row.h"

static void state_name(struct facts *facts, const char *subject, struct span value)
{
	enum { CONFIDENCE = 85 }; /* a header is what the device itself checks */
	if (value.size == 0)
		return;
	struct fact *row = fact_new(facts, EVIDENCE_IDENTITY);
	fact_word(facts, row, IDENTITY_SUBJECT, subject);
	fact_text(facts, row, IDENTITY_VALUE, value);
	fact_word(facts, row, IDENTITY_SOURCE, "header");
	fact_integer(row, IDENTITY_CONFIDENCE, CONFIDENCE);
}

static void state_names(struct facts *facts, const struct device_names *names)
{
	state_name(facts, "board", names->board);
	state_name(facts, "model", names->model);
	state_name(facts, "hardware", names->hardware);
	state_name(facts, "version", names->version);
	state_name(facts, "dated", names->dated);
}

void volume_row(const struct volume_sighting *sighting, struct record *record)
{
	const struct node *node = sighting->node;
	const struct extent *extent = &node->volume.extent;
	struct facts *facts = &record->facts;
	struct fact *row = &record->row;
	record->id = node->id;
	record->volume = sighting->parent;
	record->file = sighting->file;
	if (sighting->artifact != 0)
		fact_integer(row, VOLUME_ARTIFACT, sighting->artifact);
	fact_word(facts, row, VOLUME_FORMAT, node->volume.unpacker->name);
	if (extent->detail.size > 0)
		fact_text(facts, row, VOLUME_DETAIL, extent->detail);
	if (extent->label.size > 0)
		fact_text(facts, row, VOLUME_LABEL, extent->label);
	fact_integer(row, VOLUME_OFFSET, (int64_t)sighting->offset);
	if (sighting->image_offset != NO_OFFSET)
		fact_integer(row, VOLUME_IMAGE_OFFSET, (int64_t)sighting->image_offset);
	fact_integer(row, VOLUME_SIZE, (int64_t)extent->size);
	fact_integer(row, VOLUME_FILES, (int64_t)node->listing.count);
	fact_word(facts, row, VOLUME_STATE, node->volume.unpacker->encrypted ? "encrypted" : record_state(node->outcome));
	state_names(facts, &extent->names);
	fact_integer(row, VOLUME_OPAQUE, (int64_t)node->own.opaque);
	fact_integer(row, VOLUME_PADDING, (int64_t)node->own.padding);
}
