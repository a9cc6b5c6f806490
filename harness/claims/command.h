/* command.h: `reclaim claims`. */
#ifndef CLAIM_COMMAND_H
#define CLAIM_COMMAND_H

/* Returns the command's exit code. */
int claims_command(int count, char **words);

#endif
