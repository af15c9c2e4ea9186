#!/usr/bin/env python3
"""The program gives up the machine before it parses, says where it could not, and writes what was asked for only."""
import io
import json
import pathlib
import re
import shutil
import sys
import tarfile

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))
from tap import PROGRAM, SCRATCH, Skip, assay, case, command, equal, holds, lacks, main, write  # noqa: E402


def archive():
    """A device's files, enough of them to keep several workers busy."""
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as tar:
        for number in range(40):
            member = tarfile.TarInfo(f"usr/share/file-{number}")
            content = bytes((number * 31 + i * 7) & 255 for i in range(65536))
            member.size = len(content)
            tar.addfile(member, io.BytesIO(content))
        member = tarfile.TarInfo("etc/passwd")
        member.size = 28
        tar.addfile(member, io.BytesIO(b"root:x:0:0:root:/:/bin/sh\n\n\n"[:28]))
    return out.getvalue()


IMAGE = write("image.tar", archive())
FOLDER = write("folder/etc/passwd", "root:x:0:0:root:/:/bin/sh\n").parent.parent


def traced(*words, calls, inject=""):
    """Runs the program under strace; gives the run and the calls, one line each."""
    if not shutil.which("strace"):
        raise Skip("strace is not here")
    log = SCRATCH / "calls"
    log.unlink(missing_ok=True)
    options = ["-f", "-qq", "-o", log, "-e", "trace=" + calls]
    if inject:
        options += ["-e", "inject=" + inject]
    # Where a sanitizer is in the program, its search for leaks cannot run under strace.
    run = command("strace", *options, PROGRAM, *words, ASAN_OPTIONS="detect_leaks=0")
    lines = log.read_text().splitlines() if log.exists() else []
    if not lines:
        raise Skip("strace cannot trace here")
    return run, lines


def first(lines, pattern):
    for number, line in enumerate(lines):
        if re.search(pattern, line):
            return number
    raise AssertionError(f"no {pattern} among {len(lines)} calls")


def entering(lines):
    """Number of the call from which on seccomp holds; skips where the build has no sandbox."""
    if not any("landlock_create_ruleset" in line for line in lines):
        raise Skip("this build or kernel has no sandbox")
    return first(lines, r"seccomp\(SECCOMP_SET_MODE_FILTER, (0|SECCOMP_FILTER_FLAG_TSYNC), \{.* = 0$")


WATCHED = ("landlock_create_ruleset,landlock_restrict_self,seccomp,clone,clone3,open,openat,openat2,creat,socket,"
           "execve")


@case
def enters_before_it_starts_workers():
    run, lines = traced(IMAGE, "--jobs", "2", "--quiet", "--json", SCRATCH / "out.json", calls=WATCHED)
    equal(run.status, 0, run.err)
    entered = entering(lines)
    files = first(lines, r"landlock_restrict_self\(.* = 0$")
    workers = first(lines, r"clone3?\(.*CLONE_THREAD")
    equal((files < workers, entered < workers), (True, True), "entered before the workers")
    # Landlock is entered first, and nothing is opened from then on.
    for line in lines[files + 1:]:
        if re.search(r"\b(open|openat|openat2|creat|socket|execve)\(", line):
            holds(line, " = -1 ")


@case
def opens_only_below_a_folder():
    run, lines = traced(FOLDER, "--quiet", calls=WATCHED)
    equal(run.status, 0, run.err)
    opened = [line for line in lines[entering(lines):] if re.search(r"\bopen(at|at2)?\(.* = \d+$", line)]
    equal(len(opened) > 0, True, "the folder is read")
    for line in opened:
        lacks(line, "AT_FDCWD")
        equal(re.search(r"O_(WRONLY|RDWR|CREAT|TRUNC)", line), None, line)


@case
def says_what_the_kernel_cannot_keep():
    words = "sandbox is not fully in force on this kernel: files are not restricted by Landlock"
    saved = SCRATCH / "partial.assay"
    fault = "landlock_create_ruleset:error=ENOSYS"
    run, lines = traced(IMAGE, "--save", saved, calls="landlock_create_ruleset", inject=fault)
    equal(run.status, 0, run.err)
    first(lines, "ENOSYS")
    equal([line for line in run.err.splitlines() if "sandbox" in line], ["assay: the " + words])
    query = "SELECT severity, code, message FROM note WHERE code LIKE 'sandbox.%'"
    holds(assay("query", saved, query).out, "the " + words)
    quiet, lines = traced(IMAGE, "--quiet", calls="landlock_create_ruleset", inject=fault)
    lacks(quiet.err, "sandbox")


@case
def says_nothing_where_all_holds():
    run, lines = traced(IMAGE, "--save", SCRATCH / "whole.assay", calls=WATCHED)
    entering(lines)
    first(lines, r"landlock_restrict_self\(.* = 0$")
    lacks(run.err, "sandbox")
    lacks(assay("query", SCRATCH / "whole.assay", "SELECT code FROM note").out, "sandbox.partial")


@case
def writes_only_what_was_asked_for():
    place = SCRATCH / "place"
    image = write("place/image.tar", IMAGE.read_bytes())
    temporary = SCRATCH / "tmp"
    temporary.mkdir()
    before = image.stat()
    run = assay(image, "--json", "report.json", "--save", "result.assay", "--quiet", cwd=place,
                TMPDIR=str(temporary), HOME=str(temporary))
    equal(run.status, 0, run.err)
    equal(sorted(path.name for path in place.rglob("*")), ["image.tar", "report.json", "result.assay"])
    equal(list(temporary.rglob("*")), [])
    equal((image.stat().st_size, image.stat().st_mtime_ns), (before.st_size, before.st_mtime_ns), "the image")
    json.loads((place / "report.json").read_text())


main()
