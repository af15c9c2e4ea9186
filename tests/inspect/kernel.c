#include <zlib.h>

#include "base/file.h"
#include "evidence/query.h"
#include "harness.h"
#include "inspect/inspected.h"
#include "inspect/kernel_banner.h"
#include "inspect/kernel_image.h"
#include "inspect/registry.h"

#define BANNER "Linux version 4.19.88 (builder@host) (gcc version 8.3.0 (OpenWrt GCC 8.3.0 r1) ) " \
	       "#0 SMP PREEMPT Sun Dec 15 10:11:12 2019\n"

TEST(takes_a_banner_apart)
{
	struct kernel_banner banner;
	REQUIRE(kernel_banner_read(SPAN_LITERAL(BANNER "\0rest"), 0, &banner));
	CHECK_TEXT(banner.release, "4.19.88");
	CHECK_TEXT(banner.version, "4.19.88");
	CHECK_TEXT(banner.compiler, "gcc version 8.3.0 (OpenWrt GCC 8.3.0 r1)");
	CHECK_TEXT(banner.built, "Sun Dec 15 10:11:12 2019");

	REQUIRE(kernel_banner_read(
		SPAN_LITERAL("Linux version 5.10.0-8-amd64 (debian-kernel@lists.debian.org) (gcc-10 (Debian 10.2.1-6) "
			     "10.2.1 20210110, GNU ld (GNU Binutils for Debian) 2.35.2) #1 SMP Debian 5.10.46-4 "
			     "(2021-08-03)\n"),
		0, &banner));
	CHECK_TEXT(banner.release, "5.10.0-8-amd64");
	CHECK_TEXT(banner.version, "5.10.46");
	CHECK_TEXT(banner.built, "2021-08-03");
	CHECK_TEXT(kernel_upstream_version(SPAN_LITERAL("2.6.31--LSDK-9.2.0")), "2.6.31");
	CHECK_TEXT(kernel_upstream_version(SPAN_LITERAL("5.19.0-rc3-next")), "5.19.0-rc3");
	CHECK_TEXT(kernel_upstream_version(SPAN_LITERAL("6.1")), "6.1");
}

TEST(distributions_tell_the_version_behind_their_own)
{
	struct kernel_banner banner;
	REQUIRE(kernel_banner_read(
		SPAN_LITERAL("Linux version 6.1.0-rpi7-rpi-v8 (serge@raspberrypi.com) (gcc-12 (Debian 12.2.0-14) 12.2.0, GNU ld (GNU "
			     "Binutils for Debian) 2.40) #1 SMP PREEMPT Debian 1:6.1.63-1+rpt1 (2023-11-24)\n"), 0, &banner));
	CHECK_TEXT(banner.version, "6.1.63"); /* behind an epoch */
	REQUIRE(kernel_banner_read(
		SPAN_LITERAL("Linux version 4.4.0-21-generic (b@h) (gcc version 5.3.1 20160413 (Ubuntu 5.3.1-14ubuntu2) ) "
			     "#37-Ubuntu SMP Mon Apr 18 18:34:49 UTC 2016 (Ubuntu 4.4.0-21.37-generic 4.4.6)\n"), 0, &banner));
	CHECK_TEXT(banner.version, "4.4.6");
	CHECK_TEXT(banner.release, "4.4.0-21-generic");
	REQUIRE(kernel_banner_read(
		SPAN_LITERAL("Linux version 4.4.0-21-generic (b@h) (gcc version 5.3.1 (Ubuntu 5.3.1-14) ) #37-Ubuntu SMP "
			     "Mon Apr 18 18:34:49 UTC 2016 (Ubuntu 4.4.0)\n"), 0, &banner));
	CHECK_TEXT(banner.version, "4.4.0");
}

TEST(a_format_is_no_banner)
{
	struct kernel_banner banner;
	CHECK(!kernel_banner_read(SPAN_LITERAL("Linux version %s (%s@%s) (%s) %s\n"), 0, &banner));
	CHECK(!kernel_banner_read(SPAN_LITERAL("Linux version 2.6 or later is needed"), 0, &banner));
	CHECK(!kernel_banner_read(SPAN_LITERAL("Linux version 4.1.2 (a@b) (gcc"), 0, &banner));
	CHECK(!kernel_banner_read(SPAN_LITERAL("Linux version "), 0, &banner));
}

