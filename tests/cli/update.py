#!/usr/bin/env python3
"""assay db update: feeds come from a real server, over TLS of an authority of our own and in clear, in all its moods."""
import base64
import gzip
import hashlib
import io
import json
import pathlib
import re
import signal
import subprocess
import sys
import time
import zipfile

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
from tap import PROGRAM, SCRATCH, Skip, assay, case, command, equal, holds, lacks, main, write  # noqa: E402
from served import Thing, serve  # noqa: E402

FETCH = next((path for path in (PROGRAM.parent / "assay-fetch", PROGRAM.parent.parent / "fetch/assay-fetch") if path.exists()), None)
KEV = json.dumps({"title": "x", "catalogVersion": "2025.12.20", "dateReleased": "2025-12-20T00:00:00Z",
                  "vulnerabilities": [{"cveID": "CVE-2025-90001", "dateAdded": "2025-12-19"}]}).encode()


def nvd(*numbers):
    def record(number):
        match = {"vulnerable": True, "criteria": "cpe:2.3:a:busybox:busybox:*:*:*:*:*:*:*:*", "versionEndExcluding": "1.20.0"}
        return {"cve": {"id": f"CVE-2025-{number}", "published": "2025-01-02T00:00:00.000",
                        "lastModified": "2025-12-20T00:00:00.000", "vulnStatus": "Analyzed",
                        "descriptions": [{"lang": "en", "value": "x"}],
                        "configurations": [{"nodes": [{"operator": "OR", "cpeMatch": [match]}]}]}}
    return json.dumps({"format": "NVD_CVE", "version": "2.0", "timestamp": "2025-12-20T00:00:00.000",
                       "vulnerabilities": [record(number) for number in numbers]}).encode()


def noise(size):
    out, seed = b"", b"x"
    while len(out) < size:
        seed = hashlib.sha256(seed).digest()
        out += seed
    return out[:size]


def fetch(name, plan, *words, status=0, tries=2):
    """Runs assay-fetch over a plan of the test's own, into a folder of that name."""
    if not FETCH:
        raise Skip("this build has no assay-fetch")
    (SCRATCH / name).mkdir(exist_ok=True)
    write(f"{name}.yaml", plan)
    run = command(FETCH, "--into", SCRATCH / name, "--plan", f"{name}.yaml", "--tries", tries, "--pause", 10, *words)
    equal(run.status, status, run.out + run.err)
    return run


def plan(*files, feed="f"):
    out = f"- name: {feed}\n  title: t\n  files:\n"
    for fields in files:
        out += "    - " + "\n      ".join(f"{key}: {value}" for key, value in ({"check": "none", "most": 5} | fields).items()) + "\n"
    return out


def one(server, path="/a", **fields):
    return {"url": server.base + path, "name": "a"} | fields


AUTHORITY = []


def secure():
    """A server with TLS, whose certificate an authority of the test's own has signed; and the authority's."""
    if not AUTHORITY:
        made = command("sh", "-c", """set -e
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout ca.key -out ca.pem -days 2 -subj /CN=test-authority \
 -addext basicConstraints=critical,CA:TRUE -addext keyUsage=keyCertSign
openssl req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout server.key -out server.csr -subj /CN=localhost
printf 'subjectAltName=IP:127.0.0.1' > ext
openssl x509 -req -in server.csr -CA ca.pem -CAkey ca.key -CAcreateserial -days 2 -extfile ext -out server.pem""")
        equal(made.status, 0, made.err)
        AUTHORITY.append(True)
    return serve(SCRATCH / "server.pem", SCRATCH / "server.key"), SCRATCH / "ca.pem"


def content(name, path="f/a"):
    return (SCRATCH / name / path).read_bytes()


@case
def what_is_fetched_over_tls_is_of_a_server_that_is_known():
    server, authority = secure()
    server.things["/a"] = Thing(KEV)
    run = fetch("tls", plan(one(server)), "--ca", authority)
    equal((content("tls"), run.out), (KEV, "f: a\n1 fetched, 0 unchanged, 0 failed\n"))
    run = fetch("stranger", plan(one(server)), status=2)
    holds(run.err.lower(), "certificate")
    equal(sorted(path.name for path in (SCRATCH / "stranger/f").iterdir()), [])


