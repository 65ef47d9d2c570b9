// The loader's records of modules, as programs walk them. Sources: Microsoft's public symbols for Windows 10
// x86 as published by phnt's ntldr.h and by Geoff Chappell's PEB_LDR_DATA and LDR_DATA_TABLE_ENTRY studies.
#ifndef LOWLAND_NT_LDR_H
#define LOWLAND_NT_LDR_H

typedef struct _PEB_LDR_DATA {
    ULONG Length;
    BOOLEAN Initialized;
    HANDLE SsHandle;
    LIST_ENTRY InLoadOrderModuleList;
    LIST_ENTRY InMemoryOrderModuleList;
    LIST_ENTRY InInitializationOrderModuleList;
    PVOID EntryInProgress;
    BOOLEAN ShutdownInProgress;
    HANDLE ShutdownThreadId;
} PEB_LDR_DATA, *PPEB_LDR_DATA;
NT_OFFSET(PEB_LDR_DATA, InLoadOrderModuleList, 0x0C);
NT_OFFSET(PEB_LDR_DATA, InInitializationOrderModuleList, 0x1C);
NT_SIZE(PEB_LDR_DATA, 0x30);

typedef enum _LDR_DDAG_STATE {
    LdrModulesMerged = -5,
    LdrModulesInitError = -4,
    LdrModulesSnapError = -3,
    LdrModulesUnloaded = -2,
    LdrModulesUnloading = -1,
    LdrModulesPlaceHolder = 0,
    LdrModulesMapping = 1,
    LdrModulesMapped = 2,
    LdrModulesWaitingForDependencies = 3,
    LdrModulesSnapping = 4,
    LdrModulesSnapped = 5,
    LdrModulesCondensed = 6,
    LdrModulesReadyToInit = 7,
    LdrModulesInitializing = 8,
    LdrModulesReadyToRun = 9,
} LDR_DDAG_STATE;

typedef struct _LDRP_CSLIST {
    PSINGLE_LIST_ENTRY Tail;
} LDRP_CSLIST;

typedef struct _LDR_SERVICE_TAG_RECORD {
    struct _LDR_SERVICE_TAG_RECORD *Next;
    ULONG ServiceTag;
} LDR_SERVICE_TAG_RECORD;

typedef struct _LDR_DDAG_NODE {
    LIST_ENTRY Modules; // of LDR_DATA_TABLE_ENTRY.NodeModuleLink
    LDR_SERVICE_TAG_RECORD *ServiceTagList;
    ULONG LoadCount; // -1: pinned
    ULONG LoadWhileUnloadingCount;
    ULONG LowestLink;
    LDRP_CSLIST Dependencies;
    LDRP_CSLIST IncomingDependencies;
    LDR_DDAG_STATE State;
    SINGLE_LIST_ENTRY CondenseLink;
    ULONG PreorderNumber;
} LDR_DDAG_NODE, *PLDR_DDAG_NODE;
NT_OFFSET(LDR_DDAG_NODE, LoadCount, 0x0C);
NT_SIZE(LDR_DDAG_NODE, 0x2C);

// One edge between modules, in the lists of both ends. Tail->Next is the first.
typedef struct _LDRP_DEPENDENCY {
    SINGLE_LIST_ENTRY DependencyToLink; // in DependencyFrom->Dependencies
    struct _LDR_DDAG_NODE *DependencyTo;
    SINGLE_LIST_ENTRY DependencyFromLink; // in DependencyTo->IncomingDependencies
    struct _LDR_DDAG_NODE *DependencyFrom;
} LDRP_DEPENDENCY;

typedef enum _LDR_DLL_LOAD_REASON {
    LoadReasonUnknown = -1,
    LoadReasonStaticDependency = 0,
    LoadReasonStaticForwarderDependency,
    LoadReasonDynamicForwarderDependency,
    LoadReasonDelayloadDependency,
    LoadReasonDynamicLoad,
    LoadReasonAsImageLoad,
    LoadReasonAsDataLoad,
} LDR_DLL_LOAD_REASON;

#ifndef RTL_BALANCED_NODE_RESERVED_PARENT_MASK
#define RTL_BALANCED_NODE_RESERVED_PARENT_MASK 3
typedef struct _RTL_BALANCED_NODE {
    struct _RTL_BALANCED_NODE *Left, *Right;
    ULONG_PTR ParentValue;
} RTL_BALANCED_NODE, *PRTL_BALANCED_NODE;
#endif

