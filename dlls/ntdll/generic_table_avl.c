// Generic tables on AVL trees. The tree is the right subtree of the table's BalancedRoot, which is its own
// parent, so that each node of the tree has a parent to rotate below.
#include "rtl.h"
#include "nt/rtl_table.h"

typedef RTL_BALANCED_LINKS LINKS;

struct node {
    LINKS links;
    LONGLONG data[];
};
NT_OFFSET(struct node, data, 0x10);

enum { LEFT = -1, RIGHT = 1 };

static inline PVOID data_of(LINKS *links)
{
    return links ? CONTAINING_RECORD(links, struct node, links)->data : NULL;
}

static inline LINKS **child(LINKS *node, int side)
{
    return side == LEFT ? &node->LeftChild : &node->RightChild;
}

static inline int side_of(const LINKS *node)
{
    return node->Parent->LeftChild == node ? LEFT : RIGHT;
}

// ---- the tree ----

static void put_child(LINKS *parent, int side, LINKS *node)
{
    *child(parent, side) = node;
    if (node) node->Parent = parent;
}

// Lifts the child on one side above node.
static void rotate(LINKS *node, int side)
{
    LINKS *lifted = *child(node, side);

    put_child(node->Parent, side_of(node), lifted);
    put_child(node, side, *child(lifted, -side));
    put_child(lifted, -side, node);
}

// Restores a node that is two deeper on one side. Returns the subtree's new top.
static LINKS *rebalance(LINKS *node, int side)
{
    LINKS *heavy = *child(node, side), *inner;

    if (heavy->Balance != -side) {
        rotate(node, side);
        node->Balance = heavy->Balance ? 0 : (signed char)side;
        heavy->Balance = heavy->Balance ? 0 : (signed char)-side;
        return heavy;
    }
    inner = *child(heavy, -side);
    rotate(heavy, -side);
    rotate(node, side);
    node->Balance = inner->Balance == side ? (signed char)-side : 0;
    heavy->Balance = inner->Balance == -side ? (signed char)side : 0;
    inner->Balance = 0;
    return inner;
}

static void balance_after_insertion(PRTL_AVL_TABLE table, LINKS *node)
{
    for (; node->Parent != &table->BalancedRoot; node = node->Parent) {
        LINKS *parent = node->Parent;
        int side = side_of(node);

        if (parent->Balance == -side) {
            parent->Balance = 0;
            return;
        }
        if (parent->Balance == side) {
            rebalance(parent, side);
            return;
        }
        parent->Balance = (signed char)side;
    }
    table->DepthOfTree++;
}

// The subtree on that side of node has become one less deep.
static void balance_after_removal(PRTL_AVL_TABLE table, LINKS *node, int side)
{
    while (node != &table->BalancedRoot) {
        if (!node->Balance) {
            node->Balance = (signed char)-side;
            return;
        }
        if (node->Balance == side) {
            node->Balance = 0;
        } else {
            node = rebalance(node, -side);
            if (node->Balance) return; // as deep as before
        }
        side = side_of(node);
        node = node->Parent;
    }
    table->DepthOfTree--;
}

static LINKS *outermost(LINKS *node, int side)
{
    while (node && *child(node, side)) node = *child(node, side);
    return node;
}

// The neighbour of a node in order on one side, or NULL.
static LINKS *neighbour(PRTL_AVL_TABLE table, LINKS *node, int side)
{
    if (*child(node, side)) return outermost(*child(node, side), -side);
    while (node->Parent != &table->BalancedRoot && side_of(node) == side) node = node->Parent;
    return node->Parent == &table->BalancedRoot ? NULL : node->Parent;
}

static void unlink_node(PRTL_AVL_TABLE table, LINKS *node)
{
    LINKS *start = node->Parent; // of the way up on which depths have changed
    int side = side_of(node);

    if (!node->LeftChild || !node->RightChild) {
        put_child(start, side, node->LeftChild ? node->LeftChild : node->RightChild);
    } else {
        LINKS *after = outermost(node->RightChild, LEFT);
        int after_side = side_of(after);

        start = after->Parent == node ? after : after->Parent;
        put_child(after->Parent, after_side, after->RightChild);
        put_child(node->Parent, side, after);
        put_child(after, LEFT, node->LeftChild);
        put_child(after, RIGHT, node->RightChild);
        after->Balance = node->Balance;
        side = after_side;
    }
    balance_after_removal(table, start, side);
}

// ---- the table ----

