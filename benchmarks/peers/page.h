/* page.h: the table as plain text, as Markdown and as CSV. */
#ifndef PAGE_H
#define PAGE_H

#include <jansson.h>
#include <stdio.h>

#include "outcome.h"

/* How it was measured. */
struct page_head {
    const json_t *machine; /* as in machine.json, with "versions" */
    uint64_t seed;
    size_t rounds, repetitions, warmup;
    bool quick;
};

void page_print_text(const struct outcomes *outcomes, const struct page_head *head, FILE *out);
void page_print_markdown(const struct outcomes *outcomes, const struct page_head *head, FILE *out);

/* peers.csv; schema/tables.def has the columns. */
void page_add_csv(const struct outcomes *outcomes, struct text *csv);

#endif
