/* Package databases: records as the managers write them, whole and damaged. */
#include "harness.h"

#include <sqlite3.h>

#include "base/buffer.h"
#include "identify/package.h"
#include "inspect/inspected.h"

static const char status[] = "Package: libssl3\n"
			     "Status: install ok installed\n"
			     "Source: openssl (3.0.11-1)\n"
			     "Architecture: armhf\n"
			     "Version: 3.0.11-1~deb12u2\n"
			     "Description: libraries\n"
			     " Version: not this\n"
			     "\n"
			     "Package: gone\n"
			     "Status: deinstall ok config-files\n"
			     "Version: 1.0-1\n"
			     "\n"
			     "Package: busybox\n"
			     "Version: 1.35.0-4";

TEST(reads_dpkg_status)
{
	struct inspected inspected;
	inspected_run(&inspected, &inspector_packages_control, "/var/lib/dpkg/status", span_of_text(status));
	CHECK_EQUAL(inspected_count(&inspected, EVIDENCE_PACKAGE), 2);
	const struct fact *row = inspected_find(&inspected, EVIDENCE_PACKAGE, PACKAGE_NAME, "libssl3");
	CHECK_TEXT(inspected_text(row, PACKAGE_VERSION), "3.0.11-1~deb12u2");
	CHECK_TEXT(inspected_text(row, PACKAGE_SOURCE), "openssl (3.0.11-1)");
	CHECK_TEXT(inspected_text(row, PACKAGE_MANAGER), "dpkg");
	CHECK_EQUAL(inspected_integer(row, PACKAGE_LINE), 1);
	row = inspected_find(&inspected, EVIDENCE_PACKAGE, PACKAGE_NAME, "busybox");
	CHECK_TEXT(inspected_text(row, PACKAGE_VERSION), "1.35.0-4");
	CHECK_EQUAL(inspected_integer(row, PACKAGE_LINE), 13);
	inspected_done(&inspected);
}

TEST(reads_opkg_status_and_control)
{
	struct inspected inspected;
	inspected_run(&inspected, &inspector_packages_control, "/usr/lib/opkg/status", span_of_text(status));
	CHECK_TEXT(inspected_text(inspected_row(&inspected, EVIDENCE_PACKAGE, 0), PACKAGE_MANAGER), "opkg");
	inspected_done(&inspected);
	inspected_run(&inspected, &inspector_packages_control, "/foo.ipk!/control.tar.gz!/control",
		      SPAN_LITERAL("Package: foo\nVersion: 1-1\nSource: package/utils/foo\nLicense: MIT\nCPE-ID: cpe:/a:x:foo\n"));
	const struct fact *row = inspected_row(&inspected, EVIDENCE_PACKAGE, 0);
	CHECK_TEXT(inspected_text(row, PACKAGE_MANAGER), "opkg");
	CHECK_TEXT(inspected_text(row, PACKAGE_SOURCE), "foo");
	CHECK_TEXT(inspected_text(row, PACKAGE_CPE), "cpe:/a:x:foo");
	inspected_done(&inspected);
	inspected_run(&inspected, &inspector_packages_control, "/etc/status", span_of_text(status));
	CHECK(!inspected.ran);
	inspected_done(&inspected);
}

static void check_file(const char *list, const char *text, const char *package, const char *path, size_t count)
{
	struct inspected inspected;
	inspected_run(&inspected, &inspector_package_files, list, span_of_text(text));
	CHECK_EQUAL(inspected_count(&inspected, EVIDENCE_PACKAGE_FILE), count);
	const struct fact *row = inspected_find(&inspected, EVIDENCE_PACKAGE_FILE, PACKAGE_FILE_PATH, path);
	CHECK_TEXT(inspected_text(row, PACKAGE_FILE_PACKAGE), package);
	inspected_done(&inspected);
}

TEST(reads_which_programs_a_package_brought)
{
	check_file("/usr/lib/opkg/info/dropbear.list", "/usr/sbin/dropbear\t0100755\n/etc/config/dropbear\n/usr/bin/scp\n",
		   "dropbear", "/usr/sbin/dropbear", 2);
	check_file("/var/lib/dpkg/info/libc6:armhf.list", "/.\n/sbin/ldconfig\n/lib/libc.so.6\n", "libc6", "/sbin/ldconfig", 1);
	check_file("/lib/apk/db/installed", "P:busybox\nF:bin\nR:busybox\nF:etc\nR:x\n\nP:zlib\nF:lib\nR:libz.so.1\n", "busybox",
		   "/bin/busybox", 1);
}

TEST(reads_apk)
{
	struct inspected inspected;
	inspected_run(&inspected, &inspector_packages_apk, "/lib/apk/db/installed",
		      SPAN_LITERAL("C:Q1\nP:musl\nV:1.2.3-r4\nA:x86_64\nL:MIT\no:musl\nF:lib\n\nP:zlib\nV:1.2.13-r0\n"));
	CHECK_EQUAL(inspected_count(&inspected, EVIDENCE_PACKAGE), 2);
	const struct fact *row = inspected_row(&inspected, EVIDENCE_PACKAGE, 0);
	CHECK_TEXT(inspected_text(row, PACKAGE_VERSION), "1.2.3-r4");
	CHECK_TEXT(inspected_text(row, PACKAGE_LICENCE), "MIT");
	inspected_done(&inspected);
	inspected_run(&inspected, &inspector_packages_apk, "/.PKGINFO",
		      SPAN_LITERAL("# made by abuild\npkgname = mini_httpd\npkgver = 1.30-r5\narch = armhf\n"));
	CHECK_TEXT(inspected_text(inspected_row(&inspected, EVIDENCE_PACKAGE, 0), PACKAGE_NAME), "mini_httpd");
	inspected_done(&inspected);
}

