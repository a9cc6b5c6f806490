# report.html in a real browser: sorting and filtering, and that it needs no script and no network to be read.
. "$HERE/../command/lib.sh"

expect 0 '' "$RECLAIM" run --strategy malloc --strategy refcount --workload rings --workload linked_list \
    --param count=1000 --invocations 2 --out run
grep -Eq '(src|href)="?(https?:)?//|@import|url\(' run/report.html && fail "the page asks the network for something"
grep -q '<td data-value="[0-9.e+-]*">' run/report.html || fail "figures have no value to sort by"
grep -q 'id="filters"' run/report.html && fail "controls are there without the script that they need"

browser=$(command -v chromium || command -v chromium-browser || command -v google-chrome) || {
    [ "$failures" -eq 0 ] || exit 1
    echo "skipped: no chromium: sorting and filtering are not driven"
    exit 77
}
{
    sed 's,</body>.*,,; s,</html>.*,,' run/report.html
    echo '<script>'
    cat "$HERE/drive.js"
    echo '</script></body></html>'
} >run/driven.html
timeout 120 "$browser" --headless --no-sandbox --disable-gpu --user-data-dir="$work/profile" --window-size=1280,900 \
    --virtual-time-budget=5000 --dump-dom "file://$work/run/driven.html" >dom.txt 2>browser.txt
sed -n '/<pre>/,$p' dom.txt | sed 's/.*<pre>//; s/&gt;/>/g' >checks.txt
cat checks.txt
grep -q '^NOT OK' checks.txt && fail "something does not work in the browser"
grep -q '^driven: 15 checks' checks.txt || {
    fail "the page was not driven to its end"
    tail -n 5 browser.txt >&2
}
finish
