/*
 * TP-Link firmware header, versions 1 and 2: 512 bytes with a salted MD5, over boot
 * loader, kernel and root file system. An image with a boot loader holds a second
 * header for the part behind it. Layout: the OpenWrt wiki's "TP-Link firmware header".
 */
#include <string.h>

#include "base/cursor.h"
#include "base/digest.h"
#include "unpack/field.h"
#include "unpack/unpacker.h"

enum { HEADER_SIZE = 512, BOOT_STEP = 0x10000, BOOT_SIZE_MAX = 0x100000 };

/* Where the two versions keep their fields. */
struct layout {
	uint32_t version;     /* first word, big-endian */
	uint32_t other;       /* another value of it that stands for the same layout */
	uint32_t vendor, vendor_size;
	uint32_t name, name_size;
	uint32_t hardware;    /* identity, then revision */
	uint32_t digest;
	uint32_t sizes;       /* image size, then offset and size of kernel, root file system, boot loader; then the version */
	uint8_t salts[2][MD5_SIZE]; /* stand in for the digest: without, with a boot loader */
};

static const struct layout layouts[] = {
	{ 0x01000000, 0x01000000, 4, 24, 28, 36, 0x40, 0x4C, 0x7C,
	  { { 0xDC, 0xD7, 0x3A, 0xA5, 0xC3, 0x95, 0x98, 0xFB, 0xDD, 0xF9, 0xE7, 0xF4, 0x0E, 0xAE, 0x47, 0x38 },
	    { 0x8C, 0xEF, 0x33, 0x5B, 0xD5, 0xC5, 0xCE, 0xFA, 0xA7, 0x9C, 0x28, 0xDA, 0xB2, 0xE9, 0x0F, 0x42 } } },
	{ 0x02000000, 0x03000000, 4, 0, 4, 48, 0x34, 0x40, 0x70,
	  { { 0xDC, 0xD7, 0x3A, 0xA5, 0xC3, 0x95, 0x98, 0xFB, 0xDC, 0xF9, 0xE7, 0xF4, 0x0E, 0xAE, 0x47, 0x37 },
	    { 0x8C, 0xEF, 0x33, 0x5F, 0xD5, 0xC5, 0xCE, 0xFA, 0xAC, 0x9C, 0x28, 0xDA, 0xB2, 0xE9, 0x0F, 0x42 } } },
};

struct header {
	const struct layout *layout;
	struct span vendor, name;
	uint32_t hardware, revision;
	uint32_t size;
	uint32_t kernel, kernel_size, root, root_size, boot, boot_size;
	uint16_t release[3], build[2]; /* of the firmware: 3.16.9; 0.9.1 and 4.19; all 0 where the header does not say */
};

static const struct layout *find_layout(uint32_t version)
{
	for (size_t i = 0; i < sizeof layouts / sizeof *layouts; i++)
		if (layouts[i].version == version || layouts[i].other == version)
			return &layouts[i];
	return NULL;
}

/* A version text: printable, then NULs, then (in some images) 0xFF. */
static struct span version_text(struct span field)
{
	size_t end = span_find_byte(field, 0xFF, 0);
	return field_text(end == SPAN_NOT_FOUND ? field : span_slice(field, 0, end));
}

/* The firmware's version: three words in the first layout; bytes with a mark before and in the middle in the second. */
static void read_version(struct cursor *c, struct header *out)
{
	enum { BEFORE = 0x55AA, BETWEEN = 0xA5 };
	bool first = out->layout == layouts;
	memset(out->release, 0, sizeof out->release);
	memset(out->build, 0, sizeof out->build);
	if (!first && cursor_u16(c) != BEFORE)
		return;
	for (size_t i = 0; !first && i < 2; i++)
		out->build[i] = cursor_u8(c);
	if (!first && cursor_u8(c) != BETWEEN)
		return;
	for (size_t i = 0; i < 3; i++)
		out->release[i] = first ? cursor_u16(c) : cursor_u8(c);
}

static struct span version_words(const struct header *header, struct arena *arena)
{
	const uint16_t *release = header->release, *build = header->build;
	if (release[0] == 0 && release[1] == 0 && release[2] == 0)
		return SPAN_NONE;
	if (build[0] == 0 && build[1] == 0)
		return arena_format(arena, "%u.%u.%u", release[0], release[1], release[2]);
	return arena_format(arena, "%u.%u.%u %u.%u", release[0], release[1], release[2], build[0], build[1]);
}

