"""Reads data/kernel/files.tsv: which options a source file asks for."""
import collections
import posixpath


def version_of(version):
    return tuple(int(field) for field in version.split("."))


class Conditions:
    def __init__(self, path):
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

    def nearest(self, path, version):
        """The innermost condition that a file of a version has: its own, or that of the next folder above it which asks for something."""
        folder, base = posixpath.split(path)
        condition = self.of_name(folder + "/", base.removesuffix(".c"), version)
        while condition == "-" and folder:
            condition = self.of_name(folder + "/", ".", version) or "-"
            folder = posixpath.dirname(folder)
        return condition.removeprefix("=") if condition else None

    def is_shared(self, path, option, version):
        """Whether a folder above the file asks for that option together with another one: it is then the code of both."""
        folder = posixpath.dirname(path)
        while folder:
            words = (self.of_name(folder + "/", ".", version) or "-").removeprefix("=").split("&")
            if option in words and len(words) > 1:
                return True
            folder = posixpath.dirname(folder)
        return False
