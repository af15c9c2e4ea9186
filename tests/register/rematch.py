#!/usr/bin/env python3
"""assay register rematch: a newer store matches again what it says something else of, and nothing more; on both engines."""
import gzip
import json
import os
import pathlib
import shutil
import sqlite3
import subprocess
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))
from tap import SCRATCH, assay, case, equal, holds, lacks, main, write  # noqa: E402

POSTGRESQL = os.environ.get("ASSAY_TEST_POSTGRESQL")


def program(banner):
    return b"\x7fELF" + bytes(60) + banner + b"\0"


write("archive/Router/1.0/a.bin", program(b"BusyBox v1.19.4 (2012-03-22 20:50:08 PDT)"))
write("archive/Router/1.1/a.bin", program(b"BusyBox v1.19.4 (2012-03-22 20:50:08 PDT)"))
write("archive/Camera/7/b.bin", program(b"BusyBox v1.31.1 (2020-03-22 20:50:08 PDT)"))
write("archive/Camera/8/c.bin", program(b"Server: Boa/0.94.13\0Boa/0.94.13"))


def nvd(identifier, product, first_fixed):
    match = {"vulnerable": True, "criteria": f"cpe:2.3:a:{product}:*:*:*:*:*:*:*:*", "versionEndExcluding": first_fixed,
             "matchCriteriaId": "1"}
    score = {"source": "nvd@nist.gov", "type": "Primary", "cvssData": {
        "version": "3.1", "vectorString": "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H", "baseScore": 9.8,
        "baseSeverity": "CRITICAL"}}
    return {"cve": {"id": identifier, "published": "2025-01-02T00:00:00.000", "lastModified": "2025-12-20T00:00:00.000",
                    "vulnStatus": "Analyzed", "descriptions": [{"lang": "en", "value": "A fault."}],
                    "metrics": {"cvssMetricV31": [score]}, "weaknesses": [],
                    "configurations": [{"nodes": [{"operator": "OR", "negate": False, "cpeMatch": [match]}]}]}}


def store(name, day, faults, exploited, epss):
    """A store of these feeds alone."""
    page = {"resultsPerPage": len(faults), "startIndex": 0, "totalResults": len(faults), "format": "NVD_CVE", "version": "2.0",
            "timestamp": day + "T00:00:00.000", "vulnerabilities": [nvd(*fault) for fault in faults]}
    write(f"{name}/nvdcve-2.0-2025.json.gz", gzip.compress(json.dumps(page).encode()))
    kev = {"title": "CISA Catalog of Known Exploited Vulnerabilities", "catalogVersion": "2025.12.20",
           "dateReleased": day + "T00:00:00.0000Z", "count": len(exploited),
           "vulnerabilities": [{"cveID": one, "dateAdded": day} for one in exploited]}
    write(f"{name}/known_exploited_vulnerabilities.json", json.dumps(kev))
    scores = "".join(f"{fault[0]},{epss},0.9\n" for fault in faults)
    write(f"{name}/epss_scores-{day}.csv.gz", gzip.compress(
        f"#model_version:v2025.03.14,score_date:{day}T00:00:00+0000\ncve,epss,percentile\n{scores}".encode()))
    run = assay("db", "build", "--alone", "--from", SCRATCH / name, "--db", SCRATCH / f"{name}.db")
    equal(run.status, 0, run.err)
    return SCRATCH / f"{name}.db"


BUSYBOX, BOA = "busybox:busybox", "boa:boa"
FAULTS = [("CVE-2025-90001", BUSYBOX, "1.20.0"), ("CVE-2025-90002", BUSYBOX, "1.19.0"), ("CVE-2025-90003", BUSYBOX, "1.40.0"),
          ("CVE-2025-90004", BOA, "0.95")]
OLD = store("old", "2025-12-20", FAULTS, [], 0.3)
# 90001 was said too much of, 90005 is new, 90003 is exploited; of Boa, the EPSS alone differs.
NEW = store("new", "2025-12-21", [("CVE-2025-90001", BUSYBOX, "1.19.0"), *FAULTS[1:], ("CVE-2025-90005", BUSYBOX, "1.30.0")],
            ["CVE-2025-90003"], 0.302)


def registers():
    """One after the other, empty."""
    shutil.rmtree(SCRATCH / "data", ignore_errors=True)
    for file in SCRATCH.glob("register.db*"):
        shutil.rmtree(file) if file.is_dir() else file.unlink()
    yield SCRATCH / "register.db"
    if POSTGRESQL:
        tell(POSTGRESQL, "DROP SCHEMA public CASCADE; CREATE SCHEMA public")
        yield POSTGRESQL


def tell(register, sql):
    """As whoever has the engine's own shell."""
    if "://" in str(register):
        subprocess.run(["psql", "-q", register, "-c", sql], check=True, capture_output=True)
        return
    database = sqlite3.connect(register)
    database.executescript(sql)
    database.close()


def add(register, db=OLD):
    run = assay("register", "add", SCRATCH / "archive", "--name", "{product}/{version}/*.bin", "--register", register, "--db", db)
    equal(run.status, 0, run.err)


def rematch(register, db, *words):
    return assay("register", "rematch", "--register", register, "--db", db, "--quiet", *words)


def verifies(register):
    run = assay("register", "verify", "--register", register)
    equal(run.status, 0, run.err)
    return int(run.out.split()[0])


