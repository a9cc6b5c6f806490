# Workloads and strategies from outside the tree: built, run, built again only as needed; and what does not compile.
. "$HERE/lib.sh"

cp "$EXAMPLES/my_workload.c" .
cp -r "$EXAMPLES/my_strategy" .

expect 0 '' "$RECLAIM" run --workload ./my_workload.c --strategy malloc --strategy refcount --strategy arena \
    --strategy torture --param edits=500 --param lines=20 --param depth=50 --invocations 1 --no-timeline --no-report \
    --out workload
[ "$(column workload/samples.csv status | sort | uniq -c | tr -s ' ')" = " 12 ok" ] || fail "my_workload: not 12 ok"
[ "$(column workload/samples.csv leaked_objects | sort -u)" = 0 ] || fail "my_workload leaks"

# Nothing changed: nothing is built.
started=$(date +%s)
expect 0 '' "$RECLAIM" run --workload ./my_workload.c --strategy malloc --param edits=500 --invocations 1 --no-timeline \
    --no-report --out again
[ $(($(date +%s) - started)) -le 5 ] || fail "the second run takes as long as a build"

# The file changed: it is.
sed 's/run_check(run, step->place)/run_check(run, step->place + 1)/' my_workload.c >new.c && mv new.c my_workload.c
expect 0 '' "$RECLAIM" run --workload ./my_workload.c --strategy malloc --param edits=500 --invocations 1 --no-timeline \
    --no-report --out changed
[ "$(column again/samples.csv checksum | sort -u)" != "$(column changed/samples.csv checksum | sort -u)" ] ||
    fail "the changed workload was not built again"

# A strategy, on a workload of the tree and on one's own, beside one of the tree; from a file, by paths.
cat >mine.yaml <<'YAML'
strategies:
  - path: my_strategy
    params: [chunk_kib=16]
  - name: malloc
workloads:
  - name: rings
    params: [count=1000]
  - name: json_document
    params: [file=builtin]
  - path: ./my_workload.c
    params: [edits=500]
YAML
expect 0 '' "$RECLAIM" run mine.yaml --invocations 1 --repetitions 2 --out strategy --no-report
[ "$(column strategy/samples.csv status | sort | uniq -c | tr -s ' ')" = " 12 ok" ] || fail "my_strategy: not 12 ok"
[ "$(column strategy/samples.csv leaked_objects | sort -u)" = 0 ] || fail "my_strategy leaks"
expect 0 '' "$RECLAIM" resume strategy --no-report

# One that does not compile.
cat >broken.c <<'C'
#include "workload.h"
static int run(struct run *run)
{
    return run->no_such_field;
}
WORKLOAD(broken) = {.summary = "does not compile", .unit = "errors", .run = run};
C
expect 2 'does not compile: .*broken.c:4:.*error.*no_such_field.*log.txt' \
    "$RECLAIM" run --workload ./broken.c --strategy malloc
log=$(sed -n 's/.*(all of it: \(.*\))$/\1/p' err.txt)
[ -s "$log" ] || fail "the log is not there"
cat >misnamed.c <<'C'
#include "workload.h"
static int run(struct run *run)
{
    run_done(run, 1);
    return 0;
}
WORKLOAD(something_else) = {.summary = "has another name than its file", .unit = "things", .run = run};
C
expect 2 'misnamed.c: registers no workload misnamed' "$RECLAIM" run --workload ./misnamed.c --strategy malloc
cp my_workload.c rings.c
expect 2 'rings.c: there is a workload named rings already' "$RECLAIM" run --workload ./rings.c --strategy malloc
cp my_workload.c 'not-a-name.c'
expect 2 'made of letters, digits and _' "$RECLAIM" run --workload ./not-a-name.c --strategy malloc
expect 2 'no strategy named malloq; did you mean malloc' "$RECLAIM" run --workload ./my_workload.c --strategy malloq
[ ! -e results ] || fail "a folder was made though nothing was run"
finish
