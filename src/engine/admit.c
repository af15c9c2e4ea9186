#include "engine/admit.h"

#include "engine/unread.h"

static bool told(struct explorer *explorer, const struct unpacker *unpacker)
{
	if (!explorer->overlap_told)
		notes_add(explorer->notes, NOTE_INFO, "parts.overlap", NOTE_NO_OFFSET,
			  "parts lie upon each other; what is in several of them (such as this %s) was opened once",
			  unpacker->title);
	explorer->overlap_told = true;
	return true;
}

/*
 * Opened already: the same bytes in another part that overlaps this one, or a container
 * whose part it is itself. Where bytes do not stay, only those that hold it are known.
 */
bool admit_is_opened(struct explorer *explorer, struct span container, const struct unpacker *unpacker)
{
	if (explorer->keep)
		return !opened_add(&explorer->opened, explorer->arena, container, unpacker) && told(explorer, unpacker);
	for (const struct node *node = explorer->nodes; node; node = node->next)
		if (node->volume.unpacker == unpacker && node->volume.bytes.data == container.data &&
		    node->volume.bytes.size >= container.size)
			return told(explorer, unpacker);
	return false;
}

/* Whether one more container may be opened here; says why not. */
bool admit_may_open(struct explorer *explorer, const struct found *found, const struct place *place)
{
	if (place->depth >= explorer->budget->depth || budget_expired(explorer->budget)) {
		unread_unopened(explorer, found);
		return false;
	}
	if (budget_spend_volume(explorer->budget))
		return true;
	if (!explorer->volumes_spent)
		notes_incomplete(explorer->notes, MISSING_ENTRIES, CAUSE_LIMIT, "budget.volumes", found->offset,
				 NOTE_NO_AMOUNT,
				 "there are more containers than may be opened; this one (%s), and those after it, were not",
				 found->unpacker->title);
	explorer->volumes_spent = true;
	return false;
}
