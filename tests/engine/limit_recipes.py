"""Images that reach a limit, by a number: a root file system with one more file, archives, device trees."""
import base64
import gzip
import hashlib
import io
import json
import struct
import tarfile
import zlib

from recipes import device_tree

# A root file system of which something is shown, as long as all of it was read.
SOUND = {
    "etc/passwd": b"root:x:0:0:root:/root:/bin/sh\n",
    "etc/shadow": b"root:!:19000:0:99999:7:::\n",
    "etc/inittab": b"::sysinit:/etc/init.d/rcS\n",
    "etc/init.d/rcS": b"#!/bin/sh\nmount -t proc proc /proc\n",
    "etc/sysctl.conf": b"kernel.kptr_restrict = 2\n",
    "bin/sh": b"#!/bin/ash\n",
}


def archive(files, format=tarfile.USTAR_FORMAT):
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w", format=format) as tar:
        for name, content in files.items():
            member = tarfile.TarInfo(name)
            member.size, member.mode = len(content), 0o755 if content.startswith((b"#!", b"\x7fELF")) else 0o644
            tar.addfile(member, io.BytesIO(content))
    return out.getvalue()


def root(path, make):
    """A recipe of an image: the sound root file system and one more file, that a number makes."""
    return lambda number: archive({**SOUND, path: make(number)})


def lines(each, head=b"", tail=b""):
    return lambda count: head + b"".join(each % number if b"%d" in each else each for number in range(count)) + tail


def elf(needed=1, imports=1, compilers=1, soname=b"libx.so", function=b"system"):
    """A program of 64 bits with dynamic entries, imported functions and a section of compilers."""
    strings = b"\0" + soname + b"\0" + b"lib.so\0" + function + b"\0"
    names = {"soname": 1, "lib": 2 + len(soname), "system": 2 + len(soname) + 7}
    symbols = bytes(24) + struct.pack("<IBBHQQ", names["system"], 0x12, 0, 0, 0, 0) * imports
    comment = b"".join(b"GCC: (maker) 4.%d\0" % number for number in range(compilers))
    base, start = 0x10000, 64 + 2 * 56
    at = {"strings": start, "symbols": start + len(strings)}
    hashes = struct.pack("<II", 1, 1 + imports) + bytes(4 * (2 + imports))  # its second word counts the symbols
    at["hash"] = at["symbols"] + len(symbols)
    at["dynamic"] = at["hash"] + len(hashes)
    entries = [(14, names["soname"]), (5, base + at["strings"]), (10, len(strings)), (6, base + at["symbols"]), (11, 24),
               (4, base + at["hash"]), *[(1, names["lib"])] * needed, (0, 0)]
    dynamic = b"".join(struct.pack("<QQ", *entry) for entry in entries)
    body = strings + symbols + hashes + dynamic
    at["comment"] = start + len(body)
    titles = b"\0.dynamic\0.comment\0.shstrtab\0"
    at["titles"] = at["comment"] + len(comment)
    sections = at["titles"] + len(titles)
    loaded = at["comment"]
    head = b"\x7fELF\2\1\1" + bytes(9) + struct.pack("<HHIQQQIHHHHHH", 3, 62, 1, 0, 64, sections, 0, 64, 56, 2, 64, 4, 3)
    segments = (struct.pack("<IIQQQQQQ", 1, 5, 0, base, base, loaded, loaded, 4096) +
                struct.pack("<IIQQQQQQ", 2, 4, at["dynamic"], base + at["dynamic"], 0, len(dynamic), len(dynamic), 8))

    def section(title, kind, offset, size, address=0):
        return struct.pack("<IIQQQQIIQQ", titles.index(b"\0" + title) + 1 if title else 0, kind, 0, address, offset, size, 0, 0, 1, 0)
    return (head + segments + body + comment + titles + section(b"", 0, 0, 0) +
            section(b".dynamic", 6, at["dynamic"], len(dynamic), base + at["dynamic"]) +
            section(b".comment", 1, at["comment"], len(comment)) + section(b".shstrtab", 3, at["titles"], len(titles)))


def environment(variables, size):
    data = b"\0".join(variables) + b"\0\0"
    data += b"\0" * (size - 4 - len(data))
    return struct.pack("<I", zlib.crc32(data)) + data


def named(count):
    return [b"bootcmd=run a", b"bootdelay=1", b"baudrate=9600"] + [b"v%d=1" % number for number in range(count - 3)]


def docker(images, layers=1, wrap=0, padding=0):
    """What "docker save" writes."""
    layer = archive(SOUND)
    for _ in range(wrap):
        layer = gzip.compress(layer, mtime=0)
    list_of = [{"Config": "c.json", "RepoTags": [f"x:{number}"], "Layers": ["a/layer.tar"] * layers} for number in range(images)]
    manifest = json.dumps(list_of).encode()
    return archive({"manifest.json": manifest + b" " * (padding - len(manifest)), "a/layer.tar": layer, "c.json": b"{}"})


