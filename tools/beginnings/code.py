"""Whether the code that a patch mends is in the sources of a version."""
import posixpath
import re

from .patches import HEADER

CONTEXT_MIN, CONTEXT_CODE_MIN = 6, 4  # lines around what is only added, and those of them that say something
TELLING = 12         # bytes of a line that tells one code from another
TRACES_MOST = 0.20   # share of such lines that may stand elsewhere, where code is said to be missing
TRACES_LEAST = 3     # such lines, at least, by which code is said to be missing
WORDS = re.compile(r"[A-Za-z_]\w+")
HEAD = re.compile(r"^(?:[A-Za-z_][\w \t*,&:<>]*?[\s*&:])?([A-Za-z_]\w+)\s*\(")
NO_NAME = {"if", "for", "while", "switch", "return", "sizeof", "defined", "else", "do", "case"}


def squeeze(line):
    return " ".join(line.split())


def tells(line):
    """Whether a line, squeezed, is more than a brace, a remark or a plain step."""
    return len(line) >= TELLING and not line.startswith(("*", "/*", "//", "#include", "return ", "goto ")) and bool(re.search(r"\w{3}", line))


def name_in(line):
    """The function that a line in the first column begins, or None."""
    match = HEAD.match(line)
    return match[1] if match and match[1] not in NO_NAME and not line.rstrip().endswith(";") else None


def function_at(lines, place):
    """(name, first line, last line) of the function around a line; None at the top of a file."""
    end = next((number for number in range(place, len(lines)) if lines[number].startswith("}")), None)
    if end is None:
        return None
    start = next((number for number in range(place - 1, -1, -1) if lines[number].startswith("}")), -1) + 1
    brace = next((number for number in range(start, end) if lines[number].startswith("{") or
                  (lines[number].rstrip().endswith("{") and name_in(lines[number]))), None)
    if brace is None or brace > place:
        return None
    for number in range(brace, max(start, brace - 12) - 1, -1):
        name = name_in(lines[number])
        if name:
            return name, number, end
    return None


class Sources:
    """The files of one version: their lines, and what stands anywhere in them."""

    def __init__(self, version, files):
        self.version, self.files = version, files
        self.by_name = {}
        for path in files:
            self.by_name.setdefault(posixpath.basename(path), []).append(path)
        self._lines, self._words, self._split = None, None, {}

    @property
    def lines(self):
        if self._lines is None:
            self._lines = {squeeze(line) for text in self.files.values() for line in text.split("\n")}
        return self._lines

    @property
    def words(self):
        if self._words is None:
            self._words = set()
            for text in self.files.values():
                self._words.update(WORDS.findall(text))
        return self._words

    def split(self, path):
        if path not in self._split:
            self._split[path] = [line.rstrip("\r") for line in self.files[path].split("\n")]
        return self._split[path]

    def function(self, path, name):
        """The lines of a function of a file, squeezed; None where it has none of that name."""
        lines = self.split(path)
        for number, line in enumerate(lines):
            if name in line and name_in(line) == name:
                found = function_at(lines, next((k for k in range(number, len(lines)) if lines[k].startswith("{") or
                                                 lines[k].rstrip().endswith("{")), number))
                if found and found[0] == name:
                    return [squeeze(one) for one in lines[found[1]:found[2]]]
        return None

    def places(self, path):
        """The files that may be the one that a patch names: at its path, else those of its name."""
        named = self.by_name.get(posixpath.basename(path), [])
        if path in self.files:
            return [path]
        return [one for one in named if one.endswith("/" + path) or path.endswith("/" + one)] or named

    def traces(self, lines):
        """Share of the telling lines that stand anywhere; None where too few tell anything."""
        telling = {line for line in map(squeeze, lines) if tells(line)}
        if len(telling) < TRACES_LEAST:
            return None
        return len(telling & self.lines) / len(telling)


def find(lines, wanted, near):
    """Where lines stand in a file, the place next to a line's number; None for nowhere."""
    anchor = max(range(len(wanted)), key=lambda number: len(wanted[number]))
    found, place = [], -1
    while True:
        try:
            place = lines.index(wanted[anchor], place + 1)
        except ValueError:
            break
        start = place - anchor
        if start >= 0 and lines[start:start + len(wanted)] == wanted:
            found.append(start)
    return min(found, key=lambda number: abs(number - near)) if found else None


