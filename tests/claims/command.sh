# The command: every error and exit code; a run that was cut off goes on; judging again gives the same; explanations.
. "$HERE/lib.sh"
rules="--rules $CLAIMS"

# ---- what is wrong
expect 2 'there is no claim lek; did you mean leak' "$RECLAIM" claims $rules lek
expect 2 'there are no claims in it' "$RECLAIM" claims --rules "$work"
expect 2 '' "$RECLAIM" claims $rules --explain
expect 2 '' "$RECLAIM" claims $rules --out a --from b
expect 2 'nowhere: there are no rows of leak in it; .reclaim claims --out nowhere leak. measures' \
    "$RECLAIM" claims $rules --from nowhere leak
expect 2 'nowhere: there are no rows of claims in it' "$RECLAIM" claims $rules --from nowhere

wrong() { # wrong SED PATTERN: the claim leak, changed
    mkdir -p wrong
    sed "$1" "$CLAIMS/leak.yaml" >wrong/leak.yaml
    expect 2 "$2" "$RECLAIM" claims --rules wrong --list
}
wrong 's/^values:/vlues:/' 'leak.yaml:[0-9]*: there is no key vlues; did you mean values'
wrong 's/figure: leaked/figure: leked/' 'leak.yaml:[0-9]*: leked: there is no value named leked'
wrong 's/">= 0.99"/"about 1"/' 'leak.yaml:[0-9]*: about 1: expected a comparison'
wrong 's/, fails_if: "< 0.5"//' 'has both holds_if and fails_if, or neither'
wrong 's/, holds_if: ">= 0.99", fails_if: "< 0.5"//' 'there is no rule'
wrong 's/unit: share/unit: shares/' 'leak.yaml:[0-9]*: unit: expected one of number, ratio, bytes, ns, share, not.*shares'
wrong 's/id: leak/id: leek/' 'the id is the file'
sed 's/size=2/siz=2/' "$CLAIMS/leak.yaml" >wrong/leak.yaml
expect 2 '' "$RECLAIM" claims --rules wrong --out no
grep -q 'rings has no parameter siz' err.txt || fail "a wrong parameter is not told: $(cat err.txt)"

# ---- what is right
expect 0 '' "$RECLAIM" claims $rules --list
grep -q '^leak  *Pairs leak' out.txt || fail "the list has no claim"
expect 0 '' "$RECLAIM" claims $rules --out run
grep -Eq '^leak .* holds .* 100 %' out.txt || fail "leak: $(cat out.txt)"
grep -Eq '^both .* depends ' out.txt || fail "both: $(cat out.txt)"
grep -q 'refcount: holds; refcount_gc: does not hold' out.txt || fail "no condition: $(cat out.txt)"
grep -Eq '^ +by hand +0 +3$' out.txt || fail "no figure of CPython for the second judgement: $(cat out.txt)"
[ "$(grep -c 'size=2 .*size=2' out.txt)" -eq 1 ] || fail "CPython's figure does not say at which point it is"
[ "$(column run/claim_points.csv cpython | tr '\n' ' ')" = "  3 3   " ] || fail "CPython's figures in claim_points.csv"
grep -q '^2 claims: 1 hold, 0 do not hold, 1 depend, 0 not measured' out.txt || fail "no counts"
[ "$(column run/claims.csv verdict | tr '\n' ' ')" = "holds depends " ] || fail "claims.csv"
[ "$(column run/claim_points.csv finding | grep -c .)" -eq 4 ] || fail "claim_points.csv"
[ "$(column run/claim_points.csv holds_in | tr '\n' ' ')" = "0.99: 0.99:   0: 0: " ] || fail "where a rule is met"
cmp -s run/leak.yaml "$CLAIMS/leak.yaml" || fail "the rule is not beside the rows"
[ -s run/claims.html ] && [ -s run/claims.md ] || fail "no page"
"$RECLAIM" verify run/leak >/dev/null || fail "the claim's run is no run like any other"

