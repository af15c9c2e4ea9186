#!/usr/bin/env python3
"""Who vouches for a vulnerability store: keys, signatures, what reports say of it, and what takes the place of another."""
import json
import pathlib
import sqlite3
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))
from tap import ROOT, SCRATCH, assay, case, command, equal, holds, lacks, main, write  # noqa: E402

BANNER = b"\x7fELF" + bytes(60) + b"BusyBox v1.19.4 (2012-03-22 20:50:08 PDT)\0"
FOLDER = write("root/bin/busybox", BANNER).parent.parent
NOT_SIGNED, OTHER_KEY = "is not signed", "signed by a key that is not trusted"
WRONG, CHANGED, LESS = "signature of the vulnerability store is wrong", "was changed after it was made", "has less than the one"
KEV = {"title": "x", "catalogVersion": "2025.12.20", "dateReleased": "2025-12-20T00:00:00.0000Z"}


def nvd(*numbers, day="2025-12-20"):
    def record(number):
        match = {"vulnerable": True, "criteria": "cpe:2.3:a:busybox:busybox:*:*:*:*:*:*:*:*", "versionEndExcluding": "1.20.0"}
        return {"cve": {"id": f"CVE-2025-{number}", "published": "2025-01-02T00:00:00.000", "lastModified": f"{day}T00:00:00.000",
                        "vulnStatus": "Analyzed", "descriptions": [{"lang": "en", "value": "x"}],
                        "configurations": [{"nodes": [{"operator": "OR", "cpeMatch": [match]}]}]}}
    return json.dumps({"format": "NVD_CVE", "version": "2.0", "timestamp": f"{day}T00:00:00.000",
                       "vulnerabilities": [record(number) for number in numbers]})


def build(name, *numbers, day="2025-12-20", kev=True, words=("--alone",)):
    """A store of so many vulnerabilities, and its path."""
    write(f"{name}-feeds/nvd.json", nvd(*numbers, day=day))
    if kev:
        write(f"{name}-feeds/kev.json", json.dumps(KEV | {"vulnerabilities": [{"cveID": "CVE-2025-90001", "dateAdded": "2025-12-19"}]}))
    run = assay("db", "build", *words, "--from", f"{name}-feeds", "--db", f"{name}.db")
    equal(run.status, 0, run.err)
    return SCRATCH / f"{name}.db"


def key(name):
    (SCRATCH / "keys").mkdir(exist_ok=True)
    for path in (f"keys/{name}", f"keys/{name}.pub"):
        (SCRATCH / path).unlink(missing_ok=True)
    run = assay("db", "key", f"keys/{name}")
    equal(run.status, 0, run.err)
    return SCRATCH / "keys" / name, SCRATCH / "keys" / f"{name}.pub"


def sign(store, secret):
    run = assay("db", "sign", store, "--key", secret)
    equal((run.status, run.err), (0, ""))


def page(store, *words, **variables):
    run = assay(FOLDER, "--db", store, *words, **variables)
    equal(run.status, 0, run.err)
    return " ".join(run.out.split())


def told(store, *words):
    run = assay(FOLDER, "--db", store, "--json", "-", *words)
    equal(run.status, 0, run.err)
    return json.loads(run.out)["vulnerability_store"]


def tables_of(path):
    data = path.read_bytes()
    return data[:data.index(b"ASSAY STORE SEAL 1\n")], data[data.index(b"ASSAY STORE SEAL 1\n"):]


@case
def keys_are_made_and_read_as_openssl_has_them():
    secret, public = key("mine")
    equal((secret.stat().st_mode & 0o777, public.stat().st_mode & 0o777), (0o600, 0o644))
    derived = command("openssl", "pkey", "-in", secret, "-pubout")
    equal(derived.out, public.read_text(), derived.err)
    equal(assay("db", "key", "keys/mine").status, 2)
    equal(command("openssl", "genpkey", "-algorithm", "ed25519", "-out", "keys/theirs").status, 0)
    equal(command("openssl", "pkey", "-in", "keys/theirs", "-pubout", "-out", "keys/theirs.pub").status, 0)
    store = build("openssl", 90001)
    sign(store, SCRATCH / "keys/theirs")
    equal(assay("db", "verify", store, "--key", "keys/theirs.pub").status, 0)
    equal(assay("db", "verify", store, "--key", public).status, 1)
    for kind in (("-algorithm", "rsa"), ("-algorithm", "x25519"), ("-algorithm", "ed25519", "-aes256", "-pass", "pass:x")):
        equal(command("openssl", "genpkey", *kind, "-out", "keys/other").status, 0)
        run = assay("db", "sign", store, "--key", "keys/other")
        equal(run.status, 2)
        holds(run.err, "no secret Ed25519 key without a pass phrase")


