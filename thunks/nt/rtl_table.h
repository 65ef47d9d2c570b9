// ntdll's containers: splay trees, generic tables on splay and on AVL trees, dynamic hash tables, handle
// tables. Sources: Microsoft's documentation of the ntddk.h and ntifs.h functions of these names, mingw-w64's
// ddk headers and phnt's ntrtl.h for the layouts, which programs have in their own memory.
#ifndef LOWLAND_NT_RTL_TABLE_H
#define LOWLAND_NT_RTL_TABLE_H

#include "nt.h"

// ---- splay trees: the root is its own parent ----

typedef struct _RTL_SPLAY_LINKS {
    struct _RTL_SPLAY_LINKS *Parent;
    struct _RTL_SPLAY_LINKS *LeftChild;
    struct _RTL_SPLAY_LINKS *RightChild;
} RTL_SPLAY_LINKS, *PRTL_SPLAY_LINKS;

PRTL_SPLAY_LINKS NTAPI RtlSplay(PRTL_SPLAY_LINKS links);
PRTL_SPLAY_LINKS NTAPI RtlDelete(PRTL_SPLAY_LINKS links);
void NTAPI RtlDeleteNoSplay(PRTL_SPLAY_LINKS links, PRTL_SPLAY_LINKS *root);
PRTL_SPLAY_LINKS NTAPI RtlSubtreeSuccessor(PRTL_SPLAY_LINKS links);
PRTL_SPLAY_LINKS NTAPI RtlSubtreePredecessor(PRTL_SPLAY_LINKS links);
PRTL_SPLAY_LINKS NTAPI RtlRealSuccessor(PRTL_SPLAY_LINKS links);
PRTL_SPLAY_LINKS NTAPI RtlRealPredecessor(PRTL_SPLAY_LINKS links);

// ---- generic tables ----

typedef enum _TABLE_SEARCH_RESULT {
    TableEmptyTree,
    TableFoundNode,
    TableInsertAsLeft,
    TableInsertAsRight
} TABLE_SEARCH_RESULT;

typedef enum _RTL_GENERIC_COMPARE_RESULTS {
    GenericLessThan,
    GenericGreaterThan,
    GenericEqual
} RTL_GENERIC_COMPARE_RESULTS;

struct _RTL_GENERIC_TABLE;
typedef RTL_GENERIC_COMPARE_RESULTS(NTAPI *PRTL_GENERIC_COMPARE_ROUTINE)(struct _RTL_GENERIC_TABLE *Table,
                                                                         PVOID First, PVOID Second);
typedef PVOID(NTAPI *PRTL_GENERIC_ALLOCATE_ROUTINE)(struct _RTL_GENERIC_TABLE *Table, ULONG Size);
typedef void(NTAPI *PRTL_GENERIC_FREE_ROUTINE)(struct _RTL_GENERIC_TABLE *Table, PVOID Buffer);

typedef struct _RTL_GENERIC_TABLE {
    PRTL_SPLAY_LINKS TableRoot;
    LIST_ENTRY InsertOrderList;
    PLIST_ENTRY OrderedPointer;
    ULONG WhichOrderedElement;
    ULONG NumberGenericTableElements;
    PRTL_GENERIC_COMPARE_ROUTINE CompareRoutine;
    PRTL_GENERIC_ALLOCATE_ROUTINE AllocateRoutine;
    PRTL_GENERIC_FREE_ROUTINE FreeRoutine;
    PVOID TableContext;
} RTL_GENERIC_TABLE, *PRTL_GENERIC_TABLE;
NT_SIZE(RTL_GENERIC_TABLE, 0x28);

void NTAPI RtlInitializeGenericTable(PRTL_GENERIC_TABLE table, PRTL_GENERIC_COMPARE_ROUTINE compare,
                                     PRTL_GENERIC_ALLOCATE_ROUTINE allocate,
                                     PRTL_GENERIC_FREE_ROUTINE free_node, PVOID context);
