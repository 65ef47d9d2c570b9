// System information and the page shared by kernel and processes. Sources: Microsoft's documentation of
// NtQuerySystemInformation and of KUSER_SHARED_DATA (ntddk.h), phnt's ntexapi.h and ntexapi_x.h, Geoff
// Chappell's KUSER_SHARED_DATA study.
#ifndef LOWLAND_NT_SYSTEM_H
#define LOWLAND_NT_SYSTEM_H

enum { // beyond winternl.h's SYSTEM_INFORMATION_CLASS
    SystemDeviceInformation = 7,
    SystemFlagsInformation = 9,
    SystemModuleInformation = 11,
    SystemObjectInformation = 17,
    SystemFileCacheInformation = 21,
    SystemTimeAdjustmentInformation = 28,
    SystemKernelDebuggerInformation = 35,
    SystemContextSwitchInformation = 36,
    SystemProcessorIdleInformation = 42,
    SystemCurrentTimeZoneInformation = 44,
    SystemSessionProcessInformation = 53,
    SystemNumaProcessorMap = 55,
    SystemExtendedProcessInformation = 57,
    SystemRecommendedSharedDataAlignment = 58,
    SystemNumaAvailableMemory = 60,
    SystemProcessorPowerInformation = 61,
    SystemEmulationBasicInformation = 62,
    SystemEmulationProcessorInformation = 63,
    SystemExtendedHandleInformation = 64,
    SystemLogicalProcessorInformation = 73,
    SystemFirmwareTableInformation = 76,
    SystemMemoryListInformation = 80,
    SystemFileCacheInformationEx = 81,
    SystemProcessorIdleCycleTimeInformation = 83,
    SystemProcessIdInformation = 88,
    SystemBootEnvironmentInformation = 90,
    SystemDynamicTimeZoneInformation = 102,
    SystemCodeIntegrityInformation = 103,
    SystemProcessorBrandString = 105,
    SystemLogicalProcessorInformationEx = 107,
    SystemProcessorCycleTimeInformation = 108,
    SystemBasicPerformanceInformation = 123,
    SystemProcessorPerformanceInformationEx = 141,
    SystemSecureBootInformation = 145,
    SystemKernelDebuggerInformationEx = 149,
    SystemProcessorFeaturesInformation = 154,
    SystemCpuSetInformation = 175,
    SystemSupportedProcessorArchitectures = 181,
    SystemMemoryUsageInformation = 182,
    SystemPhysicalMemoryInformation = 184,
    SystemLeapSecondInformation = 206,
};

NT_SIZE(SYSTEM_BASIC_INFORMATION, 0x2C);
NT_SIZE(SYSTEM_TIMEOFDAY_INFORMATION, 0x30);
NT_SIZE(SYSTEM_PROCESSOR_PERFORMANCE_INFORMATION, 0x30);
NT_OFFSET(SYSTEM_PROCESS_INFORMATION, ImageName, 0x38);
NT_OFFSET(SYSTEM_PROCESS_INFORMATION, UniqueProcessId, 0x44);
NT_SIZE(SYSTEM_PROCESS_INFORMATION, 0xB8);
NT_SIZE(SYSTEM_THREAD_INFORMATION, 0x40);

typedef struct _SYSTEM_KERNEL_DEBUGGER_INFORMATION {
    BOOLEAN KernelDebuggerEnabled;
    BOOLEAN KernelDebuggerNotPresent;
} SYSTEM_KERNEL_DEBUGGER_INFORMATION;

typedef struct _SYSTEM_TIME_ADJUSTMENT_QUERY {
    ULONG TimeAdjustment;
    ULONG TimeIncrement;
    BOOLEAN TimeAdjustmentDisabled;
} SYSTEM_TIME_ADJUSTMENT_QUERY;

