#!/usr/bin/env python3
"""Reads src/evidence/schema.sql and makes columns.h, columns.c, and (with --docs FILE) docs/evidence.md."""
import re
import sys


def read_schema(path):
    """A list of (table, description, [(column, type, description)])."""
    tables, comment, table = [], [], None
    for line in open(path, encoding="utf-8"):
        line = line.strip()
        if line.startswith("--"):
            comment.append(line[2:].strip())
        elif match := re.match(r"CREATE TABLE (\w+) \(", line):
            table = (match[1], " ".join(comment), [])
            tables.append(table)
            comment = []
        elif table and line.startswith(")"):
            table, comment = None, []
        elif table and (match := re.match(r"(\w+) (INTEGER|TEXT|REAL)([^,]*),?$", line)):
            if not comment:
                sys.exit(f"{path}: {table[0]}.{match[1]} has no description")
            table[2].append((match[1], match[2] + match[3].rstrip(), " ".join(comment)))
            comment = []
        elif not line:
            comment = []
    return tables


def write_header(tables, path):
    with open(path, "w", encoding="utf-8") as out:
        out.write("/* Generated from schema.sql by tools/generate-evidence.py: tables and columns by name. */\n"
                  "#ifndef ASSAY_EVIDENCE_COLUMNS_H\n#define ASSAY_EVIDENCE_COLUMNS_H\n\n")
        out.write("enum evidence_table {\n")
        for name, _, _ in tables:
            out.write(f"\tEVIDENCE_{name.upper()},\n")
        out.write("\tEVIDENCE_TABLES,\n};\n")
        for name, _, columns in tables:
            names = ", ".join(f"{name.upper()}_{column.upper()}" for column, _, _ in columns)
            out.write(f"\nenum {{ {names}, {name.upper()}_COLUMNS }};\n")
        out.write("\nstruct evidence_table_shape {\n\tconst char *name;\n\tint columns;\n\tconst char *names; /* of the columns, as an INSERT lists them */\n"
                  "\tint file_column; /* index of the column `file`; -1 where there is none */\n};\n"
                  "extern const struct evidence_table_shape evidence_tables[EVIDENCE_TABLES];\n\n"
                  "/* What schema.sql says of a table (column NULL) or of one of its columns; table NULL at the end. */\n"
                  "struct evidence_words {\n\tconst char *table, *column, *type, *meaning;\n};\n"
                  "extern const struct evidence_words evidence_words[];\n\n#endif\n")


def quoted(text):
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def write_source(tables, path):
    with open(path, "w", encoding="utf-8") as out:
        out.write('#include "evidence/columns.h"\n\n'
                  "const struct evidence_table_shape evidence_tables[EVIDENCE_TABLES] = {\n")
        for name, _, columns in tables:
            names = [column for column, _, _ in columns]
            out.write(f'\t{{ "{name}", {len(names)}, "{", ".join(names)}", {names.index("file") if names[0] == "file" else -1} }},\n')
        out.write("};\n\nconst struct evidence_words evidence_words[] = {\n")
        for name, description, columns in tables:
            out.write(f'\t{{ "{name}", 0, 0, {quoted(description)} }},\n')
            for column, kind, meaning in columns:
                out.write(f'\t{{ "{name}", "{column}", "{kind.split()[0].lower()}", {quoted(meaning)} }},\n')
        out.write("\t{ 0, 0, 0, 0 },\n};\n")


def write_docs(tables, path):
    with open(path, "w", encoding="utf-8") as out:
        out.write("# The evidence database\n\nEvery run of assay fills one SQLite database; `--save FILE.assay` keeps it. "
                  "Reports, rules and\n`assay query` read nothing else. This page is made from "
                  "`src/evidence/schema.sql` by `make docs`.\n\nBooleans are 0 or 1. NULL means \"not known\", never \"no\". "
                  "Offsets and sizes are bytes.\n")
        for name, description, columns in tables:
            out.write(f"\n## {name}\n\n{description}\n\n| column | type | meaning |\n|---|---|---|\n")
            for column, kind, meaning in columns:
                meaning = meaning.replace("|", "\\|").replace("*", "\\*").replace("<", "&lt;")
                out.write(f"| `{column}` | {kind.split()[0].lower()} | {meaning} |\n")


def main():
    tables = read_schema(sys.argv[1])
    if sys.argv[2] == "--docs":
        write_docs(tables, sys.argv[3])
    else:
        write_header(tables, sys.argv[2] + "/columns.h")
        write_source(tables, sys.argv[2] + "/columns.c")


main()