PVOID NTAPI RtlInsertElementGenericTable(PRTL_GENERIC_TABLE table, PVOID buffer, ULONG size, PBOOLEAN is_new);
PVOID NTAPI RtlInsertElementGenericTableFull(PRTL_GENERIC_TABLE table, PVOID buffer, ULONG size,
                                             PBOOLEAN is_new, PVOID node_or_parent,
                                             TABLE_SEARCH_RESULT result);
BOOLEAN NTAPI RtlDeleteElementGenericTable(PRTL_GENERIC_TABLE table, PVOID buffer);
PVOID NTAPI RtlLookupElementGenericTable(PRTL_GENERIC_TABLE table, PVOID buffer);
PVOID NTAPI RtlLookupElementGenericTableFull(PRTL_GENERIC_TABLE table, PVOID buffer, PVOID *node_or_parent,
                                             TABLE_SEARCH_RESULT *result);
PVOID NTAPI RtlEnumerateGenericTable(PRTL_GENERIC_TABLE table, BOOLEAN restart);
PVOID NTAPI RtlEnumerateGenericTableWithoutSplaying(PRTL_GENERIC_TABLE table, PVOID *restart_key);
PVOID NTAPI RtlGetElementGenericTable(PRTL_GENERIC_TABLE table, ULONG index);
ULONG NTAPI RtlNumberGenericTableElements(PRTL_GENERIC_TABLE table);
BOOLEAN NTAPI RtlIsGenericTableEmpty(PRTL_GENERIC_TABLE table);

// ---- generic tables on AVL trees: the tree hangs on the right of BalancedRoot ----

typedef struct _RTL_BALANCED_LINKS {
    struct _RTL_BALANCED_LINKS *Parent;
    struct _RTL_BALANCED_LINKS *LeftChild;
    struct _RTL_BALANCED_LINKS *RightChild;
    signed char Balance; // depth on the right less that on the left
    UCHAR Reserved[3];
} RTL_BALANCED_LINKS, *PRTL_BALANCED_LINKS;

struct _RTL_AVL_TABLE;
typedef RTL_GENERIC_COMPARE_RESULTS(NTAPI *PRTL_AVL_COMPARE_ROUTINE)(struct _RTL_AVL_TABLE *Table,
                                                                     PVOID First, PVOID Second);
typedef PVOID(NTAPI *PRTL_AVL_ALLOCATE_ROUTINE)(struct _RTL_AVL_TABLE *Table, ULONG Size);
typedef void(NTAPI *PRTL_AVL_FREE_ROUTINE)(struct _RTL_AVL_TABLE *Table, PVOID Buffer);
typedef NTSTATUS(NTAPI *PRTL_AVL_MATCH_FUNCTION)(struct _RTL_AVL_TABLE *Table, PVOID UserData,
                                                 PVOID MatchData);

typedef struct _RTL_AVL_TABLE {
    RTL_BALANCED_LINKS BalancedRoot;
    PVOID OrderedPointer;
    ULONG WhichOrderedElement;
    ULONG NumberGenericTableElements;
    ULONG DepthOfTree;
    PRTL_BALANCED_LINKS RestartKey;
    ULONG DeleteCount;
    PRTL_AVL_COMPARE_ROUTINE CompareRoutine;
    PRTL_AVL_ALLOCATE_ROUTINE AllocateRoutine;
    PRTL_AVL_FREE_ROUTINE FreeRoutine;
    PVOID TableContext;
} RTL_AVL_TABLE, *PRTL_AVL_TABLE;
NT_SIZE(RTL_AVL_TABLE, 0x38);

void NTAPI RtlInitializeGenericTableAvl(PRTL_AVL_TABLE table, PRTL_AVL_COMPARE_ROUTINE compare,
                                        PRTL_AVL_ALLOCATE_ROUTINE allocate, PRTL_AVL_FREE_ROUTINE free_node,
                                        PVOID context);
PVOID NTAPI RtlInsertElementGenericTableAvl(PRTL_AVL_TABLE table, PVOID buffer, ULONG size, PBOOLEAN is_new);
PVOID NTAPI RtlInsertElementGenericTableFullAvl(PRTL_AVL_TABLE table, PVOID buffer, ULONG size,
                                                PBOOLEAN is_new, PVOID node_or_parent,
                                                TABLE_SEARCH_RESULT result);
