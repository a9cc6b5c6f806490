/* setting.h: what is to be run: an experiment, options over it, and the plan that follows from both. */
#ifndef SETTING_H
#define SETTING_H

#include "driver/options.h"
#include "driver/plan.h"

struct setting {
    struct experiment *experiment;
    struct experiment_source source;
    struct catalogue catalogue;
    struct plan plan;
    char *home; /* where the executables are */
};

/* From options->file (NULL: no file) to the plan. 0, or -1 after a message. To be freed in both cases. */
int setting_make(struct setting *setting, const struct run_options *options);

/* The same from an experiment that was read as a part of something else (NULL: it could not be), which `setting`,
 * zeroed but for its source, takes over. */
int setting_from(struct setting *setting, struct experiment *experiment, const struct run_options *options);

void setting_free(struct setting *setting);

#endif
