#!/bin/sh
# json_errors.sh BENCH: what json_document says of files that it cannot use, and that deep nesting is none of them.
bench=$1
folder=$(mktemp -d) || exit 1
trap 'rm -rf "$folder"' EXIT
failed=0

# expect FILE PATTERN: the row has the status error and a detail that matches; the exit status is 1.
expect() {
    rows=$("$bench" --workload json_document --small --param file="$folder/$1" --repetitions 1 2>"$folder/stderr")
    status=$?
    if [ $status -ne 1 ] || ! echo "$rows" | grep '"status":"error"' | grep -q "$2"; then
        echo "$1: exit status $status; expected an error with '$2', but got:" >&2
        echo "$rows" >&2
        cat "$folder/stderr" >&2
        failed=1
    fi
}

printf '' >"$folder/empty.json"
printf '{"a": [1,\n 2,\n x]}' >"$folder/letter.json"
printf '[1] x' >"$folder/trailing.json"
printf '{"a": {"b": [1, 2, {"c' >"$folder/cut.json"
printf '[1, {"a":}]' >"$folder/value.json"
printf '["\377"]' >"$folder/utf8.json"
mkdir "$folder/folder.json"

expect empty.json 'empty.json:1:1: .*premature EOF'
expect letter.json 'letter.json:3:3: .*byte 16.*invalid char'
expect trailing.json 'trailing.json:1:.*trailing garbage'
expect cut.json 'cut.json:1:23.*premature EOF'
expect value.json 'value.json:1:.*unallowed token'
expect utf8.json 'utf8.json:1:.*invalid bytes in UTF8'
expect folder.json 'folder.json: .*irectory'
expect absent.json 'absent.json: No such file'

# 300 levels, or a hundred thousand where nothing moves: neither the walks nor the strategy may recurse in C.
depth=100000
"$bench" --describe | grep -q '"checks"' && depth=300
awk -v n=$depth 'BEGIN { for (i = 0; i < n; i++) printf "["; for (i = 0; i < n; i++) printf "]" }' >"$folder/deep.json"
if ! "$bench" --workload json_document --param file="$folder/deep.json" --repetitions 1 >"$folder/rows"; then
    echo "deep.json: $depth levels failed:" >&2
    cat "$folder/rows" >&2
    failed=1
fi
exit $failed
