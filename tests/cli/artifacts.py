#!/usr/bin/env python3
"""Several files are one product: given as arguments, as a folder, as an archive, in any order, the findings are the same."""
import gzip
import io
import json
import pathlib
import random
import shutil
import struct
import subprocess
import sys
import tarfile
import zipfile
import zlib

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))
from tap import SCRATCH, Skip, assay, case, equal, holds, main, write  # noqa: E402

ROOT = {
    "etc/passwd": b"root::0:0:root:/:/bin/sh\n",
    "etc/inittab": b"::sysinit:/etc/init.d/rcS\nttyS0::respawn:-/bin/sh\n",
    "etc/init.d/rcS": b"#!/bin/sh\n/usr/sbin/telnetd -l /bin/login\n",
    "usr/sbin/telnetd": b"\x7fELF not quite",
    "bin/sh": b"\x7fELF not quite",
}


def make_tar(files):
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as tar:
        for name, content in files.items():
            entry = tarfile.TarInfo(name)
            entry.size, entry.mode = len(content), 0o755
            tar.addfile(entry, io.BytesIO(content))
    return out.getvalue()


def make_zip(files):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return out.getvalue()


def uimage(payload, name, kind):
    """The legacy header of U-Boot (include/image.h)."""
    fields = [0x27051956, 0, 0, len(payload), 0x80000000, 0x80000000, zlib.crc32(payload), 5, 5, kind, 0, name.encode()]
    header = struct.pack(">7I4B32s", *fields)
    fields[1] = zlib.crc32(header)
    return struct.pack(">7I4B32s", *fields) + payload


def squashfs():
    if not shutil.which("mksquashfs"):
        raise Skip("mksquashfs is not here")
    for name, content in ROOT.items():
        write(f"tree/{name}", content, 0o755)
    subprocess.run(["mksquashfs", SCRATCH / "tree", SCRATCH / "rootfs.squashfs", "-noappend", "-quiet", "-all-root",
                    "-no-progress"], check=True)
    return (SCRATCH / "rootfs.squashfs").read_bytes()


def dumps():
    noise = random.Random(1).randbytes
    kernel = b"Linux version 4.14.63 (builder@host) (gcc version 7.3.0) #0 Mon Jan 1 00:00:00 2018\n\0" + bytes(range(256)) * 40
    return {
        "mtd0_boot.bin": b"\x10\0\0\xef" * 600 + b"U-Boot 1.1.3 (Jan 01 2018)\0" + b"\x1e\xff\x2f\xe1" * 2000,
        "mtd1_kernel.bin": uimage(kernel, "MIPS OpenWrt Linux-4.14.63", 2) + b"\xff" * 4096,
        "mtd2_rootfs.bin": squashfs(),
        "mtd3_factory.bin": noise(20000),
        "README.txt": b"Dumped with a programmer.\n",
    }


def result(*words):
    run = assay(*words, "--json", "-")
    equal(run.status, 0, run.err)
    return json.loads(run.out)


def conclusions(document):
    """What may not depend on how the files were given."""
    return {
        "grade": document["grade"],
        "findings": document["findings"],
        "components": [(one["name"], one["version"], one["path"]) for one in document["components"]],
        "verdicts": [(one["catalog"], one["id"], one["verdict"]) for one in document["requirements"]],
    }


def artifacts(document):
    held = [one for one in document["artifacts"] if one["kind"] != "archive"]
    return [(one["name"], one["size"], one["sha256"], one["kind"], one["opaque"], one["padding"]) for one in held]


@case
def dumps_are_one_product_however_they_are_given():
    files = dumps()
    paths = [write(f"dumps/{name}", content) for name, content in files.items()]
    backwards = dict(reversed(files.items()))
    first = result(*paths)
    equal([one["name"] for one in first["artifacts"]], sorted(files))
    equal({one["name"]: one["kind"] for one in first["artifacts"]},
          {"README.txt": "document", "mtd0_boot.bin": "boot loader", "mtd1_kernel.bin": "kernel",
           "mtd2_rootfs.bin": "root file system", "mtd3_factory.bin": "unknown"})
    equal(first["image"]["size"], sum(map(len, files.values())))
    equal(any(one["path"] == "/etc/passwd" for one in first["findings"]), True)
    others = {
        "the other way round": result(*reversed(paths)),
        "a folder": result(SCRATCH / "dumps"),
        "a zip": result(write("dumps.zip", make_zip(files))),
        "a zip, the other way round": result(write("dumps2.zip", make_zip(backwards))),
        "a zip with a folder": result(write("dumps3.zip", make_zip({f"unit 7/{n}": c for n, c in backwards.items()}))),
        "a tar": result(write("dumps.tar", make_tar(files))),
    }
    for name, other in others.items():
        equal(conclusions(other), conclusions(first), name)
        equal(artifacts(other), artifacts(first), name)
    for name in ("the other way round", "a folder"):
        equal(others[name]["image"]["sha256"], first["image"]["sha256"], name)


