/* ext2, ext3, ext4: superblock, inodes, block maps and extent trees. Described in ext.h. */
#include "base/cursor.h"
#include "unpack/ext.h"

enum { SUPER_AT = 1024, DIRECT_BLOCKS = 12, EXTENT_DEPTH_MAX = 5, EXTENT_MAGIC = 0xf30a, UNWRITTEN = 32768 };
enum { CLUSTER_LOG_MAX = 19 /* 512 MiB */ };
/* Runs of old block maps are followed so far, in blocks. */
enum { RUN_LIMIT = 256 };

static bool is_consistent(const struct ext *ext, uint32_t log_block_size, uint32_t log_cluster_size)
{
	uint32_t inode_size = ext->inode_size;
	/* A bit of the block bitmap stands for a block, or for a cluster of several. */
	if (!(ext->read_only_compatible & EXT_READ_ONLY_CLUSTERS))
		log_cluster_size = log_block_size;
	if (log_block_size > 6 || log_cluster_size < log_block_size || log_cluster_size > CLUSTER_LOG_MAX)
		return false;
	uint64_t group_most = (8ull * ext->block_size) << (log_cluster_size - log_block_size);
	if (ext->blocks_per_group == 0 || ext->blocks_per_group > group_most || ext->inodes_per_group == 0 ||
	    ext->blocks <= ext->first_block || ext->first_block != (log_cluster_size == 0 ? 1u : 0u))
		return false;
	if (inode_size < 128 || inode_size > ext->block_size || (inode_size & (inode_size - 1)) != 0)
		return false;
	uint64_t groups =
	    (ext->blocks - ext->first_block + ext->blocks_per_group - 1) / ext->blocks_per_group;
	return groups <= UINT32_MAX && groups * ext->inodes_per_group == ext->inodes;
}

bool ext_read_super(struct span bytes, struct ext *out)
{
	struct cursor c = cursor_over(span_slice(bytes, SUPER_AT, 1024));
	*out = (struct ext){ .bytes = bytes };
	out->inodes = cursor_u32le(&c);
	out->blocks = cursor_u32le(&c);
	cursor_seek(&c, 20);
	out->first_block = cursor_u32le(&c);
	uint32_t log_block_size = cursor_u32le(&c);
	out->block_size = log_block_size <= 6 ? 1024u << log_block_size : 0;
	uint32_t log_cluster_size = cursor_u32le(&c);
	out->blocks_per_group = cursor_u32le(&c);
	cursor_seek(&c, 40);
	out->inodes_per_group = cursor_u32le(&c);
	cursor_seek(&c, 56);
	uint16_t magic = cursor_u16le(&c);
	cursor_seek(&c, 72);
	uint32_t system = cursor_u32le(&c), revision = cursor_u32le(&c);
	cursor_seek(&c, 88);
	out->inode_size = cursor_u16le(&c);
	uint16_t own_group = cursor_u16le(&c);
	out->compatible = cursor_u32le(&c);
	out->incompatible = cursor_u32le(&c);
	out->read_only_compatible = cursor_u32le(&c);
	cursor_skip(&c, 16);
	out->label = span_until_nul(cursor_take(&c, 16));
	cursor_seek(&c, 254);
	out->descriptor_size = cursor_u16le(&c);
	cursor_skip(&c, 4);
	out->first_meta_group = cursor_u32le(&c);
	cursor_seek(&c, 336);
	uint32_t blocks_high = cursor_u32le(&c);
	cursor_seek(&c, 588);
	out->copies[0] = cursor_u32le(&c);
	out->copies[1] = cursor_u32le(&c);
	cursor_seek(&c, 1024);
	if (revision == 0)
		out->inode_size = 128;
	if (out->incompatible & EXT_FEATURE_64BIT)
		out->blocks |= (uint64_t)blocks_high << 32;
	else
		out->descriptor_size = 32;
	/* Copies of the superblock in later groups name their group. */
	if (!cursor_ok(&c) || magic != 0xef53 || system > 4 || revision > 1 || own_group != 0 ||
	    out->descriptor_size < 32 || out->descriptor_size > out->block_size ||
	    !is_consistent(out, log_block_size, log_cluster_size))
		return false;
	out->groups = out->inodes / out->inodes_per_group;
	return true;
}

