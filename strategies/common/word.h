/* word.h: the word before a counted object: how many references there are to it, and how it dies.
 *
 *      63   62                               16 15              0
 *    +------+----------------------------------+----------------+
 *    | dead | references but one               | shape          |
 *    +------+----------------------------------+----------------+
 *
 *     new                    one constant store: no reference but one, and the shape
 *     taking a reference     word += WORD_ONE
 *     dropping one           word -= WORD_ONE; it was the last if that borrows: WORD_DEAD is set then
 *
 * The shape says which words of the payload are references, and how large it is, so that the type is not read: that
 * would be three dependent loads on the way from an object to the next one of a tree. An object that it cannot describe
 * is special. The address of its type stands before an object only if it is typed: special, or MM_TYPE_TAGGED. */
#ifndef COMMON_WORD_H
#define COMMON_WORD_H

#include <stdbool.h>
#include <stdint.h>

#define WORD_ONE  ((uint64_t)1 << 16)
#define WORD_DEAD ((uint64_t)1 << 63)

enum {
    WORD_SPECIAL = 1 << 0,  /* look at the type; bits 2 to 8 are the strategy's then */
    WORD_MARK = 1 << 1,     /* the strategy's */
    WORD_REFS = 0x7f << 2,  /* bit 2 + i: word i of the payload is a reference */
    WORD_TYPED = 1 << 9,    /* its type's address stands before it */
    WORD_SIZE = 0x3f << 10, /* of the payload, in words */
    WORD_SHAPE = 0xffff,
    WORD_REFS_MAX = 7,
    WORD_SIZE_MAX = 63 * 8,
};

/* The WORD_REFS of an object that begins with `count` references, and has no more. */
#define WORD_FIRST_REFS(count) ((((uint64_t)1 << (count)) - 1) << 2)

/* Bit i: word i of the payload is a reference. */
static inline unsigned word_refs(uint64_t word)
{
    return (unsigned)(word & WORD_REFS) >> 2;
}

/* The payload's bytes, of one word or of the sum of the WORD_SIZE parts of several. */
static inline uint64_t word_size(uint64_t sizes)
{
    return (sizes >> 10) * 8;
}

/* The bytes that the type's address takes. */
static inline size_t word_typed_bytes(uint64_t word)
{
    return (word & WORD_TYPED) / (WORD_TYPED / sizeof(const struct mm_type *));
}

static inline uint64_t word_count(uint64_t word)
{
    return word / WORD_ONE + 1;
}

static inline void word_take(uint64_t *word)
{
    *word += WORD_ONE;
}

/* True if this was the last. */
static inline bool word_drop(uint64_t *word)
{
    *word -= WORD_ONE;
    return *word & WORD_DEAD;
}

/* The bit of a type's reference field; references are described in the order of their offsets. */
MM_INLINE uint64_t word_ref(const struct mm_type *type, unsigned index, bool *described)
{
    if (index >= type->ref_count)
        return 0;
    uint64_t at = type->refs[index];
    if (at % 8 || at >= 8 * WORD_REFS_MAX || (index && at <= type->refs[index - 1]))
        *described = false;
    return (uint64_t)4 << at / 8 % WORD_REFS_MAX;
}

/* The word of a new object of this type, with one reference. Special if dying takes more than dropping some reference
 * fields and freeing a small block, and if the type is not known to the compiler: what it cannot fold would cost more
 * here than it saves there. */
MM_INLINE uint64_t word_of(const struct mm_type *type)
{
    bool simple = type->tail == MM_TAIL_NONE && !type->refs_count && !type->bytes_count && !type->weaklist &&
                  !type->finalize && !(type->flags & (MM_TYPE_UNTRACKS | MM_TYPE_NO_CLEAR)) &&
                  type->size <= WORD_SIZE_MAX && type->ref_count <= WORD_REFS_MAX;
    if (!__builtin_constant_p(simple) || !simple)
        return WORD_SPECIAL | WORD_TYPED;
    bool described = true;
    uint64_t refs = word_ref(type, 0, &described) | word_ref(type, 1, &described) | word_ref(type, 2, &described) |
                    word_ref(type, 3, &described) | word_ref(type, 4, &described) | word_ref(type, 5, &described) |
                    word_ref(type, 6, &described);
    if (!__builtin_constant_p(described) || !described)
        return WORD_SPECIAL | WORD_TYPED;
    return refs | (type->flags & MM_TYPE_TAGGED ? WORD_TYPED : 0u) | (uint64_t)type->size / 8 << 10;
}

#endif
