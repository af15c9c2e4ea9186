/*
 * Volumes that are told by their superblocks and not read: saying "F2FS, 40 MB, at
 * 0x300000" is worth more than "unknown bytes", and keeps what stands in them from being
 * taken for something else. Layouts: Linux, fs/f2fs/f2fs_fs.h (include/linux), fs/erofs/erofs_fs.h,
 * fs/btrfs (uapi btrfs_tree.h), fs/xfs/libxfs/xfs_format.h, fs/nilfs2 (uapi nilfs2_ondisk.h),
 * fs/reiserfs, mm/swapfile.c; Microsoft, exFAT specification; NTFS boot sector as mkntfs
 * writes it; AXFS, fs/axfs; LVM2, format_text/layout.h; LUKS1 and LUKS2 on-disk formats.
 */
#include "base/cursor.h"
#include "unpack/field.h"
#include "unpack/registry.h"

enum { SECTOR = 512, BTRFS_SUPERBLOCK = 65536, SUPERBLOCK = 1024 };

/* A volume that begins with these bytes, of a size in its own blocks; only what a real one may have. */
static enum outcome claim(struct span bytes, const struct cursor *c, uint64_t blocks, uint64_t block_size, uint32_t bits,
			  struct extent *out)
{
	bool sane = cursor_ok(c) && block_size >= SECTOR && block_size <= 65536 && (block_size & (block_size - 1)) == 0 &&
		    blocks > 0 && blocks <= (UINT64_C(1) << 56) / block_size;
	if (!sane)
		return NOT_THIS;
	out->size = span_slice(bytes, 0, blocks * block_size).size;
	out->bits = bits;
	if (out->size < blocks * block_size)
		out->detail = SPAN_LITERAL("cut short");
	return DONE;
}

static uint64_t power_of_two(uint32_t exponent)
{
	return exponent < 32 ? UINT64_C(1) << exponent : 0;
}

static enum outcome f2fs_measure(struct span bytes, struct arena *arena, struct extent *out)
{
	struct cursor c = cursor_over(bytes);
	(void)arena;
	cursor_seek(&c, SUPERBLOCK + 4);
	uint16_t major = cursor_u16le(&c);
	cursor_skip(&c, 2);
	uint32_t sector = cursor_u32le(&c), sectors = cursor_u32le(&c), block = cursor_u32le(&c);
	cursor_seek(&c, SUPERBLOCK + 36);
	uint64_t blocks = cursor_u64le(&c);
	if (major != 1 || sector > block || sector + sectors != block || block < 12 || block > 16)
		return NOT_THIS;
	return claim(bytes, &c, blocks, power_of_two(block), 96, out);
}

static enum outcome erofs_measure(struct span bytes, struct arena *arena, struct extent *out)
{
	struct cursor c = cursor_over(bytes);
	(void)arena;
	cursor_seek(&c, SUPERBLOCK + 12);
	uint32_t block = cursor_u8(&c);
	cursor_seek(&c, SUPERBLOCK + 36);
	uint64_t blocks = cursor_u32le(&c);
	cursor_seek(&c, SUPERBLOCK + 64);
	out->label = field_text(cursor_take(&c, 16));
	if (block < 9 || block > 16)
		return NOT_THIS;
	return claim(bytes, &c, blocks, power_of_two(block), 64, out);
}

static enum outcome btrfs_measure(struct span bytes, struct arena *arena, struct extent *out)
{
	struct cursor c = cursor_over(bytes);
	(void)arena;
	cursor_seek(&c, BTRFS_SUPERBLOCK + 48);
	uint64_t place = cursor_u64le(&c);
	cursor_seek(&c, BTRFS_SUPERBLOCK + 112);
	uint64_t size = cursor_u64le(&c);
	cursor_seek(&c, BTRFS_SUPERBLOCK + 144);
	uint32_t sector = cursor_u32le(&c);
	if (place != BTRFS_SUPERBLOCK || sector == 0)
		return NOT_THIS;
	return claim(bytes, &c, size / sector, sector, 128, out);
}

