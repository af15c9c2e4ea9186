#include "harness.h"
#include "evidence/query.h"
#include "inspect/inspected.h"
#include "inspect/registry.h"

static struct inspected got;

static const struct fact *account(const char *path, const char *text, const char *name)
{
	inspected_run(&got, &inspector_accounts, path, span_of_text(text));
	return inspected_find(&got, EVIDENCE_ACCOUNT, ACCOUNT_NAME, name);
}

TEST(reads_passwd)
{
	const char *text = "# users\nroot::0:0:root:/root:/bin/ash\nd:x:1:1::/:/sbin/nologin\n"
			   "admin:$1$$iC.dUsGpxNNJGeOm1dFio/:0:0:root:/:/bin/sh\nword\n:::::::::::::\n";
	const struct fact *root = account("/rom/etc/passwd.default", text, "root");
	CHECK_EQUAL(inspected_count(&got, EVIDENCE_ACCOUNT), 3);
	CHECK_TEXT(WORD(root, ACCOUNT_PASSWORD), "empty");
	CHECK_EQUAL(inspected_integer(root, ACCOUNT_LINE), 2);
	CHECK_EQUAL(inspected_integer(root, ACCOUNT_UID), 0);
	CHECK_EQUAL(inspected_integer(root, ACCOUNT_CAN_LOGIN), 1);
	CHECK_TEXT(WORD(root, ACCOUNT_STORE), "passwd");
	const struct fact *admin = inspected_find(&got, EVIDENCE_ACCOUNT, ACCOUNT_NAME, "admin");
	CHECK_TEXT(WORD(admin, ACCOUNT_SCHEME), "md5crypt");
	CHECK_TEXT(WORD(admin, ACCOUNT_CRACKED), "1234");
	const struct fact *d = inspected_find(&got, EVIDENCE_ACCOUNT, ACCOUNT_NAME, "d");
	CHECK_TEXT(WORD(d, ACCOUNT_PASSWORD), "shadow");
	CHECK_EQUAL(inspected_integer(d, ACCOUNT_CAN_LOGIN), 0);
	inspected_done(&got);
}

TEST(user_id_0_counts_whatever_its_name)
{
	const char *text = "root:x:0:0::/root:/bin/sh\n\xe2\x80\x8broot::0:0::/root:/bin/sh\n"
			   "-x y::00:0::/:/bin/sh\n;z::0:0::/:/bin/sh\n::0:0::/:/bin/sh\n"
			   "#old::0:0::/:/bin/sh\n-a b::7:0::/:/bin/sh\n";
	const struct fact *hidden = account("/etc/passwd", text, "\xe2\x80\x8broot");
	CHECK_EQUAL(inspected_count(&got, EVIDENCE_ACCOUNT), 5);
	CHECK_TEXT(WORD(hidden, ACCOUNT_PASSWORD), "empty");
	CHECK_EQUAL(inspected_integer(inspected_find(&got, EVIDENCE_ACCOUNT, ACCOUNT_NAME, "-x y"), ACCOUNT_UID), 0);
	CHECK(inspected_find(&got, EVIDENCE_ACCOUNT, ACCOUNT_NAME, ";z") != NULL);
	CHECK(inspected_find(&got, EVIDENCE_ACCOUNT, ACCOUNT_NAME, "#old") == NULL);
	inspected_done(&got);
}

TEST(tells_the_mark_that_stands_alone)
{
	const struct fact *root = account("/etc/shadow", "root:!:0:0:99999:7:::\nb:*:0:0:99999:7:::\n"
							 "c:!$1$$iC.dUsGpxNNJGeOm1dFio/:0:0:9:7:::\n"
							 "d:x:0:0:9:7:::\n", "root");
	CHECK_TEXT(WORD(root, ACCOUNT_PASSWORD), "locked");
	CHECK_TEXT(WORD(root, ACCOUNT_SCHEME), "!");
	CHECK_TEXT(WORD(inspected_find(&got, EVIDENCE_ACCOUNT, ACCOUNT_NAME, "b"), ACCOUNT_SCHEME), "*");
	CHECK_TEXT(WORD(inspected_find(&got, EVIDENCE_ACCOUNT, ACCOUNT_NAME, "c"), ACCOUNT_SCHEME), "");
	CHECK_TEXT(WORD(inspected_find(&got, EVIDENCE_ACCOUNT, ACCOUNT_NAME, "d"), ACCOUNT_SCHEME), "x");
	inspected_done(&got);
}

TEST(reads_shadow)
{
	const struct fact *root = account("/etc/shadow-", "root:rJ0FHsG0ZbyZo:10933:0:99999:7:::\nftp:*:0:0:99999:7:::\n"
							  "x:x:0:0:99999:7:::\nshort:$1$$iC.dUsGpxNNJGeOm1dFio/\n", "root");
	CHECK_EQUAL(inspected_count(&got, EVIDENCE_ACCOUNT), 4);
	CHECK_TEXT(WORD(root, ACCOUNT_CRACKED), "ismart12");
	CHECK_TEXT(WORD(root, ACCOUNT_STORE), "shadow");
	CHECK_EQUAL(inspected_integer(root, ACCOUNT_UID), INSPECTED_NULL);
	CHECK_TEXT(WORD(inspected_find(&got, EVIDENCE_ACCOUNT, ACCOUNT_NAME, "x"), ACCOUNT_PASSWORD), "invalid");
	CHECK_TEXT(WORD(inspected_find(&got, EVIDENCE_ACCOUNT, ACCOUNT_NAME, "ftp"), ACCOUNT_PASSWORD), "locked");
	inspected_done(&got);
}

