# --counter instructions: the same numbers every time, whatever the environment; no times; and it tells more work apart.
. "$HERE/lib.sh"

expect 2 'what can be counted is instructions' "$RECLAIM" run --counter cycles
command -v valgrind >/dev/null || { [ "$failures" -eq 0 ] || exit 1; echo "skipped: no valgrind"; exit 77; }
sanitized && { [ "$failures" -eq 0 ] || exit 1; echo "skipped: valgrind cannot run what a sanitizer is in"; exit 77; }

count() { # count FOLDER COUNT: two processes of two repetitions each
    expect 0 '' "$RECLAIM" run --counter instructions --strategy malloc --strategy refcount --workload rings \
        --param count="$2" --invocations 2 --repetitions 2 --out "$1"
}
count first 300
NOISE=$(printf '%3000s' x) count again 300
count more 310

counts() {
    paste -d ' ' "$1/strategies" "$1/instructions" | sort
}
for run in first again more; do
    [ "$(column $run/samples.csv status | sort -u)" = ok ] || fail "$run: a row is not ok"
    [ -z "$(column $run/samples.csv wall_ns | tr -d '\n')" ] || fail "$run: there are times"
    column $run/samples.csv strategy >$run/strategies
    column $run/samples.csv instructions >$run/instructions
    counts $run >$run/counts
    [ "$(grep -c '[0-9]$' $run/counts)" -eq 8 ] || fail "$run: a count is missing"
done
cmp -s first/counts again/counts || fail "counted twice, it is not the same: $(diff first/counts again/counts)"
[ "$(sort -u first/counts | wc -l)" -le 4 ] || fail "processes of one cell differ: $(cat first/counts)"
awk 'NR == FNR {before[FNR] = $2; next} $2 <= before[FNR] {exit 1}' first/counts more/counts ||
    fail "more work is not more instructions"
finish
