# Rows name the allocator that was really loaded.
. "$HERE/lib.sh"

sanitized && { echo "skipped: nothing can be preloaded before the address sanitizer"; exit 77; }
expect 0 '' "$RECLAIM" list allocators
chosen=
others="mimalloc jemalloc tcmalloc pymalloc pymalloc_fast"
for name in $others; do
    grep -A 1 "^  $name:" out.txt | grep -q '^    /' && chosen="$chosen --allocator $name"
done
[ -n "$chosen" ] || { echo "skipped: none of the allocators is here"; exit 77; }
# Options with spaces between: words on purpose.
expect 0 '' "$RECLAIM" run --strategy malloc --workload rings --param count=100 --allocator system $chosen \
    --invocations 2 --repetitions 1 --no-timeline --no-report --out run
column run/samples.csv allocator >asked.txt
column run/samples.csv allocator_loaded >loaded.txt
paste -d' ' asked.txt loaded.txt | while read -r asked loaded rest; do
    case $asked in
    system) ! echo " $others " | grep -q " $loaded " ;;
    *) [ "$loaded" = "$asked" ] ;;
    esac || echo "$asked $loaded $rest"
done >bad.txt
[ ! -s bad.txt ] || fail "asked for and loaded: $(cat bad.txt)"
[ "$(sort -u asked.txt | wc -l)" -ge 2 ] || fail "no other allocator was run"

# By path, which is what the rows then say was asked for.
path=$("$RECLAIM" list allocators | sed -n 's/^    \(\/.*\)/\1/p' | head -n 1)
expect 0 '' "$RECLAIM" run --strategy malloc --workload rings --param count=100 --allocator "$path" --invocations 1 \
    --no-timeline --no-report --out path
[ "$(column path/samples.csv allocator | sort -u)" = "$path" ] || fail "the path is not in the rows"

# A shared object without malloc: what was asked for is not what runs, so there is no figure.
echo 'int nothing(void) { return 0; }' >nothing.c
if ${CC:-cc} -shared -fPIC -o nothing.so nothing.c 2>/dev/null; then
    expect 1 '' "$RECLAIM" run --strategy malloc --workload rings --param count=100 --allocator ./nothing.so \
        --invocations 1 --no-timeline --no-report --out nothing
    [ "$(column nothing/samples.csv status | sort -u)" = error ] || fail "rows of another allocator are not errors"
    grep -q "$(pwd -P)/./nothing.so" nothing/experiment.yaml || fail "the run's own experiment would not find it again"
fi
finish
