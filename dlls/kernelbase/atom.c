// The atom API, twice: the process's own table (ntdll's), and the global one of all processes. Numbers below
// C000h are integer atoms and stand for themselves ("#123").
#include "base.h"
#include "nt/atom_name.h"

static RTL_ATOM_TABLE *local_table;
static RTL_RUN_ONCE local_once = RTL_RUN_ONCE_INIT;

static ULONG NTAPI make_local_table(RTL_RUN_ONCE *once, PVOID buckets, PVOID *context)
{
    (void)once, (void)context;
    return RtlCreateAtomTable((ULONG)(ULONG_PTR)buckets, &local_table) == STATUS_SUCCESS;
}

// Made when first needed; NULL without memory, which ntdll's functions refuse.
static RTL_ATOM_TABLE *local(DWORD buckets)
{
    RtlRunOnceExecuteOnce(&local_once, make_local_table, (PVOID)(ULONG_PTR)buckets, NULL);
    return local_table;
}

HOTPATCH BOOL WINAPI InitAtomTable(DWORD size)
{
    return size && local(size);
}

// ---- adding and finding ----

static ATOM add_atom(bool global, const WCHAR *name, bool only_find)
{
    RTL_ATOM atom = 0;
    NTSTATUS status;
    if (!((ULONG_PTR)name >> 16)) {
        atom = (RTL_ATOM)(ULONG_PTR)name;
        return atom < ATOM_FIRST ? atom : (ATOM)fail_with(ERROR_INVALID_PARAMETER);
    }
    if (global) {
        SIZE_T length = wide_length(name);
        ULONG bytes = length > ATOM_NAME_MAX ? ~0u : (ULONG)(length * sizeof(WCHAR));
        status = only_find ? NtFindAtom(name, bytes, &atom) : NtAddAtom(name, bytes, &atom);
    } else {
        status = only_find ? RtlLookupAtomInAtomTable(local(0), name, &atom)
                           : RtlAddAtomToAtomTable(local(0), name, &atom);
    }
    if (status == STATUS_SUCCESS) return atom;
    set_error_from_status(status);
    return 0;
}

static ATOM add_atom_ansi(bool global, const char *name, bool only_find)
{
    if (!((ULONG_PTR)name >> 16)) return add_atom(global, (const WCHAR *)name, only_find);
    AUTO_FREE WCHAR *wide = wide_from_ansi(name);
    return wide ? add_atom(global, wide, only_find) : 0;
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

// ---- deleting: 0 on success, the atom otherwise ----

static ATOM deleted(NTSTATUS status, ATOM atom)
{
    if (status == STATUS_SUCCESS) return 0;
    set_error_from_status(status);
    return atom;
}

HOTPATCH ATOM WINAPI DeleteAtom(ATOM atom)
{
    return deleted(RtlDeleteAtomFromAtomTable(local(0), atom), atom);
}

HOTPATCH ATOM WINAPI GlobalDeleteAtom(ATOM atom)
{
    return deleted(NtDeleteAtom(atom), atom);
}

// ---- names ----

// Reads a name; its length in units, 0 with the last error set.
static UINT read_name(bool global, ATOM atom, WCHAR name[ATOM_NAME_MAX + 1])
{
    union {
        ATOM_BASIC_INFORMATION info;
        BYTE room[sizeof(ATOM_BASIC_INFORMATION) + ATOM_NAME_MAX * sizeof(WCHAR)];
    } basic;
    ULONG bytes = (ATOM_NAME_MAX + 1) * sizeof(WCHAR);
    NTSTATUS status;
    if (global) {
        status = NtQueryInformationAtom(atom, AtomBasicInformation, &basic, sizeof(basic), NULL);
        bytes = basic.info.NameLength;
        if (status == STATUS_SUCCESS) memcpy(name, basic.info.Name, bytes);
    } else {
        status = RtlQueryAtomInAtomTable(local(0), atom, NULL, NULL, name, &bytes);
    }
    if (status == STATUS_SUCCESS) return bytes / sizeof(WCHAR);
    set_error_from_status(status);
    return 0;
}

HOTPATCH UINT WINAPI GetAtomNameW(ATOM atom, WCHAR *buffer, int size)
{
    WCHAR name[ATOM_NAME_MAX + 1];
    if (size <= 0) return (UINT)fail_with(ERROR_MORE_DATA);
    UINT length = read_name(false, atom, name);
    if (!length) return 0;
    if (size == 1) return (UINT)fail_with(ERROR_INSUFFICIENT_BUFFER);
    if (length >= (UINT)size) length = (UINT)size - 1;
    memcpy(buffer, name, length * sizeof(WCHAR));
    buffer[length] = 0;
    return length;
}

// A global name fills a buffer that is too small to the end, without a NUL.
HOTPATCH UINT WINAPI GlobalGetAtomNameW(ATOM atom, WCHAR *buffer, int size)
{
    WCHAR name[ATOM_NAME_MAX + 1];
    if (size <= 0) return (UINT)fail_with(ERROR_MORE_DATA);
    UINT length = read_name(true, atom, name);
    if (length >= (UINT)size) {
        length = (UINT)size;
    } else if (length) {
        buffer[length] = 0;
    }
    memcpy(buffer, name, length * sizeof(WCHAR));
    return length;
}

// Writes as much of a name as fits, and a NUL. The length written; *cut: not all of it.
static UINT write_ansi(char *buffer, int size, WCHAR *name, UINT length, bool *cut)
{
    ULONG written = 0, whole = 0;
    RtlUnicodeToMultiByteSize(&whole, name, length * sizeof(WCHAR));
    RtlUnicodeToMultiByteN(buffer, (ULONG)size - 1, &written, name, length * sizeof(WCHAR));
    buffer[written] = 0;
    *cut = written < whole;
    return written;
}

HOTPATCH UINT WINAPI GetAtomNameA(ATOM atom, char *buffer, int size)
{
    WCHAR name[ATOM_NAME_MAX + 1];
    bool cut;
    if (size <= 0) return (UINT)fail_with(ERROR_MORE_DATA);
    UINT length = read_name(false, atom, name);
    if (!length) return 0;
    if (size == 1) return (UINT)fail_with(ERROR_INSUFFICIENT_BUFFER);
    return write_ansi(buffer, size, name, length, &cut);
}

// A global name that was cut counts as none.
HOTPATCH UINT WINAPI GlobalGetAtomNameA(ATOM atom, char *buffer, int size)
{
    WCHAR name[ATOM_NAME_MAX + 1];
    bool cut;
    if (size <= 0) return (UINT)fail_with(ERROR_MORE_DATA);
    UINT length = read_name(true, atom, name);
    if (!length) return 0;
    length = write_ansi(buffer, size, name, length, &cut);
    return cut ? (UINT)fail_with(ERROR_MORE_DATA) : length;
}
