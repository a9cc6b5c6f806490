# --counter: the same numbers every time, whatever the environment; no times; and it tells more work apart.
. "$HERE/lib.sh"

expect 2 'what can be counted is instructions, or syscalls' "$RECLAIM" run --counter cycles

# Of system calls those of the iterations, and no others: seven in each of two.
calls() { # calls FOLDER
    "$RECLAIM" run --counter syscalls --strategy malloc --strategy nogc --workload "$HERE/workloads/calls.c" \
        --workload rings --param count=20k --iterations 2 --invocations 2 --repetitions 2 --warmup "$2" --out "$1" \
        >out.txt 2>err.txt
}
if ! calls traced 1 && grep -q 'cannot be traced here' traced/samples.csv; then
    echo "skipped: no process can be traced here"
else
    [ "$(column traced/samples.csv status | sort -u)" = ok ] || fail "traced: a row is not ok: $(cat out.txt)"
    [ -z "$(column traced/samples.csv wall_ns | tr -d '\n')" ] || fail "traced: there are times"
    grep ,calls, traced/samples.csv >some.txt
    [ "$(awk -F, 'NR == FNR {for (i = 1; i <= NF; i++) if ($i == "system_calls") at = i; nextfile} {print $at}' \
        traced/samples.csv some.txt | sort | uniq -c | tr -s ' ')" = " 8 14" ] || fail "not 14 calls in each: $(cat some.txt)"
    [ "$(grep -c ',getppid_calls,calls,14$' traced/figures.csv)" -eq 8 ] || fail "not by name: $(cat traced/figures.csv)"
    [ "$(grep -c ',mmap_calls,calls,0$' traced/figures.csv)" -ge 8 ] || fail "calls that were not made are not 0"
    # What nogc takes from the system it takes anew in each repetition; and all is the same again.
    grep ',nogc,' traced/figures.csv | grep ',rings,' | grep -q ',mmap_calls,calls,[1-9]' || fail "nogc takes no memory"
    NOISE=$(printf '%3000s' x) calls retraced 1
    for file in traced retraced; do cut -d, -f2- $file/figures.csv | sort >$file.txt; done
    cmp -s traced.txt retraced.txt || fail "counted twice, it is not the same: $(diff traced.txt retraced.txt | head -n 3)"
fi
command -v valgrind >/dev/null || { [ "$failures" -eq 0 ] || exit 1; echo "instructions are skipped: no valgrind"; exit 0; }
sanitized && { [ "$failures" -eq 0 ] || exit 1; echo "skipped: valgrind cannot run what a sanitizer is in"; exit 77; }

count() { # count FOLDER COUNT: two processes of two repetitions each
    expect 0 '' "$RECLAIM" run --counter instructions --strategy malloc --strategy refcount --workload rings \
        --param count="$2" --invocations 2 --repetitions 2 --out "$1"
}
count first 300
NOISE=$(printf '%3000s' x) count again 300
count more 310

counts() {
    paste -d ' ' "$1/strategies" "$1/instructions" | sort
}
for run in first again more; do
    [ "$(column $run/samples.csv status | sort -u)" = ok ] || fail "$run: a row is not ok"
    [ -z "$(column $run/samples.csv wall_ns | tr -d '\n')" ] || fail "$run: there are times"
    column $run/samples.csv strategy >$run/strategies
    column $run/samples.csv instructions >$run/instructions
    counts $run >$run/counts
    [ "$(grep -c '[0-9]$' $run/counts)" -eq 8 ] || fail "$run: a count is missing"
done
cmp -s first/counts again/counts || fail "counted twice, it is not the same: $(diff first/counts again/counts)"
[ "$(sort -u first/counts | wc -l)" -le 4 ] || fail "processes of one cell differ: $(cat first/counts)"
awk 'NR == FNR {before[FNR] = $2; next} $2 <= before[FNR] {exit 1}' first/counts more/counts ||
    fail "more work is not more instructions"
finish
