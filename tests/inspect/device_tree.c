#include <libfdt.h>

#include "harness.h"
#include "inspect/inspected.h"
#include "inspect/registry.h"

static uint8_t bytes[8192];

static int build_tree(uint8_t *out, int size)
{
	int bad = fdt_create(out, size);
	bad |= fdt_finish_reservemap(out);
	bad |= fdt_begin_node(out, "");
	bad |= fdt_property_string(out, "model", "Camera X");
	bad |= fdt_property(out, "compatible", "maker,camera\0chip,c1", 20);
	bad |= fdt_begin_node(out, "chosen");
	bad |= fdt_property_string(out, "bootargs", "console=ttyS0,115200 quiet");
	bad |= fdt_property_string(out, "stdout-path", "serial0:115200n8");
	bad |= fdt_end_node(out);
	static const char *const ports[] = { "serial@1000", "serial@2000", "uartlite@3000", "spi@4000" };
	for (size_t i = 0; i < sizeof ports / sizeof *ports; i++) {
		bad |= fdt_begin_node(out, ports[i]);
		bad |= fdt_property_string(out, "compatible", "ns16550a");
		bad |= fdt_property_u32(out, "reg", (uint32_t)(i + 1) * 0x1000);
		if (i == 1)
			bad |= fdt_property_string(out, "status", "disabled");
		bad |= fdt_end_node(out);
	}
	bad |= fdt_end_node(out);
	bad |= fdt_finish(out);
	return bad ? 0 : (int)fdt_totalsize(out);
}

TEST(reads_a_tree_inside_a_part)
{
	enum { BEFORE = 13 };
	memset(bytes, 0x5a, sizeof bytes);
	static uint8_t tree[2048];
	int size = build_tree(tree, sizeof tree);
	REQUIRE(size > 0);
	memcpy(bytes + BEFORE, tree, (size_t)size);
	struct inspected inspected;
	inspected_run(&inspected, &inspector_device_tree, "kernel", span_of(bytes, (size_t)size + BEFORE + 50));
	const struct fact *row = inspected_row(&inspected, EVIDENCE_DEVICE_TREE, 0);
	CHECK_EQUAL(inspected_integer(row, DEVICE_TREE_OFFSET), BEFORE);
	CHECK_TEXT(inspected_text(row, DEVICE_TREE_MODEL), "Camera X");
	CHECK_TEXT(inspected_text(row, DEVICE_TREE_COMPATIBLE), "maker,camera chip,c1");
	CHECK_TEXT(inspected_text(row, DEVICE_TREE_BOOTARGS), "console=ttyS0,115200 quiet");
	CHECK_TEXT(inspected_text(row, DEVICE_TREE_STDOUT_PATH), "serial0:115200n8");
	CHECK_EQUAL(inspected_integer(row, DEVICE_TREE_ENABLED_SERIAL), 2);
	CHECK_EQUAL(inspected_count(&inspected, EVIDENCE_KERNEL_PARAMETER), 2);
	inspected_done(&inspected);
}

TEST(survives_damage)
{
	static uint8_t tree[2048], copy[2048];
	int size = build_tree(tree, sizeof tree);
	REQUIRE(size > 0);
	struct inspected inspected;
	for (int cut = 0; cut < size; cut++) {
		inspected_run(&inspected, &inspector_device_tree, "kernel", span_of(tree, (size_t)cut));
		CHECK_EQUAL(inspected_count(&inspected, EVIDENCE_DEVICE_TREE), 0);
		inspected_done(&inspected);
	}
	for (int at = 5; at < size; at++) {
		memcpy(copy, tree, (size_t)size);
		copy[at] ^= 0xff;
		inspected_run(&inspected, &inspector_device_tree, "kernel", span_of(copy, (size_t)size));
		inspected_done(&inspected);
	}
}

static void add_protected_node(uint8_t *out, const char *name, const char *child, const char *algorithm, bool done)
{
	(void)fdt_begin_node(out, name);
	if (child) {
		(void)fdt_begin_node(out, child);
		(void)fdt_property(out, "algo", algorithm, (int)strlen(algorithm) + 1);
		(void)fdt_property_string(out, "key-name-hint", "maker");
		if (done)
			(void)fdt_property(out, "value", "\1\2\3\4", 4);
		(void)fdt_end_node(out);
	}
	(void)fdt_end_node(out);
}

TEST(tells_signed_from_hashed)
{
	REQUIRE(fdt_create(bytes, sizeof bytes) == 0 && fdt_finish_reservemap(bytes) == 0);
	(void)fdt_begin_node(bytes, "");
	(void)fdt_begin_node(bytes, "images");
	add_protected_node(bytes, "kernel", "hash-1", "sha1", true);
	add_protected_node(bytes, "fdt", NULL, NULL, false);
	(void)fdt_end_node(bytes);
	(void)fdt_begin_node(bytes, "configurations");
	add_protected_node(bytes, "conf-1", "signature-1", "sha256,rsa2048", true);
	add_protected_node(bytes, "conf-2", "signature-1", "sha256,rsa2048", false);
	(void)fdt_end_node(bytes);
	(void)fdt_end_node(bytes);
	REQUIRE(fdt_finish(bytes) == 0);

	struct inspected inspected;
	inspected_run(&inspected, &inspector_device_tree, "/boot/image.itb", span_of(bytes, fdt_totalsize(bytes)));
	REQUIRE(inspected_count(&inspected, EVIDENCE_BOOT_SIGNATURE) == 4);
	static const struct {
		const char *subject, *algorithm;
		int is_signed;
	} want[] = {
		{ "FIT image", "sha1", 0 },
		{ "FIT image", "none", 0 },
		{ "FIT configuration", "sha256,rsa2048", 1 },
		{ "FIT configuration", "none", 0 },
	};
	for (size_t i = 0; i < 4; i++) {
		const struct fact *row = inspected_row(&inspected, EVIDENCE_BOOT_SIGNATURE, i);
		CHECK_TEXT(inspected_text(row, BOOT_SIGNATURE_SUBJECT), want[i].subject);
		CHECK_TEXT(inspected_text(row, BOOT_SIGNATURE_ALGORITHM), want[i].algorithm);
		CHECK_EQUAL(inspected_integer(row, BOOT_SIGNATURE_SIGNED), want[i].is_signed);
	}
	CHECK_EQUAL(inspected_count(&inspected, EVIDENCE_DEVICE_TREE), 0);
	inspected_done(&inspected);
}

TEST(reads_real_trees)
{
	const char *real = harness_corpus("fit-rk3399/rockpro64/u-boot.itb");
	if (!real)
		SKIP("the corpus is not here");
	struct inspected inspected;
	REQUIRE(inspected_run_file(&inspected, &inspector_device_tree, "0x0", real));
	CHECK_EQUAL(inspected_count(&inspected, EVIDENCE_BOOT_SIGNATURE), 6);
	inspected_done(&inspected);
}

TESTS(reads_a_tree_inside_a_part, survives_damage, tells_signed_from_hashed, reads_real_trees)
