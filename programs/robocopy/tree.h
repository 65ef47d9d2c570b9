// Making the target's tree like the source's.
#ifndef ROBOCOPY_TREE_H
#define ROBOCOPY_TREE_H
#include "report.h"

// Copies as the options say. False when there is nothing to copy from or to, which was reported.
bool tree_copy(const struct options *options, struct totals *totals);
// The exit status that the counts come to: 1 copied, 2 extra, 4 mismatched, 8 failed.
int tree_status(const struct totals *totals);

#endif
