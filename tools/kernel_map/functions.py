"""Functions that the sources of a kernel define, and the modules that its Makefiles make of them."""
import collections
import os
import re
import tarfile

FOLDERS = ["arch", "block", "certs", "crypto", "drivers", "fs", "include", "init", "io_uring", "ipc", "kernel", "lib", "mm",
           "net", "security", "sound", "virt"]

HEAD = re.compile(r"(?:[A-Za-z_][\w \t*,()\[\].&]*\n|[ \t]+[\w \t*,()\[\].&/]*\n){1,12}\Z")
NAME = re.compile(r"([A-Za-z_]\w*)\s*\(")
CONDITION = re.compile(r"^[ \t]*#[ \t]*(if|endif)", re.M)
TAKEN = re.compile(r"[=,&(:?]\s*&?([A-Za-z_]\w{4,})\s*(?=[,;)}\n])")
COMMENT = re.compile(r"/\*.*?\*/", re.S)
ATTRIBUTES = {"__attribute__", "__printf", "__acquires", "__releases", "__must_hold", "__aligned", "__section", "if", "for",
              "while", "switch", "return", "sizeof", "defined", "typeof", "__diag", "noinline_if", "__scanf", "__context__"}
LEFT_OUT = re.compile(r"\b(inline|__always_inline|__\w*init\w*|__\w*exit\w*|__maybe_unused|__\w*unused|__weak|__cpuinit|"
                      r"__devinit|__ref|__net_init|__latent_entropy)\b")
POWER = re.compile(r"suspend|resume|_pm_|freeze|thaw|poweroff|debugfs|_dbg|debug|proc_|sysctl|_of_|acpi|compat|poll_controller|"
                   r"netpoll|selftest|_test")


def functions_of(text):
    """(name, proof) of every function that the text defines in the kernel's style: its brace begins a line."""
    if "\n{" not in text:
        return
    text = COMMENT.sub(lambda found: "\n" * found.group().count("\n"), text)
    conditions = [(found.start(), 1 if found.group(1) == "if" else -1) for found in CONDITION.finditer(text)]
    taken = set(TAKEN.findall(text))
    depth = index = 0
    position = text.find("\n{")
    while position >= 0:
        while index < len(conditions) and conditions[index][0] < position:
            depth += conditions[index][1]
            index += 1
        start = max(text.rfind("\n\n", 0, position), text.rfind("\n}", 0, position), text.rfind(";\n", 0, position),
                    text.rfind("\n#", 0, position), 0)
        head = text[start:position].strip("\n};\n \t")
        if "(" in head and "=" not in head and len(head) < 600 and not head.startswith("#"):
            name = next((name for name in NAME.findall(head) if name not in ATTRIBUTES), None)
            if name and not name.isupper() and not re.match(r"[A-Z0-9_]{4,}$", name):
                static = re.search(r"\bstatic\b", head) is not None
                emitted = not static or name in taken
                proof = emitted and depth == 0 and not LEFT_OUT.search(head) and not POWER.search(name)
                yield name, proof, "inline" not in head
        position = text.find("\n{", position + 2)


def sources_of(tree):
    """(path, text) of the sources and Makefiles of a folder, or of a .tar.xz of one."""
    wanted = lambda path: path.split("/")[0] in FOLDERS and path.endswith((".c", ".h", "/Makefile", "/Kbuild")) and \
        "/asic_reg/" not in path  # registers of a graphics chip: headers by the hundred megabytes
    if os.path.isdir(tree):
        for folder in FOLDERS:
            for directory, _, names in os.walk(os.path.join(tree, folder)):
                for name in names:
                    path = os.path.join(directory, name)
                    if wanted(os.path.relpath(path, tree)) and os.path.isfile(path):
                        yield os.path.relpath(path, tree), open(path, encoding="latin-1").read()
        return
    with tarfile.open(tree, "r|*") as archive:
        for member in archive:
            path = member.name.removeprefix("./").partition("/")[2]
            if member.isfile() and wanted(path):
                yield path, archive.extractfile(member).read().decode("latin-1")


def add_function(defined, path, function, proof, kept):
    before = defined.get(function, ())
    if before == ():
        defined[function] = (path, proof, kept)
    elif before is not None:
        defined[function] = (path, False, before[2] and kept) if before[0] == path else None


def read_tree(tree, look=None):
    """
    Of each function the file that defines it, None where several do, and what can be said of it there; and the modules. What is
    given as look is called with the path and the text of each source file.
    """
    defined = {}
    makefiles = collections.defaultdict(str)
    stubs = set()
    for path, text in sources_of(tree):
        if path.endswith(("Makefile", "Kbuild")):
            makefiles[os.path.dirname(path)] += text + "\n"
            continue
        if look:
            look(path, text)
        for function, proof, kept in functions_of(text):
            add_function(defined, path, function, proof, kept)
        if path.endswith(".h"):
            stubs.update(first or second for first, second in STUB.findall(text))
    defined.update(dict.fromkeys(stubs))  # a compiler may keep them, wherever the header is included
    return defined, modules_in(makefiles)


OBJECTS = re.compile(r"^([\w./-]+?)-(objs|y|m|\$\([\w-]+\)|objs-\$\([\w-]+\))\s*[:+]?=\s*(.*)$", re.M)
STUB = re.compile(r"^(?:static|inline|__always_inline|extern)\b[^;{}()#\n]*\binline\b[^;{}()#]*?([A-Za-z_]\w*)\s*\(|"
                  r"^static\s+(?:inline|__always_inline|__inline__)\b[^;{}()#]*?([A-Za-z_]\w*)\s*\(", re.M)


def modules_in(makefiles):
    """Of each object the modules that it may be part of, as the Makefiles of its folders list them: by "fs/btrfs/inode"."""
    modules = collections.defaultdict(set)
    parts = collections.defaultdict(set)
    for here, text in makefiles.items():
        for target, _, objects in OBJECTS.findall(text.replace("\\\n", " ")):
            for one in re.findall(r"(?<![\w$(/.-])([\w./-]+)\.o\b", objects):
                path = os.path.normpath(os.path.join(here, one))
                if target == "obj":
                    modules[path].add(os.path.basename(path))
                else:
                    parts[path].add(os.path.normpath(os.path.join(here, target)))
    for path, targets in parts.items():
        for target in targets:
            modules[path] |= {os.path.basename(target)} | modules.get(target, set())
    return {path: {name.replace("-", "_") for name in names} for path, names in modules.items()}
