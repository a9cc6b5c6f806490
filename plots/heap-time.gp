# heap-time.gp: time against heap size: a panel per workload that ran with several heap limits, a line per strategy that
# keeps to one. Who has no limit is a point, at its largest footprint. On one allocator: the run's first.
#
#   gnuplot -e "run='results/NAME'" plots/heap-time.gp      from the root of the tree
#
# Reads results/NAME/figures/{run,contenders,allocators,heap}.csv, which `reclaim plot` and `reclaim summary` write.
# Writes results/NAME/plots/heap-time.svg and heap-time.png.

figure = "heap-time"
if (!exists("plots")) plots = "plots"
load plots."/common.gp"

x_column = "heap_bytes"; x_kind = "bytes"; y_column = "ns_per_operation"; y_kind = "ns"; spread = 1; points = 1
x_label = "heap limit; of a point alone, largest footprint"
title_text = "Time against heap size"
explain_text = "Lower and further left is better: less time, less memory. Time per operation of the workload. Logarithmic."
load plots."/heap.gp"
