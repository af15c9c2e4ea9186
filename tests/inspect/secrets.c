#include "harness.h"
#include "inspect/inspected.h"
#include "inspect/registry.h"
#include "inspect/secret_value.h"

static struct inspected got;

static size_t secrets(const char *path, const char *text)
{
	inspected_run(&got, &inspector_secrets, path, span_of_text(text));
	return inspected_count(&got, EVIDENCE_SECRET);
}

/* One secret, with that rule and excerpt; no rule: none at all. */
static void check(int line, const char *path, const char *text, const char *rule, const char *excerpt)
{
	size_t count = secrets(path, text);
	const struct fact *fact = inspected_row(&got, EVIDENCE_SECRET, 0);
	struct span found_rule = inspected_text(fact, SECRET_RULE), found = inspected_text(fact, SECRET_EXCERPT);
	if (count != (rule ? 1 : 0) || !span_equal_text(found_rule, rule ? rule : "") ||
	    !span_equal_text(found, excerpt ? excerpt : ""))
		harness_fail(__FILE__, line, "%zu secrets in \"%s\": %.*s %.*s", count, text, SPAN_FORMAT(found_rule),
			     SPAN_FORMAT(found));
	inspected_done(&got);
}
#define CHECK_SECRET(path, text, rule, excerpt) check(__LINE__, (path), (text), (rule), (excerpt))
#define CHECK_NONE(path, text) check(__LINE__, (path), (text), NULL, NULL)

TEST(finds_tokens)
{
	CHECK_SECRET("/usr/bin/up", "\177ELF key AKIAQ2M4T7WXYZABCDEF end", "aws-access-key", "AKIAQ2M4T7WXYZABCDEF");
	CHECK_SECRET("/etc/c", "push AIzaSyA1bC2dE3fG4hI5jK6lM7nO8pQ9rS0tU1v ", "google-api-key",
		     "AIzaSyA1bC2dE3fG4hI5jK6lM7nO8pQ9rS0tU1v");
	CHECK_SECRET("/a", "git ghp_abcdefghijklmnopqrstuvwxyz0123456789", "github-token",
		     "ghp_abcdefghijklmnopqrstuvwxyz0123456789");
	CHECK_SECRET("/usr/bin/x", "\177ELF ftp://update:S3cr3tpw@fw.vendor.com/x", "url-credentials", "S3cr3tpw");
	CHECK_SECRET("/usr/bin/x", "\177ELF root:$1$GTN.gpri$DlSyKvZKMR9A9Uj9e9wR3/:0:0", "password-hash", "sohoadmin");
	CHECK_NONE("/a", "xAKIAQ2M4T7WXYZABCDEF AKIAQ2M4T7WXYZABCDEF0");
	CHECK_NONE("/a", "http://%s:%s@%s/ http://user:$pw@host.com http://[::1]:80/a@b");
	CHECK_NONE("/a", "http://example.com:8080/x@y.com");
	CHECK_NONE("/lib/libc.so", "\177ELF $1$abcd0123$9Qcg8DyviekV3tDGMZynJ1");
}

TEST(finds_wifi_keys)
{
	CHECK_SECRET("/etc/wpa_supplicant.conf", "network={\n\tssid=\"x\"\n\tpsk=\"correcthorse\"\n}\n", "wpa-configuration",
			"correcthorse");
	CHECK_SECRET("/etc/hostapd.conf", "#wpa_passphrase=a12345\nwpa_passphrase=12345678\n", "wpa-configuration", "12345678");
	CHECK_SECRET("/etc/config/wireless", "config wifi-iface\n\toption key 'Sommer2019'\n", "uci-option", "Sommer2019");
	CHECK_SECRET("/etc/RT2860AP.dat", "Default\nWPAPSK1=12345678\nWPAPSK2=\nAuthMode=OPEN\n", "ralink-settings", "12345678");
	CHECK_SECRET("/etc/init.d/x", "#!/bin/sh\nwpa_passphrase HomeNet superkey99 > /tmp/w\n", "command-password", "superkey99");
	CHECK_NONE("/etc/config/wireless", "config wifi-iface\n\toption key '1'\n\toption encryption none\n");
	CHECK_NONE("/lib/netifd/hostapd.sh", "#!/bin/sh\nappend bss \"wpa_psk=$key\" \"$N\"\npsk=\"$psk\"\n");
}

