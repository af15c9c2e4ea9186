/*
 * FAT12, FAT16 and FAT32, as boot partitions and memory cards have them.
 * Layout: Microsoft "FAT: General Overview of On-Disk Format" (fatgen103).
 */
#include "base/cursor.h"
#include "unpack/registry.h"
#include "unpack/tree.h"

enum { ENTRY_SIZE = 32, LONG_PIECES_MAX = 20, PIECE_UNITS = 13, END_OF_CHAIN = 0x0ffffff8 };
enum { ATTRIBUTE_LABEL = 0x08, ATTRIBUTE_DIRECTORY = 0x10, ATTRIBUTE_LONG_NAME = 0x0f };

struct fat {
	struct span bytes, table;
	unsigned bits; /* of a table entry: 12, 16 or 32 */
	uint32_t cluster_size, clusters;
	uint64_t data;    /* offset of cluster 2 */
	struct span root; /* of FAT12 and FAT16 */
	uint32_t root_cluster;
	uint64_t size;
};

static bool read_boot_sector(struct span bytes, struct fat *out)
{
	struct cursor c = cursor_over(bytes);
	cursor_skip(&c, 11);
	uint32_t sector = cursor_u16le(&c);
	uint32_t per_cluster = cursor_u8(&c);
	uint64_t reserved = cursor_u16le(&c);
	uint32_t tables = cursor_u8(&c);
	uint32_t root_entries = cursor_u16le(&c);
	uint64_t sectors = cursor_u16le(&c);
	uint8_t media = cursor_u8(&c);
	uint64_t table_sectors = cursor_u16le(&c);
	cursor_skip(&c, 8);
	uint32_t sectors_32 = cursor_u32le(&c);
	uint32_t table_sectors_32 = cursor_u32le(&c);
	cursor_skip(&c, 4);
	uint32_t root_cluster = cursor_u32le(&c);
	sectors = sectors ? sectors : sectors_32;
	table_sectors = table_sectors ? table_sectors : table_sectors_32;
	if (!cursor_ok(&c) || !span_has_at(bytes, 510, SPAN_LITERAL("\x55\xaa")) || sector < 512 ||
	    sector > 4096 || (sector & (sector - 1)) != 0 || per_cluster == 0 ||
	    (per_cluster & (per_cluster - 1)) != 0 || reserved == 0 || tables == 0 || tables > 2 ||
	    media < 0xf0 || table_sectors == 0)
		return false;
	uint64_t root = reserved + tables * table_sectors;
	uint64_t data = root + (root_entries * ENTRY_SIZE + sector - 1) / sector;
	if (data >= sectors)
		return false;
	uint64_t clusters = (sectors - data) / per_cluster;
	out->bytes = bytes;
	out->bits = clusters < 4085 ? 12 : clusters < 65525 ? 16 : 32;
	out->cluster_size = sector * per_cluster;
	out->clusters = clusters < END_OF_CHAIN ? (uint32_t)clusters : 0;
	out->table = span_slice(bytes, reserved * sector, table_sectors * sector);
	out->root = span_slice(bytes, root * sector, root_entries * (uint64_t)ENTRY_SIZE);
	out->root_cluster = root_entries == 0 ? root_cluster : 0;
	out->data = data * sector;
	out->size = sectors * sector;
	return out->clusters > 0 && out->bits / 8.0 * out->clusters <= (double)(table_sectors * sector);
}

static enum outcome measure(struct span bytes, struct arena *arena, struct extent *out)
{
	struct fat fat;
	if (!read_boot_sector(bytes, &fat))
		return NOT_THIS;
	out->size = fat.size < bytes.size ? fat.size : bytes.size;
	out->bits = 112;
	struct span label = span_trim(span_slice(bytes, fat.bits == 32 ? 71 : 43, 11));
	out->label = span_equal_text(label, "NO NAME") ? SPAN_NONE : label;
	out->detail = arena_format(arena, "FAT%u, clusters of %u bytes", fat.bits, fat.cluster_size);
	return DONE;
}

