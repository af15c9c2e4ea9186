/* Sightings of an image become its components: names, versions, conflicts. */
#include "harness.h"

#include "evidence/query.h"
#include "identify/component.h"
#include "identify/identify.h"
#include "identify/package.h"
#include "identify/snapshot.h"

static struct arena arena;
static struct recognisers recognisers;
static struct evidence *evidence;

static bool begin(void)
{
	struct span error;
	arena_init(&arena, 64 << 20);
	return recognisers_load(&arena, &recognisers, &error) == DONE && evidence_new(&evidence) == DONE &&
	       query_run(evidence_database(evidence),
			 "INSERT INTO volume (id, format, offset, size, state) VALUES (1, 'raw', 0, 1, 'read');"
			 "INSERT INTO file (id, volume, path, type, size, state) VALUES"
			 " (1, 1, '/usr/lib/opkg/status', 'file', 1, 'read'), (2, 1, '/lib/libz.so', 'file', 1, 'read'),"
			 " (3, 1, '/bin/static', 'file', 1, 'read'), (4, 1, 'kernel', 'part', 1, 'read')") == DONE;
}

static void end(void)
{
	evidence_free(evidence);
	arena_done(&arena);
}

static bool run(const char *sql)
{
	return query_run(evidence_database(evidence), sql) == DONE;
}

/* A column of the only component of that name; "" where there is none, "several" where there are more. */
static const char *column_of(const char *column, const char *name)
{
	static char words[512];
	char sql[200];
	snprintf(sql, sizeof sql, "SELECT %s FROM component WHERE name = ?1", column);
	struct query query = query_start(evidence_database(evidence), sql);
	query_bind_text(&query, 1, span_of_text(name));
	size_t rows = 0;
	words[0] = 0;
	for (; query_next(&query); rows++)
		snprintf(words, sizeof words, "%s", rows ? "several" : query_string(&query, 0) ? query_string(&query, 0) : "NULL");
	CHECK_EQUAL(query_end(&query), DONE);
	return words;
}

#define CHECK_COLUMN(column, name, want) CHECK_TEXT(span_of_text(column_of((column), (name))), (want))

/* dpkg and apk are not of one distribution alone: the system says whose packages they are. */
TEST(packages_belong_to_the_system_that_they_are_installed_in)
{
	static const struct {
		const char *system, *other, *manager, *version, *distribution;
	} cases[] = {
		{ "Ubuntu 20.04.6 LTS", NULL, "dpkg", "1.30+dfsg-7", "ubuntu" },
		{ "Debian GNU/Linux 12 (bookworm)", NULL, "dpkg", "1.34+dfsg-1.2", "debian" },
		{ "Acme OS 3", NULL, "dpkg", "1.34-1", "acme" },
		{ "Debian GNU/Linux 12 (bookworm)", "Ubuntu 22.04", "dpkg", "1.34-1", "NULL" },
		{ NULL, NULL, "dpkg", "1.34-1", "debian" },
		{ NULL, NULL, "dpkg", "1.30+dfsg-7ubuntu0.20.04.1", "ubuntu" },
		{ "Alpine Linux v3.19", NULL, "apk", "1.35-r2", "alpine" },
		{ "OpenWrt 25.12.0", NULL, "apk", "1.35-r2", "openwrt" },
		{ "Acme OS 3", NULL, "opkg", "1.35-2", "openwrt" },
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		char sql[512];
		REQUIRE(begin());
		const char *family = strcmp(cases[i].manager, "dpkg") == 0  ? "debian"
				     : strcmp(cases[i].manager, "apk") == 0 ? "alpine" : "openwrt";
		(void)snprintf(sql, sizeof sql, "INSERT INTO package (file, line, manager, name, version, distribution)"
			       " VALUES (1, 1, '%s', 'tar', '%s', '%s')", cases[i].manager, cases[i].version, family);
		CHECK(run(sql));
		const char *systems[] = { cases[i].system, cases[i].other };
		for (size_t k = 0; k < 2 && systems[k]; k++) {
			(void)snprintf(sql, sizeof sql, "INSERT INTO identity (file, line, subject, value, source, confidence)"
				       " VALUES (2, 1, 'system', '%s', 'file', 60)", systems[k]);
			CHECK(run(sql));
		}
		REQUIRE(identify_merge(evidence, &recognisers) == DONE);
		struct query query = query_start(evidence_database(evidence), "SELECT coalesce(distribution, 'NULL') FROM package");
		CHECK(query_next(&query));
		CHECK_TEXT(query_text(&query, 0), cases[i].distribution);
		CHECK_EQUAL(query_end(&query), DONE);
		end();
	}
}

