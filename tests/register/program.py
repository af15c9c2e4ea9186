"""The commands over a register, on SQLite, and on PostgreSQL where ASSAY_TEST_POSTGRESQL is a server's address."""
import json
import os
import re
import shutil
import signal
import sqlite3
import subprocess
import sys
import time

sys.path.insert(0, str(__import__("pathlib").Path(__file__).resolve().parent.parent))
from archives import NAMING, archive, registers, root
from tap import PROGRAM, SCRATCH, Skip, assay, case, equal, holds, main, write


def start(*words):
    """The program under test in a process group of its own, which goes on meanwhile."""
    return subprocess.Popen([PROGRAM, *words], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, start_new_session=True,
                            env={**os.environ, "XDG_DATA_HOME": str(SCRATCH / "data")})


def counts(text):
    return dict(re.findall(r"^  (affected|under review|unknown|fixed|not affected) +(\d+) version", text, re.MULTILINE))


@case
def an_archive_is_asked():
    folder = archive("first", [("Router X", "1.0", root("1.30.1")), ("Router X", "1.1", root("1.36.1")),
                               ("Router Y", "7", root("1.30.1", {"etc/motd": b"hello\n"})), ("Router Y", "8", b"no image " * 900)])
    for register, sql in registers():
        run = assay("register", "add", folder, *NAMING, "--register", register)
        equal((run.status, run.out), (0, "4 added, 0 there already\n"), run.err)
        found = assay("where", "CVE-2021-28831", "--register", register)
        equal(counts(found.out), {"affected": "2", "under review": "0", "unknown": "1", "fixed": "0", "not affected": "1"}, found.out)
        holds(found.out, "affected      Router X 1.0  busybox 1.30.1\n")
        rows = assay("where", "CVE-2021-28831", "--register", register, "--format", "tsv").out
        holds(rows, "affected\tRouter X\t1.0\t\t\tbusybox 1.30.1\t")
        holds(rows, "unknown\tRouter Y\t8\t\t\t\tno component was found in it\t")
        equal(len(rows.splitlines()), 5)
        equal(sql("SELECT count(*) FROM component WHERE name = 'busybox' AND version = '1.30.1'"), [["1"]])
        equal(counts(assay("where", "busybox@1.36.1", "--register", register).out)["affected"], "1")
        equal(assay("register", "verify", "--register", register).status, 0)


@case
def adding_twice_changes_nothing():
    folder = archive("twice", [("A", "1", root("1.30.1")), ("A", "2", root("1.31.1"))])
    for register, sql in registers():
        equal(assay("register", "add", folder, *NAMING, "--register", register).out, "2 added, 0 there already\n")
        events = sql("SELECT count(*) FROM event")
        equal(assay("register", "add", folder, *NAMING, "--register", register).out, "0 added, 2 there already\n")
        equal(sql("SELECT count(*) FROM event"), events)


@case
def one_bad_file_costs_no_other():
    folder = archive("bad", [("A", "1", root("1.30.1")), ("A", "3", root("1.31.1"))])
    write("bad/A/2/image.tar", b"secret", 0)
    if os.access(folder / "A/2/image.tar", os.R_OK):
        os.remove(folder / "A/2/image.tar")
        os.symlink("/nowhere", folder / "A/2/image.tar")
    write("bad/A/notes.txt", "no version's path")
    for register, _ in registers():
        run = assay("register", "add", folder, *NAMING, "--register", register)
        holds(run.out, "2 added, 0 there already, 1 left out by --name")
        equal(assay("register", "verify", "--register", register).status, 0)


@case
def what_was_killed_goes_on():
    """The program is killed at any moment, again and again: what is there is whole, and in the end everything is."""
    folder = archive("killed", [("A", str(number), root(f"1.{20 + number}.1")) for number in range(12)])
    for register, sql in registers():
        for attempt in range(6):
            child = start("register", "add", folder, *NAMING, "--register", register, "--jobs", "2")
            time.sleep(0.15 * (attempt + 1))
            os.killpg(child.pid, signal.SIGKILL)
            child.communicate()
            if register.startswith("postgresql") or os.path.exists(register):
                checked = assay("register", "verify", "--register", register)
                equal(checked.status in (0, 2), True, checked.err)  # 2: it had not come to be
        run = assay("register", "add", folder, *NAMING, "--register", register)
        equal(run.status, 0, run.err)
        equal(sql("SELECT count(*) FROM version"), [["12"]])
        equal(sql("SELECT count(*) FROM result WHERE current = 1"), [["12"]])
        equal(assay("register", "verify", "--register", register).status, 0)


