#!/bin/sh
# Damaged copies of real images, with sanitizers: hostile.sh HOSTILE CORPUS COPIES. Prints TAP.
set -u
[ -d "$2" ] || { echo "1..0 # SKIP the corpus is not here"; exit 0; }
find "$2" -type f -size +10k -size -5M \( -name '*.bin' -o -name '*.zip' -o -name '*.img' \) -print0 | sort -z |
	xargs -0 "$1" --copies "$3" --seconds 60 --jobs 2