typedef BOOLEAN(NTAPI *PLDR_INIT_ROUTINE)(PVOID DllHandle, ULONG Reason, PVOID Context);

typedef struct _LDR_DATA_TABLE_ENTRY {
    LIST_ENTRY InLoadOrderLinks;
    LIST_ENTRY InMemoryOrderLinks;
    LIST_ENTRY InInitializationOrderLinks;
    PVOID DllBase;
    PLDR_INIT_ROUTINE EntryPoint;
    ULONG SizeOfImage;
    UNICODE_STRING FullDllName; // DOS form: C:\windows\system32\ntdll.dll
    UNICODE_STRING BaseDllName;
    ULONG Flags; // LDRP_*
    USHORT ObsoleteLoadCount;
    USHORT TlsIndex;
    LIST_ENTRY HashLinks;
    ULONG TimeDateStamp;
    struct _ACTIVATION_CONTEXT *EntryPointActivationContext;
    PVOID Lock;
    PLDR_DDAG_NODE DdagNode;
    LIST_ENTRY NodeModuleLink;
    struct _LDRP_LOAD_CONTEXT *LoadContext;
    PVOID ParentDllBase;
    PVOID SwitchBackContext;
    RTL_BALANCED_NODE BaseAddressIndexNode;
    RTL_BALANCED_NODE MappingInfoIndexNode;
    ULONG_PTR OriginalBase;
    LARGE_INTEGER LoadTime;
    ULONG BaseNameHashValue;
    LDR_DLL_LOAD_REASON LoadReason;
    ULONG ImplicitPathOptions;
    ULONG ReferenceCount;
    ULONG DependentLoadFlags;
    UCHAR SigningLevel;
} LDR_DATA_TABLE_ENTRY, *PLDR_DATA_TABLE_ENTRY;
NT_OFFSET(LDR_DATA_TABLE_ENTRY, DllBase, 0x18);
NT_OFFSET(LDR_DATA_TABLE_ENTRY, FullDllName, 0x24);
NT_OFFSET(LDR_DATA_TABLE_ENTRY, Flags, 0x34);
NT_OFFSET(LDR_DATA_TABLE_ENTRY, TlsIndex, 0x3A);
NT_OFFSET(LDR_DATA_TABLE_ENTRY, HashLinks, 0x3C);
NT_OFFSET(LDR_DATA_TABLE_ENTRY, DdagNode, 0x50);
NT_OFFSET(LDR_DATA_TABLE_ENTRY, BaseAddressIndexNode, 0x68);
NT_OFFSET(LDR_DATA_TABLE_ENTRY, OriginalBase, 0x80);
NT_OFFSET(LDR_DATA_TABLE_ENTRY, LoadTime, 0x88);
NT_OFFSET(LDR_DATA_TABLE_ENTRY, BaseNameHashValue, 0x90);
NT_SIZE(LDR_DATA_TABLE_ENTRY, 0xA8);

// LDR_DATA_TABLE_ENTRY.Flags
#define LDRP_PACKAGED_BINARY       0x00000001
#define LDRP_IMAGE_DLL             0x00000004
#define LDRP_PROCESS_STATIC_IMPORT 0x00000020
#define LDRP_LOAD_IN_PROGRESS      0x00001000
#define LDRP_ENTRY_PROCESSED       0x00004000
#define LDRP_DONT_CALL_FOR_THREADS 0x00040000
#define LDRP_PROCESS_ATTACH_CALLED 0x00080000
#define LDRP_IMAGE_NOT_AT_BASE     0x00200000
#define LDRP_REDIRECTED            0x10000000

// LdrLockLoaderLock
#define LDR_LOCK_LOADER_LOCK_FLAG_RAISE_ON_ERRORS          0x00000001
#define LDR_LOCK_LOADER_LOCK_FLAG_TRY_ONLY                 0x00000002
#define LDR_UNLOCK_LOADER_LOCK_FLAG_RAISE_ON_ERRORS        0x00000001
#define LDR_LOCK_LOADER_LOCK_DISPOSITION_INVALID           0
#define LDR_LOCK_LOADER_LOCK_DISPOSITION_LOCK_ACQUIRED     1
#define LDR_LOCK_LOADER_LOCK_DISPOSITION_LOCK_NOT_ACQUIRED 2

