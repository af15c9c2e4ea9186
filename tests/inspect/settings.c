#include "harness.h"
#include "inspect/inspected.h"
#include "inspect/registry.h"

static struct inspected got;

static size_t settings(const char *path, const char *text)
{
	inspected_run(&got, &inspector_settings, path, span_of_text(text));
	return inspected_count(&got, EVIDENCE_SETTING);
}

static void check(int line, const char *subject, const char *name, const char *value)
{
	const struct fact *fact = inspected_find(&got, EVIDENCE_SETTING, SETTING_NAME, name);
	struct span found = inspected_text(fact, SETTING_VALUE), about = inspected_text(fact, SETTING_SUBJECT);
	if (!fact || !span_equal_text(found, value) || !span_equal_text(about, subject))
		harness_fail(__FILE__, line, "%s is %.*s %.*s", name, SPAN_FORMAT(about), SPAN_FORMAT(found));
}
#define CHECK_SETTING(subject, name, value) check(__LINE__, (subject), (name), (value))

TEST(reads_servers)
{
	CHECK_EQUAL(settings("/etc/ssh/sshd_config", "#PermitRootLogin no\nPermitRootLogin yes # lab\n"
			"PasswordAuthentication yes\n"
						     "PermitEmptyPasswords yes\n"), 3);
	CHECK_SETTING("sshd", "PermitRootLogin", "yes");
	CHECK_EQUAL(inspected_integer(inspected_row(&got, EVIDENCE_SETTING, 0), SETTING_LINE), 2);
	CHECK_SETTING("sshd", "PermitEmptyPasswords", "yes");
	inspected_done(&got);
	settings("/etc/vsftpd.conf", "anonymous_enable=YES\n");
	CHECK_SETTING("vsftpd", "anonymous_enable", "YES");
	inspected_done(&got);
	CHECK_EQUAL(settings("/etc/samba/smb.conf", "[share]\n\tguest ok = yes\n\tcomment = x\n;public = yes\n"), 1);
	CHECK_SETTING("smb", "guest ok", "yes");
	inspected_done(&got);
	settings("/etc/mosquitto/mosquitto.conf", "allow_anonymous true\nlistener 1883\npassword_file /etc/m\n");
	CHECK_SETTING("mosquitto", "allow_anonymous", "true");
	CHECK_SETTING("mosquitto", "password_file", "/etc/m");
	inspected_done(&got);
}

TEST(reads_uci)
{
	settings("/etc/config/dropbear", "config dropbear\n\toption PasswordAuth 'on'\n\toption RootPasswordAuth \"on\"\n"
			"\toption Port '22'\n");
	CHECK_SETTING("dropbear", "PasswordAuth", "on");
	CHECK_SETTING("dropbear", "RootPasswordAuth", "on");
	inspected_done(&got);
	CHECK_EQUAL(settings("/etc/config/wireless", "config wifi-iface\n\toption ssid x\n\toption encryption none\n"
			"\toption key 12345678\n"), 1);
	CHECK_SETTING("wifi", "encryption", "none");
	inspected_done(&got);
	settings("/etc/config/system", "config system\n\toption hostname x\n\toption ttylogin '0'\n");
	CHECK_SETTING("system", "ttylogin", "0");
	inspected_done(&got);
}

TEST(reads_the_system)
{
	settings("/etc/sysctl.conf", "kernel.randomize_va_space = 0\n");
	CHECK_SETTING("sysctl", "kernel.randomize_va_space", "0");
	inspected_done(&got);
	CHECK_EQUAL(settings("/etc/init.d/rcS", "#!/bin/sh\necho 1 > /proc/sys/net/ipv4/ip_forward\n"
			"#echo 1 > /proc/sys/net/ipv4/tcp_syncookies\n"
						"if x; then\n  echo 0 > /proc/sys/kernel/a\nfi\necho $X > /proc/sys/kernel/b\n"), 1);
	CHECK_SETTING("sysctl", "net.ipv4.ip_forward", "1");
	inspected_done(&got);
	settings("/etc/fstab", "/dev/mtdblock4 /data jffs2 rw,nosuid 0 0\n");
	CHECK_SETTING("mount", "/data", "rw,nosuid");
	inspected_done(&got);
	settings("/default.prop", "ro.debuggable=1\nro.other=2\n");
	CHECK_SETTING("android property", "ro.debuggable", "1");
	CHECK_EQUAL(inspected_count(&got, EVIDENCE_SETTING), 1);
	inspected_done(&got);
}

TEST(reads_defaults_and_keeps_secrets_out)
{
	CHECK_EQUAL(settings("/etc/nvram.default", "telnet_enable=1\nssid=x\nremote_password=abc\nwps_pin=12345670\nftp_name=\n"),
			1);
	CHECK_SETTING("default configuration", "telnet_enable", "1");
	inspected_done(&got);
	CHECK_EQUAL(settings("/etc/RT2860AP.dat", "AuthMode=OPEN\nEncrypType=NONE\nWPAPSK1=12345678\n"), 2);
	CHECK_SETTING("wifi", "EncrypType", "NONE");
	inspected_done(&got);
	settings("/etc/other.conf", "PermitRootLogin yes\n");
	CHECK(!got.ran);
	inspected_done(&got);
}

TESTS(reads_servers, reads_uci, reads_the_system, reads_defaults_and_keeps_secrets_out)
