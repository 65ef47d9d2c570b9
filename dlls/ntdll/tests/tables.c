// ntdll's containers: trees keep their order and balance, tables their elements, whatever comes and goes.
#include "nt/nt.h"
#include "nt/rtl_table.h"
#include "check.h"
#include <string.h>

#define KEYS 200

// The same numbers in an order of no pattern.
static ULONG shuffled(ULONG i)
{
    return i * 73 % KEYS;
}

static RTL_GENERIC_COMPARE_RESULTS order_of(ULONG a, ULONG b)
{
    return a < b ? GenericLessThan : a > b ? GenericGreaterThan : GenericEqual;
}

// ---- generic tables on splay trees ----

static ULONG allocated, allocated_size;

static RTL_GENERIC_COMPARE_RESULTS NTAPI compare(PRTL_GENERIC_TABLE table, PVOID a, PVOID b)
{
    (void)table;
    return order_of(*(ULONG *)a, *(ULONG *)b);
}

static PVOID NTAPI allocate(PRTL_GENERIC_TABLE table, ULONG size)
{
    allocated++;
    allocated_size = size;
    return table->TableContext ? malloc(size) : NULL;
}

static void NTAPI release(PRTL_GENERIC_TABLE table, PVOID node)
{
    (void)table;
    allocated--;
    free(node);
}

static ULONG splay_depth(PRTL_SPLAY_LINKS node)
{
    ULONG left, right;

    if (!node) return 0;
    left = splay_depth(node->LeftChild);
    right = splay_depth(node->RightChild);
    return 1 + (left > right ? left : right);
}

static void test_generic_table(void)
{
    RTL_GENERIC_TABLE table;
    TABLE_SEARCH_RESULT result;
    BOOLEAN is_new;
    ULONG key, n = 0;
    PVOID place, restart = NULL;

    allocated = 0;
    RtlInitializeGenericTable(&table, compare, allocate, release, &key);
    CHECK(RtlIsGenericTableEmpty(&table), "empty");
    CHECK(!RtlEnumerateGenericTable(&table, TRUE), "nothing there");
    for (ULONG i = 0; i < KEYS; i++) {
        key = shuffled(i);
        ULONG *element = RtlInsertElementGenericTable(&table, &key, sizeof(key), &is_new);
        CHECK(element && *element == key && is_new, "%lu", key);
    }
    CHECK_EQUAL(allocated_size, sizeof(key) + 24);
    CHECK_EQUAL(RtlNumberGenericTableElements(&table), KEYS);
    key = 7;
    CHECK(RtlInsertElementGenericTable(&table, &key, sizeof(key), &is_new) && !is_new, "known already");
    for (ULONG *at = RtlEnumerateGenericTable(&table, TRUE); at; at = RtlEnumerateGenericTable(&table, FALSE))
        CHECK_EQUAL(*at, n++);
    CHECK_EQUAL(n, KEYS);
    for (n = 0; (place = RtlEnumerateGenericTableWithoutSplaying(&table, &restart)); n++)
        CHECK_EQUAL(*(ULONG *)place, n);
    CHECK_EQUAL(n, KEYS);
    for (ULONG i = 0; i < KEYS; i++) CHECK_EQUAL(*(ULONG *)RtlGetElementGenericTable(&table, i), shuffled(i));
    CHECK_EQUAL(*(ULONG *)RtlGetElementGenericTable(&table, 3), shuffled(3));
    CHECK(!RtlGetElementGenericTable(&table, KEYS), "past the end");
    CHECK(!RtlGetElementGenericTable(&table, ~0u), "past the end");
    CHECK(splay_depth(table.TableRoot) <= KEYS, "a tree");
    for (ULONG i = 0; i < KEYS; i += 2) {
        key = shuffled(i);
        CHECK(RtlDeleteElementGenericTable(&table, &key), "%lu", key);
        CHECK(!RtlDeleteElementGenericTable(&table, &key), "%lu again", key);
        CHECK(!RtlLookupElementGenericTable(&table, &key), "%lu again", key);
    }
    CHECK_EQUAL(allocated, KEYS / 2);
    CHECK_EQUAL(*(ULONG *)RtlGetElementGenericTable(&table, 1), shuffled(3));
    key = shuffled(1);
    CHECK_EQUAL(*(ULONG *)RtlLookupElementGenericTableFull(&table, &key, &place, &result), key);
    CHECK_EQUAL(result, TableFoundNode);
    key = KEYS + 1;
    CHECK(!RtlLookupElementGenericTableFull(&table, &key, &place, &result), "not there");
    CHECK_EQUAL(result, TableInsertAsRight);
    CHECK_EQUAL(*(ULONG *)RtlInsertElementGenericTableFull(&table, &key, sizeof(key), NULL, place, result),
                key);
    table.TableContext = NULL;
    key++;
    CHECK(!RtlInsertElementGenericTable(&table, &key, sizeof(key), &is_new) && !is_new, "no memory");
}

