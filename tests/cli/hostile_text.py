#!/usr/bin/env python3
"""What an image says cannot act: on a terminal, in a spreadsheet, in whoever reads a report."""
import csv
import io
import json
import pathlib
import re
import subprocess
import sys
import tarfile
import unicodedata

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))
from tap import PROGRAM, SCRATCH, assay, case, corpus, equal, holds, lacks, main, write  # noqa: E402

ACTING = "\u202e\u2066\u200f\u009b31m\x1b[31m\u2028\ufeff\U000e0041"
CELLS = ["=1+1", "+1", "-1", "@SUM(1)", '"=1+1"', "'=1", "\t=1", "\r=1", "\uff1d1"]


def archive(names, contents=()):
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as tar:
        for name, content in [(name, b"x\n") for name in names] + list(contents):
            member = tarfile.TarInfo(name)
            member.size, member.mode = len(content), 0o755
            tar.addfile(member, io.BytesIO(content))
    return out.getvalue()


IMAGE = write("acting.tar", archive([f"etc/a{ACTING}b", "bin/sh"],
                                    [("etc/passwd", f"ro{ACTING}ot::0:0::/:/bin/sh\n".encode())]))


def acts(text):
    return [hex(ord(one)) for one in text if one not in "\n\t" and
            (unicodedata.category(one) in ("Cc", "Cf", "Zl", "Zp"))]


@case
def nothing_that_steers_reaches_a_reader():
    for words in ((IMAGE,), ("files", IMAGE), ("findings", IMAGE), ("files", IMAGE, "--format", "tsv"),
                  ("files", IMAGE, "--format", "json"), (IMAGE, "--html", "-"), (IMAGE, "--json", "-"),
                  (IMAGE, "--sarif", "-"), (IMAGE, "--sbom", "-"), ("diff", SCRATCH, IMAGE), ("diff", IMAGE, SCRATCH)):
        run = assay(*words)
        equal(run.status, 0, run.err)
        equal(acts(run.out), [], words)
    # In JSON it is the same text all the same.
    paths = [one["path"] for one in json.loads(assay("files", IMAGE, "--format", "json").out)]
    equal(any("\u202e" in path for path in paths), True, paths)


@case
def cells_that_a_spreadsheet_would_run_are_text():
    for cell in CELLS:
        literal = "char(" + ",".join(str(ord(one)) for one in cell) + ")"
        out = assay("query", IMAGE, f"SELECT {literal} AS a, -5 AS b, -1.5 AS c, 'x' || {literal} AS d", "--format", "tsv").out
        first, second, third, fourth = out.splitlines()[1].split("\t")
        equal(first[0], "'", cell)
        equal((second, third, fourth[0]), ("-5", "-1.5", "x"))
        for row in csv.reader(io.StringIO(out), dialect="excel-tab"):
            equal(any(field[:1] in ("=", "+", "@") for field in row), False, row)
    holds(assay("query", IMAGE, "SELECT 1 AS \"=1\"", "--format", "tsv").out, "'=1\n")


@case
def a_name_that_leads_out_of_an_archive_is_told():
    image = write("out.tar", archive(["../../etc/cron.d/x", "a/../../b", "fine..name", "..fine/c"]))
    notes = json.loads(assay("query", image, "SELECT message FROM note WHERE code = 'archive.path-escapes'", "--format", "json").out)
    equal(len(notes), 2, notes)
    holds(notes[0]["message"], "../../etc/cron.d/x")
    paths = {one["path"] for one in json.loads(assay("files", image, "--format", "json").out)}
    equal({"/etc/cron.d/x", "/fine..name", "/..fine/c"} <= paths, True, paths)


def status(version, name="lib+x"):
    return f"Package: {name}\nStatus: install ok installed\nArchitecture: mips\nVersion: {version}\n\n"


