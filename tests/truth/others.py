#!/usr/bin/env python3
"""What cve-bin-tool says of the versions in the tables of truth, where it is installed and has a database (it fetches one itself).

others.py TABLE… prints for each table how much of what it names is right, and how much of what is true it names. It is
asked by the CPE names that data/components gives, so that its own recognition of programs plays no part.
"""
import collections
import csv
import json
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[2]


def names():
    """vendor and product of each component."""
    found = collections.defaultdict(list)
    for path in (ROOT / "data/components").glob("*.yaml"):
        name = None
        for line in path.read_text(encoding="utf-8").splitlines():
            if line.startswith("- name: "):
                name = line[8:].strip()
            elif name and line.startswith("  cpe: ["):
                found[name] = [tuple(one.split(":")[1:3]) for one in re.findall(r"a:[^,\]\s]+", line)]
    return found


def ask(rows, cpes):
    """Identifiers by vendor, product and version."""
    with tempfile.TemporaryDirectory() as folder:
        asked, said = pathlib.Path(folder) / "asked.csv", pathlib.Path(folder) / "said"
        with open(asked, "w", encoding="utf-8") as out:
            out.write("vendor,product,version\n")
            for row in rows:
                for vendor, product in cpes[row["component"]]:
                    out.write(f"{vendor},{product},{row['version']}\n")
        subprocess.run(["cve-bin-tool", "--offline", "--disable-version-check", "-i", asked, "-f", "json", "-o", said],
                       capture_output=True, check=False)
        answer = said.with_suffix(".json")
        if not answer.exists():
            return None
        by = collections.defaultdict(set)
        for one in json.loads(answer.read_text(encoding="utf-8")):
            by[one["vendor"].lower(), one["product"].lower(), one["version"]].add(one["cve_number"])
        return by


def main():
    if not shutil.which("cve-bin-tool"):
        print("# cve-bin-tool is not installed")
        return
    cpes = names()
    for table in sys.argv[1:]:
        rows = list(csv.DictReader(open(table, encoding="utf-8"), delimiter="\t"))
        by = ask(rows, cpes)
        if by is None:
            print("# cve-bin-tool has no database")
            return
        right = wrong = true = 0
        for row in rows:
            said = set().union(*(by[vendor, product, row["version"]] for vendor, product in cpes[row["component"]]))
            truth, contested = set(row["affected"].split()), set(row["contested"].split())
            right, wrong, true = right + len(said & truth), wrong + len(said - truth - contested), true + len(truth)
        print(f"# cve-bin-tool, {pathlib.Path(table).name}: {right} right, {wrong} wrong, {true - right} of {true} not named")


main()
