# claim.gp: the figure of one claim: a panel per judgement; its points with their intervals, CPython's own beside them,
# and the thresholds of its rule: green on the side of holds, orange on the side of does not hold. A parameter with
# numbers is the x axis, a line for each of the other keys; else points stand below one another.
#
#   gnuplot -e "run='results/claims-NAME'; claim='slots'" plots/claim.gp      from the root of the tree
#
# Reads results/claims-NAME/claims.csv and claim_points.csv, which `reclaim claims` writes. Writes
# results/claims-NAME/plots/slots.svg and slots.png.

if (!exists("run") || !exists("claim")) {
    print "Say which run and claim, from the root of the tree: gnuplot -e \"run='results/claims-NAME'; claim='slots'\" plots/claim.gp"
    exit status 2
}
set encoding utf8
set datafile separator comma
set datafile columnheaders
set datafile missing NaN   # a line goes on behind the rows of others
points = run."/claim_points.csv"
mine(value_) = strcol("id") eq claim ? value_ : NaN
or_nan(name_) = strlen(strcol(name_)) ? real(strcol(name_)) : NaN
longer(a_, b_) = strlen(a_) > b_ ? strlen(a_) : b_

# ---- what there is ----
if (!exists("said")) said = ""   # the claim
verdict = ""; run_id = ""; machine = ""; method = ""
stats run."/claims.csv" using (strcol("id") eq claim ? (said = strlen(said) ? said : strcol("claim"), verdict = strcol("verdict"), \
    run_id = strcol("run_id"), machine = strcol("machine"), method = strcol("method"), 0) : NaN) nooutput
panels = 0; longest_point = 0; longest_series = 0; beside = 0
array title[20]; array unit[20]; array axis[20]; array rows[20]; array low[20]; array high[20]
array holds_in[20]; array fails_in[20]; array is_shown[20]; array x_low[20]; array x_high[20]
array most[20]      # series in a panel, up to 8
array tics[20]      # of a panel without an axis: '"label" 1, "label" 2'
array cpython[20]   # points with a figure of CPython's own
array name[200]     # of a series: panel * 10 + number
do for [i=1:20] { rows[i] = 0; low[i] = 1e300; high[i] = -1e300; holds_in[i] = ""; fails_in[i] = ""; is_shown[i] = 1; x_low[i] = 1e300; x_high[i] = -1e300 }
do for [i=1:20] { tics[i] = ""; most[i] = 0; cpython[i] = 0 }
do for [i=1:200] { name[i] = "" }
span(p_, v_) = v_ == v_ ? (low[p_] = v_ < low[p_] ? v_ : low[p_], high[p_] = v_ > high[p_] ? v_ : high[p_], 0) : 0
x_span(p_, v_) = (x_low[p_] = v_ < x_low[p_] ? v_ : x_low[p_], x_high[p_] = v_ > x_high[p_] ? v_ : x_high[p_], 0)
# A rule's region: "0.95:1.05", an end that is infinite left out.
low_end(region_, otherwise_) = strstrt(region_, ":") > 1 ? real(region_[1:strstrt(region_, ":") - 1]) : otherwise_
high_end(region_, otherwise_) = strstrt(region_, ":") < strlen(region_) ? real(region_[strstrt(region_, ":") + 1:*]) : otherwise_
span_regions(p_, regions_) = (sum [i_=1:words(regions_)] (span(p_, low_end(word(regions_, i_), NaN)), span(p_, high_end(word(regions_, i_), NaN))))
note_rule(p_) = (is_shown[p_] = 0, holds_in[p_] = strcol("holds_in"), fails_in[p_] = strcol("fails_in"), \
    span_regions(p_, holds_in[p_]), span_regions(p_, fails_in[p_]), 0)
note_cpython(p_) = (cpython[p_] = cpython[p_] + 1, beside = 1, span(p_, or_nan("cpython")), span(p_, or_nan("cpython_low")), \
    span(p_, or_nan("cpython_high")), 0)
note_series(p_, s_) = (most[p_] = s_ > most[p_] && s_ <= 8 ? s_ : most[p_], \
    longest_series = longer(strcol("series"), longest_series), s_ < 10 ? (name[p_ * 10 + s_] = strcol("series"), 0) : 0, 0)
note(p_) = (panels = p_ > panels ? p_ : panels, rows[p_] = rows[p_] + 1, \
    title[p_] = strcol("title"), unit[p_] = strcol("unit"), axis[p_] = strcol("axis"), \
    tics[p_] = tics[p_].(strlen(tics[p_]) ? ", " : "").sprintf("\"%s\" %d", strcol("point"), rows[p_]), \
    longest_point = strlen(axis[p_]) ? longest_point : longer(strcol("point"), longest_point), \
    span(p_, column("value")), span(p_, column("low")), span(p_, column("high")), x_span(p_, column("x")), \
    strlen(strcol("holds_if")) ? note_rule(p_) : 0, strlen(strcol("cpython")) ? note_cpython(p_) : 0, \
    note_series(p_, int(column("series_number"))), 0)
