# Counts from a pilot, and plans that are divided: what is measured is what was planned, on one machine or on several.
. "$HERE/lib.sh"

small="--strategy malloc --strategy refcount --workload rings --workload linked_list --param count=200 --param length=200"

# ---- what the user typed is wrong
expect 2 'precision: expected per cent as 1%, not none' "$RECLAIM" run $small --precision none
expect 2 'time: expected a time as 90s, 30min, 2h, not soon' "$RECLAIM" run $small --time soon
expect 2 'a pilot needs at least 2 invocations' "$RECLAIM" run $small --time 10s --invocations 1
expect 2 'a count is the same every time, and needs no pilot' "$RECLAIM" run $small --time 10s --counter syscalls
for shard in 3/2 0/2 2 x/y 1/0; do
    expect 2 'expected which of how many, as 2/8' "$RECLAIM" run $small --shard $shard
done
expect 2 'the plan has only 2 pieces of work' "$RECLAIM" run $small --shard 1/3 --dry-run
expect 2 'plan once, with --dry-run --out PLAN' "$RECLAIM" run $small --precision 5% --shard 1/2
expect 2 'none/.*No such file' "$RECLAIM" run --plan none
printf 'pilot: {precison: 1%%}\n' >bad.yaml
expect 2 'bad.yaml:1: there is no key precison; did you mean precision' "$RECLAIM" run bad.yaml
printf 'invocations: 20\npilot: {most_invocations: 10}\n' >bad.yaml
expect 2 'the most invocations and repetitions are fewer' "$RECLAIM" run bad.yaml
[ ! -e results ] || fail "a folder was made though nothing was run"

# ---- the counts follow from the pilot's rows, which here are made up. Of malloc, nothing varies: the fewest. Of refcount,
# invocations have means of 90, 95, 100, 105 and 110, repetitions do not differ: T2 = 62.5 / 100^2, and for 5 % the least n
# with t(n-1) sqrt(0.00625 / n) <= 0.05 is 13 (2.179 * 0.07906 / 3.606 = 0.0478; 12: 2.201 * 0.07906 / 3.464 = 0.0502).
mkdir planned
cat >planned/experiment.yaml <<END
invocations: 3
repetitions: 2
timeline: false
pilot: {precision: 5%}
strategies: [{name: malloc}, {name: refcount}]
workloads: [{name: rings, params: [count=200]}]
END
"$RECLAIM" run planned/experiment.yaml --out model --dry-run >out.txt 2>err.txt || fail "no pilot: $(cat err.txt)"
[ "$(wc -l <model/pilot.csv)" -eq 51 ] || fail "a pilot of two cells, five invocations, five repetitions has not 50 rows"
[ "$(wc -l <model/samples.csv)" -eq 1 ] || fail "rows of the pilot are among the results"
awk -F, -v OFS=, 'NR == 1 {for (i = 1; i <= NF; i++) at[$i] = i; print; next}
    {mean = $at["strategy"] == "malloc" ? 100 : 90 + 5 * $at["invocation"]
     $at["wall_ns"] = mean * $at["operations"]
     $at["process_ns"] = 3000000 + 1000000 * $at["repetition"]
     print}' model/pilot.csv >planned/pilot.csv
