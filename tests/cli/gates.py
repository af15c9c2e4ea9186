#!/usr/bin/env python3
"""Gates, listings, limits, and the schema that the program tells of."""
import json
import pathlib
import shutil
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))
from tap import ROOT, SCRATCH, Skip, assay, case, command, equal, holds, lacks, main, write  # noqa: E402

BANNER = b"\x7fELF" + bytes(60) + b"BusyBox v1.19.4 (2012-03-22 20:50:08 PDT)\0"


def make(name, *, shell):
    shutil.rmtree(SCRATCH / name, ignore_errors=True)
    write(f"{name}/etc/passwd", "root:x:0:0:root:/:/bin/sh\n" + ("guest::0:0::/:/bin/sh\n" if shell else ""))
    write(f"{name}/etc/init.d/rcS", "#!/bin/sh\n", 0o755)
    write(f"{name}/bin/busybox", BANNER if shell else b"\x7fELF" + bytes(100), 0o755)
    return SCRATCH / name


CLEAN, WRONG = make("clean", shell=False), make("wrong", shell=True)
OPAQUE = write("opaque.bin", bytes((i * 7919 >> 3) & 255 ^ (i * i * 31 >> 7) & 255 for i in range(65536)))


def gate(*words, status, says=""):
    run = assay(*words, "--quiet")
    equal(run.status, status, run.err)
    holds(run.err, says)
    equal(run.err == "", status == 0, run.err)


@case
def findings_are_a_gate():
    listed = json.loads(assay("findings", WRONG, "--format", "json").out)
    equal(any(one["severity"] == "critical" and one["path"] == "/etc/passwd" for one in listed), True, listed)
    critical = sum(one["severity"] == "critical" for one in listed)
    gate(WRONG, "--fail-on", "critical", status=1, says=f"{critical} finding{'' if critical == 1 else 's'} of that severity or above (--fail-on critical)")
    gate(WRONG, "--fail-on=low", status=1, says=f"{sum(one['severity'] != 'info' for one in listed)} findings")
    worst = json.loads(assay("findings", CLEAN, "--format", "json").out)
    equal([one for one in worst if one["severity"] == "critical"], [])
    gate(CLEAN, "--fail-on", "critical", status=0)
    # The reports are written all the same.
    gate(WRONG, "--fail-on", "critical", "--json", "gate.json", status=1)
    json.loads((SCRATCH / "gate.json").read_text())


@case
def exploited_vulnerabilities_are_a_gate():
    known = json.loads(assay("vulnerabilities", WRONG, "--format", "json").out)
    want = sum(one["exploited"] != "" and one["status"] == "affected" for one in known)
    gate(WRONG, "--fail-on", "exploited", status=1 if want else 0)
    gate(CLEAN, "--fail-on", "exploited", status=0)


@case
def opaque_bytes_are_a_gate():
    share = json.loads(assay(OPAQUE, "--json", "-").out)["coverage"]["opaque"]
    equal(share > 0.5, True, share)
    gate(OPAQUE, "--max-opaque", "50", status=1, says="more than 50 %")
    gate(OPAQUE, "--max-opaque", "100", status=0)
    gate(CLEAN, "--max-opaque", "0", status=0)
    gate(OPAQUE, "--max-opaque", "50", "--require-grade", "5", status=1, says="it was not judged, and so has no grade")
    gate(OPAQUE, "--require-grade", "0", status=1, says="it was not judged, and so has no grade")


def refused_entries(depth):
    """A folder within folders, as an ext4 image; how many entries of it are refused."""
    shutil.rmtree(SCRATCH / "deep", ignore_errors=True)
    write("/".join(["deep", *["d"] * depth, "telnetd"]), "x")
    image = write("deep.ext4", b"")
    made = command("mke2fs", "-q", "-t", "ext4", "-d", SCRATCH / "deep", image, "4M")
    if made.status != 0:
        raise Skip("mke2fs cannot make images of folders here")
    rows = assay("query", image, "SELECT amount FROM incomplete WHERE code = 'volume.refused'", "--format", "json").out
    return json.loads(rows)


@case
def folders_too_deep_are_told():
    equal(refused_entries(128), [])
    equal(len(refused_entries(129)), 1)


@case
def a_rule_that_cannot_run_decides_no_gate():
    rules = write("runtime.yaml", "- id: house-z\n  title: Z\n  severity: low\n"
                  "  sql: SELECT path, NULL AS line, json_extract(path, '$') AS detail FROM file\n")
    run = assay(WRONG, "--rules", rules, "--quiet")
    equal(run.status, 0, run.err)
    for words in (("--require-grade", "0"), ("--fail-on", "critical"), ("--max-opaque", "100")):
        gate(WRONG, "--rules", rules, *words, status=2, says="house-z")
    gate("diff", CLEAN, WRONG, "--rules", rules, "--fail-on", "critical", status=2, says="house-z")