void NTAPI RtlInitializeGenericTableAvl(PRTL_AVL_TABLE table, PRTL_AVL_COMPARE_ROUTINE compare,
                                        PRTL_AVL_ALLOCATE_ROUTINE allocate, PRTL_AVL_FREE_ROUTINE free_node,
                                        PVOID context)
{
    *table = (RTL_AVL_TABLE){.BalancedRoot.Parent = &table->BalancedRoot,
                             .CompareRoutine = compare,
                             .AllocateRoutine = allocate,
                             .FreeRoutine = free_node,
                             .TableContext = context};
}

// Finds the node that equals buffer, or the one below which it would go.
static TABLE_SEARCH_RESULT search(PRTL_AVL_TABLE table, PVOID buffer, LINKS **found)
{
    LINKS *at = table->BalancedRoot.RightChild;

    if (!at) return TableEmptyTree;
    for (;;) {
        RTL_GENERIC_COMPARE_RESULTS order = table->CompareRoutine(table, buffer, data_of(at));
        LINKS *next = order == GenericLessThan ? at->LeftChild : at->RightChild;

        *found = at;
        if (order == GenericEqual) return TableFoundNode;
        if (!next) return order == GenericLessThan ? TableInsertAsLeft : TableInsertAsRight;
        at = next;
    }
}

static LINKS *make_node(PRTL_AVL_TABLE table, PVOID buffer, ULONG size, LINKS *parent,
                        TABLE_SEARCH_RESULT result)
{
    struct node *node = table->AllocateRoutine(table, size + sizeof(*node));

    if (!node) return NULL;
    memset(node, 0, sizeof(*node));
    memcpy(node->data, buffer, size);
    if (result == TableEmptyTree) parent = &table->BalancedRoot;
    put_child(parent, result == TableInsertAsLeft ? LEFT : RIGHT, &node->links);
    balance_after_insertion(table, &node->links);
    table->NumberGenericTableElements++;
    return &node->links;
}

/** Inserts a copy of buffer where RtlLookupElementGenericTableFullAvl said that it goes. Returns the element
 * with that key, the table's own or the new one; NULL without memory. */
PVOID NTAPI RtlInsertElementGenericTableFullAvl(PRTL_AVL_TABLE table, PVOID buffer, ULONG size,
                                                PBOOLEAN is_new, PVOID node_or_parent,
                                                TABLE_SEARCH_RESULT result)
{
    LINKS *node = node_or_parent;

    if (result != TableFoundNode) node = make_node(table, buffer, size, node_or_parent, result);
    if (is_new) *is_new = node && result != TableFoundNode;
    return data_of(node);
}

/** Inserts a copy of buffer unless the table has such a key; *is_new says which. */
PVOID NTAPI RtlInsertElementGenericTableAvl(PRTL_AVL_TABLE table, PVOID buffer, ULONG size, PBOOLEAN is_new)
{
    LINKS *found = NULL;
    TABLE_SEARCH_RESULT result = search(table, buffer, &found);

    return RtlInsertElementGenericTableFullAvl(table, buffer, size, is_new, found, result);
}

/** Removes and frees an element by its node, as RtlLookupElementGenericTableFullAvl returns it. */
void NTAPI RtlDeleteElementGenericTableAvlEx(PRTL_AVL_TABLE table, PVOID node)
{
    // An enumeration that stands here goes on with what followed.
    if (table->RestartKey == node) table->RestartKey = neighbour(table, node, LEFT);
    table->DeleteCount++;
    unlink_node(table, node);
    table->NumberGenericTableElements--;
    table->WhichOrderedElement = 0;
    table->OrderedPointer = NULL;
    table->FreeRoutine(table, node);
}

/** Removes and frees the element with the key in buffer. FALSE when there is none. */
BOOLEAN NTAPI RtlDeleteElementGenericTableAvl(PRTL_AVL_TABLE table, PVOID buffer)
{
    LINKS *found = NULL;

    if (search(table, buffer, &found) != TableFoundNode) return FALSE;
    RtlDeleteElementGenericTableAvlEx(table, found);
    return TRUE;
}

/** Finds an element, and says where it would be inserted if there is none. */
PVOID NTAPI RtlLookupElementGenericTableFullAvl(PRTL_AVL_TABLE table, PVOID buffer, PVOID *node_or_parent,
                                                TABLE_SEARCH_RESULT *result)
{
    LINKS *found = NULL;

    *result = search(table, buffer, &found);
    *node_or_parent = found;
    return *result == TableFoundNode ? data_of(found) : NULL;
}

