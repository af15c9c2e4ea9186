#!/usr/bin/env python3
"""What nobody can read is opaque in whatever it is wrapped; what can be read is understood to the last byte."""
import gzip
import json
import os
import pathlib
import random
import shutil
import struct
import sys
import tarfile
import zlib

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
from limit_recipes import SOUND, archive  # noqa: E402
from tap import PROGRAM, SCRATCH, Skip, assay, case, command, enter_scratch, equal, main, write  # noqa: E402
from wrappers import ENCRYPTED, PLAIN, SIZE, WRAPPERS, cpio, ext, fat, folder_of, made, tarred, zipped  # noqa: E402


def coverage(image, *words):
    run = assay(image, "--json", "-", "--quiet", *words)
    equal(run.status, 0, run.err)
    result = json.loads(run.out)
    return result["image"]["size"], result["coverage"], result


def check_opaque(name, image):
    size, figures, _ = coverage(write("wrapped.bin", image))
    opaque = figures["opaque"] * size
    if not SIZE - 1 <= opaque <= size + 1:
        raise AssertionError(f"{name}: {opaque:.0f} of {size} bytes are opaque, and {SIZE} are encrypted")
    if abs(figures["understood"] + figures["opaque"] - 1) > 1e-5:
        raise AssertionError(f"{name}: {figures} is not the whole")
    if figures["opaque_content"] < SIZE:
        raise AssertionError(f"{name}: {figures['opaque_content']} bytes of content are opaque, not {SIZE}")


def check_understood(name, image):
    size, figures, _ = coverage(write("wrapped.bin", image))
    if figures["opaque"] != 0 or figures["opaque_content"] != 0:
        raise AssertionError(f"{name}: {figures} of {size} bytes that hold nothing but text")


def is_shown_beside(content):
    """Whether a root file system that shows something shows it with one more file."""
    _, _, result = coverage(write("root.tar", archive({**SOUND, "srv/wrapped": content})))
    return any(one["verdict"] == "shown" for one in result["requirements"])


def both_sides(name, wrap):
    def one_deep():
        check_opaque(name, wrap(ENCRYPTED))
        check_understood(name, wrap(PLAIN))
        equal((is_shown_beside(wrap(ENCRYPTED)), is_shown_beside(wrap(PLAIN))), (False, True), "shown beside it")
    one_deep.__name__ = f"{name.replace(' ', '_')}_is_as_understood_as_what_it_holds"
    case(one_deep)


for wrapper, function in WRAPPERS.items():
    both_sides(wrapper, function)


@case
def wrappers_in_wrappers_are_followed_to_the_end():
    for outer in ("gzip", "xz", "zip", "tar", "uimage", "partition table", "sparse image", "cpio"):
        for inner in ("gzip", "bzip2", "zip", "tar", "uimage", "cpio"):
            check_opaque(f"{inner} in {outer}", WRAPPERS[outer](WRAPPERS[inner](ENCRYPTED)))
            check_understood(f"{inner} in {outer}", WRAPPERS[outer](WRAPPERS[inner](PLAIN)))


@case
def a_stream_of_encrypted_bytes_is_opaque_with_all_of_its_own():
    for name in ("gzip", "bzip2", "xz", "lzma", "zip"):
        _, figures, _ = coverage(write("all.bin", WRAPPERS[name](ENCRYPTED)))
        equal((name, figures["understood"], figures["opaque"], figures["opaque_content"]), (name, 0, 1, SIZE))


@case
def bytes_between_the_entries_of_a_container_are_not_understood():
    hidden = ENCRYPTED[:8192]
    plain = zipped(PLAIN)
    directory, end = plain.index(b"PK\1\2"), plain.rindex(b"PK\5\6")
    moved = struct.pack("<I", directory + len(hidden))
    disk = (bytes(446) + struct.pack("<8B2I", 0x80, 0, 2, 0, 0x83, 0, 9, 0, 100, 118) + bytes(48) + b"\x55\xaa" +
            bytes(20 * 512) + hidden + bytes(79 * 512 - len(hidden)) + PLAIN + bytes(118 * 512 - len(PLAIN)))
    for name, image in (
            ("zip", plain[:directory] + hidden + plain[directory:end + 16] + moved + plain[end + 20:]),
            ("partition table", disk),
            ("tar", tarred(PLAIN)[:-4096] + hidden + bytes(4096)),
            *((f"behind {wrap}", WRAPPERS[wrap](PLAIN) + hidden) for wrap in ("gzip", "zip", "squashfs", "uimage", "cpio"))):
        size, figures, _ = coverage(write("between.bin", image))
        if not 8192 - 64 <= figures["opaque"] * size <= 8192 + 512:
            raise AssertionError(f"{name}: {figures} of {size} bytes")