/* What the table says of a cluster: 0 for a free one, the next of its chain, or an end mark; 1 where it is not there. */
static uint32_t table_entry(const struct fat *fat, uint32_t cluster)
{
	uint64_t at = fat->bits == 12 ? cluster + cluster / 2 : (uint64_t)cluster * (fat->bits / 8);
	struct cursor c = cursor_over(fat->table);
	cursor_seek(&c, at);
	uint32_t next = fat->bits == 32 ? cursor_u32le(&c) & 0x0fffffff : cursor_u16le(&c);
	if (fat->bits == 12)
		next = cluster % 2 ? next >> 4 : next & 0xfff;
	return cursor_ok(&c) ? next : 1;
}

/* The cluster after one; 0 where the chain ends or is broken. */
static uint32_t next_cluster(const struct fat *fat, uint32_t cluster)
{
	uint32_t next = table_entry(fat, cluster);
	return next >= 2 && next - 2 < fat->clusters ? next : 0;
}

static uint64_t offset_of(const struct fat *fat, uint32_t cluster)
{
	return fat->data + (uint64_t)(cluster - 2) * fat->cluster_size;
}

static bool is_cluster(const struct fat *fat, uint32_t cluster)
{
	return cluster >= 2 && cluster - 2 < fat->clusters;
}

/* A long name that is being put together from its pieces, the last of which comes first. */
struct long_name {
	uint16_t units[LONG_PIECES_MAX * PIECE_UNITS];
	unsigned pieces; /* 0 where there is none */
	unsigned missing;
	uint8_t checksum;
};

struct walk {
	struct volume *volume;
	struct listing *out;
	const struct fat *fat;
	uint8_t *entered;    /* a bit for each cluster at which a directory was entered */
	uint64_t steps_left; /* along chains, while listing */
	bool damaged;
};

static void note_damage(struct walk *walk, struct span path, const char *what)
{
	walk->damaged = true;
	notes_incomplete(walk->volume->notes, MISSING_ENTRIES, CAUSE_DAMAGED, "fat.damaged", NOTE_NO_OFFSET,
			 NOTE_NO_AMOUNT, "%.*s: %s", SPAN_FORMAT(path), what);
}

static void take_piece(struct long_name *name, struct span record)
{
	struct cursor c = cursor_over(record);
	uint8_t order = cursor_u8(&c);
	unsigned number = order & 0x3f;
	uint8_t checksum = span_byte(record, 13);
	if (order & 0x40)
		*name = (struct long_name){ .pieces = number, .missing = number, .checksum = checksum };
	if (number == 0 || number > LONG_PIECES_MAX || number != name->missing ||
	    checksum != name->checksum) {
		name->pieces = 0;
		return;
	}
	uint16_t *units = name->units + (size_t)(number - 1) * PIECE_UNITS;
	for (size_t i = 0; i < PIECE_UNITS; i++) {
		cursor_seek(&c, i < 5 ? 1 + i * 2 : i < 11 ? 14 + (i - 5) * 2 : 28 + (i - 11) * 2);
		units[i] = cursor_u16le(&c);
	}
	name->missing--;
}

static void append_utf8(uint8_t *out, size_t *size, uint32_t code)
{
	if (code < 0x80) {
		out[(*size)++] = (uint8_t)code;
		return;
	}
	unsigned more = code < 0x800 ? 1 : code < 0x10000 ? 2 : 3;
	static const uint8_t first[] = { 0, 0xc0, 0xe0, 0xf0 };
	out[(*size)++] = (uint8_t)(first[more] | code >> (6 * more));
	while (more-- > 0)
		out[(*size)++] = (uint8_t)(0x80 | ((code >> (6 * more)) & 0x3f));
}

static struct span decode_long_name(struct arena *arena, const struct long_name *name)
{
	size_t count = (size_t)name->pieces * PIECE_UNITS, size = 0;
	uint8_t *out = arena_allocate(arena, count * 3 + 4, 1);
	for (size_t i = 0; out && i < count && name->units[i] != 0; i++) {
		uint32_t code = name->units[i];
		bool pair =
		    (code & 0xfc00) == 0xd800 && i + 1 < count && (name->units[i + 1] & 0xfc00) == 0xdc00;
		if (pair)
			code = 0x10000 + ((code & 0x3ff) << 10) + (name->units[++i] & 0x3ffu);
		append_utf8(out, &size, code);
	}
	return span_of(out, size);
}

