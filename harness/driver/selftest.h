/* selftest.h: `reclaim doctor --aa` and `--power`: what comparing shows on this machine, where it is known what there
 * is.
 *
 * One run holds every strategy of the experiment twice, with twin=0 and twin=1, or with slowdown=0 and with each
 * planted slowdown; the processes of all are in one random order. */
#ifndef SELFTEST_H
#define SELFTEST_H

enum selftest { SELFTEST_AA, SELFTEST_POWER };

/* `file`: an experiment; NULL: experiments/aa.yaml or power.yaml. `out`: a new or empty folder, or one that was cut
 * off; NULL: one in results/. Returns the command's exit code: 0 if what has to hold does. */
int selftest_command(enum selftest test, const char *file, const char *out);

#endif
