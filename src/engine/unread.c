/* The rows of `incomplete` that exploring and examining make. */
#include "engine/unread.h"

#include <stdio.h>

#include "evidence/query.h"

void unread_unopened(struct explorer *explorer, const struct found *found)
{
	if (budget_expired(explorer->budget))
		notes_incomplete(explorer->notes, MISSING_ENTRIES, CAUSE_TIME, "time.volume", found->offset, 1,
				 "the time was up; this %s was not opened", found->unpacker->title);
	else
		notes_incomplete(explorer->notes, MISSING_ENTRIES, CAUSE_LIMIT, "budget.depth", found->offset, 1,
				 "containers lie too deep within containers; this one (%s) was not opened",
				 found->unpacker->title);
}

static void note_unsupported(struct explorer *explorer, const struct found *found)
{
	notes_incomplete(explorer->notes, MISSING_CONTENT, CAUSE_UNSUPPORTED, "volume.unsupported", found->offset,
			 found->extent.size, "%s at byte %llu: this format is told and not read, so its %llu bytes are opaque",
			 found->unpacker->title, (unsigned long long)found->offset,
			 (unsigned long long)found->extent.size);
}

/* Entries with impossible names, below too many folders, or more parts than a format has. */
static void note_refused(struct explorer *explorer, const struct node *node, const struct found *found)
{
	explorer->notes->volume = node->id;
	notes_incomplete(explorer->notes, MISSING_ENTRIES, CAUSE_LIMIT, "volume.refused", found->offset, node->listing.refused,
			 "%zu entries of this %s are not listed: they lie too deep, are too many, or their names cannot be",
			 node->listing.refused, found->unpacker->title);
}

void unread_volume(struct explorer *explorer, const struct node *node, const struct found *found, bool told)
{
	enum note_cause cause = note_cause_of(node->outcome);
	if (node->listing.refused > 0)
		note_refused(explorer, node, found);
	if (node->outcome == DONE && !node->arena->refused)
		return;
	if (node->outcome == OVER_BUDGET && budget_expired(explorer->budget))
		cause = CAUSE_TIME;
	explorer->notes->volume = node->id;
	bool needs_no_more = node->outcome == PARTIAL || node->outcome == UNSUPPORTED;
	if (told && needs_no_more && !node->arena->refused)
		return;
	if (node->outcome == UNSUPPORTED)
		note_unsupported(explorer, found);
	else if (node->outcome == OVER_BUDGET && cause == CAUSE_LIMIT)
		notes_incomplete(explorer->notes, MISSING_ENTRIES, cause, "budget.entries", found->offset, NOTE_NO_AMOUNT,
				 "this %s has too many entries; the first %zu are listed", found->unpacker->title,
				 node->listing.count);
	else
		notes_incomplete(explorer->notes, MISSING_ENTRIES, node->outcome == DONE ? CAUSE_MEMORY : cause,
				 "volume.unread", found->offset, NOTE_NO_AMOUNT,
				 "this %s was not read whole (%s); %zu entries of it are listed", found->unpacker->title,
				 outcome_name(node->outcome), node->listing.count);
}

void unread_refused(struct explorer *explorer, const struct found *found)
{
	enum { SURE = 40 }; /* bits: fewer may be a chance */
	if (found->extent.bits >= SURE)
		notes_incomplete(explorer->notes, MISSING_CONTENT, CAUSE_DAMAGED, "volume.damaged", found->offset,
				 found->extent.size, "%s at byte %llu is damaged or cut short: its %llu bytes are opaque",
				 found->unpacker->title, (unsigned long long)found->offset,
				 (unsigned long long)found->extent.size);
}

void unread_content(struct explorer *explorer, const struct target *target, enum outcome outcome, size_t read)
{
	struct notes *notes = explorer->notes;
	uint64_t size = target->entry->size, left = size > read ? size - read : NOTE_NO_AMOUNT;
	if (outcome == DONE)
		return;
	if (outcome == OVER_BUDGET && budget_expired(explorer->budget))
		notes_incomplete(notes, MISSING_CONTENT, CAUSE_TIME, "budget.time", read, left,
				 "the time was up; %zu bytes of this content were examined", read);
	else if (outcome == OVER_BUDGET)
		notes_incomplete(notes, MISSING_CONTENT, CAUSE_LIMIT, "budget.content", read, left,
				 "the content is larger than one file may be, or than all may be together; "
				 "its first %zu bytes were examined", read);
	else
		notes_incomplete(notes, MISSING_CONTENT, note_cause_of(outcome), "content.unread", read, left,
				 "the content could not be read whole (%s); %zu bytes of it were examined",
				 outcome_name(outcome), read);
}

enum outcome unread_in_time(struct evidence *evidence)
{
	sqlite3 *database = evidence_database(evidence);
	char message[200];
	if (query_number(database, "SELECT count(*) FROM incomplete WHERE cause = 'time'") == 0)
		return DONE;
	int64_t files = query_number(database, "SELECT count(*) FROM file WHERE state = 'over-budget'");
	int64_t bytes = query_number(database, "SELECT total(size) FROM file WHERE state = 'over-budget'");
	int64_t volumes = query_number(database, "SELECT (SELECT count(*) FROM volume WHERE state = 'over-budget') +"
				       " (SELECT count(*) FROM incomplete WHERE code = 'time.volume')");
	(void)snprintf(message, sizeof message, "time was up: %lld files with %lld bytes and %lld containers were not"
		       " looked at, or not to their end", (long long)files, (long long)bytes, (long long)volumes);
	return evidence_insert_note(evidence, &(struct note){
		.severity = NOTE_WARNING,
		.missing = MISSING_CONTENT,
		.cause = CAUSE_TIME,
		.amount = (uint64_t)bytes,
		.code = SPAN_LITERAL("time.left"),
		.message = span_of_text(message),
		.offset = NOTE_NO_OFFSET,
	});
}

/* The arena of a job that has run out of it has no room for a note either. */
enum outcome unread_for_memory(struct evidence *evidence)
{
	return evidence_insert_note(evidence, &(struct note){
		.severity = NOTE_ERROR,
		.missing = MISSING_ENTRIES,
		.cause = CAUSE_MEMORY,
		.amount = NOTE_NO_AMOUNT,
		.code = SPAN_LITERAL("budget.records"),
		.message = SPAN_LITERAL("there is more in these files than fits in memory; some of it is missing"),
		.offset = NOTE_NO_OFFSET,
	});
}

enum outcome unread_unwritten(struct evidence *evidence, uint64_t bytes)
{
	return evidence_insert_note(evidence, &(struct note){
		.severity = NOTE_ERROR,
		.missing = MISSING_ENTRIES,
		.cause = CAUSE_MEMORY,
		.amount = bytes,
		.code = SPAN_LITERAL("budget.evidence"),
		.message = SPAN_LITERAL("the evidence is as large as the memory limit allows; what the files after it hold is not in it"),
		.offset = NOTE_NO_OFFSET,
	});
}
