"""Headers: their code is in a kernel where a source file that includes them is built."""
import collections
import posixpath

from .expression import ALWAYS, DOUBT, UNSURE, both, option

SHARED = ("include/asm-generic/", "include/generated/", "include/dt-bindings/")  # included in ways that no file shows


def find_users(tree):
    """{header: files that include it, or may}."""
    ends = collections.defaultdict(list)
    for path in tree.files:
        if path.endswith(".h"):
            ends[posixpath.basename(path)].append(path)
    users = collections.defaultdict(set)
    for path, names in tree.includes.items():
        for name in names:
            if not name.endswith(".h"):
                continue
            beside = posixpath.normpath(posixpath.join(posixpath.dirname(path), name))
            if beside in tree.files:
                users[beside].add(path)
                continue
            clean = "/" + posixpath.normpath(name).lstrip("./")
            for one in ends.get(posixpath.basename(name), ()):
                if ("/" + one).endswith(clean):
                    users[one].add(path)
    return users


def needed(tree, needs, path):
    """All that a source file cannot be built without."""
    if not tree.built.get(path):
        return frozenset()
    shared = None
    for folder, where in tree.built[path]:
        for term in both(tree.full(folder), where):
            words = set(term)
            for word in term:
                words |= needs.get(word.removesuffix("=y"), frozenset())
            shared = words if shared is None else shared & words
    return frozenset(word for word in shared or () if word[0] not in "?!@" and not word.endswith("=y"))


def common(tree, needs, users):
    """{header: what all that include it need}, through other headers too."""
    sources = {}
    result = {header: None for header in users}
    changed = True
    while changed:
        changed = False
        for header, including in users.items():
            shared = None
            for user in including:
                if user.endswith(".h"):
                    found = result.get(user, frozenset()) if user != header else None
                else:
                    if user not in sources:
                        sources[user] = needed(tree, needs, user)
                    found = sources[user]
                if found is not None:
                    shared = found if shared is None else shared & found
                if shared == frozenset():
                    break
            if shared != result[header]:
                result[header], changed = shared, True
    return result


def is_always(tree, path):
    return any(both(tree.full(folder), where) == ALWAYS for folder, where in tree.built.get(path, ()))


def reduce(words, needs):
    return {one for one in words if not any(other != one and one in needs.get(other, ()) and
                                            other not in needs.get(one, ()) for other in words)}


def conditions(tree, needs):
    """{path: (condition, alone)} of the headers of which something is known."""
    result, users = {}, find_users(tree)
    for header, shared in common(tree, needs, users).items():
        if header.startswith("arch/"):
            result[header] = DOUBT, False
        elif header.startswith(SHARED):
            continue
        elif any(is_always(tree, user) for user in users[header] if user.endswith(".c")):
            result[header] = ALWAYS, True
        elif shared:
            result[header] = option(*reduce(shared, needs), UNSURE), True
    return result
