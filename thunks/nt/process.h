// Processes: parameters, creation and information classes. Sources: phnt's ntpsapi.h and ntrtl.h, Microsoft's
// documentation of NtQueryInformationProcess, Nebbett's "Windows NT/2000 Native API Reference".
#ifndef LOWLAND_NT_PROCESS_H
#define LOWLAND_NT_PROCESS_H

// ProcessExecuteFlags: data execution prevention
#define MEM_EXECUTE_OPTION_DISABLE                 0x01
#define MEM_EXECUTE_OPTION_ENABLE                  0x02
#define MEM_EXECUTE_OPTION_DISABLE_THUNK_EMULATION 0x04
#define MEM_EXECUTE_OPTION_PERMANENT               0x08
#define MEM_EXECUTE_OPTION_EXECUTE_DISPATCH        0x10
#define MEM_EXECUTE_OPTION_IMAGE_DISPATCH          0x20

enum { // beyond winternl.h's PROCESSINFOCLASS
    ProcessHandleInformation = 51,
    ProcessMitigationPolicy = 52,
    ProcessHandleCheckingMode = 54,
    ProcessKeepAliveCount = 55,
    ProcessCommandLineInformation = 60,
    ProcessProtectionInformation = 61,
    ProcessTelemetryIdInformation = 64,
    ProcessRaiseUMExceptionOnInvalidHandleClose = 71,
    ProcessChildProcessInformation = 73,
    ProcessSubsystemInformation = 75,
    ProcessPowerThrottlingState = 77,
    ProcessUptimeInformation = 88,
    ProcessSequenceNumber = 92,
    ProcessLeapSecondInformation = 97,
};

typedef struct _CURDIR {
    UNICODE_STRING DosPath;
    HANDLE Handle;
} CURDIR, *PCURDIR;

typedef struct _RTL_DRIVE_LETTER_CURDIR {
    USHORT Flags;
    USHORT Length;
    ULONG TimeStamp;
    STRING DosPath;
} RTL_DRIVE_LETTER_CURDIR;

#define RTL_MAX_DRIVE_LETTERS 32

typedef struct _RTL_USER_PROCESS_PARAMETERS {
    ULONG MaximumLength;
    ULONG Length;
    ULONG Flags; // RTL_USER_PROC_*
    ULONG DebugFlags;
    HANDLE ConsoleHandle;
    ULONG ConsoleFlags;
    HANDLE StandardInput;
    HANDLE StandardOutput;
    HANDLE StandardError;
    CURDIR CurrentDirectory;
    UNICODE_STRING DllPath;
    UNICODE_STRING ImagePathName;
    UNICODE_STRING CommandLine;
    PWSTR Environment;
    ULONG StartingX;
    ULONG StartingY;
    ULONG CountX;
    ULONG CountY;
    ULONG CountCharsX;
    ULONG CountCharsY;
    ULONG FillAttribute;
    ULONG WindowFlags;
    ULONG ShowWindowFlags;
    UNICODE_STRING WindowTitle;
    UNICODE_STRING DesktopInfo;
    UNICODE_STRING ShellInfo;
    UNICODE_STRING RuntimeData;
    RTL_DRIVE_LETTER_CURDIR CurrentDirectories[RTL_MAX_DRIVE_LETTERS];
    ULONG_PTR EnvironmentSize;
    ULONG_PTR EnvironmentVersion;
    PVOID PackageDependencyData;
    ULONG ProcessGroupId;
    ULONG LoaderThreads;
    UNICODE_STRING RedirectionDllName;
    UNICODE_STRING HeapPartitionName;
    ULONG_PTR DefaultThreadpoolCpuSetMasks;
    ULONG DefaultThreadpoolCpuSetMaskCount;
    ULONG DefaultThreadpoolThreadMaximum;
    ULONG HeapMemoryTypeMask;
} RTL_USER_PROCESS_PARAMETERS, *PRTL_USER_PROCESS_PARAMETERS;
NT_OFFSET(RTL_USER_PROCESS_PARAMETERS, StandardInput, 0x18);
NT_OFFSET(RTL_USER_PROCESS_PARAMETERS, CurrentDirectory, 0x24);
NT_OFFSET(RTL_USER_PROCESS_PARAMETERS, ImagePathName, 0x38);
NT_OFFSET(RTL_USER_PROCESS_PARAMETERS, CommandLine, 0x40);
NT_OFFSET(RTL_USER_PROCESS_PARAMETERS, Environment, 0x48);
NT_OFFSET(RTL_USER_PROCESS_PARAMETERS, WindowTitle, 0x70);
NT_OFFSET(RTL_USER_PROCESS_PARAMETERS, CurrentDirectories, 0x90);
NT_OFFSET(RTL_USER_PROCESS_PARAMETERS, EnvironmentSize, 0x290);
NT_OFFSET(RTL_USER_PROCESS_PARAMETERS, LoaderThreads, 0x2A0);
NT_SIZE(RTL_USER_PROCESS_PARAMETERS, 0x2C4);

