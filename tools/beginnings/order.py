"""Orders versions as their upstreams count: numbers by value, letters behind nothing, "rc" before it."""
import re


def key(version):
    version = re.sub(r"[-._]?(rc|beta|alpha|pre)", "~", version)
    parts = re.findall(r"\d+|~|[A-Za-z]+", version)
    return [(0,) if part == "~" else (3, int(part), "") if part.isdigit() else (2, 0, part) for part in parts] + [(1,)]
