#!/usr/bin/env python3
"""Where faults begin by the sources of several versions: the table, and tools/make-beginnings, which writes it."""
import gzip
import io
import pathlib
import re
import subprocess
import sys
import tarfile

import yaml

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))
from tap import ROOT, SCRATCH, case, equal, main  # noqa: E402

sys.path.insert(0, str(ROOT / "tools"))
from beginnings import archive, order, patches  # noqa: E402

TABLE = ROOT / "data/vulnerabilities/beginnings.tsv"

HEAD = '#include "a.h"\n\nint count(const char *words)\n{\n\tint number = 0;\n\twhile (*words++)\n\t\tnumber++;\n\treturn number;\n}\n\n'
COPY = ("static int copy_name(struct entry *entry, const char *name)\n{\n\tsize_t length = strlen(name);\n\tmemcpy(entry->name, name, length);\n"
        "\tentry->name[length] = 0;\n\tentry->length = length;\n\treturn 0;\n}\n")
OTHER = COPY.replace("name, length);", "name, entry->length);")
SWAPPED = COPY.replace("\tentry->name[length] = 0;\n\tentry->length = length;\n", "\tentry->length = length;\n\tentry->name[length] = 0;\n")
PATCH = """Description: bounds the name
--- a/src/name.c
+++ b/src/name.c
@@ -13,4 +13,6 @@ static int copy_name(struct entry *entry, const char *name)
 {
 \tsize_t length = strlen(name);
+\tif (length >= sizeof entry->name)
+\t\treturn -1;
-\tmemcpy(entry->name, name, length);
+\tmemcpy(entry->name, name, length + 0);
 \tentry->name[length] = 0;
"""
VERSIONS = {"1.0": {"src/name.c": HEAD}, "1.1": {"src/other.c": HEAD}, "1.1.5": {"src/name.c": HEAD + OTHER}, "1.2": {"src/name.c": HEAD + SWAPPED},
            "1.3": {"src/name.c": "/* moved down */\n" * 9 + HEAD + COPY}, "1.4": {"src/name.c": HEAD + COPY},
            "1.5~rc1": {"src/name.c": HEAD + COPY}}


def rows():
    for line in TABLE.read_text(encoding="utf-8").splitlines():
        if not line.startswith("#"):
            key, *fields = line.split("\t")
            yield key.split(" "), fields


def pack(path, files):
    path.parent.mkdir(parents=True, exist_ok=True)
    with tarfile.open(path, "w:xz") as out:
        for name, text in files.items():
            member = tarfile.TarInfo(name)
            member.size = len(text.encode())
            out.addfile(member, io.BytesIO(text.encode()))


def log_of(*entries):
    """debian/changelog of (version, point) from the newest on."""
    return "".join(f"thing ({version}) unstable; urgency=low\n\n  * {point}\n\n -- A <a@example.org>  Mon, 01 Jan 2024 00:00:00 +0000\n\n"
                   for version, point in entries)


def make(name, versions, fixes, log=""):
    """The table of a component "thing" whose source package has those versions, and those patches of 1.4."""
    cache = SCRATCH / name
    for version, files in versions.items():
        pack(cache / f"thing/thing_{version}.orig.tar.xz", {f"thing-{version}/{path}": text for path, text in files.items()})
    pack(cache / "thing/thing_1.4-2.debian.tar.xz", {"debian/patches/series": "".join(f"{one}\n" for one in fixes), "debian/changelog": log,
                                                     **{f"debian/patches/{one}": text for one, text in fixes.items()}})
    (cache / "packages.tsv").write_text("thing\tthing\n")
    run = subprocess.run([ROOT / "tools/make-beginnings", "--cache", cache, "--packages", cache / "packages.tsv", "--out", cache / "out.tsv"],
                         capture_output=True, text=True, check=False)
    equal(run.returncode, 0, run.stderr)
    lines = [line.split("\t") for line in (cache / "out.tsv").read_text().splitlines() if not line.startswith("#")]
    return {line[0]: line[1:] for line in lines}


