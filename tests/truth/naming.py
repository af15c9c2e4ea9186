#!/usr/bin/env python3
"""What makers' images call themselves, each by a recipe in that maker's form: naming.py ASSAY."""
import hashlib
import json
import pathlib
import struct
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))
from tap import SCRATCH, assay, case, equal, main, write  # noqa: E402

ELF = b"\x7fELF\1\1\1" + bytes(9) + struct.pack("<HHIIIIIHHHHHH", 2, 8, 1, 0x400000, 0, 0, 0, 52, 32, 0, 40, 0, 0)
DESCRIPTION = ("<?xml version='1.0'?>\n<root xmlns='urn:schemas-upnp-org:device-1-0'>\n<device>\n"
               "<manufacturer>{}</manufacturer>\n<modelName>{}</modelName>\n</device></root>\n")


def program(*texts):
    return ELF + b"".join(b"\0" + text.encode() for text in texts) + b"\0\1"


def page(*rows):
    cells = "".join(f"<tr><td>{name}</td>\n<td>&nbsp;{value}</td></tr>\n" for name, value in rows)
    return f"<html><head><title>Status</title></head><body><table>{cells}</table></body></html>\n"


# Folder, its files, and what it is: maker, model, hardware, firmware.
IMAGES = {
    "netgear": ({"module_name": "R7500v2\n", "firmware_version": "V1.0.3.16\n", "hardware_version": "R7500v2\n",
                 "usr/sbin/httpd": program('Basic realm="NETGEAR R7500v2"')}, ("NETGEAR", "R7500v2", "R7500v2", "V1.0.3.16")),
    "dlink": ({"etc/config/image_sign": "wrgac13_dlink.2013gui_dir850l\n", "etc/config/buildver": "1.09\n"},
              ("D-Link", "DIR-850L", None, "1.09")),
    "dlink-server": ({"htdocs/cgibin": program("Server: Linux, HTTP/1.1, DIR-815 Ver 1.04b03")},
                     ("D-Link", "DIR-815", None, "1.04b03")),
    "dlink-page": ({"www/login.htm": "<html><head><title>D-LINK DIR-615 : Login</title></head></html>\n"},
                   ("D-Link", "DIR-615", None, None)),
    "tplink": ({"web/userRpm/StatusRpm.htm": page(("Model No.", "TL-WR940N"), ("Hardware Version:", "WR940N v4 00000000"),
                                                  ("Firmware Version:", "3.16.9 Build 160617 Rel.57021n")),
                "web/index.htm": "<title>TP-Link TL-WR940N</title>\n"},
               ("TP-Link", "TL-WR940N", "WR940N v4 00000000", "3.16.9 Build 160617 Rel.57021n")),
    "asus": ({"usr/networkmap/icon.xml": DESCRIPTION.format("ASUSTeK Computer Inc.", "RT-AC68U")}, ("ASUS", "RT-AC68U", None, None)),
    "zyxel": ({"etc/upnp.xml": DESCRIPTION.format("ZyXEL", "VMG1312-B10A")}, ("Zyxel", "VMG1312-B10A", None, None)),
    "tenda": ({"webroot/rootDesc.xml": DESCRIPTION.format("Tenda Technology", "AC15")}, ("Tenda", "AC15", None, None)),
    "totolink": ({"etc/linuxigd/gatedesc.xml": DESCRIPTION.format("TOTOLINK", "A3002RU")}, ("Totolink", "A3002RU", None, None)),
    "hikvision": ({"home/app/davinci": program("DS-2CD2032-I"), "home/webLib/doc/page/login.asp": "<title>DS-2CD2032-I</title>\n"},
                  ("Hikvision", "DS-2CD2032-I", None, None)),
    "dahua": ({"usr/bin/sonia": program("IPC-HFW4300S"), "mnt/web/index.htm": "<title>IPC-HFW4300S</title>\n"},
              ("Dahua", "IPC-HFW4300S", None, None)),
    "ubiquiti": ({"etc/board.info": "board.name=NanoStation M5\nboard.shortname=NM5\n", "usr/lib/version": "XM.v5.6.15\n"},
                 ("Ubiquiti", "NanoStation M5", None, "XM.v5.6.15")),
    "qnap": ({"etc/config/uLinux.conf": "[System]\nModel = TS-231P\nVersion = 4.3.6\n"}, ("QNAP", "TS-231P", None, "4.3.6")),
    "synology": ({"etc.defaults/VERSION": 'majorversion="6"\nproductversion="6.2.4"\n',
                  "etc.defaults/synoinfo.conf": 'unique="synology_rtd1296_ds218"\nupnpmodelname="DS218"\n'},
                 ("Synology", "DS218", None, "6.2.4")),
    "huawei": ({name: program("HG532eV100R001C01B020 DNS <dns> V1.00") for name in ("bin/dns", "bin/cms", "bin/web")},
               ("Huawei", "HG532e", None, "V100R001C01B020")),
    "avm": ({"etc/init.d/rc.conf": 'export CONFIG_PRODUKT_NAME="FRITZ!Box 7490"\nexport CONFIG_VERSION="06.30"\n'},
            ("AVM", "FRITZ!Box 7490", None, "06.30")),
    "tr069": ({"etc/model.xml": "<InternetGatewayDevice><DeviceInfo><Manufacturer>ZTE</Manufacturer><ModelName>F660</ModelName>"
                                "<SoftwareVersion>V5.2.10P4T5</SoftwareVersion></DeviceInfo></InternetGatewayDevice>\n"},
              ("ZTE", "F660", None, "V5.2.10P4T5")),
    # What could be read as a name and is none.
    "list": ({"bin/compat": program("DIR-300", "DIR-320", "TL-WR841N"), "www/help.htm": "<p>works with TL-WR841N and others</p>\n"},
             (None, None, None, None)),
    "sample": ({"usr/share/upnp/tvdevicedesc.xml": DESCRIPTION.format("TV Manufacturer Name", "TVEmulator 1.0")}, (None, None, None, None)),
    "once": ({"bin/tool": program("WRT54GL")}, (None, None, None, None)),
    "copied": ({"web/a.htm": "<title>Archer C7</title>\n", "web/b.htm": "<title>Archer C7</title>\n", "bin/httpd": program("TL-WR841N")},
               (None, None, None, None)),
    "template": ({"www/status.htm": page(("Model No.", "<script>document.write(m);</script>"), ("Firmware Version:", "<% fw %>"))},
                 (None, None, None, None)),
}


