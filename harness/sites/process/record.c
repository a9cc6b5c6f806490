#include "sites/process/record.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#define XXH_INLINE_ALL
#include <xxhash.h>

#include "bench/message.h"
#include "common/watch.h"
#include "sites/process/stack.h"

static _Noreturn void out_of_memory(void)
{
    message("the record of live objects does not fit into memory; give the workload smaller parameters");
    _exit(BENCH_FAILED);
}

#define HASH_FUNCTION(key, bytes, hash) (hash) = (unsigned)XXH3_64bits(key, bytes)
#define uthash_fatal(text)              out_of_memory()
#include <uthash.h>

/* A chain of calls. */
struct chain {
    UT_hash_handle hh;
    struct record_counts counts;
    size_t depth;
    uint64_t calls[];
};

struct buffer {
    struct buffer *next;
    struct chain *chain;
    size_t offset, bytes;
};

struct object {
    UT_hash_handle hh;
    const void *address;
    struct chain *chain;
    struct buffer *buffers;
    size_t bytes;
    uint64_t ordinal; /* how many were made before */
};

struct record_totals record_totals;

static struct {
    pthread_mutex_t lock; /* of a strategy with threads */
    bool is_on;
    struct object *objects; /* by address */
    struct chain *chains;   /* by calls */
    struct chain **numbered;
    size_t chain_count;
    uint64_t *regions; /* objects made when each that is open began */
    size_t region_count;
} record = {.lock = PTHREAD_MUTEX_INITIALIZER};

static void *need(void *memory)
{
    if (!memory)
        out_of_memory();
    return memory;
}

static bool enter(void)
{
    pthread_mutex_lock(&record.lock);
    if (record.is_on)
        return true;
    pthread_mutex_unlock(&record.lock);
    return false;
}

static void leave(void)
{
    pthread_mutex_unlock(&record.lock);
}

void record_start(const void *frame)
{
    stack_open(frame);
    record.is_on = true;
}

void record_stop(void)
{
    record.is_on = false;
}

/* ---- chains */

static struct chain *new_chain(const uint64_t calls[], size_t depth)
{
    struct chain *chain = need(calloc(1, sizeof *chain + depth * sizeof *calls));
    chain->depth = depth;
    memcpy(chain->calls, calls, depth * sizeof *calls);
    HASH_ADD_KEYPTR(hh, record.chains, chain->calls, (unsigned)(depth * sizeof *calls), chain);
    if ((record.chain_count & (record.chain_count - 1)) == 0)
        record.numbered = need(realloc(record.numbered, (record.chain_count * 2 + 1) * sizeof *record.numbered));
    record.numbered[record.chain_count++] = chain;
    return chain;
}

static struct chain *chain_of(const void *frame)
{
    uint64_t calls[STACK_FRAMES];
    size_t depth = stack_take(frame, calls);
    struct chain *chain;
    HASH_FIND(hh, record.chains, calls, (unsigned)(depth * sizeof *calls), chain);
    return chain ? chain : new_chain(calls, depth);
}

static void count_made(struct chain *chain, size_t bytes)
{
    chain->counts.made_blocks++;
    chain->counts.made_bytes += bytes;
    record_totals.bytes_made += bytes;
}

static void count_live(struct chain *chain, size_t bytes)
{
    chain->counts.live_blocks++;
    chain->counts.live_bytes += bytes;
    record_totals.bytes_live += bytes;
}

static void count_gone(struct chain *chain, size_t bytes)
{
    chain->counts.live_blocks--;
    chain->counts.live_bytes -= bytes;
    record_totals.bytes_live -= bytes;
}

size_t record_chains(void)
{
    return record.chain_count;
}

const uint64_t *record_chain(size_t number, size_t *depth)
{
    *depth = record.numbered[number]->depth;
    return record.numbered[number]->calls;
}

void record_copy(struct record_counts counts[])
{
    for (size_t i = 0; i < record.chain_count; i++)
        counts[i] = record.numbered[i]->counts;
}

/* ---- blocks */

static void forget(struct object *object)
{
    for (struct buffer *buffer = object->buffers, *next; buffer; buffer = next) {
        next = buffer->next;
        count_gone(buffer->chain, buffer->bytes);
        free(buffer);
    }
    count_gone(object->chain, object->bytes);
    record_totals.objects_live--;
    HASH_DEL(record.objects, object);
    free(object);
}

static struct object *find(const void *address)
{
    struct object *object;
    HASH_FIND_PTR(record.objects, &address, object);
    return object;
}

/* An object whose death nobody told of is where another is now: the record no longer agrees with the strategy's own
 * count, which it is compared with. */
__attribute__((noinline)) void record_object(const void *address, size_t bytes)
{
    if (!enter())
        return;
    struct object *object = find(address);
    if (object)
        forget(object);
    object = need(malloc(sizeof *object));
    *object = (struct object){.address = address,
                              .chain = chain_of(__builtin_frame_address(0)),
                              .bytes = bytes,
                              .ordinal = record_totals.objects_made};
    HASH_ADD_PTR(record.objects, address, object);
    record_totals.objects_made++;
    record_totals.objects_live++;
    count_made(object->chain, bytes);
    count_live(object->chain, bytes);
    leave();
}

static struct buffer **buffer_at(struct object *object, size_t offset)
{
    struct buffer **at = &object->buffers;
    while (*at && (*at)->offset != offset)
        at = &(*at)->next;
    return at;
}

static void resize(struct object *owner, size_t offset, size_t bytes, const void *frame)
{
    struct buffer **at = buffer_at(owner, offset), *buffer = *at;
    size_t old_bytes = buffer ? buffer->bytes : 0;
    if (bytes == old_bytes)
        return;
    if (!buffer) {
        *at = buffer = need(calloc(1, sizeof *buffer));
        buffer->offset = offset;
    } else {
        count_gone(buffer->chain, old_bytes);
    }
    if (bytes == 0) {
        *at = buffer->next;
        free(buffer);
        return;
    }
    if (bytes > old_bytes) {
        buffer->chain = chain_of(frame);
        count_made(buffer->chain, bytes);
    }
    buffer->bytes = bytes;
    count_live(buffer->chain, bytes);
}

__attribute__((noinline)) void record_buffer(const void *owner, size_t offset, size_t bytes)
{
    if (!enter())
        return;
    struct object *object = find(owner);
    if (object)
        resize(object, offset, bytes, __builtin_frame_address(0));
    leave();
}

/* ---- deaths */

/* The table keeps its entries in the order in which they came. */
static struct object *newest(void)
{
    return record.objects ? ELMT_FROM_HH(record.objects->hh.tbl, record.objects->hh.tbl->tail) : NULL;
}

void watch_died(const void *address)
{
    if (!enter())
        return;
    struct object *object = find(address);
    if (object)
        forget(object);
    leave();
}

void watch_survivors(bool (*is_live)(const void *object))
{
    if (!enter())
        return;
    struct object *object, *next;
    HASH_ITER (hh, record.objects, object, next)
        if (!is_live(object->address))
            forget(object);
    leave();
}

void record_region_begin(void)
{
    if (!enter())
        return;
    record.regions = need(realloc(record.regions, (record.region_count + 1) * sizeof *record.regions));
    record.regions[record.region_count++] = record_totals.objects_made;
    leave();
}

void record_region_end(void)
{
    if (!enter())
        return;
    uint64_t begun = record.region_count ? record.regions[--record.region_count] : 0;
    for (struct object *last; (last = newest()) && last->ordinal >= begun;)
        forget(last);
    leave();
}
