# heap-malloc.gp: time over the baseline's (hand-placed frees), by multiples of the smallest heap that works, after Hertz and
# Berger 2005, "Quantifying the performance of garbage collection vs. explicit memory management". On one allocator.
#
#   gnuplot -e "run='results/NAME'" plots/heap-malloc.gp      from the root of the tree
#
# Reads results/NAME/figures/{run,contenders,allocators,heap}.csv, which `reclaim plot` and `reclaim summary` write.
# Writes results/NAME/plots/heap-malloc.svg and heap-malloc.png.

figure = "heap-malloc"
if (!exists("plots")) plots = "plots"
load plots."/common.gp"

x_column = "multiple"; x_kind = "ratio"; y_column = "over_baseline"; y_kind = "ratio"; spread = 1; points = 0
x_label = "heap limit, as a multiple of the smallest that works"
title_text = "Collectors against ".baseline.", by the room they have"
explain_text = "Lower is better; at 1, as fast as ".baseline.". Dashed: strategies without a heap limit, whatever they take."
load plots."/heap.gp"