def layered(count):
    """Images of layers that no other one has."""
    images = [{"RepoTags": [f"x:{number}"], "Layers": [f"{layer}/layer.tar" for layer in range(number, count, 2)]} for number in (0, 1)]
    return archive({"manifest.json": json.dumps(images).encode(), "0/layer.tar": archive(SOUND),
                    **{f"{number}/layer.tar": archive({f"etc/x{number}": b"text"}) for number in range(1, count)}})


def oci_blobs():
    """What adds a blob to an image layout of the Open Container Initiative and refers to it; a layer; all blobs so far."""
    blobs = {}

    def blob(content):
        name = hashlib.sha256(content).hexdigest()
        blobs["blobs/sha256/" + name] = content
        return {"digest": "sha256:" + name, "size": len(content)}
    layer = {**blob(archive(SOUND)), "mediaType": "application/vnd.oci.image.layer.v1.tar"}
    return blob, layer, blobs


def oci(count):
    """An image layout of so many images."""
    blob, layer, blobs = oci_blobs()
    manifests = [blob(json.dumps({"layers": [layer], "number": number}).encode()) for number in range(count)]
    return archive({"index.json": json.dumps({"manifests": manifests}).encode(), "oci-layout": b"{}", **blobs})


def nested(depth):
    content = b"the innermost text\n" * 20
    for _ in range(depth):
        content = gzip.compress(content, mtime=0)
    return content


def roots(count):
    files = {f"r{number}/{name}": content for number in range(count) for name, content in SOUND.items()}
    return archive({**files, **{f"r{number}/{folder}/x": b"" for number in range(count) for folder in ("usr", "lib")}})


def pax(path=None, comment=None):
    def record(key, value):
        size = len(key) + len(value) + 3
        while len(str(size)) + len(key) + len(value) + 3 != size:
            size = len(str(size)) + len(key) + len(value) + 3
        return b"%d %s=%s\n" % (size, key, value)
    body = record(b"path", path) if path else record(b"comment", comment)
    head = tarfile.TarInfo("x")
    head.type, head.size = tarfile.XHDTYPE, len(body)
    member = tarfile.TarInfo("short")
    member.size = 4
    sound = archive(SOUND)
    end = len(sound) - next(n for n in range(0, len(sound), 512) if sound[len(sound) - n - 512:len(sound) - n].strip(b"\0"))
    out = sound[:end] + head.tobuf(tarfile.USTAR_FORMAT) + body + bytes(-len(body) % 512)
    return out + member.tobuf(tarfile.USTAR_FORMAT) + b"text" + bytes(508 + 1024)


def chain(count):
    files = {f"usr/lib/step{number}.sh": b"#!/bin/sh\n/usr/lib/step%d.sh\n" % (number + 1) for number in range(1, count)}
    return archive({**SOUND, **files, "etc/init.d/rcS": b"#!/bin/sh\n/usr/lib/step1.sh\n",
                    f"usr/lib/step{count}.sh": b"#!/bin/sh\ntelnetd -l /bin/sh\n"})


def functions(count):
    """Functions that call each other, the last one first: each walk over the script finds one more."""
    names = [b"f%d() { f%d; }\n" % (number, number + 1) for number in range(count)]
    return b"#!/bin/sh\n" + b"f%d() { telnetd -l /bin/sh; }\n" % count + b"".join(reversed(names)) + b"f0\n"


def ssh_line(number):
    key = struct.pack(">I", 11) + b"ssh-ed25519" + struct.pack(">I", 32) + struct.pack(">Q", number + 1) * 4
    return b"ssh-ed25519 " + base64.b64encode(key) + b" x\n"


def kernel_configuration(size):
    text = b"#\n# Automatically generated make config: don't edit\n# Linux kernel version: 2.6.36\n#\nCONFIG_MMU=y\n"
    return elf() + b"IKCFG_ST" + gzip.compress(text + b"\n" * (size - len(text)), mtime=0) + b"IKCFG_ED"


def packages(count):
    return b"".join(b"Package: p\nVersion: 1.%d\nStatus: install ok installed\n\n" % (number % 5) for number in range(count))


def block(label, count):
    return (b"-----BEGIN %s-----\n" % label + base64.b64encode(bytes(range(30))) + b"\n-----END %s-----\n" % label) * count


def loop(pattern, count):
    """A loop over files, the last of whose lines runs them."""
    return b"#!/bin/sh\nfor i in " + pattern + b"; do\n" + b"\techo $i\n" * (count - 1) + b"\t$i start\ndone\n"


