#define _GNU_SOURCE
#include "plot.h"

#include <errno.h>
#include <limits.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "cost.h"
#include "derived.h"
#include "figure_parts.h"
#include "format.h"
#include "grow.h"
#include "message.h"
#include "sweep.h"

extern char **environ;

/* ---- which figures ---- */

static int add_plot(struct plots *plots, const char *script, char *name, char *title, const struct variant *variant)
{
    if (!name || !title || grow(&plots->items, &plots->capacity, plots->count + 1, sizeof *plots->items)) {
        free(name);
        free(title);
        return -ENOMEM;
    }
    plots->items[plots->count++] = (struct plot){script, name, title, variant};
    return 0;
}

static int add_fixed(struct plots *plots, const char *script, const char *title)
{
    return add_plot(plots, script, strdup(script), strdup(title), NULL);
}

static int add_timeline(struct plots *plots, const struct variant *variant)
{
    char slug[128];
    figures_slug(variant->label, slug, sizeof slug);
    struct phrase name = {0}, title = {0};
    phrase_add_format(&name, "timeline-%s", slug);
    phrase_add_format(&title, "Live and footprint over time: %s", variant->label);
    return add_plot(plots, "timeline", phrase_take(&name), phrase_take(&title), variant);
}

static bool any_pauses(const struct summary *summary)
{
    for (size_t i = 0; i < summary->data->cell_count; i++)
        if (summary->data->cells[i].pause_count)
            return true;
    return false;
}

static bool any_latencies(const struct summary *summary)
{
    return summary->data->latency_count > 0;
}

/* With each limit a contender of its own, figures of contenders are a wall of lines: time against heap has it all. */
static bool all_swept(const struct summary *summary)
{
    for (size_t i = 0; i < summary->data->variant_count; i++)
        if (!sweep_is(summary->data, i, figures_allocator(summary)))
            return false;
    return !dataset_is_counted(summary->data);
}

/* What collections cost is known of times alone. */
static bool any_sweep(const struct summary *summary)
{
    if (dataset_is_counted(summary->data))
        return false;
    for (size_t i = 0; i < summary->data->variant_count; i++)
        if (sweep_is(summary->data, i, figures_allocator(summary)))
            return true;
    return false;
}

static bool any_timeline(const struct summary *summary)
{
    for (size_t i = 0; i < summary->data->variant_count; i++)
        if (figures_has_timeline(summary, i))
            return true;
    return false;
}

/* Known of timelines alone, and not of those of older versions. */
static bool any_resident(const struct summary *summary)
{
    for (size_t i = 0; i < summary->data->cell_count; i++)
        if (summary->cells[i].rss_overhead_mean > 0 && figure_row(summary->data, summary->data->cells[i].contender))
            return true;
    return false;
}

static bool any_leaks(const struct summary *summary)
{
    const struct dataset *data = summary->data;
    for (size_t i = 0; i < data->cell_count; i++) {
        const struct contender *contender = &data->contenders[data->cells[i].contender];
        if (data->cells[i].has_usable && !contender->judge && !contender->never_frees &&
            summary_leaks(&summary->cells[i]))
            return true;
    }
    return false;
}

/* Costs are drawn on logarithmic axes. Of what is counted some cells may have none at all, as of system calls. */
static bool all_cost(const struct summary *summary)
{
    for (size_t i = 0; i < summary->data->cell_count; i++)
        if (summary->data->cells[i].has_usable && !(summary->cells[i].cost > 0))
            return false;
    return true;
}

