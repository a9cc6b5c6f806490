/* page.h: the claims as pages: claims.md and claims.html in the folder of the runs, and docs/claims.md. */
#ifndef CLAIM_PAGE_H
#define CLAIM_PAGE_H

#include "claims/collection.h"

/* Writes <folder>/claims.md and claims.html, figures included. 0 or a negative errno, after a message. */
int page_report(const struct collection *collection);

/* Writes the same as a Markdown file somewhere else: docs/claims.md; and into the folder docs/claims what it names:
 * both tables, the machine, and the figures of claims that turn along an axis. Its other paths are those of the tree.
 */
int page_write(const struct collection *collection, const char *path);

#endif
