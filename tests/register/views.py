"""What a register shows, compares, exports and backs up, on each engine."""
import csv
import filecmp
import hashlib
import html.parser
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))
from archives import NAMING, archive, registers, root
from tap import PROGRAM, SCRATCH, Skip, assay, case, equal, holds, lacks, main

OLD, NEW = root("1.30.1"), root("1.36.1", {"etc/update.conf": b"server=http://update.example.com/firmware\n"})
FOLDER = archive("shipped", [("Router X", "1.0", OLD), ("Router X", "1.1", NEW), ("Router X", "1.2@beta", b"no image " * 900)])


def add(register, folder=FOLDER, *words):
    run = assay("register", "add", folder, *NAMING, "--register", register, *words)
    equal(run.status, 0, run.err)


def read(*words):
    run = assay("register", *words, "--format", "json")
    equal(run.status, 0, run.err)
    return json.loads(run.out)


def head(register):
    run = assay("register", "verify", "--register", register)
    equal(run.status, 0, run.err)
    return re.search(r"hash is ([0-9a-f]{64})", run.out)[1]


def differ(register, old="Router X@1.0", new="Router X@1.1"):
    return read("diff", old, new, "--register", register)


def named(difference, change):
    return {row["what"] for row in difference["changes"] if row["change"] == change}


@case
def versions_are_listed():
    for register, sql in registers():
        add(register)
        rows = read("list", "--register", register)
        equal([(row["product"], row["version"], row["state"], row["grade"], row["files"]) for row in rows],
              [("Router X", "1.0", "shipped", 0, 1), ("Router X", "1.1", "shipped", 0, 1), ("Router X", "1.2@beta", "shipped", None, 1)])
        run = assay("register", "list", "--register", register)
        equal(run.out.split("\n")[0].split(), "product version state shipped supported_until units grade understood files".split())
        # Of a file without a result nobody knows what the version's grade would be.
        sql("INSERT INTO artifact (id, version, sha256, name, size) VALUES (99, 1, 'x', 'more.bin', 1)")
        row = read("list", "--register", register)[0]
        equal((row["grade"], row["understood"], row["files"]), (None, None, 2))
        run = assay("register", "list", "--register", register, "--format", "markdown")
        equal(run.status, 2)


@case
def a_version_is_shown_with_who_added_it():
    for register, _ in registers():
        equal(assay("register", "person", "ada lovelace", "--register", register).status, 0)
        add(register, FOLDER, "--by", "ada lovelace")
        shown = read("show", "Router X", "1.0", "--register", register)
        equal([row["sha256"] for row in shown["artifacts"]], [hashlib.sha256(OLD).hexdigest()])
        found = json.loads(assay("vulnerabilities", FOLDER / "Router X/1.0/image.tar", "--status", "all", "--format", "json").out)
        component, = shown["components"]
        for status in ("affected", "under review", "fixed", "not affected"):
            want = sum(1 for row in found if row["status"] == status)
            equal(component[status.replace(" ", "_")], want, status)
        equal([row["who"] for row in shown["events"]], ["ada lovelace"])
        text = assay("register", "show", "Router X", "--register", register)
        equal(text.status, 0, text.err)
        holds(text.out, "1.2@beta")
        equal(assay("register", "forget", "ada lovelace", "--register", register).status, 0)
        lacks(assay("register", "show", "Router X", "1.0", "--register", register).out, "lovelace")
        for words in (("Router Y",), ("Router X", "9"), ("Router X", "1.0", "--format", "tsv")):
            equal(assay("register", "show", *words, "--register", register).status, 2, words)


@case
def what_was_never_matched_is_not_counted_as_none():
    for register, sql in registers():
        add(register)
        sql("DELETE FROM match")
        sql("DELETE FROM component_match")
        component, = read("show", "Router X", "1.0", "--register", register)["components"]
        equal((component["affected"], component["fixed"]), (None, None))