def ubi(content, spare=b""):
    """Blocks of 16 KiB with one dynamic volume and no table of volumes; the last block has no header of a volume."""
    size, room = 16384, 16384 - 128

    def sealed(head):
        return head + struct.pack(">I", zlib.crc32(head) ^ 0xFFFFFFFF)

    counter = sealed(struct.pack(">4sB3xQIII32x", b"UBI#", 1, 1, 64, 128, 7))
    blocks = [content[at:at + room].ljust(room, b"\xff") for at in range(0, len(content), room)]
    image = b"".join(counter + sealed(struct.pack(">4s4BII4xIIII4xQ12x", b"UBI!", 1, 1, 0, 0, 0, number, 0, 0, 0, 0, number + 1)) +
                     block for number, block in enumerate(blocks))
    return image + counter + spare.ljust(size - len(counter), b"\xff")


@case
def bytes_that_nothing_refers_to_are_not_understood():
    hidden = ENCRYPTED[:8192]
    fs = bytearray(WRAPPERS["squashfs"](PLAIN))
    used = struct.unpack_from("<Q", fs, 40)[0]
    struct.pack_into("<Q", fs, 40, used + len(hidden))
    stream = WRAPPERS["gzip"](PLAIN)
    extra = stream[:3] + b"\4" + stream[4:10] + struct.pack("<H", len(hidden)) + hidden + stream[10:]
    note = stream[:3] + b"\x10" + stream[4:10] + hidden.replace(b"\0", b"\1") + b"\0" + stream[10:]
    archive = zipped(PLAIN)
    tail = bytes(-(used + len(hidden)) % 4096)
    packed = tarred(PLAIN)
    folder = cpio(hidden).replace(b"000081A4", b"000041ED", 1)
    folder = folder[:folder.rindex(b"070701")]
    log = WRAPPERS["jffs2"](PLAIN)
    log += bytes(-len(log) % 4)

    def odd_tar(kind):
        head = tarfile.TarInfo("odd")
        head.size, head.type = len(hidden), kind
        return head.tobuf(tarfile.GNU_FORMAT) + hidden + packed

    def node(kind, body):
        head = struct.pack("<HHI", 0x1985, kind, 12 + len(body))
        return head + struct.pack("<I", zlib.crc32(head, 0xFFFFFFFF) ^ 0xFFFFFFFF) + body

    for name, image in (("label of a tar", odd_tar(b"V")), ("unknown entry of a tar", odd_tar(b"Z")),
                        ("folder of a cpio", folder + cpio(PLAIN)),
                        *((f"node {kind:x} of a jffs2", log + node(kind, hidden)) for kind in (0x2003, 0x2004, 0x200F)),
                        ("between nodes of a jffs2", log + hidden + node(0x2004, b"")),
                        ("squashfs", bytes(fs[:used]) + hidden + tail), ("gzip's extra field", extra), ("gzip's comment", note),
                        ("zip's comment", archive[:-2] + struct.pack("<H", len(hidden)) + hidden), ("ubi", ubi(PLAIN, hidden))):
        size, figures, _ = coverage(write("unused.bin", image))
        if not 8192 - 256 <= figures["opaque"] * size <= 8192 + 512:
            raise AssertionError(f"{name}: {figures} of {size} bytes")
    check_understood("ubi", ubi(PLAIN))


def ubifs_with(content):
    """A UBIFS with content in a block that its index does not lead to."""
    image = bytearray(made("mkfs.ubifs", "-r", folder_of(PLAIN, "plain.txt"), "-m", "2048", "-e", "126976", "-c", "200", "-o", "OUT"))
    free = [at for at in range(0, len(image), 126976) if image[at:at + 126976] == b"\xff" * 126976][-1]
    image[free:free + len(content)] = content
    return bytes(image)


@case
def empty_blocks_of_a_compressed_file_system_are_padding_whatever_it_holds():
    image = bytearray(made("mkfs.ubifs", "-r", folder_of(ENCRYPTED), "-m", "2048", "-e", "126976", "-c", "200", "-o", "OUT"))
    empty = sum(126976 for at in range(0, len(image), 126976) if image[at:at + 126976] == b"\xff" * 126976)
    size, figures, _ = coverage(write("empty.ubifs", bytes(image)))
    if empty == 0 or figures["padding"] * size < empty or not SIZE <= figures["opaque"] * size <= size - empty:
        raise AssertionError(f"{figures} of {size} bytes, {empty} of them in empty blocks")


