#include "engine/tally.h"

#include <stdlib.h>

#include "evidence/query.h"
#include "unpack/unpacker.h"

/* How the size of what a volume holds becomes a size of its own. */
enum scale {
	SCALE_PARTS,      /* byte for byte, and the rest is headers, which were looked at */
	SCALE_STORED,     /* byte for byte */
	SCALE_COMPRESSED, /* in proportion */
};

enum {
	PARTIAL_RATIO = 4, /* how far what was read of a damaged compressed volume may have been compressed */
	FAULT_SIZE = 4096, /* bytes around the place where reading broke off that nobody can vouch for */
};

struct sum {
	int64_t parent, file; /* 0 for none */
	int64_t size, own_opaque, own_padding;
	int64_t content, opaque, dense, padding; /* of the files that it lists */
	enum scale scale;
	bool partial, unread;
	bool folder; /* of another volume, which lists its files in its stead */
	int64_t result; /* bytes of its own that are opaque */
};

struct tally {
	sqlite3 *database;
	struct sum *sums; /* by number */
	int64_t count;
};

static enum outcome step(struct query *update)
{
	(void)query_next(update);
	return update->result == SQLITE_DONE ? DONE : MALFORMED;
}

static int64_t least(int64_t a, int64_t b)
{
	return a < b ? a : b;
}

static enum scale scale_of(struct span format)
{
	if (span_equal_text(format, "directory") || span_equal_text(format, "files"))
		return SCALE_STORED;
	const struct unpacker *unpacker = unpacker_named(format);
	if (!unpacker || unpacker->role == ROLE_PACKAGE)
		return SCALE_PARTS;
	return unpacker->stored ? SCALE_STORED : SCALE_COMPRESSED;
}

static enum outcome load_volumes(struct tally *tally)
{
	struct query query = query_start(tally->database,
					 "SELECT id, coalesce(parent, 0), coalesce(file, 0), size, format, state,"
					 " coalesce(opaque, 0), coalesce(padding, 0) FROM volume WHERE id BETWEEN 1 AND ?1");
	query_bind_integer(&query, 1, tally->count);
	while (query_next(&query)) {
		struct span state = query_text(&query, 5);
		tally->sums[query_integer(&query, 0)] = (struct sum){
			.parent = query_integer(&query, 1),
			.file = query_integer(&query, 2),
			.size = query_integer(&query, 3),
			.scale = scale_of(query_text(&query, 4)),
			.folder = (span_equal_text(query_text(&query, 4), "directory") ||
				   span_equal_text(query_text(&query, 4), "container")) && query_integer(&query, 1) != 0,
			.unread = !span_equal_text(state, "read") && !span_equal_text(state, "partial"),
			.partial = !span_equal_text(state, "read"),
			.dense = span_equal_text(state, "encrypted") ? query_integer(&query, 3) : 0,
			.own_opaque = query_integer(&query, 6),
			.own_padding = query_integer(&query, 7),
		};
	}
	return query_end(&query);
}

/* Of a stream that broke: what it left undecoded. */
static enum outcome load_broken(struct tally *tally)
{
	struct query query = query_start(tally->database, "SELECT volume, total(amount) FROM incomplete WHERE code = 'stream.broken'"
					 " AND volume BETWEEN 1 AND ?1 GROUP BY volume");
	query_bind_integer(&query, 1, tally->count);
	while (query_next(&query)) {
		struct sum *sum = &tally->sums[query_integer(&query, 0)];
		sum->own_opaque += (int64_t)query_real(&query, 1);
		sum->partial = true;
	}
	return query_end(&query);
}

/* Content that has a name of its own; further names of it, and pieces of a part, are not counted again. */
static enum outcome load_files(struct tally *tally)
{
	struct query query = query_start(tally->database,
					 "SELECT volume, sum(min(max(size, opaque), 1 << 40)), sum(opaque), sum(dense),"
					 " total(padding) FROM file WHERE opaque IS NOT NULL AND part_of IS NULL"
					 " AND target IS NULL AND volume BETWEEN 1 AND ?1 GROUP BY volume");
	query_bind_integer(&query, 1, tally->count);
	while (query_next(&query)) {
		struct sum *sum = &tally->sums[query_integer(&query, 0)];
		sum->content = query_integer(&query, 1);
		sum->opaque = query_integer(&query, 2);
		sum->dense = query_integer(&query, 3);
		sum->padding = (int64_t)query_real(&query, 4);
	}
	return query_end(&query);
}

