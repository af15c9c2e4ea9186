/* JFFS2 nodes: headers, checksums, and content put together from its pieces. */
#include "base/digest.h"
#include "unpack/jffs2.h"

enum { HEADER_SIZE = 12, INODE_SIZE = 68, DIRENT_SIZE = 40, ACCURATE = 0x2000, MAGIC = 0x1985 };
/* Other bytes between nodes, such as those of a write that was cut off, may reach so far. */
enum { GAP_LIMIT = 256 * 1024 };

uint32_t jffs2_checksum(struct span bytes)
{
	return ~digest_crc32(0xffffffff, bytes);
}

bool jffs2_read_node(struct span bytes, bool big_endian, uint64_t offset, struct jffs2_node *out)
{
	struct cursor c = cursor_over_order(span_slice(bytes, offset, HEADER_SIZE), big_endian);
	uint16_t magic = cursor_u16(&c);
	uint16_t type = cursor_u16(&c);
	uint32_t size = cursor_u32(&c);
	uint32_t checksum = cursor_u32(&c);
	if (!cursor_ok(&c) || magic != MAGIC || size < HEADER_SIZE || !span_covers(bytes, offset, size))
		return false;
	/* Obsolete nodes have one bit of the type cleared in place; the checksum is that of before. */
	*out = (struct jffs2_node){ offset, size, type | ACCURATE, !(type & ACCURATE) };
	uint8_t header[8] = { 0 };
	struct span start = span_slice(bytes, offset, sizeof header);
	memcpy(header, start.data, start.size);
	header[big_endian ? 2 : 3] |= ACCURATE >> 8;
	return jffs2_checksum(span_of(header, sizeof header)) == checksum;
}

bool jffs2_read_inode(struct span bytes, bool big_endian, const struct jffs2_node *node,
		      struct jffs2_inode *out)
{
	struct span whole = span_slice(bytes, node->offset, node->size);
	struct cursor c = cursor_over_order(whole, big_endian);
	cursor_skip(&c, HEADER_SIZE);
	out->number = cursor_u32(&c);
	out->version = cursor_u32(&c);
	out->mode = cursor_u32(&c);
	out->uid = cursor_u16(&c);
	out->gid = cursor_u16(&c);
	out->size = cursor_u32(&c);
	cursor_skip(&c, 4);
	out->mtime = cursor_u32(&c);
	cursor_skip(&c, 4);
	out->start = cursor_u32(&c);
	out->stored = cursor_u32(&c);
	out->length = cursor_u32(&c);
	out->compression = cursor_u8(&c);
	cursor_skip(&c, 3);
	out->checksum = cursor_u32(&c);
	uint32_t checksum = cursor_u32(&c);
	out->data = node->offset + INODE_SIZE;
	return cursor_ok(&c) && jffs2_checksum(span_slice(whole, 0, INODE_SIZE - 8)) == checksum &&
	       span_covers(whole, INODE_SIZE, out->stored);
}

bool jffs2_read_dirent(struct span bytes, bool big_endian, const struct jffs2_node *node,
		       struct jffs2_dirent *out)
{
	struct span whole = span_slice(bytes, node->offset, node->size);
	struct cursor c = cursor_over_order(whole, big_endian);
	cursor_skip(&c, HEADER_SIZE);
	out->parent = cursor_u32(&c);
	out->version = cursor_u32(&c);
	out->inode = cursor_u32(&c);
	cursor_skip(&c, 4);
	uint8_t name_size = cursor_u8(&c);
	cursor_skip(&c, 3);
	uint32_t checksum = cursor_u32(&c);
	uint32_t name_checksum = cursor_u32(&c);
	out->name = cursor_take(&c, name_size);
	return cursor_ok(&c) && jffs2_checksum(span_slice(whole, 0, DIRENT_SIZE - 8)) == checksum &&
	       jffs2_checksum(out->name) == name_checksum;
}

