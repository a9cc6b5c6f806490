/* violation.h: what torture does about a step outside the contract. */
#ifndef TORTURE_VIOLATION_H
#define TORTURE_VIOLATION_H

#include <stdint.h>

/* The rules, as enum constants and names: TORTURE_RULE(CONSTANT, "name", "what was done"). */
#define TORTURE_RULES(TORTURE_RULE)                                                                                    \
    TORTURE_RULE(ROOT_UNPUSHED, "root-unpushed", "a root was used that is not pushed")                                 \
    TORTURE_RULE(ROOT_PUSHED, "root-pushed", "a root was pushed that was pushed already and not popped")               \
    TORTURE_RULE(ROOT_ORDER, "root-order", "a root was popped that is not the last one pushed")                        \
    TORTURE_RULE(ROOT_LEFT, "root-left", "the heap was closed while a root was pushed")                                \
    TORTURE_RULE(VALUE, "value", "a value was stored or used that is not the address of a live object")                \
    TORTURE_RULE(UNOWNED, "unowned", "an object was used after its last reference went")                               \
    TORTURE_RULE(FIELD, "field", "a reference was read or written in what is not a reference field of the object")     \
    TORTURE_RULE(FIELD_RAW, "field-raw",                                                                               \
                 "a reference field was read or written by other means than mm_get and mm_set")                        \
    TORTURE_RULE(BUFFER, "buffer", "the field of a buffer was written, or copied from another one")                    \
    TORTURE_RULE(BOUNDS, "bounds", "memory behind an object or a buffer was written")                                  \
    TORTURE_RULE(LENGTH, "length", "the length of a tail was changed")                                                 \
    TORTURE_RULE(TYPE, "type", "the object is not of the type given, or that type cannot be used so")                  \
    TORTURE_RULE(STALE, "stale", "memory was touched through a stale pointer")                                         \
    TORTURE_RULE(DEAD_REACHED, "dead-reached", "an object can still be reached after mm_dead")                         \
    TORTURE_RULE(DEAD_TWICE, "dead-twice", "mm_dead was said twice")                                                   \
    TORTURE_RULE(DEAD_USED, "dead-used", "an object was used after mm_dead")                                           \
    TORTURE_RULE(REGION_REACHED, "region-reached", "what was allocated in a region can be reached at its end")         \
    TORTURE_RULE(REGION_ORDER, "region-order", "a region was ended that is not the last one begun, or was left open")

enum torture_rule {
#define TORTURE_RULE_CONSTANT(CONSTANT, NAME, SENTENCE) TORTURE_##CONSTANT,
    TORTURE_RULES(TORTURE_RULE_CONSTANT)
#undef TORTURE_RULE_CONSTANT
};

struct torture_violation {
    enum torture_rule rule;
    const char *name, *sentence;
    const char *type;   /* of the object concerned; NULL: not known, or none */
    uint64_t object;    /* its number: the first object of the heap is 1; 0: not known, or none */
    const char *detail; /* what more there is to say; NULL: nothing */
};

/* The status with which a process ends after a violation. */
enum { TORTURE_STATUS = 97 };

/* Called at a violation, first of all. NULL: a line on stderr. When it returns, the process ends with TORTURE_STATUS.
 * It may jump out instead (from a signal handler where the rule is `stale`); the heap is then good for torture_abandon
 * and nothing else. */
extern void (*torture_violation_handler)(const struct torture_violation *violation);

/* The line on stderr: "torture: NAME: SENTENCE; TYPE #OBJECT; DETAIL". */
void torture_violation_print(const struct torture_violation *violation);

/* Frees everything and checks nothing, in whatever state the heap is. */
void torture_abandon(void);

#endif
