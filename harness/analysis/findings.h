/* findings.h: what a hurried reader wants to know, as sentences computed from the figures. */
#ifndef ANALYSIS_FINDINGS_H
#define ANALYSIS_FINDINGS_H

#include "sheet.h"
#include "summary.h"

/* A list of sentences: who is fastest where, the cost over the baseline, leaks, pauses. */
void findings_write(struct sheet *sheet, const struct summary *summary);

#endif
