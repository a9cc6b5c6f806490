/* file_copy.h: a file as it is, somewhere else. */
#ifndef CLAIM_FILE_COPY_H
#define CLAIM_FILE_COPY_H

/* The copy appears when it is whole. 0 or a negative errno, after a message. */
int file_copy(const char *from, const char *to);

#endif
