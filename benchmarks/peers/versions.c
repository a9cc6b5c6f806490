#include "versions.h"

#include <dlfcn.h>
#include <jansson.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "driver/allocator.h"
#include "driver/child.h"
#include "driver/environment.h"

enum { TIMEOUT_S = 20 };

typedef void line_function(char *line, size_t length, void *context);

static void run_bench(const struct strategy_info *strategy, char *const arguments[], struct environment *environment,
                      line_function *line, void *context)
{
    struct child child = {.path = strategy->bench,
                          .arguments = arguments,
                          .environment = environment->items.items,
                          .timeout_ns = TIMEOUT_S * UINT64_C(1000000000),
                          .line = line,
                          .context = context};
    struct child_end end;
    child_run(&child, &end);
}

/* ---- allocators: a measuring process says what malloc is */

static void take_allocator(char *line, size_t length, void *context)
{
    char **name = context;
    json_t *said = json_loadb(line, length, 0, NULL);
    const char *loaded = json_string_value(json_object_get(said, "allocator_loaded"));
    if (loaded && !*name)
        *name = must_copy(loaded);
    json_decref(said);
}

static void find_allocator(const struct strategy_info *strategy, const struct allocator_info *info,
                           struct strings *versions)
{
    char *preload = *info->sonames ? allocator_locate(info, strategy->bench) : NULL, *name = NULL;
    if (*info->sonames && !preload)
        return;
    char *arguments[] = {strategy->bench,
                         (char *)(uintptr_t) "--workload",
                         (char *)(uintptr_t) "binary_trees",
                         (char *)(uintptr_t) "--param",
                         (char *)(uintptr_t) "depth=1",
                         NULL};
    struct environment environment = environment_copy();
    environment_set(&environment, "LD_PRELOAD", preload);
    run_bench(strategy, arguments, &environment, take_allocator, &name);
    environment_free(&environment);
    if (name)
        strings_take(versions, name);
    free(preload);
}

/* ---- libraries: the dynamic linker says which file, and the file says which version */

struct library {
    const char *strategy, *soname, *function;
    /* The version from the function; owned by the caller. */
    char *(*version)(void *function);
};

static char *libgc_version(void *function)
{
    unsigned (*get)(void);
    memcpy(&get, &function, sizeof get);
    unsigned number = get();
    return must_print("libgc %u.%u.%u", number >> 16, number >> 8 & 255, number & 255);
}

/* "3.11.2 (main, ...) [GCC ...]" */
static char *python_version(void *function)
{
    const char *(*get)(void);
    memcpy(&get, &function, sizeof get);
    const char *text = get();
    return must_print("Python %.*s", (int)strcspn(text, " "), text);
}

static const struct library libraries[] = {
    {"bdwgc", "libgc.so", "GC_get_version", libgc_version},
    {"cpython", "libpython", "Py_GetVersion", python_version},
};

struct trace {
    const char *soname; /* how it begins */
    char *path;
};

/* "\tlibx.so.2 => /lib/libx.so.2 (0x...)" */
static void take_library(char *line, size_t length, void *context)
{
    (void)length;
    struct trace *trace = context;
    const char *name = line + strspn(line, "\t "), *arrow = strstr(name, "=> /");
    if (!trace->path && arrow && strncmp(name, trace->soname, strlen(trace->soname)) == 0)
        trace->path = must_print("%.*s", (int)strcspn(arrow + 3, " "), arrow + 3);
}

static void find_library(const struct strategy_info *strategy, const struct library *library, struct strings *versions)
{
    struct trace trace = {library->soname, NULL};
    char *arguments[] = {strategy->bench, NULL};
    struct environment environment = environment_copy();
    environment_set(&environment, "LD_TRACE_LOADED_OBJECTS", "1");
    run_bench(strategy, arguments, &environment, take_library, &trace);
    environment_free(&environment);
    void *loaded = trace.path ? dlopen(trace.path, RTLD_LAZY | RTLD_LOCAL) : NULL;
    void *function = loaded ? dlsym(loaded, library->function) : NULL;
    if (function)
        strings_take(versions, library->version(function));
    if (loaded)
        dlclose(loaded);
    free(trace.path);
}

void versions_find(const struct catalogue *catalogue, struct strings *versions)
{
    for (const struct allocator_info *info = allocators; info->name; info++)
        find_allocator(&catalogue->strategies[0], info, versions);
    for (size_t i = 0; i < sizeof libraries / sizeof *libraries; i++) {
        const struct strategy_info *strategy = catalogue_strategy(catalogue, libraries[i].strategy);
        if (strategy)
            find_library(strategy, &libraries[i], versions);
    }
}
