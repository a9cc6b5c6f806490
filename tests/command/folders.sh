# The run's folder: not empty, not writable, and full.
. "$HERE/lib.sh"

run="$RECLAIM run --strategy malloc --workload rings --no-report"

mkdir used
echo kept >used/file
expect 2 'used: is not empty; choose another with --out' $run --out used
[ "$(cat used/file)" = kept ] || fail "a file of the user's was touched"
expect 2 'used/file: cannot be the folder of a run' $run --out used/file
expect 2 'file/deeper: cannot be the folder of a run' $run --out used/file/deeper
expect 2 '/proc/reclaim: cannot be the folder of a run' $run --out /proc/reclaim
if [ "$(id -u)" -ne 0 ]; then
    mkdir locked
    chmod 555 locked
    expect 2 'locked: cannot be written to' $run --out locked
    expect 2 'locked/run: cannot be the folder of a run' $run --out locked/run
fi

# An empty folder is taken, and folders on the way are made.
mkdir empty
expect 0 '' $run --param count=10 --invocations 1 --out empty
expect 0 '' $run --param count=10 --invocations 1 --out a/b/c
[ -s a/b/c/samples.csv ] || fail "no rows in a/b/c"

# A disk that gets full: the run stops, says so, leaves whole rows; with room, it goes on to the same end.
mkdir small
if [ "$(id -u)" -ne 0 ] || ! mount -t tmpfs -o size=200k tmpfs small 2>/dev/null; then
    echo "no small file system here: the full folder is not tested"
    finish
fi
cleanup() {
    cd /
    umount "$work/small"
    rm -rf "$work"
}
expect 1 '' $run --param count=1k --invocations 400 --repetitions 3 --no-timeline --out small/run
[ "$(grep -c 'No space left on device.*reclaim resume small/run' err.txt)" -eq 1 ] || {
    fail "the message about the full disk"
    cat err.txt >&2
}
readable small/run/samples.csv
readable small/run/pauses.csv
before=$(column small/run/samples.csv status | grep -c ok)
[ "$before" -gt 100 ] || fail "only $before rows were kept"
mount -o remount,size=50m small
expect 0 '' "$RECLAIM" resume small/run --no-report
[ "$(column small/run/samples.csv status | grep -c ok)" -eq 1200 ] || fail "not all rows are there after resuming"
[ "$(cut -d, -f9,10 small/run/samples.csv | sort | uniq -d | wc -l)" -eq 0 ] || fail "rows are there twice"
finish
