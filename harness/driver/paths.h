/* paths.h: what a run's report wrote, for people: few lines, so that the table above them stays in sight. */
#ifndef PATHS_H
#define PATHS_H

#include <stdio.h>

/* `paths` has a path a line; changed. The pictures' folder with their names, then all else. */
void paths_print(char *paths, FILE *out);

#endif