bool jffs2_next_node(struct span bytes, bool big_endian, uint64_t *offset, struct jffs2_node *out)
{
	uint64_t gap = 0;
	*offset = (*offset + 3) & ~(uint64_t)3;
	while (gap <= GAP_LIMIT && span_covers(bytes, *offset, HEADER_SIZE)) {
		uint8_t byte = span_byte(bytes, *offset);
		bool magic = byte == (big_endian ? 0x19 : 0x85);
		if (magic && jffs2_read_node(bytes, big_endian, *offset, out)) {
			*offset += out->size;
			return true;
		}
		gap = byte == 0xff || byte == 0 ? gap : gap + 4;
		*offset += 4;
	}
	return false;
}

/* Decodes the bytes of one node, length bytes long. */
static enum outcome decode(struct codec_scratch *scratch, const struct jffs2_inode *node, struct span stored,
			   struct buffer *out)
{
	/* OpenWrt's LZMA has no header; its encoder is always set so. */
	static const struct codec_lzma_settings lzma = { 0, 0, 0 };
	enum { NONE, ZERO, RTIME, RUBIN, COPY, DYNAMIC_RUBIN, ZLIB, LZO, LZMA };
	switch (node->compression) {
	case NONE:
	case COPY: return buffer_append(out, span_slice(stored, 0, node->length));
	case ZERO: return buffer_append_zeros(out, node->length);
	case RTIME: return codec_rtime(scratch, stored, node->length, out);
	case ZLIB: return codec_zlib(scratch, stored, node->length, out);
	case LZO: return codec_lzo(scratch, stored, node->length, out);
	case LZMA: return codec_lzma_raw(scratch, &lzma, stored, node->length, out);
	default: return UNSUPPORTED;
	}
}

/* Makes content (what lies in out from start on) exactly size bytes long. */
static enum outcome resize(struct buffer *out, size_t start, uint64_t size)
{
	size_t have = out->size - start;
	if (size <= have) {
		out->size = start + (size_t)size;
		return DONE;
	}
	return buffer_append_zeros(out, size - have);
}

/* Writes one node's piece over what older nodes gave. */
static enum outcome apply(struct span bytes, struct codec_scratch *scratch, const struct jffs2_inode *node,
			  size_t start, struct buffer *piece, struct buffer *out)
{
	struct span stored = span_slice(bytes, node->data, node->stored);
	buffer_clear(piece);
	uint64_t end = (uint64_t)node->start + node->length;
	if (node->start > out->size - start + JFFS2_HOLE_LIMIT)
		return MALFORMED;
	if (out->size - start < end)
		TRY(resize(out, start, end));
	if (jffs2_checksum(stored) != node->checksum)
		return MALFORMED;
	TRY(decode(scratch, node, stored, piece));
	if (piece->size != node->length)
		return MALFORMED;
	if (piece->size > 0)
		memcpy(out->data + start + node->start, piece->data, piece->size);
	return DONE;
}

enum outcome jffs2_read_content(struct span bytes, struct codec_scratch *scratch,
				const struct jffs2_inode *nodes, size_t count, struct buffer *out)
{
	size_t start = out->size;
	enum outcome worst = DONE;
	struct buffer piece;
	buffer_init(&piece, (size_t)64 * 1024 * 1024, out->budget);
	for (size_t i = 0; i < count; i++) {
		enum outcome step = DONE;
		/* A node without content that gives a smaller size cut the file off there. */
		if (nodes[i].length == 0 && nodes[i].size < out->size - start)
			step = resize(out, start, nodes[i].size);
		if (step == DONE && nodes[i].length > 0)
			step = apply(bytes, scratch, &nodes[i], start, &piece, out);
		if (step == OVER_BUDGET || step == NO_MEMORY) {
			buffer_done(&piece);
			return step;
		}
		if (step != DONE)
			worst = step == UNSUPPORTED ? UNSUPPORTED : PARTIAL;
	}
	buffer_done(&piece);
	return worst;
}
