#!/usr/bin/env python3
"""Situations that users of such tools have reported, each with what is true of it. The inputs lie in ../shared/cases (or where
ASSAY_CASES says), made with the formats' own tools; they are not part of the repository, and each case skips where they are absent."""
import gzip
import json
import os
import pathlib
import subprocess
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "engine"))
from tap import PROGRAM, ROOT, SCRATCH, Skip, assay, case, equal, holds, lacks, main, write  # noqa: E402
from wrappers import WRAPPERS  # noqa: E402

# Address space and seconds that no image of these sizes may need, on a machine that does other work too.
MEMORY_MOST, SECONDS_MOST = 3 << 30, 120


def given(name):
    root = pathlib.Path(os.environ.get("ASSAY_CASES") or ROOT / ".." / "shared" / "cases").resolve()
    if not (root / name).exists():
        raise Skip(f"{name} is not here")
    return root / name


def rows(image, sql):
    run = assay("query", image, sql, "--format", "json")
    equal(run.status, 0, run.err)
    return [tuple(row.values()) for row in json.loads(run.out)]


def value(image, sql):
    return rows(image, sql)[0][0]


def verdicts(image):
    return {verdict: count for verdict, count in rows(image, "SELECT verdict, count(*) FROM verdict GROUP BY 1")}


def versions(image):
    return {(name, version) for name, version in rows(image, "SELECT name, version FROM component")}


def notes(image):
    return "\n".join(f"{code}: {message}" for code, message in rows(image, "SELECT code, message FROM note"))


@case
def nothing_is_shown_beside_what_is_not_read():
    clean, both = given("shown-but-unread/clean-alone.bin"), given("shown-but-unread/clean-then-unread.bin")
    equal(verdicts(clean).get("shown", 0) > 0, True, "the control shows something")
    equal(value(clean, "SELECT opaque FROM image"), 0)
    equal(verdicts(both).get("shown", 0), 0, "shown")
    known, opaque = clean.stat().st_size, both.stat().st_size - clean.stat().st_size
    equal(rows(both, "SELECT understood, opaque FROM image"), [(known, opaque)])
    equal(value(both, "SELECT count(*) > 0 FROM incomplete"), 1)
    holds(notes(both), "EROFS")


@case
def encrypted_bytes_are_opaque_however_they_are_wrapped():
    path = given("understood-but-not-read/encrypted.bin.gz")
    equal(rows(path, "SELECT understood, opaque FROM image"), [(0, path.stat().st_size)])
    equal(value(path, "SELECT sum(amount) FROM incomplete"), 60000)
    content = gzip.decompress(path.read_bytes())
    equal(len(content), 60000)
    for name in ("bare", "gzip", "xz", "zip", "tar", "uimage"):
        image = content if name == "bare" else WRAPPERS[name](content)
        opaque = value(write(f"blob.{name}", image), "SELECT opaque FROM image")
        equal(59000 < opaque <= len(image), True, f"{name}: {opaque} of {len(image)} bytes are opaque")
    (SCRATCH / "folder").mkdir()
    (SCRATCH / "folder/blob.bin").write_bytes(content)
    if subprocess.run(["sh", "-c", "command -v mksquashfs"], stdout=subprocess.DEVNULL, check=False).returncode == 0:
        image = SCRATCH / "blob.sqfs"
        subprocess.run(["mksquashfs", SCRATCH / "folder", image, "-quiet", "-no-progress"], stdout=subprocess.DEVNULL, check=True)
        equal(value(image, "SELECT opaque FROM image") > 59000, True, "in a file system")
    equal(value(SCRATCH / "folder", "SELECT opaque FROM image"), 60000, "in a folder")


@case
def what_is_cut_short_or_of_an_unknown_kind_is_opaque():
    cut = given("understood-but-not-read/squashfs-truncated.bin")
    equal(rows(cut, "SELECT understood, opaque FROM image"), [(0, cut.stat().st_size)])
    holds(notes(cut), "SquashFS file system at byte 0")
    unknown = given("understood-but-not-read/erofs.img.gz")
    size, opaque, padding = rows(unknown, "SELECT size, opaque, padding FROM image")[0]
    missing = value(unknown, "SELECT count(*) FROM incomplete")
    equal(opaque == size - padding if missing else opaque == 0, True, f"{opaque} of {size} bytes, {missing} parts missing")
    equal(bool(missing) or value(unknown, "SELECT count(*) FROM file WHERE type = 'file'") > 0, True)
    if missing:
        holds(notes(unknown), "at byte 0")


@case
def name_of_the_build_host_is_no_kernel():
    image = given("f2fs-build-host-kernel/userdata.f2fs.xz")
    equal(value(image, "SELECT count(*) FROM kernel"), 0)
    equal(value(image, "SELECT count(*) FROM component"), 0)
    equal(value(image, "SELECT count(*) FROM volume WHERE format = 'f2fs'"), 1)
    lacks(assay(image, COLUMNS="200").out.split("\n")[0], "Linux")


@case
def programs_without_exports_keep_their_imports():
    image = given("elf-no-exports-imports-lost/rootfs.sqfs")
    found = {path.rsplit("/")[-1]: (canary, fortify)
             for path, canary, fortify in rows(image, "SELECT f.path, e.canary, e.fortify FROM elf e JOIN file f ON f.id = e.file")}
    for name in ("a64_hard", "a64_hard_sysv_hash", "arm_hard", "x64_nopie_hard"):
        equal(found[name], (1, 1), name)
    equal(found["a64_soft"], (0, 0))
    for symbol in ("system", "rand"):
        equal(value(image, f"SELECT count(DISTINCT file) FROM elf_import WHERE name = '{symbol}'"), len(found), symbol)


