// Atom tables, the process's and the global one. Both are of this process: no other process of ours shares
// atoms yet. Numbers below C000h are integer atoms and stand for themselves ("#123").
#include "base.h"

#define FIRST_ATOM 0xC000u
#define MAXIMUM    0x4000u
#define LENGTH_MAX 255u

struct atom {
    WORD references;
    BYTE length;
    WCHAR text[];
};

struct table {
    struct atom *atoms[MAXIMUM];
    unsigned used; // slots ever used
};

static struct table *tables[2]; // local, global
static RTL_SRWLOCK lock = RTL_SRWLOCK_INIT;

static struct table *table_of(bool global)
{
    if (!tables[global])
        tables[global] = VirtualAlloc(NULL, sizeof(struct table), MEM_COMMIT, PAGE_READWRITE);
    return tables[global];
}

// The integer atom that a name stands for: a number in a pointer's place or "#123". 0: a real name; ~0:
// invalid.
static unsigned integer_atom(const WCHAR *name)
{
    if (!((ULONG_PTR)name >> 16)) {
        unsigned value = (unsigned)(ULONG_PTR)name;
        return value && value < FIRST_ATOM ? value : ~0u;
    }
    if (name[0] != '#' || !name[1]) return 0;
    unsigned value = 0;
    for (const WCHAR *at = name + 1; *at; at++) {
        if (*at < '0' || *at > '9') return 0;
        value = value * 10 + (unsigned)(*at - '0');
        if (value >= FIRST_ATOM) return ~0u;
    }
    return value ? value : ~0u;
}

static unsigned find(const struct table *table, const WCHAR *name, SIZE_T length)
{
    for (unsigned i = 0; i < table->used; i++) {
        const struct atom *atom = table->atoms[i];
        if (atom && atom->length == length &&
            !RtlCompareUnicodeStrings(atom->text, length, name, length, TRUE))
            return i;
    }
    return ~0u;
}

static ATOM add_atom(bool global, const WCHAR *name, bool only_find)
{
    unsigned number = integer_atom(name);
    if (number == ~0u) return (ATOM)fail_with(ERROR_INVALID_PARAMETER);
    if (number) return (ATOM)number;
    SIZE_T length = wide_length(name);
    if (!length) return (ATOM)fail_with(ERROR_INVALID_NAME);
    if (length > LENGTH_MAX) return (ATOM)fail_with(ERROR_INVALID_PARAMETER);
    unsigned index = ~0u;
    RtlAcquireSRWLockExclusive(&lock);
    struct table *table = table_of(global);
    if (table) index = find(table, name, length);
    if (table && index != ~0u) {
        if (!only_find && table->atoms[index]->references < 0xFFFF) table->atoms[index]->references++;
    } else if (table && !only_find) {
        for (index = 0; index < table->used && table->atoms[index]; index++)
            ;
        struct atom *atom = index < MAXIMUM ? heap_alloc(sizeof(*atom) + length * sizeof(WCHAR)) : NULL;
        if (atom) {
            atom->references = 1;
            atom->length = (BYTE)length;
            memcpy(atom->text, name, length * sizeof(WCHAR));
            table->atoms[index] = atom;
            if (index == table->used) table->used++;
        } else {
            index = ~0u;
        }
    }
    RtlReleaseSRWLockExclusive(&lock);
    if (index != ~0u) return (ATOM)(FIRST_ATOM + index);
    return (ATOM)fail_with(only_find ? ERROR_FILE_NOT_FOUND : ERROR_NOT_ENOUGH_MEMORY);
}

// 0 on success, the atom otherwise.
static ATOM delete_atom(bool global, ATOM number)
{
    if (number < FIRST_ATOM) return 0;
    bool found = false;
    RtlAcquireSRWLockExclusive(&lock);
    struct table *table = table_of(global);
    struct atom **slot = table ? &table->atoms[number - FIRST_ATOM] : NULL;
    if (slot && *slot) {
        found = true;
        if (!--(*slot)->references) {
            heap_free(*slot);
            *slot = NULL;
        }
    }
    RtlReleaseSRWLockExclusive(&lock);
    if (found) return 0;
    SetLastError(ERROR_INVALID_HANDLE);
    return number;
}

