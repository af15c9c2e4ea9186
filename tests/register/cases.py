"""Cases from the command line, on both engines; what they write is read by programs of others: cra-scope (pip), the CSAF
validator of Secvisogram (npm; ASSAY_NODE is the folder with its node_modules), Chromium. Where one is absent, its case is skipped."""
import html.parser
import importlib
import json
import os
import shutil
import subprocess
import sys

sys.path.insert(0, str(__import__("pathlib").Path(__file__).resolve().parent.parent))
from archives import NAMING, archive, registers, root
from tap import SCRATCH, Skip, assay, case, equal, holds, lacks, main, write

CVE = "CVE-2021-28831"
HOSTILE = "1.1<img src=x onerror=alert(1)>"
LIST = """product,version,markets,supported_until,organisation,contact,category
Router X,1.0,DE FR US,2027-12-31,Example GmbH,psirt@example.org,router
Router Y,7,AT DE,,Example GmbH,psirt@example.org,router
"""


def shipped(register):
    """A register with two affected versions of two products, one that is not affected and one that nobody could read."""
    folder = archive("cases", [("Router X", "1.0", root("1.30.1")), ("Router X", HOSTILE, root("1.36.1")),
                               ("Router Y", "7", root("1.30.1", {"etc/motd": b"hello\n"})), ("Router Y", "8", b"no image " * 900)])
    equal(assay("register", "add", folder, *NAMING, "--register", register).status, 0)
    equal(assay("register", "import", write("list.csv", LIST), "--register", register).status, 0)
    equal(assay("register", "person", "psirt-lead", "--register", register).status, 0)


def on(register):
    """Runs a command over cases, in a folder of its own."""
    folder = SCRATCH / f"of-{abs(hash(register))}"
    folder.mkdir(exist_ok=True)

    def run(*words, by="psirt-lead", status=0):
        done = assay("case", *words, "--register", register, *(["--by", by] if by else []), cwd=folder)
        equal(done.status, status, " ".join(words) + ": " + done.err)
        return done.err if status else done.out
    return run, folder


def answered(run):
    for field, value in (("country", "DE"), ("suspected-malicious", "yes"), ("cross-border", "no"),
                         ("description", "a \"quoted\" <b>thing</b>")):
        run("answer", "1", field, value)
    run("write", "1", by=None)


@case
def a_case_is_opened_and_kept():
    for register, sql in registers():
        shipped(register)
        run, folder = on(register)
        holds(run("open", CVE, "--aware", "2026-01-02T09:10Z", by=None, status=2), "--by is missing")
        holds(run("open", CVE, "--aware", "2026-01-02T09:10Z", by="nobody", status=2), "nobody called")
        holds(run("open", CVE, "--aware", "2026-01-02 09:10", status=2), "names no zone")
        equal(sql("SELECT count(*) FROM case_file"), [["0"]])
        equal((folder / "case-1").exists(), False)
        out = run("open", CVE, "--aware", "2026-01-02T10:10+01:00", "--title", "The leak")
        holds(out, "case 1: The leak\n")
        holds(out, "early warning due 2026-01-03 09:10 UTC (Art. 14(2)(a))")
        holds(out, "vulnerability notification due 2026-01-05 09:10 UTC (Art. 14(2)(b))")
        holds(out, "final report has no due time yet (Art. 14(2)(c))")
        holds(out, "14 days after a corrective or mitigating measure is available")
        holds(out, "2 of 4 versions are affected; in case-1/")
        holds(out, "country suspected-malicious cross-border")
        run("state", "1", "released", status=2)
        for state in ("acknowledged", "triaged", "confirmed", "fix in progress", "released"):
            run("state", "1", state)
        lacks(run("show", "1", by=None), "final report due")
        holds(run("start", "1", "measure.available", "--at", "2026-01-10T00:00Z"), "final report due 2026-01-24 00:00 UTC")
        run("submitted", "1", "cra.vulnerability.early-warning", "--reference", "SRP-17", "--at", "2026-01-02T12:00Z")
        run("not-applicable", "1", "cra.vulnerability.users", "--why", "no user has it")
        run("party", "1", "upstream", "BusyBox", "--reference", "https://bugs.busybox.net/1")
        shown = run("show", "1", by=None)
        holds(shown, "submitted 2026-01-02 12:00 UTC as SRP-17 by psirt-lead")
        holds(shown, "not applicable: no user has it (psirt-lead)")
        holds(shown, "upstream: BusyBox (https://bugs.busybox.net/1)")
        holds(shown, "OVERDUE")
        holds(run("list", by=None), "1\treleased\tvulnerability\t" + CVE + "\tThe leak\t2026-01-05 09:10 UTC\t")
        equal(assay("register", "verify", "--register", register).status, 0)


