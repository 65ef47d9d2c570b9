// More of ntdll's run-time library: what rtl.h, which serves the loader, doesn't need. Sources: Microsoft's
// documentation where it exists, phnt's ntrtl.h, mingw-w64's ddk headers.
#ifndef LOWLAND_NT_RTL_LIB_H
#define LOWLAND_NT_RTL_LIB_H

typedef ULONG LOGICAL;

typedef struct _TIME_FIELDS {
    SHORT Year;
    SHORT Month;
    SHORT Day;
    SHORT Hour;
    SHORT Minute;
    SHORT Second;
    SHORT Milliseconds;
    SHORT Weekday;
} TIME_FIELDS, *PTIME_FIELDS;

typedef struct _RTL_BITMAP_RUN {
    ULONG StartingIndex;
    ULONG NumberOfBits;
} RTL_BITMAP_RUN, *PRTL_BITMAP_RUN;

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
#define RTL_HEAP_BLOCK             0x0010
#define RTL_HEAP_UNCOMMITTED_RANGE 0x1000
#define RTL_HEAP_COMMITTED         0x4000
#define RTL_HEAP_FRONT_END         0x8000 // of the low-fragmentation heap

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

// acl
NTSTATUS NTAPI RtlCreateAcl(PACL acl, ULONG size, ULONG revision);
BOOLEAN NTAPI RtlFirstFreeAce(PACL acl, PACE_HEADER *free_ace);
BOOLEAN NTAPI RtlValidAcl(PACL acl);
NTSTATUS NTAPI RtlGetAce(PACL acl, ULONG index, PVOID *out);
NTSTATUS NTAPI RtlAddAce(PACL acl, ULONG revision, ULONG index, PVOID list, ULONG length);
NTSTATUS NTAPI RtlDeleteAce(PACL acl, ULONG index);
NTSTATUS NTAPI RtlAddAccessAllowedAce(PACL acl, ULONG revision, ACCESS_MASK mask, PSID sid);
NTSTATUS NTAPI RtlAddAccessAllowedAceEx(PACL acl, ULONG revision, ULONG flags, ACCESS_MASK mask, PSID sid);
NTSTATUS NTAPI RtlAddAccessDeniedAce(PACL acl, ULONG revision, ACCESS_MASK mask, PSID sid);
NTSTATUS NTAPI RtlAddAccessDeniedAceEx(PACL acl, ULONG revision, ULONG flags, ACCESS_MASK mask, PSID sid);
NTSTATUS NTAPI RtlAddAuditAccessAceEx(PACL acl, ULONG revision, ULONG flags, ACCESS_MASK mask, PSID sid,
                                      BOOLEAN success, BOOLEAN failure);
NTSTATUS NTAPI RtlAddAuditAccessAce(PACL acl, ULONG revision, ACCESS_MASK mask, PSID sid, BOOLEAN success,
                                    BOOLEAN failure);
NTSTATUS NTAPI RtlAddMandatoryAce(PACL acl, ULONG revision, ULONG flags, PSID sid, BYTE type, ULONG policy);
NTSTATUS NTAPI RtlQueryInformationAcl(PACL acl, PVOID buffer, ULONG length, ACL_INFORMATION_CLASS class);

