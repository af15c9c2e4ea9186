/*
 * Bytes written down as records of hexadecimal digits, with addresses and checksums. Layouts: Intel, Hexadecimal
 * Object File Format Specification, revision A, 1988; Motorola, M68000 family reference, S-record output format.
 * What lies at addresses that follow each other is one part; between the parts there is nothing.
 */
#include "base/effort.h"
#include "unpack/unpacker.h"

enum {
	LINE_LONGEST = 600, /* characters: 255 bytes, and what stands around them */
	BITS_PER_RECORD = 16,
	RECORDS_LEAST = 2,
	BITS_MOST = 128,
};
static const uint64_t ADDRESSES = UINT64_C(1) << 32;

enum record_kind {
	RECORD_DATA,
	RECORD_CONTROL,     /* it has been followed, or means nothing to the bytes */
	RECORD_BROKEN,      /* no record, or its checksum does not hold */
	RECORD_UNSUPPORTED, /* sound, and not followed */
	RECORD_NONE,        /* the records end here */
};

struct record {
	uint8_t bytes[256]; /* all of them, checksum included */
	size_t size, data;  /* how many; where the data begins among them */
	uint64_t address;
	bool begins;        /* a part: nothing was written to the address before it */
	size_t offset;      /* of its line */
};

struct walk {
	struct span text;
	size_t at;
	uint8_t mark;        /* ':' or 'S' */
	uint64_t base;       /* of Intel's addresses */
	bool segmented;      /* those are offsets into a segment of 64 KiB */
	uint64_t next;       /* address behind the last byte; UINT64_MAX where there is none */
	uint64_t sound, parts, data; /* records; parts; bytes of data */
	bool ended;          /* the last record said that it is the last */
	bool miscounted;     /* a record counts others than there were */
};

static struct walk walk_over(struct span text)
{
	return (struct walk){ .text = text, .mark = span_byte(text, 0), .next = UINT64_MAX };
}

/* The bytes of a line from a place to its end; false where it is anything else. */
static bool read_bytes(struct span line, size_t from, struct record *out)
{
	size_t digits = line.size - from;
	if (line.size < from || digits % 2 != 0 || digits / 2 > sizeof out->bytes)
		return false;
	for (out->size = 0; out->size < digits / 2; out->size++) {
		int high = hex_digit(span_byte(line, from + 2 * out->size)), low = hex_digit(span_byte(line, from + 2 * out->size + 1));
		if (high < 0 || low < 0)
			return false;
		out->bytes[out->size] = (uint8_t)(high << 4 | low);
	}
	return true;
}

/* The bytes from a place on as one number, the highest first. */
static uint64_t number(const struct record *record, size_t from, size_t size)
{
	uint64_t value = 0;
	for (size_t i = from; i < from + size && i < record->size; i++)
		value = value << 8 | record->bytes[i];
	return value;
}

static uint8_t sum_of(const struct record *record)
{
	uint8_t sum = 0;
	for (size_t i = 0; i < record->size; i++)
		sum = (uint8_t)(sum + record->bytes[i]);
	return sum;
}

static size_t data_size(const struct record *record)
{
	return record->size - record->data - 1;
}

static enum record_kind set_base(struct walk *walk, const struct record *record, bool segmented)
{
	if (data_size(record) != 2)
		return RECORD_BROKEN;
	walk->segmented = segmented;
	walk->base = number(record, record->data, 2) << (segmented ? 4 : 16);
	return RECORD_CONTROL;
}

/* ":LLAAAATT…CC" */
static enum record_kind read_intel(struct walk *walk, struct span line, struct record *out)
{
	enum { DATA, END, SEGMENT, START_SEGMENT, LINEAR, START_LINEAR, TYPE = 3, HEADER = 4 };
	if (!read_bytes(line, 1, out) || out->size < HEADER + 1 || out->size != (size_t)out->bytes[0] + HEADER + 1 ||
	    sum_of(out) != 0)
		return RECORD_BROKEN;
	uint64_t offset = number(out, 1, 2);
	out->data = HEADER;
	out->address = walk->base + offset;
	switch (out->bytes[TYPE]) {
	case DATA: /* one that goes on at the begin of its segment is written by nobody */
		return walk->segmented && offset + data_size(out) > 0x10000 ? RECORD_UNSUPPORTED : RECORD_DATA;
	case END:
		walk->ended = true;
		return RECORD_CONTROL;
	case SEGMENT:
	case LINEAR:
		return set_base(walk, out, out->bytes[TYPE] == SEGMENT);
	case START_SEGMENT:
	case START_LINEAR:
		return RECORD_CONTROL;
	default:
		return RECORD_UNSUPPORTED;
	}
}