typedef struct _SYSTEM_HANDLE_TABLE_ENTRY_INFO_EX {
    PVOID Object;
    ULONG_PTR UniqueProcessId;
    ULONG_PTR HandleValue;
    ULONG GrantedAccess;
    USHORT CreatorBackTraceIndex;
    USHORT ObjectTypeIndex;
    ULONG HandleAttributes;
    ULONG Reserved;
} SYSTEM_HANDLE_TABLE_ENTRY_INFO_EX;
typedef struct _SYSTEM_HANDLE_INFORMATION_EX {
    ULONG_PTR NumberOfHandles;
    ULONG_PTR Reserved;
    SYSTEM_HANDLE_TABLE_ENTRY_INFO_EX Handles[1];
} SYSTEM_HANDLE_INFORMATION_EX;

typedef struct _SYSTEM_DEVICE_INFORMATION {
    ULONG NumberOfDisks;
    ULONG NumberOfFloppies;
    ULONG NumberOfCdRoms;
    ULONG NumberOfTapes;
    ULONG NumberOfSerialPorts;
    ULONG NumberOfParallelPorts;
} SYSTEM_DEVICE_INFORMATION;

typedef struct _SYSTEM_FILECACHE_INFORMATION {
    SIZE_T CurrentSize;
    SIZE_T PeakSize;
    ULONG PageFaultCount;
    SIZE_T MinimumWorkingSet;
    SIZE_T MaximumWorkingSet;
    SIZE_T CurrentSizeIncludingTransitionInPages;
    SIZE_T PeakSizeIncludingTransitionInPages;
    ULONG TransitionRePurposeCount;
    ULONG Flags;
} SYSTEM_FILECACHE_INFORMATION;
NT_SIZE(SYSTEM_FILECACHE_INFORMATION, 0x24);

// SystemInterruptInformation, one for each processor; winternl.h has only its size.
typedef struct _SYSTEM_INTERRUPT_COUNTS {
    ULONG ContextSwitches;
    ULONG DpcCount;
    ULONG DpcRate;
    ULONG TimeIncrement;
    ULONG DpcBypassCount;
    ULONG ApcBypassCount;
} SYSTEM_INTERRUPT_COUNTS;
NT_SIZE(SYSTEM_INTERRUPT_COUNTS, sizeof(SYSTEM_INTERRUPT_INFORMATION));

typedef struct _SYSTEM_CONTEXT_SWITCHES { // SystemContextSwitchInformation
    ULONG ContextSwitches;
    ULONG Kinds[11]; // which processor was found for whom
} SYSTEM_CONTEXT_SWITCHES;

typedef struct _SYSTEM_PROCESSOR_IDLE_INFORMATION {
    ULONGLONG IdleTime;
    ULONGLONG C1Time;
    ULONGLONG C2Time;
    ULONGLONG C3Time;
    ULONG C1Transitions;
    ULONG C2Transitions;
    ULONG C3Transitions;
    ULONG Padding;
} SYSTEM_PROCESSOR_IDLE_INFORMATION;
NT_SIZE(SYSTEM_PROCESSOR_IDLE_INFORMATION, 0x30);

typedef struct _SYSTEM_SESSION_PROCESS_INFORMATION {
    ULONG SessionId;
    ULONG SizeOfBuf;
    PVOID Buffer;
} SYSTEM_SESSION_PROCESS_INFORMATION;

typedef struct _SYSTEM_EXTENDED_THREAD_INFORMATION {
    SYSTEM_THREAD_INFORMATION ThreadInfo;
    PVOID StackBase;
    PVOID StackLimit;
    PVOID Win32StartAddress;
    PVOID TebBase;
    ULONG_PTR Reserved2;
    ULONG_PTR Reserved3;
    ULONG_PTR Reserved4;
} SYSTEM_EXTENDED_THREAD_INFORMATION;
NT_SIZE(SYSTEM_EXTENDED_THREAD_INFORMATION, 0x60);

