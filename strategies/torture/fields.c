/* References in objects. A field holds not an address but a code for it that depends on where the field is: read or
 * copied by other means than the contract's, it is the address of nothing. */
#include "torture/torture.h"

/* 48 bits of noise from the field's address; and high bits that no address of a program has. */
static uintptr_t field_key(const struct mm_ref *field)
{
    const uint64_t noise = (uint64_t)(uintptr_t)field * UINT64_C(0x9E3779B97F4A7C15) >> 16;
    return (uintptr_t)(noise | UINT64_C(0xA5A5) << 48);
}

void *torture_decode(const struct mm_ref *field)
{
    uintptr_t code = (uintptr_t)field->object;
    return code ? (void *)(code ^ field_key(field)) : NULL;
}

void torture_encode(struct mm_ref *field, const void *object)
{
    field->object = object ? (void *)((uintptr_t)object ^ field_key(field)) : NULL;
}

void torture_visit(struct torture_object *object, torture_visitor *visit, void *context)
{
    const struct mm_type *type = object->type;
    if (object->poisoned)
        return;
    for (size_t i = 0; i < type->ref_count; i++)
        visit(mm_ref_at(object->payload, type->refs[i]), object, context);
    for (size_t b = 0; b < type->refs_count; b++) {
        struct mm_ref *slots = (struct mm_ref *)(void *)object->buffers[b].block;
        for (size_t i = 0; i < object->buffers[b].capacity; i++)
            visit(&slots[i], object, context);
    }
    if (type->tail == MM_TAIL_REFS)
        for (size_t i = 0; i < object->length; i++)
            visit(&mm_tail_refs(type, object->payload)[i], object, context);
}

struct torture_object *torture_target(const struct mm_ref *field, const struct torture_object *owner)
{
    const void *value = torture_decode(field);
    if (!value)
        return NULL;
    struct torture_object *target = torture_find(value);
    if (!target || target->payload != value)
        torture_violate(TORTURE_FIELD_RAW, owner, NULL);
    return target;
}

static bool is_slot(const struct mm_ref *field, const void *slots, size_t length)
{
    uintptr_t offset = (uintptr_t)field - (uintptr_t)slots;
    return offset < length * sizeof *field && offset % sizeof *field == 0;
}

static bool is_field_of(const struct mm_ref *field, const struct torture_object *object)
{
    const struct mm_type *type = object->type;
    for (size_t i = 0; i < type->ref_count; i++)
        if ((const char *)field == object->payload + type->refs[i])
            return true;
    for (size_t b = 0; b < type->refs_count; b++)
        if (is_slot(field, object->buffers[b].block, object->buffers[b].capacity))
            return true;
    return type->tail == MM_TAIL_REFS && is_slot(field, object->payload + type->size, object->length);
}

/* The object that the field is in, which has to be a field. */
static struct torture_object *owner_of(const struct mm_ref *field)
{
    struct torture_object *owner = torture_find(field);
    if (!owner)
        torture_violate_address(TORTURE_FIELD, field);
    torture_expect_alive(owner);
    if (!is_field_of(field, owner))
        torture_violate(TORTURE_FIELD, owner, NULL);
    return owner;
}

static void expect_field(const void *object, const struct mm_ref *field)
{
    const struct torture_object *record = torture_expect(object);
    const struct torture_object *owner = owner_of(field);
    if (owner != record)
        torture_violate(TORTURE_FIELD, record, "the field is another object's");
    torture_target(field, owner);
}

void *torture_get(const struct mm_ref *field)
{
    const struct torture_object *target = torture_target(field, owner_of(field));
    return target ? target->payload : NULL;
}

static void field_store(struct mm_ref *field, void *value)
{
    struct torture_object *old = torture_target(field, NULL);
    torture_reference_add(value ? torture_find(value) : NULL);
    torture_encode(field, value);
    torture_reference_drop(old);
}

void torture_set(void *object, struct mm_ref *field, void *value)
{
    expect_field(object, field);
    torture_expect_value(value);
    field_store(field, value);
}

void torture_move_in(void *object, struct mm_ref *field, struct mm_root *from)
{
    expect_field(object, field);
    void *value = torture_root_get(from);
    torture_expect_value(value);
    field_store(field, value);
    torture_root_set(from, NULL);
}

/* What is taken may be dead already: the workload is about to drop it. */
void torture_take(struct mm_root *to, void *object, struct mm_ref *field)
{
    expect_field(object, field);
    const struct torture_object *target = torture_target(field, NULL);
    torture_encode(field, NULL);
    torture_root_hand(to, target ? target->serial : 0);
}

const struct mm_type *torture_type_of(const void *object)
{
    const struct torture_object *record = torture_expect(object);
    if (!(record->type->flags & MM_TYPE_TAGGED))
        torture_violate(TORTURE_TYPE, record, "mm_type_of: the type is not MM_TYPE_TAGGED");
    return record->type;
}
