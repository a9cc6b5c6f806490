/* json.loads. */
#include "fixture.h"

#include "pyobj/json.h"

/* What was parsed, in one line of signs: [ and { for containers, a letter for the rest. */
static void signature(void *value, char *text, size_t bytes)
{
    static const char signs[] = {[PY_NONE] = 'n', [PY_BOOL] = 'b', [PY_INT] = 'i', [PY_FLOAT] = 'f',
                                 [PY_STR] = 's',  [PY_LIST] = '[', [PY_DICT] = '{'};
    size_t length = 0;
    struct py_walk walk;
    py_walk_begin(&walk, value, true);
    while ((value = py_walk_next(&walk)) && length + 1 < bytes)
        text[length++] = walk.event == PY_WALK_LEAVE ? (char)(signs[py_kind_of(value)] + 2) : signs[py_kind_of(value)];
    text[length] = '\0';
    py_walk_end(&walk);
}

static void test_json(void **state)
{
    (void)state;
    static const char text[] = "{\"a\": [1, -2.5, \"\\u00e9\", null, true, {}], \"a\": {\"b\": [[]]}, \"c\": 1e999}";
    char found[64];
    MM_ROOT(none);
    MM_ROOT(yes);
    MM_ROOT(no);
    MM_ROOT(keys);
    MM_ROOT(document);
    assert_true(py_none_new(&none) && py_bool_new(true, &yes) && py_bool_new(false, &no) && py_dict_new(&keys));
    struct py_json json = {.none = &none, .yes = &yes, .no = &no, .keys = &keys};
    assert_int_equal(py_json_parse(&json, text, sizeof text - 1, &document), 0);
    signature(mm_root_get(&document), found, sizeof found);
    assert_string_equal(found, "{s{s[[]]}sf}");
    assert_int_equal(py_dict_length(mm_root_get(&keys)), 3);
    if (WORK_SAYS_DEAD)
        py_dead_tree(mm_root_get(&document), false);
    mm_root_set(&document, NULL);
    assert_int_equal(py_json_parse(&json, "[1,\n2", 5, &document), -EINVAL);
    assert_null(mm_root_get(&document));
    assert_true(json.line == 2 && strstr(json.message, "premature EOF"));
    outside_pool_close(&json.pool);
    if (WORK_SAYS_DEAD) {
        struct py_dict *dict = mm_root_get(&keys);
        for (size_t i = 0; i < py_dict_entry_count(dict); i++)
            py_dead(py_dict_key_at(dict, i));
        py_dead(dict);
    }
    mm_root_set(&keys, NULL);
    py_dead(mm_root_get(&none));
    py_dead(mm_root_get(&yes));
    py_dead(mm_root_get(&no));
}

int json_tests(void)
{
    const struct CMUnitTest tests[] = {TEST(test_json)};
    return cmocka_run_group_tests_name("json", tests, NULL, NULL);
}
