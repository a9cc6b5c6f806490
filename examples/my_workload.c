/* my_workload: an undo history. A document is edited; each edit keeps what it replaced, the oldest are forgotten.
 *
 * An example of a workload with all the parts, to be copied. It is not in the build:
 *
 *     build/bin/reclaim run --workload ./examples/my_workload.c
 *
 * Objects: a document with a fixed number of lines, a line for each text that is or was in it, and a chain of steps,
 * newest first. Every edit makes a line and a step; every `depth` edits the older half of the steps is cut off, which
 * is a chain of deaths for those strategies that follow it. */
#include "workload.h"

#include "common/dead.h"

enum { EDITS, LINES, DEPTH, LENGTH };

static const struct workload_param params[] = {
    [EDITS] = {.name = "edits", .initial = 100000, .small = 60, .lowest = 1, .highest = 1 << 30, .help = "edits made"},
    [LINES] =
        {.name = "lines", .initial = 1000, .small = 5, .lowest = 1, .highest = 1 << 24, .help = "in the document"},
    [DEPTH] =
        {.name = "depth", .initial = 2000, .small = 8, .lowest = 2, .highest = 1 << 24, .help = "steps remembered"},
    [LENGTH] =
        {.name = "length", .initial = 40, .small = 7, .lowest = 1, .highest = 1 << 20, .help = "bytes in a line"},
    {.name = NULL},
};

/* ---- the objects: plain structs, and for each a constant that says where its references are */

/* A text: bytes behind its length. Holds no reference. */
struct line {
    size_t length;
    unsigned char text[];
};
static const struct mm_type line_type = {.name = "line", .size = sizeof(struct line), .tail = MM_TAIL_BYTES};

/* What an edit replaced. */
struct step {
    struct mm_ref older, line;
    uint64_t place;
};
static const uint16_t step_refs[] = {offsetof(struct step, older), offsetof(struct step, line)};
static const struct mm_type step_type = {
    .name = "step", .size = sizeof(struct step), .ref_count = 2, .refs = step_refs};

/* The document: `length` references behind its own field. */
struct document {
    size_t length;
    struct mm_ref newest;
};
static const uint16_t document_refs[] = {offsetof(struct document, newest)};
static const struct mm_type document_type = {
    .name = "document", .size = sizeof(struct document), .tail = MM_TAIL_REFS, .ref_count = 1, .refs = document_refs};

/* ---- state: what lives as long as the repetition. A root in it keeps an object between calls. */
struct state {
    struct mm_root document;
    uint64_t random;
};

static uint64_t draw(struct state *state)
{
    state->random ^= state->random << 13;
    state->random ^= state->random >> 7;
    state->random ^= state->random << 17;
    return state->random;
}

/* A new line, delivered into `out`. */
static int make_line(struct run *run, struct mm_root *out)
{
    size_t length = (size_t)run->params[LENGTH].integer;
    struct line *line = mm_new_tail(&line_type, length, out);
    if (!line)
        return -ENOMEM;
    memset(line->text, (int)(draw(run->state) & 0xff), length);
    return 0;
}

static int fill(struct run *run, struct mm_root *root)
{
    MM_ROOT(line); /* popped when the function is left */
    for (int64_t i = 0; i < run->params[LINES].integer; i++) {
        if (make_line(run, &line))
            return -ENOMEM;
        /* Borrowed anew after each allocation: objects may have moved. */
        void *document = mm_root_get(root);
        mm_move(document, &mm_tail_refs(&document_type, document)[i], &line);
    }
    return 0;
}

/* Not timed. If it fails, teardown is not called: the root has to be popped here. */
static int setup(struct run *run)
{
    struct state *state = run->state;
    state->random = run->seed | 1;
    mm_root_push(&state->document);
    if (mm_new_tail(&document_type, (size_t)run->params[LINES].integer, &state->document) &&
        fill(run, &state->document) == 0)
        return 0;
    mm_root_pop(&state->document);
    return -ENOMEM;
}

/* Says of the steps from `step` on that they and their lines are dead: for the strategy that frees by hand. The caller
 * cuts them off, so that nothing reaches them before the next allocation. */
static void steps_dead(struct step *step)
{
    while (step) {
        struct step *older = mm_get(&step->older);
        mm_dead(&line_type, mm_get(&step->line));
        mm_dead(&step_type, step);
        step = older;
    }
}

/* Replaces a line and remembers the old one. */
static int edit(struct run *run)
{
    struct state *state = run->state;
    size_t place = (size_t)(draw(state) % (uint64_t)run->params[LINES].integer);
    MM_ROOT(line);
    MM_ROOT(made);
    if (make_line(run, &line) || !mm_new(&step_type, &made))
        return -ENOMEM;
    /* Nothing is allocated from here on: what is borrowed stays good. */
    struct document *document = mm_root_get(&state->document);
    struct mm_ref *field = &mm_tail_refs(&document_type, document)[place];
    struct step *step = mm_root_get(&made);
    step->place = place;
    mm_set(step, &step->line, mm_get(field));
    mm_move(document, field, &line);
    mm_set(step, &step->older, mm_get(&document->newest));
    mm_move(document, &document->newest, &made);
    return 0;
}

/* Forgets all but the newest `kept` steps. */
static void forget(struct run *run, int64_t kept)
{
    struct document *document = mm_root_get(&((struct state *)run->state)->document);
    struct step *step = mm_get(&document->newest);
    for (int64_t i = 1; step && i < kept; i++)
        step = mm_get(&step->older);
    if (!step)
        return;
    if (WORK_SAYS_DEAD)
        steps_dead(mm_get(&step->older));
    mm_set(step, &step->older, NULL);
}

/* The answer: what the history holds. */
static void check(struct run *run)
{
    const struct document *document = mm_root_get(&((struct state *)run->state)->document);
    for (const struct step *step = mm_get(&document->newest); step; step = mm_get(&step->older)) {
        const struct line *line = mm_get(&step->line);
        run_check(run, step->place);
        run_check(run, line->text[line->length - 1]);
    }
}

static int run(struct run *run)
{
    int64_t depth = run->params[DEPTH].integer;
    for (int64_t i = 1; i <= run->params[EDITS].integer; i++) {
        if (edit(run))
            return -ENOMEM;
        if (i % depth == 0)
            forget(run, depth / 2);
        run_done(run, 1);
    }
    check(run);
    return 0;
}

/* Drops everything: what is live afterwards has leaked. */
static void teardown(struct run *run)
{
    struct state *state = run->state;
    struct document *document = mm_root_get(&state->document);
    if (WORK_SAYS_DEAD) {
        steps_dead(mm_get(&document->newest));
        for (size_t i = 0; i < document->length; i++)
            mm_dead(&line_type, mm_get(&mm_tail_refs(&document_type, document)[i]));
        mm_dead(&document_type, document);
    }
    mm_root_pop(&state->document);
}

WORKLOAD(my_workload) = {
    .summary = "edits a document and keeps an undo history of bounded depth",
    .unit = "edits",
    .params = params,
    .state_bytes = sizeof(struct state),
    .setup = setup,
    .run = run,
    .teardown = teardown,
};
