#!/usr/bin/env python3
"""What padding hides is found all the same, in a folder, an archive and a file system; what time cut off is told."""
import io
import json
import pathlib
import shutil
import sys
import tarfile
import zipfile

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "engine"))
from recipes import zip_overlapping  # noqa: E402
from tap import SCRATCH, Skip, assay, case, command, equal, holds, main, write  # noqa: E402

REMARK = "# a remark that only fills\n"
ROOT_LINE, LOCKED = "root:x:0:0:root:/root:/bin/sh\n", "root:!:19000:0:99999:7:::\n"
FILES = {
    "etc/passwd": ROOT_LINE,
    "etc/shadow": LOCKED,
    "etc/inittab": "::sysinit:/etc/init.d/rcS\n",
    "etc/init.d/rcS": "#!/bin/sh\nmount -t proc proc /proc\n",
    "etc/sysctl.conf": "kernel.kptr_restrict = 2\nkernel.dmesg_restrict = 1\n",
    "bin/sh": "#!/bin/ash\n",
    "usr/sbin/telnetd": "#!/bin/ash\n",
}
MODES = {"etc/init.d/rcS": 0o755, "bin/sh": 0o755, "usr/sbin/telnetd": 0o755}


def wrap_folder(files):
    folder = SCRATCH / "root"
    shutil.rmtree(folder, ignore_errors=True)
    for name, text in files.items():
        write(f"root/{name}", text, MODES.get(name, 0o644))
    return folder


def wrap_archive(files):
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w:gz", format=tarfile.USTAR_FORMAT) as archive:
        for name, text in files.items():
            member = tarfile.TarInfo("./" + name)
            member.size, member.mode = len(text), MODES.get(name, 0o644)
            archive.addfile(member, io.BytesIO(text.encode()))
    return write("root.tar.gz", out.getvalue())


def wrap_squashfs(files):
    if not shutil.which("mksquashfs"):
        raise Skip("mksquashfs is not installed")
    image = SCRATCH / "root.squashfs"
    run = command("mksquashfs", wrap_folder(files), image, "-noappend", "-all-root", "-quiet", "-no-progress",
                  PATH="/usr/local/bin:/usr/bin:/bin")
    equal(run.status, 0, run.err)
    return image


WRAPPINGS = {"folder": wrap_folder, "archive": wrap_archive, "squashfs": wrap_squashfs}


def judged(image):
    run = assay(image, "--json", "-", "--no-vulnerabilities")
    equal(run.status, 0, run.err)
    return json.loads(run.out)


def verdicts(result):
    """All that the program concludes, without the places and the numbers that padding moves."""
    grade = result["grade"]
    return {
        "grade": (grade["level"], grade["ceiling"]) if grade else None,
        "requirements": [(one["catalog"], one["id"], one["verdict"]) for one in result["requirements"]],
        "findings": sorted({(one["rule"], one["path"]) for one in result["findings"]}),
    }


def compare(hidden, padded, *found):
    """A fault is found, with its ceiling, as well behind padding as without it; and it is the fault that is found."""
    for name, wrap in WRAPPINGS.items():
        sound, short, long = [verdicts(judged(wrap({**FILES, **change}))) for change in ({}, hidden, padded)]
        for one in found:
            equal((name, one, one in sound["findings"], one in short["findings"], one in long["findings"]),
                  (name, one, False, True, True))
        for part in short:
            equal(long[part], short[part], f"{name}, {part}")


@case
def remarks_do_not_hide_a_shell_of_init():
    start, shell = FILES["etc/inittab"], "ttyS0::respawn:/bin/sh\n"
    for size in (64 << 10, 5 << 20):
        compare({"etc/inittab": start + shell}, {"etc/inittab": start + REMARK * (size // len(REMARK) + 1) + shell},
                ("console-shell", "/etc/inittab"))


@case
def padding_does_not_hide_a_service_that_is_a_shell():
    start, shell = FILES["etc/init.d/rcS"], "telnetd -l /bin/sh &\n"
    for size in (1 << 20, 5 << 20):
        compare({"etc/init.d/rcS": start + shell}, {"etc/init.d/rcS": start + REMARK * (size // len(REMARK) + 1) + shell},
                ("service-shell", "/etc/init.d/rcS"))


@case
def locked_accounts_do_not_hide_one_without_password():
    def accounts(count):
        return {"etc/passwd": ROOT_LINE + "".join(f"u{i}:x:{1000 + i}:1000::/:/bin/sh\n" for i in range(count)) +
                "guest:x:500:500::/:/bin/sh\n",
                "etc/shadow": LOCKED + "".join(f"u{i}:!:19000:0:99999:7:::\n" for i in range(count)) + "guest::19000:0:99999:7:::\n"}
    compare(accounts(1), accounts(20010), ("account-empty-password", "/etc/shadow"))


@case
def time_that_was_up_is_told_and_shows_nothing():
    filler = {f"usr/share/text{i}": REMARK * 40000 for i in range(400)}
    for name, wrap in WRAPPINGS.items():
        image = wrap({**FILES, **filler})
        run = assay(image, "--json", "-", "--no-vulnerabilities", "--timeout", "1", "--jobs", "1")
        if run.status != 0:  # a slow machine: not even what was read could be judged, and it says so
            equal((run.status, run.out, run.err.count("\n")), (2, "", 1), run.err)
            holds(run.err, "time was up")
            continue
        result = json.loads(run.out)
        told = [one for one in result["incomplete"] if one["cause"] == "time"]
        equal((name, bool(told)), (name, True), [one["code"] for one in result["incomplete"]])
        equal([one["id"] for one in result["requirements"] if one["verdict"] == "shown"], [], name)


@case
def entries_of_a_zip_that_share_their_bytes_are_told():
    def left(content):
        result = json.loads(assay(write("shared.zip", content), "--json", "-", "--no-vulnerabilities").out)
        return [(one["missing"], one["amount"]) for one in result["incomplete"] if one["code"] == "zip.shared-header"]
    equal(left(zip_overlapping(1)), [("entries", 399)])
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for number in range(400):
            archive.writestr(f"{number:05}", "telnetd -l /bin/sh\n")
        archive.writestr("folder/", "")
    equal(left(out.getvalue()), [])


main()
