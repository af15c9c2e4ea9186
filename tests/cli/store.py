#!/usr/bin/env python3
"""assay db: a store is built from feeds as their publishers write them, and is used from then on."""
import gzip
import json
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))
from tap import SCRATCH, assay, case, equal, holds, lacks, main, write  # noqa: E402

BANNER = b"\x7fELF" + bytes(60) + b"BusyBox v1.19.4 (2012-03-22 20:50:08 PDT)\0"
FOLDER = write("root/bin/busybox", BANNER).parent.parent


def nvd(identifier, first_fixed):
    match = {"vulnerable": True, "criteria": "cpe:2.3:a:busybox:busybox:*:*:*:*:*:*:*:*", "versionEndExcluding": first_fixed,
             "matchCriteriaId": "1"}
    score = {"source": "nvd@nist.gov", "type": "Primary", "cvssData": {
        "version": "3.1", "vectorString": "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H", "baseScore": 9.8,
        "baseSeverity": "CRITICAL"}}
    return {"cve": {"id": identifier, "published": "2025-01-02T00:00:00.000", "lastModified": "2025-12-20T00:00:00.000",
                    "vulnStatus": "Analyzed", "descriptions": [{"lang": "en", "value": "A fault of BusyBox."}],
                    "metrics": {"cvssMetricV31": [score]},
                    "weaknesses": [{"source": "nvd@nist.gov", "type": "Primary",
                                    "description": [{"lang": "en", "value": "CWE-787"}]}],
                    "configurations": [{"nodes": [{"operator": "OR", "negate": False, "cpeMatch": [match]}]}]}}


def make_feeds():
    page = {"resultsPerPage": 2, "startIndex": 0, "totalResults": 2, "format": "NVD_CVE", "version": "2.0",
            "timestamp": "2025-12-20T00:00:00.000",
            "vulnerabilities": [nvd("CVE-2025-90001", "1.20.0"), nvd("CVE-2025-90002", "1.19.0")]}
    write("feeds/nvdcve-2.0-2025.json.gz", gzip.compress(json.dumps(page).encode()))
    kev = {"title": "CISA Catalog of Known Exploited Vulnerabilities", "catalogVersion": "2025.12.20",
           "dateReleased": "2025-12-20T00:00:00.0000Z", "count": 1,
           "vulnerabilities": [{"cveID": "CVE-2025-90001", "dateAdded": "2025-12-19"}]}
    write("feeds/known_exploited_vulnerabilities.json", json.dumps(kev))
    write("feeds/epss_scores-2025-12-20.csv.gz", gzip.compress(
        b"#model_version:v2025.03.14,score_date:2025-12-20T00:00:00+0000\ncve,epss,percentile\nCVE-2025-90001,0.5,0.9\n"))
    return SCRATCH / "feeds"


def known(*words):
    run = assay("vulnerabilities", FOLDER, "--format", "json", *words)
    equal(run.status, 0, run.err)
    return of_feeds(json.loads(run.out))


def of_feeds(rows):
    """Without what our own facts say of BusyBox, whatever the store."""
    return [one for one in rows if one["id"].startswith("CVE-2025-9")]


@case
def starter_store_is_built_in():
    run = assay("db", "info")
    equal(run.status, 0, run.err)
    holds(run.out, "starter: ")


@case
def built_store_is_used():
    run = assay("db", "build", "--from", make_feeds(), "--db", "made/here/store.db")
    equal(run.status, 0, run.err)
    holds(run.out, "2 vulnerabilities")
    rows = known("--db", "made/here/store.db")
    equal([(one["id"], one["severity"], one["cvss"], one["epss"], one["exploited"], one["status"], one["fixed_in"])
           for one in rows], [("CVE-2025-90001", "critical", 9.8, 0.5, "exploited", "affected", "1.20.0")])
    holds(rows[0]["reason"], "1.20.0")
    page = assay(FOLDER, "--db", "made/here/store.db").out
    holds(page, "exploited")
    holds(page, "2025-12-20")