TEST(reads_a_kernel)
{
	static const char bytes[] = "\1\2\3 code \0" BANNER "\0"
				    "x4.19.88 SMP preempt mod_unload MIPS32_R2 32BIT \0"
				    "module_layout\0__stack_chk_fail\0printk\0"
				    "console=ttyS0,115200 root=/dev/mtdblock2 quiet title=\"a b\" init=/sbin/init\0"
				    "This sysrq operation is disabled.\n\0";
	struct inspected inspected;
	inspected_run(&inspected, &inspector_kernel, "kernel", SPAN_LITERAL(bytes));
	const struct fact *row = inspected_row(&inspected, EVIDENCE_KERNEL, 0);
	CHECK_TEXT(inspected_text(row, KERNEL_VERSION), "4.19.88");
	CHECK_TEXT(inspected_text(row, KERNEL_SOURCE), "banner");
	static const char *const options[] = { "CONFIG_SMP", "CONFIG_PREEMPT", "CONFIG_MODULES",
					       "CONFIG_STACKPROTECTOR", "CONFIG_MAGIC_SYSRQ" };
	for (size_t i = 0; i < sizeof options / sizeof *options; i++)
		CHECK(inspected_find(&inspected, EVIDENCE_KERNEL_OPTION, KERNEL_OPTION_NAME, options[i]));
	CHECK_EQUAL(inspected_count(&inspected, EVIDENCE_KERNEL_PARAMETER), 5);
	row = inspected_find(&inspected, EVIDENCE_KERNEL_PARAMETER, KERNEL_PARAMETER_NAME, "title");
	CHECK_TEXT(inspected_text(row, KERNEL_PARAMETER_VALUE), "a b");
	row = inspected_find(&inspected, EVIDENCE_KERNEL_PARAMETER, KERNEL_PARAMETER_NAME, "quiet");
	CHECK(row && row->values[KERNEL_PARAMETER_VALUE].type == VALUE_NULL);
	inspected_done(&inspected);
}

/* What the makers of OpenWrt's images write into the kernel after linking, beside its own. */
TEST(reads_the_line_that_was_filled_in)
{
	static const char bytes[] = "\0" BANNER "\0CMDLINE:board=AP1 mtdparts=spi0:128k(u-boot)ro,832k(kernel)\0\0"
				    "\0rootfstype=squashfs console=ttyS0,115200 mem=32M\0";
	struct inspected inspected;
	inspected_run(&inspected, &inspector_kernel, "kernel", SPAN_LITERAL(bytes));
	CHECK_EQUAL(inspected_count(&inspected, EVIDENCE_KERNEL_PARAMETER), 5);
	const struct fact *row = inspected_find(&inspected, EVIDENCE_KERNEL_PARAMETER, KERNEL_PARAMETER_NAME, "mtdparts");
	CHECK_TEXT(inspected_text(row, KERNEL_PARAMETER_VALUE), "spi0:128k(u-boot)ro,832k(kernel)");
	row = inspected_find(&inspected, EVIDENCE_KERNEL_PARAMETER, KERNEL_PARAMETER_NAME, "console");
	CHECK_TEXT(inspected_text(row, KERNEL_PARAMETER_VALUE), "ttyS0,115200");
	inspected_done(&inspected);
	inspected_run(&inspected, &inspector_kernel, "kernel", SPAN_LITERAL("\0" BANNER "\0CMDLINE:\0a=b\0"));
	CHECK_EQUAL(inspected_count(&inspected, EVIDENCE_KERNEL_PARAMETER), 0);
	inspected_done(&inspected);
}

TEST(two_command_lines_are_not_clear)
{
	static const char bytes[] = "\0" BANNER "\0console=ttyS0 root=/dev/mtdblock2\0console=ttyS1 root=/dev/sda1\0";
	struct inspected inspected;
	inspected_run(&inspected, &inspector_kernel, "kernel", SPAN_LITERAL(bytes));
	CHECK_EQUAL(inspected_count(&inspected, EVIDENCE_KERNEL), 1);
	CHECK_EQUAL(inspected_count(&inspected, EVIDENCE_KERNEL_PARAMETER), 0);
	inspected_done(&inspected);
}

