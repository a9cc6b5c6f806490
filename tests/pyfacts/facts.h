/* facts.h: what CPython 3.11.7 says of its own objects, from data/. README.md says which fact is checked where. */
#ifndef PYFACTS_H
#define PYFACTS_H

#include <jansson.h>

#include "fixture.h"

/* The facts under this name: of pyfacts-3.11.7.json, and of growth-3.11.7.json. */
json_t *fact(const char *name);
json_t *recorded(const char *name);

/* An integer of an array. */
int64_t number_at(const json_t *array, size_t index);

/* A str of a JSON string. */
struct py_str *str_of(const json_t *text, struct mm_root *out);

/* Where the strategy's headers are CPython's: an object takes what sys.getsizeof says. */
bool headers_are_cpythons(void);

/* Fails unless Python would say this of the object's size and, where headers are CPython's, it takes as much. */
void expect_size(void *object, size_t bytes, const char *what);

/* Each file of tests has one; main.c runs them all. */
int getsizeof_tests(void);
int growth_tests(void);
int replay_tests(void);
int value_tests(void);
int traced_tests(void);

#endif