struct span ext_blocks(const struct ext *ext, uint64_t first, uint64_t count)
{
	uint64_t limit = ext->bytes.size / ext->block_size;
	if (first > limit || count > limit - first)
		return SPAN_NONE;
	return span_slice(ext->bytes, first * ext->block_size, count * ext->block_size);
}

static bool is_power_of(uint32_t number, uint32_t base)
{
	while (number % base == 0)
		number /= base;
	return number == 1;
}

/* Whether a group begins with a copy of the superblock. */
bool ext_has_copy(const struct ext *ext, uint32_t group)
{
	if (group == 0)
		return true;
	if (ext->compatible & EXT_COMPATIBLE_TWO_COPIES)
		return group == ext->copies[0] || group == ext->copies[1];
	if (!(ext->read_only_compatible & EXT_READ_ONLY_SPARSE_COPIES))
		return true;
	return group == 1 || is_power_of(group, 3) || is_power_of(group, 5) || is_power_of(group, 7);
}

/* Where the descriptor of a group lies, in bytes: behind the superblock, or (meta groups) with the groups. */
uint64_t ext_find_descriptor(const struct ext *ext, uint32_t group)
{
	uint32_t per_block = ext->block_size / ext->descriptor_size, meta = group / per_block;
	/* Where clusters make the first block 0, one of 1 KiB is before the superblock all the same. */
	uint64_t first = ext->block_size == 1024 ? 1 : 0;
	if (!(ext->incompatible & EXT_FEATURE_META_GROUPS) || meta < ext->first_meta_group)
		return (first + 1) * ext->block_size + (uint64_t)group * ext->descriptor_size;
	uint32_t own = meta * per_block;
	uint64_t block = ext->first_block + (uint64_t)own * ext->blocks_per_group + (ext_has_copy(ext, own) ? 1 : 0);
	if (own == 0 && ext->first_block == 0)
		block += first;
	return block * ext->block_size + (uint64_t)(group % per_block) * ext->descriptor_size;
}

static bool find_inode_table(const struct ext *ext, uint32_t group, uint64_t *out)
{
	uint64_t at = ext_find_descriptor(ext, group);
	struct cursor c = cursor_over(span_slice(ext->bytes, at, ext->descriptor_size));
	cursor_skip(&c, 8);
	uint64_t low = cursor_u32le(&c), high = 0;
	if (ext->descriptor_size >= 64) {
		cursor_seek(&c, 40);
		high = cursor_u32le(&c);
	}
	*out = low | high << 32;
	return cursor_ok(&c) && *out < ext->bytes.size / ext->block_size;
}

static void read_fields(struct cursor *c, struct ext_inode *out)
{
	out->mode = cursor_u16le(c);
	out->uid = cursor_u16le(c);
	out->size = cursor_u32le(c);
	cursor_skip(c, 8);
	out->mtime = cursor_u32le(c);
	cursor_skip(c, 4);
	out->gid = cursor_u16le(c);
	out->links = cursor_u16le(c);
	cursor_skip(c, 4);
	out->flags = cursor_u32le(c);
	cursor_skip(c, 4);
	out->map = cursor_take(c, 60);
	cursor_skip(c, 4);
	out->attribute_block = cursor_u32le(c);
	uint64_t size_high = cursor_u32le(c);
	/* Of anything but a file this field once had another meaning. */
	if ((out->mode & 0170000) == 0100000)
		out->size |= size_high << 32;
	cursor_skip(c, 6);
	out->attribute_block |= (uint64_t)cursor_u16le(c) << 32;
	out->uid |= (uint32_t)cursor_u16le(c) << 16;
	out->gid |= (uint32_t)cursor_u16le(c) << 16;
}

bool ext_read_inode(const struct ext *ext, uint32_t number, struct ext_inode *out)
{
	uint64_t table;
	if (number == 0 || number > ext->inodes ||
	    !find_inode_table(ext, (number - 1) / ext->inodes_per_group, &table))
		return false;
	uint64_t at =
	    table * ext->block_size + (uint64_t)((number - 1) % ext->inodes_per_group) * ext->inode_size;
	struct cursor c = cursor_over(span_slice(ext->bytes, at, ext->inode_size));
	*out = (struct ext_inode){ .number = number };
	read_fields(&c, out);
	cursor_seek(&c, 128);
	if (cursor_left(&c) > 4) {
		uint16_t extra = cursor_u16le(&c);
		cursor_seek(&c, 128);
		cursor_skip(&c, extra);
		if (extra > 0 && cursor_left(&c) > 4 && cursor_u32le(&c) == 0xea020000)
			out->attributes = span_from(c.span, c.at);
		return true;
	}
	return cursor_ok(&c);
}