@case
def package_database_in_its_journal_mode_is_read():
    image = given("rpmdb-sqlite-wal/rpm-sqlite.tar")
    equal(rows(image, "SELECT name, package_version FROM component WHERE name = 'openssl'"), [("openssl", "3.0.7-24.el9")])


@case
def configuration_in_a_kernel_and_beside_it_say_the_same():
    both = [given(f"kernel-config-beside-image/full-{name}.tar") for name in ("ikconfig", "boot-config")]
    asked = "SELECT catalog, requirement, verdict FROM verdict ORDER BY 1, 2"
    equal(rows(both[0], asked), rows(both[1], asked))
    options = "SELECT name, value FROM kernel_option ORDER BY 1, 2"
    equal(rows(both[0], options), rows(both[1], options))
    for image in both:
        equal(rows(image, "SELECT value FROM kernel_option WHERE name = 'CONFIG_BT'"), [("n",)])
        equal(rows(image, "SELECT status FROM vulnerability WHERE id = 'CVE-2024-36968'"), [("not affected",)], image)


@case
def layers_are_merged_as_they_run():
    image = given("docker-layers/docker-save.tar")
    equal(value(image, "SELECT count(*) FROM component WHERE name = 'openssl'"), 0)
    equal(value(image, "SELECT count(*) FROM file WHERE path LIKE '%telnetd%'"), 0)
    equal(value(image, "SELECT count(*) FROM service WHERE name LIKE '%telnetd%'"), 0)
    equal(value(image, "SELECT count(*) FROM component"), 1)


@case
def what_is_absent_does_not_run():
    for name in ("rootfs", "rootfs-no-usr-sbin"):
        image = given(f"service-program-absent/{name}.sqfs")
        absent = {program: (present, enabled) for program, present, enabled in
                  rows(image, "SELECT name, program_present, enabled FROM service WHERE name <> 'rcS'")}
        equal(absent, {program: (0, 0) for program in ("telnetd", "vsftpd", "snmpd")})
        told = rows(image, "SELECT detail FROM verdict_evidence UNION SELECT reason FROM verdict WHERE verdict = 'failed'"
                           " UNION SELECT detail FROM finding")
        for program in ("telnet", "ftp", "snmp"):
            lacks(" ".join(words for words, in told if words).lower(), program)
        # Nothing in it can be started, for the loader that its programs need is absent too: neither a shell nor a login fails.
        equal(rows(image, "SELECT requirement FROM verdict WHERE verdict = 'failed'"), [])


@case
def day_of_a_snapshot_is_no_version():
    image, control = given("date-version-hostapd/hostapd-2022.tar"), given("date-version-hostapd/hostapd-2.10.tar")
    lacks(" ".join(cpe for cpe, in rows(image, "SELECT coalesce(cpe, '') FROM component")), "2022")
    status = "SELECT DISTINCT v.status FROM vulnerability v JOIN component c ON c.id = v.component WHERE c.name IN" \
             " ('hostapd', 'wpa_supplicant')"
    equal(rows(image, status), [("under review",)])
    equal(rows(control, "SELECT cpe LIKE '%:hostapd:2.10:%' FROM component WHERE name = 'hostapd'"), [(1,)])


@case
def what_only_mentions_software_does_not_hold_it():
    image = given("banners-in-data-files/rootfs.tar")
    equal(versions(image), {("busybox", "1.33.1")})
    equal(rows(image, "SELECT * FROM boot_loader"), [])
    equal(rows(image, "SELECT * FROM kernel"), [])


@case
def what_is_linked_in_is_found():
    image = given("openssl3-static/rootfs.sqfs")
    found = rows(image, "SELECT name, version, path FROM component WHERE name IN ('openssl', 'zlib') ORDER BY name")
    equal(found, [("openssl", "3.0.19", "/usr/bin/agent"), ("zlib", "1.2.13", "/usr/bin/agent")])


def bounded(image, *options):
    """Assays it within the bounds, and gives the seconds that it took."""
    began = time.monotonic()
    run = subprocess.run(["sh", "-c", f"ulimit -v {MEMORY_MOST >> 10}; exec \"$@\"", "-", str(PROGRAM), str(image), "--quiet",
                          "--jobs", "2", *options], capture_output=True, timeout=SECONDS_MOST, check=False)
    equal(run.returncode, 0, run.stderr.decode())
    return time.monotonic() - began


@case
def parts_that_are_their_container_end_at_once():
    image = given("hostile/fit-parts-are-itself.itb")
    bounded(image)
    equal(value(image, "SELECT count(*) < 100 FROM volume"), 1)
    holds(notes(image), "fit.")
    equal(rows(image, "SELECT understood FROM image"), [(0,)])


@case
def containers_in_containers_stay_within_the_budget():
    image = given("hostile/nested-gzip-leak.bin")
    bounded(image)
    holds(notes(image), "budget.")
    equal(value(image, "SELECT count(*) > 0 FROM incomplete"), 1)


@case
def impossible_names_end_and_the_time_holds():
    image = given("hostile/squashfs-impossible-names.bin")
    bounded(image)
    equal(bounded(image, "--timeout", "1") < 10, True, "--timeout 1")
    holds(notes(image), "impossible name")
    equal(value(image, "SELECT count(*) > 0 FROM incomplete"), 1)


@case
def odd_streams_are_read_to_their_end():
    for name in ("codecs", "jffs2"):
        bounded(given(f"hostile/{name}-null-arithmetic.bin"))


main()
