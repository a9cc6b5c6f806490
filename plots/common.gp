# common.gp: what every figure shares: the run's names, colours, sizes, axes. Loaded by the others, after `run` is set.
# Reads <run>/figures/{run,contenders,allocators}.csv.

if (!exists("run")) {
    print "Say which run, from the root of the tree: gnuplot -e \"run='results/NAME'\" plots/".figure.".gp"
    exit status 2
}
set encoding utf8
set datafile separator comma
set datafile columnheaders
load plots."/strategies.gp"

data(name_) = run."/figures/".name_.".csv"

# ---- names ----
cells = 0; ratios = 0; footprints = 0; residents = 0; means = 0; pauses = 0; leaks = 0; utilisations = 0; heaps = 0; overheads = 0; latencies = 0   # rows, so that nothing empty is read
run_id = ""; machine = ""; cost = "time"; method = ""; main_allocator = ""; baseline = ""
stats data("run") using (run_id = strcol("run_id"), machine = strcol("machine"), method = strcol("method"), cost = strcol("cost"), \
    main_allocator = strcol("allocator"), baseline = strcol("baseline"), cells = int(column("cells")), ratios = int(column("ratios")), \
    footprints = int(column("footprints")), residents = int(column("residents")), means = int(column("means")), pauses = int(column("pauses")), leaks = int(column("leaks")), \
    utilisations = int(column("utilisations")), heaps = int(column("heaps")), overheads = int(column("overheads")), \
    latencies = int(column("latencies")), 0) nooutput
stats data("contenders") using (column("row")) nooutput
contenders = int(STATS_max)
array contender[contenders]
array colour[contenders]
array marker[contenders]
array dash[contenders]
unknown = ""   # strategies that strategies.gp does not name
seen = ""
new_style(row_, name_) = ( \
    known_ = place_of(name_, strategy_known), \
    unknown = (known_ || place_of(name_, unknown)) ? unknown : unknown." ".name_, \
    spare_ = known_ ? 1 : (place_of(name_, unknown) - 1) % strategy_spare + 1, \
    colour[row_] = known_ ? strategy_colour[known_] : spare_colour[spare_], \
    marker[row_] = known_ ? strategy_marker[known_] : spare_marker[spare_], \
    dash[row_] = (sum [j_=1:words(seen)] (word(seen, j_) eq name_)) + 1, \
    seen = seen." ".name_, 0)
stats data("contenders") using (contender[int(column("row"))] = strcol("contender"), \
    new_style(int(column("row")), strcol("strategy"))) nooutput
stats data("allocators") using (column("slot")) nooutput
allocators = int(STATS_max)
array allocator[allocators]
stats data("allocators") using (allocator[int(column("slot"))] = strcol("label"), 0) nooutput
# Where the allocator is the marker (filled circle, triangle, square, diamond, pentagon, triangle down).
array allocator_markers = [7, 9, 5, 13, 15, 11]
allocator_marker(slot_) = allocator_markers[(int(slot_) - 1) % 6 + 1]

# ---- text ----
cut(text_, length_) = strlen(text_) > length_ ? text_[1:length_ - 1]."…" : text_
# Letters, digits and _ alone: what SVG's identifiers may have.
plain = ""
letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
plain_text(text_) = (plain = "", sum [i_=1:strlen(text_)] \
    (plain = plain.(strstrt(letters, text_[i_:i_]) ? text_[i_:i_] : "_"), 0), plain)
run_text = "Run ".run_id." on ".machine."."
method_text = "Interval: ".method."."
ink = 0x222222
quiet = 0x666666
faint = 0xDDDDDD

# ---- logarithmic axes: tics that fit, with their unit ----
ns_text(v_) = v_ < 1 ? sprintf("%g ns", v_) : v_ < 999.5 ? sprintf("%g ns", v_) : v_ < 999.5e3 ? sprintf("%g µs", v_ / 1e3) : \
    v_ < 999.5e6 ? sprintf("%g ms", v_ / 1e6) : sprintf("%g s", v_ / 1e9)
