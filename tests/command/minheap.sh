# reclaim minheap: the limit that it names works, the one below it does not; a search that was cut off goes on from the
# rows that are whole.
. "$HERE/lib.sh"
sanitized && { echo "skipped: no memory limit under the address sanitizer"; exit 77; }

search() { # search FOLDER
    expect 0 '' "$RECLAIM" minheap --strategy marksweep --strategy malloc --workload binary_trees \
        --workload rings --param depth=9 --param trees=3 --param count=2000 --repetitions 2 --warmup 0 --out "$1"
}
search whole
[ "$(wc -l <whole/minheap.csv)" -eq 5 ] || fail "expected four cells: $(cat whole/minheap.csv)"

# The collector takes more without a limit than it needs; hand-placed frees do not.
cell() { # cell FOLDER STRATEGY WORKLOAD: smallest, fails, unlimited, probes
    grep "^$2,,system,$3," "$1/minheap.csv" | awk -F, '{print $(NF-5), $(NF-4), $(NF-3), $(NF-2)}'
}
cell whole marksweep binary_trees | awk '!($1 > 0 && $2 < $1 && $3 > $1 * 1.2) {exit 1}' ||
    fail "marksweep: $(cell whole marksweep binary_trees)"
cell whole malloc binary_trees | awk '!($1 > 0 && $1 - $2 <= 4096 + $1 / 100 && $3 <= $1 + 4096) {exit 1}' ||
    fail "malloc: $(cell whole malloc binary_trees)"

run_with() { # run_with FOLDER LIMIT
    "$RECLAIM" run --strategy marksweep --workload binary_trees --param depth=9 --param trees=3 --heap-limit "$2" \
        --invocations 1 --repetitions 2 --warmup 0 --no-report --no-timeline --out "$1" >/dev/null 2>&1
    column "$1/samples.csv" status | sort -u | tail -n 1 # ok before oom
}
set -- $(cell whole marksweep binary_trees)
[ "$(run_with works "$1")" = ok ] || fail "it does not run with $1 bytes"
[ "$(run_with fails "$2")" = oom ] || fail "it runs with $2 bytes, which minheap says do not do"

# Cut off in the middle of a probe, and of a row.
mkdir cut
head -n 12 whole/samples.csv >cut/samples.csv
sed -n 13p whole/samples.csv | cut -c 1-40 | tr -d '\n' >>cut/samples.csv
search cut
cmp -s whole/minheap.csv cut/minheap.csv || fail "not the same: $(diff whole/minheap.csv cut/minheap.csv)"
[ "$(wc -l <whole/samples.csv)" -eq "$(wc -l <cut/samples.csv)" ] || fail "it probed again what was there"
cp whole/samples.csv before.csv
search whole
cmp -s before.csv whole/samples.csv || fail "a search that was at its end probed again"

# What cannot run without a limit is said, and the others go on.
expect 1 '' "$RECLAIM" minheap --strategy nogc --strategy malloc --workload rings --param count=1000000 \
    --memory-limit 48M --out none
grep -q '^nogc rings.* oom: ' out.txt || fail "nogc within 48 MB: $(cat out.txt)"
grep -q '^malloc rings.* [0-9.]* kB ' out.txt || fail "malloc within 48 MB: $(cat out.txt)"
finish
