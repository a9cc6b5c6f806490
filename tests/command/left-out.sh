# A tree where the libraries of bdwgc and cpython are not: it configures, the command says what is missing, and an
# experiment that names them goes on with the others.
. "$HERE/lib.sh"

build=$(dirname "$RECLAIM")/..
cmake -C "$build/reclaim-cache.cmake" -S "$HERE/../.." -B tree -G Ninja -DBUILD_TESTING=ON \
    '-DRECLAIM_WITHOUT=bdwgc;python' >cmake.txt 2>&1 || {
    fail "does not configure without peers"
    cat cmake.txt >&2
}
for line in 'strategy bdwgc is left out: it needs bdwgc (Debian libgc-dev, ' \
    'strategy cpython is left out: it needs python (Debian libpython3-dev, '; do
    grep -qF "$line" cmake.txt || fail "cmake does not say '$line'"
done
grep -E 'bench-(bdwgc|cpython)|-lgc|libgc|libpython' tree/build.ninja && fail "something needs a peer that is not there"
[ "$(cut -f 1 tree/bin/left-out | tr '\n' ' ')" = 'bdwgc cpython ' ] || fail "left-out: $(cat tree/bin/left-out)"

# Its command, with two strategies that another tree has built; and what an earlier build left there.
cp "$RECLAIM" tree/bin/reclaim
ln -s "$build/bin/bench-malloc" "$build/bin/bench-refcount" tree/bin/
printf '#!/bin/sh\nexit 1\n' >tree/bin/bench-bdwgc
chmod +x tree/bin/bench-bdwgc
RECLAIM=$work/tree/bin/reclaim
missing='not in this build: it needs bdwgc \(Debian libgc-dev, Fedora gc-devel, Arch gc, Homebrew bdw-gc\)'

for what in '' strategies bdwgc; do
    expect 0 '' "$RECLAIM" list $what
    grep -Eq "^  bdwgc: $missing" out.txt || fail "list $what does not say that bdwgc is missing"
done
expect 2 'did you mean bdwgc' "$RECLAIM" list bdwg
expect 2 "strategy bdwgc is $missing; install that" "$RECLAIM" run --strategy bdwgc --workload rings --out none
expect 2 'there is no strategy named bdwg' "$RECLAIM" run --strategy bdwg --workload rings --out none
[ ! -e none ] || fail "a refused run has a folder"

cat >peers.yaml <<'END'
name: peers
strategies:
  - name: bdwgc
    params: [incremental=1]
  - name: malloc
  - name: cpython
workloads:
  - name: rings
invocations: 2
repetitions: 1
warmup: 0
END
expect 0 '' "$RECLAIM" run peers.yaml --param rings.count=100 --out run
readable run/samples.csv
grep -Eq "note: strategy bdwgc is $missing" err.txt || fail "the run does not say at its begin what is missing"
for strategy in bdwgc cpython; do
    grep ",$strategy," run/samples.csv >rows.txt
    [ "$(wc -l <rows.txt)" -eq 2 ] || fail "$strategy has $(wc -l <rows.txt) rows"
    [ "$(cut -d, -f11 rows.txt | sort -u)" = unsupported ] || fail "$strategy: $(cut -d, -f11 rows.txt)"
done
grep ',bdwgc,incremental=1,' run/samples.csv | grep -Eq "$missing" || fail "no row says what bdwgc needs"
grep ,malloc, run/samples.csv | cut -d, -f11 | sort -u | grep -qx ok || fail "malloc has not gone on"
grep -q libgc-dev run/report.html || fail "the report does not say what is missing"
expect 0 '' "$RECLAIM" resume run
[ "$(grep -c unsupported run/samples.csv)" -eq 4 ] || fail "resume changed the rows of what is left out"

# An executable that was built, whose library is not there any more.
echo 'int needed(void); int needed(void) { return 0; }' >needed.c
echo 'int needed(void); int main(void) { return needed(); }' >needy.c
compiler=$(sed -n 's/^set(CMAKE_C_COMPILER "\([^"]*\)".*/\1/p' "$build/reclaim-cache.cmake")
"$compiler" -shared -fPIC -o libneeded.so needed.c && "$compiler" -o tree/bin/bench-needy needy.c ./libneeded.so ||
    fail "needy.c does not compile"
rm libneeded.so
expect 0 '' "$RECLAIM" list strategies
grep -Eq '^  needy: not in this build: it needs .*libneeded\.so, which this machine does not have' out.txt ||
    fail "list does not say which library needy needs"
grep -q '^  malloc: ' out.txt || fail "a library that is missing hides what is there"
finish
