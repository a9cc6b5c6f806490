/* procfs.h: what the kernel tells in small text files, /proc and /sys. All texts are owned by the caller; NULL: the
 * file is not there, or does not say. */
#ifndef PROCFS_H
#define PROCFS_H

#include <stdint.h>

/* A file's first line, without its newline. */
char *procfs_line(const char *path);

/* The value of the first "key<spaces>:<spaces>value", or of KEY="value" where the separator is '='. */
char *procfs_value(const char *path, const char *key, char separator);

/* The chosen word of "always [madvise] never". */
char *procfs_chosen(const char *path);

/* A size of /proc/meminfo; 0: unknown. */
int64_t procfs_memory_bytes(const char *key);

/* Jiffies of all CPUs since the start: in all, and taken by the hypervisor. 0 and 0 where they are unknown. */
struct procfs_jiffies {
    int64_t all, stolen;
};
struct procfs_jiffies procfs_jiffies(void);

/* Whether the processor says that a hypervisor gives it. */
enum procfs_answer { PROCFS_UNKNOWN, PROCFS_NO, PROCFS_YES };
enum procfs_answer procfs_virtual(void);

/* How many processes and threads have or want a core at this moment, this one included; 0: unknown. */
long procfs_running(void);

#endif