def answers(register):
    """What it says of every vulnerability, without the reasons' days."""
    said = {}
    for number in range(90001, 90006):
        run = assay("where", f"CVE-2025-{number}", "--register", register, "--format", "tsv")
        equal(run.status, 0, run.err)
        said[number] = sorted(line.split("\t")[:3] + line.split("\t")[5:7] for line in run.out.splitlines()[1:])
    return said


@case
def the_same_store_changes_nothing():
    for register in registers():
        add(register)
        before = verifies(register)
        run = rematch(register, OLD)
        equal((run.status, run.err), (0, ""))
        holds(run.out, "nothing to do")
        equal(verifies(register), before)


@case
def a_newer_store_touches_what_it_says_something_else_of():
    for register in registers():
        add(register)
        before = verifies(register)
        run = rematch(register, NEW)
        equal(run.status, 1, run.out + run.err)
        holds(run.out, "2 of 3 components matched again")
        lines = [" ".join(line.split()) for line in run.out.splitlines()]
        holds(lines, "became exploited CVE-2025-90003 affected in 3 versions, by busybox (2 components), exploited since 2025-12-21")
        holds(lines, "appeared CVE-2025-90005 affected in 2 versions, by busybox")
        holds(lines, "gone CVE-2025-90001 affected in 2 versions, by busybox")
        lacks(run.out, "90004")
        equal(verifies(register), before + 1)
        equal(rematch(register, NEW).status, 0)


@case
def it_comes_to_what_adding_anew_comes_to():
    for register in registers():
        add(register)
        rematch(register, NEW)
        again = SCRATCH / "again.db"
        add(again, NEW)
        equal(answers(register), answers(again))
        again.unlink()
        shutil.rmtree(f"{again}.objects")


@case
def components_of_another_store_are_caught_up():
    for register in registers():
        add(register)
        run = assay("register", "add", write("late/b.bin", program(b"BusyBox v1.18.1 (2012-03-22 20:50:08 PDT)")), "--register",
                    register, "--db", NEW)
        equal(run.status, 0, run.err)
        run = assay("where", "CVE-2025-90004", "--register", register)
        holds(run.out, "it was matched with another store than the register follows")
        run = rematch(register, NEW)
        holds(run.out, "3 of 4 components matched again")
        lacks(assay("where", "CVE-2025-90004", "--register", register).out, "another store")
        verifies(register)


@case
def an_older_store_is_refused():
    for register in registers():
        add(register, NEW)
        run = rematch(register, OLD)
        equal(run.status, 2)
        holds(run.err, "older than that of the store that the register follows")
        equal(rematch(register, OLD, "--force").status, 1)
        verifies(register)


@case
def what_cannot_be_matched_again_is_told():
    for register in registers():
        add(register)
        objects = pathlib.Path(f"{register}.objects")
        objects = objects if objects.exists() else SCRATCH / "data" / "assay" / "objects"
        for file in objects.glob("*/*.zst"):
            file.unlink()
        run = rematch(register, NEW)
        equal(run.status, 2)
        holds(run.err, "2 components could not be matched again")
        holds(assay("where", "CVE-2025-90003", "--register", register).out, "another store")
        verifies(register)


@case
def altered_rows_are_told():
    alterations = [
        ("UPDATE store_product SET digest = 'x' WHERE product = 'busybox:busybox'", "what is said by store"),
        ("DELETE FROM store_product WHERE product = 'busybox:busybox'", "what is said by store"),
        ("DELETE FROM component_question WHERE product = 'busybox:busybox'", "questions of component"),
        ("UPDATE component_question SET product = 'x' WHERE product = 'busybox:busybox'", "questions of component"),
        ("UPDATE store_change SET versions = 99 WHERE id = 1", "row 1 of store_change is not what was written"),
        ("DELETE FROM store_change WHERE id = 1", "row 1 of store_change was taken out"),
        ("UPDATE store SET date = '2030-01-01' WHERE id = 2", "row 2 of store is not what was written"),
        ("UPDATE component_match SET followed = 0 WHERE component = 1", "row 1 of component_match is not what was written"),
        ("UPDATE result SET followed = 0 WHERE id = 1", "row 1 of result is not what was written"),
        ("UPDATE version SET assayed = 0 WHERE id = 1", "row 1 of version is not what was written"),
        ("UPDATE match SET status = 'fixed' WHERE component = 1", "matches of component"),
    ]
    for sql, words in alterations:
        for register in registers():
            add(register)
            rematch(register, NEW)
            verifies(register)
            tell(register, sql)
            run = assay("register", "verify", "--register", register)
            equal(run.status, 1, sql)
            holds(run.err, words)


@case
def events_are_listed():
    for register in registers():
        add(register)
        rematch(register, NEW)
        run = assay("register", "events", "--register", register, "--format", "json")
        equal(run.status, 0, run.err)
        events = json.loads(run.out)
        equal([one["sequence"] for one in events], list(range(1, verifies(register) + 1)))
        equal(events[0]["kind"], "store.taken")
        equal(sorted((one["change"], one["vulnerability"], one["versions"]) for one in events[-1]["changes"]),
              [("appeared", "CVE-2025-90005", 2), ("became exploited", "CVE-2025-90003", 3), ("gone", "CVE-2025-90001", 2)])
        run = assay("register", "events", "--register", register, "--since", len(events) - 1)
        equal(len([line for line in run.out.splitlines() if not line.startswith("  ")]) <= 1, True)
        holds(run.out, "store.taken")
        lacks(run.out, "result.added")


main()