TEST(packages_and_banners_agree)
{
	REQUIRE(begin());
	CHECK(run("INSERT INTO package (file, line, manager, name, version, architecture) VALUES"
		  " (1, 1, 'opkg', 'zlib', '1.2.8-1', 'mips'), (1, 5, 'opkg', 'kmod-foo', '4.14.63-1', 'mips'),"
		  " (1, 9, 'opkg', 'wpad-mini', '2018-05-21-62566bc2-6', 'mips')"));
	CHECK(run("INSERT INTO witness (file, offset, component, version, method, detail, confidence) VALUES"
		  " (2, 10, 'zlib', '1.2.8', 'banner', 'deflate 1.2.8 Copyright 1995', 95),"
		  " (3, 10, 'hostapd', '2.7-devel', 'banner', 'hostapd v2.7-devel', 95)"));
	CHECK_EQUAL(identify_merge(evidence, &recognisers), DONE);
	CHECK_COLUMN("version", "zlib", "1.2.8");
	CHECK_COLUMN("package_version", "zlib", "1.2.8-1");
	CHECK_COLUMN("confidence", "zlib", "98");
	CHECK_COLUMN("path", "zlib", "/lib/libz.so");
	CHECK_COLUMN("purl", "zlib", "pkg:generic/zlib@1.2.8");
	CHECK_COLUMN("cpe", "zlib", "cpe:2.3:a:zlib:zlib:1.2.8:*:*:*:*:*:*:*");
	CHECK_COLUMN("version", "hostapd", "2.7-devel");
	CHECK_COLUMN("package_version", "hostapd", "2018-05-21-62566bc2-6");
	CHECK_COLUMN("purl", "kmod-foo", "pkg:opkg/kmod-foo@4.14.63-1?arch=mips");
	CHECK_COLUMN("cpe", "kmod-foo", "NULL");
	CHECK_EQUAL(query_number(evidence_database(evidence), "SELECT count(*) FROM component_witness"), 5);
	end();
}

/* A snapshot between two releases has a day and no number; U-Boot's tools are packed from its sources and are not it. */
TEST(names_say_no_more_than_is_known)
{
	REQUIRE(begin());
	CHECK(run("INSERT INTO package (file, line, manager, name, version, architecture, source) VALUES"
		  " (1, 1, 'opkg', 'hostapd', '2022-01-16-cff80b4f-13', 'mips', NULL),"
		  " (1, 5, 'opkg', 'uboot-envtools', '2018.03-1', 'mips', NULL),"
		  " (1, 9, 'dpkg', 'u-boot-tools', '2018.03+dfsg-1', 'armhf', 'u-boot')"));
	CHECK_EQUAL(identify_merge(evidence, &recognisers), DONE);
	CHECK_COLUMN("version", "hostapd", "2022-01-16");
	CHECK_COLUMN("cpe", "hostapd", "cpe:2.3:a:w1.fi:hostapd:*:*:*:*:*:*:*:*");
	CHECK_COLUMN("version", "uboot-envtools", "2018.03");
	CHECK_COLUMN("version", "u-boot", "");
	CHECK(snapshot_is(ORDER_GENERIC, SPAN_LITERAL("20220116")));
	CHECK(!snapshot_is(ORDER_GENERIC, SPAN_LITERAL("2022.01.16")));
	CHECK(!snapshot_is(ORDER_GENERIC, SPAN_LITERAL("2022-13-16")));
	CHECK(!snapshot_is(ORDER_GENERIC, SPAN_LITERAL("2.10")));
	CHECK(!snapshot_is(ORDER_DATE, SPAN_LITERAL("2022-01-16")));
	end();
}

