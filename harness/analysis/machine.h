/* machine.h: what machine.json says, for the report. */
#ifndef ANALYSIS_MACHINE_H
#define ANALYSIS_MACHINE_H

#include <jansson.h>

/* The file's object; an empty one, with a warning on stderr, if it is not there or is no JSON. NULL only when memory
 * is out. */
json_t *machine_load(const char *run_dir);

/* "processor, 2 cores, distribution", as far as it is known; for the caller to free. */
char *machine_line(const json_t *machine);

#endif
