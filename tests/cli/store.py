#!/usr/bin/env python3
"""assay db: a store is built from feeds as their publishers write them, and is used from then on."""
import contextlib
import gzip
import io
import json
import pathlib
import shutil
import sqlite3
import sys
import tarfile
import zipfile

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
    run = assay("db", "build", "--alone", "--from", make_feeds(), "--db", "made/here/store.db")
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
    run = assay("db", "build", "--alone", "--from", make_feeds())
    equal(run.status, 0, run.err)
    equal([one["id"] for one in known()], ["CVE-2025-90001"])
    holds(assay("db", "info").out, "2 vulnerabilities, data up to 2025-12-20")
    (SCRATCH / "data/assay/vulnerabilities.db").unlink()
    equal(len(json.loads(assay("vulnerabilities", FOLDER, "--format", "json").out)) > 1, True)


@case
def variable_names_a_store():
    assay("db", "build", "--alone", "--from", make_feeds(), "--db", "other.db")
    run = assay("db", "info", ASSAY_DB="other.db")
    holds(run.out, "other.db: 2 vulnerabilities")


@case
def saved_evidence_is_matched_against_a_new_store():
    assay("db", "build", "--alone", "--from", make_feeds(), "--db", "new.db")
    equal(assay(FOLDER, "--save", "old.assay", "--no-vulnerabilities", "--quiet").status, 0)
    asked = json.loads(assay("vulnerabilities", "old.assay", "--db", "new.db", "--format", "json").out)
    equal([one["id"] for one in of_feeds(asked)], ["CVE-2025-90001"])
    equal(json.loads(assay("query", "old.assay", "SELECT id FROM vulnerability", "--format", "json").out), [])
    result = json.loads(assay("old.assay", "--db", "new.db", "--json", "-").out)
    equal([one["id"] for one in of_feeds(result["vulnerabilities"])], ["CVE-2025-90001"])


@case
def a_file_that_is_no_store_is_not_replaced():
    make_feeds()
    for content in (b"firmware", b"SQLite format 3\0" + bytes(200)):
        other = write("place/other.bin", content)
        run = assay("db", "build", "--alone", "--from", "feeds", "--db", other)
        equal((run.status, other.read_bytes()), (2, content))
        holds(run.err, "is not a vulnerability store, and would be lost")
    equal(assay(FOLDER, "--save", "place/kept.assay", "--quiet").status, 0)
    evidence = (SCRATCH / "place/kept.assay").read_bytes()
    equal(assay("db", "build", "--alone", "--from", "feeds", "--db", "place/kept.assay").status, 2)
    equal((SCRATCH / "place/kept.assay").read_bytes(), evidence)


@case
def a_store_is_replaced_whole_or_not_at_all():
    write("whole/x.db.new", "another file of the user's")
    equal(assay("db", "build", "--alone", "--from", make_feeds(), "--db", "whole/x.db").status, 0)
    first = (SCRATCH / "whole/x.db").read_bytes()
    write("no-feeds/readme.txt", "nothing here")
    equal(assay("db", "build", "--alone", "--from", "no-feeds", "--db", "whole/x.db").status, 2)
    equal((SCRATCH / "whole/x.db").read_bytes(), first)
    equal(assay("db", "build", "--alone", "--from", "feeds", "--db", "whole/x.db").status, 0)
    equal((SCRATCH / "whole/x.db").read_bytes(), first)
    equal(sorted(path.name for path in (SCRATCH / "whole").iterdir()), ["x.db", "x.db.new"])


@case
def folder_without_feeds_is_told():
    write("no-feeds/readme.txt", "nothing here")
    run = assay("db", "build", "--alone", "--from", "no-feeds", "--db", "none.db")
    equal((run.status, (SCRATCH / "none.db").exists()), (2, False))
    holds(run.err, "holds no feed")


@case
def broken_feed_does_not_spoil_the_others():
    feeds = make_feeds()
    write("feeds/nvdcve-2.0-2024.json.gz", gzip.compress(b'{"vulnerabilities": [{"cve"')[:-6])
    run = assay("db", "build", "--alone", "--from", feeds, "--db", "partly.db")
    (feeds / "nvdcve-2.0-2024.json.gz").unlink()
    equal(run.status, 0, run.err)
    holds(run.err, "nvdcve-2.0-2024.json.gz")
    holds(run.out, "2 vulnerabilities")


