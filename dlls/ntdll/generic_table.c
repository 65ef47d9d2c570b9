// Generic tables on splay trees: the caller's compare, allocate and free routines, elements in the order of
// their keys and, by a list, in that of their insertion.
#include "rtl.h"
#include "nt/rtl_table.h"

struct node {
    RTL_SPLAY_LINKS links;
    LIST_ENTRY inserted;
    LONGLONG data[]; // the caller's, aligned for anything
};
NT_OFFSET(struct node, data, 0x18);

static inline struct node *node_of(RTL_SPLAY_LINKS *links)
{
    return CONTAINING_RECORD(links, struct node, links);
}

static inline PVOID data_of(RTL_SPLAY_LINKS *links)
{
    return links ? node_of(links)->data : NULL;
}

static void forget_position(PRTL_GENERIC_TABLE table)
{
    table->WhichOrderedElement = 0;
    table->OrderedPointer = &table->InsertOrderList;
}

void NTAPI RtlInitializeGenericTable(PRTL_GENERIC_TABLE table, PRTL_GENERIC_COMPARE_ROUTINE compare,
                                     PRTL_GENERIC_ALLOCATE_ROUTINE allocate,
                                     PRTL_GENERIC_FREE_ROUTINE free_node, PVOID context)
{
    *table = (RTL_GENERIC_TABLE){.CompareRoutine = compare,
                                 .AllocateRoutine = allocate,
                                 .FreeRoutine = free_node,
                                 .TableContext = context};
    table->InsertOrderList.Flink = table->InsertOrderList.Blink = &table->InsertOrderList;
    forget_position(table);
}

// Finds the node that equals buffer, or the one below which it would go.
static TABLE_SEARCH_RESULT search(PRTL_GENERIC_TABLE table, PVOID buffer, RTL_SPLAY_LINKS **found)
{
    RTL_SPLAY_LINKS *at = table->TableRoot;

    if (!at) return TableEmptyTree;
    for (;;) {
        RTL_GENERIC_COMPARE_RESULTS order = table->CompareRoutine(table, buffer, data_of(at));
        RTL_SPLAY_LINKS *next = order == GenericLessThan ? at->LeftChild : at->RightChild;

        *found = at;
        if (order == GenericEqual) return TableFoundNode;
        if (!next) return order == GenericLessThan ? TableInsertAsLeft : TableInsertAsRight;
        at = next;
    }
}

static RTL_SPLAY_LINKS *make_node(PRTL_GENERIC_TABLE table, PVOID buffer, ULONG size, RTL_SPLAY_LINKS *parent,
                                  TABLE_SEARCH_RESULT result)
{
    struct node *node = table->AllocateRoutine(table, size + sizeof(*node));

    if (!node) return NULL;
    node->links = (RTL_SPLAY_LINKS){.Parent = result == TableEmptyTree ? &node->links : parent};
    if (result == TableInsertAsLeft) parent->LeftChild = &node->links;
    if (result == TableInsertAsRight) parent->RightChild = &node->links;
    node->inserted = (LIST_ENTRY){&table->InsertOrderList, table->InsertOrderList.Blink};
    node->inserted.Blink->Flink = table->InsertOrderList.Blink = &node->inserted;
    table->NumberGenericTableElements++;
    memcpy(node->data, buffer, size);
    return &node->links;
}

/** Inserts a copy of buffer where RtlLookupElementGenericTableFull said that it goes. Returns the element
 * with that key, the table's own or the new one; NULL without memory. */
PVOID NTAPI RtlInsertElementGenericTableFull(PRTL_GENERIC_TABLE table, PVOID buffer, ULONG size,
                                             PBOOLEAN is_new, PVOID node_or_parent,
                                             TABLE_SEARCH_RESULT result)
{
    RTL_SPLAY_LINKS *node = node_or_parent;

    if (result != TableFoundNode) node = make_node(table, buffer, size, node_or_parent, result);
    if (is_new) *is_new = node && result != TableFoundNode;
    if (!node) return NULL;
    table->TableRoot = RtlSplay(node);
    return data_of(node);
}

