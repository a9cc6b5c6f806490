/* compare.h: `reclaim compare`. */
#ifndef COMPARE_COMMAND_H
#define COMPARE_COMMAND_H

/* `words` from the command on. Returns the exit code. */
int compare_command(int count, char **words);

#endif
