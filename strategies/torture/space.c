/* Memory: a large range of addresses is reserved, and each space takes the next stretch of it. A space that is left is
 * never accessible again (unless the whole range has been used up), so that a stale pointer faults. The fault is
 * caught, and reported as a violation like any other. */
#define _GNU_SOURCE

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "torture/torture.h"

enum { PAST = 16, DROPPED = 1024, PAGE_BYTES = 4096 };

/* Who was where in a space that is gone. */
struct past_space {
    struct torture_space space;
    struct past_object {
        const struct mm_type *type;
        uint64_t serial;
    } * objects;
};

/* Whose block it was that was given back. */
struct dropped_block {
    const char *block;
    size_t bytes;
    const struct mm_type *type;
    uint64_t serial;
};

static struct {
    char *base;
    size_t bytes, next;
    struct past_space past[PAST];          /* a ring */
    unsigned retired;                      /* spaces so far */
    struct dropped_block dropped[DROPPED]; /* a ring */
    unsigned drops;
    struct sigaction old_segv, old_bus;
} range;

/* ---- faults */

static void fault(int signal, siginfo_t *info, void *context)
{
    (void)context;
    struct torture_past past;
    if (torture_past_find(info->si_addr, &past))
        torture_violate_address(TORTURE_STALE, info->si_addr);
    if (info->si_code == SI_KERNEL) /* what is no address has none: the code that stands in a reference field */
        torture_violate(TORTURE_FIELD_RAW, NULL,
                        "what was used as an address is none: was a field read without mm_get?");
    sigaction(signal, signal == SIGSEGV ? &range.old_segv : &range.old_bus, NULL); /* not ours: let it happen again */
}

static void faults_catch(void)
{
    struct sigaction action = {.sa_sigaction = fault, .sa_flags = SA_SIGINFO | SA_NODEFER};
    sigemptyset(&action.sa_mask);
    sigaction(SIGSEGV, &action, &range.old_segv);
    sigaction(SIGBUS, &action, &range.old_bus);
}

/* ---- the range */

static void *map_none(void *address, size_t bytes)
{
    int flags = MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | (address ? MAP_FIXED : 0);
    void *mapped = mmap(address, bytes, PROT_NONE, flags, -1, 0);
    return mapped == MAP_FAILED ? NULL : mapped;
}

/* 1 TiB, or what a limit on the address space leaves of it. */
int torture_reserve(void)
{
    for (size_t bytes = (size_t)1 << 40; bytes >= (size_t)1 << 26 && !range.base; bytes /= 2) {
        range.base = map_none(NULL, bytes);
        range.bytes = bytes;
    }
    if (!range.base)
        return -1;
    range.next = 0;
    faults_catch();
    return 0;
}

static void past_free(struct past_space *past)
{
    free(past->space.owners);
    free(past->objects);
    *past = (struct past_space){0};
}

void torture_unreserve(void)
{
    if (!range.base)
        return;
    sigaction(SIGSEGV, &range.old_segv, NULL);
    sigaction(SIGBUS, &range.old_bus, NULL);
    for (unsigned i = 0; i < PAST; i++)
        past_free(&range.past[i]);
    range.drops = range.retired = 0;
    munmap(range.base, range.bytes);
    range.base = NULL;
}

/* ---- spaces */

bool torture_space_open(struct torture_space *space, size_t bytes)
{
    bytes = (bytes + PAGE_BYTES) & ~(size_t)(PAGE_BYTES - 1);
    if (bytes > range.bytes / 4)
        return false;
    if (bytes > range.bytes - range.next)
        range.next = 0; /* all addresses were used: begin anew. The space of now is far from here */
    char *base = range.base + range.next;
    uint32_t *owners = calloc(bytes / TORTURE_GRANULE, sizeof *owners);
    if (!owners || mprotect(base, bytes, PROT_READ | PROT_WRITE) != 0) {
        free(owners);
        return false;
    }
    range.next += bytes;
    *space = (struct torture_space){.base = base, .bytes = bytes, .owners = owners};
    return true;
}

