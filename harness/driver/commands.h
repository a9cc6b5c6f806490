/* commands.h: what main's table calls. Each takes its name ("reclaim run") and what follows it on the command line,
 * prints its own help, and returns an exit code. */
#ifndef COMMANDS_H
#define COMMANDS_H

#include <stdbool.h>

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

/* What `summary`, `plot` and `report` do with a folder: 0 or a negative errno, after a message. */
typedef int folder_act(const char *folder);
enum folder_command { FOLDER_SUMMARY, FOLDER_PLOT, FOLDER_REPORT, FOLDER_COMMANDS };

/* A kind of folder. */
struct folder_kind {
    const char *mark;                   /* the newest in results/ is known by this file */
    bool (*is_one)(const char *folder); /* NULL: of a run, which is what any folder is taken for */
    folder_act *acts[FOLDER_COMMANDS];
};

/* Another kind than a run, of a library that the driver does not know. One. */
void commands_add_folder_kind(const struct folder_kind *kind);

#endif
