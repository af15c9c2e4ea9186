#!/usr/bin/env python3
"""An installation below DESTDIR: what lies where, a program in C and one in C++ against it, completion, the man page."""
import pathlib
import re
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))
from tap import ROOT, SCRATCH, Skip, case, command, equal, holds, main, write  # noqa: E402

BUILD = pathlib.Path(sys.argv[2]).resolve()
PREFIX = pathlib.Path(sys.argv[3])
STAGE = SCRATCH / "stage"
INSTALLED = STAGE / PREFIX.relative_to("/")

# The ten lines of README.md.
PROGRAM = re.search(r"```c\n(.*?)```", (ROOT / "README.md").read_text(), re.DOTALL)[1]
PROGRAM_CPLUSPLUS = """
#include <assay/assay.h>
#include <iostream>
#include <string>

int main()
{
	const std::string image("root:x:0:0\\n");
	assay_options options{};
	options.size = sizeof options;
	assay *result = nullptr;
	if (assay_image(image.data(), image.size(), "some.bin", &options, &result) != ASSAY_DONE)
		return 1;
	std::cout << assay_version() << " " << assay_grade(result) << "\\n";
	assay_free(result);
}
"""


def one(pattern):
    found = sorted(INSTALLED.glob(pattern))
    if len(found) != 1:
        raise AssertionError(f"{pattern}: {found}")
    return found[0]


def flags_text(*words):
    path = one("lib/**/pkgconfig/assay.pc").parent
    run = command("pkg-config", f"--define-variable=prefix={INSTALLED}", *words, "assay", PKG_CONFIG_PATH=str(path))
    equal(run.status, 0, run.err)
    return run.out


def flags(*words):
    return flags_text(*words).split()


def build_and_run(compiler, source, *link):
    program = SCRATCH / "program"
    run = command(compiler, "-Wall", "-Wextra", "-Wpedantic", "-Werror", source, "-o", program,
                  *flags("--cflags"), *link)
    equal(run.status, 0, run.err)
    image = write("image.bin", b"x" * 4096)
    return command(program, image, LD_LIBRARY_PATH=str(one("lib/**/libassay.so").parent))


@case
def installs_below_destdir():
    run = command("meson", "install", "-C", BUILD, "--no-rebuild", "--quiet", DESTDIR=str(STAGE))
    equal(run.status, 0, run.err)
    for pattern in ("bin/assay", "include/assay/assay.h", "lib/**/libassay.a", "lib/**/libassay.so",
                    "lib/**/pkgconfig/assay.pc", "share/man/man1/assay.1", "share/zsh/site-functions/_assay",
                    "share/bash-completion/completions/assay.bash", "share/assay/rules/accounts.yaml",
                    "share/assay/catalogs/xiaomi-2.0.yaml", "share/assay/schema/*.json",
                    "share/doc/assay/evidence.md"):
        one(pattern)
    outside = [path for path in STAGE.rglob("*") if path.is_file() and INSTALLED not in path.parents]
    equal(outside, [])


@case
def installed_program_runs():
    run = command(one("bin/assay"), "--version")
    equal(run.status, 0, run.err)


@case
def program_in_c_uses_the_library():
    run = build_and_run("cc", write("program.c", PROGRAM), *flags("--libs"))
    equal(run.status, 0, run.err)
    holds(run.out, "grade -1")


@case
def program_in_c_uses_the_static_library():
    # With the other libraries shared, as their static ones need more than their packages bring.
    needed = [line.split()[0] for line in flags_text("--print-requires-private").splitlines()]
    others = command("pkg-config", "--libs", *needed).out.split()
    private = re.search(r"^Libs.private: (.*)", one("lib/**/pkgconfig/assay.pc").read_text(), re.MULTILINE)[1].split()
    run = build_and_run("cc", write("program.c", PROGRAM), one("lib/**/libassay.a"), *others, *private)
    equal(run.status, 0, run.err)
    holds(run.out, "grade -1")


@case
def program_in_cplusplus_uses_the_library():
    if command("c++", "--version").status != 0:
        raise Skip("there is no C++ compiler")
    run = build_and_run("c++", write("program.cc", PROGRAM_CPLUSPLUS), *flags("--libs"))
    equal(run.status, 0, run.err)


@case
def library_exports_nothing_but_its_interface():
    run = command("nm", "-D", "--defined-only", one("lib/**/libassay.so").resolve())
    equal(run.status, 0, run.err)
    names = {line.split()[-1].split("@")[0] for line in run.out.splitlines()}
    declared = set(re.findall(r"ASSAY_API[^;]*?\b(assay_\w+)\(", (ROOT / "include/assay/assay.h").read_text()))
    equal(sorted(names), sorted(declared))


def complete(*words):
    """What bash offers for the last word."""
    script = ('source "$1"; shift; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _assay; '
              'printf "%s\\n" "${COMPREPLY[@]}"')
    run = command("bash", "-c", script, "bash", one("share/bash-completion/completions/assay.bash"), "assay", *words)
    equal(run.status, 0, run.err)
    return run.out.split()


@case
def bash_completes():
    equal(complete("--requ"), ["--require-grade"])
    equal(complete("x.bin", "--format", "t"), ["text", "tsv"])
    equal(complete("x.bin", "--format", "=", "j"), ["json"])
    equal(complete("comp"), ["components"])
    equal(complete("db", "b"), ["build"])
    write("image.bin", b"x" * 4096)
    equal(complete("files", "image"), ["image.bin"])
    equal(complete("x.bin", "--sarif", "image"), ["image.bin"])
    equal(complete("x.bin", "--out", "image"), [])


@case
def completion_knows_every_option():
    options = set(re.findall(r"^  (--[\w-]+)", command(one("bin/assay"), "--help").out, re.MULTILINE))
    equal(set(complete("--")), options)
    zsh = one("share/zsh/site-functions/_assay").read_text()
    equal(set(re.findall(r"'\*?(--[\w-]+)[=\[]", zsh)), options)
    page = one("share/man/man1/assay.1").read_text().replace("\\-", "-")
    equal(set(re.findall(r"^\.BI? (--[\w-]+)", page, re.MULTILINE)), options)


@case
def zsh_reads_its_completion():
    if command("sh", "-c", "command -v zsh").status != 0:
        raise Skip("zsh is not installed")
    run = command("zsh", "-n", one("share/zsh/site-functions/_assay"))
    equal(run.status, 0, run.err)


@case
def man_page_is_well_formed():
    if command("sh", "-c", "command -v groff").status != 0:
        raise Skip("groff is not installed")
    run = command("groff", "-man", "-ww", "-Tutf8", "-P-bcou", one("share/man/man1/assay.1"))
    equal(run.err, "")
    holds(run.out, "EXIT STATUS")


main()
