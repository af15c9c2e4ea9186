#!/bin/sh
# Hostile images made by recipe, through the whole library with sanitizers and a search for leaks:
# hostile-made.sh HOSTILE PYTHON. Prints TAP.
set -u
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
"$2" "$(dirname "$0")/recipes.py" "$scratch" 1 >"$scratch.names" || exit 1
sed "s|^|$scratch/|" "$scratch.names" | xargs "$1" --whole 1 --copies 4 --seconds 60 --jobs 2
status=$?
rm -f "$scratch.names"
exit $status
