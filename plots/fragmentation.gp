# fragmentation.gp: footprint over live bytes at the same instant, over the operations: a panel per workload, a line per
# strategy. On one allocator: the run's first.
#
#   gnuplot -e "run='results/NAME'" plots/fragmentation.gp      from the root of the tree
#
# Reads results/NAME/figures/{run,contenders,allocators,overhead}.csv, which `reclaim plot` and `reclaim summary` write.
# Writes results/NAME/plots/fragmentation.svg and fragmentation.png.

figure = "fragmentation"
if (!exists("plots")) plots = "plots"
load plots."/common.gp"

panels = 0
high = 2.0
array title[1000]
array unit[1000]
array longest[1000]
array has[contenders]
do for [r=1:contenders] { has[r] = 0 }
if (overheads) {
    stats data("overhead") using (panels = int(column("panel")), title[panels] = strcol("title"), unit[panels] = strcol("unit"), \
        has[int(column("row"))] = 1, longest[panels] = 1, \
        high = column("overhead") > high ? column("overhead") : high, 0) nooutput
    stats data("overhead") using (p = int(column("panel")), \
        longest[p] = column("operations") > longest[p] ? column("operations") : longest[p], 0) nooutput
}
high = high > 1000 ? 1000 : high

left = 70
bottom = 56
gap_x = 44
gap_y = 74
title_text = "Footprint over live bytes, at the same instant"
explain_text = "Lower is better; 1 is every byte in use. Live counts garbage that is not reclaimed yet. Logarithmic."
method_text = "Allocator ".main_allocator.". From a process of its own, which is not timed. Only where live is at least a hundredth of its peak."
do for [r=1:contenders] { if (has[r]) { ok = legend_add(contender[r], marker[r], colour[r]) } }
ok = set_canvas(panels, 3, 340, 190)
picture = figure

do for [format in formats] {
    eval open_output
    set multiplot
    @heading
    @legend
    nothing_text = "no timeline in this run"
    if (!panels) {
        @say_nothing
    }
    do for [i=1:panels] {
        @place_panel
        set label 6 panel_title(title[i]) at graph 0, graph 1 left offset 0,0.7 font ',12' tc rgb ink
        set logscale y
        set xrange [0 : longest[i]]
        stride = 10.0 ** floor(log10(longest[i]))
        stride = longest[i] / stride >= 5 ? stride * 2 : longest[i] / stride >= 2 ? stride : stride / 2
        set xtics () scale 0.5
        do for [k=0:int(longest[i] / stride)] { set xtics add (count_text(k * stride) k * stride) }
        set yrange [0.8 : high * 1.2]
        eval "set ytics ".log_tics(0.8, high * 1.2, panel_column(i) == 0 ? "ratio" : "none", 7)
        set grid x y lc rgb faint lw 0.6 lt 1
        set xlabel unit[i]." done" offset 0,0.5 font ',9' tc rgb quiet
        plot for [r=1:contenders] data("overhead") using \
            (column("panel") == i && column("row") == r ? column("operations") : NaN):(column("overhead")) \
            with linespoints lw 1.4 pt marker[r] ps 0.5 pi -20 dt dash[r] lc rgb colour[r]
        @clear_labels
    }
    unset multiplot
    unset output
}
