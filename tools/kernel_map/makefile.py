"""A Kbuild file: which objects and folders it lists under which options.

Follows Documentation/kbuild/makefiles.rst of the kernel. Every assignment counts as an addition; what is not understood becomes
a doubt, never a condition.
"""
import posixpath
import re

from .expression import ALWAYS, DOUBT, NEVER, UNSURE, all_of, both, either, negation, option

ASSIGNMENT = re.compile(r"^(?:export\s+|override\s+)?([^\s:=+?#][^:=+?#]*?)\s*(?::=|::=|\+=|\?=|=)\s*(.*)$")
CONFIG = r"\$[({]CONFIG_(\w+)[)}]"
PLAIN_ENDS = ("-objs-y", "-y-y", "-y", "-m", "-objs")  # longer ones first
DEPTH_MAX = 12
PRODUCT_MAX = 16
HERE, ROOT = "\x01", "\x02"  # the folder of the file, and that of the kernel
PLACES = {"obj": HERE, "src": HERE, "srctree": ROOT, "objtree": ROOT}
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


def is_reference(text):
    return text.startswith(("$(", "${")) and len(split_references(text)) == 1


def split_references(text):
    """"$(A)/b$(C)" as "$(A)", "/b", "$(C)"."""
    parts, depth, part = [], 0, ""
    for at, char in enumerate(text):
        opens = char == "$" and text[at + 1:at + 2] in ("(", "{")
        if opens and depth == 0 and part:
            parts.append(part)
            part = ""
        part += char
        if char in "({":
            depth += 1
        elif char in ")}" and depth > 0:
            depth -= 1
            if depth == 0 and part.startswith("$"):
                parts.append(part)
                part = ""
    return parts + ([part] if part else [])


def split_arguments(text):
    """At commas that stand in no brackets."""
    parts, depth = [""], 0
    for char in text:
        depth += (char in "({") - (char in ")}")
        if char == "," and depth == 0:
            parts.append("")
        else:
            parts[-1] += char
    return parts


