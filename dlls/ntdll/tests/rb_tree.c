// Red-black and AVL trees: order, balance and heights after many insertions and removals.
#include "nt/nt.h"
#include "nt/rtl_rb_tree.h"
#include "check.h"
#include <string.h>

enum { NODES = 300 };

static struct item {
    RTL_BALANCED_NODE node;
    int key;
    BOOL in;
} items[NODES];

static RTL_BALANCED_NODE *parent_of(const RTL_BALANCED_NODE *node)
{
    return (RTL_BALANCED_NODE *)(node->ParentValue & ~3u);
}

// Where an item belongs: the node above it, and on which side of that.
static RTL_BALANCED_NODE *place_of(const struct item *item, RTL_BALANCED_NODE *root, BOOLEAN *right)
{
    RTL_BALANCED_NODE *parent = NULL;
    *right = FALSE;
    while (root) {
        parent = root;
        *right = item->key > ((struct item *)root)->key;
        root = *right ? root->Right : root->Left;
    }
    return parent;
}

static void insert(RTL_RB_TREE *tree, struct item *item)
{
    BOOLEAN right;
    RTL_BALANCED_NODE *parent = place_of(item, tree->Root, &right);
    RtlRbInsertNodeEx(tree, parent, right, &item->node);
    item->in = TRUE;
}

// The black height below a node; -1: something is wrong. Counts nodes.
static int check_below(const RTL_BALANCED_NODE *node, const RTL_BALANCED_NODE *parent, int low, int high,
                       int *count)
{
    if (!node) return 1;
    int key = ((const struct item *)node)->key, left, right;
    BOOL red = node->ParentValue & 1;
    ++*count;
    if (parent_of(node) != parent || key <= low || key >= high ||
        (red && (!parent || parent->ParentValue & 1)))
        return -1;
    left = check_below(node->Left, node, low, key, count);
    right = check_below(node->Right, node, key, high, count);
    return left < 0 || left != right ? -1 : left + !red;
}

static BOOL is_sound(const RTL_RB_TREE *tree)
{
    const RTL_BALANCED_NODE *min = tree->Root;
    int count = 0, in = 0;
    for (int i = 0; i < NODES; i++) in += items[i].in;
    while (min && min->Left) min = min->Left;
    return check_below(tree->Root, NULL, -1, 1 << 20, &count) > 0 && count == in && tree->Min == min;
}

// ---- AVL ----

static void insert_avl(RTL_AVL_TREE *tree, struct item *item)
{
    BOOLEAN right;
    RTL_BALANCED_NODE *parent = place_of(item, tree->Root, &right);
    RtlAvlInsertNodeEx(tree, parent, right, &item->node);
    item->in = TRUE;
}

// The height below a node; -1: something is wrong. Counts nodes.
static int height_below(const RTL_BALANCED_NODE *node, const RTL_BALANCED_NODE *parent, int low, int high,
                        int *count)
{
    if (!node) return 0;
    const int key = ((const struct item *)node)->key;
    const ULONG balance = node->ParentValue & 3;
    ++*count;
    if (parent_of(node) != parent || key <= low || key >= high) return -1;
    const int left = height_below(node->Left, node, low, key, count);
    const int right = height_below(node->Right, node, key, high, count);
    if (left < 0 || right < 0) return -1;
    if (left == right) return balance == RTL_AVL_BALANCED ? left + 1 : -1;
    if (left + 1 == right) return balance == RTL_AVL_RIGHT_HEAVY ? right + 1 : -1;
    return left == right + 1 && balance == RTL_AVL_LEFT_HEAVY ? left + 1 : -1;
}

static BOOL is_sound_avl(const RTL_AVL_TREE *tree)
{
    int count = 0, in = 0;
    for (int i = 0; i < NODES; i++) in += items[i].in;
    return height_below(tree->Root, NULL, -1, 1 << 20, &count) >= 0 && count == in;
}

static void test_avl(void)
{
    RTL_AVL_TREE tree = {0};
    ULONG seed = 7, bad = 0;

    memset(items, 0, sizeof(items));
    for (int i = 0; i < NODES; i++) items[i].key = i;
    for (int i = 0; i < NODES; i++) insert_avl(&tree, &items[i]);
    CHECK(is_sound_avl(&tree), "ascending");
    for (int round = 0; round < 3000; round++) {
        seed = seed * 1664525 + 1013904223;
        struct item *item = &items[(seed >> 8) % NODES];
        if (!item->in) {
            insert_avl(&tree, item);
        } else {
            RtlAvlRemoveNode(&tree, &item->node);
            item->in = FALSE;
        }
        if (round % 3 == 0) bad += !is_sound_avl(&tree);
    }
    CHECK_EQUAL(bad, 0);
    for (int i = 0; i < NODES; i++) {
        if (items[i].in) RtlAvlRemoveNode(&tree, &items[i].node);
        items[i].in = FALSE;
        bad += !is_sound_avl(&tree);
    }
    CHECK(!bad && !tree.Root, "an empty tree");
}

int main(void)
{
    RTL_RB_TREE tree = {0};
    ULONG seed = 1, bad = 0;

    for (int i = 0; i < NODES; i++) items[i].key = i;
    for (int round = 0; round < 3000; round++) {
        seed = seed * 1664525 + 1013904223;
        struct item *item = &items[(seed >> 8) % NODES];
        if (!item->in) {
            insert(&tree, item);
        } else {
            RtlRbRemoveNode(&tree, &item->node);
            item->in = FALSE;
        }
        if (round % 3 == 0) bad += !is_sound(&tree);
    }
    CHECK_EQUAL(bad, 0);
    for (int i = 0; i < NODES; i++) { // ascending: the worst case without balance
        if (items[i].in) RtlRbRemoveNode(&tree, &items[i].node);
        items[i].in = FALSE;
    }
    CHECK(!tree.Root && !tree.Min, "an empty tree");
    for (int i = 0; i < NODES; i++) insert(&tree, &items[i]);
    CHECK(is_sound(&tree), "ascending");
    for (; tree.Min; bad += !is_sound(&tree)) {
        ((struct item *)tree.Min)->in = FALSE;
        RtlRbRemoveNode(&tree, tree.Min);
        if (!tree.Root) break;
    }
    CHECK_EQUAL(bad, 0);
    test_avl();
    return check_summary();
}
