#!/usr/bin/env python3
"""Nothing is lost: not the input, not an old report; whatever ends the program, and whatever the outputs are called."""
import io
import json
import os
import pathlib
import random
import resource
import shutil
import signal
import stat
import subprocess
import sys
import tarfile
import threading
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))
from tap import PROGRAM, SCRATCH, Skip, assay, case, command, equal, holds, lacks, main, write  # noqa: E402


def archive(files):
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as tar:
        for number in range(files):
            member = tarfile.TarInfo(f"usr/share/file-{number}")
            content = random.Random(number).randbytes(20000)
            member.size = len(content)
            tar.addfile(member, io.BytesIO(content))
        passwd = tarfile.TarInfo("etc/passwd")
        passwd.size = 25
        tar.addfile(passwd, io.BytesIO(b"root::0:0:root:/:/bin/sh\n"))
    return out.getvalue()


BYTES = archive(4)


def place(name, image=BYTES):
    """A folder of its own with an image in it."""
    shutil.rmtree(SCRATCH / name, ignore_errors=True)
    write(f"{name}/in.bin", image)
    return SCRATCH / name


def names(folder):
    return sorted(path.name for path in folder.iterdir())


def refused(folder, *words, says, **options):
    before = {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    run = assay(*words, cwd=folder, **options)
    equal((run.status, run.out), (2, ""), run.err)
    equal(run.err.count("\n"), 1, run.err)
    holds(run.err, says)
    equal({path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}, before)


@case
def an_output_that_is_an_input_is_refused():
    here = place("same")
    (here / "soft").symlink_to("in.bin")
    (here / "softer").symlink_to("./soft")
    os.link(here / "in.bin", here / "hard")
    (here / "sub").mkdir()
    for option in ("--save", "--json", "--html", "--sbom", "--sarif"):
        refused(here, "in.bin", option, "in.bin", says="is the input in.bin")
    for output in ("./in.bin", "sub/../in.bin", str(here / "in.bin"), "soft", "softer", "hard"):
        refused(here, "in.bin", "--save", output, says="is the input")
    refused(here, "soft", "--save", "in.bin", says="is the input")
    with open(here / "in.bin", "rb") as image:
        done = subprocess.run([PROGRAM, "-", "--json", "in.bin"], cwd=here, stdin=image, capture_output=True, check=False)
    equal((done.returncode, (here / "in.bin").read_bytes() == BYTES), (2, True))
    holds(done.stderr.decode(), "is the input standard input")
    refused(here, "files", "in.bin", "--save", "in.bin", says="is the input")


@case
def rules_declarations_and_stores_are_inputs_too():
    here = place("others")
    write("others/rules.yaml", "[]\n")
    write("others/product.yaml", "product: { vendor: X }\n")
    write("others/reports/assay.json", "[]\n")
    refused(here, "in.bin", "--rules", "rules.yaml", "--json", "rules.yaml", says="is the input rules.yaml")
    refused(here, "in.bin", "--product", "product.yaml", "--save", "product.yaml", says="is the input product.yaml")
    refused(here, "in.bin", "--catalog", "rules.yaml", "--save", "rules.yaml", says="is the input rules.yaml")
    refused(here, "in.bin", "--rules", "reports/assay.json", "--out", "reports", says="is the input")


@case
def an_output_in_a_folder_that_is_read_is_refused():
    here = place("tree")
    write("tree/root/etc/passwd", "root:x:0:0::/:/bin/sh\n")
    refused(here, "root", "--json", "root/etc/passwd", says="lies in the folder root")
    refused(here, "root", "--json", "root/etc/new", says="lies in the folder root")
    refused(here, "root", "--out", "root/etc", says="lies in the folder root")
    equal(assay("root", "--json", "root.json", "--quiet", cwd=here).status, 0)


@case
def an_output_that_is_named_twice_is_refused():
    here = place("twice")
    write("twice/old.json", "{}")
    os.link(here / "old.json", here / "other.json")
    (here / "dangling").symlink_to("new.json")
    (here / "reports").mkdir()
    for first, second in (("new.json", "new.json"), ("new.json", "./new.json"), ("old.json", "other.json"),
                          ("dangling", "new.json"), ("-", "-"), ("new.json", str(here / "new.json"))):
        refused(here, "in.bin", "--json", first, "--save", second, says="one output")
    refused(here, "in.bin", "--out", "reports", "--json", "reports/assay.json", says="one output")
    refused(here, "in.bin", "--out", "reports", "--json", "reports/../reports/assay.json", says="one output")
    refused(here, "in.bin", "--save", "one.assay", "--save", "two.assay", says="--save is given twice: one.assay and two.assay")
    equal(names(here), ["dangling", "in.bin", "old.json", "other.json", "reports"])
    with open(here / "page", "w", encoding="utf-8") as page:
        done = subprocess.run([PROGRAM, "in.bin", "--json", "page"], cwd=here, stdout=page, stderr=subprocess.PIPE, check=False)
    equal(done.returncode, 2)
    holds(done.stderr.decode(), "standard output")


@case
def an_old_file_keeps_its_place_and_mode():
    here = place("mode")
    old = write("mode/old.json", "{}", 0o600)
    (here / "link.json").symlink_to("old.json")
    equal(assay("in.bin", "--json", "link.json", "--quiet", cwd=here).status, 0)
    equal((here / "link.json").is_symlink(), True)
    equal(stat.S_IMODE(old.stat().st_mode), 0o600)
    json.loads(old.read_text())
    equal(names(here), ["in.bin", "link.json", "old.json"])
    (here / "far").symlink_to("new.json")
    equal(assay("in.bin", "--json", "far", "--quiet", cwd=here).status, 0)
    json.loads((here / "new.json").read_text())
    equal(stat.S_IMODE((here / "new.json").stat().st_mode) & 0o111, 0)


@case
def pipes_and_devices_take_bytes_as_they_come():
    here = place("devices")
    os.mkfifo(here / "pipe")
    got = []
    reader = threading.Thread(target=lambda: got.append((here / "pipe").read_bytes()))
    reader.start()
    run = assay("in.bin", "--json", "pipe", "--save", "/dev/null", "--sarif", "/dev/null", "--quiet", cwd=here)
    reader.join(60)
    equal((run.status, run.err), (0, ""))
    json.loads(got[0])
    equal(stat.S_ISFIFO((here / "pipe").stat().st_mode), True)
    for standard in ("/dev/stdout", "/dev/fd/1", "/proc/self/fd/1"):
        json.loads(assay("in.bin", "--json", standard, cwd=here).out)
    with open(here / "out", "wb") as out:
        subprocess.run([PROGRAM, "in.bin", "--json", "/dev/stdout"], cwd=here, stdout=out, check=True)
    json.loads((here / "out").read_text())


@case
def a_full_disk_leaves_the_old_files():
    here = place("full")
    write("full/old.json", "{}")
    write("full/old.assay", "old")

    def limit():
        resource.setrlimit(resource.RLIMIT_FSIZE, (8192, 8192))

    for words in (("--json", "old.json"), ("--save", "old.assay"), ("--json", "new.json"), ("--out", "made"),
                  ("--sarif", "new.sarif", "--save", "old.assay")):
        run = subprocess.run([PROGRAM, "in.bin", "--quiet", *words], cwd=here, preexec_fn=limit, capture_output=True, check=False)
        equal(run.returncode, 2, (words, run.stderr))
        holds(run.stderr.decode(), "File too large")
        equal(run.stderr.count(b"\n"), 1)
        equal(names(here), ["in.bin", "old.assay", "old.json"], words)
    equal(((here / "old.json").read_text(), (here / "old.assay").read_text()), ("{}", "old"))


@case
def a_full_file_system_leaves_the_old_file():
    here = place("small")
    disk = SCRATCH / "disk"
    disk.mkdir()
    if command("mount", "-t", "tmpfs", "-o", "size=16k", "none", disk).status != 0:
        raise Skip("no file system can be mounted here")
    try:
        (disk / "old.assay").write_text("old")
        run = assay("in.bin", "--quiet", "--save", disk / "old.assay", cwd=here)
        equal(run.status, 2)
        holds(run.err, "No space left")
        equal((names(disk), (disk / "old.assay").read_text()), (["old.assay"], "old"))
    finally:
        command("umount", disk)


def settle(folder, want):
    """The process that cleans up may end a moment after the one that was killed."""
    for _ in range(200):
        if names(folder) == want:
            break
        time.sleep(0.02)
    equal(names(folder), want)


@case
def signals_leave_the_old_files_or_the_new_ones():
    here = place("signals", archive(40))
    whole = {}
    for name, option in (("new.json", "--json"), ("new.assay", "--save")):
        equal(assay("in.bin", option, name, "--quiet", cwd=here).status, 0)
        whole[name] = (here / name).read_bytes()
        (here / name).unlink()
    started = time.monotonic()
    equal(assay("in.bin", "--quiet", "--json", "-", "--save", "/dev/null", cwd=here).status, 0)
    length = time.monotonic() - started
    chance = random.Random(7)
    for round_number in range(24):
        for name in whole:
            (here / name).write_text("old")
        kind = (signal.SIGKILL, signal.SIGTERM, signal.SIGINT)[round_number % 3]
        environment = {**os.environ, "SOURCE_DATE_EPOCH": "1767225600", "XDG_DATA_HOME": str(SCRATCH / "data")}
        with subprocess.Popen([PROGRAM, "in.bin", "--quiet", "--json", "new.json", "--save", "new.assay"], cwd=here,
                              stderr=subprocess.DEVNULL, env=environment) as child:
            time.sleep(chance.random() * length * 1.2)
            child.send_signal(kind)
            child.wait(60)
        settle(here, ["in.bin", "new.assay", "new.json"])
        for name, bytes_ in whole.items():
            equal((here / name).read_bytes() in (b"old", bytes_), True, f"{name} after {kind!r}")
    (here / "new.json").unlink()
    (here / "new.assay").unlink()
    with subprocess.Popen([PROGRAM, "in.bin", "--quiet", "--json", "new.json", "--out", "made"], cwd=here) as child:
        time.sleep(length / 3)
        child.kill()
    settle(here, ["in.bin"])


@case
def file_systems_without_unnamed_files_are_left_clean_too():
    if not shutil.which("strace"):
        raise Skip("strace is not here")
    here = place("named", archive(40))
    log = SCRATCH / "calls"

    def traced(*inject):
        return ["strace", "-f", "-qq", "-o", log, "-e", "trace=openat,renameat", *inject, PROGRAM, "in.bin", "--quiet", "--json", "new.json"]

    done = command(*traced(), cwd=here, ASAN_OPTIONS="detect_leaks=0")
    opened = [line for line in log.read_text().splitlines() if "openat(" in line] if log.exists() else []
    numbers = [number for number, line in enumerate(opened, 1) if "O_TMPFILE" in line and " = -1" not in line]
    if done.status != 0 or not numbers:
        raise Skip("strace cannot trace here, or there are no unnamed files")
    whole = (here / "new.json").read_bytes()
    inject = ("-e", f"inject=openat:error=EOPNOTSUPP:when={numbers[0]}")
    (here / "new.json").write_text("old")
    equal(command(*traced(*inject), cwd=here, ASAN_OPTIONS="detect_leaks=0").status, 0)
    holds(log.read_text(), "renameat(")
    equal((names(here), json.loads((here / "new.json").read_text())["grade"]), (["in.bin", "new.json"], json.loads(whole)["grade"]))
    (here / "new.json").write_text("old")
    with subprocess.Popen([str(word) for word in traced(*inject)], cwd=here, stderr=subprocess.DEVNULL) as tracer:
        for _ in range(400):
            if len(names(here)) == 3:
                break
            time.sleep(0.005)
        children = pathlib.Path(f"/proc/{tracer.pid}/task/{tracer.pid}/children").read_text().split()
        if children:
            os.kill(int(children[0]), signal.SIGKILL)
        tracer.wait(60)
    settle(here, ["in.bin", "new.json"])


@case
def an_input_that_shrinks_ends_in_one_line():
    here = place("shrinks", archive(300))
    for size in (0, 100000, 3000000):
        image = write("shrinks/in.bin", archive(300))
        write("shrinks/old.json", "{}")
        with subprocess.Popen([PROGRAM, "in.bin", "--quiet", "--json", "old.json"], cwd=here, stderr=subprocess.PIPE) as child:
            time.sleep(0.05)
            os.truncate(image, size)
            error = child.stderr.read().decode()
            status = child.wait(120)
        if status == 0:
            raise Skip("this machine reads faster than the file is cut")
        equal((status, error.count("\n")), (2, 1), error)
        equal("changed while it was read" in error or "is empty" in error, True, error)
        equal((here / "old.json").read_text(), "{}")


@case
def standard_output_that_fails_is_told():
    here = place("stdout")
    for words in (("in.bin",), ("files", "in.bin"), ("in.bin", "--json", "-"), ("--help",), ("--version",),
                  ("query", "in.bin", "SELECT path FROM file", "--format", "json"), ("diff", "in.bin", "in.bin")):
        with open("/dev/full", "w", encoding="utf-8") as full:
            done = subprocess.run([PROGRAM, *words], cwd=here, stdout=full, stderr=subprocess.PIPE, check=False)
        error = done.stderr.decode()
        equal((done.returncode, error.count("\n")), (2, 1), (words, error))
        holds(error, "No space left on device")
    closed = subprocess.run(["sh", "-c", '"$0" in.bin --json new.json >&-', PROGRAM], cwd=here, capture_output=True, check=False)
    equal(closed.returncode, 2)
    json.loads((here / "new.json").read_text())


@case
def a_reader_that_leaves_is_no_error():
    here = place("pipe", archive(60))
    for words in (("files", "in.bin"), ("in.bin", "--json", "-"), ("in.bin", "--save", "kept.assay"), ("--help",)):
        with subprocess.Popen([PROGRAM, *words], cwd=here, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as child:
            child.stdout.close()
            equal((child.stderr.read(), child.wait(60)), (b"", 0), words)
    equal((here / "kept.assay").stat().st_size > 0, True)


@case
def a_folder_that_cannot_be_written_is_told():
    here = place("readonly")
    (here / "sub").mkdir(mode=0o555)
    if os.geteuid() == 0:
        raise Skip("root writes everywhere")
    refused(here, "in.bin", "--json", "sub/new.json", says="Permission denied")
    write("readonly/old.json", "{}", 0o444)
    refused(here, "in.bin", "--json", "old.json", says="Permission denied")


main()
