#define _GNU_SOURCE /* RTLD_DEFAULT */
#include "contenders.h"

#include <dlfcn.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "pymalloc.h"

#ifndef PYTHON_LIBRARY
#define PYTHON_LIBRARY NULL
#endif

enum { LIBRARIES_MAX = 3 };

/* Where a contender's functions are; all libraries are tried in turn. */
struct source {
    const char *libraries[LIBRARIES_MAX]; /* none: in this process; one that begins with "./": beside this executable */
    const char *malloc, *free;
};

static const struct source sources[CONTENDERS] = {
    [GLIBC] = {.malloc = "malloc", .free = "free"},
    [MIMALLOC] = {{"libmimalloc.so.3", "libmimalloc.so.2", "libmimalloc.so"}, "malloc", "free"},
    [TCMALLOC] = {{"libtcmalloc_minimal.so.4", "libtcmalloc.so.4"}, "malloc", "free"},
    [JEMALLOC] = {{"libjemalloc.so.2", "libjemalloc.so"}, "malloc", "free"},
    [PYOBJECT] = {{PYTHON_LIBRARY}, "PyObject_Malloc", "PyObject_Free"},
    [PYMALLOC_FAST] = {{"./libpymalloc_fast.so"}, "malloc", "free"},
};

/* Linked: under the interpreter's lock there is no lock in it, nor is there in PyObject_Malloc. */
static void *linked_malloc(size_t bytes)
{
    return pymalloc_malloc(bytes);
}

static void linked_free(void *block)
{
    pymalloc_free(block);
}

struct contender contenders[CONTENDERS] = {
    [GLIBC] = {.name = "glibc"},
    [MIMALLOC] = {.name = "mimalloc"},
    [TCMALLOC] = {.name = "tcmalloc"},
    [JEMALLOC] = {.name = "jemalloc"},
    [PYOBJECT] = {.name = "PyObject_Malloc"},
    [PYMALLOC] = {.name = "pymalloc", .malloc = linked_malloc, .free = linked_free},
    [PYMALLOC_FAST] = {.name = "pymalloc_fast"},
};

void contenders_make_room(char **arguments)
{
    static const char name[] = "GLIBC_TUNABLES", room[] = "glibc.rtld.optional_static_tls=65536";
    const char *present = getenv(name);
    if (present && strstr(present, room))
        return;
    setenv(name, room, 1);
    execv("/proc/self/exe", arguments);
    perror("peers-allocators: cannot be started anew; jemalloc may be missing");
}

static void *open_library(const char *library)
{
    char path[PATH_MAX];
    if (library[0] != '.')
        return dlopen(library, RTLD_NOW | RTLD_LOCAL);
    ssize_t length = readlink("/proc/self/exe", path, sizeof path - 1);
    if (length < 0)
        return NULL;
    path[length] = 0;
    char *slash = strrchr(path, '/');
    snprintf(slash, sizeof path - (size_t)(slash - path), "/%s", library + 2);
    return dlopen(path, RTLD_NOW | RTLD_LOCAL);
}

/* The function of that name, as a pointer of the caller's type. */
static void look_up(void *handle, const char *name, void *function)
{
    void *address = dlsym(handle, name);
    memcpy(function, &address, sizeof address);
}

static void open_contender(const struct source *source, struct contender *contender)
{
    void *handle = RTLD_DEFAULT; /* a null pointer, so it cannot say that nothing was opened */
    bool is_open = !source->libraries[0];
    for (size_t i = 0; !is_open && i < LIBRARIES_MAX && source->libraries[i]; i++)
        is_open = (handle = open_library(source->libraries[i])) != NULL;
    if (!is_open) {
        fprintf(stderr, "peers-allocators: %s is left out: %s\n", contender->name, dlerror());
        return;
    }
    look_up(handle, source->malloc, &contender->malloc);
    look_up(handle, source->free, &contender->free);
    if (!contender->malloc || !contender->free) {
        fprintf(stderr, "peers-allocators: %s is left out: there is no %s\n", contender->name, source->malloc);
        contender->malloc = NULL;
    }
}

void contenders_open(bool own)
{
    for (size_t i = 0; i < CONTENDERS; i++)
        if (own && i != GLIBC)
            contenders[i].malloc = NULL;
        else if (sources[i].malloc)
            open_contender(&sources[i], &contenders[i]);
}