@case
def versions_stay_valid_and_whole():
    for version in ("1.0+b%20 c", "9" * 5000, "1.\u00fc" + "\u20ac" * 2000, "1:2.0~rc1+dfsg/1?x#y@z"):
        image = write("packages.tar", archive(["bin/sh"], [("var/lib/dpkg/status", status(version).encode())]))
        sbom = json.loads(assay(image, "--sbom", "-").out)
        result = json.loads(assay(image, "--json", "-").out)
        json.loads(assay(image, "--sarif", "-").out)
        equal(len(sbom["components"]), 1, version[:20])
        one = sbom["components"][0]
        equal(len(one.get("version", "")) <= 1024, True)
        whole = one.get("version") or one["properties"][0]["value"]
        equal(whole.split(":")[-1] in version or whole in version, True, whole[:50])
        match = re.fullmatch(r"pkg:(?:deb/[a-z]+|generic)/lib%2Bx(@(?:[A-Za-z0-9.~_:-]|%[0-9A-F]{2})+)?(\?arch=mips)?", one["purl"])
        equal(match is not None, True, one["purl"][:200])
        equal(match[1] is None, len(version.encode()) > 256, one["purl"][:60])
        equal(len(result["components"]), 1)


@case
def plain_ascii_where_the_locale_has_no_more():
    image = write("plain.tar", archive(["bin/sh", "etc/\u00fc"], [("etc/passwd", b"root::0:0::/:/bin/sh\n")]))
    for words in ((image,), ("files", image), ("findings", image), ("diff", SCRATCH / "nothing", image), ("--help",)):
        (SCRATCH / "nothing").mkdir(exist_ok=True)
        write("nothing/a", "a")
        for locale in ({"LC_ALL": "C"}, {"LC_ALL": "", "LC_CTYPE": "POSIX", "LANG": "de_DE.UTF-8"},
                       {"LC_ALL": "", "LC_CTYPE": "", "LANG": ""}, {"LC_ALL": "de_DE.ISO-8859-1"}):
            run = assay(*words, **locale)
            equal(run.status, 0, run.err)
            equal([one for one in run.bytes if one > 126], [], words)
    for locale in ({"LC_ALL": "C.UTF-8"}, {"LC_ALL": "", "LC_CTYPE": "", "LANG": "de_DE.utf8"}):
        holds(assay(image, **locale).out, "✗")
    equal(assay(image, LC_ALL="C").out.count("\n"), assay(image).out.count("\n"))


@case
def the_page_is_as_wide_as_the_reader_asks():
    image = corpus("wr841nv14/firmware/TL-WR841Nv14_EU.bin")
    for columns in (60, 80, 132):
        for line in assay(image, COLUMNS=str(columns)).out.splitlines():
            equal(len(line.rstrip()) <= columns, True, (columns, line))
    wide = max(len(line) for line in assay(image, COLUMNS="132").out.splitlines())
    equal(wide > 100, True, wide)
    for odd in ("0", "-3", "many", ""):
        equal(assay(image, COLUMNS=odd).out, assay(image).out)


@case
def the_page_counts_what_it_lists_or_says_where_the_rest_is():
    image = corpus("wr841nv14/firmware/TL-WR841Nv14_EU.bin")
    page = assay(image).out
    listed = json.loads(assay("findings", image, "--format", "json").out)
    tally = re.search(r"^Findings +(.*)$", page, re.MULTILINE)[1]
    # "2 critical, 6 high; in 11 places": kinds, then the places that the command lists.
    kinds, _, places = tally.partition("; in ")
    equal(int(places.split()[0]) if places else sum(int(number) for number in re.findall(r"\d+", kinds)), len(listed))
    equal(sum(int(number) for number in re.findall(r"\d+", kinds)), len({(one["rule"], one["severity"]) for one in listed}))
    block = page.split("\nFindings")[1].split("\n\n")[0]
    shown = len(re.findall(r"^  (?:critical|high|medium|low) ", block, re.MULTILINE))
    holds(block, f"and {len(listed) - shown} more: assay findings IMAGE")
    # Names of requirements are whole.
    names = {one["id"] for one in json.loads(assay("requirements", image, "--format", "json").out)}
    for group in re.findall(r"\[([0-9.; \n]+)\]", page):
        equal({one.strip() for one in group.split(";")} <= names, True, group)
    lacks(page, "…]")


main()
