/* yaml_file.h: a YAML file into a struct, by a schema of libcyaml's, with the place of every error.
 *
 * First libyaml reads it alone, for the places of all scalars and the exact place of an error of syntax; then libcyaml,
 * which knows the keys but only roughly where it is. */
#ifndef YAML_FILE_H
#define YAML_FILE_H

#include <cyaml/cyaml.h>

#include "driver/experiment.h"

/* Reads a file whose top is `schema`, a mapping by pointer. The data, to be freed with yaml_file_free; or NULL after a
 * message "file:line: ...". `hint` ends the message that there is no such file. `source` is to be freed in both
 * cases. */
void *yaml_file_read(const char *path, const cyaml_schema_value_t *schema, const char *hint,
                     struct experiment_source *source);

/* 0 or a negative errno. */
int yaml_file_write(const char *path, const cyaml_schema_value_t *schema, const void *data);

void yaml_file_free(const cyaml_schema_value_t *schema, void *data);

/* The keys of an experiment, for files that hold one among others: of a mapping by pointer, `struct experiment`. */
extern const cyaml_schema_field_t experiment_fields[];

/* What is left to do after an experiment was read as a part of a file: every entry has a name or a path; paths are
 * found from the file's folder. 0, or -1 after a message. */
int experiment_find_files(struct experiment *experiment, const struct experiment_source *source);

#endif