def is_strong(hunk, function):
    """Whether the old lines of a hunk are enough to know the code by."""
    if any(tells(squeeze(line)) for line in hunk.removed):
        return True
    said = [squeeze(line) for line in hunk.old]
    return (function is not None and len(said) >= CONTEXT_MIN and
            sum(len(line) > 4 for line in said) >= CONTEXT_CODE_MIN and sum(map(tells, said)) >= 2)


def holds(sources, fix):
    """True where every hunk of a fix applies to the version, one after the other, without fuzz."""
    changed, strong = {}, False
    for hunk in fix:
        for path in sources.places(hunk.path):
            lines = changed.get(path) or sources.split(path)
            place = find(lines, hunk.old, hunk.line - 1) if hunk.old else None
            if place is not None:
                function = function_at(lines, place + hunk.first_change())
                strong = strong or is_strong(hunk, function)
                changed[path] = lines[:place] + hunk.new + lines[place + len(hunk.old):]
                break
        else:
            if HEADER.search(hunk.path) and not hunk.removed:
                continue
            return False
    return strong


def runs_of(hunk):
    """The lines that a hunk takes away, in runs without others between them."""
    runs, before = [], " "
    for mark, text in hunk.lines:
        if mark == "-" and before != "-":
            runs.append([])
        if mark == "-":
            runs[-1].append(squeeze(text))
        before = mark
    return runs


def around(hunk):
    """The last line that says something before what a hunk adds, and the first one behind it."""
    place = next(number for number, (mark, _text) in enumerate(hunk.lines) if mark == "+")
    before = [squeeze(text) for _mark, text in hunk.lines[:place] if len(squeeze(text)) > 1]
    after = [squeeze(text) for mark, text in hunk.lines[place:] if mark == " " and len(squeeze(text)) > 1]
    return (before[-1], after[0]) if before and after else None


def stands_in(body, hunk):
    """Whether the lines of a function have what a hunk changes, whatever else stands around it, and not what it brings."""
    if any(tells(line) and line in body for line in map(squeeze, hunk.added) if line not in map(squeeze, hunk.removed)):
        return False
    if hunk.removed:
        return all(find(body, run, 0) is not None for run in runs_of(hunk))
    pair = around(hunk)
    said = [line for line in body if len(line) > 1]
    return pair is not None and find(said, list(pair), 0) is not None


def keeps(sources, bodies):
    """True where every function that a fix changes is there by its name, with the lines that it takes away."""
    telling = False
    for hunk, name, _body in bodies:
        if name is None:
            return False
        for path in sources.places(hunk.path):
            body = sources.function(path, name)
            if body and stands_in(body, hunk):
                telling = telling or any(map(tells, map(squeeze, hunk.removed)))
                break
        else:
            return False
    return telling


def bodies_of(base, fix):
    """Of each hunk that is no header's: (hunk, name of its function or None, lines of it) in the version that was patched."""
    found = []
    for hunk in fix:
        if HEADER.search(hunk.path):
            continue
        function, body = None, hunk.old
        for path in base.places(hunk.path) if base else ():
            lines = base.split(path)
            place = find(lines, hunk.old, hunk.line - 1) if hunk.old else None
            if place is not None:
                function = function_at(lines, place + hunk.first_change())
                body = lines[function[1]:function[2]] if function else hunk.old
                break
        found.append((hunk, function[0] if function else None, body))
    return found


def lacks(sources, bodies):
    """True where of every hunk neither the file nor the function is anywhere in the version, and no trace of its lines.

    A function alone says nothing by its absence: its code may have stood in another one.
    """
    for hunk, name, body in bodies:
        traces = sources.traces(body)
        if sources.places(hunk.path) or name in sources.words or traces is None or traces > TRACES_MOST:
            return False
        if any(tells(squeeze(line)) and squeeze(line) in sources.lines for line in hunk.removed):
            return False
    return bool(bodies)
