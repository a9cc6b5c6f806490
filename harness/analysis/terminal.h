/* terminal.h: the comparison as plain text, at most 120 columns wide. */
#ifndef ANALYSIS_TERMINAL_H
#define ANALYSIS_TERMINAL_H

#include <stdio.h>

#include "summary.h"

void terminal_print(const struct summary *summary, FILE *out);

#endif