@case
def two_writers_wait_for_each_other():
    left = archive("left", [("L", str(number), root(f"1.{20 + number}.1")) for number in range(6)])
    right = archive("right", [("R", str(number), root(f"1.{20 + number}.1")) for number in range(6)])
    for register, sql in registers():
        writers = [start("register", "add", folder, *NAMING, "--register", register) for folder in (left, right)]
        for writer in writers:
            words = writer.communicate(timeout=200)[1]
            equal((writer.returncode, words), (0, b""))
        equal(sql("SELECT count(*) FROM version"), [["12"]])
        equal(assay("register", "verify", "--register", register).status, 0)


@case
def what_was_altered_is_named():
    folder = archive("altered", [("A", "1", root("1.30.1")), ("A", "2", root("1.31.1", {"etc/key.pem": b"x"}))])
    alterations = {
        "UPDATE match SET status = 'not affected' WHERE status = 'affected'": "matches of component",
        "DELETE FROM set_component WHERE component = (SELECT min(component) FROM set_component)": "components of set",
        "UPDATE version SET supported_until = '2040-01-01'": "row 1 of version is not what was written: supported_until",
        "UPDATE result SET grade = 5": "row 1 of result is not what was written: grade",
        "DELETE FROM sighting": "sightings of result",
        "UPDATE vulnerability SET severity = 'low'": "of vulnerability is not what was written: severity",
        "UPDATE component SET version = '9'": "row 1 of component is not what was written: version",
        "DELETE FROM event WHERE sequence = (SELECT max(sequence) FROM event)": "row 2 of",
    }
    for alteration, words in alterations.items():
        for register, sql in registers():
            assay("register", "add", folder, *NAMING, "--register", register)
            sql(alteration)
            run = assay("register", "verify", "--register", register)
            equal(run.status, 1, alteration + ": " + run.err + run.out)
            holds(run.err, words)


@case
def hostile_names_are_text():
    """Folders and files are called anything: what steers a terminal, breaks a line or is no UTF-8 comes out as a question mark, U+FFFD or a blank."""
    folder = archive("hostile", [("A\x1b[31m", "1\n2", root("1.30.1"))])
    os.rename(os.fsencode(folder / "A\x1b[31m" / "1\n2" / "image.tar"), os.fsencode(folder / "A\x1b[31m" / "1\n2") + b"/\xff'\"\t.tar")
    for register, _ in registers():
        equal(assay("register", "add", folder, *NAMING, "--register", register).status, 0)
        for run in (assay("register", "list", "--format", "tsv", "--register", register), assay("where", "busybox", "--register", register, "--format", "tsv")):
            equal(run.status, 0, run.err)
            holds(run.out, "A?[31m\t1 2\t")
            equal("\x1b" in run.out, False)
        equal(assay("register", "verify", "--register", register).status, 0)


@case
def tables_run_nothing_in_a_spreadsheet():
    """Names that a spreadsheet would take for a formula, or that turn the writing round, come out of every table as text."""
    turned = "B\u202eC"
    folder = archive("formulas", [("=1+1", "-2", root("1.30.1")), (turned, "1", root("1.31.1"))])
    for register, _ in registers():
        equal(assay("register", "add", folder, *NAMING, "--register", register).status, 0)
        tables = [assay("register", "list", "--format", "tsv", "--register", register),
                  assay("where", "busybox", "--format", "tsv", "--register", register)]
        for run in tables:
            equal(run.status, 0, run.err)
            holds(run.out, "'=1+1\t'-2\t")
            equal("\u202e" in run.out, False)
        holds(tables[1].out, "B\ufffdC\t1\t")
        exact = json.loads(assay("where", "busybox", "--format", "json", "--register", register).out)
        equal(sorted(row["product"] for row in exact["versions"]), ["=1+1", turned])