TEST(reads_smbpasswd)
{
	const struct fact *root = account("/etc/samba/smbpasswd",
					  "root:0:XXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXX:329153F560EB329C0E1DEEA55E88A1E9:[U          ]:LCT-5:\n",
					  "root");
	CHECK_TEXT(WORD(root, ACCOUNT_STORE), "samba");
	CHECK_TEXT(WORD(root, ACCOUNT_SCHEME), "nt");
	CHECK_TEXT(WORD(root, ACCOUNT_CRACKED), "root");
	inspected_done(&got);
}

TEST(other_texts_hold_no_accounts)
{
	account("/etc/pam.d/passwd", "password required pam_unix.so nullok\n# root::0:0:root:/:/bin/sh\n", "root");
	CHECK_EQUAL(inspected_count(&got, EVIDENCE_ACCOUNT), 0);
	inspected_done(&got);
	account("/etc/nsswitch.conf", "root::0:0:root:/:/bin/sh\n", "root");
	CHECK(!got.ran);
	inspected_done(&got);
	account("/etc/passwd", "Fields: name:word\nnote:a:b:c:d:/:/bin/sh\nhttp://a:80/\n", "note");
	CHECK_EQUAL(inspected_count(&got, EVIDENCE_ACCOUNT), 0);
	inspected_done(&got);
}

static void add_file(struct evidence *evidence, int64_t id, const char *path, const char *text)
{
	struct query q = query_start(evidence_database(evidence),
				     "INSERT INTO file (id, volume, path, type, size, state) VALUES (?1, 1, ?2, 'file', 0, 'read')");
	query_bind_integer(&q, 1, id);
	query_bind_text(&q, 2, span_of_text(path));
	while (query_next(&q))
		;
	CHECK(query_end(&q) == DONE);
	account(path, text, "root");
	CHECK(evidence_insert_all(evidence, id, &got.facts) == DONE);
	inspected_done(&got);
}

TEST(shadow_takes_shell_from_passwd)
{
	struct evidence *evidence = NULL;
	REQUIRE(evidence_new(&evidence) == DONE);
	sqlite3 *database = evidence_database(evidence);
	CHECK(query_run(database,
			"INSERT INTO volume (id, format, offset, size, state) VALUES (1, 'squashfs', 0, 1, 'read')") == DONE);
	add_file(evidence, 1, "/etc/passwd", "root:x:0:0:root:/root:/bin/ash\ndaemon:*:1:1::/:/bin/false\n");
	add_file(evidence, 2, "/etc/shadow", "root::0:0:99999:7:::\ndaemon:*:0:0:99999:7:::\nlone:*:0:0:99999:7:::\n");
	add_file(evidence, 3, "/old/shadow", "root::0:0:99999:7:::\n");
	CHECK(inspector_accounts.conclude(evidence) == DONE);
	CHECK_EQUAL(query_number(database, "SELECT count(*) FROM account WHERE store = 'shadow' AND can_login = 1 AND uid = 0 "
					   "AND shell = '/bin/ash' AND password = 'empty' AND file = 2"), 1);
	CHECK_EQUAL(query_number(database, "SELECT count(*) FROM account WHERE store = 'shadow' AND can_login = 0"), 1);
	CHECK_EQUAL(query_number(database, "SELECT count(*) FROM account WHERE store = 'shadow' AND can_login IS NULL"), 2);
	evidence_free(evidence);
}

TEST(says_that_accounts_are_made_at_boot)
{
	struct evidence *evidence;
	REQUIRE(evidence_new(&evidence) == DONE);
	sqlite3 *database = evidence_database(evidence);
	CHECK(query_run(database, "INSERT INTO volume (id, format, offset, size, state) VALUES"
				  " (1, 'squashfs', 0, 1, 'read'), (2, 'squashfs', 0, 1, 'read')") == DONE);
	CHECK(query_run(database, "INSERT INTO file (id, volume, path, type, size, target, state) VALUES"
				  " (1, 1, '/etc/passwd', 'link', 9, '/tmp/etc/passwd', 'read'),"
				  " (2, 2, '/etc/passwd', 'link', 9, '../usr/passwd', 'read'),"
				  " (3, 2, '/usr/passwd', 'file', 9, NULL, 'read')") == DONE);
	CHECK(inspector_accounts.conclude(evidence) == DONE);
	CHECK_EQUAL(query_number(database, "SELECT count(*) FROM note WHERE code = 'accounts.made-at-boot'"), 1);
	evidence_free(evidence);
}

TESTS(says_that_accounts_are_made_at_boot,
      reads_passwd, user_id_0_counts_whatever_its_name, tells_the_mark_that_stands_alone, reads_shadow, reads_smbpasswd,
      other_texts_hold_no_accounts, shadow_takes_shell_from_passwd)
