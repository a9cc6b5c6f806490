#define _GNU_SOURCE /* dladdr, RTLD_DEFAULT */
#include "bench/allocator.h"

#include <dlfcn.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

typedef void function(void);

/* The function of that name that calls resolve to; NULL if there is none. */
static function *find(const char *name)
{
    void *address = dlsym(RTLD_DEFAULT, name);
    function *found = NULL;
    memcpy(&found, &address, sizeof found);
    return found;
}

/* The loaded file that holds a function. */
static bool file_of(function *code, Dl_info *file)
{
    void *address;
    memcpy(&address, &code, sizeof address);
    return code && dladdr(address, file) && file->dli_fbase;
}

/* The function of that name, if it is in the same file as malloc: another allocator may be linked, but not in use. */
static function *find_beside(const Dl_info *malloc_file, const char *name)
{
    Dl_info file;
    function *found = find(name);
    return file_of(found, &file) && file.dli_fbase == malloc_file->dli_fbase ? found : NULL;
}

/* One number: 209 is 2.0.9; where minor and patch have two digits each, 30105 is 3.1.5. */
static bool mimalloc_name(const Dl_info *file, char *text, size_t size)
{
    int (*version)(void) = (int (*)(void))find_beside(file, "mi_version");
    if (!version)
        return false;
    int number = version();
    int base = number >= 10000 ? 100 : 10;
    snprintf(text, size, "mimalloc %d.%d.%d", number / (base * base), number / base % base, number % base);
    return true;
}

/* "5.3.0-0-g54eaed1d8b56b1aa528be3bdd1877e59c56fa90c": up to the first dash. */
static bool jemalloc_name(const Dl_info *file, char *text, size_t size)
{
    typedef int control(const char *, void *, size_t *, void *, size_t);
    control *mallctl = (control *)find_beside(file, "mallctl");
    const char *version = NULL;
    size_t version_size = sizeof version;
    if (!mallctl || mallctl("version", &version, &version_size, NULL, 0) != 0 || !version)
        return false;
    snprintf(text, size, "jemalloc %.*s", (int)strcspn(version, "-"), version);
    return true;
}

static bool tcmalloc_name(const Dl_info *file, char *text, size_t size)
{
    typedef const char *version_function(int *, int *, const char **);
    version_function *version = (version_function *)find_beside(file, "tc_version");
    if (!version)
        return false;
    int major = 0, minor = 0;
    const char *patch = "";
    version(&major, &minor, &patch);
    snprintf(text, size, "tcmalloc %d.%d%s", major, minor, patch ? patch : "");
    return true;
}

/* Ours say what they are. */
static bool pymalloc_name(const Dl_info *file, char *text, size_t size)
{
    typedef const char *version_function(void);
    version_function *version = (version_function *)find_beside(file, "pymalloc_version");
    if (version)
        snprintf(text, size, "%s", version());
    return version;
}

static bool glibc_name(const Dl_info *file, char *text, size_t size)
{
    typedef const char *version_function(void);
    version_function *version = (version_function *)find_beside(file, "gnu_get_libc_version");
    if (!version)
        return false;
    snprintf(text, size, "glibc %s", version());
    return true;
}

void allocator_loaded(char *text, size_t size)
{
    Dl_info file;
    if (!file_of(find("malloc"), &file)) {
        snprintf(text, size, "unknown");
        return;
    }
    if (mimalloc_name(&file, text, size) || jemalloc_name(&file, text, size) || tcmalloc_name(&file, text, size) ||
        pymalloc_name(&file, text, size) || glibc_name(&file, text, size))
        return;
    const char *slash = strrchr(file.dli_fname, '/');
    snprintf(text, size, "%s", slash ? slash + 1 : file.dli_fname);
}
