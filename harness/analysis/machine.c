#include "machine.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>

#include "format.h"
#include "message.h"

json_t *machine_load(const char *run_dir)
{
    char path[PATH_MAX];
    if ((size_t)snprintf(path, sizeof path, "%s/machine.json", run_dir) >= sizeof path)
        return json_object();
    json_error_t error;
    json_t *machine = json_load_file(path, 0, &error);
    if (json_is_object(machine))
        return machine;
    json_decref(machine);
    analysis_warn("machine.json: %s; the machine stays unnamed in figures and report", error.text);
    return json_object();
}

char *machine_line(const json_t *machine)
{
    struct phrase line = {0};
    const char *cpu = json_string_value(json_object_get(machine, "cpu"));
    const char *system = json_string_value(json_object_get(machine, "distribution"));
    json_int_t cores = json_integer_value(json_object_get(machine, "cores"));
    phrase_add(&line, cpu ? cpu : "unknown machine");
    if (cores > 0)
        phrase_add_format(&line, ", %lld core%s", (long long)cores, cores == 1 ? "" : "s");
    if (system)
        phrase_add_format(&line, ", %s", system);
    return phrase_take(&line);
}
