// Red-black trees: linking a node in, taking one out, and balancing (Cormen et al., chapter 13). A node's
// colour is the lowest bit of its parent's address. No locks: the tree is its owner's.
#include "rtl.h"
#include "nt/rtl_rb_tree.h"

typedef RTL_BALANCED_NODE node;
typedef RTL_RB_TREE tree;

static node *parent_of(const node *n)
{
    return (node *)(n->ParentValue & ~(ULONG_PTR)RTL_BALANCED_NODE_RESERVED_PARENT_MASK);
}

static BOOLEAN is_red(const node *n)
{
    return n && n->ParentValue & 1;
}

static void set_parent(node *n, node *parent)
{
    n->ParentValue = (ULONG_PTR)parent | (n->ParentValue & RTL_BALANCED_NODE_RESERVED_PARENT_MASK);
}

static void set_red(node *n, BOOLEAN red)
{
    n->ParentValue = (n->ParentValue & ~(ULONG_PTR)1) | red;
}

static node **child(node *n, BOOLEAN right)
{
    return right ? &n->Right : &n->Left;
}

// Where the tree points to n, whose parent this is (NULL: the root).
static node **link_to(tree *t, node *n, node *parent)
{
    return !parent ? &t->Root : child(parent, parent->Right == n);
}

// Lets n's child on the other side take n's place, n going down to this side.
static void rotate(tree *t, node *n, BOOLEAN right)
{
    node *parent = parent_of(n), *up = *child(n, !right), *moved = *child(up, right);

    *link_to(t, n, parent) = up;
    set_parent(up, parent);
    *child(up, right) = n;
    set_parent(n, up);
    *child(n, !right) = moved;
    if (moved) set_parent(moved, n);
}

/** Links a node in below parent (NULL: the tree is empty), on the side where parent has no child, and
 * balances. */
VOID NTAPI RtlRbInsertNodeEx(PRTL_RB_TREE t, PRTL_BALANCED_NODE parent, BOOLEAN right, PRTL_BALANCED_NODE n)
{
    n->Left = n->Right = NULL;
    n->ParentValue = (ULONG_PTR)parent | 1;
    if (!parent) {
        t->Root = t->Min = n;
    } else {
        *child(parent, right) = n;
        if (!right && t->Min == parent) t->Min = n;
    }
    while (is_red(parent = parent_of(n))) {
        node *above = parent_of(parent); // there is one: the root is black
        BOOLEAN side = parent == above->Right;
        node *uncle = *child(above, !side);

        if (is_red(uncle)) {
            set_red(parent, FALSE);
            set_red(uncle, FALSE);
            set_red(above, TRUE);
            n = above;
            continue;
        }
        if (n == *child(parent, !side)) {
            rotate(t, parent, side);
            parent = n;
        }
        set_red(parent, FALSE);
        set_red(above, TRUE);
        rotate(t, above, !side);
        break;
    }
    set_red(t->Root, FALSE);
}

static node *leftmost(node *n)
{
    while (n && n->Left) n = n->Left;
    return n;
}

// The node after the leftmost.
static node *next_of_min(const node *min)
{
    return min->Right ? leftmost(min->Right) : parent_of(min);
}

// n (or NULL), a child of parent, is short of one black node on each way down.
static void lend_black(tree *t, node *n, node *parent)
{
    while (parent && !is_red(n)) {
        BOOLEAN side = n == parent->Right;
        node *sibling = *child(parent, !side);

        if (is_red(sibling)) {
            set_red(sibling, FALSE);
            set_red(parent, TRUE);
            rotate(t, parent, side);
            sibling = *child(parent, !side);
        }
        if (!is_red(sibling->Left) && !is_red(sibling->Right)) {
            set_red(sibling, TRUE);
            n = parent;
            parent = parent_of(n);
            continue;
        }
        if (!is_red(*child(sibling, !side))) {
            set_red(*child(sibling, side), FALSE);
            set_red(sibling, TRUE);
            rotate(t, sibling, !side);
            sibling = *child(parent, !side);
        }
        set_red(sibling, is_red(parent));
        set_red(parent, FALSE);
        set_red(*child(sibling, !side), FALSE);
        rotate(t, parent, side);
        return;
    }
    if (n) set_red(n, FALSE);
}

// Puts another node, or none, where n is.
static void replace(tree *t, node *n, node *by)
{
    node *parent = parent_of(n);

    *link_to(t, n, parent) = by;
    if (by) set_parent(by, parent);
}

/** Takes a node out and balances. */
VOID NTAPI RtlRbRemoveNode(PRTL_RB_TREE t, PRTL_BALANCED_NODE n)
{
    node *rest, *below; // what moves up, and whose child it becomes
    BOOLEAN lost_red;

    if (t->Min == n) t->Min = next_of_min(n);
    if (!n->Left || !n->Right) {
        rest = n->Left ? n->Left : n->Right;
        below = parent_of(n);
        lost_red = is_red(n);
        replace(t, n, rest);
    } else {
        node *heir = leftmost(n->Right);
        rest = heir->Right;
        lost_red = is_red(heir);
        below = parent_of(heir);
        if (below == n) {
            below = heir;
        } else {
            replace(t, heir, rest);
            heir->Right = n->Right;
            set_parent(heir->Right, heir);
        }
        replace(t, n, heir);
        heir->Left = n->Left;
        set_parent(heir->Left, heir);
        set_red(heir, is_red(n));
    }
    if (!lost_red) lend_black(t, rest, below);
}
