// Prototypes of what ntdll exports and mingw-w64's headers do not declare. Sources: Microsoft's documentation
// where it exists, phnt's ntrtl.h and ntldr.h for the rest.
#ifndef LOWLAND_NT_RTL_H
#define LOWLAND_NT_RTL_H

// Loader
NTSTATUS NTAPI LdrLoadDll(PWSTR DllPath, PULONG DllCharacteristics, const UNICODE_STRING *DllName,
                          PVOID *DllHandle);
NTSTATUS NTAPI LdrUnloadDll(PVOID DllHandle);
NTSTATUS NTAPI LdrGetDllHandle(PWSTR DllPath, PULONG DllCharacteristics, const UNICODE_STRING *DllName,
                               PVOID *DllHandle);
NTSTATUS NTAPI LdrGetDllHandleEx(ULONG Flags, PWSTR DllPath, PULONG DllCharacteristics,
                                 const UNICODE_STRING *DllName, PVOID *DllHandle);
NTSTATUS NTAPI LdrGetDllFullName(PVOID DllHandle, UNICODE_STRING *FullDllName);
NTSTATUS NTAPI LdrGetDllPath(PCWSTR DllName, ULONG Flags, PWSTR *DllPath, PWSTR *SearchPaths);
NTSTATUS NTAPI LdrGetProcedureAddress(PVOID DllHandle, const ANSI_STRING *ProcedureName,
                                      ULONG ProcedureNumber, PVOID *ProcedureAddress);
NTSTATUS NTAPI LdrGetProcedureAddressEx(PVOID DllHandle, const ANSI_STRING *ProcedureName,
                                        ULONG ProcedureNumber, PVOID *ProcedureAddress, ULONG Flags);
NTSTATUS NTAPI LdrAddRefDll(ULONG Flags, PVOID DllHandle);
NTSTATUS NTAPI LdrLockLoaderLock(ULONG Flags, ULONG *Disposition, ULONG_PTR *Cookie);
NTSTATUS NTAPI LdrUnlockLoaderLock(ULONG Flags, ULONG_PTR Cookie);
NTSTATUS NTAPI LdrFindEntryForAddress(PVOID Address, PLDR_DATA_TABLE_ENTRY *Entry);
NTSTATUS NTAPI LdrEnumerateLoadedModules(BOOLEAN Reserved, PLDR_ENUM_CALLBACK Callback, PVOID Context);
NTSTATUS NTAPI LdrRegisterDllNotification(ULONG Flags, PLDR_DLL_NOTIFICATION_FUNCTION Function, PVOID Context,
                                          PVOID *Cookie);
NTSTATUS NTAPI LdrUnregisterDllNotification(PVOID Cookie);
NTSTATUS NTAPI LdrDisableThreadCalloutsForDll(PVOID DllHandle);
NTSTATUS NTAPI LdrFindResource_U(PVOID DllHandle, const LDR_RESOURCE_INFO *ResourceInfo, ULONG Level,
                                 const IMAGE_RESOURCE_DATA_ENTRY **Entry);
NTSTATUS NTAPI LdrFindResourceDirectory_U(PVOID DllHandle, const LDR_RESOURCE_INFO *ResourceInfo, ULONG Level,
                                          const IMAGE_RESOURCE_DIRECTORY **Directory);
NTSTATUS NTAPI LdrAccessResource(PVOID DllHandle, const IMAGE_RESOURCE_DATA_ENTRY *Entry, PVOID *Address,
                                 PULONG Size);
NTSTATUS NTAPI LdrFindResourceEx_U(ULONG Flags, PVOID DllHandle, const LDR_RESOURCE_INFO *ResourceInfo,
                                   ULONG Level, const IMAGE_RESOURCE_DATA_ENTRY **Entry);
NTSTATUS NTAPI LdrGetProcedureAddressForCaller(PVOID DllHandle, const ANSI_STRING *ProcedureName,
                                               ULONG ProcedureNumber, PVOID *ProcedureAddress, ULONG Flags,
                                               PVOID *Callback);
