#include "engine/examine.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/digest.h"
#include "base/effort.h"
#include "base/scoped.h"
#include "engine/measure.h"
#include "engine/unread.h"
#include "engine/volume-row.h"
#include "inspect/path_role.h"

enum {
	DEPTH_MAX = 16,                     /* buffers: one for each container that a target lies in */
	SCRATCH_CEILING = 256 * 1024 * 1024,
	BUFFER_KEPT = 16 * 1024 * 1024,     /* a larger one is given back after use */
};

struct examiner {
	const struct program *program;
	struct budget *budget;
	struct pattern_scanner *scanner;
	struct arena scratch;
	struct buffer storage[DEPTH_MAX];
	unsigned depth;
	/* The reader of the volume that queued targets come from. */
	struct reader reader;
	struct arena reader_arena;
	const struct node *reader_node;
	/* Of the running job. */
	struct report_card *card;
	struct explorer explorer;
	/* The last content with an identity: further names of it are not read again. */
	const struct node *same_node;
	uint32_t same_identity;
	const struct record *same_record;
};

static void close_reader(struct examiner *examiner)
{
	if (examiner->reader_node)
		volume_reader_close(&examiner->reader);
	arena_done(&examiner->reader_arena);
	examiner->reader_node = NULL;
}

void examiner_free(struct examiner *examiner)
{
	if (!examiner)
		return;
	examiner_end(examiner);
	pattern_scanner_free(examiner->scanner);
	free(examiner);
}

struct examiner *examiner_new(const struct program *program)
{
	struct examiner *examiner = calloc(1, sizeof *examiner);
	if (!examiner)
		return NULL;
	examiner->program = program;
	if (pattern_scanner_new(program->set, &examiner->scanner) == DONE)
		return examiner;
	examiner_free(examiner);
	return NULL;
}

static void on_volume(struct explorer *explorer, const struct volume_sighting *sighting)
{
	struct examiner *examiner = explorer->context;
	struct record *record = record_add(examiner->card, RECORD_VOLUME);
	if (record)
		volume_row(sighting, record);
}

static void on_target(struct explorer *explorer, const struct target *target)
{
	examine(explorer->context, target);
}

void examiner_begin(struct examiner *examiner, struct report_card *card, struct budget *budget)
{
	examiner->card = card;
	examiner->budget = budget;
	for (int i = 0; i < DEPTH_MAX; i++)
		buffer_init(&examiner->storage[i], 0, budget); /* of the account of the job */
	arena_init(&examiner->scratch, SCRATCH_CEILING);
	arena_init(&examiner->reader_arena, SCRATCH_CEILING);
	examiner->same_record = NULL;
	examiner->reader.notes = &card->notes;
	examiner->explorer = (struct explorer){
		.program = examiner->program,
		.budget = budget,
		.notes = &card->notes,
		.arena = &card->arena,
		.step = -1,
		.context = examiner,
		.volume = on_volume,
		.target = on_target,
	};
}

static struct reader *reader_for(struct examiner *examiner, const struct target *target)
{
	if (target->reader)
		return target->reader;
	if (examiner->reader_node == target->node)
		return &examiner->reader;
	close_reader(examiner);
	if (volume_reader_open(&target->node->volume, &examiner->reader_arena, &examiner->card->notes,
			       &examiner->reader) != DONE)
		return NULL;
	examiner->reader_node = target->node;
	return &examiner->reader;
}

/* The buffer for content at the present depth; those of the depths above hold the containers that it lies in. */
static struct buffer *storage_for(struct examiner *examiner)
{
	struct buffer *storage = &examiner->storage[examiner->depth];
	uint64_t held = 0;
	for (unsigned i = 0; i < examiner->depth; i++)
		held += examiner->storage[i].size;
	buffer_clear(storage);
	storage->budget = examiner->budget;
	storage->ceiling = (size_t)budget_room(examiner->budget, held);
	if (storage->capacity > storage->ceiling)
		buffer_done(storage);
	return storage;
}

