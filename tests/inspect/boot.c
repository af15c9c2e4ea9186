#include "base/digest.h"
#include "evidence/query.h"
#include "harness.h"
#include "inspect/inspected.h"
#include "inspect/registry.h"

static const char *value_of(const struct inspected *inspected, const char *variable)
{
	const struct fact *row = inspected_find(inspected, EVIDENCE_BOOT_VARIABLE, BOOT_VARIABLE_NAME, variable);
	static char text[512];
	snprintf(text, sizeof text, "%.*s", SPAN_FORMAT(inspected_text(row, BOOT_VARIABLE_VALUE)));
	return text;
}
#define CHECK_VARIABLE(inspected, name, want) CHECK_TEXT(span_of_text(value_of((inspected), (name))), want)

#define LOADER(text) INSPECTED_CODE text "\0\0\4\5"

static void check_loader(const char *bytes, size_t size, const char *name, const char *version, const char *built)
{
	struct inspected inspected;
	inspected_run(&inspected, &inspector_boot, "u-boot", span_of(bytes, size));
	const struct fact *row = inspected_row(&inspected, EVIDENCE_BOOT_LOADER, 0);
	CHECK_TEXT(inspected_text(row, BOOT_LOADER_NAME), name);
	CHECK_TEXT(inspected_text(row, BOOT_LOADER_VERSION), version);
	CHECK_TEXT(inspected_text(row, BOOT_LOADER_BUILT), built);
	CHECK_EQUAL(inspected_count(&inspected, EVIDENCE_BOOT_LOADER), *name ? 1 : 0);
	inspected_done(&inspected);
}
#define CHECK_LOADER(text, name, version, built) \
	check_loader(LOADER(text), sizeof(LOADER(text)), (name), (version), (built))

TEST(knows_loaders_by_their_banners)
{
	CHECK_LOADER("U-Boot 1.1.3 (Apr  3 2014 - 10:11:12)", "U-Boot", "1.1.3", "Apr  3 2014 - 10:11:12");
	CHECK_LOADER("U-Boot SPL 2013.07 (Jul 28 2017 - 17:10:01)", "U-Boot", "2013.07", "Jul 28 2017 - 17:10:01");
	CHECK_LOADER("U-Boot 2012.10-svn123 (Oct 13 2017 - 20:12:38) for BOARD", "U-Boot", "2012.10-svn123",
		     "Oct 13 2017 - 20:12:38");
	CHECK_LOADER("U-Boot 2021.04 (May 07 2022 - 21:20:42 -0700)", "U-Boot", "2021.04",
		     "May 07 2022 - 21:20:42 -0700");
	CHECK_LOADER("CFE version 1.0.37-104.4 for BCM96358", "CFE", "1.0.37-104.4", "");
	CHECK_LOADER("RedBoot(tm) bootstrap\nNon-certified release, version v2_0 - built 10:11:12, Mar  3 2005\n",
		     "RedBoot", "v2_0", "10:11:12, Mar  3 2005");
	CHECK_LOADER("barebox 2019.05.0-1", "Barebox", "2019.05.0-1", "");
	CHECK_LOADER("BL31: %s\n\0v2.6(release):v2.6", "TF-A", "2.6", "");
	CHECK_LOADER("OP-TEE version: %s\0003.16.0 (gcc version 10.2.1 (GNU)) #1 Tue Feb 1 aarch64", "OP-TEE",
		     "3.16.0", "");
	CHECK_LOADER("GRUB  version 2.06", "GRUB", "2.06", "");
}

TEST(other_words_are_no_loader)
{
	CHECK_LOADER("U-Boot 2021.04 is needed (see the manual)", "", "", "");
	CHECK_LOADER("U-Boot %s (%s - %s)", "", "", "");
	CHECK_LOADER("v2.6(release):v2.6", "", "", "");
	struct inspected inspected;
	inspected_run(&inspected, &inspector_boot, "/readme", SPAN_LITERAL("U-Boot 1.1.3 (Apr  3 2014 - 10:11:12)\n"));
	CHECK_EQUAL(inspected_count(&inspected, EVIDENCE_BOOT_LOADER), 0);
	inspected_done(&inspected);
	/* A database of banners, as a file and as a part. */
	static const char database[] = "DB\0\1\0\x27U-Boot 1.1.3 (Apr  3 2014 - 10:11:12)\0\0\7CFE version 1.0.37 \0";
	static const char *const names[] = { "/usr/share/banners.dat", "banners" };
	for (size_t i = 0; i < 2; i++) {
		inspected_run(&inspected, &inspector_boot, names[i], span_of(database, sizeof database));
		CHECK_EQUAL(inspected_count(&inspected, EVIDENCE_BOOT_LOADER), 0);
		inspected_done(&inspected);
	}
}

