#include "kinds.h"

#include <string.h>

#define OFFSETS(...)                                                                                                   \
    (const uint16_t[])                                                                                                 \
    {                                                                                                                  \
        __VA_ARGS__                                                                                                    \
    }

struct leaf {
    uint64_t serial;
    uint32_t stamp;
};

struct link {
    struct mm_ref next;
    uint64_t serial;
    uint32_t stamp;
};

struct branch {
    struct mm_ref left, right;
    uint64_t serial;
    uint32_t stamp;
};

struct quad {
    uint64_t serial;
    uint32_t stamp;
    struct mm_ref first, second, third, fourth;
};

struct pair {
    uint64_t serial;
    uint32_t stamp;
    struct mm_ref first, second;
    struct mm_weaklist weak;
};

struct node {
    uint64_t serial;
    uint32_t stamp;
    struct mm_ref left, right, parent;
    unsigned char inline_bytes[40];
    struct mm_ref up, down;
};

struct tuple {
    size_t length;
    uint64_t serial;
    uint32_t stamp;
    struct mm_weaklist weak;
};

struct text {
    size_t length;
    uint64_t serial;
    uint32_t stamp;
};

struct list {
    uint64_t serial;
    uint32_t stamp;
    struct mm_refs items;
    struct mm_weaklist weak;
};

struct map {
    uint64_t serial;
    uint32_t stamp;
    struct mm_ref meta;
    struct mm_refs keys, values;
    struct mm_bytes index;
    struct mm_weaklist weak;
};

struct blob {
    uint64_t serial;
    uint32_t stamp;
    struct mm_bytes data;
};

struct large {
    uint64_t serial;
    uint32_t stamp;
    struct mm_ref first, second;
    unsigned char inline_bytes[5000];
};

struct record {
    size_t length;
    uint64_t serial;
    uint32_t stamp;
    struct mm_ref owner;
    struct mm_refs items;
};

static const struct mm_type leaf_type = {.name = "leaf", .size = sizeof(struct leaf)};

static const struct mm_type link_type = {
    .name = "link",
    .size = sizeof(struct link),
    .ref_count = 1,
    .refs = OFFSETS(offsetof(struct link, next)),
};

static const struct mm_type branch_type = {
    .name = "branch",
    .size = sizeof(struct branch),
    .ref_count = 2,
    .refs = OFFSETS(offsetof(struct branch, left), offsetof(struct branch, right)),
};

static const struct mm_type quad_type = {
    .name = "quad",
    .size = sizeof(struct quad),
    .ref_count = 4,
    .refs = OFFSETS(offsetof(struct quad, first), offsetof(struct quad, second), offsetof(struct quad, third),
                    offsetof(struct quad, fourth)),
};

static const struct mm_type pair_type = {
    .name = "pair",
    .size = sizeof(struct pair),
    .ref_count = 2,
    .refs = OFFSETS(offsetof(struct pair, first), offsetof(struct pair, second)),
    .weaklist = offsetof(struct pair, weak),
};

static const struct mm_type node_type = {
    .name = "node",
    .size = sizeof(struct node),
    .flags = MM_TYPE_TAGGED,
    .ref_count = 5,
    .refs = OFFSETS(offsetof(struct node, left), offsetof(struct node, right), offsetof(struct node, parent),
                    offsetof(struct node, up), offsetof(struct node, down)),
};

static const struct mm_type tuple_type = {
    .name = "tuple",
    .size = sizeof(struct tuple),
    .flags = MM_TYPE_UNTRACKS,
    .tail = MM_TAIL_REFS,
    .weaklist = offsetof(struct tuple, weak),
};

static const struct mm_type vector_type = {
    .name = "vector",
    .size = sizeof(struct text),
    .flags = MM_TYPE_TAGGED,
    .tail = MM_TAIL_REFS,
};

