"""Registers of each engine, and small archives of images to put into them."""
import io
import os
import sqlite3
import subprocess
import sys
import tarfile

sys.path.insert(0, str(__import__("pathlib").Path(__file__).resolve().parent.parent))
from tap import SCRATCH, write

_registers = 0


def registers():
    """A new register of each engine: what --register takes, and what runs SQL in it behind the program's back."""
    global _registers
    _registers += 1
    path = SCRATCH / f"register-{_registers}.db"

    def in_file(sql):
        with sqlite3.connect(path) as database:
            return [list(map(str, row)) for row in database.execute(sql)]
    yield str(path), in_file
    server = os.environ.get("ASSAY_TEST_POSTGRESQL")
    if not server:
        return
    name = f"register_{_registers}"
    address = server.replace("/postgres?", f"/{name}?")

    def in_server(sql, where=address):
        done = subprocess.run(["psql", where, "-AtqF\t", "-c", sql], capture_output=True, check=True, text=True)
        return [line.split("\t") for line in done.stdout.splitlines()]
    in_server(f"CREATE DATABASE {name}", server)
    yield address, in_server


def root(version, extra=None):
    """A small root file system as a tar: busybox of that version, and files."""
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w", format=tarfile.USTAR_FORMAT) as tar:
        files = {
            "bin/busybox": b"\x7fELF\x01\x01\x01" + bytes(9) + b"\x02\0\x08\0" + bytes(48) + b"BusyBox v%s (2020-01-01 00:00:00 UTC)\0" % version.encode(),
            "etc/passwd": b"root:x:0:0:root:/root:/bin/sh\n",
            **(extra or {}),
        }
        for name, content in files.items():
            info = tarfile.TarInfo(name)
            info.size, info.mode = len(content), 0o755
            tar.addfile(info, io.BytesIO(content))
    return out.getvalue()


def archive(name, versions):
    """A folder of images: product and version in the path."""
    folder = SCRATCH / name
    for product, version, content in versions:
        write(f"{name}/{product}/{version}/image.tar", content)
    return folder


NAMING = ("--name", "{product}/{version}/*.tar")