void examiner_end(struct examiner *examiner)
{
	close_reader(examiner);
	for (int i = 0; i < DEPTH_MAX; i++)
		buffer_done(&examiner->storage[i]);
	arena_done(&examiner->scratch);
}

static enum outcome read_content(struct examiner *examiner, const struct target *target, struct span *out)
{
	if (!target->node) {
		*out = target->bytes;
		return target->outcome;
	}
	struct reader *reader = reader_for(examiner, target);
	return reader ? volume_read(reader, target->entry, storage_for(examiner), out) : MALFORMED;
}

static const char *type_name(enum entry_type type)
{
	static const char *const names[] = {
		[ENTRY_FILE] = "file", [ENTRY_DIRECTORY] = "directory", [ENTRY_LINK] = "link",
		[ENTRY_CHARACTER_DEVICE] = "character device", [ENTRY_BLOCK_DEVICE] = "block device",
		[ENTRY_FIFO] = "fifo", [ENTRY_SOCKET] = "socket", [ENTRY_PART] = "part",
	};
	return names[type];
}

static void describe_entry(const struct path_roles *roles, struct record *record, const struct target *target)
{
	const struct entry *entry = target->entry;
	struct facts *facts = &record->facts;
	struct fact *row = &record->row;
	if (target->artifact != 0)
		fact_integer(row, FILE_ARTIFACT, target->artifact);
	fact_text(facts, row, FILE_PATH, target->path);
	fact_word(facts, row, FILE_TYPE, type_name(entry->type));
	fact_integer(row, FILE_SIZE, (int64_t)entry->size);
	struct span role = path_role(roles, target->path);
	if (role.size > 0)
		fact_text(facts, row, FILE_ROLE, role);
	if (entry->has_mode) {
		fact_integer(row, FILE_MODE, entry->mode & 07777);
		fact_integer(row, FILE_UID, entry->uid);
		fact_integer(row, FILE_GID, entry->gid);
		fact_integer(row, FILE_MTIME, entry->mtime);
	}
	if (entry->type == ENTRY_LINK)
		fact_text(facts, row, FILE_TARGET, entry->target);
	if (entry->type == ENTRY_CHARACTER_DEVICE || entry->type == ENTRY_BLOCK_DEVICE) {
		fact_integer(row, FILE_DEVICE_MAJOR, entry->device_major);
		fact_integer(row, FILE_DEVICE_MINOR, entry->device_minor);
	}
	for (const struct attribute *one = entry->attributes; one; one = one->next) {
		struct fact *fact = fact_new(facts, EVIDENCE_ATTRIBUTE);
		fact_text(facts, fact, ATTRIBUTE_NAME, one->name);
		fact_text(facts, fact, ATTRIBUTE_VALUE, digest_hex(facts->arena, one->value));
	}
}

/* Says that an inspector was not shown all that its patterns hit. */
static void note_dropped_hits(const struct seat *seat, const struct inspection *file)
{
	char code[64];
	uint64_t dropped = pattern_dropped(file->scanner, seat->first_pattern, seat->inspector->pattern_count);
	(void)snprintf(code, sizeof code, "%s.hits", seat->inspector->name);
	if (dropped > 0)
		notes_incomplete(file->notes, MISSING_FACTS, CAUSE_LIMIT, code, NOTE_NO_OFFSET, dropped,
				 "%llu hits of the patterns for %s were not looked at", (unsigned long long)dropped,
				 seat->inspector->name);
}

/* Runs one inspector over its own slice of the hits. */
static void ask(const struct seat *seat, struct inspection *file, const struct pattern_hit *hits, size_t count)
{
	const struct inspector *inspector = seat->inspector;
	file->hits = hits;
	file->hit_count = count;
	file->first_pattern = seat->first_pattern;
	file->context = inspector->context;
	if (!inspector->inspect || (count == 0 && (!inspector->wants || !inspector->wants(file))))
		return;
	inspector->inspect(file);
	if (count > 0)
		note_dropped_hits(seat, file);
}

