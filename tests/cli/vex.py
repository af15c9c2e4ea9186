#!/usr/bin/env python3
"""Statements on vulnerabilities: OpenVEX, CSAF, CycloneDX and product.yaml change what applies to them, and nothing else."""
import hashlib
import itertools
import json
import pathlib
import shutil
import struct
import subprocess
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))
from tap import ROOT, SCRATCH, Skip, assay, case, command, equal, holds, lacks, main, write  # noqa: E402

write("image/bin/busybox", b"\x7fELF" + bytes(60) + b"BusyBox v1.19.4 (2012-03-22 20:50:08 PDT)\0", 0o755)
write("image/etc/passwd", "root:x:0:0:root:/:/bin/sh\n")
IMAGE = SCRATCH / "image"
SHELL, OLD = "CVE-2017-16544", "CVE-2016-2148"  # both of busybox 1.19.4
PURL = "pkg:generic/busybox@1.19.4"
NUMBERS = itertools.count()


def rows(*words, image=IMAGE, sql="SELECT id, status, reason, justification, own_status FROM vulnerability", **options):
    run = assay("query", image, sql, "--format", "json", *words, **options)
    equal(run.status, 0, run.err)
    return json.loads(run.out)


def status(identifier, *words, **options):
    return [row["status"] for row in rows(*words, **options) if row["id"] == identifier]


def why(*words, **options):
    return rows(*words, sql="SELECT applied, stopped, why FROM statement ORDER BY rowid", **options)


def openvex(*statements, time="2025-03-01T10:00:00Z", author="Example"):
    return write(f"{next(NUMBERS)}.json", json.dumps({
        "@context": "https://openvex.dev/ns/v0.2.0", "@id": "https://example.com/vex/1", "author": author,
        "timestamp": time, "version": 1, "statements": list(statements)}, indent=1))


def said(identifier=SHELL, state="not_affected", product=PURL, **more):
    if state == "not_affected" and "impact_statement" not in more:
        more.setdefault("justification", "vulnerable_code_not_in_execute_path")
    if state == "affected":
        more.setdefault("action_statement", "update to 2.2")
    if product:
        more["products"] = [product if isinstance(product, dict) else {"@id": product}]
    return {"vulnerability": {"name": identifier}, "status": state, **more}


def csaf(product_status, *, branches=None, relationships=(), time="2025-03-01T10:00:00Z", **vulnerability):
    return write(f"{next(NUMBERS)}.json", json.dumps({
        "document": {"category": "csaf_vex", "csaf_version": "2.0", "title": "t",
                     "publisher": {"category": "vendor", "name": "Example", "namespace": "https://example.com"},
                     "tracking": {"id": "1", "status": "final", "version": "1", "current_release_date": time,
                                  "initial_release_date": time, "revision_history": []}},
        "product_tree": {"full_product_names": [
            {"name": "BusyBox 1.19.4", "product_id": "B", "product_identification_helper": {"purl": PURL}},
            {"name": "image", "product_id": "I"}],
            "branches": branches or [], "relationships": list(relationships)},
        "vulnerabilities": [{"cve": SHELL, "product_status": product_status, **vulnerability}]}, indent=1))


def cyclonedx(analysis, ref="b", identifier=SHELL, affects=None, **vulnerability):
    return write(f"{next(NUMBERS)}.json", json.dumps({
        "bomFormat": "CycloneDX", "specVersion": "1.5", "version": 1,
        "metadata": {"timestamp": "2025-03-01T10:00:00Z", "component": {"type": "firmware", "name": "image", "bom-ref": "i"}},
        "components": [{"type": "application", "name": "busybox", "version": "1.19.4", "bom-ref": "b"}],
        "vulnerabilities": [{"id": identifier, "analysis": analysis, "affects": affects or [{"ref": ref}],
                             **vulnerability}]}, indent=1))


@case
def every_form_changes_the_status_that_it_speaks_of():
    plain = {row["id"]: row for row in rows()}
    equal([plain[one]["status"] for one in (SHELL, OLD)], ["affected", "affected"])
    impact = [{"category": "impact", "details": "the shell is not started", "product_ids": ["B"]}]
    fix = [{"category": "vendor_fix", "details": "update", "product_ids": ["B"]}]
    flags = [{"label": "vulnerable_code_not_in_execute_path", "product_ids": ["B"]}]
    code = {"state": "not_affected", "justification": "code_not_reachable"}
    for words, state in (
            ([openvex(said())], "not affected"), ([openvex(said(state="fixed"))], "fixed"),
            ([openvex(said(state="under_investigation"))], "under review"), ([openvex(said(state="affected"))], "affected"),
            ([openvex(said(product=None))], "not affected"), ([openvex(said(product="pkg:generic/busybox"))], "not affected"),
            ([openvex(said(product={"@id": "image", "subcomponents": [{"@id": PURL}]}))], "not affected"),
            ([openvex(said(product="cpe:2.3:a:busybox:busybox:1.19.4:*:*:*:*:*:*:*"))], "not affected"),
            ([csaf({"known_not_affected": ["B"]}, flags=flags)], "not affected"),
            ([csaf({"known_not_affected": ["B"]}, threats=impact)], "not affected"),
            ([csaf({"fixed": ["B"]})], "fixed"), ([csaf({"under_investigation": ["I"]})], "under review"),
            ([csaf({"known_affected": ["B"]}, remediations=fix)], "affected"),
            ([csaf({"fixed": ["R"]}, relationships=[{
                "category": "default_component_of", "product_reference": "B", "relates_to_product_reference": "I",
                "full_product_name": {"name": "x", "product_id": "R"}}])], "fixed"),
            ([cyclonedx(code)], "not affected"), ([cyclonedx({"state": "resolved"})], "fixed"),
            ([cyclonedx({"state": "in_triage"}, ref="i")], "under review"), ([cyclonedx({"state": "exploitable"})], "affected"),
            ([cyclonedx(code, ref=PURL)], "not affected"), ([cyclonedx(code, ref="urn:cdx:3e671687-395b-41f5-a30f-a58921a69b79/1#b")],
                                                            "not affected")):
        got = {row["id"]: row for row in rows("--vex", *words)}
        equal(got[SHELL]["status"], state, words[0].read_text())
        equal(got[OLD], plain[OLD], "another vulnerability")
        equal(got[SHELL]["own_status"], "affected")
        if state == "affected":
            equal(got[SHELL]["reason"], plain[SHELL]["reason"])
        else:
            holds(got[SHELL]["reason"], f"declared {state}")
            holds(got[SHELL]["reason"], plain[SHELL]["reason"])
        equal(got[SHELL]["justification"], "vulnerable_code_not_in_execute_path" if state == "not affected" and
              "impact" not in words[0].read_text() else None)


