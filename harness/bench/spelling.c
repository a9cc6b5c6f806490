#include "bench/spelling.h"

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

enum { LONGEST = 63 };

static size_t smaller(size_t a, size_t b)
{
    return a < b ? a : b;
}

/* Optimal string alignment: the Levenshtein table, with a swap of neighbours as one step. */
size_t spelling_distance(const char *a, const char *b)
{
    size_t length_a = strlen(a), length_b = strlen(b);
    if (length_a > LONGEST || length_b > LONGEST)
        return SIZE_MAX;
    size_t rows[3][LONGEST + 1];
    for (size_t j = 0; j <= length_b; j++)
        rows[0][j] = j;
    for (size_t i = 1; i <= length_a; i++) {
        size_t *row = rows[i % 3];
        const size_t *above = rows[(i + 2) % 3], *above2 = rows[(i + 1) % 3];
        row[0] = i;
        for (size_t j = 1; j <= length_b; j++) {
            row[j] = smaller(smaller(above[j], row[j - 1]) + 1, above[j - 1] + (a[i - 1] != b[j - 1]));
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                row[j] = smaller(row[j], above2[j - 2] + 1);
        }
    }
    return rows[length_a % 3][length_b];
}

static bool begins_with(const char *text, const char *start)
{
    return *start && strncmp(text, start, strlen(start)) == 0;
}

const char *spelling_nearest(const char *word, const char *const known[], size_t count)
{
    const char *nearest = NULL;
    size_t least = SIZE_MAX;
    for (size_t i = 0; i < count; i++) {
        size_t distance = begins_with(known[i], word) ? 1 : spelling_distance(word, known[i]);
        if (distance < least && distance <= (strlen(known[i]) + 2) / 3) {
            nearest = known[i];
            least = distance;
        }
    }
    return nearest;
}
