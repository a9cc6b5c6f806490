#include "variants.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>

#include <cmocka.h>

#include "fast.h"
#include "pymalloc.h"

static void *faithful_malloc(size_t bytes)
{
    return pymalloc_malloc(bytes);
}

static void faithful_free(void *block)
{
    pymalloc_free(block);
}

static bool faithful_owns(const void *block)
{
    return pymalloc_owns(block);
}

static size_t faithful_usable(const void *block)
{
    return pymalloc_small_bytes(block);
}

static void *fast_malloc(size_t bytes)
{
    return pymalloc_fast_malloc(bytes);
}

static void fast_free(void *block)
{
    pymalloc_fast_free(block);
}

static bool fast_owns(const void *block)
{
    return pymalloc_fast_owns(block);
}

static size_t fast_usable(const void *block)
{
    return pymalloc_fast_small_bytes(block);
}

const struct variant variants[VARIANTS] = {
    {"pymalloc", faithful_malloc, pymalloc_calloc, pymalloc_realloc, faithful_free, faithful_owns, faithful_usable,
     pymalloc_check, pymalloc_close},
    {"pymalloc_fast", fast_malloc, pymalloc_fast_calloc, pymalloc_fast_realloc, fast_free, fast_owns, fast_usable,
     pymalloc_fast_check, pymalloc_fast_close},
};

void assert_whole(const struct variant *variant)
{
    const char *wrong = variant->check();
    if (wrong)
        fail_msg("%s: %s", variant->name, wrong);
}
