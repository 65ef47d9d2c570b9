// More of ntdll's run-time library: what rtl.h, which serves the loader, doesn't need. Sources: Microsoft's
// documentation where it exists, phnt's ntrtl.h, mingw-w64's ddk headers.
#ifndef LOWLAND_NT_RTL_LIB_H
#define LOWLAND_NT_RTL_LIB_H

typedef ULONG LOGICAL;

#define HASH_STRING_ALGORITHM_DEFAULT 0
#define HASH_STRING_ALGORITHM_X65599  1

// Heap
#define HEAP_SETTABLE_USER_VALUE   0x0100
#define HEAP_SETTABLE_USER_FLAG1   0x0200
#define HEAP_SETTABLE_USER_FLAG2   0x0400
#define HEAP_SETTABLE_USER_FLAG3   0x0800
#define HEAP_SETTABLE_USER_FLAGS   0x0E00

#define RTL_HEAP_BUSY              0x0001
#define RTL_HEAP_SEGMENT           0x0002
#define RTL_HEAP_SETTABLE_VALUE    0x0010
#define RTL_HEAP_SETTABLE_FLAG1    0x0020
#define RTL_HEAP_SETTABLE_FLAG2    0x0040
#define RTL_HEAP_SETTABLE_FLAG3    0x0080
#define RTL_HEAP_UNCOMMITTED_RANGE 0x0100

typedef struct _RTL_HEAP_WALK_ENTRY {
    PVOID DataAddress;
    SIZE_T DataSize;
    UCHAR OverheadBytes;
    UCHAR SegmentIndex;
    USHORT Flags;
    union {
        struct {
            SIZE_T Settable;
            USHORT TagIndex;
            USHORT AllocatorBackTraceIndex;
            ULONG Reserved[2];
        } Block;
        struct {
            ULONG CommittedSize;
            ULONG UnCommittedSize;
            PVOID FirstEntry;
            PVOID LastEntry;
        } Segment;
    };
} RTL_HEAP_WALK_ENTRY, *PRTL_HEAP_WALK_ENTRY;
NT_SIZE(RTL_HEAP_WALK_ENTRY, 0x1C);

// A BOOL in EAX, as HeapFree promises, not winternl.h's BOOLEAN.
LOGICAL NTAPI RtlFreeHeap(PVOID Heap, ULONG Flags, PVOID Block);

typedef NTSTATUS(NTAPI *PRTL_ENUM_HEAPS_ROUTINE)(PVOID Heap, PVOID Parameter);

NTSTATUS NTAPI RtlWalkHeap(PVOID Heap, PRTL_HEAP_WALK_ENTRY Entry);
ULONG NTAPI RtlGetProcessHeaps(ULONG Count, PVOID *Heaps);
NTSTATUS NTAPI RtlEnumProcessHeaps(PRTL_ENUM_HEAPS_ROUTINE Routine, PVOID Parameter);
BOOLEAN NTAPI RtlGetUserInfoHeap(PVOID Heap, ULONG Flags, PVOID Block, PVOID *Value, PULONG UserFlags);
BOOLEAN NTAPI RtlSetUserValueHeap(PVOID Heap, ULONG Flags, PVOID Block, PVOID Value);
BOOLEAN NTAPI RtlSetUserFlagsHeap(PVOID Heap, ULONG Flags, PVOID Block, ULONG Reset, ULONG Set);
BOOLEAN NTAPI RtlValidateProcessHeaps(void);

// Locks
BOOL NTAPI RtlIsCriticalSectionLocked(PRTL_CRITICAL_SECTION Section);
BOOL NTAPI RtlIsCriticalSectionLockedByThread(PRTL_CRITICAL_SECTION Section);
ULONG NTAPI RtlGetCriticalSectionRecursionCount(PRTL_CRITICAL_SECTION Section);
HANDLE NTAPI RtlQueryCriticalSectionOwner(PRTL_CRITICAL_SECTION Section);
VOID NTAPI RtlInitializeConditionVariable(PRTL_CONDITION_VARIABLE Variable);
VOID NTAPI RtlWakeConditionVariable(PRTL_CONDITION_VARIABLE Variable);
VOID NTAPI RtlWakeAllConditionVariable(PRTL_CONDITION_VARIABLE Variable);
NTSTATUS NTAPI RtlSleepConditionVariableCS(PRTL_CONDITION_VARIABLE Variable, PRTL_CRITICAL_SECTION Section,
                                           const LARGE_INTEGER *Timeout);