/* "STLL…CC": the type says how long the address is. */
static enum record_kind read_motorola(struct walk *walk, struct span line, struct record *out)
{
	static const uint8_t address_sizes[] = { 2, 2, 3, 4, 0, 2, 3, 4, 3, 2 };
	int type = hex_digit(span_byte(line, 1));
	if (type < 0 || type > 9 || !read_bytes(line, 2, out) || out->size < 2 || out->size != (size_t)out->bytes[0] + 1 ||
	    sum_of(out) != 0xff || out->size < (size_t)address_sizes[type] + 2)
		return RECORD_BROKEN;
	out->address = number(out, 1, address_sizes[type]);
	out->data = 1 + (size_t)address_sizes[type];
	if (type >= 1 && type <= 3)
		return RECORD_DATA;
	if (type == 5 || type == 6)
		walk->miscounted |= out->address != walk->data;
	walk->ended |= type >= 7;
	return type == 4 ? RECORD_UNSUPPORTED : RECORD_CONTROL;
}

/* The next line that is not empty; its end is where the walk goes on. False at the end, and of a line that is none of these. */
static bool next_line(struct walk *walk, struct span *line)
{
	for (;;) {
		struct span rest = span_slice(walk->text, walk->at, LINE_LONGEST);
		size_t end = span_find_byte(rest, '\n', 0);
		if (rest.size == 0 || (end == SPAN_NOT_FOUND && walk->at + rest.size < walk->text.size) || effort_over())
			return false;
		size_t size = end == SPAN_NOT_FOUND ? rest.size : end;
		*line = span_trim(span_slice(rest, 0, size));
		if (line->size > 0 && span_byte(*line, 0) != walk->mark)
			return false;
		walk->at += size + (end != SPAN_NOT_FOUND);
		if (line->size > 0)
			return true;
	}
}

static void follow(struct walk *walk, struct record *record)
{
	record->begins = record->address != walk->next;
	walk->parts += record->begins;
	walk->next = record->address + data_size(record);
}

static enum record_kind next_record(struct walk *walk, struct record *out)
{
	struct span line;
	if (walk->ended || !next_line(walk, &line))
		return RECORD_NONE;
	out->offset = (size_t)(line.data - walk->text.data);
	enum record_kind kind = walk->mark == ':' ? read_intel(walk, line, out) : read_motorola(walk, line, out);
	if (kind == RECORD_DATA && out->address + data_size(out) > ADDRESSES)
		kind = RECORD_UNSUPPORTED;
	if (kind == RECORD_BROKEN || kind == RECORD_UNSUPPORTED)
		walk->next = UINT64_MAX; /* no part goes on behind what is left out of it */
	walk->sound += kind != RECORD_BROKEN;
	walk->data += kind == RECORD_DATA; /* what a record of counts counts */
	if (kind == RECORD_DATA && data_size(out) > 0)
		follow(walk, out);
	return kind;
}

static enum outcome measure(struct span bytes, struct arena *arena, struct extent *out)
{
	struct walk walk = walk_over(bytes);
	struct record record;
	enum record_kind kind = next_record(&walk, &record);
	if (kind == RECORD_BROKEN || kind == RECORD_NONE)
		return NOT_THIS;
	bool broken = false;
	while ((kind = next_record(&walk, &record)) != RECORD_NONE)
		broken |= kind == RECORD_BROKEN;
	out->effort = walk.at;
	if (walk.sound < RECORDS_LEAST || walk.data == 0)
		return NOT_THIS;
	out->size = span_trim(span_from(bytes, walk.at)).size == 0 ? bytes.size : walk.at;
	out->bits = walk.sound < BITS_MOST / BITS_PER_RECORD ? (uint32_t)walk.sound * BITS_PER_RECORD : BITS_MOST;
	out->detail = arena_format(arena, "%s, %llu parts", walk.mark == ':' ? "Intel" : "Motorola",
				   (unsigned long long)walk.parts);
	if (!out->detail.data)
		return NO_MEMORY;
	return broken || !walk.ended ? PARTIAL : DONE;
}

