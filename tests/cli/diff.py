#!/usr/bin/env python3
"""assay diff: what a new image adds, removes and changes."""
import json
import pathlib
import shutil
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))
from tap import SCRATCH, assay, case, corpus, equal, holds, lacks, main, write  # noqa: E402

STOCK = "wr841nv14/firmware/TL-WR841Nv14_EU.bin"


def make(name, *, backdoor):
    shutil.rmtree(SCRATCH / name, ignore_errors=True)
    write(f"{name}/etc/passwd", "root:*:0:0:root:/:/bin/sh\n" + ("guest::0:0::/:/bin/sh\n" if backdoor else ""))
    write(f"{name}/etc/version", "2\n" if backdoor else "1\n")
    write(f"{name}/bin/sh", b"\x7fELF", 0o755)
    write(f"{name}/etc/init.d/rcS", "#!/bin/sh\n/usr/sbin/httpd\n" + ("/bin/backdoor -p 4444\n" if backdoor else ""), 0o755)
    write(f"{name}/usr/sbin/httpd", b"\x7fELF", 0o4755 if backdoor else 0o755)
    if backdoor:
        write(f"{name}/bin/backdoor", b"\x7fELF", 0o755)
    else:
        write(f"{name}/etc/removed", "x")
    return SCRATCH / name


@case
def same_image_has_no_difference():
    run = assay("diff", make("old", backdoor=False), SCRATCH / "old")
    equal(run.status, 0, run.err)
    holds(run.out, "No difference.")


@case
def names_what_was_added_and_changed():
    run = assay("diff", make("old", backdoor=False), make("new", backdoor=True))
    equal(run.status, 0, run.err)
    for part in ("+ /bin/backdoor", "- /etc/removed", "~ /etc/version content", "mode 0755 to 4755", "+ account guest"):
        holds(run.out, part)
    lacks(run.out, "account root")
    back = assay("diff", SCRATCH / "new", SCRATCH / "old").out
    for part in ("- /bin/backdoor", "+ /etc/removed", "- account guest"):
        holds(back, part)


@case
def saved_results_are_compared():
    equal(assay(make("old", backdoor=False), "--save", "old.assay", "--quiet").status, 0)
    equal(assay(make("new", backdoor=True), "--save", "new.assay", "--quiet").status, 0)
    holds(assay("diff", "old.assay", "new.assay").out, "+ /bin/backdoor")
    holds(assay("diff", "old.assay", SCRATCH / "new").out, "+ /bin/backdoor")


@case
def rows_for_programs():
    rows = json.loads(assay("diff", make("old", backdoor=False), make("new", backdoor=True), "--format", "json").out)
    equal({"aspect": "Files", "sign": "+", "words": "/bin/backdoor"} in rows, True, rows)


@case
def backdoored_router_firmware():
    stock = corpus(STOCK)
    run = assay("diff", stock, corpus("wr841nv14/firmware/firmware-backdoored.bin"))
    equal(run.status, 0, run.err)
    holds(run.out, "+ /bin/backdoor")
    services = run.out.split("\nServices\n")[1].split("\n\n")[0]
    holds(services, "/bin/backdoor")


main()