@case
def nothing_comes_in_clear_unless_the_mirror_says_so():
    clear, (server, authority) = serve(), secure()
    clear.things["/a"] = Thing(KEV)
    fetch("clear", plan(one(clear)), status=2)
    server.things["/a"] = Thing(location=clear.base + "/a")
    fetch("downgraded", plan(one(server)), "--ca", authority, status=2)
    equal(clear.things["/a"].asked, [])
    for location in ("file:///etc/passwd", "ftp://127.0.0.1/x", "gopher://127.0.0.1:1/x", "/a"):
        server.things["/a"] = Thing(location=location)
        fetch("elsewhere", plan(one(server)), "--ca", authority, status=2)
        equal((SCRATCH / "elsewhere/f/a").exists(), False, location)
    server.things["/a"], server.things["/b"] = Thing(location="/b"), Thing(KEV)
    fetch("moved", plan(one(server)), "--ca", authority)
    equal(content("moved"), KEV)


@case
def what_has_not_changed_is_not_sent_again():
    server, authority = secure()
    for name, thing in (("tagged", Thing(KEV)), ("dated", Thing(KEV, tag=False, modified=1700000000))):
        server.things["/a"] = thing
        words = plan(one(server)), "--ca", authority
        fetch(name, *words)
        holds(fetch(name, *words).out, "0 fetched, 1 unchanged")
        equal([status for status, _ in thing.asked], [200, 304])
        thing.body, thing.modified = KEV + b" ", thing.modified + 1
        holds(fetch(name, *words).out, "1 fetched")
        equal(content(name), KEV + b" ")
        (SCRATCH / name / "f/a").unlink()
        holds(fetch(name, *words).out, "1 fetched")


@case
def what_nobody_has_cannot_be_unchanged():
    """A server or proxy that answers 304 to a question without a condition gave nothing."""
    server, authority = secure()
    server.things["/a"] = Thing(KEV, status=304, fail=9)
    run = fetch("unasked", plan(one(server)), "--ca", authority, status=2)
    holds(run.err, "a was not fetched: the server answers 304")


@case
def what_was_cut_off_goes_on_from_there():
    server, authority = secure()
    body = noise(300000)
    thing = server.things["/a"] = Thing(body, cut=100000, cut_times=1)
    fetch("resumed", plan(one(server)), "--ca", authority)
    equal(content("resumed"), body)
    equal([status for status, _ in thing.asked], [200, 206])
    equal(thing.asked[1][1]["if-range"], thing.etag)
    resumed_at = int(re.search(r"\d+", thing.asked[1][1]["range"]).group())
    equal(0 < resumed_at <= 100000, True)
    # In the next run, too.
    thing = server.things["/a"] = Thing(body, cut=100000, cut_times=1)
    fetch("later", plan(one(server)), "--ca", authority, status=2, tries=1)
    equal((SCRATCH / "later/f/a").exists(), False)
    fetch("later", plan(one(server)), "--ca", authority)
    equal((content("later"), thing.asked[-1][0]), (body, 206))
    # Of another file than the one that was cut off nothing is taken; nor by a server that knows no parts.
    thing = server.things["/a"] = Thing(body, cut=100000, cut_times=1)
    fetch("other", plan(one(server)), "--ca", authority, status=2, tries=1)
    thing.body = noise(200000)[::-1]
    fetch("other", plan(one(server)), "--ca", authority)
    equal((content("other"), thing.asked[-1][0]), (thing.body, 200))
    thing = server.things["/a"] = Thing(body, ranges=False, cut=100000, cut_times=1)
    fetch("whole", plan(one(server)), "--ca", authority)
    equal((content("whole"), thing.asked[-1][0]), (body, 200))
    equal(sorted(path.name for path in (SCRATCH / "whole/f").iterdir()), [".a.state", "a"])


