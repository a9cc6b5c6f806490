/* load.h: how dataset.c fills a dataset from the tables, step by step. */
#ifndef ANALYSIS_LOAD_H
#define ANALYSIS_LOAD_H

#include "dataset.h"

/* samples.csv into cells and their samples, in the order of the file. -ENODATA without any row. */
int load_samples(struct dataset *data, const char *run_dir);

/* Finds contenders, variants and allocators, labels them, and puts the cells in order. */
int load_order_cells(struct dataset *data);

/* pauses.csv, latency.csv and timeline.csv, where they are: rows of usable repetitions, and of cells that have any,
 * alone. */
int load_pauses(struct dataset *data, const char *run_dir);
int load_latency(struct dataset *data, const char *run_dir);
int load_timeline(struct dataset *data, const char *run_dir);

#endif