@case
def what_is_not_meant_stays_as_it_is():
    for product in ("pkg:generic/busybox@1.30.0", "pkg:generic/busybox?vers=vers:generic/%3E%3D1.20", "pkg:generic/toybox",
                    {"@id": "pkg:oci/other", "subcomponents": [{"@id": PURL}]},
                    {"@id": "image", "hashes": {"sha-256": "ab" * 32}}, "cpe:2.3:a:busybox:busybox:1.20:*:*:*:*:*:*:*"):
        document = openvex(said(product=product))
        equal(status(SHELL, "--vex", document), ["affected"], product)
        told = why("--vex", document)[0]
        equal(told["applied"], 0)
        holds(told["why"], "about")
    for product in ("pkg:generic/busybox?vers=vers:generic/%3C1.20", {"@id": "x", "hashes": {
            "sha-256": rows(sql="SELECT sha256 FROM image")[0]["sha256"]}, "subcomponents": [{"@id": "pkg:generic/busybox"}]}):
        equal(status(SHELL, "--vex", openvex(said(product=product))), ["not affected"], product)
    document = cyclonedx({"state": "in_triage"}, affects=[{"ref": "i", "versions": [{"range": "vers:generic/>=1.20"}]}])
    equal(status(SHELL, "--vex", document), ["affected"])
    document = cyclonedx({"state": "in_triage"}, affects=[{"ref": "i", "versions": [{"range": "vers:generic/>=1.10|<1.20"}]}])
    equal(status(SHELL, "--vex", document), ["under review"])
    run = assay(IMAGE, "--vex", openvex(said(product="pkg:generic/busybox@1.30.0")))
    equal(run.status, 0, run.err)


@case
def a_premise_that_is_gone_ends_a_statement():
    held = {"status": "not affected", "justification": "vulnerable_code_not_present", "expires": "2025-12-31"}
    declared = write("p.yaml", "vulnerabilities:\n  " + SHELL + ": " + json.dumps(held))
    equal(status(SHELL, "--product", declared, SOURCE_DATE_EPOCH="1767139200"), ["not affected"])  # 2025-12-31
    equal(status(SHELL, "--product", declared, SOURCE_DATE_EPOCH="1767225600"), ["affected"])      # the day after
    told = why("--product", declared)[0]
    equal((told["applied"], told["stopped"], told["why"]), (0, 1, "it held until 2025-12-31"))
    run = assay(IMAGE, "--product", declared, "--json", "-")
    notes = [note for note in json.loads(run.out)["notes"] if note["code"] == "vex.stopped"]
    equal(len(notes), 1)
    holds(notes[0]["message"], "it held until 2025-12-31")
    row = [row for row in rows("--product", declared) if row["id"] == SHELL][0]
    holds(row["reason"], "p.yaml line 2) does not apply: it held until 2025-12-31")