// bitmap
void NTAPI RtlClearAllBits(PRTL_BITMAP map);
void NTAPI RtlSetAllBits(PRTL_BITMAP map);
void NTAPI RtlSetBits(PRTL_BITMAP map, ULONG start, ULONG count);
void NTAPI RtlSetBit(PRTL_BITMAP map, ULONG bit);
void NTAPI RtlClearBit(PRTL_BITMAP map, ULONG bit);
BOOLEAN NTAPI RtlTestBit(const RTL_BITMAP *map, ULONG bit);
BOOLEAN NTAPI RtlAreBitsClear(PRTL_BITMAP map, ULONG start, ULONG count);
ULONG NTAPI RtlFindClearBits(const RTL_BITMAP *map, ULONG count, ULONG hint);
ULONG NTAPI RtlFindSetBits(const RTL_BITMAP *map, ULONG count, ULONG hint);
ULONG NTAPI RtlFindSetBitsAndClear(PRTL_BITMAP map, ULONG count, ULONG hint);
ULONG NTAPI RtlNumberOfSetBits(const RTL_BITMAP *map);
ULONG NTAPI RtlNumberOfClearBits(const RTL_BITMAP *map);
ULONG NTAPI RtlFindNextForwardRunClear(const RTL_BITMAP *map, ULONG start, PULONG position);
ULONG NTAPI RtlFindLastBackwardRunClear(const RTL_BITMAP *map, ULONG start, PULONG position);
ULONG NTAPI RtlFindLongestRunClear(const RTL_BITMAP *map, PULONG position);
ULONG NTAPI RtlFindLongestRunSet(const RTL_BITMAP *map, PULONG position);
ULONG NTAPI RtlFindClearRuns(const RTL_BITMAP *map, PRTL_BITMAP_RUN runs, ULONG count, BOOLEAN longest);
CCHAR NTAPI RtlFindMostSignificantBit(ULONGLONG value);
CCHAR NTAPI RtlFindLeastSignificantBit(ULONGLONG value);

// misc
ULONG NTAPI RtlComputeCrc32(ULONG initial, const void *data, ULONG length);
ULONG NTAPI RtlRandom(PULONG seed);
ULONG NTAPI RtlRandomEx(PULONG seed);
LARGE_INTEGER NTAPI RtlLargeIntegerAdd(LARGE_INTEGER a, LARGE_INTEGER b);
LARGE_INTEGER NTAPI RtlLargeIntegerSubtract(LARGE_INTEGER a, LARGE_INTEGER b);
LARGE_INTEGER NTAPI RtlLargeIntegerNegate(LARGE_INTEGER a);
LARGE_INTEGER NTAPI RtlLargeIntegerShiftLeft(LARGE_INTEGER a, CCHAR count);
LARGE_INTEGER NTAPI RtlLargeIntegerShiftRight(LARGE_INTEGER a, CCHAR count);
LARGE_INTEGER NTAPI RtlLargeIntegerArithmeticShift(LARGE_INTEGER a, CCHAR count);
LARGE_INTEGER NTAPI RtlLargeIntegerDivide(ULARGE_INTEGER a, ULARGE_INTEGER b, PULARGE_INTEGER remainder);
LARGE_INTEGER NTAPI RtlConvertLongToLargeInteger(LONG a);
LARGE_INTEGER NTAPI RtlConvertUlongToLargeInteger(ULONG a);
LARGE_INTEGER NTAPI RtlEnlargedIntegerMultiply(LONG a, LONG b);
LARGE_INTEGER NTAPI RtlEnlargedUnsignedMultiply(ULONG a, ULONG b);
ULONG NTAPI RtlEnlargedUnsignedDivide(ULARGE_INTEGER a, ULONG b, PULONG remainder);
LARGE_INTEGER NTAPI RtlExtendedIntegerMultiply(LARGE_INTEGER a, LONG b);
LARGE_INTEGER NTAPI RtlExtendedLargeIntegerDivide(LARGE_INTEGER a, ULONG b, PULONG remainder);
NTSTATUS NTAPI RtlStringFromGUID(const GUID *guid, PUNICODE_STRING string);
NTSTATUS NTAPI RtlGUIDFromString(PCUNICODE_STRING string, GUID *guid);
BOOLEAN NTAPI RtlIsTextUnicode(const void *buffer, LONG length, ULONG *flags);
void NTAPI RtlCopyLuid(PLUID out, const LUID *in);
BOOLEAN NTAPI RtlEqualLuid(const LUID *a, const LUID *b);
NTSTATUS NTAPI RtlSetThreadErrorMode(ULONG mode, PULONG former);
ULONG NTAPI RtlGetThreadErrorMode(void);

