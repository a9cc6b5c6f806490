/* Saying what was done, and ending the process. */
#include <stdio.h>
#include <unistd.h>

#include "torture/torture.h"

void (*torture_violation_handler)(const struct torture_violation *violation);

static const struct {
    const char *name, *sentence;
} rules[] = {
#define TORTURE_RULE_ROW(CONSTANT, NAME, SENTENCE) [TORTURE_##CONSTANT] = {NAME, SENTENCE},
    TORTURE_RULES(TORTURE_RULE_ROW)
#undef TORTURE_RULE_ROW
};

void torture_violation_print(const struct torture_violation *violation)
{
    char object[160] = "";
    if (violation->type && violation->object)
        snprintf(object, sizeof object, "; %s #%llu", violation->type, (unsigned long long)violation->object);
    else if (violation->type)
        snprintf(object, sizeof object, "; %s", violation->type);
    dprintf(STDERR_FILENO, "torture: %s: %s%s%s%s\n", violation->name, violation->sentence, object,
            violation->detail ? "; " : "", violation->detail ? violation->detail : "");
}

static _Noreturn void violate(enum torture_rule rule, const struct mm_type *type, uint64_t serial, const char *detail)
{
    const struct torture_violation violation = {
        .rule = rule,
        .name = rules[rule].name,
        .sentence = rules[rule].sentence,
        .type = type ? type->name : NULL,
        .object = serial,
        .detail = detail,
    };
    if (torture_violation_handler)
        torture_violation_handler(&violation);
    else
        torture_violation_print(&violation);
    _exit(TORTURE_STATUS);
}

_Noreturn void torture_violate(enum torture_rule rule, const struct torture_object *object, const char *detail)
{
    violate(rule, object ? object->type : NULL, object ? object->serial : 0, detail);
}

_Noreturn void torture_violate_reached(enum torture_rule rule, const struct torture_object *object)
{
    char detail[160];
    const struct torture_object *from =
        object->reached_from == TORTURE_NONE ? NULL : &torture_heap.objects[object->reached_from];
    if (from)
        snprintf(detail, sizeof detail, "%s #%llu refers to it", from->type->name, (unsigned long long)from->serial);
    torture_violate(rule, object, from ? detail : object->frozen ? "it is frozen" : "a root refers to it");
}

_Noreturn void torture_violate_address(enum torture_rule rule, const void *address)
{
    char detail[160];
    struct torture_past past;
    const struct torture_object *object = torture_find(address);
    if (object) {
        snprintf(detail, sizeof detail, "the address %p is inside of it, not its own", address);
        torture_violate(rule, object, detail);
    }
    if (!torture_past_find(address, &past))
        snprintf(detail, sizeof detail, "the address %p was never an object's", address);
    else if (!past.type)
        snprintf(detail, sizeof detail, "the address %p is where objects were long ago", address);
    else if (past.moves_ago == 0)
        snprintf(detail, sizeof detail, "it was at the address %p, which was given back", address);
    else
        snprintf(detail, sizeof detail, "it was at the address %p, %u moves ago, and %s", address, past.moves_ago,
                 torture_by_serial(past.serial) ? "is elsewhere now" : "is reclaimed by now");
    violate(rule, past.type, past.serial, detail);
}
