"""Kconfig files: which options exist, and what an option cannot be on without.

Follows Documentation/kbuild/kconfig-language.rst of the kernel. Every way in which an option can come on is collected: by its own
prompt or default under its dependencies, or by another one that selects it, whatever its own dependencies. What all
ways have in common is what it needs. What is not understood restricts nothing.
"""
import collections
import glob
import os
import re

from .expression import ALWAYS, NEVER, absorb, option
from .tree import machine_option

TOKEN = re.compile(r'\s*(\(|\)|&&|\|\||!=|>=|<=|!|=|<|>|"[^"]*"|\'[^\']*\'|\$\([^)]*\)|[\w$-]+)')
TERMS_MAX = 24
NEVER_ON = {"COMPILE_TEST", "BROKEN", "n"}
ENDS = {"endmenu": "menu", "endif": "if", "endchoice": "choice"}


def cap(terms):
    terms = absorb(terms)
    if len(terms) <= TERMS_MAX:
        return terms
    return frozenset({frozenset.intersection(*terms)})


def either(first, second):
    return cap(first | second)


def both(first, second):
    return cap(frozenset(a | b for a in first for b in second))


class Parser:
    """Of "A && (B || !C) || D=y", as alternatives of what must be on."""

    def __init__(self, text):
        self.tokens = TOKEN.findall(text)
        self.at = 0

    def peek(self):
        return self.tokens[self.at] if self.at < len(self.tokens) else ""

    def next(self):
        self.at += 1
        return self.tokens[self.at - 1] if self.at <= len(self.tokens) else ""

    def alternatives(self):
        result = self.conjunction()
        while self.peek() == "||":
            self.next()
            result = either(result, self.conjunction())
        return result

    def conjunction(self):
        result = self.atom()
        while self.peek() == "&&":
            self.next()
            result = both(result, self.atom())
        return result

    def atom(self):
        token = self.next()
        if token == "(":
            result = self.alternatives()
            self.next()
            return result
        if token == "!":
            inner = self.atom()
            return ALWAYS if inner != ALWAYS else ALWAYS
        if self.peek() in ("=", "!=", "<", ">", "<=", ">="):
            operator, value = self.next(), self.next().strip("\"'")
            on = (operator == "=" and value in ("y", "m")) or (operator == "!=" and value == "n")
            return option(token) if on and re.fullmatch(r"\w+", token) else ALWAYS
        if token in NEVER_ON:
            return NEVER
        return option(token) if re.fullmatch(r"[A-Z0-9_a-z]+", token) and token not in ("y", "m") else ALWAYS


def parse(text):
    return Parser(text.split(" #", 1)[0]).alternatives()


class Definition:
    def __init__(self, where):
        self.where, self.prompt, self.tristate, self.defaults, self.implied = where, False, False, [], False

    def way(self):
        if self.prompt or self.implied:
            return self.where
        found = NEVER
        for value, when in self.defaults:
            found = either(found, both(value, when))
        return both(self.where, found)