NTSTATUS NTAPI LdrSetDllDirectory(const UNICODE_STRING *Directory);
NTSTATUS NTAPI LdrGetDllDirectory(UNICODE_STRING *Directory);
NTSTATUS NTAPI LdrAddDllDirectory(const UNICODE_STRING *Directory, PVOID *Cookie);
NTSTATUS NTAPI LdrRemoveDllDirectory(PVOID Cookie);
NTSTATUS NTAPI LdrSetDefaultDllDirectories(ULONG Flags);
PVOID NTAPI LdrResolveDelayLoadedAPI(PVOID ParentModuleBase, const IMAGE_DELAYLOAD_DESCRIPTOR *Descriptor,
                                     PDELAYLOAD_FAILURE_DLL_CALLBACK FailureDllHook,
                                     PDELAYLOAD_FAILURE_SYSTEM_ROUTINE FailureSystemHook,
                                     PIMAGE_THUNK_DATA ThunkAddress, ULONG Flags);
BOOLEAN NTAPI RtlDllShutdownInProgress(void);
VOID NTAPI LdrShutdownProcess(void);
VOID NTAPI LdrShutdownThread(void);

NTSTATUS NTAPI ApiSetQueryApiSetPresence(const UNICODE_STRING *Namespace, BOOLEAN *Present);

// Activation contexts. The first is Lowland's own: Windows makes them in another process.
NTSTATUS NTAPI lowland_create_activation_context(const ACTCTXW *Wanted, struct _ACTIVATION_CONTEXT **Context);
VOID NTAPI RtlAddRefActivationContext(struct _ACTIVATION_CONTEXT *Context);
VOID NTAPI RtlReleaseActivationContext(struct _ACTIVATION_CONTEXT *Context);
NTSTATUS NTAPI RtlActivateActivationContext(ULONG Flags, struct _ACTIVATION_CONTEXT *Context,
                                            ULONG_PTR *Cookie);
NTSTATUS NTAPI RtlActivateActivationContextEx(ULONG Flags, PTEB Teb, struct _ACTIVATION_CONTEXT *Context,
                                              ULONG_PTR *Cookie);
VOID NTAPI RtlDeactivateActivationContext(ULONG Flags, ULONG_PTR Cookie);
VOID NTAPI RtlFreeThreadActivationContextStack(void);
NTSTATUS NTAPI RtlGetActiveActivationContext(struct _ACTIVATION_CONTEXT **Context);
BOOLEAN NTAPI RtlIsActivationContextActive(struct _ACTIVATION_CONTEXT *Context);
NTSTATUS NTAPI RtlQueryInformationActivationContext(ULONG Flags, struct _ACTIVATION_CONTEXT *Context,
                                                    const ULONG *SubInstance, ULONG Class, PVOID Buffer,
                                                    SIZE_T Size, SIZE_T *Needed);

// Images
PIMAGE_NT_HEADERS NTAPI RtlImageNtHeader(PVOID BaseOfImage);
NTSTATUS NTAPI RtlImageNtHeaderEx(ULONG Flags, PVOID BaseOfImage, ULONG64 Size, PIMAGE_NT_HEADERS *Headers);
PVOID NTAPI RtlImageDirectoryEntryToData(PVOID BaseOfImage, BOOLEAN MappedAsImage, USHORT Directory,
                                         PULONG Size);
PVOID NTAPI RtlImageRvaToVa(const IMAGE_NT_HEADERS *NtHeaders, PVOID BaseOfImage, ULONG Rva,
                            PIMAGE_SECTION_HEADER *LastRvaSection);
PIMAGE_SECTION_HEADER NTAPI RtlImageRvaToSection(const IMAGE_NT_HEADERS *NtHeaders, PVOID BaseOfImage,
                                                 ULONG Rva);
#undef RtlPcToFileHeader
PVOID NTAPI RtlPcToFileHeader(PVOID PcValue, PVOID *BaseOfImage);

// Exceptions
typedef LONG(NTAPI *PRTL_VECTORED_EXCEPTION_HANDLER)(EXCEPTION_POINTERS *ExceptionInfo);
PVOID NTAPI RtlAddVectoredExceptionHandler(ULONG First, PRTL_VECTORED_EXCEPTION_HANDLER Handler);
ULONG NTAPI RtlRemoveVectoredExceptionHandler(PVOID Handle);
PVOID NTAPI RtlAddVectoredContinueHandler(ULONG First, PRTL_VECTORED_EXCEPTION_HANDLER Handler);
ULONG NTAPI RtlRemoveVectoredContinueHandler(PVOID Handle);
VOID NTAPI RtlRaiseException(PEXCEPTION_RECORD ExceptionRecord);
VOID NTAPI RtlRaiseStatus(NTSTATUS Status);
VOID NTAPI RtlCaptureContext(PCONTEXT ContextRecord);
USHORT NTAPI RtlCaptureStackBackTrace(ULONG FramesToSkip, ULONG FramesToCapture, PVOID *BackTrace,
                                      PULONG Hash);
