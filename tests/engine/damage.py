#!/usr/bin/env python3
"""
Damage: each container cut short at ten places, and with one byte changed at twenty. Where its format has checksums, or a
length that tells, other content is never "understood and complete". A damaged checksum of a header is a row that says so.
"""
import concurrent.futures
import hashlib
import pathlib
import random
import struct
import sys
import zlib

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
from recipes import device_tree  # noqa: E402
from tap import SCRATCH, assay, case, equal, main, write  # noqa: E402
from wrappers import PLAIN, WRAPPERS, folder_of, made, trx, uimage  # noqa: E402

TEXT = PLAIN[:20000]


def cpio_with_checksums(content):
    def entry(name, body, mode):
        head = b"070702" + b"".join(b"%08X" % value for value in
                                    (1, mode, 0, 0, 1, 0, len(body), 0, 0, 0, 0, len(name) + 1, sum(body) & 0xFFFFFFFF))
        packed = head + name + b"\0"
        packed += bytes(-len(packed) % 4) + body
        return packed + bytes(-len(packed) % 4)
    return entry(b"blob.dat", content, 0o100644) + entry(b"TRAILER!!!", b"", 0)


def seama(content, digest=None):
    texts = b"dev=/dev/mtdblock/2\0type=firmware\0\0\0"
    return (struct.pack(">IHHI", 0x5EA3A417, 0, 36, 0) + b"signature=wrgac13_dlink.2013gui_dir\0" +
            struct.pack(">IHHI", 0x5EA3A417, 0, len(texts), len(content)) + (digest or hashlib.md5(content).digest()) + texts + content)


def fit_with(algorithm, value):
    return lambda content: device_tree({"description": b"x\0", "images": {"one": {
        "data": content, "type": b"firmware\0", "hash-1": {"algo": algorithm + b"\0", "value": value(content)}}}, "configurations": {}})


def ubiquiti(content):
    head = b"UBNT" + b"XM.v6.0".ljust(256, b"\0")
    part = b"PART" + b"kernel".ljust(16, b"\0") + bytes(20) + struct.pack(">IIII", 0, 0, len(content), len(content)) + content
    part = part[:56] + content
    return head + struct.pack(">II", zlib.crc32(head), 0) + part + struct.pack(">II", zlib.crc32(part), 0) + b"END." + bytes(8)


def netgear(content):
    image = b"device:R6000\nversion:V1.0.0.1\nregion:\n".ljust(128, b"\0") + content
    return image + bytes([(0xFF - sum(image)) & 0xFF])


def ubifs(content):
    return made("mkfs.ubifs", "-r", folder_of(content), "-m", "2048", "-e", "126976", "-c", "200", "-o", "OUT")


# Every byte of content is under a checksum, or leads to one.
CHECKED = {
    **{name: WRAPPERS[name] for name in ("gzip", "bzip2", "xz", "lz4", "zstd", "lzop", "zip", "stored zip", "7z", "uimage", "trx", "jffs2")},
    "cpio with checksums": cpio_with_checksums,
    "seama": seama,
    "FIT with crc32": fit_with(b"crc32", lambda content: struct.pack(">I", zlib.crc32(content))),
    "FIT with sha1": fit_with(b"sha1", lambda content: hashlib.sha1(content).digest()),
    "FIT with sha512": fit_with(b"sha512", lambda content: hashlib.sha512(content).digest()),
    "ubiquiti": ubiquiti,
    "netgear": netgear,
    "ubifs": ubifs,
}
# A length, an end or a table tells that something is missing.
MEASURED = {**CHECKED, **{name: WRAPPERS[name] for name in ("lzma", "tar", "cpio", "partition table", "sparse image", "squashfs", "ext", "fat")}}