@case
def what_openssl_encrypted_is_as_many_opaque_bytes_in_a_file_system():
    content = b"Salted__" + ENCRYPTED[:-8]
    image = made("mksquashfs", folder_of(content), "OUT", "-quiet", "-no-progress", "-all-root")
    check_opaque("file of openssl in squashfs", image)
    run = assay("query", write("salted.bin", image), "SELECT state, opaque = size FROM volume WHERE format = 'openssl-encrypted'",
                "--format", "tsv")
    equal(run.out.split("\n")[1], "encrypted\t1")


@case
def of_a_stream_that_breaks_what_was_not_decoded_is_opaque():
    text = b"".join(b"entry %d of a table, all of it text\n" % i for i in range(60000))
    for name in ("gzip", "xz", "lzma", "lz4", "zstd", "lzop"):
        whole = WRAPPERS[name](text)
        equal((name, is_shown_beside(whole)), (name, True))
        at = len(whole) // 3
        for kind, image in (("damaged", whole[:at] + random.Random(3).randbytes(40) + whole[at + 40:]), ("cut", whole[:at * 2])):
            file = write("broken.bin", image)
            size, figures, _ = coverage(file)
            if figures["opaque"] * size < 4095:
                raise AssertionError(f"{name}, {kind}: {figures} of {size} bytes")
            equal((name, kind, is_shown_beside(image)), (name, kind, False))
            run = assay("query", file, "SELECT count(*) > 0 FROM incomplete WHERE cause = 'damaged'", "--format", "tsv")
            if figures["opaque"] < 1: # a stream of which nothing can be decoded is no stream
                equal((name, kind, run.out.split("\n")[1]), (name, kind, "1"))
    for name in ("xz", "lzop"):  # these say how long they are, and do not decode what lies behind the fault
        whole = WRAPPERS[name](text)
        at = len(whole) // 3
        size, figures, _ = coverage(write("broken.bin", whole[:at] + random.Random(3).randbytes(40) + whole[at + 40:]))
        if figures["opaque"] < 0.6:
            raise AssertionError(f"{name}: {figures} of {size} bytes, and all behind the first third was not decoded")


@case
def what_the_index_of_a_ubifs_does_not_lead_to_is_told():
    def node(number):
        head = struct.pack("<QI4B", number, 64, 0, 0, 0, 0) + bytes(40)
        return struct.pack("<II", 0x06101831, zlib.crc32(head) ^ 0xFFFFFFFF) + head

    check_understood("ubifs", ubifs_with(b""))
    size, figures, _ = coverage(write("unused.ubifs", ubifs_with(ENCRYPTED)))
    if not SIZE <= round(figures["opaque"] * size) <= SIZE + 8192:  # the erased bytes behind it are looked at with its last ones
        raise AssertionError(f"{figures} of {size} bytes")
    for name, number, amount in (("an older node", 1, ""), ("a node of the journal", 1 << 40, "64")):
        run = assay("query", write("journal.ubifs", ubifs_with(node(number))),
                    "SELECT (SELECT amount FROM incomplete WHERE code = 'ubifs.journal' AND cause = 'unsupported') AS a", "--format", "tsv")
        equal((name, run.out.split("\n")[1]), (name, amount), run.err)


@case
def what_is_left_in_free_space_is_not_understood():
    for make in (ext, fat):
        _, figures, _ = coverage(write("left.img", make(PLAIN, random.Random(9).randbytes(1 << 20))))
        if not 0.7 < figures["opaque"] < 0.95:
            raise AssertionError(f"{make.__name__}: {figures} with free space full of random bytes")
        _, figures, _ = coverage(write("left.img", make(PLAIN)))
        if figures["padding"] < 0.7 or figures["opaque"] > 0:
            raise AssertionError(f"{make.__name__}: {figures} with free space of zeros")


@case
def a_folder_is_as_understood_as_its_files():
    size, figures, _ = coverage(folder_of(ENCRYPTED))
    equal((size, figures["opaque"], figures["understood"]), (SIZE, 1, 0))
    size, figures, _ = coverage(folder_of(PLAIN, "plain.txt"))
    equal((figures["opaque"], figures["understood"]), (0, 1))


@case
def each_volume_tells_its_own():
    run = assay("query", write("mixed.bin", gzip.compress(tarred(ENCRYPTED) , mtime=0) + zipped(PLAIN)),
                "SELECT format, understood + opaque = size, opaque > 0, opaque = 0 FROM volume ORDER BY id", "--format", "tsv")
    equal(run.status, 0, run.err)
    equal(run.out.split("\n")[1:5], ["raw\t1\t1\t0", "gzip\t1\t1\t0", "tar\t1\t1\t0", "zip\t1\t0\t1"])