// ---- splay links by themselves ----

static void test_splay(void)
{
    RTL_SPLAY_LINKS nodes[3], *root = &nodes[0];

    // 0 < 1 < 2, a chain to the right
    nodes[0] = (RTL_SPLAY_LINKS){&nodes[0], NULL, &nodes[1]};
    nodes[1] = (RTL_SPLAY_LINKS){&nodes[0], NULL, &nodes[2]};
    nodes[2] = (RTL_SPLAY_LINKS){&nodes[1], NULL, NULL};
    CHECK(RtlRealSuccessor(&nodes[0]) == &nodes[1] && !RtlRealSuccessor(&nodes[2]), "successors");
    CHECK(RtlRealPredecessor(&nodes[2]) == &nodes[1] && !RtlRealPredecessor(&nodes[0]), "predecessors");
    CHECK(!RtlSubtreePredecessor(&nodes[2]), "only below");
    CHECK(RtlSplay(&nodes[2]) == &nodes[2] && nodes[2].Parent == &nodes[2], "the root");
    CHECK(nodes[2].LeftChild == &nodes[1] && nodes[1].LeftChild == &nodes[0], "a chain to the left");
    root = &nodes[2];
    RtlDeleteNoSplay(&nodes[1], &root);
    CHECK(root == &nodes[2] && nodes[2].LeftChild == &nodes[0] && nodes[0].Parent == &nodes[2], "one out");
    root = RtlDelete(&nodes[2]);
    CHECK(root == &nodes[0] && nodes[0].Parent == &nodes[0], "one left");
    CHECK(!RtlDelete(&nodes[0]), "none left");
}

// ---- generic tables on AVL trees ----

static RTL_GENERIC_COMPARE_RESULTS NTAPI compare_avl(PRTL_AVL_TABLE table, PVOID a, PVOID b)
{
    (void)table;
    return order_of(*(ULONG *)a, *(ULONG *)b);
}

static PVOID NTAPI allocate_avl(PRTL_AVL_TABLE table, ULONG size)
{
    (void)table;
    allocated++;
    allocated_size = size;
    return malloc(size);
}

static void NTAPI release_avl(PRTL_AVL_TABLE table, PVOID node)
{
    (void)table;
    allocated--;
    free(node);
}

// The depth of a balanced subtree whose links all agree, -1 for any other.
static int avl_depth(PRTL_BALANCED_LINKS node)
{
    if (!node) return 0;
    if (node->LeftChild && node->LeftChild->Parent != node) return -1;
    if (node->RightChild && node->RightChild->Parent != node) return -1;
    int left = avl_depth(node->LeftChild), right = avl_depth(node->RightChild);
    if (left < 0 || right < 0 || right - left != node->Balance || right - left > 1 || left - right > 1)
        return -1;
    return 1 + (left > right ? left : right);
}

static NTSTATUS NTAPI match_even(PRTL_AVL_TABLE table, PVOID element, PVOID data)
{
    (void)table, (void)data;
    return *(ULONG *)element % 2 ? STATUS_NO_MATCH : STATUS_SUCCESS;
}