@case
def nothing_of_the_clocks_can_be_paused():
    for register, _ in registers():
        shipped(register)
        run, _ = on(register)
        run("open", CVE, "--aware", "2026-01-02T09:10Z")
        for words in (("pause", "1"), ("state", "1", "paused"), ("start", "1", "clock.paused", "--at", "2026-01-03T00:00Z")):
            run(*words, status=2)
        before = run("show", "1", by=None)
        run("not-applicable", "1", "cra.vulnerability.early-warning", "--why", "x")
        holds(run("show", "1", by=None), "early warning due 2026-01-03 09:10 UTC")
        holds(before, "early warning due 2026-01-03 09:10 UTC (Art. 14(2)(a)) OVERDUE")


@case
def a_case_without_awareness_warns_of_nothing():
    for register, _ in registers():
        shipped(register)
        run, folder = on(register)
        holds(run("open", CVE), "nobody has said that the maker is aware")
        equal(sorted(path.name for path in (folder / "case-1").iterdir()), ["advisory.csaf.json", "sheet.html"])
        holds((folder / "case-1/sheet.html").read_text(), "Nobody has said that the maker is aware")


@case
def the_early_warning_is_what_cra_scope_takes():
    try:
        srp = importlib.import_module("cra_scope_core.srp")
    except ImportError as missing:
        raise Skip("cra-scope is not installed here (pip install cra-scope)") from missing
    for register, _ in registers():
        shipped(register)
        run, folder = on(register)
        run("open", CVE, "--aware", "2026-01-02T09:10Z")
        path = folder / "case-1/early-warning.json"
        early = json.loads(path.read_text())
        equal((early["vulnerability"]["suspected_malicious_action"], early["vulnerability"]["cross_border_impact"]), (None, None))
        equal(len(srp.validate_notification(early)), 3, srp.validate_notification(early))
        answered(run)
        early = json.loads(path.read_text())
        equal(srp.validate_notification(early), [])
        built = srp.build_early_warning(
            manufacturer_name="Example GmbH", manufacturer_country="DE", manufacturer_contact="psirt@example.org",
            product_name="Router X; Router Y", product_version="Router X: 1.0; Router Y: 7", product_category="router",
            detection_timestamp="2026-01-02T09:10:00Z", vulnerability_id=CVE, suspected_malicious=True, cross_border_impact=False,
            preliminary_description="a \"quoted\" <b>thing</b>", affected_member_states=["AT", "DE", "FR"])
        for ours in (early, built):
            ours.pop("submission_timestamp")
        built.pop("designated_csirt")
        equal(early, built)
        run2 = run("open", "--kind", "incident", "--title", "Break-in", "--aware", "2026-01-02T09:10Z")
        holds(run2, "(Art. 14(4)(a))")
        for field, value in (("manufacturer", "Example GmbH"), ("country", "DE"), ("contact", "psirt@example.org"), ("product", "all"),
                             ("version", "all"), ("suspected-malicious", "no"), ("cross-border", "yes")):
            run("answer", "2", field, value)
        run("write", "2", by=None)
        equal(srp.validate_notification(json.loads((folder / "case-2/early-warning.json").read_text())), [])


class Sheet(html.parser.HTMLParser):
    """The fields of a sheet, and its elements."""

    def __init__(self, text):
        super().__init__()
        self.fields, self.tags, self.buttons = {}, set(), []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        attrs = dict(attrs)
        self.tags.add(tag)
        if tag == "input":
            self.fields[attrs["id"]] = attrs["value"]
        if tag == "button":
            self.buttons.append(("hidden" in attrs, attrs["data-field"]))


@case
def the_sheet_has_what_the_forms_ask_for():
    for register, _ in registers():
        shipped(register)
        run, folder = on(register)
        run("open", CVE, "--aware", "2026-01-02T09:10Z", "--title", "</title><script>alert(1)</script>")
        answered(run)
        text = (folder / "case-1/sheet.html").read_text()
        sheet = Sheet(text)
        equal(sheet.fields["version"], "Router X: 1.0; Router Y: 7")
        equal(sheet.fields["description"], "a \"quoted\" <b>thing</b>")
        equal(sheet.fields["member-states"], "AT DE FR")
        equal([name for _, name in sheet.buttons], list(sheet.fields))
        equal("img" in sheet.tags or "b" in sheet.tags, False)
        equal(text.count("<script>"), 1)
        lacks(text, "http://")
        holds(text, "1.1&lt;img src=x onerror=alert(1)&gt;")
        holds(text, "2 affected, 0 under review, 1 unknown, 0 fixed, 1 not affected")
        # What is affected is asked for anew each time, and stands nowhere.
        later = archive("later", [("Router Z", "1", root("1.30.1", {"etc/z": b"z"})), ("Router X", "0.9", root("1.30.1", {"etc/x": b"x"}))])
        equal(assay("register", "add", later, *NAMING, "--register", register).status, 0)
        old = write("old.csv", "product,version,supported_until\nRouter X,0.9,2020-01-01\n")  # which 'where' lists behind others
        equal(assay("register", "import", old, "--register", register).status, 0)
        run("write", "1", by=None)
        equal(Sheet((folder / "case-1/sheet.html").read_text()).fields["version"], "Router X: 0.9, 1.0; Router Y: 7; Router Z: 1")