int plots_list(struct plots *plots, const struct summary *summary)
{
    *plots = (struct plots){0};
    bool beside = !all_swept(summary), has_costs = all_cost(summary) && beside;
    int error = has_costs ? add_fixed(plots, "ratio", cost_of(summary->data)->relative) : 0;
    if (!error && has_costs)
        error = add_fixed(plots, "time", cost_of(summary->data)->each);
    if (!error && beside)
        error = add_fixed(plots, "memory", "Largest footprint, workload by workload");
    if (!error && beside && any_resident(summary))
        error = add_fixed(plots, "resident", "Resident memory over live bytes, allocator by allocator");
    if (!error && beside && any_pauses(summary))
        error = add_fixed(plots, "pauses", "How long the program is stopped");
    if (!error && beside && any_pauses(summary))
        error = add_fixed(plots, "mmu", "Minimum mutator utilisation");
    if (!error && beside && any_latencies(summary))
        error = add_fixed(plots, "latency", "How long requests take");
    if (!error && any_sweep(summary))
        error = add_fixed(plots, "heap-time", "Time against heap size");
    if (!error && any_sweep(summary))
        error = add_fixed(plots, "heap-bound", "Cost over the lower bound, against heap size");
    if (!error && any_sweep(summary))
        error = add_fixed(plots, "heap-malloc", "Collectors against the baseline, by multiples of the smallest heap");
    if (!error && any_timeline(summary))
        error = add_fixed(plots, "fragmentation", "Footprint over live bytes, over time");
    if (!error && any_leaks(summary))
        error = add_fixed(plots, "leaks", "What is leaked, iteration by iteration");
    for (size_t i = 0; !error && i < summary->data->variant_count; i++)
        if (figures_has_timeline(summary, i))
            error = add_timeline(plots, &summary->data->variants[i]);
    if (!error)
        return 0;
    plots_free(plots);
    return analysis_no_memory();
}

void plots_free(struct plots *plots)
{
    for (size_t i = 0; i < plots->count; i++) {
        free(plots->items[i].name);
        free(plots->items[i].title);
    }
    free(plots->items);
    *plots = (struct plots){0};
}

/* ---- drawing ---- */

/* A string of gnuplot's, in single quotes, which are doubled inside. */
static void add_quoted(struct phrase *phrase, const char *text)
{
    phrase_add(phrase, "'");
    for (; *text; text++)
        phrase_add_bytes(phrase, *text == '\'' ? "''" : text, *text == '\'' ? 2 : 1);
    phrase_add(phrase, "'");
}

static char *settings(const struct plot *plot, const char *run_dir, const char *folder)
{
    struct phrase text = {0};
    phrase_add(&text, "run=");
    add_quoted(&text, run_dir);
    if (folder) {
        phrase_add(&text, "; plots=");
        add_quoted(&text, folder);
    }
    if (plot->variant) {
        phrase_add(&text, "; variant=");
        add_quoted(&text, plot->name + strlen("timeline-"));
    }
    return phrase_take(&text);
}

char *plot_command(const struct plot *plot, const char *run_dir)
{
    char *text = settings(plot, run_dir, NULL);
    if (!text)
        return NULL;
    struct phrase command = {0};
    phrase_add_format(&command, "gnuplot -e \"%s\" plots/%s.gp", text, plot->script);
    free(text);
    return phrase_take(&command);
}

/* Where the scripts are: RECLAIM_PLOTS of the environment, or plots/ of the tree that this executable was built in, or
 * of the tree that it was built from. */
static bool find_scripts(char *folder)
{
    const char *chosen = getenv("RECLAIM_PLOTS");
    if (chosen && *chosen) {
        snprintf(folder, PATH_MAX, "%s", chosen);
        return access(folder, R_OK) == 0;
    }
    char self[PATH_MAX - 32];
    ssize_t length = readlink("/proc/self/exe", self, sizeof self - 1);
    if (length > 0) {
        self[length] = '\0';
        char *slash = strrchr(self, '/');
        if (slash)
            *slash = '\0';
        char file[PATH_MAX];
        snprintf(folder, PATH_MAX, "%s/../../plots", self);
        snprintf(file, sizeof file, "%s/../../plots/strategies.gp", self);
        if (access(file, R_OK) == 0)
            return true;
    }
    snprintf(folder, PATH_MAX, "%s", RECLAIM_PLOTS);
    return access(folder, R_OK) == 0;
}