@case
def what_is_misspelt_is_refused():
    """An answer of nothing would read as if nothing held it."""
    folder = archive("misspelt", [("A", "1", root("1.30.1"))])
    for register, _ in registers():
        assay("register", "add", folder, *NAMING, "--register", register)
        right = assay("where", "CVE-2021-28831", "--register", register).out
        for spelt in ("cve-2021-28831", " CVE-2021-28831 ", "Cve-2021-28831"):
            equal(assay("where", spelt, "--register", register).out, right)
        equal(assay("where", "BusyBox@1.30.1", "--register", register).status, 0)
        for wrong in ("CVE202128831", "CVE-2021-2883l", "CVE-2021-", "GHSA-aaaa-bbbb-cccc", "", "%", "busibox", "sha256:00", "key:", "host:"):
            run = assay("where", wrong, "--register", register)
            equal((run.status, run.out), (2, ""), wrong)
        run = assay("case", "open", "busybox", "--by", "ada", "--register", register)
        equal(run.status, 2)


@case
def an_index_that_lies_is_named():
    folder = archive("index", [("A", "1", root("1.30.1"))])
    alterations = ("DROP INDEX component_name", "CREATE VIEW extra AS SELECT 1", "CREATE TABLE extra (id INTEGER)",
                   "CREATE TRIGGER extra AFTER INSERT ON event BEGIN SELECT 1; END")
    for alteration in alterations:
        register, sql = next(registers())
        assay("register", "add", folder, *NAMING, "--register", register)
        sql(alteration)
        equal(assay("register", "verify", "--register", register).status, 1, alteration)
    register, sql = next(registers())
    assay("register", "add", folder, *NAMING, "--register", register)
    with sqlite3.connect(register) as database:
        name, text = database.execute("SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL AND tbl_name = 'component'").fetchone()
        database.execute(f"DROP INDEX {name}")
        database.execute(f"CREATE INDEX {name} ON component(name) WHERE id > 99")
        database.execute("PRAGMA writable_schema = ON")
        database.execute("UPDATE sqlite_master SET sql = ? WHERE name = ?", (text, name))
    run = assay("register", "verify", "--register", register)
    equal(run.status, 1, run.out)
    holds(run.err, "damaged, or was altered")


@case
def a_hash_that_was_kept_is_looked_for():
    folder = archive("kept", [("A", "1", root("1.30.1"))])
    for register, _ in registers():
        assay("register", "add", folder, *NAMING, "--register", register)
        kept = assay("register", "verify", "--register", register).out.split()[-1]
        assay("register", "person", "ada", "--register", register)
        equal(assay("register", "verify", kept, "--register", register).status, 0)
        equal(assay("register", "verify", "0" * 63 + "1", "--register", register).status, 1)


@case
def what_is_passed_over_is_told():
    folder = archive("over", [("A", "1", root("1.30.1")), ("A", "2", b"")])
    (folder / "A" / "link.tar").symlink_to(folder / "A/1/image.tar")
    for register, _ in registers():
        run = assay("register", "add", folder, *NAMING, "--register", register)
        equal((run.status, run.out), (2, "1 added, 0 there already, 2 passed over\n"), run.err)
        holds(run.err, "it is empty")
        holds(run.err, "it is a link")


@case
def other_databases_are_refused():
    path = SCRATCH / "other.db"
    with sqlite3.connect(path) as database:
        database.execute("CREATE TABLE thing (id INTEGER)")
    run = assay("register", "list", "--register", path)
    equal(run.status, 2)
    holds(run.err, "not a register")
    run = assay("register", "list", "--register", write("text.db", "hello " * 200))
    equal(run.status, 2)
    run = assay("register", "list", "--register", SCRATCH / "none.db")
    equal(run.status, 2)
    holds(run.err, "there is no register")
    equal((SCRATCH / "none.db").exists(), False)


@case
def a_newer_schema_is_refused():
    for register, sql in registers():
        equal(assay("register", "person", "ada", "--register", register).status, 0)
        sql("INSERT INTO migration (number, at) VALUES (99, 'x')")
        run = assay("register", "list", "--register", register)
        equal(run.status, 2)
        holds(run.err, "its schema is 99")


@case
def a_full_disk_loses_nothing():
    if os.geteuid() != 0 or not shutil.which("mount"):
        raise Skip("only root mounts a small disk")
    disk = SCRATCH / "disk"
    disk.mkdir()
    if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=2m", "none", disk], capture_output=True, check=False).returncode:
        raise Skip("this machine lets nobody mount")
    try:
        folder = archive("full", [("A", str(number), root("1.30.1", {"etc/noise": os.urandom(200000)})) for number in range(20)])
        run = assay("register", "add", folder, *NAMING, "--register", disk / "r.db")
        equal(run.status, 2, run.out)
        equal(assay("register", "verify", "--register", disk / "r.db").status, 0)
    finally:
        subprocess.run(["umount", disk], check=False)


main()
