#!/usr/bin/env python3
"""Layers of a container image are merged as its runtime merges them; what only a layer has is told where it is secret."""
import gzip
import hashlib
import io
import json
import pathlib
import sys
import tarfile

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))
from tap import SCRATCH, assay, case, command, equal, main, write  # noqa: E402

LOWEST = {
    "etc/passwd": b"root:x:0:0:root:/root:/bin/sh\n",
    "etc/inittab": b"::sysinit:/etc/init.d/rcS\n",
    "etc/init.d/rcS": b"#!/bin/sh\ntelnetd -l /bin/sh\n",
    "usr/sbin/telnetd": b"\x7fELF not quite",
    "bin/busybox": b"\x7fELF not quite",
    "opt/a/one": b"1", "opt/a/b/two": b"2", "opt/c": b"a file",
    "srv/kept": b"kept", "srv/old": b"old",
}


def archive(files):
    """A tar; a tuple is a hard link to its first part, a name that ends in a slash a folder."""
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as tar:
        for name, content in files.items():
            entry = tarfile.TarInfo(name.rstrip("/"))
            entry.mode = 0o755
            if isinstance(content, tuple):
                entry.type, entry.linkname = tarfile.LNKTYPE, content[0]
                tar.addfile(entry)
            elif name.endswith("/"):
                entry.type = tarfile.DIRTYPE
                tar.addfile(entry)
            else:
                entry.size = len(content)
                tar.addfile(entry, io.BytesIO(content))
    return out.getvalue()


def docker_save(*layers, tag="test:1"):
    files = {f"{i}/layer.tar": layer for i, layer in enumerate(layers)}
    manifest = [{"Config": "c.json", "RepoTags": [tag], "Layers": list(files)}]
    return files | {"manifest.json": json.dumps(manifest).encode(), "c.json": b"{}"}


def oci_layout(images):
    """The files of an OCI layout; images: platform to layers, which are compressed here."""
    files = {"oci-layout": b'{"imageLayoutVersion": "1.0.0"}'}

    def blob(content):
        digest = hashlib.sha256(content).hexdigest()
        files[f"blobs/sha256/{digest}"] = content
        return {"digest": f"sha256:{digest}", "size": len(content)}

    manifests = []
    for machine, layers in images.items():
        layers = [blob(gzip.compress(layer, mtime=0)) | {"mediaType": "application/vnd.oci.image.layer.v1.tar+gzip"}
                  for layer in layers]
        manifests.append(blob(json.dumps({"schemaVersion": 2, "layers": layers}).encode()) |
                         {"platform": {"os": "linux", "architecture": machine}})
    index = blob(json.dumps({"schemaVersion": 2, "manifests": manifests}).encode())
    return files | {"index.json": json.dumps({"schemaVersion": 2, "manifests": [index]}).encode()}


def rows(image, sql):
    run = assay("query", image, sql, "--format", "json")
    equal(run.status, 0, run.err)
    return json.loads(run.out)


def roots(image):
    """Label to the sorted paths of the files of each root."""
    out = {}
    for row in rows(image, "SELECT v.label AS label, f.path AS path FROM volume v JOIN file f ON f.volume = v.id"
                           " WHERE v.format = 'container' AND f.type = 'file' ORDER BY v.id, f.path"):
        out.setdefault(row["label"], []).append(row["path"])
    return out


def paths(files):
    return sorted("/" + name for name in files)


def private_key():
    run = command("openssl", "genpkey", "-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2048")
    equal(run.status, 0, run.err)
    return run.bytes


@case
def whiteouts_and_replacements_are_applied():
    upper = {"etc/init.d/rcS": b"#!/bin/sh\n# nothing\n", "usr/sbin/.wh.telnetd": b"", "opt/a/.wh..wh..opq": b"",
             "opt/a/new": b"n", "opt/.wh.c": b"", "srv/old/": b"", "srv/old/now": b"a folder", "srv/.wh.kept": b""}
    again = {"srv/kept": b"here again", "opt/a": b"a file in place of a folder"}
    image = write("save.tar", archive(docker_save(archive(LOWEST), archive(upper), archive(again))))
    left = ["etc/passwd", "etc/inittab", "etc/init.d/rcS", "bin/busybox", "opt/a", "srv/kept", "srv/old/now"]
    equal(roots(image), {"test:1": paths(left)})
    findings = json.loads(assay(image, "--json", "-").out)["findings"]
    equal([one for one in findings if "telnet" in one["rule"]], [])
    control = write("control.tar", archive(docker_save(archive(LOWEST))))
    findings = json.loads(assay(control, "--json", "-").out)["findings"]
    equal(any("telnet" in one["rule"] for one in findings), True)
    equal(rows(image, "SELECT kind FROM artifact"), [{"kind": "container image"}])


