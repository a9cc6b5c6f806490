#include "driver/usage.h"

#include <stdlib.h>
#include <string.h>

#include "driver/say.h"
#include "driver/text.h"

/* `command` is "reclaim run"; its first word say() has already. */
static _Noreturn void refuse(const char *command, const char *format, va_list arguments)
{
    struct text what = {0};
    const char *name = strchr(command, ' ');
    text_add_va(&what, format, arguments);
    bool is_question = what.length && what.bytes[what.length - 1] == '?';
    say("%s: %s%s `%s --help` shows more", name ? name + 1 : command, text_string(&what), is_question ? "" : ";",
        command);
    text_free(&what);
    exit(EXIT_USAGE);
}

void usage_error(const struct argp_state *state, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    refuse(state->argv[0], format, arguments);
}

/* ---- the words, before argp sees them */

enum { MOST_OPTIONS = 64 };

struct check {
    const char *command;
    const struct argp_option *options[MOST_OPTIONS]; /* with a name: the command's, and those of every command */
    size_t count;
};

static _Noreturn void wrong(const struct check *check, const char *format, ...) __attribute__((format(printf, 2, 3)));

static _Noreturn void wrong(const struct check *check, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    refuse(check->command, format, arguments);
}

static void add_options(struct check *check, const struct argp_option *option)
{
    for (; option && (option->name || option->key || option->doc); option++)
        if (option->name && check->count < MOST_OPTIONS)
            check->options[check->count++] = option;
}

static _Noreturn void say_unknown_option(const struct check *check, const char *name)
{
    const char *names[MOST_OPTIONS];
    for (size_t i = 0; i < check->count; i++)
        names[i] = check->options[i]->name;
    const char *nearest = nearest_of(name, names, check->count);
    if (nearest)
        wrong(check, "there is no option --%s; did you mean --%s?", name, nearest);
    wrong(check, "there is no option --%s", name);
}

/* The option of that name, or the only one that begins so. */
static const struct argp_option *find_long(const struct check *check, const char *name)
{
    const struct argp_option *found = NULL, *other = NULL;
    for (size_t i = 0; i < check->count; i++) {
        const struct argp_option *option = check->options[i];
        if (strcmp(option->name, name) == 0)
            return option;
        if (strncmp(option->name, name, strlen(name)) != 0)
            continue;
        other = found;
        found = option;
    }
    if (!found)
        say_unknown_option(check, name);
    if (other)
        wrong(check, "--%s: do you mean --%s or --%s?", name, other->name, found->name);
    return found;
}

static const struct argp_option *find_short(const struct check *check, char key)
{
    for (size_t i = 0; i < check->count; i++)
        if (check->options[i]->key == key)
            return check->options[i];
    wrong(check, "there is no option -%c", key);
}

/* Whether the word after the option is its value. */
static bool takes_next(const struct check *check, const struct argp_option *option, bool is_last)
{
    if (!option->arg || option->flags & OPTION_ARG_OPTIONAL)
        return false;
    if (is_last)
        wrong(check, "--%s: a value is missing, --%s %s", option->name, option->name, option->arg);
    return true;
}

/* "--name" or "--name=value"; likewise. */
static bool check_long(const struct check *check, const char *word, bool is_last)
{
    const char *value = strchr(word, '=');
    char *name = must_print("%.*s", value ? (int)(value - word) : (int)strlen(word), word);
    const struct argp_option *option = find_long(check, name + 2);
    free(name);
    if (value && !option->arg)
        wrong(check, "%s: --%s takes no value", word, option->name);
    return !value && takes_next(check, option, is_last);
}

/* "-a", "-ab" or "-avalue"; likewise. */
static bool check_short(const struct check *check, const char *word, bool is_last)
{
    for (const char *at = word + 1; *at; at++) {
        const struct argp_option *option = find_short(check, *at);
        if (option->arg)
            return !at[1] && takes_next(check, option, is_last);
    }
    return false;
}

/* People type -h; argp knows -? and --help alone. */
static void check_words(const struct check *check, bool takes_arguments, int count, char **words)
{
    static char help[] = "--help";
    bool only_arguments = false;
    for (int i = 1; i < count; i++) {
        const char *word = words[i];
        bool is_last = i + 1 == count;
        if (only_arguments || word[0] != '-' || !word[1]) {
            if (!takes_arguments)
                wrong(check, "it takes no argument: what is %s?", word);
        } else if (strcmp(word, "--") == 0) {
            only_arguments = true;
        } else if (strcmp(word, "-h") == 0) {
            words[i] = help;
        } else {
            i += word[1] == '-' ? check_long(check, word, is_last) : check_short(check, word, is_last);
        }
    }
}

void usage_parse(const struct argp *argp, int count, char **words, void *input)
{
    static const struct argp_option everywhere[] = {
        {.name = "help", .key = '?'}, {.name = "usage", .key = 256}, {.name = "version", .key = 'V'}, {0}};
    struct check check = {.command = words[0]};
    add_options(&check, argp->options);
    add_options(&check, everywhere);
    check_words(&check, argp->args_doc, count, words);
    argp_parse(argp, count, words, 0, NULL, input);
}