/* The hits come sorted by pattern, and seats hold ascending ranges of patterns: one walk serves all. */
static void ask_all(struct examiner *examiner, struct inspection *file, const struct pattern_hit *hits, size_t count)
{
	struct pattern_hit *own = ARENA_NEW(file->scratch, struct pattern_hit, count);
	size_t at = 0;
	if (!own)
		count = 0;
	for (size_t i = 0; i < examiner->program->seat_count; i++) {
		const struct seat *seat = &examiner->program->seats[i];
		size_t start = at;
		while (at < count && hits[at].pattern < seat->first_pattern + seat->inspector->pattern_count) {
			own[at] = hits[at];
			own[at].pattern -= seat->first_pattern;
			at++;
		}
		ask(seat, file, own + start, at - start);
	}
}

static void inspect(struct examiner *examiner, const struct target *target, struct record *record, struct span bytes,
		    enum content_kind kind, bool patterns)
{
	const struct pattern_hit *hits = NULL;
	size_t count = 0;
	struct line_counter lines = { 0 };
	struct inspection file = {
		.path = target->path,
		.name = span_basename(target->path),
		.entry = target->entry,
		.role = record->row.values[FILE_ROLE].text,
		.kind = kind,
		.bytes = bytes,
		.volume_format = target->node ? target->node->volume.unpacker->name : "raw",
		.facts = &record->facts,
		.notes = &examiner->card->notes,
		.scratch = &examiner->scratch,
		.lines = &lines,
		.scanner = examiner->scanner,
	};
	arena_reset(&examiner->scratch);
	if (patterns && pattern_scan(examiner->scanner, bytes, &hits, &count) != DONE)
		notes_incomplete(file.notes, MISSING_SEARCH, CAUSE_MEMORY, "patterns.no-memory", NOTE_NO_OFFSET,
				 NOTE_NO_AMOUNT, "the search for patterns ended early");
	ask_all(examiner, &file, hits, count);
	if (examiner->scratch.refused)
		notes_incomplete(file.notes, MISSING_SEARCH, CAUSE_MEMORY, "inspect.memory", NOTE_NO_OFFSET, NOTE_NO_AMOUNT,
				 "what there is to know about this file does not fit in memory");
}

static bool go_into(struct examiner *examiner, const struct target *target, const struct record *record,
		    struct span bytes, struct found *found)
{
	struct place place = {
		.volume = target->volume,
		.file = record->id,
		.image_offset = NO_OFFSET,
		.map_offset = NO_OFFSET,
		.name = target->path,
		.path = target->path,
		.prefix = arena_format(&examiner->card->arena, "%.*s!", SPAN_FORMAT(target->path)),
		.depth = target->depth + 1,
	};
	uint64_t held = examiner->explorer.held;
	if (examiner->depth + 1 >= DEPTH_MAX) {
		notes_incomplete(&examiner->card->notes, MISSING_SEARCH, CAUSE_LIMIT, "budget.depth", 0, bytes.size,
				 "containers lie too deep within containers; this one (%s) was not opened",
				 found->unpacker->title);
		return false;
	}
	examiner->explorer.held += examiner->storage[examiner->depth].size;
	examiner->depth++;
	examiner->explorer.artifact = target->artifact;
	struct notes *notes = &examiner->card->notes;
	bool opened = explore_found(&examiner->explorer, bytes, found, &place);
	notes_about(notes, target->path, target->volume, target->file);
	examiner->depth--;
	examiner->explorer.held = held;
	return opened;
}

/* A further name of the content that was examined just before. */
static bool is_repeated(struct examiner *examiner, const struct target *target, struct record *record)
{
	const struct record *same = examiner->same_record;
	if (!same || !target->node || target->entry->identity == 0 || target->node != examiner->same_node ||
	    target->entry->identity != examiner->same_identity)
		return false;
	record->row.values[FILE_SHA256] = same->row.values[FILE_SHA256];
	record->row.values[FILE_KIND] = same->row.values[FILE_KIND];
	record->row.values[FILE_STATE] = same->row.values[FILE_STATE];
	record->row.values[FILE_OPAQUE] = same->row.values[FILE_OPAQUE];
	record->row.values[FILE_TARGET] = same->row.values[FILE_PATH];
	return true;
}

