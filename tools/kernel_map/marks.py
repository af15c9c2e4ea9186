"""What a kernel with some code surely holds: the names that it exports, and those that its tables register it by."""
import bisect
import re

from kernel_map.texts import COMMENT, LITERAL

EXPORT = re.compile(r"^[ \t]*EXPORT_SYMBOL(?:_GPL|_NS|_NS_GPL)?\s*\(\s*(\w+)\s*[,)]", re.M)
# A table at the level of the file: "static struct xt_match foo __read_mostly = {", up to the brace that begins a line.
TABLE = re.compile(r"^[A-Za-z_][^\n;(){}=]*?\b(\w+)\s*(?:\[[^\]\n]*\])?\s*(?:__\w+\s*)*=\s*\{(.*?)^\}", re.M | re.S)
INSIDE = re.compile(r"(?:\.(\w+)\s*(?:\[\w*\]\s*)?)?[={,]\s*(" + LITERAL + r")(?=\s*[,}])")
# What programs ask for, or drivers are called: code keeps these names. Kinds of links, and devices that a driver knows, have been added with the years.
KEPT = {"name", "id", "driver_name", "proc_name", "procname", "cra_name"}
STARTS = re.compile(r"^[ \t]*(?:module_\w+|\w*_initcall|\w*_init_module|builtin_\w+)\s*\(", re.M)
DEFINED = re.compile(r'^[ \t]*#[ \t]*define[ \t]+(\w+)[ \t]+("(?:[^"\\\n]|\\.)*")[ \t]*$', re.M)
LEAST, MOST = 3, 40


def outside_of_conditions(text):
    """The text without what an option within the file could leave out, and without macros."""
    text = COMMENT.sub(lambda found: "\n" * found.group().count("\n"), text)
    depth, macro, kept = 0, False, []
    for line in text.split("\n"):
        bare = line.lstrip()
        if bare.startswith("#"):
            word = bare[1:].lstrip()
            depth += word.startswith("if")
            depth -= word.startswith("endif")
        kept.append("" if depth > 0 or macro or bare.startswith("#") else line)
        macro = (macro or bare.startswith("#")) and line.endswith("\\")
    return "\n".join(kept)


def exports_of(bare):
    return set(EXPORT.findall(bare))


def names_of(text, bare):
    """
    Whole texts of tables that something else in the file uses, where its code is started by itself: what registers an object by its
    name is never left out. Each with whether older code has it, too.
    """
    if not STARTS.search(bare):
        return {}
    defined, found, code = dict(DEFINED.findall(text)), {}, re.sub(LITERAL, '""', bare)
    for table in TABLE.finditer(bare):
        variable, body = table.group(1), table.group(2)
        if len(re.findall(rf"\b{variable}\b", code)) < 2:
            continue
        for field, word in re.findall(r"\.(\w+)\s*=\s*([A-Z][A-Z0-9_]+)\s*[,}]", body):
            if word in defined:
                body += f".{field}={defined[word]},"
        for one in INSIDE.finditer(body):
            name = one.group(2)[1:-1]
            if LEAST <= len(name) <= MOST and re.fullmatch(r"[!-$&-~][ -$&-~]*", name) and "\\" not in name:
                found[name] = found.get(name, False) or one.group(1) in KEPT
    return found


def literals_of(text):
    return {one[1:-1] for one in re.findall(LITERAL, text) if len(one) < 80}


class Endings:
    """Whether a text of others ends with another one."""

    def __init__(self, places):
        self.places = places
        self.sorted = sorted(one[::-1] for one in places)

    def others(self, text, own):
        """True where a file other than those has a text that ends so."""
        back = text[::-1]
        at = bisect.bisect_left(self.sorted, back)
        while at < len(self.sorted) and self.sorted[at].startswith(back):
            if not self.places[self.sorted[at][::-1]] <= own:
                return True
            at += 1
        return False
