#!/usr/bin/env python3
"""--kernel-config: the configuration that the maker gives says which code is in the kernel."""
import json
import pathlib
import subprocess
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))
from tap import SCRATCH, assay, case, equal, holds, main, write  # noqa: E402

VERSION = "4.14.63"

MODULE = r"""
#define SAID __attribute__((section(".modinfo"), used)) static const char
SAID vermagic[] = "vermagic=%s SMP mod_unload ";
SAID name[] = "name=foo";
SAID license[] = "license=GPL";
__attribute__((section(".gnu.linkonce.this_module"), used)) static char this_module[256] = "";
int init_module(void) { return 0; }
"""
write("image/etc/passwd", "root:x:0:0:root:/:/bin/sh\n")
IMAGE = SCRATCH / "image"


def module(release):
    path = write(f"image/lib/modules/{release}/foo.ko", "")
    subprocess.run(["gcc", "-c", "-x", "c", "-o", path, "-"], input=MODULE % release, text=True, check=True)
    return pathlib.Path(path)


module(VERSION)
HEAD = "# Automatically generated file; DO NOT EDIT.\n# Linux/mips {} Kernel Configuration\n"
FILLING = "".join(f"CONFIG_{name}=y\n" for name in ("SYSVIPC", *(f"X{number}" for number in range(500)), "CRYPTO", "CRC32", "DEBUG_KERNEL"))


def configuration(text, version=VERSION, name="config"):
    return write(name, HEAD.format(version) + text + FILLING)


def statuses(*words):
    """Of the faults in fs/btrfs/: {status: number}."""
    run = assay("query", IMAGE, "SELECT v.status, count(*) AS n FROM vulnerability v JOIN component c ON c.id = v.component"
                " WHERE c.name = 'linux' AND v.reason LIKE '% lies in [%'"
                " AND v.reason LIKE '%fs/btrfs/%' GROUP BY 1", "--format", "json", *words)
    equal(run.status, 0, run.err)
    return {row["status"]: row["n"] for row in json.loads(run.out)}


@case
def code_that_it_leaves_out_is_not_affected():
    before = statuses()
    equal(list(before), ["under review"])
    equal(statuses("--kernel-config", configuration("# CONFIG_BTRFS_FS is not set\n")), {"not affected": before["under review"]})


@case
def an_option_that_it_does_not_name_is_off():
    equal(list(statuses("--kernel-config", configuration("CONFIG_NET=y\n"))), ["not affected"])


def of_files(files):
    """Statuses where such configurations are files of the image."""
    for name, text in files.items():
        write(f"image/{name}", text)
    got = statuses()
    for name in files:
        (IMAGE / name).unlink()
    return list(got) if len(got) == 1 else got


@case
def a_configuration_is_that_of_its_own_kernel():
    def text(version, what="# CONFIG_BTRFS_FS is not set\n"):
        return HEAD.format(version) + what + FILLING

    for name, version in (("boot/config-4.14.63", VERSION), ("boot/config", VERSION), ("boot/config-4.14.0-3-mips", "4.14.63"),
                          ("boot/config-4.14.0-3-mips", "")):
        equal(of_files({name: text(version)}), ["not affected"], (name, version))
    for name, version in (("boot/config", "4.4.1"), ("boot/config", "4.14.77"), ("boot/config-4.14.63", "4.4.1"), ("boot/config-4.14.63", "4.14.77"),
                          ("boot/config-4.14.77", "4.14.77"), ("boot/config-4.14.77", ""), ("usr/share/doc/linux/config-4.14.63", VERSION)):
        equal(of_files({name: text(version)}), ["under review"], (name, version))
    # What it sets somewhere is not off.
    on = "CONFIG_BTRFS_FS=y\n"
    plain = of_files({"boot/config-4.14.63": text(VERSION, on)})
    for both in ("# CONFIG_BTRFS_FS is not set\n" + on, on + "# CONFIG_BTRFS_FS is not set\n"):
        equal(of_files({"boot/config-4.14.63": text(VERSION, both)}), plain, both)


def kernel(release):
    """A kernel, or as much of one as it takes."""
    text = f"Linux version {release} (a@b) (gcc version 7.3.0) #0 SMP Mon Jan 1 00:00:00 UTC 2018\n\0Kernel panic - not syncing: %s\0"
    return pathlib.Path(write(f"image/boot/vmlinux-{release}", text.encode() + bytes(range(256)) * 40))


@case
def a_configuration_is_not_that_of_another_kernel_of_its_version():
    """Of a distribution's usual kernel and its cloud's, which have one version, each has a configuration of its own."""
    first, other = f"boot/config-{VERSION}", f"boot/config-{VERSION}-cloud"
    off = HEAD.format(VERSION) + "# CONFIG_BTRFS_FS is not set\n" + FILLING
    for make, releases in ((module, [f"{VERSION}-cloud"]), (kernel, [VERSION, f"{VERSION}-cloud"])):
        beside = [make(release) for release in releases]
        for alone in (first, other, "boot/config"):
            equal(of_files({alone: off}), ["under review"], (alone, beside))
        differ = of_files({first: off, other: off.replace("# CONFIG_BTRFS_FS is not set", "CONFIG_BTRFS_FS=m")})
        equal("affected" in differ or "under review" not in differ, False, (differ, beside))  # others are off in both
        equal(of_files({first: off, other: off}), ["not affected"], beside)
        for path in beside:
            path.unlink()
        equal(of_files({first: off}), ["not affected"])


@case
def premises_name_the_option():
    run = assay("query", IMAGE, "SELECT DISTINCT kind, value FROM premise WHERE value LIKE '%fs/btrfs/ctree.c%'", "--format", "json",
                "--kernel-config", configuration("# CONFIG_BTRFS_FS is not set\n"))
    found = json.loads(run.out)
    equal([row["kind"] for row in found], ["kernel option"], run.out)
    holds(found[0]["value"], "CONFIG_BTRFS_FS is not set")


@case
def what_is_no_configuration_is_refused_with_its_line():
    run = assay(IMAGE, "--kernel-config", write("bad", HEAD.format(VERSION) + "CONFIG_A=y\nCONFIG_B\n"))
    equal((run.status, run.out), (2, ""))
    holds(run.err, "bad line 4: is no line of a kernel's configuration")
    run = assay(IMAGE, "--kernel-config", write("empty-config", "# nothing\n"))
    equal(run.status, 2)
    holds(run.err, "sets no option")


@case
def one_of_another_kernel_is_refused():
    run = assay(IMAGE, "--kernel-config", configuration("CONFIG_NET=y\n", version="5.4.1", name="other"))
    equal((run.status, run.out), (2, ""))
    holds(run.err, "Linux 5.4.1, and no kernel of the image has that version")


@case
def without_a_kernel_it_is_told_to_be_unused():
    bare = SCRATCH / "bare"
    write("bare/etc/passwd", "root:x:0:0:root:/:/bin/sh\n")
    run = assay("query", bare, "SELECT count(*) AS n FROM note WHERE code = 'kernel.config-unused'", "--format", "json",
                "--kernel-config", configuration("CONFIG_NET=y\n", name="unused"))
    equal(json.loads(run.out), [{"n": 1}], run.err)


main()
