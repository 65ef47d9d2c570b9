// Dynamic hash tables: chains of the caller's entries, by linear hashing. A table grows and shrinks by one
// bucket at a time, at the caller's request. Buckets never move: a directory points to segments that double
// in size.
#include "rtl.h"
#include "nt/rtl_table.h"

#define FIRST_SEGMENT   128u // buckets
#define SEGMENTS_MAX    16u
#define BUCKETS_MAX     (FIRST_SEGMENT << (SEGMENTS_MAX - 1)) // a segment less than all could hold
#define OTHER_SIGNATURE 1u                                    // instead of the reserved one

typedef RTL_DYNAMIC_HASH_TABLE TABLE;
typedef RTL_DYNAMIC_HASH_TABLE_ENTRY ENTRY;
typedef RTL_DYNAMIC_HASH_TABLE_CONTEXT CONTEXT_OF_CHAIN;
typedef RTL_DYNAMIC_HASH_TABLE_ENUMERATOR ENUMERATOR;

struct directory {
    LIST_ENTRY *segments[SEGMENTS_MAX];
};

static inline ENTRY *entry_of(LIST_ENTRY *link)
{
    return CONTAINING_RECORD(link, ENTRY, Linkage);
}

// ---- buckets ----

// Which segment holds a bucket: 128 buckets in the first, 256 in the second, and so on.
static inline ULONG segment_of(ULONG index)
{
    return 24 - (ULONG)__builtin_clz(index + FIRST_SEGMENT);
}

static inline ULONG segment_size(ULONG segment)
{
    return FIRST_SEGMENT << segment;
}

static LIST_ENTRY *bucket(TABLE *table, ULONG index)
{
    struct directory *directory = table->Directory;
    ULONG segment = segment_of(index);

    return &directory->segments[segment][index + FIRST_SEGMENT - segment_size(segment)];
}

// Chains of the buckets below Pivot are split already: they use one more bit.
static ULONG bucket_of_signature(TABLE *table, ULONG_PTR signature)
{
    ULONG hash = (ULONG)(signature >> table->Shift), index = hash & table->DivisorMask;

    return index < table->Pivot ? hash & (table->DivisorMask << 1 | 1) : index;
}

static void clear_bucket(LIST_ENTRY *head)
{
    head->Flink = head->Blink = head;
}

static bool is_empty(const LIST_ENTRY *head)
{
    return head->Flink == head;
}

static void unlink_entry(LIST_ENTRY *link)
{
    link->Blink->Flink = link->Flink;
    link->Flink->Blink = link->Blink;
}

static void link_after(LIST_ENTRY *previous, LIST_ENTRY *link)
{
    *link = (LIST_ENTRY){previous->Flink, previous};
    previous->Flink->Blink = link;
    previous->Flink = link;
}

static bool add_segment(TABLE *table, ULONG segment)
{
    struct directory *directory = table->Directory;
    ULONG size = segment_size(segment);

    directory->segments[segment] = RtlAllocateHeap(process_heap(), 0, size * sizeof(LIST_ENTRY));
    if (!directory->segments[segment]) return false;
    for (ULONG i = 0; i < size; i++) clear_bucket(&directory->segments[segment][i]);
    return true;
}

// ---- tables ----

static void free_directory(struct directory *directory)
{
    for (ULONG i = 0; i < SEGMENTS_MAX; i++)
        if (directory->segments[i]) RtlFreeHeap(process_heap(), 0, directory->segments[i]);
    RtlFreeHeap(process_heap(), 0, directory);
}

static bool make_buckets(TABLE *table, ULONG size)
{
    table->Directory = RtlAllocateHeap(process_heap(), HEAP_ZERO_MEMORY, sizeof(struct directory));
    if (!table->Directory) return false;
    for (ULONG segment = 0; segment <= segment_of(size - 1); segment++)
        if (!add_segment(table, segment)) {
            free_directory(table->Directory);
            return false;
        }
    return true;
}

/** Makes a table of at least size buckets, a power of two from 128 up, in *table or, when that is NULL, in
 * memory of the process heap. Signatures lose shift low bits before use. FALSE without memory or for flags.
 */
BOOLEAN NTAPI RtlCreateHashTableEx(PRTL_DYNAMIC_HASH_TABLE *table, ULONG size, ULONG shift, ULONG flags)
{
    TABLE *made = *table;
    ULONG buckets = FIRST_SEGMENT;

    if (flags || shift >= 32 || size > BUCKETS_MAX) return FALSE;
    while (buckets < size) buckets *= 2;
    if (!made) made = RtlAllocateHeap(process_heap(), 0, sizeof(*made));
    if (!made) return FALSE;
    *made = (TABLE){.Flags = *table ? 0 : RTL_HASH_ALLOCATED_HEADER,
                    .Shift = shift,
                    .TableSize = buckets,
                    .DivisorMask = buckets - 1};
    if (!make_buckets(made, buckets)) {
        if (!*table) RtlFreeHeap(process_heap(), 0, made);
        return FALSE;
    }
    *table = made;
    return TRUE;
}