#define RTL_USER_PROC_PARAMS_NORMALIZED 0x00000001

typedef struct _PROCESS_BASIC_INFORMATION {
    NTSTATUS ExitStatus;
    struct _PEB *PebBaseAddress;
    KAFFINITY AffinityMask;
    KPRIORITY BasePriority;
    HANDLE UniqueProcessId;
    HANDLE InheritedFromUniqueProcessId;
} PROCESS_BASIC_INFORMATION, *PPROCESS_BASIC_INFORMATION;
NT_SIZE(PROCESS_BASIC_INFORMATION, 0x18);

typedef struct _VM_COUNTERS_EX {
    SIZE_T PeakVirtualSize;
    SIZE_T VirtualSize;
    ULONG PageFaultCount;
    SIZE_T PeakWorkingSetSize;
    SIZE_T WorkingSetSize;
    SIZE_T QuotaPeakPagedPoolUsage;
    SIZE_T QuotaPagedPoolUsage;
    SIZE_T QuotaPeakNonPagedPoolUsage;
    SIZE_T QuotaNonPagedPoolUsage;
    SIZE_T PagefileUsage;
    SIZE_T PeakPagefileUsage;
    SIZE_T PrivateUsage;
} VM_COUNTERS_EX, *PVM_COUNTERS_EX;
NT_SIZE(VM_COUNTERS_EX, 0x30);

typedef struct _VM_COUNTERS_EX2 {
    VM_COUNTERS_EX CountersEx;
    SIZE_T PrivateWorkingSetSize;
    ULONGLONG SharedCommitUsage;
} VM_COUNTERS_EX2;
NT_SIZE(VM_COUNTERS_EX2, 0x40);

typedef struct _PROCESS_EXTENDED_BASIC_INFORMATION {
    SIZE_T Size;
    PROCESS_BASIC_INFORMATION BasicInfo;
    ULONG Flags; // PROCESS_EXTENDED_*
} PROCESS_EXTENDED_BASIC_INFORMATION;
NT_SIZE(PROCESS_EXTENDED_BASIC_INFORMATION, 0x20);
#define PROCESS_EXTENDED_IS_WOW64    0x02
#define PROCESS_EXTENDED_IS_DELETING 0x04

typedef struct _POOLED_USAGE_AND_LIMITS {
    SIZE_T PeakPagedPoolUsage;
    SIZE_T PagedPoolUsage;
    SIZE_T PagedPoolLimit;
    SIZE_T PeakNonPagedPoolUsage;
    SIZE_T NonPagedPoolUsage;
    SIZE_T NonPagedPoolLimit;
    SIZE_T PeakPagefileUsage;
    SIZE_T PagefileUsage;
    SIZE_T PagefileLimit;
} POOLED_USAGE_AND_LIMITS;

typedef struct _PROCESS_HANDLE_INFORMATION { // ProcessHandleCount
    ULONG HandleCount;
    ULONG HandleCountHighWatermark;
} PROCESS_HANDLE_INFORMATION;

typedef struct _PROCESS_CYCLE_TIME_INFORMATION {
    ULONGLONG AccumulatedCycles;
    ULONGLONG CurrentCycleCount;
} PROCESS_CYCLE_TIME_INFORMATION;

typedef struct _PROCESS_WINDOW_INFORMATION {
    ULONG WindowFlags;
    USHORT WindowTitleLength; // bytes
    WCHAR WindowTitle[1];
} PROCESS_WINDOW_INFORMATION;

typedef struct _PROCESS_HANDLE_TABLE_ENTRY_INFO {
    HANDLE HandleValue;
    ULONG_PTR HandleCount;
    ULONG_PTR PointerCount;
    ULONG GrantedAccess;
    ULONG ObjectTypeIndex;
    ULONG HandleAttributes;
    ULONG Reserved;
} PROCESS_HANDLE_TABLE_ENTRY_INFO;
typedef struct _PROCESS_HANDLE_SNAPSHOT_INFORMATION { // ProcessHandleInformation
    ULONG_PTR NumberOfHandles;
    ULONG_PTR Reserved;
    PROCESS_HANDLE_TABLE_ENTRY_INFO Handles[1];
} PROCESS_HANDLE_SNAPSHOT_INFORMATION;

