// Object manager: attributes, information classes and access rights of objects that winnt.h leaves to
// kernel headers. Sources: mingw-w64 ddk/wdm.h and ddk/ntifs.h, Microsoft's documentation of NtQueryObject
// and NtCreateDirectoryObject, phnt's ntobapi.h.
#ifndef LOWLAND_NT_OBJECT_H
#define LOWLAND_NT_OBJECT_H

#define NtCurrentProcess() ((HANDLE)(LONG_PTR)-1)
#define NtCurrentThread()  ((HANDLE)(LONG_PTR)-2)

enum { // beyond winternl.h's OBJECT_INFORMATION_CLASS, whose ObjectAllInformation is ObjectTypesInformation
    ObjectTypesInformation = 3,
    ObjectHandleFlagInformation = 4,
    ObjectSessionInformation = 5,
};

typedef struct _OBJECT_HANDLE_FLAG_INFORMATION {
    BOOLEAN Inherit;
    BOOLEAN ProtectFromClose;
} OBJECT_HANDLE_FLAG_INFORMATION, *POBJECT_HANDLE_FLAG_INFORMATION;

// ObjectTypesInformation: each type's OBJECT_TYPE_INFORMATION and then its name, all aligned to pointers.
typedef struct _OBJECT_TYPES_INFORMATION {
    ULONG NumberOfTypes;
} OBJECT_TYPES_INFORMATION, *POBJECT_TYPES_INFORMATION;

// What surrounds a private namespace: a name and SIDs, each an entry with its data.
typedef struct _OBJECT_BOUNDARY_ENTRY {
    ULONG EntryType; // OBNS_*
    ULONG EntrySize; // with this head, a multiple of 8
} OBJECT_BOUNDARY_ENTRY, *POBJECT_BOUNDARY_ENTRY;
typedef struct _OBJECT_BOUNDARY_DESCRIPTOR {
    ULONG Version; // 1
    ULONG Items;
    ULONG TotalSize;
    ULONG Flags; // CREATE_BOUNDARY_DESCRIPTOR_ADD_APPCONTAINER_SID
} OBJECT_BOUNDARY_DESCRIPTOR, *POBJECT_BOUNDARY_DESCRIPTOR;
#define OBNS_NAME                   1
#define OBNS_SID                    2
#define OBNS_IL                     3
#define BOUNDARY_DESCRIPTOR_VERSION 1

typedef struct _OBJECT_DIRECTORY_INFORMATION {
    UNICODE_STRING Name;
    UNICODE_STRING TypeName;
} OBJECT_DIRECTORY_INFORMATION, *POBJECT_DIRECTORY_INFORMATION;

#define DIRECTORY_QUERY               0x0001
#define DIRECTORY_TRAVERSE            0x0002
#define DIRECTORY_CREATE_OBJECT       0x0004
#define DIRECTORY_CREATE_SUBDIRECTORY 0x0008
#define DIRECTORY_ALL_ACCESS          (STANDARD_RIGHTS_REQUIRED | 0xF)
#define SYMBOLIC_LINK_QUERY           0x0001
#define SYMBOLIC_LINK_ALL_ACCESS      (STANDARD_RIGHTS_REQUIRED | 0x1)

#ifndef OBJ_PROTECT_CLOSE
#define OBJ_PROTECT_CLOSE 0x00000001L
#endif
#ifndef STATUS_NOT_SAME_OBJECT
#define STATUS_NOT_SAME_OBJECT ((NTSTATUS)0xC00001AC)
#endif
#ifndef DUPLICATE_SAME_ATTRIBUTES
#define DUPLICATE_SAME_ATTRIBUTES 0x00000004
#endif

NT_SIZE(OBJECT_ATTRIBUTES, 0x18);
NT_SIZE(OBJECT_BASIC_INFORMATION, 0x38);
NT_SIZE(OBJECT_TYPE_INFORMATION, 0x60);

#endif
