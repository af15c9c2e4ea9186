#!/usr/bin/env python3
"""What cannot be used gives exit status 2 and one line that says why and what to do."""
import os
import pathlib
import subprocess
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))
from tap import SCRATCH, Skip, assay, case, enter_scratch, equal, holds, lacks, main, write  # noqa: E402

IMAGE = write("image.bin", b"an image without a format\n" * 200)


def refused(*words, says, **options):
    run = assay(*words, **options)
    equal(run.status, 2, run.err)
    equal(run.out, "")
    equal(run.err.count("\n"), 1, run.err)
    equal(run.err.startswith("assay: "), True, run.err)
    for part in [says] if isinstance(says, str) else says:
        holds(run.err, part)


@case
def without_arguments_it_explains_itself():
    run = assay()
    equal(run.status, 2)
    holds(run.out, "Usage: assay IMAGE")
    run = assay("--help")
    equal((run.status, run.err), (0, ""))


@case
def images_that_cannot_be_read():
    refused("missing.bin", says=["missing.bin: No such file", "--help"])
    refused(write("empty.bin", b""), says=["is empty", "name a firmware image"])
    refused("-", says="is empty")
    refused(IMAGE, "another", says="another: No such file")
    refused(IMAGE, IMAGE, says="is named twice")
    refused(IMAGE, pathlib.Path(IMAGE).parent / "." / pathlib.Path(IMAGE).name, says="is named twice")
    refused(IMAGE, write("a.assay", b"SQLite format 3\0" + bytes(84)), says="a product by itself")
    refused(write("old.assay", b"SQLite format 3\0" + bytes(84)), says="assay the image again")


@case
def unreadable_image():
    locked = write("locked.bin", b"x", mode=0)
    if os.geteuid() != 0:
        refused(locked, says="Permission denied")
        return
    # Root reads everything, so nobody asks; where nobody cannot run the program, the folder keeps it out.
    enter_scratch()
    try:
        run = subprocess.run([sys.argv[1], locked], user=65534, group=65534, extra_groups=[], capture_output=True, text=True,
                             check=False)
    except PermissionError:
        raise Skip("nobody cannot run the program in this folder") from None
    equal((run.returncode, run.stdout), (2, ""), run.stderr)
    holds(run.stderr, "Permission denied")


@case
def options_that_are_wrong():
    refused(IMAGE, "--quux", says=["no such option", "--help", "--quux"])
    refused(IMAGE, "--json", says=["wants a value", "--json"])
    refused(IMAGE, "--quiet=1", says="takes no value")
    refused(IMAGE, "--jobs", "0", says="from 1 to 1024")
    refused(IMAGE, "--jobs", "many", says="from 1 to 1024")
    refused(IMAGE, "--timeout", "-1", says="seconds")
    refused(IMAGE, "--require-grade", "6", says="from 0 to 5")
    refused("files", IMAGE, "--format", "xml", says="text, tsv or json")
    refused("query", IMAGE, says="usage: assay query IMAGE")
    refused("diff", IMAGE, says="usage: assay diff OLD NEW")
    refused("files", says="usage: assay files IMAGE")
    refused("db", "destroy", says="usage: assay db build")


@case
def operands_may_look_like_options():
    write("--odd.bin", b"x" * 100)
    equal(assay("--quiet", "--", "--odd.bin").status, 0)


@case
def declarations_that_are_wrong():
    broken = write("product.yaml", "product: { vendor: Example }\nsupport: { until: someday }\n")
    refused(IMAGE, "--product", broken, says=["line 2", "YYYY-MM-DD", "support.until"])
    twice = write("twice.yaml", "contact:\n  security: a\n  security: b\n")
    refused(IMAGE, "--product", twice, says=["line 3", "security"])
    refused(IMAGE, "--product", "nowhere.yaml", says="nowhere.yaml: No such file")
    refused(IMAGE, "--product", write("unclosed.yaml", "product: {\n"), says="line")


@case
def house_rules_and_catalogues_that_are_wrong():
    no_list = write("house.yaml", "id: x\n")
    refused(IMAGE, "--rules", no_list, says=["house.yaml line 1", "list of rules"])
    dire = write("dire.yaml", "- id: house-x\n  title: X\n  severity: dire\n  sql: SELECT 1\n")
    refused(IMAGE, "--rules", dire, says=["dire.yaml line", "critical, high, medium, low or info"])
    dangling = write("catalog.yaml", "id: h\ntitle: H\nrequirements:\n  - id: H1\n    title: T\n    meaning: M\n"
                     "    level: low\n    decidable: yes\n    failed_by: [no-such-rule]\n")
    refused(IMAGE, "--catalog", dangling, says=["catalog.yaml", "no-such-rule"])


