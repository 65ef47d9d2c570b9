// AVL trees of nodes that their owner provides: linking one in, taking one out, and balancing (Knuth, 6.2.3).
// Which side of a node is higher stands in the lowest two bits of its parent's address. No locks: the tree is
// its owner's.
#include "rtl.h"
#include "nt/rtl_rb_tree.h"

typedef RTL_BALANCED_NODE node;
typedef RTL_AVL_TREE tree;

static node *parent_of(const node *n)
{
    return (node *)(n->ParentValue & ~(ULONG_PTR)RTL_BALANCED_NODE_RESERVED_PARENT_MASK);
}

static void set_parent(node *n, node *parent)
{
    n->ParentValue = (ULONG_PTR)parent | (n->ParentValue & RTL_BALANCED_NODE_RESERVED_PARENT_MASK);
}

static ULONG balance_of(const node *n)
{
    return n->ParentValue & RTL_BALANCED_NODE_RESERVED_PARENT_MASK;
}

static void set_balance(node *n, ULONG balance)
{
    n->ParentValue = (n->ParentValue & ~(ULONG_PTR)RTL_BALANCED_NODE_RESERVED_PARENT_MASK) | balance;
}

static ULONG heavy(BOOLEAN right)
{
    return right ? RTL_AVL_RIGHT_HEAVY : RTL_AVL_LEFT_HEAVY;
}

static node **child(node *n, BOOLEAN right)
{
    return right ? &n->Right : &n->Left;
}

// Puts by, or nothing, where the tree points to n.
static void replace(tree *t, node *n, node *by)
{
    node *parent = parent_of(n);

    *(parent ? child(parent, parent->Right == n) : &t->Root) = by;
    if (by) set_parent(by, parent);
}

// Lets n's child on the other side take n's place, n going down to this side. Balances stay.
static node *rotate(tree *t, node *n, BOOLEAN right)
{
    node *up = *child(n, !right), *moved = *child(up, right);

    replace(t, n, up);
    *child(up, right) = n;
    set_parent(n, up);
    *child(n, !right) = moved;
    if (moved) set_parent(moved, n);
    return up;
}

// n is higher by two on a side: makes it even. The new root of that part; *lower: whether it lost height.
static node *even_out(tree *t, node *n, BOOLEAN right, BOOLEAN *lower)
{
    node *below = *child(n, right);
    const ULONG side = heavy(right), other = heavy(!right);

    if (balance_of(below) != other) {
        *lower = balance_of(below) == side;
        set_balance(n, *lower ? RTL_AVL_BALANCED : side);
        set_balance(below, *lower ? RTL_AVL_BALANCED : other);
        return rotate(t, n, !right);
    }
    node *middle = *child(below, !right);
    set_balance(n, balance_of(middle) == side ? other : RTL_AVL_BALANCED);
    set_balance(below, balance_of(middle) == other ? side : RTL_AVL_BALANCED);
    set_balance(middle, RTL_AVL_BALANCED);
    rotate(t, below, right);
    *lower = TRUE;
    return rotate(t, n, !right);
}

/** Links a node in below parent (NULL: the tree is empty), on the side where parent has no child, and
 * balances. */
VOID NTAPI RtlAvlInsertNodeEx(PRTL_AVL_TREE t, PRTL_BALANCED_NODE parent, BOOLEAN right, PRTL_BALANCED_NODE n)
{
    BOOLEAN lower;

    n->Left = n->Right = NULL;
    n->ParentValue = (ULONG_PTR)parent;
    *(parent ? child(parent, right) : &t->Root) = n;
    for (; parent; n = parent, parent = parent_of(n)) {
        const BOOLEAN side = parent->Right == n;
        if (balance_of(parent) == heavy(side)) {
            even_out(t, parent, side, &lower);
            return;
        }
        if (balance_of(parent) != RTL_AVL_BALANCED) {
            set_balance(parent, RTL_AVL_BALANCED);
            return;
        }
        set_balance(parent, heavy(side));
    }
}

// A side of n has lost height: balances from there up.
static void lost_height(tree *t, node *n, BOOLEAN right)
{
    BOOLEAN lower = TRUE;

    while (n) {
        if (balance_of(n) == RTL_AVL_BALANCED) {
            set_balance(n, heavy(!right));
            return;
        }
        if (balance_of(n) == heavy(right))
            set_balance(n, RTL_AVL_BALANCED);
        else
            n = even_out(t, n, !right, &lower);
        if (!lower) return;
        node *parent = parent_of(n);
        right = parent && parent->Right == n;
        n = parent;
    }
}

/** Takes a node out, and balances. */
VOID NTAPI RtlAvlRemoveNode(PRTL_AVL_TREE t, PRTL_BALANCED_NODE n)
{
    if (n->Left && n->Right) {
        // The node before it takes its place and balance, and is what really goes.
        node *before = n->Left;
        while (before->Right) before = before->Right;
        node *from = parent_of(before);
        const BOOLEAN side = from != n;
        replace(t, before, before->Left);
        if (from == n) from = before;
        before->Left = n->Left;
        before->Right = n->Right;
        if (before->Left) set_parent(before->Left, before);
        set_parent(before->Right, before);
        set_balance(before, balance_of(n));
        replace(t, n, before);
        lost_height(t, from, side);
        return;
    }
    node *parent = parent_of(n);
    const BOOLEAN side = parent && parent->Right == n;
    replace(t, n, n->Left ? n->Left : n->Right);
    lost_height(t, parent, side);
}