static void put32(struct buffer *out, uint32_t value)
{
	uint8_t bytes[4] = { (uint8_t)(value >> 24), (uint8_t)(value >> 16), (uint8_t)(value >> 8), (uint8_t)value };
	CHECK_EQUAL(buffer_append(out, span_of(bytes, 4)), DONE);
}

/* A header of texts: tags and their values. */
static void put_header(struct buffer *out)
{
	static const struct {
		uint32_t tag;
		const char *text;
	} values[] = { { 1000, "zlib" }, { 1001, "1.2.11" }, { 1002, "19.fc31" }, { 1044, "zlib-1.2.11-19.fc31.src.rpm" } };
	uint32_t offset = 0;
	for (size_t i = 0; i < 4; i++)
		offset += (uint32_t)strlen(values[i].text) + 1;
	put32(out, 4);
	put32(out, offset);
	offset = 0;
	for (size_t i = 0; i < 4; i++) {
		put32(out, values[i].tag);
		put32(out, 6);
		put32(out, offset);
		put32(out, 1);
		offset += (uint32_t)strlen(values[i].text) + 1;
	}
	for (size_t i = 0; i < 4; i++)
		CHECK_EQUAL(buffer_append(out, span_of(values[i].text, strlen(values[i].text) + 1)), DONE);
}

static void check_zlib(const char *path, struct span bytes)
{
	struct inspected inspected;
	inspected_run(&inspected, &inspector_packages_rpm, path, bytes);
	const struct fact *row = inspected_row(&inspected, EVIDENCE_PACKAGE, 0);
	CHECK_TEXT(inspected_text(row, PACKAGE_NAME), "zlib");
	CHECK_TEXT(inspected_text(row, PACKAGE_VERSION), "1.2.11-19.fc31");
	CHECK_TEXT(inspected_text(row, PACKAGE_SOURCE), "zlib");
	inspected_done(&inspected);
}

TEST(reads_rpm_packages)
{
	struct buffer out;
	buffer_init(&out, 1 << 20, NULL);
	CHECK_EQUAL(buffer_append(&out, SPAN_LITERAL("\xed\xab\xee\xdb")), DONE);
	CHECK_EQUAL(buffer_append_zeros(&out, 92), DONE);
	for (int part = 0; part < 2; part++) {
		CHECK_EQUAL(buffer_append(&out, SPAN_LITERAL("\x8e\xad\xe8\x01\0\0\0\0")), DONE);
		put_header(&out);
		while (part == 0 && out.size % 8)
			CHECK_EQUAL(buffer_append_zeros(&out, 1), DONE);
	}
	check_zlib("/zlib.rpm", buffer_span(&out));
	for (size_t size = 0; size < out.size; size++) {
		struct inspected inspected;
		inspected_run(&inspected, &inspector_packages_rpm, "/zlib.rpm", span_slice(buffer_span(&out), 0, size));
		CHECK_EQUAL(inspected_count(&inspected, EVIDENCE_PACKAGE), 0);
		inspected_done(&inspected);
	}
	buffer_done(&out);
}

TEST(reads_the_rpm_database_in_sqlite)
{
	struct buffer header;
	sqlite3 *database;
	sqlite3_stmt *insert;
	buffer_init(&header, 1 << 20, NULL);
	put_header(&header);
	REQUIRE(sqlite3_open(":memory:", &database) == SQLITE_OK);
	sqlite3_exec(database, "CREATE TABLE Packages (hnum INTEGER PRIMARY KEY, blob BLOB NOT NULL)", NULL, NULL, NULL);
	sqlite3_prepare_v2(database, "INSERT INTO Packages VALUES (1, ?1)", -1, &insert, NULL);
	sqlite3_bind_blob(insert, 1, header.data, (int)header.size, SQLITE_TRANSIENT);
	CHECK_EQUAL(sqlite3_step(insert), SQLITE_DONE);
	sqlite3_finalize(insert);
	sqlite3_int64 size;
	unsigned char *image = sqlite3_serialize(database, "main", &size, 0);
	REQUIRE(image);
	check_zlib("/usr/lib/sysimage/rpm/rpmdb.sqlite", span_of(image, (size_t)size));
	image[18] = image[19] = 2; /* as rpm leaves it: in write-ahead mode */
	check_zlib("/var/lib/rpm/rpmdb.sqlite", span_of(image, (size_t)size));
	struct inspected inspected;
	inspected_run(&inspected, &inspector_packages_rpm, "/var/lib/rpm/rpmdb.sqlite-wal", SPAN_LITERAL("7\x7f\6\x82"));
	CHECK(inspected_noted(&inspected, "packages-rpm.journal"));
	inspected_done(&inspected);
	inspected_run(&inspected, &inspector_packages_rpm, "/var/lib/rpm/rpmdb.sqlite-wal", SPAN_LITERAL(""));
	CHECK(!inspected.ran);
	inspected_done(&inspected);
	memset(image + 4096, 0xff, 64);
	inspected_run(&inspected, &inspector_packages_rpm, "/var/lib/rpm/rpmdb.sqlite", span_of(image, (size_t)size));
	CHECK(inspected_noted(&inspected, "packages-rpm.damaged"));
	inspected_done(&inspected);
	sqlite3_free(image);
	sqlite3_close(database);
	buffer_done(&header);
}

TESTS(reads_which_programs_a_package_brought, reads_dpkg_status, reads_opkg_status_and_control, reads_apk,
      reads_rpm_packages, reads_the_rpm_database_in_sqlite)