/* A number in a block of block numbers. */
static bool read_pointer(const struct ext *ext, uint64_t block, uint64_t index, uint64_t *out)
{
	struct cursor c = cursor_over(ext_blocks(ext, block, 1));
	cursor_seek(&c, index * 4);
	*out = cursor_u32le(&c);
	return cursor_ok(&c);
}

/* Old maps: 12 blocks, then blocks of numbers, one, two and three levels deep. */
static bool find_block(const struct ext *ext, const struct ext_inode *inode, uint64_t logical, uint64_t *out)
{
	uint64_t per_block = ext->block_size / 4, reach = 1, index = logical;
	unsigned slot = (unsigned)index, levels = 0;
	if (logical >= DIRECT_BLOCKS) {
		index -= DIRECT_BLOCKS;
		for (levels = 1; levels <= 3; levels++) {
			reach *= per_block;
			if (index < reach)
				break;
			index -= reach;
		}
		slot = DIRECT_BLOCKS + levels - 1;
	}
	struct cursor c = cursor_over(inode->map);
	cursor_seek(&c, slot < 15 ? slot * 4ull : UINT64_MAX);
	*out = cursor_u32le(&c);
	for (; levels > 0 && *out != 0 && cursor_ok(&c); levels--) {
		reach /= per_block;
		if (!read_pointer(ext, *out, index / reach, out))
			return false;
		index %= reach;
	}
	return cursor_ok(&c);
}

static bool map_old(const struct ext *ext, const struct ext_inode *inode, uint64_t logical,
		    struct ext_run *out)
{
	uint64_t next;
	if (!find_block(ext, inode, logical, &out->physical))
		return false;
	out->count = 1;
	while (out->count < RUN_LIMIT && find_block(ext, inode, logical + out->count, &next) &&
	       next == (out->physical ? out->physical + out->count : 0))
		out->count++;
	return true;
}

/* One node of an extent tree: its leaf entry, or the block of the next node. */
static bool search_node(struct span node, uint64_t logical, unsigned *depth, uint64_t *next,
			struct ext_run *out)
{
	struct cursor c = cursor_over(node);
	uint16_t magic = cursor_u16le(&c), entries = cursor_u16le(&c);
	cursor_skip(&c, 2);
	unsigned own_depth = cursor_u16le(&c);
	cursor_skip(&c, 4);
	if (!cursor_ok(&c) || magic != EXTENT_MAGIC || own_depth > *depth)
		return false;
	*depth = own_depth;
	/* A hole, up to the first entry behind the block that is asked for. */
	*out = (struct ext_run){ 0, UINT32_MAX };
	*next = 0;
	for (unsigned i = 0; i < entries && cursor_left(&c) >= 12; i++) {
		uint64_t first = cursor_u32le(&c);
		uint64_t low = cursor_u32le(&c), high = cursor_u32le(&c);
		if (first > logical) {
			out->count = out->physical || own_depth > 0 ? out->count : first - logical;
			break;
		}
		if (own_depth > 0) {
			*next = low | (high & 0xffff) << 32;
			continue;
		}
		/* In a leaf the length stands before the upper half of the place. */
		uint64_t length = low & 0xffff;
		bool unwritten = length > UNWRITTEN;
		length -= unwritten ? UNWRITTEN : 0;
		if (logical - first < length) {
			uint64_t physical = high | (low >> 16) << 32;
			out->physical = unwritten ? 0 : physical + (logical - first);
			out->count = length - (logical - first);
			return true;
		}
	}
	return true;
}

static bool map_extents(const struct ext *ext, const struct ext_inode *inode, uint64_t logical,
			struct ext_run *out)
{
	struct span node = inode->map;
	unsigned depth = EXTENT_DEPTH_MAX;
	uint64_t next;
	while (search_node(node, logical, &depth, &next, out)) {
		if (depth == 0)
			return true;
		if (next == 0) {
			out->count = 1;
			return true;
		}
		depth--;
		node = ext_blocks(ext, next, 1);
	}
	return false;
}

bool ext_map(const struct ext *ext, const struct ext_inode *inode, uint64_t logical, struct ext_run *out)
{
	if (inode->flags & EXT_INODE_EXTENTS)
		return map_extents(ext, inode, logical, out);
	return map_old(ext, inode, logical, out);
}