TEST(a_log_is_no_kernel)
{
	struct inspected inspected;
	inspected_run(&inspected, &inspector_kernel, "/var/log/dmesg", SPAN_LITERAL(BANNER));
	CHECK_EQUAL(inspected_count(&inspected, EVIDENCE_KERNEL), 0);
	inspected_done(&inspected);
}

static size_t kernels_in(const char *path, struct span bytes)
{
	struct inspected inspected;
	inspected_run(&inspected, &inspector_kernel, path, bytes);
	size_t count = inspected_count(&inspected, EVIDENCE_KERNEL);
	inspected_done(&inspected);
	return count;
}

/* Who made a file system, what a kernel said before a reset, a list of packages: with bytes around that are no text. */
TEST(a_quoted_banner_is_no_kernel)
{
	static uint8_t superblock[4096] = { [1024] = 0x10, 0x20, 0xf5, 0xf2, [1100] = 0x81, 0x82, 0x83, 0x84 };
	memcpy(superblock + 2000, BANNER, sizeof BANNER);
	CHECK_EQUAL(kernels_in("0x0", span_of(superblock, sizeof superblock)), 0);
	CHECK_EQUAL(kernels_in("/var/userdata.img", span_of(superblock, sizeof superblock)), 0);
	CHECK_EQUAL(kernels_in("ramoops", SPAN_LITERAL("DBGC\0\1\2\3<6>" BANNER "<5>Kernel command line: console=ttyS0\n"
						       "<0>Kernel panic - not syncing: VFS\n\x80\x81\0\0")), 0);
	CHECK_EQUAL(kernels_in("/usr/bin/tool", SPAN_LITERAL("\x80\x81\x82\x83\0" BANNER "\0")), 0);
}

TEST(what_only_a_kernel_holds_makes_one)
{
	CHECK_EQUAL(kernels_in("0x20000", SPAN_LITERAL("\x80\x81\0" BANNER "\0Kernel command line: %s\n\0")), 1);
	CHECK_EQUAL(kernels_in("/boot/vmlinux.bin", SPAN_LITERAL("\x80\x81\0" BANNER "\0%s version %s (a@b) (c) %s\n\0")), 1);
	CHECK_EQUAL(kernels_in("kernel", SPAN_LITERAL("\x80\x81\0" BANNER "\0")), 1); /* its container says it */
	static uint8_t image[4096];
	memcpy(image + 0x38, "ARM\x64", 4);
	memcpy(image + 2000, BANNER, sizeof BANNER);
	CHECK_EQUAL(kernels_in("/boot/Image", span_of(image, sizeof image)), 1);
}

/* The name of a part is not enough, and neither are words in a program: this one quotes all of them. */
TEST(what_cannot_be_a_kernel_is_none_whoever_says_so)
{
	struct file_view view;
	CHECK(!kernel_image_find(SPAN_LITERAL(BANNER "Kernel command line: %s\n"), KERNEL_CLAIMED, NULL));
	CHECK(!kernel_image_find(SPAN_LITERAL("PK\3\4\x80\x81\0" BANNER "\0"), KERNEL_CLAIMED, NULL));
	CHECK(!kernel_image_find(SPAN_LITERAL("\x80\x81\0Kernel command line: %s\n\0"), KERNEL_CLAIMED, NULL));
	REQUIRE(file_view_open("/proc/self/exe", SIZE_MAX, &view));
	CHECK(span_find_text(view.bytes, "Kernel command line: %s", 0) != SPAN_NOT_FOUND);
	CHECK(!kernel_image_find(view.bytes, KERNEL_UNCLAIMED, NULL));
	CHECK(!kernel_image_find(view.bytes, KERNEL_CLAIMED, NULL));
	file_view_close(&view);
}

