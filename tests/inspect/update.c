#include "evidence/query.h"
#include "harness.h"
#include "inspect/inspected.h"
#include "inspect/registry.h"

/* "name aspect line" of the row with an index. */
static const char *row_text(const struct inspected *inspected, size_t index)
{
	static char text[128];
	const struct fact *row = inspected_row(inspected, EVIDENCE_UPDATE_MECHANISM, index);
	if (!row)
		return "none";
	snprintf(text, sizeof text, "%.*s, %.*s, %lld", SPAN_FORMAT(inspected_text(row, UPDATE_MECHANISM_NAME)),
		 SPAN_FORMAT(inspected_text(row, UPDATE_MECHANISM_ASPECT)),
		 (long long)inspected_integer(row, UPDATE_MECHANISM_LINE));
	return text;
}

static void check_rows(const char *path, const char *text, const char *const *want)
{
	struct inspected inspected;
	inspected_run(&inspected, &inspector_update, path, span_of_text(text));
	size_t count = 0;
	for (; want[count]; count++)
		CHECK_TEXT(span_of_text(row_text(&inspected, count)), want[count]);
	CHECK_EQUAL(inspected_count(&inspected, EVIDENCE_UPDATE_MECHANISM), count);
	inspected_done(&inspected);
}
#define CHECK_ROWS(path, text, ...) check_rows((path), (text), (const char *const[]){ __VA_ARGS__ })

TEST(reads_package_managers)
{
	CHECK_ROWS("/etc/opkg.conf", "dest root /\noption check_signature\n", "opkg, signature, 2", NULL);
	CHECK_ROWS("/etc/opkg.conf", "option check_signature 0\n", "opkg, no signature required, 1", NULL);
	CHECK_ROWS("/etc/opkg/distfeeds.conf", "src/gz a http://a.example/b\n# src/gz c https://c.example\n",
		   "opkg, http, 1", NULL);
	CHECK_ROWS("/etc/apt/sources.list", "deb [trusted=yes] http://d.example stable main\n",
		   "apt, no signature required, 1", NULL);
	CHECK_ROWS("/etc/apt/sources.list", "deb https://d.example stable main\n", "apt, https, 1", NULL);
	CHECK_ROWS("/etc/apk/repositories", "https://dl.example/alpine/v3.18/main\n", "apk, https, 1", NULL);
}

TEST(reads_updaters)
{
	CHECK_ROWS("/etc/swupdate.cfg", "globals : {\n\tpublic-key-file = \"/etc/key.pem\";\n}\n", "swupdate, signature, 2",
		   NULL);
	CHECK_ROWS("/etc/rauc/system.conf", "[system]\npath=/x\n[keyring]\npath=/etc/rauc/ca.pem\n", "rauc, signature, 4",
		   NULL);
	CHECK_ROWS("/etc/mender/mender.conf", "{\n\"ServerURL\": \"https://m.example\",\n\"SkipVerify\": true\n}\n",
		   "mender, https, 2", "mender, no check, 3", NULL);
}

TEST(reads_update_scripts)
{
	CHECK_ROWS("/usr/bin/ota_update.sh",
		   "#!/bin/sh\n# wget http://no.example\nwget http://u.example/fw.bin -O /tmp/fw\nmtd write /tmp/fw firmware\n",
		   "vendor, http, 3", "vendor, no check, 4", NULL);
	CHECK_ROWS("/usr/bin/ota_update.sh",
		   "#!/bin/sh\ncurl -k https://u.example/fw.bin -o /tmp/fw\nmd5sum -c /tmp/fw.md5 || exit 1\n"
		   "flashcp /tmp/fw /dev/mtd2\n",
		   "vendor, https, 2", "vendor, no check, 2", "vendor, checksum, 3", NULL);
	CHECK_ROWS("/sbin/install",
		   "#!/bin/sh\nopenssl dgst -sha256 -verify /etc/key.pem -signature /tmp/s /tmp/fw || exit 1\n"
		   "flashcp /tmp/fw /dev/mtd2\n",
		   "vendor, signature, 2", NULL);
}

