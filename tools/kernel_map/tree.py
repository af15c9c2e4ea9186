"""Walks a kernel's tree of Kbuild files and gives each source file its condition."""
import collections
import os
import posixpath
import re

from . import headers
from .expression import ALWAYS, DOUBT, NEVER, UNSURE, both, either, option
from .makefile import ANYWHERE, Makefile

ROOT_LISTS = ("obj", "init", "core", "drivers", "net", "libs", "virt")
ARCH_LISTS = ("obj", "core", "drivers", "libs", "net", "virt", "head", "init")
FOLDER_LISTS = (("obj", ALWAYS), ("lib", DOUBT), ("extra", DOUBT))
SOURCES = (".c", ".S")
OUTSIDE = ("scripts/", "tools/", "samples/", "usr/", "Documentation/", "rust/")  # not part of a kernel
UML = {"OS": [(ALWAYS, ["Linux"])], "HEADER_ARCH": [(ALWAYS, ["x86"])], "SUBARCH": [(ALWAYS, ["x86"])]}  # user-mode Linux runs there
INCLUDE = re.compile(r'^[ \t]*#[ \t]*include[ \t]*["<]([^">\n]+\.[ch])[">]', re.M)


def machine_option(name):
    """The folder of a machine as its option: "arch/powerpc" is PPC."""
    return {"powerpc": "PPC", "sh": "SUPERH", "um": "UML"}.get(name, name.upper())


def place(folder, word):
    """The path of a word: "/a" from the root, any other from the folder."""
    return posixpath.normpath(posixpath.join("/" + folder, word)).lstrip("/")