@case
def a_killed_fetch_goes_on():
    server, authority = secure()
    body = noise(3000000)
    thing = server.things["/a"] = Thing(body, slow=30, tag=True)
    thing.cut = 0
    write("killed.yaml", plan(one(server)))
    (SCRATCH / "killed").mkdir()
    if not FETCH:
        raise Skip("this build has no assay-fetch")
    with subprocess.Popen([FETCH, "--into", "killed", "--plan", "killed.yaml", "--ca", authority], cwd=SCRATCH, stdout=subprocess.DEVNULL) as run:
        while not thing.asked:
            time.sleep(0.05)
        busy = command(FETCH, "--into", "killed", "--plan", "killed.yaml", "--ca", authority)
        equal(busy.status, 2)
        holds(busy.err, "in use by another fetch")
        run.send_signal(signal.SIGKILL)
        run.wait()
    equal((SCRATCH / "killed/f/a").exists(), False)
    thing.slow = 0
    fetch("killed", plan(one(server)), "--ca", authority)
    equal(content("killed"), body)


@case
def a_server_that_fails_is_asked_again_and_not_for_ever():
    server, authority = secure()
    thing = server.things["/a"] = Thing(KEV, fail=2)
    fetch("failing", plan(one(server)), "--ca", authority, tries=3)
    equal((content("failing"), [status for status, _ in thing.asked]), (KEV, [503, 503, 200]))
    thing = server.things["/a"] = Thing(KEV, fail=9)
    run = fetch("down", plan(one(server)), "--ca", authority, tries=3, status=2)
    holds(run.err, "the server answers 503")
    holds(run.err, "--offline")
    equal(len(thing.asked), 3)
    thing = server.things["/a"] = Thing(KEV, fail=9, status=403)
    fetch("forbidden", plan(one(server)), "--ca", authority, tries=3, status=2)
    equal(len(thing.asked), 1)
    thing = server.things["/a"] = Thing(KEV, fail=1, status=429, retry=1)
    before = time.monotonic()
    fetch("patient", plan(one(server)), "--ca", authority, tries=2)
    equal(time.monotonic() - before >= 1, True)


@case
def a_server_without_bounds_is_bounded():
    server, authority = secure()
    server.things["/a"] = Thing(endless=True)
    run = fetch("endless", plan(one(server, most=1)), "--ca", authority, status=2)
    holds(run.err, "sends more than it may")
    server.things["/a"] = Thing(KEV, huge=200)
    run = fetch("headers", plan(one(server)), "--ca", authority, status=2)
    equal((SCRATCH / "headers/f/a").exists(), False)
    server.things["/a"] = Thing(KEV, slow=20)
    before = time.monotonic()
    fetch("stalled", plan(one(server)), "--ca", authority, "--stall", 1, status=2, tries=1)
    equal(time.monotonic() - before < 10, True)
    bomb = gzip.compress(bytes(30 << 20))
    server.things["/a"] = Thing(bomb)
    run = fetch("bomb", plan(one(server, unpacked=2)), "--ca", authority, status=2)
    holds(run.err, "unpacks to more than it may")
    server.things["/a"] = Thing(KEV, headers=(("ETag", '"\x1b[2J' + "x" * 3000 + '"'),), tag=False)
    fetch("tagged-badly", plan(one(server)), "--ca", authority)
    for name in ("endless", "headers", "bomb"):
        equal([path.name for path in (SCRATCH / name / "f").iterdir() if not path.name.startswith(".")], [])


@case
def what_is_damaged_takes_no_place():
    server, authority = secure()
    good = gzip.compress(KEV)
    server.things["/a"] = Thing(good)
    words = plan(one(server, unpacked=2)), "--ca", authority
    fetch("damaged", *words)
    for bad in (good[:-9], good[:20] + b"\0\0\0\0" + good[24:], KEV, b"<html>sign in</html>", good + b"x" * 20):
        server.things["/a"] = Thing(bad)
        fetch("damaged", *words, status=2)
        equal(content("damaged"), good)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("x.json", KEV)
    server.things["/a"] = Thing(out.getvalue()[:-10])
    fetch("zip", plan(one(server)), "--ca", authority, status=2)
    server.things["/a"] = Thing(out.getvalue())
    fetch("zip", plan(one(server)), "--ca", authority)