@case
def openssl_verifies_what_was_signed():
    import base64
    secret, public = key("checked")
    store = build("checked", 90001)
    sign(store, secret)
    seal = tables_of(store)[1]
    cut = seal.index(b"signature ed25519 ")
    write("signed.bin", seal[:cut])
    write("signature.bin", base64.b64decode(seal[cut:].split()[3]))
    run = command("openssl", "pkeyutl", "-verify", "-pubin", "-inkey", public, "-rawin", "-in", "signed.bin", "-sigfile", "signature.bin")
    equal(run.status, 0, run.err + run.out)


@case
def every_report_tells_a_store_that_is_not_signed():
    store = build("unsigned", 90001)
    holds(page(store), NOT_SIGNED)
    equal((told(store)["signature"], told(store)["signer"]), ("unsigned", None))
    holds(told(store)["warning"], "'assay db sign' signs it")
    run = assay(FOLDER, "--db", store, "--out", "all", "--quiet")
    equal(run.status, 0, run.err)
    holds((SCRATCH / "all/report.html").read_text(), NOT_SIGNED)
    for path in (SCRATCH / "all").glob("*.json"):
        holds(path.read_text(), NOT_SIGNED)
    holds((SCRATCH / "all" / next(p.name for p in (SCRATCH / "all").iterdir() if "sarif" in p.name)).read_text(), NOT_SIGNED)
    try:
        import jsonschema
    except ImportError:
        jsonschema = None
    if jsonschema:
        jsonschema.validate(json.loads(assay(FOLDER, "--db", store, "--json", "-").out),
                            json.loads((ROOT / "data/schema/assay-result.schema.json").read_text()))
    for form in ("openvex", "csaf-vex", "cyclonedx"):
        holds(assay("vulnerabilities", FOLDER, "--db", store, "--format", form).out, NOT_SIGNED)


@case
def a_trusted_signature_needs_no_words():
    secret, public = key("house")
    store = build("signed", 90001)
    sign(store, secret)
    holds(page(store), OTHER_KEY)
    for words, variables in ((("--trust", public), {}), ((), {"ASSAY_TRUST": str(public)}), ((), {"ASSAY_TRUST": str(public.parent)})):
        text = page(store, *words, **variables)
        for line in (NOT_SIGNED, OTHER_KEY, WRONG, CHANGED):
            lacks(text, line)
    config = write("config/assay/trusted/house.pub", public.read_text())
    lacks(page(store, XDG_CONFIG_HOME=str(SCRATCH / "config")), OTHER_KEY)
    config.unlink()
    holds(page(store, XDG_CONFIG_HOME=str(SCRATCH / "config")), OTHER_KEY)
    result = told(store, "--trust", public)
    equal((result["signature"], result["warning"]), ("trusted", None))
    run = assay("db", "verify", store, "--key", public)
    equal(run.status, 0, run.err)
    holds(run.out, "signed by key " + result["signer"])
    holds(run.out, result["sha256"])
    equal(assay("db", "verify", store).status, 2)
    equal(assay("db", "verify", store, ASSAY_TRUST=str(public)).status, 0)
    holds(page(store, "--trust", key("stranger")[1]), OTHER_KEY)
    run = assay(FOLDER, "--db", store, "--trust", write("keys/none.pub", "no key"))
    equal(run.status, 2)
    holds(run.err, "none.pub is no Ed25519 key")


@case
def several_may_vouch_for_one_store():
    first, second = key("first"), key("second")
    store = build("both", 90001)
    sign(store, first[0])
    sign(store, second[0])
    sign(store, second[0])
    equal(store.read_bytes().count(b"\nsignature ed25519 "), 2)
    for _, public in (first, second):
        equal(assay("db", "verify", store, "--key", public).status, 0)


