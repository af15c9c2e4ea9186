#!/usr/bin/env python3
"""Containers within containers are opened down to a depth, and what lies deeper is told."""
import gzip
import io
import json
import pathlib
import sys
import tarfile
import zipfile

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))
from tap import assay, case, equal, main, write  # noqa: E402

DEEPEST = 12  # containers within containers that are opened: src/base/budget.c
SECRET = b"root::0:0:root:/root:/bin/sh\n"


def in_gzip(content, _):
    return gzip.compress(content, mtime=0)


def in_zip(content, level):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(zipfile.ZipInfo(f"{level}.zip" if level else "etc/passwd"), content, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def nested(wrap, count):
    content = SECRET
    for level in range(count):
        content = wrap(content, level)
    return content


def rows(image, sql):
    run = assay("query", image, sql, "--format", "json")
    equal(run.status, 0, run.err)
    return json.loads(run.out)


def check(name, wrap):
    whole = write(f"{name}-whole", nested(wrap, DEEPEST))
    equal(rows(whole, "SELECT count(*) AS n FROM incomplete"), [{"n": 0}], f"{name} at the limit")
    equal(rows(whole, f"SELECT count(*) AS n FROM volume WHERE format = '{name}'"), [{"n": DEEPEST}])
    equal(rows(whole, f"SELECT count(*) AS n FROM file WHERE size = {len(SECRET)}"), [{"n": 1}])
    deeper = write(f"{name}-deeper", nested(wrap, DEEPEST + 1))
    equal(rows(deeper, "SELECT code, missing, cause FROM incomplete"),
          [{"code": "budget.depth", "missing": "entries", "cause": "limit"}], f"{name} past the limit")
    equal(rows(deeper, f"SELECT count(*) AS n FROM volume WHERE format = '{name}'"), [{"n": DEEPEST}])
    equal(rows(deeper, f"SELECT count(*) AS n FROM file WHERE size = {len(SECRET)}"), [{"n": 0}])


@case
def streams_too_deep_are_told():
    check("gzip", in_gzip)


@case
def archives_too_deep_are_told():
    check("zip", in_zip)


@case
def archives_too_deep_in_a_root_file_system_are_told():
    def root(count):
        out = io.BytesIO()
        with tarfile.open(fileobj=out, mode="w") as tar:
            for name, content in {"bin/busybox": b"x", "etc/inittab": b"", "etc/init.d/rcS": b"#!/bin/sh\n", "sbin/init": b"x",
                                  "lib/a": b"x", "usr/bin/b": b"x", "opt/deep.zip": nested(in_zip, count)}.items():
                entry = tarfile.TarInfo("./" + name)
                entry.size = len(content)
                tar.addfile(entry, io.BytesIO(content))
        return write(f"root-{count}.tar", out.getvalue())
    equal(rows(root(DEEPEST - 1), "SELECT count(*) AS n FROM incomplete"), [{"n": 0}])
    equal(rows(root(DEEPEST), "SELECT code, missing FROM incomplete"), [{"code": "budget.depth", "missing": "entries"}])


main()
