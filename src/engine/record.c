#include "engine/record.h"

#include <stdio.h>

struct record *record_add(struct report_card *card, enum record_type type)
{
	enum evidence_table table = type == RECORD_VOLUME ? EVIDENCE_VOLUME : EVIDENCE_FILE;
	struct record *record = ARENA_NEW(&card->arena, struct record, 1);
	struct value *values = ARENA_NEW(&card->arena, struct value, (size_t)evidence_tables[table].columns);
	if (!record || !values) {
		card->incomplete = true;
		return NULL;
	}
	record->type = type;
	record->row = (struct fact){ .table = table, .values = values };
	facts_init(&record->facts, &card->arena);
	if (card->last)
		card->last->next = record;
	else
		card->first = record;
	card->last = record;
	return record;
}

/* Local numbers count down from -1; the evidence's go on from the last that it gave. */
static int64_t place(int64_t number, int64_t last)
{
	return number < 0 ? last - number : number;
}

/* What its header says of the device. */
static enum outcome write_names(struct evidence *evidence, int64_t volume, const struct facts *facts)
{
	for (struct fact *fact = facts->first; fact; fact = fact->next) {
		fact_integer(fact, IDENTITY_VOLUME, volume);
		TRY(evidence_insert(evidence, 0, fact));
	}
	return DONE;
}

static enum outcome write_volume(struct evidence *evidence, const struct numbering *numbering,
				 const struct record *record)
{
	struct fact row = record->row;
	int64_t id = place(record->id, numbering->last_volume);
	fact_integer(&row, VOLUME_ID, id);
	if (record->volume != 0)
		fact_integer(&row, VOLUME_PARENT, place(record->volume, numbering->last_volume));
	if (record->file != 0)
		fact_integer(&row, VOLUME_FILE, place(record->file, numbering->last_file));
	TRY(evidence_insert(evidence, 0, &row));
	return write_names(evidence, id, &record->facts);
}

/* Rows that a file was worth and that there was no room for: nobody may take their absence for an answer. */
static enum outcome write_dropped(struct evidence *evidence, int64_t volume, int64_t file, const struct record *record)
{
	char message[160], code[64] = "facts.many";
	size_t tables = 0;
	for (int table = 0; table < EVIDENCE_TABLES; table++)
		if (record->facts.dropped_tables[table] && tables++ == 0)
			(void)snprintf(code, sizeof code, "facts.%s", evidence_tables[table].name);
	if (tables > 1)
		(void)snprintf(code, sizeof code, "facts.many");
	(void)snprintf(message, sizeof message, "%zu facts of this file had no room and are not kept", record->facts.dropped);
	return evidence_insert_note(evidence, &(struct note){
		.severity = NOTE_WARNING,
		.missing = MISSING_FACTS,
		.cause = CAUSE_LIMIT,
		.amount = record->facts.dropped,
		.volume = volume,
		.file = file,
		.code = span_of_text(code),
		.message = span_of_text(message),
		.path = record->row.values[FILE_PATH].text,
		.offset = NOTE_NO_OFFSET,
	});
}

static enum outcome write_file(struct evidence *evidence, const struct numbering *numbering,
			       const struct record *record)
{
	int64_t id = place(record->id, numbering->last_file);
	struct fact row = record->row;
	fact_integer(&row, FILE_ID, id);
	fact_integer(&row, FILE_VOLUME, place(record->volume, numbering->last_volume));
	if (record->file != 0)
		fact_integer(&row, FILE_PART_OF, place(record->file, numbering->last_file));
	TRY(evidence_insert(evidence, 0, &row));
	TRY(evidence_insert_all(evidence, id, &record->facts));
	if (record->facts.dropped == 0)
		return DONE;
	return write_dropped(evidence, place(record->volume, numbering->last_volume), id, record);
}

/* Of a file that is in no root file system: what in it is secret all the same. */
static enum outcome write_residue(struct evidence *evidence, const struct numbering *numbering, const struct record *record)
{
	for (const struct fact *fact = record->facts.first; fact; fact = fact->next) {
		struct value values[RESIDUE_COLUMNS] = { 0 };
		bool key = fact->table == EVIDENCE_KEY && span_equal_text(fact->values[KEY_KIND].text, "private");
		bool secret = fact->table == EVIDENCE_SECRET && fact->values[SECRET_PLACEHOLDER].integer == 0;
		if (!key && !secret)
			continue;
		values[RESIDUE_VOLUME] = (struct value){ .type = VALUE_INTEGER,
							 .integer = place(record->volume, numbering->last_volume) };
		values[RESIDUE_PATH] = record->row.values[FILE_PATH];
		values[RESIDUE_SHA256] = record->row.values[FILE_SHA256];
		values[RESIDUE_KIND] = key ? (struct value){ .type = VALUE_TEXT, .text = SPAN_LITERAL("private key") }
					   : fact->values[SECRET_KIND];
		values[RESIDUE_NAME] = key ? fact->values[KEY_ALGORITHM] : fact->values[SECRET_NAME];
		if (secret)
			values[RESIDUE_LINE] = fact->values[SECRET_LINE];
		TRY(evidence_insert(evidence, 0, &(struct fact){ .table = EVIDENCE_RESIDUE, .values = values }));
	}
	return DONE;
}

enum outcome records_write(struct evidence *evidence, struct numbering *numbering, struct report_card *card)
{
	int64_t volumes = 0, files = 0;
	for (const struct record *record = card->first; record; record = record->next) {
		if (record->type == RECORD_VOLUME)
			TRY(write_volume(evidence, numbering, record));
		else if (record->type == RECORD_RESIDUE)
			TRY(write_residue(evidence, numbering, record));
		else
			TRY(write_file(evidence, numbering, record));
		volumes += record->type == RECORD_VOLUME && record->id < 0;
		files += record->type == RECORD_FILE && record->id < 0;
	}
	for (struct note *note = card->notes.first; note; note = note->next) {
		note->volume = place(note->volume, numbering->last_volume);
		note->file = place(note->file, numbering->last_file);
	}
	numbering->last_volume += volumes;
	numbering->last_file += files;
	return evidence_insert_notes(evidence, &card->notes);
}

const char *record_state(enum outcome outcome)
{
	static const char *const states[] = {
		[DONE] = "read", [PARTIAL] = "partial", [NOT_THIS] = "malformed", [MALFORMED] = "malformed",
		[UNSUPPORTED] = "unsupported", [OVER_BUDGET] = "over-budget", [NO_MEMORY] = "over-budget",
	};
	return states[outcome];
}