/* Remembering is for better messages: without memory for it, they are worse. */
static struct past_object *past_objects(void)
{
    struct past_object *objects = malloc((torture_heap.count + 1) * sizeof *objects);
    for (size_t i = 0; objects && i < torture_heap.count; i++)
        objects[i] = (struct past_object){torture_heap.objects[i].type, torture_heap.objects[i].serial};
    return objects;
}

void torture_space_retire(struct torture_space *space)
{
    if (!space->base)
        return;
    struct past_space *past = &range.past[range.retired++ % PAST];
    past_free(past);
    *past = (struct past_space){*space, past_objects()};
    if (!map_none(space->base, space->bytes))
        mprotect(space->base, space->bytes, PROT_NONE);
    *space = (struct torture_space){0};
}

static bool dropped_find(const void *address, struct torture_past *past)
{
    for (unsigned i = 0; i < DROPPED && i < range.drops; i++) {
        const struct dropped_block *dropped = &range.dropped[i];
        if ((uintptr_t)address - (uintptr_t)dropped->block >= dropped->bytes)
            continue;
        *past = (struct torture_past){dropped->type, dropped->serial, 0};
        return true;
    }
    return false;
}

bool torture_past_find(const void *address, struct torture_past *past)
{
    *past = (struct torture_past){0};
    if (!range.base || (uintptr_t)address - (uintptr_t)range.base >= range.bytes)
        return false;
    if (dropped_find(address, past))
        return true;
    for (unsigned ago = 1; ago <= PAST && ago <= range.retired; ago++) {
        const struct past_space *gone = &range.past[(range.retired - ago) % PAST];
        uintptr_t offset = (uintptr_t)address - (uintptr_t)gone->space.base;
        if (offset >= gone->space.used)
            continue;
        uint32_t owner = gone->space.owners[offset / TORTURE_GRANULE];
        if (owner && gone->objects)
            *past = (struct torture_past){gone->objects[owner - 1].type, gone->objects[owner - 1].serial, ago};
        break;
    }
    return true;
}

/* ---- blocks */

/* At least a granule of guard. */
size_t torture_block_bytes(size_t bytes)
{
    return ((bytes + TORTURE_GRANULE - 1) & ~(size_t)(TORTURE_GRANULE - 1)) + TORTURE_GRANULE;
}

static void own(struct torture_space *space, const char *block, size_t bytes, uint32_t owner)
{
    size_t first = (size_t)(block - space->base) / TORTURE_GRANULE;
    for (size_t i = 0; i < torture_block_bytes(bytes) / TORTURE_GRANULE; i++)
        space->owners[first + i] = owner;
}

void torture_space_own(struct torture_space *space, const char *block, size_t bytes, size_t index)
{
    own(space, block, bytes, (uint32_t)index + 1);
}

bool torture_space_has_room(const struct torture_space *space, size_t block_bytes)
{
    return block_bytes <= space->bytes - space->used;
}

char *torture_space_take(struct torture_space *space, size_t bytes, size_t index)
{
    char *block = space->base + space->used;
    size_t block_bytes = torture_block_bytes(bytes);
    space->used += block_bytes;
    memset(block + bytes, TORTURE_POISON, block_bytes - bytes);
    torture_space_own(space, block, bytes, index);
    return block;
}

void torture_space_drop(struct torture_space *space, char *block, size_t bytes, const struct torture_object *owner)
{
    memset(block, TORTURE_POISON, bytes);
    own(space, block, bytes, 0);
    range.dropped[range.drops++ % DROPPED] =
        (struct dropped_block){block, torture_block_bytes(bytes), owner->type, owner->serial};
}

bool torture_guard_intact(const char *block, size_t bytes)
{
    for (size_t i = bytes; i < torture_block_bytes(bytes); i++)
        if ((unsigned char)block[i] != TORTURE_POISON)
            return false;
    return true;
}
