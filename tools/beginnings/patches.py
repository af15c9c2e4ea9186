"""Reads the security patches of a source package: which code they take away, and what stands around it."""
import re

IDENTIFIER = re.compile(r"CVE-(?:19|20)\d\d-\d{4,7}", re.I)
# Written for a fix, and not the fix: what prepares it, what mends the mending, what tests it.
ASIDE = re.compile(r"(?:^|[-_./])(?:pre|prereq|pre-?\d+|prep|regression|fix-?regression|post|followup|follow-?up|tests?|testcase|doc|docs|update)\d*(?:[-_.]|$)", re.I)
SOURCE = re.compile(r"\.(?:c|cc|cpp|cxx|h|hh|hpp|y|l|inc|ec|py|pl|pm|rb|php|js|go|java|vim|lua|tcl|re)$")
HEADER = re.compile(r"\.(?:h|hh|hpp)$")
OUTSIDE = re.compile(r"(?:^|/)(?:tests?|testing|testsuite|testdata|t|fuzz|fuzzers?|fuzzing|ossfuzz|oss-fuzz|docs?|examples?|demos?|contrib|unittests?|check|win32|windows|vms|os2)/|test[^/]*\.c$|[-_]test\.", re.I)
CHUNK = re.compile(r"^@@ -(\d+)(?:,(\d+))? \+(\d+)(?:,(\d+))? @@ ?(.*)$")


class Hunk:
    """One place of a patch: the lines before the fix and after it."""

    def __init__(self, path, line, heading):
        self.path, self.line, self.heading = path, line, heading
        self.lines = []  # (' ', '-' or '+', text)

    @property
    def old(self):
        return [text for mark, text in self.lines if mark != "+"]

    @property
    def new(self):
        return [text for mark, text in self.lines if mark != "-"]

    @property
    def removed(self):
        return [text for mark, text in self.lines if mark == "-"]

    @property
    def added(self):
        return [text for mark, text in self.lines if mark == "+"]

    def first_change(self):
        """The place, among the old lines, of the first that is changed."""
        place = 0
        for mark, _text in self.lines:
            if mark != " ":
                return place
            place += 1
        return 0


def path_of(line):
    """"lib/url.c" of "+++ b/lib/url.c<tab>day"."""
    name = line[4:].split("\t")[0].strip().split(" ")[0]
    return "" if name == "/dev/null" else name.split("/", 1)[-1] if "/" in name else name


def hunks_of(text):
    """All hunks of a patch in its order; those that make or take away whole files have no path."""
    lines = text.split("\n")
    found, number, before, path = [], 0, "", ""
    while number < len(lines):
        line = lines[number].rstrip("\r")
        match = CHUNK.match(line)
        if line.startswith("--- ") and number + 1 < len(lines) and lines[number + 1].startswith("+++ "):
            before, path = path_of(line), path_of(lines[number + 1].rstrip("\r"))
            path = path if before and path else ""
            number += 1
        elif match:
            hunk = Hunk(path, int(match[1]), match[5])
            olds, news = (int(match[k]) if match[k] is not None else 1 for k in (2, 4))
            while (olds > 0 or news > 0) and number + 1 < len(lines):
                number += 1
                line = lines[number].rstrip("\r")
                mark, rest = (line[0], line[1:]) if line else (" ", "")
                if mark == "\\":
                    continue
                if mark not in " +-":
                    break
                olds, news = olds - (mark != "+"), news - (mark != "-")
                hunk.lines.append((mark, rest))
            found.append(hunk)
        number += 1
    return found


def is_code(path):
    return bool(path) and bool(SOURCE.search(path)) and not OUTSIDE.search(path)


def head_of(text):
    """The words before the first change."""
    at = re.search(r"^(?:--- |diff |Index: )", text, re.M)
    return text[:at.start()] if at else text[:4000]


def identifiers_of(name, text):
    """The vulnerabilities that a patch mends: by its name, else the one that its head names."""
    named = {one.upper() for one in IDENTIFIER.findall(name)}
    if named:
        return named
    said = {one.upper() for one in IDENTIFIER.findall(head_of(text))}
    return said if len(said) == 1 else set()


def fixes_of(patches):
    """{vulnerability: hunks} of the patches of a package, [(name, text)] in their order."""
    fixes = {}
    for name, text in patches:
        if ASIDE.search(re.sub(IDENTIFIER, "", name)):
            continue
        for identifier in identifiers_of(name, text):
            hunks = [hunk for hunk in hunks_of(text) if is_code(hunk.path) and (hunk.removed or hunk.added)]
            fixes.setdefault(identifier, []).append((name, hunks))
    return fixes


# What an entry of a change log says beside the name of a vulnerability where it brings no fix of it.
UNSURE = re.compile(r"\b(?:not? (?:vulnerable|affected|longer|needed)|already|drop(?:ped|s)?|remov(?:ed?|es|ing)|revert(?:ed|s)?|refresh(?:ed)?|disabled?|obsolete|regressions?|"
                    r"upstream(?:ed)?|incomplete|new release|merged?|includ(?:ed?|es|ing)|mention|typo|previous(?:ly)?|earlier|correct(?:ed|s)?|renamed?|unaffected|ignore|false)\b", re.I)


def mended_in(text):
    """The vulnerabilities that an entry of a change log says were mended, each point for itself."""
    found = set()
    for point in re.split(r"\n(?=\s*[-*+o]\s)|\n\s*\n", text):
        if not UNSURE.search(point):
            found.update(one.upper() for one in IDENTIFIER.findall(point))
    return found


def patched_by(log, upstream_of):
    """{vulnerability: [(upstream version, package version)]} of the entries that patched a version, [(package version, text)] from the newest on."""
    found = {}
    for (version, text), (before, _text) in zip(log, log[1:]):
        upstream = upstream_of(version.rsplit("-", 1)[0])
        if "-" not in version or not upstream or upstream != upstream_of(before.rsplit("-", 1)[0]):
            continue
        for identifier in mended_in(text):
            found.setdefault(identifier, []).append((upstream, version))
    return found
