#include "driver/user.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>
#define XXH_INLINE_ALL
#include <xxhash.h>

#include "driver/child.h"
#include "driver/csv_file.h"
#include "driver/left_out.h"
#include "driver/say.h"

/* A build of one set of paths. */
struct user {
    const struct experiment *experiment;
    const char *product;       /* what is built for each strategy: `bench` or `sites` */
    char *tree;                /* reclaim's build folder */
    char *folder;              /* this build's */
    char *log;                 /* what CMake and the compiler said last */
    struct strings strategies; /* whose executables are needed */
    int lock;
};

/* ---- what there is to build */

/* A name in C, and one that CMake takes for a target. */
static bool is_identifier(const char *name)
{
    size_t length = strspn(name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_");
    return length && !name[length] && (*name < '0' || *name > '9');
}

static int check_entry(const struct experiment_entry *entry, const char *kind, bool is_taken)
{
    if (!is_identifier(entry->name))
        say("%s: a %s's name is made of letters, digits and _; rename it", entry->path, kind);
    else if (strpbrk(entry->path, "\";\\$\n"))
        say("%s: CMake does not take this path; move it", entry->path);
    else if (is_taken)
        say("%s: there is a %s named %s already; rename it", entry->path, kind, entry->name);
    else
        return 0;
    return -1;
}

static int check_workload(const struct experiment_entry *entry, const struct catalogue *catalogue)
{
    struct stat about;
    if (stat(entry->path, &about) != 0 || !S_ISREG(about.st_mode) || access(entry->path, R_OK) != 0) {
        say("%s: a workload is a readable .c file", entry->path);
        return -1;
    }
    return check_entry(entry, "workload", catalogue_workload(catalogue, entry->name) != NULL);
}

static int check_strategy(const struct experiment_entry *entry, const struct catalogue *catalogue)
{
    char *header = must_print("%s/heap.h", entry->path);
    bool is_strategy = access(header, R_OK) == 0;
    free(header);
    if (!is_strategy) {
        say("%s: a strategy is a folder with a heap.h (docs/extending.md)", entry->path);
        return -1;
    }
    return check_entry(entry, "strategy", catalogue_strategy(catalogue, entry->name) != NULL);
}

static int check_entries(const struct experiment *experiment, const struct catalogue *catalogue)
{
    int failure = 0;
    for (unsigned i = 0; i < experiment->workloads_count && !failure; i++)
        if (experiment->workloads[i].path)
            failure = check_workload(&experiment->workloads[i], catalogue);
    for (unsigned i = 0; i < experiment->strategies_count && !failure; i++)
        if (experiment->strategies[i].path)
            failure = check_strategy(&experiment->strategies[i], catalogue);
    return failure;
}

/* The project; several entries of an experiment may have one path. */
static void print_project(const struct experiment *experiment, const char *tree, struct text *project)
{
    struct strings seen = {0};
    text_add(project,
             "# Written by reclaim.\ncmake_minimum_required(VERSION 3.18)\nproject(reclaim_user LANGUAGES C CXX)\n"
             "include(\"%s/reclaim-config.cmake\")\n",
             tree);
    for (unsigned i = 0; i < experiment->workloads_count + experiment->strategies_count; i++) {
        bool is_workload = i < experiment->workloads_count;
        const char *path =
            is_workload ? experiment->workloads[i].path : experiment->strategies[i - experiment->workloads_count].path;
        if (!path || strings_has(&seen, path))
            continue;
        strings_add(&seen, path);
        text_add(project, "%s(\"%s\")\n", is_workload ? "reclaim_add_workload" : "reclaim_add_strategy", path);
    }
    strings_free(&seen);
}

static bool has_own_workloads(const struct experiment *experiment)
{
    for (unsigned i = 0; i < experiment->workloads_count; i++)
        if (experiment->workloads[i].path)
            return true;
    return false;
}

/* Whether none of the tree's workloads is to be run. */
static bool has_only_own_workloads(const struct experiment *experiment)
{
    for (unsigned i = 0; i < experiment->workloads_count; i++)
        if (!experiment->workloads[i].path)
            return false;
    return true;
}

/* Executables that are watched: a target for every strategy, so that all projects of the same workloads are one. */
static void print_sites(const struct experiment *experiment, const struct catalogue *catalogue, struct text *project)
{
    const char *which = has_only_own_workloads(experiment) ? " OWN" : "";
    for (size_t i = 0; i < catalogue->count; i++)
        text_add(project, "reclaim_add_sites(%s%s)\n", catalogue->strategies[i].name, which);
}

/* With a workload of the user's, every strategy needs another executable. */
static void list_strategies(struct user *user, const struct catalogue *catalogue, bool all)
{
    for (unsigned i = 0; i < user->experiment->strategies_count; i++) {
        const struct experiment_entry *entry = &user->experiment->strategies[i];
        bool is_absent = !entry->path && left_out_find(catalogue, entry->name);
        if ((all || entry->path) && !is_absent && !strings_has(&user->strategies, entry->name))
            strings_add(&user->strategies, entry->name);
    }
}

/* ---- running CMake */

static void log_line(char *line, size_t length, void *context)
{
    (void)length;
    fprintf(context, "%s\n", line);
}

/* Runs cmake, its output added to the log. 0, or -1 without a message. */
static int run_cmake(const struct user *user, const struct strings *arguments)
{
    FILE *log = fopen(user->log, "ae");
    if (!log)
        return -1;
    struct child child = {
        .path = "cmake", .arguments = arguments->items, .together = true, .line = log_line, .context = log};
    struct child_end end;
    int failure = child_run(&child, &end);
    if (failure)
        fprintf(log, "cmake cannot be started: error: %s\n", strerror(-failure));
    fclose(log);
    return failure || !child_succeeded(&end) ? -1 : 0;
}

/* The tree's CMake generator, or NULL. Owned by the caller. */
static char *generator_of(const char *tree)
{
    static const char key[] = "CMAKE_GENERATOR:INTERNAL=";
    char *path = must_print("%s/CMakeCache.txt", tree), *generator = NULL;
    struct text cache = {0};
    char *at = file_read(path, &cache) ? NULL : strstr(text_string(&cache), key);
    if (at)
        generator = must_print("%.*s", (int)strcspn(at + sizeof key - 1, "\n"), at + sizeof key - 1);
    text_free(&cache);
    free(path);
    return generator;
}

static int configure(const struct user *user)
{
    struct strings arguments = {0};
    char *generator = generator_of(user->tree);
    strings_add(&arguments, "cmake");
    strings_add(&arguments, "-C");
    strings_take(&arguments, must_print("%s/reclaim-cache.cmake", user->tree));
    strings_add(&arguments, "-S");
    strings_add(&arguments, user->folder);
    strings_add(&arguments, "-B");
    strings_take(&arguments, must_print("%s/build", user->folder));
    if (generator) {
        strings_add(&arguments, "-G");
        strings_add(&arguments, generator);
    }
    int failure = run_cmake(user, &arguments);
    free(generator);
    strings_free(&arguments);
    return failure;
}

static int build(const struct user *user)
{
    struct strings arguments = {0};
    strings_add(&arguments, "cmake");
    strings_add(&arguments, "--build");
    strings_take(&arguments, must_print("%s/build", user->folder));
    strings_add(&arguments, "--parallel");
    strings_take(&arguments, must_print("%ld", sysconf(_SC_NPROCESSORS_ONLN)));
    strings_add(&arguments, "--target");
    for (size_t i = 0; i < user->strategies.count; i++)
        strings_take(&arguments, must_print("%s-%s", user->product, user->strategies.items[i]));
    int failure = run_cmake(user, &arguments);
    strings_free(&arguments);
    return failure;
}

/* The compiler's first error, or the linker's, or CMake's; the log's last line otherwise. Owned by the caller. */
static char *first_error(const char *log_path)
{
    static const char *const signs[] = {"error: ", "undefined reference", "multiple definition", "CMake Error"};
    struct text log = {0};
    char *found = NULL, *last = NULL;
    if (file_read(log_path, &log) == 0) {
        char *rest = log.bytes;
        for (char *line; !found && (line = strsep(&rest, "\n"));) {
            if (*line)
                last = line;
            for (size_t i = 0; i < sizeof signs / sizeof *signs && !found; i++)
                if (strstr(line, signs[i]))
                    found = line;
        }
    }
    char *copy = must_copy(found ? found : last ? last : "no message");
    text_free(&log);
    return copy;
}

/* ---- the folder */

static int open_folder(struct user *user, const struct text *project)
{
    struct text paths = {0};
    text_add(&paths, "%s\n%s", user->tree, project->bytes);
    char *parent = must_print("%s/user", user->tree);
    user->folder = must_print("%s/%016" PRIx64, parent, XXH3_64bits(paths.bytes, paths.length));
    user->log = must_print("%s/log.txt", user->folder);
    text_free(&paths);
    bool made = (mkdir(parent, 0777) == 0 || errno == EEXIST) && (mkdir(user->folder, 0777) == 0 || errno == EEXIST);
    user->lock = made ? open(user->folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC) : -1;
    free(parent);
    if (user->lock < 0 || flock(user->lock, LOCK_EX) != 0) {
        say("%s: %s; reclaim builds your files there", user->folder, strerror(errno));
        return -1;
    }
    return 0;
}

/* 0; -1 after a message. */
static int build_in_folder(struct user *user, const struct text *project)
{
    char *list = must_print("%s/CMakeLists.txt", user->folder);
    char *cache = must_print("%s/build/CMakeCache.txt", user->folder); /* there: it was configured */
    int failure = access(cache, R_OK) == 0 ? 0 : file_replace(list, project->bytes, project->length);
    bool configured = access(cache, R_OK) == 0;
    if (failure)
        say("%s: %s; reclaim builds your files there", list, strerror(-failure));
    free(list);
    if (failure) {
        free(cache);
        return failure;
    }
    unlink(user->log);
    if (!configured)
        failure = configure(user);
    if (failure)
        unlink(cache); /* CMake writes it though it fails */
    free(cache);
    if (!failure)
        failure = build(user);
    if (failure && child_stop_signal()) {
        say("stopped while building");
    } else if (failure) {
        char *error = first_error(user->log);
        say("does not compile: %s (all of it: %s)", error, user->log);
        free(error);
    }
    return failure;
}

/* A file registers its workload under its own name, and a strategy is called as its folder is. */
static int check_registered(const struct experiment *experiment, const struct catalogue *catalogue)
{
    for (unsigned i = 0; i < experiment->workloads_count; i++) {
        const struct experiment_entry *entry = &experiment->workloads[i];
        if (!entry->path || catalogue_workload(catalogue, entry->name))
            continue;
        say("%s: registers no workload %s; a file has one WORKLOAD(%s), with the file's name", entry->path, entry->name,
            entry->name);
        return -1;
    }
    for (unsigned i = 0; i < experiment->strategies_count; i++) {
        const struct experiment_entry *entry = &experiment->strategies[i];
        if (!entry->path || catalogue_strategy(catalogue, entry->name))
            continue;
        say("%s: its mm_strategy.name is not %s, the folder's name", entry->path, entry->name);
        return -1;
    }
    return 0;
}

static void user_free(struct user *user)
{
    if (user->lock >= 0)
        close(user->lock);
    strings_free(&user->strategies);
    free(user->tree);
    free(user->folder);
    free(user->log);
}

static struct user user_of(const struct experiment *experiment, const char *product, const char *home)
{
    struct user user = {.experiment = experiment, .product = product, .tree = must_print("%s/..", home), .lock = -1};
    char *tree = realpath(user.tree, NULL);
    if (tree) {
        free(user.tree);
        user.tree = tree;
    }
    return user;
}

/* The folder of the executables, owned by the caller; NULL after a message. */
static char *build_project(struct user *user, const struct text *project, const char *status)
{
    if (say_on_terminal())
        say_status(status);
    int failure = open_folder(user, project);
    if (!failure)
        failure = build_in_folder(user, project);
    say_status(NULL);
    return failure ? NULL : must_print("%s/build/bin", user->folder);
}

int user_build(const struct experiment *experiment, struct catalogue *catalogue, const char *home)
{
    struct user user = user_of(experiment, "bench", home);
    list_strategies(&user, catalogue, has_own_workloads(experiment));
    struct text project = {0};
    print_project(experiment, user.tree, &project);
    int failure = user.strategies.count ? check_entries(experiment, catalogue) : 0;
    if (!failure && user.strategies.count) {
        char *bin = build_project(&user, &project, "building your files");
        failure = bin ? catalogue_add(catalogue, bin, &user.strategies) : -1;
        free(bin);
    }
    if (!failure)
        failure = check_registered(experiment, catalogue);
    text_free(&project);
    user_free(&user);
    return failure;
}

char *user_build_sites(const struct experiment *experiment, const struct catalogue *catalogue, const char *home)
{
    struct user user = user_of(experiment, "sites", home);
    list_strategies(&user, catalogue, true);
    struct text project = {0};
    print_project(experiment, user.tree, &project);
    print_sites(experiment, catalogue, &project);
    char *bin = build_project(&user, &project, "building what watches");
    text_free(&project);
    user_free(&user);
    return bin;
}
