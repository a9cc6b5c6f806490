# exact.sh EXECUTABLE...: at every moment the recorder has as many live objects and bytes as the strategy itself counts
# (under bdwgc nearly as many objects), and what torture moves is refused.
set -u
failures=0
out=$(mktemp) err=$(mktemp)
trap 'rm -f "$out" "$err"' EXIT

fail() {
    echo "FAILED: $*" >&2
    failures=$((failures + 1))
}

# A conservative collector may take a stale word for a reference, to a cell that was not even handed out: it counts that
# as live, and nobody made it. So close has to do for it: a hundredth, and two.
close() { # close FILE: prints the snapshots that are not
    grep '"row":"snapshot"' "$1" | sed 's/[{}"]//g' | awk -F, '{
        for (i = 1; i <= NF; i++) { split($i, pair, ":"); value[pair[1]] = pair[2] }
        off = value["objects_live"] - value["objects_recorded"]
        if (off < 0) off = -off
        if (off > 2 + value["objects_live"] / 100) print
    }'
}

for executable; do
    name=${executable##*/}
    for workload in every_kind planted_leak; do
        "$executable" --workload $workload --iterations 2 --at 1,13,50,99 >"$out" 2>"$err"
        code=$?
        if [ "${name%torture}" != "$name" ]; then
            { [ $code -eq 2 ] && grep -q 'moves objects' "$err"; } || fail "$name does not refuse $workload: $code"
            continue
        fi
        [ $code -eq 0 ] || fail "$name $workload: exit code $code: $(cat "$err")"
        [ "$(grep -c '"row":"snapshot"' "$out")" -eq 7 ] || fail "$name $workload: not 7 snapshots"
        if [ "${name%bdwgc}" != "$name" ]; then
            [ -z "$(close "$out")" ] || fail "$name $workload: not close: $(close "$out")"
            continue
        fi
        [ "$(grep -c '"exact":1' "$out")" -eq 7 ] || {
            fail "$name $workload: not exact"
            grep '"exact":0' "$out" >&2
        }
        grep '"row":"snapshot"' "$out" | sed -n 3p | grep -q '"objects_live":0' &&
            fail "$name $workload: nothing is live at 13 %, so nothing was put to the test"
    done
done
[ $failures -eq 0 ]