@case
def what_meets_nothing_is_told_with_its_place():
    def told(document, *words):
        run = assay(IMAGE, "--vex", document, *words, "--json", "-")
        equal(run.status, 0, run.err)
        result = json.loads(run.out)
        notes = [(note["path"], note["message"]) for note in result["notes"] if note["code"] == "vex.unmet"]
        page = " ".join(assay(IMAGE, "--vex", document, *words).out.split())
        for path, message in notes:
            holds(page, f"{path} {message}")
        equal(page.count("does not meet anything"), len(notes))
        write("unmet.html", "")
        equal(assay(IMAGE, "--vex", document, *words, "--html", SCRATCH / "unmet.html", "--quiet").status, 0)
        equal((SCRATCH / "unmet.html").read_text().count("does not meet anything"), len(notes))
        return notes, [one["unmet"] for one in result["statements"]]

    # Another spelling, and a vulnerability that nothing is matched with.
    document = openvex(said(product="BusyBox for Linux"), said("CVE-1999-9999"), said(OLD))
    line = next(number for number, text in enumerate(document.read_text().split("\n"), 1) if SHELL in text)
    notes, unmet = told(document)
    equal(unmet, [True, True, False])
    path, message = notes[0]
    equal((len(notes), path), (1, str(document)))
    holds(message, f"the statement that {SHELL} is not affected does not meet anything: it is about BusyBox for Linux, which nothing")
    equal(abs(int(message.split(":")[0].removeprefix("line ")) - line) <= 1, True, message)
    holds(message, "; nor does 1 more of the document")
    notes, unmet = told(openvex(said("CVE-1999-9999")))
    holds(notes[0][1], "no component is matched with that vulnerability")
    lacks(notes[0][1], "nor do")

    # What says of several products what is where need not be about all of them; but a document of which nothing is about this is told.
    other = {"@id": "pkg:oci/other", "subcomponents": [{"@id": PURL}]}
    for statements in ((said(), said(product="toybox")), (said(), said(OLD, product=other)), (said(product="pkg:generic/busybox@1.30.0"),)):
        equal([note for note in told(openvex(*statements))[0]], [], statements)
    notes, unmet = told(openvex(said(product=other), said(OLD, product=other)))
    equal(unmet, [True, True])
    holds(notes[0][1], "another product")

    # A declaration is told too.
    declared = write("unmet.yaml", "vulnerabilities:\n  " + SHELL + ": { status: fixed, component: Busy Box }\n")
    run = assay(IMAGE, "--product", declared)
    holds(" ".join(run.out.split()), f"unmet.yaml line 2: the statement that {SHELL} is fixed does not meet anything: it is about Busy Box,")
    # Weighed again, it is told once.
    saved = SCRATCH / "unmet.assay"
    equal(assay(IMAGE, "--product", declared, "--save", saved, "--quiet").status, 0)
    equal([note["code"] for note in json.loads(assay(saved, "--vex", openvex(said()), "--json", "-").out)["notes"]
           if note["code"] == "vex.unmet"], ["vex.unmet"])


@case
def the_newer_of_two_statements_decides():
    old = openvex(said(), time="2024-01-01T00:00:00Z", author="Old")
    new = openvex(said(state="affected"), time="2024-01-01T02:00:00+01:00", author="New")
    for words in (("--vex", old, "--vex", new), ("--vex", new, "--vex", old)):
        equal(status(SHELL, *words), ["affected"])
        told = rows(*words, sql="SELECT author, applied, why FROM statement ORDER BY author")
        equal(told, [{"author": "New", "applied": 1, "why": None},
                     {"author": "Old", "applied": 0, "why": "a statement that is newer, or as old, says that it is affected"}])


@case
def another_build_is_not_meant():
    program = hashlib.sha256((IMAGE / "bin/busybox").read_bytes()).hexdigest()
    for product, want in (("pkg:deb/debian/busybox@1.19.4", "affected"), ("pkg:apk/alpine/busybox@1.19.4", "affected"),
                          ("pkg:generic/acme/busybox@1.19.4", "affected"), ("pkg:generic/busybox/busybox@1.19.4", "not affected"),
                          ("pkg:github/mirror/busybox@1.19.4", "not affected"),
                          ({"@id": PURL, "hashes": {"sha-256": "ab" * 32}}, "affected"),
                          ({"@id": PURL, "hashes": {"sha-256": program}}, "not affected")):
        equal(status(SHELL, "--vex", openvex(said(product=product))), [want], product)


@case
def what_is_dated_after_the_report_does_not_apply():
    for day, want in (("2026-01-01", "not affected"), ("2026-01-02", "not affected"), ("2026-01-03", "affected"), ("2099-01-01", "affected")):
        document = openvex(said(), time=day + "T01:00:00Z")
        equal(status(SHELL, "--vex", document), [want], day)
    holds(why("--vex", document)[0]["why"], "after the day of the report")


@case
def of_two_of_the_same_moment_the_one_that_spares_less_decides():
    for pair in itertools.permutations((said(), said(state="affected"))):
        equal(status(SHELL, "--vex", openvex(*pair)), ["affected"])
    for pair in itertools.permutations((said(), said(state="under_investigation"))):
        equal(status(SHELL, "--vex", openvex(*pair)), ["under review"])


@case
def two_members_of_one_name_are_refused():
    text = openvex(said()).read_text()
    for key, other in (('"status": ', '"affected"'), ('"products": ', '[]'), ('"statements": ', "[]")):
        run = assay(IMAGE, "--vex", write("twice.json", text.replace(key, f"{key}{other}, {key}")))
        equal(run.status, 2, key)
        holds(run.err, "two members of the same name")


