// Atoms: names that stand for 16-bit numbers. Sources: phnt's ntexapi.h and ntrtl.h, winbase.h.
#ifndef LOWLAND_NT_ATOM_H
#define LOWLAND_NT_ATOM_H

typedef USHORT RTL_ATOM;

typedef enum _ATOM_INFORMATION_CLASS { AtomBasicInformation, AtomTableInformation } ATOM_INFORMATION_CLASS;

#define RTL_ATOM_PINNED 1

typedef struct _ATOM_BASIC_INFORMATION {
    USHORT UsageCount;
    USHORT Flags;
    USHORT NameLength; // in bytes
    WCHAR Name[1];
} ATOM_BASIC_INFORMATION;
NT_SIZE(ATOM_BASIC_INFORMATION, 8);

typedef struct _ATOM_TABLE_INFORMATION {
    ULONG NumberOfAtoms;
    RTL_ATOM Atoms[1];
} ATOM_TABLE_INFORMATION;
NT_SIZE(ATOM_TABLE_INFORMATION, 8);

// Tables in the process's own memory. dlls/ntdll/atom.c
typedef struct _RTL_ATOM_TABLE RTL_ATOM_TABLE;
NTSTATUS NTAPI RtlCreateAtomTable(ULONG buckets, RTL_ATOM_TABLE **table);
NTSTATUS NTAPI RtlDestroyAtomTable(RTL_ATOM_TABLE *table);
NTSTATUS NTAPI RtlEmptyAtomTable(RTL_ATOM_TABLE *table, BOOLEAN pinned_too);
NTSTATUS NTAPI RtlAddAtomToAtomTable(RTL_ATOM_TABLE *table, const WCHAR *name, RTL_ATOM *atom);
NTSTATUS NTAPI RtlLookupAtomInAtomTable(RTL_ATOM_TABLE *table, const WCHAR *name, RTL_ATOM *atom);
NTSTATUS NTAPI RtlDeleteAtomFromAtomTable(RTL_ATOM_TABLE *table, RTL_ATOM atom);
NTSTATUS NTAPI RtlPinAtomInAtomTable(RTL_ATOM_TABLE *table, RTL_ATOM atom);
// name: NULL asks for counts alone. *length is in bytes; the name gets a NUL behind it and is cut to fit.
NTSTATUS NTAPI RtlQueryAtomInAtomTable(RTL_ATOM_TABLE *table, RTL_ATOM atom, ULONG *references, ULONG *pins,
                                       WCHAR *name, ULONG *length);

#endif
