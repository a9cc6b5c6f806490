# reclaim doctor --aa and --power: what they run, what they print, and what they refuse. What is shown on this machine
# is the machine's: only the counts are looked at.
. "$HERE/../command/lib.sh"

cat >two.yaml <<'YAML'
name: two
invocations: 4
repetitions: 2
warmup: 0
timeline: false
strategies:
  - name: malloc
  - name: refcount
    params: [slowdown=3]
workloads:
  - name: rings
    params: [size=10, count=200]
YAML

# Each strategy twice, in one run; a parameter that was given is replaced.
"$RECLAIM" doctor --aa two.yaml --out aa >aa.txt 2>aa-said.txt
[ $? -le 1 ] || fail "--aa: $(cat aa-said.txt)"
grep -q '^Time per operation  *2  *[0-2] (' aa.txt || fail "--aa does not count two cells: $(cat aa.txt)"
grep -q 'of 2 times, [0-2] (' aa.txt || fail "--aa has no verdict"
grep -q 'the whole, 8 times as many processes, will take about' aa-said.txt || fail "--aa does not say how long"
[ "$(column aa/samples.csv strategy_params | sort | uniq -c | tr -s ' ' | tr '\n' ';')" = \
    " 8 slowdown=3 twin=0; 8 slowdown=3 twin=1; 8 twin=0; 8 twin=1;" ] || fail "--aa ran other cells"

"$RECLAIM" doctor --power two.yaml --out power >power.txt 2>power-said.txt
[ $? -le 1 ] || fail "--power: $(cat power-said.txt)"
for percent in 1 2 5 10; do
    grep -q "^ *$percent %  *[0-2] of 2 " power.txt || fail "--power does not say what is found of $percent %"
done
[ "$(column power/samples.csv strategy_params | sort -u | wc -l)" -eq 5 ] || fail "--power planted something else"
grep -q '4 and 4 invocations can\|at least 4 of each\|never shown' power.txt || fail "--power does not say that 4 are few"

# The rows are an ordinary run's: what the command says at its end works.
expect 0 '' "$RECLAIM" compare power:slowdown=0 :slowdown=10
grep -q 'of 2 cells' out.txt || fail "slowdown=0 and slowdown=10 are not compared"
expect 2 'no strategy, allocator or parameter slowdown=4' "$RECLAIM" compare power:slowdown=0 :slowdown=4

# A slowdown that nobody could miss is on the clock.
expect 0 '' "$RECLAIM" run --strategy malloc --workload rings --param count=20000 --param slowdown=1000 --out slow --no-report
expect 0 '' "$RECLAIM" run --strategy malloc --workload rings --param count=20000 --out plain --no-report
[ "$(column slow/samples.csv cpu_ns | sort -n | head -n 1)" -gt "$(column plain/samples.csv cpu_ns | sort -n | head -n 1)" ] ||
    fail "a slowdown of 1000 % takes no time"

sed '/^strategies/,/slowdown/d' two.yaml >none.yaml
expect 2 'none.yaml: name its strategies and workloads' "$RECLAIM" doctor --aa none.yaml --out none
"$RECLAIM" doctor --aa --power >out.txt 2>err.txt && fail "--aa --power is accepted"
grep -q 'one at a time: --aa or --power' err.txt || fail "--aa --power is not explained"
"$RECLAIM" doctor two.yaml >out.txt 2>err.txt && fail "an experiment alone is accepted"

# The counts that these two are to show something about are those of `full`.
counts() {
    grep -E '^(invocations|repetitions|warmup):' "$HERE/../../experiments/$1.yaml"
}
[ "$(counts aa)" = "$(counts full)" ] || fail "experiments/aa.yaml has other counts than full.yaml"
[ "$(counts power)" = "$(counts full)" ] || fail "experiments/power.yaml has other counts than full.yaml"
finish
