# time.gp: time per operation: a panel per workload, a row per strategy, a mark per allocator.
#
#   gnuplot -e "run='results/NAME'" plots/time.gp      from the root of the tree
#
# Reads results/NAME/figures/{run,contenders,allocators,cells}.csv, which `reclaim plot` and `reclaim summary` write.
# Writes results/NAME/plots/time.svg and time.png.

figure = "time"
if (!exists("plots")) plots = "plots"
load plots."/common.gp"

panels = 0
if (cells) {
    stats data("cells") using (panels = int(column("panel")), 0) nooutput
}
array title[panels + 1]
array unit[panels + 1]
array low[panels + 1]
array high[panels + 1]
array reference[panels + 1]
do for [i=1:panels + 1] { title[i] = ""; unit[i] = ""; low[i] = 1e300; high[i] = 0; reference[i] = NaN }
note(p_, low_, high_) = (low[p_] = low_ < low[p_] ? low_ : low[p_], high[p_] = high_ > high[p_] ? high_ : high[p_], 0)
if (panels) {
    stats data("cells") using (p = int(column("panel")), title[p] = strcol("title"), unit[p] = strcol("unit"), \
        note(p, column("cost_low"), column("cost_high")), \
        reference[p] = column("row") == 1 && column("slot") == 1 ? column("cost") : reference[p], 0) nooutput
}

left = name_width
title_text = (cost eq "time" ? "Time" : cost eq "instructions" ? "Instructions" : "System calls")." per operation, by strategy"
explain_text = (cost eq "time" ? "Left is faster." : "Left is fewer.")." Logarithmic axes, each panel with its own range. Bar: interval of the mean, often narrower than its mark. ". \
    "Grey line: ".baseline." on ".allocator[1]."."
dodge(slot_) = (slot_ - (allocators + 1) / 2.0) * 0.6 / allocators
do for [a=1:allocators] { ok = legend_add(allocator[a], allocator_marker(a), quiet) }
ok = set_canvas(panels, 4, 270, (10 + 5 * allocators) * contenders + 10)
picture = figure

do for [format in formats] {
    eval open_output
    set multiplot
    @heading
    @legend
    nothing_text = "nothing to show: no repetition is ok"
    if (!panels) {
        @say_nothing
    }
    do for [i=1:panels] {
        @place_panel
        set label 6 panel_title(title[i]) at graph 0, graph 1 left offset 0,0.7 font ',12' tc rgb ink
        set logscale x
        span = high[i] / low[i] < 4 ? sqrt(4 / (high[i] / low[i])) : 1
        set xrange [low[i] / span / 1.25 : high[i] * span * 1.25]
        eval "set xtics ".log_tics(low[i] / span / 1.25, high[i] * span * 1.25, cost eq "time" ? "ns" : "count", 4)
        set xlabel "per operation (".unit[i].")" offset 0,0.5 font ',9' tc rgb quiet
        set yrange [contenders + 0.6 : 0.4]
        set ytics () scale 0
        do for [r=1:contenders] { set ytics add ((panel_column(i) == 0 ? cut(contender[r], name_length) : "") r) }
        if (reference[i] == reference[i]) {
            set arrow 1 from reference[i], graph 0 to reference[i], graph 1 nohead lc rgb 0xAAAAAA lw 1 back
        }
        plot data("cells") using (column("panel") == i ? column("cost_low") : NaN): \
                (column("row") + dodge(column("slot"))): \
                (column("cost_high") - column("cost_low")):(0): \
                (colour[int(column("row"))]) with vectors nohead lw 2 lc rgb variable, \
            data("cells") using (column("panel") == i ? column("cost") : NaN): \
                (column("row") + dodge(column("slot"))):(allocator_marker(column("slot"))): \
                (colour[int(column("row"))]) with points pt variable ps 0.75 lc rgb variable
        @clear_labels
    }
    unset multiplot
    unset output
}