expect 0 '' "$RECLAIM" resume planned --no-report
counts() { # counts FOLDER: of malloc, of refcount
    awk '/"invocations"/ {i = $2 + 0} /"repetitions"/ {r = $2 + 0} /"strategy":/ {s = $2}
        i && r && s {gsub(/[",]/, "", s); print s, i, r; i = r = s = 0}' "$1/plan.json" | sort | tr '\n' ' '
}
[ "$(counts planned)" = "malloc 3 2 refcount 13 2 " ] || fail "counts of the made-up pilot: $(counts planned)"
expect 0 '' "$RECLAIM" verify planned
[ "$(column planned/samples.csv strategy | sort | uniq -c | tr -s ' \n' ' ')" = " 6 malloc 26 refcount " ] ||
    fail "not what was planned: $(column planned/samples.csv strategy | sort | uniq -c)"
# A repetition costs 1 ms and an invocation 2: 4 ms for two. 52 ms leave refcount, beside malloc's 12, ten.
mkdir timed
sed 's/precision: 5%/time: 0.052s/' planned/experiment.yaml >timed/experiment.yaml
cp planned/pilot.csv timed/pilot.csv
expect 0 '' "$RECLAIM" resume timed --no-report
[ "$(counts timed)" = "malloc 3 2 refcount 10 2 " ] || fail "counts for a time: $(counts timed)"

# ---- a pilot that is killed goes on, from the rows that it has; none is measured again, and none is a result
"$RECLAIM" run $small --precision 20% --dry-run --out killed >out.txt 2>err.txt </dev/null &
pid=$!
tries=0
until [ "$(cat killed/pilot.csv 2>/dev/null | wc -l)" -ge 20 ] || [ $tries -ge 200 ]; do
    tries=$((tries + 1))
    sleep 0.05
done
kill -KILL $pid 2>/dev/null
wait $pid 2>/dev/null
sed -n '2,16p' killed/pilot.csv >had.txt
expect 0 '' "$RECLAIM" resume killed --no-report
[ "$(grep -cxFf had.txt killed/pilot.csv)" -ge 15 ] || fail "the pilot measured again what it had"
expect 0 '' "$RECLAIM" verify killed

# ---- shards: the same work stays together; together they are the plan, each process once
expect 0 '' "$RECLAIM" run $small --precision 20% --dry-run --out plan
for shard in 1 2; do
    expect 0 '' "$RECLAIM" run --plan plan --shard $shard/2 --no-report --out shard$shard
    expect 0 '' "$RECLAIM" verify shard$shard
    [ "$(column shard$shard/samples.csv workload | sort -u | wc -l)" -eq 1 ] || fail "shard $shard is not one piece of work"
    [ "$(column shard$shard/samples.csv strategy | sort -u | wc -l)" -eq 2 ] || fail "shard $shard lacks a strategy"
    [ ! -e shard$shard/pilot.csv ] || fail "a shard has a pilot of its own"
done
expect 2 'not a plan of these cells' "$RECLAIM" run --plan plan --workload generator --out other
[ ! -e other ] || fail "a folder was made for a plan that does not fit"
expect 2 'which\?' "$RECLAIM" merge all
expect 2 'processes are in none of these runs' "$RECLAIM" merge all shard1
expect 2 'shard1 and shard1 both have' "$RECLAIM" merge all shard1 shard1
expect 2 'its plan is not that of shard1' "$RECLAIM" merge all shard1 planned
expect 2 'plan: is not a finished run' "$RECLAIM" merge all plan shard2
[ ! -e all ] || fail "a folder was made though nothing was merged"
expect 0 '' "$RECLAIM" merge all shard1 shard2 --no-report
expect 0 '' "$RECLAIM" verify all
cat shard1/samples.csv shard2/samples.csv | grep -v ^run_id | cut -d, -f2- | sort >parts.txt
tail -n +2 all/samples.csv | cut -d, -f2- | sort | cmp -s - parts.txt || fail "the rows of the whole are not the parts'"
[ "$(column all/samples.csv run_id | sort -u | wc -l)" -eq 1 ] || fail "the rows are of several runs"
[ "$(cut -d, -f6,8,9 all/machines.csv | tail -n +2 | sort -u | wc -l)" -eq 2 ] || fail "cells do not keep their machine"
expect 2 'all: is not empty' "$RECLAIM" merge all shard1 shard2
expect 0 '' "$RECLAIM" summary all
# Smallest heaps are found once, too, and the shards have the same limits.
cat >limits.yaml <<END
invocations: 2
repetitions: 1
timeline: false
heap_factors: ["1", "2"]
strategies: [{name: marksweep}, {name: malloc}]
workloads: [{name: binary_trees, params: [depth=8, trees=3]}, {name: rings, params: [count=200]}]
END
if ! sanitized; then
    expect 0 '' "$RECLAIM" run limits.yaml --dry-run --out limits
    [ "$(grep -c 'marksweep.*limit=' out.txt)" -eq 4 ] || fail "the plan has not the limits: $(cat out.txt)"
    for shard in 1 2; do
        expect 0 '' "$RECLAIM" run --plan limits --shard $shard/2 --no-report --out limits$shard
    done
    expect 0 '' "$RECLAIM" merge limited limits1 limits2 --no-report
    expect 0 '' "$RECLAIM" verify limited
    cmp -s limits/minheap.csv limited/minheap.csv || fail "the whole lacks the smallest heaps"
fi

sed '2s/,ok,/,OK,/' shard2/samples.csv >x && mv x shard2/samples.csv
expect 2 'shard2: was changed since it was finished' "$RECLAIM" merge other shard1 shard2
finish
