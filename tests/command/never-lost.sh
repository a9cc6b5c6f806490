# A run that is killed (SIGKILL) at a random moment, or whose disk is full at a random size, and then resumed: the tables
# hold exactly what was planned, once each. KILLS and DISKS say how often (make kill-test: 20 each), SEED which moments.
. "$HERE/lib.sh"

kills=${KILLS:-4} disks=${DISKS:-3} seed=${SEED:-$(date +%s)}
sanitized && kills=2 disks=1
echo "seed $seed"

strategies="refcount marksweep" workloads="rings linked_list"
invocations=8 repetitions=2
cat >experiment.yaml <<END
invocations: $invocations
repetitions: $repetitions
strategies:
  - name: refcount
  - name: marksweep
    heap_limits: [200k]
workloads:
  - name: rings
    params: [count=3k]
  - name: linked_list
    params: [length=3k]
END
measure() { # measure FOLDER: in the background
    "$RECLAIM" run experiment.yaml --no-report --out "$1" >out.txt 2>err.txt </dev/null &
    pid=$!
}

# The nth of numbers from 0 to $2 - 1.
random() {
    awk -v seed="$seed" -v n="$1" -v below="$2" 'BEGIN {srand(seed * 1000 + n); rand(); print int(rand() * below)}'
}

for strategy in $strategies; do
    for workload in $workloads; do
        for invocation in $(seq 0 $((invocations - 1))); do
            for repetition in $(seq 0 $((repetitions - 1))); do
                echo "$strategy,$workload,$invocation,$repetition,ok"
            done
        done
    done
done | sort >planned.txt

# What the run's own check says, and what the tables say without it.
check_whole() { # check_whole FOLDER WHAT-HAPPENED
    expect 0 '' "$RECLAIM" verify "$1"
    cut -d, -f2,6,9,10,11 "$1/samples.csv" | tail -n +2 | sort >found.txt
    cmp -s planned.txt found.txt || fail "$2: not what was planned: $(diff planned.txt found.txt | head -n 3)"
    # Every repetition has as many pauses as it says, and every cell a timeline that goes through the operations once.
    awk -F, 'FNR == 1 {file++; for (i = 1; i <= NF; i++) at[$i] = i; next}
        {key = $at["strategy"] " " $at["workload"] " " $at["invocation"] " " $at["repetition"]}
        file == 1 {seen[key]++} file == 2 {said[key] = $at["pause_count"]}
        END {for (key in seen) if (!(key in said)) exit 1; for (key in said) if (said[key] != seen[key] + 0) exit 1}' \
        "$1/pauses.csv" "$1/samples.csv" || fail "$2: pauses.csv and samples.csv do not agree"
    awk -F, 'NR == 1 {for (i = 1; i <= NF; i++) at[$i] = i; next}
        {key = $at["strategy"] " " $at["workload"]; done = $at["operations"] + 0}
        done < last[key] {exit 1} {last[key] = done; cells[key]} END {n = 0; for (key in cells) n++; exit n != 4}' \
        "$1/timeline.csv" || fail "$2: the timelines are not whole"
    for file in samples pauses timeline; do readable "$1/$file.csv"; done
}

# Goes on, or begins again where there was not yet anything to go on with.
resume() {
    if [ -e "$1/experiment.yaml" ]; then
        expect 0 '' "$RECLAIM" resume "$1" --no-report
    else
        measure "$1"
        wait $pid || fail "$2: the run cannot begin again: $(cat err.txt)"
    fi
}

began=$(date +%s%N)
measure whole
wait $pid || fail "the run fails: $(cat err.txt)"
length_ms=$((($(date +%s%N) - began) / 1000000))
check_whole whole "nothing"
[ "$(column whole/pauses.csv cause | grep -c collection)" -gt 0 ] || fail "the test has no pauses to lose"

# A run that had ended when its moment came was not killed: another moment is drawn then, from a shorter time.
killed=0 drawn=0
while [ "$killed" -lt "$kills" ]; do
    drawn=$((drawn + 1))
    after_ms=$(random "$drawn" "$length_ms")
    measure killed
    sleep "$(awk -v ms="$after_ms" 'BEGIN {print ms / 1000}')"
    kill -KILL $pid 2>/dev/null
    if wait $pid 2>/dev/null; then
        length_ms=$((length_ms * 19 / 20))
    else
        killed=$((killed + 1))
        done_before=$(cat killed/journal.txt 2>/dev/null | wc -l)
        resume killed "killed after $after_ms ms"
        check_whole killed "killed after $after_ms ms"
        echo "kill $killed: after $after_ms of $length_ms ms, $done_before processes done: resumed, whole"
    fi
    rm -rf killed
done

mkdir small
if [ "$(id -u)" -ne 0 ] || ! mount -t tmpfs -o size=16k tmpfs small 2>/dev/null; then
    echo "no small file system can be mounted here: the full disk is not tested"
    finish
fi
cleanup() {
    cd /
    umount "$work/small"
    rm -rf "$work"
}
size_kb=$(du -k -s whole | cut -f1)
filled=0 drawn=1000
while [ "$filled" -lt "$disks" ]; do
    drawn=$((drawn + 1))
    kb=$((16 + $(random "$drawn" "$size_kb") / 4 * 4))
    mount -o remount,size=${kb}k small
    measure small/run
    wait $pid
    exit_code=$?
    if [ $exit_code -eq 0 ]; then # it had room enough
        size_kb=$((size_kb * 19 / 20))
    else
        filled=$((filled + 1))
        grep -q 'No space left on device' err.txt || fail "with $kb kB: no word of the full disk: $(tail -n 1 err.txt)"
        mount -o remount,size=50m small
        resume small/run "a disk of $kb kB"
        check_whole small/run "a disk of $kb kB"
        echo "disk $filled: $kb kB are full, exit code $exit_code; with room: resumed, whole"
    fi
    rm -rf small/run
done
finish
