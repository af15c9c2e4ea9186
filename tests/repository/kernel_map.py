#!/usr/bin/env python3
"""tools/make-kernel-map: small trees of Kbuild and Kconfig files give the conditions that the kernel's own build has."""
import importlib.machinery
import importlib.util
import pathlib
import re
import subprocess
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))
from tap import ROOT, SCRATCH, case, equal, main, write  # noqa: E402

TREE = {
    "Makefile": "core-y := kernel/\ndrivers-y := drivers/ net/\n",
    "Kconfig": 'source "drivers/Kconfig"\n',
    "init/main.c": "",
    "kernel/Makefile": "obj-y := a.o \\\n  b.o\nobj-$(CONFIG_C) += c.o\nlib-y += in_lib.o\n",
    "drivers/Makefile": "obj-$(CONFIG_PCI) += pci/\nobj-$(CONFIG_X) += x/\nobj-$(CONFIG_Y) += x/\n",
    "drivers/Kconfig":
        "config PCI\n\tbool \"PCI\"\nconfig X\n\ttristate \"X\"\n\tdepends on PCI && (MIPS || ARM)\n\thelp\n\t  config NOT_ONE\n"
                       "config Y\n\tbool \"Y\"\nconfig HIDDEN\n\tbool\nif PCI\nconfig Z\n\tbool \"Z\"\n\tselect HIDDEN\nendif\n"
                       "config V\n\ttristate \"V\"\n",
    "arch/mips/Kconfig": "config MIPS\n\tbool\n\tdefault y\n",
    "arch/arm/Kconfig": "config ARM\n\tbool\n\tdefault y\n",
    "arch/x86/Kconfig": "config X86\n\tdef_bool y\n",
    "arch/mips/Makefile": "core-y += arch/mips/kernel/\n",
    "arch/mips/kernel/Makefile": "obj-y += setup.o\n",
    "arch/arm/Makefile": "core-$(CONFIG_Q) += arch/arm/mach/\n",
    "arch/arm/mach/Makefile": "obj-y += board.o\n",
    "drivers/pci/Makefile": "obj-y += core.o\nifdef CONFIG_Z\nobj-y += z.o\nelse\nobj-y += noz.o\nendif\nifeq ($(CONFIG_V),y)\n"
                            "obj-y += only_built_in.o\nendif\nifneq ($(filter y,$(CONFIG_Q)),)\nobj-y += doubt.o\nendif\n",
    "drivers/x/Makefile": "obj-$(CONFIG_X) += xdrv.o\nobj-$(CONFIG_Y) += ydrv.o\nxdrv-y := main.o sub/part.o\nxdrv-$(CONFIG_DEBUG) += debug.o\n"
                          "ydrv-objs := $(common) only_y.o\ncommon := main.o\n",
    "net/Makefile": "KVM := ../kernel/virt\nobj-$(CONFIG_NET) += n.o\nn-y := $(KVM)/far.o one.o\nobj-$(CONFIG_W) += $(UNKNOWN)/lost.o\n"
                    "obj-$(CONFIG_W) += lost.o\n",
    }
FILES = ["kernel/a.c", "kernel/b.c", "kernel/c.c", "kernel/in_lib.c", "kernel/never.c", "kernel/virt/far.c", "drivers/pci/core.c", "drivers/pci/z.c",
         "drivers/pci/noz.c", "drivers/pci/only_built_in.c", "drivers/pci/doubt.c", "drivers/x/main.c", "drivers/x/sub/part.c",
         "drivers/x/debug.c", "drivers/x/only_y.c", "net/one.c", "net/lost.c", "arch/mips/kernel/setup.c", "arch/arm/mach/board.c",
         "kernel/local.h", "kernel/everywhere.h", "drivers/x/priv.h"]
TEXTS = {"drivers/x/only_y.c": '#include "priv.h"\n#include "../../kernel/everywhere.h"\n', "kernel/c.c": '#include "local.h"\n#include "inner.c"\n',
         "kernel/a.c": '#include "everywhere.h"\n', "kernel/inner.c": ""}


def plant(folder, changed=()):
    for path, text in {**dict.fromkeys(FILES, ""), **TREE, **TEXTS, **dict(changed)}.items():
        write(f"{folder}/{path}", text)
    return SCRATCH / folder