@case
def a_difference_is_that_of_both_images():
    """Against what the program says of each image by itself."""
    statuses = []
    for version in ("1.0", "1.1"):
        found = json.loads(assay("vulnerabilities", FOLDER / f"Router X/{version}/image.tar", "--status", "all", "--format", "json").out)
        statuses.append({row["id"]: row["status"] for row in found})
    old, new = statuses
    affected = [{name for name, status in side.items() if status == "affected"} for side in statuses]
    review = [{name for name, status in side.items() if status == "under review"} for side in statuses]
    for register, _ in registers():
        add(register)
        difference = differ(register)
        equal(named(difference, "newly affected"), affected[1] - affected[0])
        equal(named(difference, "still affected"), affected[1] & affected[0])
        equal(named(difference, "now under review"), review[1] - review[0])
        equal(named(difference, "mended"), {name for name in affected[0] if new.get(name) not in ("affected", "under review")})
        equal(named(difference, "no longer in question"), {name for name in review[0] if new.get(name) not in ("affected", "under review")})
        equal(named(difference, "not seen any more"), set())
        equal(len(named(difference, "mended")) > 5 and len(named(difference, "newly affected")) > 0, True, old)
        equal([(row["before"], row["after"]) for row in difference["changes"] if row["change"] == "components"], [("1.30.1", "1.36.1")])
        equal(difference["caveats"], [])
        itself = differ(register, "Router X@1.0", "Router X@1.0")
        equal({row["change"] for row in itself["changes"]}, {"still affected"})
        back = differ(register, "Router X@1.1", "Router X@1.0")
        equal(named(back, "newly affected") >= named(difference, "mended"), True)


@case
def nothing_is_gone_from_what_was_not_read():
    mended = None
    for register, sql in registers():
        add(register)
        mended = named(differ(register), "mended")
        # A file in which no component was found says nothing.
        difference = differ(register, "Router X@1.0", "Router X@1.2@beta")
        equal((named(difference, "mended"), named(difference, "no longer in question")), (set(), set()))
        equal(named(difference, "not seen any more") >= mended, True)
        holds(difference["caveats"][0], "Router X 1.2@beta")
        # The component is gone from one that was read whole: and only not seen, where something stayed unread.
        sql("UPDATE component SET name = 'toybox' WHERE version = '1.36.1'")
        equal(named(differ(register), "mended") >= mended, True)
        for damage in ("unread = 1", "unread = 0, understood = 0.5"):
            sql("UPDATE result SET " + damage)
            difference = differ(register)
            equal((named(difference, "mended"), difference["new"]["whole"]), (set(), False))
            equal(named(difference, "not seen any more") >= mended, True)
            equal(len(difference["caveats"]), 2)


@case
def nothing_is_mended_by_an_older_store():
    for register, sql in registers():
        add(register)
        mended = named(differ(register), "mended")
        newer = "SELECT id FROM component WHERE version = '1.36.1'"
        sql(f"UPDATE component_match SET store_date = '2020-01-01', followed = 0 WHERE component = ({newer})")
        difference = differ(register)
        equal(named(difference, "mended"), set())
        equal(named(difference, "not seen any more") >= mended, True)
        holds(difference["caveats"][0], "stores of different days")
        sql(f"DELETE FROM match WHERE component = ({newer})")
        sql(f"DELETE FROM component_match WHERE component = ({newer})")
        difference = differ(register)
        equal(named(difference, "mended"), set())
        holds(" ".join(difference["caveats"]), "not matched yet")


@case
def a_version_that_was_never_assayed_is_not_compared():
    for register, sql in registers():
        add(register)
        sql("UPDATE result SET current = 0 WHERE id = 2")
        run = assay("register", "diff", "Router X@1.0", "Router X@1.1", "--register", register)
        equal((run.status, run.out), (2, ""))
        holds(run.err, "never assayed")
        for operands in (("Router X@1.0",), ("Router X@1.0", "Router X@9"), ("Router X@1.0", "Router X")):
            equal(assay("register", "diff", *operands, "--register", register).status, 2, operands)


@case
def gates_are_about_what_is_new():
    for register, sql in registers():
        add(register)
        there, back = ("Router X@1.0", "Router X@1.1"), ("Router X@1.1", "Router X@1.0")

        def gate(operands, what, address=register):
            return assay("register", "diff", *operands, "--fail-on", what, "--register", address).status
        equal([gate(back, "high"), gate(there, "high"), gate(there, "medium")], [1, 0, 1])
        equal([gate(there, "exploited"), gate(there, "worse")], [0, 0])
        sql("UPDATE vulnerability SET exploited = '2026-01-01' WHERE name = 'CVE-2023-42363'")
        sql("UPDATE result SET grade = 2 WHERE id = 1")
        equal([gate(there, "exploited"), gate(there, "worse"), gate(back, "worse")], [1, 1, 0])


class Page(html.parser.HTMLParser):
    """Tags and texts of a page."""

    def __init__(self, text):
        super().__init__()
        self.tags, self.texts = [], []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)

    def handle_data(self, data):
        self.texts.append(data)


