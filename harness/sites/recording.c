/* recording.c: a watched process, run, and its JSON lines taken (README.md has the rows). */
#include <errno.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <uthash.h>

#include "driver/child.h"
#include "driver/say.h"
#include "sites/sites.h"

/* Where an address is among the recording's calls. */
struct place {
    UT_hash_handle hh;
    uint64_t address;
    size_t place;
};

struct taking {
    struct recording *recording;
    struct place *places;
    bool ended;
};

static uint64_t number(const json_t *said, const char *key)
{
    return (uint64_t)json_integer_value(json_object_get(said, key));
}

static size_t place_of(struct taking *taking, uint64_t address)
{
    struct recording *recording = taking->recording;
    struct place *place;
    HASH_FIND(hh, taking->places, &address, sizeof address, place);
    if (place)
        return place->place;
    place = must_resize(NULL, 1, sizeof *place);
    *place = (struct place){.address = address, .place = recording->call_count};
    HASH_ADD(hh, taking->places, address, sizeof address, place);
    recording->calls = must_resize(recording->calls, recording->call_count + 1, sizeof *recording->calls);
    recording->calls[recording->call_count] = (struct call){.address = address};
    return recording->call_count++;
}

static void take_chain(struct taking *taking, const json_t *said)
{
    struct recording *recording = taking->recording;
    const json_t *calls = json_object_get(said, "calls");
    struct chain chain = {.depth = json_array_size(calls)};
    chain.calls = must_resize(NULL, chain.depth + 1, sizeof *chain.calls);
    for (size_t i = 0; i < chain.depth; i++)
        chain.calls[i] = place_of(taking, (uint64_t)json_integer_value(json_array_get(calls, i)));
    recording->chains = must_resize(recording->chains, recording->chain_count + 1, sizeof *recording->chains);
    recording->chains[recording->chain_count++] = chain;
}

/* Chains that the snapshot does not mention were not there yet. */
static void take_snapshot(struct recording *recording, const json_t *said)
{
    size_t count = recording->snapshot_count + 1;
    recording->snapshots = must_resize(recording->snapshots, count, sizeof *recording->snapshots);
    recording->snapshots[recording->snapshot_count] = (struct snapshot){
        .moment = (int)json_integer_value(json_object_get(said, "moment")),
        .operations = number(said, "operations"),
        .objects_live = number(said, "objects_live"),
        .objects_recorded = number(said, "objects_recorded"),
        .bytes_live = number(said, "bytes_live"),
        .bytes_recorded = number(said, "bytes_recorded"),
        .exact = number(said, "exact") != 0,
    };
    for (size_t i = 0; i < recording->chain_count; i++) {
        struct chain *chain = &recording->chains[i];
        chain->counts = must_resize(chain->counts, count, sizeof *chain->counts);
        chain->counts[recording->snapshot_count] = (struct counts){0};
    }
    recording->snapshot_count = count;
}

static void take_counts(struct recording *recording, const json_t *said)
{
    uint64_t chain = number(said, "chain");
    if (chain >= recording->chain_count || !recording->snapshot_count)
        return;
    recording->chains[chain].counts[recording->snapshot_count - 1] = (struct counts){
        .live_blocks = number(said, "live_blocks"),
        .live_bytes = number(said, "live_bytes"),
        .made_blocks = number(said, "made_blocks"),
        .made_bytes = number(said, "made_bytes"),
    };
}

static void take_line(char *line, size_t length, void *context)
{
    struct taking *taking = context;
    json_t *said = json_loadb(line, length, 0, NULL);
    const char *row = json_string_value(json_object_get(said, "row"));
    if (!row)
        ;
    else if (strcmp(row, "chain") == 0)
        take_chain(taking, said);
    else if (strcmp(row, "snapshot") == 0)
        take_snapshot(taking->recording, said);
    else if (strcmp(row, "site") == 0)
        take_counts(taking->recording, said);
    else if (strcmp(row, "end") == 0)
        taking->ended = true;
    json_decref(said);
}

/* What the process said last, without its own name before it. */
static const char *reason(const struct child_end *end)
{
    const char *colon = strstr(end->last_line, ": ");
    bool is_named = strncmp(end->last_line, "sites-", 6) == 0 && colon;
    return is_named ? colon + 2 : end->last_line;
}

static int judge(const struct taking *taking, const struct child_end *end, const char *label)
{
    if (child_stop_signal()) {
        say("stopped");
        return EXIT_INTERRUPTED;
    }
    if (child_succeeded(end) && taking->ended)
        return EXIT_ALL_OK;
    if (WIFSIGNALED(end->status)) {
        const char *name = sigabbrev_np(WTERMSIG(end->status));
        say("%s: the watched process was ended by SIG%s%s%s", label, name ? name : "?", *end->last_line ? ": " : "",
            reason(end));
    } else {
        say("%s: %s", label, *end->last_line ? reason(end) : "the watched process ended without a result");
    }
    return WIFEXITED(end->status) && WEXITSTATUS(end->status) == EXIT_USAGE ? EXIT_USAGE : EXIT_SOME_FAILED;
}

int recording_take(struct recording *recording, const char *executable, const struct strings *arguments,
                   const char *label)
{
    *recording = (struct recording){0};
    struct taking taking = {.recording = recording};
    struct child child = {.path = executable, .arguments = arguments->items, .line = take_line, .context = &taking};
    struct child_end end;
    int error = child_run(&child, &end);
    if (error)
        say("%s: cannot be started: %s", executable, strerror(-error));
    struct place *place, *next;
    HASH_ITER (hh, taking.places, place, next) {
        HASH_DEL(taking.places, place);
        free(place);
    }
    return error ? EXIT_SOME_FAILED : judge(&taking, &end, label);
}

void recording_free(struct recording *recording)
{
    for (size_t i = 0; i < recording->chain_count; i++) {
        free(recording->chains[i].calls);
        free(recording->chains[i].counts);
    }
    for (size_t i = 0; i < recording->call_count; i++)
        frames_free(&recording->calls[i]);
    free(recording->chains);
    free(recording->calls);
    free(recording->snapshots);
}
