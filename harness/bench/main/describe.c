#include "bench/main/describe.h"

#include <string.h>

#include "bench/json.h"
#include "bench/main/catalog.h"
#include "bench/main/params.h"
#include "bench/main/traits.h"
#include "bench/message.h"
#include "bench/options.h"

/* How the workloads in this executable were compiled: from the build. */
#ifndef RECLAIM_BUILD_TYPE
#define RECLAIM_BUILD_TYPE ""
#endif
#ifndef RECLAIM_FLAGS
#define RECLAIM_FLAGS ""
#endif
#ifdef __clang__
#define COMPILER __VERSION__
#else
#define COMPILER "gcc " __VERSION__
#endif

static void describe_traits(const char *key, uint32_t bits)
{
    json_array_begin(key);
    for (const struct trait *trait = traits; trait->name; trait++)
        if (bits & trait->bit)
            json_text(NULL, trait->name);
    json_array_end();
}

static void describe_params(const struct mm_param *params)
{
    for (const struct mm_param *param = params; param && param->name; param++) {
        json_object_begin(NULL);
        json_text("name", param->name);
        json_signed("initial", param->initial);
        json_signed("lowest", param->lowest);
        json_signed("highest", param->highest);
        json_text("help", param->help);
        json_object_end();
    }
}

static void describe_text(const struct workload_param *param)
{
    const char *initial = param->text ? param->text : "";
    json_text("initial", initial);
    json_text("small", param->small_text ? param->small_text : initial);
    json_array_begin("choices");
    for (size_t i = 0; param->choices && param->choices[i]; i++)
        json_text(NULL, param->choices[i]);
    json_array_end();
}

static void describe_integer(const struct workload_param *param)
{
    json_signed("initial", param->initial);
    json_signed("small", param->small);
    json_signed("lowest", param->lowest);
    json_signed("highest", param->highest);
}

static void describe_workload(const struct workload_entry *entry)
{
    const struct workload *workload = entry->workload;
    json_object_begin(NULL);
    json_text("name", entry->name);
    json_text("summary", workload->summary ? workload->summary : "");
    json_text("unit", workload->unit ? workload->unit : "");
    describe_traits("needs", workload->needs);
    json_array_begin("params");
    for (const struct workload_param *param = workload->params; param && param->name; param++) {
        json_object_begin(NULL);
        json_text("name", param->name);
        json_text("kind", param->kind == WORKLOAD_TEXT ? "text" : "integer");
        if (param->kind == WORKLOAD_TEXT)
            describe_text(param);
        else
            describe_integer(param);
        json_text("help", param->help ? param->help : "");
        json_object_end();
    }
    json_array_end();
    json_object_end();
}

int describe(void)
{
    json_object_begin(NULL);
    json_text("strategy", mm_strategy.name);
    json_text("summary", mm_strategy.summary);
    describe_traits("traits", mm_strategy.traits);
    json_array_begin("params");
    describe_params(mm_strategy.params);
    describe_params(harness_params);
    json_array_end();
    json_array_begin("workloads");
    for (size_t i = 0; catalog_at(i); i++)
        describe_workload(catalog_at(i));
    json_array_end();
    json_text("compiler", COMPILER);
    json_text("build_type", RECLAIM_BUILD_TYPE);
    json_text("flags", RECLAIM_FLAGS);
    json_text("version", bench_version);
    json_object_end();
    json_line_end();
    int error = json_flush();
    if (error)
        message("cannot write to stdout: %s", strerror(-error));
    return error ? BENCH_FAILED : BENCH_OK;
}