@case
def errors_name_the_line():
    for document, line, words in (
            (openvex(said(justification="vulnerable_code_not_there")), '"justification"', "is no justification"),
            (openvex(said(state="not-affected")), '"status"', "is no status"),
            (openvex({k: v for k, v in said().items() if k != "justification"}), None, "without a justification"),
            (openvex(said(impact_statement=" ")), None, "without a justification"),
            (openvex({k: v for k, v in said(state="affected").items() if k != "action_statement"}), '"status"', "action_statement"),
            (openvex(said("CVE-17-1")), '"name"', "no identifier"), (openvex(said("cve-2017-16544")), '"name"', "no identifier"),
            (openvex(said("CVE-2099-16544")), '"name"', "no identifier"),
            (csaf({"known_not_affected": ["B"]}), '"B"\n', "without a justification"),
            (csaf({"known_not_affected": ["X"]}, flags=[{"label": "component_not_present", "product_ids": ["X"]}]), '"X"\n',
             "no product of the tree has the id 'X'"),
            (csaf({"known_affected": ["B"]}), '"B"\n', "no remediation"),
            (csaf({"known_unaffected": ["B"]}), '"known_unaffected"', "no product status"),
            (cyclonedx({"state": "unaffected"}), '"state"', "is no state"),
            (cyclonedx({"state": "not_affected", "justification": "none"}), '"justification"', "is no justification"),
            (cyclonedx({"state": "not_affected"}), None, "without a justification"),
            (cyclonedx({"state": "resolved"}, ref="q"), '"ref"', "has the bom-ref 'q'"),
            (write("cut.json", openvex(said()).read_text()[:-30]), None, "line"),
            (write("other.json", "[1]"), None, "no VEX document")):
        run = assay(IMAGE, "--vex", document)
        equal(run.status, 2, run.err)
        equal(run.err.count("\n"), 1, run.err)
        holds(run.err, words)
        text = document.read_text()
        if line:
            number = text[:text.index(line)].count("\n") + 1
            holds(run.err, f"{document} line {number}: ")
        else:
            holds(run.err, f"{document} line ")
    for fields, words in (("justification: not_here, status: not affected", "is no justification"),
                          ("status: not affected", "without a justification"),
                          ("status: fixed, vesrion: 1", "is nothing that"),
                          ("status: fixed, component: uclibc, part: linuxthreads", "'linuxthreads' is no part of uclibc"), ("status: fixed, expires: 2025-02-30", "is no date"),
                          ("status: fixed, version: '>=1 (all)'", "is no version"),
                          ("status: fixed, version: '>=1.2 <1'", "holds no version"), ("status: fixed, version: '>1.2|<=1.2'", "holds no"),
                          ("status: fixed, version: 'vers:generic/>=1.20|<1.19.4'", "holds no version"),
                          ("status: fixed, component: busybox, part: httpdd", "'httpdd' is no part of busybox that assay knows; it knows"),
                          ("status: fixed, component: 'pkg:generic/busybox', part: wgett", "is no part of busybox"),
                          ("status: fixed, part: nowhere", "say of which component it is")):
        document = write("wrong.yaml", "product: { vendor: A }\nvulnerabilities:\n  CVE-2017-16544:\n    { " + fields + " }\n")
        run = assay(IMAGE, "--product", document)
        equal(run.status, 2, fields)
        holds(run.err, words)
        holds(run.err, f"{document} line 4")
    document = write("bare.yaml", f"vulnerabilities:\n  {SHELL}: not affected\n")
    run = assay(IMAGE, "--product", document)
    equal(run.status, 2, run.err)
    holds(run.err, f"{document} line 2: vulnerabilities.{SHELL} is 'not affected': write it as {{ status: ")


@case
def a_part_that_our_facts_name_may_be_stated():
    """Nothing is known that shows it, so that data/parts lacks it; but assay's own statements name it."""
    document = write("own.yaml", "vulnerabilities:\n  CVE-2022-29503: { status: fixed, component: uclibc, part: linuxthreads }\n")
    run = assay(IMAGE, "--product", document)
    equal(run.status, 0, run.err)


# In order, as BusyBox has them: a table from its first to its last name.
APPLETS = ("[ [[ addgroup adduser arp arping ash awk basename bunzip2 bzcat cat chgrp chmod chown chroot clear cmp cp cut date dd df "
           "dirname dmesg du echo egrep env expr false fgrep find free getty grep gunzip gzip halt head hostname id ifconfig init insmod "
           "kill ln login ls lsmod md5sum mkdir mknod modprobe mount mv netstat nslookup passwd pidof ping poweroff ps pwd reboot rm "
           "rmdir route sed sh sleep sort stty sync tail tar tee telnet telnetd test tftp top touch tr traceroute true tty udhcpc umount "
           "uname uniq uptime vi wc wget which xargs yes zcat").split()


def with_applets(folder, *without):
    head = b"\x7fELF\1\1\1" + bytes(9) + struct.pack("<HHIIIIIHHHHHH", 2, 8, 1, 0x400000, 0, 0, 0, 52, 32, 0, 40, 0, 0)
    names = b"".join(name.encode() + b"\0" for name in APPLETS if name not in without)
    write(f"{folder}/bin/busybox", head + b"BusyBox v1.19.4 (2012-03-22 20:50:08 PDT)\0" + names + b"\1", 0o755)
    write(f"{folder}/etc/passwd", "root:x:0:0:root:/:/bin/sh\n")
    return SCRATCH / folder


