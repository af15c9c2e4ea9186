"""Reads data/kernel/files.tsv and options.tsv: which options a source file asks for, and which an option needs."""
import collections
import posixpath


def version_of(version):
    return tuple(int(field) for field in version.split("."))


class Conditions:
    def __init__(self, folder):
        self.needs = self.read_needs(f"{folder}/options.tsv")
        path = f"{folder}/files.tsv"
        self.rows = collections.defaultdict(list)
        folder = None
        with open(path, encoding="utf-8") as lines:
            for line in lines:
                fields = line.rstrip("\n").split("\t")
                if len(fields) < 3:
                    folder = fields[0]
                    continue
                bounds = [version_of(bound) for bound in fields[3].split("-")] if len(fields) > 3 else None
                for name in fields[2].split():
                    self.rows[folder, name].append((bounds, fields[1]))

    def of_name(self, folder, name, version):
        for bounds, condition in self.rows.get((folder, name), ()):
            if bounds is None or bounds[0] <= version <= bounds[1]:
                return condition
        return None

    @staticmethod
    def read_needs(path):
        with open(path, encoding="utf-8") as lines:
            rows = [line.rstrip("\n").split("\t") for line in lines if not line.startswith("#")]
        direct = {row[0]: set(row[5].split()) if len(row) > 5 else set() for row in rows}
        found = {}
        for option in direct:
            found[option], rest = set(), list(direct[option])
            while rest:
                one = rest.pop()
                if one not in found[option]:
                    found[option].add(one)
                    rest += direct.get(one, ())
        return found

    def innermost(self, condition):
        """Of options that must all be on, the one that needs all others; the condition as it is where there is none."""
        options = condition.split("&")
        for one in options:
            if all(other == one or other in self.needs.get(one, ()) for other in options):
                return one
        return condition

    def nearest(self, path, version):
        """The innermost condition that a file of a version has: its own, or that of the next folder above it which asks for something."""
        folder, base = posixpath.split(path)
        condition = self.of_name(folder + "/", base.removesuffix(".c"), version)
        while condition == "-" and folder:
            condition = self.of_name(folder + "/", ".", version) or "-"
            folder = posixpath.dirname(folder)
        return self.innermost(condition.removeprefix("=")) if condition else None

    def is_shared(self, path, option, version):
        """Whether a folder above the file asks for that option together with one that it does not need: it is then the code of both."""
        folder = posixpath.dirname(path)
        while folder:
            words = (self.of_name(folder + "/", ".", version) or "-").removeprefix("=").split("&")
            if option in words and any(word != option and word not in self.needs.get(option, ()) for word in words):
                return True
            folder = posixpath.dirname(folder)
        return False
