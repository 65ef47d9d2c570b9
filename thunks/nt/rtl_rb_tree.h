// Red-black trees whose nodes lie in their owner's structures (phnt's ntrtl.h). The owner searches; these
// functions only link and balance.
#ifndef LOWLAND_NT_RTL_RB_TREE_H
#define LOWLAND_NT_RTL_RB_TREE_H

#include "ldr.h"

typedef struct _RTL_RB_TREE {
    PRTL_BALANCED_NODE Root;
    PRTL_BALANCED_NODE Min; // the leftmost node
} RTL_RB_TREE, *PRTL_RB_TREE;

VOID NTAPI RtlRbInsertNodeEx(PRTL_RB_TREE tree, PRTL_BALANCED_NODE parent, BOOLEAN right,
                             PRTL_BALANCED_NODE node);
VOID NTAPI RtlRbRemoveNode(PRTL_RB_TREE tree, PRTL_BALANCED_NODE node);

#endif