@case
def digests_of_publishers_are_checked():
    server, authority = secure()
    body = gzip.compress(nvd(90001))
    meta = f"lastModifiedDate:2025\nsize:1\nsha256:{hashlib.sha256(nvd(90001)).hexdigest().upper()}\r\n".encode()
    server.things.update({"/a": Thing(body), "/m": Thing(meta)})
    words = plan(one(server, check="nvd-meta", meta=server.base + "/m", unpacked=2)), "--ca", authority
    fetch("meta", *words)
    holds(fetch("meta", *words).out, "1 unchanged")
    equal(len(server.things["/a"].asked), 1, "its text says that it has not changed")
    server.things["/m"] = Thing(meta.replace(b"sha256:", b"sha256:0")[:-3] + b"\n")
    holds(fetch("meta", *words, status=2).err, "SHA-256")
    server.things["/m"] = Thing(b"no digest")
    holds(fetch("meta", *words, status=2).err, "has no SHA-256")
    equal(content("meta"), body)
    md5 = base64.b64encode(hashlib.md5(KEV).digest()).decode()
    server.things["/a"] = Thing(KEV, headers=(("x-goog-hash", "crc32c=AAAAAA=="), ("x-goog-hash", "md5=" + md5)))
    words = plan(one(server, check="goog-md5")), "--ca", authority
    fetch("goog", *words)
    server.things["/a"] = Thing(KEV, headers=(("x-goog-hash", f"md5={md5}, crc32c=AAAAAA=="),))
    fetch("goog-one-field", *words)
    server.things["/a"] = Thing(KEV + b" ", headers=(("x-goog-hash", "md5=" + md5),))
    holds(fetch("goog", *words, status=2).err, "MD5")
    equal(content("goog"), KEV)


@case
def the_newest_release_is_found_and_checked():
    server, authority = secure()

    def release(digest):
        names = ("2025-12-19_all_CVEs.zip", "2025-12-20_all_CVEs.zip", "2025-12-20_delta_CVEs.zip")
        assets = [{"name": name, "browser_download_url": f"{server.base}/o/p/releases/download/{name}", "digest": digest} for name in names]
        assets.append({"name": "9999_all_CVEs.zip", "browser_download_url": "https://elsewhere.example/9999_all_CVEs.zip"})
        return json.dumps({"assets": assets}).encode()
    server.things["/o/p/releases/download/2025-12-20_all_CVEs.zip"] = Thing(KEV)
    words = (plan({"release": "o/p", "asset": "_all_CVEs", "name": "a"}), "--ca", authority, "--releases", server.base,
             "--assets", server.base)
    server.things["/repos/o/p/releases/latest"] = Thing(release("sha256:" + hashlib.sha256(KEV).hexdigest()))
    fetch("release", *words)
    equal(content("release"), KEV)
    holds(fetch("release", *words).out, "1 unchanged")
    server.things["/repos/o/p/releases/latest"] = Thing(release("sha256:" + "0" * 64))
    holds(fetch("release", *words, status=2).err, "SHA-256")
    for text in (b"{", b"[" * 100000, b"{}", json.dumps({"assets": [{"name": 1}]}).encode(), b'{"assets": [{"name": "_all_CVEs"}]}'):
        server.things["/repos/o/p/releases/latest"] = Thing(text)
        fetch("release", *words, status=2)
    equal(content("release"), KEV)


def mirror():
    server = serve()
    files = {"nvd/nvdcve-2.0-2025.json.gz": gzip.compress(nvd(90001, 90002)), "kev/known_exploited_vulnerabilities.json": KEV}
    publish(server, files)
    return server, files


def publish(server, files, sums=True):
    server.things.clear()
    for name, body in files.items():
        server.things["/m/" + name] = Thing(body)
    if sums:
        server.things["/m/SHA256SUMS"] = Thing("".join(f"{hashlib.sha256(body).hexdigest()}  {name}\n" for name, body in files.items()).encode())


def update(server, *words, **variables):
    if not FETCH:
        raise Skip("this build has no assay-fetch")
    return assay("db", "update", "--alone", "--mirror", server.base + "/m", "--into", "mirrored", "--db", "updated.db", *words, **variables)