/* Its bytes begin where its last member ends, not at a multiple of 8. */
static const struct mm_type text_type = {
    .name = "text",
    .size = offsetof(struct text, stamp) + sizeof(uint32_t),
    .tail = MM_TAIL_BYTES,
};

static const struct mm_type list_type = {
    .name = "list",
    .size = sizeof(struct list),
    .refs_count = 1,
    .ref_buffers = OFFSETS(offsetof(struct list, items)),
    .weaklist = offsetof(struct list, weak),
};

static const struct mm_type map_type = {
    .name = "map",
    .size = sizeof(struct map),
    .flags = MM_TYPE_TAGGED,
    .ref_count = 1,
    .refs = OFFSETS(offsetof(struct map, meta)),
    .refs_count = 2,
    .ref_buffers = OFFSETS(offsetof(struct map, keys), offsetof(struct map, values)),
    .bytes_count = 1,
    .byte_buffers = OFFSETS(offsetof(struct map, index)),
    .weaklist = offsetof(struct map, weak),
};

static const struct mm_type blob_type = {
    .name = "blob",
    .size = sizeof(struct blob),
    .bytes_count = 1,
    .byte_buffers = OFFSETS(offsetof(struct blob, data)),
};

static const struct mm_type large_type = {
    .name = "large",
    .size = sizeof(struct large),
    .ref_count = 2,
    .refs = OFFSETS(offsetof(struct large, first), offsetof(struct large, second)),
};

static const struct mm_type record_type = {
    .name = "record",
    .size = sizeof(struct record),
    .tail = MM_TAIL_REFS,
    .ref_count = 1,
    .refs = OFFSETS(offsetof(struct record, owner)),
    .refs_count = 1,
    .ref_buffers = OFFSETS(offsetof(struct record, items)),
};

static const struct mm_type final_pair_type = {
    .name = "final_pair",
    .size = sizeof(struct pair),
    .ref_count = 2,
    .refs = OFFSETS(offsetof(struct pair, first), offsetof(struct pair, second)),
    .weaklist = offsetof(struct pair, weak),
    .finalize = events_finalize,
};

static const struct mm_type final_list_type = {
    .name = "final_list",
    .size = sizeof(struct list),
    .refs_count = 1,
    .ref_buffers = OFFSETS(offsetof(struct list, items)),
    .weaklist = offsetof(struct list, weak),
    .finalize = events_finalize,
};

static const struct mm_type final_leaf_type = {
    .name = "final_leaf",
    .size = sizeof(struct leaf),
    .finalize = events_finalize,
};

static const struct mm_type legacy_type = {
    .name = "legacy",
    .size = sizeof(struct pair),
    .flags = MM_TYPE_LEGACY,
    .ref_count = 2,
    .refs = OFFSETS(offsetof(struct pair, first), offsetof(struct pair, second)),
    .weaklist = offsetof(struct pair, weak),
    .finalize = events_finalize,
};

static const struct mm_type no_clear_type = {
    .name = "no_clear",
    .size = sizeof(struct pair),
    .flags = MM_TYPE_NO_CLEAR,
    .ref_count = 2,
    .refs = OFFSETS(offsetof(struct pair, first), offsetof(struct pair, second)),
    .weaklist = offsetof(struct pair, weak),
};

