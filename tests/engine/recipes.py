#!/usr/bin/env python3
"""Writes hostile images, each a file of a folder: recipes.py DIR SCALE. What they hold grows with SCALE; prints their names."""
import gzip
import io
import pathlib
import random
import struct
import sys
import tarfile
import zipfile
import zlib

RANDOM = random.Random(2)


def nested_gzip(scale):
    """Streams within streams, each with a sibling that is a stream too."""
    content = RANDOM.randbytes(4096 * scale)
    for _ in range(6):
        content = gzip.compress(content, mtime=0) + gzip.compress(RANDOM.randbytes(512), mtime=0)
        content = gzip.compress(content, mtime=0)
    return content


def nested_zip(scale):
    """Archives of archives: each level holds the one below several times, the lowest as often as the scale says."""
    content = b"the end"
    for level in range(4):
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
            for number in range(4 if level else 4 * scale):
                archive.writestr(zipfile.ZipInfo(f"{number}.zip"), content, zipfile.ZIP_DEFLATED)
        content = out.getvalue()
    return content


def zip_of_zips(scale):
    """Many archives in one, each an artifact with artifacts in it."""
    def archive_of(files):
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
            for number, content in enumerate(files):
                archive.writestr(zipfile.ZipInfo(f"{number}.zip"), content, zipfile.ZIP_DEFLATED)
        return out.getvalue()
    inner = archive_of([archive_of([b"the end"])] * 8)
    return archive_of([archive_of([inner] * 30)] * 6 * scale)


def text_string(text):
    return text.encode() + b"\0" * (4 - len(text) % 4)


def device_tree(tree, tail=b"", total=None):
    """A flattened device tree of nested dictionaries: bytes are properties."""
    strings, body = {}, bytearray()

    def walk(name, node):
        body.extend(struct.pack(">I", 1) + text_string(name))
        for key, value in node.items():
            if isinstance(value, bytes):
                offset = strings.setdefault(key, sum(len(one) + 1 for one in strings))
                body.extend(struct.pack(">III", 3, len(value), offset) + value + b"\0" * (-len(value) % 4))
        for key, value in node.items():
            if isinstance(value, dict):
                walk(key, value)
        body.extend(struct.pack(">I", 2))

    walk("", tree)
    body.extend(struct.pack(">I", 9))
    table = b"".join(key.encode() + b"\0" for key in strings)
    table += b"\0" * (-len(table) % 4)
    size = 56 + len(body) + len(table)
    header = struct.pack(">10I", 0xD00DFEED, total or size + len(tail), 56, 56 + len(body), 40, 17, 16, 0, len(table), len(body))
    return header + b"\0" * 16 + bytes(body) + table + tail


def fit(scale, shift):
    """A FIT whose images are the FIT itself, each from a little further on."""
    images = {f"part-{number}": {"data-position": struct.pack(">I", shift * number), "data-size": struct.pack(">I", 0x7FFFFF),
                                 "description": b"x\0", "type": b"firmware\0"} for number in range(12 * scale)}
    return device_tree({"images": images, "configurations": {}}, b"\0" * 64)