ULONG NTAPI RtlWalkFrameChain(PVOID *Callers, ULONG Count, ULONG Flags);
BOOLEAN NTAPI RtlDispatchException(PEXCEPTION_RECORD ExceptionRecord, PCONTEXT ContextRecord);
typedef LONG(NTAPI *PRTLP_UNHANDLED_EXCEPTION_FILTER)(EXCEPTION_POINTERS *ExceptionInfo);
VOID NTAPI RtlSetUnhandledExceptionFilter(PRTLP_UNHANDLED_EXCEPTION_FILTER Filter);

// Process and thread
VOID NTAPI RtlExitUserThread(NTSTATUS ExitStatus) __attribute__((noreturn));
VOID NTAPI RtlExitUserProcess(NTSTATUS ExitStatus) __attribute__((noreturn));
NTSTATUS NTAPI RtlCreateUserThread(HANDLE Process, PSECURITY_DESCRIPTOR SecurityDescriptor,
                                   BOOLEAN CreateSuspended, ULONG ZeroBits, SIZE_T MaximumStackSize,
                                   SIZE_T CommittedStackSize, PUSER_THREAD_START_ROUTINE StartAddress,
                                   PVOID Parameter, PHANDLE Thread, CLIENT_ID *ClientId);
PPEB NTAPI RtlGetCurrentPeb(void);
VOID NTAPI RtlAcquirePebLock(void);
VOID NTAPI RtlReleasePebLock(void);
NTSTATUS NTAPI RtlCreateProcessParametersEx(
    PRTL_USER_PROCESS_PARAMETERS *Parameters, const UNICODE_STRING *ImagePathName,
    const UNICODE_STRING *DllPath, const UNICODE_STRING *CurrentDirectory, const UNICODE_STRING *CommandLine,
    PVOID Environment, const UNICODE_STRING *WindowTitle, const UNICODE_STRING *DesktopInfo,
    const UNICODE_STRING *ShellInfo, const UNICODE_STRING *RuntimeData, ULONG Flags);
NTSTATUS NTAPI RtlDestroyProcessParameters(PRTL_USER_PROCESS_PARAMETERS Parameters);
ULONG NTAPI RtlGetLastWin32Error(void);
VOID NTAPI RtlSetLastWin32Error(ULONG Error);
VOID NTAPI RtlSetLastWin32ErrorAndNtStatusFromNtStatus(NTSTATUS Status);
NTSTATUS NTAPI RtlGetLastNtStatus(void);

// Locks
NTSTATUS NTAPI RtlInitializeCriticalSection(PRTL_CRITICAL_SECTION Section);
NTSTATUS NTAPI RtlInitializeCriticalSectionAndSpinCount(PRTL_CRITICAL_SECTION Section, ULONG SpinCount);
NTSTATUS NTAPI RtlInitializeCriticalSectionEx(PRTL_CRITICAL_SECTION Section, ULONG SpinCount, ULONG Flags);
NTSTATUS NTAPI RtlEnterCriticalSection(PRTL_CRITICAL_SECTION Section);
NTSTATUS NTAPI RtlLeaveCriticalSection(PRTL_CRITICAL_SECTION Section);
BOOL NTAPI RtlTryEnterCriticalSection(PRTL_CRITICAL_SECTION Section);
NTSTATUS NTAPI RtlDeleteCriticalSection(PRTL_CRITICAL_SECTION Section);
ULONG NTAPI RtlSetCriticalSectionSpinCount(PRTL_CRITICAL_SECTION Section, ULONG SpinCount);
VOID NTAPI RtlAcquireSRWLockExclusive(PRTL_SRWLOCK Lock);
VOID NTAPI RtlAcquireSRWLockShared(PRTL_SRWLOCK Lock);
VOID NTAPI RtlReleaseSRWLockExclusive(PRTL_SRWLOCK Lock);
VOID NTAPI RtlReleaseSRWLockShared(PRTL_SRWLOCK Lock);
BOOLEAN NTAPI RtlTryAcquireSRWLockExclusive(PRTL_SRWLOCK Lock);
BOOLEAN NTAPI RtlTryAcquireSRWLockShared(PRTL_SRWLOCK Lock);
VOID NTAPI RtlInitializeSRWLock(PRTL_SRWLOCK Lock);

