#include "driver/csv_file.h"

#include <csv.h>
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* ---- rows */

/* Readers take blanks at either end for none of the value. */
static bool needs_quotes(const char *value)
{
    size_t length = strlen(value);
    char first = *value, last = length ? value[length - 1] : 0;
    return strpbrk(value, ",\"\r\n") || first == ' ' || first == '\t' || last == ' ' || last == '\t';
}

void csv_add_value(struct text *text, const char *value)
{
    if (!needs_quotes(value)) {
        text_add_bytes(text, value, strlen(value));
        return;
    }
    text_add_bytes(text, "\"", 1);
    for (; *value; value++)
        text_add_bytes(text, *value == '"' ? "\"\"" : value, *value == '"' ? 2 : 1);
    text_add_bytes(text, "\"", 1);
}

void csv_add_row(struct text *text, const char *const values[], size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (i)
            text_add_bytes(text, ",", 1);
        if (values[i])
            csv_add_value(text, values[i]);
    }
    text_add_bytes(text, "\n", 1);
}

int csv_column(char *const header[], size_t count, const char *name)
{
    for (size_t i = count; i-- > 0;)
        if (strcmp(header[i], name) == 0)
            return (int)i;
    return -1;
}

void csv_add_header(struct text *text, const struct table *table)
{
    for (size_t i = 0; i < table->count; i++)
        text_add(text, "%s%s", i ? "," : "", table->columns[i].name);
    text_add(text, "\n");
}

/* ---- a table that grows */

int csv_open(struct csv_file *file, const char *folder, const struct table *table)
{
    *file = (struct csv_file){.path = must_print("%s/%s", folder, table->file)};
    file->fd = open(file->path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0666);
    struct stat about;
    if (file->fd < 0 || fstat(file->fd, &about) != 0)
        return -errno;
    file->size = about.st_size;
    if (file->size || !table->count)
        return 0;
    struct text header = {0};
    csv_add_header(&header, table);
    int failure = csv_append(file, &header);
    text_free(&header);
    return failure;
}

int csv_append(struct csv_file *file, const struct text *rows)
{
    if (!rows->length)
        return 0;
    ssize_t written;
    do
        written = write(file->fd, rows->bytes, rows->length);
    while (written < 0 && errno == EINTR);
    if (written == (ssize_t)rows->length) {
        file->size += written;
        return 0;
    }
    /* A short write: the disk is full, or a limit on the file's size is reached. */
    int failure = written < 0 ? errno : ENOSPC;
    if (ftruncate(file->fd, file->size) != 0)
        return -errno;
    return -failure;
}

int csv_cut(struct csv_file *file, off_t size)
{
    if (file->size == size)
        return 0;
    if (ftruncate(file->fd, size) != 0)
        return -errno;
    file->size = size;
    return 0;
}

void csv_close(struct csv_file *file)
{
    if (file->path && file->fd >= 0)
        close(file->fd);
    free(file->path);
    *file = (struct csv_file){.fd = -1};
}

/* ---- reading */

struct csv_reader {
    struct strings values;
    void (*row)(char *const values[], size_t count, void *context);
    void *context;
};

static void read_value(void *bytes, size_t length, void *context)
{
    struct csv_reader *reader = context;
    strings_take(&reader->values, must_print("%.*s", (int)length, (const char *)bytes));
}

static void read_row(int terminator, void *context)
{
    struct csv_reader *reader = context;
    if (terminator >= 0)
        reader->row(reader->values.items, reader->values.count, reader->context);
    strings_free(&reader->values);
}

int file_read(const char *path, struct text *text)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return -errno;
    char bytes[65536];
    ssize_t got;
    while ((got = read(fd, bytes, sizeof bytes)) > 0)
        text_add_bytes(text, bytes, (size_t)got);
    int failure = got < 0 ? -errno : 0;
    close(fd);
    return failure;
}

int csv_read(const char *path, void (*row)(char *const values[], size_t count, void *context), void *context)
{
    struct text bytes = {0};
    int failure = file_read(path, &bytes);
    struct csv_reader reader = {.row = row, .context = context};
    struct csv_parser parser;
    if (!failure && csv_init(&parser, CSV_STRICT) != 0)
        failure = -ENOMEM;
    if (!failure) {
        if (csv_parse(&parser, text_string(&bytes), bytes.length, read_value, read_row, &reader) != bytes.length)
            failure = -EINVAL;
        csv_free(&parser); /* without csv_fini: what has no line end is no row */
    }
    strings_free(&reader.values);
    text_free(&bytes);
    return failure;
}

bool csv_is_torn(const char *path)
{
    char last = '\n';
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    bool known = fd >= 0 && lseek(fd, -1, SEEK_END) >= 0 && read(fd, &last, 1) == 1;
    if (fd >= 0)
        close(fd);
    return known && last != '\n';
}

/* ---- a file as a whole */

static int write_all(int fd, const char *bytes, size_t length)
{
    while (length) {
        ssize_t written = write(fd, bytes, length);
        if (written < 0 && errno == EINTR)
            continue;
        if (written <= 0)
            return written < 0 ? -errno : -ENOSPC;
        bytes += written;
        length -= (size_t)written;
    }
    return 0;
}

int file_replace(const char *path, const char *bytes, size_t length)
{
    char *beside = must_print("%s.new", path);
    int fd = open(beside, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
    int failure = fd < 0 ? -errno : write_all(fd, bytes, length);
    if (fd >= 0 && !failure && fsync(fd) != 0)
        failure = -errno;
    if (fd >= 0 && close(fd) != 0 && !failure)
        failure = -errno;
    if (!failure && rename(beside, path) != 0)
        failure = -errno;
    if (failure && fd >= 0)
        unlink(beside);
    free(beside);
    return failure;
}
