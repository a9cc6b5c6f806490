#include "driver/list.h"

#include <glob.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "driver/allocator.h"
#include "driver/catalogue.h"
#include "driver/experiment.h"
#include "driver/left_out.h"
#include "driver/say.h"

static void print_words(const char *title, const json_t *words)
{
    if (!json_array_size(words))
        return;
    printf("    %s:", title);
    for (size_t i = 0; i < json_array_size(words); i++)
        printf(" %s", json_string_value(json_array_get(words, i)));
    putchar('\n');
}

static void print_param(const struct param *param)
{
    printf("      %s=%s", param->name, *param->initial ? param->initial : "\"\"");
    if (!param->is_text)
        printf(" (%" PRId64 " to %" PRId64 ")", param->lowest, param->highest);
    for (size_t i = 0; i < param->choice_count; i++)
        printf("%s%s%s", i ? ", " : " (", param->choices[i], i + 1 == param->choice_count ? ")" : "");
    printf("  %s\n", param->help);
}

static void print_params(const struct params *params)
{
    for (size_t i = 0; i < params->count; i++)
        print_param(&params->items[i]);
}

static void print_strategy(const struct strategy_info *strategy)
{
    printf("  %s: %s\n", strategy->name, strategy->summary);
    print_words("traits", strategy->traits);
    print_params(&strategy->params);
}

static void print_left_out(const struct strategy_info *strategy)
{
    printf("  %s: not in this build: it %s\n", strategy->name, strategy->left_out);
}

static void print_workload(const struct workload_info *workload)
{
    printf("  %s: %s (counts %s)\n", workload->name, workload->summary, workload->unit);
    print_words("needs", workload->needs);
    print_params(&workload->params);
}

static void print_strategies(const struct catalogue *catalogue)
{
    puts("strategies");
    for (size_t i = 0; i < catalogue->count; i++)
        print_strategy(&catalogue->strategies[i]);
    for (size_t i = 0; i < catalogue->left_out_count; i++)
        print_left_out(&catalogue->left_out[i]);
}

static void print_workloads(const struct catalogue *catalogue)
{
    struct strings names = {0};
    puts("workloads");
    catalogue_workload_names(catalogue, &names);
    for (size_t i = 0; i < names.count; i++)
        print_workload(catalogue_workload(catalogue, names.items[i]));
    strings_free(&names);
}

static void print_allocators(const struct catalogue *catalogue)
{
    puts("allocators");
    for (const struct allocator_info *info = allocators; info->name; info++) {
        char *path = *info->sonames ? allocator_locate(info, catalogue->strategies[0].bench) : NULL;
        printf("  %s: %s\n", info->name, info->summary);
        if (path)
            printf("    %s\n", path);
        else if (*info->sonames)
            printf("    not on this machine: %s\n", allocator_package(info));
        free(path);
    }
    puts("  PATH: any shared object that has malloc");
}

/* Those in experiments/ of the current folder, or else of the tree that this was built from. */
static void print_experiments(void)
{
    glob_t found = {0};
    if (glob("experiments/*.yaml", 0, NULL, &found) != 0)
        glob(RECLAIM_SOURCE_DIR "/experiments/*.yaml", 0, NULL, &found);
    puts("experiments");
    for (size_t i = 0; i < found.gl_pathc; i++) {
        struct experiment_source source;
        struct experiment *experiment = experiment_read(found.gl_pathv[i], &source);
        if (experiment)
            printf("  %s: %s\n", found.gl_pathv[i], experiment->description ? experiment->description : "");
        experiment_free(experiment);
        experiment_source_free(&source);
    }
    globfree(&found);
}

static int print_one(const struct catalogue *catalogue, const char *name)
{
    const struct strategy_info *strategy = catalogue_named(catalogue, name);
    const struct workload_info *workload = catalogue_workload(catalogue, name);
    if (strategy)
        (strategy->left_out ? print_left_out : print_strategy)(strategy);
    if (workload)
        print_workload(workload);
    if (strategy || workload)
        return EXIT_ALL_OK;
    struct strings names = {0};
    static const char *const kinds[] = {"strategies", "workloads", "allocators", "experiments"};
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        strings_add(&names, kinds[i]);
    catalogue_strategy_names(catalogue, &names);
    catalogue_workload_names(catalogue, &names);
    say_unknown("", "strategy, workload or kind", name, (const char *const *)names.items, names.count);
    strings_free(&names);
    return EXIT_USAGE;
}

int list_command(const char *what)
{
    char *home = catalogue_home();
    struct catalogue catalogue = {0};
    int code = EXIT_ALL_OK;
    if (catalogue_add(&catalogue, home, NULL))
        code = EXIT_SOME_FAILED;
    else if (!what || strcmp(what, "strategies") == 0)
        print_strategies(&catalogue);
    if (code == EXIT_ALL_OK && (!what || strcmp(what, "workloads") == 0))
        print_workloads(&catalogue);
    if (code == EXIT_ALL_OK && (!what || strcmp(what, "allocators") == 0))
        print_allocators(&catalogue);
    if (code == EXIT_ALL_OK && (!what || strcmp(what, "experiments") == 0))
        print_experiments();
    static const char kinds[] = " strategies workloads allocators experiments ";
    char *word = must_print(" %s ", what ? what : "strategies");
    if (code == EXIT_ALL_OK && !strstr(kinds, word))
        code = print_one(&catalogue, what);
    free(word);
    catalogue_free(&catalogue);
    free(home);
    return code;
}
