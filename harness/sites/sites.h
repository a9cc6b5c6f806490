/* sites.h: allocation by the lines of the source that made it, as Python's tracemalloc shows it.
 *
 *   block     an object or a buffer
 *   chain     the calls that led to an allocation, innermost first; a watched process counts blocks by it
 *   frame     one function in it, with file and line; a call has several where functions were inlined
 *   site      the innermost frames that are the workload's own, one or more; what people are shown
 *   moment    when a snapshot of the counts is taken: sites/process/snapshots.h has their numbers
 */
#ifndef SITES_H
#define SITES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "driver/text.h"

/* ---- frames (frames.c) */

struct frame {
    char *function, *file; /* owned */
    unsigned line;         /* 0: not known */
};

/* Of one call, innermost first. */
struct call {
    uint64_t address; /* in the executable's file */
    struct frame *frames;
    size_t count;
};

/* Finds the frames of all calls by the executable's debug information. 0, or -1 after a message. */
int frames_find(const char *executable, struct call calls[], size_t count);
void frames_free(struct call *call);

/* ---- what a watched process says (recording.c) */

/* Of the blocks of a chain or of a site at one moment. */
struct counts {
    uint64_t live_blocks, live_bytes; /* then */
    uint64_t made_blocks, made_bytes; /* until then */
};

struct chain {
    size_t *calls; /* places in the recording's calls */
    size_t depth;
    struct counts *counts; /* by the number of the snapshot */
};

struct snapshot {
    int moment;
    uint64_t operations;
    uint64_t objects_live, objects_recorded; /* as the strategy counts, and the recorder */
    uint64_t bytes_live, bytes_recorded;
    bool exact; /* the same: what is live is known */
};

struct recording {
    struct chain *chains;
    size_t chain_count;
    struct call *calls; /* each address once */
    size_t call_count;
    struct snapshot *snapshots; /* in the order in which they were taken */
    size_t snapshot_count;
};

/* Runs `executable` with `arguments` and takes what it says. An exit code, after a message if it is not 0, which begins
 * with `label`. */
int recording_take(struct recording *recording, const char *executable, const struct strings *arguments,
                   const char *label);
void recording_free(struct recording *recording);

/* ---- sites (sites.c) */

struct site {
    char *key;             /* owned: "file:line", and " < file:line" for each caller */
    struct strings places; /* the same, one by one */
    char *path;            /* owned: of the file of the innermost frame, to read it; or NULL */
    char *shown;           /* owned: that file as people know it */
    char *function;
    unsigned line;
    struct counts *counts; /* owned: by the number of the snapshot */
};

struct sites {
    struct site *items;
    size_t count;
    size_t snapshot_count;
};

/* How chains become sites. */
struct grouping {
    size_t frames;    /* how many of a chain tell one site from another */
    bool library_too; /* frames of workloads/pyobj and workloads/common count as the workload's own */
};

/* The sites of a recording whose frames were found. */
void sites_group(struct sites *sites, const struct recording *recording, const struct grouping *grouping);
void sites_free(struct sites *sites);

/* "a < b < c", from the place `first` on. Owned by the caller. */
char *places_join(const struct strings *places, size_t first);

#endif
