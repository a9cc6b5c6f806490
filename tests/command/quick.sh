# make bench: every workload that there is, in experiments/quick.yaml, so that each has rows.
. "$HERE/lib.sh"

quick=$EXAMPLES/../experiments/quick.yaml
"$RECLAIM" list workloads >list.txt || fail "reclaim list workloads"
sed -n 's/^  \([a-z0-9_]*\): .*/\1/p' list.txt >workloads.txt
[ -s workloads.txt ] || fail "reclaim list names no workload"
while read -r workload; do
    grep -Eq "^  - (\{ *)?name: $workload([ ,}]|\$)" "$quick" || fail "experiments/quick.yaml does not have $workload"
done <workloads.txt
finish