def numbered_lines(path, count, head, last):
    """A script of so many words or lines in all, the last of which hands out a shell."""
    return archive({**SOUND, path: b"#!/bin/sh\n" + head * (count - 1) + last})


def der(tag, *parts):
    body = b"".join(parts)
    size = bytes([len(body)]) if len(body) < 128 else b"\x82" + struct.pack(">H", len(body))
    return bytes([tag]) + size + body


def certificates(count):
    """PEM certificates whose signatures nobody verifies."""
    algorithm = der(0x30, der(6, bytes.fromhex("2a864886f70d01010b")), der(5))
    name = der(0x30, der(0x31, der(0x30, der(6, bytes.fromhex("550403")), der(12, b"x"))))
    times = der(0x30, der(23, b"200101000000Z"), der(23, b"400101000000Z"))
    key = der(0x30, der(0x30, der(6, bytes.fromhex("2a864886f70d010101")), der(5)),
              der(3, b"\0", der(0x30, der(2, b"\0" + b"\xc1" * 128), der(2, b"\1\0\1"))))

    def one(number):
        body = der(0x30, der(0xA0, der(2, b"\2")), der(2, struct.pack(">I", 0x40000000 + number)), algorithm, name, times, name, key)
        text = base64.encodebytes(der(0x30, body, algorithm, der(3, b"\0" + bytes(128))))
        return b"-----BEGIN CERTIFICATE-----\n" + text + b"-----END CERTIFICATE-----\n"
    return b"".join(map(one, range(count)))


def entries(count):
    """A compressed archive of so many empty files in an image of 1 MiB: few bytes, and more entries than those may have."""
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w", format=tarfile.USTAR_FORMAT) as tar:
        for name, content in SOUND.items():
            member = tarfile.TarInfo(name)
            member.size = len(content)
            tar.addfile(member, io.BytesIO(content))
        for number in range(count - len(SOUND)):
            tar.addfile(tarfile.TarInfo(f"srv/{number}"))
    return gzip.compress(out.getvalue(), mtime=0).ljust(1 << 20, b"\0")


def volumes(count):
    """A root file system and small containers."""
    return archive(SOUND) + b"".join(gzip.compress(b"number %d\n" % number, mtime=0) + b"between them\n" for number in range(count - 1))


def oci_documents(count):
    """An image layout with so many documents, of which only the last names an image."""
    blob, layer, blobs = oci_blobs()
    empty = [blob(json.dumps({"layers": [], "number": number}).encode()) for number in range(count - 2)]
    last = blob(json.dumps({"layers": [layer]}).encode())
    return archive({"index.json": json.dumps({"manifests": [*empty, last]}).encode(), "oci-layout": b"{}", **blobs})


def large_tree(size):
    """A device tree of so many bytes."""
    empty = device_tree({"model": b"large\0", "compatible": b"a,b\0", "filler": b""})
    return device_tree({"model": b"large\0", "compatible": b"a,b\0", "filler": bytes(size - len(empty))})


def units(count):
    """Units of systemd, each of which wants the next; the last one hands out a shell."""
    files = {f"etc/systemd/system/u{number}.service": b"[Unit]\nWants=u%d.service\n[Service]\nExecStart=/usr/bin/true\n" % (number + 1)
             for number in range(1, count)}
    files[f"etc/systemd/system/u{count}.service"] = b"[Service]\nExecStart=/usr/sbin/telnetd -l /bin/sh\n"
    files["usr/sbin/telnetd"] = b"#!/bin/sh\n"
    return archive({**SOUND, **files, "etc/systemd/system/multi-user.target.wants/u1.service": files["etc/systemd/system/u1.service"]})


def starters(count):
    """Programs that start each other; the last one starts telnet."""
    def program(words):
        return elf() + b"\0" + words + b"\0"
    files = {f"usr/sbin/step{number}d": program(b"/usr/sbin/step%dd" % (number + 1)) for number in range(1, count)}
    files[f"usr/sbin/step{count}d"] = program(b"/usr/sbin/telnetd -l /bin/sh")
    return archive({**SOUND, **files, "usr/sbin/telnetd": elf(), "etc/init.d/rcS": b"#!/bin/sh\n/usr/sbin/step1d\n"})


def uimage(content, kind):
    def header(checksum):
        return struct.pack(">7I4B32s", 0x27051956, checksum, 0, len(content), 0, 0, zlib.crc32(content), 5, 2, kind, 0, b"x")
    return header(zlib.crc32(header(0))) + content


def kernels(count):
    banner = b"\0Linux version 2.6.%d (a@b) (gcc version 4.3.3 (GCC) ) #1 Mon Jan 1 00:00:00 UTC 2018\n\0"
    return uimage(b"\1\2\3" + b"".join(banner % number for number in range(10, 10 + count)), 2)


