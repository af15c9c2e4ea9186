#!/usr/bin/env python3
"""Our own facts about components: what they say in words, the program must be able to judge by."""
import pathlib
import re
import sys

import yaml

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))
from tap import ROOT, case, equal, main  # noqa: E402

# The words name a part that is not all that has the fault, or of which no sign shows that it is missing.
ELSEWHERE_TOO = {"CVE-2004-0797", "CVE-2012-1823", "CVE-2012-2311", "CVE-2017-7376"}


def documents(folder):
    for document in sorted((ROOT / "data" / folder).glob("*.yaml")):
        yield from yaml.load(document.read_text(), yaml.BaseLoader)


def facts():
    for line in (ROOT / "data/vulnerabilities/component-facts.tsv").read_text().splitlines():
        if not line.startswith("#"):
            yield line.split("\t")


def words_of(part):
    """Its names; of "EAP-PEAP" the method alone too."""
    names = [part["name"], *part.get("also", [])]
    return [name for name in names + [name[4:] for name in names if name.startswith("EAP-")] if len(name) > 2]


@case
def a_fact_that_speaks_of_a_part_names_it():
    """Without the part, its fault is affected in programs that were built without it."""
    products = {cpe.split(":", 1)[1]: item["name"] for item in documents("components") for cpe in item.get("cpe", [])}
    parts = {item["component"]: item.get("parts", []) for item in documents("parts")}
    silent = []
    for cve, product, ranges, part, why, *_ in facts():
        spoken = [one["name"] for one in parts.get(products.get(product), [])
                  if any(re.search(rf"(?<![\w-]){re.escape(word)}(?![\w-])", why, re.IGNORECASE) for word in words_of(one))]
        if part == "-" and ranges != "-" and spoken and cve not in ELSEWHERE_TOO:
            silent.append((cve, product, spoken))
    equal(silent, [])


main()