/* A page is a way to update only where it calls what writes the flash. */
TEST(reads_what_a_page_calls)
{
	CHECK_ROWS("/www/cgi-bin/upgrade.cgi", "#!/bin/sh\ncat > /tmp/fw\n/sbin/sysupgrade -n /tmp/fw\n",
		   "vendor, installs, 3", NULL);
	CHECK_ROWS("/www/cgi-bin/up.cgi", "#!/bin/sh\ncat > /tmp/fw\nmtd write /tmp/fw linux\n", "vendor, no check, 3",
		   "vendor, installs, 3", NULL);
	CHECK_ROWS("/www/cgi-bin/upgrade.cgi", "#!/bin/sh\necho see /sbin/sysupgrade /tmp/fw\n", NULL);
	CHECK_ROWS("/www/cgi-bin/upgrade.cgi", "#!/bin/sh\ndone_now\nexit 0\nsysupgrade /tmp/fw\n", NULL);
	CHECK_ROWS("/www/cgi-bin/upgrade.cgi", "#!/bin/sh\nflash() {\n sysupgrade /tmp/fw\n}\necho closed\n", NULL);
	CHECK_ROWS("/www/cgi-bin/upgrade.cgi", "#!/bin/sh\nflash() {\n sysupgrade /tmp/fw\n}\nflash\n",
		   "vendor, installs, 3", NULL);
}

TEST(other_scripts_say_nothing)
{
	CHECK_ROWS("/etc/init.d/config", "#!/bin/sh\nmd5sum -c /tmp/list\nwget http://t.example/time\n", NULL);
	CHECK_ROWS("/usr/bin/backup", "#!/bin/sh\nmd5=`md5sum /dev/mtd8`\nmtd write /tmp/saved config\n", NULL);
	CHECK_ROWS("/lib/upgrade/common.sh", "#!/bin/sh\ninstall /usr/bin/md5sum \"/usr/bin/[\" \\\n"
					     "case \"$1\" in http://*) cmd=\"wget -O-\";; esac\nmtd write - image\n", NULL);
	CHECK_ROWS("/usr/share/help.txt", "use mtd write file part, then openssl dgst -verify\n", NULL);
}

TEST(concludes_what_is_never_asked_for)
{
	struct evidence *evidence;
	REQUIRE(evidence_new(&evidence) == DONE);
	sqlite3 *database = evidence_database(evidence);
	REQUIRE(query_run(database,
			  "INSERT INTO volume (id, format, offset, size, state) VALUES (1, 'squashfs', 0, 9, 'read');"
			  "INSERT INTO file (id, volume, path, type, size, kind, state)"
			  " VALUES (1, 1, '/etc/opkg.conf', 'file', 1, 'text', 'read'),"
			  " (2, 1, '/sbin/sysupgrade', 'file', 1, 'script', 'read');"
			  "INSERT INTO update_mechanism (file, name, aspect, detail) VALUES (1, 'opkg', 'http', 'x');") == DONE);
	CHECK_EQUAL(inspector_update.conclude(evidence), DONE);
	CHECK_EQUAL(query_number(database, "SELECT COUNT(*) FROM update_mechanism WHERE name = 'opkg'"
					   " AND aspect = 'no signature required'"), 1);
	CHECK_EQUAL(query_number(database, "SELECT COUNT(*) FROM update_mechanism WHERE name = 'sysupgrade'"
					   " AND aspect = 'no check' AND file = 2"), 1);
	REQUIRE(query_run(database, "DELETE FROM update_mechanism; DELETE FROM file;") == DONE);
	CHECK_EQUAL(inspector_update.conclude(evidence), DONE);
	CHECK_EQUAL(query_number(database, "SELECT COUNT(*) FROM update_mechanism"), 0);
	evidence_free(evidence);
}

TESTS(reads_package_managers, reads_updaters, reads_update_scripts, reads_what_a_page_calls, other_scripts_say_nothing,
      concludes_what_is_never_asked_for)
