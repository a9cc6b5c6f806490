/* json.h: writes JSON to a file descriptor.
 *
 * No stdio and no malloc: what it writes between two repetitions may not change the heap that the next one finds. Text
 * goes through one static buffer. The caller nests begin and end correctly; commas are put here. A `name` is the key in
 * an object, and NULL in an array or at the top. */
#ifndef BENCH_JSON_H
#define BENCH_JSON_H

#include <stdbool.h>
#include <stdint.h>

/* Where to write, from now on; nothing may be pending. */
void json_open(int descriptor);

/* Lines go where stdout went; what anyone else prints there goes to stderr from now on, so that it cannot fall into a
 * line. 0 or a negative errno. */
int json_take_stdout(void);

void json_object_begin(const char *name);
void json_object_end(void);
void json_array_begin(const char *name);
void json_array_end(void);

/* Text that is not valid UTF-8 is written with U+FFFD for each byte that is not. */
void json_text(const char *name, const char *text);
void json_unsigned(const char *name, uint64_t value);
void json_signed(const char *name, int64_t value);
void json_none(const char *name); /* null */

/* So that it reads back the same; null where it is no number. */
void json_number(const char *name, double value);

/* Ends the line, after the outermost end. */
void json_line_end(void);

/* A line that is one object, whose first value says of which kind: {"row":"sample", ...}. */
void json_row_begin(const char *kind);
void json_row_end(void);

/* Hands everything to the system. 0 or a negative errno: the first that writing ever gave; what came after it is lost.
 */
int json_flush(void);

#endif