typedef struct _SYSTEM_FIRMWARE_TABLE_INFORMATION {
    ULONG ProviderSignature;
    ULONG Action; // SYSTEM_FIRMWARE_TABLE_*
    ULONG TableID;
    ULONG TableBufferLength;
    UCHAR TableBuffer[1];
} SYSTEM_FIRMWARE_TABLE_INFORMATION;
#define SYSTEM_FIRMWARE_TABLE_ENUMERATE 0
#define SYSTEM_FIRMWARE_TABLE_GET       1

typedef struct _SYSTEM_MEMORY_LIST_INFORMATION { // in pages
    ULONG_PTR ZeroPageCount;
    ULONG_PTR FreePageCount;
    ULONG_PTR ModifiedPageCount;
    ULONG_PTR ModifiedNoWritePageCount;
    ULONG_PTR BadPageCount;
    ULONG_PTR PageCountByPriority[8];
    ULONG_PTR RepurposedPagesByPriority[8];
    ULONG_PTR ModifiedPageCountPageFile;
} SYSTEM_MEMORY_LIST_INFORMATION;
NT_SIZE(SYSTEM_MEMORY_LIST_INFORMATION, 0x58);

typedef struct _SYSTEM_PROCESS_ID_INFORMATION { // asks and is answered
    HANDLE ProcessId;
    UNICODE_STRING ImageName;
} SYSTEM_PROCESS_ID_INFORMATION;

typedef struct _SYSTEM_BOOT_ENVIRONMENT_INFORMATION {
    GUID BootIdentifier;
    ULONG FirmwareType; // FIRMWARE_TYPE
    ULONGLONG BootFlags;
} SYSTEM_BOOT_ENVIRONMENT_INFORMATION;
NT_SIZE(SYSTEM_BOOT_ENVIRONMENT_INFORMATION, 0x20);

typedef struct _SYSTEM_BASIC_PERFORMANCE_INFORMATION { // in pages
    SIZE_T AvailablePages;
    SIZE_T CommittedPages;
    SIZE_T CommitLimit;
    SIZE_T PeakCommitment;
} SYSTEM_BASIC_PERFORMANCE_INFORMATION;

typedef struct _SYSTEM_SECUREBOOT_INFORMATION {
    BOOLEAN SecureBootEnabled;
    BOOLEAN SecureBootCapable;
} SYSTEM_SECUREBOOT_INFORMATION;

typedef struct _SYSTEM_KERNEL_DEBUGGER_INFORMATION_EX {
    BOOLEAN DebuggerAllowed;
    BOOLEAN DebuggerEnabled;
    BOOLEAN DebuggerPresent;
} SYSTEM_KERNEL_DEBUGGER_INFORMATION_EX;

typedef struct _SYSTEM_PROCESSOR_FEATURES_INFORMATION {
    ULONGLONG ProcessorFeatureBits; // KF_*
    ULONGLONG Reserved[3];
} SYSTEM_PROCESSOR_FEATURES_INFORMATION;

typedef struct _SYSTEM_MEMORY_USAGE_INFORMATION {
    ULONGLONG TotalPhysicalBytes;
    ULONGLONG AvailableBytes;
    LONGLONG ResidentAvailableBytes;
    ULONGLONG CommittedBytes;
    ULONGLONG SharedCommittedBytes;
    ULONGLONG CommitLimitBytes;
    ULONGLONG PeakCommitmentBytes;
} SYSTEM_MEMORY_USAGE_INFORMATION;

typedef struct _SYSTEM_PHYSICAL_MEMORY_INFORMATION {
    ULONGLONG TotalPhysicalBytes;
    ULONGLONG LowestPhysicalAddress;
    ULONGLONG HighestPhysicalAddress;
} SYSTEM_PHYSICAL_MEMORY_INFORMATION;

typedef struct _SYSTEM_LEAP_SECOND_INFORMATION {
    BOOLEAN Enabled;
    ULONG Flags;
} SYSTEM_LEAP_SECOND_INFORMATION;