# Judging again measures nothing, and says the same.
cp out.txt first.txt
expect 0 '' "$RECLAIM" claims $rules --from run
cmp -s out.txt first.txt || fail "judged again, it says something else"
mkdir -p changed
cp "$CLAIMS"/*.yaml changed
sed -i 's/">= 0.99"/">= 0.98"/' changed/leak.yaml
expect 0 'leak: its file is another than before the run' "$RECLAIM" claims --rules changed --from run leak

# The report of a claim's run has a chapter on it; what is drawn beside a sealed run does not break the seal.
expect 0 '' "$RECLAIM" report run/leak
grep -q '^## The claim' run/leak/report.md || fail "the report has no chapter"
grep -q 'Pairs leak under counting: \*\*holds\*\*' run/leak/report.md || fail "the chapter has no verdict"

# The folder's own table, figures and page, again, from what is in it alone.
verdicts() {
    cut -d, -f1,4 "$1/claims.csv" | tail -n +2 | tr '\n' ' '
}
cp run/claims.html before.html
rm -rf run/claims.csv run/claim_points.csv run/claims.html run/claims.md run/plots
expect 0 '' "$RECLAIM" summary run
grep -q '^2 claims: 1 hold, 0 do not hold, 1 depend' out.txt || fail "the folder's table: $(cat out.txt)"
expect 0 '' "$RECLAIM" report run/
cmp -s run/claims.html before.html || fail "the report of the folder differs from the page that was written at first"
if command -v gnuplot >/dev/null; then
    mkdir alone
    cp run/claims.csv run/claim_points.csv alone
    rm -rf run/plots
    expect 0 '' "$RECLAIM" plot run
    expect 0 '' "$RECLAIM" plot alone
    for figure in leak both; do
        grep -q "^run/plots/$figure.svg" out.txt || grep -q "^alone/plots/$figure.svg" out.txt || fail "no path of $figure"
        grep -q '</svg>' run/plots/$figure.svg && cmp -s run/plots/$figure.svg alone/plots/$figure.svg ||
            fail "the figure of $figure is not drawn again"
    done
    expect 2 'no rows of claims in it, claims.csv alone' "$RECLAIM" report alone
fi

# What is there is not measured again; what is not there is. Of a folder all that is there is judged, and told of.
rm -rf run/both run/both.yaml
before=$(cksum run/leak/samples.csv)
expect 2 'run: there are no rows of both in it' "$RECLAIM" claims $rules --from run both
expect 0 'not measured there: both; .reclaim claims --out run. goes on' "$RECLAIM" claims $rules --from run
grep -q '^1 claim: 1 hold' out.txt || fail "what is there is not judged: $(cat out.txt)"
[ "$(verdicts run)" = "leak,holds " ] || fail "claims.csv of a part: $(verdicts run)"
expect 0 '' "$RECLAIM" claims $rules --out run both
grep -q '^1 claim: 0 hold, 0 do not hold, 1 depend' out.txt || fail "what was not asked for is printed: $(cat out.txt)"
[ "$(verdicts run)" = "leak,holds both,depends " ] || fail "what was measured before is dropped: $(verdicts run)"
grep -q 'id="leak"' run/claims.html && grep -q 'id="both"' run/claims.html || fail "the page has not all that is there"
mkdir other
cp "$CLAIMS/both.yaml" other
expect 0 '' "$RECLAIM" claims --rules other --from run
[ "$(verdicts run)" = "leak,holds both,depends " ] || fail "a claim of other rules is dropped: $(verdicts run)"
[ "$before" = "$(cksum run/leak/samples.csv)" ] || fail "a finished claim is measured again"
[ -s run/both/samples.csv ] || fail "it does not go on"

# A cell that failed: not measured, and why.
mkdir -p fails
sed 's/count=100/count=1000000/; s/  timeline: false/  timeline: false\n  heap_limits: [64k]/' "$CLAIMS/leak.yaml" >fails/leak.yaml
expect 1 '' "$RECLAIM" claims --rules fails --out failed
grep -q 'not measured' out.txt || fail "a claim without rows has a verdict"
grep -q 'oom' out.txt || fail "it does not say why: $(cat out.txt)"
expect 1 '' "$RECLAIM" claims --rules fails --from failed --explain leak
grep -Eq 'refcount .*rings size=1 .*, within 65536 bytes: oom: ' out.txt || fail "the explanation does not name the cell that failed"

# ---- explanations
expect 0 '' "$RECLAIM" claims $rules --from run --explain leak
for words in 'document B' 'experiment: run leak-' 'invocations: 2 processes of each cell; repetitions: 2 in each, after 1' \
    'allocators: system' 'rings size=2 count=100' 'cells: 4, with 16 rows that are ok and 0' 'holds if >= 0.99' 'size=2' '3 CPython, by_hand + 3' 'rows used' 'refcount, rings size=2' 'verdict: holds' 'plot: run/plots/leak.svg'; do
    grep -q -- "$words" out.txt || fail "the explanation has no '$words'"
done
if command -v gnuplot >/dev/null; then
    grep -q '</svg>' run/plots/leak.svg || fail "the plot is not whole"
    for words in "Run $(column run/claims.csv run_id | head -n 1) on " 'Interval: 95 %' 'by hand (shown, not judged)' 'CPython itself'; do
        grep -qF "$words" run/plots/leak.svg || fail "the figure has no '$words'"
    done
fi
[ "$(column run/claims.csv id | tr '\n' ' ')" = "leak both " ] || fail "looking at one claim again drops the others"
expect 0 '' "$RECLAIM" claims $rules --from run --page page.md
grep -q '^## leak' page.md && grep -q 'Break the circle' page.md || fail "the page lacks a claim"
grep -qF '| [leak](#leak) |' page.md && grep -qF '<a href="#leak">leak</a>' run/claims.html || fail "the table has no links"
cmp -s run/claim_points.csv page/claim_points.csv && cmp -s run/leak/machine.json page/machine.json ||
    fail "the page's folder has not what the page names"
grep -qF '![' page.md && fail "a picture of two points"

# Three points along an axis are a picture, and it is there.
mkdir turns
sed 's/strategies:.*/strategies: [{name: refcount}]/
    s/    - {name: rings, params: \[size=2, count=100\]}/&\n    - {name: rings, params: [size=3, count=100]}/
    /by hand/d; /by_hand/d' "$CLAIMS/leak.yaml" >turns/leak.yaml
expect 0 '' "$RECLAIM" claims --rules turns --out turned --page pictures.md
if command -v gnuplot >/dev/null; then
    picture=$(sed -n 's/^!\[.*\](\(.*\))$/\1/p' pictures.md)
    [ "$picture" = pictures/leak.svg ] || fail "no picture of three points: $(cat pictures.md)"
    grep -q '</svg>' "$picture" || fail "the page links to a picture that is not there: $picture"
fi
finish
