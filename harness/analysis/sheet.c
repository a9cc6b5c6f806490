#define _GNU_SOURCE
#include "sheet.h"

#include <cmark.h>
#include <limits.h>
#include <math.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "message.h"
#include "page/page.h"

static void put_html(FILE *out, const char *text)
{
    for (; *text; text++)
        switch (*text) {
        case '&': fputs("&amp;", out); break;
        case '<': fputs("&lt;", out); break;
        case '>': fputs("&gt;", out); break;
        case '"': fputs("&quot;", out); break;
        default: fputc(*text, out);
        }
}

/* Prose up to here into HTML. cmark leaves raw HTML out: nothing that came from outside gets in as markup. */
static void flush(struct sheet *sheet)
{
    size_t length = sheet->pending.length;
    char *text = phrase_take(&sheet->pending);
    char *html = text ? cmark_markdown_to_html(text, length, CMARK_OPT_DEFAULT) : NULL;
    if (html)
        fputs(html, sheet->html);
    else
        sheet->failed = true;
    free(html);
    free(text);
}

void sheet_open(struct sheet *sheet, FILE *markdown, FILE *html, const char *run_dir, const char *title)
{
    *sheet = (struct sheet){.markdown = markdown, .html = html, .run_dir = run_dir};
    fputs("<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
          "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>",
          html);
    put_html(html, title);
    fprintf(html, "</title>\n<style>\n%s</style>\n</head>\n<body>\n", page_style);
}

void sheet_close(struct sheet *sheet)
{
    flush(sheet);
    fprintf(sheet->html, "<script>\n%s</script>\n</body>\n</html>\n", page_script);
}

void sheet_add(struct sheet *sheet, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    char *text = NULL;
    int length = vasprintf(&text, format, arguments);
    va_end(arguments);
    if (length < 0) {
        sheet->failed = true;
        return;
    }
    fputs(text, sheet->markdown);
    phrase_add_bytes(&sheet->pending, text, (size_t)length);
    free(text);
}

void sheet_escape(struct sheet *sheet, const char *text)
{
    for (; *text; text++)
        if (strchr("\\`*_{}[]<>#|&!~", *text))
            sheet_add(sheet, "\\%c", *text);
        else
            sheet_add(sheet, "%c", *text == '\n' ? ' ' : *text);
}

void sheet_section(struct sheet *sheet, const char *id, const char *title)
{
    flush(sheet);
    fprintf(sheet->markdown, "\n## %s\n\n", title);
    fprintf(sheet->html, "<h2 id=\"%s\">%s</h2>\n", id, title);
}

