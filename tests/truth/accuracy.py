#!/usr/bin/env python3
"""How right the matching of vulnerabilities is: what the starter store says of versions, against vulnerabilities.tsv.

accuracy.py ASSAY [TABLE] holds the floors and prints the figures of each row. Columns of the table: component and version;
path and texts (parted by ' | ') make a program that shows them; the faults that upstream's code of that version truly has;
and those about which honest sources differ, which count neither way.
"""
import csv
import json
import pathlib
import sys

FOLDER = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(FOLDER.parent))
import tap  # noqa: E402

TABLE = pathlib.Path(sys.argv[2]) if len(sys.argv) > 2 else FOLDER / "vulnerabilities.tsv"
# Percent, of all rows together; of each row, nothing may be called affected that is not.
FLOOR_PRECISION, FLOOR_NAMED, FLOOR_AFFECTED = 95, 97, 85
SAID = ("affected", "under review")


def rows():
    with open(TABLE, encoding="utf-8", newline="") as table:
        yield from csv.DictReader(table, delimiter="\t")


def ask(row, number):
    """Statuses by identifier, of the component that the row makes."""
    texts = "\0".join(row["texts"].split(" | "))
    tap.write(f"{number}/{row['path']}", b"\x7fELF\0" + texts.encode() + b"\0", 0o755)
    run = tap.assay("vulnerabilities", tap.SCRATCH / str(number), "--format", "json", "--quiet")
    tap.equal(run.status, 0, run.err)
    result = json.loads(run.out)
    return {one["id"]: one["status"] for one in (result if isinstance(result, list) else result["vulnerabilities"])}


def percent(part, whole):
    return 100.0 * part / whole if whole else 100.0


@tap.case
def every_floor_is_held():
    right = wrong = named = true = 0
    failures = []
    for number, row in enumerate(rows()):
        said = ask(row, number)
        truth, contested = set(row["affected"].split()), set(row["contested"].split())
        affected = {one for one, status in said.items() if status == "affected"}
        lost = truth - {one for one, status in said.items() if status in SAID}
        false = affected - truth - contested
        print(f"# {row['component']} {row['version']}: {len(truth)} true, {len(truth - lost)} named,"
              f" {len(affected & truth)} affected" + (f"; wrong {' '.join(sorted(false))}" if false else "")
              + (f"; lost {' '.join(sorted(lost))}" if lost else ""))
        if false or percent(len(truth - lost), len(truth)) < FLOOR_AFFECTED:
            failures.append(f"{row['component']} {row['version']}")
        right, wrong = right + len(affected & truth), wrong + len(false)
        named, true = named + len(truth - lost), true + len(truth)
    figures = percent(right, right + wrong), percent(named, true), percent(right, true)
    print("# together: precision {:.1f} %, named {:.1f} %, affected {:.1f} %".format(*figures))
    tap.equal(failures, [], "rows below their floor")
    for figure, floor in zip(figures, (FLOOR_PRECISION, FLOOR_NAMED, FLOOR_AFFECTED)):
        if figure < floor:
            raise AssertionError(f"{figure:.1f} % is below {floor} %")


@tap.case
def the_table_is_well_formed():
    seen = set()
    for row in rows():
        key = row["component"], row["version"]
        truth, contested = row["affected"].split(), row["contested"].split()
        if key in seen or len(set(truth)) != len(truth) or set(truth) & set(contested):
            raise AssertionError(f"{key} stands twice, or one of its faults does")
        seen.add(key)
    if len(seen) < 25:
        raise AssertionError(f"{len(seen)} rows are too few to say anything")


tap.main()