@case
def the_sheet_works_without_a_network():
    """A browser runs its script, which its policy names, and nothing else."""
    browser = shutil.which("chromium")
    if not browser:
        raise Skip("there is no chromium here")
    for register, _ in registers():
        shipped(register)
        run, folder = on(register)
        run("open", CVE, "--aware", "2026-01-02T09:10Z")
        done = subprocess.run([browser, "--headless", "--no-sandbox", "--disable-gpu", f"--user-data-dir={SCRATCH}/browser", "--dump-dom",
                               (folder / "case-1/sheet.html").as_uri()], capture_output=True, timeout=120, check=False)
        page = Sheet(done.stdout.decode())
        equal((len(page.buttons) > 15, any(hidden for hidden, _ in page.buttons)), (True, False), done.stderr[-300:])
        break


def advisory_of(run, folder):
    run("open", CVE, "--aware", "2026-01-02T09:10Z")
    answered(run)
    return folder / "case-1/advisory.csaf.json"


@case
def the_advisory_says_what_the_register_knows():
    for register, sql in registers():
        shipped(register)
        run, folder = on(register)
        advisory = json.loads(advisory_of(run, folder).read_text())
        equal((advisory["document"]["category"], advisory["document"]["tracking"]["status"]), ("csaf_security_advisory", "draft"))
        products = {}
        for vendor in advisory["product_tree"]["branches"]:
            for product in vendor["branches"]:
                for version in product["branches"]:
                    hashes = version["product"]["product_identification_helper"]["hashes"]
                    products[version["product"]["product_id"]] = (
                        product["name"], version["name"].removeprefix("Router X "), hashes[0]["file_hashes"][0]["value"])
        want = sql("SELECT 'version-' || version.id, product.name, version.name, artifact.sha256 FROM version"
                   " JOIN product ON product.id = version.product JOIN artifact ON artifact.version = version.id ORDER BY 1")
        equal(sorted([name, *rest] for name, rest in products.items()), want)
        status = advisory["vulnerabilities"][0]["product_status"]
        names = {kind: sorted(products[name][:2] for name in ids) for kind, ids in status.items()}
        equal(names, {"known_affected": [("Router X", "1.0"), ("Router Y", "7")], "known_not_affected": [("Router X", HOSTILE)],
                      "under_investigation": [("Router Y", "8")]})
        for state in ("triaged", "confirmed", "disclosed"):
            run("state", "1", state)
        run("write", "1", by=None)
        advisory = json.loads((folder / "case-1/advisory.csaf.json").read_text())
        equal((advisory["document"]["tracking"]["status"], advisory["document"]["distribution"]["tlp"]["label"]), ("final", "WHITE"))


VALIDATE = """
import { readFileSync } from 'fs'; import { createRequire } from 'module'; import { pathToFileURL } from 'url';
const load = name => import(pathToFileURL(process.argv[3] + '/node_modules/@secvisogram/csaf-validator-lib/' + name));
const [all, schema, validate] = [await load('mandatoryTests.js'), await load('schemaTests.js'), (await load('validate.js')).default];
const tests = [...Object.values(schema).filter(f => f.name.includes('2_0')), ...Object.values(all)];
const result = await validate(tests, JSON.parse(readFileSync(process.argv[2])));
console.log(result.isValid, JSON.stringify(result.tests.filter(t => !t.isValid)), result.tests.length);
"""


@case
def the_advisory_is_what_secvisogram_takes():
    modules, node = os.environ.get("ASSAY_NODE"), shutil.which("node")
    if not modules or not node:
        raise Skip("ASSAY_NODE names no folder with @secvisogram/csaf-validator-lib")
    script = write("validate.mjs", VALIDATE)
    for register, _ in registers():
        shipped(register)
        path = advisory_of(*on(register))
        done = subprocess.run([node, script, path, modules], capture_output=True, text=True, check=False)
        equal(done.stdout.split()[:2], ["true", "[]"], done.stdout + done.stderr)


main()