@case
def a_part_that_is_there_ends_what_was_said_of_its_absence():
    held, gone = with_applets("with-wget"), with_applets("without-wget", "wget")
    fault = "CVE-2018-1000517"  # of wget
    for image, present in ((held, 1), (gone, 0)):
        equal(len(rows(image=image, sql="SELECT 1 FROM part WHERE name = 'wget' AND present = 1")), present)
    document = write("part.yaml", f"vulnerabilities:\n  {fault}: {{ status: not affected, justification: vulnerable_code_not_present, "
                                  "component: busybox, part: wget }\n")
    equal(status(fault, "--product", document, image=gone), ["not affected"])
    equal([(one["applied"], one["stopped"]) for one in why("--product", document, image=gone)], [(1, 0)])
    equal(status(fault, "--product", document, image=held), ["affected"])
    told = why("--product", document, image=held)[0]
    equal((told["applied"], told["stopped"]), (0, 1))
    holds(told["why"], "the image holds the part wget")
    row = [one for one in rows("--product", document, image=held) if one["id"] == fault][0]
    holds(row["reason"], "the image holds the part wget")
    # Another part than the fault's says nothing of it.
    other = write("other.yaml", f"vulnerabilities:\n  {fault}: {{ status: fixed, component: busybox, part: awk }}\n")
    equal(status(fault, "--product", other, image=held), ["affected"])
    holds(why("--product", other, image=held)[0]["why"], "it is about the part awk, and the fault is in wget")


@case
def product_yaml_is_scoped_too():
    for fields, state in (("version: 1.19.4", "fixed"), ("version: '<1|>=1.19'", "fixed"), ("version: '>=1.19.4 <=1.19.4'", "fixed"), ("version: '<1.20'", "fixed"), ("version: 'vers:generic/>1.20'", "affected"),
                          ("component: busybox", "fixed"), ("component: openssl", "affected"), ("product: other", "affected")):
        document = write("scope.yaml", f"vulnerabilities:\n  {SHELL}: {{ status: fixed, {fields} }}\n")
        equal(status(SHELL, "--product", document), [state], fields)
    document = write("list.yaml", f"vulnerabilities:\n  {SHELL}:\n    - {{ status: fixed, component: openssl }}\n"
                                  "    - { status: under review, component: busybox }\n")
    equal(status(SHELL, "--product", document), ["under review"])


@case
def a_saved_result_keeps_its_statements():
    saved = SCRATCH / "kept.assay"
    run = assay(IMAGE, "--vex", openvex(said()), "--save", saved, "--quiet")
    equal(run.status, 0, run.err)
    equal(status(SHELL, image=saved), ["not affected"])
    equal(status(SHELL, "--rules", write("no.yaml", "[]\n"), image=saved), ["not affected"])
    equal(status(SHELL, "--vex", openvex(said(OLD)), image=saved), ["affected"])
    again = SCRATCH / "again.assay"
    assay(saved, "--save", again, "--quiet")
    equal(rows(image=again, sql="SELECT count(*) FROM premise"), rows(image=saved, sql="SELECT count(*) FROM premise"))


@case
def what_goes_out_changes_nothing_when_it_comes_in():
    everything = "SELECT id, component, status, reason, justification, question, fixed_in FROM vulnerability ORDER BY id, component"
    more = write("more.yaml", f"product: {{ vendor: Example, model: Box, version: '1.0' }}\nvulnerabilities:\n"
                              f"  {SHELL}: {{ status: not affected, justification: vulnerable_code_not_in_execute_path, "
                              f"reason: no shell is reached }}\n  {OLD}: {{ status: fixed, reason: back-ported }}\n")
    for words in ((), ("--product", more)):
        before = rows(*words, sql=everything)
        verdicts = rows(*words, sql="SELECT requirement, verdict FROM verdict")
        for form, states in (("openvex", '"not_affected"'), ("csaf-vex", '"known_not_affected"'), ("cyclonedx", '"not_affected"')):
            run = assay("vulnerabilities", IMAGE, "--format", form, *words)
            equal(run.status, 0, run.err)
            equal(states in run.out, bool(words), form)
            document = write(f"out-{form}.json", run.out)
            again = rows("--vex", document, *words[:0], sql=everything)
            equal(again, before, form)
            if not words:
                equal(rows("--vex", document, sql="SELECT requirement, verdict FROM verdict"), verdicts, form)
            # OpenVEX says each twice: of the component in this product, and of the component's build.
            told = rows("--vex", document, sql="SELECT count(*) AS n, sum(applied) AS applied FROM statement")[0]
            equal(told["n"], len(before) * (2 if form == "openvex" else 1))
            equal(told["applied"], told["n"], form)


@case
def the_schemas_hold_what_goes_out():
    schemas = ROOT / ".." / "shared" / "schemas"
    if not schemas.exists():
        raise Skip("the schemas of OpenVEX and CSAF are not here")
    try:
        import jsonschema
    except ImportError as why:
        raise Skip("python3-jsonschema is not here") from why
    declared = write("d.yaml", f"vulnerabilities:\n  {SHELL}: {{ status: not affected, justification: component_not_present }}\n"
                               f"  {OLD}: {{ status: fixed }}\n")
    for form, name in (("openvex", "openvex-0.2.0.schema.json"), ("csaf-vex", "csaf-2.0.schema.json")):
        run = assay("vulnerabilities", IMAGE, "--format", form, "--product", declared)
        schema = json.loads((schemas / name).read_text())
        validator = jsonschema.Draft202012Validator({**schema, "$id": "x:"} if form == "openvex" else schema)
        wrong = [one.message for one in validator.iter_errors(json.loads(run.out))]
        equal(wrong, [], form)