static const char config_text[] = "#\n# Automatically generated file; DO NOT EDIT.\n"
				  "# Linux/mips 4.14.63 Kernel Configuration\n#\nCONFIG_MIPS=y\n"
				  "CONFIG_CMDLINE=\"console=ttyS0\"\n# CONFIG_SMP is not set\nCONFIG_TUN=m\n";

static void check_options(const struct inspected *inspected)
{
	CHECK_EQUAL(inspected_count(inspected, EVIDENCE_KERNEL_OPTION), 4);
	const struct fact *row = inspected_find(inspected, EVIDENCE_KERNEL_OPTION, KERNEL_OPTION_NAME, "CONFIG_SMP");
	CHECK_TEXT(inspected_text(row, KERNEL_OPTION_VALUE), "n");
	row = inspected_find(inspected, EVIDENCE_KERNEL_OPTION, KERNEL_OPTION_NAME, "CONFIG_CMDLINE");
	CHECK_TEXT(inspected_text(row, KERNEL_OPTION_VALUE), "console=ttyS0");
}

TEST(reads_a_configuration_file)
{
	struct inspected inspected;
	inspected_run(&inspected, &inspector_kernel_config, "/boot/config-4.14.63", SPAN_LITERAL(config_text));
	check_options(&inspected);
	inspected_done(&inspected);

	inspected_run(&inspected, &inspector_kernel_config, "/.config",
		      SPAN_LITERAL("#\n# Busybox version: 1.30.1\n#\nCONFIG_ASH=y\n"));
	CHECK_EQUAL(inspected_count(&inspected, EVIDENCE_KERNEL_OPTION), 0);
	inspected_done(&inspected);
}

/* A kernel with its configuration between the marks, in gzip as the kernel's build makes it. */
static size_t make_ikconfig(uint8_t *out, size_t size)
{
	memcpy(out, "code IKCFG_ST", 13);
	z_stream stream = { 0 };
	if (deflateInit2(&stream, 9, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY) != Z_OK)
		return 0;
	static uint8_t text[sizeof config_text];
	memcpy(text, config_text, sizeof text);
	stream.next_in = text;
	stream.avail_in = sizeof config_text - 1;
	stream.next_out = out + 13;
	stream.avail_out = (uInt)(size - 64);
	(void)deflate(&stream, Z_FINISH);
	size_t end = 13 + stream.total_out;
	(void)deflateEnd(&stream);
	memcpy(out + end, "IKCFG_ED rest", 13);
	return end + 13;
}

TEST(reads_the_configuration_in_a_kernel)
{
	static uint8_t bytes[4096];
	size_t size = make_ikconfig(bytes, sizeof bytes);
	REQUIRE(size > 0);
	struct inspected inspected;
	inspected_run(&inspected, &inspector_kernel_config, "kernel", span_of(bytes, size));
	check_options(&inspected);
	CHECK_EQUAL(inspected.notes.count, 0);
	inspected_done(&inspected);

	inspected_run(&inspected, &inspector_kernel_config, "kernel", span_of(bytes, size / 2));
	CHECK(inspected_noted(&inspected, "kernel.config-damaged"));
	inspected_done(&inspected);
}

TEST(modules_and_names_stand_in_for_a_kernel)
{
	struct evidence *evidence;
	REQUIRE(evidence_new(&evidence) == DONE);
	sqlite3 *database = evidence_database(evidence);
	REQUIRE(query_run(database,
			  "INSERT INTO volume (id, format, label, offset, size, state)"
			  " VALUES (1, 'uimage', 'MIPS Linux-3.10.49', 0, 9, 'read');"
			  "INSERT INTO file (id, volume, path, type, size, state) VALUES (1, 1, '/a.ko', 'file', 1, 'read'),"
			  " (2, 1, '/b.ko', 'file', 1, 'read'), (3, 1, '/c.ko', 'file', 1, 'read');"
			  "INSERT INTO kernel_module (file, name, release, signed) VALUES (1, 'a', '2.6.36', 0),"
			  " (2, 'b', '3.10.14-vendor', 0), (3, 'c', '3.10.14-vendor', 0);") == DONE);
	CHECK_EQUAL(inspector_kernel.conclude(evidence), DONE);
	CHECK_EQUAL(query_number(database, "SELECT COUNT(*) FROM kernel WHERE release = '3.10.14-vendor'"
					   " AND version = '3.10.14' AND source = 'modules' AND file = 2"), 1);
	REQUIRE(query_run(database, "DELETE FROM kernel; DELETE FROM kernel_module;") == DONE);
	CHECK_EQUAL(inspector_kernel.conclude(evidence), DONE);
	CHECK_EQUAL(query_number(database, "SELECT COUNT(*) FROM kernel WHERE release = '3.10.49'"
					   " AND source = 'uimage'"), 1);
	CHECK_EQUAL(inspector_kernel.conclude(evidence), DONE);
	CHECK_EQUAL(query_number(database, "SELECT COUNT(*) FROM kernel"), 1);
	evidence_free(evidence);
}

