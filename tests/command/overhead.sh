# What the command costs over the processes that it starts: printed, since a time fails no test. The goal is 20 ms each.
# Twice: by the command's own account; and by what 20 processes more add to a run, in CPU time of all processes and in
# elapsed time, beyond 20 that this script starts. Cores are kept awake for neither.
. "$HERE/lib.sh"

few=10 many=30 repetitions=3
bin=$(dirname "$RECLAIM")
echo 'keep_awake: false' >experiment.yaml

# cost COMMAND...: elapsed_ns, and cpu_ns of all that it started; what it prints is dropped.
cost() {
    times >before.txt
    began_ns=$(date +%s%N)
    "$@" >/dev/null 2>&1 || fail "$* fails"
    elapsed_ns=$(($(date +%s%N) - began_ns))
    times >after.txt
    # Of the second line, children's: 0m0.250000s 0m0.010000s, user and system.
    cpu_ns=$(awk -F '[ms ]+' 'FNR == 2 {s = ($1 + $3) * 60 + $2 + $4; printf NR == FNR ? "" : "%d", (s - was) * 1e9; was = s}' \
        before.txt after.txt)
}

alone() { # alone COMMAND...: the processes, one after the other
    for process in $(seq $((many - few))); do "$@" || return; done
}

measure() { # measure PROCESSES OPTION...
    processes=$1
    shift
    "$RECLAIM" run experiment.yaml "$@" --invocations "$processes" --no-timeline --no-report --out "$folder-$processes"
}

# own PAUSES PARAMETER-OF-THE-STRATEGY PARAMETER...
own() {
    pauses=$1 given=$2 folder=with-$1 params=''
    shift 2
    for param in "$@"; do params="$params --param $param"; done
    set -- --workload rings $params --warmup 1 --repetitions $repetitions
    cost measure $few --strategy marksweep --param "$given" "$@"
    few_elapsed=$elapsed_ns few_cpu=$cpu_ns
    cost measure $many --strategy marksweep --param "$given" "$@"
    more_elapsed=$((elapsed_ns - few_elapsed)) more_cpu=$((cpu_ns - few_cpu))
    cost alone "$bin/bench-marksweep" --strategy-param "$given" "$@"
    more_elapsed=$((more_elapsed - elapsed_ns)) more_cpu=$((more_cpu - cpu_ns))
    rows=$(($(wc -l <"$folder-$many/pauses.csv") - 1))
    [ "$rows" -eq $((many * pauses)) ] || fail "$folder: $rows pauses, expected $((many * pauses))"
    awk -v counted="$many" -v pauses="$pauses" -v started="$((many - few))" -v cpu="$more_cpu" -v elapsed="$more_elapsed" '
        /cpu_ms_each/ {own = $2} /between_ms_each/ {between = $2} /"processes"/ {processes = $2}
        END {if (processes + 0 != counted) exit 1
             printf "%5d pauses: %5.2f ms of CPU, %5.2f ms between two; more than alone: %5.2f ms of CPU, %5.2f ms elapsed\n",
                 pauses, own, between, cpu / started / 1e6, elapsed / started / 1e6}' \
        "$folder-$many/machine.json" || fail "machine.json does not tell the command's own time"
}
own 0 collect_every=0 count=100
own 3000 collect_every=1 count=1000 size=1
own 20001 collect_every=1 count=6667 size=1
finish
