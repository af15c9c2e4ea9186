#!/usr/bin/env python3
"""What a run may hold is bounded: hostile images stay far below a small machine's memory, and what had no room is told."""
import gzip
import io
import os
import pathlib
import subprocess
import sys
import tarfile
import zipfile

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))
from tap import PROGRAM, SCRATCH, assay, case, equal, main, write  # noqa: E402

GIBIBYTE = 1 << 20  # in KiB, as a system tells what a process held at most
TOLD = "SELECT count(*) > 0 FROM incomplete WHERE cause IN ('limit', 'memory')"


def zeros(size):
    out = io.BytesIO()
    with gzip.GzipFile(fileobj=out, mode="wb", compresslevel=9, mtime=0) as stream:
        for _ in range(size >> 20):
            stream.write(bytes(1 << 20))
    return out.getvalue()


def zip_of(names, content):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for name in names:
            archive.writestr(zipfile.ZipInfo(name), content, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def nested(width, depth):
    content = b"the end"
    for _ in range(depth):
        content = zip_of([f"{number}.zip" for number in range(width)], content)
    return content


def tar_of(names, content):
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as archive:
        for name in names:
            member = tarfile.TarInfo(name)
            member.size = len(content)
            archive.addfile(member, io.BytesIO(content))
    return out.getvalue()


def peak(path, *options):
    """KiB that a run held at most; it has to end well, within little more than that of addresses."""
    run = subprocess.Popen(["sh", "-c", 'ulimit -v 4000000; exec "$@"', "sh", PROGRAM, path, "--quiet", "--jobs", "2", "--save",
                            f"{path}.assay", *options], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    words = run.stderr.read().decode()
    _, status, used = os.wait4(run.pid, 0)
    run.returncode = os.waitstatus_to_exitcode(status)
    equal((run.returncode, words), (0, ""))
    return used.ru_maxrss


def is_modest(name, content, *options, most=GIBIBYTE, told=True):
    path = write(name, content)
    held = peak(path, *options)
    equal(held < most, True, f"KiB held: {held}, less than {most}")
    equal(assay("query", f"{path}.assay", TOLD, "--format", "tsv").out.splitlines()[-1], str(int(told)), f"told by {name}")


@case
def archives_of_archives():
    is_modest("nested.zip", nested(9, 7))


@case
def wide_archives_of_archives():
    is_modest("wide.zip", nested(16, 5))


@case
def archives_of_archives_in_archives_that_are_no_artifacts():
    is_modest("nested.tar", tar_of([f"root/etc/{number}.zip" for number in range(9)] + ["root/bin/sh"], nested(9, 5)))


@case
def many_streams_that_grow():
    is_modest("many.tar", tar_of([f"{number}.gz" for number in range(20)], zeros(100 << 20)))


@case
def many_streams_that_grow_in_one_root():
    is_modest("root.tar", tar_of([f"bin/{number}.gz" for number in range(20)] + ["etc/passwd", "bin/sh"], zeros(100 << 20)))


@case
def one_stream_after_the_other():
    is_modest("row.bin", zeros(100 << 20) * 20)


@case
def very_many_containers():
    is_modest("containers.bin", (gzip.compress(b"some text of a stream", mtime=0) + b"\xff\x00\xaa") * 40000)


@case
def a_limit_may_be_lower():
    """The same image with room and without: the lower limit holds, and says what it left out."""
    content = zeros(80 << 20)
    is_modest("large.gz", content, told=False)
    is_modest("large.gz", content, "--memory-limit", "128", most=GIBIBYTE // 3)


@case
def what_has_no_room_does_not_depend_on_threads():
    path = write("threads.tar", tar_of([f"bin/{number}.gz" for number in range(6)] + ["etc/passwd", "bin/sh"], zeros(60 << 20)))
    saved = []
    for jobs in ("1", "2", "5"):
        out = SCRATCH / f"threads-{jobs}.json"
        equal(assay(path, "--quiet", "--memory-limit", "192", "--jobs", jobs, "--json", out).status, 0)
        saved.append(out.read_bytes())
    equal(b"budget.content" in saved[0], True)
    equal(saved[1] == saved[0] == saved[2], True)


@case
def a_limit_that_is_none_is_refused():
    for value in ("0", "100", "much"):
        equal(assay("x.bin", "--memory-limit", value).status, 2)


main()