PVOID NTAPI RtlLookupElementGenericTableAvl(PRTL_AVL_TABLE table, PVOID buffer)
{
    TABLE_SEARCH_RESULT result;
    PVOID found;

    return RtlLookupElementGenericTableFullAvl(table, buffer, &found, &result);
}

/** The leftmost of the elements that compare equal to buffer; *restart_key is where an enumeration goes on.
 */
PVOID NTAPI RtlLookupFirstMatchingElementGenericTableAvl(PRTL_AVL_TABLE table, PVOID buffer,
                                                         PVOID *restart_key)
{
    LINKS *found = NULL, *before;

    *restart_key = NULL;
    if (search(table, buffer, &found) != TableFoundNode) return NULL;
    while ((before = neighbour(table, found, LEFT)) &&
           table->CompareRoutine(table, buffer, data_of(before)) == GenericEqual)
        found = before;
    *restart_key = found;
    return data_of(found);
}

static LINKS *next_node(PRTL_AVL_TABLE table, LINKS *after)
{
    return after ? neighbour(table, after, RIGHT) : outermost(table->BalancedRoot.RightChild, LEFT);
}

/** The next element in order of keys with the position in *restart_key, NULL to begin with. */
PVOID NTAPI RtlEnumerateGenericTableWithoutSplayingAvl(PRTL_AVL_TABLE table, PVOID *restart_key)
{
    LINKS *next = next_node(table, *restart_key);

    if (next) *restart_key = next;
    return data_of(next);
}

/** The same with the position in the table; the first element with restart. */
PVOID NTAPI RtlEnumerateGenericTableAvl(PRTL_AVL_TABLE table, BOOLEAN restart)
{
    PVOID key = restart ? NULL : table->RestartKey;
    PVOID found = RtlEnumerateGenericTableWithoutSplayingAvl(table, &key);

    table->RestartKey = key;
    return found;
}

/** The next element that match accepts, which may be any function of the element: STATUS_SUCCESS accepts,
 * STATUS_NO_MATCH goes on, anything else ends the enumeration. After a deletion since the last call the
 * position is found again by buffer, the last element's key; next says whether to go past it. */
PVOID NTAPI RtlEnumerateGenericTableLikeADirectory(PRTL_AVL_TABLE table, PRTL_AVL_MATCH_FUNCTION match,
                                                   PVOID match_data, ULONG next, PVOID *restart_key,
                                                   PULONG delete_count, PVOID buffer)
{
    LINKS *at = *restart_key;

    if (!at || *delete_count != table->DeleteCount) {
        LINKS *found = NULL;
        TABLE_SEARCH_RESULT result = buffer ? search(table, buffer, &found) : TableEmptyTree;

        if (result == TableFoundNode) {
            at = next ? next_node(table, found) : found;
        } else if (result == TableInsertAsLeft) {
            at = found;
        } else {
            at = next_node(table, found);
        }
    } else if (next) {
        at = next_node(table, at);
    }
    *delete_count = table->DeleteCount;
    for (; at; at = next_node(table, at)) {
        NTSTATUS status = match ? match(table, data_of(at), match_data) : STATUS_SUCCESS;

        *restart_key = at;
        if (status == STATUS_SUCCESS) return data_of(at);
        if (status != STATUS_NO_MATCH) return NULL;
    }
    return NULL;
}

/** The element with number index (from 0) in order of keys. Cheap in sequence. */
PVOID NTAPI RtlGetElementGenericTableAvl(PRTL_AVL_TABLE table, ULONG index)
{
    ULONG wanted = index + 1, at = table->WhichOrderedElement;
    LINKS *node = table->OrderedPointer;

    if (index >= table->NumberGenericTableElements) return NULL;
    if (!at || wanted < at / 2) {
        at = 1;
        node = next_node(table, NULL);
    }
    for (; at < wanted; at++) node = neighbour(table, node, RIGHT);
    for (; at > wanted; at--) node = neighbour(table, node, LEFT);
    table->OrderedPointer = node;
    table->WhichOrderedElement = wanted;
    return data_of(node);
}

ULONG NTAPI RtlNumberGenericTableElementsAvl(PRTL_AVL_TABLE table)
{
    return table->NumberGenericTableElements;
}

BOOLEAN NTAPI RtlIsGenericTableEmptyAvl(PRTL_AVL_TABLE table)
{
    return !table->NumberGenericTableElements;
}