static uint8_t short_checksum(struct span record)
{
	uint8_t sum = 0;
	for (size_t i = 0; i < 11; i++)
		sum = (uint8_t)((sum >> 1 | sum << 7) + span_byte(record, i));
	return sum;
}

/* "NAME    EXT", of which Windows NT may say that either part is lower case. */
static struct span decode_short_name(struct arena *arena, struct span record)
{
	uint8_t *out = arena_allocate(arena, 16, 1);
	uint8_t cases = span_byte(record, 12);
	size_t size = 0, base = 8, extension = 3;
	while (base > 0 && span_byte(record, base - 1) == ' ')
		base--;
	while (extension > 0 && span_byte(record, 8 + extension - 1) == ' ')
		extension--;
	for (size_t i = 0; out && i < 8 + extension; i++) {
		uint8_t byte = span_byte(record, i);
		bool lower = cases & (i < 8 ? 0x08 : 0x10);
		if (i == 8)
			out[size++] = '.';
		if (i >= base && i < 8)
			continue;
		if (i == 0 && byte == 0x05)
			byte = 0xe5;
		out[size++] = lower && byte >= 'A' && byte <= 'Z' ? byte | 0x20 : byte;
	}
	return span_of(out, size);
}

/* Content whose clusters follow each other can be borrowed as it is. */
static void place(struct walk *walk, struct entry *entry)
{
	const struct fat *fat = walk->fat;
	uint32_t cluster = (uint32_t)entry->cookie;
	uint64_t covered = fat->cluster_size;
	if (entry->size == 0 || !is_cluster(fat, cluster))
		return;
	entry->offset = offset_of(fat, cluster);
	while (covered < entry->size && walk->steps_left > 0 && next_cluster(fat, cluster) == cluster + 1) {
		walk->steps_left--;
		cluster++;
		covered += fat->cluster_size;
	}
	entry->plain = covered >= entry->size && span_covers(fat->bytes, entry->offset, entry->size);
}

static enum outcome list_chain(struct walk *walk, uint32_t cluster, struct span path, unsigned depth);

static enum outcome add(struct walk *walk, struct span record, const struct long_name *name,
			struct span parent, unsigned depth)
{
	struct arena *arena = walk->out->arena;
	bool is_long = name->pieces > 0 && name->missing == 0 && name->checksum == short_checksum(record);
	struct span text = is_long ? decode_long_name(arena, name) : decode_short_name(arena, record);
	struct cursor c = cursor_over(record);
	struct entry *entry, probe = { 0 };
	if (!text.data)
		return NO_MEMORY;
	if (span_equal_text(text, ".") || span_equal_text(text, ".."))
		return DONE;
	probe.path = tree_name_is_sane(text) ? tree_join(arena, parent, text) : SPAN_NONE;
	if (!probe.path.data) {
		note_damage(walk, parent, "a name in it cannot be one");
		return DONE;
	}
	probe.type = span_byte(record, 11) & ATTRIBUTE_DIRECTORY ? ENTRY_DIRECTORY : ENTRY_FILE;
	cursor_skip(&c, 20);
	uint32_t high = walk->fat->bits == 32 ? cursor_u16le(&c) : 0;
	cursor_seek(&c, 26);
	probe.cookie = cursor_u16le(&c) | high << 16;
	if (probe.type == ENTRY_FILE) {
		probe.size = cursor_u32le(&c);
		place(walk, &probe);
	}
	TRY(listing_add(walk->out, &entry));
	*entry = probe;
	if (probe.type != ENTRY_DIRECTORY)
		return DONE;
	return depth < TREE_DEPTH_MAX ? list_chain(walk, (uint32_t)probe.cookie, probe.path, depth + 1) : listing_refuse(walk->out);
}

/* One run of directory records; *ended where the directory says that no more follow. */
static enum outcome list_records(struct walk *walk, struct span records, struct long_name *name,
				 struct span path, unsigned depth, bool *ended)
{
	for (uint64_t at = 0; at + ENTRY_SIZE <= records.size; at += ENTRY_SIZE) {
		struct span record = span_slice(records, at, ENTRY_SIZE);
		uint8_t first = span_byte(record, 0), attributes = span_byte(record, 11);
		if (first == 0) {
			*ended = true;
			return DONE;
		}
		if (first != 0xe5 && (attributes & 0x3f) == ATTRIBUTE_LONG_NAME) {
			take_piece(name, record);
			continue;
		}
		if (first != 0xe5 && !(attributes & ATTRIBUTE_LABEL))
			TRY(add(walk, record, name, path, depth));
		name->pieces = 0;
	}
	return DONE;
}

