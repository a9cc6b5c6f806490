# memory.gp: the largest footprint: a panel per workload, a row per strategy, a mark per allocator.
#
#   gnuplot -e "run='results/NAME'" plots/memory.gp      from the root of the tree
#
# Reads results/NAME/figures/{run,contenders,allocators,cells}.csv, which `reclaim plot` and `reclaim summary` write.
# Writes results/NAME/plots/memory.svg and memory.png.

figure = "memory"
if (!exists("plots")) plots = "plots"
load plots."/common.gp"

held = "peak_footprint_bytes"
held_rows = footprints
held_unit = "bytes"
title_text = "Memory: the largest footprint, by strategy"
explain_text = "Left is leaner. What the strategy held from the allocator or the system, headers and free space included. ". \
    "Logarithmic. Open marks: leaks. Grey line: ".baseline." on ".allocator[1]."."
method_text = "The largest of all repetitions; it is the same in each of them, or nearly."
load plots."/held.gp"
