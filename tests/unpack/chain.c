/* Whole images, layer by layer: which format claims what, down to the kernel's own words. */
#include "unpack/manifest.h"
#include "unpack/scan.h"

enum { DEPTH_MAX = 12, CHAIN_MAX = 400 };

/* A search for the first part that holds some words. */
struct search {
	const struct scan_index *index;
	const char *words;
	struct span bytes;
	char chain[CHAIN_MAX]; /* the formats on the way */
	int depth;
	bool found;
};

static bool take(void *context, struct found *found);

static void look(struct search *search)
{
	struct arena arena;
	arena_init(&arena, 64 << 20);
	scan_bytes(search->index, search->bytes, &arena, take, search);
	arena_done(&arena);
}

static void look_into(struct search *search, const char *format, struct span content)
{
	struct search below = *search;
	size_t size = strlen(search->chain);
	(void)snprintf(below.chain + size, sizeof below.chain - size, "%s%s", size ? " " : "", format);
	below.bytes = content;
	below.depth++;
	if (below.depth < DEPTH_MAX)
		look(&below);
	if (!below.found && span_find_text(content, search->words, 0) != SPAN_NOT_FOUND)
		below.found = true;
	if (below.found) {
		search->found = true;
		memcpy(search->chain, below.chain, sizeof below.chain);
	}
}

static bool take(void *context, struct found *found)
{
	struct search *search = context;
	struct opened opened;
	bool files = found->unpacker->role == ROLE_FILE_SYSTEM || found->unpacker->role == ROLE_ARCHIVE;
	if (search->found || files)
		return true;
	bool taken = outcome_usable(opened_open(&opened, found->unpacker,
						span_from(search->bytes, found->offset)));
	for (size_t i = 0; i < opened.listing.count && !search->found; i++) {
		struct span content;
		if (outcome_usable(opened_read(&opened, &opened.listing.entries[i], &content)))
			look_into(search, found->unpacker->name, content);
	}
	opened_close(&opened);
	return taken;
}

static const struct {
	const char *path, *words, *chain;
} images[] = {
	{ "dafang/dafang/5.5.1.177/kernel.bin", "Linux version 3.10.14 ", "uimage lzma" },
	{ "wr841nv14/firmware/TL-WR841Nv14_EU.bin", "Linux version 2.6.36 ", "tplink tplink lzma" },
	{ "wr841nv14/firmware/firmware-backdoored.bin", "Linux version 2.6.36 ", "tplink tplink lzma" },
	{ "iot-vulhub/TP-Link/CVE-2020-8423/firmware/wr841nv10_wr841ndv10_en_3_16_9_up_boot(150310).bin",
	  "Linux version 2.6.31 ", "tplink tplink lzma" },
	{ "iot-vulhub/HUAWEI/CVE-2017-17215/firmware/HG532eV100R001C01B020_upgrade_packet.bin",
	  "Linux version 2.6.21.5 ", "lzma" },
	{ "linksys-netgear/wrt54g/FW_WRT54Gv4_4.21.5.000_20120220.bin", "Linux version 2.4.20 ",
	  "linksys trx gzip" },
	{ "wrt54gl/FW_WRT54GL_4.30.18.006_ETSI_20160108.bin", "Linux version 2.4.20 ", "linksys trx gzip" },
	{ "ddwrt/dd-wrt.v24_mini_generic.bin", "Linux version 2.4.35 ", "trx lzma" },
	{ "ddwrt/dir300-firmware.bin", "Linux version 2.6.23.17 ", "trx lzma" },
	{ "librarybox/openwrt-ar71xx-generic-tl-wr703n-v1-squashfs-factory.bin", "Linux version 3.3.8 ",
	  "tplink lzma" },
	{ "hc5661/openwrt-18.06.1-ramips-mt7620-hc5661-squashfs-sysupgrade.bin", "Linux version 4.14.63 ",
	  "uimage lzma" },
	{ "aqara-hub/original/M2/3.4.2_0008.0616/linux_3.4.2_0008.0616.bin", "Linux version 3.10.90 ",
	  "realtek lzma" },
	{ "fit-rk3399/rockpro64/u-boot.itb", "U-Boot 2", "fit" },
};

static void check_image(const struct scan_index *index, size_t i)
{
	struct file_view view;
	const char *path = harness_corpus(images[i].path);
	struct search search = { .index = index, .words = images[i].words };
	if (!path || !file_view_open(path, SIZE_MAX, &view))
		return;
	search.bytes = view.bytes;
	look(&search);
	CHECK(search.found);
	CHECK_TEXT(span_of_text(search.chain), images[i].chain);
	file_view_close(&view);
}

TEST(opens_every_image_down_to_its_kernel)
{
	struct scan_index *index;
	if (!harness_corpus("dafang"))
		SKIP("the corpus is not here");
	REQUIRE(scan_index_new(&index) == DONE);
	for (size_t i = 0; i < sizeof images / sizeof *images; i++)
		check_image(index, i);
	scan_index_free(index);
}

TESTS(opens_every_image_down_to_its_kernel)
