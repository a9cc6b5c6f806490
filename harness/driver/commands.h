/* commands.h: what main's table calls. Each takes its name ("reclaim run") and what follows it on the command line,
 * prints its own help, and returns an exit code. */
#ifndef COMMANDS_H
#define COMMANDS_H

/* measuring_commands.c */
int command_run(int count, char **words);
int command_minheap(int count, char **words);

/* folder_commands.c */
int command_list(int count, char **words);
int command_resume(int count, char **words);
int command_merge(int count, char **words);
int command_summary(int count, char **words);
int command_plot(int count, char **words);
int command_report(int count, char **words);
int command_verify(int count, char **words);
int command_schema(int count, char **words);

#endif
