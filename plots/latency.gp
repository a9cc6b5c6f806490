# latency.gp: how long requests take, simple and metered (DaCapo Chopin): three panels per workload that has requests, a line
# per strategy, from the median request to the longest. On one allocator: the run's first.
#
#   gnuplot -e "run='results/NAME'" plots/latency.gp      from the root of the tree
#
# Reads results/NAME/figures/{run,contenders,allocators,latency}.csv, which `reclaim plot` and `reclaim summary` write.
# Writes results/NAME/plots/latency.svg and latency.png.

figure = "latency"
if (!exists("plots")) plots = "plots"
load plots."/common.gp"

table = "latency"
curves = latencies
panel_rise = 270
banded = 1
x_label = "share of requests that are faster"
nothing_text = "no workload with requests in this run"
title_text = "Latency: how long a request takes"
explain_text = "Lower is better. Read: \"99 %\" - one request in a hundred takes longer than this. The last point of a line is the longest request. Logarithmic."
method_text = "Allocator ".main_allocator.". Metered: requests within 10 ms, or of a whole repetition (full), are taken to arrive at even distances, and queue after a pause. Bands: 95 % intervals."
load plots."/tails.gp"
