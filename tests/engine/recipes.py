#!/usr/bin/env python3
"""Writes hostile images, each a file of a folder: recipes.py DIR SCALE. What they can cost grows with SCALE; prints their names."""
import gzip
import pathlib
import random
import sys

RANDOM = random.Random(2)


def nested_gzip(scale):
    """Streams within streams, each with a sibling that is a stream too."""
    content = RANDOM.randbytes(4096 * scale)
    for _ in range(6):
        content = gzip.compress(content, mtime=0) + gzip.compress(RANDOM.randbytes(512), mtime=0)
        content = gzip.compress(content, mtime=0)
    return content


RECIPES = {"nested.gz": nested_gzip}


def main():
    folder, scale = pathlib.Path(sys.argv[1]), int(sys.argv[2])
    for name, make in RECIPES.items():
        (folder / name).write_bytes(make(scale))
        print(name)


if __name__ == "__main__":
    main()