/* The configuration beside a kernel says all that one inside it would: what its strings prove is no second, partial one. */
TEST(a_configuration_beside_the_kernel_is_as_good_as_one_inside)
{
	struct evidence *evidence;
	REQUIRE(evidence_new(&evidence) == DONE);
	sqlite3 *database = evidence_database(evidence);
	REQUIRE(query_run(database,
			  "INSERT INTO volume (id, format, offset, size, state) VALUES (1, 'raw', 0, 9, 'read');"
			  "INSERT INTO file (id, volume, path, type, size, state) VALUES (1, 1, '/boot/Image', 'file', 1, 'read'),"
			  " (2, 1, '/boot/config-5.10', 'file', 1, 'read');"
			  "INSERT INTO kernel (file, release, version, source) VALUES (1, '5.10.1', '5.10.1', 'banner');"
			  "INSERT INTO kernel_option (file, name, value) VALUES (1, 'CONFIG_SMP', 'y');"
			  "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 300)"
			  " INSERT INTO kernel_option (file, name, value) SELECT 2, 'CONFIG_' || i, 'y' FROM n;") == DONE);
	CHECK_EQUAL(inspector_kernel.conclude(evidence), DONE);
	CHECK_EQUAL(query_number(database, "SELECT COUNT(*) FROM kernel_option"), 301); /* a part of one decides nothing */
	REQUIRE(query_run(database,
			  "WITH RECURSIVE n(i) AS (SELECT 301 UNION ALL SELECT i + 1 FROM n WHERE i < 400)"
			  " INSERT INTO kernel_option (file, name, value) SELECT 2, 'CONFIG_' || i, 'y' FROM n;") == DONE);
	CHECK_EQUAL(inspector_kernel.conclude(evidence), DONE);
	CHECK_EQUAL(query_number(database, "SELECT COUNT(*) FROM kernel_option"), 400);
	CHECK_EQUAL(query_number(database, "SELECT COUNT(*) FROM kernel_option WHERE file = 1"), 0);
	REQUIRE(query_run(database, "INSERT INTO kernel (file, release, version, source) VALUES (2, '4.4', '4.4', 'banner');"
				    "INSERT INTO kernel_option (file, name, value) VALUES (1, 'CONFIG_SMP', 'y');") == DONE);
	CHECK_EQUAL(inspector_kernel.conclude(evidence), DONE); /* whose it is, two kernels leave open */
	CHECK_EQUAL(query_number(database, "SELECT COUNT(*) FROM kernel_option WHERE file = 1"), 1);
	evidence_free(evidence);
}

/* A 32-bit little-endian relocatable with two sections: their names, and .modinfo. */
#define MODULE_HEADER                                                                                           \
	"\177ELF\1\1\1\0\0\0\0\0\0\0\0\0\1\0\x8\0\1\0\0\0\0\0\0\0\0\0\0\0\x34\0\0\0\0\0\0\0\x34\0\0\0\0\0\x28\0" \
	"\2\0\0\0"
#define SECTION(name, type, offset, size)                                                               \
	name "\0\0\0" type "\0\0\0\0\0\0\0\0\0\0\0" offset "\0\0\0" size "\0\0\0\0\0\0\0\0\0\0\0\1\0\0\0\0\0\0\0"