static enum outcome xfs_measure(struct span bytes, struct arena *arena, struct extent *out)
{
	struct cursor c = cursor_over_order(bytes, true);
	(void)arena;
	cursor_skip(&c, 4);
	uint32_t block = cursor_u32(&c);
	uint64_t blocks = cursor_u64(&c);
	cursor_seek(&c, 120);
	uint32_t exponent = cursor_u8(&c);
	if (block != power_of_two(exponent))
		return NOT_THIS;
	return claim(bytes, &c, blocks, block, 72, out);
}

static bool ends_as_boot_sector(struct span bytes)
{
	return span_has_at(bytes, SECTOR - 2, SPAN_LITERAL("\x55\xaa"));
}

static enum outcome ntfs_measure(struct span bytes, struct arena *arena, struct extent *out)
{
	struct cursor c = cursor_over(bytes);
	(void)arena;
	cursor_seek(&c, 11);
	uint32_t sector = cursor_u16le(&c);
	cursor_seek(&c, 40);
	uint64_t sectors = cursor_u64le(&c);
	if (!ends_as_boot_sector(bytes))
		return NOT_THIS;
	return claim(bytes, &c, sectors + 1, sector, 80, out); /* a copy of the boot sector stands behind */
}

static enum outcome exfat_measure(struct span bytes, struct arena *arena, struct extent *out)
{
	struct cursor c = cursor_over(bytes);
	(void)arena;
	cursor_seek(&c, 72);
	uint64_t sectors = cursor_u64le(&c);
	cursor_seek(&c, 108);
	uint32_t exponent = cursor_u8(&c);
	if (!ends_as_boot_sector(bytes))
		return NOT_THIS;
	return claim(bytes, &c, sectors, power_of_two(exponent), 80, out);
}

static enum outcome nilfs_measure(struct span bytes, struct arena *arena, struct extent *out)
{
	struct cursor c = cursor_over(bytes);
	(void)arena;
	cursor_seek(&c, SUPERBLOCK);
	uint32_t revision = cursor_u32le(&c);
	cursor_skip(&c, 4);
	uint16_t covered = cursor_u16le(&c);
	cursor_seek(&c, SUPERBLOCK + 20);
	uint32_t exponent = cursor_u32le(&c);
	cursor_skip(&c, 8);
	uint64_t size = cursor_u64le(&c);
	if (revision != 2 || covered < 200 || covered > 1024 || exponent > 6)
		return NOT_THIS;
	return claim(bytes, &c, size / SECTOR, SECTOR, 80, out);
}

static enum outcome reiserfs_measure(struct span bytes, struct arena *arena, struct extent *out)
{
	struct cursor c = cursor_over(bytes);
	(void)arena;
	cursor_seek(&c, 65536);
	uint64_t blocks = cursor_u32le(&c);
	cursor_seek(&c, 65536 + 44);
	return claim(bytes, &c, blocks, cursor_u16le(&c), 64, out);
}

static enum outcome hfs_measure(struct span bytes, struct arena *arena, struct extent *out)
{
	struct cursor c = cursor_over_order(bytes, true);
	(void)arena;
	cursor_seek(&c, SUPERBLOCK + 40);
	uint32_t block = cursor_u32(&c);
	uint64_t blocks = cursor_u32(&c), free_blocks = cursor_u32(&c);
	if (free_blocks > blocks)
		return NOT_THIS;
	return claim(bytes, &c, blocks, block, 48, out);
}

static enum outcome axfs_measure(struct span bytes, struct arena *arena, struct extent *out)
{
	struct cursor c = cursor_over_order(bytes, true);
	(void)arena;
	cursor_seek(&c, 72);
	uint64_t size = cursor_u64(&c);
	if (!cursor_ok(&c) || size == 0)
		return NOT_THIS;
	out->size = span_slice(bytes, 0, size).size;
	out->bits = 128;
	return DONE;
}

static enum outcome swap_measure(struct span bytes, struct arena *arena, struct extent *out)
{
	struct cursor c = cursor_over(bytes);
	(void)arena;
	cursor_seek(&c, SUPERBLOCK);
	uint32_t version = cursor_u32le(&c);
	uint64_t last = cursor_u32le(&c);
	if (version != 1)
		return NOT_THIS;
	return claim(bytes, &c, last + 1, 4096, 112, out);
}