// security
NTSTATUS NTAPI RtlCreateSecurityDescriptor(PSECURITY_DESCRIPTOR p, ULONG revision);
BOOLEAN NTAPI RtlValidSecurityDescriptor(PSECURITY_DESCRIPTOR p);
BOOLEAN NTAPI RtlValidRelativeSecurityDescriptor(PSECURITY_DESCRIPTOR p, ULONG length,
                                                 SECURITY_INFORMATION information);
ULONG NTAPI RtlLengthSecurityDescriptor(PSECURITY_DESCRIPTOR p);
NTSTATUS NTAPI RtlGetDaclSecurityDescriptor(PSECURITY_DESCRIPTOR p, PBOOLEAN present, PACL *acl,
                                            PBOOLEAN defaulted);
NTSTATUS NTAPI RtlGetSaclSecurityDescriptor(PSECURITY_DESCRIPTOR p, PBOOLEAN present, PACL *acl,
                                            PBOOLEAN defaulted);
NTSTATUS NTAPI RtlGetOwnerSecurityDescriptor(PSECURITY_DESCRIPTOR p, PSID *owner, PBOOLEAN defaulted);
NTSTATUS NTAPI RtlGetGroupSecurityDescriptor(PSECURITY_DESCRIPTOR p, PSID *group, PBOOLEAN defaulted);
NTSTATUS NTAPI RtlGetControlSecurityDescriptor(PSECURITY_DESCRIPTOR p, PSECURITY_DESCRIPTOR_CONTROL control,
                                               PULONG revision);
NTSTATUS NTAPI RtlSetDaclSecurityDescriptor(PSECURITY_DESCRIPTOR p, BOOLEAN present, PACL acl,
                                            BOOLEAN defaulted);
NTSTATUS NTAPI RtlSetSaclSecurityDescriptor(PSECURITY_DESCRIPTOR p, BOOLEAN present, PACL acl,
                                            BOOLEAN defaulted);
NTSTATUS NTAPI RtlSetOwnerSecurityDescriptor(PSECURITY_DESCRIPTOR p, PSID owner, BOOLEAN defaulted);
NTSTATUS NTAPI RtlSetGroupSecurityDescriptor(PSECURITY_DESCRIPTOR p, PSID group, BOOLEAN defaulted);
NTSTATUS NTAPI RtlSetControlSecurityDescriptor(PSECURITY_DESCRIPTOR p, SECURITY_DESCRIPTOR_CONTROL mask,
                                               SECURITY_DESCRIPTOR_CONTROL bits);
NTSTATUS NTAPI RtlMakeSelfRelativeSD(PSECURITY_DESCRIPTOR p, PSECURITY_DESCRIPTOR out, PULONG size);
NTSTATUS NTAPI RtlAbsoluteToSelfRelativeSD(PSECURITY_DESCRIPTOR p, PSECURITY_DESCRIPTOR out, PULONG size);
NTSTATUS NTAPI RtlSelfRelativeToAbsoluteSD(PSECURITY_DESCRIPTOR p, PSECURITY_DESCRIPTOR out, PULONG size,
                                           PACL dacl, PULONG dacl_size, PACL sacl, PULONG sacl_size,
                                           PSID owner, PULONG owner_size, PSID group, PULONG group_size);
NTSTATUS NTAPI RtlCopySecurityDescriptor(PSECURITY_DESCRIPTOR p, PSECURITY_DESCRIPTOR *out);
void NTAPI RtlMapGenericMask(PACCESS_MASK mask, const GENERIC_MAPPING *mapping);
BOOLEAN NTAPI RtlAreAllAccessesGranted(ACCESS_MASK granted, ACCESS_MASK desired);
BOOLEAN NTAPI RtlAreAnyAccessesGranted(ACCESS_MASK granted, ACCESS_MASK desired);

