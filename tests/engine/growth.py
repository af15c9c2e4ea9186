#!/usr/bin/env python3
"""
What hostile images, rules and queries cost grows no faster than they do: growth.py ASSAY. Of images it counts units of effort, which
noise does not change; of rows of rules and queries, which have no meter, the least processor time of several runs. Prints TAP.
"""
import pathlib
import resource
import subprocess
import sys
import tempfile

import recipes

SCALE, MOST = 2, 2.5  # twice the input may cost twice the effort, and what does not scale is in both


def effort(assay, path):
    run = subprocess.run(["sh", "-c", 'ulimit -v 3000000; exec "$@"', "sh", assay, path, "--times", "--quiet", "--jobs", "1",
                          "--json", "/dev/null"], capture_output=True, text=True, timeout=120)
    spent = [int(line.split()[1]) for line in run.stderr.splitlines() if line.startswith("effort ")]
    return spent[0] if run.returncode == 0 and spent else None


ROWS, RUNS, MOST_TIME = 50000, 3, 3.2  # four times where twice the rows cost their square
SEVERAL = ("WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {0}) "
           "SELECT '/f' || (i * 7919 % {0}) AS path, i AS line, 'detail ' || i AS detail FROM n")


def house_rule(folder, image, rows):
    """A house rule whose query has many rows, each of its own."""
    rules = folder / "house.yaml"
    rules.write_text(f"- id: house-many\n  title: Many\n  severity: low\n  sql: |\n    {SEVERAL.format(rows)}\n")
    return [image, "--rules", rules, "--quiet", "--json", "/dev/null"]


def house_rules(folder, image, rows):
    """Many house rules of few rows."""
    rules = folder / "house.yaml"
    one = "- id: house-{0}\n  title: One\n  severity: low\n  sql: SELECT path, NULL AS line, 'detail {0}' AS detail FROM file\n"
    rules.write_text("".join(one.format(number) for number in range(rows // 200)))
    return [image, "--rules", rules, "--quiet", "--json", "/dev/null"]


def query(folder, image, rows):
    """A query of many rows that has to end in time."""
    return ["query", image, SEVERAL.format(rows), "--timeout", "60"]


def seconds(assay, arguments):
    """Of the processor, at least; None where it fails."""
    least = None
    for _ in range(RUNS):
        before = resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime
        run = subprocess.run([assay, *arguments], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, timeout=120)
        spent = resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime - before
        if run.returncode:
            return None
        least = spent if least is None or spent < least else least
    return least


def questions(assay, folder, first):
    """Whether each of them costs twice as much where it is twice as large."""
    image = folder / "one.tar"
    image.write_bytes(recipes.root({"etc/hostname": b"device\n"}))
    failed = 0
    for number, make in enumerate(QUESTIONS, first):
        once, twice = (seconds(assay, make(folder, image, rows)) for rows in (2 * ROWS, 4 * ROWS))
        good = once is not None and twice is not None and twice <= once * MOST_TIME
        failed += not good
        print(f"{'ok' if good else 'not ok'} {number} - {make.__name__}: {once} s, twice as much {twice} s", flush=True)
    return failed


QUESTIONS = [house_rule, house_rules, query]


def main():
    assay = str(pathlib.Path(sys.argv[1]).resolve())
    failed = 0
    print(f"1..{len(recipes.RECIPES) + len(QUESTIONS)}")
    with tempfile.TemporaryDirectory() as folder:
        for number, (name, make) in enumerate(recipes.RECIPES.items(), 1):
            path = pathlib.Path(folder) / name
            costs = []
            for scale in (SCALE, 2 * SCALE):
                path.write_bytes(make(scale))
                costs.append(effort(assay, path))
            good = None not in costs and costs[1] <= costs[0] * MOST
            failed += not good
            print(f"{'ok' if good else 'not ok'} {number} - {name}: {costs[0]} units, twice as much {costs[1]}", flush=True)
        failed += questions(assay, pathlib.Path(folder), len(recipes.RECIPES) + 1)
    sys.exit(failed > 0)


main()