TEST(finds_passwords_in_settings)
{
	CHECK_SECRET("/etc/default.cfg", "http_user=admin\nhttp_passwd=admin\n", "secret-setting", "admin");
	CHECK_SECRET("/etc/app.json", "{ \"mqtt_password\": \"hunter2024\" }", "secret-setting", "hunter2024");
	CHECK_SECRET("/usr/lib/a.lua", "local password = \"S3cr3t99\"\nlocal pass = f(x)\n", "secret-setting", "S3cr3t99");
	CHECK_SECRET("/etc/app.json", "{ \"user\": \"dev\", \"pass\": \"mQ77-zzTTx\" }", "secret-setting", "mQ77-zzTTx");
	CHECK_SECRET("/etc/web.conf", "admin_pw=cfgPw-8812\n", "secret-setting", "cfgPw-8812");
	CHECK_SECRET("/usr/bin/d.sh", "#!/bin/sh\nopenssl enc -d -aes-128-cbc -K 9f31a7c2d8e04b5566aa10f3c7d2e981 -in /tmp/c\n",
		     "command-password", "9f31a7c2d8e04b5566aa10f3c7d2e981");
	CHECK_SECRET("/etc/cfg.xml", "<cfg>\n<Password>t0ps3cret</Password>\n</cfg>", "xml-element", "t0ps3cret");
	CHECK_SECRET("/etc/ppp/chap-secrets", "# client server secret\nuser * \"dialin77\" *\nx * @/run/x *\n", "ppp-secret",
			"dialin77");
	CHECK_SECRET("/etc/snmpd.conf", "rwcommunity private\n#rocommunity public\n", "snmp-community", "private");
	CHECK_SECRET("/etc/init.d/x", "#!/bin/sh\nDB_PASSWORD='Tr0ub4dor'\n", "secret-setting", "Tr0ub4dor");
}

/* Without quotes a colon tells enough in YAML alone. */
TEST(a_word_of_yaml_is_a_value)
{
	inspected_run(&got, &inspector_secrets, "/etc/app.yaml", SPAN_LITERAL("mqtt:\n  password: wq8Zk2Lp\n"));
	CHECK_TEXT(inspected_text(inspected_row(&got, EVIDENCE_SECRET, 0), SECRET_CONFIDENCE), "medium");
	inspected_done(&got);
	CHECK_NONE("/etc/motd", "password: wq8Zk2Lp\n");
}

TEST(a_passphrase_of_a_key_file_is_a_hint)
{
	const char *text = "#!/bin/sh\nopenssl rsa -in /tmp/p.pem -out /tmp/k.pem -passin pass:Fw2Up9\n";
	inspected_run(&got, &inspector_secrets, "/a.sh", span_of_text(text));
	CHECK_TEXT(inspected_text(inspected_row(&got, EVIDENCE_SECRET, 0), SECRET_CONFIDENCE), "medium");
	inspected_done(&got);
	text = "#!/bin/sh\nopenssl enc -d -aes-256-cbc -in /tmp/fw -pass pass:Fw2Up9\n";
	inspected_run(&got, &inspector_secrets, "/a.sh", span_of_text(text));
	CHECK_TEXT(inspected_text(inspected_row(&got, EVIDENCE_SECRET, 0), SECRET_CONFIDENCE), "high");
	inspected_done(&got);
}