@case
def every_byte_of_every_artifact_is_in_its_map():
    files = dumps()
    document = result(*[write(f"mapped/{name}", content) for name, content in files.items()])
    for one in document["artifacts"]:
        ranges = [r for r in document["ranges"] if r["artifact"] == one["id"]]
        at = 0
        for r in ranges:
            equal(r["offset"], at, one["name"])
            at += r["size"]
        equal(at, one["size"], one["name"])


@case
def a_root_beside_a_kernel_is_one_product_in_a_folder_and_as_arguments():
    kernel = dumps()["mtd1_kernel.bin"]
    for name, content in ROOT.items():
        write(f"unpacked/_firmware.extracted/squashfs-root/{name}", content, 0o755)
    write("unpacked/_firmware.extracted/kernel.bin", kernel)
    below = SCRATCH / "unpacked" / "_firmware.extracted"
    first = result(SCRATCH / "unpacked")
    equal([(one["name"], one["kind"]) for one in first["artifacts"]],
          [("kernel.bin", "kernel"), ("squashfs-root", "root file system")])
    equal(any(one["path"] == "/etc/passwd" for one in first["findings"]), True)
    for other in (result(below / "squashfs-root", below / "kernel.bin"), result(below / "kernel.bin", below / "squashfs-root")):
        equal(conclusions(other), conclusions(first))
        equal(artifacts(other), artifacts(first))


@case
def a_folder_is_a_root_only_where_it_looks_like_one():
    for name, content in ROOT.items():
        write(f"root/{name}", content, 0o755)
    equal([one["kind"] for one in result(SCRATCH / "root")["artifacts"]], ["root file system"])
    scripts = {f"tool{i}.sh": b"#!/bin/sh\ntelnetd -l /bin/sh\n" for i in range(4)}
    for name, content in scripts.items():
        write(f"scripts/{name}", content, 0o755)
    for image in (SCRATCH / "scripts", write("scripts.zip", make_zip(scripts))):
        document = result(image)
        kinds = {one["kind"] for one in document["artifacts"]}
        equal(kinds - {"archive"}, {"program"})
        equal([one["verdict"] for one in document["requirements"] if one["verdict"] in ("failed", "shown")], [])


@case
def an_app_and_an_sbom_beside_the_firmware_are_artifacts():
    files = dumps() | {
        "app.apk": make_zip({"AndroidManifest.xml": b"\x03\0\x08\0" + bytes(400), "classes.dex": b"dex\n035\0" + bytes(200)}),
        "bom.json": b'{"bomFormat": "CycloneDX", "specVersion": "1.5", "version": 1, "components": []}',
    }
    document = result(*[write(f"beside/{name}", content) for name, content in files.items()])
    kinds = {one["name"]: one["kind"] for one in document["artifacts"]}
    equal((kinds["app.apk"], kinds["bom.json"]), ("app", "sbom"))
    run = assay(SCRATCH / "beside", "--sbom", "-")
    held = json.loads(run.out)["metadata"]["component"]["components"]
    equal({one["name"]: one["type"] for one in held}["app.apk"], "application")
    run = assay(SCRATCH / "beside", "--sarif", "-")
    equal(sorted(one["location"]["uri"] for one in json.loads(run.out)["runs"][0]["artifacts"]), sorted(files))


@case
def an_app_is_told_by_its_own_manifest():
    manifest = {"META-INF/MANIFEST.MF": b"Manifest-Version: 1.0\n"}
    app = manifest | {"AndroidManifest.xml": b"\x03\0\x08\0" + bytes(400), "classes.dex": b"dex\n035\0" + bytes(200)}
    for name, files, path in [("a.apk", app, "/AndroidManifest.xml"), ("b.jar", manifest, "/META-INF/MANIFEST.MF")]:
        run = assay("query", write(name, make_zip(files)), "SELECT kind || ': ' || reason FROM artifact", "--format", "tsv")
        holds(run.out, f"app: an app: {path}")


@case
def a_packed_boot_loader_has_a_name():
    loader = b"\x10\0\0\xef" * 600 + b"\0U-Boot 1.1.3 (Jan 01 2018)\0" + b"\x1e\xff\x2f\xe1" * 2000
    for content, name in [(loader, "boot-loader"), (b"\x10\0\0\xef" * 600, "data"), (b"a U-Boot manual\n" * 90, "data")]:
        run = assay("query", write("packed.gz", gzip.compress(content, mtime=0)), "SELECT path FROM file", "--format", "tsv")
        equal(run.out.split()[1:], [name])


main()