class Kconfig:
    def __init__(self, root):
        self.root = str(root)
        self.definitions = collections.defaultdict(list)
        self.selected = collections.defaultdict(list)  # option: ways in which others select it
        self.seen = set()
        self.machine_folders = sorted(path.split("/")[-2] for path in glob.glob(os.path.join(self.root, "arch/*/Kconfig")))
        self.source("Kconfig", ALWAYS)
        for machine in self.machine_folders:
            self.source(f"arch/{machine}/Kconfig", ALWAYS)

    def source(self, name, where):
        if name.startswith("arch/") and name.count("/") >= 2 and not any(word.startswith("@") for term in where for word in term):
            where = both(where, option("@" + machine_option(name.split("/")[1])))
        if not name.startswith("arch/"):  # in old versions each machine reads it by itself
            where = frozenset(frozenset(word for word in term if not word.startswith("@")) for term in where)
        if (name, where) in self.seen:
            return
        self.seen.add((name, where))
        path = os.path.join(self.root, name)
        if os.path.isfile(path):
            with open(path, encoding="utf-8", errors="replace") as file:
                self.lines(re.sub(r"\\\n", " ", file.read()).splitlines(), where)

    def lines(self, lines, where):
        stack, current, help_indent = [("file", where)], None, None
        for line in lines:
            indent = len(line.expandtabs()) - len(line.expandtabs().lstrip())
            text = line.strip()
            if help_indent is not None:
                if not text or (indent >= help_indent and help_indent > 0) or (help_indent == 0 and indent > 0):
                    help_indent = help_indent or indent
                    continue
                help_indent = None
            word, _, rest = text.partition(" ") if " " in text else text.partition("\t")
            rest = rest.strip()
            if word in ("help", "---help---") and not rest:
                help_indent = 0
            elif word in ("config", "menuconfig"):
                current = Definition(stack[-1][1])
                self.definitions[rest].append(current)
                current.name = rest
            elif word in ("menu", "if", "choice"):
                inner = both(stack[-1][1], parse(rest)) if word == "if" else stack[-1][1]
                stack.append((word, inner))
                current = None
            elif word in ENDS and len(stack) > 1:
                stack.pop()
                current = None
            elif word in ("source", "osource", "rsource", "orsource"):
                current = None
                self.sources(rest.strip("\"'"), stack[-1][1])
            elif word == "comment":
                current = Definition(ALWAYS)
                current.name = ""
            elif word == "depends" and rest.startswith("on"):
                self.depends(stack, current, parse(rest[2:]))
            elif current is not None:
                self.property(current, word, rest)

    def depends(self, stack, current, found):
        if current is None:
            stack[-1] = stack[-1][0], both(stack[-1][1], found)
        else:
            current.where = both(current.where, found)

    def sources(self, name, where):
        """A file of each machine, too: since 4.18 lib/Kconfig.debug reads "arch/$(SRCARCH)/Kconfig.debug"."""
        name = re.sub(r"\$\(?srctree\)?/", "", name)
        for machine in self.machine_folders if "SRCARCH" in name else ("",):
            self.source(re.sub(r"\$\(?SRCARCH\)?", machine, name), where)

    def property(self, current, word, rest):
        value, _, when = rest.partition(" if ")
        when = parse(when) if when else ALWAYS
        if word in ("bool", "tristate", "prompt", "boolean"):
            current.prompt = current.prompt or bool(rest)
            current.tristate = current.tristate or word == "tristate"
        elif word in ("default", "def_bool", "def_tristate"):
            current.tristate = current.tristate or word == "def_tristate"
            current.defaults.append((parse(value), when))
        elif word in ("select", "imply"):
            name = value.strip()
            self.selected[name].append((current, both(option(current.name) if current.name else ALWAYS, when), word == "imply"))
        elif word in ("int", "hex", "string"):
            current.prompt = True

    def ways(self, name):
        found = NEVER
        for one in self.definitions.get(name, []):
            found = either(found, one.way())
        for _, way, implied in self.selected.get(name, []):
            for one in self.definitions.get(name, []) if implied else []:
                found = either(found, both(one.where, way))
            if not implied:
                found = either(found, way)
        return found

    def tristate(self):
        return {name for name, found in self.definitions.items() if any(one.tristate for one in found)}

    def needs(self):
        """{option: what it cannot be on without}, options and machines, those of the needed ones too."""
        ways = {name: self.ways(name) for name in self.definitions}
        everything = None
        result = {name: everything for name in ways}
        changed = True
        while changed:
            changed = False
            for name, terms in ways.items():
                found = self.common(terms, result, name)
                if found != result[name]:
                    result[name], changed = found, True
        return {name: found or frozenset() for name, found in result.items()}

    @staticmethod
    def common(terms, result, name):
        """What all ways share; None (everything) stands for what is not known yet or never comes on."""
        shared = None
        for term in terms:
            full = set(term) - {name}
            unknown = name in term
            for word in term:
                needed = result.get(word, frozenset())
                unknown = unknown or (word in result and needed is None)
                full |= needed or set()
            if unknown:
                continue
            shared = full if shared is None else shared & full
        return None if shared is None else frozenset(shared - {name})

    def machines(self):
        """{option: set of the machines on which it can be on}; without those that no machine restricts."""
        ways = {name: self.ways(name) for name in self.definitions}
        every = {word[1:] for found in ways.values() for term in found for word in term if word.startswith("@")}
        result = {name: set() for name in ways}
        changed = True
        while changed:
            changed = False
            for name, terms in ways.items():
                found = set()
                for term in terms:
                    allowed = set(every)
                    for word in term:
                        allowed &= {word[1:]} if word.startswith("@") else result.get(word, set())
                    found |= allowed
                if not found <= result[name]:
                    result[name] |= found
                    changed = True
        return {name: found for name, found in result.items() if found != every}
