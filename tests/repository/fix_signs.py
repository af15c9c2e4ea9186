#!/usr/bin/env python3
"""What finds candidates of signs of fixes, on a library that is built without and with a patch."""
import os
import pathlib
import shutil
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))
from tap import ROOT, SCRATCH, Skip, case, command, equal, holds, lacks, main, write  # noqa: E402

TOOL = ROOT / "tools/fix-signs"
BEFORE = """int printf(const char *, ...);
int checked(int size) { return size; }
int entry(int size) { return size > 3 ? printf("the size is large\\n") : size; }
"""
AFTER = """int puts(const char *);
int checked(int size) { return size; }
int refuse_size(int size) { return size < 0; }
int entry(int size) { return refuse_size(size) ? puts("the size is refused") : size; }
"""
PATCH = """Description: refuses sizes
--- a/entry.c
+++ b/entry.c
@@ -1,3 +1,4 @@
 int checked(int size) { return size; }
-int entry(int size) { return size > 3 ? printf("the size is large\\n") : size; }
+int refuse_size(int size) { return size < 0; }
+int entry(int size) { return refuse_size(size) ? puts("the size " "is refused") : size; }
--- a/tests/entry.c
+++ b/tests/entry.c
@@ -1,1 +1,1 @@
+puts("the size is large, says a test");
"""


def library(name, source):
    """A library of the compiler that builds this program."""
    compiler = os.environ.get("CC", "cc")
    if not shutil.which(compiler.split()[-1]):
        raise Skip("no compiler")
    out = SCRATCH / "signs/builds" / name
    out.parent.mkdir(parents=True, exist_ok=True)
    run = command(*compiler.split(), "-shared", "-fPIC", "-O0", "-w", "-fno-builtin", "-o", out, write(SCRATCH / "signs" / f"{name}.c", source))
    equal(run.status, 0, run.err)
    return out


@case
def what_a_patch_adds_is_found_in_the_builds_that_have_it():
    library("1.0", BEFORE), library("1.1", AFTER)
    write(SCRATCH / "signs/patches/CVE-2021-1234.patch", PATCH)
    run = command(TOOL, SCRATCH / "signs/patches", SCRATCH / "signs/builds")
    equal(run.status, 0, run.err)
    added, removed = "\tin: 1.1\n\tnot in: 1.0\n", "\tin: 1.0\n\tnot in: 1.1\n"
    for words in ("CVE-2021-1234 CVE-2021-1234.patch", added, removed, "+ text 'the size is refused'", "+ name 'refuse_size'",
              "- text 'the size is large'"):
        holds(run.out, words)
    lacks(run.out, "says a test")
    lacks(run.out, "'checked'")


@case
def other_vulnerabilities_are_left_out():
    library("1.0", BEFORE), library("1.1", AFTER)
    write(SCRATCH / "signs/patches/CVE-2021-1234.patch", PATCH)
    equal(command(TOOL, SCRATCH / "signs/patches", SCRATCH / "signs/builds", "CVE-2020-1").out, "")


@case
def two_builds_are_compared():
    run = command(TOOL, "--between", library("1.0", BEFORE), library("1.1", AFTER))
    equal(run.status, 0, run.err)
    for line in ("- text 'the size is large\\n'", "+ text 'the size is refused'", "- import 'printf'", "+ import 'puts'", "+ export 'refuse_size'"):
        holds(run.out.split("\n"), line)


main()
