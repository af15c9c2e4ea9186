#include "harness.h"
#include "inspect/inspected.h"
#include "inspect/registry.h"

#include "evidence/query.h"

static struct inspected got;

/* "folder: value" of the first setting, of folders of programs or others, or "" where there is none. */
static const char *seen(const char *path, const char *text, bool programs)
{
	static char words[512];
	size_t row = 0;
	const struct fact *fact;
	inspected_run(&got, &inspector_mounts, path, span_of_text(text));
	while ((fact = inspected_row(&got, EVIDENCE_SETTING, row++)) &&
	       span_equal_text(inspected_text(fact, SETTING_SUBJECT), "file system of programs") != programs)
		;
	words[0] = '\0';
	if (fact)
		(void)snprintf(words, sizeof words, "%.*s: %.*s", SPAN_FORMAT(inspected_text(fact, SETTING_NAME)),
			       SPAN_FORMAT(inspected_text(fact, SETTING_VALUE)));
	inspected_done(&got);
	return words;
}
#define SEES(path, text, wanted) CHECK_TEXT(span_of_text(seen((path), (text), false)), (wanted))
#define SEES_PROGRAMS(path, text, wanted) CHECK_TEXT(span_of_text(seen((path), (text), true)), (wanted))

TEST(sees_what_is_mounted_from_flash)
{
	SEES("/etc/init.d/rcS", "#!/bin/sh\nmount -t squashfs /dev/mtdblock3 /driver\n", "/driver: squashfs of /dev/mtdblock3");
	SEES("/etc/init.d/rcS", "#!/bin/sh\n/bin/mount -o ro /dev/mmcblk0p5 /app -t erofs\n", "/app: erofs of /dev/mmcblk0p5");
	SEES("/etc/init.d/rcS", "#!/bin/sh\nmount -t jffs2 /dev/mtdblock4 /system\n", "/system: jffs2 of /dev/mtdblock4");
	SEES("/etc/fstab", "mtd:etc /etc jffs2 nofail 0 0\n", "/etc: jffs2 of mtd:etc");
	SEES("/etc/fstab", "# device\n/dev/mtdblock4 /usr/local cramfs ro 0 0\n", "/usr/local: cramfs of /dev/mtdblock4");
}

TEST(sees_where_more_programs_may_lie)
{
	SEES_PROGRAMS("/etc/init.d/rcS", "#!/bin/sh\nmount -r -t ext4 /dev/mmcblk0p3 /mnt/app\n", "/mnt/app: ext4 of /dev/mmcblk0p3");
	SEES_PROGRAMS("/etc/init.d/rcS", "#!/bin/sh\nmount $DEV /opt\n", "/opt:  of $DEV");
	SEES_PROGRAMS("/etc/fstab", "LABEL=more /usr/local ext4 defaults 0 0\n", "/usr/local: ext4 of LABEL=more");
	SEES_PROGRAMS("/vendor/etc/fstab.qcom", "/dev/block/by-name/odm /odm ext4 ro wait\n", "/odm: ext4 of /dev/block/by-name/odm");
	SEES_PROGRAMS("/etc/systemd/system/opt.mount", "[Mount]\nWhat=/dev/mmcblk0p5\nWhere = /opt\nType=ext4\n",
		      "/opt: ext4 of /dev/mmcblk0p5");
	SEES_PROGRAMS("/etc/fstab", "/dev/mmcblk0p5 /opt ext4 noauto 0 0\ntmpfs /usr/tmp tmpfs defaults 0 0\n", "");
	SEES_PROGRAMS("/etc/fstab", "/dev/mmcblk0p5 /data ext4 defaults 0 0\n/data/usr /usr none bind 0 0\n", "");
	SEES_PROGRAMS("/usr/share/opt.mount", "[Mount]\nWhat=/dev/mmcblk0p5\nWhere=/opt\n", "");
}

TEST(leaves_what_may_be_empty_or_comes_later)
{
	SEES("/etc/init.d/rcS", "#!/bin/sh\nmount -t jffs2 -o ro /dev/mtdblock4 /data\nmount -r -t ext4 /dev/mmcblk0p3 /app\n", "");
	SEES("/etc/fstab", "mtd:etc /etc jffs2 noauto 0 0\nmtd:log /log jffs2 noatime,ro 0 0\n/dev/sda1 /usb ext4 rw 0 0\n", "");
	SEES("/etc/init.d/rcS", "#!/bin/sh\n#mount -t squashfs /dev/mtdblock3 /driver\n", "");
	SEES("/etc/init.d/rcS", "#!/bin/sh\nexit 0\nmount -t squashfs /dev/mtdblock3 /driver\n", "");
	SEES("/etc/preinit", "#!/bin/sh\nmount -t squashfs /dev/mtdblock3 /rom\nmount -o remount,ro /dev/mtdblock3 /\n", "");
	SEES("/etc/init.d/rcS", "#!/bin/sh\nmount -t squashfs -o loop /tmp/pack.sqsh /app\n", "");
	SEES("/usr/bin/tool.sh", "#!/bin/sh\nmount -t squashfs /dev/mtdblock3 /driver\n", "");
}

