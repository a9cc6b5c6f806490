# A run that is killed or interrupted: what was measured is there, whole, and `resume` goes on from it.
. "$HERE/lib.sh"

# Enough processes that the middle is easily hit; slow ones need not be so many.
invocations=40
sanitized && invocations=12
rows_in_all=$((4 * invocations * 2))
start() {
    "$RECLAIM" run --strategy refcount --strategy malloc --workload rings --workload linked_list --param count=20k \
        --param length=20k --invocations $invocations --repetitions 2 --no-report --out "$1" >out.txt 2>err.txt </dev/null &
    pid=$!
    tries=0
    until [ "$(cat "$1/journal.txt" 2>/dev/null | wc -l)" -ge 20 ]; do
        kill -0 $pid 2>/dev/null || break
        tries=$((tries + 1))
        [ $tries -lt 600 ] || break
        sleep 0.05
    done
}

check_rows() {
    for table in samples pauses timeline; do
        readable "$1/$table.csv"
    done
    rows=$(column "$1/samples.csv" status | grep -c ok)
    [ "$rows" -ge "$2" ] || fail "$1 has only $rows rows"
}

# All that there has to be at the end, once each.
check_whole() {
    check_rows "$1" $rows_in_all
    [ "$rows" -eq $rows_in_all ] || fail "$1 has $rows rows, expected $rows_in_all"
    [ "$(cut -d, -f2,6,9,10 "$1/samples.csv" | sort | uniq -d | wc -l)" -eq 0 ] || fail "$1 has rows twice"
    for cell in refcount,rings refcount,linked_list malloc,rings malloc,linked_list; do
        # The rows of one timeline of a cell go through the operations once.
        awk -F, -v cell="$cell" '$2 "," $5 == cell && $9 + 0 < last {again++} $2 "," $5 == cell {last = $9 + 0}
            END {exit again > 0}' "$1/timeline.csv" || fail "$1: the timeline of $cell is there twice"
        grep -q "^[^,]*,${cell%,*},[^,]*,[^,]*,${cell#*,}," "$1/timeline.csv" || fail "$1 has no timeline of $cell"
    done
}

start killed
kill -KILL $pid 2>/dev/null || fail "the run was over before it could be killed"
wait $pid 2>/dev/null
check_rows killed 20
left=$(grep -la -e "--para[m].count=20480" /proc/[0-9]*/cmdline 2>/dev/null)
[ -z "$left" ] || fail "the measuring process outlives the command: $left"
[ -s killed/machine.json ] && [ -s killed/experiment.yaml ] && [ -s killed/plan.json ] || fail "files are missing"
expect 0 '' "$RECLAIM" resume killed --no-report
check_whole killed
expect 0 '' "$RECLAIM" resume killed --no-report
check_whole killed

for signal in INT TERM; do
    start $signal
    kill -$signal $pid 2>/dev/null || fail "the run was over before the signal"
    wait $pid
    code=$?
    [ $code -eq 130 ] || fail "after SIG$signal the exit code is $code"
    grep -q "go on with .reclaim resume $signal" err.txt || fail "after SIG$signal no word of how to go on"
    check_rows $signal 20
    expect 0 '' "$RECLAIM" resume $signal --no-report
    check_whole $signal
done

# A half row at the end, as another writer or a crashed machine may leave it, is dropped.
start torn
kill -KILL $pid 2>/dev/null
wait $pid 2>/dev/null
printf 'torn-2026,refcount,,system,gli' >>torn/samples.csv
printf 'torn' >>torn/pauses.csv
printf '12' >>torn/journal.txt
expect 0 '' "$RECLAIM" resume torn --no-report
check_whole torn

# After a power cut the journal may be there, and rows that it tells of are not, or are zeros.
cp -r torn cut
rm cut/SHA256SUMS
bytes=$(wc -c <cut/samples.csv)
head -c $((bytes - 3000)) torn/samples.csv >cut/samples.csv
head -c 3000 /dev/zero >>cut/samples.csv
head -c 1000 /dev/zero >>cut/timeline.csv
expect 1 '' "$RECLAIM" verify cut
grep -q 'samples.csv has . rows of it, the journal says 2' err.txt || fail "rows that are missing are not told"
expect 0 '' "$RECLAIM" resume cut --no-report
grep -q 'cut: . cells, [0-9]* processes' err.txt || fail "nothing was run again"
check_whole cut

# Another plan than the run's: not resumed.
start other
kill -KILL $pid 2>/dev/null
wait $pid 2>/dev/null
sed 's/count=20k/count=99/' other/experiment.yaml >x && mv x other/experiment.yaml
expect 2 'start a new run' "$RECLAIM" resume other

# Two commands into one folder: the second is refused, and says who has it; the first is not disturbed.
start shared
expect 2 "shared: process $pid is writing there" "$RECLAIM" resume shared
expect 2 "shared: process $pid is writing there" "$RECLAIM" run --strategy malloc --workload rings --out shared
wait $pid || fail "a run was disturbed by others that were refused"
check_whole shared
[ ! -e shared/lock ] || fail "the lock outlives the run"

# Its end is sealed: by checksums that sha256sum understands; what is changed afterwards is noticed.
(cd shared && sha256sum --quiet -c SHA256SUMS) || fail "sha256sum does not agree with the seal"
expect 0 'is finished, and nothing is missing' "$RECLAIM" resume shared
sed '2s/,ok,/,OK,/' shared/samples.csv >x && mv x shared/samples.csv
for command in summary plot report verify; do
    [ $command = verify ] && code=1 || code=0
    expect $code '' "$RECLAIM" $command shared
    grep -q 'shared/samples.csv was changed since the run was finished' err.txt || fail "$command takes a broken seal"
done
finish
