#!/usr/bin/env python3
"""Turns data files into an assembler file (.incbin) and a table of names, for base/embedded.h."""
import argparse
import os
import re


def embed_one(path, symbol, folder):
    """One file as SYMBOL and SYMBOL_size, in an assembler file of the same name as the file."""
    name = os.path.splitext(os.path.basename(path))[0] + ".S"
    with open(os.path.join(folder, name), "w") as out:
        out.write(f"\t.section .rodata\n\t.balign 16\n\t.global {symbol}\n\t.hidden {symbol}\n"
                  f"\t.type {symbol}, %object\n{symbol}:\n\t.incbin \"{os.path.abspath(path)}\"\n"
                  f"\t.size {symbol}, . - {symbol}\n\t.byte 0\n\t.balign 8\n\t.global {symbol}_size\n"
                  f"\t.hidden {symbol}_size\n\t.type {symbol}_size, %object\n{symbol}_size:\n"
                  f"\t.quad {os.path.getsize(path)}\n\t.size {symbol}_size, 8\n"
                  "\t.section .note.GNU-stack,\"\",%progbits\n")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--root", help="folder that names are relative to")
    parser.add_argument("--symbol", help="embed one file under this name, without a table")
    parser.add_argument("--out", required=True)
    parser.add_argument("files", nargs="*")
    options = parser.parse_args()
    if options.symbol:
        embed_one(options.files[0], options.symbol, options.out)
        return
    names = sorted((re.sub(r"^\.\./src/[a-z]+/", "", os.path.relpath(os.path.abspath(f), options.root)), os.path.abspath(f))
                   for f in options.files)

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
        out.write(f"\t{{ 0, 0, 0 }},\n}};\nconst size_t embedded_file_count = {len(names)};\n")


main()