@case
def makers_are_known_by_the_places_in_which_they_name_themselves():
    for name, (files, want) in IMAGES.items():
        for path, content in files.items():
            write(f"{name}/{path}", content)
        write(f"{name}/etc/passwd", "root:x:0:0:root:/:/bin/sh\n")
        run = assay("query", SCRATCH / name, "SELECT vendor, model, hardware, version FROM image", "--format", "json")
        equal(run.status, 0, run.err)
        equal(tuple(json.loads(run.out)[0].values()), want, name)


def safeloader(**partitions):
    """An image of TP-Link's SafeLoader: a table in words, and partitions with their size before the text."""
    table, data, at = "", b"", 0x800
    for name, text in partitions.items():
        part = struct.pack(">II", len(text), 0) + text.encode() + b"\0"
        table += f"fwup-ptn {name.replace('_', '-')} base 0x{at + len(data):05x} size 0x{len(part):05x}\t\r\n"
        data += part
    body = bytes(0x1000) + table.encode().ljust(0x800, b"\0") + data
    salt = bytes.fromhex("7A2B15ED9B98596DE504AB44AC2A9F4E")
    return struct.pack(">I", len(body) + 20) + hashlib.md5(salt + body).digest() + body


@case
def tplink_safeloader_images_name_the_device_in_their_partitions():
    image = write("archer.bin", safeloader(
        product_info="vendor_name:TP-Link\r\nvendor_url:www.tp-link.com\r\nproduct_name:Archer AX21\r\nproduct_ver:1.20.0\r\n",
        soft_version="soft_ver:1.1.3 Build 20221125 rel.50204\r\n"))
    run = assay("query", image, "SELECT vendor, model, hardware, version FROM image", "--format", "json")
    equal(tuple(json.loads(run.out)[0].values()), ("TP-Link", "Archer AX21", "1.20.0", "1.1.3 Build 20221125 rel.50204"))
    rows = json.loads(assay("query", image, "SELECT id, status, fixed_in FROM vulnerability", "--format", "json").out)
    equal([(one["id"], one["status"], one["fixed_in"]) for one in rows if one["id"] == "CVE-2023-1389"],
          [("CVE-2023-1389", "affected", "1.1.4_build_20230219")])


main()