TEST(weak_sightings_yield_and_strong_ones_stand)
{
	REQUIRE(begin());
	CHECK(run("INSERT INTO package (file, line, manager, name, version) VALUES"
		  " (1, 1, 'opkg', 'zlib', '1.2.11-1'), (1, 4, 'opkg', 'jansson', '2.10-1')"));
	CHECK(run("INSERT INTO witness (file, offset, component, version, method, detail, confidence) VALUES"
		  " (3, 10, 'zlib', '1.1.4', 'banner', 'inflate 1.1.4 Copyright 1995', 95),"
		  " (2, 10, 'jansson', '2.14', 'symbol', '2.14', 75), (2, NULL, 'systemd', '252', 'library name', 'x', 80),"
		  " (2, 10, 'systemd', '252.39', 'banner', 'x', 90), (2, 10, 'goahead', NULL, 'banner', 'x', 60)"));
	CHECK_EQUAL(identify_merge(evidence, &recognisers), DONE);
	CHECK_COLUMN("version", "zlib", "several");
	CHECK_COLUMN("version", "jansson", "2.10");
	CHECK_COLUMN("version", "systemd", "252.39");
	CHECK_COLUMN("version", "goahead", "NULL");
	CHECK_COLUMN("cpe", "goahead", "cpe:2.3:a:embedthis:goahead:*:*:*:*:*:*:*:*");
	CHECK_EQUAL(query_number(evidence_database(evidence),
				 "SELECT count(*) FROM component a JOIN component b ON a.id < b.id AND a.name > b.name"),
		    0);
	end();
}

/* A library's number (library_number.h) stands where nothing else shows a version, and else gives way, weak as that may be. */
TEST(numbers_of_libraries_give_way)
{
	REQUIRE(begin());
	CHECK(run("INSERT INTO package (file, line, manager, name, version) VALUES (1, 1, 'opkg', 'libnettle', '3.5.1-1')"));
	CHECK(run("INSERT INTO witness (file, offset, component, version, method, detail, confidence) VALUES"
		  " (2, NULL, 'freetype', '2.5.2', 'library name', 'x', 50), (3, NULL, 'freetype', NULL, 'banner', 'x', 60),"
		  " (2, NULL, 'expat', '2.2.5', 'library name', 'x', 50), (2, 10, 'expat', '2.2.6', 'banner', 'x', 85),"
		  " (2, NULL, 'glib', '2.56.4', 'library name', 'x', 50), (2, 10, 'glib', '2.56.3', 'symbol', 'x', 70),"
		  " (2, NULL, 'nettle', '3.4.1', 'library name', 'x', 50)"));
	CHECK_EQUAL(identify_merge(evidence, &recognisers), DONE);
	CHECK_COLUMN("version", "freetype", "2.5.2");
	CHECK_COLUMN("confidence", "freetype", "50");
	CHECK_COLUMN("version", "expat", "2.2.6");
	CHECK_COLUMN("version", "glib", "2.56.3");
	CHECK_COLUMN("version", "nettle", "3.5.1");
	end();
}

TEST(kernels_and_boot_loaders_are_components)
{
	REQUIRE(begin());
	CHECK(run("INSERT INTO kernel (file, release, version, source) VALUES (4, '3.10.14', '3.10.14', 'banner')"));
	CHECK(run("INSERT INTO boot_loader (file, offset, name, version) VALUES (4, 16, 'U-Boot', '2021.04-00015-gb53540dbe9')"));
	CHECK_EQUAL(identify_merge(evidence, &recognisers), DONE);
	CHECK_COLUMN("cpe", "linux", "cpe:2.3:o:linux:linux_kernel:3.10.14:*:*:*:*:*:*:*");
	CHECK_COLUMN("version", "u-boot", "2021.04");
	end();
}