@case
def folders_add_up_unless_an_upper_one_is_opaque():
    adding = archive({"etc/": b"", "opt/a/": b"", "opt/a/new": b"n"})
    image = write("adding.tar", archive(docker_save(archive(LOWEST), adding)))
    equal(roots(image), {"test:1": paths([*LOWEST, "opt/a/new"])})
    opaque = archive({"opt/a/": b"", "opt/a/new": b"n", "opt/a/.wh..wh..opq": b""})
    image = write("opaque.tar", archive(docker_save(archive(LOWEST), opaque)))
    equal(roots(image), {"test:1": paths([name for name in LOWEST if not name.startswith("opt/a/")] + ["opt/a/new"])})
    folders = rows(image, "SELECT path FROM file f JOIN volume v ON v.id = f.volume WHERE v.format = 'container'"
                          " AND f.type = 'directory' AND path LIKE '/opt/a%'")
    equal(folders, [{"path": "/opt/a"}])


@case
def layers_of_an_oci_layout_merge_alike_in_a_tar_a_folder_and_compressed():
    layers = [archive(LOWEST), archive({"usr/sbin/.wh.telnetd": b""})]
    files = oci_layout({"arm64": layers, "amd64": layers[:1]})
    less = [name for name in LOWEST if "telnetd" not in name]
    want = {"linux/arm64": paths(less), "linux/amd64": paths(LOWEST)}
    equal(roots(write("oci.tar", archive(files))), want)
    equal(roots(write("oci.tar.gz", gzip.compress(archive(files), mtime=0))), want)
    for name, content in files.items():
        write(f"layout/{name}", content)
    equal(roots(SCRATCH / "layout"), want)


@case
def hard_links_reach_into_lower_layers():
    upper = archive({"bin/sh": ("bin/busybox",), "bin/ls": ("bin/sh",)})
    image = write("links.tar", archive(docker_save(archive(LOWEST), upper)))
    digest = hashlib.sha256(LOWEST["bin/busybox"]).hexdigest()
    equal(rows(image, "SELECT sha256 FROM file WHERE path = '/bin/sh'"), [{"sha256": digest}])


@case
def secrets_of_deleted_files_are_told_and_are_no_files():
    key = private_key()
    lower = archive(LOWEST | {"root/.ssh/id_rsa": key})
    image = write("secret.tar", archive(docker_save(lower, archive({"root/.ssh/.wh.id_rsa": b""}))))
    equal(rows(image, "SELECT path, kind FROM residue"), [{"path": "/root/.ssh/id_rsa", "kind": "private key"}])
    equal(rows(image, "SELECT count(*) AS n FROM file WHERE path LIKE '%id_rsa'"), [{"n": 0}])
    findings = json.loads(assay(image, "--json", "-").out)["findings"]
    equal([one["path"] for one in findings if one["rule"] == "secret-in-deleted-layer"], ["/root/.ssh/id_rsa"])
    shown = write("shown.tar", archive(docker_save(lower)))
    equal(rows(shown, "SELECT count(*) AS n FROM residue"), [{"n": 0}])


@case
def hostile_manifests_are_noted_and_end():
    layer = archive(LOWEST)
    missing = docker_save(layer) | {"manifest.json": b'[{"Layers": ["0/layer.tar", "../../etc/shadow", "gone/layer.tar"]}]'}
    image = write("missing.tar", archive(missing))
    equal(roots(image), {None: paths(LOWEST)})
    equal(rows(image, "SELECT state FROM volume WHERE format = 'container'"), [{"state": "partial"}])
    equal(len(rows(image, "SELECT * FROM incomplete WHERE code = 'container.missing-layer'")) > 0, True)
    circle = {"index.json": b'{"manifests": [{"digest": "sha256:a"}, {"digest": "sha256:a"}, {"digest": "sha256:a"}]}'}
    circle["blobs/sha256/a"] = circle["index.json"]
    image = write("circle.tar", archive(circle))
    equal(roots(image), {})
    equal(len(rows(image, "SELECT * FROM incomplete WHERE code = 'container.circle'")) > 0, True)
    for name, text in {"deep": b"[" * 100000, "empty": b"", "null": b"null", "numbers": b'[{"Layers": [1, {}, null]}]',
                       "many": json.dumps([{"Layers": ["0/layer.tar"] * 600}]).encode()}.items():
        image = write(f"{name}.tar", archive(docker_save(layer) | {"manifest.json": text}))
        equal(assay(image, "--quiet").status, 0, name)


main()
