/* samples.h: the rows of samples.csv in memory, for what only the whole run can tell: which checksums disagree. */
#ifndef SAMPLES_H
#define SAMPLES_H

#include <stdbool.h>
#include <stddef.h>

#include "driver/text.h"
#include "schema/schema.h"

/* One row; owned. NULL: empty. */
struct sample {
    char *values[SAMPLES_COUNT];
};

struct samples {
    struct sample *rows;
    size_t count, capacity;
};

/* Takes a copy. */
void samples_add(struct samples *samples, const char *const values[SAMPLES_COUNT]);
/* Forgets all rows after the first `count`. */
void samples_cut(struct samples *samples, size_t count);
void samples_free(struct samples *samples);

void sample_set(struct sample *sample, enum SAMPLES_column column, const char *value);
uint64_t sample_number(const struct sample *sample, enum SAMPLES_column column); /* 0 where it is empty */
bool sample_is_ok(const struct sample *sample);

/* Rows of one workload with the same parameters must have one checksum. Those that disagree with what most strategies
 * say become `wrong`; where no checksum has most, all do. Returns how many rows changed. */
size_t samples_judge(struct samples *samples);

/* Takes an earlier judgement back, since there may be more rows now. */
void samples_forget(struct samples *samples);

/* Adds the rows of a samples.csv, by the names of its columns; a last line without its end is left out. 0, or a
 * negative errno. */
int samples_read(struct samples *samples, const char *path);

/* The whole of samples.csv. */
void samples_print(const struct samples *samples, struct text *csv);

#endif
