/* gbench.cc: see gbench.h. What the library (1.7.1) forces on its users, and how it is met here:
 *
 *   - a body that leaves its loop early aborts the process: after an error the loop runs on and does nothing;
 *   - the body also runs for calibration: not with an explicit count of iterations, which is always given;
 *   - rows of several repetitions come together at the end: each run has one repetition;
 *   - SkipWithError still lets the process exit with 0: errors are returned to the caller instead;
 *   - flags take their defaults from BENCHMARK_ variables: those that matter are set explicitly. */
#include "bench/gbench.h"

#include <benchmark/benchmark.h>

#include <cerrno>
#include <cmath>
#include <new>

namespace
{

struct Job {
    const gbench_work *work = nullptr;
    int error = 0;
};

Job job;

void Body(benchmark::State &state)
{
    const gbench_work &work = *job.work;
    job.error = work.before(work.context);
    if (job.error) {
        state.SkipWithError("nothing to time");
        return;
    }
    int error = 0;
    for (auto _ : state) {
        if (!error)
            error = work.iteration(work.context);
    }
    work.after(work.context);
    job.error = error;
}

uint64_t Nanoseconds(double seconds)
{
    return static_cast<uint64_t>(std::llround(seconds * 1e9));
}

/* Keeps the one row of a run. */
class Reporter : public benchmark::BenchmarkReporter
{
  public:
    bool ReportContext(const Context &) override
    {
        return true;
    }

    void ReportRuns(const std::vector<Run> &runs) override
    {
        for (const Run &run : runs) {
            if (run.error_occurred || run.run_type != Run::RT_Iteration)
                continue;
            times = {Nanoseconds(run.real_accumulated_time), Nanoseconds(run.cpu_accumulated_time)};
            rows++;
        }
    }

    gbench_times times = {};
    int rows = 0;
};

/* Once: the flags, and the one benchmark, whose count of iterations is set anew for every run. */
benchmark::internal::Benchmark *Register()
{
    const char *flags[] = {
        "bench",
        "--benchmark_filter=.",
        "--benchmark_list_tests=false",
        "--benchmark_repetitions=1",
        "--benchmark_min_warmup_time=0",
        "--benchmark_enable_random_interleaving=false",
        "--benchmark_out=",
        "--benchmark_perf_counters=",
        "--v=0",
        nullptr,
    };
    int count = sizeof flags / sizeof *flags - 1;
    benchmark::Initialize(&count, const_cast<char **>(flags));
    return benchmark::RegisterBenchmark("bench", Body)->Repetitions(1)->MeasureProcessCPUTime();
}

} // namespace

extern "C" int gbench_run(const gbench_work *work, gbench_times *times)
try {
    static benchmark::internal::Benchmark *const registered = Register();
    job = {work, 0};
    registered->Iterations(static_cast<benchmark::IterationCount>(work->iterations));
    Reporter reporter;
    benchmark::RunSpecifiedBenchmarks(&reporter, nullptr, ".");
    if (job.error)
        return job.error;
    if (reporter.rows != 1)
        return -EIO;
    *times = reporter.times;
    return 0;
} catch (const std::bad_alloc &) {
    return -ENOMEM;
} catch (...) {
    return -EIO;
}
