/* folder.h: `reclaim summary`, `plot` and `report` of a folder of claims' runs. */
#ifndef CLAIM_FOLDER_H
#define CLAIM_FOLDER_H

#include "driver/commands.h"

/* Judges again what was measured in the folder, by the rules that lie beside the rows, and makes table, figures and
 * page of it; nothing but the folder is read. Of tables without rows (docs/claims) the figures are drawn. */
extern const struct folder_kind claims_folder;

#endif
