/* list.h: `reclaim list`. */
#ifndef LIST_H
#define LIST_H

/* Prints strategies, workloads, allocators and experiments, or only one of these kinds; or all about one of them by
 * name. NULL: everything. Returns the command's exit code. */
int list_command(const char *what);

#endif
