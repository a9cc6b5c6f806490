/* What the strategy bdwgc asks libgc for. What libgc then asks the system for by itself does not fail: heap limits are
 * what tests that. */
#include <gc/gc.h>
#include <gc/gc_inline.h>
#include <gc/gc_mark.h>

#include "failing.h"

void __real_GC_generic_malloc_many(size_t bytes, int kind, void **list);
void *__real_GC_malloc_kind(size_t bytes, int kind);
void *__real_GC_generic_malloc_ignore_off_page(size_t bytes, int kind);
void *__real_GC_malloc_uncollectable(size_t bytes);
void *__real_GC_malloc_atomic_uncollectable(size_t bytes);
int __real_GC_general_register_disappearing_link(void **link, const void *object);
void __real_GC_register_finalizer_no_order(void *object, GC_finalization_proc finalize, void *data,
                                           GC_finalization_proc *old, void **old_data);

void __wrap_GC_generic_malloc_many(size_t bytes, int kind, void **list);
void *__wrap_GC_malloc_kind(size_t bytes, int kind);
void *__wrap_GC_generic_malloc_ignore_off_page(size_t bytes, int kind);
void *__wrap_GC_malloc_uncollectable(size_t bytes);
void *__wrap_GC_malloc_atomic_uncollectable(size_t bytes);
int __wrap_GC_general_register_disappearing_link(void **link, const void *object);
void __wrap_GC_register_finalizer_no_order(void *object, GC_finalization_proc finalize, void *data,
                                           GC_finalization_proc *old, void **old_data);

/* As libgc tells it. */
static void *out_of_memory(size_t bytes)
{
    return GC_get_oom_fn()(bytes);
}

void __wrap_GC_generic_malloc_many(size_t bytes, int kind, void **list)
{
    if (failing_request())
        *list = out_of_memory(bytes);
    else
        __real_GC_generic_malloc_many(bytes, kind, list);
}

void *__wrap_GC_malloc_kind(size_t bytes, int kind)
{
    return failing_request() ? out_of_memory(bytes) : __real_GC_malloc_kind(bytes, kind);
}

void *__wrap_GC_generic_malloc_ignore_off_page(size_t bytes, int kind)
{
    return failing_request() ? out_of_memory(bytes) : __real_GC_generic_malloc_ignore_off_page(bytes, kind);
}

void *__wrap_GC_malloc_uncollectable(size_t bytes)
{
    return failing_request() ? out_of_memory(bytes) : __real_GC_malloc_uncollectable(bytes);
}

void *__wrap_GC_malloc_atomic_uncollectable(size_t bytes)
{
    return failing_request() ? out_of_memory(bytes) : __real_GC_malloc_atomic_uncollectable(bytes);
}

int __wrap_GC_general_register_disappearing_link(void **link, const void *object)
{
    return failing_request() ? GC_NO_MEMORY : __real_GC_general_register_disappearing_link(link, object);
}

void __wrap_GC_register_finalizer_no_order(void *object, GC_finalization_proc finalize, void *data,
                                           GC_finalization_proc *old, void **old_data)
{
    if (failing_request())
        out_of_memory(1);
    else
        __real_GC_register_finalizer_no_order(object, finalize, data, old, old_data);
}
