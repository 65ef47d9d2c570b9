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

typedef struct _RTL_AVL_TREE {
    PRTL_BALANCED_NODE Root;
} RTL_AVL_TREE, *PRTL_AVL_TREE;

// The lowest two bits of a node's ParentValue: which side is higher by one.
#define RTL_AVL_BALANCED    0
#define RTL_AVL_RIGHT_HEAVY 1
#define RTL_AVL_LEFT_HEAVY  3

VOID NTAPI RtlAvlInsertNodeEx(PRTL_AVL_TREE tree, PRTL_BALANCED_NODE parent, BOOLEAN right,
                              PRTL_BALANCED_NODE node);
VOID NTAPI RtlAvlRemoveNode(PRTL_AVL_TREE tree, PRTL_BALANCED_NODE node);

#endif