@case
def what_was_changed_is_told_and_counts_for_nothing():
    secret, public = key("changed")
    store = build("changed", 90001)
    sign(store, secret)
    tables, seal = tables_of(store)
    database = sqlite3.connect(store)
    database.execute("UPDATE vulnerability SET epss = 0.5")
    database.commit()
    database.close()
    altered = store.read_bytes()
    equal(altered.startswith(tables), False)
    for content, line, word in ((altered + seal, CHANGED, "changed"), (altered + b"x", CHANGED, "changed"), (altered, NOT_SIGNED, "unsigned"),
                                (tables + seal[:-10] + b"AAAAAAA==\n", WRONG, "wrong"), (tables + seal.replace(b'"records":1', b'"records":1 '), None, None)):
        store.write_bytes(content)
        if not word:
            equal(assay(FOLDER, "--db", store).status, 2)
            continue
        holds(page(store, "--trust", public), line)
        equal(told(store, "--trust", public)["signature"], word)
        equal(assay("db", "verify", store, "--key", public).status, 1)
        run = assay("db", "import", store, "--trust", public, "--db", "place.db")
        equal((run.status, (SCRATCH / "place.db").exists()), (2, False))
    holds(assay("db", "info", "--db", write("empty.db", "")).err, "is not a vulnerability store")


@case
def the_built_in_store_has_an_identity():
    store = json.loads(assay(FOLDER, "--json", "-").out)["vulnerability_store"]
    equal((store["name"], store["signature"], store["warning"], store["less"], len(store["sha256"])), ("starter", "built in", None, None, 64))
    holds(assay("db", "info").out, store["sha256"])
    holds(assay("db", "info").out, "built in")


@case
def a_store_that_is_less_than_the_built_in_one_is_told():
    less = told(build("less", 90001))["less"]
    holds(less, "missing: cve, epss, alpine")
    holds(less, "nvd (1 of ")
    holds(page(SCRATCH / "less.db"), LESS)
    lacks(told(build("merged", 90001, words=()))["less"], "missing")
    old = build("aged", *range(90001, 90004), day="2020-01-01")
    holds(told(old)["less"], "nvd (2020-01-01)")


@case
def an_import_is_verified_before_it_takes_the_place():
    secret, public = key("publisher")
    stranger = key("other")
    new, usual = build("published", 90001, 90002), SCRATCH / "data/assay/vulnerabilities.db"
    usual.unlink(missing_ok=True)
    run = assay("db", "import", new, "--trust", public)
    equal((run.status, usual.exists()), (2, False))
    holds(run.err, "is not signed")
    sign(new, stranger[0])
    run = assay("db", "import", new, "--trust", public)
    equal((run.status, usual.exists()), (2, False))
    holds(run.err, "is not trusted")
    sign(new, secret)
    run = assay("db", "import", new, "--trust", public)
    equal((run.status, usual.read_bytes()), (0, new.read_bytes()), run.err)
    older = build("published-before", 90001, 90002, day="2025-11-20")
    sign(older, secret)
    run = assay("db", "import", older, "--trust", public)
    equal((run.status, usual.read_bytes()), (2, new.read_bytes()))
    holds(run.err, "the feed nvd would go back from 2025-12-20 to 2025-11-20")
    lost = build("published-less", 90001, 90002, kev=False)
    sign(lost, secret)
    run = assay("db", "import", lost, "--trust", public)
    equal((run.status, usual.read_bytes()), (2, new.read_bytes()))
    holds(run.err, "would lose the feed kev")
    equal(assay("db", "import", lost, "--trust", public, "--force").status, 0)
    equal(usual.read_bytes(), lost.read_bytes())
    usual.unlink()
    plain = build("published-plain", 90001)
    equal(assay("db", "import", plain, "--force").status, 0)
    usual.unlink()
    run = assay("db", "import", write("no-store", "firmware"), "--force")
    equal((run.status, usual.exists()), (2, False))


