#!/bin/sh
# The saved evidence of an image is the same, to the byte, for any number of threads: determinism.sh ASSAY CORPUS. Prints TAP.
set -u
assay=$(realpath "$1")
corpus=$2
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
[ -d "$corpus" ] || { echo "1..0 # SKIP the corpus is not here"; exit 0; }
number=0
export SOURCE_DATE_EPOCH=1700000000
find "$corpus" -type f -size +1000k -size -5M \( -name '*.bin' -o -name '*.zip' -o -name '*.img' \) | sort > "$scratch/list"
while read -r image; do
	number=$((number + 1))
	for jobs in 1 2 4; do
		timeout 120 "$assay" "$image" --jobs $jobs --save "$scratch/$jobs" --quiet 2>&1 | sed 's/^/# /'
	done
	if [ -s "$scratch/1" ] && cmp -s "$scratch/1" "$scratch/2" && cmp -s "$scratch/1" "$scratch/4"; then
		echo "ok $number - $(basename "$image")"
	else
		echo "not ok $number - $image"
	fi
	rm -f "$scratch/1" "$scratch/2" "$scratch/4"
done < "$scratch/list"
echo "1..$number"
