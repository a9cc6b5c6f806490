/* observers: a subject and its observers; who drops an observer expects that it goes.
 *
 *     class Observer:
 *         def __init__(self, subject):
 *             self.subject = subject                    form=strong: a cycle, which lives as long as the subject
 *             self.subject = weakref.ref(subject)       form=weak_subject: no cycle, but the subject has it still
 *             subject.observers.append(self)
 *             subject.observers.append(weakref.ref(self))      form=weak_observers: nothing of the subject's keeps it
 *         def cleanup(self):
 *             self.subject.observers.remove(self)       form=cleanup: as strong, and its owner calls this
 *
 * Each subject gets `observers` of them, one after the other; `owners` hold the latest, and drop what they held. What
 * is notified is counted: observers that somebody owns have the same sum under every form. */
#include "workload.h"

#include "common/dead.h"
#include "pyobj/list.h"

enum { FORM, SUBJECTS, OBSERVERS, OWNERS };
enum { FORM_STRONG, FORM_WEAK_SUBJECT, FORM_WEAK_OBSERVERS, FORM_CLEANUP };
static const char *const forms[] = {
    [FORM_STRONG] = "strong",
    [FORM_WEAK_SUBJECT] = "weak_subject",
    [FORM_WEAK_OBSERVERS] = "weak_observers",
    [FORM_CLEANUP] = "cleanup",
    NULL,
};
static const struct workload_param params[] = {
    [FORM] = {.name = "form",
              .kind = WORKLOAD_TEXT,
              .text = "strong",
              .small_text = "strong",
              .choices = forms,
              .help = "which references are weak, or whether an owner calls cleanup"},
    [SUBJECTS] = {.name = "subjects",
                  .initial = 100,
                  .small = 4,
                  .lowest = 1,
                  .highest = 1 << 24,
                  .help = "one after the other"},
    [OBSERVERS] =
        {.name = "observers", .initial = 300, .small = 30, .lowest = 1, .highest = 1 << 24, .help = "of each subject"},
    [OWNERS] = {.name = "owners",
                .initial = 10,
                .small = 3,
                .lowest = 1,
                .highest = 1 << 20,
                .help = "observers held at once"},
    {.name = NULL},
};

enum { NOTIFY_EVERY = 16 };

struct subject {
    struct mm_ref observers; /* a list of them, or of weak references to them */
    uint64_t number;
    struct mm_weaklist weaklist;
};

struct observer {
    struct mm_ref subject; /* or a weak reference to it */
    uint64_t number;
    uint64_t owned; /* 1 until its owner drops it */
    struct mm_weaklist weaklist;
};

static const uint16_t subject_refs[] = {offsetof(struct subject, observers)};
static const struct mm_type subject_type = {
    .name = "subject",
    .size = sizeof(struct subject),
    .ref_count = 1,
    .weaklist = offsetof(struct subject, weaklist),
    .refs = subject_refs,
};
static const uint16_t observer_refs[] = {offsetof(struct observer, subject)};
static const struct mm_type observer_type = {
    .name = "observer",
    .size = sizeof(struct observer),
    .ref_count = 1,
    .weaklist = offsetof(struct observer, weaklist),
    .refs = observer_refs,
};

struct scene {
    int64_t form;
    struct mm_root *subject, *owners; /* a list */
    uint64_t kept_max;
};

struct state {
    uint64_t before_objects; /* live at the start */
    uint64_t kept_max;
};

static struct py_list *observers_of(const struct mm_root *subject)
{
    return mm_get(&((struct subject *)mm_root_get(subject))->observers);
}

/* ---- weak references; where a strategy has none, the forms that need them do not run */

static int refer_weakly(const struct mm_root *target, struct mm_root *out)
{
#if MM_TRAITS & MM_TRAIT_WEAK
    return mm_weak_new(target, NULL, NULL, out) ? 0 : -ENOMEM;
#else
    (void)target;
    (void)out;
    return -EINVAL;
#endif
}

