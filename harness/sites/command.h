/* command.h: `reclaim sites`. */
#ifndef SITES_COMMAND_H
#define SITES_COMMAND_H

/* Reads the words after `reclaim`; the exit code. */
int sites_command(int count, char **words);

#endif