BOOLEAN NTAPI RtlCreateHashTable(PRTL_DYNAMIC_HASH_TABLE *table, ULONG shift, ULONG flags)
{
    return RtlCreateHashTableEx(table, FIRST_SEGMENT, shift, flags);
}

/** Frees a table; its entries are the caller's. */
void NTAPI RtlDeleteHashTable(PRTL_DYNAMIC_HASH_TABLE table)
{
    free_directory(table->Directory);
    table->Directory = NULL;
    if (table->Flags & RTL_HASH_ALLOCATED_HEADER) RtlFreeHeap(process_heap(), 0, table);
}

// ---- entries: those with one signature follow each other ----

static bool is_enumerator(LIST_ENTRY *link)
{
    return entry_of(link)->Signature == RTL_HASH_RESERVED_SIGNATURE;
}

// Fills context with where in its chain a signature is, or would be: at the end.
static void find_place(TABLE *table, ULONG_PTR signature, CONTEXT_OF_CHAIN *context)
{
    LIST_ENTRY *head = bucket(table, bucket_of_signature(table, signature)), *at = head;

    while (at->Flink != head && entry_of(at->Flink)->Signature != signature) at = at->Flink;
    *context = (CONTEXT_OF_CHAIN){head, at, signature};
}

/** Adds an entry before those with the same signature. context, if any, is one that a lookup of that
 * signature has filled, or gets filled when its ChainHead is NULL. */
BOOLEAN NTAPI RtlInsertEntryHashTable(PRTL_DYNAMIC_HASH_TABLE table, PRTL_DYNAMIC_HASH_TABLE_ENTRY entry,
                                      ULONG_PTR signature, PRTL_DYNAMIC_HASH_TABLE_CONTEXT context)
{
    CONTEXT_OF_CHAIN own = {NULL, NULL, 0};

    if (signature == RTL_HASH_RESERVED_SIGNATURE) signature = OTHER_SIGNATURE;
    entry->Signature = signature;
    if (!context) context = &own;
    if (!context->ChainHead) find_place(table, signature, context);
    if (is_empty(context->ChainHead)) table->NonEmptyBuckets++;
    link_after(context->PrevLinkage, &entry->Linkage);
    table->NumEntries++;
    return TRUE;
}

/** Takes an entry out. context, if any, gets its place. */
BOOLEAN NTAPI RtlRemoveEntryHashTable(PRTL_DYNAMIC_HASH_TABLE table, PRTL_DYNAMIC_HASH_TABLE_ENTRY entry,
                                      PRTL_DYNAMIC_HASH_TABLE_CONTEXT context)
{
    LIST_ENTRY *head = bucket(table, bucket_of_signature(table, entry->Signature));
    LIST_ENTRY *previous = entry->Linkage.Blink;

    table->NumEntries--;
    unlink_entry(&entry->Linkage);
    if (is_empty(head)) table->NonEmptyBuckets--;
    if (context && !context->ChainHead) *context = (CONTEXT_OF_CHAIN){head, previous, entry->Signature};
    return TRUE;
}

/** The first entry with a signature, or NULL. context, if any, gets its place. */
PRTL_DYNAMIC_HASH_TABLE_ENTRY NTAPI RtlLookupEntryHashTable(PRTL_DYNAMIC_HASH_TABLE table,
                                                            ULONG_PTR signature,
                                                            PRTL_DYNAMIC_HASH_TABLE_CONTEXT context)
{
    CONTEXT_OF_CHAIN own;

    if (signature == RTL_HASH_RESERVED_SIGNATURE) signature = OTHER_SIGNATURE;
    if (!context) context = &own;
    find_place(table, signature, context);
    LIST_ENTRY *found = context->PrevLinkage->Flink;
    return found == context->ChainHead ? NULL : entry_of(found);
}

/** The next entry with the signature of the one that context stands at, or NULL. */
PRTL_DYNAMIC_HASH_TABLE_ENTRY NTAPI RtlGetNextEntryHashTable(PRTL_DYNAMIC_HASH_TABLE table,
                                                             PRTL_DYNAMIC_HASH_TABLE_CONTEXT context)
{
    LIST_ENTRY *current = context->PrevLinkage->Flink, *previous = current, *next = current->Flink;

    (void)table;
    while (next != context->ChainHead && is_enumerator(next)) {
        previous = next;
        next = next->Flink;
    }
    if (next == context->ChainHead || entry_of(next)->Signature != context->Signature) return NULL;
    context->PrevLinkage = previous;
    return entry_of(next);
}

// ---- enumeration: the enumerator is an entry itself, so entries may come and go meanwhile ----

