#!/usr/bin/env python3
"""Small root file systems (*.yaml) and all that assay concludes of them (*.expected).

golden.py ASSAY compares; golden.py ASSAY --update writes what the program says now. Read the difference
before it is kept: every line of it is a claim about a device.
"""
import difflib
import io
import json
import pathlib
import sys
import tarfile

import yaml

FOLDER = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(FOLDER.parent))
import tap  # noqa: E402


def entry(name, kind, mode, **more):
    one = tarfile.TarInfo("./" + name)
    one.type, one.mode, one.mtime = kind, mode, 1767225600
    for key, value in more.items():
        setattr(one, key, value)
    return one


def make_image(recipe):
    """A tar of the root file system that the recipe describes."""
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w", format=tarfile.USTAR_FORMAT) as tar:
        for name in recipe.get("directories", []):
            tar.addfile(entry(name, tarfile.DIRTYPE, 0o755))
        for name, what in recipe.get("files", {}).items():
            what = what if isinstance(what, dict) else {"content": what}
            content = what["content"].encode("latin-1")
            tar.addfile(entry(name, tarfile.REGTYPE, what.get("mode", 0o644), size=len(content)), io.BytesIO(content))
        for name, target in recipe.get("links", {}).items():
            tar.addfile(entry(name, tarfile.SYMTYPE, 0o777, linkname=target))
        for name, (kind, mode, major, minor) in recipe.get("devices", {}).items():
            tar.addfile(entry(name, tarfile.CHRTYPE if kind == "character" else tarfile.BLKTYPE, mode,
                              devmajor=major, devminor=minor))
    return out.getvalue()


def conclusions(name):
    """Lines that say what the program concludes of a recipe: findings, verdicts that say something, the grade."""
    recipe = yaml.safe_load((FOLDER / f"{name}.yaml").read_text())
    product = tap.write("product.yaml", recipe.get("declarations", "product: { vendor: Example }\n"))
    # Vulnerabilities have tests of their own; what is known of them changes with the starter store.
    run = tap.assay(tap.write(f"{name}.tar", make_image(recipe)), "--product", product, "--no-vulnerabilities",
                    "--json", "-")
    tap.equal(run.status, 0, run.err)
    result = json.loads(run.out)
    device, grade = result["device"], result["grade"]
    yield f"device: {device['words']}; unread: {device['unread'] or 'nothing'}"
    yield f"grade {grade['level']}, ceiling {grade['ceiling']}" if grade else "not judged"
    for one in result["components"]:
        yield f"component {one['name']} {one['version']}"
    for one in result["findings"]:
        place = f"{one['path'] or '-'}:{one['line']}" if one.get("line") else one["path"] or "-"
        yield f"{one['severity']} {one['rule']} {place} {one['detail']}"
    for one in result["requirements"]:
        if one["verdict"] not in ("unproven", "not-judged"):
            yield f"{one['verdict']} {one['catalog']} {one['id']}" + (" contradicted" if one.get("contradicted") else "")


def compare(name):
    def run():
        got = "".join(line + "\n" for line in conclusions(name))
        want = (FOLDER / f"{name}.expected").read_text()
        if got != want:
            difference = difflib.unified_diff(want.splitlines(), got.splitlines(), "expected", "now", lineterm="", n=0)
            raise AssertionError("\n".join(difference) + "\nIf this is right: tests/golden/golden.py ASSAY --update")
    run.__name__ = name
    return run


def main():
    names = sorted(path.stem for path in FOLDER.glob("*.yaml"))
    if "--update" in sys.argv:
        for name in names:
            (FOLDER / f"{name}.expected").write_text("".join(line + "\n" for line in conclusions(name)))
        return
    for name in names:
        tap.case(compare(name))
    tap.main()


main()
