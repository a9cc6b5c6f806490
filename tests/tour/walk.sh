# walk.sh TREE BUILD [TOUR.md]: types the commands of the tour (its blocks ```sh) into one shell, in a folder that looks
# like the root of the tree after `make build`. Each block has to succeed. What is shown of its output (the block ```text
# after it) has to be in it, line by line in this order: `...` stands for anything, and blanks count as one. Every path
# `results/tour/...` that the text names has to be there in the end, and not empty.
set -u
tree=$1 build=$2 tour=${3:-$1/docs/tour.md}
here=$(cd "$(dirname "$0")" && pwd)
command -v gnuplot >/dev/null || {
    echo "skipped: no gnuplot, and the tour is about pictures"
    exit 77
}
if "$build/bin/bench-malloc" --describe | grep -q fsanitize=; then
    echo "skipped: with a sanitizer, memory and time are the sanitizer's"
    exit 77
fi
work=$(mktemp -d "${TMPDIR:-/tmp}/reclaim-tour.XXXXXX")
trap 'cd /; rm -rf "$work"' EXIT
trap 'exit 1' HUP INT TERM
mkdir -p "$work/tree/build" "$work/tree/results" "$work/blocks"
ln -s "$build/bin" "$work/tree/build/bin"
for part in docs examples experiments plots strategies workloads; do
    ln -s "$tree/$part" "$work/tree/$part"
done

# blocks/3.sh and, where there is one, blocks/3.text; and the text outside of them.
awk -v folder="$work/blocks" '
    /^```/ && !inside {
        inside = 1
        kind = substr($0, 4)
        if (kind == "sh") number++
        if (kind == "sh" || kind == "text") out = folder "/" number "." kind
        else out = "/dev/null"
        if (kind == "sh") print NR > (folder "/" number ".line")
        next
    }
    /^```/ {inside = 0; next}
    inside {print > out; next}
    {print > (folder "/prose")}
    END {print number + 0 > (folder "/count")}
' "$tour"
count=$(cat "$work/blocks/count")
[ "$count" -gt 0 ] || {
    echo "FAILED: $tour has no commands" >&2
    exit 1
}

# One script of all blocks: what one block sets, the next one has.
{
    echo 'set -eu'
    number=1
    while [ $number -le "$count" ]; do
        echo "echo $number >'$work/at'"
        echo "sed 's/^/$number: /' '$work/blocks/$number.sh'"
        echo "{"
        cat "$work/blocks/$number.sh"
        echo "} >'$work/blocks/$number.out' 2>&1"
        number=$((number + 1))
    done
} >"$work/script"
failures=0
(cd "$work/tree" && sh "$work/script" </dev/null) || {
    at=$(cat "$work/at")
    echo "FAILED: $tour:$(cat "$work/blocks/$at.line"): the commands from here on do not succeed:" >&2
    tail -n 20 "$work/blocks/$at.out" >&2
    exit 1
}

number=1
while [ $number -le "$count" ]; do
    if [ -e "$work/blocks/$number.text" ]; then
        awk -f "$here/shown.awk" "$work/blocks/$number.text" "$work/blocks/$number.out" || {
            echo "FAILED: $tour:$(cat "$work/blocks/$number.line"): this is not what comes out; but:" >&2
            cat "$work/blocks/$number.out" >&2
            failures=$((failures + 1))
        }
    fi
    number=$((number + 1))
done

for path in $(grep -o '`results/tour/[^`]*`' "$work/blocks/prose" | tr -d '`'); do
    [ -s "$work/tree/$path" ] || {
        echo "FAILED: $tour: $path is not there" >&2
        failures=$((failures + 1))
    }
done
echo "$count blocks of commands"
[ $failures -eq 0 ]