typedef struct _PROCESS_MITIGATION_POLICY_INFORMATION {
    ULONG Policy; // PROCESS_MITIGATION_POLICY
    ULONG Flags;  // that policy's structure
} PROCESS_MITIGATION_POLICY_INFORMATION;

typedef struct _PROCESS_CHILD_PROCESS_INFORMATION {
    BOOLEAN ProhibitChildProcesses;
    BOOLEAN AlwaysAllowSecureChildProcess;
    BOOLEAN AuditProhibitChildProcesses;
} PROCESS_CHILD_PROCESS_INFORMATION;

// What NtWow64QueryInformationProcess64 answers: PROCESS_BASIC_INFORMATION of 64-bit code.
typedef struct _PROCESS_BASIC_INFORMATION_WOW64 {
    ULONGLONG ExitStatus; // its lower half
    ULONGLONG PebBaseAddress;
    ULONGLONG AffinityMask;
    ULONGLONG BasePriority; // its lower half
    ULONGLONG UniqueProcessId;
    ULONGLONG InheritedFromUniqueProcessId;
} PROCESS_BASIC_INFORMATION_WOW64;

typedef struct _PROCESS_PRIORITY_CLASS {
    BOOLEAN Foreground;
    UCHAR PriorityClass; // PROCESS_PRIORITY_CLASS_*
} PROCESS_PRIORITY_CLASS, *PPROCESS_PRIORITY_CLASS;
#define PROCESS_PRIORITY_CLASS_UNKNOWN      0
#define PROCESS_PRIORITY_CLASS_IDLE         1
#define PROCESS_PRIORITY_CLASS_NORMAL       2
#define PROCESS_PRIORITY_CLASS_HIGH         3
#define PROCESS_PRIORITY_CLASS_REALTIME     4
#define PROCESS_PRIORITY_CLASS_BELOW_NORMAL 5
#define PROCESS_PRIORITY_CLASS_ABOVE_NORMAL 6

typedef struct _PROCESS_SESSION_INFORMATION {
    ULONG SessionId;
} PROCESS_SESSION_INFORMATION;

typedef struct _PROCESS_DEVICEMAP_INFORMATION {
    ULONG DriveMap;
    UCHAR DriveType[32];
} PROCESS_DEVICEMAP_INFORMATION;
typedef struct _PROCESS_DEVICEMAP_INFORMATION_EX {
    ULONG DriveMap;
    UCHAR DriveType[32];
    ULONG Flags; // PROCESS_LUID_DOSDEVICES_ONLY
} PROCESS_DEVICEMAP_INFORMATION_EX;

typedef struct _PROCESS_STACK_ALLOCATION_INFORMATION {
    SIZE_T ReserveSize;
    SIZE_T ZeroBits;
    PVOID StackBase;
} PROCESS_STACK_ALLOCATION_INFORMATION;

// SectionImageInformation and ProcessImageInformation.
typedef struct _SECTION_IMAGE_INFORMATION {
    PVOID TransferAddress;
    ULONG ZeroBits;
    SIZE_T MaximumStackSize;
    SIZE_T CommittedStackSize;
    ULONG SubSystemType;
    USHORT SubSystemMinorVersion;
    USHORT SubSystemMajorVersion;
    USHORT MajorOperatingSystemVersion;
    USHORT MinorOperatingSystemVersion;
    USHORT ImageCharacteristics;
    USHORT DllCharacteristics;
    USHORT Machine;
    BOOLEAN ImageContainsCode;
    UCHAR ImageFlags;
    ULONG LoaderFlags;
    ULONG ImageFileSize;
    ULONG CheckSum;
} SECTION_IMAGE_INFORMATION, *PSECTION_IMAGE_INFORMATION;
NT_OFFSET(SECTION_IMAGE_INFORMATION, Machine, 0x20);
NT_SIZE(SECTION_IMAGE_INFORMATION, 0x30);

typedef struct _RTL_USER_PROCESS_INFORMATION {
    ULONG Length;
    HANDLE ProcessHandle;
    HANDLE ThreadHandle;
    CLIENT_ID ClientId;
    SECTION_IMAGE_INFORMATION ImageInformation;
} RTL_USER_PROCESS_INFORMATION, *PRTL_USER_PROCESS_INFORMATION;

