/* Counting on malloc needs nothing opened. */
#include "hand.h"

int hand_open(void)
{
    return 0;
}

void hand_close(void) {}
