#!/usr/bin/env python3
"""The table of libraries' numbers, and the tool that writes it."""
import pathlib
import re
import subprocess
import sys

import yaml

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))
from tap import ROOT, SCRATCH, Skip, case, equal, holds, lacks, main, write  # noqa: E402

NEWS = """NEWS for the Nettle 3.5.1 release
\tlibrary version numbers are
\tunchanged.
NEWS for the Nettle 3.5 release
\tThe shared library names are libnettle.so.7.0.
NEWS for the Nettle 3.4.1 release
\tThe shared library names are libnettle.so.6.5.
"""
CHANGES = """Release 2.2.10 Sat October 3 2020
            #425  Version info bumped from 7:11:6 to 7:12:6
Release 2.2.9 Wed September 25 2019
                  Version info bumped from 7:10:6 to 7:11:6
"""
PACKAGES = """Package: libexpat1
Source: expat
Version: {}-2+deb11u5

Package: libnettle6
Source: nettle (3.4.1-1)
Version: 1:3.4.1-1
"""
CONTENTS = """lib/x86_64-linux-gnu/libexpat.so.1.6.12    libs/libexpat1
usr/lib/x86_64-linux-gnu/libnettle.so.6.5      libs/libnettle6
"""


def rows():
    for line in (ROOT / "data/libraries/numbers.tsv").read_text().splitlines():
        if not line.startswith("#"):
            yield line.split("\t")


@case
def every_number_is_of_one_release_and_says_how_that_is_known():
    components = {item["name"] for document in (ROOT / "data/components").glob("*.yaml")
                  for item in yaml.load(document.read_text(), yaml.BaseLoader)}
    names = [row[0] for row in rows()]
    equal(names, sorted(set(names), key=str.encode))
    equal([row for row in rows() if len(row) != 4 or not re.fullmatch(r"lib[\w.+-]+\.so(\.\d+)+", row[0])], [])
    equal([row for row in rows() if row[1] not in components or not re.fullmatch(r"\d+(\.\d+)+", row[2]) or not row[3]], [])


@case
def a_package_beside_a_row_is_of_its_release():
    for name, _, release, evidence in rows():
        for package in evidence.split("; ")[1:]:
            version = re.fullmatch(r"\S+=(?:\d+:)?([\d.]+)\S* of \S+", package)
            equal(version and version[1].rstrip("."), release, f"{name}: {package}")


def make(release):
    lists = f"lists-{release}"
    write(f"{lists}/deb.example_debian_dists_old_main_binary-amd64_Packages", PACKAGES.format(release))
    write(f"{lists}/deb.example_debian_dists_old_main_Contents-amd64", CONTENTS)
    write("NEWS", NEWS)
    write("Changes", CHANGES)
    run = subprocess.run([sys.executable, ROOT / "tools/make-library-numbers", "--out", SCRATCH, "--lists", SCRATCH / lists,
                          "--nettle", SCRATCH / "NEWS", "--expat", SCRATCH / "Changes"], capture_output=True, text=True, check=True)
    return (SCRATCH / "numbers.tsv").read_text(), run.stderr


@case
def the_tool_leaves_out_what_is_not_of_one_release():
    if not pathlib.Path("/usr/lib/apt/apt-helper").exists():
        raise Skip("no apt here")
    table, told = make("2.2.10")
    holds(table, "libexpat.so.1.6.12\texpat\t2.2.10\tChanges; libexpat1=2.2.10-2+deb11u5 of old\n")
    holds(table, "libexpat.so.1.6.11\texpat\t2.2.9\tChanges\n")
    holds(table, "libnettle.so.6.5\tnettle\t3.4.1\tNEWS; libnettle6=1:3.4.1-1 of old\n")
    lacks(table, "libnettle.so.7.0")
    equal(told, "")


@case
def a_package_that_contradicts_takes_its_project_out():
    if not pathlib.Path("/usr/lib/apt/apt-helper").exists():
        raise Skip("no apt here")
    table, told = make("2.2.9")
    lacks(table, "libexpat.so")
    holds(table, "libnettle.so.6.5\t")
    holds(told, "libexpat.so.1.6.12 is of 2.2.10, and in libexpat1=2.2.9-2+deb11u5 of old")


main()