@case
def a_mirror_gives_a_store():
    server, files = mirror()
    run = update(server)
    equal(run.status, 0, run.err)
    holds(run.out, "2 fetched, 0 unchanged, 0 failed")
    holds(run.out, "updated.db: 2 vulnerabilities")
    holds(run.err, "the mirror has nothing of epss")
    equal(server.missed, [])
    first = (SCRATCH / "updated.db").read_bytes()
    run = update(server, "--quiet")
    equal((run.status, (SCRATCH / "updated.db").read_bytes()), (0, first), run.err)
    equal(sum(len(server.things["/m/" + name].asked) for name in files), 2)
    # What a fetch leaves is a mirror itself.
    again = serve()
    publish(again, {str(path.relative_to(SCRATCH / "mirrored")): path.read_bytes() for path in (SCRATCH / "mirrored").rglob("*")
                    if path.is_file() and not path.name.startswith(".")}, sums=False)
    run = assay("db", "update", "--alone", "--mirror", again.base + "/m", "--into", "second", "--db", "second.db")
    equal((run.status, (SCRATCH / "second.db").read_bytes()), (0, first), run.err)
    manifest = json.loads(assay("db", "info", "--db", "updated.db", "--format", "json").out)["manifest"]
    equal(sorted(one["name"] for one in manifest["inputs"]), ["known_exploited_vulnerabilities.json", "nvdcve-2.0-2025.json.gz"])


@case
def a_mirror_must_have_what_its_list_names():
    server, files = mirror()
    del server.things["/m/kev/known_exploited_vulnerabilities.json"]
    run = assay("db", "update", "--alone", "--mirror", server.base + "/m", "--into", "promised", "--db", "promised.db", "--force")
    equal(run.status, 2, run.err)
    holds(run.err, "known_exploited_vulnerabilities.json was not fetched: the server answers 404")
    server.things["/m/SHA256SUMS"].body = b"<!DOCTYPE html><title>Sign in</title>\n"
    run = assay("db", "update", "--alone", "--mirror", server.base + "/m", "--into", "page", "--db", "page.db", "--force")
    equal(run.status, 2, run.err)
    holds(run.err, "SHA256SUMS is no list of SHA-256 digests")
    lacks(run.err, "has nothing of")


@case
def a_mirror_that_lies_or_lost_a_source_changes_nothing():
    server, files = mirror()
    equal(update(server, "--force").status, 0)
    before = (SCRATCH / "updated.db").read_bytes()
    server.things["/m/kev/known_exploited_vulnerabilities.json"].body = KEV + b" "
    server.things["/m/SHA256SUMS"].body = server.things["/m/SHA256SUMS"].body.replace(hashlib.sha256(KEV).hexdigest().encode(), b"0" * 64)
    run = update(server)
    equal((run.status, (SCRATCH / "updated.db").read_bytes()), (2, before))
    holds(run.err, "its SHA-256 is not the one")
    holds(run.err, "of older files")
    publish(server, files | {"nvd/nvdcve-2.0-2025.json.gz": gzip.compress(nvd())})
    run = update(server)
    equal((run.status, (SCRATCH / "updated.db").read_bytes()), (2, before))
    holds(run.err, "the feed nvd would shrink from 2 records to 0")
    publish(server, files)
    del server.things["/m/nvd/nvdcve-2.0-2025.json.gz"]
    run = assay("db", "update", "--alone", "--mirror", server.base + "/m", "--feeds", "nvd", "--into", "nothing", "--db", "nothing.db")
    equal((run.status, (SCRATCH / "nothing.db").exists()), (2, False))


@case
def offline_builds_from_what_was_fetched():
    server, _ = mirror()
    run = assay("db", "update", "--offline", "--into", "never-fetched", "--db", "off.db")
    equal(run.status, 2)
    holds(run.err, "nothing has been fetched")
    equal(update(server, "--force").status, 0)
    server.shutdown()
    server.server_close()
    run = assay("db", "update", "--alone", "--offline", "--into", "mirrored", "--db", "off.db")
    equal(run.status, 0, run.err)
    holds(run.out, "2 vulnerabilities")
    run = update(server)
    equal(run.status, 2)
    holds(run.err, "SHA256SUMS")


