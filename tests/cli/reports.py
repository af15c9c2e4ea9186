#!/usr/bin/env python3
"""What assay says about an image that can be used: pages, reports, tables, gates; whatever way the image comes."""
import io
import json
import pathlib
import pty
import os
import sqlite3
import subprocess
import sys
import tarfile
import zipfile

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))
from tap import PROGRAM, SCRATCH, Skip, assay, case, equal, holds, lacks, main, write  # noqa: E402

FILES = {
    "etc/passwd": b"root::0:0:root:/:/bin/sh\n",
    "etc/inittab": b"::sysinit:/etc/init.d/rcS\nttyS0::respawn:-/bin/sh\n",
    "etc/init.d/rcS": b"#!/bin/sh\n/usr/sbin/telnetd -l /bin/login\n",
    "usr/sbin/telnetd": b"\x7fELF not quite",
    "bin/sh": b"\x7fELF not quite",
}


def make_folder():
    for name, content in FILES.items():
        write(f"root/{name}", content, 0o755)
    return SCRATCH / "root"


def make_tar():
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as tar:
        for name, content in sorted(FILES.items()):
            entry = tarfile.TarInfo("./" + name)
            entry.size, entry.mode = len(content), 0o755
            tar.addfile(entry, io.BytesIO(content))
    return out.getvalue()


FOLDER = make_folder()
TAR = make_tar()
IMAGE = write("image.tar", TAR)
REPORTS = {"json": "--json", "html": "--html", "sbom": "--sbom", "sarif": "--sarif"}


def findings(*words, **options):
    run = assay(*words, "--json", "-", **options)
    equal(run.status, 0, run.err)
    return {(one["rule"], one["path"]) for one in json.loads(run.out)["findings"]}


@case
def page_names_what_is_wrong():
    run = assay(IMAGE)
    equal((run.status, run.err), (0, ""))
    for part in ("Grade 0 of 5", "root has an empty password", "/etc/passwd:1", "/etc/init.d/rcS:2"):
        holds(run.out, part)
    lacks(run.out, "\x1b")


@case
def file_folder_and_standard_input_agree():
    from_file = findings(IMAGE)
    equal(any(path == "/etc/passwd" for _, path in from_file), True)
    equal(findings(FOLDER), from_file)
    equal(findings("-", stdin=TAR), from_file)
    equal(findings("grade", IMAGE), from_file)


@case
def reports_go_to_standard_output():
    run = assay(IMAGE, "--json", "-")
    result = json.loads(run.out)
    equal(result["image"]["name"], "image.tar")
    equal(result["image"]["size"], len(TAR))
    equal(result["grade"]["level"], 0)
    holds(assay(IMAGE, "--html", "-").out, "<!DOCTYPE html>")
    equal(json.loads(assay(IMAGE, "--sbom", "-").out)["bomFormat"], "CycloneDX")
    equal(json.loads(assay(IMAGE, "--sarif=-").out)["version"], "2.1.0")


@case
def reports_go_to_files():
    run = assay(IMAGE, *(word for name, option in REPORTS.items() for word in (option, f"out.{name}")))
    equal(run.status, 0, run.err)
    holds(run.out, "Grade 0 of 5")
    for name, option in REPORTS.items():
        equal((SCRATCH / f"out.{name}").read_bytes(), assay(IMAGE, option, "-").bytes, name)


@case
def reports_go_to_a_folder():
    for _ in range(2):  # into a new folder, and over what is there
        run = assay(IMAGE, "--out", "reports", "--quiet")
        equal((run.status, run.out), (0, ""))
        equal(run.err.count("\n"), 1, run.err)
        holds(run.err, "reports/openvex.json was not written: no vulnerability is known to match")
    names = sorted(path.name for path in (SCRATCH / "reports").iterdir())
    equal(len(names) >= 4, True, names)
    equal(all((SCRATCH / "reports" / name).stat().st_size > 0 for name in names), True)


@case
def shorter_report_replaces_a_longer_one():
    report = write("long.json", "x" * 10_000_000)
    equal(assay(IMAGE, "--json", report, "--quiet").status, 0)
    json.loads(report.read_text())


@case
def gate_decides_the_exit_status():
    run = assay(IMAGE, "--require-grade", "1", "--quiet")
    equal((run.status, run.out), (1, ""))
    holds(run.err, "grade 0 is below the required grade 1")
    equal(assay(IMAGE, "--require-grade", "0", "--quiet").status, 0)
    # The reports are there all the same.
    equal(assay(IMAGE, "--require-grade", "5", "--quiet", "--json", "gate.json").status, 1)
    equal(json.loads((SCRATCH / "gate.json").read_text())["grade"]["level"], 0)


def on_a_terminal(*words, **variables):
    """Standard output of the program where that is a terminal."""
    try:
        ours, theirs = pty.openpty()
    except OSError as problem:
        raise Skip("this machine has no terminals to give") from problem
    environment = {name: value for name, value in os.environ.items() if name not in ("NO_COLOR", "ASSAY_DB")}
    environment.update({"TERM": "xterm", "XDG_DATA_HOME": str(SCRATCH / "data"), **variables})
    with subprocess.Popen([PROGRAM, *words], stdout=theirs, stderr=subprocess.DEVNULL, env=environment) as child:
        os.close(theirs)
        out = b""
        while True:
            try:
                piece = os.read(ours, 65536)
            except OSError:
                break
            if not piece:
                break
            out += piece
        equal(child.wait(60), 0)
    os.close(ours)
    return out.decode()


