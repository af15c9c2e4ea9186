#include "engine/volume-row.h"

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
	fact_word(facts, row, VOLUME_STATE, record_state(node->outcome));
}
