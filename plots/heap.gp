# heap.gp: what the figures against heap size share; loaded by them, after common.gp. They set
#   x_column, x_kind     what is on the x axis: heap_bytes and bytes, or multiple and ratio
#   y_column, y_kind     what is on the y axis: a column of figures/heap.csv
#   spread               1: it has _low and _high
#   points               1: who has no heap limit is a point at the largest footprint; 0: a level line across
#   x_label, title_text, explain_text, method_text

panels = 0
families = 0
array title[1000]
array unit[1000]
array family[contenders]   # by row; "" is none
array limited[contenders]  # has a line
do for [r=1:contenders] { family[r] = ""; limited[r] = 0 }
x_low = 1e300; x_high = 0; y_low = 1e300; y_high = 0
shows(unused_) = column(y_column) > 0 && (column("limited") == 1 || points || column(y_column) > 0)
note_x(v_) = (x_low = v_ < x_low ? v_ : x_low, x_high = v_ > x_high ? v_ : x_high, 0)
note_y(v_) = (y_low = v_ < y_low ? v_ : y_low, y_high = v_ > y_high ? v_ : y_high, 0)
if (heaps) {
    stats data("heap") using (panels = int(column("panel")), title[panels] = strcol("title"), unit[panels] = strcol("unit"), \
        r = int(column("row")), family[r] = strcol("family"), \
        limited[r] = column("limited") == 1 ? 1 : limited[r], \
        ok = column("limited") == 1 || points ? note_x(column(x_column)) : 0, \
        ok = column(y_column) > 0 ? note_y(column(y_column)) : 0, 0) nooutput
}
x_low = x_low / 1.15
x_high = x_high * 1.15
y_low = y_low / 1.15
y_high = y_high * 1.15
empty = !(x_high > x_low && y_high > y_low)

left = 76
bottom = 56
gap_x = 64
gap_y = 74
do for [r=1:contenders] { if (strlen(family[r])) { ok = legend_add(family[r].(limited[r] ? "" : " (no limit)"), marker[r], colour[r]) } }
panels = empty ? 0 : panels
ok = set_canvas(panels, 3, 330, 220)
picture = figure
low_column = spread ? y_column."_low" : y_column
high_column = spread ? y_column."_high" : y_column
# A row of this panel, family and kind, or nothing.
at(i_, r_, limited_, value_) = column("panel") == i_ && column("row") == r_ && column("limited") == limited_ ? value_ : NaN

do for [format in formats] {
    eval open_output
    set multiplot
    @heading
    @legend
    nothing_text = "no workload ran with several heap limits"
    if (!panels) {
        @say_nothing
    }
    do for [i=1:panels] {
        @place_panel
        set label 6 panel_title(title[i]) at graph 0, graph 1 left offset 0,0.7 font ',12' tc rgb ink
        set logscale xy
        set xrange [x_low : x_high]
        set yrange [y_low : y_high]
        eval "set xtics ".log_tics(x_low, x_high, x_kind, 6)
        eval "set ytics ".log_tics(y_low, y_high, panel_column(i) == 0 || y_kind eq "ns" ? y_kind : "none", 7)
        set grid x y lc rgb faint lw 0.6 lt 1
        set xlabel x_label offset 0,0.5 font ',9' tc rgb quiet
        if (points) {
            plot for [r=1:contenders] data("heap") using (at(i, r, 1, column(x_column))):(column(y_column)):(column(low_column)):(column(high_column)) \
                    with yerrorbars pt marker[r] ps 0.1 lw 0.8 lc rgb colour[r], \
                for [r=1:contenders] data("heap") using (at(i, r, 1, column(x_column))):(column(y_column)) \
                    with linespoints lw 1.6 pt marker[r] ps 0.8 lc rgb colour[r], \
                for [r=1:contenders] data("heap") using (at(i, r, 0, column(x_column))):(column(y_column)) \
                    with points pt marker[r] ps 1.3 lw 1.8 lc rgb colour[r]
        } else {
            plot for [r=1:contenders] data("heap") using (at(i, r, 0, x_low)):(column(y_column)):(x_high - x_low):(0) \
                    with vectors nohead lw 1.2 dt 2 lc rgb colour[r], \
                for [r=1:contenders] data("heap") using (at(i, r, 1, column(x_column))):(column(y_column)):(column(low_column)):(column(high_column)) \
                    with yerrorbars pt marker[r] ps 0.1 lw 0.8 lc rgb colour[r], \
                for [r=1:contenders] data("heap") using (at(i, r, 1, column(x_column))):(column(y_column)) \
                    with linespoints lw 1.6 pt marker[r] ps 0.8 lc rgb colour[r]
        }
        @clear_labels
    }
    unset multiplot
    unset output
}