TEST(source_packages_decide_where_they_are_named)
{
	REQUIRE(begin());
	CHECK(run("INSERT INTO package (file, line, manager, name, version, source) VALUES"
		  " (1, 1, 'dpkg', 'libssl3', '3.0.11-1~deb12u2', 'openssl'),"
		  " (1, 9, 'dpkg', 'python3-requests', '2.28.1+dfsg-1', 'requests'),"
		  " (1, 20, 'dpkg', 'dmsetup', '2:1.02.185-2', 'lvm2 (2.03.16-2)'),"
		  " (1, 30, 'dpkg', 'openssh-server', '1:9.2p1-2+deb12u6', 'openssh')"));
	CHECK_EQUAL(identify_merge(evidence, &recognisers), DONE);
	CHECK_COLUMN("version", "openssl", "3.0.11");
	CHECK_COLUMN("version", "lvm2", "2.03.16");
	CHECK_COLUMN("purl", "python3-requests", "pkg:deb/debian/python3-requests@2.28.1%2Bdfsg-1");
	CHECK_COLUMN("cpe", "openssh", "cpe:2.3:a:openbsd:openssh:9.2:p1:*:*:*:*:*:*");
	CHECK_COLUMN("version", "python", "");
	end();
}

static void check_upstream(const char *manager, const char *version, const char *want)
{
	struct arena words;
	arena_init(&words, 1 << 16);
	CHECK_TEXT(package_upstream(&words, manager, span_of_text(version)), want);
	arena_done(&words);
}

TEST(upstream_versions)
{
	check_upstream("opkg", "2014.65-2", "2014.65");
	check_upstream("opkg", "1.0.2p-1", "1.0.2p");
	check_upstream("opkg", "4.14.63-1-1d2a9c80bd0a0a4f5b4cc1a0b9a05e4a", "4.14.63");
	check_upstream("opkg", "2018-07-26-6369dd5-1", "2018-07-26");
	check_upstream("opkg", "git-18.228.31946-f64b152-1", "18.228.31946");
	check_upstream("opkg", "9.11.5-P4-1", "9.11.5-P4");
	check_upstream("opkg", "2024.09.01~ab12cd3-r1", "2024.09.01");
	check_upstream("dpkg", "1:9.2p1-2+deb12u6", "9.2p1");
	check_upstream("dpkg", "1:1.2.13.dfsg-1", "1.2.13");
	check_upstream("dpkg", "2023.04~rc2+dfsg-1", "2023.04-rc2");
	check_upstream("dpkg", "2.0.0", "2.0.0");
	check_upstream("apk", "9.1_p1-r2", "9.1p1");
	check_upstream("apk", "1.2.11-r3", "1.2.11");
	check_upstream("rpm", "1:1.1.1k-9.el8", "1.1.1k");
	check_upstream("rpm", "", "");
	check_upstream("dpkg", ":-1", ":");
}

TEST(declared_cpes)
{
	struct arena words;
	arena_init(&words, 1 << 16);
	CHECK_TEXT(component_declared_cpe(&words, SPAN_LITERAL("cpe:/a:foo:bar"), SPAN_LITERAL("1.0~x")),
		   "cpe:2.3:a:foo:bar:1.0\\~x:*:*:*:*:*:*:*");
	CHECK_TEXT(component_declared_cpe(&words, SPAN_LITERAL("nonsense"), SPAN_LITERAL("1")), "");
	arena_done(&words);
}

TEST(a_packagers_boot_loader_is_one_component)
{
	REQUIRE(begin());
	CHECK(run("INSERT INTO boot_loader (file, offset, name, version) VALUES (4, 16, 'U-Boot', '2023.01+dfsg-2+deb12u3')"));
	CHECK(run("INSERT INTO witness (file, offset, component, version, method, detail, confidence) VALUES"
		  " (4, 16, 'u-boot', '2023.01', 'banner', 'U-Boot 2023.01+dfsg-2+deb12u3 (Jun', 95)"));
	REQUIRE(identify_merge(evidence, &recognisers) == DONE);
	CHECK_COLUMN("version", "u-boot", "2023.01");
	end();
}