TEST(finds_what_is_built_in)
{
	CHECK_SECRET("/lib/libcmm.so", "\177ELF\x47\x8d\xa5\x0b\xf9\xe3\xd2\xcf end", "published-configuration-key",
		     "478da50bf9e3d2cf");
	CHECK_SECRET("/bin/cspd", "\177ELF aes MIK@0STzKpB%qJZe end", "published-configuration-key", "MIK@0STzKpB%qJZe");
	CHECK_SECRET("/bin/up", "\177ELF Authorization: Basic b3RhOkZ3MlVwOTk= end", "basic-authorization", "Fw2Up99");
	CHECK_NONE("/bin/up", "\177ELF Basic realm=router Basic b3RhRncyVXA5OTk= Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==");
	struct span table = SPAN_LITERAL("\177ELF\0http_passwd=adm1n77\0wl_wpa_psk=\0http_port=8080\0");
	inspected_run(&got, &inspector_secrets, "/sbin/rc", table);
	CHECK_EQUAL(inspected_count(&got, EVIDENCE_SECRET), 1);
	CHECK_TEXT(inspected_text(inspected_row(&got, EVIDENCE_SECRET, 0), SECRET_EXCERPT), "adm1n77");
	CHECK_TEXT(inspected_text(inspected_row(&got, EVIDENCE_SECRET, 0), SECRET_NAME), "http_passwd");
	CHECK_TEXT(inspected_text(inspected_row(&got, EVIDENCE_SECRET, 0), SECRET_CONFIDENCE), "medium");
	inspected_done(&got);
}

TEST(finds_credentials_in_the_forms_of_devices)
{
	CHECK_SECRET("/etc/db_default.xml",
		     "<Tbl><Row><DM name=\"User\" val=\"x\"/><DM name=\"Password\" val=\"Zt3521x\"/></Row></Tbl>",
		     "xml-attribute", "Zt3521x");
	CHECK_SECRET("/etc/c.xml", "<c><u>admin</u><adminPassword type=\"t\">g3heim77</adminPassword></c>",
		     "xml-element", "g3heim77");
	CHECK_SECRET("/etc/camera.ini", "[user]\nname=admin\npwd=xK3mm9q\n", "secret-setting", "xK3mm9q");
	CHECK_SECRET("/etc/iot.json", "{\"host\":\"a\",\"deviceSecret\":\"k39Kd0sLw9\"}", "secret-setting", "k39Kd0sLw9");
	CHECK_EQUAL(secrets("/etc/nvram.default", "http_passwd=1234admin\n"), 1);
	CHECK_TEXT(inspected_text(inspected_row(&got, EVIDENCE_SECRET, 0), SECRET_CONFIDENCE), "high");
	inspected_done(&got);
	CHECK_EQUAL(secrets("/etc/nvram.default", "http_passwd=Nobody9ships\n"), 1);
	CHECK_TEXT(inspected_text(inspected_row(&got, EVIDENCE_SECRET, 0), SECRET_CONFIDENCE), "medium");
	inspected_done(&got);
}

TEST(what_shows_how_it_is_used_is_a_hint)
{
	CHECK_EQUAL(secrets("/usr/lib/python3/dist-packages/a/b.py", "x = 'http://u:S3cr3tpw@fw.vendor.com/x'\n"), 1);
	CHECK_TEXT(inspected_text(inspected_row(&got, EVIDENCE_SECRET, 0), SECRET_CONFIDENCE), "medium");
	inspected_done(&got);
	CHECK_EQUAL(secrets("/etc/app.conf.bak", "mqtt_url=mqtt://u:S3cr3tpw@fw.vendor.com/x\n"), 1);
	CHECK_TEXT(inspected_text(inspected_row(&got, EVIDENCE_SECRET, 0), SECRET_CONFIDENCE), "medium");
	inspected_done(&got);
	CHECK_NONE("/usr/lib/x/_oid.py", "CHALLENGE_PASSWORD = \"challengePassword\"\n");
	CHECK_NONE("/etc/s.xml", "<a>\n<!-- sample\n<password>proxypass</password>\n-->\n</a>\n");
	CHECK_SECRET("/etc/s.xml", "<a>\n<!-- sample -->\n<password>pr0xypass</password>\n</a>\n", "xml-element", "pr0xypass");
	CHECK_SECRET("/etc/zebra.conf", "! password x\nhostname r\nenable password zebra\npassword 8 abcdefgh\n", "routing-daemon",
		     "zebra");
}