// LdrGetDllHandleEx, LdrAddRefDll
#define LDR_GET_DLL_HANDLE_EX_UNCHANGED_REFCOUNT 0x00000001
#define LDR_GET_DLL_HANDLE_EX_PIN                0x00000002
#define LDR_ADDREF_DLL_PIN                       0x00000001

// LdrRegisterDllNotification, documented by Microsoft.
#define LDR_DLL_NOTIFICATION_REASON_LOADED   1
#define LDR_DLL_NOTIFICATION_REASON_UNLOADED 2
typedef struct _LDR_DLL_LOADED_NOTIFICATION_DATA {
    ULONG Flags;
    PCUNICODE_STRING FullDllName;
    PCUNICODE_STRING BaseDllName;
    PVOID DllBase;
    ULONG SizeOfImage;
} LDR_DLL_LOADED_NOTIFICATION_DATA, LDR_DLL_UNLOADED_NOTIFICATION_DATA;
typedef union _LDR_DLL_NOTIFICATION_DATA {
    LDR_DLL_LOADED_NOTIFICATION_DATA Loaded;
    LDR_DLL_UNLOADED_NOTIFICATION_DATA Unloaded;
} LDR_DLL_NOTIFICATION_DATA, *PLDR_DLL_NOTIFICATION_DATA;
typedef VOID(NTAPI *PLDR_DLL_NOTIFICATION_FUNCTION)(ULONG Reason, const LDR_DLL_NOTIFICATION_DATA *Data,
                                                    PVOID Context);

typedef VOID(NTAPI *PLDR_ENUM_CALLBACK)(PLDR_DATA_TABLE_ENTRY Module, PVOID Parameter, BOOLEAN *Stop);

typedef struct _LDR_RESOURCE_INFO {
    ULONG_PTR Type;
    ULONG_PTR Name;
    ULONG_PTR Language;
} LDR_RESOURCE_INFO, *PLDR_RESOURCE_INFO;

// LdrResolveDelayLoadedAPI, documented by Microsoft.
typedef struct _DELAYLOAD_PROC_DESCRIPTOR {
    ULONG ImportDescribedByName;
    union {
        LPCSTR Name;
        ULONG Ordinal;
    } Description;
} DELAYLOAD_PROC_DESCRIPTOR;
typedef struct _DELAYLOAD_INFO {
    ULONG Size;
    const IMAGE_DELAYLOAD_DESCRIPTOR *DelayloadDescriptor;
    PIMAGE_THUNK_DATA ThunkAddress;
    LPCSTR TargetDllName;
    DELAYLOAD_PROC_DESCRIPTOR TargetApiDescriptor;
    PVOID TargetModuleBase;
    PVOID Unused;
    ULONG LastError;
} DELAYLOAD_INFO, *PDELAYLOAD_INFO;
NT_SIZE(DELAYLOAD_INFO, 0x24);
typedef PVOID(NTAPI *PDELAYLOAD_FAILURE_DLL_CALLBACK)(ULONG NotificationReason, DELAYLOAD_INFO *Info);
typedef PVOID(NTAPI *PDELAYLOAD_FAILURE_SYSTEM_ROUTINE)(LPCSTR DllName, LPCSTR ProcName);
#define DELAYLOAD_GPA_FAILURE 4

// PEB->ApiSetMap, schema version 6 (Windows 10), after phnt and Geoff Chappell's "The API Set Schema".
typedef struct _API_SET_NAMESPACE {
    ULONG Version;
    ULONG Size;
    ULONG Flags;
    ULONG Count;
    ULONG EntryOffset;
    ULONG HashOffset;
    ULONG HashFactor;
} API_SET_NAMESPACE, *PAPI_SET_NAMESPACE;
typedef struct _API_SET_HASH_ENTRY {
    ULONG Hash;
    ULONG Index;
} API_SET_HASH_ENTRY;
typedef struct _API_SET_NAMESPACE_ENTRY {
    ULONG Flags;
    ULONG NameOffset;
    ULONG NameLength;
    ULONG HashedLength;
    ULONG ValueOffset;
    ULONG ValueCount;
} API_SET_NAMESPACE_ENTRY;
typedef struct _API_SET_VALUE_ENTRY {
    ULONG Flags;
    ULONG NameOffset;
    ULONG NameLength;
    ULONG ValueOffset;
    ULONG ValueLength;
} API_SET_VALUE_ENTRY;

#endif