@case
def store_is_found_where_it_is_looked_for():
    lacks(" ".join(one["id"] for one in known()), "CVE-2025-90001")
    run = assay("db", "build", "--from", make_feeds())
    equal(run.status, 0, run.err)
    equal([one["id"] for one in known()], ["CVE-2025-90001"])
    holds(assay("db", "info").out, "2 vulnerabilities, data up to 2025-12-20")
    (SCRATCH / "data/assay/vulnerabilities.db").unlink()
    equal(len(json.loads(assay("vulnerabilities", FOLDER, "--format", "json").out)) > 1, True)


@case
def variable_names_a_store():
    assay("db", "build", "--from", make_feeds(), "--db", "other.db")
    run = assay("db", "info", ASSAY_DB="other.db")
    holds(run.out, "other.db: 2 vulnerabilities")


@case
def saved_evidence_is_matched_against_a_new_store():
    assay("db", "build", "--from", make_feeds(), "--db", "new.db")
    equal(assay(FOLDER, "--save", "old.assay", "--no-vulnerabilities", "--quiet").status, 0)
    asked = json.loads(assay("vulnerabilities", "old.assay", "--db", "new.db", "--format", "json").out)
    equal([one["id"] for one in of_feeds(asked)], ["CVE-2025-90001"])
    equal(json.loads(assay("vulnerabilities", "old.assay", "--format", "json").out), [])
    result = json.loads(assay("old.assay", "--db", "new.db", "--json", "-").out)
    equal([one["id"] for one in of_feeds(result["vulnerabilities"])], ["CVE-2025-90001"])


@case
def a_file_that_is_no_store_is_not_replaced():
    make_feeds()
    for content in (b"firmware", b"SQLite format 3\0" + bytes(200)):
        other = write("place/other.bin", content)
        run = assay("db", "build", "--from", "feeds", "--db", other)
        equal((run.status, other.read_bytes()), (2, content))
        holds(run.err, "is not a vulnerability store, and would be lost")
    equal(assay(FOLDER, "--save", "place/kept.assay", "--quiet").status, 0)
    evidence = (SCRATCH / "place/kept.assay").read_bytes()
    equal(assay("db", "build", "--from", "feeds", "--db", "place/kept.assay").status, 2)
    equal((SCRATCH / "place/kept.assay").read_bytes(), evidence)


@case
def a_store_is_replaced_whole_or_not_at_all():
    write("whole/x.db.new", "another file of the user's")
    equal(assay("db", "build", "--from", make_feeds(), "--db", "whole/x.db").status, 0)
    first = (SCRATCH / "whole/x.db").read_bytes()
    write("no-feeds/readme.txt", "nothing here")
    equal(assay("db", "build", "--from", "no-feeds", "--db", "whole/x.db").status, 2)
    equal((SCRATCH / "whole/x.db").read_bytes(), first)
    equal(assay("db", "build", "--from", "feeds", "--db", "whole/x.db").status, 0)
    equal((SCRATCH / "whole/x.db").read_bytes(), first)
    equal(sorted(path.name for path in (SCRATCH / "whole").iterdir()), ["x.db", "x.db.new"])


@case
def folder_without_feeds_is_told():
    write("no-feeds/readme.txt", "nothing here")
    run = assay("db", "build", "--from", "no-feeds", "--db", "none.db")
    equal((run.status, (SCRATCH / "none.db").exists()), (2, False))
    holds(run.err, "holds no feed")


@case
def broken_feed_does_not_spoil_the_others():
    feeds = make_feeds()
    write("feeds/nvdcve-2.0-2024.json.gz", gzip.compress(b'{"vulnerabilities": [{"cve"')[:-6])
    run = assay("db", "build", "--from", feeds, "--db", "partly.db")
    (feeds / "nvdcve-2.0-2024.json.gz").unlink()
    equal(run.status, 0, run.err)
    holds(run.err, "nvdcve-2.0-2024.json.gz")
    holds(run.out, "2 vulnerabilities")


main()
