/* The coverage-guided front end: clang's libFuzzer. */
#include "driver.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    fuzz_one(data, size, (struct fuzz_options){0});
    return 0;
}
