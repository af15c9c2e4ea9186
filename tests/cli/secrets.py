#!/usr/bin/env python3
"""No output holds a secret or a cracked password whole, unless --show-secrets asks for them."""
import json
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))
from tap import SCRATCH, assay, case, equal, holds, lacks, main, write  # noqa: E402

FILES = {
    "etc/passwd": "root:$1$$iC.dUsGpxNNJGeOm1dFio/:0:0:root:/:/bin/sh\nadmin:$1$x$ZgRBX/ZYtwvScP1Bv7h4k1:0:0::/:/bin/sh\n",
    "etc/inittab": "::sysinit:/etc/init.d/rcS\n",
    "etc/init.d/rcS": "#!/bin/sh\n/usr/sbin/agent -p Geheim77x\ncurl -u ota:Geheim77x https://fw.vendor.example/fw -o /tmp/f\n",
    "etc/wpa_supplicant.conf": 'network={\n\tpsk="korrektpferd"\n}\n',
    "etc/app.conf": "api_key=YOUR_API_KEY\n",
    "bin/sh": "\x7fELF not quite",
}
SECRETS = ("Geheim77x", "korrektpferd")
for name, content in FILES.items():
    write(f"root/{name}", content.encode("latin-1"), 0o755)
FOLDER = SCRATCH / "root"
OUTPUTS = ("--json", "--html", "--sbom", "--sarif", "--save")


def outputs(*words):
    """Every output of one run, by its option; and the page."""
    arguments = []
    for option in OUTPUTS:
        arguments += [option, str(SCRATCH / ("out" + option))]
    run = assay(FOLDER, *arguments, *words)
    equal(run.status, 0, run.err)
    texts = {option: (SCRATCH / ("out" + option)).read_bytes().decode("latin-1") for option in OUTPUTS}
    texts["page"] = run.out
    return texts


@case
def no_output_holds_a_secret():
    for text in outputs().values():
        for secret in SECRETS:
            lacks(text, secret)
        lacks(text, '"1234"')
    holds(outputs()["--json"], "kor******erd")


@case
def a_placeholder_is_told_whole():
    holds(outputs()["--json"], "YOUR_API_KEY")


@case
def they_are_given_where_they_are_asked_for():
    texts = outputs("--show-secrets")
    for secret in SECRETS:
        holds(texts["--json"], secret)
        holds(texts["--save"], secret)
    details = [one["detail"] for one in json.loads(texts["--json"])["findings"]]
    equal(any('the password "1234"' in detail for detail in details), True, details)


@case
def a_saved_result_keeps_what_it_was_saved_with():
    outputs()
    run = assay(SCRATCH / "out--save", "--json", "-", "--show-secrets")
    equal(run.status, 0, run.err)
    for secret in SECRETS:
        lacks(run.out, secret)


main()
