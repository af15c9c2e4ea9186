#include "harness.h"
#include "inspect/inspected.h"
#include "inspect/registry.h"

static struct inspected got;

static const struct fact *account(const char *path, const char *text, const char *name)
{
	inspected_run(&got, &inspector_accounts_web, path, span_of_text(text));
	return inspected_find(&got, EVIDENCE_ACCOUNT, ACCOUNT_NAME, name);
}

TEST(reads_htpasswd)
{
	const struct fact *web = account("/www/.htpasswd", "web:$apr1$abcdefgh$yDCVgJ9fFNJ2wPaSQBZlZ.\nnote: text\nplain:word\n",
			"web");
	CHECK_EQUAL(inspected_count(&got, EVIDENCE_ACCOUNT), 1);
	CHECK_TEXT(inspected_text(web, ACCOUNT_STORE), "htpasswd");
	CHECK_TEXT(inspected_text(web, ACCOUNT_SCHEME), "apr1");
	inspected_done(&got);
}

TEST(reads_htdigest)
{
	const struct fact *admin = account("/etc/htdigest.user", "admin:router:8bde4e9bd7f0d1a5c9f4a8b6b9c0d111\n", "admin");
	CHECK_TEXT(inspected_text(admin, ACCOUNT_SCHEME), "htdigest");
	CHECK_TEXT(inspected_text(admin, ACCOUNT_CRACKED), "");
	inspected_done(&got);
}

TEST(reads_busybox_httpd)
{
	const struct fact *admin = account("/etc/httpd.conf", "A:*\n/cgi-bin:admin:letmein22\n"
			"/:root:$1$$iC.dUsGpxNNJGeOm1dFio/\nH:/www\n", "admin");
	CHECK_EQUAL(inspected_count(&got, EVIDENCE_ACCOUNT), 2);
	CHECK_TEXT(inspected_text(admin, ACCOUNT_SCHEME), "plain");
	CHECK_TEXT(inspected_text(admin, ACCOUNT_CRACKED), "letmein22");
	CHECK_EQUAL(inspected_integer(admin, ACCOUNT_LINE), 2);
	inspected_done(&got);
	account("/etc/apache/httpd.conf", "ServerRoot /etc\nAlias /icons/ /usr/icons\n", "x");
	CHECK_EQUAL(inspected_count(&got, EVIDENCE_ACCOUNT), 0);
	inspected_done(&got);
}

TEST(reads_rpcd)
{
	const struct fact *root = account("/etc/config/rpcd", "config rpcd\n\toption socket /x\nconfig login\n"
			"\toption username 'root'\n"
					  "\toption password '$p$root'\nconfig login\n\toption username 'u'\n\toption password 'pw'\n", "root");
	CHECK_EQUAL(inspected_count(&got, EVIDENCE_ACCOUNT), 2);
	CHECK_TEXT(inspected_text(root, ACCOUNT_PASSWORD), "shadow");
	const struct fact *u = inspected_find(&got, EVIDENCE_ACCOUNT, ACCOUNT_NAME, "u");
	CHECK_TEXT(inspected_text(u, ACCOUNT_CRACKED), "pw");
	inspected_done(&got);
}

TESTS(reads_htpasswd, reads_htdigest, reads_busybox_httpd, reads_rpcd)