@case
def a_manifest_says_what_a_store_was_made_of():
    import hashlib
    write("made-feeds/broken.json", '{"format": "NVD_CVE", "vulnerabilities": [{"cve"')
    write("made-feeds/readme.txt", "nothing")
    store = build("made", 90001, 90002)
    info = json.loads(assay("db", "info", "--db", store, "--format", "json").out)
    manifest = info["manifest"]
    files = {one["name"]: one for one in manifest["inputs"]}
    equal(sorted(files), ["broken.json", "kev.json", "nvd.json", "readme.txt"])
    for name, one in files.items():
        content = (SCRATCH / "made-feeds" / name).read_bytes()
        equal((one["sha256"], one["bytes"]), (hashlib.sha256(content).hexdigest(), len(content)))
    equal((files["nvd.json"]["sources"], files["nvd.json"]["documents"], files["nvd.json"]["why"]), (["nvd"], 1, ""))
    holds(files["broken.json"]["why"], "damaged")
    equal(files["readme.txt"]["why"], "no feed that is read")
    sources = {one["name"]: one for one in manifest["sources"]}
    equal((sources["nvd"]["records"], sources["nvd"]["read"], sources["nvd"]["date"]), (2, 2, "2025-12-20"))
    equal(hashlib.sha256(tables_of(store)[0]).hexdigest(), info["sha256"])
    text = assay("db", "info", "--db", store).out
    holds(text, "left out of broken.json")
    holds(text, "2 read, from nvd.json")


@case
def a_manifest_names_so_many_files_and_counts_the_rest():
    for number in range(4098):
        write(f"many-feeds/{number}.txt", f"{number}")
    manifest = json.loads(assay("db", "info", "--db", build("many", 90001), "--format", "json").out)["manifest"]
    equal((len(manifest["inputs"]), manifest["further_inputs"]["count"]), (4096, 4))
    equal(len(manifest["further_inputs"]["sha256"]), 64)
    for number in range(4096, 4100):
        (SCRATCH / f"many-feeds/{number - 3}.txt").unlink()
    manifest = json.loads(assay("db", "info", "--db", build("many", 90001), "--format", "json").out)["manifest"]
    equal((len(manifest["inputs"]), manifest["further_inputs"]), (4096, None))


@case
def a_store_that_lost_a_fifth_of_its_rows_replaces_none():
    pages = [json.loads(nvd(*range(90001, 90501))) for _ in range(2)]
    for one in pages[0]["vulnerabilities"]:  # as many records, of many more products
        match = one["cve"]["configurations"][0]["nodes"][0]["cpeMatch"]
        match += [match[0] | {"criteria": match[0]["criteria"].replace("busybox", f"other{number}")} for number in range(40)]
    for number, page_of in enumerate(pages):
        write("rows-feeds/nvd.json", json.dumps(page_of))
        run = assay("db", "build", "--alone", "--from", "rows-feeds", "--db", "rows.db")
        equal(run.status, 2 if number else 0, run.err)
    holds(run.err, "the store would shrink from ")
    equal(assay("db", "build", "--alone", "--force", "--from", "rows-feeds", "--db", "rows.db").status, 0)


@case
def the_same_feeds_give_the_same_file():
    first = build("same", 90001).read_bytes()
    (SCRATCH / "same.db").unlink()
    equal(build("same", 90001).read_bytes(), first)


@case
def a_store_of_somebody_else_runs_nothing():
    secret, public = key("hostile")
    for number, change in enumerate(("CREATE TRIGGER t AFTER INSERT ON meta BEGIN DELETE FROM affected; END",
                                     "CREATE VIEW v AS SELECT 1", "CREATE TABLE more (x)",
                                     "DROP TABLE product; CREATE VIEW product AS SELECT 1 AS id, 'busybox:busybox' AS name")):
        store = build(f"hostile{number}", 90001)
        database = sqlite3.connect(store)
        database.executescript(change)
        database.commit()
        database.close()
        for run in (assay(FOLDER, "--db", store), assay("db", "info", "--db", store), assay("db", "verify", store, "--key", public),
                    assay("db", "sign", store, "--key", secret), assay("db", "import", store, "--force", "--db", "elsewhere.db")):
            equal(run.status in (1, 2) and run.out == "" or run.status == 1, True, change)
        equal((SCRATCH / "elsewhere.db").exists(), False)


@case
def options_belong_to_their_commands():
    for words in (("db", "info", "--from", "x"), ("db", "sign", "x", "--force"), ("db", "build", "--key", "x"), ("db", "key", "x", "--db", "y")):
        run = assay(*words)
        equal(run.status, 2)
        holds(run.err, "does not use")
    for words in (("db",), ("db", "sign"), ("db", "import"), ("db", "verify"), ("db", "nothing"), ("db", "info", "x")):
        equal(assay(*words).status, 2)


main()