@case
def what_the_user_wrote_is_told_before_the_image_is_read():
    rules = write("nonsense.yaml", "# ours\n- id: house-x\n  title: X\n  severity: low\n  sql: SELECT nonsense FROM file\n")
    for words in ((IMAGE,), ("findings", IMAGE), ("query", IMAGE, "SELECT 1"), ("diff", IMAGE, IMAGE)):
        refused(*words, "--rules", rules, says=["nonsense.yaml line 2", "house-x", "no such column"])
    refused(IMAGE, "--rules", write("chance.yaml", "- id: house-y\n  title: Y\n  severity: low\n  sql: SELECT random()\n"),
            says=["chance.yaml line 1", "house-y"])
    product = write("ours.yaml", "product: { vendor: Example }\nsupport:\n  until: someday\n")
    refused(IMAGE, "--product", product, says=["ours.yaml line 3", "support.until"])
    # Before: the image is not looked at, however damaged it is, and nothing is written.
    refused(IMAGE, "--product", product, "--json", "never.json", says="ours.yaml line 3")
    equal((SCRATCH / "never.json").exists(), False)


@case
def options_that_a_command_does_not_use():
    for words, option in ((("files", IMAGE), "--require-grade=1"), (("files", IMAGE), "--max-opaque=1"),
                          (("components", IMAGE), "--fail-on=high"), (("diff", IMAGE, IMAGE), "--json=x.json"),
                          (("diff", IMAGE, IMAGE), "--save=x.assay"), (("diff", IMAGE, IMAGE), "--require-grade=1"),
                          ((IMAGE,), "--format=tsv"), ((IMAGE,), "--from=feeds"), (("db", "info"), "--json=x.json"),
                          (("db", "info"), "--jobs=1"), (("schema",), "--jobs=1"), (("query", IMAGE, "SELECT 1"), "--from=x")):
        refused(*words, option, says=["does not use " + option.split("=")[0], "--help"])
    equal(list(SCRATCH.glob("x.*")), [])
    refused(IMAGE, "--fail-on", "worse", says="assay diff")
    refused(IMAGE, "--fail-on", "exploited", "--no-vulnerabilities", says="--no-vulnerabilities")
    refused(IMAGE, "--fail-on", "dire", says="critical, high, medium, low, exploited or worse")
    for number in ("-1", "101", "many", "nan", ""):
        refused(IMAGE, "--max-opaque", number, says="percentage from 0 to 100")


@case
def nearest_names_are_offered():
    refused(IMAGE, "--jsno", "x", says=["--jsno", "did you mean --json?"])
    refused(IMAGE, "--require-grad", "1", says="did you mean --require-grade?")
    refused("fils", IMAGE, says="did you mean 'assay files'?")
    refused("vulnerabilties", IMAGE, says="did you mean 'assay vulnerabilities'?")
    refused("schema", "flie", says="did you mean file?")
    refused("query", IMAGE, "SELECT pth FROM file", says=["no such column: pth", "did you mean path?"])
    refused("query", IMAGE, "SELECT f.sha265 FROM file f", says="did you mean sha256?")
    refused("query", IMAGE, "SELECT severty FROM finding", says="did you mean severity?")
    lacks(assay("query", IMAGE, "SELECT source FROM kernel_option").err, "did you mean source?")  # that is of another table
    refused("query", IMAGE, "SELECT * FROM fils", says=["no such table: fils", "did you mean file?"])
    for far in ("--xyzzy", "--quux-of-quuxes"):
        refused(IMAGE, far, says=["no such option", "--help"])


@case
def queries_that_are_wrong():
    refused("query", IMAGE, "SELEC path", says=["cannot be run", "SELEC"])
    refused("query", IMAGE, "SELECT nothing FROM file", says=["cannot be run", "nothing"])
    refused("query", IMAGE, "DELETE FROM file", says="only SELECT")
    refused("query", IMAGE, "UPDATE grade SET level = 5", says="only SELECT")
    refused("query", IMAGE, "", says="empty")
    refused("query", IMAGE, "SELECT 1; DELETE FROM file", says="one SELECT at a time")
    refused("query", IMAGE, f"ATTACH '{SCRATCH}/other.db' AS other", says="only SELECT")
    equal((SCRATCH / "other.db").exists(), False)
    equal(assay("query", IMAGE, "SELECT 1 AS one; \n").status, 0)


@case
def outputs_that_cannot_be_written():
    refused(IMAGE, "--json", "nowhere/report.json", says=["cannot write nowhere/report.json", "No such file"])
    refused(IMAGE, "--out", IMAGE, says=str(IMAGE))


@case
def failed_run_leaves_an_old_report_alone():
    report = write("kept.json", "{}")
    refused(IMAGE, "--json", report, "--product", write("p.yaml", "support: { until: x }\n"), says="support.until")
    equal(report.read_text(), "{}")


@case
def stores_that_are_wrong():
    refused(IMAGE, "--db", IMAGE, says="assay db build")
    refused(IMAGE, "--db", "nowhere.db", says="nowhere.db")
    refused("db", "info", "--db", IMAGE, says="is not a vulnerability store")
    refused("db", "info", "--db", "nowhere.db", says="nowhere.db")
    refused("db", "build", says="usage: assay db build --from DIR")
    refused("db", "build", "--from", "nowhere", says="nowhere: No such file")


main()