/* The part that a record begins, or adds to. Its data lies between offset and cookie, in the text. */
static enum outcome add(struct listing *out, struct arena *arena, const struct record *record)
{
	if (record->begins || out->count == 0) {
		struct entry *entry;
		TRY(listing_add(out, &entry));
		entry->type = ENTRY_PART;
		entry->path = arena_format(arena, "0x%08llx", (unsigned long long)record->address);
		entry->offset = record->offset;
		if (!entry->path.data)
			return NO_MEMORY;
	}
	struct entry *last = &out->entries[out->count - 1];
	last->size += data_size(record);
	last->cookie = record->offset + 1;
	return DONE;
}

/* What the records say that was not read: kinds of them, the place of the first, and about how many bytes they hold. */
struct left_out {
	size_t count, first;
	uint64_t bytes;
};

static void leave_out(struct left_out *left_out, const struct walk *walk, size_t offset)
{
	if (left_out->count++ == 0)
		left_out->first = offset;
	left_out->bytes += (walk->at - offset) / 2;
}

static enum outcome tell(const struct volume *volume, const struct walk *walk, const struct left_out *broken,
			 const struct left_out *unknown)
{
	if (broken->count > 0)
		notes_incomplete(volume->notes, MISSING_CONTENT, CAUSE_DAMAGED, "hex-records.broken", broken->first, broken->bytes,
				 "%zu records are broken, or their checksums do not hold", broken->count);
	if (unknown->count > 0)
		notes_incomplete(volume->notes, MISSING_CONTENT, CAUSE_UNSUPPORTED, "hex-records.unknown", unknown->first,
				 unknown->bytes, "%zu records are of a type that is not read", unknown->count);
	if (!walk->ended)
		notes_incomplete(volume->notes, MISSING_STRUCTURE, CAUSE_DAMAGED, "hex-records.cut", walk->at, NOTE_NO_AMOUNT,
				 "the record that ends them is missing");
	if (walk->miscounted)
		notes_incomplete(volume->notes, MISSING_STRUCTURE, CAUSE_DAMAGED, "hex-records.count", NOTE_NO_OFFSET,
				 NOTE_NO_AMOUNT, "a record counts more or fewer records than there are");
	return broken->count > 0 || unknown->count > 0 || !walk->ended || walk->miscounted ? PARTIAL : DONE;
}

static enum outcome list(struct volume *volume, struct listing *out)
{
	struct walk walk = walk_over(volume->bytes);
	struct record record;
	struct left_out broken = { 0 }, unknown = { 0 };
	for (enum record_kind kind; (kind = next_record(&walk, &record)) != RECORD_NONE;) {
		if (kind == RECORD_DATA && data_size(&record) > 0)
			TRY(add(out, volume->arena, &record));
		else if (kind == RECORD_BROKEN || kind == RECORD_UNSUPPORTED)
			leave_out(kind == RECORD_BROKEN ? &broken : &unknown, &walk, record.offset);
	}
	return tell(volume, &walk, &broken, &unknown);
}

static enum outcome read_content(struct reader *reader, const struct entry *entry, struct buffer *out)
{
	struct walk walk = walk_over(reader->volume->bytes);
	struct record record;
	walk.at = (size_t)entry->offset;
	while (walk.at < entry->cookie) {
		enum record_kind kind = next_record(&walk, &record);
		if (kind == RECORD_NONE)
			return OVER_BUDGET; /* they were there before: effort is over */
		if (kind == RECORD_DATA)
			TRY(buffer_append(out, span_slice(span_of(record.bytes, record.size), record.data, data_size(&record))));
	}
	return DONE;
}

/* The first digit of how many bytes a record has. */
#define INTEL(digit) MAGIC(":" digit, 0)

const struct unpacker unpacker_hex_records = {
	.name = "hex-records",
	.title = "hexadecimal records",
	.role = ROLE_STREAM,
	.magics = { INTEL("0"), INTEL("1"), INTEL("2"), INTEL("3"), INTEL("4"), INTEL("5"), INTEL("6"), INTEL("7"), INTEL("8"),
		    INTEL("9"), INTEL("A"), INTEL("B"), INTEL("C"), INTEL("D"), INTEL("E"), INTEL("F"), INTEL("a"), INTEL("b"),
		    INTEL("c"), INTEL("d"), INTEL("e"), INTEL("f"), MAGIC("S0", 0), MAGIC("S1", 0), MAGIC("S2", 0), MAGIC("S3", 0) },
	.at_start_only = true,
	.measure = measure,
	.list = list,
	.read = read_content,
};
