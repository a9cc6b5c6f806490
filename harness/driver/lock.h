/* lock.h: a run's folder has one writer.
 *
 * The file `lock` in it is locked (fcntl) as long as the command writes there, and has its process number. The kernel
 * lets go of it however the command ends, so that what a crash leaves behind is in nobody's way; a process that the
 * command started and that lives on does not hold it. Nothing else may open the file: closing it lets go. */
#ifndef LOCK_H
#define LOCK_H

#include <sys/types.h>

#define LOCK_FILE "lock"

/* A descriptor to be given to lock_drop; -EWOULDBLOCK with *owner: another process has it (0: unknown which); or
 * another negative errno. */
int lock_take(const char *folder, pid_t *owner);

/* Says why lock_take failed. */
void lock_say(const char *folder, int failure, pid_t owner);

/* Removes the file, and closes it. */
void lock_drop(const char *folder, int lock);

#endif