def opaque_of(content, name="blob.dat", *words):
    """Opaque bytes of a file that lies in a file system, where only its content and its name speak for it."""
    folder = folder_of(content, name)
    run = assay("query", folder, f"SELECT opaque, coalesce(dense, 0), state FROM file WHERE path = '/{name}'",
                "--format", "tsv", *words)
    equal(run.status, 0, run.err)
    opaque, dense, state = run.out.split("\n")[1].split("\t")
    return int(opaque), int(dense), state


def program():
    """An ELF program with a long run of zeros in it: two segments, no section headers."""
    body = PLAIN[:3000] + bytes(20000) + PLAIN[:5000]
    head = b"\x7fELF\x01\x01\x01" + bytes(9) + struct.pack("<HHIIIIIHHHHHH", 2, 40, 1, 0x10000, 52, 0, 0, 52, 32, 1, 0, 0, 0)
    segment = struct.pack("<8I", 1, 0, 0x10000, 0x10000, 84 + len(body), 84 + len(body), 5, 4096)
    return head + segment + body


def png():
    def chunk(kind, body):
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
    return (b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", 64, 64, 8, 0, 0, 0, 0)) +
            chunk(b"IDAT", zlib.compress(ENCRYPTED[:65 * 64])) + chunk(b"IEND", b""))


@case
def what_can_hold_no_more_is_understood_up_to_its_end():
    for name, content in (("program", program()), ("picture.png", png()), ("text.txt", PLAIN)):
        equal((name, opaque_of(content, name)), (name, (0, 0, "read")))
        opaque, dense, _ = opaque_of(content + ENCRYPTED[:8192], name)
        if not 8192 - 600 <= opaque <= 8192 + 4096 or dense == 0:
            raise AssertionError(f"{name}: {opaque} bytes are opaque, of 8192 behind its end")


@case
def a_program_by_itself_is_one_range_with_its_zeros():
    for tail, kinds in ((b"", ["data"]), (ENCRYPTED[:5000], ["data", "opaque"])):
        _, figures, result = coverage(write("program.elf", program() + tail))
        equal([one["kind"] for one in result["ranges"]], kinds)
        equal(result["ranges"][0]["size"], len(program()))
        equal(round(figures["opaque"] * result["image"]["size"]), len(tail))


@case
def small_encrypted_files_count_and_few_bytes_do_not():
    for size in (128, 300, 700, 2000, 5000):
        equal((size, opaque_of(ENCRYPTED[:size])[0]), (size, size))
    equal(opaque_of(bytes(range(1, 33)))[0], 0)
    equal(opaque_of(bytes(2000))[0], 0)


@case
def bytes_that_are_written_down_as_text_are_no_text():
    import base64
    import binascii
    hexed = b"".join(b":10%04X00%s%02X\r\n" % (at & 0xFFFF, ENCRYPTED[at:at + 16].hex().upper().encode(),
                     -(16 + (at >> 8 & 255) + (at & 255) + sum(ENCRYPTED[at:at + 16])) & 255)
                     for at in range(0, 8192, 16)) + b":00000001FF\r\n"
    records = b"".join(b"S1%02X%04X%s%02X\n" % (19, at & 0xFFFF, ENCRYPTED[at:at + 16].hex().upper().encode(),
                       255 - (19 + (at >> 8 & 255) + (at & 255) + sum(ENCRYPTED[at:at + 16])) & 255)
                       for at in range(0, 8192, 16)) + b"S9030000FC\n"
    based = base64.encodebytes(ENCRYPTED[:8192])
    uu = b"begin 644 x\n" + b"".join(binascii.b2a_uu(ENCRYPTED[at:at + 45]) for at in range(0, 8190, 45)) + b"`\nend\n"
    array = b"static const unsigned char x[] = {\n" + b"".join(
        b", ".join(b"0x%02x" % byte for byte in ENCRYPTED[at:at + 12]) + b",\n" for at in range(0, 8192, 12)) + b"};\n"
    one_line = b'{"firmware": "' + base64.b64encode(ENCRYPTED[:8192]) + b'"}\n'
    dump = b"".join(b"%08x: %s  ................\n" % (at, binascii.hexlify(ENCRYPTED[at:at + 16], " ", 2)) for at in range(0, 8192, 16))
    ti = b"@F000\n" + b"".join(binascii.hexlify(ENCRYPTED[at:at + 16], " ").upper() + b"\n" for at in range(0, 8192, 16)) + b"q\n"
    memory = b"".join(ENCRYPTED[at:at + 4].hex().encode() + b"\n" for at in range(0, 8192, 4))
    escapes = b"".join(b"  b'" + b"".join(b"\\x%02x" % byte for byte in ENCRYPTED[at:at + 16]) + b"'\n" for at in range(0, 8192, 16))
    numbers = b"fw = [" + b", ".join(b"%d" % byte for byte in ENCRYPTED[:8192]) + b"]\n"
    based85 = base64.a85encode(ENCRYPTED[:8192], wrapcol=76) + b"\n"
    for name, text in (("x.dump", dump), ("x.ti", ti), ("x.mem", memory), ("x.py", escapes), ("y.json", numbers), ("x.a85", based85),
                       ("x.hex", hexed), ("x.srec", records), ("x.b64", based), ("x.uu", uu), ("x.h", array),
                       ("x.json", one_line)):
        opaque, _, _ = opaque_of(text, name)
        if opaque < len(text) * 0.9 - 200:
            raise AssertionError(f"{name}: {opaque} of {len(text)} bytes are opaque")
    key = b"-----BEGIN CERTIFICATE-----\n" + base64.encodebytes(ENCRYPTED[:1500]) + b"-----END CERTIFICATE-----\n"
    equal(opaque_of(key, "x.pem")[0], 0)