stats points using (strcol("id") eq claim ? note(int(column("panel"))) : NaN) nooutput

# Several are in one page: names of their own, of letters, digits and _.
plain = "claim_"
do for [i=1:strlen(claim)] { plain = plain.(claim[i:i] eq "-" ? "_" : claim[i:i]) }

# ---- the canvas: as wide as its longest line, the names left of the points, and those of the series right of the lines ----
array colour[8] = [0x0072B2, 0xD55E00, 0x009E73, 0xCC79A7, 0x56B4E9, 0xE69F00, 0x7A7A00, 0x444444]
good = 0xDFF2E4; bad = 0xFBE6D4; ink = 0x222222; quiet = 0x666666; theirs = 0x555555
run_text = "Run ".run_id." on ".machine."."
method_text = "Interval: ".method."."
most_of(a_, b_) = a_ > b_ ? a_ : b_
panel_height(p_) = strlen(axis[p_]) ? 240 : 46 + 24 * rows[p_]
left_axis = 86
left_rows = most_of(left_axis, 24 + int(longest_point * 6.9))
right_rows = 96      # the figures right of their points
right_series = 56 + int(longest_series * 6.4)
width = most_of(820, most_of(left_rows + 440 + right_rows, left_axis + 440 + right_series))
width = most_of(width, 32 + int(most_of(strlen(said) * 6.3, most_of(strlen(run_text), strlen(method_text)) * 5.7)))
do for [p=1:panels] { width = most_of(width, (strlen(axis[p]) ? left_axis : left_rows) + 24 + int(strlen(title[p]) * 6.9 + (is_shown[p] ? 130 : 0))) }
heading = 106
height = heading + (sum [p=1:panels] panel_height(p) + 70)
scale_of(unit_) = unit_ eq "ns" ? 1e-9 : unit_ eq "share" ? 100 : 1
text_of(unit_) = unit_ eq "ns" ? "%.1s %cs" : unit_ eq "bytes" ? "%.1s %cB" : unit_ eq "ratio" ? "%g×" : unit_ eq "share" ? "%g %%" : "%g"
# A scaled figure beside its point.
said_of(unit_, v_) = v_ == 0 ? "0" : unit_ eq "ns" ? gprintf("%.2s %cs", v_) : unit_ eq "bytes" ? (abs(v_) < 1000 ? sprintf("%.4g B", v_) : gprintf("%.2s %cB", v_)) : \
    unit_ eq "ratio" ? sprintf("%.3g×", v_) : unit_ eq "share" ? sprintf("%.3g %%", v_) : sprintf("%.6g", v_)
far(p_) = low[p_] > 0 && high[p_] > 20 * low[p_]
edge_low(p_) = far(p_) ? low[p_] / 1.3 : low[p_] - (high[p_] - low[p_]) * 0.08 - (high[p_] == low[p_] ? abs(low[p_]) * 0.1 + 0.5 : 0)
edge_high(p_) = far(p_) ? high[p_] * 1.3 : high[p_] + (high[p_] - low[p_]) * 0.08 + (high[p_] == low[p_] ? abs(high[p_]) * 0.1 + 0.5 : 0)
in_panel(p_, name_) = mine(int(column("panel")) == p_ ? or_nan(name_) : NaN)
right_end(p_) = in_panel(p_, "high") == in_panel(p_, "high") ? in_panel(p_, "high") : in_panel(p_, "value")
in_series(p_, s_) = mine(int(column("panel")) == p_ && int(column("series_number")) == s_ ? column("x") : NaN)


# What is plotted, to be put together: gnuplot warns of a plot without a point, so CPython's are plotted where there are.
theirs_style = "pt 12 ps 1.4 lw 0.8 lc rgb theirs notitle, "
across = "points using (in_panel(p, 'x')):(in_panel(p, 'cpython') * f):(in_panel(p, 'cpython_low') * f):(in_panel(p, 'cpython_high') * f) with yerrorbars ".theirs_style
lines = "for [s=1:most[p]] points using (in_series(p, s)):(column('value') * f):(column('low') * f):(column('high') * f) with yerrorbars pt 0 lw 1 lc rgb colour[s] notitle, ". \
    "for [s=1:most[p]] points using (in_series(p, s)):(column('value') * f) with linespoints pt 7 ps 0.7 lw 1.6 lc rgb colour[s] title name[p * 10 + s]"
below = "points using (in_panel(p, 'cpython') * f):(column('x') + 0.25):(in_panel(p, 'cpython_low') * f):(in_panel(p, 'cpython_high') * f) with xerrorbars ".theirs_style
marks = "points using (in_panel(p, 'value') * f):(column('x')):(column('low') * f):(column('high') * f) with xerrorbars pt 7 ps 0.8 lw 1.4 lc rgb colour[1], ". \
    "points using (right_end(p) * f):(column('x')):(said_of(unit[p], column('value') * f)) with labels left offset 1,0 font ',10' tc rgb ink"

