# unchanged.sh TREE COMPILE_COMMANDS BENCH: what measures knows nothing of sites. Every file of a strategy that tells of
# deaths compiles to the same code as without these lines, and to other code where deaths are watched (so that the
# comparison can fail); a measuring process has no function of the recorder.
set -u
tree=$1 commands=$2 bench=$3
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
failures=0

fail() {
    echo "FAILED: $*" >&2
    failures=$((failures + 1))
}

# How a file is compiled for the strategy that it is of: the command without its output and its input.
command_of() {
    awk -v file="$1" '
        /"command":/ {sub(/^ *"command": "/, ""); sub(/",? *$/, ""); gsub(/\\"/, "\""); gsub(/\\\\/, "\\"); command = $0}
        /"file":/ && index($0, "\"" file "\"") && command ~ /mm-[a-z_]*\.dir/ && command !~ /sites-test/ {print command; exit}
    ' "$commands" | sed 's/ -o [^ ]*//; s/ -c [^ ]*$//'
}

# code FILE OUT [FLAG]: as released, whatever this build is.
code() {
    eval "$compile -O2 -DNDEBUG -fno-sanitize=all -g0 -I'$(dirname "$file")' ${3-} -c '$1' -o '$work/object.o'" \
        2>"$work/errors" || { cat "$work/errors" >&2; return 1; }
    "$OBJDUMP" -dr --no-show-raw-insn "$work/object.o" | sed 1,3d >"$2"
}

compared=0
for file in $(grep -lE 'watch_(died|survivors)\(' "$tree"/strategies/*/*.c); do
    compile=$(command_of "$file")
    [ -n "$compile" ] || continue
    name=$(basename "$(dirname "$file")")/$(basename "$file")
    # The same lines stay where they are: none is empty of its own.
    sed -E 's/^ *watch_(died|survivors)\(.*\);$//' "$file" >"$work/$(basename "$file")"
    grep -qE '^[^/*]*watch_(died|survivors)\(' "$work/$(basename "$file")" && fail "$name: a call is not a line of its own"
    code "$file" "$work/with" && code "$work/$(basename "$file")" "$work/without" &&
        code "$file" "$work/watched" -DMM_WATCHED || { fail "$name does not compile"; continue; }
    cmp -s "$work/with" "$work/without" || fail "$name: the code is not the same without the calls"
    cmp -s "$work/with" "$work/watched" && fail "$name: the code is the same where deaths are watched"
    compared=$((compared + 1))
done
[ $compared -ge 3 ] || fail "only $compared files were compared"
nm "$bench" | grep -E ' (record_(object|buffer|totals|chain)|watched_|watch_|snapshot)' >&2 && fail "$bench has a part of the recorder"
echo "$compared files compile to the same code"
[ $failures -eq 0 ]
