// Atom tables in the process's own memory (kernel32's local atoms are one): an array by number, chains by
// hash.
#include "rtl.h"
#include "nt/atom_name.h"
#include "nt/rtl_identity.h"

#define ATOMS_MAX       0x4000u
#define BUCKETS_DEFAULT 37u

struct atom {
    struct atom *next; // of its chain
    USHORT number, references;
    BOOLEAN pinned;
    BYTE length; // in units
    WCHAR name[];
};

struct _RTL_ATOM_TABLE {
    RTL_SRWLOCK lock;
    ULONG buckets, used, room; // used: numbers ever given
    struct atom **atoms;       // by number
    struct atom *chains[];
};

NTSTATUS NTAPI RtlCreateAtomTable(ULONG buckets, RTL_ATOM_TABLE **result)
{
    if (*result) return STATUS_SUCCESS;
    if (buckets <= 1) buckets = BUCKETS_DEFAULT;
    if (buckets > ATOMS_MAX) buckets = ATOMS_MAX;
    RTL_ATOM_TABLE *table = RtlAllocateHeap(process_heap(), HEAP_ZERO_MEMORY,
                                            sizeof(*table) + buckets * sizeof(table->chains[0]));
    if (!table) return STATUS_NO_MEMORY;
    table->buckets = buckets;
    *result = table;
    return STATUS_SUCCESS;
}

// Takes an atom out of its chain and frees it.
static void remove_atom(RTL_ATOM_TABLE *table, struct atom *atom)
{
    for (ULONG i = 0; i < table->buckets; i++)
        for (struct atom **link = &table->chains[i]; *link; link = &(*link)->next) {
            if (*link != atom) continue;
            *link = atom->next;
            table->atoms[atom->number - ATOM_FIRST] = NULL;
            RtlFreeHeap(process_heap(), 0, atom);
            return;
        }
}

static void remove_all(RTL_ATOM_TABLE *table, BOOLEAN pinned_too)
{
    for (ULONG i = 0; i < table->used; i++)
        if (table->atoms[i] && (pinned_too || !table->atoms[i]->pinned)) remove_atom(table, table->atoms[i]);
}

NTSTATUS NTAPI RtlDestroyAtomTable(RTL_ATOM_TABLE *table)
{
    if (!table) return STATUS_INVALID_PARAMETER;
    remove_all(table, TRUE);
    if (table->atoms) RtlFreeHeap(process_heap(), 0, table->atoms);
    RtlFreeHeap(process_heap(), 0, table);
    return STATUS_SUCCESS;
}

NTSTATUS NTAPI RtlEmptyAtomTable(RTL_ATOM_TABLE *table, BOOLEAN pinned_too)
{
    if (!table) return STATUS_INVALID_PARAMETER;
    RtlAcquireSRWLockExclusive(&table->lock);
    remove_all(table, pinned_too);
    RtlReleaseSRWLockExclusive(&table->lock);
    return STATUS_SUCCESS;
}

// What a caller's name is: *number of an integer atom, or 0 and the length of a text.
static NTSTATUS parse(const WCHAR *name, ULONG *length, ULONG *number)
{
    uint32_t value = (uint32_t)(ULONG_PTR)name;
    enum atom_name_kind kind = atom_integer_kind(value);

    *length = 0;
    if (value >> 16) {
        while (name[*length] && *length <= ATOM_NAME_MAX) ++*length;
        value = 0;
        kind = atom_name_kind(name, *length, &value);
        if (kind == ATOM_NAME_TEXT && !*length) return STATUS_OBJECT_NAME_INVALID;
        if (*length > ATOM_NAME_MAX) return STATUS_INVALID_PARAMETER;
    }
    *number = value;
    return kind == ATOM_NAME_INVALID ? STATUS_INVALID_PARAMETER : STATUS_SUCCESS;
}

static struct atom **chain_of(RTL_ATOM_TABLE *table, const WCHAR *name, ULONG length)
{
    ULONG hash = 0;
    for (ULONG i = 0; i < length; i++) hash = hash * 31 + RtlUpcaseUnicodeChar(name[i]);
    return &table->chains[hash % table->buckets];
}

static struct atom *find(RTL_ATOM_TABLE *table, const WCHAR *name, ULONG length)
{
    for (struct atom *atom = *chain_of(table, name, length); atom; atom = atom->next)
        if (!RtlCompareUnicodeStrings(atom->name, atom->length, name, length, TRUE)) return atom;
    return NULL;
}

// A free number, lowest first; ATOMS_MAX when there is none.
static ULONG free_number(RTL_ATOM_TABLE *table)
{
    ULONG index = 0;
    while (index < table->used && table->atoms[index]) index++;
    if (index < table->room || index == ATOMS_MAX) return index;
    ULONG room = table->room ? table->room * 2 : 64;
    struct atom **atoms = RtlAllocateHeap(process_heap(), HEAP_ZERO_MEMORY, room * sizeof(*atoms));
    if (!atoms) return ATOMS_MAX;
    if (table->atoms) {
        memcpy(atoms, table->atoms, table->used * sizeof(*atoms));
        RtlFreeHeap(process_heap(), 0, table->atoms);
    }
    table->atoms = atoms;
    table->room = room;
    return index;
}

static struct atom *make(RTL_ATOM_TABLE *table, const WCHAR *name, ULONG length)
{
    ULONG index = free_number(table);
    struct atom *atom = NULL;
    if (index < ATOMS_MAX) atom = RtlAllocateHeap(process_heap(), 0, sizeof(*atom) + length * sizeof(WCHAR));
    if (!atom) return NULL;
    struct atom **chain = chain_of(table, name, length);
    *atom = (struct atom){.next = *chain, .number = (USHORT)(ATOM_FIRST + index), .length = (BYTE)length};
    memcpy(atom->name, name, length * sizeof(WCHAR));
    *chain = table->atoms[index] = atom;
    if (index == table->used) table->used++;
    return atom;
}

