/* hand.h: three works in plain C, as a good programmer writes them who needs no more than these: on a bump arena
 * (arena.c), and with reference counts on malloc (refcount.c).
 *
 *   list    nodes are pushed in front, summed, reversed in place, summed again, dropped
 *   tree    a complete binary tree is built from the leaves up, summed, dropped
 *   rings   rings of a few nodes are made one after the other, summed, and dropped all together
 *
 * Tree and rings are what workloads/binary_trees.c and rings.c do, to the checksum: same nodes, same size, same order.
 * Counting alone would leak a ring: it is opened before it is dropped. */
#ifndef HAND_H
#define HAND_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Does a work once; its answer into `*sum`. False where memory ran out: then all that was taken is given back. */
typedef bool hand_function(size_t amount, int64_t detail, uint64_t *sum);

/* amount, detail: nodes, unused; levels below the root, the root's number; rings, nodes in each. */
hand_function hand_list, hand_tree, hand_rings;

/* The same counts with a word for the node's kind beside each. */
hand_function typed_list, typed_tree, typed_rings;

/* Opens and closes what they need. 0 or -ENOMEM. */
int hand_open(void);
void hand_close(void);

#endif
