#!/usr/bin/env python3
"""Parts of hexadecimal records are the sections that objcopy makes of the same text: by recipe, and of the corpus."""
import hashlib
import json
import pathlib
import random
import re
import shutil
import subprocess
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))
from tap import SCRATCH, Skip, assay, case, corpus, equal, main, write  # noqa: E402

KINDS = ("ihex", "srec")
PARTS = ("SELECT f.path, f.sha256 FROM file f JOIN volume v ON v.id = f.volume WHERE v.format = 'hex-records' AND f.size > 0"
         " ORDER BY f.path, f.sha256")


def sections(path, kind):
    """Address and digest of what binutils find; they begin a new section with each record that sets the upper address."""
    listed = subprocess.run(["objdump", "-h", "-b", kind, path], capture_output=True, text=True, check=True).stdout
    found = []
    for name, address in re.findall(r"^ +\d+ (\.sec\d+) +[0-9a-f]+ +([0-9a-f]+) ", listed, re.M):
        out = SCRATCH / "section.bin"
        subprocess.run(["objcopy", "-I", kind, "-O", "binary", "-j", name, path, out], check=True, capture_output=True)
        address, content = int(address, 16), out.read_bytes()
        if found and found[-1][0] + len(found[-1][1]) == address:
            found[-1] = (found[-1][0], found[-1][1] + content)
        else:
            found.append((address, content))
    return sorted((f"0x{address:08x}", hashlib.sha256(content).hexdigest()) for address, content in found)


def same(path, kind):
    if not shutil.which("objcopy"):
        raise Skip("objcopy is not here")
    run = assay("query", path, PARTS, "--format", "json")
    equal(run.status, 0, run.err)
    got = [("0x" + one["path"].rsplit("0x", 1)[1], one["sha256"]) for one in json.loads(run.out)]
    equal(sorted(got), sections(path, kind), path)


def made(kind):
    path = SCRATCH / f"made.{kind}"
    data = write("data.bin", random.Random(5).randbytes(70000))
    subprocess.run(["objcopy", "-I", "binary", "-O", kind, "--change-addresses", "0x0800f123", data, path], check=True)
    return path


@case
def reads_what_objcopy_writes():
    if not shutil.which("objcopy"):
        raise Skip("objcopy is not here")
    for kind in KINDS:
        same(made(kind), kind)


@case
def reads_what_others_write():
    for name in ("nrf51/neuroon-firmware-bins/nrf51822_xxac_s130_boot_s.hex", "keyboard/Dactyl-Manuform-4x6/firmware.hex",
                 "nrf52-adafruit/bootloader/feather_nrf52832/feather_nrf52832_bootloader-0.9.1_s132_6.1.1.hex"):
        same(corpus(name), "ihex")
    same(corpus("fmt-fact/srec/test/data/testfile.srec"), "srec")


@case
def searches_what_was_written_down():
    """An archive within records is opened; the text itself is not what was read."""
    if not shutil.which("objcopy"):
        raise Skip("objcopy is not here")
    shutil.rmtree(SCRATCH / "root", ignore_errors=True)
    write("root/etc/passwd", "root::0:0::/:/bin/sh\n")
    subprocess.run(["tar", "-cf", "inner.tar", "-C", "root", "."], check=True, cwd=SCRATCH)
    subprocess.run(["objcopy", "-I", "binary", "-O", "ihex", "inner.tar", "outer.hex"], check=True, cwd=SCRATCH)
    listed = assay("query", SCRATCH / "outer.hex", "SELECT path FROM file WHERE path LIKE '%/etc/passwd'", "--format", "json")
    equal(len(json.loads(listed.out)), 1, listed.out)


main()
