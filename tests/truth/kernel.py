#!/usr/bin/env python3
"""How right the judgements about kernels are, and how many of them decide: kernel.tsv, and floors for images.

kernel.py ASSAY [NAME...]. Rows of kernel.tsv were drawn at random and decided by hand, from the record, the sources, and what the image shows
(of kernels of distributions: from the configuration, which the image hides): image, version of the kernel, fault, what is right ("affected",
"not-affected", "fixed", several where both can be said, "?" where reading does not decide), and why. Images are folders of the shared corpus, or
of $ASSAY_KERNELS, which tools/fetch-kernels fills; what is not there is skipped.
"""
import csv
import importlib.machinery
import importlib.util
import os
import pathlib
import sys

FOLDER = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(FOLDER.parent))
import tap  # noqa: E402

TABLE = FOLDER / "kernel.tsv"
FLOOR_RIGHT = 98  # percent of what is decided, of all images that are here
# Percent of the rows of an image that are decided. It shows: symbols (s), modules (m), the kernel's texts alone (t).
FLOORS = {
    "wr841nv14": 90, "android-crespo": 88, "dlink-openwrt": 92, "ubnt-openwrt": 92, "dafang": 91, "iot-vulhub": 85,  # s
    "librarybox": 82, "hc5661": 90,  # m, t
    "kernel": 30,                    # s, without modules
    "ubuntu-3.4.0-goldfish-i386": 88, "ubuntu-4.4.0-generic-i386": 90, "debian-5.10.0-30-armmp": 93, "debian-6.12.107-rpi-armel": 90,  # s, m
}


def load(path):
    loader = importlib.machinery.SourceFileLoader(path.name.replace("-", "_"), str(path))
    module = importlib.util.module_from_spec(importlib.util.spec_from_loader(loader.name, loader))
    loader.exec_module(module)
    return module


kernel_share = load(tap.ROOT / "tools/kernel-share")


def rows():
    with open(TABLE, encoding="utf-8", newline="") as table:
        return list(csv.DictReader(table, delimiter="\t"))


def place(image):
    """Where an image lies; None where it does not."""
    kernels = os.environ.get("ASSAY_KERNELS")
    corpus = pathlib.Path(os.environ.get("ASSAY_CORPUS") or tap.ROOT / ".." / "shared" / "corpus").resolve()
    found = [folder / image for folder in ([pathlib.Path(kernels)] if kernels else []) + [corpus] if (folder / image).exists()]
    return found[0] if found else None


def examine(image, judged):
    """(right, wrong, decided percent) of an image; prints what it says wrongly."""
    saved = str(tap.SCRATCH / "image.assay")
    tap.equal(kernel_share.scan(str(tap.PROGRAM), str(place(image)), saved), "", image)
    said = {(row["id"], row["version"]): row["status"] for row in kernel_share.query(str(tap.PROGRAM), saved, kernel_share.ROWS)}
    right, wrong = 0, []
    for row in judged:
        status = said.get((row["id"], row["version"]), "under review").replace(" ", "-")
        if row["right"] == "?" or status == "under-review":
            continue
        right += status in row["right"].split()
        wrong += [] if status in row["right"].split() else [f"{row['id']} of {image} is {status}: {row['why']}"]
    shares = {version: kernel_share.share(found) for version, found in kernel_share.counts(str(tap.PROGRAM), saved).items()}
    for version, share in shares.items():
        print(f"# {image}, Linux {version} ({kernel_share.shown(str(tap.PROGRAM), saved)}): {share:.1f} % decided")
    print(f"# {image}: of {len(judged)} rows {right} right, {len(wrong)} wrong" + "".join(f"; {one}" for one in wrong))
    return right, len(wrong), min(shares.values(), default=0)


@tap.case
def what_is_decided_is_right_and_enough_is():
    table, right, wrong, low = rows(), 0, 0, []
    here = [image for image in FLOORS if place(image)]
    if not here:
        raise tap.Skip("neither the corpus nor $ASSAY_KERNELS is here")
    print("# not here: " + (" ".join(image for image in FLOORS if image not in here) or "none"))
    for image in here:
        found = examine(image, [row for row in table if row["image"] == image])
        right, wrong = right + found[0], wrong + found[1]
        low += [f"{image}: {found[2]:.1f} % is below {FLOORS[image]} %"] if found[2] < FLOORS[image] else []
    print(f"# together: {right} right, {wrong} wrong, {100 * right / max(1, right + wrong):.1f} %")
    tap.equal(low, [])
    if 100 * right < FLOOR_RIGHT * (right + wrong):
        raise AssertionError(f"{wrong} of {right + wrong} are wrong")


@tap.case
def the_table_is_well_formed():
    table = rows()
    tap.equal({row["image"] for row in table} <= set(FLOORS), True)
    tap.equal(len({(row["image"], row["version"], row["id"]) for row in table}), len(table))
    tap.equal(len(table) >= 200, True)
    bad = [row for row in table if not row["why"] or not set(row["right"].split()) <= {"affected", "not-affected", "fixed", "?"}]
    tap.equal(bad, [])


tap.main()