// sid
BOOLEAN NTAPI RtlValidSid(PSID sid);
ULONG NTAPI RtlLengthRequiredSid(ULONG count);
ULONG NTAPI RtlLengthSid(PSID sid);
PSID_IDENTIFIER_AUTHORITY NTAPI RtlIdentifierAuthoritySid(PSID sid);
PULONG NTAPI RtlSubAuthoritySid(PSID sid, ULONG index);
PUCHAR NTAPI RtlSubAuthorityCountSid(PSID sid);
NTSTATUS NTAPI RtlInitializeSid(PSID sid, PSID_IDENTIFIER_AUTHORITY authority, UCHAR count);
NTSTATUS NTAPI RtlAllocateAndInitializeSid(PSID_IDENTIFIER_AUTHORITY authority, UCHAR count, ULONG a0,
                                           ULONG a1, ULONG a2, ULONG a3, ULONG a4, ULONG a5, ULONG a6,
                                           ULONG a7, PSID *sid);
PVOID NTAPI RtlFreeSid(PSID sid);
BOOLEAN NTAPI RtlEqualSid(PSID a, PSID b);
BOOLEAN NTAPI RtlEqualPrefixSid(PSID a, PSID b);
NTSTATUS NTAPI RtlCopySid(ULONG size, PSID out, PSID sid);
NTSTATUS NTAPI RtlLengthSidAsUnicodeString(PSID sid, PULONG length);

// status_error
void NTAPI RtlRestoreLastWin32Error(ULONG error);

// time
void NTAPI RtlTimeToTimeFields(const LARGE_INTEGER *time, PTIME_FIELDS fields);
BOOLEAN NTAPI RtlTimeFieldsToTime(PTIME_FIELDS fields, PLARGE_INTEGER time);
void NTAPI RtlTimeToElapsedTimeFields(const LARGE_INTEGER *time, PTIME_FIELDS fields);
void NTAPI RtlSecondsSince1970ToTime(ULONG seconds, PLARGE_INTEGER time);
void NTAPI RtlSecondsSince1980ToTime(ULONG seconds, PLARGE_INTEGER time);
NTSTATUS NTAPI RtlSystemTimeToLocalTime(const LARGE_INTEGER *system, PLARGE_INTEGER local);
NTSTATUS NTAPI RtlGetSystemTimeAndBias(PLARGE_INTEGER time, PLARGE_INTEGER bias, PLARGE_INTEGER until);
NTSTATUS NTAPI RtlQueryTimeZoneInformation(LPTIME_ZONE_INFORMATION info);
NTSTATUS NTAPI RtlQueryDynamicTimeZoneInformation(PDYNAMIC_TIME_ZONE_INFORMATION info);

// version
BOOLEAN NTAPI RtlGetNtProductType(PULONG type);
ULONG NTAPI RtlGetSuiteMask(void);
NTSTATUS NTAPI RtlVerifyVersionInfo(PRTL_OSVERSIONINFOEXW info, ULONG types, ULONGLONG mask);
BOOLEAN NTAPI RtlIsProcessorFeaturePresent(ULONG feature);
ULONG NTAPI RtlGetNtGlobalFlags(void);
PWSTR NTAPI RtlGetNtSystemRoot(void);
ULONG NTAPI RtlGetActiveConsoleId(void);
BOOLEAN NTAPI RtlAreLongPathsEnabled(void);

// process_params
PRTL_USER_PROCESS_PARAMETERS NTAPI RtlNormalizeProcessParams(PRTL_USER_PROCESS_PARAMETERS parameters);
PRTL_USER_PROCESS_PARAMETERS NTAPI RtlDeNormalizeProcessParams(PRTL_USER_PROCESS_PARAMETERS parameters);
NTSTATUS NTAPI RtlCreateProcessParameters(PRTL_USER_PROCESS_PARAMETERS *result, const UNICODE_STRING *image,
                                          const UNICODE_STRING *dll_path, const UNICODE_STRING *directory,
                                          const UNICODE_STRING *command_line, PVOID environment,
                                          const UNICODE_STRING *title, const UNICODE_STRING *desktop,
                                          const UNICODE_STRING *shell, const UNICODE_STRING *runtime);

#endif