typedef struct _RTL_PROCESS_MODULE_INFORMATION { // SystemModuleInformation
    HANDLE Section;
    PVOID MappedBase;
    PVOID ImageBase;
    ULONG ImageSize;
    ULONG Flags;
    USHORT LoadOrderIndex;
    USHORT InitOrderIndex;
    USHORT LoadCount;
    USHORT OffsetToFileName;
    UCHAR FullPathName[256];
} RTL_PROCESS_MODULE_INFORMATION;
NT_SIZE(RTL_PROCESS_MODULE_INFORMATION, 0x11C);
typedef struct _RTL_PROCESS_MODULES {
    ULONG NumberOfModules;
    RTL_PROCESS_MODULE_INFORMATION Modules[1];
} RTL_PROCESS_MODULES;

// NtPowerInformation: ProcessorInformation, one for each processor
typedef struct _PROCESSOR_POWER_INFORMATION {
    ULONG Number;
    ULONG MaxMhz;
    ULONG CurrentMhz;
    ULONG MhzLimit;
    ULONG MaxIdleState;
    ULONG CurrentIdleState;
} PROCESSOR_POWER_INFORMATION, *PPROCESSOR_POWER_INFORMATION;
typedef struct _SYSTEM_POWER_INFORMATION {
    ULONG MaxIdlenessAllowed;
    ULONG Idleness;
    ULONG TimeRemaining;
    UCHAR CoolingMode;
} SYSTEM_POWER_INFORMATION, *PSYSTEM_POWER_INFORMATION;

typedef struct _KSYSTEM_TIME {
    ULONG LowPart;
    LONG High1Time;
    LONG High2Time;
} KSYSTEM_TIME, *PKSYSTEM_TIME;

#define PROCESSOR_FEATURE_MAX 64