@case
def a_difference_is_a_gate():
    gate("diff", CLEAN, CLEAN, "--fail-on", "low", "--fail-on", "exploited", "--fail-on", "worse", status=0)
    gate("diff", WRONG, WRONG, "--fail-on", "low", "--fail-on", "exploited", "--fail-on", "worse", status=0)
    gate("diff", CLEAN, WRONG, "--fail-on", "critical", status=1, says="1 new finding of that severity")
    gate("diff", CLEAN, WRONG, "--fail-on", "worse", status=1 if ceiling(CLEAN) > ceiling(WRONG) else 0)
    gate("diff", WRONG, CLEAN, "--fail-on", "critical", "--fail-on", "worse", status=0)
    out = assay("diff", CLEAN, WRONG).out
    holds(out, "+ critical: ")
    holds(out, "\nVulnerabilities\n")
    lacks(assay("diff", WRONG, WRONG).out, "Vulnerabilities")


def ceiling(image):
    return json.loads(assay(image, "--json", "-").out)["grade"]["ceiling"]


@case
def a_saved_result_is_judged_as_asked():
    equal(assay(WRONG, "--save", "saved.assay", "--quiet").status, 0)
    as_saved = json.loads(assay("vulnerabilities", "saved.assay", "--format", "json").out)
    equal(len(as_saved) > 0, True)
    equal(json.loads(assay("vulnerabilities", "saved.assay", "--no-vulnerabilities", "--format", "json").out), [])
    equal(assay("vulnerabilities", "saved.assay", "--db", write("no.db", "no store")).status, 2)
    rules = write("house.yaml", "- id: house-a\n  title: A\n  severity: low\n  sql: SELECT '/a' AS path, 1 AS line, 'b' AS detail\n")
    lacks(assay("findings", "saved.assay").out, "house-a")
    holds(assay("findings", "saved.assay", "--rules", rules).out, "house-a")


@case
def requirements_are_listed():
    listed = json.loads(assay("requirements", WRONG, "--format", "json").out)
    result = json.loads(assay(WRONG, "--json", "-").out)["requirements"]
    equal([(one["catalog"], one["id"], one["verdict"]) for one in listed],
          [(one["catalog"], one["id"], one["verdict"]) for one in result])


@case
def queries_end_in_time():
    endless = "WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c) SELECT max(x) FROM c"
    started = time.monotonic()
    run = assay("query", CLEAN, endless, "--timeout", "1")
    equal((run.status, time.monotonic() - started < 20), (2, True), run.err)
    holds(run.err, "longer than 1 second")


@case
def queries_and_rules_end_in_memory():
    huge = "length(hex(zeroblob(400000000)))"
    run = assay("query", CLEAN, f"SELECT {huge}")
    equal(run.status, 2, run.err)
    holds(run.err, "too big")
    rules = write("huge.yaml", f"- id: house-b\n  title: B\n  severity: low\n  sql: SELECT path, NULL AS line, {huge} AS detail FROM file\n")
    gate(CLEAN, "--rules", rules, "--fail-on", "low", status=2, says="house-b")
    run = assay("query", CLEAN, "WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c LIMIT 100) "
                "SELECT group_concat(h) FROM (SELECT hex(zeroblob(25000000)) AS h FROM c ORDER BY x DESC)")
    equal(run.status, 2)


@case
def schema_lists_tables_and_columns():
    tables = json.loads(assay("schema", "--format", "json").out)
    written = (ROOT / "src/evidence/schema.sql").read_text(encoding="utf-8")
    names = [one["table"] for one in tables]
    for line in written.splitlines():
        if line.startswith("CREATE TABLE "):
            equal(line.split()[2] in names, True, line)
    columns = json.loads(assay("schema", "elf", "--format", "json").out)
    asked = json.loads(assay("query", CLEAN, "SELECT name FROM pragma_table_info('elf')", "--format", "json").out)
    equal([one["column"] for one in columns], [one["name"] for one in asked])
    equal(all(one["meaning"] and one["type"] for one in columns), True, columns)
    equal("root_volume" in names, True, "the tables of rules too")
    holds(assay("files", "--help").out, "--format NAME")
    lacks(assay("files", "--help").out, "--require-grade")


main()