@case
def people_are_shown_what_applies_and_told_of_the_rest():
    every = rows()
    review = sum(row["status"] == "under review" for row in every)
    equal(review > 0, True)
    page = assay("vulnerabilities", IMAGE).out
    lacks(page.split("\nand ")[0], "under review")
    holds(page, f"and {review} under review: assay vulnerabilities IMAGE --status review\n")
    listed = json.loads(assay("vulnerabilities", IMAGE, "--format", "json").out)
    equal(len(listed), len(every))
    for word, meant in (("affected", "affected"), ("review", "under review"), ("fixed", "fixed"), ("not-affected", "not affected")):
        got = json.loads(assay("vulnerabilities", IMAGE, "--format", "json", "--status", word).out)
        equal(len(got), sum(row["status"] == meant for row in every), word)
    equal(len(json.loads(assay("vulnerabilities", IMAGE, "--format", "json", "--status", "all").out)), len(every))
    lacks(assay("vulnerabilities", IMAGE, "--status", "all").out, "--status")
    for words in (("--status", "open"), ("--format", "vex")):
        equal(assay("vulnerabilities", IMAGE, *words).status, 2)
    equal(assay("files", IMAGE, "--format", "openvex").status, 2)


def store(name, *, exploited=None, more=()):
    """A store in which BusyBox 1.19.4 has CVE-2025-90001, scored and decided by CISA, and what is more."""
    for identifier in ("CVE-2025-90001", *more):
        cvss = {"version": "3.1", "vectorString": "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H", "baseScore": 9.8}
        options = [{"Exploitation": "poc"}, {"Automatable": "yes"}, {"Technical Impact": "total"}]
        metrics = [{"cvssV3_1": cvss}, {"other": {"type": "ssvc", "content": {"id": identifier, "options": options}}}]
        affected = [{"vendor": "busybox", "product": "busybox", "versions": [
            {"version": "1.10.0", "lessThan": "1.20.0", "status": "affected", "versionType": "semver"}]}]
        write(f"{name}/{identifier}.json", json.dumps({
            "dataType": "CVE_RECORD", "dataVersion": "5.1", "cveMetadata": {
                "cveId": identifier, "state": "PUBLISHED", "datePublished": "2025-01-02T00:00:00Z", "dateUpdated": "2025-12-20T00:00:00Z"},
            "containers": {"cna": {"affected": affected}, "adp": [{"title": "CISA ADP Vulnrichment", "metrics": metrics}]}}))
    if exploited:
        write(f"{name}/kev.json", json.dumps({
            "title": "CISA Catalog of Known Exploited Vulnerabilities", "catalogVersion": "2025.12.20", "count": 1,
            "dateReleased": "2025-12-20T00:00:00.0000Z", "vulnerabilities": [{"cveID": "CVE-2025-90001", "dateAdded": exploited}]}))
    run = assay("db", "build", "--from", SCRATCH / name, "--db", f"{name}.db")
    equal(run.status, 0, run.err)
    return SCRATCH / f"{name}.db"


@case
def exploitation_ends_what_was_said_before():
    database = store("kev", exploited="2025-06-15")
    fault = "CVE-2025-90001"
    for state, day, want in (("not_affected", "2025-06-14", "affected"), ("not_affected", "2025-06-15", "not affected"),
                             ("under_investigation", "2025-06-14", "affected"), ("fixed", "2025-06-14", "fixed")):
        document = openvex(said(fault, state), time=day + "T23:00:00Z")
        equal(status(fault, "--db", database, "--vex", document), [want], (state, day))
        told = why("--db", database, "--vex", document)[0]
        equal((told["applied"], told["stopped"]), (int(want != "affected"), int(want == "affected")))
        if want == "affected":
            holds(told["why"], "since 2025-06-15 the fault is known to be exploited")
    quiet = store("quiet")
    equal(status(fault, "--db", quiet, "--vex", openvex(said(fault), time="2025-06-14T23:00:00Z")), ["not affected"])


@case
def a_reason_that_the_configuration_contradicts_ends_a_statement():
    write("kernel/boot/config-5.10.1", "# Linux/mips 5.10.1 Kernel Configuration\n# CONFIG_NF_TABLES is not set\nCONFIG_USER_NS=y\n")
    write("kernel/bin/busybox", (IMAGE / "bin/busybox").read_bytes(), 0o755)
    write("kernel/etc/passwd", "root:x:0:0:root:/:/bin/sh\n")
    write("kernel/etc/init.d/rcS", "#!/bin/sh\n", 0o755)
    kernel = SCRATCH / "kernel"
    options = rows(image=kernel, sql="SELECT name, value FROM kernel_option ORDER BY name")
    equal([one["value"] for one in options], ["n", "y"])
    for words, want in (("CONFIG_NF_TABLES is not set", "not affected"), ("CONFIG_NF_TABLES=n", "not affected"),
                        ("CONFIG_USER_NS is not set", "affected"), ("only with CONFIG_NF_TABLES=y", "affected"),
                        ("CONFIG_OTHER is not set", "not affected")):
        document = openvex(said(impact_statement=words))
        equal(status(SHELL, "--vex", document, image=kernel), [want], words)


@case
def what_cisa_decides_is_shown():
    database = store("ssvc")
    row = [one for one in json.loads(assay("vulnerabilities", IMAGE, "--format", "json", "--db", database).out)
           if one["id"] == "CVE-2025-90001"][0]
    equal((row["ssvc"], row["cvss"], row["cvss_version"]), ("poc, automatable, total", 9.8, "3.1"))


