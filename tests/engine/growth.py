#!/usr/bin/env python3
"""What hostile images cost grows no faster than they do: growth.py ASSAY. Counts units of effort, which noise does not change. Prints TAP."""
import pathlib
import subprocess
import sys
import tempfile

import recipes

SCALE, MOST = 2, 2.5  # twice the input may cost twice the effort, and what does not scale is in both


def effort(assay, path):
    run = subprocess.run(["sh", "-c", 'ulimit -v 3000000; exec "$@"', "sh", assay, path, "--times", "--quiet", "--jobs", "1",
                          "--json", "/dev/null"], capture_output=True, text=True, timeout=120)
    spent = [int(line.split()[1]) for line in run.stderr.splitlines() if line.startswith("effort ")]
    return spent[0] if run.returncode == 0 and spent else None


def main():
    assay = str(pathlib.Path(sys.argv[1]).resolve())
    failed = 0
    print(f"1..{len(recipes.RECIPES)}")
    with tempfile.TemporaryDirectory() as folder:
        for number, (name, make) in enumerate(recipes.RECIPES.items(), 1):
            path = pathlib.Path(folder) / name
            costs = []
            for scale in (SCALE, 2 * SCALE):
                path.write_bytes(make(scale))
                costs.append(effort(assay, path))
            good = None not in costs and costs[1] <= costs[0] * MOST
            failed += not good
            print(f"{'ok' if good else 'not ok'} {number} - {name}: {costs[0]} units, twice as much {costs[1]}", flush=True)
    sys.exit(failed > 0)


main()