typedef struct _KUSER_SHARED_DATA {
    ULONG TickCountLowDeprecated;
    ULONG TickCountMultiplier;
    volatile KSYSTEM_TIME InterruptTime;
    volatile KSYSTEM_TIME SystemTime;
    volatile KSYSTEM_TIME TimeZoneBias;
    USHORT ImageNumberLow;
    USHORT ImageNumberHigh;
    WCHAR NtSystemRoot[260];
    ULONG MaxStackTraceDepth;
    ULONG CryptoExponent;
    ULONG TimeZoneId;
    ULONG LargePageMinimum;
    ULONG AitSamplingValue;
    ULONG AppCompatFlag;
    ULONGLONG RNGSeedVersion;
    ULONG GlobalValidationRunlevel;
    volatile LONG TimeZoneBiasStamp;
    ULONG NtBuildNumber;
    ULONG NtProductType;
    BOOLEAN ProductTypeIsValid;
    BOOLEAN Reserved0[1];
    USHORT NativeProcessorArchitecture;
    ULONG NtMajorVersion;
    ULONG NtMinorVersion;
    BOOLEAN ProcessorFeatures[PROCESSOR_FEATURE_MAX];
    ULONG Reserved1;
    ULONG Reserved3;
    volatile ULONG TimeSlip;
    ULONG AlternativeArchitecture;
    ULONG BootId;
    LARGE_INTEGER SystemExpirationDate;
    ULONG SuiteMask;
    BOOLEAN KdDebuggerEnabled;
    UCHAR MitigationPolicies;
    USHORT CyclesPerYield;
    volatile ULONG ActiveConsoleId;
    volatile ULONG DismountCount;
    ULONG ComPlusPackage;
    ULONG LastSystemRITEventTickCount;
    ULONG NumberOfPhysicalPages;
    BOOLEAN SafeBootMode;
    UCHAR VirtualizationFlags;
    UCHAR Reserved12[2];
    ULONG SharedDataFlags;
    ULONG DataFlagsPad[1];
    ULONGLONG TestRetInstruction;
    LONGLONG QpcFrequency;
    ULONG SystemCall;
    ULONG Reserved2;
    ULONGLONG SystemCallPad[2];
    union {
        volatile KSYSTEM_TIME TickCount;
        volatile ULONGLONG TickCountQuad;
        ULONG ReservedTickCountOverlay[4];
    };
    ULONG Cookie;
    ULONG CookiePad[1];
    LONGLONG ConsoleSessionForegroundProcessId;
    ULONGLONG TimeUpdateLock;
    ULONGLONG BaselineSystemTimeQpc;
    ULONGLONG BaselineInterruptTimeQpc;
    ULONGLONG QpcSystemTimeIncrement;
    ULONGLONG QpcInterruptTimeIncrement;
    UCHAR QpcSystemTimeIncrementShift;
    UCHAR QpcInterruptTimeIncrementShift;
    USHORT UnparkedProcessorCount;
    ULONG EnclaveFeatureMask[4];
    ULONG TelemetryCoverageRound;
    USHORT UserModeGlobalLogger[16];
    ULONG ImageFileExecutionOptions;
    ULONG LangGenerationCount;
    ULONGLONG Reserved4;
    volatile ULONGLONG InterruptTimeBias;
    volatile ULONGLONG QpcBias;
    ULONG ActiveProcessorCount;
    volatile UCHAR ActiveGroupCount;
    UCHAR Reserved9;
    UCHAR QpcBypassEnabled;
    UCHAR QpcShift;
    LARGE_INTEGER TimeZoneBiasEffectiveStart;
    LARGE_INTEGER TimeZoneBiasEffectiveEnd;
    UCHAR XState[0x338]; // XSTATE_CONFIGURATION
} KUSER_SHARED_DATA, *PKUSER_SHARED_DATA;
NT_OFFSET(KUSER_SHARED_DATA, InterruptTime, 0x08);
NT_OFFSET(KUSER_SHARED_DATA, SystemTime, 0x14);
NT_OFFSET(KUSER_SHARED_DATA, TimeZoneBias, 0x20);
NT_OFFSET(KUSER_SHARED_DATA, NtSystemRoot, 0x30);
NT_OFFSET(KUSER_SHARED_DATA, TimeZoneId, 0x240);
NT_OFFSET(KUSER_SHARED_DATA, NtBuildNumber, 0x260);
NT_OFFSET(KUSER_SHARED_DATA, NtMajorVersion, 0x26C);
NT_OFFSET(KUSER_SHARED_DATA, ProcessorFeatures, 0x274);
NT_OFFSET(KUSER_SHARED_DATA, SystemExpirationDate, 0x2C8);
NT_OFFSET(KUSER_SHARED_DATA, KdDebuggerEnabled, 0x2D4);
NT_OFFSET(KUSER_SHARED_DATA, ActiveConsoleId, 0x2D8);
NT_OFFSET(KUSER_SHARED_DATA, NumberOfPhysicalPages, 0x2E8);
NT_OFFSET(KUSER_SHARED_DATA, TestRetInstruction, 0x2F8);
NT_OFFSET(KUSER_SHARED_DATA, QpcFrequency, 0x300);
NT_OFFSET(KUSER_SHARED_DATA, SystemCall, 0x308);
NT_OFFSET(KUSER_SHARED_DATA, TickCount, 0x320);
NT_OFFSET(KUSER_SHARED_DATA, Cookie, 0x330);
NT_OFFSET(KUSER_SHARED_DATA, ActiveProcessorCount, 0x3C0);
NT_OFFSET(KUSER_SHARED_DATA, QpcBypassEnabled, 0x3C6);
NT_OFFSET(KUSER_SHARED_DATA, XState, 0x3D8);

#define SharedUserData ((const KUSER_SHARED_DATA *)0x7FFE0000)

#endif
