#include "driver/paths.h"

#include <stdbool.h>
#include <string.h>

#include "driver/text.h"

enum { LINE_COLUMNS = 110 };

static bool ends_with(const char *text, const char *end)
{
    size_t length = strlen(text), end_length = strlen(end);
    return length >= end_length && strcmp(text + length - end_length, end) == 0;
}

/* A picture is there as SVG and as PNG: it is named once. */
static void add_picture(struct text *pictures, size_t *column, const char *path)
{
    const char *slash = strrchr(path, '/'), *name = slash ? slash + 1 : path;
    size_t length = strlen(name) - strlen(".svg");
    if (!pictures->length)
        text_add(pictures, "\nfigures, each as .svg and .png, in %.*s:\n ", slash ? (int)(slash - path) : 1,
                 slash ? path : ".");
    if (*column + length + 1 > LINE_COLUMNS) {
        text_add(pictures, "\n ");
        *column = 0;
    }
    text_add(pictures, " %.*s", (int)length, name);
    *column += length + 1;
}

void paths_print(char *paths, FILE *out)
{
    struct text pictures = {0}, others = {0};
    size_t column = 0;
    for (char *path; (path = strsep(&paths, "\n"));)
        if (ends_with(path, ".svg"))
            add_picture(&pictures, &column, path);
        else if (*path && !ends_with(path, ".png"))
            text_add(&others, "%s\n", path);
    fprintf(out, "%s%s%s", text_string(&pictures), pictures.length ? "\n" : "", text_string(&others));
    text_free(&pictures);
    text_free(&others);
}