BOOLEAN NTAPI RtlDeleteElementGenericTableAvl(PRTL_AVL_TABLE table, PVOID buffer);
void NTAPI RtlDeleteElementGenericTableAvlEx(PRTL_AVL_TABLE table, PVOID node);
PVOID NTAPI RtlLookupElementGenericTableAvl(PRTL_AVL_TABLE table, PVOID buffer);
PVOID NTAPI RtlLookupElementGenericTableFullAvl(PRTL_AVL_TABLE table, PVOID buffer, PVOID *node_or_parent,
                                                TABLE_SEARCH_RESULT *result);
PVOID NTAPI RtlLookupFirstMatchingElementGenericTableAvl(PRTL_AVL_TABLE table, PVOID buffer,
                                                         PVOID *restart_key);
PVOID NTAPI RtlEnumerateGenericTableAvl(PRTL_AVL_TABLE table, BOOLEAN restart);
PVOID NTAPI RtlEnumerateGenericTableWithoutSplayingAvl(PRTL_AVL_TABLE table, PVOID *restart_key);
PVOID NTAPI RtlEnumerateGenericTableLikeADirectory(PRTL_AVL_TABLE table, PRTL_AVL_MATCH_FUNCTION match,
                                                   PVOID match_data, ULONG next, PVOID *restart_key,
                                                   PULONG delete_count, PVOID buffer);
PVOID NTAPI RtlGetElementGenericTableAvl(PRTL_AVL_TABLE table, ULONG index);
ULONG NTAPI RtlNumberGenericTableElementsAvl(PRTL_AVL_TABLE table);
BOOLEAN NTAPI RtlIsGenericTableEmptyAvl(PRTL_AVL_TABLE table);

// ---- dynamic hash tables ----

#define RTL_HASH_ALLOCATED_HEADER   0x00000001
#define RTL_HASH_RESERVED_SIGNATURE 0

typedef struct _RTL_DYNAMIC_HASH_TABLE_ENTRY {
    LIST_ENTRY Linkage;
    ULONG_PTR Signature;
} RTL_DYNAMIC_HASH_TABLE_ENTRY, *PRTL_DYNAMIC_HASH_TABLE_ENTRY;

typedef struct _RTL_DYNAMIC_HASH_TABLE_CONTEXT {
    PLIST_ENTRY ChainHead;
    PLIST_ENTRY PrevLinkage;
    ULONG_PTR Signature;
} RTL_DYNAMIC_HASH_TABLE_CONTEXT, *PRTL_DYNAMIC_HASH_TABLE_CONTEXT;

typedef struct _RTL_DYNAMIC_HASH_TABLE_ENUMERATOR {
    RTL_DYNAMIC_HASH_TABLE_ENTRY HashEntry; // stands in the chain itself
    PLIST_ENTRY ChainHead;
    ULONG BucketIndex;
} RTL_DYNAMIC_HASH_TABLE_ENUMERATOR, *PRTL_DYNAMIC_HASH_TABLE_ENUMERATOR;

typedef struct _RTL_DYNAMIC_HASH_TABLE {
    ULONG Flags;
    ULONG Shift;
    ULONG TableSize;
    ULONG Pivot;
    ULONG DivisorMask;
    ULONG NumEntries;
    ULONG NonEmptyBuckets;
    ULONG NumEnumerators;
    PVOID Directory;
} RTL_DYNAMIC_HASH_TABLE, *PRTL_DYNAMIC_HASH_TABLE;
NT_SIZE(RTL_DYNAMIC_HASH_TABLE, 0x24);

BOOLEAN NTAPI RtlCreateHashTable(PRTL_DYNAMIC_HASH_TABLE *table, ULONG shift, ULONG flags);
BOOLEAN NTAPI RtlCreateHashTableEx(PRTL_DYNAMIC_HASH_TABLE *table, ULONG size, ULONG shift, ULONG flags);
void NTAPI RtlDeleteHashTable(PRTL_DYNAMIC_HASH_TABLE table);
BOOLEAN NTAPI RtlInsertEntryHashTable(PRTL_DYNAMIC_HASH_TABLE table, PRTL_DYNAMIC_HASH_TABLE_ENTRY entry,
                                      ULONG_PTR signature, PRTL_DYNAMIC_HASH_TABLE_CONTEXT context);
