// The process and thread environment blocks of 32-bit Windows 10 (build 19045). Sources: Microsoft's public
// symbols as published by phnt's ntpebteb.h and by Geoff Chappell's PEB and TEB studies; winternl.h for
// what Microsoft documents.
#ifndef LOWLAND_NT_PEB_TEB_H
#define LOWLAND_NT_PEB_TEB_H

typedef struct _PEB {
    BOOLEAN InheritedAddressSpace;
    BOOLEAN ReadImageFileExecOptions;
    BOOLEAN BeingDebugged;
    BOOLEAN BitField;
    HANDLE Mutant;
    PVOID ImageBaseAddress;
    PPEB_LDR_DATA Ldr;
    PRTL_USER_PROCESS_PARAMETERS ProcessParameters;
    PVOID SubSystemData;
    PVOID ProcessHeap;
    PRTL_CRITICAL_SECTION FastPebLock;
    PVOID AtlThunkSListPtr;
    PVOID IFEOKey;
    ULONG CrossProcessFlags;
    PVOID KernelCallbackTable;
    ULONG SystemReserved;
    ULONG AtlThunkSListPtr32;
    PAPI_SET_NAMESPACE ApiSetMap;
    ULONG TlsExpansionCounter;
    PVOID TlsBitmap;
    ULONG TlsBitmapBits[2];
    PVOID ReadOnlySharedMemoryBase;
    PVOID SharedData;
    PVOID *ReadOnlyStaticServerData;
    PVOID AnsiCodePageData;
    PVOID OemCodePageData;
    PVOID UnicodeCaseTableData;
    ULONG NumberOfProcessors;
    ULONG NtGlobalFlag;
    LARGE_INTEGER CriticalSectionTimeout;
    SIZE_T HeapSegmentReserve;
    SIZE_T HeapSegmentCommit;
    SIZE_T HeapDeCommitTotalFreeThreshold;
    SIZE_T HeapDeCommitFreeBlockThreshold;
    ULONG NumberOfHeaps;
    ULONG MaximumNumberOfHeaps;
    PVOID *ProcessHeaps;
    PVOID GdiSharedHandleTable;
    PVOID ProcessStarterHelper;
    ULONG GdiDCAttributeList;
    PRTL_CRITICAL_SECTION LoaderLock;
    ULONG OSMajorVersion;
    ULONG OSMinorVersion;
    USHORT OSBuildNumber;
    USHORT OSCSDVersion;
    ULONG OSPlatformId;
    ULONG ImageSubsystem;
    ULONG ImageSubsystemMajorVersion;
    ULONG ImageSubsystemMinorVersion;
    ULONG_PTR ActiveProcessAffinityMask;
    ULONG GdiHandleBuffer[34];
    PVOID PostProcessInitRoutine;
    PVOID TlsExpansionBitmap;
    ULONG TlsExpansionBitmapBits[32];
    ULONG SessionId;
    ULARGE_INTEGER AppCompatFlags;
    ULARGE_INTEGER AppCompatFlagsUser;
    PVOID pShimData;
    PVOID AppCompatInfo;
    UNICODE_STRING CSDVersion;
    PVOID ActivationContextData;
    PVOID ProcessAssemblyStorageMap;
    PVOID SystemDefaultActivationContextData;
    PVOID SystemAssemblyStorageMap;
    SIZE_T MinimumStackCommit;
    PVOID SparePointers[2];
    PVOID PatchLoaderData;
    PVOID ChpeV2ProcessInfo;
    ULONG AppModelFeatureState;
    ULONG SpareUlongs[2];
    USHORT ActiveCodePage;
    USHORT OemCodePage;
    USHORT UseCaseMapping;
    USHORT UnusedNlsField;
    PVOID WerRegistrationData;
    PVOID WerShipAssertPtr;
    PVOID Unused;
    PVOID ImageHeaderHash;
    ULARGE_INTEGER TracingFlags;
    ULONGLONG CsrServerReadOnlySharedMemoryBase;
    ULONG_PTR TppWorkerpListLock;
    LIST_ENTRY TppWorkerpList;
    PVOID WaitOnAddressHashTable[128];
    PVOID TelemetryCoverageHeader;
    ULONG CloudFileFlags;
    ULONG CloudFileDiagFlags;
    CHAR PlaceholderCompatibilityMode;
    CHAR PlaceholderCompatibilityModeReserved[7];
    PVOID LeapSecondData;
    ULONG LeapSecondFlags;
    ULONG NtGlobalFlag2;
} PEB, *PPEB;
NT_OFFSET(PEB, BeingDebugged, 0x02);
NT_OFFSET(PEB, ImageBaseAddress, 0x08);
NT_OFFSET(PEB, Ldr, 0x0C);
NT_OFFSET(PEB, ProcessParameters, 0x10);
NT_OFFSET(PEB, ProcessHeap, 0x18);
NT_OFFSET(PEB, KernelCallbackTable, 0x2C);
NT_OFFSET(PEB, ApiSetMap, 0x38);
NT_OFFSET(PEB, TlsBitmap, 0x40);
NT_OFFSET(PEB, AnsiCodePageData, 0x58);
NT_OFFSET(PEB, NumberOfProcessors, 0x64);
NT_OFFSET(PEB, NtGlobalFlag, 0x68);
NT_OFFSET(PEB, CriticalSectionTimeout, 0x70);
NT_OFFSET(PEB, NumberOfHeaps, 0x88);
NT_OFFSET(PEB, LoaderLock, 0xA0);
NT_OFFSET(PEB, OSMajorVersion, 0xA4);
NT_OFFSET(PEB, OSBuildNumber, 0xAC);
NT_OFFSET(PEB, GdiHandleBuffer, 0xC4);
NT_OFFSET(PEB, PostProcessInitRoutine, 0x14C);
NT_OFFSET(PEB, TlsExpansionBitmapBits, 0x154);
NT_OFFSET(PEB, SessionId, 0x1D4);
NT_OFFSET(PEB, AppCompatFlags, 0x1D8);
NT_OFFSET(PEB, CSDVersion, 0x1F0);
NT_OFFSET(PEB, ActivationContextData, 0x1F8);
NT_OFFSET(PEB, MinimumStackCommit, 0x208);
NT_OFFSET(PEB, ActiveCodePage, 0x228);
NT_OFFSET(PEB, WerRegistrationData, 0x230);
NT_OFFSET(PEB, TracingFlags, 0x240);
NT_OFFSET(PEB, TppWorkerpListLock, 0x250);
NT_OFFSET(PEB, WaitOnAddressHashTable, 0x25C);
NT_OFFSET(PEB, LeapSecondData, 0x470);
NT_SIZE(PEB, 0x480);