@case
def a_version_that_was_patched_and_holds_the_code_had_the_fault():
    """Others that hold it may lack what made it a fault; a release candidate is no version."""
    found = make("plain", VERSIONS, {"CVE-2030-0001.patch": PATCH})
    equal(found["thing CVE-2030-0001"], ["1.1", "1.4", "thing 1.4-2 CVE-2030-0001.patch"])
    equal(sorted(key for key in found if " source " in key), ["thing source 1.1", "thing source 1.4"])


@case
def what_an_earlier_patch_brought_is_no_fault_of_upstream():
    """The version that was patched does not have the lines that the patch takes away."""
    brought = {**VERSIONS, "1.4": {"src/name.c": HEAD + OTHER}}
    equal(make("brought", brought, {"CVE-2030-0001.patch": PATCH})["thing CVE-2030-0001"][1], "-")


@case
def a_change_log_tells_of_older_patches():
    """Of the versions that hold the code: moved far down, in another folder, or in another order. A new version patches none."""
    log = log_of(("1.4-2", "CVE-2030-0001: bound the name"), ("1.4-1", "New release"), ("1.3-2", "Fix CVE-2030-0001"), ("1.3-1", "CVE-2030-0001"),
                 ("1.2-3", "Fix CVE-2030-0001"), ("1.2-2", "CVE-2030-0001 is not affected"), ("1.2-1", "New"), ("1.1.5-2", "Fix CVE-2030-0001"),
                 ("1.1.5-1", "New"))
    moved = {**VERSIONS, "1.3": {"lib/name.c": "/* moved down */\n" * 90 + HEAD + COPY}}
    equal(make("log", moved, {"CVE-2030-0001.patch": PATCH}, log)["thing CVE-2030-0001"], ["1.1", "1.2", "thing 1.2-3 changelog"])
    del moved["1.2"]
    equal(make("log2", moved, {"CVE-2030-0001.patch": PATCH}, log)["thing CVE-2030-0001"], ["1.1", "1.3", "thing 1.3-2 changelog"])


@case
def a_version_with_the_fix_has_no_fault():
    """The lines that it brings stand where it would bring them."""
    mended = {"1.3": {"src/name.c": HEAD + COPY.replace("\tmemcpy", "\tif (length >= sizeof entry->name)\n\t\treturn -1;\n\tmemcpy")},
              "1.4": VERSIONS["1.4"]}
    log = log_of(("1.3-2", "Fix CVE-2030-0001"), ("1.3-1", "New"))
    equal(make("mended", mended, {"CVE-2030-0001.patch": PATCH}, log)["thing CVE-2030-0001"][:2], ["-", "1.4"])


@case
def a_trace_elsewhere_shows_nothing():
    """The lines that the patch takes away stand under another name of a function, and of a file."""
    renamed = {**VERSIONS, "1.1": {"src/other.c": HEAD + COPY.replace("copy_name", "take_name")}, "1.0": {"src/other.c": HEAD}}
    equal(make("renamed", renamed, {"CVE-2030-0001.patch": PATCH})["thing CVE-2030-0001"][0], "1.0")


@case
def what_contradicts_itself_is_left_out():
    """A version between two that have the code lacks it; one after them lost it later."""
    gone = {**VERSIONS, "1.3.5": {"src/other.c": HEAD}}
    equal("thing CVE-2030-0001" in make("gone", gone, {"CVE-2030-0001.patch": PATCH}), False)
    later = {**VERSIONS, "1.6": {"src/other.c": HEAD}}
    equal(make("later", later, {"CVE-2030-0001.patch": PATCH})["thing CVE-2030-0001"][:2], ["1.1", "1.4"])


