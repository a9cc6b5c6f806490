/* str: forms, UTF-8, and strs from strs. */
#include "fixture.h"

/* The str's characters are those of `expected`, 0 at the end. */
static void expect_characters(const struct py_str *str, const uint32_t *expected)
{
    size_t length = 0;
    for (; expected[length]; length++)
        assert_int_equal(py_str_at(str, length), expected[length]);
    assert_int_equal(py_str_length(str), length);
    assert_int_equal(py_str_at(str, length), 0);
}

static void test_forms(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        enum py_str_form form;
        uint32_t characters[8];
    } cases[] = {
        {"", PY_STR_ASCII, {0}},
        {"ab\x7f", PY_STR_ASCII, {'a', 'b', 0x7f}},
        {"\xc2\x80", PY_STR_LATIN1, {0x80}},
        {"a\xc3\xbf", PY_STR_LATIN1, {'a', 0xff}},
        {"\xc3\xa9\xe2\x82\xac", PY_STR_UCS2, {0xe9, 0x20ac}},
        {"\xc4\x80\xef\xbf\xbf", PY_STR_UCS2, {0x100, 0xffff}},
        {"x\xf0\x90\x80\x80\xf4\x8f\xbf\xbf", PY_STR_UCS4, {'x', 0x10000, 0x10ffff}},
        {&"eight bytes and more, then one \xe2\x82\xac" [26], PY_STR_UCS2, { ' ', 'o', 'n', 'e', ' ', 0x20ac }},
    };
    MM_ROOT(root);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const struct py_str *str = make_str(cases[i].text, &root);
        assert_int_equal(py_str_form(str), cases[i].form);
        expect_characters(str, cases[i].characters);
        drop(&root);
    }
}

/* What is no UTF-8: each byte that begins no character is one U+FFFD. */
static void test_malformed(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        uint32_t characters[8];
    } cases[] = {
        {"a\x80z", {'a', 0xfffd, 'z'}},                         /* continues nothing */
        {"\xc0\xaf", {0xfffd, 0xfffd}},                         /* longer than need be */
        {"\xe0\x80\xaf", {0xfffd, 0xfffd, 0xfffd}},             /* the same */
        {"\xed\xa0\x80", {0xfffd, 0xfffd, 0xfffd}},             /* half a surrogate pair */
        {"\xf4\x90\x80\x80", {0xfffd, 0xfffd, 0xfffd, 0xfffd}}, /* beyond U+10FFFF */
        {"\xe2\x82", {0xfffd, 0xfffd}},                         /* cut off */
        {"\xff\xf5y", {0xfffd, 0xfffd, 'y'}},
    };
    MM_ROOT(root);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        expect_characters(make_str(cases[i].text, &root), cases[i].characters);
        drop(&root);
    }
}

static void test_equality(void **state)
{
    (void)state;
    MM_ROOT(a);
    MM_ROOT(b);
    make_str("0123456789", &a);
    make_str("012345678\xc3\xa9", &b);
    assert_false(py_str_equal(mm_root_get(&a), mm_root_get(&b)));
    assert_true(py_str_hash(mm_root_get(&a)) != py_str_hash(mm_root_get(&b)));
    drop(&b);
    make_str("0123456789", &b);
    assert_true(py_str_equal(mm_root_get(&a), mm_root_get(&b)));
    assert_int_equal(py_str_hash(mm_root_get(&a)), py_str_hash(mm_root_get(&b)));
    drop(&a);
    drop(&b);
}