@case
def changelogs_hold_hostile_names():
    name = "A <script>|*x*"
    folder = archive("hostile", [(name, "1", OLD), (name, "2", NEW)])
    for register, _ in registers():
        add(register, folder)
        pages = {form: assay("register", "diff", name + "@1", name + "@2", "--format", form, "--register", register)
                 for form in ("html", "markdown", "text", "tsv")}
        for form, run in pages.items():
            equal(run.status, 0, form + run.err)
        page = Page(pages["html"].out)
        equal("script" in page.tags, False)
        holds("".join(page.texts), name)
        rows = [line for line in pages["markdown"].out.splitlines() if line.startswith("|")]
        equal({len(re.findall(r"(?<!\\)\|", line)) for line in rows}, {7})
        holds(pages["markdown"].out, r"# A \<script\>\|\*x\* 1 to")
        holds(pages["text"].out, name + " 1 to " + name + " 2\n")
        equal({line.count("\t") for line in pages["tsv"].out.splitlines()}, {6})


def exported(register, folder, *words):
    run = assay("register", "export", SCRATCH / folder, *words, "--register", register)
    equal(run.status, 0, run.err)
    return SCRATCH / folder


def same(left, right):
    names = sorted(os.listdir(left))
    equal(sorted(os.listdir(right)), names)
    equal(filecmp.cmpfiles(left, right, names, shallow=False), (names, [], []))


@case
def exports_are_whole_and_equal():
    folder = archive("exported", [("=1+1", "1", OLD), ("A, \"quoted\"", "2", NEW)])
    for number, (register, sql) in enumerate(registers()):
        equal(assay("register", "person", "ada lovelace", "--register", register).status, 0)
        add(register, folder, "--by", "ada lovelace")
        lines = exported(register, f"lines-{number}")
        same(lines, exported(register, f"lines-again-{number}"))
        tables = exported(register, f"tables-{number}", "--format", "csv")
        manifest = json.loads((lines / "manifest.json").read_text())
        equal(manifest["head"], head(register))
        equal({row["table"] for row in manifest["tables"]} >= {"event", "product", "match", "sighting", "set_component"}, True)
        for row in manifest["tables"]:
            name, count = row["table"], row["rows"]
            equal(sql(f"SELECT count(*) FROM {name}"), [[str(count)]], name)
            objects = [json.loads(line) for line in (lines / row["file"]).read_text().splitlines()]
            equal(len(objects), count, name)
            with open(tables / f"{name}.csv", newline="", encoding="utf-8") as file:
                rows = list(csv.DictReader(file))
            for left, right in zip(objects, rows, strict=True):
                for key, value in left.items():
                    if isinstance(value, str) or value is None:
                        equal(right[key].removeprefix("'"), value or "", f"{name}.{key}")
        holds((tables / "product.csv").read_text(), "'=1+1")
        for file in (*lines.iterdir(), *tables.iterdir()):
            lacks(file.read_text(), "lovelace")
        holds((exported(register, f"personal-{number}", "--personal") / "person_private.jsonl").read_text(), "ada lovelace")
        run = assay("register", "export", lines, "--register", register)
        equal(run.status, 2)
        holds(run.err, "File exists")


def of_file():
    """The register of SQLite alone."""
    return next(registers())


@case
def a_backup_is_restored():
    register, _ = of_file()
    equal(assay("register", "person", "ada lovelace", "--register", register).status, 0)
    add(register)
    backup = SCRATCH / "backup.db"
    run = assay("register", "backup", backup, "--register", register)
    equal(run.status, 0, run.err)
    holds(run.out, head(register))
    holds(run.out, "3 objects")
    equal(assay("register", "backup", backup, "--register", register).status, 2)
    before = exported(register, "before", "--personal")
    for path in SCRATCH.glob(pathlib.Path(register).name + "*"):
        shutil.rmtree(path) if path.is_dir() else path.unlink()
    shutil.copytree(SCRATCH / "backup.db.objects", register + ".objects")
    shutil.copy(backup, register)
    same(before, exported(register, "after", "--personal"))
    # The objects are there too: what is known is not assayed again.
    equal(assay("register", "add", FOLDER, *NAMING, "--register", register).out, "0 added, 3 there already\n")
    equal([path.name for path in SCRATCH.glob("*.partial*")], [])


