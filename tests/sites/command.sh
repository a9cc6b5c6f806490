# `reclaim sites` as it is typed: a leak that was planted, a site that grows, CSV, and whatever can be wrong.
. "$LIB"

workload=$HERE/workloads/planted_leak.c
line() {
    awk -v mark="/* $1 */" 'index($0, mark) {print NR}' "$workload"
}
leaks=$(line LEAKS) grows=$(line GROWS) dies=$(line DIES) buffer=$(line "CACHE'S BUFFER") nodes=$(line "CACHE'S NODES")

# section NAME FILE: the rows of a table, without the lines of the source.
section() {
    awk -v name="$1" 'index($0, name) == 1 {on = 1; next} /^$/ {on = 0} on && / planted_leak\.c:/' "$2"
}

# What cannot be done; nothing is built for it.
expect 2 '' "$RECLAIM" sites
grep -q 'which workload?' err.txt || fail "no workload: $(cat err.txt)"
expect 2 'no workload.*ring;.*rings' "$RECLAIM" sites ring
expect 2 'no strategy.*refcont;.*refcount' "$RECLAIM" sites rings --strategy refcont
expect 2 'rings has no parameter syze; did you mean size' "$RECLAIM" sites rings --param rings.syze=3
expect 2 'nowhere.c: ' "$RECLAIM" sites ./nowhere.c
for wrong in --top=0 --top=x --frames=0 --by=age --compare=end --compare=end,50% --compare=0%,end --compare=5,end; do
    "$RECLAIM" sites rings $wrong >out.txt 2>err.txt
    [ $? -eq 2 ] || fail "$wrong is not refused"
    grep -q -- "${wrong%%=*}.*${wrong#*=}.*expected" err.txt || fail "$wrong: $(cat err.txt)"
done
printf '#include "workload.h"\nWORKLOAD(broken) = {.no_such_field = 1};\n' >broken.c
expect 2 'does not compile: .*broken.c:2:.*no_such_field' "$RECLAIM" sites ./broken.c

# The leak in first place, alone: in a workload of one's own.
cp "$workload" .
expect 0 '' "$RECLAIM" sites ./planted_leak.c --strategy refcount --strategy refcount_gc --csv sites.csv
section 'leaked' out.txt >leaked
[ "$(wc -l <leaked)" -eq 1 ] || fail "not one site leaks: $(cat leaked)"
grep -Eq "^ *3\.20 kB +200 100\.0 %  planted_leak.c:$leaks in leak$" leaked || fail "the leak: $(cat leaked)"
grep -q 'nothing leaked: .*refcount_gc' out.txt || fail "refcount_gc leaks: $(cat out.txt)"
section 'live at the end' out.txt | head -1 | grep -q ":$grows in grow" || fail "live: $(cat out.txt)"
section 'allocated until then' out.txt | head -1 | grep -q ":$dies in make_short_lived" || fail "allocated: $(cat out.txt)"

# The file says the same, and all of it.
row() {
    awk -F, -v moment="$1" -v line="$2" '$1 == "refcount" && $5 == moment && $8 == line {print $11, $12, $13, $14}' sites.csv
}
readable sites.csv
[ "$(row setup "$nodes")" = "500 8000 500 8000" ] || fail "the cache's nodes after setup: $(row setup "$nodes")"
[ "$(row end "$buffer")" = "1 4000 1 4000" ] || fail "the cache's buffer at the end: $(row end "$buffer")"
[ "$(row end "$leaks")" = "200 3200 200 3200" ] || fail "the leak at the end: $(row end "$leaks")"
[ "$(row end "$dies")" = "0 0 2000 48000" ] || fail "what dies at once: $(row end "$dies")"
[ "$(row teardown "$grows")" = "0 0 1000 16000" ] || fail "the log after teardown: $(row teardown "$grows")"
[ "$(column sites.csv moment | sort -u | tr '\n' ' ')" = "end setup teardown " ] || fail "moments in sites.csv"

# Two snapshots compared: what grows, first; what does not, not at all.
expect 0 '' "$RECLAIM" sites ./planted_leak.c --strategy refcount --compare
section 'live, from 50% to end' out.txt >grown
head -1 grown | grep -Eq "^ *\+8\.00 kB +\+500 +16\.0 kB +1,000  planted_leak.c:$grows in grow$" || fail "grown: $(cat grown)"
sed -n 2p grown | grep -Eq "\+1\.60 kB +\+100 .*:$leaks in leak$" || fail "grown, second: $(cat grown)"
[ "$(wc -l <grown)" -eq 2 ] || fail "grown: $(cat grown)"
expect 0 '' "$RECLAIM" sites ./planted_leak.c --strategy refcount --compare=end,teardown --top 1
grep -Eq '^ *-16\.0 kB +-1,000 ' out.txt || fail "what teardown frees: $(cat out.txt)"
grep -q '^and 3 more sites: -12.0 kB$' out.txt || fail "the rest: $(cat out.txt)"

# Callers; one table alone; a workload that fails; a file that cannot be written.
expect 0 '' "$RECLAIM" sites ./planted_leak.c --strategy refcount --frames 2 --by live
grep -Eq '^ +from planted_leak.c:[0-9]+$' out.txt || fail "no callers: $(cat out.txt)"
grep -q '^allocated until' out.txt && fail "--by live shows what was allocated"
expect 1 'planted_leak under refcount: an allocation failed in setup; the heap limit is 2048 bytes' \
    "$RECLAIM" sites ./planted_leak.c --strategy refcount --heap-limit 2k
expect 1 'no/such/folder.csv: ' "$RECLAIM" sites ./planted_leak.c --strategy refcount --csv no/such/folder.csv
finish