@case
def a_proxy_is_used_where_it_is_named():
    if not FETCH:
        raise Skip("this build has no assay-fetch")
    proxy = serve()
    proxy.things["http://mirror.example/m/SHA256SUMS"] = Thing(f"{hashlib.sha256(KEV).hexdigest()}  kev/known_exploited_vulnerabilities.json\n".encode())
    proxy.things["http://mirror.example/m/kev/known_exploited_vulnerabilities.json"] = Thing(KEV)
    words = ("db", "update", "--alone", "--mirror", "http://mirror.example/m", "--feeds", "kev")
    run = assay(*words, "--into", "proxied", "--db", "proxied.db", "--proxy", proxy.base)
    equal((SCRATCH / "proxied/kev/known_exploited_vulnerabilities.json").read_bytes(), KEV, run.err)
    assay(*words, "--into", "by-environment", "--db", "proxied.db", http_proxy=proxy.base)
    equal((SCRATCH / "by-environment/kev/known_exploited_vulnerabilities.json").read_bytes(), KEV)


@case
def the_nightly_job_publishes_a_signed_store():
    server, files = mirror()
    if not FETCH:
        raise Skip("this build has no assay-fetch")
    (SCRATCH / "public").mkdir()
    equal(assay("db", "key", "house").status, 0)
    job = (pathlib.Path(__file__).resolve().parent.parent.parent / "examples/nightly/publish-store", "public", "house")
    more = {"ASSAY": str(PROGRAM), "XDG_CACHE_HOME": str(SCRATCH / "job"), "ASSAY_UPDATE": f"--alone --mirror {server.base}/m"}
    run = command(*job, **more)
    equal(run.status, 0, run.err)
    published = (SCRATCH / "public/vulnerabilities.db").read_bytes()
    equal(assay("db", "verify", "public/vulnerabilities.db", "--key", "house.pub").status, 0)
    equal(sorted(path.name for path in (SCRATCH / "public").iterdir()), ["vulnerabilities.db", "vulnerabilities.txt"])
    equal(assay("db", "import", "public/vulnerabilities.db", "--trust", "house.pub", "--db", "imported.db").status, 0)
    # The next night a source is gone, and then another is sent wrongly: what is published stays.
    publish(server, {name: body for name, body in files.items() if name.startswith("kev")})
    (SCRATCH / "job/assay/feeds/nvd/nvdcve-2.0-2025.json.gz").unlink()
    run = command(*job, **more)
    equal((run.status, (SCRATCH / "public/vulnerabilities.db").read_bytes()), (2, published))
    holds(run.err, "would lose the feed nvd")
    publish(server, files | {"nvd/nvdcve-2.0-2025.json.gz": gzip.compress(nvd(90001, 90002, 90003))})
    run = command(*job, **more)
    equal(run.status, 0, run.err)
    equal((SCRATCH / "public/vulnerabilities.db").read_bytes() == published, False)


@case
def feeds_are_named_and_listed():
    if not FETCH:
        raise Skip("this build has no assay-fetch")
    run = assay("db", "update", "--feeds", "list")
    equal(run.status, 0, run.err)
    for name in ("nvd", "cve", "kev", "epss", "osv-alpine", "osv-debian", "osv-ubuntu", "osv-oss-fuzz"):
        holds(run.out, name)
    run = assay("db", "update", "--feeds", "nvd,none", "--into", "unnamed")
    equal(run.status, 2)
    holds(run.err, "there is no feed 'none'")
    equal(assay("db", "update", "--mirror", "ftp://x").status, 2)
    for broken in ("- name: f\n", "x", "- name: f\n  files:\n    - url: https://x\n", "- name: f\n  files:\n    - {url: 'https://x', name: a, check: none}\n",
                   "- name: f\n  files:\n    - {url: 'https://x', name: a, check: nvd-meta, most: 1}\n"):
        if broken not in ("- name: f\n", "x"):
            fetch("broken", broken, status=2)
    lacks(assay("db", "update", "--feeds", "list").err, "assay:")


main()