PAGE = {"resultsPerPage": 1, "startIndex": 0, "totalResults": 1, "format": "NVD_CVE", "version": "2.0",
        "timestamp": "2025-12-20T00:00:00.000"}


def page(*identifiers):
    counts = {"resultsPerPage": len(identifiers), "totalResults": len(identifiers)}
    return json.dumps(PAGE | counts | {"vulnerabilities": [nvd(one, "1.20.0") for one in identifiers]}).encode()


def zipped(**entries):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, content in entries.items():
            archive.writestr(name.replace("_", "."), content)
    return out.getvalue()


def rows(path, sql="SELECT vulnerability FROM affected JOIN feed ON id = feed WHERE name <> 'assay' ORDER BY 1"):
    return [row[0] for row in sqlite3.connect(SCRATCH / path).execute(sql)]


@case
def several_folders_and_zips_within_zips_are_one_store():
    write("one/a/b/page.json", page("CVE-2025-90001"))
    write("two/all.zip", zipped(inner_zip=zipped(x_json=page("CVE-2025-90002"))))
    run = assay("db", "build", "--alone", "--from", "one", "--from", "two", "--db", "both.db")
    equal(run.status, 0, run.err)
    equal(rows("both.db"), [2025000090001, 2025000090002])


@case
def each_feed_is_told_with_its_own_age():
    equal(assay("db", "build", "--alone", "--from", make_feeds(), "--db", "aged.db").status, 0)
    day = {"SOURCE_DATE_EPOCH": "1766275200"}  # 2025-12-21
    lacks(assay("db", "info", "--db", "aged.db", **day).out, "old)")
    lacks(assay("db", "info", "--db", "aged.db", **day).out, ", old")
    write("feeds/known_exploited_vulnerabilities.json", json.dumps(
        {"catalogVersion": "2025.01.01", "dateReleased": "2025-01-01T00:00:00Z",
         "vulnerabilities": [{"cveID": "CVE-2025-90001", "dateAdded": "2025-01-01"}]}))
    equal(assay("db", "build", "--alone", "--from", "feeds", "--db", "aged.db").status, 0)
    told = assay("db", "info", "--db", "aged.db", **day).out
    holds(told, "data up to 2025-12-20 (old)")
    equal([line.split() for line in told.splitlines() if line.startswith("  kev ")], [["kev", "2025-01-01", "1", "354", "days,", "old"]])
    equal([line.split() for line in told.splitlines() if line.startswith("  nvd ")], [["nvd", "2025-12-20", "2", "1", "day"]])


@case
def what_a_store_does_not_speak_of_is_not_none():
    quiet = write("quiet/bin/sh", b"\x7fELF" + bytes(60) + b"BusyBox v1.99.9 (2025-03-22 20:50:08 PDT)\0").parent.parent
    write("quiet/etc/passwd", "root:x:0:0:root:/:/bin/sh\n")
    make_feeds()
    for name in ("exploited", "ranges"):
        (SCRATCH / name).mkdir()
    kev, nvd_page = "known_exploited_vulnerabilities.json", "nvdcve-2.0-2025.json.gz"
    (SCRATCH / "exploited" / kev).write_bytes((SCRATCH / "feeds" / kev).read_bytes())
    (SCRATCH / "ranges" / nvd_page).write_bytes((SCRATCH / "feeds" / nvd_page).read_bytes())
    for name in ("exploited", "ranges"):
        equal(assay("db", "build", "--alone", "--from", name, "--db", f"{name}.db").status, 0)
    equal(assay("db", "build", "--alone", "--from", make_feeds(), "--db", "whole.db").status, 0)

    def page(name):
        run = assay(quiet, "--db", f"{name}.db", "--html", f"{name}.html")
        equal(run.status, 0, run.err)
        return run.out, (SCRATCH / f"{name}.html").read_text()

    terminal, html = page("whole")
    holds(terminal, "no vulnerability of theirs that applies was known on 2025-12-20")
    holds(html, ">none known<")
    holds(html, "known on 2025-12-20 to be used in attacks")
    terminal, html = page("exploited")
    lacks(terminal, "no vulnerability of theirs")
    holds(terminal, "nothing is known of them: the store has no records of NVD or CVE")
    lacks(html, ">none known<")
    lacks(page("ranges")[1], "to be used in attacks</")
    holds(page("ranges")[1], "the store has no list of those that are used in attacks")