static const char module_bytes[] = MODULE_HEADER SECTION("\0", "\3", "\x84", "\x0a") SECTION("\1", "\1", "\x8e", "\x5a")
	"\0.modinfo\0"
	"license=GPL\0version=1.2\0depends=\0vermagic=4.14.63 SMP mod_unload MIPS32_R2 32BIT \0............"
	"~Module signature appended~\n";

TEST(reads_a_module)
{
	struct inspected inspected;
	inspected_run(&inspected, &inspector_kernel_module, "/lib/modules/4.14.63/nf-nat.ko", SPAN_LITERAL(module_bytes));
	const struct fact *row = inspected_row(&inspected, EVIDENCE_KERNEL_MODULE, 0);
	CHECK_TEXT(inspected_text(row, KERNEL_MODULE_NAME), "nf_nat");
	CHECK_TEXT(inspected_text(row, KERNEL_MODULE_RELEASE), "4.14.63");
	CHECK_TEXT(inspected_text(row, KERNEL_MODULE_LICENCE), "GPL");
	CHECK_TEXT(inspected_text(row, KERNEL_MODULE_VERSION), "1.2");
	CHECK_EQUAL(inspected_integer(row, KERNEL_MODULE_SIGNED), 1);
	inspected_done(&inspected);

	for (size_t cut = 0; cut < sizeof module_bytes; cut++) {
		inspected_run(&inspected, &inspector_kernel_module, "/a.ko", span_of(module_bytes, cut));
		inspected_done(&inspected);
	}
}

/* As a compressed file holds it: without a name of its own. Three sections: their names, .modinfo, struct module. */
static const char nameless_module[] =
	"\177ELF\1\1\1\0\0\0\0\0\0\0\0\0\1\0\x8\0\1\0\0\0\0\0\0\0\0\0\0\0\x34\0\0\0\0\0\0\0"
	"\x34\0\0\0\0\0\x28\0\3\0\0\0"
	SECTION("\0", "\3", "\xac", "\x24") SECTION("\1", "\1", "\xd0", "\x0c") SECTION("\x0a", "\1", "\xdc", "\x14")
	"\0.modinfo\0.gnu.linkonce.this_module\0" "license=GPL\0" "\0\0\0\0\0\0\0\0\0\0\0\0xt_time\0";

TEST(a_module_is_known_by_what_it_holds)
{
	struct inspected inspected;
	struct span bytes = SPAN_LITERAL(nameless_module);
	CHECK_EQUAL(kind_of(SPAN_LITERAL("data"), bytes), KIND_KERNEL_MODULE);
	CHECK_EQUAL(kind_of(SPAN_LITERAL("data"), SPAN_LITERAL(module_bytes)), KIND_ELF);
	CHECK_EQUAL(kind_of(SPAN_LITERAL("a.ko"), SPAN_LITERAL(module_bytes)), KIND_KERNEL_MODULE);
	inspected_run(&inspected, &inspector_kernel_module, "/data", bytes);
	const struct fact *row = inspected_row(&inspected, EVIDENCE_KERNEL_MODULE, 0);
	REQUIRE(row);
	CHECK_TEXT(inspected_text(row, KERNEL_MODULE_NAME), "xt_time");
	inspected_done(&inspected);
	for (size_t cut = 0; cut < bytes.size; cut++) {
		inspected_run(&inspected, &inspector_kernel_module, "/data", span_slice(bytes, 0, cut));
		inspected_done(&inspected);
	}
}

TESTS(distributions_tell_the_version_behind_their_own, a_module_is_known_by_what_it_holds, 
      what_cannot_be_a_kernel_is_none_whoever_says_so,
      takes_a_banner_apart, a_format_is_no_banner, reads_a_kernel,
      reads_the_line_that_was_filled_in, two_command_lines_are_not_clear,
      a_log_is_no_kernel, a_quoted_banner_is_no_kernel,
      what_only_a_kernel_holds_makes_one, reads_a_configuration_file, reads_the_configuration_in_a_kernel,
      modules_and_names_stand_in_for_a_kernel,
      a_configuration_beside_the_kernel_is_as_good_as_one_inside, reads_a_module)
