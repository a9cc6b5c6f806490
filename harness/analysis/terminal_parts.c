#include "terminal_parts.h"

#include <math.h>
#include <string.h>

#include "format.h"

struct unit terminal_cost_unit(const struct dataset *data, double cost)
{
    static const struct unit times[] = {{"ns", 1}, {"µs", 1e3}, {"ms", 1e6}, {"s", 1e9}};
    static const struct unit counts[] = {{"", 1}, {"k", 1e3}, {"M", 1e6}, {"G", 1e9}};
    const struct unit *units = dataset_is_counted(data) ? counts : times;
    size_t unit = 3;
    if (isinf(cost))
        return (struct unit){"", 1};
    while (unit > 0 && cost < units[unit].size)
        unit--;
    return units[unit];
}

void terminal_pad_left(FILE *out, const char *text, size_t width)
{
    size_t used = display_width(text);
    fprintf(out, "%*s%s", (int)(used < width ? width - used : 0), "", text);
}

void terminal_label(FILE *out, const char *label, const char *unit, size_t width)
{
    size_t room = width - 1 - display_width(unit), length = strlen(label);
    if (length > room)
        fprintf(out, "%.*s~", (int)room - 1, label);
    else
        fputs(label, out);
    size_t used = length > room ? room : length;
    fprintf(out, "%*s%s", (int)(width - display_width(unit) - used), "", unit);
}

double terminal_least(const struct summary *summary, size_t variant, size_t allocator, bool all,
                      double (*of)(const struct cell_summary *figures))
{
    const struct dataset *data = summary->data;
    double least = INFINITY;
    for (size_t i = 0; i < data->contender_count; i++) {
        const struct cell_summary *figures = summary_cell(summary, variant, i, allocator);
        if (figures && !data->contenders[i].judge && (all || !data->contenders[i].never_frees))
            least = fmin(least, of(figures));
    }
    return least;
}
