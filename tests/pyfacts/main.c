/* Python's objects under one strategy, held to what CPython 3.11.7 says of its own. */
#include "facts.h"

int main(void)
{
    return getsizeof_tests() + growth_tests() + replay_tests() + value_tests() + traced_tests();
}
