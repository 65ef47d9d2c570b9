// The registry's information classes. Sources: Microsoft's documentation of ZwQueryKey, ZwQueryValueKey,
// ZwEnumerateKey, ZwCreateKey and ZwNotifyChangeKey; mingw-w64 ddk/wdm.h.
#ifndef LOWLAND_NT_REGISTRY_H
#define LOWLAND_NT_REGISTRY_H

typedef enum _KEY_INFORMATION_CLASS {
    KeyBasicInformation,
    KeyNodeInformation,
    KeyFullInformation,
    KeyNameInformation,
    KeyCachedInformation,
    KeyFlagsInformation,
    KeyVirtualizationInformation,
    KeyHandleTagsInformation,
    KeyTrustInformation,
    KeyLayerInformation,
} KEY_INFORMATION_CLASS;

typedef struct _KEY_BASIC_INFORMATION {
    LARGE_INTEGER LastWriteTime;
    ULONG TitleIndex;
    ULONG NameLength;
    WCHAR Name[1];
} KEY_BASIC_INFORMATION;

typedef struct _KEY_NODE_INFORMATION {
    LARGE_INTEGER LastWriteTime;
    ULONG TitleIndex;
    ULONG ClassOffset;
    ULONG ClassLength;
    ULONG NameLength;
    WCHAR Name[1];
} KEY_NODE_INFORMATION;

typedef struct _KEY_FULL_INFORMATION {
    LARGE_INTEGER LastWriteTime;
    ULONG TitleIndex;
    ULONG ClassOffset;
    ULONG ClassLength;
    ULONG SubKeys;
    ULONG MaxNameLen;
    ULONG MaxClassLen;
    ULONG Values;
    ULONG MaxValueNameLen;
    ULONG MaxValueDataLen;
    WCHAR Class[1];
} KEY_FULL_INFORMATION;

typedef struct _KEY_NAME_INFORMATION {
    ULONG NameLength;
    WCHAR Name[1];
} KEY_NAME_INFORMATION;

typedef struct _KEY_CACHED_INFORMATION {
    LARGE_INTEGER LastWriteTime;
    ULONG TitleIndex;
    ULONG SubKeys;
    ULONG MaxNameLen;
    ULONG Values;
    ULONG MaxValueNameLen;
    ULONG MaxValueDataLen;
    ULONG NameLength;
} KEY_CACHED_INFORMATION;

typedef struct _KEY_FLAGS_INFORMATION {
    ULONG Wow64Flags;
    ULONG KeyFlags;
    ULONG ControlFlags;
} KEY_FLAGS_INFORMATION;

typedef struct _KEY_HANDLE_TAGS_INFORMATION {
    ULONG HandleTags;
} KEY_HANDLE_TAGS_INFORMATION;

typedef enum _KEY_VALUE_INFORMATION_CLASS {
    KeyValueBasicInformation,
    KeyValueFullInformation,
    KeyValuePartialInformation,
    KeyValueFullInformationAlign64,
    KeyValuePartialInformationAlign64,
    KeyValueLayerInformation,
} KEY_VALUE_INFORMATION_CLASS;

typedef struct _KEY_VALUE_BASIC_INFORMATION {
    ULONG TitleIndex;
    ULONG Type;
    ULONG NameLength;
    WCHAR Name[1];
} KEY_VALUE_BASIC_INFORMATION;

typedef struct _KEY_VALUE_FULL_INFORMATION {
    ULONG TitleIndex;
    ULONG Type;
    ULONG DataOffset;
    ULONG DataLength;
    ULONG NameLength;
    WCHAR Name[1];
} KEY_VALUE_FULL_INFORMATION;

typedef struct _KEY_VALUE_PARTIAL_INFORMATION {
    ULONG TitleIndex;
    ULONG Type;
    ULONG DataLength;
    UCHAR Data[1];
} KEY_VALUE_PARTIAL_INFORMATION;