@case
def names_and_folders_of_files_do_not_change_the_store():
    old, new = nvd("CVE-2025-90001", "1.20.0"), nvd("CVE-2025-90001", "1.21.0")
    for folder, names in (("first", "ab"), ("second", "ba")):
        for name, record in zip(names, (old, new)):
            write(f"{folder}/{name}.json", json.dumps(PAGE | {"vulnerabilities": [record]}))
        equal(assay("db", "build", "--alone", "--from", folder, "--db", f"{folder}.db").status, 0)
    equal(rows("first.db", "SELECT ranges FROM affected"), rows("second.db", "SELECT ranges FROM affected"))


@case
def files_of_another_form_are_refused_whole():
    line = {"id": "CVE-2025-90001", "comp": ["x"], "desc": "In Perl before 5.38.2, x"}
    table = "cve\tsource_package\trelease\tfixed_version\tadvisory\tdate\n"
    for name, content in (
            ("lines.jsonl", json.dumps(line) + '\n{"id": "CVE-2025-90003", "rejected": true}\n'),
            ("cut.jsonl", json.dumps(line) + "\n" + json.dumps(line)[:30]),
            ("page.json", page("CVE-2025-90001", "CVE-2025-90002")[:-40]),
            ("table.tsv", table + "CVE-2025-90001\tbusybox\tbookworm\t1.35-1\tDSA-1\t2025-01-01\nCVE-2025-90004\tonly\n"),
            ("scores.csv", "cve,epss,percentile\nCVE-2025-90001,0.5,0.9\nCVE-2025-90002,0.5\n"),
            ("cut.zip", zipped(a_json=page("CVE-2025-90001"), b_json=page("CVE-2025-90002"))[:-300])):
        shutil.rmtree(SCRATCH / "refused", ignore_errors=True)
        write("refused/good.json", page("CVE-2025-90009"))
        write(f"refused/{name}", content)
        run = assay("db", "build", "--alone", "--from", "refused", "--db", f"{name}.db")
        equal(run.status, 0, run.err)
        holds(run.err, f"{name}: was left out whole")
        equal(rows(f"{name}.db"), [2025000090009], name)
        equal(rows(f"{name}.db", "SELECT count(*) FROM vulnerability WHERE epss IS NOT NULL"), [0], name)


def tarred(count, identifier):
    """An archive of so many records of CVE, packed."""
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w:gz", compresslevel=1) as tar:
        for number in range(count):
            version = {"version": "1.0", "lessThan": "2.0", "status": "affected", "versionType": "custom"}
            record = {"cveMetadata": {"cveId": f"{identifier}{number:05}", "dateUpdated": "2025-01-01"}, "containers": {"cna": {
                "affected": [{"vendor": "a", "product": f"b{number}", "versions": [version]}]}, "x": "x" * 2000}}
            entry = tarfile.TarInfo(f"{number}.json")
            data = json.dumps(record).encode()
            entry.size = len(data)
            tar.addfile(entry, io.BytesIO(data))
    return packed.getvalue()