STATE = ("SELECT (SELECT count(*) FROM incomplete) AS rows, opaque, (SELECT group_concat(one, ' ') FROM (SELECT f.path || ' ' || f.sha256 AS one"
         " FROM file f LEFT JOIN volume v ON v.id = f.volume WHERE f.type IN ('file', 'part') AND f.sha256 IS NOT NULL AND NOT EXISTS"
         " (SELECT 1 FROM volume i WHERE i.file = f.id) ORDER BY 1)) AS held FROM image")


def state(name, image):
    """How much of an image is told to be missing or opaque, and what content was read."""
    run = assay("query", write(name, image), STATE, "--format", "tsv", "--jobs", "1")
    (SCRATCH / name).unlink()
    equal(run.status, 0, run.err)
    rows, opaque, held = (run.out.split("\n")[1].split("\t") + ["", ""])[:3]
    return int(rows), int(opaque), held


def silent(name, image, variants):
    """The variants whose content is another one, and of which nothing says so."""
    whole = state(f"{name}.whole", image)
    equal((name, whole[:2]), (name, (0, 0)))
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        states = pool.map(lambda one: state(f"{name}.{one[0]}", one[1]), variants)
    return [words for (words, _), one in zip(variants, states) if one[:2] == (0, 0) and one[2] != whole[2]]


def cut(image):
    """At ten places, of which none leaves out nothing but filling."""
    end = len(image.rstrip(b"\0\xff"))
    places = sorted({1 + (end - 2) * (number + 1) // 10 for number in range(9)} | {end - 1})
    return [(f"cut-{at}", image[:at]) for at in places]


def flipped(image, seed):
    chance = random.Random(seed)
    end = len(image.rstrip(b"\0\xff"))
    variants = []
    for _ in range(20):
        at = chance.randrange(end)
        variants.append((f"byte-{at}", image[:at] + bytes([image[at] ^ 1 << chance.randrange(8)]) + image[at + 1:]))
    return variants


def cases_of(name, make):
    def test():
        image = make(TEXT)
        equal((name, silent(name, image, cut(image))), (name, []))
        if name in CHECKED:
            equal((name, silent(name, image, flipped(image, len(name)))), (name, []))
    test.__name__ = f"damage_of_{name.replace(' ', '_')}_is_told"
    case(test)


for _name, _make in MEASURED.items():
    cases_of(_name, _make)

INCOMPLETE = ("SELECT v.state, i.code, i.cause, i.missing, i.amount, i.path FROM incomplete i JOIN volume v ON v.id = i.volume"
              " WHERE v.format = '%s'")
HEADERS = {
    "uimage": (uimage, 64, len(TEXT), "uimage.bad-checksum"),
    "trx": (trx, 28, len(TEXT) + 16, "trx.bad-checksum"),
    "seama": (seama, 112, len(TEXT), "seama.bad-digest"),
    "fit": (CHECKED["FIT with sha1"], 200, len(TEXT), "fit.bad-hash"),
    "ubiquiti": (ubiquiti, 330, len(TEXT), "ubiquiti.bad-checksum"),
}


@case
def a_checksum_that_does_not_hold_makes_a_row():
    for format_name, (make, at, amount, code) in HEADERS.items():
        image = bytearray(make(TEXT))
        image[at + 100] ^= 1
        run = assay("query", write("damaged.bin", bytes(image)), INCOMPLETE % format_name, "--format", "tsv")
        equal((format_name, run.out.split("\n")[1:2]), (format_name, ["\t".join(("partial", code, "damaged", "content", str(amount), "damaged.bin"))]))


@case
def a_checksum_that_was_left_out_says_nothing():
    for name, image in (("seama", seama(TEXT, bytes(16))), ("fit", fit_with(b"crc32", lambda content: bytes(4))(TEXT)),
                        ("trx", trx(TEXT)[:8] + bytes(4) + trx(TEXT)[12:])):
        run = assay("query", write("left-out.bin", image), "SELECT count(*), (SELECT min(state) FROM volume) FROM incomplete", "--format", "tsv")
        equal((name, run.out.split("\n")[1]), (name, "0\tread"))


main()
