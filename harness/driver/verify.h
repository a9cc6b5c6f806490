/* verify.h: `reclaim verify`: does a run hold what was planned, once each, and is it as it was measured? */
#ifndef VERIFY_H
#define VERIFY_H

/* Prints what it finds. Returns the command's exit code: 1 if something is missing, there twice, or changed. */
int verify_command(const char *folder);

#endif
