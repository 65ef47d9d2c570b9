// Handle tables: entries of a fixed size in memory that is reserved as a whole and committed by pages. The
// table's owner locks it, and marks in each entry that it was given that it is in use.
#include "rtl.h"
#include "nt/rtl_table.h"

#define COMMIT_STEP 0x1000u

static inline PRTL_HANDLE_TABLE_ENTRY entry_at(PRTL_HANDLE_TABLE_ENTRY from, ULONG offset)
{
    return (PRTL_HANDLE_TABLE_ENTRY)((BYTE *)from + offset);
}

static inline ULONG distance(PRTL_HANDLE_TABLE_ENTRY from, PRTL_HANDLE_TABLE_ENTRY to)
{
    return (ULONG)((BYTE *)to - (BYTE *)from);
}

void NTAPI RtlInitializeHandleTable(ULONG maximum, ULONG entry_size, PRTL_HANDLE_TABLE table)
{
    *table = (RTL_HANDLE_TABLE){.MaximumNumberOfHandles = maximum, .SizeOfHandleTableEntry = entry_size};
}

/** Frees a table's memory. */
NTSTATUS NTAPI RtlDestroyHandleTable(PRTL_HANDLE_TABLE table)
{
    PVOID base = table->CommittedHandles;
    SIZE_T size = 0;

    if (!base) return STATUS_SUCCESS;
    return NtFreeVirtualMemory(NtCurrentProcess(), &base, &size, MEM_RELEASE);
}

static bool reserve(PRTL_HANDLE_TABLE table)
{
    PVOID base = NULL;
    ULONG entries = table->MaximumNumberOfHandles * table->SizeOfHandleTableEntry;
    SIZE_T size = entries;

    if (!NT_SUCCESS(
            NtAllocateVirtualMemory(NtCurrentProcess(), &base, 0, &size, MEM_RESERVE, PAGE_READWRITE)))
        return false;
    table->CommittedHandles = table->UnCommittedHandles = base;
    table->MaxReservedHandles = entry_at(base, entries);
    return true;
}

// Commits another page and puts the entries that are whole with it on the free list, lowest first.
static bool commit_more(PRTL_HANDLE_TABLE table)
{
    ULONG size = table->SizeOfHandleTableEntry;
    PVOID base;
    SIZE_T step = COMMIT_STEP;

    if (!table->CommittedHandles && !reserve(table)) return false;
    base = table->UnCommittedHandles;
    if (table->UnCommittedHandles >= table->MaxReservedHandles) return false;
    if (!NT_SUCCESS(NtAllocateVirtualMemory(NtCurrentProcess(), &base, 0, &step, MEM_COMMIT, PAGE_READWRITE)))
        return false;
    ULONG before = distance(table->CommittedHandles, table->UnCommittedHandles);
    table->UnCommittedHandles = entry_at(table->UnCommittedHandles, COMMIT_STEP);
    ULONG end = distance(table->CommittedHandles, table->UnCommittedHandles);
    ULONG all = distance(table->CommittedHandles, table->MaxReservedHandles);
    if (end > all) end = all;
    for (ULONG at = end / size * size; at > before / size * size; at -= size) {
        PRTL_HANDLE_TABLE_ENTRY entry = entry_at(table->CommittedHandles, at - size);
        entry->NextFree = table->FreeHandles;
        table->FreeHandles = entry;
    }
    return true;
}

/** A free entry, zeroed, which the caller has to mark with RTL_HANDLE_ALLOCATED; NULL when the table is full.
 */
PRTL_HANDLE_TABLE_ENTRY NTAPI RtlAllocateHandle(PRTL_HANDLE_TABLE table, PULONG index)
{
    while (!table->FreeHandles)
        if (!commit_more(table)) return NULL;
    PRTL_HANDLE_TABLE_ENTRY entry = table->FreeHandles;
    table->FreeHandles = entry->NextFree;
    memset(entry, 0, table->SizeOfHandleTableEntry);
    if (index) *index = distance(table->CommittedHandles, entry) / table->SizeOfHandleTableEntry;
    return entry;
}

/** Whether entry is one of the table's and marked as allocated. */
BOOLEAN NTAPI RtlIsValidHandle(PRTL_HANDLE_TABLE table, PRTL_HANDLE_TABLE_ENTRY entry)
{
    return entry && entry >= table->CommittedHandles && entry < table->UnCommittedHandles &&
           entry < table->MaxReservedHandles &&
           distance(table->CommittedHandles, entry) % table->SizeOfHandleTableEntry == 0 &&
           (entry->Flags & RTL_HANDLE_ALLOCATED);
}

/** The same for an index; *entry is set only if it is valid. */
BOOLEAN NTAPI RtlIsValidIndexHandle(PRTL_HANDLE_TABLE table, ULONG index, PRTL_HANDLE_TABLE_ENTRY *entry)
{
    PRTL_HANDLE_TABLE_ENTRY found;

    if (index >= table->MaximumNumberOfHandles) return FALSE;
    found = entry_at(table->CommittedHandles, index * table->SizeOfHandleTableEntry);
    if (!RtlIsValidHandle(table, found)) return FALSE;
    *entry = found;
    return TRUE;
}

/** Gives an entry back. FALSE for one that isn't valid. */
BOOLEAN NTAPI RtlFreeHandle(PRTL_HANDLE_TABLE table, PRTL_HANDLE_TABLE_ENTRY entry)
{
    if (!RtlIsValidHandle(table, entry)) return FALSE;
    memset(entry, 0, table->SizeOfHandleTableEntry);
    entry->NextFree = table->FreeHandles;
    table->FreeHandles = entry;
    return TRUE;
}
