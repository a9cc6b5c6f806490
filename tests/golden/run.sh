#!/bin/sh
# run.sh GC-REPLAY: replays every trace and compares with what CPython printed. Shows the first difference of the first
# trace that has one, and fails.
set -u
replay=$1
cd "$(dirname "$0")" || exit 2
out=$(mktemp) || exit 2
trap 'rm -f "$out"' EXIT
traces=0
for trace in scenarios/*.trace fuzz/*.trace added/*.trace; do
    expected=expected/${trace%.trace}.out
    if ! "$replay" "$trace" >"$out"; then
        echo "$trace: gc-replay failed" >&2
        exit 1
    fi
    if ! cmp -s "$expected" "$out"; then
        echo "$trace: not what CPython did (<: CPython, >: refcount_gc):" >&2
        diff "$expected" "$out" | head -n 20 >&2
        exit 1
    fi
    traces=$((traces + 1))
done
echo "$traces traces, all as CPython"
[ "$traces" -gt 0 ]