def clean(word):
    """A word with its places told: "./a" of this folder, "/a" of the root; of either, where it has none, the reader knows."""
    word = re.sub(rf"^{ROOT}/*{HERE}|^{HERE}", ".", word)
    return re.sub(rf"^{ROOT}/*", "/", word)


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
    def __init__(self, read, path, inherited=None):
        """read(path) gives the text of a file, or None; inherited are variables that a file above exports."""
        self.read, self.lists, self.plain, self.inherited = read, {}, {}, inherited or {}
        self.open = set()  # lists that are being read
        self.folder = path.rpartition("/")[0]
        self.parse(path, 0, ALWAYS)

    def parse(self, path, depth, outer):
        stack = [(outer, DOUBT)]
        for line in logical_lines(self.read(path) or ""):
            word, _, rest = line.partition(" ")
            word, rest = ("ifeq", rest or line[4:]) if word.startswith("ifeq(") else (word, rest)
            if word in ("ifdef", "ifndef", "ifeq", "ifneq"):
                found = condition(word, rest)
                stack.append((found, negation(found)))
            elif word == "else" and len(stack) > 1:
                kind, _, more = rest.strip().partition(" ")
                _, against = stack.pop()
                if kind in ("ifdef", "ifndef", "ifeq", "ifneq"):
                    found = condition(kind, more)
                    stack.append((both(against, found), both(against, negation(found))))
                else:
                    stack.append((against, DOUBT))
            elif word == "endif" and len(stack) > 1:
                stack.pop()
            elif word in ("include", "-include", "sinclude") and depth < 4:
                self.include(rest.strip(), depth, all_of([one for one, _ in stack]))
            else:
                self.assign(line, all_of([one for one, _ in stack]))

    def include(self, names, depth, outer):
        """Names without $(srctree) or $(src) are of the root, where make runs."""
        for where, name in self.expand([(outer, split_words(names))], 0):
            if name.startswith(ANYWHERE):
                continue
            path = posixpath.normpath(posixpath.join("/", self.folder, name) if name.startswith("./") else "/" + name).lstrip("/")
            each = self.folder == "" and path.startswith("arch/")  # the root's of the machine, which is read by itself
            if not each and not path.startswith("scripts/"):
                self.parse(path, depth + 1, where)

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
        """Every (condition, word) that the lists of a stem hold; a word from the root begins with '/'."""
        return self.variable(stem + "-y", 0)

    def expand(self, entries, depth):
        result = []
        for where, words in entries if depth < DEPTH_MAX else []:
            for word in words:
                result += [(both(where, inner), clean(found)) for inner, found in self.word(word, depth)]
        return result

    def word(self, word, depth):
        """All that one word stands for: (condition, word), of several values of a variable in it each."""
        parts = split_references(word)
        if len(parts) == 1:
            return self.reference(word[2:-1], depth) if is_reference(word) else [(ALWAYS, word)]
        result = [(ALWAYS, "")]
        for part in parts:
            values = self.reference(part[2:-1], depth) if is_reference(part) else [(ALWAYS, part)]
            if not values or any(value.startswith(ANYWHERE) for _, value in values) or len(values) * len(result) > PRODUCT_MAX:
                return [(DOUBT, ANYWHERE + word.rpartition("/")[2])]
            result = [(both(before, where), text + value) for before, text in result for where, value in values]
        return [(where, value) for where, value in result if where != NEVER]

    def reference(self, inner, depth):
        """Of what stands between "$(" and ")"."""
        if re.fullmatch(r"[\w.$(){}-]+", inner) and " " not in inner:
            return self.variable(inner, depth)
        name, _, rest = inner.partition(" ")
        arguments = split_arguments(rest.strip())
        if name in ("sort", "strip"):
            return self.expand([(ALWAYS, split_words(rest))], depth + 1)
        if name in ("addprefix", "addsuffix") and len(arguments) == 2:
            words = self.expand([(ALWAYS, split_words(arguments[1]))], depth + 1)
            return [(both(one, two), fix + found if name == "addprefix" else found + fix)
                    for one, fix in self.expand([(ALWAYS, [arguments[0]])], depth + 1) for two, found in words]
        if name == "patsubst" and len(arguments) == 3 and "$" not in arguments[0]:
            return self.replace(arguments, depth)
        found = re.fullmatch(rf"if\s+{CONFIG}\s*,\s*([^$,()]*)", inner)
        if found:
            return [(option(found.group(1)), one) for one in found.group(2).split()]
        return [(DOUBT, ANYWHERE + one.rpartition("/")[2] if one.endswith(".o") else one)
                for one in re.findall(r"[\w./-]+(?:\.o|/)(?=[\s,)]|$)", inner)]

    def replace(self, arguments, depth):
        before, after = arguments[0].strip(), arguments[1].strip()
        head, _, tail = before.partition("%")
        result = []
        for where, found in self.expand([(ALWAYS, split_words(arguments[2]))], depth + 1):
            middle = found[len(head):len(found) - len(tail)] if found.startswith(head) and found.endswith(tail) else None
            texts = [(ALWAYS, found)] if middle is None else self.expand([(ALWAYS, [after.replace("%", middle)])], depth + 1)
            result += [(both(where, inner), text) for inner, text in texts]
        return result

    def variable(self, name, depth):
        if name in PLACES:
            return [(ALWAYS, PLACES[name])]
        stem, suffix = split_name(name)
        key = (suffix is not None, stem)
        if key in self.open:  # "x-objs := $(x-objs-y)": one list here
            return []
        lists = self.lists.get(stem, []) if suffix is not None else self.plain.get(name, self.inherited.get(name, []))
        self.open.add(key)
        result = self.expand(lists, depth + 1)
        self.open.discard(key)
        return result
