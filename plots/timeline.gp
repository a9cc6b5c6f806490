# timeline.gp: live bytes and footprint at the same instants, over the operations of one workload: a panel per strategy.
# On one allocator: the run's first.
#
#   gnuplot -e "run='results/NAME'; variant='server'" plots/timeline.gp      from the root of the tree
#
# `variant` is what stands in the name of results/NAME/figures/timeline-*.csv; without it: server. Reads that file and
# results/NAME/figures/{run,contenders,allocators}.csv, which `reclaim plot` and `reclaim summary` write. Writes
# results/NAME/plots/timeline-VARIANT.svg and .png.

figure = "timeline"
if (!exists("plots")) plots = "plots"
load plots."/common.gp"
if (!exists("variant")) variant = "server"
points = data("timeline-".variant)

title_name = ""
unit = "operations"
high = 1
longest = 1
has_need = 0              # row 0: with malloc as the baseline
array panel[contenders]   # of a contender; 0: it has none
array peak[contenders]
do for [r=1:contenders] { panel[r] = 0; peak[r] = 0 }
note(r_) = (r_ ? (panel[r_] = 1, \
    peak[r_] = column("footprint_bytes") > peak[r_] ? column("footprint_bytes") : peak[r_]) : (has_need = 1, 0), high = column("live_bytes") > high ? column("live_bytes") : high, \
    high = r_ && column("footprint_bytes") > high ? column("footprint_bytes") : high, \
    longest = column("operations") > longest ? column("operations") : longest, 0)
stats points using (title_name = strcol("title"), unit = strcol("unit"), note(int(column("row")))) nooutput
panels = 0
do for [r=1:contenders] { if (panel[r]) { panels = panels + 1; panel[r] = panels } }

# Logarithmic: on one scale for all, and the distance of the two lines is the overhead as a factor. Four decades are
# enough to show what matters.
low = high / 1e4
need = 1e300
stats points using (need = int(column("row")) == 0 && column("live_bytes") > 0 && column("operations") > longest * 0.05 && \
    column("operations") < longest * 0.95 && column("live_bytes") < need ? column("live_bytes") : need, 0) nooutput
low = need < 1e300 && need / 3 > low ? need / 3 : low

stride = 10.0 ** floor(log10(longest))
stride = longest / stride >= 5 ? stride * 2 : longest / stride >= 2 ? stride : stride / 2

left = 76
gap_x = 36
bottom = 56
gap_y = 62
title_text = "Memory over time: ".title_name
explain_text = "Thick: footprint, what the strategy holds. Thin: live, what it has not reclaimed. ". \
    (has_need ? "Dotted: live under ".baseline.", what the work needs. " : "")."Logarithmic."
method_text = "Allocator ".main_allocator.". From a process of its own, which is not timed; one repetition."
ok = set_canvas(panels, 3, 330, 170)
picture = figure."-".variant

do for [format in formats] {
    eval open_output
    set multiplot
    @heading
    nothing_text = "no timeline of this workload"
    if (!panels) {
        @say_nothing
    }
    do for [r=1:contenders] {
        if (panel[r]) {
            i = panel[r]
            @place_panel
            set label 6 panel_title(contender[r]) at graph 0, graph 1 left offset 0,0.7 font ',12' tc rgb ink
            set logscale y
            set xrange [0 : longest]
            set yrange [low : high * 1.3]
            eval "set ytics ".log_tics(low, high * 1.3, panel_column(i) == 0 ? "bytes" : "none", 5)
            set xtics () scale 0.5
            do for [k=0:int(longest / stride)] { set xtics add (count_text(k * stride) k * stride) }
            if (peak[r] <= low) {
                set label 7 "below this scale: at most ".bytes_text(peak[r])." when sampled" at graph 0.5, graph 0.5 center \
                    font ',9' tc rgb quiet
            }
            set grid x y lc rgb faint lw 0.6 lt 1
            if (i + columns > panels) { set xlabel unit." done" offset 0,0.5 font ',9' tc rgb quiet } else { unset xlabel }
            plot points using (int(column("row")) == r ? column("operations") : NaN):(column("footprint_bytes")) \
                    with lines lw 2.6 lc rgb colour[r], \
                points using (int(column("row")) == 0 ? column("operations") : NaN):(column("live_bytes")) \
                    with lines lw 1.8 dt 3 lc rgb 0x444444, \
                points using (int(column("row")) == r ? column("operations") : NaN):(column("live_bytes")) \
                    with lines lw 0.9 lc rgb colour[r]
            @clear_labels
        }
    }
    unset multiplot
    unset output
}
