#!/usr/bin/env python3
"""What the repository promises of itself: layers, shape, pages that are current, a header that stands alone."""
import importlib.machinery
import importlib.util
import json
import pathlib
import re
import sys

import yaml

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))
from tap import ROOT, SCRATCH, Skip, assay, case, command, equal, holds, main, write  # noqa: E402

HEADER_FLAGS = ["-Wall", "-Wextra", "-Wpedantic", "-Werror", "-fsyntax-only", f"-I{ROOT / 'include'}"]


@case
def folders_look_only_down():
    run = command(ROOT / "tools/check-layers")
    equal(run.status, 0, run.out)


@case
def looking_up_or_into_the_library_is_told():
    for place, name in (("cli/one.c", '"evidence/query.h"'), ("cli/two.c", "<judge/guard.h>"), ("cli/three.c", '"base/effort.h"'),
                        ("base/four.c", '"codec/codec.h"'), ("report/five.c", '"assay/assay.h"')):
        tree = SCRATCH / place.replace("/", "-") / "src"
        (tree / place).parent.mkdir(parents=True)
        (tree / place).write_text(f"#include {name}\n")
        run = command(ROOT / "tools/check-layers", tree.parent)
        equal(run.status, 1, run.out)
        holds(run.out, place)


@case
def code_holds_its_shape():
    run = command(ROOT / "tools/check-shape")
    equal(run.status, 0, run.out)


@case
def page_of_the_evidence_is_current():
    made = SCRATCH / "evidence.md"
    run = command("python3", ROOT / "tools/generate-evidence.py", ROOT / "src/evidence/schema.sql", "--docs", made)
    equal(run.status, 0, run.err)
    if made.read_text() != (ROOT / "docs/evidence.md").read_text():
        raise AssertionError("docs/evidence.md is old; run 'make docs'")


def compile_alone(compiler, *flags, ending):
    if command("sh", "-c", f"command -v {compiler}").status != 0:
        raise Skip(f"{compiler} is not installed")
    for header in sorted((ROOT / "include/assay").glob("*.h")):
        source = write(f"alone.{ending}", f'#include <assay/{header.name}>\n#include <assay/{header.name}>\n')
        run = command(compiler, *flags, *HEADER_FLAGS, source)
        equal(run.status, 0, run.err)


@case
def public_headers_stand_alone_in_c():
    compile_alone("cc", "-std=c99", ending="c")
    compile_alone("cc", "-std=c17", ending="c")


@case
def public_headers_stand_alone_in_cplusplus():
    compile_alone("c++", "-std=c++11", ending="cc")


@case
def public_headers_stand_alone_in_clang():
    compile_alone("clang", "-std=c17", ending="c")


SOURCE = """static int {0}_open(struct inode *inode)
{{
	return 0;
}}

static int {0}_read(struct file *file,
		    int size)
{{
	return size;
}}

int {0}_write(struct file *file)
{{
	return {0}_helper(file);
}}

static int {0}_helper(struct file *file)
{{
	return 1;
}}

#ifdef CONFIG_{0}_MORE
int {0}_more(void)
{{
	return 2;
}}
#endif

static const struct file_operations {0}_ops = {{
	.open = {0}_open,
	.read = {0}_read,
}};
"""


def kernel_tree(name, files):
    for path, text in files.items():
        (SCRATCH / name / path).parent.mkdir(parents=True, exist_ok=True)
        (SCRATCH / name / path).write_text(text)
    return SCRATCH / name


