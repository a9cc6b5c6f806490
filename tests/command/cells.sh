# Workloads that misbehave: each is a row with its status, the others go on, the exit code is 1.
. "$HERE/lib.sh"

w=$HERE/workloads
limit=--memory-limit=96M
sanitized && limit=--heap-limit=96M
expect 1 '' "$RECLAIM" run --strategy malloc --strategy arena --strategy nogc \
    --workload "$w/crashes.c" --workload "$w/aborts.c" --workload "$w/hangs.c" --workload "$w/exhausts.c" \
    --workload "$w/differs.c" --workload "$w/leaves.c" --workload "$w/gives_up.c" --workload "$w/prints.c" \
    --workload "$w/mumbles.c" --workload rings \
    --param rings.count=100 --invocations 2 --repetitions 2 --warmup 0 --timeout 3 "$limit" \
    --no-report --out run
rows=run/samples.csv

# has WORKLOAD STATUS PATTERN: every row of the workload has the status, and a detail like that.
has() {
    grep -E "^[^,]*,[^,]*,[^,]*,[^,]*,[^,]*,$1," $rows >some.txt
    [ -s some.txt ] || fail "$1 has no row"
    cut -d, -f11 some.txt | grep -vqx "$2" && fail "$1: not all are $2: $(cut -d, -f11 some.txt | sort | uniq -c)"
    grep -Evq "$3" some.txt && fail "$1: no '$3' in $(grep -Ev "$3" some.txt | head -n 1)"
    for strategy in malloc arena nogc; do
        grep -q "^[^,]*,$strategy," some.txt || fail "$1 has no row of $strategy"
    done
}

has crashes crash 'SIGSEGV|ABORTING|runtime error' # the second by the address sanitizer
has aborts crash 'SIGABRT.*the workload says why'
has hangs timeout 'ended after 3 s|not run'
has exhausts oom .
has leaves crash 'ended without a result'
has gives_up error 'the input is not to my taste'
has mumbles crash 'w.rk.c: assertion failed'
has rings ok .
has prints ok . # a row for each of 2 repetitions of 2 processes of 3 strategies
[ "$(grep -c ,prints, $rows)" -eq 12 ] || fail "rows fell into what the workload prints"
readable $rows

# What it left behind when it was ended is gone.
left=$(grep -la -e "--workloa[d].hangs" /proc/[0-9]*/cmdline 2>/dev/null)
[ -z "$left" ] || fail "a process of the workload that hangs is still there: $left"

# Two of three strategies agree: the third is wrong.
grep ,differs, $rows >some.txt
grep ,arena, some.txt | cut -d, -f11 | sort -u | grep -qx wrong || fail "the checksum that differs is not wrong"
grep -v ,arena, some.txt | cut -d, -f11 | sort -u | grep -qx ok || fail "the checksums that agree are not ok"
grep ,arena, some.txt | grep -q 'checksum [0-9a-f]\{16\}; most have' || fail "no word of both checksums"

# Each is told in a line at the end.
for word in 'crash: malloc' 'timeout: malloc' 'oom: malloc' 'wrong: arena' 'error: malloc'; do
    grep -q "^$word" out.txt || fail "no line '$word...' at the end"
done

# Two strategies that disagree: nobody can say which is right.
expect 1 '' "$RECLAIM" run --strategy malloc --strategy arena --workload "$w/differs.c" --invocations 2 --no-timeline \
    --no-report --out two
[ "$(column two/samples.csv status | sort -u)" = wrong ] || fail "of two that disagree one counts"

# What a strategy lacks is a row that says so, and no failure.
expect 0 '' "$RECLAIM" run --strategy malloc --strategy refcount --workload "$w/needs_weak.c" --invocations 1 \
    --no-report --out lacks
grep ,malloc, lacks/samples.csv | cut -d, -f11 | sort -u | grep -qx unsupported || fail "malloc has weak references"
grep ,malloc, lacks/samples.csv | cut -d, -f12 | grep -q weak || fail "no word of what malloc lacks"
grep ,refcount, lacks/samples.csv | cut -d, -f11 | sort -u | grep -qx ok || fail "refcount has no weak references"

# Out of the heap's limit, which is the strategy's own; and of the process's.
expect 1 '' "$RECLAIM" run --strategy malloc --strategy arena --workload linked_list --heap-limit 1M --invocations 1 \
    --no-timeline --no-report --out limit
[ "$(column limit/samples.csv status | sort -u)" = oom ] || fail "no oom at the heap limit"
if ! sanitized; then
    expect 1 '' "$RECLAIM" run --strategy malloc --workload linked_list --param length=8M --memory-limit 64M \
        --invocations 1 --no-timeline --no-report --out memory
    [ "$(column memory/samples.csv status | sort -u)" = oom ] || fail "no oom at the memory limit"
    # A limit so low that the process cannot even start.
    expect 1 '' "$RECLAIM" run --strategy malloc --workload rings --memory-limit 16k --invocations 1 --no-timeline \
        --no-report --out none
    column none/samples.csv status | sort -u | grep -qx -e oom -e error -e crash || fail "no row without memory to start"
fi

# JSON that is no JSON, and a file that is not there.
printf '{"a": [1, 2,}\n' >bad.json
for file in bad.json none.json /; do
    rm -rf json
    expect 1 '' "$RECLAIM" run --strategy malloc --strategy refcount --workload json_document --param file=$file \
        --invocations 1 --no-timeline --no-report --out json
    [ "$(column json/samples.csv status | sort -u)" = error ] || fail "json_document $file: not an error"
    grep -q "$file" json/samples.csv || fail "json_document: the detail does not name $file"
done
finish