def jffs2(scale):
    """Many names for one inode of many nodes."""
    def checksum(data):
        return zlib.crc32(data, 0xFFFFFFFF) ^ 0xFFFFFFFF

    def node(kind, body):
        head = struct.pack("<HHI", 0x1985, kind, 12 + len(body))
        return (head + struct.pack("<I", checksum(head)) + body + b"\xff" * 3)[:(12 + len(body) + 3) // 4 * 4]

    out = bytearray(node(0x2003, b""))
    for version in range(300 * scale):
        head = struct.pack("<HHI", 0x1985, 0xE002, 68 + 4)
        head += struct.pack("<I", checksum(head))
        body = head + struct.pack("<IIIHHIIIIIIIBBH", 2, version + 1, 0o120777, 0, 0, 4, 0, 0, 0, 0, 4, 4, 0, 0, 0)
        out += body + struct.pack("<II", checksum(b"abcd"), checksum(body)) + b"abcd"
    for number in range(300 * scale):
        name = b"name-%06d" % number
        head = struct.pack("<HHI", 0x1985, 0xE001, 40 + len(name))
        head += struct.pack("<I", checksum(head))
        body = head + struct.pack("<IIIIBBH", 1, number + 1, 2, 0, len(name), 10, 0)
        out += (body + struct.pack("<II", checksum(body), checksum(name)) + name + b"\xff" * 3)[:(40 + len(name) + 3) // 4 * 4]
    return bytes(out) + b"\xff" * (-len(out) % 4096)


def ubifs(scale):
    """A block of master nodes, each of which says that it reaches to the end of the volume."""
    def node(kind, body, size=None):
        size = size or 24 + len(body)
        rest = struct.pack("<QIBBH", 0, size, kind, 0, 0) + body
        return struct.pack("<I", 0x06101831), rest

    block = 65536 * scale
    volume = bytearray(block * 4)
    magic, rest = node(6, struct.pack("<HBBIIIII", 0, 0, 0, 0, 4096, block, 4, 4) + b"\0" * 4000)
    volume[:len(rest) + 8] = magic + struct.pack("<I", zlib.crc32(rest) ^ 0xFFFFFFFF) + rest
    for at in range(block, 2 * block, 64):
        size = 2 * block - at
        if size >= 64:
            volume[at:at + 24] = struct.pack("<IIQIBBH", 0x06101831, 0, 0, size, 7, 0, 0)
    return bytes(volume)


def root(files):
    """A tar of a root file system."""
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w", format=tarfile.USTAR_FORMAT) as archive:
        for name, content in files.items():
            member = tarfile.TarInfo(name)
            member.size = len(content)
            archive.addfile(member, io.BytesIO(content))
    return out.getvalue()


def versions(scale):
    """One component in very many versions, each a record of a package."""
    record = "Package: zlib\nVersion: 1.%d.%d-1\nArchitecture: mips\nStatus: install ok installed\n\n"
    status = "".join(record % (number // 97, number) for number in range(2000 * scale))
    return root({"usr/lib/opkg/status": status.encode()})


def lines(line, path, count):
    return lambda scale: root({path: b"".join(line % number if b"%d" in line else line for number in range(count * scale))})


def hard_links(scale):
    """Many names of one content."""
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w", format=tarfile.USTAR_FORMAT) as archive:
        member = tarfile.TarInfo("content")
        member.size = 100000
        archive.addfile(member, io.BytesIO(b"telnetd -l /bin/sh\n" * 6000))
        for number in range(100 * scale):
            member = tarfile.TarInfo(f"name{number}")
            member.type, member.linkname = tarfile.LNKTYPE, "content"
            archive.addfile(member)
    return out.getvalue()


def partitions(scale):
    """A partition table whose partitions lie upon each other."""
    body = bytearray(512 * 256 * scale)
    for number in range(4):
        body[446 + 16 * number:462 + 16 * number] = struct.pack("<B3sB3sII", 0, b"", 0x83, b"", 1, 256 * scale - 1)
    body[510:512] = b"\x55\xaa"
    for at in range(512, len(body), 512):
        body[at:at + 64] = RANDOM.randbytes(64)
    return bytes(body)


def trx(scale):
    """A TRX whose parts begin one word after the other."""
    body = RANDOM.randbytes(65536 * scale)
    rest = struct.pack("<HHIII", 0, 1, 28, 32, 36) + body
    return b"HDR0" + struct.pack("<II", 12 + len(rest), zlib.crc32(rest) ^ 0xFFFFFFFF) + rest


def android_boot(scale):
    """Android boot images, of which each begins a page after the one before and says that it reaches to the end."""
    page, count = 2048, 40 * scale
    body = bytearray(RANDOM.randbytes(page * count))
    for number in range(count):
        rest = page * (count - number - 1)
        head = b"ANDROID!" + struct.pack("<10I", rest // 2, 0, rest // 4, 0, rest // 4, 0, 0, page, 0, 0)
        body[page * number:page * number + len(head)] = head
    return bytes(body)


def safeloader(scale):
    """SafeLoader images whose partitions are all the rest, which is such an image again."""
    head, count = 0x1014, 12 * scale
    step = head + 0x800
    body = bytearray(step * count)
    for number in range(count):
        rest = step * (count - number) - head
        table = "".join(f"fwup-ptn p{one} base 0x{0x800 + one * 4:x} size 0x{max(rest - 0x800 - one * 4, 1):x}\n" for one in range(30))
        body[step * number:step * number + 4] = struct.pack(">I", rest + head)
        body[step * number + head:step * number + head + len(table)] = table.encode()
    return bytes(body)


def uimage(kind, payload):
    head = struct.pack(">II5I4B32s", 0x27051956, 0, 0, len(payload), 0, 0, zlib.crc32(payload), 5, 5, kind, 0, b"image")
    return head[:4] + struct.pack(">I", zlib.crc32(head)) + head[8:] + payload


def uimage_multi(scale):
    """Multi-file images: many parts, the first of which is such an image again."""
    content = RANDOM.randbytes(4096 * scale)
    for _ in range(8):
        parts = [content] + [RANDOM.randbytes(64)] * 20 * 2
        sizes = struct.pack(f">{len(parts) + 1}I", *[len(part) for part in parts], 0)
        content = uimage(4, sizes + b"".join(part + b"\0" * (-len(part) % 4) for part in parts))
    return content


def zip_overlapping(scale):
    """Many entries of a zip whose bytes are the same: each names the one local header."""
    content = zlib.compress(b"telnetd -l /bin/sh\n" * 6000, 9)[2:-4]
    size, checksum = 19 * 6000, zlib.crc32(b"telnetd -l /bin/sh\n" * 6000)
    fields = struct.pack("<HHHHHIIIHH", 20, 0, 8, 0, 33, checksum, len(content), size, 5, 0)
    body = b"PK\x03\x04" + fields + b"00000" + content
    central = b"".join(b"PK\x01\x02" + struct.pack("<H", 20) + fields + struct.pack("<HHHII", 0, 0, 0, 0, 0) + b"%05d" % number
                       for number in range(400 * scale))
    end = struct.pack("<IHHHHIIH", 0x06054B50, 0, 0, 400 * scale, 400 * scale, len(central), len(body), 0)
    return body + central + end


def zip_within(scale):
    """A zip whose entries lie in each other: the stored bytes of one are the local headers of all behind it."""
    count, central = 40 * scale, []
    tail = b""
    for number in reversed(range(count)):
        fields = struct.pack("<HHHHHIIIHH", 20, 0, 0, 0, 33, zlib.crc32(tail), len(tail), len(tail), 5, 0)
        tail = b"PK\x03\x04" + fields + b"%05d" % number + tail
        central.append((number, fields, len(tail)))
    entries = b"".join(b"PK\x01\x02" + struct.pack("<H", 20) + fields + struct.pack("<HHHII", 0, 0, 0, 0, len(tail) - left) + b"%05d" % number
                       for number, fields, left in reversed(central))
    return tail + entries + struct.pack("<IHHHHIIH", 0x06054B50, 0, 0, count, count, len(entries), len(tail), 0)


def elf(code, strings, symbols, tables):
    """A program for x86-64 with one segment from address 0: strings, symbols, relocations and code. tables: of (place, info, addend)."""
    start = 64 + 2 * 56
    parts, at = {}, start + 16 * 9
    blobs = {"strings": strings, "symbols": bytes(24) + symbols, "hash": struct.pack("<II", 1, len(symbols) // 24 + 1) + bytes(8),
             "relocations": b"".join(struct.pack("<QQQ", *one) for one in tables), "code": code}
    for name, blob in blobs.items():
        parts[name] = at
        at += len(blob) + -len(blob) % 8
    dynamic = [(5, parts["strings"]), (10, len(strings)), (6, parts["symbols"]), (4, parts["hash"]), (7, parts["relocations"]),
               (8, len(blobs["relocations"])), (9, 24), (0, 0), (0, 0)]
    head = b"\x7fELF\2\1\1" + bytes(9) + struct.pack("<HHIQQQIHHHHHH", 3, 62, 1, parts["code"], 64, 0, 0, 64, 56, 2, 0, 0, 0)
    head += struct.pack("<IIQQQQQQ", 1, 5, 0, 0, 0, at, at, 4096)
    head += struct.pack("<IIQQQQQQ", 2, 4, start, start, start, 16 * 9, 16 * 9, 8)
    body = head + b"".join(struct.pack("<QQ", *one) for one in dynamic)
    return body + b"".join(blob + bytes(-len(blob) % 8) for blob in blobs.values()), parts


def calls(scale):
    """A program of many calls, each through a place of its own where the address of one function stands."""
    count = 4000 * scale
    code = b"\xba\0\0\0\0\xbe\x40\0\0\0\xff\x15\0\1\0\0" * count
    symbol = struct.pack("<IBBHQQ", 1, 0x12, 0, 0, 0, 0)
    name = b"\0curl_easy_setopt\0"
    _, parts = elf(code, name, symbol, [(0, 0, 0)] * count)
    content, _ = elf(code, name, symbol, [(parts["code"] + 16 * number + 0x110, 1 << 32 | 6, 0) for number in range(count)])
    return root({"usr/bin/program": content})


def defaults(scale):
    """A program whose relocations write the address of one name very often, and never a table of defaults."""
    _, parts = elf(b"", b"\0http_passwd\0", b"", [])
    name = parts["strings"] + 1
    content, _ = elf(bytes(64000 * scale), b"\0http_passwd\0", b"", [(4096 + 8 * number, 8, name) for number in range(8000 * scale)])
    return root({"usr/lib/libnvram.so": content})


RECIPES = {
    "nested.gz": nested_gzip,
    "nested.zip": nested_zip,
    "zips.zip": zip_of_zips,
    "fit-itself.itb": lambda scale: fit(scale, 0),
    "fit-shifted.itb": lambda scale: fit(scale, 4),
    "names.jffs2": jffs2,
    "masters.ubifs": ubifs,
    "versions.tar": versions,
    "links.tar": hard_links,
    "partitions.bin": partitions,
    "parts.trx": trx,
    "boot.img": android_boot,
    "safeloader.bin": safeloader,
    "multi.uimage": uimage_multi,
    "overlapping.zip": zip_overlapping,
    "within.zip": zip_within,
    "calls.tar": calls,
    "defaults.tar": defaults,
    "pem.tar": lines(b"-----BEGIN RSA PRIVATE KEY-----\n", "etc/key.pem", 4000),
    "passwd.tar": lines(b"user%d:x:%%d:0::/:/bin/sh\n".replace(b"%%d", b"0"), "etc/passwd", 2000),
    "shadow.tar": lines(b"user%d:*:0:0:99999:7:::\n", "etc/shadow", 2000),
    "inittab.tar": lines(b"::respawn:/bin/program%d -x\n", "etc/inittab", 2000),
    "script.tar": lines(b"if [ -x /bin/p%d ]; then telnetd -l /bin/sh; fi\n", "etc/init.d/rcS", 2000),
    "functions.tar": lines(b"f%d() { . /etc/config; g; }\n", "etc/init.d/rcS", 2000),
    "quotes.tar": lines(b"a='$(b \"`c`", "etc/init.d/rcS", 2000),
    "settings.tar": lines(b"password%d=secretword\n", "etc/settings.conf", 2000),
    "urls.tar": lines(b"http://host%d.example.org/path?token=abcdef\n", "www/index.html", 2000),
    "banners.tar": lines(b"BusyBox v1.%d.2 (2019-01-01)\n", "bin/banners", 2000),
    "kernels.tar": lines(b"Linux version 2.6.%d (a@b) (gcc version 4) #1 x\n", "boot/notes", 2000),
    "units.tar": lambda scale: root({f"etc/init.d/S{number}service": b"#!/bin/sh\n/usr/sbin/daemon%d &\n" % number for number in range(300 * scale)}),
    "opkg.tar": lines(b"Package: p%d\nVersion: 1\nDepends: a, b\n\n", "usr/lib/opkg/status", 1000),
    "magics.bin": lambda scale: (b"\x1f\x8b\x08\0\0\0\0\0\0\3" + b"hsqs" + b"\x27\x05\x19\x56" + b"UBI#" + b"\x85\x19\x03\x20") * 2000 * scale,
    "xz-heads.bin": lambda scale: b"\xfd7zXZ\0\0\x04\xe6\xd6\xb4\x46\x02\0\x21\x01\x1c\0\0\0\x10\xcf\x58\xcc" * 2000 * scale,
}


def main():
    folder, scale = pathlib.Path(sys.argv[1]), int(sys.argv[2])
    for name, make in RECIPES.items():
        (folder / name).write_bytes(make(scale))
        print(name)


if __name__ == "__main__":
    main()
