/* report_claims.h: the report's chapter on a claim, of a run that `reclaim claims` made. */
#ifndef ANALYSIS_REPORT_CLAIMS_H
#define ANALYSIS_REPORT_CLAIMS_H

#include "sheet.h"

/* What the claims.csv beside the run's folder says of the claim whose run this is; nothing if it says nothing, or
 * cannot be read, which is told. */
void report_claims(struct sheet *sheet, const char *run_dir);

#endif
