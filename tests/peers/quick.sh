#!/bin/sh
# A very small run of the whole: every row of the project's table is there, with figures unless a peer is absent; and a
# table of our own with what is absent, unknown, wrong. No time is judged.
. "$HERE/../command/lib.sh"
sanitized && { echo "skipped: with a sanitizer, times are the sanitizer's"; exit 77; }

has() { # has FILE PATTERN
    grep -Eq -- "$2" "$1" || { fail "$1 has no '$2'"; cat "$1" >&2; }
}

# ---- the project's table
expect 0 '' "$PEERS" --quick --out all
cp out.txt text
for file in peers.csv peers.md samples.csv pauses.csv machine.json plan.json; do
    [ -s "all/$file" ] || fail "there is no $file"
done
rows=$(grep -c '^[^#]*[|]' "$HERE/../../benchmarks/peers/table.txt")
[ "$(column all/peers.csv work | wc -l)" -ge "$rows" ] || fail "a row of the table is not in peers.csv"
column all/peers.csv verdict | grep -Eq 'FAILED|unequal' && fail "a row failed" && cat text >&2
awk -F, 'NR > 1 && $11 != "absent" && ($4 == "" || $5 == "" || $7 == "" || $8 > $9) {exit 1}' all/peers.csv ||
    fail "a row without a figure, or with an interval that is none"
column all/samples.csv status | grep -vq '^ok$' && fail "a sample is not ok"
has text '^loaded: glibc [0-9]'
has all/peers.md '^\| `binary_trees'

# ---- the same seed: the same plan; another: another
expect 0 '' "$PEERS" --quick --seed 1 --out same
expect 0 '' "$PEERS" --quick --seed 2 --out other
cmp -s all/plan.json same/plan.json || fail "the same seed gives another plan"
cmp -s all/plan.json other/plan.json && fail "another seed gives the same plan"

# ---- what is not there, and what does not run
cat >table <<'TABLE'
rings size=2 count=10   | malloc allocator=system  | nogc allocator=system    | <= 100000
rings size=2 count=10   | malloc allocator=system  | refcunt allocator=system | <= 1
rings size=2 count=10   | nogc allocator=nonesuch  | malloc                   | <= 1
binary_trees depth=20   | nogc allocator=system limit=64K | malloc allocator=system | <= 1
program peers-nothing
TABLE
expect 1 '' "$PEERS" --table table --rounds 2 --repetitions 1 --out own
cp out.txt text
[ "$(column own/peers.csv verdict | tr '\n' ' ')" = "holds FAILED FAILED FAILED absent " ] || fail "other verdicts"
has text 'there is no strategy refcunt'
has text 'allocator nonesuch cannot be preloaded'
has text 'nogc: oom: .*limit'
has text 'peers-nothing is not in this build'

# ---- wrong from the start
echo 'rings | malloc | nogc' >table
expect 2 '^peers: table:1: expected work' "$PEERS" --table table --out none
echo 'rings siez=2 | malloc | nogc | -' >table
expect 2 'did you mean size' "$PEERS" --table table --out none
expect 2 '' "$PEERS" --rounds none
expect 2 'is not empty; choose another' "$PEERS" --quick --out own
[ ! -e none ] || fail "a folder is left of nothing"
finish