@case
def an_archive_of_many_records_counts_whole_or_not_at_all():
    """It is read in parts, by several threads: what came of it before it breaks is undone."""
    path = SCRATCH / "many.db"
    whole, cut = tarred(5000, "CVE-2025-1"), tarred(5000, "CVE-2025-2")
    write("many/a.tar.gz", whole)
    write("many/b.tar.gz", cut[:len(cut) * 9 // 10])
    write("many/c.json", page("CVE-2025-90001"))
    run = assay("db", "build", "--from", SCRATCH / "many", "--db", path, "--alone", "--force", "--quiet")
    equal(run.status, 0, run.err)
    holds(run.err, "b.tar.gz: was left out whole")
    lacks(run.err, "a.tar.gz")
    equal(rows(path, "SELECT count(DISTINCT vulnerability) FROM affected JOIN feed ON id = feed WHERE name <> 'assay'"), [5001])
    equal(rows(path, "SELECT count(*) FROM affected WHERE vulnerability BETWEEN 2025000200000 AND 2025000209999"), [0])


@case
def a_fault_of_form_is_told_with_its_place():
    write("faults/a.json", page("CVE-2025-90001"))
    broken = page("CVE-2025-90002").decode()
    write("faults/b.json", broken.replace('"published"', '"published" published', 1))
    run = assay("db", "build", "--from", SCRATCH / "faults", "--db", SCRATCH / "faults.db", "--alone", "--force", "--quiet")
    equal(run.status, 0, run.err)
    holds(run.err, f"b.json: was left out whole: byte {broken.index('published') + 11}: a name wants a ':' behind it")


@case
def a_list_that_lacks_entries_makes_no_store_unless_that_is_wanted():
    """As CISA's catalogue and NVD's pages count themselves: what was cut by hand, or on the way, is whole JSON."""
    whole = json.loads(page("CVE-2025-90001", "CVE-2025-90002"))
    kev = {"title": "x", "catalogVersion": "2025.12.20", "dateReleased": "2025-12-20T00:00:00Z", "count": 2,
           "vulnerabilities": [{"cveID": "CVE-2025-90001", "dateAdded": "2025-12-19"}]}
    for name, document, words in (
            ("kev", kev, "kev.json: it says that it lists 2, and lists 1"),
            ("cut", whole | {"resultsPerPage": 5, "totalResults": 5}, "cut.json: it says that it lists 5, and lists 2"),
            ("pages", whole | {"totalResults": 4}, "a list of 4 lacks pages: 2 of its entries are there")):
        write(f"short-{name}/{name}.json", json.dumps(document))
        line = ("db", "build", "--alone", "--from", f"short-{name}", "--db", f"short-{name}.db")
        run = assay(*line)
        equal((run.status, (SCRATCH / f"short-{name}.db").exists()), (2, False), run.err)
        holds(run.err, words)
        holds(run.err, "--force")
        run = assay(*line, "--force")
        equal(run.status, 0, run.err)
        holds(run.err, words)
    write("short-pages/other.json", json.dumps(json.loads(page("CVE-2025-90003", "CVE-2025-90004")) | {"totalResults": 4, "startIndex": 2}))
    run = assay("db", "build", "--alone", "--from", "short-pages", "--db", "pages.db")
    equal((run.status, run.err), (0, ""))
    equal(len(rows("pages.db")), 4)


@case
def what_is_dated_in_the_future_is_not_new():
    write("future/nvd.json", page("CVE-2025-90001").replace(b"2025-12-20T00:00:00.000", b"2099-01-01T00:00:00.000"))
    write("future/kev.json", json.dumps({"title": "x", "catalogVersion": "1", "dateReleased": "2025-12-20T00:00:00Z", "vulnerabilities": [
        {"cveID": "CVE-2025-90001", "dateAdded": "2025-12-19"}]}))
    run = assay("db", "build", "--alone", "--from", "future", "--db", "future.db")
    equal(run.status, 0, run.err)
    holds(run.err, "1 days of what was read lie in the future")
    equal(rows("future.db", "SELECT coalesce(date, '') FROM feed WHERE name IN ('nvd', 'kev') ORDER BY name"), ["2025-12-20", ""])
    made = (SCRATCH / "future.db").read_bytes()
    (SCRATCH / "made.db").write_bytes(made[:int.from_bytes(made[16:18], "big") * int.from_bytes(made[28:32], "big")])
    with contextlib.closing(sqlite3.connect(SCRATCH / "made.db")) as store, store:
        store.execute("UPDATE feed SET date = '2099-01-01' WHERE name = 'kev'")
    told = json.loads(assay("db", "info", "--db", "made.db", "--format", "json").out)
    equal((told["old"], [one["days"] for one in told["sources"] if one["name"] == "kev"]), (True, [None]))
    holds(assay("db", "info", "--db", "made.db").out, "in the future: how old it is is not known")


@case
def a_view_in_a_store_is_named():
    made = (SCRATCH / "future.db").read_bytes()
    (SCRATCH / "viewed.db").write_bytes(made[:int.from_bytes(made[16:18], "big") * int.from_bytes(made[28:32], "big")])
    equal(assay("db", "info", "--db", "viewed.db").status, 0)
    with contextlib.closing(sqlite3.connect(SCRATCH / "viewed.db")) as store, store:
        store.execute("CREATE VIEW seen AS SELECT 1")
    run = assay("db", "info", "--db", "viewed.db")
    equal(run.status, 2)
    holds(run.err, 'it has the view "seen", which no store has')
    run = assay(FOLDER, "--db", "viewed.db")
    equal(run.status, 2)
    holds(run.err, 'the vulnerability store has the view "seen", which no store has')


@case
def distributions_are_read_as_they_publish_themselves():
    write("own/main.json", json.dumps({"apkurl": "x", "archs": ["x86"], "reponame": "main", "distroversion": "v3.14", "packages": [
        {"pkg": {"name": "busybox", "secfixes": {"1.33.1-r4": ["CVE-2021-42374"], "0": ["CVE-2021-3"]}}}]}))
    write("own/json", "\ufeff" + json.dumps({"busybox": {"CVE-2021-42374": {"scope": "local", "description": "x" * 2000, "releases": {
        "bookworm": {"status": "resolved", "repositories": {"bookworm": "1:1.35.0-4"}, "fixed_version": "1:1.35.0-1"},
        "bullseye": {"status": "open", "repositories": {"bullseye": "1:1.30.1-6"}, "nodsa": "Minor issue"}}}}}))
    run = assay("db", "build", "--alone", "--from", "own", "--db", "own.db")
    equal((run.status, run.err), (0, ""))
    equal(rows("own.db", "SELECT p.name || ' ' || release || ' ' || ranges FROM affected JOIN product p ON p.id = product WHERE"
               " p.name IN ('alpine/busybox', 'debian/busybox') ORDER BY 1"),
          ["alpine/busybox v3.14 [*,0)", "alpine/busybox v3.14 [*,1.33.1-r4)", "debian/busybox 11 [*,*]",
           "debian/busybox 12 [*,1:1.35.0-1)"])


@case
def a_store_that_lost_much_does_not_replace_another():
    ids = [f"CVE-2025-9000{number}" for number in range(1, 7)]
    feeds = make_feeds()
    write("feeds/more.json", page(*ids))
    equal(assay("db", "build", "--alone", "--from", feeds, "--db", "kept.db").status, 0)
    before = (SCRATCH / "kept.db").read_bytes()
    (feeds / "known_exploited_vulnerabilities.json").rename(SCRATCH / "kev.json")
    run = assay("db", "build", "--alone", "--from", feeds, "--db", "kept.db")
    equal((run.status, (SCRATCH / "kept.db").read_bytes() == before), (2, True))
    holds(run.err, "would lose the feed kev")
    holds(run.err, "--force")
    (SCRATCH / "kev.json").rename(feeds / "known_exploited_vulnerabilities.json")
    write("feeds/more.json", page(*ids[:3]))
    run = assay("db", "build", "--alone", "--from", feeds, "--db", "kept.db")
    equal((run.status, (SCRATCH / "kept.db").read_bytes() == before), (2, True))
    holds(run.err, "the feed nvd would shrink from 6 records to 3")
    equal(assay("db", "build", "--alone", "--force", "--from", feeds, "--db", "kept.db").status, 0)
    equal(rows("kept.db"), [2025000090001, 2025000090002, 2025000090003])
    (feeds / "more.json").unlink()


@case
def what_the_feeds_lack_comes_from_the_built_in_store():
    write("small/page.json", page("CVE-2025-90001"))
    run = assay("db", "build", "--from", "small", "--db", "merged.db")
    equal(run.status, 0, run.err)
    mine = json.loads(assay("vulnerabilities", FOLDER, "--format", "json", "--db", "merged.db").out)
    starter = json.loads(assay("vulnerabilities", FOLDER, "--format", "json").out)
    equal(sorted(one["id"] for one in mine), sorted([one["id"] for one in starter] + ["CVE-2025-90001"]))


main()
