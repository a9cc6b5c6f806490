# mmu.gp: minimum mutator utilisation: how much of the worst stretch of time of a length is the program's own. A panel per
# workload, a line per strategy. On one allocator: the run's first.
#
#   gnuplot -e "run='results/NAME'" plots/mmu.gp      from the root of the tree
#
# Reads results/NAME/figures/{run,contenders,allocators,utilisation}.csv, which `reclaim plot` and `reclaim summary` write.
# Writes results/NAME/plots/mmu.svg and mmu.png.

figure = "mmu"
if (!exists("plots")) plots = "plots"
load plots."/common.gp"

panels = 0
low = 1e4
high = 1e5
array title[1000]
array has[contenders]
do for [r=1:contenders] { has[r] = 0 }
if (utilisations) {
    stats data("utilisation") using (panels = int(column("panel")), title[panels] = strcol("title"), has[int(column("row"))] = 1, \
        low = column("window_ns") < low ? column("window_ns") : low, \
        high = column("window_ns") > high ? column("window_ns") : high, 0) nooutput
}
without = ""
do for [r=1:contenders] { if (!has[r]) { without = without.(strlen(without) ? ", " : "").contender[r] } }

left = 70
bottom = 56
gap_x = 44
gap_y = 64
title_text = "Utilisation: what pauses leave to the program, at worst"
explain_text = "Higher is better. Read: at 1 ms, in the worst millisecond of the run this share was the program's own. The last point is the whole run."
method_text = "Allocator ".main_allocator.". Exact, from all pauses of all repetitions; counting and sweeping between pauses are the program's own time.". \
    (strlen(without) ? " No pauses: ".without."." : "")
do for [r=1:contenders] { if (has[r]) { ok = legend_add(contender[r], marker[r], colour[r]) } }
ok = set_canvas(panels, 3, 340, 190)
picture = figure

do for [format in formats] {
    eval open_output
    set multiplot
    @heading
    @legend
    nothing_text = "no pauses in this run"
    if (!panels) {
        @say_nothing
    }
    do for [i=1:panels] {
        @place_panel
        set label 6 panel_title(title[i]) at graph 0, graph 1 left offset 0,0.7 font ',12' tc rgb ink
        set logscale x
        set xrange [low / 1.3 : high * 1.3]
        eval "set xtics ".log_tics(low / 1.3, high * 1.3, "ns", 7)
        set yrange [0 : 1.03]
        set ytics ("0" 0, "20 %%" 0.2, "40 %%" 0.4, "60 %%" 0.6, "80 %%" 0.8, "100 %%" 1)
        if (panel_column(i) != 0) { set ytics ("" 0, "" 0.2, "" 0.4, "" 0.6, "" 0.8, "" 1) }
        set grid x y lc rgb faint lw 0.6 lt 1
        if (panel_row(i) == rows - 1 || i + columns > panels) { set xlabel "length of the window" offset 0,0.5 font ',9' tc rgb quiet } else { unset xlabel }
        plot for [r=1:contenders] data("utilisation") using \
            (column("panel") == i && column("row") == r ? column("window_ns") : NaN):(column("utilisation")) \
            with linespoints lw 1.6 pt marker[r] ps 0.55 pi -8 dt dash[r] lc rgb colour[r]
        @clear_labels
    }
    unset multiplot
    unset output
}
