/* Random requests against a shadow that knows what every block has to hold; with and without memory from the system. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "pool.h"
#include "random.h"
#include "system.h"
#include "variants.h"

enum { SLOTS = 3000, STEPS = 60000, BYTES_MAX = 700 };

struct slot {
    unsigned char *block;
    size_t bytes;
    unsigned char tag;
};

struct shadow {
    const struct variant *variant;
    struct slot slots[SLOTS];
    uint64_t random;
    size_t refused;
};

/* What --wrap makes of pymalloc_map and of the real one: refuses a share of what is asked, of 16. */
static unsigned refused_share;
static uint64_t refused_random = 1;
void *__real_pymalloc_map(size_t bytes);
void *__wrap_pymalloc_map(size_t bytes);

void *__wrap_pymalloc_map(size_t bytes)
{
    return next_random(&refused_random) % 16 < refused_share ? NULL : __real_pymalloc_map(bytes);
}

/* ---- what a block has to be */

static void fill(struct slot *slot, uint64_t random)
{
    slot->tag = (unsigned char)random;
    if (slot->block)
        memset(slot->block, slot->tag, slot->bytes);
}

static void assert_holds(const struct slot *slot, size_t bytes)
{
    for (size_t i = 0; i < bytes; i++)
        if (slot->block[i] != slot->tag)
            fail_msg("byte %zu of %zu is not what was written to it", i, slot->bytes);
}

/* Aligned, large enough, and small exactly if ours: unless the system refused. */
static void assert_fits(const struct shadow *shadow, const struct slot *slot)
{
    const struct variant *variant = shadow->variant;
    assert_true((uintptr_t)slot->block % PYMALLOC_ALIGNMENT == 0);
    if (!variant->owns(slot->block)) {
        assert_true(!pymalloc_is_small(slot->bytes) || refused_share);
        return;
    }
    assert_true(pymalloc_is_small(slot->bytes));
    assert_true(variant->usable(slot->block) >= slot->bytes);
}

/* ---- steps */

static void step_new(struct shadow *shadow, struct slot *slot, size_t bytes, uint64_t random)
{
    bool zeroed = random % 4 == 0;
    slot->bytes = bytes;
    slot->block = zeroed ? shadow->variant->calloc(bytes % 7 ? 1 : 7, bytes % 7 ? bytes : bytes / 7)
                         : shadow->variant->malloc(bytes);
    assert_non_null(slot->block);
    assert_fits(shadow, slot);
    slot->tag = 0;
    if (zeroed)
        assert_holds(slot, bytes);
    fill(slot, random >> 8);
}

/* What came from the other allocator stays there. */
static void step_resize(struct shadow *shadow, struct slot *slot, size_t bytes, uint64_t random)
{
    bool was_ours = shadow->variant->owns(slot->block);
    size_t kept = bytes < slot->bytes ? bytes : slot->bytes;
    slot->block = shadow->variant->realloc(slot->block, bytes);
    assert_non_null(slot->block);
    slot->bytes = bytes;
    assert_holds(slot, kept);
    if (was_ours)
        assert_true(shadow->variant->owns(slot->block) == pymalloc_is_small(bytes) || refused_share);
    else
        assert_false(shadow->variant->owns(slot->block));
    fill(slot, random);
}

static void step_free(struct shadow *shadow, struct slot *slot)
{
    assert_holds(slot, slot->bytes);
    shadow->variant->free(slot->block);
    slot->block = NULL;
}

/* Phases of growing and of shrinking, so that arenas fill and become empty. */
static void step(struct shadow *shadow, size_t number)
{
    uint64_t random = next_random(&shadow->random);
    struct slot *slot = &shadow->slots[random % SLOTS];
    size_t bytes = random >> 16 & 1 ? 1 + (random >> 20) % 64 : 1 + (random >> 20) % BYTES_MAX;
    bool grows = number / (STEPS / 6) % 2 == 0;
    unsigned choice = (unsigned)(random >> 40) % 8;
    if (!slot->block) {
        if (grows || choice < 2)
            step_new(shadow, slot, bytes, random >> 44);
    } else if (choice == 7) {
        step_resize(shadow, slot, bytes, random >> 44);
    } else if (!grows || choice < 3) {
        step_free(shadow, slot);
    }
}