@case
def a_backup_is_made_while_others_write():
    register, _ = of_file()
    add(register)
    folder = archive("meanwhile", [("M", str(number), root(f"1.{20 + number}.1")) for number in range(12)])
    with subprocess.Popen([PROGRAM, "register", "add", folder, *NAMING, "--register", register, "--quiet"], stdout=subprocess.DEVNULL,
                          env={**os.environ, "XDG_DATA_HOME": str(SCRATCH / "data")}) as writer:
        for number in range(100):
            if writer.poll() is not None:
                break
            run = assay("register", "backup", SCRATCH / f"meanwhile-{number}.db", "--register", register)
            equal(run.status, 0, run.err)
            equal(assay("register", "verify", "--register", SCRATCH / f"meanwhile-{number}.db").status, 0)
            time.sleep(0.05)
        equal(writer.wait(), 0)


@case
def a_backup_goes_to_another_file_system():
    """Where no links can be made, bytes are copied; where there is no room, nothing stays that looks like a backup."""
    if os.geteuid() != 0 or not shutil.which("mount"):
        raise Skip("only root mounts a disk")
    register, _ = of_file()
    add(register, archive("noise", [("N", str(number), root("1.30.1", {"etc/noise": os.urandom(30000)})) for number in range(30)]))
    for size in ("64m", "800k", "100k"):
        disk = SCRATCH / f"disk-{size}"
        disk.mkdir()
        if subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={size}", "none", disk], capture_output=True, check=False).returncode:
            raise Skip("this machine lets nobody mount")
        try:
            run = assay("register", "backup", disk / "copy.db", "--register", register)
            if size != "64m":
                equal((run.status, run.out), (2, ""), run.err)
                equal([path.name for path in disk.iterdir() if path.is_file()], [])
                continue
            equal(run.status, 0, run.err)
            left, right = pathlib.Path(register + ".objects"), disk / "copy.db.objects"
            names = sorted(str(path.relative_to(left)) for path in left.glob("*/*.zst"))
            equal(sorted(str(path.relative_to(right)) for path in right.glob("*/*")), names)
            equal(filecmp.cmpfiles(left, right, names, shallow=False), (names, [], []))
        finally:
            subprocess.run(["umount", disk], check=False)


@case
def a_backup_that_was_killed_is_none():
    register, _ = of_file()
    add(register)
    for number in range(12):
        copy = SCRATCH / f"killed-{number}.db"
        with subprocess.Popen([PROGRAM, "register", "backup", copy, "--register", register], stdout=subprocess.DEVNULL) as child:
            time.sleep(0.004 * number)
            child.kill()
        if copy.exists():
            equal(head(copy), head(register))
        else:
            equal(assay("register", "backup", copy, "--register", register).status, 0)


@case
def what_was_altered_is_not_backed_up():
    register, sql = of_file()
    add(register)
    sql("UPDATE result SET grade = 5")
    run = assay("register", "backup", SCRATCH / "altered.db", "--register", register)
    equal(run.status, 2)
    holds(run.err, "grade")
    equal(list(SCRATCH.glob("altered.db*")), [])


@case
def objects_that_are_missing_are_told():
    register, sql = of_file()
    add(register)
    digest = sql("SELECT saved FROM result WHERE id = 1")[0][0]
    os.unlink(f"{register}.objects/{digest[:2]}/{digest}.zst")
    run = assay("register", "backup", SCRATCH / "missing.db", "--register", register)
    equal(run.status, 1)
    holds(run.err, digest)


@case
def a_server_is_told_how_to_copy_itself():
    addresses = [(register, sql) for register, sql in registers() if "://" in register]
    if not addresses or not shutil.which("pg_dump"):
        raise Skip("no PostgreSQL here")
    register, _ = addresses[0]
    add(register)
    dump = SCRATCH / "server.dump"
    run = assay("register", "backup", dump, "--register", register)
    equal(run.status, 2)
    holds(run.err, "nothing was backed up")
    subprocess.run(run.out, shell=True, check=True, env={**os.environ, "XDG_DATA_HOME": str(SCRATCH / "data")})
    before = exported(register, "server-before", "--personal")
    again = register.replace("/register_", "/again_")
    subprocess.run(["psql", register, "-qc", "CREATE DATABASE " + re.search(r"/(again_\d+)\?", again)[1]], check=True)
    subprocess.run(["pg_restore", "-d", again, dump], check=True)
    same(before, exported(again, "server-after", "--personal"))
    equal(len(list(pathlib.Path(f"{dump}.objects").glob("*/*.zst"))) >= 3, True)


@case
def no_password_is_printed():
    run = assay("register", "backup", "x.dump", "--register", "postgresql://me:secret@localhost:1/none")
    equal(run.status, 2)
    lacks(run.out, "secret")


main()