def tables(*kernels):
    out = SCRATCH / "out"
    out.mkdir(exist_ok=True)
    subprocess.run([sys.executable, ROOT / "tools/make-kernel-map", "--out", out, *kernels], check=True, capture_output=True)
    files, folder = {}, ""
    for line in (out / "files.tsv").read_text().splitlines():
        if line.startswith("\t"):
            _, condition, names, *span = line.split("\t")
            for name in names.split():
                files.setdefault(folder + name, []).append((condition, *span))
        else:
            folder = line
    options = {line.split("\t")[0]: line.split("\t")[1:] for line in (out / "options.tsv").read_text().splitlines() if line[0] != "#"}
    return files, options


@case
def files_have_the_conditions_of_their_lists():
    files, _ = tables(f"5.1={plant('one')}")
    want = {"kernel/a": "-", "kernel/b": "-", "kernel/c": "C", "kernel/in_lib": "?", "kernel/never": "=?", "drivers/pci/.": "PCI",
            "drivers/pci/core": "-", "drivers/pci/z": "Z", "drivers/pci/noz": "!Z", "drivers/pci/only_built_in": "?&V",
            "drivers/pci/doubt": "?", "drivers/x/.": "X|Y", "drivers/x/main": "X|Y", "drivers/x/sub/part": "X", "drivers/x/debug": "DEBUG&X",
            "drivers/x/only_y": "Y", "net/one": "NET", "kernel/virt/far": "=NET", "arch/mips/.": "=MIPS", "arch/arm/mach/.": "Q"}
    equal({name: files.get(name) for name in want}, {name: [(value,)] for name, value in want.items()})


@case
def what_is_not_understood_is_a_doubt_wherever_it_may_be_meant():
    files, _ = tables(f"5.1={plant('one')}")
    equal("?" in files["net/lost"][0][0], True, files["net/lost"])


@case
def included_files_are_built_with_those_that_include_them():
    files, _ = tables(f"5.1={plant('one')}")
    equal(files["kernel/inner"], [("C",)])
    equal(files["drivers/x/*.h"], [("=?&Y",)])
    equal(files["kernel/everywhere.h"], [("=-",)])
    equal(files["kernel/local.h"], [("=?&C",)])


@case
def options_tell_what_they_need_and_on_which_machines_they_can_be():
    _, options = tables(f"5.1={plant('one')}")
    equal(options["X"], ["m", "-", "-", "ARM MIPS", "PCI", "xdrv"])
    equal(options["Z"], ["y", "-", "-", "-", "PCI"])
    equal("NOT_ONE" in options, False)


@case
def an_option_that_can_be_a_module_in_some_versions_is_of_a_kind_of_its_own():
    changed = {"drivers/Kconfig": TREE["drivers/Kconfig"].replace('config Y\n\tbool', 'config Y\n\ttristate')}
    folders = plant("one"), plant("two", changed)
    for versions in (("5.1", "6.2"), ("6.2", "5.1")):
        _, options = tables(*[f"{version}={folder}" for version, folder in zip(versions, folders)])
        equal([options[name][0] for name in "XYZ"], ["m", "s", "y"])


@case
def kconfig_files_of_each_machine_are_read_wherever_they_are_sourced():
    debug = {"Kconfig": TREE["Kconfig"] + 'source "lib/Kconfig.debug"\n', "lib/Kconfig.debug": 'if PCI\nsource "arch/$(SRCARCH)/Kconfig.debug"\nendif\n',
             "arch/arm/Kconfig.debug": 'source "drivers/trace/Kconfig"\nconfig UNWIND\n\tbool "U"\n',
             "drivers/trace/Kconfig": 'config TRACE\n\ttristate "T"\n', "drivers/trace/t.c": "", "drivers/trace/u.c": "",
             "drivers/trace/Makefile": "obj-$(CONFIG_TRACE) += t.o\nobj-$(CONFIG_UNWIND) += u.o\n",
             "drivers/Makefile": TREE["drivers/Makefile"] + "obj-y += trace/\n"}
    _, options = tables(f"5.1={plant('debug', debug)}")
    equal(options["TRACE"], ["m", "-", "-", "-", "PCI", "t"])
    equal(options["UNWIND"], ["y", "-", "-", "ARM", "PCI"])