/* Pieces of all forms, added in place and copied, against one text. */
static void test_append_and_concat(void **state)
{
    (void)state;
    static const char *const pieces[] = {"a", "bc", "\xc3\xa9", "d", "\xe2\x82\xac", "", "\xf0\x9f\x90\x8d", "end"};
    char all[64] = "";
    MM_ROOT(grown);
    MM_ROOT(copied);
    MM_ROOT(old);
    MM_ROOT(piece);
    MM_ROOT(expected);
    make_str("", &grown);
    make_str("", &copied);
    for (size_t i = 0; i < sizeof pieces / sizeof *pieces; i++) {
        strcat(all, pieces[i]);
        make_str(pieces[i], &piece);
        make_str(all, &expected);
        assert_int_equal(py_str_append(&grown, &piece), 0);
        mm_root_move(&old, &copied);
        assert_non_null(py_str_concat(&old, &piece, &copied));
        assert_true(py_str_equal(mm_root_get(&expected), mm_root_get(&copied)));
        assert_true(py_str_equal(mm_root_get(&expected), mm_root_get(&grown)));
        assert_int_equal(py_str_hash(mm_root_get(&grown)), py_str_hash(mm_root_get(&expected)));
        assert_int_equal(py_str_at(mm_root_get(&grown), py_str_length(mm_root_get(&grown))), 0);
        drop(&old);
        drop(&piece);
        drop(&expected);
    }
    drop(&grown);
    drop(&copied);
}

static void test_join_and_slice(void **state)
{
    (void)state;
    MM_ROOT(parts);
    MM_ROOT(part);
    MM_ROOT(separator);
    MM_ROOT(joined);
    MM_ROOT(expected);
    MM_ROOT(slice);
    assert_non_null(py_list_new(&parts));
    make_str(", ", &separator);
    assert_int_equal(py_str_length(py_str_join(&separator, &parts, &joined)), 0);
    drop(&joined);
    static const char *const texts[] = {"one", "caf\xc3\xa9", "\xe2\x82\xac"};
    for (size_t i = 0; i < 3; i++) {
        make_str(texts[i], &part);
        assert_int_equal(py_list_append(&parts, &part), 0);
    }
    assert_non_null(py_str_join(&separator, &parts, &joined));
    make_str("one, caf\xc3\xa9, \xe2\x82\xac", &expected);
    assert_true(py_str_equal(mm_root_get(&joined), mm_root_get(&expected)));
    assert_int_equal(py_str_form(py_str_slice(&joined, 0, 3, &slice)), PY_STR_ASCII);
    drop(&slice);
    assert_int_equal(py_str_form(py_str_slice(&joined, 2, 9, &slice)), PY_STR_LATIN1);
    expect_characters(mm_root_get(&slice), (const uint32_t[]){'e', ',', ' ', 'c', 'a', 'f', 0xe9, 0});
    drop(&slice);
    assert_int_equal(py_str_form(py_str_slice(&joined, 8, 12, &slice)), PY_STR_UCS2);
    drop(&slice);
    drop(&joined);
    drop(&expected);
    drop(&separator);
    drop(&parts);
}

static void test_shared_strs(void **state)
{
    (void)state;
    struct py_shared shared;
    assert_int_equal(py_shared_open(&shared), 0);
    {
        MM_ROOT(text);
        MM_ROOT(a);
        MM_ROOT(b);
        make_str("a\xc3\xa9\xe2\x82\xac", &text);
        for (size_t i = 0; i < 3; i++) {
            assert_non_null(py_str_item(&shared, &text, i, &a));
            assert_non_null(py_str_item(&shared, &text, i, &b));
            assert_int_equal(mm_root_get(&a) == mm_root_get(&b), i < 2);
            assert_int_equal(py_str_at(mm_root_get(&a), 0), py_str_at(mm_root_get(&text), i));
            drop(&a);
            drop(&b);
        }
        drop(&text);
        static const char *const texts[] = {"", "x", "interned"};
        for (size_t i = 0; i < 3; i++) {
            make_str(texts[i], &a);
            make_str(texts[i], &b);
            assert_int_equal(py_str_intern(&shared, &a), 0);
            assert_int_equal(py_str_intern(&shared, &b), 0);
            assert_ptr_equal(mm_root_get(&a), mm_root_get(&b));
            assert_true(py_is_shared(mm_root_get(&a)));
        }
        assert_int_equal(py_dict_length(py_shared_get(&shared, PY_SHARED_INTERNED)), 1);
    }
    py_shared_close(&shared);
}

int str_tests(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_forms),          TEST(test_malformed),   TEST(test_equality), TEST(test_append_and_concat),
        TEST(test_join_and_slice), TEST(test_shared_strs),
    };
    return cmocka_run_group_tests_name("str", tests, NULL, NULL);
}
