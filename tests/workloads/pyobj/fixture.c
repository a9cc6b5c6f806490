#include "fixture.h"

static struct mm_region region;

int open_heap(void **state)
{
    struct mm_config config = {0};
    if (mm_heap_open(&config))
        return -1;
    mm_region_begin(&region);
    *state = &region;
    return 0;
}

int close_heap(void **state)
{
    enum { MAY_LEAVE = MM_TRAITS & (MM_TRAIT_NEVER_FREES | MM_TRAIT_CONSERVATIVE) };
    struct mm_stats stats;
    mm_region_end(*state);
    mm_collect(MM_GENERATIONS - 1);
    mm_stats_get(&stats);
    const char *broken = mm_heap_check();
    mm_heap_close();
    if (broken)
        fail_msg("%s", broken);
    if (!MAY_LEAVE && stats.objects_allocated != stats.objects_freed)
        fail_msg("%llu objects leaked", (unsigned long long)(stats.objects_allocated - stats.objects_freed));
    return 0;
}

void drop(struct mm_root *root)
{
    if (WORK_SAYS_DEAD)
        py_dead_tree(mm_root_get(root), true);
    mm_root_set(root, NULL);
}

void drop_alone(struct mm_root *root)
{
    if (mm_root_get(root))
        py_dead(mm_root_get(root));
    mm_root_set(root, NULL);
}

void make_numbers(int64_t length, struct mm_root *out)
{
    MM_ROOT(item);
    assert_non_null(py_list_new(out));
    for (int64_t i = 0; i < length; i++) {
        assert_non_null(py_int_new(i, &item));
        assert_int_equal(py_list_append(out, &item), 0);
        assert_null(mm_root_get(&item));
    }
}

struct py_str *make_str(const char *text, struct mm_root *out)
{
    struct py_str *str = py_str_new(text, strlen(text), out);
    assert_non_null(str);
    return str;
}
