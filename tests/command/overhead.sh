# What the command costs over the processes that it starts: printed, since a time fails no test. The goal is 20 ms each.
. "$HERE/lib.sh"

own() { # own FOLDER WHAT OPTION...
    folder=$1 what=$2
    shift 2
    expect 0 '' "$RECLAIM" run --invocations 20 --repetitions 3 --no-timeline --no-report --out "$folder" "$@"
    awk -v what="$what" '/cpu_ms_each/ {cpu = $2} /between_ms_each/ {between = $2} /"processes"/ {processes = $2}
        END {if (processes + 0 != 20) exit 1
             printf "%s: %.2f ms of CPU and %.2f ms between two processes, each; goal 20 ms\n", what, cpu, between}' \
        "$folder/machine.json" || fail "machine.json does not tell the command's own time"
}
own small "a process of three rows" --strategy malloc --workload rings --param count=100
own pauses "a process of $((3 * 1000)) pauses" --strategy marksweep --workload rings --param count=1000 --param size=1 \
    --param collect_every=1
[ "$(column pauses/pauses.csv cause | wc -l)" -ge $((20 * 3 * 1000)) ] || fail "too few pauses to tell"
finish
