/* `reclaim minheap`: the search alone, with a table. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/format.h"
#include "driver/child.h"
#include "driver/minheap.h"
#include "driver/results.h"
#include "driver/say.h"
#include "driver/setting.h"

/* Payload and header, roughly: what people compare with is the footprint without a limit. */
static void print_one(const struct minheap *heap, int label_width)
{
    printf("%-*s  ", label_width, heap->cell->label);
    if (heap->works_bytes)
        printf("%9s  %9s  %6.2f  %6u\n", format_bytes((double)heap->works_bytes).text,
               format_bytes((double)heap->unlimited_bytes).text,
               (double)heap->unlimited_bytes / (double)heap->works_bytes, heap->probes);
    else if (heap->unlimited_bytes)
        printf("none up to %s, though without a limit it takes %s\n", format_bytes((double)heap->fails_bytes).text,
               format_bytes((double)heap->unlimited_bytes).text);
    else
        printf("%s: %s\n", heap->status, heap->detail);
}

/* How many have none. */
static size_t print_table(const struct minheap *found, size_t count)
{
    int width = (int)strlen("cell");
    size_t failed = 0;
    for (size_t i = 0; i < count; i++)
        width = (int)strlen(found[i].cell->label) > width ? (int)strlen(found[i].cell->label) : width;
    printf("%-*s  %9s  %9s  %6s  %6s\n", width, "cell", "smallest", "no limit", "ratio", "probes");
    for (size_t i = 0; i < count; i++) {
        print_one(&found[i], width);
        failed += !found[i].works_bytes;
    }
    puts("smallest: the least heap limit with which every repetition ran, to 1 %; no limit: the footprint without one");
    return failed;
}

/* Results of an own, in which a search that was cut off goes on: unlike a run's, the folder may have some. */
static char *folder_of(const struct run_options *options, const struct experiment *experiment)
{
    return options->out ? must_copy(options->out) : must_print("results/%s-minheap", experiment->name);
}

int minheap_command(const struct run_options *options)
{
    struct setting setting;
    int code = EXIT_USAGE;
    if (setting_make(&setting, options) == 0) {
        char *folder = folder_of(options, setting.experiment);
        struct minheap *found;
        enum minheap_end end = minheap_find(&setting.plan, folder, NULL, &found);
        if (end == MINHEAP_INTERRUPTED)
            say("stopped; the same command goes on from %s", folder);
        code = end == MINHEAP_INTERRUPTED ? EXIT_INTERRUPTED : EXIT_SOME_FAILED;
        if (end == MINHEAP_FOUND && minheap_write(found, setting.plan.cell_count, folder) == 0) {
            code = print_table(found, setting.plan.cell_count) ? EXIT_SOME_FAILED : EXIT_ALL_OK;
            printf("%s/%s\n", folder, schema_tables[TABLE_MINHEAP].file);
        }
        free(found);
        free(folder);
    }
    setting_free(&setting);
    return code;
}