#define MAKES(NAME)                                                                                                    \
    static void *NAME##_make(size_t length, struct mm_root *out)                                                       \
    {                                                                                                                  \
        (void)length;                                                                                                  \
        return mm_new(&NAME##_type, out);                                                                              \
    }
#define MAKES_TAIL(NAME)                                                                                               \
    static void *NAME##_make(size_t length, struct mm_root *out)                                                       \
    {                                                                                                                  \
        return mm_new_tail(&NAME##_type, length, out);                                                                 \
    }

MAKES(pair)
MAKES(leaf)
MAKES(link)
MAKES(branch)
MAKES(quad)
MAKES(node)
MAKES_TAIL(tuple)
MAKES_TAIL(vector)
MAKES_TAIL(text)
MAKES(list)
MAKES(map)
MAKES(blob)
MAKES_TAIL(record)
MAKES(large)
MAKES(final_pair)
MAKES(final_list)
MAKES(final_leaf)
MAKES(legacy)
MAKES(no_clear)

/* The offset of the serial is that of the struct that the type describes. */
#define KIND(NAME, STRUCT, NEEDS, OPTION)                                                                              \
    {                                                                                                                  \
        &NAME##_type, offsetof(struct STRUCT, serial), NEEDS, OPTION, NAME##_make                                      \
    }

enum { PAIR, FINAL_PAIR, LINK, BRANCH, LIST };
/* clang-format off: a line each */
const struct kind kinds[] = {
    [PAIR] = KIND(pair, pair, 0, KIND_ALWAYS), [FINAL_PAIR] = KIND(final_pair, pair, 0, KIND_FINALIZED),
    [LINK] = KIND(link, link, 0, KIND_ALWAYS), [BRANCH] = KIND(branch, branch, 0, KIND_ALWAYS),
    [LIST] = KIND(list, list, 0, KIND_ALWAYS), KIND(quad, quad, 0, KIND_ALWAYS),
    KIND(leaf, leaf, 0, KIND_ALWAYS),          KIND(node, node, 0, KIND_ALWAYS),
    KIND(tuple, tuple, 0, KIND_ALWAYS),        KIND(vector, text, 0, KIND_ALWAYS),
    KIND(text, text, 0, KIND_ALWAYS),          KIND(map, map, 0, KIND_ALWAYS),
    KIND(blob, blob, 0, KIND_ALWAYS),          KIND(record, record, 0, KIND_ALWAYS),
    KIND(large, large, 0, KIND_LARGE),         KIND(final_list, list, 0, KIND_FINALIZED),
    KIND(final_leaf, leaf, 0, KIND_FINALIZED), KIND(legacy, pair, MM_TRAIT_COUNTS | MM_TRAIT_COLLECTOR, KIND_FINALIZED),
    KIND(no_clear, pair, 0, KIND_FINALIZED),
};
/* clang-format on */
const size_t kind_count = sizeof kinds / sizeof kinds[0];
const struct kind *const kind_pair = &kinds[PAIR], *const kind_final = &kinds[FINAL_PAIR],
                         *const kind_link = &kinds[LINK], *const kind_branch = &kinds[BRANCH],
                         *const kind_list = &kinds[LIST];

void *kind_new(const struct kind *kind, size_t length, bool constant, struct mm_root *out)
{
    if (constant)
        return kind->make(length, out);
    return kind->type->tail == MM_TAIL_NONE ? mm_new(kind->type, out) : mm_new_tail(kind->type, length, out);
}

const struct kind *kind_of(const struct mm_type *type)
{
    const struct kind *kind = kinds;
    while (kind->type != type)
        kind++;
    return kind;
}

static uint32_t serial_stamp(uint64_t serial)
{
    return (uint32_t)((serial + 1) * 0x9E3779B97F4A7C15u >> 32);
}

void kind_mark(const struct mm_type *type, void *object, int32_t serial)
{
    char *at = (char *)object + kind_of(type)->serial_offset;
    uint64_t wide = (uint64_t)serial;
    uint32_t stamp = serial_stamp(wide);
    memcpy(at, &wide, sizeof wide);
    memcpy(at + sizeof wide, &stamp, sizeof stamp);
}

static int32_t serial_at(const char *at)
{
    uint64_t serial;
    uint32_t stamp;
    memcpy(&serial, at, sizeof serial);
    memcpy(&stamp, at + sizeof serial, sizeof stamp);
    bool valid = serial < (uint64_t)model.object_count && stamp == serial_stamp(serial);
    return valid ? (int32_t)serial : MODEL_NONE;
}

int32_t kind_serial(const struct mm_type *type, const void *object)
{
    return serial_at((const char *)object + kind_of(type)->serial_offset);
}

int32_t kind_finalized_serial(const void *object)
{
    return serial_at(object);
}

struct mm_ref *kind_ref(const struct mm_type *type, void *object, enum model_group group, size_t i)
{
    switch (group) {
    case GROUP_FIXED: return mm_ref_at(object, type->refs[i]);
    case GROUP_TAIL: return &mm_tail_refs(type, object)[i];
    default: return &mm_refs_at(object, type->ref_buffers[group - GROUP_BUFFER_0])->slots[i];
    }
}

size_t kind_capacity(const struct mm_type *type, void *object, enum model_group group)
{
    switch (group) {
    case GROUP_FIXED: return type->ref_count;
    case GROUP_TAIL: return type->tail == MM_TAIL_REFS ? mm_type_length(type, object) : 0;
    default: {
        size_t buffer = (size_t)group - GROUP_BUFFER_0;
        return buffer < type->refs_count ? mm_refs_at(object, type->ref_buffers[buffer])->capacity : 0;
    }
    }
}

struct mm_bytes kind_bytes(const struct mm_type *type, void *object, enum model_bytes_group group)
{
    if (group == BYTES_TAIL && type->tail == MM_TAIL_BYTES)
        return (struct mm_bytes){(unsigned char *)object + type->size, mm_type_length(type, object)};
    if (group == BYTES_BUFFER && type->bytes_count != 0)
        return *mm_bytes_at(object, type->byte_buffers[0]);
    return (struct mm_bytes){0};
}

unsigned char kind_stamp(const struct model_bytes *bytes, int32_t serial, size_t i)
{
    if (i >= bytes->stamped)
        return 0;
    uint64_t mixed = ((uint64_t)serial << 20 ^ (uint64_t)bytes->version << 12 ^ i) * 0x9E3779B97F4A7C15u;
    return (unsigned char)(mixed >> 56);
}

static const char *check_bytes(const struct model_object *expected, int32_t serial, void *object)
{
    for (int group = 0; group < BYTES_GROUPS; group++) {
        struct mm_bytes real = kind_bytes(expected->type, object, (enum model_bytes_group)group);
        const struct model_bytes *wanted = &expected->bytes[group];
        if (real.capacity != wanted->capacity)
            return "its bytes have another capacity";
        for (size_t i = 0; i < real.capacity; i++)
            if (real.bytes[i] != kind_stamp(wanted, serial, i))
                return "its bytes have changed";
    }
    return NULL;
}

/* The parts of a payload that nothing writes stay 0. */
static const char *check_zeroes(const struct mm_type *type, const void *object)
{
    const unsigned char *bytes = NULL;
    size_t count = 0;
    if (type == &node_type) {
        bytes = ((const struct node *)object)->inline_bytes;
        count = sizeof(((const struct node *)object)->inline_bytes);
    } else if (type == &large_type) {
        bytes = ((const struct large *)object)->inline_bytes;
        count = sizeof(((const struct large *)object)->inline_bytes);
    }
    for (size_t i = 0; i < count; i++)
        if (bytes[i] != 0)
            return "bytes that nothing wrote are not 0";
    return NULL;
}

const char *kind_check(const struct model_object *expected, int32_t serial, void *object)
{
    const struct mm_type *type = expected->type;
    if (kind_serial(type, object) != serial)
        return "another object, or a damaged one, is in its place";
    if (type->flags & MM_TYPE_TAGGED && mm_type_of(object) != type)
        return "mm_type_of gives another type";
    for (int group = 0; group < GROUPS; group++)
        if (kind_capacity(type, object, (enum model_group)group) != expected->refs[group].capacity)
            return "its references have another capacity";
    const char *error = check_bytes(expected, serial, object);
    return error ? error : check_zeroes(type, object);
}
