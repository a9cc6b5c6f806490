/* kinds.h: the types that the fuzzer makes: each way in which an object can hold references and bytes, alone and
 * together, and each flag. */
#ifndef FUZZ_KINDS_H
#define FUZZ_KINDS_H

#include "model.h"

/* Types in a table, so that a byte of the input chooses one. */
struct kind {
    const struct mm_type *type;
    uint16_t serial_offset; /* of a uint64_t; right after it a uint32_t, the serial's stamp */
    uint32_t needs;         /* traits without which it is not made */
    uint8_t option;         /* enum kind_option: the part of a run's profile that it belongs to */
    /* mm_new or mm_new_tail with the type as a constant, which is what strategies have their fast paths for. */
    void *(*make)(size_t length, struct mm_root *out);
};

enum kind_option { KIND_ALWAYS = 0, KIND_FINALIZED = 1, KIND_LARGE = 2 };

extern const struct kind kinds[];
extern const size_t kind_count;

/* Two fields and a weak list; the same with a finalizer; one field and nothing else; two and nothing else. Chains and
 * rings are made of these. */
extern const struct kind *const kind_pair, *const kind_final, *const kind_link, *const kind_branch;

/* A buffer of references. */
extern const struct kind *const kind_list;

/* A new object of that kind, its type a constant to the compiler, or not. */
void *kind_new(const struct kind *kind, size_t length, bool constant, struct mm_root *out);

/* Called by each type's finalizer. */
void events_finalize(void *object);

const struct kind *kind_of(const struct mm_type *type);

/* Writes the serial into a fresh object; and reads it back: MODEL_NONE where there is no valid one. */
void kind_mark(const struct mm_type *type, void *object, int32_t serial);
int32_t kind_serial(const struct mm_type *type, const void *object);

/* The serial of an object of any type with a finalizer: they all keep it in the same place. */
int32_t kind_finalized_serial(const void *object);

/* A real reference of a group; and the group's real capacity. */
struct mm_ref *kind_ref(const struct mm_type *type, void *object, enum model_group group, size_t i);
size_t kind_capacity(const struct mm_type *type, void *object, enum model_group group);

/* The real bytes of a group. */
struct mm_bytes kind_bytes(const struct mm_type *type, void *object, enum model_bytes_group group);

/* What byte `i` of a group has to be. */
unsigned char kind_stamp(const struct model_bytes *bytes, int32_t serial, size_t i);

/* NULL if the whole payload but its reference fields is as the model says, or what is not. */
const char *kind_check(const struct model_object *expected, int32_t serial, void *object);

#endif
