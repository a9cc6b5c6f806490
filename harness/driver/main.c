/* reclaim: measures what ways of managing memory cost, and what they give.
 *
 * The words up to the command are main's own; each command parses what follows it. */
#include <argp.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "claims/command.h"
#include "claims/folder.h"
#include "driver/child.h"
#include "driver/commands.h"
#include "driver/compare.h"
#include "driver/doctor.h"
#include "driver/say.h"
#include "driver/text.h"
#include "sites/command.h"

#ifndef RECLAIM_VERSION
#define RECLAIM_VERSION "unknown"
#endif

static const struct command {
    const char *name, *summary;
    int (*act)(int count, char **words);
} commands[] = {
    {"list", "strategies, workloads, allocators and experiments", command_list},
    {"run", "measure", command_run},
    {"minheap", "the smallest heap limit with which each cell runs", command_minheap},
    {"sites", "which lines allocate, what of it is live, what leaks", sites_command},
    {"resume", "go on with a run that was cut off", command_resume},
    {"merge", "make one run of the shards of a plan", command_merge},
    {"summary", "the table of a run", command_summary},
    {"compare", "two runs, or two strategies of one: faster, slower, no difference shown", compare_command},
    {"plot", "the figures of a run", command_plot},
    {"report", "the report of a run", command_report},
    {"verify", "does a run hold what was planned, as it was measured?", command_verify},
    {"claims", "what documents on Python's memory claim: holds, does not hold, depends", claims_command},
    {"doctor", "is this machine fit to measure on?", doctor_command},
    {"schema", "the columns of a run's files", command_schema},
};
enum { COMMANDS = sizeof commands / sizeof *commands };

static void print_help(FILE *out)
{
    fputs("Usage: reclaim COMMAND [OPTION...] [ARGUMENT]\n"
          "Measures what ways of managing memory cost, and what they give, on the same work.\n\n",
          out);
    for (size_t i = 0; i < COMMANDS; i++)
        fprintf(out, "  %-9s %s\n", commands[i].name, commands[i].summary);
    fputs("\n`reclaim COMMAND --help` has a command's options. To begin with: reclaim run experiments/quick.yaml\n",
          out);
}

static int act_on(const struct command *command, int count, char **words)
{
    words[0] = must_print("reclaim %s", command->name);
    int code = command->act(count, words);
    free(words[0]);
    if (fflush(stdout) != 0 || ferror(stdout)) {
        say("cannot write to stdout: %s", strerror(errno));
        return EXIT_SOME_FAILED;
    }
    return code;
}

int main(int count, char **words)
{
    argp_program_version = "reclaim " RECLAIM_VERSION;
    argp_err_exit_status = EXIT_USAGE;
    child_watch_signals();
    commands_add_folder_kind(&claims_folder);
    const char *name = count > 1 ? words[1] : "";
    if (strcmp(name, "--help") == 0 || strcmp(name, "-h") == 0 || strcmp(name, "help") == 0) {
        print_help(stdout);
        return EXIT_ALL_OK;
    }
    if (strcmp(name, "--version") == 0 || strcmp(name, "-V") == 0) {
        puts(argp_program_version);
        return EXIT_ALL_OK;
    }
    const char *names[COMMANDS];
    for (size_t i = 0; i < COMMANDS; i++) {
        if (strcmp(commands[i].name, name) == 0)
            return act_on(&commands[i], count - 1, words + 1);
        names[i] = commands[i].name;
    }
    if (count < 2) {
        print_help(stderr);
        return EXIT_USAGE;
    }
    const char *nearest = nearest_of(name, names, COMMANDS);
    say("there is no command %s;%s%s%s `reclaim --help` lists them", name, nearest ? " did you mean " : "",
        nearest ? nearest : "", nearest ? "?" : "");
    return EXIT_USAGE;
}
