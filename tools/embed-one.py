#!/usr/bin/env python3
"""Turns one file into an assembler file with the hidden symbols NAME and NAME_end."""
import argparse
import os


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--symbol", required=True)
    parser.add_argument("input")
    parser.add_argument("output")
    options = parser.parse_args()
    symbol, path = options.symbol, os.path.abspath(options.input)
    with open(options.output, "w") as out:
        out.write("\t.section .rodata\n\t.balign 64\n")
        for name in (symbol, symbol + "_end"):
            out.write(f"\t.global {name}\n\t.hidden {name}\n\t.type {name}, %object\n{name}:\n")
            if name == symbol:
                out.write(f'\t.incbin "{path}"\n')
        out.write("\t.byte 0\n\t.section .note.GNU-stack,\"\",%progbits\n")


main()
