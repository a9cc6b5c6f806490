# After a run: the table, where the figures are, the report; and the same again from its folder.
. "$HERE/lib.sh"

expect 0 '' "$RECLAIM" run --strategy malloc --strategy refcount --workload rings --param count=1000 --invocations 3
run=$(ls -d results/run-* 2>/dev/null)
[ -s "$run/report.md" ] && [ -s "$run/report.html" ] && [ -s "$run/summary.csv" ] || fail "no report in '$run'"
grep -q "^$run/report.html" out.txt || fail "the report's path is not told"
grep -q '^rings ' out.txt || fail "no table"

# Without a folder, the newest run is meant.
for command in summary plot report; do
    expect 0 '' "$RECLAIM" $command
    [ -s out.txt ] || fail "$command prints nothing"
done
expect 0 '' "$RECLAIM" summary "$run"
grep -q '^rings ' out.txt || fail "summary has no table"
finish