def loader(text):
    """A boot loader that holds a text."""
    code = b"\xe1\xa0\1\2" * 16384
    return uimage(code + b"\0U-Boot 1.1.3 (Jan 01 2018 - 10:00:00)\0" + text + b"\0\1\2\3", 5)


def environments(count):
    """A boot loader with so many words that look like the beginning of an environment, of which only the last is one."""
    return loader(b"\xe1\xa0\0bootcmd=\0\1\2\3" * (count - 1) + b"\0bootcmd=run a\0bootdelay=1\0baudrate=9600\0\0")


def long_variable(size):
    """A boot loader whose environment has a variable of so many bytes in all, with the byte that ends it."""
    return loader(b"bootcmd=run a\0bootdelay=1\0baudrate=9600\0long=" + b"x" * (size - 6) + b"\0after=1\0\0")


def many_environments(count):
    """A boot loader with so many variables in all, no two of them alike, in environments that each have fewer than one may."""
    out = b""
    for block in range(0, count, 1000):
        size = min(1000, count - block)
        out += b"\0\1\2\3\0\0bootcmd=%d\0" % block + b"".join(b"v=%d\0" % (block + n) for n in range(1, size)) + b"\0"
    return loader(out)


def rpm_database(count):
    """Packages of an RPM database in SQLite."""
    import os
    import sqlite3
    import tempfile

    def header(number):
        values = {1000: (6, b"p\0"), 1001: (6, b"1.%d\0" % (number % 5)), 1002: (6, b"1\0"), 1022: (6, b"noarch\0")}
        entries, store = b"", b""
        for tag, (kind, value) in values.items():
            entries += struct.pack(">4I", tag, kind, len(store), 1)
            store += value
        return struct.pack(">2I", len(values), len(store)) + entries + store
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "rpmdb.sqlite")
        database = sqlite3.connect(path)
        database.execute("CREATE TABLE Packages (hnum INTEGER PRIMARY KEY AUTOINCREMENT, blob BLOB NOT NULL)")
        database.executemany("INSERT INTO Packages (blob) VALUES (?)", ((header(number),) for number in range(count)))
        database.commit()
        database.close()
        with open(path, "rb") as file:
            return archive({**SOUND, "var/lib/rpm/rpmdb.sqlite": file.read()})


def folders(count):
    """Folders that may be root file systems; the last in order is one, and the others have too few folders of one."""
    files = {f"c{number:05}/etc/passwd": b"root:x:0:0::/:/bin/sh\n" for number in range(count - 1)}
    return archive({**files, **{f"r/{name}": content for name, content in SOUND.items()}, "r/usr/x": b"", "r/lib/x": b""})


def sightings(count):
    """Package databases of so many packages in all: each package is a sighting of a component."""
    each = 18000
    files = {f"{root}usr/lib/opkg/status": packages(min(each, count - start))
             for root, start in zip(("", "a/", "b/", "c/", "d/", "e/"), range(0, count, each))}
    return archive({**SOUND, **files})


def long_path(size):
    """A SquashFS with a file whose path has so many bytes."""
    import shutil
    import subprocess
    import tempfile
    parts, left = [], size
    while left > 256:
        parts.append("d" * 199)
        left -= 200
    parts.append("f" * (left - 1))
    name = "/".join(parts).encode()
    with tempfile.TemporaryDirectory() as folder:
        out = folder + "/out.squashfs"
        subprocess.run([shutil.which("sqfstar"), "-quiet", "-no-progress", out], check=True, capture_output=True,
                       input=archive({**SOUND, name.decode(): b"content\n"}, tarfile.PAX_FORMAT))
        with open(out, "rb") as file:
            return file.read()


def fragments(count):
    """A SquashFS that says that it has so many blocks of the ends of files: its table is one block of zeros, over and over."""
    import shutil
    import subprocess
    import tempfile
    with tempfile.TemporaryDirectory() as folder:
        out = folder + "/out.squashfs"
        subprocess.run([shutil.which("sqfstar"), "-quiet", "-no-progress", "-no-fragments", out], check=True, capture_output=True,
                       input=archive(SOUND))
        with open(out, "rb") as file:
            image = bytearray(file.read())
    del image[struct.unpack_from("<Q", image, 40)[0]:]
    block = zlib.compress(bytes(8192), 9)
    at = len(image)
    image += struct.pack("<H", len(block)) + block
    table = len(image)
    image += struct.pack("<Q", at) * ((count * 16 + 8191) // 8192)
    struct.pack_into("<I", image, 16, count)
    struct.pack_into("<Q", image, 80, table)
    struct.pack_into("<Q", image, 40, len(image))
    return bytes(image) + bytes(-len(image) % 4096)
