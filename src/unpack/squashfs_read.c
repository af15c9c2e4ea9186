/* Reads files of a SquashFS: blocks straight into the output, tails from the last few fragment blocks. */
#include "unpack/squashfs.h"

/* Files with a tail come before the fragment block that holds it: a few of them are on the way at a time. */
enum { FRAGMENTS_KEPT = 4 };

struct kept_fragment {
	uint32_t index; /* SQUASHFS_NONE where there is none */
	uint64_t used;
	enum outcome outcome;
	struct buffer content;
};

struct squashfs_reader {
	struct codec_scratch *scratch;
	struct kept_fragment kept[FRAGMENTS_KEPT];
	uint64_t turn;
};

enum outcome squashfs_reader_open(struct reader *reader)
{
	const struct squashfs *fs = reader->volume->state;
	struct squashfs_reader *state = ARENA_NEW(reader->arena, struct squashfs_reader, 1);
	reader->state = state;
	if (!state)
		return NO_MEMORY;
	for (size_t i = 0; i < FRAGMENTS_KEPT; i++) {
		state->kept[i].index = SQUASHFS_NONE;
		buffer_init(&state->kept[i].content, fs ? fs->super.block_size : 0, NULL);
	}
	return codec_scratch_new(&state->scratch);
}

void squashfs_reader_close(struct reader *reader)
{
	struct squashfs_reader *state = reader->state;
	if (!state)
		return;
	for (size_t i = 0; i < FRAGMENTS_KEPT; i++)
		buffer_done(&state->kept[i].content);
	codec_scratch_free(state->scratch);
	reader->state = NULL;
}

/* Appends a block of at most maximum bytes. */
static enum outcome append_block(const struct squashfs *fs, struct squashfs_reader *state, uint64_t start,
				 uint32_t size, size_t maximum, struct buffer *out)
{
	struct span block = span_slice(fs->bytes, start, squashfs_block_bytes(size));
	if (block.size == 0 || block.size < squashfs_block_bytes(size))
		return MALFORMED;
	if (!(size & SQUASHFS_STORED_BLOCK))
		return squashfs_decode(&fs->codec, state->scratch, block, maximum, out);
	return block.size <= maximum ? buffer_append(out, block) : MALFORMED;
}

static const struct kept_fragment *fragment_block(const struct squashfs *fs, struct squashfs_reader *state,
						  uint32_t index, struct budget *budget)
{
	struct kept_fragment *oldest = &state->kept[0];
	state->turn++;
	for (size_t i = 0; i < FRAGMENTS_KEPT; i++) {
		struct kept_fragment *kept = &state->kept[i];
		if (kept->index == index) {
			kept->used = state->turn;
			return kept;
		}
		if (kept->used < oldest->used)
			oldest = kept;
	}
	oldest->index = index;
	oldest->used = state->turn;
	buffer_clear(&oldest->content);
	oldest->content.budget = budget; /* of the job that reads, not of the walk that listed */
	oldest->outcome = append_block(fs, state, fs->fragments[index].start, fs->fragments[index].size,
				       fs->super.block_size, &oldest->content);
	if (oldest->outcome == OVER_BUDGET)
		oldest->index = SQUASHFS_NONE; /* another job may afford it */
	return oldest;
}

static enum outcome append_tail(const struct squashfs *fs, struct squashfs_reader *state,
				const struct squashfs_file *file, size_t size, struct buffer *out)
{
	if (file->fragment >= fs->fragment_count)
		return MALFORMED;
	const struct kept_fragment *kept = fragment_block(fs, state, file->fragment, out->budget);
	if (kept->outcome != DONE)
		return kept->outcome;
	struct span tail = span_slice(buffer_span(&kept->content), file->fragment_offset, size);
	if (tail.size < size)
		return MALFORMED;
	return buffer_append(out, tail);
}

/* What a block lacks becomes zeros, so that the blocks behind it keep their place. */
static enum outcome fill(struct reader *reader, const struct entry *entry, uint64_t at, enum outcome outcome,
			 size_t lacking, struct buffer *out)
{
	if (outcome != DONE && outcome != MALFORMED)
		return outcome;
	notes_add(reader->notes, NOTE_WARNING, "squashfs.bad-block", at,
		  "%.*s: a block cannot be decompressed; %zu bytes are left zero", SPAN_FORMAT(entry->path), lacking);
	TRY(buffer_append_zeros(out, lacking));
	return PARTIAL;
}

/* Room for the whole file at once, where its blocks make its size credible and it may be had. */
static enum outcome reserve(const struct squashfs *fs, const struct squashfs_file *file, uint64_t size,
			    struct buffer *out)
{
	uint64_t credible = fs->super.block_size;
	for (uint32_t i = 0; i < file->block_count; i++)
		credible += file->blocks[i] ? fs->super.block_size : 0;
	if (credible > size)
		credible = size;
	return credible <= out->ceiling - out->size ? buffer_reserve(out, (size_t)credible) : DONE;
}

enum outcome squashfs_reader_read(struct reader *reader, const struct entry *entry, struct buffer *out)
{
	const struct squashfs *fs = reader->volume->state;
	const struct squashfs_file *file = entry->detail;
	struct squashfs_reader *state = reader->state;
	enum outcome result = DONE;
	if (!fs || !file)
		return MALFORMED;
	uint64_t at = file->start, left = entry->size;
	TRY(reserve(fs, file, entry->size, out));
	for (uint32_t i = 0; left > 0; i++) {
		enum outcome outcome = DONE;
		size_t before = out->size, want = left < fs->super.block_size ? (size_t)left : fs->super.block_size;
		if (i >= file->block_count)
			outcome = append_tail(fs, state, file, want, out);
		else if (file->blocks[i] == 0)
			outcome = buffer_append_zeros(out, want);
		else
			outcome = append_block(fs, state, at, file->blocks[i], want, out);
		if (outcome != DONE || out->size - before < want) {
			result = fill(reader, entry, at, outcome, want - (out->size - before), out);
			if (result != PARTIAL)
				return result;
		}
		if (i >= file->block_count)
			break;
		at += squashfs_block_bytes(file->blocks[i]);
		left -= want;
	}
	return result;
}
