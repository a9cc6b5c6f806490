# strategies.gp: a colour and a marker for each strategy, the same in every figure.
#
# The colours are Okabe and Ito's, which people with any of the common colour blindnesses can tell apart, and for more
# than eight some of Tol's "muted" set; the markers differ as well, so that no figure depends on colour alone. A
# strategy that is not named here gets the next of the spare ones, in the order of figures/contenders.csv.

strategy_known = "malloc nogc arena refcount refcount_atomic refcount_gc marksweep bdwgc cpython"
array strategy_colour = [0x000000, 0x999999, 0xE69F00, 0x56B4E9, 0x0072B2, 0x009E73, 0xD55E00, 0xCC79A7, 0x8F7A00]
array strategy_marker = [7, 1, 5, 9, 8, 11, 13, 4, 6]

strategy_spare = 6
array spare_colour = [0x332288, 0x882255, 0x44AA99, 0xAA4499, 0x661100, 0x117733]
array spare_marker = [15, 10, 12, 14, 2, 3]

# The place of a word in a list of words, 0 if it is not there.
place_of(word_, list_) = sum [i_=1:words(list_)] (word(list_, i_) eq word_ ? i_ : 0)
