#!/bin/sh
# mutations.sh [--first] CC SOURCE [NAME...]: that the golden traces see a change of any rule.
#
# Each mutations/<name>.patch, or those that are named, changes one rule in a copy of SOURCE/strategies; gc-replay is
# built from that, and replays every trace; with --first only until one comes out otherwise than under CPython, which
# catches the mutation. What is printed is the table of README.md, in which the last column says how many traces see the
# mutation, and which has to be the same. A patch that no longer applies fails, and so does the unchanged strategy if it
# is not as CPython.
set -u
first=false
if [ "${1:-}" = --first ]; then
    first=true
    shift
fi
compiler=${1:?mutations.sh CC SOURCE}
source=${2:?mutations.sh CC SOURCE}
shift 2
golden=$source/tests/golden
folder=$(mktemp -d) || exit 2
trap 'rm -rf "$folder"' EXIT

# compile FOLDER OBJECT FILE: with the strategies of that folder.
compile() {
    "$compiler" -std=gnu11 -O0 -w -DREFCOUNT_GC_TRACE -I"$1/refcount_gc" -I"$1" -I"$golden" -c "$3" -o "$2"
}

# compile_all FOLDER OBJECTS: all that gc-replay is made of.
compile_all() {
    mkdir -p "$2"
    for file in "$1"/refcount_gc/*.c "$1/common/common.c" "$golden"/*.c; do
        compile "$1" "$2/$(basename "$file" .c).o" "$file" || return 1
    done
}

# build PATCH: $folder/mutated/gc-replay. Where no header is changed, only the changed files are compiled.
build() {
    mutated=$folder/mutated
    rm -rf "$mutated"
    cp -r "$folder/strategies" "$mutated"
    patch -s -F 3 -d "$mutated" -p1 <"$1" || return 1
    mkdir "$mutated/objects"
    changed=$(sed -n 's|^+++ b/||p' "$1")
    case $changed in
    *.h*) compile_all "$mutated" "$mutated/objects" || return 1 ;;
    *)
        cp "$folder/objects"/*.o "$mutated/objects"
        for file in $changed; do
            compile "$mutated" "$mutated/objects/$(basename "$file" .c).o" "$mutated/$file" || return 1
        done
        ;;
    esac
    "$compiler" "$mutated/objects"/*.o -o "$mutated/gc-replay"
}

# count GC-REPLAY: how many traces come out otherwise; a crash does, and what takes too long.
count() {
    different=0
    for trace in "$golden"/scenarios/*.trace "$golden"/fuzz/*.trace "$golden"/added/*.trace; do
        expected=$golden/expected${trace#"$golden"}
        if timeout 10 "$1" "$trace" >"$folder/out" 2>/dev/null && cmp -s "${expected%.trace}.out" "$folder/out"; then
            continue
        fi
        different=$((different + 1))
        if $first; then
            break
        fi
    done
    echo $different
}

mkdir "$folder/strategies"
cp -r "$source/strategies/refcount_gc" "$source/strategies/common" "$source/strategies/mm.h" "$folder/strategies"
compile_all "$folder/strategies" "$folder/objects" || exit 1
"$compiler" "$folder/objects"/*.o -o "$folder/gc-replay" || exit 1
if [ "$(count "$folder/gc-replay")" -ne 0 ]; then
    echo "mutations: the unchanged strategy is not as CPython" >&2
    exit 1
fi

status=0
for patch in "$golden"/mutations/*.patch; do
    name=$(basename "$patch" .patch)
    if [ $# -gt 0 ] && ! printf '%s\n' "$@" | grep -qx "$name"; then
        continue
    fi
    if ! build "$patch" >"$folder/build" 2>&1; then
        echo "mutations: $name does not apply, or does not compile:" >&2
        cat "$folder/build" >&2
        status=1
        continue
    fi
    caught=$(count "$folder/mutated/gc-replay")
    row="| \`$name\` | $(sed -n 1p "$patch") |"
    echo "$row $caught |"
    if [ "$caught" -eq 0 ]; then
        echo "mutations: no trace sees $name" >&2
        status=1
    fi
    $first || row="$row $caught |"
    if ! grep -qF "$row" "$golden/README.md"; then
        echo "mutations: README.md has no such row" >&2
        status=1
    fi
done
rows=$(grep -c '^| `[a-z_]*` | .* | [0-9]* |$' "$golden/README.md")
if [ $# -eq 0 ] && [ "$rows" -ne "$(ls "$golden/mutations" | wc -l)" ]; then
    echo "mutations: README.md has $rows rows" >&2
    status=1
fi
exit $status