@case
def colours_are_for_terminals_that_want_them():
    holds(on_a_terminal(IMAGE), "\x1b[")
    lacks(on_a_terminal(IMAGE, NO_COLOR="1"), "\x1b[")
    lacks(on_a_terminal(IMAGE, "--no-color"), "\x1b[")
    lacks(on_a_terminal(IMAGE, TERM="dumb"), "\x1b[")
    holds(on_a_terminal(IMAGE, NO_COLOR=""), "\x1b[")


@case
def tables_in_three_forms():
    sql = "SELECT path, size, NULL AS absent FROM file WHERE path = '/etc/passwd'"
    size = len(FILES["etc/passwd"])
    equal(assay("query", IMAGE, sql, "--format", "tsv").out, f"path\tsize\tabsent\n/etc/passwd\t{size}\t\n")
    equal(json.loads(assay("query", IMAGE, sql, "--format", "json").out),
          [{"path": "/etc/passwd", "size": size, "absent": None}])
    holds(assay("query", IMAGE, sql).out, "/etc/passwd")


@case
def files_components_and_vulnerabilities():
    files = json.loads(assay("files", IMAGE, "--format", "json").out)
    equal({"/" + name for name in FILES} <= {one["path"] for one in files}, True)
    banner = write("busybox/bin/busybox", b"\x7fELF" + bytes(60) + b"BusyBox v1.19.4 (2012-03-22 20:50:08 PDT)\0")
    folder = banner.parent.parent
    components = json.loads(assay("components", folder, "--format", "json").out)
    equal([(one["name"], one["version"]) for one in components], [("busybox", "1.19.4")])
    known = json.loads(assay("vulnerabilities", folder, "--format", "json").out)
    holds(" ".join(one["id"] for one in known), "CVE-2016-2148")
    equal(json.loads(assay("vulnerabilities", folder, "--format", "json", "--no-vulnerabilities").out), [])


@case
def saved_evidence_is_asked_and_judged_again():
    equal(assay(IMAGE, "--save", "saved.assay", "--quiet").status, 0)
    rows = sqlite3.connect(SCRATCH / "saved.assay").execute("SELECT count(*) FROM file WHERE path = '/etc/passwd'")
    equal(rows.fetchone()[0], 1)
    equal(findings("saved.assay"), findings(IMAGE))
    holds(assay("files", "saved.assay").out, "/etc/init.d/rcS")
    product = write("product.yaml", "product: { vendor: Example, model: One }\naccounts: { unique_passwords: true }\n")
    equal(assay("saved.assay", "--product", product, "--json", "again.json", "--quiet").status, 0)
    fresh, again = assay(IMAGE, "--product", product, "--json", "-"), (SCRATCH / "again.json").read_bytes()
    equal(json.loads(again), json.loads(fresh.out))
    holds(assay("saved.assay", "--product", product).out, "contradicted")


@case
def house_rules_find_and_judge():
    rules = write("house.yaml", "- id: house-no-telnetd\n  title: No telnetd\n  severity: low\n  sql: |\n"
                  "    SELECT path, NULL AS line, 'telnetd is in the image' AS detail FROM file"
                  " WHERE path GLOB '*/telnetd'\n")
    catalog = write("house-catalog.yaml", "id: house\ntitle: House\nrequirements:\n  - id: H1\n    title: No telnetd\n"
                    "    meaning: None.\n    level: low\n    decidable: yes\n    failed_by: [house-no-telnetd]\n")
    result = json.loads(assay(IMAGE, "--rules", rules, "--catalog", catalog, "--json", "-").out)
    equal([one["path"] for one in result["findings"] if one["rule"] == "house-no-telnetd"], ["/usr/sbin/telnetd"])
    equal([one["verdict"] for one in result["requirements"] if (one["catalog"], one["id"]) == ("house", "H1")], ["failed"])


@case
def results_do_not_depend_on_threads():
    for option in (*REPORTS.values(), "--save"):
        equal(assay(IMAGE, option, "-", "--jobs", "1").bytes, assay(IMAGE, option, "-", "--jobs", "2").bytes, option)


@case
def time_zone_has_no_say():
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as out:
        out.writestr(zipfile.ZipInfo("etc/motd", (2020, 1, 2, 3, 4, 6)), b"hello\n" * 100)
    image = write("zone.zip", archive.getvalue())
    for zone in ("UTC0", "EST5", "Asia/Tokyo"):
        run = assay("query", image, "SELECT mtime FROM file WHERE path LIKE '%/motd'", TZ=zone)
        holds(run.out, "1577934246")


@case
def closed_pipe_is_no_crash():
    with subprocess.Popen([PROGRAM, "files", IMAGE], stdout=subprocess.PIPE, stderr=subprocess.PIPE) as child:
        child.stdout.close()
        child.stderr.read()
        equal(child.wait(60) in (0, 2, -13), True)


main()
