# claim.gp: the figure of one claim: a panel per judgement; its points with their intervals, and the thresholds of its
# rule: green on the side of holds, orange on the side of does not hold. A parameter with numbers is the x axis, a line
# for each of the other keys; else points stand below one another.
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

# ---- what there is ----
if (!exists("said")) said = ""   # the claim
verdict = ""
stats run."/claims.csv" using (strcol("id") eq claim ? (said = strlen(said) ? said : strcol("claim"), verdict = strcol("verdict"), 0) : NaN) nooutput
panels = 0; series = 0
array title[20]; array unit[20]; array axis[20]; array rows[20]; array low[20]; array high[20]
array holds_at[20]; array fails_at[20]; array more_is[20]; array is_shown[20]; array x_low[20]; array x_high[20]
array most[20]      # series in a panel, up to 8
array tics[20]      # of a panel without an axis: '"label" 1, "label" 2'
array name[200]     # of a series: panel * 10 + number
do for [i=1:20] { rows[i] = 0; low[i] = 1e300; high[i] = -1e300; holds_at[i] = NaN; fails_at[i] = NaN; is_shown[i] = 1; more_is[i] = 0; x_low[i] = 1e300; x_high[i] = -1e300 }
do for [i=1:20] { tics[i] = ""; most[i] = 0 }
do for [i=1:200] { name[i] = "" }
span(p_, v_) = v_ == v_ ? (low[p_] = v_ < low[p_] ? v_ : low[p_], high[p_] = v_ > high[p_] ? v_ : high[p_], 0) : 0
x_span(p_, v_) = (x_low[p_] = v_ < x_low[p_] ? v_ : x_low[p_], x_high[p_] = v_ > x_high[p_] ? v_ : x_high[p_], 0)
note(p_) = (panels = p_ > panels ? p_ : panels, rows[p_] = rows[p_] + 1, \
    title[p_] = strcol("title"), unit[p_] = strcol("unit"), axis[p_] = strcol("axis"), \
    tics[p_] = tics[p_].(strlen(tics[p_]) ? ", " : "").sprintf("\"%s\" %d", strcol("point"), rows[p_]), \
    span(p_, column("value")), span(p_, column("low")), span(p_, column("high")), x_span(p_, column("x")), \
    strlen(strcol("holds_if")) ? (is_shown[p_] = 0, holds_at[p_] = column("holds_at"), fails_at[p_] = column("fails_at"), \
        more_is[p_] = strcol("holds_if")[1:1] eq ">" ? 1 : -1, span(p_, holds_at[p_]), span(p_, fails_at[p_])) : 0, \
    s_ = int(column("series_number")), most[p_] = s_ > most[p_] && s_ <= 8 ? s_ : most[p_], series = s_ > series ? s_ : series, s_ < 10 ? (name[p_ * 10 + s_] = strcol("series"), 0) : 0, 0)
stats points using (strcol("id") eq claim ? note(int(column("panel"))) : NaN) nooutput

# ---- the canvas ----
array colour[8] = [0x0072B2, 0xD55E00, 0x009E73, 0xCC79A7, 0x56B4E9, 0xE69F00, 0x7A7A00, 0x444444]
good = 0xDFF2E4; bad = 0xFBE6D4; ink = 0x222222; quiet = 0x666666
panel_height(p_) = strlen(axis[p_]) ? 240 : 46 + 24 * rows[p_]
width = 820
height = 70 + (sum [p=1:panels] panel_height(p) + 70)
scale_of(unit_) = unit_ eq "ns" ? 1e-9 : unit_ eq "share" ? 100 : 1
text_of(unit_) = unit_ eq "ns" ? "%.1s %cs" : unit_ eq "bytes" ? "%.1s %cB" : unit_ eq "ratio" ? "%g×" : unit_ eq "share" ? "%g %%" : "%g"
# Where the rule says holds, and where it says does not, of what is in the panel.
good_from(p_, lo_, hi_) = more_is[p_] > 0 ? holds_at[p_] * scale_of(unit[p_]) : lo_
good_to(p_, lo_, hi_) = more_is[p_] > 0 ? hi_ : holds_at[p_] * scale_of(unit[p_])
bad_from(p_, lo_, hi_) = more_is[p_] > 0 ? lo_ : fails_at[p_] * scale_of(unit[p_])
bad_to(p_, lo_, hi_) = more_is[p_] > 0 ? fails_at[p_] * scale_of(unit[p_]) : hi_
far(p_) = low[p_] > 0 && high[p_] > 20 * low[p_]
edge_low(p_) = far(p_) ? low[p_] / 1.3 : low[p_] - (high[p_] - low[p_]) * 0.08 - (high[p_] == low[p_] ? abs(low[p_]) * 0.1 + 0.5 : 0)
edge_high(p_) = far(p_) ? high[p_] * 1.3 : high[p_] + (high[p_] - low[p_]) * 0.08 + (high[p_] == low[p_] ? abs(high[p_]) * 0.1 + 0.5 : 0)