/** Inserts a copy of buffer unless the table has such a key; *is_new says which. */
PVOID NTAPI RtlInsertElementGenericTable(PRTL_GENERIC_TABLE table, PVOID buffer, ULONG size, PBOOLEAN is_new)
{
    RTL_SPLAY_LINKS *found = NULL;
    TABLE_SEARCH_RESULT result = search(table, buffer, &found);

    return RtlInsertElementGenericTableFull(table, buffer, size, is_new, found, result);
}

/** Removes and frees the element with the key in buffer. FALSE when there is none. */
BOOLEAN NTAPI RtlDeleteElementGenericTable(PRTL_GENERIC_TABLE table, PVOID buffer)
{
    RTL_SPLAY_LINKS *found = NULL;

    if (search(table, buffer, &found) != TableFoundNode) return FALSE;
    struct node *node = node_of(found);
    table->TableRoot = RtlDelete(found);
    node->inserted.Blink->Flink = node->inserted.Flink;
    node->inserted.Flink->Blink = node->inserted.Blink;
    table->NumberGenericTableElements--;
    forget_position(table);
    table->FreeRoutine(table, node);
    return TRUE;
}

/** Finds an element, and says where it would be inserted if there is none. */
PVOID NTAPI RtlLookupElementGenericTableFull(PRTL_GENERIC_TABLE table, PVOID buffer, PVOID *node_or_parent,
                                             TABLE_SEARCH_RESULT *result)
{
    RTL_SPLAY_LINKS *found = NULL;

    *result = search(table, buffer, &found);
    *node_or_parent = found;
    if (*result != TableFoundNode) return NULL;
    table->TableRoot = RtlSplay(found);
    return data_of(found);
}

PVOID NTAPI RtlLookupElementGenericTable(PRTL_GENERIC_TABLE table, PVOID buffer)
{
    TABLE_SEARCH_RESULT result;
    PVOID found;

    return RtlLookupElementGenericTableFull(table, buffer, &found, &result);
}

static RTL_SPLAY_LINKS *first_node(PRTL_GENERIC_TABLE table)
{
    RTL_SPLAY_LINKS *at = table->TableRoot;

    while (at && at->LeftChild) at = at->LeftChild;
    return at;
}

/** The next element in order of keys, the first with restart. The position is the root of the tree: any other
 * call that splays moves it. */
PVOID NTAPI RtlEnumerateGenericTable(PRTL_GENERIC_TABLE table, BOOLEAN restart)
{
    RTL_SPLAY_LINKS *next;

    if (!table->TableRoot) return NULL;
    next = restart ? first_node(table) : RtlRealSuccessor(table->TableRoot);
    if (next) table->TableRoot = RtlSplay(next);
    return data_of(next);
}

/** The same with the position in *restart_key, NULL to begin with. */
PVOID NTAPI RtlEnumerateGenericTableWithoutSplaying(PRTL_GENERIC_TABLE table, PVOID *restart_key)
{
    RTL_SPLAY_LINKS *next = *restart_key ? RtlRealSuccessor(*restart_key) : first_node(table);

    if (!table->TableRoot) return NULL;
    if (next) *restart_key = next;
    return data_of(next);
}

/** The element that was inserted as number index (from 0) of those still there. Cheap in sequence. */
PVOID NTAPI RtlGetElementGenericTable(PRTL_GENERIC_TABLE table, ULONG index)
{
    ULONG wanted = index + 1, at = table->WhichOrderedElement;
    PLIST_ENTRY link = table->OrderedPointer;

    if (index >= table->NumberGenericTableElements) return NULL;
    if (wanted < at / 2) {
        at = 0;
        link = &table->InsertOrderList;
    }
    for (; at < wanted; at++) link = link->Flink;
    for (; at > wanted; at--) link = link->Blink;
    table->OrderedPointer = link;
    table->WhichOrderedElement = wanted;
    return CONTAINING_RECORD(link, struct node, inserted)->data;
}

ULONG NTAPI RtlNumberGenericTableElements(PRTL_GENERIC_TABLE table)
{
    return table->NumberGenericTableElements;
}

BOOLEAN NTAPI RtlIsGenericTableEmpty(PRTL_GENERIC_TABLE table)
{
    return !table->TableRoot;
}
