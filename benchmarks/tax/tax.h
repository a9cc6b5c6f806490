/* tax.h: what the contract costs over plain C.
 *
 * The same three works, written twice: by hand in plain C, as a good programmer does it who needs no more than this
 * work; and through mm.h, in the shape of the workloads. Both make the same nodes, of the same size, in the same order,
 * and have to give the same checksum. The one executable of a strategy has both, and runs them in turn.
 *
 *   list   nodes are pushed in front, summed, reversed in place, summed again, dropped
 *   tree   a complete binary tree is built from the leaves up, summed, dropped
 *   ring   rings of four nodes, one after the other, are made, summed, opened, dropped
 *
 * A ring is opened before it is dropped, since counting alone would leak it: so does who counts by hand. */
#ifndef TAX_H
#define TAX_H

#include <stddef.h>
#include <stdint.h>

/* Nodes of a ring: 4. No constant, or the compiler would make one ring in registers and sum it there. */
extern volatile int64_t tax_ring_nodes;

/* How much of a work: nodes of a list, levels of a tree, rings. */
typedef uint64_t tax_function(size_t amount);

/* By hand. 0 where memory ran out, which no checksum is. */
tax_function hand_list, hand_tree, hand_ring;

/* By hand with a smaller header, where the strategy has a header: what a programmer can save who needs no types. */
tax_function lean_list, lean_tree, lean_ring;

/* Through the contract. */
tax_function contract_list, contract_tree, contract_ring;

/* Opens and closes what the functions by hand, and the heap, need. 0 or a negative errno. */
int hand_open(void);
void hand_close(void);
int contract_open(void);
void contract_close(void);

/* Median of `count` values; sorts them. */
double tax_median(double values[], size_t count);

/* A 95 % interval of the median of `count` values: bootstrap, percentiles. */
struct tax_interval {
    double low, high;
};
struct tax_interval tax_interval(const double values[], size_t count, uint64_t seed);

#endif