@case
def a_folder_of_results_is_watched():
    before, after = store("before"), store("after", exploited="2025-12-19", more=["CVE-2025-90002"])
    saved = SCRATCH / "results" / "deep" / "a.assay"
    saved.parent.mkdir(parents=True)
    equal(assay(IMAGE, "--db", before, "--save", saved, "--quiet").status, 0)
    kept = saved.read_bytes()
    run = assay("watch", "results", "--db", before)
    equal((run.status, run.out), (0, "1 checked, 0 changes\n"), run.err)
    run = assay("watch", "results", "--db", after, "--format", "json")
    equal(run.status, 1, run.err)
    told = [(one["result"], one["change"], one["id"], one["was"], one["status"]) for one in json.loads(run.out)]
    equal(told, [("results/deep/a.assay", "exploited", "CVE-2025-90001", "affected", "affected"),
                 ("results/deep/a.assay", "new", "CVE-2025-90002", None, "affected")])
    # A statement that stops to apply changes a status, and why is told.
    document = openvex(said("CVE-2025-90001"), time="2025-12-01T00:00:00Z")
    equal(assay(IMAGE, "--db", before, "--vex", document, "--save", saved, "--quiet").status, 0)
    run = assay("watch", "results", "--db", after, "--format", "json")
    changed = [one for one in json.loads(run.out) if one["id"] == "CVE-2025-90001"][0]
    equal((changed["change"], changed["was"], changed["status"]), ("status", "not affected", "affected"))
    holds(changed["reason"], "since 2025-12-19 the fault is known to be exploited")
    # The same by name alone: a saved result meets the store of today.
    listed = json.loads(assay("vulnerabilities", saved, "--db", after, "--format", "json").out)
    equal("CVE-2025-90002" in [one["id"] for one in listed], True)
    # What cannot be checked is no silence.
    write("results/broken.assay", b"SQLite format 3\0" + kept[16:5000])
    run = assay("watch", "results", "--db", before, "--format", "tsv")
    equal(run.status, 2)
    holds(run.err, "results/broken.assay was not checked: ")
    equal(assay("watch", IMAGE).status, 2)
    equal(assay("watch", saved).status, 2)


READER = """package main

import (
	"fmt"
	"os"

	"github.com/openvex/go-vex/pkg/vex"
)

func main() {
	document, err := vex.Open(os.Args[1])
	for i := 0; err == nil && i < len(document.Statements); i++ {
		err = document.Statements[i].Validate()
	}
	if err != nil {
		fmt.Println(err)
		os.Exit(1)
	}
	for _, id := range os.Args[4:] {
		for _, one := range document.Matches(id, os.Args[2], []string{os.Args[3]}) {
			fmt.Println(id, one.Status, one.Justification)
		}
	}
}
"""


@case
def another_reader_understands_what_goes_out():
    if not shutil.which("go"):
        raise Skip("there is no Go here")
    write("reader/main.go", READER)
    write("reader/go.mod", "module reader\n\ngo 1.21\n")
    for words in (("get", "github.com/openvex/go-vex@v0.2.9"), ("build", "-o", "reader", ".")):
        made = command("go", *words, cwd=SCRATCH / "reader", GOFLAGS="-mod=mod", GOPROXY="off")
        if made.status != 0:
            raise Skip("go-vex 0.2.9 is not in the module cache here")
    declared = write("reader.yaml", f"vulnerabilities:\n  {SHELL}: {{ status: not affected, justification: component_not_present }}\n"
                                    f"  {OLD}: {{ status: fixed }}\n")
    document = write("reader.json", assay("vulnerabilities", IMAGE, "--format", "openvex", "--product", declared).out)
    product = json.loads(document.read_text())["statements"][0]["products"][0]["@id"]
    run = command(SCRATCH / "reader" / "reader", document, product, PURL, SHELL, OLD, "CVE-2011-5325")
    equal(run.status, 0, run.out)
    equal(run.out.splitlines(), [f"{SHELL} not_affected component_not_present", f"{OLD} fixed ", "CVE-2011-5325 affected "])
    run = command(SCRATCH / "reader" / "reader", document, product, "pkg:generic/busybox@1.20.0", SHELL)
    equal(run.out, "", "another version")


@case
def nothing_is_said_where_nothing_matches():
    write("bare/etc/passwd", "root:x:0:0:root:/:/bin/sh\n")
    run = assay("vulnerabilities", SCRATCH / "bare", "--format", "openvex")
    equal((run.status, run.out), (0, ""))
    holds(run.err, "no vulnerability is known to match")
    run = assay(SCRATCH / "bare", "--out", "bare-reports", "--quiet")
    equal(run.status, 0, run.err)
    holds(run.err, "bare-reports/openvex.json was not written")
    equal(sorted(one.name for one in (SCRATCH / "bare-reports").iterdir()),
          ["assay.json", "assay.sarif", "csaf-vex.json", "report.html", "sbom.cdx.json"])
    run = assay(IMAGE, "--out", "all-reports", "--quiet")
    equal((run.status, "not written" in run.err), (0, False))
    equal((SCRATCH / "all-reports" / "openvex.json").exists(), True)


