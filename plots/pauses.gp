# pauses.gp: how long the program is stopped: a panel per workload, a line per strategy, from the median pause to the
# longest. On one allocator: the run's first.
#
#   gnuplot -e "run='results/NAME'" plots/pauses.gp      from the root of the tree
#
# Reads results/NAME/figures/{run,contenders,allocators,pauses}.csv, which `reclaim plot` and `reclaim summary` write.
# Writes results/NAME/plots/pauses.svg and pauses.png.

figure = "pauses"
if (!exists("plots")) plots = "plots"
load plots."/common.gp"

table = "pauses"
curves = pauses
panel_rise = 190
banded = 0
x_label = "share of pauses that are shorter"
nothing_text = "no pauses in this run"
title_text = "Pauses: how long the program is stopped"
explain_text = "Lower is better. Read: \"99 %\" - one pause in a hundred is longer than this. The last point of a line is the longest pause. Logarithmic."
method_text = "Allocator ".main_allocator.". All pauses of all repetitions: collections, and chains of more than 1000 frees (from the 1000th free on)."
load plots."/tails.gp"
