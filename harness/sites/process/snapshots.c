#include "sites/process/snapshots.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bench/json.h"
#include "bench/message.h"
#include "mm.h"

struct snapshot {
    int moment;
    uint64_t operations;
    uint64_t objects_live, bytes_live; /* as the strategy says */
    struct record_totals totals;
    struct record_counts *counts; /* by the chain's number */
    size_t count;
};

/* One for each per cent, and those that are always taken. */
static struct snapshot snapshots[128];
static size_t snapshot_count;

int snapshot_take(int moment, uint64_t operations)
{
    struct mm_stats stats;
    mm_stats_get(&stats);
    struct snapshot snapshot = {
        .moment = moment,
        .operations = operations,
        .objects_live = stats.objects_allocated - stats.objects_freed,
        .bytes_live = stats.bytes_allocated - stats.bytes_freed,
        .totals = record_totals,
        .count = record_chains(),
    };
    snapshot.counts = calloc(snapshot.count + 1, sizeof *snapshot.counts);
    if (!snapshot.counts || snapshot_count == sizeof snapshots / sizeof *snapshots) {
        message("no room for another snapshot");
        return -1;
    }
    record_copy(snapshot.counts);
    snapshots[snapshot_count++] = snapshot;
    return 0;
}

/* ---- rows */

static void write_chain(size_t number)
{
    size_t depth;
    const uint64_t *calls = record_chain(number, &depth);
    json_row_begin("chain");
    json_array_begin("calls");
    for (size_t i = 0; i < depth; i++)
        json_unsigned(NULL, calls[i]);
    json_array_end();
    json_row_end();
}

static void write_counts(size_t number, const struct record_counts *counts)
{
    json_row_begin("site");
    json_unsigned("chain", number);
    json_unsigned("live_blocks", counts->live_blocks);
    json_unsigned("live_bytes", counts->live_bytes);
    json_unsigned("made_blocks", counts->made_blocks);
    json_unsigned("made_bytes", counts->made_bytes);
    json_row_end();
}

/* The recorder has seen every death if it comes to what the strategy itself counts. Boehm's collector knows live bytes
 * only to its own size classes, so objects alone decide there. */
static bool is_exact(const struct snapshot *snapshot)
{
    bool objects = snapshot->objects_live == snapshot->totals.objects_live;
    bool bytes = snapshot->bytes_live == snapshot->totals.bytes_live;
    return objects && (bytes || MM_TRAITS & MM_TRAIT_CONSERVATIVE);
}

static void write_snapshot(const struct snapshot *snapshot)
{
    json_row_begin("snapshot");
    json_signed("moment", snapshot->moment);
    json_unsigned("operations", snapshot->operations);
    json_unsigned("objects_live", snapshot->objects_live);
    json_unsigned("bytes_live", snapshot->bytes_live);
    json_unsigned("objects_recorded", snapshot->totals.objects_live);
    json_unsigned("bytes_recorded", snapshot->totals.bytes_live);
    json_unsigned("exact", is_exact(snapshot));
    json_row_end();
    for (size_t i = 0; i < snapshot->count; i++)
        if (snapshot->counts[i].made_blocks)
            write_counts(i, &snapshot->counts[i]);
}

int snapshots_write(void)
{
    for (size_t i = 0; i < record_chains(); i++)
        write_chain(i);
    for (size_t i = 0; i < snapshot_count; i++)
        write_snapshot(&snapshots[i]);
    json_row_begin("end");
    json_row_end();
    int error = json_flush();
    if (error)
        message("cannot write to stdout: %s", strerror(-error));
    return error ? -1 : 0;
}