# Builds a database for grype from lines "CVE vendor product".
BASE = """package main

import (
	"bufio"
	"fmt"
	"os"
	"strings"
	"time"

	v6 "github.com/anchore/grype/grype/db/v6"
	"github.com/spf13/afero"
)

func build(folder string) error {
	writer, err := v6.NewWriter(v6.Config{DBDirPath: folder})
	if err != nil {
		return err
	}
	now := time.Now()
	provider := &v6.Provider{ID: "nvd", Version: "1", DateCaptured: &now}
	lines := bufio.NewScanner(os.Stdin)
	for lines.Scan() && err == nil {
		fields := strings.Fields(lines.Text())
		one := &v6.VulnerabilityHandle{Name: fields[0], Status: v6.VulnerabilityActive, Provider: provider, ProviderID: "nvd",
			PublishedDate: &now, ModifiedDate: &now, BlobValue: &v6.VulnerabilityBlob{ID: fields[0]}}
		if err = writer.AddVulnerabilities(one); err == nil {
			err = writer.AddAffectedCPEs(&v6.AffectedCPEHandle{Vulnerability: one, VulnerabilityID: one.ID,
				CPE:       &v6.Cpe{Part: "a", Vendor: fields[1], Product: fields[2]},
				BlobValue: &v6.PackageBlob{CVEs: []string{fields[0]}, Ranges: []v6.Range{{}}}})
		}
	}
	if err == nil {
		err = writer.Close()
	}
	if err == nil {
		_, err = v6.WriteImportMetadata(afero.NewOsFs(), folder, "test")
	}
	return err
}

func main() {
	if err := build(os.Args[1]); err != nil {
		fmt.Println(err)
		os.Exit(1)
	}
}
"""
GRYPE = "v0.121.2"


def grype_made():
    """grype, and what makes its database, from the module cache; skips where they are not there, or take long to build."""
    if not shutil.which("go"):
        raise Skip("there is no Go here")
    folder = SCRATCH / "grype"
    write("grype/main.go", BASE)
    write("grype/go.mod", f"module base\n\ngo 1.26\n\nrequire github.com/anchore/grype {GRYPE}\n")
    for words in (("build", "-o", "base", "."), ("build", "-o", "grype", "github.com/anchore/grype/cmd/grype")):
        try:
            made = command("go", *words, cwd=folder, GOFLAGS="-mod=mod", GOPROXY="off")
        except subprocess.TimeoutExpired as why:
            raise Skip("grype takes long to build here") from why
        if made.status != 0:
            raise Skip(f"grype {GRYPE} is not in the module cache here")
    return folder


def grype_matches(folder, sbom, *words):
    out = SCRATCH / "grype.json"
    run = command(folder / "grype", f"sbom:{sbom}", "-o", "json", "--file", out, "-q", *words, GRYPE_DB_CACHE_DIR=str(folder / "db"),
                  GRYPE_DB_AUTO_UPDATE="false", GRYPE_DB_VALIDATE_AGE="false", GRYPE_CHECK_FOR_APP_UPDATE="false",
                  GRYPE_MATCH_STOCK_USING_CPES="true")
    equal(run.status, 0, run.err)
    return {one["vulnerability"]["id"] for one in json.loads(out.read_text())["matches"]}


@case
def grype_leaves_out_what_is_not_affected_or_fixed():
    folder = grype_made()
    declared = f"vulnerabilities:\n  {SHELL}: {{ status: not affected, justification: component_not_present }}\n  {OLD}: {{ status: fixed }}\n"
    # A firmware without a version, one with, and one whose name asks for encoding.
    for number, product in enumerate(("", "product:\n  model: Camera\n  version: '1.2'\n",
                                      "product:\n  model: Archer C7/N\n  version: 3.1 build 7\n")):
        sbom, openvex_file, csaf_file = (SCRATCH / f"g{number}.{kind}.json" for kind in ("cdx", "openvex", "csaf"))
        run = assay(IMAGE, "--product", write(f"g{number}.yaml", product + declared), "--sbom", sbom, "--openvex", openvex_file,
                    "--csaf-vex", csaf_file, "--save", SCRATCH / "g.assay", "--quiet")
        equal(run.status, 0, run.err)
        states = {row["id"]: row["status"] for row in rows(image=SCRATCH / "g.assay")}
        left = {one for one, state in states.items() if state in ("affected", "under review")}
        equal({SHELL, OLD} & left, set())
        shutil.rmtree(folder / "db", ignore_errors=True)
        (folder / "db" / "6").mkdir(parents=True)
        lines = "".join(f"{one} busybox busybox\n" for one in states)
        made = subprocess.run([folder / "base", folder / "db" / "6"], input=lines, text=True, capture_output=True, check=False)
        equal(made.returncode, 0, made.stdout)
        equal(grype_matches(folder, sbom), set(states))
        for document in (openvex_file, csaf_file):
            equal(grype_matches(folder, sbom, "--vex", document), left, f"{product} {document.name}")
    # grype knows no firmware that components are of; who reads the digests knows that another build is not meant.
    write("rebuilt/bin/busybox", (IMAGE / "bin/busybox").read_bytes() + b"rebuilt", 0o755)
    write("rebuilt/etc/passwd", (IMAGE / "etc/passwd").read_bytes())
    equal(status(SHELL, "--vex", openvex_file, image=SCRATCH / "rebuilt"), ["affected"])
    write("same/usr/bin/busybox", (IMAGE / "bin/busybox").read_bytes(), 0o755)
    write("same/etc/passwd", (IMAGE / "etc/passwd").read_bytes() + b"\n")
    equal(status(SHELL, "--vex", openvex_file, image=SCRATCH / "same"), ["not affected"])


if __name__ == "__main__":
    main()