set border 3 lw 0.7 lc rgb 0x888888
set tics nomirror out scale 0.5 tc rgb ink
set grid lc rgb 0xDDDDDD lw 0.6 lt 1
do for [format in "svg png"] {
    if (format eq "svg") {
        set terminal svg noenhanced size width, height dynamic font "DejaVu Sans,Helvetica,Arial,sans-serif,11" background rgb "white" name plain
    } else {
        if (strstrt(GPVAL_TERMINALS, "pngcairo")) {
            set terminal pngcairo noenhanced size width, height font "DejaVu Sans,11" fontscale 0.75 background rgb "white"
        } else {
            set terminal png noenhanced size width, height small background rgb "white"
        }
    }
    set output run."/plots/".claim.".".format
    set multiplot
    set label 1 claim.": ".verdict at screen 16.0 / width, 1 - 22.0 / height left font ",15" tc rgb ink
    set label 2 said at screen 16.0 / width, 1 - 44.0 / height left font ",11" tc rgb quiet
    set label 4 run_text at screen 16.0 / width, 1 - 62.0 / height left font ",10" tc rgb quiet
    set label 5 method_text at screen 16.0 / width, 1 - 77.0 / height left font ",10" tc rgb quiet
    if (beside) {
        set label 6 "CPython itself" at screen 1 - 120.0 / width, 1 - 22.0 / height left offset 1,0 font ",11" tc rgb ink point pt 12 ps 1 lw 1.4 lc rgb theirs
    }
    top = heading
    do for [p=1:panels] {
        f = scale_of(unit[p])
        set tmargin at screen 1 - (top + 24.0) / height
        set bmargin at screen 1 - (top + panel_height(p) + 14.0) / height
        top = top + panel_height(p) + 70
        set label 3 title[p].(is_shown[p] ? " (shown, not judged)" : "") at graph 0, graph 1 left offset 0,0.8 font ",12" tc rgb ink
        unset logscale
        unset object
        unset arrow
        lo = edge_low(p) * f; hi = edge_high(p) * f
        if (strlen(axis[p])) {
            set lmargin at screen real(left_axis) / width
            set rmargin at screen 1 - real(strlen(name[p * 10 + 2]) ? right_series : 24) / width
            if (x_low[p] > 0 && x_high[p] > 8 * x_low[p]) { set logscale x }
            if (far(p)) { set logscale y }
            set xrange [x_low[p] - (x_low[p] > 0 && x_high[p] > 8 * x_low[p] ? x_low[p] * 0.2 : (x_high[p] - x_low[p]) * 0.03) : \
                x_high[p] * (x_low[p] > 0 && x_high[p] > 8 * x_low[p] ? 1.25 : 1.03)]
            set yrange [lo:hi]
            set format x (x_high[p] < 1000 ? "%g" : "%.0s%c")
            set format y text_of(unit[p])
            set xtics auto; set ytics auto
            set xlabel axis[p] offset 0,0.6 font ",10" tc rgb quiet
            do for [i=1:words(holds_in[p]." ".fails_in[p])] {
                region = word(holds_in[p]." ".fails_in[p], i); shade = i <= words(holds_in[p]) ? good : bad
                from = low_end(region, lo / f) * f; to = high_end(region, hi / f) * f
                if (from < to) {
                    set object i rectangle from graph 0, first from to graph 1, first to behind fc rgb shade fs solid noborder
                } else {
                    set arrow i from graph 0, first from to graph 1, first from nohead lw 8 lc rgb shade back
                }
            }
            set key at screen 1 - 6.0 / width, graph 1 right top Left reverse font ",10" tc rgb ink
            if (!strlen(name[p * 10 + 2])) { unset key }
            eval "plot ".(cpython[p] ? across : "").lines
            unset xlabel
        } else {
            set lmargin at screen real(left_rows) / width
            set rmargin at screen 1 - real(right_rows) / width
            if (far(p)) { set logscale x }
            set xrange [lo:hi]
            set yrange [rows[p] + 0.6 : 0.4]
            set format x text_of(unit[p])
            set format y "%s"
            set xtics auto; unset ytics
            eval "set ytics (".tics[p].") nomirror scale 0"
            do for [i=1:words(holds_in[p]." ".fails_in[p])] {
                region = word(holds_in[p]." ".fails_in[p], i); shade = i <= words(holds_in[p]) ? good : bad
                from = low_end(region, lo / f) * f; to = high_end(region, hi / f) * f
                if (from < to) {
                    set object i rectangle from first from, graph 0 to first to, graph 1 behind fc rgb shade fs solid noborder
                } else {
                    set arrow i from first from, graph 0 to first from, graph 1 nohead lw 8 lc rgb shade back
                }
            }
            unset key
            eval "plot ".(cpython[p] ? below : "").marks
        }
        unset label   # the heading is drawn once
    }
    unset multiplot
    unset output
}
