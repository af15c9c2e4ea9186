#!/bin/sh
# Small files that unpack to too much: each is assayed in bounded time and memory, says so, and what lies beside
# it is still reported. bombs.sh ASSAY. Prints TAP.
set -u
assay=$(realpath "$1")
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
cd "$scratch" || exit 1
number=0

# check NAME SQL: the answer to the question is 1, within a minute, and three gibibytes of addresses.
check() {
	number=$((number + 1))
	answer=$( (ulimit -v 3000000; timeout 60 "$assay" query "$1" "$2" --format tsv --no-vulnerabilities --jobs 2) 2>&1 | tail -n 1)
	if [ "$answer" = 1 ]; then
		echo "ok $number - $1"
	else
		echo "not ok $number - $1"
		echo "# $2: $answer"
	fi
}
NOTED="SELECT count(*) > 0 FROM note WHERE code LIKE 'budget.%'"

head -c 1200M /dev/zero | gzip -1 > zeros.gz
check zeros.gz "$NOTED"
head -c 1200M /dev/zero | xz -0 > zeros.xz
check zeros.xz "$NOTED"

cp zeros.gz deep
for level in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do
	gzip -c deep > deeper && mv deeper deep
done
check deep "$NOTED"

# A bomb, and beside it an account without a password.
mkdir -p root/etc && echo 'root::0:0::/:/bin/sh' > root/etc/passwd && cp zeros.gz root/aaa.gz && cp zeros.gz root/zzz.gz
tar -cf beside.tar root
check beside.tar "SELECT (SELECT count(*) FROM account) = 1 AND (SELECT count(*) FROM file WHERE state = 'over-budget') = 2"

if command -v mksquashfs >/dev/null; then
	mkdir -p sparse/etc && cp root/etc/passwd sparse/etc && truncate -s 900M sparse/huge
	mksquashfs sparse sparse.squashfs -quiet -no-progress -noappend -all-root >/dev/null 2>&1
	check sparse.squashfs "SELECT (SELECT count(*) FROM account) = 1 AND (SELECT count(*) FROM file WHERE state = 'over-budget') = 1"
fi
echo "1..$number"
