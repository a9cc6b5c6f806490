/* str_build.c: strs from strs: concatenation, join, slices. */
#include "pyobj/sequence.h"
#include "pyobj/str.h"

/* ---- characters from one form to another as wide or wider */

static void widen_1_to_2(uint16_t *to, const uint8_t *from, size_t count)
{
    for (size_t i = 0; i < count; i++)
        to[i] = from[i];
}

static void widen_1_to_4(uint32_t *to, const uint8_t *from, size_t count)
{
    for (size_t i = 0; i < count; i++)
        to[i] = from[i];
}

static void widen_2_to_4(uint32_t *to, const uint16_t *from, size_t count)
{
    for (size_t i = 0; i < count; i++)
        to[i] = from[i];
}

/* Characters [start, start + count) of `from` to `text`, which has `form`, at character `at`. */
static void copy_characters(enum py_str_form form, char *text, size_t at, const struct py_str *from, size_t start,
                            size_t count)
{
    size_t wide = py_str_form_width(form), narrow = py_str_form_width(py_str_form(from));
    void *to = text + at * wide;
    const void *source = py_str_text(from) + start * narrow;
    if (count == 0)
        return;
    if (wide == narrow)
        memcpy(to, source, count * wide);
    else if (wide == 2)
        widen_1_to_2(to, source, count);
    else if (narrow == 1)
        widen_1_to_4(to, source, count);
    else
        widen_2_to_4(to, source, count);
}

static enum py_str_form wider(enum py_str_form a, enum py_str_form b)
{
    return a > b ? a : b;
}

/* ---- a + b */

struct py_str *py_str_concat(const struct mm_root *a, const struct mm_root *b, struct mm_root *out)
{
    const struct py_str *first = mm_root_get(a), *second = mm_root_get(b);
    enum py_str_form form = wider(py_str_form(first), py_str_form(second));
    size_t before = py_str_length(first), count = py_str_length(second);
    MM_ROOT(sum); /* `out` may be the root of either */
    struct py_str *str = py_str_new_blank(form, before + count, &sum);
    if (!str)
        return NULL;
    copy_characters(form, py_str_text(str), 0, mm_root_get(a), 0, before);
    copy_characters(form, py_str_text(str), before, mm_root_get(b), 0, count);
    mm_root_move(out, &sum);
    return str;
}

/* ---- s += part */

static void grown_finish(struct py_str_grown *grown, enum py_str_form form)
{
    grown->flags = PY_STR_GROWN | (uint64_t)form;
    grown->hash = 0;
}

/* The first time: a grown str of both. */
static int append_copy(struct mm_root *root, const struct mm_root *part)
{
    const struct py_str *str = mm_root_get(root), *added = mm_root_get(part);
    enum py_str_form form = wider(py_str_form(str), py_str_form(added));
    size_t before = py_str_length(str), count = py_str_length(added);
    MM_ROOT(sum);
    if (!mm_new(&py_str_grown_type.mm, &sum))
        return -ENOMEM;
    if (mm_bytes_resize(&sum, offsetof(struct py_str_grown, text), py_str_form_bytes(form, before + count))) {
        mm_dead(&py_str_grown_type.mm, mm_root_get(&sum));
        return -ENOMEM;
    }
    struct py_str_grown *grown = mm_root_get(&sum);
    char *text = (char *)grown->text.bytes + py_str_form_extra(form);
    copy_characters(form, text, 0, mm_root_get(root), 0, before);
    copy_characters(form, text, before, mm_root_get(part), 0, count);
    grown_finish(grown, form);
    py_dead(mm_root_get(root));
    mm_root_move(root, &sum);
    return 0;
}

int py_str_append(struct mm_root *root, const struct mm_root *part)
{
    const struct py_str *str = mm_root_get(root), *added = mm_root_get(part);
    enum py_str_form form = py_str_form(str);
    if (!(str->flags & PY_STR_GROWN) || py_str_form(added) > form)
        return append_copy(root, part);
    size_t before = py_str_length(str), count = py_str_length(added);
    if (mm_bytes_resize(root, offsetof(struct py_str_grown, text), py_str_form_bytes(form, before + count)))
        return -ENOMEM;
    struct py_str_grown *grown = mm_root_get(root);
    copy_characters(form, (char *)grown->text.bytes + py_str_form_extra(form), before, mm_root_get(part), 0, count);
    grown_finish(grown, form);
    return 0;
}

/* ---- separator.join(parts) */

struct py_str *py_str_join(const struct mm_root *separator, const struct mm_root *parts, struct mm_root *out)
{
    const void *all = mm_root_get(parts);
    const struct py_str *between = mm_root_get(separator);
    size_t count = py_sequence_length(all), characters = count > 1 ? (count - 1) * py_str_length(between) : 0;
    enum py_str_form form = count > 1 ? py_str_form(between) : PY_STR_ASCII;
    for (size_t i = 0; i < count; i++) {
        characters += py_str_length(py_sequence_get(all, i));
        form = wider(form, py_str_form(py_sequence_get(all, i)));
    }
    MM_ROOT(joined); /* `out` may be the root of either */
    struct py_str *str = py_str_new_blank(form, characters, &joined);
    if (!str)
        return NULL;
    all = mm_root_get(parts);
    between = mm_root_get(separator);
    for (size_t i = 0, at = 0; i < count; i++) {
        if (i > 0) {
            copy_characters(form, py_str_text(str), at, between, 0, py_str_length(between));
            at += py_str_length(between);
        }
        copy_characters(form, py_str_text(str), at, py_sequence_get(all, i), 0, py_str_length(py_sequence_get(all, i)));
        at += py_str_length(py_sequence_get(all, i));
    }
    mm_root_move(out, &joined);
    return str;
}

/* ---- s[start:stop] */

/* The narrowest form that has these characters. */
static enum py_str_form slice_form(const struct py_str *str, size_t start, size_t stop)
{
    uint32_t all = 0;
    if (py_str_form(str) == PY_STR_ASCII)
        return PY_STR_ASCII;
    for (size_t i = start; i < stop; i++)
        all |= py_str_at(str, i);
    return py_str_form_for(all);
}

struct py_str *py_str_slice(const struct mm_root *root, size_t start, size_t stop, struct mm_root *out)
{
    enum py_str_form form = slice_form(mm_root_get(root), start, stop);
    MM_ROOT(slice); /* `out` may be `root` */
    struct py_str *str = py_str_new_blank(form, stop - start, &slice);
    if (!str)
        return NULL;
    const struct py_str *from = mm_root_get(root);
    if (py_str_form_width(form) == py_str_form_width(py_str_form(from)))
        copy_characters(form, py_str_text(str), 0, from, start, stop - start);
    else
        for (size_t i = start; i < stop; i++)
            py_str_put(str, i - start, py_str_at(from, i));
    mm_root_move(out, &slice);
    return str;
}