typedef struct _KEY_VALUE_PARTIAL_INFORMATION_ALIGN64 {
    ULONG Type;
    ULONG DataLength;
    UCHAR Data[1];
} KEY_VALUE_PARTIAL_INFORMATION_ALIGN64;

// What NtLoadKey3 takes beside paths: files and handles by kind (phnt's ntregapi.h, CM_EXTENDED_PARAMETER).
typedef struct _KEY_LOAD_PARAMETER {
    ULONGLONG Kind;  // KEY_LOAD_* in the lowest 8 bits
    ULONGLONG Value; // a handle, or what else the kind says
} KEY_LOAD_PARAMETER;
#define KEY_LOAD_TRUST_KEY 1
#define KEY_LOAD_EVENT     2
#define KEY_LOAD_TOKEN     3

// Rtl functions (Microsoft's documentation of RtlQueryRegistryValues and its relatives; phnt's ntrtl.h).
#define RTL_REGISTRY_ABSOLUTE        0
#define RTL_REGISTRY_SERVICES        1
#define RTL_REGISTRY_CONTROL         2
#define RTL_REGISTRY_WINDOWS_NT      3
#define RTL_REGISTRY_DEVICEMAP       4
#define RTL_REGISTRY_USER            5
#define RTL_REGISTRY_HANDLE          0x40000000
#define RTL_REGISTRY_OPTIONAL        0x80000000

#define RTL_QUERY_REGISTRY_SUBKEY    0x01
#define RTL_QUERY_REGISTRY_TOPKEY    0x02
#define RTL_QUERY_REGISTRY_REQUIRED  0x04
#define RTL_QUERY_REGISTRY_NOVALUE   0x08
#define RTL_QUERY_REGISTRY_NOEXPAND  0x10
#define RTL_QUERY_REGISTRY_DIRECT    0x20
#define RTL_QUERY_REGISTRY_DELETE    0x40
#define RTL_QUERY_REGISTRY_TYPECHECK 0x100

typedef NTSTATUS(NTAPI *PRTL_QUERY_REGISTRY_ROUTINE)(PWSTR ValueName, ULONG ValueType, PVOID ValueData,
                                                     ULONG ValueLength, PVOID Context, PVOID EntryContext);

typedef struct _RTL_QUERY_REGISTRY_TABLE {
    PRTL_QUERY_REGISTRY_ROUTINE QueryRoutine;
    ULONG Flags;
    PWSTR Name;
    PVOID EntryContext;
    ULONG DefaultType;
    PVOID DefaultData;
    ULONG DefaultLength;
} RTL_QUERY_REGISTRY_TABLE, *PRTL_QUERY_REGISTRY_TABLE;

NTSTATUS NTAPI RtlFormatCurrentUserKeyPath(UNICODE_STRING *Path);
NTSTATUS NTAPI RtlOpenCurrentUser(ACCESS_MASK Access, HANDLE *Key);
NTSTATUS NTAPI RtlCreateRegistryKey(ULONG RelativeTo, WCHAR *Path);
NTSTATUS NTAPI RtlCheckRegistryKey(ULONG RelativeTo, WCHAR *Path);
NTSTATUS NTAPI RtlWriteRegistryValue(ULONG RelativeTo, const WCHAR *Path, const WCHAR *Name, ULONG Type,
                                     void *Data, ULONG Length);
NTSTATUS NTAPI RtlDeleteRegistryValue(ULONG RelativeTo, const WCHAR *Path, const WCHAR *Name);
NTSTATUS NTAPI RtlQueryRegistryValues(ULONG RelativeTo, const WCHAR *Path, RTL_QUERY_REGISTRY_TABLE *Table,
                                      void *Context, void *Environment);

typedef struct _KEY_WRITE_TIME_INFORMATION {
    LARGE_INTEGER LastWriteTime;
} KEY_WRITE_TIME_INFORMATION;

#endif