static UINT atom_name(bool global, ATOM number, WCHAR *buffer, int size)
{
    WCHAR text[LENGTH_MAX + 1];
    SIZE_T length = 0;
    if (size <= 0) return (UINT)fail_with(ERROR_MORE_DATA);
    if (number && number < FIRST_ATOM) {
        WCHAR digits[6];
        int n = 0;
        for (unsigned rest = number; rest; rest /= 10) digits[n++] = (WCHAR)('0' + rest % 10);
        text[length++] = '#';
        while (n) text[length++] = digits[--n];
    } else if (number) {
        RtlAcquireSRWLockShared(&lock);
        const struct table *table = tables[global];
        const struct atom *atom = table ? table->atoms[number - FIRST_ATOM] : NULL;
        if (atom) {
            length = atom->length;
            memcpy(text, atom->text, length * sizeof(WCHAR));
        }
        RtlReleaseSRWLockShared(&lock);
    }
    if (!length) return (UINT)fail_with(ERROR_INVALID_HANDLE);
    UINT n = length < (SIZE_T)size ? (UINT)length : (UINT)size - 1;
    memcpy(buffer, text, n * sizeof(WCHAR));
    buffer[n] = 0;
    if (n < length) SetLastError(ERROR_MORE_DATA);
    return n;
}

// ---- the API, twice ----

static ATOM add_atom_ansi(bool global, const char *name, bool only_find)
{
    if (!((ULONG_PTR)name >> 16)) return add_atom(global, (const WCHAR *)name, only_find);
    AUTO_FREE WCHAR *wide = wide_from_ansi(name);
    return wide ? add_atom(global, wide, only_find) : 0;
}

static UINT atom_name_ansi(bool global, ATOM number, char *buffer, int size)
{
    WCHAR wide[LENGTH_MAX + 1];
    ULONG written = 0;
    if (size <= 0) return (UINT)fail_with(ERROR_MORE_DATA);
    UINT length = atom_name(global, number, wide, ARRAY_LENGTH(wide));
    if (!length) return 0;
    RtlUnicodeToMultiByteN(buffer, (ULONG)size - 1, &written, wide, length * sizeof(WCHAR));
    buffer[written] = 0;
    return written;
}

HOTPATCH ATOM WINAPI AddAtomW(const WCHAR *name)
{
    return add_atom(false, name, false);
}

HOTPATCH ATOM WINAPI AddAtomA(const char *name)
{
    return add_atom_ansi(false, name, false);
}

HOTPATCH ATOM WINAPI FindAtomW(const WCHAR *name)
{
    return add_atom(false, name, true);
}

HOTPATCH ATOM WINAPI FindAtomA(const char *name)
{
    return add_atom_ansi(false, name, true);
}

HOTPATCH ATOM WINAPI DeleteAtom(ATOM atom)
{
    return delete_atom(false, atom);
}

HOTPATCH UINT WINAPI GetAtomNameW(ATOM atom, WCHAR *buffer, int size)
{
    return atom_name(false, atom, buffer, size);
}

HOTPATCH UINT WINAPI GetAtomNameA(ATOM atom, char *buffer, int size)
{
    return atom_name_ansi(false, atom, buffer, size);
}

HOTPATCH ATOM WINAPI GlobalAddAtomW(const WCHAR *name)
{
    return add_atom(true, name, false);
}

HOTPATCH ATOM WINAPI GlobalAddAtomA(const char *name)
{
    return add_atom_ansi(true, name, false);
}

HOTPATCH ATOM WINAPI GlobalFindAtomW(const WCHAR *name)
{
    return add_atom(true, name, true);
}

HOTPATCH ATOM WINAPI GlobalFindAtomA(const char *name)
{
    return add_atom_ansi(true, name, true);
}

HOTPATCH ATOM WINAPI GlobalDeleteAtom(ATOM atom)
{
    return delete_atom(true, atom);
}

HOTPATCH UINT WINAPI GlobalGetAtomNameW(ATOM atom, WCHAR *buffer, int size)
{
    return atom_name(true, atom, buffer, size);
}

HOTPATCH UINT WINAPI GlobalGetAtomNameA(ATOM atom, char *buffer, int size)
{
    return atom_name_ansi(true, atom, buffer, size);
}

// The table grows by itself: the wanted size is only a hint.
HOTPATCH BOOL WINAPI InitAtomTable(DWORD size)
{
    return size != 0;
}