/* Opaque bytes of a volume, by those of its content. */
static int64_t opaque_of(const struct sum *sum)
{
	int64_t opaque = sum->opaque;
	bool compressed = sum->scale == SCALE_COMPRESSED;
	if (sum->unread && sum->content == 0)
		return sum->size;
	if (compressed && sum->content > 0) {
		int64_t packed = sum->size - least(sum->own_padding, sum->size);
		opaque = (int64_t)((double)packed * (double)sum->opaque / (double)sum->content + 0.5);
		/* What is spread like random bytes was not made smaller. */
		opaque = opaque > sum->dense ? opaque : sum->dense;
	}
	opaque = least(opaque + sum->own_opaque, sum->size);
	/* Nobody knows what was not listed: what counts as understood is what was read of it. */
	if (sum->partial && (sum->scale != SCALE_PARTS || sum->content == 0)) {
		int64_t understood = (sum->content - least(sum->opaque, sum->content)) / (compressed ? PARTIAL_RATIO : 1);
		opaque = least(sum->size - least(understood, sum->size - opaque), sum->size);
		opaque = opaque > FAULT_SIZE ? opaque : least(FAULT_SIZE, sum->size);
	}
	return opaque;
}

/* Adds what a volume holds to the file that it lies in, and to the volume of that file. */
static enum outcome hand_up(struct tally *tally, struct sum *sum, struct query *update)
{
	if (sum->folder && sum->parent <= tally->count) {
		tally->sums[sum->parent].content += sum->content;
		tally->sums[sum->parent].opaque += sum->opaque;
		tally->sums[sum->parent].dense += sum->dense;
		tally->sums[sum->parent].padding += sum->padding;
	}
	if (sum->file == 0 || sum->parent <= 0 || sum->parent > tally->count)
		return DONE;
	struct sum *parent = &tally->sums[sum->parent];
	int64_t dense = least(sum->result, sum->dense), padding = least(sum->own_padding + sum->padding, sum->size);
	parent->opaque += sum->result;
	parent->dense += dense;
	parent->padding += padding;
	if (sum->result == 0 && padding == 0)
		return DONE;
	query_rewind(update);
	query_bind_integer(update, 1, sum->result);
	query_bind_integer(update, 2, dense);
	query_bind_integer(update, 3, padding);
	query_bind_integer(update, 4, sum->file);
	return step(update);
}

static enum outcome write_volume(const struct sum *sum, int64_t id, struct query *update)
{
	int64_t padding = least(sum->own_padding + (sum->scale != SCALE_COMPRESSED ? sum->padding : 0),
				sum->size - sum->result);
	query_rewind(update);
	query_bind_integer(update, 1, sum->size - sum->result);
	query_bind_integer(update, 2, sum->result);
	query_bind_integer(update, 3, padding);
	query_bind_integer(update, 4, id);
	return step(update);
}

/* A volume is found after the one that holds it, and so has a higher number. */
static enum outcome sum_up(struct tally *tally)
{
	struct query file = query_start(tally->database, "UPDATE file SET opaque = min(opaque + ?1, max(size, opaque)),"
					" dense = dense + ?2, padding = coalesce(padding, 0) + ?3 WHERE id = ?4");
	struct query volume = query_start(tally->database, "UPDATE volume SET understood = ?1, opaque = ?2, padding = ?3"
					  " WHERE id = ?4");
	enum outcome outcome = DONE;
	for (int64_t id = tally->count; id > 0 && outcome == DONE; id--) {
		struct sum *sum = &tally->sums[id];
		sum->result = opaque_of(sum);
		outcome = hand_up(tally, sum, &file);
		if (outcome == DONE)
			outcome = write_volume(sum, id, &volume);
	}
	enum outcome ended = query_end(&file);
	enum outcome last = query_end(&volume);
	return outcome != DONE ? outcome : ended != DONE ? ended : last;
}

enum outcome tally_write(struct evidence *evidence)
{
	struct tally tally = { .database = evidence_database(evidence) };
	tally.count = query_number(tally.database, "SELECT max(id) FROM volume");
	tally.sums = calloc((size_t)tally.count + 1, sizeof *tally.sums);
	if (!tally.sums)
		return NO_MEMORY;
	/* What lies deepest, before it is summed up: the opaque bytes of content. */
	enum outcome outcome = query_run(tally.database,
		"UPDATE image SET opaque_content = (SELECT CAST(total(opaque) AS INTEGER) FROM file WHERE target IS NULL"
		" AND part_of IS NULL AND volume NOT IN (SELECT id FROM volume WHERE format = 'raw'))"
		" + (SELECT CAST(total(CASE WHEN state IN ('read', 'partial') OR EXISTS (SELECT 1 FROM file WHERE volume = volume.id"
		"  AND opaque IS NOT NULL) THEN coalesce(opaque, 0) ELSE size END) AS INTEGER) FROM volume WHERE format <> 'raw')"
		" + (SELECT CAST(total(amount) AS INTEGER) FROM incomplete WHERE code = 'stream.broken')");
	if (outcome == DONE)
		outcome = load_volumes(&tally);
	if (outcome == DONE)
		outcome = load_broken(&tally);
	if (outcome == DONE)
		outcome = load_files(&tally);
	if (outcome == DONE)
		outcome = sum_up(&tally);
	free(tally.sums);
	return outcome;
}
