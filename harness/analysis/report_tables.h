/* report_tables.h: the figures of a run as tables. */
#ifndef ANALYSIS_REPORT_TABLES_H
#define ANALYSIS_REPORT_TABLES_H

#include "sheet.h"
#include "summary.h"

void report_cost_table(struct sheet *sheet, const struct summary *summary, size_t allocator);
void report_sweep_table(struct sheet *sheet, const struct summary *summary, size_t allocator);
void report_memory_table(struct sheet *sheet, const struct summary *summary, size_t allocator);
void report_latency_table(struct sheet *sheet, const struct summary *summary, size_t allocator);
void report_pause_table(struct sheet *sheet, const struct summary *summary, size_t allocator);
void report_utilisation_table(struct sheet *sheet, const struct summary *summary, size_t allocator);
void report_footprint_table(struct sheet *sheet, const struct summary *summary, size_t allocator);
void report_resident_table(struct sheet *sheet, const struct summary *summary);

/* Whether the processor's counters were read in a timed run; and what they counted. */
bool report_has_counters(const struct summary *summary);
void report_counter_table(struct sheet *sheet, const struct summary *summary);
void report_contender_table(struct sheet *sheet, const struct dataset *data);
void report_variant_table(struct sheet *sheet, const struct dataset *data);
void report_leak_table(struct sheet *sheet, const struct summary *summary);
void report_failure_table(struct sheet *sheet, const struct summary *summary);

#endif
