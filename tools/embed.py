#!/usr/bin/env python3
"""Turns data files into an assembler file (.incbin) and a table of names, for base/embedded.h."""
import argparse
import os
import re


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--root", required=True, help="folder that names are relative to")
    parser.add_argument("--out", required=True)
    parser.add_argument("files", nargs="*")
    options = parser.parse_args()
    names = sorted((os.path.relpath(os.path.abspath(f), options.root), os.path.abspath(f)) for f in options.files)
    names = [(re.sub(r"^\.\./src/[a-z]+/", "", name), path) for name, path in names]

    with open(os.path.join(options.out, "embedded_data.S"), "w") as out:
        out.write("\t.section .rodata\n")
        for index, (_, path) in enumerate(names):
            out.write(f"\t.balign 16\n\t.global assay_embedded_{index}\n\t.hidden assay_embedded_{index}\n"
                      f"\t.type assay_embedded_{index}, %object\nassay_embedded_{index}:\n\t.incbin \"{path}\"\n"
                      f"\t.size assay_embedded_{index}, . - assay_embedded_{index}\n\t.byte 0\n")
        out.write("\t.section .note.GNU-stack,\"\",%progbits\n")

    with open(os.path.join(options.out, "embedded_table.c"), "w") as out:
        out.write('#include "base/embedded.h"\n\n')
        for index in range(len(names)):
            out.write(f"extern const uint8_t assay_embedded_{index}[];\n")
        out.write("\nconst struct embedded_file embedded_files[] = {\n")
        for index, (name, path) in enumerate(names):
            out.write(f'\t{{ "{name}", assay_embedded_{index}, {os.path.getsize(path)} }},\n')
        out.write("\t{ 0, 0, 0 },\n};\n")


main()