typedef struct _RTL_ACTIVATION_CONTEXT_STACK_FRAME {
    struct _RTL_ACTIVATION_CONTEXT_STACK_FRAME *Previous;
    struct _ACTIVATION_CONTEXT *ActivationContext;
    ULONG Flags;
} RTL_ACTIVATION_CONTEXT_STACK_FRAME, *PRTL_ACTIVATION_CONTEXT_STACK_FRAME;

typedef struct _ACTIVATION_CONTEXT_STACK {
    PRTL_ACTIVATION_CONTEXT_STACK_FRAME ActiveFrame;
    LIST_ENTRY FrameListCache;
    ULONG Flags;
    ULONG NextCookieSequenceNumber;
    ULONG StackId;
} ACTIVATION_CONTEXT_STACK, *PACTIVATION_CONTEXT_STACK;
NT_SIZE(ACTIVATION_CONTEXT_STACK, 0x18);

typedef struct _GDI_TEB_BATCH {
    ULONG Offset;
    ULONG_PTR HDC;
    ULONG Buffer[310];
} GDI_TEB_BATCH;

typedef struct _TEB {
    NT_TIB NtTib;
    PVOID EnvironmentPointer;
    CLIENT_ID ClientId;
    PVOID ActiveRpcHandle;
    PVOID *ThreadLocalStoragePointer;
    PPEB ProcessEnvironmentBlock;
    ULONG LastErrorValue;
    ULONG CountOfOwnedCriticalSections;
    PVOID CsrClientThread;
    PVOID Win32ThreadInfo;
    ULONG User32Reserved[26];
    ULONG UserReserved[5];
    PVOID WOW32Reserved; // the gate into the 64-bit side: call fs:[0C0h]
    LCID CurrentLocale;
    ULONG FpSoftwareStatusRegister;
    PVOID ReservedForDebuggerInstrumentation[16];
    PVOID SystemReserved1[26];
    CHAR PlaceholderCompatibilityMode;
    BOOLEAN PlaceholderHydrationAlwaysExplicit;
    CHAR PlaceholderReserved[10];
    ULONG ProxiedProcessId;
    ACTIVATION_CONTEXT_STACK ActivationStack;
    UCHAR WorkingOnBehalfTicket[8];
    NTSTATUS ExceptionCode;
    PACTIVATION_CONTEXT_STACK ActivationContextStackPointer;
    ULONG_PTR InstrumentationCallbackSp;
    ULONG_PTR InstrumentationCallbackPreviousPc;
    ULONG_PTR InstrumentationCallbackPreviousSp;
    BOOLEAN InstrumentationCallbackDisabled;
    UCHAR SpareBytes[23];
    ULONG TxFsContext;
    GDI_TEB_BATCH GdiTebBatch;
    CLIENT_ID RealClientId;
    HANDLE GdiCachedProcessHandle;
    ULONG GdiClientPID;
    ULONG GdiClientTID;
    PVOID GdiThreadLocalInfo;
    ULONG_PTR Win32ClientInfo[62];
    PVOID glDispatchTable[233];
    ULONG_PTR glReserved1[29];
    PVOID glReserved2;
    PVOID glSectionInfo;
    PVOID glSection;
    PVOID glTable;
    PVOID glCurrentRC;
    PVOID glContext;
    NTSTATUS LastStatusValue;
    UNICODE_STRING StaticUnicodeString;
    WCHAR StaticUnicodeBuffer[261];
    PVOID DeallocationStack;
    PVOID TlsSlots[64];
    LIST_ENTRY TlsLinks;
    PVOID Vdm;
    PVOID ReservedForNtRpc;
    PVOID DbgSsReserved[2];
    ULONG HardErrorMode;
    PVOID Instrumentation[9];
    GUID ActivityId;
    PVOID SubProcessTag;
    PVOID PerflibData;
    PVOID EtwTraceData;
    PVOID WinSockData;
    ULONG GdiBatchCount;
    ULONG CurrentIdealProcessor;
    ULONG GuaranteedStackBytes;
    PVOID ReservedForPerf;
    PVOID ReservedForOle;
    ULONG WaitingOnLoaderLock;
    PVOID SavedPriorityState;
    ULONG_PTR ReservedForCodeCoverage;
    PVOID ThreadPoolData;
    PVOID *TlsExpansionSlots;
    ULONG MuiGeneration;
    ULONG IsImpersonating;
    PVOID NlsCache;
    PVOID pShimData;
    USHORT HeapVirtualAffinity;
    USHORT LowFragHeapDataSlot;
    HANDLE CurrentTransactionHandle;
    PVOID ActiveFrame;
    PVOID FlsData;
    PVOID PreferredLanguages;
    PVOID UserPrefLanguages;
    PVOID MergedPrefLanguages;
    ULONG MuiImpersonation;
    USHORT CrossTebFlags;
    USHORT SameTebFlags;
    PVOID TxnScopeEnterCallback;
    PVOID TxnScopeExitCallback;
    PVOID TxnScopeContext;
    ULONG LockCount;
    LONG WowTebOffset;
    PVOID ResourceRetValue;
    PVOID ReservedForWdf;
    ULONGLONG ReservedForCrt;
    GUID EffectiveContainerId;
} TEB, *PTEB;
NT_OFFSET(TEB, NtTib.Self, 0x18);
NT_OFFSET(TEB, ClientId, 0x20);
NT_OFFSET(TEB, ThreadLocalStoragePointer, 0x2C);
NT_OFFSET(TEB, ProcessEnvironmentBlock, 0x30);
NT_OFFSET(TEB, LastErrorValue, 0x34);
NT_OFFSET(TEB, Win32ThreadInfo, 0x40);
NT_OFFSET(TEB, WOW32Reserved, 0xC0);
NT_OFFSET(TEB, CurrentLocale, 0xC4);
NT_OFFSET(TEB, SystemReserved1, 0x10C);
NT_OFFSET(TEB, ActivationStack, 0x184);
NT_OFFSET(TEB, ExceptionCode, 0x1A4);
NT_OFFSET(TEB, ActivationContextStackPointer, 0x1A8);
NT_OFFSET(TEB, TxFsContext, 0x1D0);
NT_OFFSET(TEB, GdiTebBatch, 0x1D4);
NT_OFFSET(TEB, RealClientId, 0x6B4);
NT_OFFSET(TEB, Win32ClientInfo, 0x6CC);
NT_OFFSET(TEB, glDispatchTable, 0x7C4);
NT_OFFSET(TEB, LastStatusValue, 0xBF4);
NT_OFFSET(TEB, StaticUnicodeBuffer, 0xC00);
NT_OFFSET(TEB, DeallocationStack, 0xE0C);
NT_OFFSET(TEB, TlsSlots, 0xE10);
NT_OFFSET(TEB, TlsLinks, 0xF10);
NT_OFFSET(TEB, HardErrorMode, 0xF28);
NT_OFFSET(TEB, ActivityId, 0xF50);
NT_OFFSET(TEB, CurrentIdealProcessor, 0xF74);
NT_OFFSET(TEB, GuaranteedStackBytes, 0xF78);
NT_OFFSET(TEB, ReservedForOle, 0xF80);
NT_OFFSET(TEB, WaitingOnLoaderLock, 0xF84);
NT_OFFSET(TEB, TlsExpansionSlots, 0xF94);
NT_OFFSET(TEB, NlsCache, 0xFA0);
NT_OFFSET(TEB, FlsData, 0xFB4);
NT_OFFSET(TEB, SameTebFlags, 0xFCA);
NT_OFFSET(TEB, LockCount, 0xFD8);
NT_OFFSET(TEB, ReservedForCrt, 0xFE8);
NT_SIZE(TEB, 0x1000);

// TEB.SameTebFlags
#define TEB_SAFE_THUNK_CALL    0x0001
#define TEB_HAS_FIBER_DATA     0x0004
#define TEB_RAN_PROCESS_INIT   0x0020
#define TEB_INITIAL_THREAD     0x0400
#define TEB_LOADER_WORKER      0x2000
#define TEB_SKIP_THREAD_ATTACH 0x0008
#define TEB_SKIP_LOADER_INIT   0x4000

#ifdef __i386__
static inline TEB *teb_self(void)
{
    TEB *teb;
    __asm__("movl %%fs:0x18, %0" : "=r"(teb));
    return teb;
}
static inline PEB *peb_self(void)
{
    PEB *peb;
    __asm__("movl %%fs:0x30, %0" : "=r"(peb));
    return peb;
}
#endif

#endif
