/* sites.c: chains of calls, grouped by the frames that are the workload's own. */
#include "sites/sites.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <uthash.h>

#ifndef RECLAIM_SOURCE_DIR
#define RECLAIM_SOURCE_DIR ""
#endif

/* What a workload is built on, and so not where its author looks. The last two only without grouping.library_too. */
static const char *const beneath[] = {"/harness/", "/strategies/", "/workloads/pyobj/", "/workloads/common/"};
enum { BENEATH_ALWAYS = 2, BENEATH = sizeof beneath / sizeof *beneath };

/* What follows `prefix` in `text`, or NULL. */
static const char *after(const char *text, const char *prefix)
{
    size_t length = strlen(prefix);
    return strncmp(text, prefix, length) == 0 ? text + length : NULL;
}

static bool is_beneath(const struct frame *frame, size_t folders)
{
    const char *in_tree = after(frame->file, RECLAIM_SOURCE_DIR);
    for (size_t i = 0; in_tree && i < folders; i++)
        if (after(in_tree, beneath[i]))
            return true;
    return false;
}

/* A file of the tree by its path in the tree, one below the current folder from there, any other as it is. */
static char *shown_path(const char *file, const char *here)
{
    const char *in_tree = after(file, RECLAIM_SOURCE_DIR "/"), *in_here = after(file, here);
    if (in_tree && after(in_tree, "workloads/"))
        return must_copy(in_tree);
    if (in_here && *in_here == '/')
        return must_copy(in_here + 1);
    return must_copy(in_tree ? in_tree : file);
}

/* ---- a chain's frames */

/* The frames that tell a chain's site, at most `most`, into `frames`; how many. If none is the workload's own, those of
 * the libraries beneath it; a chain without any, from code without debug information, has none. */
static size_t frames_of(const struct recording *recording, const struct chain *chain, const struct grouping *grouping,
                        const struct frame *frames[])
{
    size_t least = grouping->library_too ? BENEATH_ALWAYS : BENEATH;
    for (size_t folders = least; folders >= BENEATH_ALWAYS; folders--) {
        size_t count = 0;
        for (size_t i = 0; i < chain->depth; i++) {
            const struct call *call = &recording->calls[chain->calls[i]];
            for (size_t j = 0; j < call->count && count < grouping->frames; j++)
                if (call->frames[j].line && !is_beneath(&call->frames[j], folders))
                    frames[count++] = &call->frames[j];
        }
        if (count)
            return count;
    }
    return 0;
}

/* ---- sites */

struct entry {
    UT_hash_handle hh;
    const char *key;
    size_t place;
};

struct group {
    struct sites *sites;
    struct entry *entries;
    char *here;
};

/* "file:line" of each frame. */
static struct strings places_of(const struct frame *const frames[], size_t count, const char *here)
{
    struct strings places = {0};
    for (size_t i = 0; i < count; i++) {
        char *shown = shown_path(frames[i]->file, here);
        strings_take(&places, must_print("%s:%u", shown, frames[i]->line));
        free(shown);
    }
    if (!count)
        strings_add(&places, "(not known)");
    return places;
}

char *places_join(const struct strings *places, size_t first)
{
    struct text text = {0};
    for (size_t i = first; i < places->count; i++)
        text_add(&text, "%s%s", i > first ? " < " : "", places->items[i]);
    char *joined = must_copy(text_string(&text));
    text_free(&text);
    return joined;
}

static struct site *new_site(struct group *group, char *key, struct strings *places, const struct frame *innermost)
{
    struct sites *sites = group->sites;
    struct site site = {
        .key = key, .places = *places, .counts = must_resize(NULL, sites->snapshot_count, sizeof *site.counts)};
    memset(site.counts, 0, sites->snapshot_count * sizeof *site.counts);
    site.shown = innermost ? shown_path(innermost->file, group->here) : must_copy("");
    site.path = innermost ? must_copy(innermost->file) : NULL;
    site.function = must_copy(innermost ? innermost->function : "");
    site.line = innermost ? innermost->line : 0;
    sites->items = must_resize(sites->items, sites->count + 1, sizeof *sites->items);
    sites->items[sites->count] = site;
    struct entry *entry = must_resize(NULL, 1, sizeof *entry);
    *entry = (struct entry){.key = key, .place = sites->count};
    HASH_ADD_KEYPTR(hh, group->entries, entry->key, (unsigned)strlen(entry->key), entry);
    return &sites->items[sites->count++];
}

static struct site *site_of(struct group *group, const struct frame *const frames[], size_t count)
{
    struct strings places = places_of(frames, count, group->here);
    char *key = places_join(&places, 0);
    struct entry *entry;
    HASH_FIND_STR(group->entries, key, entry);
    if (!entry)
        return new_site(group, key, &places, count ? frames[0] : NULL);
    strings_free(&places);
    free(key);
    return &group->sites->items[entry->place];
}

static void add_counts(struct counts *sum, const struct counts *counts)
{
    sum->live_blocks += counts->live_blocks;
    sum->live_bytes += counts->live_bytes;
    sum->made_blocks += counts->made_blocks;
    sum->made_bytes += counts->made_bytes;
}

void sites_group(struct sites *sites, const struct recording *recording, const struct grouping *grouping)
{
    *sites = (struct sites){.snapshot_count = recording->snapshot_count};
    struct group group = {.sites = sites, .here = getcwd(NULL, 0)};
    if (!group.here)
        group.here = must_copy("");
    const struct frame **frames = must_resize(NULL, grouping->frames, sizeof(const struct frame *));
    for (size_t i = 0; i < recording->chain_count; i++) {
        const struct chain *chain = &recording->chains[i];
        size_t count = frames_of(recording, chain, grouping, frames);
        struct site *site = site_of(&group, frames, count);
        for (size_t j = 0; j < sites->snapshot_count; j++)
            add_counts(&site->counts[j], &chain->counts[j]);
    }
    struct entry *entry, *next;
    HASH_ITER (hh, group.entries, entry, next) {
        HASH_DEL(group.entries, entry);
        free(entry);
    }
    free(frames);
    free(group.here);
}

void sites_free(struct sites *sites)
{
    for (size_t i = 0; i < sites->count; i++) {
        struct site *site = &sites->items[i];
        free(site->key);
        strings_free(&site->places);
        free(site->path);
        free(site->shown);
        free(site->function);
        free(site->counts);
    }
    free(sites->items);
}