static void test_generic_table_avl(void)
{
    RTL_AVL_TABLE table;
    TABLE_SEARCH_RESULT result;
    BOOLEAN is_new;
    ULONG key, n = 0, deletions = 0;
    PVOID place, restart = NULL;

    allocated = 0;
    memset(&table, 0xCC, sizeof(table));
    RtlInitializeGenericTableAvl(&table, compare_avl, allocate_avl, release_avl, &key);
    CHECK(table.BalancedRoot.Parent == &table.BalancedRoot && !table.BalancedRoot.RightChild, "empty");
    CHECK(RtlIsGenericTableEmptyAvl(&table), "empty");
    for (ULONG i = 0; i < KEYS; i++) {
        key = shuffled(i);
        ULONG *element = RtlInsertElementGenericTableAvl(&table, &key, sizeof(key), &is_new);
        CHECK(element && *element == key && is_new, "%lu", key);
        CHECK_EQUAL(avl_depth(table.BalancedRoot.RightChild), table.DepthOfTree);
    }
    CHECK_EQUAL(allocated_size, sizeof(key) + 16);
    CHECK_EQUAL(RtlNumberGenericTableElementsAvl(&table), KEYS);
    for (ULONG *at = RtlEnumerateGenericTableAvl(&table, TRUE); at;
         at = RtlEnumerateGenericTableAvl(&table, FALSE))
        CHECK_EQUAL(*at, n++);
    CHECK_EQUAL(n, KEYS);
    for (n = 0; (place = RtlEnumerateGenericTableWithoutSplayingAvl(&table, &restart)); n++)
        CHECK_EQUAL(*(ULONG *)place, n);
    for (ULONG i = 0; i < KEYS; i++) CHECK_EQUAL(*(ULONG *)RtlGetElementGenericTableAvl(&table, i), i);
    CHECK_EQUAL(*(ULONG *)RtlGetElementGenericTableAvl(&table, 90), 90);
    CHECK_EQUAL(*(ULONG *)RtlGetElementGenericTableAvl(&table, 2), 2);
    CHECK(!RtlGetElementGenericTableAvl(&table, KEYS), "past the end");
    key = 5;
    CHECK_EQUAL(*(ULONG *)RtlLookupFirstMatchingElementGenericTableAvl(&table, &key, &restart), 5);
    CHECK_EQUAL(*(ULONG *)RtlEnumerateGenericTableWithoutSplayingAvl(&table, &restart), 6);
    restart = NULL;
    key = 0;
    for (n = 0; (place = RtlEnumerateGenericTableLikeADirectory(&table, match_even, NULL, n > 0, &restart,
                                                                &deletions, &key));
         n++) {
        key = *(ULONG *)place;
        CHECK_EQUAL(key, n * 2);
    }
    CHECK_EQUAL(n, KEYS / 2);
    for (ULONG i = 0; i < KEYS; i++) {
        key = shuffled(i);
        CHECK(RtlDeleteElementGenericTableAvl(&table, &key), "%lu", key);
        CHECK(!RtlLookupElementGenericTableAvl(&table, &key), "%lu again", key);
        CHECK_EQUAL(avl_depth(table.BalancedRoot.RightChild), table.DepthOfTree);
    }
    CHECK_EQUAL(allocated, 0);
    CHECK(!RtlLookupElementGenericTableFullAvl(&table, &key, &place, &result), "empty");
    CHECK_EQUAL(result, TableEmptyTree);
}

// ---- hash tables ----

static ULONG count_all(PRTL_DYNAMIC_HASH_TABLE table)
{
    RTL_DYNAMIC_HASH_TABLE_ENUMERATOR at;
    ULONG n = 0;

    CHECK(RtlInitEnumerationHashTable(table, &at), "begin");
    CHECK(!RtlExpandHashTable(table) && !RtlContractHashTable(table), "not while somebody looks");
    while (RtlEnumerateEntryHashTable(table, &at)) n++;
    RtlEndEnumerationHashTable(table, &at);
    return n;
}

