#!/usr/bin/env python3
"""Fixes that show in programs: every entry was proven by packages, and what proves them finds what is wrong."""
import os
import pathlib
import re
import sys

import yaml

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))
from tap import PROGRAM, ROOT, SCRATCH, Skip, case, command, equal, holds, main, write  # noqa: E402

DATA = ROOT / "data/fixes"
TOOL = ROOT / "tools/check-fixes"


def entries():
    for document in sorted(DATA.glob("*.yaml")):
        for item in yaml.load(document.read_text(), yaml.BaseLoader):
            for entry in item["fixes"]:
                yield item["component"], entry


def cves_of(entry):
    return [entry["cve"]] if isinstance(entry["cve"], str) else entry["cve"]


@case
def every_entry_was_proven_by_its_pairs():
    """The table has each side of each pair, on each architecture that the entry names, and nothing else."""
    lines = [line.split("\t") for line in (DATA / "proven.tsv").read_text().splitlines() if not line.startswith("#")]
    table = {tuple(line[:6]): line[6:] for line in lines}
    wanted = {}
    for component, entry in entries():
        for pair in entry["pairs"]:
            for architecture in pair["architectures"]:
                for cve in cves_of(entry):
                    missing = "unfixed" if entry.get("unfixed") else "neither"
                    wanted[component, cve, pair["package"], pair["before"], architecture, "before"] = missing
                    wanted[component, cve, pair["package"], pair["after"], architecture, "after"] = "fixed"
    equal(sorted(set(wanted) - set(table)), [], "pairs that were not proven")
    equal(sorted(set(table) - set(wanted)), [], "proofs of no entry")
    equal([key for key, (shows, _) in table.items() if shows != wanted[key]], [], "proofs of something else")
    equal([digest for _, digest in table.values() if not re.fullmatch("[0-9a-f]{64}", digest)], [])
    equal([entry["cve"] for _, entry in entries() if not entry["pairs"] or not entry["patch"]], [], "entries without a pair")


# Answers as assay would of a package, by what the file says: a version, and what it shows.
STUB = """#!/usr/bin/env python3
import json, sys
version, shows = open(sys.argv[4]).read().split()
if "FROM component" in sys.argv[5]:
    print(json.dumps([{"version": version}]))
else:
    print(json.dumps([{"path": "/p", "vulnerability": cve, "since": "1.0", "before": "2.0", "shows": shows}
                      for cve in ("CVE-2019-1", "CVE-2021-2") if shows != "none"]))
"""
ENTRY = """- component: made
  fixes:
    - {cve: [CVE-2019-1, CVE-2021-2], from: '1.0', before: '2.0', unfixed: 'true', patch: none, pairs: [
        {package: made, suite: focal, before: '1.5', after: 1.5-2, architectures: [amd64]}]}
"""


def checked(packages):
    """What the tool says of a folder with these packages."""
    folder = SCRATCH / "made"
    tool = write(folder / "tools/check-fixes", TOOL.read_text())
    stub = write(folder / "assay", STUB)
    for program in (tool, stub):
        program.chmod(0o755)
    write(folder / "data/fixes/made.yaml", ENTRY)
    for old in (folder / "cache").glob("*.deb") if (folder / "cache").exists() else []:
        old.unlink()
    for name, says in packages.items():
        write(folder / "cache" / name, says)
    return command(tool, "--assay", stub, "--cache", folder / "cache", "--matrix", folder / "matrix")


@case
def a_pair_that_shows_the_fix_proves_it():
    run = checked({"made_1.5_amd64.deb": "1.5 unfixed", "made_1.5-2_amd64.deb": "1.5 fixed", "made_2.1_amd64.deb": "2.1 none"})
    equal((run.status, "4 proofs, 0 wrong" in run.out), (0, True), run.out)
    matrix = (SCRATCH / "made/matrix").read_text()
    for line in ("made_1.5_amd64.deb\t1.5\tuu", "made_1.5-2_amd64.deb\t1.5\tFF", "made_2.1_amd64.deb\t2.1\t  "):
        holds(matrix, line)


@case
def what_a_pair_shows_otherwise_is_told():
    for before, after, words in (("1.5 fixed", "1.5 fixed", "made_1.5_amd64.deb (before) shows fixed, not unfixed"),
                                 ("1.5 neither", "1.5 fixed", "(before) shows neither, not unfixed"),
                                 ("1.5 unfixed", "1.5 neither", "(after) shows neither, not fixed"),
                                 ("1.5 unfixed", "1.5 none", "(after) shows no code, not fixed"),
                                 ("2.0 unfixed", "2.0 fixed", "is 2.0, and the entry speaks of [1.0, 2.0)"),
                                 # Released in 2020: it cannot have a fix of 2021.
                                 ("1.5 fixed", "1.5 fixed", "CVE-2021-2: made_1.5_amd64.deb, released in 2020, shows its fix")):
        run = checked({"made_1.5_amd64.deb": before, "made_1.5-2_amd64.deb": after})
        equal(run.status, 1, run.out)
        holds(run.out, words)


@case
def without_packages_nothing_is_proven():
    run = checked({"made_1.5_amd64.deb": "1.5 unfixed"})
    equal(run.status, 77, run.out)
    holds(run.out, "not in the cache: made 1.5-2 amd64")


@case
def fixes_of_real_pairs():
    cache = os.environ.get("ASSAY_PACKAGES")
    if not cache:
        raise Skip("no folder of packages (ASSAY_PACKAGES)")
    run = command(TOOL, "--assay", PROGRAM, "--cache", cache)
    if run.status == 77:
        raise Skip("the folder has none of the packages")
    equal(run.status, 0, run.out)


main()