TEST(finds_passwords_of_commands)
{
	CHECK_SECRET("/a.sh", "#!/bin/sh\ncurl -u ota:Fw2Up9 https://x.y/\n", "command-password", "Fw2Up9");
	CHECK_SECRET("/a.sh", "#!/bin/sh\nsshpass -pFw2Up9 ssh x\n", "command-password", "Fw2Up9");
	CHECK_SECRET("/a.sh", "#!/bin/sh\necho \"root:toor\" | chpasswd\n", "chpasswd", "toor");
	CHECK_SECRET("/a.sh", "#!/bin/sh\necho -e \"admin12\\nadmin12\" | passwd root\n", "passwd-input", "admin12");
	CHECK_NONE("/a.sh", "#!/bin/sh\ncurl -u $USER:$PASS https://x.y/\nopenssl req -keyout /tmp/k -key /tmp/x\n");
	CHECK_NONE("/a.sh", "#!/bin/sh\necho root:toor\nchpasswd < /tmp/x\n");
}

TEST(finds_passwords_that_scripts_compare_with)
{
	CHECK_SECRET("/www/cgi-bin/login.cgi", "#!/bin/sh\nread q\nif [ \"$password\" = \"x7k2backdoor\" ]; then ok; fi\n",
		     "compared", "x7k2backdoor");
	CHECK_SECRET("/www/cgi-bin/l", "#!/bin/sh\nif test $PASS == 'Zte521'; then ok; fi\n", "compared", "Zte521");
	CHECK_SECRET("/www/login.php", "<html><?php if ($_POST[\"pwd\"] === 'f1eld') { go(); } ?></html>\n", "compared", "f1eld");
	CHECK_SECRET("/usr/lib/lua/a.lua", "if (form.password == \"f1eld\") then\n", "compared", "f1eld");
	CHECK_SECRET("/www/login.php", "<?php if ('f1eld' == $pass) go();\n", "compared", "f1eld");
	CHECK_SECRET("/usr/bin/l.pl", "#!/usr/bin/perl\nif ($passwd eq \"f1eld\") { go }\n", "compared", "f1eld");
	CHECK_NONE("/www/l.php", "<?php if ($type == \"password\") x(); if ($pass == \"\") y(); if ($pass == \"$other\") z();\n");
	CHECK_NONE("/a.sh", "#!/bin/sh\n# [ \"$pass\" = \"secret1\" ]\n[ \"$password\" = \"none\" ] && [ \"$has_pass\" !="
			    " \"yes1\" ]\n");
	CHECK_NONE("/www/a.js", "if (password == \"f1eld\") go();\n"); /* what a browser runs guards nothing here */
}

TEST(leaves_what_is_no_secret)
{
	CHECK_NONE("/etc/nsswitch.conf", "passwd:\t\tcompat\nshadow: files\n");
	CHECK_NONE("/a.lua", "password.password = true\npassword = section:taboption(\"general\", Value, \"password\")\n"
			"t = { token = sys.uniqueid(16) }\n");
	CHECK_NONE("/a.sh", "#!/bin/sh\n[ \"$password\" = \"$1\" ] && x\nlocal token=\"$1\"\npassword=`cat x`\n"
			"read -p password: x\nPWD=/tmp/abc\n");
	CHECK_NONE("/etc/a.conf", "#password=abcdef\npassword=\npassword=********\n"
			"passwd=/etc/passwd\n");
	CHECK_NONE("/etc/PSK.sta", "psk=\"~~passphr~~\"\npassword=@KEY99@\n");
	CHECK_NONE("/www/a.js", "var password = 'abcdefg';");
	CHECK_NONE("/usr/share/doc/a", "password=abcdefg\n");
	CHECK_NONE("/www/README", "password=abcdefg\n");
	CHECK_NONE("/etc/ddns", "\"http://x.com/?password=[PASSWORD]&a=b\"\n");
	CHECK_NONE("/etc/www", "share.passwd=\"Password\";\nshare.pass=\"Passwort\";\n<script>x</script>\n");
	CHECK_NONE("/etc/a.conf", "label_password=Password:\n");
	CHECK_NONE("/usr/bin/x", "\177ELF password=abcdefg\n");
}

