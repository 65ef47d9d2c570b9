// System information and the page shared by kernel and processes. Sources: Microsoft's documentation of
// NtQuerySystemInformation and of KUSER_SHARED_DATA (ntddk.h), phnt's ntexapi.h and ntexapi_x.h, Geoff
// Chappell's KUSER_SHARED_DATA study.
#ifndef LOWLAND_NT_SYSTEM_H
#define LOWLAND_NT_SYSTEM_H

enum { // beyond winternl.h's SYSTEM_INFORMATION_CLASS
    SystemModuleInformation = 11,
    SystemObjectInformation = 17,
    SystemFileCacheInformation = 21,
    SystemTimeAdjustmentInformation = 28,
    SystemKernelDebuggerInformation = 35,
    SystemProcessorIdleInformation = 42,
    SystemCurrentTimeZoneInformation = 44,
    SystemProcessorPowerInformation = 61,
    SystemEmulationBasicInformation = 62,
    SystemEmulationProcessorInformation = 63,
    SystemExtendedHandleInformation = 64,
    SystemLogicalProcessorInformation = 73,
    SystemFirmwareTableInformation = 76,
    SystemProcessorIdleCycleTimeInformation = 83,
    SystemProcessIdInformation = 88,
    SystemDynamicTimeZoneInformation = 102,
    SystemCodeIntegrityInformation = 103,
    SystemLogicalProcessorInformationEx = 107,
    SystemProcessorPerformanceInformationEx = 141,
    SystemKernelDebuggerInformationEx = 149,
    SystemCpuSetInformation = 175,
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
