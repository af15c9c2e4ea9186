"""A Kbuild file: which objects and folders it lists under which options.

Follows Documentation/kbuild/makefiles.rst of the kernel. Every assignment counts as an addition; what is not understood becomes
a doubt, never a condition.
"""
import re

from .expression import ALWAYS, DOUBT, NEVER, UNSURE, all_of, both, either, negation, option

ASSIGNMENT = re.compile(r"^(?:export\s+|override\s+)?([^\s:=+?#][^:=+?#]*?)\s*(?::=|::=|\+=|\?=|=)\s*(.*)$")
CONFIG = r"\$[({]CONFIG_(\w+)[)}]"
PLAIN_ENDS = ("-y", "-m", "-objs", "-objs-y", "-y-y")
DEPTH_MAX = 12
ANYWHERE = "?/"  # before the name of an object whose folder was not understood


def logical_lines(text):
    for line in re.sub(r"\\[ \t]*\n", " ", text).splitlines():
        if not line.startswith("\t\t@"):
            yield line.split("#", 1)[0].strip()


def split_words(text):
    """Words, with what stands in brackets kept together."""
    words, depth, word = [], 0, ""
    for char in text:
        depth += (char in "({") - (char in ")}")
        if char.isspace() and depth <= 0:
            words += [word] if word else []
            word = ""
        else:
            word += char
    return words + ([word] if word else [])


def condition(kind, rest):
    """Of a line "ifdef X", "ifeq ($(X),y)"."""
    if kind in ("ifdef", "ifndef"):
        name = re.fullmatch(r"CONFIG_(\w+)", rest.strip())
        found = option(name.group(1)) if name else DOUBT
        return negation(found) if kind == "ifndef" else found
    found = re.fullmatch(rf"\(\s*((?:{CONFIG})+)\s*,\s*([ymn]*)\s*\)|\"?({CONFIG})\"?\s+\"?([ymn]*)\"?", rest.strip())
    if not found:
        return DOUBT
    names = re.findall(CONFIG, found.group(1) or found.group(4))
    value = (found.group(3) if found.group(1) else found.group(6)) or ""
    if value == "":
        is_set = either(*[option(name) for name in names])
        if len(names) > 1 and kind == "ifeq":
            return all_of([option("!" + name) for name in names])
        return negation(is_set) if kind == "ifeq" else is_set
    if len(names) > 1:
        return option(*names) if kind == "ifeq" and value == "y" * len(names) else DOUBT
    if value != "y":
        return option(names[0], UNSURE) if kind == "ifeq" and value == "m" else DOUBT
    found = option(names[0] + "=y")
    return found if kind == "ifeq" else negation(found)


def suffix_condition(suffix):
    """Of what stands behind "obj-"; NEVER where it is empty."""
    if suffix in ("y", "m", "objs"):
        return ALWAYS
    if suffix == "":
        return NEVER
    suffix = re.sub(r"\$\((?:subst|patsubst)\s+m\s*,\s*y\s*,\s*(\$\(CONFIG_\w+\))\s*\)", r"\1", suffix)
    one = re.fullmatch(CONFIG, suffix)
    if one:
        return option(one.group(1))
    one = re.fullmatch(rf"\$\(if\s+{CONFIG}\s*,\s*[ym]\s*\)", suffix)
    if one:
        return option(one.group(1))
    two = re.fullmatch(rf"\$\((?:subst\s+y\s*,\s*{CONFIG}\s*,|and\s+{CONFIG}\s*,)\s*{CONFIG}\s*\)", suffix)
    if two:
        return option(*[name for name in two.groups() if name])
    return DOUBT


def split_name(name):
    """"foo-$(CONFIG_X)" is stem "foo" and its condition; (name, None) for any other variable."""
    for end in PLAIN_ENDS:
        if name.endswith(end):
            return name[:-len(end)], ALWAYS
    if name.endswith("-"):
        return name[:-1], NEVER
    at = name.find("-$(")
    if at < 0 or not (name.endswith(")") and "CONFIG_" in name):
        return name, None
    stem = name[:at]
    return (stem[:-5] if stem.endswith("-objs") else stem), suffix_condition(name[at + 1:])