/* One row that says that its value is none. */
static void check_placeholder(int line, const char *path, const char *text, const char *value)
{
	size_t count = secrets(path, text);
	const struct fact *fact = inspected_row(&got, EVIDENCE_SECRET, 0);
	if (count != 1 || !span_equal_text(inspected_text(fact, SECRET_EXCERPT), value) ||
	    inspected_integer(fact, SECRET_PLACEHOLDER) != 1)
		harness_fail(__FILE__, line, "%zu secrets in \"%s\", and a placeholder is wanted", count, text);
	inspected_done(&got);
}
#define CHECK_PLACEHOLDER(path, text, value) check_placeholder(__LINE__, (path), (text), (value))

TEST(tells_placeholders_from_secrets)
{
	CHECK_PLACEHOLDER("/a", "AKIAIOSFODNN7EXAMPLE", "AKIAIOSFODNN7EXAMPLE");
	CHECK_PLACEHOLDER("/etc/a.conf", "password=changethis_your_password\n", "changethis_your_password");
	CHECK_PLACEHOLDER("/etc/a.conf", "api_key=YOUR_API_KEY\n", "YOUR_API_KEY");
	CHECK_PLACEHOLDER("/etc/a.conf", "password=xxxxxxxx\n", "xxxxxxxx");
	CHECK_PLACEHOLDER("/etc/hostapd.conf", "wep_key0=0000000000\n", "0000000000");
	CHECK_PLACEHOLDER("/etc/wpa_supplicant.conf", "network={\n\tpsk=\"psk_test\"\n}\n", "psk_test");
	CHECK_PLACEHOLDER("/usr/bin/x", "\177ELF ftp://user:S3cr3tpw@ftp.example.com/x", "S3cr3tpw");
	CHECK_PLACEHOLDER("/usr/bin/x", "\177ELF http://user:password@host.net/", "password");
	CHECK_EQUAL(secrets("/etc/a.conf", "password=888888\n"), 1);
	CHECK_EQUAL(inspected_integer(inspected_row(&got, EVIDENCE_SECRET, 0), SECRET_PLACEHOLDER), 0);
	inspected_done(&got);
	CHECK_NONE("/usr/lib/perl5/Configure.sh", "d_grpasswd='define'\n");
}

TEST(gives_line_and_offset)
{
	CHECK_EQUAL(secrets("/etc/d.cfg", "a=1\nb=2\nsys_passwd=Geheim12\n"), 1);
	const struct fact *fact = inspected_row(&got, EVIDENCE_SECRET, 0);
	CHECK_EQUAL(inspected_integer(fact, SECRET_LINE), 3);
	CHECK_TEXT(inspected_text(fact, SECRET_NAME), "sys_passwd");
	inspected_done(&got);
}

TESTS(what_shows_how_it_is_used_is_a_hint, finds_what_is_built_in, finds_credentials_in_the_forms_of_devices,
      finds_tokens, finds_wifi_keys,
      finds_passwords_in_settings, a_passphrase_of_a_key_file_is_a_hint, a_word_of_yaml_is_a_value,
      finds_passwords_of_commands, finds_passwords_that_scripts_compare_with, leaves_what_is_no_secret,
      tells_placeholders_from_secrets, gives_line_and_offset)