static void test_hash_table(void)
{
    static RTL_DYNAMIC_HASH_TABLE_ENTRY entries[600];
    RTL_DYNAMIC_HASH_TABLE memory, *table = &memory, *own = NULL;
    RTL_DYNAMIC_HASH_TABLE_CONTEXT context = {NULL, NULL, 0};
    RTL_DYNAMIC_HASH_TABLE_ENUMERATOR at;
    RTL_DYNAMIC_HASH_TABLE_ENTRY *found;
    ULONG n;

    CHECK(!RtlCreateHashTable(&own, 0, 1), "flags");
    CHECK(RtlCreateHashTable(&own, 0, 0) && own && own->Flags == RTL_HASH_ALLOCATED_HEADER, "of its own");
    RtlDeleteHashTable(own);
    CHECK(RtlCreateHashTable(&table, 0, 0) && table == &memory && !table->Flags, "the caller's");
    CHECK_EQUAL(table->TableSize, 128);
    for (ULONG i = 0; i < 600; i++) RtlInsertEntryHashTable(table, &entries[i], i / 3, NULL);
    CHECK_EQUAL(table->NumEntries, 600);
    CHECK_EQUAL(table->NonEmptyBuckets, 128);
    CHECK_EQUAL(count_all(table), 600);
    for (int round = 0; round < 3; round++) {
        for (ULONG i = 0; i < 300; i++)
            CHECK(round == 1 ? RtlContractHashTable(table) : RtlExpandHashTable(table), "%d %lu", round, i);
        for (ULONG i = 2; i < 200; i++) {
            n = 0;
            for (found = RtlLookupEntryHashTable(table, i, &context); found;
                 found = RtlGetNextEntryHashTable(table, &context))
                n += found->Signature == i;
            CHECK_EQUAL(n, 3);
        }
        CHECK_EQUAL(count_all(table), 600);
    }
    CHECK_EQUAL(table->TableSize, 428);
    CHECK_EQUAL(table->NonEmptyBuckets, 199); // 0 to 199, where 0 stands for 1
    CHECK(!RtlLookupEntryHashTable(table, 1000, &context), "not there");
    // Removing what an enumeration has returned
    CHECK(RtlInitEnumerationHashTable(table, &at), "begin");
    for (n = 0; (found = RtlEnumerateEntryHashTable(table, &at)); n++)
        RtlRemoveEntryHashTable(table, found, NULL);
    RtlEndEnumerationHashTable(table, &at);
    CHECK_EQUAL(n, 600);
    CHECK_EQUAL(table->NumEntries, 0);
    CHECK_EQUAL(table->NonEmptyBuckets, 0);
    while (RtlContractHashTable(table)) {
    }
    CHECK_EQUAL(table->TableSize, 128);
    RtlDeleteHashTable(table);
}

// ---- handle tables ----

struct handle {
    RTL_HANDLE_TABLE_ENTRY entry;
    void *value;
    ULONG third;
};

static void test_handle_table(void)
{
    RTL_HANDLE_TABLE table;
    RTL_HANDLE_TABLE_ENTRY *entry, *first, *found;
    ULONG index;

    RtlInitializeHandleTable(400, sizeof(struct handle), &table);
    for (ULONG i = 0; i < 400; i++) {
        entry = RtlAllocateHandle(&table, &index);
        CHECK(entry && index == i, "%lu", i);
        if (!i) first = entry;
        CHECK(!RtlIsValidHandle(&table, entry), "not yet marked");
        entry->Flags |= RTL_HANDLE_ALLOCATED;
    }
    CHECK(!RtlAllocateHandle(&table, &index), "full");
    CHECK(RtlIsValidHandle(&table, first), "the first");
    CHECK(!RtlIsValidHandle(&table, (RTL_HANDLE_TABLE_ENTRY *)((char *)first + 4)), "between two");
    CHECK(RtlIsValidIndexHandle(&table, 0, &found) && found == first, "by index");
    CHECK(!RtlIsValidIndexHandle(&table, 400, &found), "past the end");
    CHECK(RtlFreeHandle(&table, first), "free");
    CHECK(!RtlFreeHandle(&table, first), "free again");
    CHECK(!RtlIsValidIndexHandle(&table, 0, &found), "freed");
    CHECK(RtlAllocateHandle(&table, &index) == first && index == 0, "again");
    CHECK_EQUAL(RtlDestroyHandleTable(&table), STATUS_SUCCESS);
}

int main(void)
{
    test_splay();
    test_generic_table();
    test_generic_table_avl();
    test_hash_table();
    test_handle_table();
    return check_summary();
}