/* The observer that an entry of the subject's list means, or NULL if it is gone. */
static struct observer *observer_at(const struct scene *scene, size_t index, struct mm_root *out)
{
    void *entry = py_list_get(observers_of(scene->subject), index);
#if MM_TRAITS & MM_TRAIT_WEAK
    if (scene->form == FORM_WEAK_OBSERVERS)
        return mm_weak_get(entry, out);
#endif
    mm_root_set(out, entry);
    return entry;
}

/* ---- observers */

/* Puts an entry at the end of the subject's list: the observer, or a weak reference to it. */
static int enlist(const struct scene *scene, const struct mm_root *observer)
{
    MM_ROOT(list);
    MM_ROOT(entry);
    int error = 0;
    if (scene->form == FORM_WEAK_OBSERVERS)
        error = refer_weakly(observer, &entry);
    else
        mm_root_set(&entry, mm_root_get(observer));
    mm_root_set(&list, observers_of(scene->subject));
    return error ? error : py_list_append(&list, &entry);
}

/* Observer(subject). Without success nothing is left of it. */
static int make_observer(const struct scene *scene, uint64_t number, struct mm_root *out)
{
    MM_ROOT(subject);
    int error = 0;
    if (!mm_new(&observer_type, out))
        return -ENOMEM;
    if (scene->form == FORM_WEAK_SUBJECT)
        error = refer_weakly(scene->subject, &subject);
    else
        mm_root_set(&subject, mm_root_get(scene->subject));
    if (!error)
        error = enlist(scene, out);
    struct observer *observer = mm_root_get(out);
    if (error) {
        mm_dead(&observer_type, observer);
        mm_root_set(out, NULL);
        return error;
    }
    observer->number = number;
    observer->owned = 1;
    mm_move(observer, &observer->subject, &subject);
    return 0;
}

/* subject.observers.remove(self) */
static void cleanup(const struct scene *scene, const struct observer *observer)
{
    MM_ROOT(list);
    MM_ROOT(removed);
    size_t index = 0;
    mm_root_set(&list, observers_of(scene->subject));
    while (py_list_get(mm_root_get(&list), index) != observer)
        index++;
    py_list_pop_at(&list, index, &removed);
}

/* Its owner has no more use for what `root` holds. */
static void give_up(const struct scene *scene, struct mm_root *root)
{
    struct observer *observer = mm_root_get(root);
    if (!observer)
        return;
    observer->owned = 0;
    if (scene->form == FORM_CLEANUP) {
        cleanup(scene, observer);
        if (WORK_SAYS_DEAD)
            mm_dead(&observer_type, mm_root_get(root));
    }
    mm_root_set(root, NULL);
}

/* Takes an entry out: the last one takes its place. */
static void prune(const struct scene *scene, size_t index)
{
    MM_ROOT(list);
    MM_ROOT(last);
    mm_root_set(&list, observers_of(scene->subject));
    py_list_pop(&list, &last);
    if (index < py_list_length(mm_root_get(&list)))
        py_list_put(mm_root_get(&list), index, &last);
}

/* Calls all that are there. Returns the sum over those that somebody owns. */
static uint64_t notify(struct scene *scene)
{
    uint64_t sum = 0, kept = 0;
    MM_ROOT(observer);
    for (size_t i = 0; i < py_list_length(observers_of(scene->subject));) {
        const struct observer *known = observer_at(scene, i, &observer);
        if (!known) {
            prune(scene, i);
            continue;
        }
        sum += known->owned * known->number * known->number;
        kept += !known->owned;
        i++;
    }
    scene->kept_max = kept > scene->kept_max ? kept : scene->kept_max;
    return sum;
}

/* ---- a subject's life */

static int observe(struct run *run, struct scene *scene)
{
    int64_t observers = run->params[OBSERVERS].integer, owners = run->params[OWNERS].integer;
    MM_ROOT(observer);
    for (int64_t i = 0; i < observers; i++) {
        int error = make_observer(scene, (uint64_t)i + 1, &observer);
        if (error)
            return error;
        py_list_swap(mm_root_get(scene->owners), (size_t)(i % owners), &observer);
        give_up(scene, &observer);
        if ((i + 1) % NOTIFY_EVERY == 0 || i + 1 == observers)
            run_check(run, notify(scene));
    }
    return 0;
}

