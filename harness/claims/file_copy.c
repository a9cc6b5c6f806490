#include "claims/file_copy.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "driver/csv_file.h"
#include "driver/say.h"
#include "driver/text.h"

int file_copy(const char *from, const char *to)
{
    struct text text = {0};
    char chunk[4096];
    size_t bytes;
    FILE *file = fopen(from, "re");
    int failure = file ? 0 : -errno;
    while (file && (bytes = fread(chunk, 1, sizeof chunk, file)) > 0)
        text_add_bytes(&text, chunk, bytes);
    if (file && ferror(file))
        failure = -EIO;
    if (file)
        fclose(file);
    if (!failure)
        failure = file_replace(to, text_string(&text), text.length);
    if (failure)
        say("%s: cannot be copied to %s: %s", from, to, strerror(-failure));
    text_free(&text);
    return failure;
}