def wrapped(name, files):
    """What make() says where 1.1 is a folder with another archive in it, or with nothing."""
    pack(SCRATCH / name / "inner.tar.xz", {f"thing-1.1/{path}": text for path, text in files.items()})
    inner = (SCRATCH / name / "inner.tar.xz").read_bytes() if files else b""
    with tarfile.open(SCRATCH / name / "outer.tar", "w") as out:
        member = tarfile.TarInfo("thing-1.1/thing-1.1.tar.xz" if files else "thing-1.1/README")
        member.size = len(inner)
        out.addfile(member, io.BytesIO(inner))
    place = SCRATCH / name / "thing/thing_1.1.orig.tar.gz"
    place.parent.mkdir(parents=True)
    with gzip.open(place, "wb") as out:
        out.write((SCRATCH / name / "outer.tar").read_bytes())
    later = {version: files for version, files in VERSIONS.items() if version > "1.1"}
    return make(name, later, {"CVE-2030-0001.patch": PATCH})["thing CVE-2030-0001"][0]


@case
def an_archive_in_an_archive_is_read():
    """A version of which nothing was read lacks nothing."""
    equal(wrapped("within", {"src/other.c": HEAD}), "1.1")
    equal(wrapped("within-code", {"src/name.c": HEAD + COPY}), "-")
    equal(wrapped("nothing", {}), "-")


@case
def a_function_that_is_elsewhere_says_nothing_by_its_absence():
    """Before, its code may have stood in another function of the same file."""
    inline = {**VERSIONS, "1.1": {"src/name.c": HEAD}, "1.0": {"src/other.c": HEAD}}
    equal(make("inline", inline, {"CVE-2030-0001.patch": PATCH})["thing CVE-2030-0001"][0], "1.0")


@case
def what_mends_a_mending_is_no_fix():
    fixes = {"CVE-2030-0001-pre1.patch": PATCH, "CVE-2030-0002-regression.patch": PATCH, "0003-plain.patch": PATCH,
             "0004-two.patch": PATCH.replace("bounds", "CVE-2030-0003 and CVE-2030-0004"), "0005-one.patch": PATCH.replace("bounds", "CVE-2030-0005")}
    equal(set(patches.fixes_of(fixes.items())), {"CVE-2030-0005"})


@case
def what_only_adds_needs_its_surroundings():
    """Three lines around an addition are the code of many places."""
    few = "--- a/src/name.c\n+++ b/src/name.c\n@@ -16,3 +16,4 @@\n \tentry->name[length] = 0;\n+\tentry->set = 1;\n \tentry->length = length;\n \treturn 0;\n"
    equal(make("few", VERSIONS, {"CVE-2030-0001.patch": few})["thing CVE-2030-0001"][:2], ["1.1", "-"])


@case
def versions_of_packages_are_those_of_upstream():
    said = {"2.12.7+dfsg+really2.9.14": "2.9.14", "1:1.2.8.dfsg": "1.2.8", "4.1.0+git191117": None, "4.2.8p4+dfsg": "4.2.8p4", "1.0.2g": "1.0.2g",
            "2.0~rc1": None, "6.2+20201114": None, "2.9.3+dfsg1": "2.9.3"}
    equal({version: archive.upstream_of(version) for version in said}, said)


@case
def each_bound_has_the_source_that_was_read():
    components = {item["name"] for document in (ROOT / "data/components").glob("*.yaml")
                  for item in yaml.load(document.read_text(encoding="utf-8"), yaml.BaseLoader)}
    packages = {line.split("\t")[0] for line in (ROOT / "tools/beginnings/packages.tsv").read_text(encoding="utf-8").splitlines()}
    read, asked, wrong = {}, [], []
    for key, fields in rows():
        if key[1] == "source":
            read[key[0], key[2]] = fields
            if len(key) != 3 or len(fields) != 2 or not re.fullmatch(r"[0-9a-f]{64}", fields[1]):
                wrong.append(key)
        else:
            asked.append((key, fields))
            if len(key) != 2 or len(fields) != 3 or not re.fullmatch(r"CVE-\d{4}-\d{4,7}", key[1]) or " " not in fields[2]:
                wrong.append(key)
    bounds = {(key[0], bound) for key, fields in asked for bound in fields[:2] if bound != "-"}
    for key, (missing, faulty, _by) in asked:
        known = [order.key(bound) for bound in (missing, faulty) if bound != "-"]
        if not known or known != sorted(known) or missing == faulty or key[0] not in components & packages:
            wrong.append(key)
    equal(wrong, [])
    equal(bounds, set(read))


main()
