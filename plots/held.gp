# held.gp: what memory.gp and resident.gp share: the figure `held` of figures/cells.csv, of which held_rows rows have one,
# in held_unit.

panels = 0
if (held_rows) {
    stats data("cells") using (panels = int(column("panel")), 0) nooutput
}
array title[panels + 1]
array low[panels + 1]
array high[panels + 1]
array reference[panels + 1]
do for [i=1:panels + 1] { title[i] = ""; low[i] = 1e300; high[i] = 0; reference[i] = NaN }
note(p_, v_) = v_ != v_ ? 0 : (low[p_] = v_ < low[p_] ? v_ : low[p_], high[p_] = v_ > high[p_] ? v_ : high[p_], 0)
if (panels) {
    stats data("cells") using (p = int(column("panel")), title[p] = strcol("title"), \
        note(p, column(held)), \
        reference[p] = column("row") == 1 && column("slot") == 1 ? column(held) : reference[p], 0) nooutput
}

left = name_width
gap_y = 56
open_markers = "6 8 4 12 14 10"
open_marker(slot_) = int(word(open_markers, (int(slot_) - 1) % 6 + 1))
dodge(slot_) = (slot_ - (allocators + 1) / 2.0) * 0.6 / allocators
do for [a=1:allocators] { ok = legend_add(allocator[a], allocator_marker(a), quiet) }
ok = set_canvas(panels, 4, 270, 18 * contenders + 10)
picture = figure

do for [format in formats] {
    eval open_output
    set multiplot
    @heading
    @legend
    nothing_text = "nothing to show: no repetition is ok"
    if (!panels) {
        @say_nothing
    }
    do for [i=1:panels] {
        @place_panel
        set label 6 panel_title(title[i]) at graph 0, graph 1 left offset 0,0.7 font ',12' tc rgb ink
        if (high[i] == 0) { low[i] = 1; high[i] = 1 }   # nobody held anything
        set logscale x
        span = high[i] / low[i] < 4 ? sqrt(4 / (high[i] / low[i])) : 1
        set xrange [low[i] / span / 1.25 : high[i] * span * 1.25]
        eval "set xtics ".log_tics(low[i] / span / 1.25, high[i] * span * 1.25, held_unit, 4)
        set yrange [contenders + 0.6 : 0.4]
        set ytics () scale 0
        do for [r=1:contenders] { set ytics add ((panel_column(i) == 0 ? cut(contender[r], name_length) : "") r) }
        if (reference[i] == reference[i]) {
            set arrow 1 from reference[i], graph 0 to reference[i], graph 1 nohead lc rgb 0xAAAAAA lw 1 back
        }
        plot data("cells") using (column("panel") == i ? column(held) : NaN): \
                (column("row") + dodge(column("slot"))): \
                (column("leaks") == 1 ? open_marker(column("slot")) : allocator_marker(column("slot"))): \
                (colour[int(column("row"))]) with points pt variable ps 0.75 lw 1.3 lc rgb variable
        @clear_labels
    }
    unset multiplot
    unset output
}