static int64_t verifies(const char *words, size_t size)
{
	char bytes[256] = LOADER("U-Boot 2021.04 (May 07 2022 - 21:20:42)");
	memcpy(bytes + 96, words, size);
	struct inspected inspected;
	inspected_run(&inspected, &inspector_boot, "u-boot", span_of(bytes, sizeof bytes));
	int64_t answer = inspected_integer(inspected_row(&inspected, EVIDENCE_BOOT_LOADER, 0), BOOT_LOADER_VERIFIES);
	inspected_done(&inspected);
	return answer;
}
#define VERIFIES(words) verifies(words, sizeof(words))

TEST(says_whether_a_loader_verifies)
{
	CHECK_EQUAL(VERIFIES("Verifying Checksum ...\0key-name-hint\0rsa,n0-inverse"), 1);
	CHECK_EQUAL(VERIFIES("Verifying Checksum ...\0bootm"), 0);
	CHECK_EQUAL(VERIFIES("Verifying Checksum ...\0bad signature"), INSPECTED_NULL);
	CHECK_EQUAL(VERIFIES("nothing in clear"), INSPECTED_NULL);
	CHECK_EQUAL(VERIFIES("Verifying Checksum ...\0bad MBR sector signature 0x%02x%02x\0"
			     "GUID Partition Table Header signature is wrong"), 0);
	CHECK_EQUAL(VERIFIES("Verifying Checksum ...\0bad MBR sector signature 0x%02x%02x\0"
			     "kernel partition: bad signature"), INSPECTED_NULL);
}

TEST(reads_a_compiled_in_environment)
{
	static const char bytes[] = INSPECTED_CODE "code\1SunMonTueFriSatbootargs=console=ttyS1,115200 root=/dev/mtdblock2\0"
				    "bootcmd=bootm 0x1\0bootdelay=3\0ipaddr=192.168.1.1\0\0more";
	struct inspected inspected;
	inspected_run(&inspected, &inspector_boot, "0x20000", SPAN_LITERAL(bytes));
	CHECK_EQUAL(inspected_count(&inspected, EVIDENCE_BOOT_VARIABLE), 4);
	CHECK_VARIABLE(&inspected, "bootdelay", "3");
	CHECK_VARIABLE(&inspected, "bootargs", "console=ttyS1,115200 root=/dev/mtdblock2");
	const struct fact *row = inspected_row(&inspected, EVIDENCE_BOOT_VARIABLE, 0);
	CHECK_TEXT(inspected_text(row, BOOT_VARIABLE_SOURCE), "default");
	row = inspected_find(&inspected, EVIDENCE_KERNEL_PARAMETER, KERNEL_PARAMETER_NAME, "root");
	CHECK_TEXT(inspected_text(row, KERNEL_PARAMETER_VALUE), "/dev/mtdblock2");
	inspected_done(&inspected);

	inspected_run(&inspected, &inspector_boot, "0x20000",
		      SPAN_LITERAL(INSPECTED_CODE "\0usage: setenv bootargs=x\0bootdelay=\0x"));
	CHECK_EQUAL(inspected_count(&inspected, EVIDENCE_BOOT_VARIABLE), 0);
	inspected_done(&inspected);
}

TEST(reads_a_stored_environment)
{
	struct inspected inspected;
	inspected_run(&inspected, &inspector_boot, "environment",
		      SPAN_LITERAL("\x81\xfe\x33\x10" "baudrate=115200\0bootdelay=0\0\0\xff\xff"));
	CHECK_EQUAL(inspected_count(&inspected, EVIDENCE_BOOT_VARIABLE), 2);
	CHECK_VARIABLE(&inspected, "bootdelay", "0");
	CHECK_TEXT(inspected_text(inspected_row(&inspected, EVIDENCE_BOOT_VARIABLE, 0), BOOT_VARIABLE_SOURCE), "stored");
	inspected_done(&inspected);
}

/* A block that no magic tells: its first variable is unusual, it begins at an odd place, and its size is none of flash. */
TEST(finds_stored_environments_anywhere)
{
	static const char texts[] = "zone=eu\0bootdelay=0\0bootcmd=run x\0";
	for (size_t header = 4; header <= 5; header++) {
		static uint8_t bytes[1200];
		memset(bytes, 0, sizeof bytes);
		memset(bytes, 0x91, 77);
		bytes[81] = 1; /* the flag, where there is one */
		memcpy(bytes + 77 + header, texts, sizeof texts);
		uint32_t crc = digest_crc32(0, span_of(bytes + 77 + header, 1001 - header));
		for (int i = 0; i < 4; i++)
			bytes[77 + i] = (uint8_t)(crc >> (8 * i));
		static const char *const names[] = { "0x0", "/etc/environment.bin" };
		for (size_t i = 0; i < 2; i++) {
			struct inspected inspected;
			inspected_run(&inspected, &inspector_boot, names[i], span_of(bytes, sizeof bytes));
			CHECK_EQUAL(inspected_count(&inspected, EVIDENCE_BOOT_VARIABLE), 3);
			CHECK_VARIABLE(&inspected, "zone", "eu");
			CHECK_TEXT(inspected_text(inspected_row(&inspected, EVIDENCE_BOOT_VARIABLE, 0), BOOT_VARIABLE_SOURCE), "stored");
			inspected_done(&inspected);
		}
		bytes[100] ^= 1; /* the checksum does not hold, and this is no code */
		struct inspected inspected;
		inspected_run(&inspected, &inspector_boot, "/etc/environment.bin", span_of(bytes, sizeof bytes));
		CHECK_EQUAL(inspected_count(&inspected, EVIDENCE_BOOT_VARIABLE), 0);
		inspected_done(&inspected);
	}
}

