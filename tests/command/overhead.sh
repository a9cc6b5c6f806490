# What the command costs over the processes that it starts: printed, since a time fails no test. The goal is 20 ms each.
# Twice: by the command's own account, and as the time that a run takes beyond that of the same processes when this
# script starts them, the run's beginning and end included. Cores are kept awake for neither.
. "$HERE/lib.sh"

processes=20 repetitions=3
bin=$(dirname "$RECLAIM")
echo 'keep_awake: false' >experiment.yaml

elapsed_ns() { # elapsed_ns COMMAND...: what it prints is dropped
    began_ns=$(date +%s%N)
    "$@" >/dev/null 2>&1 || fail "$* fails"
    echo $(($(date +%s%N) - began_ns))
}

alone() { # alone COMMAND...: the processes, one after the other
    for process in $(seq $processes); do "$@" || return; done
}

# own PAUSES STRATEGY ITS-PARAMETER PARAMETER...
own() {
    pauses=$1 strategy=$2 given=$3 folder=$2-$1 params=''
    shift 3
    for param in "$@"; do params="$params --param $param"; done
    run_ns=$(elapsed_ns "$RECLAIM" run experiment.yaml --strategy "$strategy" --param "$given" --workload rings $params --warmup 1 \
        --repetitions $repetitions --invocations $processes --no-timeline --no-report --out "$folder")
    alone_ns=$(elapsed_ns alone "$bin/bench-$strategy" --strategy-param "$given" --workload rings $params --warmup 1 \
        --repetitions $repetitions)
    rows=$(($(wc -l <"$folder/pauses.csv") - 1))
    [ "$rows" -eq $((processes * pauses)) ] || fail "$folder: $rows pauses, expected $((processes * pauses))"
    awk -v processes="$processes" -v pauses="$pauses" -v more_ms="$(((run_ns - alone_ns) / processes / 1000))e-3" '
        /cpu_ms_each/ {cpu = $2} /between_ms_each/ {between = $2} /"processes"/ {counted = $2}
        END {if (counted + 0 != processes) exit 1
             printf "a process of %5d pauses: %6.2f ms of CPU, %6.2f ms between two; %6.2f ms more than alone\n",
                 pauses, cpu, between, more_ms}' \
        "$folder/machine.json" || fail "machine.json does not tell the command's own time"
}
own 0 marksweep collect_every=0 count=100
own 3000 marksweep collect_every=1 count=1000 size=1
own 20001 marksweep collect_every=1 count=6667 size=1
finish
