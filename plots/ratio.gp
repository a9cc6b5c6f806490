# ratio.gp: each strategy's time relative to the baseline: a small mark per workload, a large one for their mean.
#
#   gnuplot -e "run='results/NAME'" plots/ratio.gp      from the root of the tree
#
# Reads results/NAME/figures/{run,contenders,allocators,cells,means}.csv, which `reclaim plot` and `reclaim summary`
# write. Writes results/NAME/plots/ratio.svg and ratio.png.

figure = "ratio"
if (!exists("plots")) plots = "plots"
load plots."/common.gp"

low = 0.9
high = 1.1
note(v_) = (low = v_ < low ? v_ : low, high = v_ > high ? v_ : high, 0)
if (ratios) {
    stats data("cells") using (note(column("cost_ratio"))) nooutput
}
array variants[allocators]   # how many are in the mean of each allocator
do for [a=1:allocators] { variants[a] = 0 }
array mean[contenders * allocators]
place(row_, slot_) = int((row_ - 1) * allocators + slot_)
do for [p=1:contenders * allocators] { mean[p] = NaN }
if (means) {
    stats data("means") using (variants[int(column("slot"))] = column("variants"), \
        mean[place(column("row"), column("slot"))] = column("cost_ratio"), 0) nooutput
}

gap_y = 0
left = name_width
right = 60
bottom = 62
title_text = (cost eq "time" ? "Time" : cost eq "instructions" ? "Instructions" : "System calls")." relative to ".baseline.", all workloads at a glance"
explain_text = (cost eq "time" ? "Left is faster." : "Left is fewer.")." Small: one workload on one allocator. Large: geometric mean over the workloads that all can do, with interval and figure."
dodge(slot_) = (slot_ - (allocators + 1) / 2.0) * 0.7 / allocators
compared(a_) = variants[a_] == 1 ? "1 workload" : sprintf("%d workloads", variants[a_])
do for [a=1:allocators] { ok = legend_add(allocator[a].": mean of ".compared(a), allocator_marker(a), quiet) }
ok = set_canvas(1, 1, 700, (16 * allocators + 14) * contenders + 20)
picture = figure

do for [format in formats] {
    eval open_output
    set multiplot
    @heading
    @legend
    nothing_text = "nothing to compare: no repetition of the baseline is ok"
    if (!ratios) {
        @say_nothing
    } else {
        i = 1
        @place_panel
        set logscale x
        set xrange [low / 1.2 : high * 1.2]
        eval "set xtics ".log_tics(low / 1.2, high * 1.2, "ratio", 8)
        set xlabel cost." as a multiple of the ".cost." of ".baseline." on the same allocator (logarithmic)" tc rgb quiet
        set yrange [contenders + 0.6 : 0.4]
        set ytics () scale 0
        do for [r=1:contenders] { set ytics add (cut(contender[r], name_length) r) }
        set y2range [contenders + 0.6 : 0.4]
        set y2tics () scale 0 font ',10'
        do for [r=1:contenders] { do for [a=1:allocators] {
            if (mean[place(r, a)] == mean[place(r, a)]) {
                set y2tics add (sprintf(mean[place(r, a)] < 9.95 ? "%.2f×" : "%.1f×", mean[place(r, a)]) r + dodge(a))
            }
        } }
        set arrow 1 from 1, graph 0 to 1, graph 1 nohead lc rgb 0x888888 lw 1.2 back
        do for [r=1:contenders - 1] {
            set arrow 1 + r from graph 0, first r + 0.5 to graph 1, first r + 0.5 nohead lc rgb faint lw 0.6 back
        }
        marks = "data('cells') using (column('cost_ratio')):(column('row') + dodge(column('slot'))): ". \
            "(allocator_marker(column('slot'))):(colour[int(column('row'))] + 0x90000000) ". \
            "with points pt variable ps 0.45 lc rgb variable"
        intervals = "data('means') using (column('cost_ratio_low')):(column('row') + dodge(column('slot'))): ". \
            "(column('cost_ratio_high') - column('cost_ratio_low')):(0):(colour[int(column('row'))]) ". \
            "with vectors nohead lw 4 lc rgb variable"
        middles = "data('means') using (column('cost_ratio')):(column('row') + dodge(column('slot'))): ". \
            "(allocator_marker(column('slot'))):(colour[int(column('row'))]) with points pt variable ps 1.3 lc rgb variable"
        eval "plot ".marks.(means ? ", ".intervals.", ".middles : "")
    }
    unset multiplot
    unset output
    @clear_labels
}