/* Which columns of a table of figures are texts all the same. */
static bool is_name(const char *heading)
{
    static const char *const names[] = {"workload", "contender", "allocator", "counted"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (strcmp(heading, names[i]) == 0)
            return true;
    return false;
}

void sheet_table(struct sheet *sheet, const char *const *headings, enum sheet_table kind)
{
    static const char *const classes[] = {[SHEET_FIGURES] = "", [SHEET_MATRIX] = "matrix", [SHEET_TEXTS] = "texts"};
    bool texts = kind == SHEET_TEXTS;
    flush(sheet);
    fprintf(sheet->html, "<div class=\"wide\"><table class=\"%s\">\n<thead><tr>", classes[kind]);
    fputs("\n|", sheet->markdown);
    sheet->names = 0;
    for (size_t i = 0; headings[i]; i++) {
        fprintf(sheet->markdown, " %s |", headings[i]);
        sheet->names = kind == SHEET_FIGURES && is_name(headings[i]) ? i + 1 : sheet->names;
        fputs(i < sheet->names ? "<th class=\"name\">" : "<th>", sheet->html);
        put_html(sheet->html, headings[i]);
        fputs("</th>", sheet->html);
    }
    fputs("\n|", sheet->markdown);
    for (size_t i = 0; headings[i]; i++)
        fputs(i >= sheet->names && i && !texts ? "---:|" : "---|", sheet->markdown);
    fputs("\n", sheet->markdown);
    fputs("</tr></thead>\n<tbody>\n", sheet->html);
    sheet->column = 0;
}

/* A cell's begin, with the attribute of its HTML element; and its text in Markdown, `special` characters escaped. */
static void open_cell(struct sheet *sheet, const char *attribute, const char *text, const char *special)
{
    fputs(sheet->column ? " " : "| ", sheet->markdown);
    for (const char *at = text; *at; at++)
        if (strchr(special, *at))
            fprintf(sheet->markdown, "\\%c", *at);
        else
            fputc(*at == '\n' ? ' ' : *at, sheet->markdown);
    fputs(" |", sheet->markdown);
    fprintf(sheet->html, "%s<td%s%s>", sheet->column ? "" : "<tr>",
            sheet->column < sheet->names ? " class=\"name\"" : "", attribute);
}

static void close_cell(struct sheet *sheet)
{
    fputs("</td>", sheet->html);
    sheet->column++;
}

static void put_cell(struct sheet *sheet, const char *attribute, const char *text)
{
    open_cell(sheet, attribute, text, "\\`*_<>|[]");
    put_html(sheet->html, text);
    close_cell(sheet);
}

void sheet_cell(struct sheet *sheet, const char *text)
{
    put_cell(sheet, "", text);
}

void sheet_prose_cell(struct sheet *sheet, const char *markdown)
{
    open_cell(sheet, "", markdown, "|");
    char *html = cmark_markdown_to_html(markdown, strlen(markdown), CMARK_OPT_DEFAULT);
    if (html)
        fputs(html, sheet->html);
    else
        sheet->failed = true;
    free(html);
    close_cell(sheet);
}

void sheet_figure_cell(struct sheet *sheet, double value, const char *text)
{
    char attribute[64] = "";
    if (isfinite(value))
        snprintf(attribute, sizeof attribute, " data-value=\"%.9g\"", value);
    put_cell(sheet, attribute, text);
}

void sheet_row_end(struct sheet *sheet)
{
    fputs("\n", sheet->markdown);
    fputs("</tr>\n", sheet->html);
    sheet->column = 0;
}

void sheet_table_end(struct sheet *sheet)
{
    fputs("\n", sheet->markdown);
    fputs("</tbody></table></div>\n", sheet->html);
}

/* A line of a drawing without a title, which gnuplot makes of its command, and a browser shows over the line drawn. */
static void put_svg_line(const char *line, FILE *html)
{
    const char *title = strstr(line, "<title>"), *end = title ? strstr(title, "</title>") : NULL;
    if (end)
        fprintf(html, "%.*s%s", (int)(title - line), line, end + strlen("</title>"));
    else
        fputs(line, html);
}

/* The drawing itself, without the lines before it, which belong to a file of its own. */
static void put_svg(FILE *svg, FILE *html)
{
    char *line = NULL;
    size_t capacity = 0;
    bool begun = false;
    while (getline(&line, &capacity, svg) >= 0) {
        const char *at = begun ? line : strstr(line, "<svg");
        begun |= at != NULL;
        if (at)
            put_svg_line(at, html);
    }
    free(line);
}

void sheet_figure(struct sheet *sheet, const char *name, const char *title)
{
    char path[PATH_MAX];
    snprintf(path, sizeof path, "%s/plots/%s.svg", sheet->run_dir, name);
    FILE *svg = fopen(path, "rb");
    flush(sheet);
    fputs("\n![", sheet->markdown);
    fputs(title, sheet->markdown);
    fprintf(sheet->markdown, "](plots/%s.svg)\n\n", name);
    if (!svg) {
        analysis_warn("%s: cannot be read; the report goes without it", path);
        return;
    }
    fputs("<figure role=\"img\" aria-label=\"", sheet->html);
    put_html(sheet->html, title);
    fputs("\">\n", sheet->html);
    put_svg(svg, sheet->html);
    fputs("</figure>\n", sheet->html);
    fclose(svg);
}

void sheet_fold(struct sheet *sheet, const char *title)
{
    flush(sheet);
    fprintf(sheet->markdown, "\n<details><summary>%s</summary>\n\n", title);
    fputs("<details><summary>", sheet->html);
    put_html(sheet->html, title);
    fputs("</summary>\n", sheet->html);
}

void sheet_unfold(struct sheet *sheet)
{
    flush(sheet);
    fputs("\n</details>\n", sheet->markdown);
    fputs("</details>\n", sheet->html);
}
