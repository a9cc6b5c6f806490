/* fixture.h: what the tests of Python's objects share: a heap per test, in a region; each test says what dies and
 * leaves nothing behind. */
#ifndef PYOBJ_FIXTURE_H
#define PYOBJ_FIXTURE_H

/* cmocka.h wants these before it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "common/dead.h"
#include "common/draw.h"
#include "pyobj/pyobj.h"

/* A strategy that checks as it runs is too slow for all. */
enum { SLOW = (MM_TRAITS & MM_TRAIT_CHECKS) != 0 };

int open_heap(void **state);
int close_heap(void **state);

#define TEST(name) cmocka_unit_test_setup_teardown(name, open_heap, close_heap)

/* Says that a value and all below it die, and drops it. */
void drop(struct mm_root *root);

/* The same of the value alone. */
void drop_alone(struct mm_root *root);

/* A list of the ints 0 to length - 1, by append. */
void make_numbers(int64_t length, struct mm_root *out);

/* A str of a C string in UTF-8. */
struct py_str *make_str(const char *text, struct mm_root *out);

/* Each file of tests has one of these; main.c runs them all. Returns how many failed. */
int number_tests(void);
int str_tests(void);
int sequence_tests(void);
int dict_tests(void);
int set_tests(void);
int deque_tests(void);
int packed_tests(void);
int object_tests(void);
int weak_dict_tests(void);
int json_tests(void);

#endif
