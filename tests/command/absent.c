/* Looks for an allocator that this machine does not have: absent.sh. */
#include "driver/allocator.h"
#include "driver/child.h"

int main(int count, char **words)
{
    child_watch_signals();
    struct allocator allocator = {0};
    int failure = allocator_find(count > 1 ? words[1] : "", "", words[0], &allocator);
    allocator_free(&allocator);
    return failure ? 2 : 0;
}