NTSTATUS NTAPI RtlSleepConditionVariableSRW(PRTL_CONDITION_VARIABLE Variable, PRTL_SRWLOCK Lock,
                                            const LARGE_INTEGER *Timeout, ULONG Flags);
VOID NTAPI RtlRunOnceInitialize(PRTL_RUN_ONCE Once);
NTSTATUS NTAPI RtlRunOnceBeginInitialize(PRTL_RUN_ONCE Once, ULONG Flags, PVOID *Context);
NTSTATUS NTAPI RtlRunOnceComplete(PRTL_RUN_ONCE Once, ULONG Flags, PVOID Context);
NTSTATUS NTAPI RtlRunOnceExecuteOnce(PRTL_RUN_ONCE Once, PRTL_RUN_ONCE_INIT_FN Function, PVOID Parameter,
                                     PVOID *Context);

// clock
LOGICAL NTAPI RtlQueryPerformanceCounter(LARGE_INTEGER *counter);
LOGICAL NTAPI RtlQueryPerformanceFrequency(LARGE_INTEGER *frequency);
ULONG NTAPI RtlGetTickCount(void);
LONGLONG NTAPI RtlGetInterruptTimePrecise(LARGE_INTEGER *counter);
LOGICAL NTAPI RtlQueryUnbiasedInterruptTime(LARGE_INTEGER *time);
LARGE_INTEGER NTAPI RtlGetSystemTimePrecise(void);

// mem
SIZE_T NTAPI RtlCompareMemoryUlong(void *block, SIZE_T n, ULONG pattern);
void NTAPI RtlFillMemoryUlong(void *block, SIZE_T n, ULONG pattern);
void NTAPI RtlFillMemoryUlonglong(void *block, SIZE_T n, ULONGLONG pattern);
BOOLEAN NTAPI RtlIsZeroMemory(const void *block, SIZE_T n);

// nls
void NTAPI RtlInitNlsTables(PUSHORT ansi, PUSHORT oem, PUSHORT case_table, PNLSTABLEINFO info);
void NTAPI RtlResetRtlTranslations(const NLSTABLEINFO *info);
NTSTATUS NTAPI RtlCustomCPToUnicodeN(PCPTABLEINFO page, PWCH out, ULONG out_size, PULONG result, PCH in,
                                     ULONG in_size);
NTSTATUS NTAPI RtlUnicodeToCustomCPN(PCPTABLEINFO page, PCH out, ULONG out_size, PULONG result, PWCH in,
                                     ULONG in_size);
NTSTATUS NTAPI RtlUpcaseUnicodeToCustomCPN(PCPTABLEINFO page, PCH out, ULONG out_size, PULONG result, PWCH in,
                                           ULONG in_size);
NTSTATUS NTAPI RtlConsoleMultiByteToUnicodeN(PWCH out, ULONG out_size, PULONG result, const CHAR *in,
                                             ULONG in_size, ULONG *special);
NTSTATUS NTAPI RtlUpcaseUnicodeToMultiByteN(PCHAR out, ULONG out_size, PULONG result, PCWCH in,
                                            ULONG in_size);
NTSTATUS NTAPI RtlUpcaseUnicodeToOemN(PCHAR out, ULONG out_size, PULONG result, PCWCH in, ULONG in_size);
WCHAR NTAPI RtlAnsiCharToUnicodeChar(PUCHAR *text);

// status_error
ULONG NTAPI RtlNtStatusToDosErrorNoTeb(NTSTATUS status);