class Tree:
    def __init__(self, root):
        self.root = str(root)
        self.files = self.list_files()
        self.whole = "init/main.c" in self.files  # else Kbuild files alone, as packages of headers have them
        self.reaches = collections.defaultdict(list)  # folder: (from which folder, condition)
        self.built = collections.defaultdict(list)    # file: (from which folder, condition)
        self.objects = collections.defaultdict(set)   # option: objects that it alone asks for
        self.walked = set()
        self.by_name = collections.defaultdict(list)
        for path in self.files:
            if path.endswith(SOURCES):
                self.by_name[posixpath.basename(path).rpartition(".")[0]].append(path)
        self.full_of = {}
        self.exported = {}  # variables of an arch/*/Makefile, which the files below see
        self.walk_root()
        self.includes = self.read_includes()
        self.included = set()  # sources that others include
        self.add_included()

    def list_files(self):
        found = set()
        for folder, _, names in os.walk(self.root):
            inner = os.path.relpath(folder, self.root)
            found.update(name if inner == "." else f"{inner}/{name}" for name in names)
        return found

    def read(self, path):
        path = posixpath.normpath(path)
        if path not in self.files:
            return None
        with open(os.path.join(self.root, path), encoding="utf-8", errors="replace") as file:
            return file.read()

    def makefile(self, folder):
        for name in ("Kbuild", "Makefile"):
            path = posixpath.join(folder, name)
            if path in self.files:
                return Makefile(self.read, path, self.exported.get("/".join(folder.split("/")[:2])))
        return None

    def walk_root(self):
        seen = set()
        for name in ("Kbuild", "Makefile"):
            if name in self.files:
                made = Makefile(self.read, name)
                for stem in ROOT_LISTS:
                    for where, word in made.entries(stem):
                        machine = word.startswith("arch/")  # $(SRCARCH), as the makefile has it for the builder's own
                        if word.endswith("/") and not machine and (name == "Kbuild" or word not in seen):
                            seen.add(word)
                            self.reach("", word, ALWAYS if any(UNSURE in term for term in where) else where)
        for arch in sorted({path.split("/")[1] for path in self.files if re.match(r"arch/[\w-]+/(Kbuild|Makefile)$", path)}):
            self.walk_arch(arch)

    def walk_arch(self, arch):
        folder, machine = f"arch/{arch}", option(machine_option(arch))
        self.reaches[folder].append(("", machine))
        self.walked.add(folder)
        for name in ("Makefile", "Kbuild"):
            if f"{folder}/{name}" not in self.files:
                continue
            made = Makefile(self.read, f"{folder}/{name}", UML if arch == "um" else None)
            if name == "Makefile":
                self.exported[folder] = made.plain
            for stem in ARCH_LISTS:
                for where, word in made.entries(stem):
                    from_root = name == "Makefile" and not word.startswith(ANYWHERE)
                    self.take(made, folder, where, "/" + word if from_root else word)

    def reach(self, folder, word, where):
        target = place(folder, word)
        if where == NEVER or target == folder:
            return
        self.reaches[target].append((folder, where))
        if target not in self.walked:
            self.walked.add(target)
            self.walk(target)

    def walk(self, folder):
        made = self.makefile(folder)
        if not made:
            return
        for stem, doubt in FOLDER_LISTS:
            for where, word in made.entries(stem):
                self.take(made, folder, both(where, doubt), word)

    def take(self, made, folder, where, word):
        if word.startswith(ANYWHERE):
            self.build_anywhere(word[len(ANYWHERE):-2])
        elif word.endswith("/"):
            self.reach(folder, word, where)
        elif word.endswith(".o"):
            name = word[:-2]
            for term in where:
                if len(term) == 1 and UNSURE not in term:
                    self.objects[next(iter(term))].add(posixpath.basename(name).replace("-", "_"))
            members = made.entries(name) if name in made.lists else [(ALWAYS, word)]
            for inner, member in members:
                if member.startswith(ANYWHERE):
                    self.build_anywhere(member[len(ANYWHERE):-2])
                elif member.endswith(".o"):
                    self.build(folder, member[:-2], both(where, inner))
                elif member.endswith("/"):
                    self.reach(folder, member, both(where, inner))

    def build(self, folder, name, where):
        for end in SOURCES:
            path = place(folder, name + end)
            if (path in self.files or (not self.whole and end == ".c")) and where != NEVER:
                if (folder, where) not in self.built[path]:
                    self.built[path].append((folder, where))

    def build_anywhere(self, name):
        """Every file of that name may be meant."""
        for path in self.by_name.get(name, ()):
            if ("", DOUBT) not in self.built[path]:
                self.built[path].append(("", DOUBT))

    def full(self, folder):
        """What must hold for a folder's Kbuild file to be read."""
        if folder == "":
            return ALWAYS
        if folder not in self.full_of:
            self.full_of[folder] = DOUBT  # of a circle
            reaches = self.reaches.get(folder, [])
            self.full_of[folder] = either(*[both(self.full(source), where) for source, where in reaches])
        return self.full_of[folder]

    def whole_condition(self, path):
        """What must hold for a source file to be built, the folders above it too."""
        return either(*[both(self.full(source), where) for source, where in self.built[path]])

    def own(self, path, reaches):
        """(condition, True) where it stands alone; (condition, False) where those of the folders above hold too."""
        folder = posixpath.dirname(path)
        levels = {folder}
        while folder and folder not in self.reaches:
            folder = posixpath.dirname(folder)
            levels.add(folder)
        if all(source in levels for source, _ in reaches):
            return either(*[where for _, where in reaches]), False
        return either(*[both(self.full(source), where) for source, where in reaches]), True

    def read_includes(self):
        """{path: what it includes}, of all sources that are part of a kernel."""
        found = {}
        for path in sorted(self.files):
            if path.endswith((".c", ".h", ".S")) and not path.startswith(OUTSIDE):
                names = INCLUDE.findall(self.read(path))
                if names:
                    found[path] = set(names)
        return found

    def add_included(self):
        """A source file that another one includes is built with it."""
        included = collections.defaultdict(set)
        for path, names in self.includes.items():
            for name in names:
                if name.endswith(".c"):
                    included[self.resolve(path, name)].add(path)
        self.included.update(included)
        for _ in range(3):
            for target, users in included.items():
                for user in users:
                    reaches = self.built.get(user) if user.endswith(".c") else None
                    for reach in reaches or [(posixpath.dirname(user), DOUBT)]:
                        if reach not in self.built[target]:
                            self.built[target].append(reach)

    def resolve(self, path, name):
        """Beside the file that includes it; else from the root."""
        target = posixpath.normpath(posixpath.join(posixpath.dirname(path), name))
        return target if target in self.files else posixpath.normpath(name)

    def conditions(self, needs):
        """
        {path: (condition, alone)} of folders (with '/' at the end), source files and headers; needs as Kconfig.needs() gives
        them.
        """
        result = {}
        for folder, reaches in self.reaches.items():
            if not (folder + "/").startswith(OUTSIDE):
                parent = posixpath.dirname(folder)
                plain = all(source == parent for source, _ in reaches)
                where = either(*[where for _, where in reaches]) if plain else self.full(folder)
                result[folder + "/"] = where, not plain
        for path in self.files | set(self.built):
            if path.endswith(SOURCES) and not path.startswith(OUTSIDE):
                result[path] = self.own(path, self.built[path]) if self.built.get(path) else (DOUBT, True)
        if self.whole:
            result.update(headers.conditions(self, needs))
        return result
