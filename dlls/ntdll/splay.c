// Splay trees: binary trees that bring what was touched last to the root. The caller keeps the root and
// orders the nodes; a root is its own parent.
#include "rtl.h"
#include "nt/rtl_table.h"

static inline bool is_root(const RTL_SPLAY_LINKS *node)
{
    return node->Parent == node;
}

static inline bool is_left(const RTL_SPLAY_LINKS *node)
{
    return node->Parent->LeftChild == node;
}

// Puts node, which may be NULL, where old is.
static void take_place(RTL_SPLAY_LINKS *old, RTL_SPLAY_LINKS *node)
{
    RTL_SPLAY_LINKS *parent = old->Parent;

    if (is_root(old)) {
        if (node) node->Parent = node;
        return;
    }
    if (is_left(old)) {
        parent->LeftChild = node;
    } else {
        parent->RightChild = node;
    }
    if (node) node->Parent = parent;
}

// Lifts node above its parent.
static void rotate(RTL_SPLAY_LINKS *node)
{
    RTL_SPLAY_LINKS *parent = node->Parent, *moved;
    bool left = is_left(node);

    take_place(parent, node);
    moved = left ? node->RightChild : node->LeftChild;
    if (left) {
        parent->LeftChild = moved;
        node->RightChild = parent;
    } else {
        parent->RightChild = moved;
        node->LeftChild = parent;
    }
    if (moved) moved->Parent = parent;
    parent->Parent = node;
}

/** Moves a node to the root of its tree by double rotations. Returns it. */
PRTL_SPLAY_LINKS NTAPI RtlSplay(PRTL_SPLAY_LINKS node)
{
    while (!is_root(node)) {
        RTL_SPLAY_LINKS *parent = node->Parent;
        if (!is_root(parent)) rotate(is_left(node) == is_left(parent) ? parent : node);
        rotate(node);
    }
    return node;
}

/** The node before this one among its descendants, or NULL. */
PRTL_SPLAY_LINKS NTAPI RtlSubtreePredecessor(PRTL_SPLAY_LINKS node)
{
    RTL_SPLAY_LINKS *at = node->LeftChild;

    while (at && at->RightChild) at = at->RightChild;
    return at;
}

/** The node after this one among its descendants, or NULL. */
PRTL_SPLAY_LINKS NTAPI RtlSubtreeSuccessor(PRTL_SPLAY_LINKS node)
{
    RTL_SPLAY_LINKS *at = node->RightChild;

    while (at && at->LeftChild) at = at->LeftChild;
    return at;
}

/** The node before this one in the whole tree, or NULL. */
PRTL_SPLAY_LINKS NTAPI RtlRealPredecessor(PRTL_SPLAY_LINKS node)
{
    if (node->LeftChild) return RtlSubtreePredecessor(node);
    while (!is_root(node) && is_left(node)) node = node->Parent;
    return is_root(node) ? NULL : node->Parent;
}

/** The node after this one in the whole tree, or NULL. */
PRTL_SPLAY_LINKS NTAPI RtlRealSuccessor(PRTL_SPLAY_LINKS node)
{
    if (node->RightChild) return RtlSubtreeSuccessor(node);
    while (!is_root(node) && !is_left(node)) node = node->Parent;
    return is_root(node) ? NULL : node->Parent;
}

// Takes a node out of its tree. Returns a node near where it was, NULL when it was the last.
static RTL_SPLAY_LINKS *unlink_node(RTL_SPLAY_LINKS *node)
{
    if (node->LeftChild && node->RightChild) {
        // Its predecessor, which has no right child, goes to its place.
        RTL_SPLAY_LINKS *before = RtlSubtreePredecessor(node);
        unlink_node(before);
        take_place(node, before);
        before->LeftChild = node->LeftChild;
        before->RightChild = node->RightChild;
        if (before->LeftChild) before->LeftChild->Parent = before;
        before->RightChild->Parent = before;
        return before;
    }
    RTL_SPLAY_LINKS *child = node->LeftChild ? node->LeftChild : node->RightChild;
    RTL_SPLAY_LINKS *parent = is_root(node) ? NULL : node->Parent;
    take_place(node, child);
    return parent ? parent : child;
}

/** Takes a node out and splays the tree where it was. Returns the new root, NULL for an empty tree. */
PRTL_SPLAY_LINKS NTAPI RtlDelete(PRTL_SPLAY_LINKS node)
{
    RTL_SPLAY_LINKS *nearby = unlink_node(node);

    return nearby ? RtlSplay(nearby) : NULL;
}

/** Takes a node out; *root is only changed when it was the root. */
void NTAPI RtlDeleteNoSplay(PRTL_SPLAY_LINKS node, PRTL_SPLAY_LINKS *root)
{
    bool was_root = is_root(node);
    RTL_SPLAY_LINKS *nearby = unlink_node(node);

    if (was_root) *root = nearby;
}