set border 3 lw 0.7 lc rgb 0x888888
set tics nomirror out scale 0.5 tc rgb ink
set grid lc rgb 0xDDDDDD lw 0.6 lt 1
do for [format in "svg png"] {
    if (format eq "svg") {
        set terminal svg noenhanced size width, height dynamic font "DejaVu Sans,Helvetica,Arial,sans-serif,11" background rgb "white" name "claim"
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
    top = 70
    do for [p=1:panels] {
        f = scale_of(unit[p])
        set tmargin at screen 1 - (top + 24.0) / height
        set bmargin at screen 1 - (top + panel_height(p) + 14.0) / height
        set rmargin at screen 1 - 24.0 / width
        top = top + panel_height(p) + 70
        set label 3 title[p].(is_shown[p] ? " (shown, not judged)" : "") at graph 0, graph 1 left offset 0,0.8 font ",12" tc rgb ink
        unset logscale
        unset object
        unset arrow
        lo = edge_low(p) * f; hi = edge_high(p) * f
        if (strlen(axis[p])) {
            set lmargin at screen 86.0 / width
            if (x_low[p] > 0 && x_high[p] > 8 * x_low[p]) { set logscale x }
            if (far(p)) { set logscale y }
            set xrange [x_low[p] - (x_low[p] > 0 && x_high[p] > 8 * x_low[p] ? x_low[p] * 0.2 : (x_high[p] - x_low[p]) * 0.03) : \
                x_high[p] * (x_low[p] > 0 && x_high[p] > 8 * x_low[p] ? 1.25 : 1.03)]
            set yrange [lo:hi]
            set format x (x_high[p] < 1000 ? "%g" : "%.0s%c")
            set format y text_of(unit[p])
            set xtics auto; set ytics auto
            set xlabel axis[p] offset 0,0.6 font ",10" tc rgb quiet
            if (!is_shown[p]) {
                set object 1 rectangle from graph 0, first good_from(p, lo, hi) to graph 1, first good_to(p, lo, hi) behind fc rgb good fs solid noborder
                set object 2 rectangle from graph 0, first bad_from(p, lo, hi) to graph 1, first bad_to(p, lo, hi) behind fc rgb bad fs solid noborder
            }
            set key at screen 1 - 6.0 / width, graph 1 right top Left reverse font ",10" tc rgb ink
            if (!strlen(name[p * 10 + 2])) { unset key } else { set rmargin at screen 1 - 170.0 / width }
            plot for [s=1:most[p]] points using (mine(int(column("panel")) == p && int(column("series_number")) == s ? column("x") : NaN)):(column("value") * f):(column("low") * f):(column("high") * f) with yerrorbars pt 0 lw 1 lc rgb colour[s] notitle, \
                for [s=1:most[p]] points using (mine(int(column("panel")) == p && int(column("series_number")) == s ? column("x") : NaN)):(column("value") * f) with linespoints pt 7 ps 0.7 lw 1.6 lc rgb colour[s] title name[p * 10 + s]
            unset xlabel
        } else {
            set lmargin at screen 290.0 / width
            if (far(p)) { set logscale x }
            set xrange [lo:hi]
            set yrange [rows[p] + 0.6 : 0.4]
            set format x text_of(unit[p])
            set format y "%s"
            set xtics auto; unset ytics
            eval "set ytics (".tics[p].") scale 0.5"
            if (!is_shown[p]) {
                set object 1 rectangle from first good_from(p, lo, hi), graph 0 to first good_to(p, lo, hi), graph 1 behind fc rgb good fs solid noborder
                set object 2 rectangle from first bad_from(p, lo, hi), graph 0 to first bad_to(p, lo, hi), graph 1 behind fc rgb bad fs solid noborder
            }
            unset key
            plot points using (mine(int(column("panel")) == p ? column("value") * f : NaN)):(column("x")):(column("low") * f):(column("high") * f) with xerrorbars pt 7 ps 0.8 lw 1.4 lc rgb colour[1]
        }
        unset label 3
    }
    unset multiplot
    unset output
}
