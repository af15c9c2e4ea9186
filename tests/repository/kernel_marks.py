#!/usr/bin/env python3
"""tools/make-kernel-marks: names that small sources export and register are those of their option, and only what surely is there counts."""
import pathlib
import subprocess
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))
from tap import ROOT, SCRATCH, case, equal, main, write  # noqa: E402

SOURCES = {
    "net/hfsc.c":
        'static struct ops hfsc_ops = {\n\t.id = "hfsc",\n\t.size = 3,\n};\n'
        "#ifdef CONFIG_MORE\nstatic struct ops more_ops = {\n\t.id = \"more\",\n};\n#endif\n"
        'static struct ops lonely = {\n\t.id = "lonely",\n};\n'
        'static int init(void)\n{\n\treturn add(&hfsc_ops) + add(&more_ops);\n}\nmodule_init(init);\n'
        "EXPORT_SYMBOL(hfsc_helper);\n#ifdef CONFIG_MORE\nEXPORT_SYMBOL_GPL(hfsc_more);\n#endif\n",
    "net/tunnel.c":
        '#define NAME "tun6"\nstatic struct rtnl_link_ops link __read_mostly = {\n\t.kind = NAME,\n};\n'
        "static int init(void)\n{\n\treturn register_link(&link);\n}\nmodule_init(init);\n",
    "net/silent.c": 'static struct ops ops = {\n\t.id = "silent",\n};\nint f(void)\n{\n\treturn add(&ops);\n}\n',  # started by others, if at all
    "kernel/core.c": "EXPORT_SYMBOL(core_of_every_kernel);\nEXPORT_SYMBOL(core_that_is_used);\n",
    "kernel/user.c": "int g(void)\n{\n\treturn core_that_is_used();\n}\n",
}
FILES = "net/\n\tHFSC\thfsc\n\tTUNNEL\ttunnel\n\tSILENT\tsilent\nkernel/\n\t-\tcore user\n"
OPTIONS = "HFSC\tm\nSILENT\tm\nTUNNEL\tm\n"


def marks(*known):
    for version in ("4.4", "5.10"):
        for path, text in SOURCES.items():
            write(SCRATCH / version / path, text)
    write(SCRATCH / "data/files.tsv", FILES)
    write(SCRATCH / "data/options.tsv", OPTIONS)
    write(SCRATCH / "names", "".join(f"{path}\n" for path in SOURCES))
    made = subprocess.run([sys.executable, ROOT / "tools/make-kernel-marks", *known, SCRATCH / "names", SCRATCH / "data",
                           f"4.4={SCRATCH}/4.4", f"5.10={SCRATCH}/5.10"], capture_output=True, text=True, check=True)
    return made.stdout.splitlines()


@case
def names_that_are_surely_there_stand_for_their_option():
    equal(marks()[1:], ["# Trees: 4.4 5.10", "# Anchors: core_of_every_kernel", "HFSC\t4.4\t5.10\thfsc_helper\t4.4\t5.10\thfsc",
                        "TUNNEL\t\t\t\t4.4+\t5.10\ttun6"])


@case
def what_a_kernel_with_the_option_lacks_is_left_out():
    write(SCRATCH / "config", "# Linux/mips 4.9.1 Kernel Configuration\nCONFIG_HFSC=y\nCONFIG_TUNNEL=y\n")
    (SCRATCH / "kernel").write_bytes(b"x\0core_of_every_kernel\0ip_tun6\0hfsc_helper2\0a hfsc\0")
    equal(marks("--known", f"{SCRATCH}/config={SCRATCH}/kernel")[3:], ["HFSC\t\t\t\t4.4\t5.10\thfsc", "TUNNEL\t\t\t\t4.4+\t5.10\ttun6"])


@case
def the_table_is_sorted_and_well_formed():
    lines = (ROOT / "data/kernel/marks.tsv").read_text(encoding="utf-8").splitlines()
    rows = [line.split("\t") for line in lines if not line.startswith("#")]
    equal([row[0] for row in rows], sorted({row[0] for row in rows}))
    equal([row for row in rows if not (len(row) == 4 and row[3]) and not (len(row) > 6 and all(row[6:]))], [])
    equal(len(next(line for line in lines if line.startswith("# Anchors: ")).split()) > 20, True)


main()
