"""Files that were moved from one version of the kernel to the next: drivers/net/e1000 became drivers/net/ethernet/intel/e1000."""
import collections
import posixpath
import re

ALIKE = 0.5  # share of words that two texts must have in common
WORD = re.compile(r"\w{6,}")


def words_of(condition):
    """Options that a condition names as on."""
    return {word for word in re.split(r"[=&|]", condition) if word and word[0] not in "!?-"}


def own_options(kernel, path):
    """Those of the file itself; where it has none, of the nearest folder above that has."""
    found = words_of(kernel["files"].get(path, ""))
    while not found and "/" in path.rstrip("/"):
        path = posixpath.dirname(path.rstrip("/")) + "/"
        found = words_of(kernel["files"].get(path, ""))
    return found


def text_of(kernel, path):
    try:
        with open(posixpath.join(kernel["root"], path), encoding="latin-1") as file:
            return set(WORD.findall(file.read()))
    except OSError:
        return set()


def is_same(older, newer, before, after):
    """The same name, built under an option of the same name; and where both texts are there, mostly of the same words."""
    machines = {path.split("/")[1] for path in (before, after) if path.startswith("arch/")}
    if len(machines) > 1:  # each has a pci.c of its own
        return False
    if older["whole"] and newer["whole"]:
        one, two = text_of(older, before), text_of(newer, after)
        return len(one & two) > ALIKE * len(one | two)
    return bool(own_options(older, before) & own_options(newer, after))


def closeness(one, two):
    """Folders that two paths have in common."""
    return len(set(one.split("/")) & set(two.split("/")))


def between(older, newer):
    """{path in the newer: path in the older} of what was moved."""
    gone = collections.defaultdict(list)
    for path in sorted(older["files"]):
        if path.endswith((".c", ".S")) and path not in newer["files"]:
            gone[posixpath.basename(path)].append(path)
    moved = {}
    for path in sorted(newer["files"]):
        found = [] if path in older["files"] else [one for one in gone.get(posixpath.basename(path), ())
                                                    if is_same(older, newer, one, path)]
        found.sort(key=lambda one: -closeness(one, path))
        if found and (len(found) == 1 or closeness(found[0], path) > closeness(found[1], path)):
            moved[path] = found[0]
    return moved


def follow(kernels, path, at, step, moved):
    """Gives the path its conditions in the versions before (step -1) or after (1) the one in which it is last known."""
    name = path
    while 0 <= at + step < len(kernels):
        pair = moved[min(at, at + step)]
        name = pair.get(name, name)
        at += step
        if name not in kernels[at]["files"]:
            return
        if name != path:
            yield at, kernels[at]["alone"].get(name, "=?")


def add(kernels):
    """Adds to each of the kernels, ascending, the files that have another path in another version, under that path."""
    back = [between(older, newer) for older, newer in zip(kernels, kernels[1:])]
    forth = [{before: after for after, before in sorted(pair.items(), reverse=True)} for pair in back]
    found = []
    for path in {path for kernel in kernels for path in kernel["files"] if path.endswith((".c", ".S"))}:
        there = [at for at, kernel in enumerate(kernels) if path in kernel["files"]]
        found += [(at, path, value) for at, value in follow(kernels, path, there[0], -1, back)]
        found += [(at, path, value) for at, value in follow(kernels, path, there[-1], 1, forth)]
    for at, path, value in found:
        kernels[at]["files"].setdefault(path, value)
    return len(found)
