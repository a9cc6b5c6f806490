#include "driver/setting.h"

#include <stdlib.h>

#include "driver/user.h"

int setting_from(struct setting *setting, struct experiment *experiment, const struct run_options *options)
{
    struct catalogue *catalogue = &setting->catalogue;
    setting->home = catalogue_home();
    setting->experiment = experiment;
    if (!experiment || catalogue_add(catalogue, setting->home, NULL) || options_apply(options, experiment, catalogue) ||
        plan_check_names(experiment, &setting->source, catalogue) || user_build(experiment, catalogue, setting->home) ||
        options_apply_params(options, experiment, catalogue))
        return -1;
    experiment_complete(experiment);
    return plan_make(&setting->plan, experiment, &setting->source, catalogue);
}

int setting_make(struct setting *setting, const struct run_options *options)
{
    *setting = (struct setting){0};
    struct experiment *experiment = options->file ? experiment_read(options->file, &setting->source) : experiment_new();
    return setting_from(setting, experiment, options);
}

void setting_free(struct setting *setting)
{
    plan_free(&setting->plan);
    catalogue_free(&setting->catalogue);
    experiment_free(setting->experiment);
    experiment_source_free(&setting->source);
    free(setting->home);
    *setting = (struct setting){0};
}
