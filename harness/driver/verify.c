#include "driver/verify.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "driver/ledger.h"
#include "driver/say.h"
#include "driver/seal.h"

enum { NAMED_AT_MOST = 10 };

static const char *checked_folder;

static void say_broken(const char *name, const char *why)
{
    say("%s/%s %s", checked_folder, name, why);
}

/* False if it is broken. */
static bool check_seal(const char *folder, bool *sealed)
{
    checked_folder = folder;
    enum seal_state state = seal_check(folder, true, say_broken);
    *sealed = state != SEAL_NONE;
    if (state == SEAL_INTACT)
        printf("%s/" SEAL_FILE ": every file is as it was when the run was finished\n", folder);
    return state != SEAL_BROKEN;
}

static void say_rows(const struct ledger *ledger, const struct ledger_job *job)
{
    char *label = ledger_label(ledger, job);
    for (size_t i = 0; i < RESULTS_TABLES; i++)
        if (job->said[i] != job->seen[i])
            say("%s: %s has %" PRIu64 " rows of it, the journal says %" PRIu64, label,
                results_schema((enum results_table)i)->file, job->seen[i], job->said[i]);
    free(label);
}

/* How many processes are whole; those that are not although the journal says so are told. */
static size_t count_whole(const struct ledger *ledger, size_t *planned, size_t *damaged)
{
    size_t whole = 0;
    *planned = *damaged = 0;
    for (size_t i = 0; i < ledger->job_count; i++) {
        const struct ledger_job *job = &ledger->jobs[i];
        *planned += !job->elsewhere;
        if (ledger_is_whole(job))
            whole++;
        else if (job->journalled && (*damaged)++ < NAMED_AT_MOST)
            say_rows(ledger, job);
    }
    return whole;
}

/* True if all that was planned is there, once each. */
static bool check_rows(const struct ledger *ledger)
{
    size_t planned, damaged, whole = count_whole(ledger, &planned, &damaged);
    printf("%s: %zu of %zu processes have all their rows\n", ledger->folder, whole, planned);
    if (damaged > NAMED_AT_MOST)
        say("and %zu processes more", damaged - NAMED_AT_MOST);
    if (ledger->strangers)
        say("%s: %" PRIu64 " rows are torn, or of no process of the plan", ledger->folder, ledger->strangers);
    return whole == planned && !ledger->strangers;
}

int verify_command(const char *folder)
{
    struct ledger ledger;
    bool sealed, intact = check_seal(folder, &sealed);
    int code = EXIT_USAGE;
    if (ledger_read(&ledger, folder) == 0) {
        bool whole = check_rows(&ledger);
        if (!sealed)
            say("%s: is not finished; go on with `reclaim resume %s`", folder, folder);
        code = whole && intact && sealed ? EXIT_ALL_OK : EXIT_SOME_FAILED;
    }
    ledger_free(&ledger);
    return code;
}
