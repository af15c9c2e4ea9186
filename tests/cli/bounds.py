#!/usr/bin/env python3
"""--memory-limit and --timeout bound what comes after an image too: saved results, queries, house rules, reports, comparisons."""
import os
import pathlib
import sqlite3
import subprocess
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))
from tap import PROGRAM, SCRATCH, assay, case, equal, holds, main, write  # noqa: E402

IMAGE = write("image.bin", b"an image without a format\n" * 200)
LIMIT = 128  # MiB
# Hundred texts of 50 MB that have to be sorted.
SORTED = ("WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c LIMIT 100)"
          " SELECT hex(zeroblob(25000000)) || x AS h FROM c ORDER BY h DESC")
ENDLESS = "WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c) SELECT max(x) FROM c"


def saved(name, mebibytes=0, letter="x"):
    path = SCRATCH / name
    run = assay(IMAGE, "--save", path, "--quiet")
    equal(run.status, 0, run.err)
    with sqlite3.connect(path) as database:
        for number in range(mebibytes):
            database.execute("INSERT INTO note (severity, code, message) VALUES ('info', 'test', ?)", [f"{number} " + letter * (1 << 20)])
    database.close()
    return path


def bounded(*words, most=2 * LIMIT, status=2, says="--memory-limit"):
    """Runs in bounds: ends as it says, having held no more than so many MiB."""
    run = subprocess.Popen([str(word) for word in (PROGRAM, *words, "--quiet", "--memory-limit", str(LIMIT))],
                           stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, cwd=SCRATCH)
    words = run.stderr.read().decode()
    _, ended, used = os.wait4(run.pid, 0)
    run.returncode = os.waitstatus_to_exitcode(ended)
    equal(run.returncode, status, words)
    holds(words, says)
    if not os.environ.get("ASAN_OPTIONS"):  # what a sanitizer holds is its own affair
        equal(used.ru_maxrss >> 10 < most, True, f"MiB held: {used.ru_maxrss >> 10}")


@case
def queries_hold_no_more():
    bounded("query", IMAGE, SORTED)
    bounded("query", saved("small.assay"), SORTED)
    bounded("query", IMAGE, "SELECT count(*) FROM file", status=0, says="")


@case
def house_rules_hold_no_more():
    rules = write("huge.yaml", "- id: house-huge\n  title: Huge\n  severity: low\n  sql: >-\n    "
                  f"SELECT NULL AS path, NULL AS line, h AS detail FROM ({SORTED})\n")
    bounded(IMAGE, "--rules", rules, says="")
    bounded(saved("small.assay"), "--rules", rules, says="")


@case
def saved_results_hold_no_more():
    large = saved("large.assay", LIMIT + 8)
    for words in (["findings", large], [large], ["query", large, "SELECT 1"], ["diff", large, saved("small.assay")]):
        bounded(*words)
    equal(assay("findings", large).status, 0)


@case
def reports_hold_no_more():
    bounded(saved("escaped.assay", LIMIT // 3, "\x01"), "--json", "-", most=3 * LIMIT)  # six characters each, in JSON


@case
def comparisons_hold_no_more():
    bounded("diff", saved("middle.assay", LIMIT // 2), saved("other.assay", LIMIT // 2), says="")


@case
def questions_to_a_saved_result_end_in_time():
    run = assay("query", saved("small.assay"), ENDLESS, "--timeout", "1")
    equal(run.status, 2, run.err)
    holds(run.err, "longer than 1 second")


@case
def house_rules_end_in_time():
    rules = write("endless.yaml", "- id: house-endless\n  title: Endless\n  severity: low\n  sql: >-\n    "
                  f"SELECT NULL AS path, NULL AS line, '' AS detail FROM ({ENDLESS})\n")
    for what in (IMAGE, saved("small.assay")):
        run = assay(what, "--rules", rules, "--timeout", "1", "--fail-on", "low")
        equal(run.status, 2, run.err)


main()
