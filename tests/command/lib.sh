# For the tests of the command: sourced by each. RECLAIM is the command, HERE this folder, EXAMPLES the tree's.
set -u
if [ -n "${WORK-}" ]; then # always the same place: what is built for it is built again in place
    work=$WORK
    rm -rf "$work"
    mkdir -p "$work"
else
    work=$(mktemp -d "${TMPDIR:-/tmp}/reclaim-command.XXXXXX")
fi
trap 'cleanup' EXIT
trap 'exit 1' HUP INT TERM
cd "$work" || exit 1
failures=0

cleanup() {
    cd /
    rm -rf "$work"
}

fail() {
    echo "FAILED: $*" >&2
    failures=$((failures + 1))
}

# expect CODE PATTERN COMMAND...: the exit code, and an extended regular expression that stderr has. What went to stderr
# is one line, unless PATTERN is empty: then it is not looked at.
expect() {
    code=$1 pattern=$2
    shift 2
    "$@" >out.txt 2>err.txt </dev/null
    got=$?
    [ "$got" -eq "$code" ] || {
        fail "$* exits with $got, expected $code"
        cat err.txt >&2
    }
    [ -n "$pattern" ] || return 0
    grep -Eq -- "$pattern" err.txt || {
        fail "$*: stderr has no '$pattern'"
        cat err.txt >&2
    }
    lines=$(wc -l <err.txt)
    [ "$lines" -eq 1 ] || {
        fail "$*: $lines lines on stderr"
        cat err.txt >&2
    }
}

# Under a sanitizer no memory limit holds, and nothing can be preloaded before its runtime.
sanitized() {
    "$(dirname "$RECLAIM")/bench-malloc" --describe | grep -q fsanitize=
}

# column FILE NAME: the values of a column of a CSV file without the header. Only for tables without quoted commas in
# the columns before it.
column() {
    awk -F, -v name="$2" 'NR == 1 {for (i = 1; i <= NF; i++) if ($i == name) at = i; next} {print $at}' "$1"
}

# readable FILE: every line of a CSV file without quotes has as many values as its header, and the last one its end.
readable() {
    awk -F, '!/"/ && NR > 1 && NF != columns {exit 1} NR == 1 {columns = NF}' "$1" || fail "$1 has a torn row"
    [ -z "$(tail -c 1 "$1" | tr -d '\n')" ] || fail "$1 does not end with a line end"
}

finish() {
    [ "$failures" -eq 0 ] || exit 1
    exit 0
}
