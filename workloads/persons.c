/* persons: objects with two attributes are made, read and dropped: the same class without and with __slots__.
 *
 *     class Person:                                  class Person:
 *         def __init__(self, name, age):                 __slots__ = ["name", "age"]
 *             self.name = name                           def __init__(self, name, age): ...
 *             self.age = age
 *         form=dict                                      form=slots
 *
 * form=vars is form=dict where each person's __dict__ was asked for once, as vars(), pickle and many a debugger do.
 * Names and ages are shared values, so that the objects alone are what is made. */
#include "workload.h"

#include "common/dead.h"
#include "common/sizes.h"
#include "pyobj/instance.h"
#include "pyobj/list.h"
#include "pyobj/object.h"
#include "pyobj/shared.h"

enum { FORM, COUNT };
enum { FORM_DICT, FORM_SLOTS, FORM_VARS };
static const char *const forms[] = {[FORM_DICT] = "dict", [FORM_SLOTS] = "slots", [FORM_VARS] = "vars", NULL};
static const struct workload_param params[] = {
    [FORM] = {.name = "form",
              .kind = WORKLOAD_TEXT,
              .text = "dict",
              .small_text = "dict",
              .choices = forms,
              .help =
                  "dict: an ordinary class; slots: with __slots__; vars: an ordinary one whose __dict__ is asked for"},
    [COUNT] = {.name = "count", .initial = 50000, .small = 60, .lowest = 1, .highest = 1 << 26, .help = "persons"},
    {.name = NULL},
};

enum { NAME, AGE, ATTRIBUTES, AGES = 100, BLOCK = 1024 };

static const char *const attributes[] = {[NAME] = "name", [AGE] = "age", NULL};
static uint32_t spare;
static const struct py_class person_class = PY_CLASS("Person", attributes, ATTRIBUTES, &spare);

struct state {
    struct py_shared shared;
};

/* ---- one person */

static int make_slots(struct mm_root *name, struct mm_root *age, struct mm_root *out)
{
    void *person = py_object_new(ATTRIBUTES, out);
    if (!person)
        return -ENOMEM;
    py_object_put(person, NAME, name);
    py_object_put(person, AGE, age);
    return 0;
}

static int make_instance(struct mm_root *name, struct mm_root *age, struct mm_root *out)
{
    struct py_instance *person = py_instance_new(&person_class, out);
    if (!person)
        return -ENOMEM;
    py_instance_put(person, NAME, name);
    py_instance_put(person, AGE, age);
    return 0;
}

static void person_dead(void *person, bool slots)
{
    if (slots) {
        mm_dead(&py_slots_types[ATTRIBUTES].mm, person);
        return;
    }
    struct py_instance *instance = person;
    if (py_instance_has_dict(instance))
        mm_dead(&py_instance_dict_type.mm, mm_get(&instance->values.slots[0]));
    mm_dead(&person_class.type.mm, instance);
}

/* vars(person) */
static int ask_dict(struct mm_root *person)
{
    MM_ROOT(dict);
    if (py_instance_dict(person, &dict))
        return 0;
    person_dead(mm_root_get(person), false);
    return -ENOMEM;
}

static int make_person(const struct py_shared *shared, int64_t form, int64_t number, struct mm_root *out)
{
    MM_ROOT(name);
    MM_ROOT(age);
    mm_root_set(&name, py_tuple_get(py_shared_get(shared, PY_SHARED_CHARACTER_STRS), (size_t)number % 26 + 'a'));
    py_int_make(shared, number % AGES, &age);
    if (form == FORM_SLOTS)
        return make_slots(&name, &age, out);
    int error = make_instance(&name, &age, out);
    return error || form == FORM_DICT ? error : ask_dict(out);
}

/* ---- all of them */

static int make_persons(struct run *run, int64_t form, struct mm_root *persons)
{
    const struct state *state = run->state;
    int64_t count = run->params[COUNT].integer;
    MM_ROOT(person);
    for (int64_t i = 0; i < count; i++) {
        int error = make_person(&state->shared, form, i, &person);
        if (error)
            return error;
        py_list_put(mm_root_get(persons), (size_t)i, &person);
        if ((i + 1) % BLOCK == 0)
            run_done(run, BLOCK);
    }
    run_done(run, (uint64_t)count % BLOCK);
    return 0;
}

static uint64_t read_persons(const struct py_list *persons, bool slots)
{
    uint64_t sum = 0;
    for (size_t i = 0; i < py_list_length(persons); i++) {
        void *person = py_list_get(persons, i);
        const struct py_str *name = slots ? py_object_get(person, NAME) : py_instance_get(person, NAME);
        const struct py_int *age = slots ? py_object_get(person, AGE) : py_instance_get(person, AGE);
        sum = sum * 31 + py_str_at(name, 0) + (uint64_t)py_int_value(age);
    }
    return sum;
}

static void drop_persons(struct mm_root *persons, bool slots)
{
    struct py_list *list = mm_root_get(persons);
    if (WORK_SAYS_DEAD)
        for (size_t i = 0; i < py_list_length(list) && py_list_get(list, i); i++)
            person_dead(py_list_get(list, i), slots);
    mm_dead(&py_list_type.mm, list);
}

/* With the dict, where it was asked for. */
static size_t traced_at(const void *persons, size_t index)
{
    void *person = py_list_get(persons, index);
    size_t bytes = py_traced(person);
    if (py_kind_of(person) == PY_INSTANCE && py_instance_has_dict(person))
        bytes += py_traced(mm_get(&((struct py_instance *)person)->values.slots[0]));
    return bytes;
}

static int use_persons(struct run *run)
{
    int64_t form = run->params[FORM].integer;
    size_t count = (size_t)run->params[COUNT].integer;
    bool slots = form == FORM_SLOTS;
    MM_ROOT(persons);
    py_class_open(&person_class);
    if (!py_list_new_sized(count, &persons))
        return -ENOMEM;
    uint64_t before_bytes = footprint_bytes();
    int error = make_persons(run, form, &persons);
    if (!error) {
        report_taken_each(run, before_bytes, footprint_bytes(), (double)count);
        report_traced_each(run, count, traced_at, mm_root_get(&persons));
        run_check(run, read_persons(mm_root_get(&persons), slots));
    }
    drop_persons(&persons, slots);
    return error;
}

static int run_iteration(struct run *run)
{
    struct mm_region region;
    mm_region_begin(&region);
    int error = use_persons(run);
    mm_region_end(&region);
    return error;
}

static int setup(struct run *run)
{
    struct state *state = run->state;
    return py_shared_open(&state->shared);
}

static void teardown(struct run *run)
{
    struct state *state = run->state;
    py_shared_close(&state->shared);
}

WORKLOAD(persons) = {
    .summary = "objects with two attributes, of a class with and without __slots__",
    .unit = "persons",
    .params = params,
    .state_bytes = sizeof(struct state),
    .setup = setup,
    .run = run_iteration,
    .teardown = teardown,
};