// NtCreateUserProcess and NtCreateThreadEx.
typedef struct _PS_ATTRIBUTE {
    ULONG_PTR Attribute;
    SIZE_T Size;
    ULONG_PTR Value; // or a pointer to it
    PSIZE_T ReturnLength;
} PS_ATTRIBUTE, *PPS_ATTRIBUTE;
typedef struct _PS_ATTRIBUTE_LIST {
    SIZE_T TotalLength;
    PS_ATTRIBUTE Attributes[1];
} PS_ATTRIBUTE_LIST, *PPS_ATTRIBUTE_LIST;
NT_SIZE(PS_ATTRIBUTE, 0x10);
// PS_ATTRIBUTE_STD_HANDLE_INFO: whether the three handles of the parameters are duplicated into the child.
typedef enum _PS_STD_HANDLE_STATE {
    PsNeverDuplicate,
    PsRequestDuplicate, // if the child is of that subsystem
    PsAlwaysDuplicate
} PS_STD_HANDLE_STATE;

typedef struct _PS_STD_HANDLE_INFO {
    ULONG Flags; // the state in bits 0 and 1
    ULONG StdHandleSubsystemType;
} PS_STD_HANDLE_INFO, *PPS_STD_HANDLE_INFO;

#define PS_ATTRIBUTE_THREAD          0x00010000
#define PS_ATTRIBUTE_INPUT           0x00020000
#define PS_ATTRIBUTE_ADDITIVE        0x00040000
#define PS_ATTRIBUTE_PARENT_PROCESS  0x00060000
#define PS_ATTRIBUTE_DEBUG_OBJECT    0x00060001
#define PS_ATTRIBUTE_TOKEN           0x00060002
#define PS_ATTRIBUTE_CLIENT_ID       0x00010003
#define PS_ATTRIBUTE_TEB_ADDRESS     0x00010004
#define PS_ATTRIBUTE_IMAGE_NAME      0x00020005
#define PS_ATTRIBUTE_IMAGE_INFO      0x00000006
#define PS_ATTRIBUTE_MEMORY_RESERVE  0x00020007
#define PS_ATTRIBUTE_PRIORITY_CLASS  0x00020008
#define PS_ATTRIBUTE_ERROR_MODE      0x00020009
#define PS_ATTRIBUTE_STD_HANDLE_INFO 0x0002000A
#define PS_ATTRIBUTE_HANDLE_LIST     0x0002000B
#define PS_ATTRIBUTE_GROUP_AFFINITY  0x0003000C
#define PS_ATTRIBUTE_JOB_LIST        0x00020013

typedef enum _PS_CREATE_STATE {
    PsCreateInitialState,
    PsCreateFailOnFileOpen,
    PsCreateFailOnSectionCreate,
    PsCreateFailExeFormat,
    PsCreateFailMachineMismatch,
    PsCreateFailExeName,
    PsCreateSuccess,
    PsCreateMaximumStates
} PS_CREATE_STATE;
typedef struct _PS_CREATE_INFO {
    SIZE_T Size;
    PS_CREATE_STATE State;
    union {
        struct {
            ULONG InitFlags;
            ACCESS_MASK AdditionalFileAccess;
        } InitState;
        struct {
            HANDLE FileHandle;
        } FailSection;
        struct {
            USHORT DllCharacteristics;
        } ExeFormat;
        struct {
            HANDLE IFEOKey;
        } ExeName;
        struct {
            ULONG OutputFlags;
            HANDLE FileHandle;
            HANDLE SectionHandle;
            ULONGLONG UserProcessParametersNative;
            ULONG UserProcessParametersWow64;
            ULONG CurrentParameterFlags;
            ULONGLONG PebAddressNative;
            ULONG PebAddressWow64;
            ULONGLONG ManifestAddress;
            ULONG ManifestSize;
        } SuccessState;
    };
} PS_CREATE_INFO, *PPS_CREATE_INFO;
NT_SIZE(PS_CREATE_INFO, 0x48);

#define PROCESS_CREATE_FLAGS_BREAKAWAY        0x00000001
#define PROCESS_CREATE_FLAGS_NO_DEBUG_INHERIT 0x00000002
#define PROCESS_CREATE_FLAGS_INHERIT_HANDLES  0x00000004
#define PROCESS_CREATE_FLAGS_SUSPENDED        0x00000200

#endif