// Heap (RtlAllocateHeap, RtlFreeHeap, RtlCreateHeap and RtlDestroyHeap: winternl.h)
PVOID NTAPI RtlReAllocateHeap(PVOID Heap, ULONG Flags, PVOID Block, SIZE_T Size);
SIZE_T NTAPI RtlSizeHeap(PVOID Heap, ULONG Flags, const void *Block);
BOOLEAN NTAPI RtlValidateHeap(PVOID Heap, ULONG Flags, const void *Block);
BOOLEAN NTAPI RtlLockHeap(PVOID Heap);
BOOLEAN NTAPI RtlUnlockHeap(PVOID Heap);
SIZE_T NTAPI RtlCompactHeap(PVOID Heap, ULONG Flags);

// Strings
int NTAPI RtlCompareUnicodeString(PCUNICODE_STRING String1, PCUNICODE_STRING String2,
                                  BOOLEAN CaseInsensitive);
LONG NTAPI RtlCompareUnicodeStrings(PCWCH String1, SIZE_T Length1, PCWCH String2, SIZE_T Length2,
                                    BOOLEAN CaseInsensitive);
BOOLEAN NTAPI RtlEqualUnicodeString(PCUNICODE_STRING String1, PCUNICODE_STRING String2,
                                    BOOLEAN CaseInsensitive);
NTSTATUS NTAPI RtlHashUnicodeString(PCUNICODE_STRING String, BOOLEAN CaseInsensitive, ULONG Algorithm,
                                    PULONG Hash);
NTSTATUS NTAPI RtlInitUnicodeStringEx(PUNICODE_STRING String, PCWSTR Source);
NTSTATUS NTAPI RtlDuplicateUnicodeString(ULONG Flags, PCUNICODE_STRING Source, PUNICODE_STRING Destination);
BOOLEAN NTAPI RtlCreateUnicodeString(PUNICODE_STRING Destination, PCWSTR Source);
VOID NTAPI RtlCopyUnicodeString(PUNICODE_STRING Destination, PCUNICODE_STRING Source);
NTSTATUS NTAPI RtlAppendUnicodeToString(PUNICODE_STRING Destination, PCWSTR Source);
NTSTATUS NTAPI RtlAppendUnicodeStringToString(PUNICODE_STRING Destination, PCUNICODE_STRING Source);
WCHAR NTAPI RtlUpcaseUnicodeChar(WCHAR Character);
WCHAR NTAPI RtlDowncaseUnicodeChar(WCHAR Character);
NTSTATUS NTAPI RtlUpcaseUnicodeString(PUNICODE_STRING Destination, PCUNICODE_STRING Source, BOOLEAN Allocate);
NTSTATUS NTAPI RtlDowncaseUnicodeString(PUNICODE_STRING Destination, PCUNICODE_STRING Source,
                                        BOOLEAN Allocate);
NTSTATUS NTAPI RtlMultiByteToUnicodeN(PWCH Unicode, ULONG UnicodeSize, PULONG Result, const CHAR *Source,
                                      ULONG Size);
NTSTATUS NTAPI RtlMultiByteToUnicodeSize(PULONG Result, const CHAR *Source, ULONG Size);
NTSTATUS NTAPI RtlUnicodeToMultiByteN(PCHAR Destination, ULONG Size, PULONG Result, PCWCH Source,
                                      ULONG SourceSize);
NTSTATUS NTAPI RtlOemToUnicodeN(PWCH Unicode, ULONG UnicodeSize, PULONG Result, const CHAR *Source,
                                ULONG Size);
NTSTATUS NTAPI RtlUnicodeToOemN(PCHAR Destination, ULONG Size, PULONG Result, PCWCH Source, ULONG SourceSize);
NTSTATUS NTAPI RtlUTF8ToUnicodeN(PWSTR Unicode, ULONG UnicodeSize, PULONG Result, PCCH Source, ULONG Size);
NTSTATUS NTAPI RtlUnicodeToUTF8N(PCHAR Destination, ULONG Size, PULONG Result, PCWCH Source,
                                 ULONG SourceSize);
NTSTATUS NTAPI RtlUnicodeStringToInteger(PCUNICODE_STRING String, ULONG Base, PULONG Value);
NTSTATUS NTAPI RtlIntegerToUnicodeString(ULONG Value, ULONG Base, PUNICODE_STRING String);

