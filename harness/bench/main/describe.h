/* describe.h: what this executable has, for the command: --describe. */
#ifndef BENCH_DESCRIBE_H
#define BENCH_DESCRIBE_H

/* Writes one JSON object. An exit code. */
int describe(void);

#endif
