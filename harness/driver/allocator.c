#include "driver/allocator.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "driver/catalogue.h"
#include "driver/child.h"
#include "driver/environment.h"
#include "driver/say.h"
#include "driver/text.h"

const struct allocator_info allocators[] = {
#define ALLOCATOR(name, sonames, debian, fedora, arch, homebrew, summary)                                              \
    {#name, sonames, debian, fedora, arch, homebrew, summary},
#include "allocators/allocators.def"
#undef ALLOCATOR
    {.name = NULL},
};

/* ---- asking the dynamic linker */

struct trace {
    const char *object; /* what was preloaded: a soname or a path */
    char *path;         /* where it was found */
};

/* "\tlibx.so.2 => /lib/libx.so.2 (0x...)" or "\t/path/libx.so (0x...)" */
static void trace_line(char *line, size_t length, void *context)
{
    (void)length;
    struct trace *trace = context;
    char *name = line + strspn(line, "\t "), *rest = strchr(name, ' ');
    if (!rest || trace->path)
        return;
    *rest = 0;
    char *found = strncmp(rest + 1, "=> /", 4) == 0 ? rest + 4 : name;
    found[strcspn(found, " ")] = 0;
    if (strcmp(name, trace->object) == 0 && *found == '/')
        trace->path = must_copy(found);
}

/* Where the linker finds `object` when it is preloaded into `bench`, or NULL. */
static char *trace_preload(const char *object, const char *bench)
{
    struct trace trace = {.object = object};
    struct environment environment = environment_copy();
    environment_set(&environment, "LD_PRELOAD", object);
    environment_set(&environment, "LD_TRACE_LOADED_OBJECTS", "1");
    char *arguments[] = {(char *)(uintptr_t)bench, NULL};
    struct child child = {.path = bench,
                          .arguments = arguments,
                          .environment = environment.items.items,
                          .timeout_ns = 10000000000u,
                          .line = trace_line,
                          .context = &trace};
    struct child_end end;
    child_run(&child, &end);
    environment_free(&environment);
    return trace.path;
}

/* Our own are beside the command, where the linker does not look. */
static char *trace_beside(const char *object, const char *bench)
{
    char *home = catalogue_home(), *path = must_print("%s/%s", home, object);
    char *found = access(path, R_OK) == 0 ? trace_preload(path, bench) : NULL;
    free(path);
    free(home);
    return found;
}

char *allocator_locate(const struct allocator_info *info, const char *bench)
{
    char *sonames = must_copy(info->sonames), *rest = sonames, *path = NULL;
    for (char *soname; !path && (soname = strsep(&rest, ":"));)
        if (*soname && !(path = trace_beside(soname, bench)))
            path = trace_preload(soname, bench);
    free(sonames);
    return path;
}

/* ---- packages */

static bool os_is(const char *os_release, const char *family)
{
    return strstr(os_release, family) != NULL;
}

const char *allocator_package(const struct allocator_info *info)
{
    static char command[256];
    if (!*info->debian)
        return "cmake --build BUILD, which makes it beside this command";
    char os[4096] = "";
    FILE *file = fopen("/etc/os-release", "re");
    if (file) {
        os[fread(os, 1, sizeof os - 1, file)] = 0;
        fclose(file);
    }
    if (os_is(os, "debian"))
        snprintf(command, sizeof command, "apt-get install %s", info->debian);
    else if (os_is(os, "fedora") || os_is(os, "rhel"))
        snprintf(command, sizeof command, "dnf install %s", info->fedora);
    else if (os_is(os, "arch"))
        snprintf(command, sizeof command, "pacman -S %s", info->arch);
    else
        snprintf(command, sizeof command, "brew install %s, or your system's package for it", info->homebrew);
    return command;
}

/* ---- by what the user typed */

static int find_path(const char *name, const char *where, const char *bench, struct allocator *allocator)
{
    char *path = realpath(name, NULL);
    if (!path) {
        say("%s%s: there is no such shared object; an allocator is a name (`reclaim list`) or a path", where, name);
        return -1;
    }
    char *found = strpbrk(path, " :") ? NULL : trace_preload(path, bench);
    if (!found) {
        say("%s%s: the dynamic linker cannot preload it; it must be a shared object for this machine, and no space or "
            "colon may be in its path",
            where, name);
        free(path);
        return -1;
    }
    free(path);
    *allocator = (struct allocator){must_copy(name), found, NULL};
    return 0;
}

static int unknown(const char *name, const char *where)
{
    const char *names[sizeof allocators / sizeof *allocators];
    size_t count = 0;
    for (; allocators[count].name; count++)
        names[count] = allocators[count].name;
    say_unknown(where, "allocator", name, names, count);
    return -1;
}

int allocator_find(const char *name, const char *where, const char *bench, struct allocator *allocator)
{
    if (strchr(name, '/'))
        return find_path(name, where, bench, allocator);
    const struct allocator_info *info = allocators;
    while (info->name && strcmp(info->name, name) != 0)
        info++;
    if (!info->name)
        return unknown(name, where);
    char *preload = NULL;
    if (*info->sonames && !(preload = allocator_locate(info, bench))) {
        say("%sallocator %s is not on this machine; install it: %s", where, name, allocator_package(info));
        return -1;
    }
    *allocator = (struct allocator){must_copy(name), preload, info};
    return 0;
}

void allocator_free(struct allocator *allocator)
{
    free(allocator->name);
    free(allocator->preload);
    *allocator = (struct allocator){0};
}

bool allocator_is(const struct allocator *allocator, const char *loaded)
{
    size_t length = strcspn(loaded, " "); /* of the name; the version is behind it */
    bool is_known = false, is_this = false;
    for (const struct allocator_info *info = allocators; info->name; info++) {
        bool matches = strlen(info->name) == length && strncmp(loaded, info->name, length) == 0;
        is_known |= matches && *info->sonames;
        is_this |= matches && info == allocator->info;
    }
    if (!allocator->info)
        return strncmp(loaded, "glibc", 5) != 0 || strstr(allocator->preload, "libc.so");
    return allocator->preload ? is_this : !is_known;
}