bytes_text(v_) = v_ < 999.5 ? sprintf("%g B", v_) : v_ < 999.5e3 ? sprintf("%g kB", v_ / 1e3) : \
    v_ < 999.5e6 ? sprintf("%g MB", v_ / 1e6) : sprintf("%g GB", v_ / 1e9)
ratio_text(v_) = sprintf("%g×", v_)
count_text(v_) = v_ < 999.5 ? sprintf("%g", v_) : v_ < 999.5e3 ? sprintf("%gk", v_ / 1e3) : v_ < 999.5e6 ? \
    sprintf("%gM", v_ / 1e6) : sprintf("%gG", v_ / 1e9)
any_text(kind_, v_) = kind_ eq "none" ? "" : kind_ eq "ns" ? ns_text(v_) : kind_ eq "bytes" ? bytes_text(v_) : kind_ eq "ratio" ? \
    ratio_text(v_) : count_text(v_)

# How densely a range of a logarithmic axis is labelled with room for `room` labels: 1, 2, 5 of each decade; 1 and 3;
# 1; every second, third ... decade.
decades(low_, high_) = log10(high_) - log10(low_)
tic_step(low_, high_, room_) = decades(low_, high_) <= 0 ? 1 : ceil(decades(low_, high_) / room_)
tic(low_, high_, mantissa_, exponent_) = (mantissa_ * 10.0 ** exponent_ >= low_ * 0.999 && \
    mantissa_ * 10.0 ** exponent_ <= high_ * 1.001)
tic_item(low_, high_, kind_, mantissa_, exponent_) = tic(low_, high_, mantissa_, exponent_) ? \
    sprintf(", \"%s\" %.10g", any_text(kind_, mantissa_ * 10.0 ** exponent_), mantissa_ * 10.0 ** exponent_) : ""
# The list for `set xtics`: eval "set xtics ".log_tics(...). Built by a loop, since an expression cannot append.
tics = ""
append_tics(low_, high_, kind_, mantissas_, step_) = (tics = "", \
    sum [e_=floor(log10(low_)):ceil(log10(high_))] ((e_ - floor(log10(low_))) % step_ == 0 ? \
        (sum [m_=1:words(mantissas_)] (tics = tics.tic_item(low_, high_, kind_, real(word(mantissas_, m_)), e_), 0)) : 0), \
    tics)
log_tics(low_, high_, kind_, room_) = "(".substr( \
    decades(low_, high_) * 3 <= room_ ? append_tics(low_, high_, kind_, "1 2 5", 1) : \
    decades(low_, high_) * 2 <= room_ ? append_tics(low_, high_, kind_, "1 3", 1) : \
    append_tics(low_, high_, kind_, "1", int(tic_step(low_, high_, room_))), 3, 10000).")"

# ---- the legend: entries side by side above the panels, in as many lines as they need ----
legend_most = contenders > allocators ? contenders : allocators
legend_count = 0
array legend_text[legend_most]
array legend_marker[legend_most]
array legend_colour[legend_most]
array legend_x[legend_most]
array legend_y[legend_most]
legend_add(text_, marker_, colour_) = (legend_count = legend_count + 1, legend_text[legend_count] = text_, \
    legend_marker[legend_count] = marker_, legend_colour[legend_count] = colour_, 0)
# Gives each entry its place on a canvas of `width`; returns the number of lines.
legend_layout(unused_) = (next_x = 22, next_y = 102, sum [i_=1:legend_count] ( \
    fits_ = next_x == 22 || next_x + text_width(legend_text[i_]) + 20 <= width, \
    next_y = fits_ ? next_y : next_y + 18, legend_x[i_] = fits_ ? next_x : 22, legend_y[i_] = next_y, \
    next_x = legend_x[i_] + text_width(legend_text[i_]) + 44, 0), (next_y - 102) / 18 + 1)
legend = "do for [e=1:legend_count] { set label 30 + e legend_text[e] at screen from_left(legend_x[e]), ". \
    "screen from_top(legend_y[e]) left offset 1.0,0 font ',11' tc rgb ink ". \
    "point pt legend_marker[e] ps 1 lw 1.5 lc rgb legend_colour[e] }"