static enum outcome list_chain(struct walk *walk, uint32_t cluster, struct span path, unsigned depth)
{
	const struct fat *fat = walk->fat;
	struct long_name name = { .pieces = 0 };
	bool ended = false;
	while (!ended && is_cluster(fat, cluster)) {
		uint8_t *byte = walk->entered + cluster / 8;
		uint8_t bit = (uint8_t)(1u << cluster % 8);
		if (*byte & bit) {
			note_damage(walk, path, "its clusters belong to another directory too");
			return DONE;
		}
		*byte |= bit;
		struct span records = span_slice(fat->bytes, offset_of(fat, cluster), fat->cluster_size);
		TRY(list_records(walk, records, &name, path, depth, &ended));
		cluster = next_cluster(fat, cluster);
	}
	return DONE;
}

static enum outcome list_unused(const struct fat *fat, struct listing *out)
{
	for (uint32_t cluster = 2; cluster - 2 < fat->clusters; cluster++)
		if (table_entry(fat, cluster) == 0)
			TRY(listing_add_unused(out, offset_of(fat, cluster), fat->cluster_size));
	return DONE;
}

static enum outcome list(struct volume *volume, struct listing *out)
{
	struct fat *fat = ARENA_NEW(volume->arena, struct fat, 1);
	struct long_name name = { .pieces = 0 };
	bool ended = false;
	if (!fat)
		return NO_MEMORY;
	volume->state = fat;
	if (!read_boot_sector(volume->bytes, fat))
		return MALFORMED;
	/* The boot sector may claim more clusters than there are bytes for. */
	uint64_t room =
	    volume->bytes.size > fat->data ? (volume->bytes.size - fat->data) / fat->cluster_size + 1 : 0;
	struct walk walk = { .volume = volume, .out = out, .fat = fat, .steps_left = room * 2 };
	if (fat->size > volume->bytes.size) {
		note_damage(&walk, SPAN_LITERAL("/"), "the file system is cut short");
		fat->clusters = fat->clusters < room ? fat->clusters : (uint32_t)room;
	}
	walk.entered = arena_allocate(volume->arena, fat->clusters / 8 + 2, 1);
	if (!walk.entered)
		return NO_MEMORY;
	if (fat->root_cluster)
		TRY(list_chain(&walk, fat->root_cluster, SPAN_LITERAL("/"), 0));
	else
		TRY(list_records(&walk, fat->root, &name, SPAN_LITERAL("/"), 0, &ended));
	TRY(list_unused(fat, out));
	return walk.damaged ? PARTIAL : DONE;
}

static enum outcome read_file(struct reader *reader, const struct entry *entry, struct buffer *out)
{
	const struct fat *fat = reader->volume->state;
	uint32_t cluster = (uint32_t)entry->cookie;
	uint64_t left = entry->type == ENTRY_FILE ? entry->size : 0;
	for (uint32_t steps = 0; left > 0 && is_cluster(fat, cluster) && steps <= fat->clusters; steps++) {
		uint64_t wanted = left < fat->cluster_size ? left : fat->cluster_size;
		struct span piece = span_slice(fat->bytes, offset_of(fat, cluster), wanted);
		TRY(buffer_append(out, piece));
		if (piece.size < wanted)
			break;
		left -= wanted;
		cluster = next_cluster(fat, cluster);
	}
	if (left == 0)
		return DONE;
	notes_add(reader->notes, NOTE_WARNING, "fat.bad-chain", entry->offset,
		  "%.*s: its clusters end too early", SPAN_FORMAT(entry->path));
	return PARTIAL;
}

const struct unpacker unpacker_fat = {
	.name = "fat",
	.title = "FAT file system",
	.role = ROLE_FILE_SYSTEM,
	.stored = true,
	.magics = { MAGIC("FAT12   ", 54), MAGIC("FAT16   ", 54), MAGIC("FAT     ", 54),
		    MAGIC("FAT32   ", 82) },
	.measure = measure,
	.list = list,
	.read = read_file,
};