/* Nothing that the meter has cut short is taken for whole: neither its digest nor what was looked for in it. */
static void note_cut_off(struct examiner *examiner, struct record *record, size_t size)
{
	bool late = effort_current->end == EFFORT_TIME_UP;
	record->row.values[FILE_SHA256] = (struct value){ 0 };
	fact_word(&record->facts, &record->row, FILE_STATE, record_state(OVER_BUDGET));
	notes_incomplete(&examiner->card->notes, MISSING_CONTENT, late ? CAUSE_TIME : CAUSE_LIMIT,
			 late ? "budget.time" : "budget.effort", NOTE_NO_OFFSET, size, "%s before it had been examined",
			 late ? "time was up" : "the effort that these files may cost was spent");
}

static void examine_content(struct examiner *examiner, const struct target *target, struct record *record)
{
	struct span bytes = SPAN_NONE;
	uint8_t digest[SHA256_SIZE];
	SCOPED(found) found = { 0 };
	enum outcome outcome = read_content(examiner, target, &bytes);
	struct facts *facts = &record->facts;
	enum content_kind kind = kind_of(span_basename(target->path), bytes);
	if (target->entry->type == ENTRY_PART && kind == KIND_DATA)
		kind = KIND_PART;
	fact_word(facts, &record->row, FILE_STATE, record_state(outcome));
	if (bytes.size > 0 || target->entry->size == 0) /* what could not be read is not empty */
		fact_word(facts, &record->row, FILE_KIND, kind_name(kind));
	if (target->entry->type == ENTRY_PART)
		fact_integer(&record->row, FILE_SIZE, (int64_t)bytes.size);
	unread_content(&examiner->explorer, target, outcome, bytes.size);
	examiner->card->bytes += bytes.size;
	if (outcome_usable(outcome)) {
		digest_sha256(bytes, digest);
		fact_text(facts, &record->row, FILE_SHA256, digest_hex(facts->arena, span_of(digest, sizeof digest)));
	}
	bool container = target->nest && kind != KIND_ELF && kind != KIND_KERNEL_MODULE && bytes.size > 0 &&
			 scan_start(examiner->program->magics, bytes, &examiner->card->arena, &found);
	if (target->inspect) {
		bool listed = container && (found.unpacker->role == ROLE_ARCHIVE || found.unpacker->role == ROLE_FILE_SYSTEM);
		inspect(examiner, target, record, bytes, kind, !listed && !target->headers_only);
	}
	bool opened = container && go_into(examiner, target, record, bytes, &found);
	if (!target->repeated)
		measure_record(examiner->card, target, record, &(struct measured){
			.bytes = bytes, .kind = kind, .outcome = outcome, .container = opened ? found.extent.size : 0,
		});
	if (effort_over())
		note_cut_off(examiner, record, bytes.size);
	if (examiner->storage[examiner->depth].capacity > BUFFER_KEPT)
		buffer_done(&examiner->storage[examiner->depth]);
}

void examine(struct examiner *examiner, const struct target *target)
{
	struct record *record = record_add(examiner->card, RECORD_FILE);
	enum entry_type type = target->entry->type;
	if (!record)
		return;
	record->id = target->file;
	record->volume = target->volume;
	if (target->residue)
		record->type = RECORD_RESIDUE;
	record->file = target->part_of;
	describe_entry(&examiner->program->roles, record, target);
	notes_about(&examiner->card->notes, target->path, target->volume, target->file);
	if (type != ENTRY_FILE && type != ENTRY_PART) {
		fact_word(&record->facts, &record->row, FILE_STATE, "read");
		return;
	}
	if (effort_over()) {
		note_cut_off(examiner, record, 0);
		return;
	}
	if (is_repeated(examiner, target, record))
		return;
	examine_content(examiner, target, record);
	if (target->node && target->entry->identity != 0) {
		examiner->same_node = target->node;
		examiner->same_identity = target->entry->identity;
		examiner->same_record = record;
	}
}