/* A root file system that mounts one more of its format, and as many others as `given`. */
static int64_t missing_with(int given)
{
	struct evidence *evidence;
	if (evidence_new(&evidence) != DONE)
		return -1;
	sqlite3 *database = evidence_database(evidence);
	CHECK(query_run(database, "INSERT INTO volume (id, format, offset, size, state)"
				  " VALUES (1, 'squashfs', 0, 1, 'read')") == DONE);
	CHECK(query_run(database, "INSERT INTO file (id, volume, path, type, size, state) VALUES (1, 1, '/etc/init.d/rcS', 'file', 9,"
				  " 'read'), (2, 1, '/bin/sh', 'link', 9, 'read'), (3, 1, '/etc/passwd', 'file', 9, 'read')") == DONE);
	CHECK(query_run(database, "INSERT INTO setting VALUES (1, 5, 'flash file system', '/driver', 'squashfs of /dev/mtdblock3'),"
				  " (1, 9, 'flash file system', '/driver', 'squashfs of /dev/mtdblock3')") == DONE);
	if (given > 0)
		CHECK(query_run(database, "INSERT INTO volume (id, format, offset, size, state)"
					  " VALUES (2, 'squashfs', 0, 1, 'read')") == DONE);
	CHECK_EQUAL(inspector_mounts.conclude(evidence), DONE);
	int64_t count = query_number(database, "SELECT count(*) FROM incomplete WHERE code = 'mounts.not-given' AND file = 1"
					       " AND detail = '/etc/init.d/rcS mounts /driver from flash (squashfs of /dev/mtdblock3), and not every"
					       " such file system was given'");
	CHECK_EQUAL(query_number(database, "SELECT count(*) FROM incomplete"), count);
	evidence_free(evidence);
	return count;
}

TEST(what_was_not_given_was_not_read)
{
	CHECK_EQUAL(missing_with(0), 1);
	CHECK_EQUAL(missing_with(1), 0);
}

/* The boot runs /system/init/app.sh, which lies beside the root where `more` says so. */
static int64_t missing_program(const char *more)
{
	struct evidence *evidence;
	if (evidence_new(&evidence) != DONE)
		return -1;
	sqlite3 *database = evidence_database(evidence);
	CHECK(query_run(database, "INSERT INTO volume (id, format, offset, size, state) VALUES (1, 'squashfs', 0, 1, 'read'),"
				  " (2, 'cpio', 0, 1, 'read');"
				  "INSERT INTO file (id, volume, path, type, size, state) VALUES (1, 1, '/etc/init.d/rcS', 'file', 9, 'read');"
				  "INSERT INTO setting VALUES (1, 5, 'writable flash file system', '/system', 'jffs2 of /dev/mtdblock4'),"
				  " (1, 6, 'writable flash file system', '/data', 'jffs2 of /dev/mtdblock5');"
				  "INSERT INTO service (file, line, name, program, starter) VALUES (1, 9, 'app.sh', '/system/init/app.sh',"
				  " 'rc script'), (1, 8, 'd', '/systemd/d', 'rc script')") == DONE);
	CHECK(query_run(database, more) == DONE);
	CHECK_EQUAL(inspector_mounts.conclude(evidence), DONE);
	int64_t count = query_number(database, "SELECT count(*) FROM incomplete WHERE code = 'mounts.not-given' AND file = 1"
					       " AND detail = '/etc/init.d/rcS runs /system/init/app.sh, which lies on flash (jffs2 of"
					       " /dev/mtdblock4), and that file system was not given'");
	CHECK_EQUAL(query_number(database, "SELECT count(*) FROM incomplete"), count);
	evidence_free(evidence);
	return count;
}

TEST(what_the_boot_runs_left_the_factory)
{
	CHECK_EQUAL(missing_program("SELECT 1"), 1);
	CHECK_EQUAL(missing_program("UPDATE service SET enabled = 0"), 0);
	CHECK_EQUAL(missing_program("UPDATE service SET why = 'read in by the script'"), 0);
	CHECK_EQUAL(missing_program("UPDATE volume SET format = 'jffs2' WHERE id = 2"), 0);
	CHECK_EQUAL(missing_program("INSERT INTO file (volume, path, type, size, state) VALUES (1, '/system/init/app.sh', 'file', 9,"
				    " 'read')"), 0);
}

TESTS(sees_where_more_programs_may_lie, sees_what_is_mounted_from_flash,
      leaves_what_may_be_empty_or_comes_later, what_was_not_given_was_not_read,
      what_the_boot_runs_left_the_factory)
