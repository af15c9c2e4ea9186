"""A fleet that never was: rows of a register, the same for the same seed.

Versions share component sets, sets share components, and matches belong to components, as in a real one; components
are spread at random, which is harsher than life: a vulnerability of a few components reaches versions of all products.
"""
import datetime
import hashlib
import json
import random

SET_SIZE, COMPONENTS, VULNERABILITIES, WIDEST = 60, 24000, 60000, 35
VERSIONS_OF_A_NAME = 20
AT = "2026-01-01T00:00:00Z"
STATUSES = ["affected"] * 5 + ["under review"] * 2 + ["not affected"] * 2 + ["fixed"]
TABLES = {
    "product": ("id", "name"),
    "version": ("id", "product", "name", "state", "shipped", "supported_until", "assayed"),
    "artifact": ("id", "version", "sha256", "name", "size"),
    "component": ("id", "name", "version", "variant", "saved", "questions"),
    "component_question": ("component", "product"),
    "component_set": ("id", "sha256"),
    "set_component": ("component_set", "component"),
    "result": ("id", "artifact", "saved", "at", "program", "store", "store_date", "grade", "ceiling", "understood", "unread",
               "component_set", "sightings", "current", "followed"),
    "vulnerability": ("id", "name", "severity", "cvss", "epss", "exploited"),
    "match": ("component", "vulnerability", "status", "justification", "reason", "fixed_in"),
    "component_match": ("component", "at", "store", "store_date", "matches", "followed"),
}
# What no event holds: the rows that own it carry its digest.
CONTENT = ("component_question", "set_component", "match")


def digest(text):
    return hashlib.sha256(text.encode()).hexdigest()


def digest_of(values):
    return digest(json.dumps(values, separators=(",", ":"), ensure_ascii=False) + "\n")


class Fleet:
    """Rows by table; numbers begin behind those that are there."""

    def __init__(self, versions, seed=1):
        self.versions, self.random, self.first = versions, random.Random(seed), 1000
        self.sets = max(10, versions // (5 if versions <= 100000 else 10))
        self.products = max(10, versions // 50)
        small = versions < 10000
        self.components = COMPONENTS // 20 if small else COMPONENTS
        self.vulnerabilities = VULNERABILITIES // 20 if small else VULNERABILITIES
        self.variants = [digest(f"variant {i}") for i in range(self.components)]
        self.matches = self.make_matches()
        self.members = [sorted(self.random.sample(range(self.components), min(SET_SIZE, self.components)))
                        for _ in range(self.sets)]

    def make_matches(self):
        """(component, vulnerability, status) of all; the first vulnerability is the widest."""
        rows = []
        for vulnerability in range(self.vulnerabilities):
            width = WIDEST if vulnerability == 0 else min(WIDEST, int(self.random.expovariate(1 / 6)) + 1)
            start = self.random.randrange(self.components)
            for i in range(width):
                status = self.random.choice(STATUSES) if vulnerability else "affected"
                rows.append(((start + i) % self.components, vulnerability, status))
        return rows

    def name_of(self, component):
        return f"component-{component // VERSIONS_OF_A_NAME}"

    def version_of(self, component):
        return f"1.{component % VERSIONS_OF_A_NAME}.0"

    @staticmethod
    def vulnerability_name(number):
        return f"CVE-2024-{number + 1:04d}"

    def reason(self, component):
        return f"{self.version_of(component)} lies in [1.0.0, 2.0.0)"

    def rows(self, table):
        return getattr(self, "make_" + table)()

    def make_product(self):
        for i in range(self.products):
            yield self.first + i, f"Product {i}"

    def make_version(self):
        day = datetime.date(2017, 1, 1)
        for i in range(self.versions):
            shipped = day + datetime.timedelta(days=i * 3500 // self.versions)
            yield (self.first + i, self.first + i % self.products, f"{i // self.products}.0", "shipped", shipped.isoformat(),
                   (shipped + datetime.timedelta(days=1825)).isoformat(), int(i % 100 != 99))

    def artifact_name(self, i):
        return digest(f"artifact {i}")

    def make_artifact(self):
        for i in range(self.versions):
            yield self.first + i, self.first + i, self.artifact_name(i), "firmware.bin", 8000000

    def make_component(self):
        for i in range(self.components):
            yield (self.first + i, self.name_of(i), self.version_of(i), self.variants[i], digest("saved"),
                   digest_of(["fleet:" + self.name_of(i)]))

    def make_component_question(self):
        for i in range(self.components):
            yield self.first + i, "fleet:" + self.name_of(i)

    def make_component_set(self):
        for i, members in enumerate(self.members):
            yield self.first + i, digest_of(sorted(self.variants[member] for member in members))

    def make_set_component(self):
        for i, members in enumerate(self.members):
            for member in members:
                yield self.first + i, self.first + member

    def make_result(self):
        nothing = digest_of([])
        for i in range(self.versions):
            if i % 100 != 99:
                understood = 0.5 if i % 100 == 98 else 0.97
                yield (self.first + i, self.artifact_name(i), digest(f"saved {i}"), AT, "0.0.0", "starter", "2026-01-01", None, None,
                       understood, 0, self.first + i % self.sets, nothing, 1, 1)

    def make_vulnerability(self):
        for i in range(self.vulnerabilities):
            yield (self.first + i, self.vulnerability_name(i), "high", 7.5, 0.25, "2025-01-01" if i % 250 == 0 else None)

    def make_match(self):
        for component, vulnerability, status in self.matches:
            yield (self.first + component, self.first + vulnerability, status, None, self.reason(component), None)

    def make_component_match(self):
        by_component = {}
        for component, vulnerability, status in self.matches:
            by_component.setdefault(component, []).append((self.vulnerability_name(vulnerability), status))
        for i in range(self.components):
            values = []
            for name, status in sorted(by_component.get(i, [])):
                values += [name, status, None, self.reason(i), None]
            yield self.first + i, AT, "starter", "2026-01-01", digest_of(values), 1

    def body(self, table):
        """As an event has it."""
        columns = TABLES[table]
        return json.dumps([{"insert": table, "row": dict(zip(columns, row))} for row in self.rows(table)],
                          separators=(",", ":"), ensure_ascii=False)

    def events(self, sequence, previous):
        """The chain behind an event: one for each table that events hold."""
        for table in TABLES:
            if table in CONTENT:
                continue
            sequence += 1
            body = self.body(table)
            text = ["assay event 1", previous, sequence, AT, 0, "fleet.generated", table, body]
            mark = digest_of(text)
            yield sequence, AT, None, "fleet.generated", table, body, previous, mark
            previous = mark
