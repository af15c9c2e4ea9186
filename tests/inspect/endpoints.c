#include "harness.h"
#include "inspect/endpoint_host.h"
#include "inspect/inspected.h"
#include "inspect/registry.h"

static struct inspected got;

static const struct fact *endpoint(const char *path, struct span bytes)
{
	inspected_run(&got, &inspector_endpoints, path, bytes);
	return inspected_row(&got, EVIDENCE_ENDPOINT, 0);
}
#define COUNT() inspected_count(&got, EVIDENCE_ENDPOINT)

TEST(finds_urls)
{
	const struct fact *e = endpoint("/usr/bin/up",
			SPAN_LITERAL("\177ELF\0http://fw.vendor.com:8080/firmware/list.json\0https://api.vendor.com/v1\0"
								    "http://fw.vendor.com:8080/firmware/list.json\0"));
	CHECK_EQUAL(COUNT(), 2);
	CHECK_TEXT(WORD(e, ENDPOINT_SCHEME), "http");
	CHECK_TEXT(WORD(e, ENDPOINT_HOST), "fw.vendor.com");
	CHECK_EQUAL(inspected_integer(e, ENDPOINT_PORT), 8080);
	CHECK_EQUAL(inspected_integer(e, ENDPOINT_PLAINTEXT), 1);
	CHECK_EQUAL(inspected_integer(e, ENDPOINT_OFFSET), 5);
	CHECK_TEXT(WORD(e, ENDPOINT_PURPOSE), "update");
	CHECK_EQUAL(inspected_integer(inspected_row(&got, EVIDENCE_ENDPOINT, 1), ENDPOINT_PLAINTEXT), 0);
	inspected_done(&got);
	e = endpoint("/etc/app.conf", SPAN_LITERAL("broker = mqtt://user:pw@iot.vendor.cn:1883\n"));
	CHECK_TEXT(WORD(e, ENDPOINT_HOST), "iot.vendor.cn");
	CHECK_EQUAL(inspected_integer(e, ENDPOINT_PORT), 1883);
	CHECK_TEXT(WORD(e, ENDPOINT_PURPOSE), "cloud");
	inspected_done(&got);
}

TEST(finds_hosts_and_addresses)
{
	const struct fact *e = endpoint("/etc/config/system", SPAN_LITERAL("list server '0.openwrt.pool.ntp.org'\n"
			"option dns 8.8.8.8\nip 192.168.1.1\n"
									   "netmask 255.255.255.0\nversion 61.2.33.4\nport 203.107.6.88\n"));
	CHECK_EQUAL(COUNT(), 3);
	CHECK_TEXT(WORD(e, ENDPOINT_PURPOSE), "time");
	CHECK_TEXT(WORD(e, ENDPOINT_KIND), "host");
	CHECK_TEXT(WORD(inspected_find(&got, EVIDENCE_ENDPOINT, ENDPOINT_HOST, "8.8.8.8"), ENDPOINT_PURPOSE), "dns");
	CHECK(inspected_find(&got, EVIDENCE_ENDPOINT, ENDPOINT_HOST, "203.107.6.88"));
	inspected_done(&got);
	endpoint("/bin/x", SPAN_LITERAL("\177ELF\0devs.vendorcloud.com\0see www.vendor.com for help\0" "1.2.3.4\0"));
	CHECK_EQUAL(COUNT(), 1);
	inspected_done(&got);
}

TEST(leaves_what_is_none)
{
	endpoint("/usr/lib/x",
			SPAN_LITERAL("\177ELF\0http://www.w3.org/2001/XMLSchema\0http://%s/a\0"
				     "http://192.168.%d.1/\0http://www.openssl.org/faq\0"
					    "http://\0http://www.gnu.org/licenses/\0http://host.example.com/\0"));
	CHECK_EQUAL(COUNT(), 0);
	inspected_done(&got);
	endpoint("/etc/a.conf", SPAN_LITERAL("# http://vendor.com/\n// see vendor.com \nurl=http://$HOST/\nfile.info=1\n"));
	CHECK_EQUAL(COUNT(), 0);
	inspected_done(&got);
	endpoint("/www/index.html", SPAN_LITERAL("<a href=\"http://vendor.com/\">"));
	CHECK_EQUAL(COUNT(), 0);
	inspected_done(&got);
	endpoint("/usr/lib/a.lua", SPAN_LITERAL("local a = o.info or po.info\n"));
	CHECK_EQUAL(COUNT(), 0);
	inspected_done(&got);
}

TEST(is_bounded)
{
	static char many[200000];
	size_t at = 0;
	for (int i = 0; i < 3000; i++)
		at += (size_t)snprintf(many + at, sizeof many - at, "u=http://h%d.vendor.com/x\n", i);
	endpoint("/etc/many", span_of(many, at));
	CHECK(COUNT() > 100 && COUNT() <= 200);
	inspected_done(&got);
}

static struct span purpose(const char *host)
{
	struct span text = span_of_text(host);
	return span_of_text(endpoint_purpose(text, text, SPAN_LITERAL("mountpoint")));
}

TEST(purposes_need_their_words)
{
	CHECK_TEXT(purpose("192.168.0.1"), "local");
	CHECK_TEXT(purpose("time.windows.com"), "time");
	CHECK_TEXT(purpose("dynupdate.no-ip.com"), "ddns");
	CHECK_TEXT(purpose("down-autoupdate.game.com"), "");
	CHECK_TEXT(purpose("down-update.qq.com"), "");
	CHECK_TEXT(purpose("update.vendor.com"), "update");
	CHECK_TEXT(purpose("www.vendor.com"), "");
	CHECK(endpoint_is_public_address(SPAN_LITERAL("114.114.114.114")));
	CHECK(!endpoint_is_public_address(SPAN_LITERAL("172.20.1.1")));
	CHECK(!endpoint_is_public_address(SPAN_LITERAL("1.2.3.4")));
	CHECK(!endpoint_is_public_address(SPAN_LITERAL("300.2.3.4")));
}

TESTS(finds_urls, finds_hosts_and_addresses, leaves_what_is_none, is_bounded, purposes_need_their_words)
