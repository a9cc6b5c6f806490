/* tax.h: what the contract costs over plain C.
 *
 * The three works of hand.h, written twice: by hand in plain C; and through mm.h, in the shape of the workloads. Both
 * make the same nodes, of the same size, in the same order, and have to give the same checksum. The one executable of a
 * strategy has both, and runs them in turn. */
#ifndef TAX_H
#define TAX_H

#include "hand/hand.h"

/* Through the contract. */
hand_function contract_list, contract_tree, contract_rings;

/* Opens and closes the heap. 0 or a negative errno. */
int contract_open(void);
void contract_close(void);

#endif