class Makefile:
    def __init__(self, read, path):
        """read(path) gives the text of a file, or None."""
        self.read, self.lists, self.plain = read, {}, {}
        self.folder = path.rpartition("/")[0]
        self.parse(path, 0)

    def parse(self, path, depth):
        stack = []
        for line in logical_lines(self.read(path) or ""):
            word, _, rest = line.partition(" ")
            word, rest = ("ifeq", rest or line[4:]) if word.startswith("ifeq(") else (word, rest)
            if word in ("ifdef", "ifndef", "ifeq", "ifneq"):
                found = condition(word, rest)
                stack.append((found, negation(found)))
            elif word == "else" and stack:
                kind, _, more = rest.strip().partition(" ")
                _, against = stack.pop()
                if kind in ("ifdef", "ifndef", "ifeq", "ifneq"):
                    found = condition(kind, more)
                    stack.append((both(against, found), both(against, negation(found))))
                else:
                    stack.append((against, DOUBT))
            elif word == "endif" and stack:
                stack.pop()
            elif word in ("include", "-include", "sinclude") and depth < 4:
                self.include(rest.strip(), depth)
            else:
                self.assign(line, all_of([one for one, _ in stack]))

    def include(self, name, depth):
        name = re.sub(r"^\$\((?:srctree|src)\)/(?:\$\(src\)/)?", lambda found: "" if "srctree" in found.group(0)
                      and "(src)" not in found.group(0) else self.folder + "/", name)
        if "$" not in name and not name.startswith("scripts/"):
            self.parse(name, depth + 1)

    def assign(self, line, where):
        found = ASSIGNMENT.match(line)
        if not found:
            return
        stem, suffix = split_name(found.group(1).strip())
        words = split_words(found.group(2))
        if suffix is None:
            self.plain.setdefault(stem, []).append((where, words))
        elif both(where, suffix) != NEVER:
            self.lists.setdefault(stem, []).append((both(where, suffix), words))

    def entries(self, stem):
        """Every (condition, word) that the lists of a stem hold."""
        return self.expand(self.lists.get(stem, []), 0)

    def expand(self, entries, depth):
        result = []
        for where, words in entries if depth < DEPTH_MAX else []:
            for word in words:
                for inner, found in self.word(word, depth):
                    result.append((both(where, inner), found))
        return result

    def substitute(self, word):
        """Variables of one plain word, as in "$(KVM)/kvm_main.o"."""
        def value(found):
            name = found.group(1)
            if name in ("obj", "src", "srctree", "objtree"):
                return "."
            lists = self.plain.get(name, [])
            simple = len(lists) == 1 and lists[0][0] == ALWAYS and len(lists[0][1]) == 1 and "$" not in lists[0][1][0]
            return lists[0][1][0] if simple else found.group(0)
        return re.sub(r"\$[({](\w+)[)}]", value, word)

    def word(self, word, depth):
        if not re.fullmatch(r"\$[({][\w.-]+[)}]", word):
            word = self.substitute(word)
        if "$" not in word:
            return [(ALWAYS, word)]
        if not word.startswith("$") or re.fullmatch(r"\$[({][^(){}]*[)}].+", word):
            return [(DOUBT, ANYWHERE + word.rpartition("/")[2])]
        name = re.fullmatch(r"\$[({]([\w.-]+)[)}]", word)
        if name:
            return self.variable(name.group(1), depth)
        call = re.fullmatch(r"\$\((sort|strip|addprefix)\s+(.*)\)", word)
        if call and call.group(1) == "addprefix":
            prefix, _, rest = call.group(2).partition(",")
            if "$" not in prefix:
                return [(where, prefix.strip() + found) for where, found in
                        self.expand([(ALWAYS, split_words(rest))], depth + 1)]
        elif call:
            return self.expand([(ALWAYS, split_words(call.group(2)))], depth + 1)
        found = re.fullmatch(rf"\$\(if\s+{CONFIG}\s*,\s*([^$,()]*)\)", word)
        if found:
            return [(option(found.group(1)), one) for one in found.group(2).split()]
        return [(DOUBT, ANYWHERE + one.rpartition("/")[2] if one.endswith(".o") else one)
                for one in re.findall(r"[\w./-]+(?:\.o|/)(?=[\s,)])", word)]

    def variable(self, name, depth):
        stem, suffix = split_name(name)
        lists = self.lists.get(stem, []) if suffix is not None else self.plain.get(name, [])
        return self.expand(lists, depth + 1)