@case
def the_folder_of_a_machine_is_its_own_whatever_the_builders_machine_is():
    root = {"Makefile": TREE["Makefile"] + "SRCARCH := x86\ncore-y += arch/$(SRCARCH)/\n", "arch/x86/Makefile": "core-y += arch/x86/kernel/\n",
            "arch/x86/kernel/Makefile": "obj-y += setup.o\n", "arch/x86/kernel/setup.c": "", "arch/sh/Makefile": "core-y += arch/sh/kernel/\n",
            "arch/sh/kernel/Makefile": "obj-y += setup.o\n", "arch/sh/kernel/setup.c": "", "arch/sh/Kconfig": "config SUPERH\n\tdef_bool y\n"}
    files, options = tables(f"5.1={plant('machines', root)}")
    equal([files[f"arch/{name}/."] for name in ("x86", "mips", "sh")], [[("=X86",)], [("=MIPS",)], [("=SUPERH",)]])
    equal(options["SUPERH"], ["y", "-", "-", "SUPERH"])


@case
def versions_that_differ_have_rows_of_their_own():
    changed = {"kernel/Makefile": "obj-y := a.o b.o\nobj-$(CONFIG_OTHER) += c.o\n", "kernel/new.c": "", "net/Makefile": "obj-$(CONFIG_NET) += one.o\n"}
    files, _ = tables(f"5.1={plant('one')}", f"6.2={plant('two', changed)}")
    equal(sorted(files["kernel/c"]), [("C", "5.1-5.1"), ("OTHER", "6.2-6.2")])
    equal(files["kernel/a"], [("-",)])
    equal(files["kernel/new"], [("=?", "6.2-6.2")])
    equal(files["net/one"], [("NET",)])


BOARDS = {
    "arch/arm/Makefile": "machine-$(CONFIG_SPEAR) += spear\nmachdirs := $(patsubst %,arch/arm/mach-%/,$(machine-y))\ncore-y += $(machdirs)\n"
                         "drivers-y += drivers/board/\ncore-y += arch/arm/\nifeq ($(CONFIG_64BIT),y)\nBITS := 64\nelse\nBITS := 32\nendif\n"
                         "export BITS\n",
    "arch/arm/Kbuild": "obj-y += lib/\n",
    "arch/arm/lib/Makefile": "obj-y += copy_$(BITS).o\n",
    "arch/arm/mach-spear/Makefile": "obj-y += spear.o\n",
    "drivers/board/Makefile": "obj-$(CONFIG_BOARD) += board.o\n",
    "drivers/gpu/Makefile": "HERE_IS = $(srctree)/$(src)/..\nPARTS = parts more\nPARTS_IN = $(addsuffix /Makefile, $(addprefix $(HERE_IS)/,$(PARTS)))\n"
                            "INTO := ../parts\nifdef CONFIG_WITH_PARTS\ninclude $(PARTS_IN)\nendif\ngpu-y := one.o $(PART_FILES)\n"
                            "obj-$(CONFIG_GPU) += gpu.o\nlater-objs-$(CONFIG_LATER) += later.o\nlater-objs := $(later-objs-y)\nobj-y += later.o\n",
    "drivers/parts/Makefile": "PART_FILES += $(addprefix $(INTO)/, two.o)\n",
    "drivers/more/Makefile": "PART_FILES += ../more/three.o\n",
    "drivers/Makefile": "obj-y += gpu/\n",
}
BOARD_FILES = dict.fromkeys(["arch/arm/lib/copy_64.c", "arch/arm/lib/copy_32.c", "arch/arm/mach-spear/spear.c", "drivers/board/board.c", "drivers/gpu/one.c",
                             "drivers/parts/two.c", "drivers/more/three.c", "drivers/gpu/later.c"], "")


@case
def variables_functions_and_included_files_of_make_are_followed():
    files, _ = tables(f"5.1={plant('boards', {**BOARDS, **BOARD_FILES})}")
    want = {"arch/arm/lib/copy_64": "64BIT", "arch/arm/lib/copy_32": "!64BIT", "arch/arm/mach-spear/.": "SPEAR", "drivers/board/.": "=ARM",
            "drivers/gpu/one": "GPU", "drivers/parts/two": "=GPU&WITH_PARTS", "drivers/more/three": "=GPU&WITH_PARTS", "drivers/gpu/later": "LATER"}
    equal({name: files.get(name) for name in want}, {name: [(value,)] for name, value in want.items()})


