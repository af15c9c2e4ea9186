#include "harness.h"
#include "inspect/inspected.h"
#include "inspect/registry.h"

static struct inspected got;

/* "subject|name|value" of the first setting, or "" where there is none. */
static const char *seen(const char *path, const char *text)
{
	static char words[512];
	inspected_run(&got, &inspector_scripts, path, span_of_text(text));
	const struct fact *fact = inspected_row(&got, EVIDENCE_SETTING, 0);
	words[0] = '\0';
	if (fact)
		(void)snprintf(words, sizeof words, "%.*s|%.*s|%.*s", SPAN_FORMAT(inspected_text(fact, SETTING_SUBJECT)),
			       SPAN_FORMAT(inspected_text(fact, SETTING_NAME)),
			       SPAN_FORMAT(inspected_text(fact, SETTING_VALUE)));
	inspected_done(&got);
	return words;
}
#define SEES(path, text, wanted) CHECK_TEXT(span_of_text(seen((path), (text))), (wanted))

TEST(sees_certificates_unchecked)
{
	SEES("/bin/up.sh", "#!/bin/sh\nU=https://up.example.com/fw\ncurl -sk -o /tmp/f $U\n",
	     "curl|--insecure|https://up.example.com/fw");
	SEES("/bin/up.sh", "#!/bin/sh\nwget --no-check-certificate https://up.example.com/fw\n",
	     "wget|--no-check-certificate|https://up.example.com/fw");
	SEES("/bin/up.py", "import requests\nrequests.get('https://up.example.com', verify=False)\n",
	     "python|--insecure|requests.get('https://up.example.com', verify=False)");
	SEES("/bin/up.py", "import requests\nrequests.get(url, verify=False)\n", "python|unchecked|requests.get(url, verify=False)");
	SEES("/www/up.js", "https.get({host: 'up.example.com', rejectUnauthorized: false});\n",
	     "node|unchecked|https.get({host: 'up.example.com', rejectUnauthorized: false});");
	SEES("/bin/up", "#!/usr/bin/env node\nconst a = {rejectUnauthorized: false};\n",
	     "node|unchecked|const a = {rejectUnauthorized: false};");
	SEES("/bin/up.php", "<?php\ncurl_setopt($c, CURLOPT_SSL_VERIFYPEER, false);\n",
	     "php|unchecked|curl_setopt($c, CURLOPT_SSL_VERIFYPEER, false);");
	SEES("/bin/pub.sh", "#!/bin/sh\nmosquitto_pub -h mqtt.example.com --insecure -t a -m b\n",
	     "mosquitto_pub|--insecure|mosquitto_pub -h mqtt.example.com --insecure -t a -m b");
	SEES("/bin/pub.sh", "#!/bin/sh\nmosquitto_pub -h localhost --insecure -t a -m b\n", "");
	SEES("/bin/up.py", "requests.get(url, verify=True)\nrequests.get('https://127.0.0.1/', verify=False)\n", "");
	SEES("/usr/lib/lua/up.lua", "io.popen(\"curl -k https://up.example.com/\")\n",
	     "curl|--insecure|io.popen(\"curl -k https://up.example.com/\")");
}

TEST(leaves_checked_and_near_alone)
{
	SEES("/bin/up.sh", "#!/bin/sh\ncurl -s https://up.example.com/fw\n", "");
	SEES("/bin/up.sh", "#!/bin/sh\ncurl -k http://up.example.com/fw\n", "");
	SEES("/bin/up.sh", "#!/bin/sh\ncurl -k https://127.0.0.1/status\n", "");
	SEES("/bin/up.sh", "#!/bin/sh\n# curl -k https://up.example.com/fw\necho curl -k https://x.example.com\n", "");
	SEES("/bin/up.sh", "#!/bin/sh\ncurl -o kernel https://up.example.com/fw\n", "");
	SEES("/bin/up.sh", "#!/bin/sh\nexit 0\ncurl -k https://up.example.com/fw\n", "");
}

