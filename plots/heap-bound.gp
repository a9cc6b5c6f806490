# heap-bound.gp: cost over the lower bound, against heap size. The bound is the least of time less collections, of all that
# collect (Cai et al. 2022, "Distilling the real cost of production garbage collectors"). On one allocator: the run's first.
#
#   gnuplot -e "run='results/NAME'" plots/heap-bound.gp      from the root of the tree
#
# Reads results/NAME/figures/{run,contenders,allocators,heap}.csv, which `reclaim plot` and `reclaim summary` write.
# Writes results/NAME/plots/heap-bound.svg and heap-bound.png.

figure = "heap-bound"
if (!exists("plots")) plots = "plots"
load plots."/common.gp"

x_column = "heap_bytes"; x_kind = "bytes"; y_column = "over_bound"; y_kind = "ratio"; spread = 0; points = 1
x_label = "heap limit; of a point alone, largest footprint"
title_text = "Cost over the lower bound"
explain_text = "1: the least of time less collections, of all that collect. What a collector costs between its pauses is in that bound: nogc shows how much."
method_text = "Allocator ".main_allocator.". Cai et al. 2022. Means; their intervals are those of heap-time."
load plots."/heap.gp"
