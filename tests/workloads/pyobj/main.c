/* Python's objects under one strategy: what they hold and do. Their sizes and growth: tests/pyfacts. */
#include "fixture.h"

int main(void)
{
    return number_tests() + str_tests() + sequence_tests() + dict_tests() + set_tests() + deque_tests() +
           packed_tests() + object_tests() + weak_dict_tests() + json_tests();
}
