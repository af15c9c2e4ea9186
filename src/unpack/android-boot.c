/*
 * Android's boot.img, header versions 0 to 4, and vendor_boot.img, 3 and 4. Layout:
 * AOSP, system/tools/mkbootimg/include/bootimg/bootimg.h.
 */
#include "base/cursor.h"
#include "unpack/field.h"
#include "unpack/unpacker.h"

enum { PAGE_OF_NEW = 4096, PAGE_LEAST = 512, PAGE_MOST = 64 * 1024, PARTS_MAX = 6 };

struct part {
	const char *name;
	uint64_t offset, size;
};

/* Where the command line of the kernel stands. */
enum { ARGUMENTS_OF_OLD = 64, ARGUMENTS_OF_NEW = 44, ARGUMENTS_OF_VENDOR = 28 };

struct header {
	uint32_t version;
	struct span name, arguments;
	uint64_t arguments_offset;
	struct part parts[PARTS_MAX];
	size_t count;
	uint64_t page, end;
};

/* Parts follow each other, each filled up to a page. */
static void add_part(struct header *header, const char *name, uint32_t size)
{
	if (size > 0)
		header->parts[header->count++] = (struct part){ name, header->end, size };
	header->end += (size + header->page - 1) / header->page * header->page;
}

static bool is_page(uint64_t size)
{
	return size >= PAGE_LEAST && size <= PAGE_MOST && (size & (size - 1)) == 0;
}

/* Versions 0 to 2. */
static bool read_old(struct cursor *c, struct header *out)
{
	uint32_t kernel, ramdisk, second, device_tree = 0, overlay = 0;
	cursor_seek(c, 8);
	kernel = cursor_u32le(c);
	cursor_skip(c, 4);
	ramdisk = cursor_u32le(c);
	cursor_skip(c, 4);
	second = cursor_u32le(c);
	cursor_skip(c, 8);
	out->page = cursor_u32le(c);
	cursor_seek(c, 48);
	out->name = field_text(cursor_take(c, 16));
	out->arguments = field_text(cursor_take(c, 512));
	out->arguments_offset = ARGUMENTS_OF_OLD;
	if (out->version >= 1) {
		cursor_seek(c, 1632);
		overlay = cursor_u32le(c);
	}
	if (out->version >= 2) {
		cursor_seek(c, 1648);
		device_tree = cursor_u32le(c);
	}
	if (!cursor_ok(c) || !is_page(out->page) || kernel == 0)
		return false;
	out->end = out->page;
	add_part(out, "kernel", kernel);
	add_part(out, "ramdisk", ramdisk);
	add_part(out, "second", second);
	add_part(out, "device-tree-overlay", overlay);
	add_part(out, "device-tree", device_tree);
	return true;
}

/* Versions 3 and 4. */
static bool read_new(struct cursor *c, struct header *out)
{
	cursor_seek(c, 8);
	uint32_t kernel = cursor_u32le(c), ramdisk = cursor_u32le(c), signature = 0;
	out->arguments_offset = ARGUMENTS_OF_NEW;
	cursor_seek(c, ARGUMENTS_OF_NEW);
	out->arguments = field_text(cursor_take(c, 1536));
	if (out->version == 4)
		signature = cursor_u32le(c);
	out->end = out->page = PAGE_OF_NEW;
	add_part(out, "kernel", kernel);
	add_part(out, "ramdisk", ramdisk);
	add_part(out, "signature", signature);
	return cursor_ok(c) && out->count > 0;
}

static bool read_vendor(struct cursor *c, struct header *out)
{
	cursor_seek(c, 8);
	out->version = cursor_u32le(c);
	out->page = cursor_u32le(c);
	cursor_skip(c, 8);
	uint32_t ramdisk = cursor_u32le(c);
	out->arguments = field_text(cursor_take(c, 2048));
	out->arguments_offset = ARGUMENTS_OF_VENDOR;
	cursor_skip(c, 4);
	out->name = field_text(cursor_take(c, 16));
	uint32_t header_size = cursor_u32le(c), device_tree = cursor_u32le(c);
	if (!cursor_ok(c) || out->version < 3 || out->version > 4 || !is_page(out->page) ||
	    header_size < 2112 ||
	    header_size > PAGE_MOST)
		return false;
	add_part(out, "header", header_size);
	out->count = 0;
	add_part(out, "ramdisk", ramdisk);
	add_part(out, "device-tree", device_tree);
	return true;
}

static bool read_header(struct span bytes, struct header *out)
{
	struct cursor c = cursor_over(bytes);
	*out = (struct header){ 0 };
	if (span_starts_text(bytes, "VNDRBOOT"))
		return read_vendor(&c, out);
	cursor_seek(&c, 40);
	out->version = cursor_u32le(&c);
	/* Before versions, this was the size of a device tree. */
	if (out->version > 4)
		out->version = 0;
	return out->version >= 3 ? read_new(&c, out) : read_old(&c, out);
}

static enum outcome measure(struct span bytes, struct arena *arena, struct extent *out)
{
	struct header header;
	if (!read_header(bytes, &header))
		return NOT_THIS;
	out->size = span_slice(bytes, 0, header.end).size;
	out->bits = 80;
	out->label = header.name;
	out->detail = arena_format(arena, "version %u, pages of %llu bytes%s%.*s", header.version,
				   (unsigned long long)header.page,
				   header.arguments.size ? ", arguments " : "", SPAN_FORMAT(header.arguments));
	return out->detail.data ? DONE : NO_MEMORY;
}

static enum outcome list(struct volume *volume, struct listing *out)
{
	struct header header;
	bool whole = true;
	if (!read_header(volume->bytes, &header))
		return MALFORMED;
	if (header.arguments.size > 0)
		TRY(listing_add_part(out, volume->bytes, "cmdline", header.arguments_offset, header.arguments.size));
	for (size_t i = 0; i < header.count; i++) {
		const struct part *part = &header.parts[i];
		whole = whole && span_covers(volume->bytes, part->offset, part->size);
		TRY(listing_add_part(out, volume->bytes, part->name, part->offset, part->size));
	}
	return whole ? DONE : PARTIAL;
}

const struct unpacker unpacker_android_boot = {
	.name = "android-boot",
	.title = "Android boot image",
	.role = ROLE_PACKAGE,
	.magics = { MAGIC("ANDROID!", 0), MAGIC("VNDRBOOT", 0) },
	.measure = measure,
	.list = list,
};