TEST(sees_code_from_removable_storage)
{
	SEES("/etc/init.d/rcS", "#!/bin/sh\nif [ -f /mnt/sdcard/debug.sh ]; then\n\tsh /mnt/sdcard/debug.sh\nfi\n",
	     "removable storage|runs|/mnt/sdcard/debug.sh");
	SEES("/etc/hotplug.d/block/50-run", "#!/bin/sh\nif [ -x /mnt/$DEVNAME/auto.sh ]; then\n\t/mnt/$DEVNAME/auto.sh\nfi\n",
	     "removable storage|runs|/mnt/$DEVNAME/auto.sh");
	SEES("/etc/init.d/rcS", "#!/bin/sh\nfor s in /mnt/sdcard/*.sh; do\n\tsh \"$s\"\ndone\n", "removable storage|runs|$s");
	SEES("/etc/init.d/rcS", "#!/bin/sh\nfor s in /etc/rc.d/*.sh; do\n\tsh \"$s\"\ndone\n", "");
	SEES("/etc/usb.sh", "#!/bin/sh\nmount /dev/$MDEV /mnt && sh /mnt/run.sh\n", "removable storage|runs|/mnt/run.sh");
	SEES("/etc/usb.sh", "#!/bin/sh\nmount -t vfat /dev/sda1 /tmp/u\n/tmp/u/go\n", "removable storage|runs|/tmp/u/go");
	SEES("/etc/usb.sh", "#!/bin/sh\nmount -t tmpfs none /mnt\nsh /mnt/run.sh\nmount /dev/mtdblock3 /mnt\n. /mnt/x\n", "");
	SEES("/etc/init.d/rcS", "#!/bin/sh\n. /tmp/mnt/sda1/run\n", "removable storage|runs|/tmp/mnt/sda1/run");
	SEES("/etc/init.d/rcS", "#!/bin/sh\nmount /dev/sda1 /mnt/usb\ncp /mnt/usb/a /tmp/a\nls /mnt/sda1/\n", "");
	SEES("/etc/init.d/rcS", "#!/bin/sh\n/mnt/data/run\n", "");
}

TEST(sees_what_is_installed_from_removable_storage)
{
	SEES("/bin/start.sh", "#!/bin/sh\nwhere=/mnt/usb/auto_flash\nf=$(ls $where)\ncp $where/$f /tmp/$f\n"
			      "start-stop-daemon -b -S -x sysupgrade -- -n /tmp/$f\n",
	     "removable storage|installs with sysupgrade|/mnt/usb/auto_flash");
	SEES("/bin/start.sh", "#!/bin/sh\nlist=/mnt/usb/install/auto_package\nopkg install $p\n",
	     "removable storage|installs with opkg|/mnt/usb/install/auto_package");
	SEES("/bin/start.sh", "#!/bin/sh\nlist=/mnt/usb/list\nwhere=/mnt/usb/flash\nsysupgrade $(ls $where)\n",
	     "removable storage|installs with sysupgrade|/mnt/usb/list, /mnt/usb/flash");
	SEES("/bin/start.sh", "#!/bin/sh\nlog=/mnt/usb/log.txt\necho sysupgrade\n", "");
	SEES("/bin/start.sh", "#!/bin/sh\nwhere=/tmp/fw\nsysupgrade $where\n", "");
}

TEST(sees_requests_evaluated)
{
	SEES("/www/cgi-bin/a.cgi", "#!/bin/sh\neval `echo \"$QUERY_STRING\" | tr '&' ';'`\n",
	     "cgi|eval|eval `echo \"$QUERY_STRING\" | tr '&' ';'`");
	SEES("/www/cgi-bin/a.cgi", "#!/bin/sh\necho \"$QUERY_STRING\"\neval $(cat /etc/a)\n", "");
}

TEST(sees_short_keys)
{
	SEES("/usr/sbin/gencert.sh", "#!/bin/sh\nopenssl req -new -out /tmp/c -newkey rsa:512 -passout pass:password\n",
	     "openssl|bits of the key that it makes|512");
	SEES("/usr/sbin/gencert.sh", "#!/bin/sh\nopenssl genrsa -out /tmp/k 1024\n",
	     "openssl|bits of the key that it makes|1024");
	SEES("/usr/sbin/gencert.sh", "#!/bin/sh\nopenssl x509 -in /tmp/c -days 3650\n", "");
}

TEST(sees_telnet_until_a_password_is_set)
{
	const char *text = "#!/bin/sh /etc/rc.common\nhas_root_pwd() {\n\ttrue\n}\nstart() {\n\thas_root_pwd /etc/passwd || "
			   "telnetd -l /bin/login.sh\n}\n";
	SEES("/etc/init.d/telnet", text, "telnet|started until|root has a password");
	SEES("/etc/init.d/other", text, "");
}

TESTS(sees_what_is_installed_from_removable_storage, sees_certificates_unchecked, leaves_checked_and_near_alone,
      sees_code_from_removable_storage, sees_requests_evaluated, sees_short_keys, sees_telnet_until_a_password_is_set)
