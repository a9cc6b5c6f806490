# Experiment files that are wrong: file, line, and what was expected, in one line. And one that is right.
. "$HERE/lib.sh"

# wrong TEXT PATTERN: the file and the line are told.
wrong() {
    printf '%b' "$1" >e.yaml
    expect 2 "e.yaml:$2" "$RECLAIM" run e.yaml
}

wrong 'name: a\nseeed: 3\n' '2: there is no key seeed; did you mean seed'
wrong 'seed: x3\n' "1: seed: expected a whole number, not 'x3'|1: seed: expected a whole number, not x3|1: seed: .*x3"
wrong 'name: a\nseed: [1]\n' '2: seed: expected one value'
wrong 'seed: -1\n' '1: seed -1: expected 0 or more'
wrong 'invocations: 99999999999\n' '1: invocations: expected a whole number'
wrong 'invocations: 0\n' '1: '
wrong 'timeline: maybe\n' '1: timeline: expected one of true, false'
wrong 'name:\n' '1: name: expected a text'
wrong 'name: a\nname: b\n' '1: name: is given twice'
wrong 'name: a\nstrategies: x\n' '2: strategies: expected a list'
wrong 'strategies: [x, y]\n' '1: strategies: expected keys with values'
wrong 'strategies:\n  - nam: x\n' '2: there is no key nam; did you mean name'
wrong 'workloads:\n  - params: [size=1]\n' '2: an entry of strategies or workloads needs'
wrong 'name: a\n  b: [\n' '2: this is no YAML'
wrong 'name: a\nseed: 1\n\tx: 3\n' '3: this is no YAML'
wrong 'name: "a\n' '2: this is no YAML'
wrong '' '1: it is empty'
wrong '- a\n' '1: expected keys with values'
wrong 'just words\n' '1: expected keys with values'
wrong 'name: *x\n' '1: '
wrong 'name: a\nstrategies:\n  - name: malloc\n  - name: refcoutn\n' '4: there is no strategy named refcoutn; did you mean'
wrong 'workloads:\n  - name: rings\n    params:\n      - size=3\n      - siz=4\n' '5: rings has no parameter siz'
wrong 'workloads:\n  - name: rings\n    params: [size=x]\n' '3: rings: size=x is not possible'
wrong 'allocators: [system,\n  jemaloc]\n' '2: there is no allocator named jemaloc'
wrong 'heap_limits: [1x]\n' '1: heap limit 1x: expected bytes'
wrong 'timeout_s: soon\n' '1: timeout soon: expected seconds'
wrong 'memory_limit: much\n' '1: memory limit much: expected bytes'
wrong 'workloads:\n  - path: ./none.c\n' '2: ./none.c: No such file'

printf '\377\376\001' >e.yaml
expect 2 'e.yaml: cannot be read as YAML' "$RECLAIM" run e.yaml
expect 2 'none.yaml: No such file' "$RECLAIM" run none.yaml
expect 2 '/: cannot be read as YAML|/: Is a directory' "$RECLAIM" run /
[ ! -e results ] || fail "a folder was made though nothing was run"

# What is right runs, options go over the file, and the copy is what was run.
cat >e.yaml <<'YAML'
name: mine
invocations: 9
repetitions: 2
strategies:
  - name: malloc
  - name: arena
    params: [chunk_kib=64]
    heap_limits: [0, 500M]
workloads:
  - name: rings
    params: [size=2, count=100]
  - name: rings
    params: [size=3, count=100]
  - name: linked_list
YAML
expect 0 '' "$RECLAIM" run e.yaml --workload rings --invocations 1 --no-timeline --no-report --param count=1k --out run
[ "$(column run/samples.csv status | sort | uniq -c | tr -s ' ')" = " 12 ok" ] || fail "expected 12 rows that are ok"
[ "$(column run/samples.csv workload_params | sort -u | tr '\n' ';')" = "size=2 count=1024;size=3 count=1024;" ] ||
    fail "the parameters are not those of the file and the option"
[ "$(column run/samples.csv strategy_params | sort -u | tr '\n' ';')" = ";chunk_kib=64;" ] ||
    fail "the strategy's parameter is not there"
[ "$(column run/samples.csv heap_limit_bytes | sort -u | tr '\n' ';')" = "0;524288000;" ] || fail "the heap limits"
[ "$(column run/samples.csv allocator | sort -u)" = system ] || fail "the allocator"
expect 0 '' "$RECLAIM" run run/experiment.yaml --dry-run
grep -q '6 cells, 6 processes' out.txt || fail "the copy is not the experiment that was run"

# The same seed gives the same order; another, another.
order() {
    sed -n '/"processes"/,$p' "$1/plan.json"
}
expect 0 '' "$RECLAIM" run e.yaml --workload rings --no-timeline --no-report --param count=1 --seed 7 --out a
expect 0 '' "$RECLAIM" run e.yaml --workload rings --no-timeline --no-report --param count=1 --seed 7 --out b
expect 0 '' "$RECLAIM" run e.yaml --workload rings --no-timeline --no-report --param count=1 --seed 8 --out c
order a >a.txt
order b >b.txt
order c >c.txt
cmp -s a.txt b.txt || fail "one seed, two orders"
! cmp -s a.txt c.txt || fail "two seeds, one order"
[ "$(cut -d, -f9 a/samples.csv | uniq | wc -l)" -gt 20 ] || fail "the processes are not in random order"
finish
