# selftest.sh TREE BUILD: that walk.sh finds what is wrong with a tour.
set -u
walk=$(cd "$(dirname "$0")" && pwd)/walk.sh
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
failures=0

# tour CODE PATTERN: the tour on stdin ends with this exit code, and stderr has the pattern.
tour() {
    cat >"$work/tour.md"
    sh "$walk" "$tree" "$build" "$work/tour.md" >"$work/out" 2>&1
    code=$?
    [ $code -eq 77 ] && exit 77
    { [ $code -eq "$1" ] && grep -q "$2" "$work/out"; } || {
        echo "FAILED: expected $1 and '$2', got $code:" >&2
        cat "$work/out" >&2
        failures=$((failures + 1))
    }
}
tree=$1 build=$2

tour 0 '^2 blocks' <<'MD'
Gives `results/tour/a`.

```sh
word=apples
mkdir results/tour
echo "some   $word, 12 of them" >results/tour/a
```

```sh
cat results/tour/a
printf 'one\ntwo\nthree\n'
```

```text
some apples, ... of them
...
three
```
MD
tour 1 'tour.md:1: the commands from here on do not succeed' <<'MD'
```sh
build/bin/reclaim no-such-command
```
MD
tour 1 'tour.md:1: this is not what comes out' <<'MD'
```sh
printf 'two\none\n'
```

```text
one
two
```
MD
tour 1 'results/tour/plot.svg is not there' <<'MD'
See `results/tour/plot.svg`.

```sh
true
```
MD
tour 1 'has no commands' <<'MD'
Nothing to type.
MD
[ $failures -eq 0 ]
