# What the user typed is wrong: one line that says what, and what to do; exit code 2; no folder is made.
. "$HERE/lib.sh"

expect 0 '' "$RECLAIM" --help
expect 0 '' "$RECLAIM" --version
for command in list run resume summary plot report schema; do
    expect 0 '' "$RECLAIM" "$command" --help
    grep -q "Usage: reclaim $command" out.txt || fail "$command --help has no usage line"
done
expect 2 '' "$RECLAIM"
expect 2 'no command rnu; did you mean run' "$RECLAIM" rnu

# Every command says in one line which word is wrong, what was probably meant, and whose --help shows more.
for command in list run minheap sites resume merge summary compare plot report verify claims doctor schema; do
    more=".reclaim $command --help. shows more"
    expect 2 "$command: there is no option --hepl; did you mean --help\? $more" "$RECLAIM" "$command" --hepl
    expect 2 "$command: there is no option -x; $more" "$RECLAIM" "$command" -x
    expect 2 "$command: --help=me: --help takes no value; $more" "$RECLAIM" "$command" --help=me
    expect 0 '' "$RECLAIM" "$command" -h
    grep -q "Usage: reclaim $command" out.txt || fail "$command -h has no usage line"
done
expect 2 'no option --invocatoins; did you mean --invocations' "$RECLAIM" run --invocatoins 3
expect 2 'no option --no-such-option; .reclaim run --help. shows more' "$RECLAIM" run --no-such-option=3
expect 2 'no option -x' "$RECLAIM" run -nx
expect 2 'no-timeline or --no-report' "$RECLAIM" run --no
expect 2 'dry-run takes no value' "$RECLAIM" run --dry-run=3
for option in --out -o -no; do
    expect 2 '--out: a value is missing, --out FOLDER' "$RECLAIM" run "$option"
done
expect 2 'one experiment at a time: one.yaml or two.yaml' "$RECLAIM" run one.yaml two.yaml
expect 2 'one experiment at a time: -x or --out' "$RECLAIM" run -- -x --out
expect 2 'invocations 0: expected' "$RECLAIM" run --invoc 0
expect 2 'takes no argument: what is all\?' "$RECLAIM" schema all
expect 2 'which two\?' "$RECLAIM" compare
expect 2 'two at a time: what is c\?' "$RECLAIM" compare a b c
expect 2 'format yaml: expected table' "$RECLAIM" compare a b -fyaml
expect 2 'which workload\?' "$RECLAIM" sites
expect 2 'top 0: expected a whole number' "$RECLAIM" sites rings --top 0
expect 2 'which claim\?' "$RECLAIM" claims --explain
expect 2 'one at a time: a or b' "$RECLAIM" resume a b

expect 2 'no strategy named refcuont; did you mean refcount' "$RECLAIM" run --strategy refcuont
expect 2 'no strategy named zzzzzzzz; .reclaim list. shows' "$RECLAIM" run --strategy zzzzzzzz
expect 2 'no workload named ring; did you mean rings' "$RECLAIM" run --workload ring
expect 2 'no allocator named jemaloc; did you mean jemalloc' "$RECLAIM" run --allocator jemaloc
expect 2 'no such shared object' "$RECLAIM" run --allocator ./none.so
expect 2 'cannot preload' "$RECLAIM" run --allocator /etc/passwd
expect 2 'no strategy or workload of this run has a parameter lenght; did you mean length' \
    "$RECLAIM" run --workload linked_list --strategy malloc --param lenght=3
expect 2 'named lru is part of this run' "$RECLAIM" run --param lru.length=3
expect 2 'expected NAME=VALUE' "$RECLAIM" run --param length
expect 2 'linked_list has no parameter size' \
    "$RECLAIM" run --workload linked_list --strategy malloc --param linked_list.size=3
expect 2 'size=0 is not possible; size is an integer from 1' "$RECLAIM" run --workload rings --param size=0
expect 2 'size=many is not possible' "$RECLAIM" run --workload rings --param size=many
expect 2 'form is list or frame' "$RECLAIM" run --workload generator --param form=round
for option in invocations repetitions iterations; do
    expect 2 "--$option 0: expected an integer" "$RECLAIM" run --$option 0
done
expect 2 '--seed x' "$RECLAIM" run --seed x
expect 2 'heap limit 3x: expected bytes' "$RECLAIM" run --strategy malloc --heap-limit 3x
expect 2 'memory limit 9q: expected bytes' "$RECLAIM" run --memory-limit 9q
expect 2 'timeout soon: expected seconds' "$RECLAIM" run --timeout soon
expect 2 'none.c: No such file' "$RECLAIM" run --workload ./none.c
expect 2 'none: No such file' "$RECLAIM" run --strategy ./none
mkdir empty
expect 2 'a strategy is a folder with a heap.h' "$RECLAIM" run --strategy ./empty
expect 2 'which run' "$RECLAIM" resume
expect 2 'resume takes the folder of a run' "$RECLAIM" resume empty
expect 2 'there is no run in results/' "$RECLAIM" summary
for command in summary plot report; do
    expect 2 'none: No such file' "$RECLAIM" "$command" none
done
expect 2 'no strategy, workload or kind named refcoutn; did you mean refcount' "$RECLAIM" list refcoutn

[ ! -e results ] || fail "a folder was made though nothing was run"

# What is listed is what runs.
expect 0 '' "$RECLAIM" list
for word in strategies workloads allocators malloc rings mimalloc; do
    grep -q "$word" out.txt || fail "list does not have $word"
done
expect 0 '' "$RECLAIM" list rings
grep -q 'size=' out.txt || fail "list rings does not have its parameters"
expect 0 '' "$RECLAIM" schema
grep -q '| `wall_ns` | integer | ns |' out.txt || fail "schema does not have wall_ns"
expect 0 '' "$RECLAIM" run --strategy malloc --workload rings --dry-run --invocations 3 --no-timeline
grep -q '1 cells, 3 processes' out.txt || fail "--dry-run does not tell the processes"
[ ! -e results ] || fail "--dry-run made a folder"
finish