NTSTATUS NTAPI RtlAddAtomToAtomTable(RTL_ATOM_TABLE *table, const WCHAR *name, RTL_ATOM *result)
{
    ULONG length, number;
    if (!table) return STATUS_INVALID_PARAMETER;
    NTSTATUS status = parse(name, &length, &number);
    if (status || number) goto end;
    RtlAcquireSRWLockExclusive(&table->lock);
    struct atom *atom = find(table, name, length);
    if (!atom) atom = make(table, name, length);
    if (!atom) status = STATUS_NO_MEMORY;
    if (atom && atom->references < ATOM_REFERENCES_MAX) atom->references++;
    number = atom ? atom->number : 0;
    RtlReleaseSRWLockExclusive(&table->lock);
end:
    if (!status && result) *result = (RTL_ATOM)number;
    return status;
}

NTSTATUS NTAPI RtlLookupAtomInAtomTable(RTL_ATOM_TABLE *table, const WCHAR *name, RTL_ATOM *result)
{
    ULONG length, number;
    if (!table) return STATUS_INVALID_PARAMETER;
    NTSTATUS status = parse(name, &length, &number);
    if (!status && !number) {
        RtlAcquireSRWLockShared(&table->lock);
        const struct atom *atom = find(table, name, length);
        if (atom)
            number = atom->number;
        else
            status = STATUS_OBJECT_NAME_NOT_FOUND;
        RtlReleaseSRWLockShared(&table->lock);
    }
    if (!status && result) *result = (RTL_ATOM)number;
    return status;
}

static struct atom *by_number(RTL_ATOM_TABLE *table, RTL_ATOM number)
{
    ULONG index = number - (ULONG)ATOM_FIRST;
    return index < table->used ? table->atoms[index] : NULL;
}

NTSTATUS NTAPI RtlDeleteAtomFromAtomTable(RTL_ATOM_TABLE *table, RTL_ATOM number)
{
    NTSTATUS status = STATUS_SUCCESS;
    if (!table) return STATUS_INVALID_PARAMETER;
    if (number < ATOM_FIRST) return number ? STATUS_SUCCESS : STATUS_INVALID_HANDLE;
    RtlAcquireSRWLockExclusive(&table->lock);
    struct atom *atom = by_number(table, number);
    if (!atom)
        status = STATUS_INVALID_HANDLE;
    else if (atom->pinned)
        status = STATUS_WAS_LOCKED;
    else if (!--atom->references)
        remove_atom(table, atom);
    RtlReleaseSRWLockExclusive(&table->lock);
    return status;
}

NTSTATUS NTAPI RtlPinAtomInAtomTable(RTL_ATOM_TABLE *table, RTL_ATOM number)
{
    NTSTATUS status = STATUS_SUCCESS;
    if (!table) return STATUS_INVALID_PARAMETER;
    if (number < ATOM_FIRST) return number ? STATUS_SUCCESS : STATUS_INVALID_HANDLE;
    RtlAcquireSRWLockExclusive(&table->lock);
    struct atom *atom = by_number(table, number);
    if (atom)
        atom->pinned = TRUE;
    else
        status = STATUS_INVALID_HANDLE;
    RtlReleaseSRWLockExclusive(&table->lock);
    return status;
}

NTSTATUS NTAPI RtlQueryAtomInAtomTable(RTL_ATOM_TABLE *table, RTL_ATOM number, ULONG *references, ULONG *pins,
                                       WCHAR *name, ULONG *length)
{
    WCHAR text[ATOM_NAME_MAX];
    ULONG units = 0, counts[2] = {1, 1};
    if (!table || !number) return STATUS_INVALID_PARAMETER;
    if (number < ATOM_FIRST) {
        units = atom_integer_name(number, text);
    } else {
        RtlAcquireSRWLockShared(&table->lock);
        const struct atom *atom = by_number(table, number);
        if (atom) {
            units = atom->length;
            memcpy(text, atom->name, units * sizeof(WCHAR));
            counts[0] = atom->references;
            counts[1] = atom->pinned;
        }
        RtlReleaseSRWLockShared(&table->lock);
    }
    if (!units) return STATUS_INVALID_HANDLE;
    if (references) *references = counts[0];
    if (pins) *pins = counts[1];
    if (!name) return STATUS_SUCCESS;
    ULONG room = *length / sizeof(WCHAR);
    if (room < 2) {
        *length = units * sizeof(WCHAR);
        return STATUS_BUFFER_TOO_SMALL;
    }
    if (units >= room) units = room - 1;
    memcpy(name, text, units * sizeof(WCHAR));
    name[units] = 0;
    *length = units * sizeof(WCHAR);
    return STATUS_SUCCESS;
}

/** Whether a name is an integer atom's: a number as a pointer, or a text like #123. number may be NULL. */
BOOLEAN NTAPI RtlGetIntegerAtom(PCWSTR name, PUSHORT number)
{
    uint32_t value = (uint32_t)(ULONG_PTR)name;
    enum atom_name_kind kind = atom_integer_kind(value);

    if (value >> 16) kind = atom_name_kind(name, (ULONG)wcslen(name), &value);
    if (kind == ATOM_NAME_TEXT) return FALSE;
    if (number) *number = kind == ATOM_NAME_INVALID ? 0 : (USHORT)value;
    return TRUE;
}