// Paths and environment
typedef enum _RTL_PATH_TYPE {
    RtlPathTypeUnknown,
    RtlPathTypeUncAbsolute,
    RtlPathTypeDriveAbsolute,
    RtlPathTypeDriveRelative,
    RtlPathTypeRooted,
    RtlPathTypeRelative,
    RtlPathTypeLocalDevice,
    RtlPathTypeRootLocalDevice
} RTL_PATH_TYPE;
typedef struct _RTL_RELATIVE_NAME_U {
    UNICODE_STRING RelativeName;
    HANDLE ContainingDirectory;
    PVOID CurDirRef;
} RTL_RELATIVE_NAME_U, *PRTL_RELATIVE_NAME_U;
RTL_PATH_TYPE NTAPI RtlDetermineDosPathNameType_U(PCWSTR DosFileName);
ULONG NTAPI RtlIsDosDeviceName_U(PCWSTR DosFileName);
ULONG NTAPI RtlGetFullPathName_U(PCWSTR FileName, ULONG BufferLength, PWSTR Buffer, PWSTR *FilePart);
NTSTATUS NTAPI RtlGetFullPathName_UEx(PCWSTR FileName, ULONG BufferLength, PWSTR Buffer, PWSTR *FilePart,
                                      ULONG *Length);
ULONG NTAPI RtlGetCurrentDirectory_U(ULONG BufferLength, PWSTR Buffer);
NTSTATUS NTAPI RtlSetCurrentDirectory_U(PCUNICODE_STRING PathName);
NTSTATUS NTAPI RtlDosPathNameToNtPathName_U_WithStatus(PCWSTR DosFileName, PUNICODE_STRING NtFileName,
                                                       PWSTR *FilePart, PRTL_RELATIVE_NAME_U RelativeName);
NTSTATUS NTAPI RtlDosPathNameToRelativeNtPathName_U_WithStatus(PCWSTR DosFileName, PUNICODE_STRING NtFileName,
                                                               PWSTR *FilePart,
                                                               PRTL_RELATIVE_NAME_U RelativeName);
VOID NTAPI RtlReleaseRelativeName(PRTL_RELATIVE_NAME_U RelativeName);
BOOLEAN NTAPI RtlDoesFileExists_U(PCWSTR FileName);
ULONG NTAPI RtlDosSearchPath_U(PCWSTR Path, PCWSTR FileName, PCWSTR Extension, ULONG BufferLength,
                               PWSTR Buffer, PWSTR *FilePart);
NTSTATUS NTAPI RtlDosApplyFileIsolationRedirection_Ustr(ULONG Flags, PCUNICODE_STRING OriginalName,
                                                        PCUNICODE_STRING Extension,
                                                        PUNICODE_STRING StaticString,
                                                        PUNICODE_STRING DynamicString,
                                                        PUNICODE_STRING *NewName, PULONG NewFlags,
                                                        PSIZE_T FileNameSize, PSIZE_T RequiredLength);
NTSTATUS NTAPI RtlQueryEnvironmentVariable_U(PVOID Environment, PCUNICODE_STRING Name, PUNICODE_STRING Value);
NTSTATUS NTAPI RtlQueryEnvironmentVariable(PVOID Environment, PCWSTR Name, SIZE_T NameLength, PWSTR Value,
                                           SIZE_T ValueLength, PSIZE_T ReturnLength);
NTSTATUS NTAPI RtlSetEnvironmentVariable(PVOID *Environment, PCUNICODE_STRING Name, PCUNICODE_STRING Value);
NTSTATUS NTAPI RtlSetEnvironmentVar(PVOID *Environment, PCWSTR Name, SIZE_T NameLength, PCWSTR Value,
                                    SIZE_T ValueLength);
NTSTATUS NTAPI RtlExpandEnvironmentStrings_U(PVOID Environment, PCUNICODE_STRING Source,
                                             PUNICODE_STRING Destination, PULONG ReturnedLength);
NTSTATUS NTAPI RtlCreateEnvironment(BOOLEAN CloneCurrent, PVOID *Environment);
NTSTATUS NTAPI RtlDestroyEnvironment(PVOID Environment);

// Fiber-local storage
NTSTATUS NTAPI RtlFlsAlloc(PFLS_CALLBACK_FUNCTION Callback, PULONG Index);
NTSTATUS NTAPI RtlFlsFree(ULONG Index);
NTSTATUS NTAPI RtlFlsGetValue(ULONG Index, PVOID *Value);
NTSTATUS NTAPI RtlFlsSetValue(ULONG Index, PVOID Value);
VOID NTAPI RtlProcessFlsData(PVOID FlsData, ULONG Flags);