BOOLEAN NTAPI RtlRemoveEntryHashTable(PRTL_DYNAMIC_HASH_TABLE table, PRTL_DYNAMIC_HASH_TABLE_ENTRY entry,
                                      PRTL_DYNAMIC_HASH_TABLE_CONTEXT context);
PRTL_DYNAMIC_HASH_TABLE_ENTRY NTAPI RtlLookupEntryHashTable(PRTL_DYNAMIC_HASH_TABLE table,
                                                            ULONG_PTR signature,
                                                            PRTL_DYNAMIC_HASH_TABLE_CONTEXT context);
PRTL_DYNAMIC_HASH_TABLE_ENTRY NTAPI RtlGetNextEntryHashTable(PRTL_DYNAMIC_HASH_TABLE table,
                                                             PRTL_DYNAMIC_HASH_TABLE_CONTEXT context);
BOOLEAN NTAPI RtlInitEnumerationHashTable(PRTL_DYNAMIC_HASH_TABLE table,
                                          PRTL_DYNAMIC_HASH_TABLE_ENUMERATOR enumerator);
PRTL_DYNAMIC_HASH_TABLE_ENTRY NTAPI RtlEnumerateEntryHashTable(PRTL_DYNAMIC_HASH_TABLE table,
                                                               PRTL_DYNAMIC_HASH_TABLE_ENUMERATOR enumerator);
void NTAPI RtlEndEnumerationHashTable(PRTL_DYNAMIC_HASH_TABLE table,
                                      PRTL_DYNAMIC_HASH_TABLE_ENUMERATOR enumerator);
BOOLEAN NTAPI RtlExpandHashTable(PRTL_DYNAMIC_HASH_TABLE table);
BOOLEAN NTAPI RtlContractHashTable(PRTL_DYNAMIC_HASH_TABLE table);

// ---- handle tables ----

typedef struct _RTL_HANDLE_TABLE_ENTRY {
    union {
        ULONG Flags; // the owner sets bit 0 when it has filled an entry that it was given
        struct _RTL_HANDLE_TABLE_ENTRY *NextFree;
    };
} RTL_HANDLE_TABLE_ENTRY, *PRTL_HANDLE_TABLE_ENTRY;

#define RTL_HANDLE_ALLOCATED 1u

typedef struct _RTL_HANDLE_TABLE {
    ULONG MaximumNumberOfHandles;
    ULONG SizeOfHandleTableEntry;
    ULONG Reserved[2];
    PRTL_HANDLE_TABLE_ENTRY FreeHandles;
    PRTL_HANDLE_TABLE_ENTRY CommittedHandles;
    PRTL_HANDLE_TABLE_ENTRY UnCommittedHandles;
    PRTL_HANDLE_TABLE_ENTRY MaxReservedHandles;
} RTL_HANDLE_TABLE, *PRTL_HANDLE_TABLE;
NT_SIZE(RTL_HANDLE_TABLE, 0x20);

void NTAPI RtlInitializeHandleTable(ULONG maximum, ULONG entry_size, PRTL_HANDLE_TABLE table);
NTSTATUS NTAPI RtlDestroyHandleTable(PRTL_HANDLE_TABLE table);
PRTL_HANDLE_TABLE_ENTRY NTAPI RtlAllocateHandle(PRTL_HANDLE_TABLE table, PULONG index);
BOOLEAN NTAPI RtlFreeHandle(PRTL_HANDLE_TABLE table, PRTL_HANDLE_TABLE_ENTRY entry);
BOOLEAN NTAPI RtlIsValidHandle(PRTL_HANDLE_TABLE table, PRTL_HANDLE_TABLE_ENTRY entry);
BOOLEAN NTAPI RtlIsValidIndexHandle(PRTL_HANDLE_TABLE table, ULONG index, PRTL_HANDLE_TABLE_ENTRY *entry);

#endif