/* The subject goes, and what it alone had: its list, and observers that are in it. */
static void drop_scene(struct scene *scene)
{
    MM_ROOT(observer);
    struct py_list *owners = mm_root_get(scene->owners);
    for (size_t i = 0; i < py_list_length(owners); i++) {
        mm_take(&observer, owners, &owners->items.slots[i]);
        give_up(scene, &observer);
        owners = mm_root_get(scene->owners);
    }
    struct py_list *list = observers_of(scene->subject);
    if (WORK_SAYS_DEAD && list) {
        for (size_t i = 0; i < py_list_length(list) && scene->form != FORM_WEAK_OBSERVERS; i++)
            mm_dead(&observer_type, py_list_get(list, i));
        mm_dead(&py_list_type.mm, list);
    }
    mm_dead(&py_list_type.mm, owners);
    mm_dead(&subject_type, mm_root_get(scene->subject));
}

static int make_subject(struct scene *scene)
{
    MM_ROOT(list);
    if (!mm_new(&subject_type, scene->subject))
        return -ENOMEM;
    if (!py_list_new(&list)) {
        mm_dead(&subject_type, mm_root_get(scene->subject));
        return -ENOMEM;
    }
    struct subject *subject = mm_root_get(scene->subject);
    mm_move(subject, &subject->observers, &list);
    return 0;
}

static int use_subject(struct run *run, struct scene *scene)
{
    MM_ROOT(subject);
    MM_ROOT(owners);
    scene->subject = &subject;
    scene->owners = &owners;
    if (!py_list_new_sized((size_t)run->params[OWNERS].integer, &owners))
        return -ENOMEM;
    int error = make_subject(scene);
    if (error) {
        mm_dead(&py_list_type.mm, mm_root_get(&owners));
        return error;
    }
    error = observe(run, scene);
    drop_scene(scene);
    return error;
}

static uint64_t live_objects(void)
{
    struct mm_stats stats;
    mm_stats_get(&stats);
    return stats.objects_allocated - stats.objects_freed;
}

static int run_iteration(struct run *run)
{
    struct state *state = run->state;
    struct scene scene = {.form = run->params[FORM].integer};
    int error = 0;
    for (int64_t i = 0; i < run->params[SUBJECTS].integer && !error; i++) {
        struct mm_region region;
        mm_region_begin(&region);
        error = use_subject(run, &scene);
        mm_region_end(&region);
        run_done(run, (uint64_t)run->params[OBSERVERS].integer);
    }
    state->kept_max = scene.kept_max;
    return error;
}

static int setup(struct run *run)
{
    struct state *state = run->state;
    state->before_objects = live_objects();
    return 0;
}

static void teardown(struct run *run)
{
    const struct state *state = run->state;
    run_figure(run, "kept_observers_max", "objects", (double)state->kept_max);
    run_figure(run, "left_objects", "objects", (double)(int64_t)(live_objects() - state->before_objects));
    mm_collect(MM_GENERATIONS - 1);
    run_figure(run, "left_after_collect_objects", "objects", (double)(int64_t)(live_objects() - state->before_objects));
}

static bool makes_cycles(const struct workload_value *values)
{
    return values[FORM].integer == FORM_STRONG;
}

static uint32_t needs_with(const struct workload_value *values)
{
    int64_t form = values[FORM].integer;
    return form == FORM_WEAK_SUBJECT || form == FORM_WEAK_OBSERVERS ? MM_TRAIT_WEAK : 0;
}

WORKLOAD(observers) = {
    .summary = "observers of a subject are dropped by their owners: what keeps them, by which references are weak",
    .unit = "observers",
    .params = params,
    .state_bytes = sizeof(struct state),
    .needs_with = needs_with,
    .makes_cycles = makes_cycles,
    .setup = setup,
    .run = run_iteration,
    .teardown = teardown,
};
