#!/usr/bin/env python3
"""tools/make-kernel-map: small trees of Kbuild and Kconfig files give the conditions that the kernel's own build has."""
import pathlib
import subprocess
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))
from tap import ROOT, SCRATCH, case, equal, main, write  # noqa: E402

TREE = {
    "Makefile": "core-y := kernel/\ndrivers-y := drivers/ net/\n",
    "Kconfig": 'source "drivers/Kconfig"\n',
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
def versions_that_differ_have_rows_of_their_own():
    changed = {"kernel/Makefile": "obj-y := a.o b.o\nobj-$(CONFIG_OTHER) += c.o\n", "kernel/new.c": "", "net/Makefile": "obj-$(CONFIG_NET) += one.o\n"}
    files, _ = tables(f"5.1={plant('one')}", f"6.2={plant('two', changed)}")
    equal(sorted(files["kernel/c"]), [("C", "5.1-5.1"), ("OTHER", "6.2-6.2")])
    equal(files["kernel/a"], [("-",)])
    equal(files["kernel/new"], [("=?",)])
    equal(files["net/one"], [("NET",)])


main()
