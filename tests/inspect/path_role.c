#include "inspect/path_role.h"

#include "base/embedded.h"
#include "harness.h"
#include "inspect/inspected.h"
#include "inspect/lines.h"
#include "inspect/registry.h"

/* Borrowed from the table, which is part of the program. */
static struct span role_of(struct span path)
{
	struct arena arena;
	struct path_roles roles;
	arena_init(&arena, 1 << 20);
	CHECK_EQUAL(path_roles_load(&arena, &roles), DONE);
	struct span role = path_role(&roles, path);
	arena_done(&arena);
	return role;
}

#define CHECK_ROLE(path, want) CHECK_TEXT(role_of(SPAN_LITERAL(path)), want)

TEST(tells_copies_samples_manuals_and_packages)
{
	CHECK_ROLE("/etc/inittab~", "backup");
	CHECK_ROLE("/etc/.rcS.swp", "backup");
	CHECK_ROLE("/etc/ssh/sshd_config.dpkg-old", "backup");
	CHECK_ROLE("/etc/config/network-opkg", "backup");
	CHECK_ROLE("/etc/shadow-", "backup");
	CHECK_ROLE("/usr/share/man/de/man5/passwd.5", "documentation");
	CHECK_ROLE("/usr/share/man/de/man5/passwd.5.gz!passwd.5", "documentation");
	CHECK_ROLE("/usr/share/doc/dropbear/rcS", "documentation");
	CHECK_ROLE("/etc/samples/inittab", "sample");
	CHECK_ROLE("/etc/wpa_supplicant.conf.sample", "sample");
	CHECK_ROLE("/etc/lighttpd.conf.in", "template");
	CHECK_ROLE("/var/cache/apt/archives/a_1.0_mips.deb", "package");
	CHECK_ROLE("/root/a_1.0_mips.ipk!/data.tar.gz!data.tar!/etc/passwd", "package");
	CHECK_ROLE("/rootfs.tar!/root/a_1.0_mips.ipk!/etc/passwd", "package");
	CHECK_ROLE("/rootfs.tar!/etc/inittab~", "backup");
	CHECK_ROLE("/usr/lib/perl5/5.22/Config_heavy.pl", "build record");
}

TEST(what_may_count_has_no_role)
{
	CHECK_ROLE("/etc/inittab", "");
	CHECK_ROLE("/etc/passwd", "");
	CHECK_ROLE("/etc/config/doc", "");
	CHECK_ROLE("/etc/init.d/rcS", "");
	CHECK_ROLE("/etc/passwd.default", "");
	CHECK_ROLE("~", "");
	CHECK_ROLE("/etc/~", "");
	CHECK_ROLE("/etc/.sample", "");
	CHECK_ROLE("kernel.old", "");
	/* rcS runs S??*: the end of the name does not matter. */
	CHECK_ROLE("/etc/init.d/S50telnet~", "");
	CHECK_ROLE("/etc/rc.d/S50telnet.bak", "");
	/* A folder outside of the container says nothing about what is in it. */
	CHECK_ROLE("/samples/device.squashfs!/etc/passwd", "");
	CHECK_ROLE("/docs/device.bin!/etc/inittab", "");
}

TEST(every_row_of_the_table_is_of_a_known_kind)
{
	static const char *const roles[] = { "documentation", "sample", "template", "backup", "package", "build record", NULL };
	static const char *const kinds[] = { "folder", "path", "name", "prefix", "suffix", NULL };
	struct lines lines = lines_over(embedded("inspect/path-roles.tsv"));
	struct span line, role, how;
	int rows = 0;
	while (lines_next(&lines, &line)) {
		if (span_byte(line, 0) == '#')
			continue;
		rows++;
		if (!span_next_field(&line, '\t', &role) || !span_next_field(&line, '\t', &how) || line.size == 0 ||
		    !is_one_of(role, roles) || !is_one_of(how, kinds) || span_find_byte(line, '\t', 0) != SPAN_NOT_FOUND)
			harness_fail(__FILE__, __LINE__, "path-roles.tsv:%d", (int)lines.number);
	}
	CHECK(rows > 50);
}

static bool looks_at(const struct inspector *inspector, const char *path, const char *text)
{
	struct inspected inspected;
	inspected_run(&inspected, inspector, path, span_of_text(text));
	bool stated = inspected.facts.first != NULL;
	inspected_done(&inspected);
	return stated;
}

/* Each inspector on a file that counts and on one beside it that does not. */
TEST(inspectors_pass_over_what_does_not_count)
{
	static const char inittab[] = "::respawn:/bin/sh\n";
	CHECK(looks_at(&inspector_consoles, "/etc/inittab", inittab));
	CHECK(!looks_at(&inspector_consoles, "/etc/inittab~", inittab));
	CHECK(looks_at(&inspector_services, "/etc/inittab", "::respawn:/usr/sbin/telnetd\n"));
	CHECK(!looks_at(&inspector_services, "/etc/inittab.orig", "::respawn:/usr/sbin/telnetd\n"));
	CHECK(looks_at(&inspector_settings, "/etc/ssh/sshd_config", "PermitRootLogin yes\n"));
	CHECK(!looks_at(&inspector_settings, "/usr/share/doc/ssh/sshd_config", "PermitRootLogin yes\n"));
	CHECK(looks_at(&inspector_accounts, "/etc/passwd", "root::0:0:root:/:/bin/sh\n"));
	CHECK(!looks_at(&inspector_accounts, "/usr/share/man/man5/passwd.5", "root::0:0:root:/:/bin/sh\n"));
	CHECK(looks_at(&inspector_secrets, "/etc/app.conf", "admin_password=Kx7hQq2z\n"));
	CHECK(!looks_at(&inspector_secrets, "/etc/app.conf.sample", "admin_password=Kx7hQq2z\n"));
	CHECK(looks_at(&inspector_update, "/etc/opkg.conf", "src/gz base http://a.example/base\n"));
	CHECK(!looks_at(&inspector_update, "/etc/opkg.conf-opkg", "src/gz base http://a.example/base\n"));
	CHECK(looks_at(&inspector_boot_configuration, "/boot/extlinux/extlinux.conf", "append console=ttyS0\n"));
	CHECK(!looks_at(&inspector_boot_configuration, "/usr/share/doc/examples/extlinux.conf", "append console=ttyS0\n"));
}

TESTS(tells_copies_samples_manuals_and_packages, what_may_count_has_no_role,
      every_row_of_the_table_is_of_a_known_kind, inspectors_pass_over_what_does_not_count)