static void run(const struct variant *variant, unsigned share)
{
    struct shadow *shadow = calloc(1, sizeof *shadow);
    shadow->variant = variant;
    shadow->random = 0x2545F4914F6CDD1Du;
    refused_share = share;
    for (size_t i = 0; i < STEPS; i++) {
        step(shadow, i);
        if (i % 256 == 0)
            assert_whole(variant);
    }
    for (size_t i = 0; i < SLOTS; i++)
        if (shadow->slots[i].block)
            step_free(shadow, &shadow->slots[i]);
    assert_whole(variant);
    variant->close();
    assert_whole(variant);
    refused_share = 0;
    free(shadow);
}

static void test_model(void **state)
{
    (void)state;
    for (size_t i = 0; i < VARIANTS; i++)
        run(&variants[i], 0);
}

/* More of one size than a bin or a pool has, freed in the order of allocation, in the reverse one, and in none. */
enum { DEEP = 6000 };

static void free_deep(const struct variant *variant, size_t *blocks[], unsigned order)
{
    uint64_t random = 1;
    for (size_t i = 0; i < DEEP; i++) {
        size_t left = DEEP - i, place = order == 0 ? i : order == 1 ? left - 1 : next_random(&random) % left;
        assert_true(*blocks[place] < DEEP);
        variant->free(blocks[place]);
        if (order == 2)
            blocks[place] = blocks[left - 1];
    }
}

static void test_deep(void **state)
{
    (void)state;
    static const size_t sizes[] = {16, 64, 272, 512};
    static size_t *blocks[DEEP];
    for (size_t run = 0; run < VARIANTS * 4 * 3; run++) {
        const struct variant *variant = &variants[run / 12];
        for (size_t i = 0; i < DEEP; i++) {
            blocks[i] = variant->malloc(sizes[run / 3 % 4]);
            *blocks[i] = i;
        }
        for (size_t i = 0; i < DEEP; i++)
            assert_int_equal(*blocks[i], i);
        free_deep(variant, blocks, (unsigned)(run % 3));
        assert_whole(variant);
    }
    for (size_t i = 0; i < VARIANTS; i++)
        variants[i].close();
}

/* The other allocator gives what arenas cannot: no request fails. */
static void test_refused(void **state)
{
    (void)state;
    for (size_t i = 0; i < VARIANTS; i++)
        for (unsigned share = 4; share <= 16; share += 6)
            run(&variants[i], share);
}

/* ---- the edges */

/* Too large a request is to be refused under the address sanitizer, too, not reported. */
const char *__asan_default_options(void);
const char *__asan_default_options(void)
{
    return "allocator_may_return_null=1";
}

static void test_edges(void **state)
{
    (void)state;
    for (size_t i = 0; i < VARIANTS; i++) {
        const struct variant *variant = &variants[i];
        variant->free(NULL);
        assert_null(variant->calloc(SIZE_MAX / 2, 3));
        volatile size_t none = 0, too_much = PTRDIFF_MAX;
        assert_null(variant->malloc(too_much));
        void *empty = variant->malloc(none);
        assert_non_null(empty);
        variant->free(empty);
        void *block = variant->realloc(NULL, 40);
        assert_true(variant->owns(block));
        memset(block, 1, 40);
        assert_null(variant->realloc(block, too_much));
        assert_int_equal(((unsigned char *)block)[39], 1);
        variant->free(block);
        assert_false(variant->owns(&variant));
        assert_false(variant->owns(NULL));
        variant->close();
    }
}

/* CPython's rule: a block stays where it is unless more than a quarter of it would be wasted. */
static void test_stays(void **state)
{
    (void)state;
    for (size_t i = 0; i < VARIANTS; i++) {
        const struct variant *variant = &variants[i];
        void *block = variant->malloc(64);
        assert_ptr_equal(variant->realloc(block, 64), block);
        assert_ptr_equal(variant->realloc(block, 49), block);
        void *moved = variant->realloc(block, 48);
        assert_ptr_not_equal(moved, block);
        assert_int_equal(variant->usable(moved), 48);
        variant->free(moved);
        variant->close();
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_model), cmocka_unit_test(test_deep),  cmocka_unit_test(test_refused),
        cmocka_unit_test(test_edges), cmocka_unit_test(test_stays),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
