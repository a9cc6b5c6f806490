/* usage.h: the words after a command, parsed by argp. What is wrong with them is said in one line: which word, what was
 * probably meant, and whose --help shows more. argp itself and getopt would say it in two, and suggest nothing. */
#ifndef USAGE_H
#define USAGE_H

#include <argp.h>

/* argp_parse, once it is clear that every word can be parsed; words[0] is the command, "reclaim run". Does not return
 * if the user asked for help or did something wrong. */
void usage_parse(const struct argp *argp, int count, char **words, void *input);

/* In a parser, instead of argp_error: ends the command with EXIT_USAGE. */
_Noreturn void usage_error(const struct argp_state *state, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

#endif