TEST(the_c_library_of_opkg_is_the_one_in_the_files)
{
	REQUIRE(begin());
	CHECK(run("INSERT INTO package (file, line, manager, name, version) VALUES"
		  " (1, 1, 'opkg', 'libc', '1.1.19-1'), (1, 5, 'opkg', 'libpthread', '1.1.19-1')"));
	CHECK(run("INSERT INTO witness (file, offset, component, version, method, detail, confidence) VALUES"
		  " (2, 16, 'musl', '1.1.19', 'symbol', '1.1.19', 85)"));
	REQUIRE(identify_merge(evidence, &recognisers) == DONE);
	CHECK_COLUMN("version || ' ' || package_version || ' ' || licence", "musl", "1.1.19 1.1.19-1 MIT");
	CHECK_COLUMN("version", "libc", "");
	CHECK_COLUMN("version", "libpthread", "");
	end();
}

TEST(headers_do_not_tell_which_library_runs)
{
	REQUIRE(begin());
	CHECK(run("INSERT INTO elf_library (file, name) VALUES (3, 'libcrypto.so.3'), (2, 'libc.so.6')"));
	CHECK(run("INSERT INTO witness (file, offset, component, version, method, detail, confidence) VALUES"
		  " (3, 16, 'openssl', '3.0.9', 'banner', 'OpenSSL 3.0.9 30 May 2023', 95),"
		  " (3, 99, 'busybox', '1.35.0', 'banner', 'BusyBox v1.35.0', 95),"
		  " (2, 16, 'zlib', '1.2.13', 'banner', 'deflate 1.2.13', 95)"));
	REQUIRE(identify_merge(evidence, &recognisers) == DONE);
	CHECK_COLUMN("version", "openssl", "NULL");
	CHECK_COLUMN("version", "busybox", "1.35.0");
	CHECK_COLUMN("version", "zlib", "1.2.13");
	end();
}

TEST(a_package_is_known_by_the_name_of_its_source)
{
	REQUIRE(begin());
	CHECK(run("INSERT INTO package (file, line, manager, name, version, source) VALUES"
		  " (1, 1, 'dpkg', 'libtomcrypt1', '1.18.2-6', 'libtomcrypt')"));
	REQUIRE(identify_merge(evidence, &recognisers) == DONE);
	CHECK_COLUMN("version", "libtomcrypt", "1.18.2");
	CHECK_COLUMN("version", "libtomcrypt1", "");
	end();
	REQUIRE(begin());
	CHECK(run("INSERT INTO package (file, line, manager, name, version, source) VALUES"
		  " (1, 1, 'dpkg', 'gcc', '4:12.2.0-3', 'gcc-defaults (1.203)'),"
		  " (1, 9, 'dpkg', 'dmsetup', '2:1.02.185-2', 'lvm2 (2.03.16-2)')"));
	REQUIRE(identify_merge(evidence, &recognisers) == DONE);
	CHECK_COLUMN("version", "libgcc", "12.2.0");
	CHECK_COLUMN("version", "lvm2", "2.03.16");
	end();
}

TESTS(packages_belong_to_the_system_that_they_are_installed_in,
      a_packagers_boot_loader_is_one_component, the_c_library_of_opkg_is_the_one_in_the_files,
      a_package_is_known_by_the_name_of_its_source, headers_do_not_tell_which_library_runs, packages_and_banners_agree,
      names_say_no_more_than_is_known,
      weak_sightings_yield_and_strong_ones_stand, numbers_of_libraries_give_way, kernels_and_boot_loaders_are_components,
      source_packages_decide_where_they_are_named, upstream_versions, declared_cpes)