@case
def writes_the_table_of_kernel_functions():
    """Functions that prove by absence are global, or have their address taken; those of two files show neither."""
    shared = "int shared_by_both(void)\n{\n\treturn 0;\n}\n"
    files = {"fs/one/inode.c": SOURCE.format("alpha") + shared, "fs/one/Makefile": "obj-$(CONFIG_ONE) += one-fs.o\none-fs-y := inode.o\n",
             "fs/two/inode.c": SOURCE.format("gamma") + shared, "include/linux/x.h": "static inline int gamma_write(void) { return 0; }\n"}
    trees = [kernel_tree("kernel-1", files), kernel_tree("kernel-2", files)]
    listed = SCRATCH / "files.txt"
    listed.write_text("3\tfs/one/inode.c\nfs/two/inode.c\nfs/none.c\ninclude/linux/x.h\n")
    table = command(sys.executable, ROOT / "tools/make-kernel-symbols", listed, f"5.1={trees[0]}", f"6.2={trees[1]}")
    lines = [line for line in table.out.splitlines() if not line.startswith("#")]
    equal(lines[:2], ["fs/one/", "inode.c\t5.1\t6.2\talpha_open alpha_read alpha_write\talpha_helper\talpha_\tone_fs"])
    equal(lines[2], "fs/two/")
    equal("gamma_write" in table.out or "shared_by_both" in table.out, False, table.out)
    equal(lines[3].split("\t")[1:4], ["", "", ""])  # two that prove are too few


LIMIT = re.compile(r"\b([A-Z][A-Z0-9_]*)\b\s*=\s*([^,;}\n]+)")
LIMIT_NAME = re.compile(r"(_MAX|_MOST|_LIMIT|_CEILING|_ENOUGH|_MAXIMUM)$")


def limits_of_the_sources():
    found = {}
    for source in sorted((ROOT / "src").rglob("*.[ch]")):
        name = str(source.relative_to(ROOT))
        if not name.startswith(("src/cli/", "src/report/")):
            for match in LIMIT.finditer(re.sub(r"/\*.*?\*/", "", source.read_text(), flags=re.DOTALL)):
                found.setdefault((name, match[1]), match[2].strip())
    return found


@case
def page_of_limits_names_every_limit():
    """A new limit has to say on the page what it leaves out; one that is told names code and test that exist."""
    page = (ROOT / "docs/limits.md").read_text()
    listed = {(row[0], row[1]): row[2] for row in re.findall(r"^\| `(src/[^`]+)` `(\w+)` \| `([^`]+)` \|", page, re.MULTILINE)}
    found = limits_of_the_sources()
    missing = [limit for limit in found if LIMIT_NAME.search(limit[1]) and limit not in listed]
    wrong = [limit for limit, value in listed.items() if found.get(limit) != value]
    equal((missing, wrong), ([], []), "limits that docs/limits.md lacks, and those it has wrong")
    sources = "".join(path.read_text() for path in (ROOT / "src").rglob("*.[ch]"))
    tests = "".join(path.read_text() for path in [*(ROOT / "tests").rglob("*.c"), *(ROOT / "tests").rglob("*.py")])
    table = page.split("\n## ")[1].split("\n")
    row = re.compile(r"\| `src/[^`]+` `\w+` \| `[^`]+` \| [^|]+ \| `([^`]+)`[^|]* \| `(\w+)` \|")
    told = [match.groups() for match in map(row.fullmatch, table) if match]
    equal([line for line in table if line.startswith("| `src/") and not row.fullmatch(line)], [], "limits without a test from both sides")
    equal(len(told) > 30, True, len(told))
    made = {"facts", "<inspector>"}  # these codes are put together
    equal([code for code, _ in told if code.split(".")[0] not in made and f'"{code}"' not in sources
           and f"'{code}'" not in sources], [])
    table = (ROOT / "tests/engine/limits.py").read_text()
    equal([name for _, name in told if name and f"TEST({name})" not in tests and f"def {name}(" not in tests
           and f'    "{name.replace("_", " ")}": Limit(' not in table], [])


@case
def every_mutant_still_changes_its_source():
    """tools/mutate is slow and runs by hand; that its table fits the sources is quick to see."""
    loader = importlib.machinery.SourceFileLoader("mutate", str(ROOT / "tools/mutate"))
    sys.dont_write_bytecode = True
    mutate = importlib.util.module_from_spec(importlib.util.spec_from_loader("mutate", loader))
    loader.exec_module(mutate)
    mutants = mutate.read_table(ROOT)
    equal(len(mutants) > 100, True, len(mutants))
    equal([f"{one.file}: {one.claim}" for one in mutants if (ROOT / one.file).read_text().count(one.text) != 1
           or one.text == one.replacement], [], "mutants whose text is not once in its file")
    equal([one.test for one in mutants if not (ROOT / "tests" / (one.test + ("" if one.is_python else ".c"))).is_file()], [])
    equal([one.claim for one in mutants if not one.claim], [])