/* The label stands in one of the first sectors, and names its own; the size follows it. */
static enum outcome lvm_measure(struct span bytes, struct arena *arena, struct extent *out)
{
	struct cursor c = cursor_over(bytes);
	(void)arena;
	cursor_seek(&c, SECTOR + 8);
	uint64_t sector = cursor_u64le(&c);
	cursor_skip(&c, 4);
	uint32_t header = cursor_u32le(&c);
	struct span type = cursor_take(&c, 8);
	cursor_seek(&c, SECTOR + (uint64_t)header + 32);
	uint64_t size = cursor_u64le(&c);
	if (sector != 1 || !span_equal_text(type, "LVM2 001") || header > SECTOR)
		return NOT_THIS;
	return claim(bytes, &c, size / SECTOR, SECTOR, 128, out);
}

/* Nothing says how long the encrypted bytes are: they fill the partition. */
static enum outcome luks_measure(struct span bytes, struct arena *arena, struct extent *out)
{
	struct cursor c = cursor_over_order(bytes, true);
	cursor_skip(&c, 6);
	uint16_t version = cursor_u16(&c);
	if (!cursor_ok(&c) || version < 1 || version > 2 || bytes.size < 4096)
		return NOT_THIS;
	out->size = bytes.size;
	out->bits = 64;
	out->detail = arena_format(arena, "version %u", version);
	return out->detail.data ? DONE : NO_MEMORY;
}

static enum outcome refuse(struct volume *volume, struct listing *out)
{
	(void)volume;
	(void)out;
	return UNSUPPORTED;
}

#define UNREAD(symbol, its_name, its_title, ...)                                                       \
	const struct unpacker unpacker_##symbol = {                                                    \
		.name = its_name, .title = its_title, .role = ROLE_FILE_SYSTEM, .magics = __VA_ARGS__, \
		.measure = symbol##_measure, .list = refuse,                                           \
	}
#define MAGICS(...) { __VA_ARGS__ }

UNREAD(axfs, "axfs", "AXFS file system", MAGICS(MAGIC("\x48\xa0\xe4\xcd" "Advanced XIP FS", 0)));
UNREAD(btrfs, "btrfs", "Btrfs file system", MAGICS(MAGIC("_BHRfS_M", BTRFS_SUPERBLOCK + 64)));
UNREAD(erofs, "erofs", "EROFS file system", MAGICS(MAGIC("\xe2\xe1\xf5\xe0", SUPERBLOCK)));
UNREAD(exfat, "exfat", "exFAT file system", MAGICS(MAGIC("EXFAT   ", 3)));
UNREAD(f2fs, "f2fs", "F2FS file system", MAGICS(MAGIC("\x10\x20\xf5\xf2", SUPERBLOCK)));
UNREAD(hfs, "hfs+", "HFS+ file system", MAGICS(MAGIC("H+\0\4", SUPERBLOCK), MAGIC("HX\0\5", SUPERBLOCK)));
UNREAD(nilfs, "nilfs2", "NILFS2 file system", MAGICS(MAGIC("\x34\x34", SUPERBLOCK + 6)));
UNREAD(ntfs, "ntfs", "NTFS file system", MAGICS(MAGIC("NTFS    ", 3)));
UNREAD(reiserfs, "reiserfs", "ReiserFS file system",
       MAGICS(MAGIC("ReIsErFs", 65536 + 52), MAGIC("ReIsEr2Fs", 65536 + 52), MAGIC("ReIsEr3Fs", 65536 + 52)));
UNREAD(swap, "swap", "Linux swap space", MAGICS(MAGIC("SWAPSPACE2", 4086)));
UNREAD(xfs, "xfs", "XFS file system", MAGICS(MAGIC("XFSB", 0)));
UNREAD(lvm, "lvm2", "LVM2 physical volume", MAGICS(MAGIC("LABELONE", SECTOR)));

const struct unpacker unpacker_luks = {
	.name = "luks",
	.title = "LUKS encrypted volume",
	.role = ROLE_FILE_SYSTEM,
	.encrypted = true,
	.magics = { MAGIC("LUKS\xba\xbe", 0) },
	.at_start_only = true,
	.measure = luks_measure,
	.list = refuse,
};