TEST(reads_real_loaders)
{
	const char *real = harness_corpus("dafang/escamg02/uboot.bin");
	if (!real)
		SKIP("the corpus is not here");
	struct inspected inspected;
	REQUIRE(inspected_run_file(&inspected, &inspector_boot, "0x0", real));
	CHECK_TEXT(inspected_text(inspected_row(&inspected, EVIDENCE_BOOT_LOADER, 0), BOOT_LOADER_VERSION), "2012.10");
	CHECK_VARIABLE(&inspected, "bootdelay", "5");
	inspected_done(&inspected);
}

static const struct fact *parameter(const struct inspected *inspected, const char *name)
{
	return inspected_find(inspected, EVIDENCE_KERNEL_PARAMETER, KERNEL_PARAMETER_NAME, name);
}

TEST(reads_configuration_files)
{
	struct inspected inspected;
	inspected_run(&inspected, &inspector_boot_configuration, "/boot/extlinux/extlinux.conf",
		      SPAN_LITERAL("DEFAULT linux\nLABEL linux\n  LINUX /Image\n  append console=ttyS2 root=/dev/mmcblk0p2\n"));
	CHECK_TEXT(inspected_text(parameter(&inspected, "root"), KERNEL_PARAMETER_VALUE), "/dev/mmcblk0p2");
	CHECK_TEXT(inspected_text(parameter(&inspected, "root"), KERNEL_PARAMETER_SOURCE), "boot configuration");
	CHECK_VARIABLE(&inspected, "linux", "/Image");
	inspected_done(&inspected);

	inspected_run(&inspected, &inspector_boot_configuration, "/boot/grub/grub.cfg",
		      SPAN_LITERAL("set timeout=5\nmenuentry 'x' {\n\tlinux /vmlinuz root=/dev/sda1 ro init=/bin/sh\n}\n"));
	CHECK_TEXT(inspected_text(parameter(&inspected, "init"), KERNEL_PARAMETER_VALUE), "/bin/sh");
	CHECK_VARIABLE(&inspected, "timeout", "5");
	inspected_done(&inspected);

	inspected_run(&inspected, &inspector_boot_configuration, "/uEnv.txt",
		      SPAN_LITERAL("# comment\nbootdelay=2\nbootargs=quiet\n"));
	CHECK(parameter(&inspected, "quiet"));
	CHECK_VARIABLE(&inspected, "bootdelay", "2");
	inspected_done(&inspected);

	inspected_run(&inspected, &inspector_boot_configuration, "/etc/other.txt", SPAN_LITERAL("bootargs=quiet\n"));
	CHECK(!inspected.ran);
	inspected_done(&inspected);
}

TEST(a_uimage_has_a_checksum_only)
{
	struct evidence *evidence;
	REQUIRE(evidence_new(&evidence) == DONE);
	sqlite3 *database = evidence_database(evidence);
	REQUIRE(query_run(database, "INSERT INTO volume (id, format, label, offset, size, state)"
				    " VALUES (1, 'uimage', 'MIPS Linux-3.10.49', 0, 9, 'read');"
				    "INSERT INTO file (id, volume, path, type, size, state)"
				    " VALUES (1, 1, 'kernel', 'part', 1, 'read');") == DONE);
	CHECK_EQUAL(inspector_boot.conclude(evidence), DONE);
	CHECK_EQUAL(query_number(database, "SELECT COUNT(*) FROM boot_signature WHERE subject = 'kernel'"
					   " AND algorithm = 'crc32' AND signed = 0 AND file = 1"), 1);
	evidence_free(evidence);
}

TESTS(knows_loaders_by_their_banners, other_words_are_no_loader, says_whether_a_loader_verifies,
      reads_a_compiled_in_environment, reads_a_stored_environment, finds_stored_environments_anywhere,
      reads_real_loaders, reads_configuration_files,
      a_uimage_has_a_checksum_only)