/* Starts gnuplot with its output into a pipe. 0 or a negative errno. */
static int start_gnuplot(char *const arguments[], pid_t *pid, int *output)
{
    int ends[2];
    if (pipe(ends) != 0)
        return -errno;
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", 0, 0);
    posix_spawn_file_actions_adddup2(&actions, ends[1], 1);
    posix_spawn_file_actions_adddup2(&actions, ends[1], 2);
    posix_spawn_file_actions_addclose(&actions, ends[0]);
    posix_spawn_file_actions_addclose(&actions, ends[1]);
    int error = -posix_spawnp(pid, arguments[0], &actions, NULL, arguments, environ);
    posix_spawn_file_actions_destroy(&actions);
    close(ends[1]);
    *output = ends[0];
    if (error)
        close(ends[0]);
    return error;
}

/* Keeps the first lines of what it says, and reads on so that it does not wait. */
static void read_output(int output, char *said, size_t bytes)
{
    size_t used = 0;
    char more[4096];
    ssize_t count;
    while ((count = read(output, more, sizeof more)) > 0 || (count < 0 && errno == EINTR))
        for (ssize_t i = 0; i < count && used + 1 < bytes; i++)
            said[used++] = more[i] == '\n' || more[i] == '\t' ? ' ' : more[i];
    said[used] = '\0';
    close(output);
}

static int wait_for(pid_t pid)
{
    int status;
    while (waitpid(pid, &status, 0) < 0)
        if (errno != EINTR)
            return -1;
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128;
}

/* A script that draws says nothing: what it says is a warning or an error. */
static int run_gnuplot(const char *script, char *text)
{
    char said[400];
    pid_t pid = -1;
    int output = -1;
    char *const arguments[] = {(char *)"gnuplot", (char *)"-e", text, (char *)script, NULL};
    int error = start_gnuplot(arguments, &pid, &output);
    if (error == -ENOENT)
        return analysis_fail(error, "gnuplot is not installed, so there are no figures; install gnuplot-nox (Debian, "
                                    "Ubuntu) or gnuplot, then run `reclaim plot`");
    if (error)
        return analysis_fail(error, "gnuplot cannot be started: %s", strerror(-error));
    read_output(output, said, sizeof said);
    if (wait_for(pid) != 0)
        return analysis_fail(-EIO, "gnuplot -e \"%s\" %s failed: %s", text, script, said);
    if (said[strspn(said, " ")])
        analysis_warn("gnuplot -e \"%s\" %s: %s", text, script, said);
    return 0;
}

static int draw(const struct plot *plot, const char *run_dir, const char *folder)
{
    struct phrase script = {0};
    phrase_add_format(&script, "%s/%s.gp", folder, plot->script);
    char *path = phrase_take(&script), *text = settings(plot, run_dir, folder);
    int error = path && text ? run_gnuplot(path, text) : analysis_no_memory();
    free(path);
    free(text);
    return error;
}

static int need_scripts(char *folder)
{
    if (find_scripts(folder))
        return 0;
    return analysis_fail(
        -ENOENT, "%s: the plots' scripts are not there; set RECLAIM_PLOTS to the folder plots/ of the tree", folder);
}

int plot_draw(const char *script, const char *run_dir, const char *more)
{
    char folder[PATH_MAX];
    if (need_scripts(folder))
        return -ENOENT;
    const struct plot plot = {.script = script};
    char *text = settings(&plot, run_dir, folder);
    struct phrase all = {0}, path = {0};
    phrase_add_format(&all, "%s; %s", text ? text : "", more);
    phrase_add_format(&path, "%s/%s.gp", folder, script);
    char *given = phrase_take(&all), *file = phrase_take(&path);
    int error = text && given && file ? run_gnuplot(file, given) : analysis_no_memory();
    free(text);
    free(given);
    free(file);
    return error;
}

int plot_all(const struct summary *summary, const char *run_dir, FILE *out)
{
    char folder[PATH_MAX];
    if (need_scripts(folder))
        return -ENOENT;
    struct plots plots;
    int error = plots_list(&plots, summary);
    for (size_t i = 0; error != -ENOENT && i < plots.count; i++) {
        int failed = draw(&plots.items[i], run_dir, folder);
        if (!failed && out)
            fprintf(out, "%s/plots/%s.svg\n%s/plots/%s.png\n", run_dir, plots.items[i].name, run_dir,
                    plots.items[i].name);
        error = error ? error : failed;
    }
    plots_free(&plots);
    return error;
}