static bool read_header(struct span bytes, struct header *out)
{
	struct cursor c = cursor_over_order(bytes, true);
	out->layout = find_layout(cursor_u32(&c));
	if (!out->layout || bytes.size < HEADER_SIZE)
		return false;
	out->vendor = field_text(span_slice(bytes, out->layout->vendor, out->layout->vendor_size));
	out->name = version_text(span_slice(bytes, out->layout->name, out->layout->name_size));
	cursor_seek(&c, out->layout->hardware);
	out->hardware = cursor_u32(&c);
	out->revision = cursor_u32(&c);
	cursor_seek(&c, out->layout->sizes);
	out->size = cursor_u32(&c);
	out->kernel = cursor_u32(&c);
	out->kernel_size = cursor_u32(&c);
	out->root = cursor_u32(&c);
	out->root_size = cursor_u32(&c);
	out->boot = cursor_u32(&c);
	out->boot_size = cursor_u32(&c);
	read_version(&c, out);
	return cursor_ok(&c) && out->name.size > 0 && out->hardware != 0 && out->size > HEADER_SIZE &&
	       out->kernel >= HEADER_SIZE && out->kernel < out->size && out->kernel_size < out->size &&
	       out->root < out->size && out->boot_size < BOOT_SIZE_MAX;
}

static bool digest_holds(struct span image, const struct layout *layout)
{
	struct span wanted = span_slice(image, layout->digest, MD5_SIZE);
	for (size_t i = 0; i < 2; i++) {
		struct span parts[] = {
			span_slice(image, 0, layout->digest),
			span_of(layout->salts[i], MD5_SIZE),
			span_from(image, (uint64_t)layout->digest + MD5_SIZE),
		};
		uint8_t digest[MD5_SIZE];
		digest_md5_parts(parts, 3, digest);
		if (span_equal(wanted, span_of(digest, sizeof digest)))
			return true;
	}
	return false;
}

static enum outcome measure(struct span bytes, struct arena *arena, struct extent *out)
{
	struct header header;
	if (!read_header(bytes, &header))
		return NOT_THIS;
	struct span image = span_slice(bytes, 0, header.size);
	bool intact = digest_holds(image, header.layout);
	out->size = image.size;
	out->bits = intact ? 168 : 48;
	out->label = header.name;
	if (header.vendor.size > 0)
		out->label = arena_format(arena, "%.*s %.*s", SPAN_FORMAT(header.vendor),
					  SPAN_FORMAT(header.name));
	out->detail = arena_format(arena, "version %u header, hardware %08x revision %u%s%s",
				   header.layout == layouts ? 1u : 2u, header.hardware, header.revision,
				   header.boot_size ? ", with boot loader" : "", intact ? ", MD5 holds" : "");
	out->names.board = arena_format(arena, "%08x", header.hardware);
	out->names.version = version_words(&header, arena);
	return out->label.data && out->detail.data && out->names.board.data ? DONE : NO_MEMORY;
}

/* Where the header of the part behind the boot loader stands; 0 where there is none. */
static uint64_t find_inner(struct span bytes, const struct header *outer)
{
	uint64_t at = HEADER_SIZE + ((uint64_t)outer->boot_size / BOOT_STEP) * BOOT_STEP;
	for (; at < BOOT_SIZE_MAX && at < bytes.size; at += BOOT_STEP) {
		struct header inner;
		if (at > HEADER_SIZE && read_header(span_from(bytes, at), &inner) &&
		    inner.layout == outer->layout &&
		    inner.hardware == outer->hardware && inner.size <= bytes.size - at + BOOT_SIZE_MAX)
			return at;
	}
	return 0;
}

static enum outcome list_with_boot(struct volume *volume, struct listing *out, const struct header *header)
{
	TRY(listing_add_part(out, volume->bytes, "boot", HEADER_SIZE, header->boot_size));
	uint64_t inner = find_inner(volume->bytes, header);
	if (inner != 0)
		return listing_add_part(out, volume->bytes, "firmware", inner, UINT64_MAX);
	return listing_add_part(out, volume->bytes, "rest", HEADER_SIZE + (uint64_t)header->boot_size,
				UINT64_MAX);
}

static enum outcome list(struct volume *volume, struct listing *out)
{
	struct header header;
	if (!read_header(volume->bytes, &header))
		return MALFORMED;
	if (header.boot_size > 0)
		return list_with_boot(volume, out, &header);
	uint64_t kernel_end = (uint64_t)header.kernel + header.kernel_size;
	TRY(listing_add_part(out, volume->bytes, "kernel", header.kernel, header.kernel_size));
	if (kernel_end >= volume->bytes.size)
		return DONE;
	/* OpenWrt puts the file system right behind the kernel and leaves the stock offset in the header. */
	uint64_t root = kernel_end;
	if (header.root > kernel_end && header.root < volume->bytes.size &&
	    field_is_padding(span_slice(volume->bytes, kernel_end, header.root - kernel_end)))
		root = header.root;
	return listing_add_part(out, volume->bytes, "rootfs", root, UINT64_MAX);
}

const struct unpacker unpacker_tplink = {
	.name = "tplink",
	.title = "TP-Link firmware image",
	.role = ROLE_PACKAGE,
	.magics = { MAGIC("ver. ", 4), MAGIC("ver. ", 28), MAGIC("TP-LINK Technologies", 4),
		    MAGIC("OpenWrt", 4) },
	.measure = measure,
	.list = list,
};