# Room for the names of the contenders left of the panels.
longest_name = 0
do for [r=1:contenders] { longest_name = strlen(contender[r]) > longest_name ? strlen(contender[r]) : longest_name }
name_length = longest_name > 36 ? 36 : longest_name
name_width = 20 + int(name_length * 6.9)
panel_title(text_) = cut(text_, int(panel_width / 7.0))

# ---- the canvas: a heading, a grid of panels, all in pixels ----
left = 130; right = 20; top = 136; bottom = 48; gap_x = 24; gap_y = 74
# Call with explain_text set and the legend filled.
text_width(text_) = strlen(text_) * 6.3   # in pixels, about, of the font that legends and explanations have
canvas(panels_, columns_, panel_width_, panel_height_) = ( \
    columns = panels_ < columns_ ? (panels_ < 1 ? 1 : panels_) : columns_, \
    rows = (panels_ < 1 ? 1 : int(ceil(real(panels_) / columns))), \
    panel_width = panel_width_, panel_height = panel_height_, \
    width = left + right + columns * panel_width + (columns - 1) * gap_x, \
    width = width < text_width(explain_text) + 32 ? int(text_width(explain_text)) + 32 : width, \
    width = width < 760 ? 760 : width, \
    height = top + bottom + rows * panel_height + (rows - 1) * gap_y, 0)
set_canvas(panels_, columns_, panel_width_, panel_height_) = (canvas(panels_, columns_, panel_width_, panel_height_), \
    top = top + 18 * (legend_layout(0) - 1), canvas(panels_, columns_, panel_width_, panel_height_))
panel_column(i_) = (i_ - 1) % columns
panel_row(i_) = (i_ - 1) / columns
panel_left(i_) = (left + panel_column(i_) * (panel_width + gap_x)) / real(width)
panel_right(i_) = panel_left(i_) + panel_width / real(width)
panel_top(i_) = 1 - (top + panel_row(i_) * (panel_height + gap_y)) / real(height)
panel_bottom(i_) = panel_top(i_) - panel_height / real(height)
from_top(pixels_) = 1 - pixels_ / real(height)
from_left(pixels_) = pixels_ / real(width)
place_panel = "set lmargin at screen panel_left(i); set rmargin at screen panel_right(i); ". \
    "set tmargin at screen panel_top(i); set bmargin at screen panel_bottom(i)"

# The heading, and the legend of allocators where they are markers. Labels 1 to 4, 30 on.
heading = "set label 1 title_text at screen from_left(16), from_top(24) left font ',17' tc rgb ink; ". \
    "set label 2 explain_text at screen from_left(16), from_top(47) left font ',11' tc rgb ink; ". \
    "set label 3 run_text at screen from_left(16), from_top(66) left font ',10' tc rgb quiet; ". \
    "set label 4 method_text at screen from_left(16), from_top(81) left font ',10' tc rgb quiet"
# In place of a figure that has nothing to show.
say_nothing = "set label 5 nothing_text at screen 0.5, screen 0.5 center font ',12'; set xrange [0:1]; set yrange [0:1]; ". \
    "unset tics; unset border; unset grid; plot -1 with lines lc rgb 'white'"
clear_labels = "unset label; unset arrow; unset object"

formats = "svg png"
open_output = "if (format eq 'svg') { ". \
    "  set terminal svg noenhanced size width, height dynamic font 'DejaVu Sans,Helvetica,Arial,sans-serif,11' background rgb 'white' name plain_text(picture);". \
    "} else { if (strstrt(GPVAL_TERMINALS, 'pngcairo')) { ". \
    "  set terminal pngcairo noenhanced size width, height font 'DejaVu Sans,11' fontscale 0.75 background rgb 'white' ". \
    "} else { set terminal png noenhanced size width, height small background rgb 'white' } }; ". \
    "set output run.'/plots/'.picture.'.'.format"

set border 3 lw 0.7 lc rgb 0x888888
set tics nomirror out scale 0.5 tc rgb ink
set grid x lc rgb faint lw 0.6 lt 1
unset key
