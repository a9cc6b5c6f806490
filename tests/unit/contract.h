/* contract.h: what the tests of the contract share: the heap of a test, and what its strategy promises. */
#ifndef UNIT_CONTRACT_H
#define UNIT_CONTRACT_H

/* cmocka.h wants these before it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <errno.h>

#include "objects.h"

/* Each file of tests has one of these; main.c runs them all. Returns how many failed. */
int allocation_tests(void);
int references_tests(void);
int buffers_tests(void);
int deep_tests(void);
int limit_tests(void);
int heap_tests(void);
int regions_tests(void);
int cycles_tests(void);
int weak_tests(void);
int finalizers_tests(void);
int control_tests(void);
int events_tests(void);
int introspection_tests(void);
int cascades_tests(void);
int conservative_tests(void);

/* Opens the heap; torture looks at everything at each allocation. */
void heap_open(size_t limit_bytes);
/* The same for tests of very many objects: torture does so now and then only. */
void heap_open_large(size_t limit_bytes);
/* False if the limit is less than the strategy needs from the start. */
bool heap_try_open_large(size_t limit_bytes);
/* Checks its invariants, and closes it. */
void heap_close(void);
/* For cmocka: a heap per test. */
int heap_setup(void **state);
int heap_setup_large(void **state);
int heap_teardown(void **state);

/* Fails the test if an invariant of the heap does not hold. */
void heap_check(void);

/* Collects everything there is to collect, and checks the heap. Returns what mm_collect did. */
size_t settle(void);

uint64_t live_objects(void);

/* So many are live, or were found. A conservative strategy may have kept more for a word that a test left on the stack:
 * then the rest of the test is skipped, and says so. Its bytes are known to the rounding of cells. */
void expect_live(uint64_t objects);
void expect_live_bytes(uint64_t bytes);
void expect_found(uint64_t found, uint64_t objects);

/* After all objects died that were made since `before` (in a region that has ended): none is left, where the strategy
 * reclaims. */
void expect_all_freed(const struct mm_stats *before);

/* True if the strategy frees an acyclic object at once when its last root or field goes, or is told to. */
enum { FREES_AT_ONCE = (MM_TRAITS & (MM_TRAIT_PROMPT | MM_TRAIT_EXPLICIT_FREE)) != 0 };

#define REQUIRE_TRAIT(trait)                                                                                           \
    if (!(MM_TRAITS & (trait)))                                                                                        \
    skip()

#endif