@case
def a_damaged_or_truncated_file_system_is_opaque_and_named():
    image = WRAPPERS["squashfs"](PLAIN)[:20000]
    for name, wrapped in (("plain", image), ("gzip", gzip.compress(image, mtime=0))):
        _, figures, _ = coverage(write("truncated.bin", wrapped))
        equal((name, figures["understood"]), (name, 0))
        run = assay("query", SCRATCH / "truncated.bin", "SELECT detail FROM incomplete WHERE code = 'volume.damaged'")
        if "SquashFS" not in run.out or "byte 0" not in run.out:
            raise AssertionError(f"{name}: {run.out!r}")


@case
def a_file_with_a_lost_block_is_partial():
    image = bytearray(WRAPPERS["jffs2"](ENCRYPTED))
    image[20000:30000] = b"\xff" * 10000
    run = assay("query", write("hole.jffs2", bytes(image)), "SELECT state, opaque = size FROM file WHERE type = 'file'",
                "--format", "tsv")
    equal(run.out.split("\n")[1], "partial\t1", run.err)
    run = assay("query", write("whole.jffs2", WRAPPERS["jffs2"](PLAIN)), "SELECT state, opaque FROM file WHERE type = 'file'",
                "--format", "tsv")
    equal(run.out.split("\n")[1], "read\t0", run.err)


@case
def a_file_of_a_ubifs_with_a_damaged_block_is_partial_and_no_other():
    folder = folder_of(ENCRYPTED)
    (folder / "other.txt").write_bytes(PLAIN)
    image = bytearray(made("mkfs.ubifs", "-r", folder, "-o", "OUT", "-m", "2048", "-e", "126976", "-c", "200", "-x", "lzo"))
    states = "SELECT state FROM file WHERE type = 'file' AND path IN ('/blob.dat', '/other.txt') ORDER BY path"
    run = assay("query", write("whole.ubifs", bytes(image)), states, "--format", "tsv")
    equal(run.out.split(), ["state", "read", "read"], run.err)
    image[image.find(ENCRYPTED[8192:8448]) + 5] ^= 255
    run = assay("query", write("damaged.ubifs", bytes(image)), states, "--format", "tsv")
    equal(run.out.split(), ["state", "partial", "read"], run.err)


@case
def what_may_not_be_entered_or_read_is_told():
    if os.geteuid() != 0 or not shutil.which("setpriv"):
        raise Skip("only root can become another user")
    folder = folder_of(PLAIN, "plain.txt")
    (folder / "home").mkdir()
    (folder / "home" / "secret").write_bytes(PLAIN)
    (folder / "shadow").write_bytes(b"root::1:::::\n")
    (folder / "home").chmod(0o700)
    (folder / "shadow").chmod(0o600)
    folder.chmod(0o755)
    enter_scratch()
    queries = ("SELECT state FROM volume", "SELECT kind IS NULL, state <> 'read', opaque = size FROM file WHERE path = '/shadow'",
               "SELECT count(*) > 0 FROM incomplete WHERE missing = 'entries' AND cause = 'unreadable' AND detail LIKE '/home%'")
    for query, want in zip(queries, ("partial", "1\t1\t1", "1")):
        run = command("setpriv", "--reuid=65534", "--clear-groups", PROGRAM, "query", folder, query, "--format", "tsv")
        equal((query, run.out.split("\n")[1:2]), (query, [want]), run.err)


main()
