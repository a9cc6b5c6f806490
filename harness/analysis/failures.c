#include "failures.h"

#include <stdlib.h>
#include <string.h>

#include "format.h"
#include "grow.h"
#include "message.h"

static struct failure *find(struct failures *failures, const struct cell *cell, uint32_t status, uint32_t detail)
{
    for (size_t i = failures->count; i-- > 0;) {
        struct failure *failure = &failures->items[i];
        if (failure->variant != cell->variant || failure->contender != cell->contender)
            return NULL;
        if (failure->status == status && failure->detail == detail)
            return failure;
    }
    return NULL;
}

static int add_allocator(struct failure *failure, const char *name)
{
    struct phrase list = {0};
    if (failure->allocators)
        phrase_add_format(&list, "%s, ", failure->allocators);
    phrase_add(&list, name);
    free(failure->allocators);
    failure->allocators = phrase_take(&list);
    return failure->allocators ? 0 : -ENOMEM;
}

static int add_row(struct failures *failures, const struct dataset *data, const struct cell *cell,
                   const struct sample *sample)
{
    struct failure *failure = find(failures, cell, sample->status, sample->detail);
    if (!failure) {
        if (grow(&failures->items, &failures->capacity, failures->count + 1, sizeof *failures->items))
            return -ENOMEM;
        failure = &failures->items[failures->count++];
        *failure = (struct failure){cell->contender, cell->variant, sample->status, sample->detail, NULL, 0};
    }
    failure->rows++;
    const char *name = dataset_name(data, cell->key.allocator);
    size_t length = strlen(name), listed = failure->allocators ? strlen(failure->allocators) : 0;
    if (listed >= length && strcmp(failure->allocators + listed - length, name) == 0)
        return 0;
    return add_allocator(failure, name);
}

int failures_collect(struct failures *failures, const struct dataset *data)
{
    *failures = (struct failures){0};
    int error = 0;
    for (size_t i = 0; i < data->cell_count; i++) {
        const struct cell *cell = &data->cells[i];
        for (size_t j = 0; !error && j < cell->sample_count; j++) {
            const struct sample *sample = &cell->samples[j];
            if (sample->usable)
                continue;
            error = add_row(failures, data, cell, sample);
            bool unsupported = strcmp(dataset_name(data, sample->status), "unsupported") == 0;
            failures->unsupported += unsupported;
            failures->rows += !unsupported;
        }
    }
    if (!error)
        return 0;
    failures_free(failures);
    return analysis_no_memory();
}

void failures_free(struct failures *failures)
{
    for (size_t i = 0; i < failures->count; i++)
        free(failures->items[i].allocators);
    free(failures->items);
    *failures = (struct failures){0};
}