// Version, time, messages
NTSTATUS NTAPI RtlGetVersion(PRTL_OSVERSIONINFOW VersionInformation);
VOID NTAPI RtlGetNtVersionNumbers(PULONG Major, PULONG Minor, PULONG Build);
BOOLEAN NTAPI RtlTimeToSecondsSince1980(PLARGE_INTEGER Time, PULONG Seconds);
NTSTATUS NTAPI RtlFindMessage(PVOID DllHandle, ULONG TableId, ULONG Language, ULONG MessageId,
                              PMESSAGE_RESOURCE_ENTRY *Entry);

// Wait on address
NTSTATUS NTAPI RtlWaitOnAddress(const void *Address, const void *Compare, SIZE_T Size,
                                const LARGE_INTEGER *Timeout);
VOID NTAPI RtlWakeAddressAll(const void *Address);
VOID NTAPI RtlWakeAddressSingle(const void *Address);

// Locks, condition variables, one-time initialisation (Win32's names for the types are the same structures)
VOID NTAPI RtlInitializeConditionVariable(PRTL_CONDITION_VARIABLE Variable);
NTSTATUS NTAPI RtlSleepConditionVariableCS(PRTL_CONDITION_VARIABLE Variable, PRTL_CRITICAL_SECTION Section,
                                           const LARGE_INTEGER *Timeout);
NTSTATUS NTAPI RtlSleepConditionVariableSRW(PRTL_CONDITION_VARIABLE Variable, PRTL_SRWLOCK Lock,
                                            const LARGE_INTEGER *Timeout, ULONG Flags);
VOID NTAPI RtlWakeConditionVariable(PRTL_CONDITION_VARIABLE Variable);
VOID NTAPI RtlWakeAllConditionVariable(PRTL_CONDITION_VARIABLE Variable);
NTSTATUS NTAPI RtlRunOnceBeginInitialize(PRTL_RUN_ONCE Once, ULONG Flags, PVOID *Context);
NTSTATUS NTAPI RtlRunOnceComplete(PRTL_RUN_ONCE Once, ULONG Flags, PVOID Context);
NTSTATUS NTAPI RtlRunOnceExecuteOnce(PRTL_RUN_ONCE Once, PRTL_RUN_ONCE_INIT_FN Function, PVOID Parameter,
                                     PVOID *Context);

// Bitmaps
#ifndef _NTDEF_
typedef struct _RTL_BITMAP {
    ULONG SizeOfBitMap;
    PULONG Buffer;
} RTL_BITMAP, *PRTL_BITMAP;
#endif
VOID NTAPI RtlInitializeBitMap(PRTL_BITMAP Map, PULONG Buffer, ULONG Size);
ULONG NTAPI RtlFindClearBitsAndSet(PRTL_BITMAP Map, ULONG Count, ULONG Hint);
BOOLEAN NTAPI RtlAreBitsSet(PRTL_BITMAP Map, ULONG Start, ULONG Count);
VOID NTAPI RtlClearBits(PRTL_BITMAP Map, ULONG Start, ULONG Count);

// Pointers, heaps beyond the basic calls, environment blocks, DLL directories
PVOID NTAPI RtlEncodePointer(PVOID Pointer);
PVOID NTAPI RtlDecodePointer(PVOID Pointer);
ULONG NTAPI RtlGetProcessHeaps(ULONG Count, PVOID *Heaps);
VOID NTAPI RtlSetCurrentEnvironment(PVOID Environment, PVOID *Previous);
NTSTATUS NTAPI LdrSetDllDirectory(const UNICODE_STRING *Directory);
NTSTATUS NTAPI LdrGetDllDirectory(UNICODE_STRING *Directory);
NTSTATUS NTAPI LdrAddDllDirectory(const UNICODE_STRING *Directory, PVOID *Cookie);
NTSTATUS NTAPI LdrRemoveDllDirectory(PVOID Cookie);
NTSTATUS NTAPI LdrSetDefaultDllDirectories(ULONG Flags);

// What a code page table of NtGetNlsSectionPtr (section type 11) holds
VOID NTAPI RtlInitCodePageTable(PUSHORT Table, PCPTABLEINFO Info);

// Debugging
ULONG __cdecl DbgPrint(PCSTR Format, ...);
VOID NTAPI DbgBreakPoint(void);

#endif