@case
def kbuild_files_alone_are_enough():
    folder = plant("alone")
    for path in folder.rglob("*.[ch]"):
        path.unlink()
    files, options = tables(f"5.1={folder}")
    equal(files["kernel/c"], [("C",)])
    equal(files["drivers/x/main"], [("X|Y",)])
    equal("drivers/x/*.h" in files or "kernel/never" in files, False)
    equal("X" in options, True)


@case
def of_kbuild_files_alone_nothing_is_said_about_files_that_others_include():
    including = {"drivers/pci/core.c": '#include "../../kernel/c.c"\n'}
    including["kernel/b.S"] = ""
    alone, whole, changed = plant("older"), plant("newer", including), plant("newest", {**including, "drivers/Makefile": TREE["drivers/Makefile"].replace("PCI", "P")})
    for path in alone.rglob("*.[cS]"):
        path.unlink()
    files, _ = tables(f"5.1={alone}", f"5.2={whole}")
    equal((files["kernel/c"], files["kernel/b.S"]), ([("=C|PCI",)], [("-",)]))  # they were there before, in whatever way
    files, _ = tables(f"5.1={changed}", f"5.2={alone}", f"5.3={whole}")
    equal(sorted(files["kernel/c"]), [("=C|P", "5.1-5.1"), ("=C|PCI", "5.3-5.3")])


@case
def a_file_that_was_moved_is_known_under_both_paths():
    text = "int something_that_is_long(void) { return another_thing_here(); }\n"
    moved = {"drivers/x/Makefile": "obj-$(CONFIG_X) += new/\n", "drivers/x/new/Makefile": "obj-$(CONFIG_NEW) += main.o\n", "drivers/x/new/main.c": text,
             "net/Makefile": "", "net/far/main.c": "int other_words_altogether(void) { }\n"}
    older, newer = plant("before", {"drivers/x/main.c": text}), plant("after", moved)
    (newer / "drivers/x/main.c").unlink()
    files, _ = tables(f"5.1={older}", f"6.1={newer}")
    equal(sorted(files["drivers/x/new/main"]), [("=X|Y", "5.1-5.1"), ("NEW", "6.1-6.1")])
    equal(sorted(files["drivers/x/main"]), [("=NEW&X", "6.1-6.1"), ("X|Y", "5.1-5.1")])
    equal(files["net/far/main"], [("=?", "6.1-6.1")])


@case
def a_check_finds_tables_that_the_sources_do_not_give():
    kernel = f"5.1={plant('one')}"
    tables(kernel)
    check = [sys.executable, ROOT / "tools/make-kernel-map", "--check", "--out", SCRATCH / "out", kernel]
    equal(subprocess.run(check, check=False, capture_output=True).returncode, 0)
    with open(SCRATCH / "out/files.tsv", "a", encoding="utf-8") as table:
        table.write("\t-\tby_hand\n")
    equal(subprocess.run(check, check=False, capture_output=True).returncode, 1)


@case
def texts_have_the_limits_that_the_program_has():
    """A table of texts that the program would not find would show that code is missing."""
    loader = importlib.machinery.SourceFileLoader("make_kernel_traces", str(ROOT / "tools/make-kernel-traces"))
    traces = importlib.util.module_from_spec(importlib.util.spec_from_loader(loader.name, loader))
    loader.exec_module(traces)
    from kernel_map import texts

    def limit(file, name):
        return int(re.search(rf"\b{name} = (\d+)", (ROOT / file).read_text(encoding="utf-8")).group(1))

    reader, judge = "src/inspect/kernel_texts.c", "src/vuln/kernel_traces.c"
    equal([texts.LEAST, texts.MOST, texts.COLONS], [limit(reader, name) for name in ("TEXT_LEAST", "TEXT_LONGEST", "COLONS")])
    equal([texts.TELLING, traces.KNOWN_BEFORE[1], traces.KNOWN_BEFORE[2], traces.SEEN_ENOUGH],
          [limit(judge, name) for name in ("TEXT_TELLING", "KNOWN_BEFORE", "TEXTS_BEFORE", "SEEN_NEEDED_BEFORE")])


main()
