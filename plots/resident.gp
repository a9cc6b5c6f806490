# resident.gp: resident memory over live bytes: a panel per workload, a row per strategy, a mark per allocator.
#
#   gnuplot -e "run='results/NAME'" plots/resident.gp      from the root of the tree
#
# Reads results/NAME/figures/{run,contenders,allocators,cells}.csv, which `reclaim plot` and `reclaim summary` write.
# Writes results/NAME/plots/resident.svg and resident.png.

figure = "resident"
if (!exists("plots")) plots = "plots"
load plots."/common.gp"

held = "rss_overhead_mean"
held_rows = residents
held_unit = "ratio"
title_text = "Memory: resident over live bytes, by strategy and allocator"
explain_text = "Left is leaner; 1 is every byte in use. What the system gave to the heap: also what the allocator wastes and keeps. ". \
    "Logarithmic. Open marks: leaks. Grey line: ".baseline." on ".allocator[1]."."
method_text = "Means over the operations, from a process of its own, which is not timed, after a warm-up; less what the process had besides."
load plots."/held.gp"
