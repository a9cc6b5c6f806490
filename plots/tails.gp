# tails.gp: what the figures of tails share: a line per strategy from the median to the longest. Loaded by them, after
# common.gp. They set
#   table                figures/<table>.csv: panel, title, row, tail, length_ns
#   curves               how many lines there are
#   panel_rise           the height of a panel, in pixels
#   banded               whether the table has low_ns and high_ns: an interval, drawn as a band
#   x_label, nothing_text, title_text, explain_text, method_text

panels = 0
low = 1e300
high = 0
tail = 10
if (curves) {
    stats data(table) using (panels = column("panel") > panels ? int(column("panel")) : panels, \
    low = column("length_ns") < low ? column("length_ns") : low, \
    high = column("length_ns") > high ? column("length_ns") : high, \
    tail = column("tail") > tail ? column("tail") : tail, 0) nooutput
}
low = low < 1 ? 1 : low
array title[panels + 1]
array has[contenders]
do for [r=1:contenders] { has[r] = 0 }
if (panels) {
    stats data(table) using (title[int(column("panel"))] = strcol("title"), has[int(column("row"))] = 1, 0) nooutput
}
quick = ""
do for [r=1:contenders] { if (!has[r]) { quick = quick.(strlen(quick) ? ", " : "").contender[r] } }

left = 70
bottom = 56
gap_x = 44
gap_y = 64
if (strlen(quick)) { method_text = method_text." None: ".quick."." }
do for [r=1:contenders] { if (has[r]) { ok = legend_add(contender[r], marker[r], colour[r]) } }
ok = set_canvas(panels, 3, 340, panel_rise)
picture = figure
# Tic labels are formats: a percent sign is two.
share(nines_) = nines_ == 1 ? "90 %%" : nines_ == 2 ? "99 %%" : "99.".("99999999"[1:nines_ - 2])." %%"
in_line(i_, r_) = column("panel") == i_ && column("row") == r_ ? column("tail") : NaN
# gnuplot warns of a line of which all is empty, but not where all is NaN.
or_nan(name_) = strlen(strcol(name_)) ? real(strcol(name_)) : NaN
bands = banded ? "for [r=1:contenders] data(table) using (in_line(i, r)):(or_nan('low_ns')):(or_nan('high_ns')) ". \
    "with filledcurves fs transparent solid 0.1 noborder lc rgb colour[r], " : ""

do for [format in formats] {
    eval open_output
    set multiplot
    @heading
    @legend
    if (!panels) {
        @say_nothing
    }
    do for [i=1:panels] {
        @place_panel
        set label 6 panel_title(title[i]) at graph 0, graph 1 left offset 0,0.7 font ',12' tc rgb ink
        set logscale xy
        set xrange [1.8 : tail * 1.3]
        set xtics () scale 0.5
        set xtics add ("50 %%" 2)
        do for [e=1:8] { if (10 ** e <= tail * 1.3 && (tail < 1e6 || e % 2 == 1)) { set xtics add (share(e) 10.0 ** e) } }
        set yrange [low / 1.5 : high * 1.5]
        eval "set ytics ".log_tics(low / 1.5, high * 1.5, panel_column(i) == 0 ? "ns" : "none", 7)
        set grid x y lc rgb faint lw 0.6 lt 1
        if (panel_row(i) == rows - 1 || i + columns > panels) { set xlabel x_label offset 0,0.5 font ',9' tc rgb quiet } else { unset xlabel }
        plot @bands for [r=1:contenders] data(table) using \
            (in_line(i, r)):(column("length_ns") < 1 ? 1 : column("length_ns")) \
            with linespoints lw 1.6 pt marker[r] ps 0.55 pi -8 dt dash[r] lc rgb colour[r]
        @clear_labels
    }
    unset multiplot
    unset output
}