/** Begins an enumeration; until RtlEndEnumerationHashTable the table keeps its number of buckets. */
BOOLEAN NTAPI RtlInitEnumerationHashTable(PRTL_DYNAMIC_HASH_TABLE table,
                                          PRTL_DYNAMIC_HASH_TABLE_ENUMERATOR enumerator)
{
    LIST_ENTRY *head = bucket(table, 0);

    *enumerator = (ENUMERATOR){.HashEntry.Signature = RTL_HASH_RESERVED_SIGNATURE, .ChainHead = head};
    if (is_empty(head)) table->NonEmptyBuckets++;
    link_after(head, &enumerator->HashEntry.Linkage);
    table->NumEnumerators++;
    return TRUE;
}

// Takes the enumerator out of its chain.
static void leave_chain(TABLE *table, ENUMERATOR *enumerator)
{
    unlink_entry(&enumerator->HashEntry.Linkage);
    if (is_empty(enumerator->ChainHead)) table->NonEmptyBuckets--;
}

static void enter_chain(TABLE *table, ENUMERATOR *enumerator, LIST_ENTRY *head, LIST_ENTRY *previous)
{
    enumerator->ChainHead = head;
    if (is_empty(head)) table->NonEmptyBuckets++;
    link_after(previous, &enumerator->HashEntry.Linkage);
}

/** The next entry of the table, in no order; NULL after the last. */
PRTL_DYNAMIC_HASH_TABLE_ENTRY NTAPI RtlEnumerateEntryHashTable(PRTL_DYNAMIC_HASH_TABLE table,
                                                               PRTL_DYNAMIC_HASH_TABLE_ENUMERATOR enumerator)
{
    LIST_ENTRY *at = enumerator->HashEntry.Linkage.Flink;

    for (ULONG index = enumerator->BucketIndex; index < table->TableSize; index++) {
        LIST_ENTRY *head = bucket(table, index);

        if (index != enumerator->BucketIndex) at = head->Flink;
        while (at != head && is_enumerator(at)) at = at->Flink;
        if (at == head) continue;
        leave_chain(table, enumerator);
        enter_chain(table, enumerator, head, at);
        enumerator->BucketIndex = index;
        return entry_of(at);
    }
    return NULL;
}

void NTAPI RtlEndEnumerationHashTable(PRTL_DYNAMIC_HASH_TABLE table,
                                      PRTL_DYNAMIC_HASH_TABLE_ENUMERATOR enumerator)
{
    leave_chain(table, enumerator);
    enumerator->ChainHead = NULL;
    table->NumEnumerators--;
}

// ---- growing and shrinking ----

// Moves those entries of a chain that belong to the bucket with number target.
static void move_entries(TABLE *table, LIST_ENTRY *from, ULONG target)
{
    LIST_ENTRY *to = bucket(table, target);

    for (LIST_ENTRY *at = from->Flink, *next; at != from; at = next) {
        next = at->Flink;
        if (bucket_of_signature(table, entry_of(at)->Signature) != target) continue;
        unlink_entry(at);
        link_after(to->Blink, at);
    }
}

/** Adds a bucket. FALSE without memory, during an enumeration, or at the largest size. */
BOOLEAN NTAPI RtlExpandHashTable(PRTL_DYNAMIC_HASH_TABLE table)
{
    struct directory *directory = table->Directory;
    ULONG added = table->TableSize, segment = segment_of(added);

    if (table->NumEnumerators || added >= BUCKETS_MAX) return FALSE;
    if (!directory->segments[segment] && !add_segment(table, segment)) return FALSE;
    LIST_ENTRY *split = bucket(table, table->Pivot);
    bool was_used = !is_empty(split);
    table->TableSize++;
    if (++table->Pivot > table->DivisorMask) {
        table->Pivot = 0;
        table->DivisorMask = table->DivisorMask << 1 | 1;
    }
    move_entries(table, split, added);
    table->NonEmptyBuckets += !is_empty(split) + !is_empty(bucket(table, added)) - was_used;
    return TRUE;
}

/** Removes a bucket. FALSE during an enumeration or at the smallest size. */
BOOLEAN NTAPI RtlContractHashTable(PRTL_DYNAMIC_HASH_TABLE table)
{
    struct directory *directory = table->Directory;
    ULONG removed = table->TableSize - 1, segment = segment_of(removed);

    if (table->NumEnumerators || table->TableSize == FIRST_SEGMENT) return FALSE;
    LIST_ENTRY *gone = bucket(table, removed);
    if (!table->Pivot) {
        table->DivisorMask >>= 1;
        table->Pivot = table->DivisorMask + 1;
    }
    LIST_ENTRY *merged = bucket(table, --table->Pivot);
    table->NonEmptyBuckets -= !is_empty(gone) && !is_empty(merged);
    table->TableSize--;
    move_entries(table, gone, table->Pivot);
    if (removed + FIRST_SEGMENT == segment_size(segment)) {
        RtlFreeHeap(process_heap(), 0, directory->segments[segment]);
        directory->segments[segment] = NULL;
    }
    return TRUE;
}