@case
def links_between_pages_lead_somewhere():
    broken = []
    for page in [*ROOT.glob("*.md"), *ROOT.glob("docs/*.md")]:
        for target in re.findall(r"\]\(([^)#]+)", page.read_text()):
            if "://" not in target and not target.startswith("mailto:") and not (page.parent / target).exists():
                broken.append(f"{page.name}: {target}")
    equal(broken, [])


@case
def pages_name_files_that_exist():
    """Paths in `code marks` of the pages for contributors are paths of the repository."""
    broken = []
    for page in ROOT.glob("*.md"):
        for path in re.findall(r"`(?!\S*NAME)((?:src|tests|tools|data|docs|examples|fuzz|bench|include)/[\w./-]+)`",
                               page.read_text()):
            if not (ROOT / path).exists():
                broken.append(f"{page.name}: {path}")
    equal(broken, [])


@case
def pages_name_functions_that_exist():
    source = "\n".join(path.read_text() for path in (*ROOT.glob("src/**/*.[ch]"), *ROOT.glob("include/**/*.h"),
                                                     *ROOT.glob("tests/**/*.[ch]"), *ROOT.glob("tests/*.py")))
    broken = [f"{page.name}: {name}()" for page in ROOT.glob("*.md")
              for name in re.findall(r"`(\w+)\(\)`", page.read_text()) if not re.search(rf"\b{name}\b", source)]
    equal(broken, [])


@case
def page_of_rules_names_the_tables_that_rules_read():
    page = (ROOT / "docs/rules.md").read_text()
    told = dict(re.findall(r"^\| `(\w+)\((.*?)\)`", page, re.MULTILINE))
    made = set(re.findall(r"CREATE TEMP (?:TABLE|VIEW) (\w+)", (ROOT / "data/rules/tables.sql").read_text()))
    equal(set(told), made)
    rules = "".join(f"- id: house-{table.replace('_', '-')}\n  title: T\n  severity: low\n"
                    f"  sql: SELECT NULL AS path, NULL AS line, '' AS detail FROM (SELECT {columns.replace('…', '*')} FROM {table})\n"
                    for table, columns in told.items())
    run = assay("query", write("image.bin", b"x" * 100), "SELECT message FROM note WHERE code = 'judge.rule'",
                "--rules", write("tables.yaml", rules), "--format", "tsv")
    equal(run.out, "message\n", run.err)


@case
def page_of_declarations_names_every_key():
    page = (ROOT / "docs/declarations.md").read_text()
    told = dict(re.findall(r"^\| `([\w.]+)` \| (\d.*?) \|", page, re.MULTILINE))
    asked = {}
    for one in yaml.safe_load((ROOT / "data/catalogs/xiaomi-2.0.yaml").read_text())["requirements"]:
        if "declaration" in one:
            asked.setdefault(one["declaration"], []).append(f"{one['id']} {one['title']}")
    equal(told, {key: "; ".join(titles) for key, titles in asked.items()})
    for rung in yaml.safe_load((ROOT / "data/grade/ladder.yaml").read_text())["grades"]:
        for criterion in rung.get("criteria", []):
            if "declaration" in criterion:
                holds(page, f"`{criterion['declaration']}`")


@case
def an_earlier_run_of_the_tests_does_not_count():
    log = write("no-build/meson-logs/testlog.json", json.dumps({"name": "old", "result": "OK", "stdout": "ok 1 - old\n"}) + "\n")
    run = command(sys.executable, ROOT / "tools/test", log.parent.parent)
    equal((run.status, run.out.splitlines()[-1]), (1, "0 passed, 1 failed, 0 skipped"), run.err)


@case
def version_is_told():
    version = re.search(r"version: '([^']+)'", (ROOT / "meson.build").read_text())[1]
    equal(assay("--version").out, f"assay {version}\n")
    holds(assay("--help").out, "Usage: assay IMAGE")


main()
