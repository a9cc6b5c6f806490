/* user.h: workloads and strategies of the user's own, built outside of this tree.
 *
 * For each set of paths there is a folder <build>/user/<hash of the paths>/ with a small CMake project that includes
 * <build>/reclaim-config.cmake; what was built there before is built again only as far as a file changed. */
#ifndef USER_H
#define USER_H

#include "driver/catalogue.h"
#include "driver/experiment.h"

/* Builds what the experiment's entries with a path call for, and puts the executables into the catalogue in place of
 * the tree's. 0; or -1 after a message: a name that is taken, or the compiler's first error and the log. */
int user_build(const struct experiment *experiment, struct catalogue *catalogue, const char *home);

/* Builds sites-<strategy> (harness/sites) for each strategy of the experiment, which user_build has seen before. The
 * folder of the executables, owned by the caller; NULL after a message. */
char *user_build_sites(const struct experiment *experiment, const struct catalogue *catalogue, const char *home);

#endif