// string
void NTAPI RtlInitUTF8String(PSTRING string, PCSZ source);
NTSTATUS NTAPI RtlInitUTF8StringEx(PSTRING string, PCSZ source);
void NTAPI RtlFreeUTF8String(PSTRING string);
void NTAPI RtlEraseUnicodeString(PUNICODE_STRING string);
void NTAPI RtlCopyString(PSTRING string, const STRING *source);
NTSTATUS NTAPI RtlAppendStringToString(PSTRING string, const STRING *source);
NTSTATUS NTAPI RtlAppendAsciizToString(PSTRING string, PCSZ source);
CHAR NTAPI RtlUpperChar(CHAR c);
LONG NTAPI RtlCompareString(const STRING *a, const STRING *b, BOOLEAN insensitive);
BOOLEAN NTAPI RtlEqualString(const STRING *a, const STRING *b, BOOLEAN insensitive);
BOOLEAN NTAPI RtlPrefixString(const STRING *prefix, const STRING *string, BOOLEAN insensitive);
void NTAPI RtlUpperString(PSTRING string, const STRING *source);
NTSTATUS NTAPI RtlFindCharInUnicodeString(ULONG flags, PCUNICODE_STRING string, PCUNICODE_STRING sought,
                                          PUSHORT position);
PWCHAR NTAPI RtlFindUnicodeSubstring(PCUNICODE_STRING string, PCUNICODE_STRING sought, BOOLEAN insensitive);
NTSTATUS NTAPI RtlValidateUnicodeString(ULONG flags, PCUNICODE_STRING string);

// string_convert
NTSTATUS NTAPI RtlOemStringToUnicodeString(PUNICODE_STRING out, const STRING *in, BOOLEAN allocate);
NTSTATUS NTAPI RtlUpcaseUnicodeStringToAnsiString(PSTRING out, PCUNICODE_STRING in, BOOLEAN allocate);
NTSTATUS NTAPI RtlUpcaseUnicodeStringToOemString(PSTRING out, PCUNICODE_STRING in, BOOLEAN allocate);
NTSTATUS NTAPI RtlUnicodeStringToCountedOemString(PSTRING out, PCUNICODE_STRING in, BOOLEAN allocate);
NTSTATUS NTAPI RtlUpcaseUnicodeStringToCountedOemString(PSTRING out, PCUNICODE_STRING in, BOOLEAN allocate);
NTSTATUS NTAPI RtlUTF8StringToUnicodeString(PUNICODE_STRING out, const STRING *in, BOOLEAN allocate);
NTSTATUS NTAPI RtlUnicodeStringToUTF8String(PSTRING out, PCUNICODE_STRING in, BOOLEAN allocate);
ULONG NTAPI RtlxAnsiStringToUnicodeSize(PCANSI_STRING in);
ULONG NTAPI RtlxOemStringToUnicodeSize(const STRING *in);
ULONG NTAPI RtlxUnicodeStringToAnsiSize(PCUNICODE_STRING in);
ULONG NTAPI RtlxUnicodeStringToOemSize(PCUNICODE_STRING in);
NTSTATUS NTAPI RtlIntegerToChar(ULONG value, ULONG base, ULONG length, PCHAR out);
NTSTATUS NTAPI RtlLargeIntegerToChar(const ULONGLONG *value, ULONG base, ULONG length, PCHAR out);
NTSTATUS NTAPI RtlInt64ToUnicodeString(ULONGLONG value, ULONG base, PUNICODE_STRING string);

// environment
NTSTATUS NTAPI RtlCreateEnvironmentEx(PVOID source, PVOID *environment, ULONG flags);
NTSTATUS NTAPI RtlSetEnvironmentStrings(const WCHAR *strings, SIZE_T size);
NTSTATUS NTAPI RtlExpandEnvironmentStrings(PVOID environment, PCWSTR source, SIZE_T length, PWSTR out,
                                           SIZE_T out_length, PSIZE_T returned);

// path
BOOLEAN NTAPI RtlDosPathNameToRelativeNtPathName_U(PCWSTR path, PUNICODE_STRING out, PWSTR *file_part,
                                                   PRTL_RELATIVE_NAME_U relative);
ULONG NTAPI RtlGetLongestNtPathLength(void);

// pointer
PVOID NTAPI RtlEncodeSystemPointer(PVOID pointer);
PVOID NTAPI RtlDecodeSystemPointer(PVOID pointer);

// rtl_init
BOOLEAN NTAPI RtlTryAcquirePebLock(void);

#endif
