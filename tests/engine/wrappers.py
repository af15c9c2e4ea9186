"""Containers of one file, whatever its content, made by the tools of their formats or field by field."""
import bz2
import gzip
import io
import lzma
import random
import shutil
import struct
import tarfile
import zipfile
import zlib

from tap import SCRATCH, Skip, command, equal

SIZE = 60000
ENCRYPTED = random.Random(7).randbytes(SIZE)
WORDS = [bytes(random.Random(n).choices(b"abcdefghijklmnopqrstuvwxyz", k=n % 7 + 3)) for n in range(400)]
PLAIN = b"\n".join(b" ".join(random.Random(n).choices(WORDS, k=9)) for n in range(1200))[:SIZE]


def tool(*words, **options):
    """Runs a tool that not every machine has."""
    if not shutil.which(words[0]) and not shutil.which(words[0], path="/sbin:/usr/sbin"):
        raise Skip(f"{words[0]} is not installed")
    run = command(*words, PATH="/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin", **options)
    equal(run.status, 0, run.err)
    return run.bytes


def folder_of(content, name="blob.dat"):
    folder = SCRATCH / "made"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    (folder / name).write_bytes(content)
    return folder


def made(*words):
    """What a tool writes into the file that its last word names."""
    out = SCRATCH / "made.out"
    out.unlink(missing_ok=True)
    tool(*[out if word == "OUT" else word for word in words])
    return out.read_bytes()


def zipped(content, method=zipfile.ZIP_DEFLATED):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive:
        archive.writestr("blob.dat", content)
    return out.getvalue()


def tarred(content):
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as archive:
        entry = tarfile.TarInfo("blob.dat")
        entry.size = len(content)
        archive.addfile(entry, io.BytesIO(content))
    return out.getvalue()


def uimage(content):
    def header(checksum):
        return struct.pack(">7I4B32s", 0x27051956, checksum, 0, len(content), 0, 0, zlib.crc32(content), 5, 2, 5, 0, b"blob")
    return header(zlib.crc32(header(0))) + content


def trx(content):
    body = struct.pack("<HHIII", 0, 1, 28, 0, 0) + content
    return b"HDR0" + struct.pack("<II", 12 + len(body), zlib.crc32(body) ^ 0xFFFFFFFF) + body


def fit(content):
    (SCRATCH / "fit.bin").write_bytes(content)
    source = SCRATCH / "fit.dts"
    source.write_text('/dts-v1/; / { description = "x"; #address-cells = <1>; images { one { description = "one"; '
                      f'data = /incbin/("{SCRATCH}/fit.bin"); type = "firmware"; arch = "arm"; compression = "none"; '
                      'hash { algo = "crc32"; value = <0>; }; }; }; configurations { default = "c"; c { firmware = "one"; }; }; };')
    return made("dtc", "-q", "-I", "dts", "-O", "dtb", "-o", "OUT", source)


def partitioned(content):
    sectors = (len(content) + 511) // 512
    entry = struct.pack("<8B2I", 0x80, 0, 2, 0, 0x83, 0, 9, 0, 1, sectors)
    return bytes(446) + entry + bytes(48) + b"\x55\xaa" + content + bytes(sectors * 512 - len(content))


def sparse(content):
    block, count = 4096, (len(content) + 4095) // 4096
    head = struct.pack("<IHHHHIIII", 0xED26FF3A, 1, 0, 28, 12, block, count, 1, 0)
    chunk = struct.pack("<HHII", 0xCAC1, 0, count, 12 + count * block)
    return head + chunk + content + bytes(count * block - len(content))


def cpio(content):
    def entry(name, body, mode):
        head = b"070701" + b"".join(b"%08X" % value for value in
                                    (1, mode, 0, 0, 1, 0, len(body), 0, 0, 0, 0, len(name) + 1, 0))
        packed = head + name + b"\0"
        packed += bytes(-len(packed) % 4) + body
        return packed + bytes(-len(packed) % 4)
    return entry(b"blob.dat", content, 0o100644) + entry(b"TRAILER!!!", b"", 0)


def ext(content, before=bytes(1 << 20)):
    folder = folder_of(content)
    image = SCRATCH / "ext.img"
    image.write_bytes(before)
    tool("mke2fs", "-q", "-F", "-t", "ext4", "-E", "nodiscard", "-d", folder, image)
    return image.read_bytes()


def fat(content, before=bytes(1 << 20)):
    image = SCRATCH / "fat.img"
    image.write_bytes(before)
    tool("mkfs.fat", "-F", "12", image)
    tool("mcopy", "-i", image, folder_of(content) / "blob.dat", "::blob.dat")
    return image.read_bytes()


WRAPPERS = {
    "gzip": lambda c: gzip.compress(c, mtime=0),
    "bzip2": bz2.compress,
    "xz": lzma.compress,
    "lzma": lambda c: lzma.compress(c, format=lzma.FORMAT_ALONE),
    "lz4": lambda c: tool("lz4", "-q", "-c", stdin=c),
    "zstd": lambda c: tool("zstd", "-q", "-c", stdin=c),
    "lzop": lambda c: tool("lzop", "-q", "-c", stdin=c),
    "zip": zipped,
    "stored zip": lambda c: zipped(c, zipfile.ZIP_STORED),
    "7z": lambda c: made("bsdtar", "-c", "--format=7zip", "-f", "OUT", "-C", folder_of(c), "blob.dat"),
    "tar": tarred,
    "cpio": cpio,
    "uimage": uimage,
    "trx": trx,
    "fit": fit,
    "partition table": partitioned,
    "sparse image": sparse,
    "squashfs": lambda c: made("mksquashfs", folder_of(c), "OUT", "-quiet", "-no-progress", "-all-root"),
    "jffs2": lambda c: made("mkfs.jffs2", "-r", folder_of(c), "-o", "OUT"),
    "ext": ext,
    "fat": fat,
}
