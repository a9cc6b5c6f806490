/* page.h: what makes report.html look and work as it does: style.css and script.js beside this file, compiled in. */
#ifndef ANALYSIS_PAGE_H
#define ANALYSIS_PAGE_H

extern const char page_style[], page_script[];

#endif
