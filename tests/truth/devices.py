#!/usr/bin/env python3
"""Devices and Android against what is known of them by hand, with the starter store: devices.py ASSAY.

The images are of the shared corpus; a phone is made of its properties alone."""
import json
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))
from tap import SCRATCH, assay, case, corpus, equal, main, write  # noqa: E402

OF_DEVICES = ("SELECT v.id, v.status, v.known_exploited, v.fixed_in, v.question FROM vulnerability v JOIN component c"
              " ON c.id = v.component WHERE c.type = 'firmware' AND c.name NOT IN ('u-boot') AND NOT EXISTS"
              " (SELECT 1 FROM component_witness w WHERE w.component = c.id)")


def ask(image, sql):
    run = assay("query", image, sql, "--format", "json", "--quiet")
    equal(run.status, 0, run.err)
    return json.loads(run.out)


def of_device(image):
    return {row["id"]: row for row in ask(image, OF_DEVICES)}


def identity(image):
    return ask(image, "SELECT vendor, model, hardware, version FROM image")[0]


@case
def netgear_wnr2000v5_is_older_than_the_fix():
    image = corpus("linksys-netgear/wnr2000v5/WNR2000v5-V1.0.0.18.zip")
    rows = of_device(image)
    equal((rows["CVE-2016-10174"]["status"], rows["CVE-2016-10174"]["known_exploited"]), ("affected", 1))
    equal([one for one in rows if rows[one]["status"] == "affected"], ["CVE-2016-10174"], "no source names versions")
    equal(identity(image), {"vendor": "NETGEAR", "model": "WNR2000v5", "hardware": "WNR2000v5", "version": "V1.0.0.18"})


@case
def huawei_hg532e_names_itself_in_its_programs_and_pages():
    image = corpus("iot-vulhub/HUAWEI/CVE-2017-17215/firmware/HG532eV100R001C01B020_upgrade_packet.bin")
    equal(identity(image), {"vendor": "Huawei", "model": "HG532e", "hardware": None, "version": "V100R001C01B020"})
    equal(of_device(image)["CVE-2017-17215"]["status"], "affected", "its UPnP service holds the command line")


@case
def linksys_images_name_which_of_two_models_they_are_for():
    for path, model in (("wrt54gl/FW_WRT54GL_4.30.18.006_ETSI_20160108.bin", "WRT54GL"),
                        ("linksys-netgear/wrt54g/FW_WRT54Gv4_4.21.5.000_20120220.bin", "WRT54G")):
        equal(identity(corpus(path))["model"], model)


@case
def dd_wrt_is_for_many_devices():
    for path in ("ddwrt/dd-wrt.v24_mini_generic.bin", "ddwrt/dir300-firmware.bin"):
        equal(identity(corpus(path))["model"], None, path)


@case
def tplink_wr841n_v14_meets_its_model_and_no_other_revision():
    rows = of_device(corpus("wr841nv14/firmware/TL-WR841Nv14_EU.bin"))
    equal(rows["CVE-2023-50224"]["known_exploited"], 1)
    equal([one for one in ("CVE-2020-8423", "CVE-2023-33538", "CVE-2015-3035") if one in rows], [], "of revisions 8 to 10")
    equal({row["status"] for row in rows.values()}, {"under review"}, "no source names its revision with its version")
    equal(identity(corpus("wr841nv14/firmware/TL-WR841Nv14_EU.bin"))["version"], "0.9.1 4.19")


@case
def tplink_wr841n_v10_has_faults_of_its_revision():
    rows = of_device(corpus("iot-vulhub/TP-Link/CVE-2020-8423/firmware/wr841nv10_wr841ndv10_en_3_16_9_up_boot(150310).bin"))
    # Its version is the one that is named; the image is older than any patch; no source names versions.
    for one, status in (("CVE-2020-8423", "affected"), ("CVE-2023-33538", "affected"), ("CVE-2015-3035", "under review")):
        equal(rows[one]["status"], status, one)


@case
def openwrt_on_a_dir_300_is_asked_about():
    rows = of_device(corpus("dlink-openwrt/dir300b1-sdmod-extroot/openwrt-ramips-rt305x-dir-300-b1-squashfs-factory.bin"))
    equal((rows["CVE-2011-4723"]["status"], rows["CVE-2011-4723"]["known_exploited"]), ("under review", 1))
    equal("OpenWrt" in rows["CVE-2011-4723"]["question"], True)


@case
def a_boot_image_without_a_patch_level_is_told_once():
    notes = ask(corpus("android-crespo/boot.img"), "SELECT message FROM note WHERE code LIKE 'match.android%'")
    equal(len(notes), 1)
    equal("no security patch level" in notes[0]["message"], True)


@case
def a_phone_lacks_what_came_after_its_level():
    write("phone/system/build.prop", b"ro.build.version.release=7.0\nro.build.version.security_patch=2017-08-01\n"
          b"ro.board.platform=mt6755\nro.build.version.sdk=24\n")
    write("phone/system/bin/sh", b"#!/system/bin/sh\n", 0o755)
    rows = {row["id"]: row for row in ask(SCRATCH / "phone", "SELECT v.* FROM vulnerability v JOIN component c"
                                          " ON c.id = v.component WHERE c.name = 'android'")}
    # BlueBorne, of the bulletin of September 2017; Qualcomm's part of the same month; Stagefright, of 2015.
    equal((rows["CVE-2017-0781"]["status"], rows["CVE-2017-0781"]["fixed_in"]), ("affected", "2017-09-01"))
    equal("CVE-2015-3864" in rows and rows["CVE-2015-3864"]["status"], False)
    others = {row["status"] for row in rows.values() if "chips of qualcomm" in row["reason"]}
    equal(others, {"not affected"})
    old = ask(SCRATCH / "phone", "SELECT detail FROM finding WHERE rule = 'android-patch-level-old'")
    equal(len(old), 1)


main()
