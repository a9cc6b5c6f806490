# leaks.gp: what is leaked, iteration by iteration: a panel per workload in which anything leaks, a line per strategy.
# On one allocator: the run's first. Strategies that never free are left out.
#
#   gnuplot -e "run='results/NAME'" plots/leaks.gp      from the root of the tree
#
# Reads results/NAME/figures/{run,contenders,allocators,leaks}.csv, which `reclaim plot` and `reclaim summary` write.
# Writes results/NAME/plots/leaks.svg and leaks.png.

figure = "leaks"
if (!exists("plots")) plots = "plots"
load plots."/common.gp"

panels = 0
if (leaks) {
    stats data("leaks") using (panels = int(column("panel")), 0) nooutput
}
array title[panels + 1]
array none[panels + 1]    # who leaks nothing there
array high[panels + 1]    # allocated in all
array longest[panels + 1] # iterations
array has[contenders]
array weight[contenders] # of the line: who comes first is wider, so that it shows behind one that leaks as much
do for [i=1:panels + 1] { title[i] = ""; none[i] = ""; high[i] = 1; longest[i] = 1 }
do for [r=1:contenders] { has[r] = 0 }
note(p_, r_, leaks_) = (has[r_] = leaks_ == 1 ? 1 : has[r_], \
    high[p_] = column("objects_allocated") > high[p_] ? column("objects_allocated") : high[p_], \
    high[p_] = column("leaked_objects") > high[p_] ? column("leaked_objects") : high[p_], \
    longest[p_] = column("iterations") > longest[p_] ? column("iterations") : longest[p_], \
    none[p_] = leaks_ == 0 && column("iterations") == 0 ? none[p_].(strlen(none[p_]) ? ", " : "").contender[r_] : none[p_], 0)
if (panels) {
    stats data("leaks") using (p = int(column("panel")), title[p] = strcol("title"), \
        note(p, int(column("row")), column("leaks"))) nooutput
}
leaking = 0
do for [r=1:contenders] { leaking = leaking + has[r] }
wider = leaking > 4 ? 12.0 / leaking : 4
last = leaking
do for [r=1:contenders] { weight[r] = 1.6 + wider * (last - 1); last = last - has[r] }

top = 164
left = 90
bottom = 56
gap_y = 92
gap_x = 70
title_text = "Leaks: objects that nothing reaches and that are never reclaimed"
explain_text = "Lower is better; on the axis is none. Pale band: all objects that were allocated. Counted after a full collection at the end of each repetition."
method_text = "Allocator ".main_allocator.". Mean over processes. Strategies that never free are left out."
do for [r=1:contenders] { if (has[r]) { ok = legend_add(contender[r], marker[r], colour[r]) } }
ok = set_canvas(panels, 3, 300, 190)
picture = figure

# A list too long for one line, broken at a comma.
break_at(text_, length_) = (cut_ = 0, sum [k_=1:strlen(text_)] (text_[k_:k_] eq "," && k_ <= length_ ? (cut_ = k_, 0) : 0), cut_)
wrapped(text_, length_) = strlen(text_) <= length_ || break_at(text_, length_) == 0 ? text_ : \
    text_[1:break_at(text_, length_)]."\n".cut(text_[break_at(text_, length_) + 2:*], length_)

do for [format in formats] {
    eval open_output
    set multiplot
    @heading
    @legend
    nothing_text = "nothing leaks in this run"
    if (!panels) {
        @say_nothing
    }
    do for [i=1:panels] {
        @place_panel
        set label 6 panel_title(title[i]) at graph 0, graph 1 left offset 0,2.4 font ',12' tc rgb ink
        set label 7 (strlen(none[i]) ? wrapped("none: ".none[i], 54) : "") at graph 0, graph 1 left offset 0,1.3 \
            font ',9' tc rgb quiet
        set xrange [0 : longest[i] * 1.04]
        set yrange [0 : high[i] * 1.08]
        step = 10.0 ** floor(log10(high[i] / 2))
        step = high[i] / step > 10 ? step * 5 : high[i] / step > 5 ? step * 2 : step
        set ytics () scale 0.5
        do for [k=0:int(high[i] * 1.08 / step)] { set ytics add (count_text(k * step) k * step) }
        stride = longest[i] < 6 ? 1 : 10.0 ** floor(log10(longest[i] / 2))
        stride = longest[i] / stride > 10 ? stride * 5 : longest[i] / stride > 5 ? stride * 2 : stride
        set xtics 0, stride scale 0.5 format "%g"
        set grid x y lc rgb faint lw 0.6 lt 1
        set xlabel "iterations" offset 0,0.5 font ',9' tc rgb quiet
        if (panel_column(i) == 0) { set ylabel "leaked objects" offset 0,0 font ',9' tc rgb quiet } else { unset ylabel }
        plot data("leaks") using (column("panel") == i ? column("iterations") : NaN):(column("objects_allocated")) \
                smooth unique with lines lw 6.6 + wider * leaking lc rgb 0xDDDDDD, \
            for [r=1:contenders] data("leaks") using \
                (column("panel") == i && column("row") == r && column("leaks") == 1 ? column("iterations") : NaN): \
                (column("leaked_objects")) with linespoints lw weight[r] pt marker[r] ps 0.6 + weight[r] / 8 dt dash[r] lc rgb colour[r]
        @clear_labels
    }
    unset multiplot
    unset output
}
