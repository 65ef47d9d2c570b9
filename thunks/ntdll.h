// The boundary under ntdll: every NT call that is served on the 64-bit side, with direction and extent of
// every pointer. Each group names who implements it (file in dlls/ntdll/unix). A call stands here only when
// it has an implementation: what ntdll exports beyond that is reported as missing by generated code.
#ifndef LOWLAND_THUNKS_NTDLL_H
#define LOWLAND_THUNKS_NTDLL_H

#include "define.h"
#include "nt/nt.h"
#include "ntdll_types.h"

INTERFACE(ntdll, 0)

// ---- handles and objects: object.c ----
CALL NTSTATUS NtClose(HANDLE handle);
CALL NTSTATUS NtDuplicateObject(HANDLE source_process, HANDLE source, HANDLE target_process,
                                OPT OUT HANDLE *target, ACCESS_MASK access, ULONG attributes, ULONG options);
CALL NTSTATUS NtQueryObject(HANDLE handle, OBJECT_INFORMATION_CLASS class,
                            OPT OUT BY_CLASS(class, length) void *buffer, ULONG length,
                            OPT OUT_ALWAYS ULONG *result_length);
CALL NTSTATUS NtSetInformationObject(HANDLE handle, OBJECT_INFORMATION_CLASS class,
                                     IN BY_CLASS(class, length) void *buffer, ULONG length);
CALL NTSTATUS NtCompareObjects(HANDLE first, HANDLE second);
CALL NTSTATUS NtMakeTemporaryObject(HANDLE handle);
CALL NTSTATUS NtCreateDirectoryObject(OUT HANDLE *directory, ACCESS_MASK access,
                                      OPT IN OBJECT_ATTRIBUTES *attributes);
CALL NTSTATUS NtOpenDirectoryObject(OUT HANDLE *directory, ACCESS_MASK access,
                                    OPT IN OBJECT_ATTRIBUTES *attributes);
CALL NTSTATUS NtQueryDirectoryObject(HANDLE directory, OUT_BYTES(length) void *buffer, ULONG length,
                                     BOOLEAN single, BOOLEAN restart, INOUT ULONG *context,
                                     OPT OUT_ALWAYS ULONG *result_length);
CALL NTSTATUS NtCreateSymbolicLinkObject(OUT HANDLE *link, ACCESS_MASK access,
                                         OPT IN OBJECT_ATTRIBUTES *attributes, IN UNICODE_STRING *target);
CALL NTSTATUS NtOpenSymbolicLinkObject(OUT HANDLE *link, ACCESS_MASK access,
                                       OPT IN OBJECT_ATTRIBUTES *attributes);
CALL NTSTATUS NtQuerySymbolicLinkObject(HANDLE link, INOUT UNICODE_STRING *target,
                                        OPT OUT_ALWAYS ULONG *result_length);
CALL NTSTATUS NtMakePermanentObject(HANDLE handle);
CALL NTSTATUS NtCreateDirectoryObjectEx(OUT HANDLE *directory, ACCESS_MASK access,
                                        OPT IN OBJECT_ATTRIBUTES *attributes, HANDLE shadow, ULONG flags);
CALL NTSTATUS NtCreatePrivateNamespace(OUT HANDLE *directory, ACCESS_MASK access,
                                       OPT IN OBJECT_ATTRIBUTES *attributes,
                                       GPTR OBJECT_BOUNDARY_DESCRIPTOR *boundary);
CALL NTSTATUS NtOpenPrivateNamespace(OUT HANDLE *directory, ACCESS_MASK access,
                                     OPT IN OBJECT_ATTRIBUTES *attributes,
                                     GPTR OBJECT_BOUNDARY_DESCRIPTOR *boundary);
CALL NTSTATUS NtDeletePrivateNamespace(HANDLE directory);

CLASS(NtQueryObject, ObjectBasicInformation, OBJECT_BASIC_INFORMATION)
CLASS(NtQueryObject, ObjectNameInformation, OBJECT_NAME_INFORMATION)
CLASS(NtQueryObject, ObjectTypeInformation, OBJECT_TYPE_INFORMATION)
CLASS(NtQueryObject, ObjectHandleFlagInformation, OBJECT_HANDLE_FLAG_INFORMATION)
CLASS(NtSetInformationObject, ObjectHandleFlagInformation, OBJECT_HANDLE_FLAG_INFORMATION)

// ---- synchronisation objects: event.c, mutant.c, semaphore.c ----
CALL NTSTATUS NtCreateEvent(OUT HANDLE *event, ACCESS_MASK access, OPT IN OBJECT_ATTRIBUTES *attributes,
                            EVENT_TYPE type, BOOLEAN initial);
CALL NTSTATUS NtOpenEvent(OUT HANDLE *event, ACCESS_MASK access, OPT IN OBJECT_ATTRIBUTES *attributes);
CALL NTSTATUS NtSetEvent(HANDLE event, OPT OUT LONG *previous);
CALL NTSTATUS NtResetEvent(HANDLE event, OPT OUT LONG *previous);
CALL NTSTATUS NtClearEvent(HANDLE event);
CALL NTSTATUS NtPulseEvent(HANDLE event, OPT OUT LONG *previous);
CALL NTSTATUS NtQueryEvent(HANDLE event, EVENT_INFORMATION_CLASS class,
                           OUT BY_CLASS(class, length) void *buffer, ULONG length,
                           OPT OUT ULONG *result_length);
CALL NTSTATUS NtCreateMutant(OUT HANDLE *mutant, ACCESS_MASK access, OPT IN OBJECT_ATTRIBUTES *attributes,
                             BOOLEAN owned);
CALL NTSTATUS NtOpenMutant(OUT HANDLE *mutant, ACCESS_MASK access, OPT IN OBJECT_ATTRIBUTES *attributes);
CALL NTSTATUS NtReleaseMutant(HANDLE mutant, OPT OUT LONG *previous);
CALL NTSTATUS NtQueryMutant(HANDLE mutant, MUTANT_INFORMATION_CLASS class,
                            OUT BY_CLASS(class, length) void *buffer, ULONG length,
                            OPT OUT ULONG *result_length);
CALL NTSTATUS NtCreateSemaphore(OUT HANDLE *semaphore, ACCESS_MASK access,
                                OPT IN OBJECT_ATTRIBUTES *attributes, LONG initial, LONG maximum);
CALL NTSTATUS NtOpenSemaphore(OUT HANDLE *semaphore, ACCESS_MASK access,
                              OPT IN OBJECT_ATTRIBUTES *attributes);
CALL NTSTATUS NtReleaseSemaphore(HANDLE semaphore, LONG count, OPT OUT LONG *previous);
CALL NTSTATUS NtQuerySemaphore(HANDLE semaphore, SEMAPHORE_INFORMATION_CLASS class,
                               OUT BY_CLASS(class, length) void *buffer, ULONG length,
                               OPT OUT ULONG *result_length);

CLASS(NtQueryEvent, EventBasicInformation, EVENT_BASIC_INFORMATION)
CLASS(NtQueryMutant, MutantBasicInformation, MUTANT_BASIC_INFORMATION)
CLASS(NtQueryMutant, MutantOwnerInformation, MUTANT_OWNER_INFORMATION)
CLASS(NtQuerySemaphore, SemaphoreBasicInformation, SEMAPHORE_BASIC_INFORMATION)

// ---- timers: timer.c (objects) ----
CALL NTSTATUS NtCreateTimer(OUT HANDLE *timer, ACCESS_MASK access, OPT IN OBJECT_ATTRIBUTES *attributes,
                            TIMER_TYPE type);
CALL NTSTATUS NtOpenTimer(OUT HANDLE *timer, ACCESS_MASK access, OPT IN OBJECT_ATTRIBUTES *attributes);
CALL NTSTATUS NtSetTimer(HANDLE timer, IN LARGE_INTEGER *due, GPTR PTIMER_APC_ROUTINE apc, GPTR void *context,
                         BOOLEAN resume, LONG period, OPT OUT BOOLEAN *previous);
CALL NTSTATUS NtCancelTimer(HANDLE timer, OPT OUT BOOLEAN *previous);
CALL NTSTATUS NtQueryTimer(HANDLE timer, TIMER_INFORMATION_CLASS class,
                           OUT BY_CLASS(class, length) void *buffer, ULONG length,
                           OPT OUT ULONG *result_length);

CLASS(NtQueryTimer, TimerBasicInformation, TIMER_BASIC_INFORMATION)
CALL NTSTATUS NtSetTimerEx(HANDLE timer, TIMER_SET_INFORMATION_CLASS class,
                           INOUT BY_CLASS(class, length) void *buffer, ULONG length);

CLASS(NtSetTimerEx, TimerSetCoalescableTimer, TIMER_SET_COALESCABLE_TIMER_INFO)
CALL NTSTATUS NtCreateTimer2(OUT HANDLE *timer, GPTR void *reserved, OPT IN OBJECT_ATTRIBUTES *attributes,
                             ULONG flags, ACCESS_MASK access);
CALL NTSTATUS NtSetTimer2(HANDLE timer, IN LARGE_INTEGER *due, OPT IN LARGE_INTEGER *period,
                          GPTR T2_SET_PARAMETERS *parameters);
CALL NTSTATUS NtCancelTimer2(HANDLE timer, GPTR void *parameters);
TYPE(T2_SET_PARAMETERS)

// ---- completion ports: completion.c (objects) ----
CALL NTSTATUS NtCreateIoCompletion(OUT HANDLE *port, ACCESS_MASK access, OPT IN OBJECT_ATTRIBUTES *attributes,
                                   ULONG threads);
CALL NTSTATUS NtOpenIoCompletion(OUT HANDLE *port, ACCESS_MASK access, OPT IN OBJECT_ATTRIBUTES *attributes);
CALL NTSTATUS NtSetIoCompletion(HANDLE port, GPTR void *key, GPTR void *context, NTSTATUS status,
                                ULONG_PTR information);
CALL NTSTATUS NtRemoveIoCompletion(HANDLE port, OUT ULONG_PTR *key, OUT ULONG_PTR *context,
                                   OUT IO_STATUS_BLOCK *io, OPT IN LARGE_INTEGER *timeout);
CALL NTSTATUS NtRemoveIoCompletionEx(HANDLE port, GPTR FILE_IO_COMPLETION_INFORMATION *entries, ULONG count,
                                     OUT_ALWAYS ULONG *removed, OPT IN LARGE_INTEGER *timeout,
                                     BOOLEAN alertable);
CALL NTSTATUS NtQueryIoCompletion(HANDLE port, IO_COMPLETION_INFORMATION_CLASS class,
                                  OUT BY_CLASS(class, length) void *buffer, ULONG length,
                                  OPT OUT ULONG *result_length);

CLASS(NtQueryIoCompletion, IoCompletionBasicInformation, IO_COMPLETION_BASIC_INFORMATION)
CALL NTSTATUS NtSetIoCompletionEx(HANDLE port, HANDLE reserve, GPTR void *key, GPTR void *context, NTSTATUS status,
                                  ULONG_PTR information);
// Memory set aside for a packet or an APC, and packets that an object's signal posts: reserve.c, wait_packet.c
CALL NTSTATUS NtAllocateReserveObject(OUT HANDLE *reserve, OPT IN OBJECT_ATTRIBUTES *attributes, ULONG type);
CALL NTSTATUS NtCreateWaitCompletionPacket(OUT HANDLE *packet, ACCESS_MASK access,
                                           OPT IN OBJECT_ATTRIBUTES *attributes);
CALL NTSTATUS NtAssociateWaitCompletionPacket(HANDLE packet, HANDLE port, HANDLE object, GPTR void *key,
                                              GPTR void *context, NTSTATUS status, ULONG_PTR information,
                                              OPT OUT BOOLEAN *signalled);
CALL NTSTATUS NtCancelWaitCompletionPacket(HANDLE packet, BOOLEAN remove);

// ---- waiting, alerts, keyed events: wait.c, keyed_event.c (objects) ----
CALL NTSTATUS NtWaitForSingleObject(HANDLE handle, BOOLEAN alertable, OPT IN LARGE_INTEGER *timeout);
CALL NTSTATUS NtWaitForMultipleObjects(ULONG count, IN_ARRAY(count, 64) HANDLE *handles, WAIT_TYPE type,
                                       BOOLEAN alertable, OPT IN LARGE_INTEGER *timeout);
CALL NTSTATUS NtSignalAndWaitForSingleObject(HANDLE signal, HANDLE wait, BOOLEAN alertable,
                                             OPT IN LARGE_INTEGER *timeout);
CALL NTSTATUS NtDelayExecution(BOOLEAN alertable, IN LARGE_INTEGER *interval);
CALL NTSTATUS NtYieldExecution(void);
CALL NTSTATUS NtTestAlert(void);
CALL NTSTATUS NtAlertThread(HANDLE thread);
CALL NTSTATUS NtWaitForAlertByThreadId(GPTR void *address, OPT IN LARGE_INTEGER *timeout);
CALL NTSTATUS NtAlertThreadByThreadId(HANDLE thread_id);
CALL NTSTATUS NtCreateKeyedEvent(OUT HANDLE *event, ACCESS_MASK access, OPT IN OBJECT_ATTRIBUTES *attributes,
                                 ULONG flags);
CALL NTSTATUS NtOpenKeyedEvent(OUT HANDLE *event, ACCESS_MASK access, OPT IN OBJECT_ATTRIBUTES *attributes);
CALL NTSTATUS NtWaitForKeyedEvent(HANDLE event, GPTR void *key, BOOLEAN alertable,
                                  OPT IN LARGE_INTEGER *timeout);
CALL NTSTATUS NtReleaseKeyedEvent(HANDLE event, GPTR void *key, BOOLEAN alertable,
                                  OPT IN LARGE_INTEGER *timeout);
CALL NTSTATUS NtAlertResumeThread(HANDLE thread, OPT OUT ULONG *previous);

// ---- time and system information: time.c, system.c (objects) ----
CALL NTSTATUS NtQuerySystemTime(OUT LARGE_INTEGER *time);
CALL NTSTATUS NtQueryPerformanceCounter(OUT LARGE_INTEGER *counter, OPT OUT LARGE_INTEGER *frequency);
CALL NTSTATUS NtQueryTimerResolution(OUT ULONG *maximum, OUT ULONG *minimum, OUT ULONG *current);
CALL NTSTATUS NtSetTimerResolution(ULONG wanted, BOOLEAN set, OUT ULONG *current);
CALL ULONG NtGetTickCount(void);
CALL NTSTATUS NtQuerySystemInformation(SYSTEM_INFORMATION_CLASS class,
                                       OUT BY_CLASS(class, length) void *buffer, ULONG length,
                                       OPT OUT_ALWAYS ULONG *result_length);
CALL NTSTATUS NtQuerySystemInformationEx(SYSTEM_INFORMATION_CLASS class, IN_BYTES(query_length) void *query,
                                         ULONG query_length, OUT BY_CLASS(class, length) void *buffer,
                                         ULONG length, OPT OUT_ALWAYS ULONG *result_length);
CALL NTSTATUS NtAllocateLocallyUniqueId(OUT LUID *luid);

CLASS(NtQuerySystemInformation, SystemBasicInformation, SYSTEM_BASIC_INFORMATION)
CLASS(NtQuerySystemInformation, SystemProcessorInformation, SYSTEM_PROCESSOR_INFORMATION)
CLASS(NtQuerySystemInformation, SystemPerformanceInformation, SYSTEM_PERFORMANCE_INFORMATION)
CLASS(NtQuerySystemInformation, SystemTimeOfDayInformation, SYSTEM_TIMEOFDAY_INFORMATION)
CLASS(NtQuerySystemInformation, SystemProcessInformation, SYSTEM_PROCESS_INFORMATION)
CLASS(NtQuerySystemInformation, SystemProcessorPerformanceInformation,
      SYSTEM_PROCESSOR_PERFORMANCE_INFORMATION)
CLASS(NtQuerySystemInformation, SystemProcessorIdleCycleTimeInformation, LARGE_INTEGER)
CLASS(NtQuerySystemInformation, SystemHandleInformation, SYSTEM_HANDLE_INFORMATION)
CLASS(NtQuerySystemInformation, SystemTimeAdjustmentInformation, SYSTEM_TIME_ADJUSTMENT_QUERY)
CLASS(NtQuerySystemInformation, SystemKernelDebuggerInformation, SYSTEM_KERNEL_DEBUGGER_INFORMATION)
CLASS(NtQuerySystemInformation, SystemEmulationBasicInformation, SYSTEM_BASIC_INFORMATION)
CLASS(NtQuerySystemInformation, SystemEmulationProcessorInformation, SYSTEM_PROCESSOR_INFORMATION)
CLASS(NtQuerySystemInformation, SystemExtendedHandleInformation, SYSTEM_HANDLE_INFORMATION_EX)
CLASS(NtQuerySystemInformation, SystemLogicalProcessorInformation, SYSTEM_LOGICAL_PROCESSOR_INFORMATION)
CLASS(NtQuerySystemInformation, SystemCurrentTimeZoneInformation, TIME_ZONE_INFORMATION)
CLASS(NtQuerySystemInformation, SystemDynamicTimeZoneInformation, DYNAMIC_TIME_ZONE_INFORMATION)
// Of the levels the battery's: power.c.
CALL NTSTATUS NtPowerInformation(POWER_INFORMATION_LEVEL level, OPT IN_BYTES(in_length) void *in,
                                 ULONG in_length, OPT OUT_BYTES(length) void *buffer, ULONG length);
CALL NTSTATUS NtSetThreadExecutionState(ULONG flags, OUT ULONG *previous);
CALL NTSTATUS NtSetSystemInformation(SYSTEM_INFORMATION_CLASS class, OPT IN_BYTES(length) void *buffer, ULONG length);
CALL NTSTATUS NtSetSystemTime(OPT IN LARGE_INTEGER *time, OPT OUT LARGE_INTEGER *previous);
CALL NTSTATUS NtSystemDebugControl(ULONG command, OPT IN_BYTES(in_length) void *in, ULONG in_length,
                                   OPT OUT_BYTES(length) void *buffer, ULONG length,
                                   OPT OUT_ALWAYS ULONG *result_length);
CALL NTSTATUS NtLoadDriver(IN UNICODE_STRING *service);
CALL NTSTATUS NtUnloadDriver(IN UNICODE_STRING *service);
CALL NTSTATUS NtShutdownSystem(ULONG action);
CALL NTSTATUS NtRaiseHardError(NTSTATUS status, ULONG count, ULONG strings, IN_BYTES(count * 4) ULONG_PTR *parameters,
                               ULONG options, OUT ULONG *response);

// ---- the registry: registry_key.c, registry_query.c, registry_value.c, registry_notify.c, registry_hive.c ----
CALL NTSTATUS NtCreateKey(OUT HANDLE *key, ACCESS_MASK access, IN OBJECT_ATTRIBUTES *attributes, ULONG title,
                          OPT IN UNICODE_STRING *class, ULONG options, OPT OUT ULONG *disposition);
CALL NTSTATUS NtOpenKey(OUT HANDLE *key, ACCESS_MASK access, IN OBJECT_ATTRIBUTES *attributes);
CALL NTSTATUS NtOpenKeyEx(OUT HANDLE *key, ACCESS_MASK access, IN OBJECT_ATTRIBUTES *attributes, ULONG options);
CALL NTSTATUS NtDeleteKey(HANDLE key);
CALL NTSTATUS NtRenameKey(HANDLE key, IN UNICODE_STRING *name);
CALL NTSTATUS NtFlushKey(HANDLE key);
CALL NTSTATUS NtSetInformationKey(HANDLE key, KEY_SET_INFORMATION_CLASS class,
                                  IN BY_CLASS(class, length) void *buffer, ULONG length);
CALL NTSTATUS NtQueryKey(HANDLE key, KEY_INFORMATION_CLASS class, OPT OUT BY_CLASS(class, length) void *buffer,
                         ULONG length, OUT_ALWAYS ULONG *result_length);
CALL NTSTATUS NtEnumerateKey(HANDLE key, ULONG index, KEY_INFORMATION_CLASS class,
                             OPT OUT BY_CLASS(class, length) void *buffer, ULONG length,
                             OUT_ALWAYS ULONG *result_length);
CALL NTSTATUS NtSetValueKey(HANDLE key, IN UNICODE_STRING *name, ULONG title, ULONG type,
                            OPT IN_BYTES(size) void *data, ULONG size);
CALL NTSTATUS NtDeleteValueKey(HANDLE key, IN UNICODE_STRING *name);
CALL NTSTATUS NtQueryValueKey(HANDLE key, IN UNICODE_STRING *name, KEY_VALUE_INFORMATION_CLASS class,
                              OPT OUT BY_CLASS(class, length) void *buffer, ULONG length,
                              OUT_ALWAYS ULONG *result_length);
CALL NTSTATUS NtEnumerateValueKey(HANDLE key, ULONG index, KEY_VALUE_INFORMATION_CLASS class,
                                  OPT OUT BY_CLASS(class, length) void *buffer, ULONG length,
                                  OUT_ALWAYS ULONG *result_length);
CALL NTSTATUS NtQueryMultipleValueKey(HANDLE key, GPTR KEY_VALUE_ENTRY *entries, ULONG count, GPTR void *buffer,
                                      INOUT ULONG *length, OPT OUT_ALWAYS ULONG *needed);

CALL NTSTATUS NtNotifyChangeKey(HANDLE key, HANDLE event, GPTR PIO_APC_ROUTINE apc, GPTR void *context,
                                GPTR IO_STATUS_BLOCK *io, ULONG filter, BOOLEAN subtree, GPTR void *buffer,
                                ULONG length, BOOLEAN asynchronous);
CALL NTSTATUS NtSaveKey(HANDLE key, HANDLE file);
CALL NTSTATUS NtSaveKeyEx(HANDLE key, HANDLE file, ULONG format);
CALL NTSTATUS NtRestoreKey(HANDLE key, HANDLE file, ULONG flags);
CALL NTSTATUS NtLoadKey(IN OBJECT_ATTRIBUTES *target, IN OBJECT_ATTRIBUTES *file);
CALL NTSTATUS NtLoadKey2(IN OBJECT_ATTRIBUTES *target, IN OBJECT_ATTRIBUTES *file, ULONG flags);
CALL NTSTATUS NtLoadKeyEx(IN OBJECT_ATTRIBUTES *target, IN OBJECT_ATTRIBUTES *file, ULONG flags, HANDLE trust,
                          HANDLE event, ACCESS_MASK access, OPT OUT HANDLE *root, GPTR void *reserved);
CALL NTSTATUS NtUnloadKey(IN OBJECT_ATTRIBUTES *target);
CALL NTSTATUS NtUnloadKey2(IN OBJECT_ATTRIBUTES *target, ULONG flags);
CALL NTSTATUS NtUnloadKeyEx(IN OBJECT_ATTRIBUTES *target, HANDLE event);
CALL NTSTATUS NtNotifyChangeMultipleKeys(HANDLE key, ULONG count, GPTR OBJECT_ATTRIBUTES *subordinates,
                                         HANDLE event, GPTR PIO_APC_ROUTINE apc, GPTR void *context,
                                         GPTR IO_STATUS_BLOCK *io, ULONG filter, BOOLEAN subtree,
                                         GPTR void *buffer, ULONG length, BOOLEAN asynchronous);
CALL NTSTATUS NtReplaceKey(IN OBJECT_ATTRIBUTES *new_file, HANDLE key, IN OBJECT_ATTRIBUTES *old_file);
CALL NTSTATUS NtSaveMergedKeys(HANDLE high, HANDLE low, HANDLE file);
CALL NTSTATUS NtCompactKeys(ULONG count, IN_ARRAY(count, 1024) HANDLE *keys);
CALL NTSTATUS NtCompressKey(HANDLE key);
CALL NTSTATUS NtQueryOpenSubKeys(IN OBJECT_ATTRIBUTES *target, OUT ULONG *count);
CALL NTSTATUS NtLockRegistryKey(HANDLE key);
CALL NTSTATUS NtInitializeRegistry(USHORT condition);
CALL NTSTATUS NtLoadKey3(IN OBJECT_ATTRIBUTES *target, IN OBJECT_ATTRIBUTES *file, ULONG flags,
                         GPTR KEY_LOAD_PARAMETER *parameters, ULONG count, ACCESS_MASK access,
                         OPT OUT HANDLE *root, GPTR void *reserved);
CALL NTSTATUS NtCreateKeyTransacted(OUT HANDLE *key, ACCESS_MASK access, IN OBJECT_ATTRIBUTES *attributes,
                                    ULONG title, OPT IN UNICODE_STRING *class, ULONG options,
                                    HANDLE transaction, OPT OUT ULONG *disposition);
CALL NTSTATUS NtOpenKeyTransacted(OUT HANDLE *key, ACCESS_MASK access, IN OBJECT_ATTRIBUTES *attributes,
                                  HANDLE transaction);
CALL NTSTATUS NtOpenKeyTransactedEx(OUT HANDLE *key, ACCESS_MASK access, IN OBJECT_ATTRIBUTES *attributes,
                                    ULONG options, HANDLE transaction);

CLASS(NtSetInformationKey, KeyWriteTimeInformation, KEY_WRITE_TIME_INFORMATION)
CLASS(NtSetInformationKey, KeySetHandleTagsInformation, ULONG)
CLASS(NtQueryKey, KeyVirtualizationInformation, ULONG)
CLASS(NtQueryKey, KeyBasicInformation, KEY_BASIC_INFORMATION)
CLASS(NtQueryKey, KeyNodeInformation, KEY_NODE_INFORMATION)
CLASS(NtQueryKey, KeyFullInformation, KEY_FULL_INFORMATION)
CLASS(NtQueryKey, KeyNameInformation, KEY_NAME_INFORMATION)
CLASS(NtQueryKey, KeyCachedInformation, KEY_CACHED_INFORMATION)
CLASS(NtQueryKey, KeyFlagsInformation, KEY_FLAGS_INFORMATION)
CLASS(NtQueryKey, KeyHandleTagsInformation, KEY_HANDLE_TAGS_INFORMATION)
CLASS(NtEnumerateKey, KeyBasicInformation, KEY_BASIC_INFORMATION)
CLASS(NtEnumerateKey, KeyNodeInformation, KEY_NODE_INFORMATION)
CLASS(NtEnumerateKey, KeyFullInformation, KEY_FULL_INFORMATION)
CLASS(NtQueryValueKey, KeyValueBasicInformation, KEY_VALUE_BASIC_INFORMATION)
CLASS(NtQueryValueKey, KeyValueFullInformation, KEY_VALUE_FULL_INFORMATION)
CLASS(NtQueryValueKey, KeyValuePartialInformation, KEY_VALUE_PARTIAL_INFORMATION)
CLASS(NtQueryValueKey, KeyValueFullInformationAlign64, KEY_VALUE_FULL_INFORMATION)
CLASS(NtQueryValueKey, KeyValuePartialInformationAlign64, KEY_VALUE_PARTIAL_INFORMATION_ALIGN64)
CLASS(NtEnumerateValueKey, KeyValueBasicInformation, KEY_VALUE_BASIC_INFORMATION)
CLASS(NtEnumerateValueKey, KeyValueFullInformation, KEY_VALUE_FULL_INFORMATION)
CLASS(NtEnumerateValueKey, KeyValuePartialInformation, KEY_VALUE_PARTIAL_INFORMATION)

// ---- language tables and locale: nls.c, locale.c ----
CALL NTSTATUS NtGetNlsSectionPtr(ULONG type, ULONG id, GPTR void *context, OUT PVOID *section, OPT OUT SIZE_T *size);
CALL NTSTATUS NtQueryDefaultLocale(BOOLEAN user, OUT LCID *lcid);
CALL NTSTATUS NtQueryDefaultUILanguage(OUT LANGID *language);
CALL NTSTATUS NtQueryInstallUILanguage(OUT LANGID *language);

// ---- files: file.c, file_info.c, directory.c, volume.c, lock.c, pipe.c, console.c (files) ----
CALL NTSTATUS NtCreateFile(OUT HANDLE *file, ACCESS_MASK access, IN OBJECT_ATTRIBUTES *attributes,
                           OUT IO_STATUS_BLOCK *io, OPT IN LARGE_INTEGER *allocation,
                           ULONG file_attributes, ULONG sharing, ULONG disposition, ULONG options,
                           OPT IN_BYTES(ea_length) void *ea, ULONG ea_length);
CALL NTSTATUS NtOpenFile(OUT HANDLE *file, ACCESS_MASK access, IN OBJECT_ATTRIBUTES *attributes,
                         OUT IO_STATUS_BLOCK *io, ULONG sharing, ULONG options);
CALL NTSTATUS NtReadFile(HANDLE file, HANDLE event, GPTR PIO_APC_ROUTINE apc, GPTR void *context,
                         GPTR IO_STATUS_BLOCK *io, OUT_BYTES(length) void *buffer, ULONG length,
                         OPT IN LARGE_INTEGER *offset, OPT IN ULONG *key);
CALL NTSTATUS NtWriteFile(HANDLE file, HANDLE event, GPTR PIO_APC_ROUTINE apc, GPTR void *context,
                          GPTR IO_STATUS_BLOCK *io, IN_BYTES(length) void *buffer, ULONG length,
                          OPT IN LARGE_INTEGER *offset, OPT IN ULONG *key);
CALL NTSTATUS NtReadFileScatter(HANDLE file, HANDLE event, GPTR PIO_APC_ROUTINE apc, GPTR void *context,
                                GPTR IO_STATUS_BLOCK *io, GPTR FILE_SEGMENT_ELEMENT *segments, ULONG length,
                                OPT IN LARGE_INTEGER *offset, OPT IN ULONG *key);
CALL NTSTATUS NtWriteFileGather(HANDLE file, HANDLE event, GPTR PIO_APC_ROUTINE apc, GPTR void *context,
                                GPTR IO_STATUS_BLOCK *io, GPTR FILE_SEGMENT_ELEMENT *segments, ULONG length,
                                OPT IN LARGE_INTEGER *offset, OPT IN ULONG *key);
CALL NTSTATUS NtFlushBuffersFile(HANDLE file, OUT IO_STATUS_BLOCK *io);
CALL NTSTATUS NtDeviceIoControlFile(HANDLE file, HANDLE event, GPTR PIO_APC_ROUTINE apc, GPTR void *context,
                                    GPTR IO_STATUS_BLOCK *io, ULONG code, OPT IN_BYTES(in_length) void *in,
                                    ULONG in_length, OPT OUT_BYTES(out_length) void *out, ULONG out_length);
CALL NTSTATUS NtFsControlFile(HANDLE file, HANDLE event, GPTR PIO_APC_ROUTINE apc, GPTR void *context,
                              GPTR IO_STATUS_BLOCK *io, ULONG code, OPT IN_BYTES(in_length) void *in,
                              ULONG in_length, OPT OUT_BYTES(out_length) void *out, ULONG out_length);
CALL NTSTATUS NtCancelIoFile(HANDLE file, OUT_ALWAYS IO_STATUS_BLOCK *io);
CALL NTSTATUS NtCancelIoFileEx(HANDLE file, GPTR IO_STATUS_BLOCK *request, OUT_ALWAYS IO_STATUS_BLOCK *io);
CALL NTSTATUS NtCancelSynchronousIoFile(HANDLE thread, GPTR IO_STATUS_BLOCK *request,
                                        OUT_ALWAYS IO_STATUS_BLOCK *io);
CALL NTSTATUS NtLockFile(HANDLE file, HANDLE event, GPTR PIO_APC_ROUTINE apc, GPTR void *context,
                         GPTR IO_STATUS_BLOCK *io, IN LARGE_INTEGER *offset, IN LARGE_INTEGER *length,
                         ULONG key, BOOLEAN fail_immediately, BOOLEAN exclusive);
CALL NTSTATUS NtUnlockFile(HANDLE file, OUT_ALWAYS IO_STATUS_BLOCK *io, IN LARGE_INTEGER *offset,
                           IN LARGE_INTEGER *length, ULONG key);
CALL NTSTATUS NtQueryInformationFile(HANDLE file, OUT IO_STATUS_BLOCK *io,
                                     OUT BY_CLASS(class, length) void *buffer, ULONG length,
                                     FILE_INFORMATION_CLASS class);
CALL NTSTATUS NtSetInformationFile(HANDLE file, OUT IO_STATUS_BLOCK *io,
                                   IN BY_CLASS(class, length) void *buffer, ULONG length,
                                   FILE_INFORMATION_CLASS class);
CALL NTSTATUS NtQueryAttributesFile(IN OBJECT_ATTRIBUTES *attributes, OUT FILE_BASIC_INFORMATION *info);
CALL NTSTATUS NtQueryFullAttributesFile(IN OBJECT_ATTRIBUTES *attributes,
                                        OUT FILE_NETWORK_OPEN_INFORMATION *info);
CALL NTSTATUS NtDeleteFile(IN OBJECT_ATTRIBUTES *attributes);
CALL NTSTATUS NtQueryDirectoryFile(HANDLE file, HANDLE event, GPTR PIO_APC_ROUTINE apc, GPTR void *context,
                                   GPTR IO_STATUS_BLOCK *io, OUT BY_CLASS(class, length) void *buffer,
                                   ULONG length, FILE_INFORMATION_CLASS class, BOOLEAN single,
                                   OPT IN UNICODE_STRING *mask, BOOLEAN restart);
CALL NTSTATUS NtNotifyChangeDirectoryFile(HANDLE file, HANDLE event, GPTR PIO_APC_ROUTINE apc,
                                          GPTR void *context, GPTR IO_STATUS_BLOCK *io,
                                          OUT_BYTES(length) void *buffer, ULONG length, ULONG filter,
                                          BOOLEAN subtree);
CALL NTSTATUS NtQueryVolumeInformationFile(HANDLE file, OUT IO_STATUS_BLOCK *io,
                                           OUT BY_CLASS(class, length) void *buffer, ULONG length,
                                           FS_INFORMATION_CLASS class);
CALL NTSTATUS NtSetVolumeInformationFile(HANDLE file, OUT IO_STATUS_BLOCK *io,
                                         IN_BYTES(length) void *buffer, ULONG length,
                                         FILE_INFORMATION_CLASS class);
CALL NTSTATUS NtQueryEaFile(HANDLE file, OUT IO_STATUS_BLOCK *io, OUT_BYTES(length) void *buffer,
                            ULONG length, BOOLEAN single, OPT IN_BYTES(list_length) void *list,
                            ULONG list_length, OPT IN ULONG *index, BOOLEAN restart);
CALL NTSTATUS NtSetEaFile(HANDLE file, OUT IO_STATUS_BLOCK *io, IN_BYTES(length) void *buffer,
                          ULONG length);
CALL NTSTATUS NtCreateNamedPipeFile(OUT HANDLE *pipe, ULONG access, IN OBJECT_ATTRIBUTES *attributes,
                                    OUT IO_STATUS_BLOCK *io, ULONG sharing, ULONG disposition,
                                    ULONG options, ULONG type, ULONG read_mode, ULONG completion_mode,
                                    ULONG max_instances, ULONG in_quota, ULONG out_quota,
                                    OPT IN LARGE_INTEGER *timeout);
CALL NTSTATUS NtCreateMailslotFile(OUT HANDLE *mailslot, ULONG access, IN OBJECT_ATTRIBUTES *attributes,
                                   OUT IO_STATUS_BLOCK *io, ULONG options, ULONG quota,
                                   ULONG max_message, OPT IN LARGE_INTEGER *timeout);
CALL NTSTATUS NtQueryDirectoryFileEx(HANDLE file, HANDLE event, GPTR PIO_APC_ROUTINE apc, GPTR void *context,
                                     GPTR IO_STATUS_BLOCK *io, OUT BY_CLASS(class, length) void *buffer,
                                     ULONG length, FILE_INFORMATION_CLASS class, ULONG flags,
                                     OPT IN UNICODE_STRING *mask);
CALL NTSTATUS NtNotifyChangeDirectoryFileEx(HANDLE file, HANDLE event, GPTR PIO_APC_ROUTINE apc,
                                            GPTR void *context, GPTR IO_STATUS_BLOCK *io,
                                            OUT_BYTES(length) void *buffer, ULONG length, ULONG filter,
                                            BOOLEAN subtree, ULONG class);
CALL NTSTATUS NtQueryInformationByName(IN OBJECT_ATTRIBUTES *attributes, OUT IO_STATUS_BLOCK *io,
                                       OUT BY_CLASS(class, length) void *buffer, ULONG length,
                                       FILE_INFORMATION_CLASS class);
CALL NTSTATUS NtFlushBuffersFileEx(HANDLE file, ULONG flags, GPTR void *parameters, ULONG size,
                                   OUT IO_STATUS_BLOCK *io);

CLASS(NtQueryInformationFile, FileBasicInformation, FILE_BASIC_INFORMATION)
CLASS(NtQueryInformationFile, FileStandardInformation, FILE_STANDARD_INFORMATION)
CLASS(NtQueryInformationFile, FileInternalInformation, FILE_INTERNAL_INFORMATION)
CLASS(NtQueryInformationFile, FileEaInformation, FILE_EA_INFORMATION)
CLASS(NtQueryInformationFile, FileAccessInformation, FILE_ACCESS_INFORMATION)
CLASS(NtQueryInformationFile, FileNameInformation, FILE_NAME_INFORMATION)
CLASS(NtQueryInformationFile, FilePositionInformation, FILE_POSITION_INFORMATION)
CLASS(NtQueryInformationFile, FileModeInformation, FILE_MODE_INFORMATION)
CLASS(NtQueryInformationFile, FileAlignmentInformation, FILE_ALIGNMENT_INFORMATION)
CLASS(NtQueryInformationFile, FileAllInformation, FILE_ALL_INFORMATION)
CLASS(NtQueryInformationFile, FileAlternateNameInformation, FILE_NAME_INFORMATION)
CLASS(NtQueryInformationFile, FileStreamInformation, FILE_STREAM_INFORMATION)
CLASS(NtQueryInformationFile, FilePipeInformation, FILE_PIPE_INFORMATION)
CLASS(NtQueryInformationFile, FilePipeLocalInformation, FILE_PIPE_LOCAL_INFORMATION)
CLASS(NtQueryInformationFile, FileMailslotQueryInformation, FILE_MAILSLOT_QUERY_INFORMATION)
CLASS(NtQueryInformationFile, FileCompressionInformation, FILE_COMPRESSION_INFORMATION)
CLASS(NtQueryInformationFile, FileNetworkOpenInformation, FILE_NETWORK_OPEN_INFORMATION)
CLASS(NtQueryInformationFile, FileAttributeTagInformation, FILE_ATTRIBUTE_TAG_INFORMATION)
CLASS(NtQueryInformationFile, FileIoCompletionNotificationInformation,
      FILE_IO_COMPLETION_NOTIFICATION_INFORMATION)
CLASS(NtQueryInformationFile, FileHardLinkInformation, FILE_LINKS_INFORMATION)
CLASS(NtQueryInformationFile, FileNormalizedNameInformation, FILE_NAME_INFORMATION)
CLASS(NtQueryInformationFile, FileIsRemoteDeviceInformation, FILE_IS_REMOTE_DEVICE_INFORMATION)
CLASS(NtQueryInformationFile, FileStandardLinkInformation, FILE_STANDARD_LINK_INFORMATION)
CLASS(NtQueryInformationFile, FileVolumeNameInformation, FILE_NAME_INFORMATION)
CLASS(NtQueryInformationFile, FileIdInformation, FILE_ID_INFORMATION)
CLASS(NtQueryInformationFile, FileCaseSensitiveInformation, FILE_CASE_SENSITIVE_INFORMATION)
CLASS(NtQueryInformationFile, FileIoPriorityHintInformation, FILE_IO_PRIORITY_HINT_INFORMATION)
CLASS(NtQueryInformationFile, FileStatInformation, FILE_STAT_INFORMATION)
CLASS(NtQueryInformationFile, FileStatLxInformation, FILE_STAT_LX_INFORMATION)
CLASS(NtQueryInformationFile, FileHardLinkFullIdInformation, FILE_LINKS_FULL_ID_INFORMATION)
CLASS(NtQueryInformationFile, FileNumaNodeInformation, FILE_NUMA_NODE_INFORMATION)
CLASS(NtQueryInformationFile, FileNetworkPhysicalNameInformation, FILE_NAME_INFORMATION)
CLASS(NtSetInformationFile, FileBasicInformation, FILE_BASIC_INFORMATION)
CLASS(NtSetInformationFile, FileRenameInformation, FILE_RENAME_INFORMATION)
CLASS(NtSetInformationFile, FileRenameInformationEx, FILE_RENAME_INFORMATION)
CLASS(NtSetInformationFile, FileLinkInformation, FILE_LINK_INFORMATION)
CLASS(NtSetInformationFile, FileDispositionInformation, FILE_DISPOSITION_INFORMATION)
CLASS(NtSetInformationFile, FileDispositionInformationEx, FILE_DISPOSITION_INFORMATION_EX)
CLASS(NtSetInformationFile, FilePositionInformation, FILE_POSITION_INFORMATION)
CLASS(NtSetInformationFile, FileModeInformation, FILE_MODE_INFORMATION)
CLASS(NtSetInformationFile, FileAllocationInformation, FILE_ALLOCATION_INFORMATION)
CLASS(NtSetInformationFile, FileEndOfFileInformation, FILE_END_OF_FILE_INFORMATION)
CLASS(NtSetInformationFile, FilePipeInformation, FILE_PIPE_INFORMATION)
CLASS(NtSetInformationFile, FileMailslotSetInformation, FILE_MAILSLOT_SET_INFORMATION)
CLASS(NtSetInformationFile, FileCompletionInformation, FILE_COMPLETION_INFORMATION)
CLASS(NtSetInformationFile, FileValidDataLengthInformation, FILE_VALID_DATA_LENGTH_INFORMATION)
CLASS(NtSetInformationFile, FileIoCompletionNotificationInformation,
      FILE_IO_COMPLETION_NOTIFICATION_INFORMATION)
CLASS(NtSetInformationFile, FileIoPriorityHintInformation, FILE_IO_PRIORITY_HINT_INFORMATION)
CLASS(NtSetInformationFile, FileLinkInformationEx, FILE_LINK_INFORMATION)
CLASS(NtSetInformationFile, FileReplaceCompletionInformation, FILE_COMPLETION_INFORMATION)
CLASS(NtSetInformationFile, FileShortNameInformation, FILE_NAME_INFORMATION)
CLASS(NtSetInformationFile, FileCaseSensitiveInformation, FILE_CASE_SENSITIVE_INFORMATION)
CLASS(NtQueryInformationByName, FileStatInformation, FILE_STAT_INFORMATION)
CLASS(NtQueryInformationByName, FileStatLxInformation, FILE_STAT_LX_INFORMATION)
CLASS(NtQueryInformationByName, FileCaseSensitiveInformation, FILE_CASE_SENSITIVE_INFORMATION)
CLASS(NtQueryDirectoryFile, FileDirectoryInformation, FILE_DIRECTORY_INFORMATION)
CLASS(NtQueryDirectoryFile, FileFullDirectoryInformation, FILE_FULL_DIR_INFORMATION)
CLASS(NtQueryDirectoryFile, FileBothDirectoryInformation, FILE_BOTH_DIR_INFORMATION)
CLASS(NtQueryDirectoryFile, FileNamesInformation, FILE_NAMES_INFORMATION)
CLASS(NtQueryDirectoryFile, FileIdBothDirectoryInformation, FILE_ID_BOTH_DIR_INFORMATION)
CLASS(NtQueryDirectoryFile, FileIdFullDirectoryInformation, FILE_ID_FULL_DIR_INFORMATION)
CLASS(NtQueryDirectoryFile, FileIdExtdDirectoryInformation, FILE_ID_EXTD_DIR_INFORMATION)
CLASS(NtQueryDirectoryFile, FileIdExtdBothDirectoryInformation, FILE_ID_EXTD_BOTH_DIR_INFORMATION)
CLASS(NtQueryDirectoryFileEx, FileDirectoryInformation, FILE_DIRECTORY_INFORMATION)
CLASS(NtQueryDirectoryFileEx, FileBothDirectoryInformation, FILE_BOTH_DIR_INFORMATION)
CLASS(NtQueryVolumeInformationFile, FileFsFullSizeInformationEx, FILE_FS_FULL_SIZE_INFORMATION_EX)
CLASS(NtQueryVolumeInformationFile, FileFsVolumeInformation, FILE_FS_VOLUME_INFORMATION)
CLASS(NtQueryVolumeInformationFile, FileFsSizeInformation, FILE_FS_SIZE_INFORMATION)
CLASS(NtQueryVolumeInformationFile, FileFsDeviceInformation, FILE_FS_DEVICE_INFORMATION)
CLASS(NtQueryVolumeInformationFile, FileFsAttributeInformation, FILE_FS_ATTRIBUTE_INFORMATION)
CLASS(NtQueryVolumeInformationFile, FileFsFullSizeInformation, FILE_FS_FULL_SIZE_INFORMATION)
CLASS(NtQueryVolumeInformationFile, FileFsObjectIdInformation, FILE_FS_OBJECTID_INFORMATION)
CLASS(NtQueryVolumeInformationFile, FileFsSectorSizeInformation, FILE_FS_SECTOR_SIZE_INFORMATION)

// ---- virtual memory and sections: virtual.c, section.c (vm) ----
CALL NTSTATUS NtAllocateVirtualMemory(HANDLE process, INOUT PVOID *base, ULONG_PTR zero_bits,
                                      INOUT SIZE_T *size, ULONG type, ULONG protect);
CALL NTSTATUS NtAllocateVirtualMemoryEx(HANDLE process, INOUT PVOID *base, INOUT SIZE_T *size, ULONG type,
                                        ULONG protect, GPTR void *parameters, ULONG count);
CALL NTSTATUS NtFreeVirtualMemory(HANDLE process, INOUT PVOID *base, INOUT SIZE_T *size, ULONG type);
CALL NTSTATUS NtProtectVirtualMemory(HANDLE process, INOUT PVOID *base, INOUT SIZE_T *size, ULONG protect,
                                     OUT ULONG *old);
CALL NTSTATUS NtQueryVirtualMemory(HANDLE process, GPTR void *address, MEMORY_INFORMATION_CLASS class,
                                   OUT BY_CLASS(class, length) void *buffer, SIZE_T length,
                                   OPT OUT SIZE_T *result_length);
CALL NTSTATUS NtReadVirtualMemory(HANDLE process, GPTR void *address, OUT_BYTES(length) void *buffer,
                                  SIZE_T length, OPT OUT_ALWAYS SIZE_T *read);
CALL NTSTATUS NtWriteVirtualMemory(HANDLE process, GPTR void *address, IN_BYTES(length) void *buffer,
                                   SIZE_T length, OPT OUT_ALWAYS SIZE_T *written);
CALL NTSTATUS NtFlushVirtualMemory(HANDLE process, INOUT PVOID *base, INOUT SIZE_T *size,
                                   OUT IO_STATUS_BLOCK *io);
CALL NTSTATUS NtLockVirtualMemory(HANDLE process, INOUT PVOID *base, INOUT SIZE_T *size, ULONG type);
CALL NTSTATUS NtUnlockVirtualMemory(HANDLE process, INOUT PVOID *base, INOUT SIZE_T *size, ULONG type);
CALL NTSTATUS NtSetInformationVirtualMemory(HANDLE process, ULONG class, SIZE_T count, GPTR void *ranges,
                                            GPTR void *information, ULONG length);
CALL NTSTATUS NtFlushInstructionCache(HANDLE process, GPTR void *base, SIZE_T size);
CALL NTSTATUS NtGetWriteWatch(HANDLE process, ULONG flags, GPTR void *base, SIZE_T size,
                              GPTR PVOID *addresses, INOUT ULONG *count, OUT ULONG *granularity);
CALL NTSTATUS NtResetWriteWatch(HANDLE process, GPTR void *base, SIZE_T size);
CALL NTSTATUS NtCreateSection(OUT HANDLE *section, ACCESS_MASK access, OPT IN OBJECT_ATTRIBUTES *attributes,
                              OPT IN LARGE_INTEGER *size, ULONG protect, ULONG section_attributes,
                              HANDLE file);
CALL NTSTATUS NtOpenSection(OUT HANDLE *section, ACCESS_MASK access, IN OBJECT_ATTRIBUTES *attributes);
CALL NTSTATUS NtMapViewOfSection(HANDLE section, HANDLE process, INOUT PVOID *base, ULONG_PTR zero_bits,
                                 SIZE_T commit_size, OPT INOUT LARGE_INTEGER *offset, INOUT SIZE_T *size,
                                 SECTION_INHERIT inherit, ULONG type, ULONG protect);
CALL NTSTATUS NtMapViewOfSectionEx(HANDLE section, HANDLE process, INOUT PVOID *base,
                                   OPT INOUT LARGE_INTEGER *offset, INOUT SIZE_T *size, ULONG type, ULONG protect,
                                   GPTR void *parameters, ULONG count);
CALL NTSTATUS NtUnmapViewOfSection(HANDLE process, GPTR void *base);
CALL NTSTATUS NtUnmapViewOfSectionEx(HANDLE process, GPTR void *base, ULONG flags);
CALL NTSTATUS NtExtendSection(HANDLE section, INOUT LARGE_INTEGER *size);
CALL NTSTATUS NtQuerySection(HANDLE section, SECTION_INFORMATION_CLASS class,
                             OUT BY_CLASS(class, length) void *buffer, SIZE_T length,
                             OPT OUT SIZE_T *result_length);
CALL NTSTATUS NtAreMappedFilesTheSame(GPTR void *first, GPTR void *second);
CALL NTSTATUS NtCreateSectionEx(OUT HANDLE *section, ACCESS_MASK access, OPT IN OBJECT_ATTRIBUTES *attributes,
                                OPT IN LARGE_INTEGER *size, ULONG protect, ULONG section_attributes, HANDLE file,
                                GPTR void *parameters, ULONG count);
CALL NTSTATUS NtFlushProcessWriteBuffers(void);
// Pages that a program maps by itself (AWE): user_pages.c
CALL NTSTATUS NtAllocateUserPhysicalPages(HANDLE process, INOUT ULONG_PTR *count,
                                          OUT_BYTES(*count * 4) ULONG_PTR *frames);
CALL NTSTATUS NtFreeUserPhysicalPages(HANDLE process, INOUT ULONG_PTR *count, IN_BYTES(*count * 4) ULONG_PTR *frames);
CALL NTSTATUS NtMapUserPhysicalPages(GPTR void *address, ULONG_PTR count, OPT IN_BYTES(count * 4) ULONG_PTR *frames);
CALL NTSTATUS NtMapUserPhysicalPagesScatter(IN_BYTES(count * 4) PVOID *addresses, ULONG_PTR count,
                                            OPT IN_BYTES(count * 4) ULONG_PTR *frames);

CLASS(NtQueryVirtualMemory, MemoryBasicInformation, MEMORY_BASIC_INFORMATION)
CLASS(NtQueryVirtualMemory, MemoryMappedFilenameInformation, UNICODE_STRING)
CLASS(NtQueryVirtualMemory, MemoryRegionInformation, MEMORY_REGION_INFORMATION)
CLASS(NtQueryVirtualMemory, MemoryWorkingSetExInformation, MEMORY_WORKING_SET_EX_INFORMATION)
CLASS(NtQueryVirtualMemory, MemoryImageInformation, MEMORY_IMAGE_INFORMATION)
CLASS(NtQuerySection, SectionBasicInformation, SECTION_BASIC_INFORMATION)
CLASS(NtQuerySection, SectionImageInformation, SECTION_IMAGE_INFORMATION)

// ---- threads: thread.c (lead) ----
CALL NTSTATUS NtCreateThreadEx(OUT HANDLE *thread, ACCESS_MASK access, OPT IN OBJECT_ATTRIBUTES *attributes,
                               HANDLE process, GPTR void *start, GPTR void *parameter, ULONG flags,
                               SIZE_T zero_bits, SIZE_T stack_commit, SIZE_T stack_reserve,
                               GPTR PS_ATTRIBUTE_LIST *list);
CALL NTSTATUS NtOpenThread(OUT HANDLE *thread, ACCESS_MASK access, IN OBJECT_ATTRIBUTES *attributes,
                           OPT IN CLIENT_ID *id);
CALL NTSTATUS NtTerminateThread(HANDLE thread, NTSTATUS status);
CALL NTSTATUS NtSuspendThread(HANDLE thread, OPT OUT ULONG *previous);
CALL NTSTATUS NtResumeThread(HANDLE thread, OPT OUT ULONG *previous);
// A CONTEXT may have more behind it (nt/context_extended.h), so it is the calls that read and write it.
CALL NTSTATUS NtGetContextThread(HANDLE thread, GPTR CONTEXT *context);
CALL NTSTATUS NtSetContextThread(HANDLE thread, GPTR CONTEXT *context);
CALL NTSTATUS NtQueryInformationThread(HANDLE thread, THREADINFOCLASS class,
                                       OUT BY_CLASS(class, length) void *buffer, ULONG length,
                                       OPT OUT_ALWAYS ULONG *result_length);
CALL NTSTATUS NtSetInformationThread(HANDLE thread, THREADINFOCLASS class,
                                     IN BY_CLASS(class, length) void *buffer, ULONG length);
CALL NTSTATUS NtQueueApcThread(HANDLE thread, GPTR PPS_APC_ROUTINE routine, GPTR void *argument1,
                               GPTR void *argument2, GPTR void *argument3);
CALL ULONG NtGetCurrentProcessorNumber(void);
CALL NTSTATUS NtGetNextThread(HANDLE process, HANDLE thread, ACCESS_MASK access, ULONG attributes, ULONG flags,
                              OUT HANDLE *next);
// reserve: a reserve object, or 1 for an APC that needs no alertable wait
CALL NTSTATUS NtQueueApcThreadEx(HANDLE thread, HANDLE reserve, GPTR PPS_APC_ROUTINE routine, GPTR void *argument1,
                                 GPTR void *argument2, GPTR void *argument3);
CALL ULONG NtGetCurrentProcessorNumberEx(OPT OUT PROCESSOR_NUMBER *number);
CALL NTSTATUS NtSetLdtEntries(ULONG selector0, ULONG low0, ULONG high0, ULONG selector1, ULONG low1, ULONG high1);

CLASS(NtQueryInformationThread, ThreadBasicInformation, THREAD_BASIC_INFORMATION)
CLASS(NtQueryInformationThread, ThreadTimes, KERNEL_USER_TIMES)
CLASS(NtQueryInformationThread, ThreadQuerySetWin32StartAddress, PVOID)
CLASS(NtQueryInformationThread, ThreadAmILastThread, ULONG)
CLASS(NtQueryInformationThread, ThreadPriorityBoost, ULONG)
CLASS(NtQueryInformationThread, ThreadIsTerminated, ULONG)
CLASS(NtQueryInformationThread, ThreadSuspendCount, ULONG)
CLASS(NtQueryInformationThread, ThreadNameInformation, THREAD_NAME_INFORMATION)
CLASS(NtQueryInformationThread, ThreadGroupInformation, GROUP_AFFINITY)
CLASS(NtQueryInformationThread, ThreadDescriptorTableEntry, THREAD_DESCRIPTOR_INFORMATION)
CLASS(NtQueryInformationThread, ThreadCycleTime, THREAD_CYCLE_TIME_INFORMATION)
CLASS(NtQueryInformationThread, ThreadIsIoPending, ULONG)
CLASS(NtQueryInformationThread, ThreadIdealProcessorEx, PROCESSOR_NUMBER)
CLASS(NtQueryInformationThread, ThreadPagePriority, ULONG)
CLASS(NtQueryInformationThread, ThreadIoPriority, ULONG)
CLASS(NtSetInformationThread, ThreadPriority, KPRIORITY)
CLASS(NtSetInformationThread, ThreadBasePriority, LONG)
CLASS(NtSetInformationThread, ThreadAffinityMask, ULONG_PTR)
CLASS(NtSetInformationThread, ThreadQuerySetWin32StartAddress, PVOID)
CLASS(NtSetInformationThread, ThreadIdealProcessor, ULONG)
CLASS(NtSetInformationThread, ThreadPriorityBoost, ULONG)
CLASS(NtSetInformationThread, ThreadGroupInformation, GROUP_AFFINITY)
CLASS(NtSetInformationThread, ThreadIdealProcessorEx, PROCESSOR_NUMBER)
CLASS(NtSetInformationThread, ThreadPagePriority, ULONG)
CLASS(NtSetInformationThread, ThreadIoPriority, ULONG)
CLASS(NtSetInformationThread, ThreadNameInformation, THREAD_NAME_INFORMATION)

// ---- exceptions and context: exception.c (lead) ----
CALL NTSTATUS NtContinue(GPTR CONTEXT *context, BOOLEAN alertable);
CALL NTSTATUS NtRaiseException(IN EXCEPTION_RECORD *record, GPTR CONTEXT *context, BOOLEAN first_chance);
CALL NTSTATUS NtCallbackReturn(IN_BYTES(length) void *result, ULONG length, NTSTATUS status);
CALL NTSTATUS NtContinueEx(GPTR CONTEXT *context, GPTR void *argument);

// ---- processes: process.c (lead) ----
CALL NTSTATUS NtCreateUserProcess(OUT HANDLE *process, OUT HANDLE *thread, ACCESS_MASK process_access,
                                  ACCESS_MASK thread_access, OPT IN OBJECT_ATTRIBUTES *process_attributes,
                                  OPT IN OBJECT_ATTRIBUTES *thread_attributes, ULONG process_flags,
                                  ULONG thread_flags, GPTR RTL_USER_PROCESS_PARAMETERS *parameters,
                                  INOUT PS_CREATE_INFO *info, GPTR PS_ATTRIBUTE_LIST *list);
CALL NTSTATUS NtOpenProcess(OUT HANDLE *process, ACCESS_MASK access, IN OBJECT_ATTRIBUTES *attributes,
                            OPT IN CLIENT_ID *id);
CALL NTSTATUS NtTerminateProcess(HANDLE process, NTSTATUS status);
CALL NTSTATUS NtQueryInformationProcess(HANDLE process, PROCESSINFOCLASS class,
                                        OUT BY_CLASS(class, length) void *buffer, ULONG length,
                                        OPT OUT_ALWAYS ULONG *result_length);
CALL NTSTATUS NtSetInformationProcess(HANDLE process, PROCESSINFOCLASS class,
                                      IN BY_CLASS(class, length) void *buffer, ULONG length);
// Ends the process with one line on standard error and exit status 126: what keeps a program from starting.
// message is UTF-8 and has no newline.
CALL void LowlandFatal(NTSTATUS status, IN_BYTES(length) const char *message, ULONG length);
// Fills a buffer with random bytes of the host: random.c.
CALL NTSTATUS LowlandRandom(OUT_BYTES(length) void *buffer, ULONG length);
// Prints one line on standard error and goes on: a missing export was called, a debug message.
CALL void LowlandReport(IN_BYTES(length) const char *message, ULONG length);

CLASS(NtQueryInformationProcess, ProcessBasicInformation, PROCESS_BASIC_INFORMATION)
CLASS(NtQueryInformationProcess, ProcessIoCounters, IO_COUNTERS)
CLASS(NtQueryInformationProcess, ProcessVmCounters, VM_COUNTERS_EX)
CLASS(NtQueryInformationProcess, ProcessTimes, KERNEL_USER_TIMES)
CLASS(NtQueryInformationProcess, ProcessDebugPort, HANDLE)
CLASS(NtQueryInformationProcess, ProcessDefaultHardErrorMode, ULONG)
CLASS(NtQueryInformationProcess, ProcessPriorityClass, PROCESS_PRIORITY_CLASS)
CLASS(NtQueryInformationProcess, ProcessHandleCount, ULONG)
CLASS(NtQueryInformationProcess, ProcessAffinityMask, ULONG_PTR)
CLASS(NtQueryInformationProcess, ProcessPriorityBoost, ULONG)
CLASS(NtQueryInformationProcess, ProcessDeviceMap, PROCESS_DEVICEMAP_INFORMATION)
CLASS(NtQueryInformationProcess, ProcessSessionInformation, PROCESS_SESSION_INFORMATION)
CLASS(NtQueryInformationProcess, ProcessWow64Information, ULONG_PTR)
CLASS(NtQueryInformationProcess, ProcessImageFileName, UNICODE_STRING)
CLASS(NtQueryInformationProcess, ProcessImageFileNameWin32, UNICODE_STRING)
CLASS(NtQueryInformationProcess, ProcessDebugObjectHandle, HANDLE)
CLASS(NtQueryInformationProcess, ProcessDebugFlags, ULONG)
CLASS(NtQueryInformationProcess, ProcessExecuteFlags, ULONG)
CLASS(NtQueryInformationProcess, ProcessCookie, ULONG)
CLASS(NtQueryInformationProcess, ProcessImageInformation, SECTION_IMAGE_INFORMATION)
CLASS(NtSetInformationProcess, ProcessDefaultHardErrorMode, ULONG)
CLASS(NtSetInformationProcess, ProcessPriorityClass, PROCESS_PRIORITY_CLASS)
CLASS(NtSetInformationProcess, ProcessAffinityMask, ULONG_PTR)
CLASS(NtSetInformationProcess, ProcessPriorityBoost, ULONG)
CLASS(NtSetInformationProcess, ProcessExecuteFlags, ULONG)
CALL NTSTATUS NtSuspendProcess(HANDLE process);
CALL NTSTATUS NtResumeProcess(HANDLE process);
CALL NTSTATUS NtGetNextProcess(HANDLE process, ACCESS_MASK access, ULONG attributes, ULONG flags, OUT HANDLE *next);

// ---- jobs: job.c, job_info.c ----
CALL NTSTATUS NtCreateJobObject(OUT HANDLE *job, ACCESS_MASK access, OPT IN OBJECT_ATTRIBUTES *attributes);
CALL NTSTATUS NtOpenJobObject(OUT HANDLE *job, ACCESS_MASK access, OPT IN OBJECT_ATTRIBUTES *attributes);
CALL NTSTATUS NtAssignProcessToJobObject(HANDLE job, HANDLE process);
CALL NTSTATUS NtIsProcessInJob(HANDLE process, HANDLE job);
CALL NTSTATUS NtTerminateJobObject(HANDLE job, NTSTATUS status);
CALL NTSTATUS NtQueryInformationJobObject(HANDLE job, JOBOBJECTINFOCLASS class,
                                          OUT BY_CLASS(class, length) void *buffer, ULONG length,
                                          OPT OUT_ALWAYS ULONG *result_length);
CALL NTSTATUS NtSetInformationJobObject(HANDLE job, JOBOBJECTINFOCLASS class,
                                        IN BY_CLASS(class, length) void *buffer, ULONG length);

CLASS(NtQueryInformationJobObject, JobObjectBasicAccountingInformation,
      JOBOBJECT_BASIC_ACCOUNTING_INFORMATION)
CLASS(NtQueryInformationJobObject, JobObjectBasicLimitInformation, JOBOBJECT_BASIC_LIMIT_INFORMATION)
CLASS(NtQueryInformationJobObject, JobObjectBasicProcessIdList, JOBOBJECT_BASIC_PROCESS_ID_LIST)
CLASS(NtQueryInformationJobObject, JobObjectBasicUIRestrictions, JOBOBJECT_BASIC_UI_RESTRICTIONS)
CLASS(NtQueryInformationJobObject, JobObjectEndOfJobTimeInformation, JOBOBJECT_END_OF_JOB_TIME_INFORMATION)
CLASS(NtQueryInformationJobObject, JobObjectExtendedLimitInformation, JOBOBJECT_EXTENDED_LIMIT_INFORMATION)
CLASS(NtSetInformationJobObject, JobObjectBasicLimitInformation, JOBOBJECT_BASIC_LIMIT_INFORMATION)
CLASS(NtSetInformationJobObject, JobObjectBasicUIRestrictions, JOBOBJECT_BASIC_UI_RESTRICTIONS)
CLASS(NtSetInformationJobObject, JobObjectEndOfJobTimeInformation, JOBOBJECT_END_OF_JOB_TIME_INFORMATION)
CLASS(NtSetInformationJobObject, JobObjectAssociateCompletionPortInformation,
      JOBOBJECT_ASSOCIATE_COMPLETION_PORT)
CLASS(NtSetInformationJobObject, JobObjectExtendedLimitInformation, JOBOBJECT_EXTENDED_LIMIT_INFORMATION)

// ---- debugging: debug_object.c, debug_calls.c ----
CALL NTSTATUS NtCreateDebugObject(OUT HANDLE *debug, ACCESS_MASK access, OPT IN OBJECT_ATTRIBUTES *attributes,
                                  ULONG flags);
CALL NTSTATUS NtDebugActiveProcess(HANDLE process, HANDLE debug);
CALL NTSTATUS NtRemoveProcessDebug(HANDLE process, HANDLE debug);
CALL NTSTATUS NtWaitForDebugEvent(HANDLE debug, BOOLEAN alertable, OPT IN LARGE_INTEGER *timeout,
                                  OUT DBGUI_WAIT_STATE_CHANGE *change);
CALL NTSTATUS NtDebugContinue(HANDLE debug, IN CLIENT_ID *id, NTSTATUS status);
CALL NTSTATUS NtSetInformationDebugObject(HANDLE debug, DEBUGOBJECTINFOCLASS class,
                                          IN BY_CLASS(class, length) void *buffer, ULONG length,
                                          OPT OUT_ALWAYS ULONG *result_length);

CLASS(NtSetInformationDebugObject, DebugObjectKillProcessOnExitInformation, ULONG)

// ---- tokens, impersonation and access checks: token*.c, impersonation.c, access_check.c ----
CALL NTSTATUS NtOpenProcessToken(HANDLE process, ACCESS_MASK access, OUT HANDLE *token);
CALL NTSTATUS NtOpenProcessTokenEx(HANDLE process, ACCESS_MASK access, ULONG attributes, OUT HANDLE *token);
CALL NTSTATUS NtOpenThreadToken(HANDLE thread, ACCESS_MASK access, BOOLEAN as_self, OUT HANDLE *token);
CALL NTSTATUS NtOpenThreadTokenEx(HANDLE thread, ACCESS_MASK access, BOOLEAN as_self, ULONG attributes,
                                  OUT HANDLE *token);
CALL NTSTATUS NtDuplicateToken(HANDLE token, ACCESS_MASK access, OPT IN OBJECT_ATTRIBUTES *attributes,
                               BOOLEAN effective, TOKEN_TYPE type, OUT HANDLE *result);
CALL NTSTATUS NtFilterToken(HANDLE token, ULONG flags, GPTR TOKEN_GROUPS *disable, GPTR TOKEN_PRIVILEGES *remove,
                            GPTR TOKEN_GROUPS *restrict_to, OUT HANDLE *result);
CALL NTSTATUS NtCompareTokens(HANDLE first, HANDLE second, OUT BOOLEAN *equal);
CALL NTSTATUS NtQueryInformationToken(HANDLE token, TOKEN_INFORMATION_CLASS class,
                                      OUT BY_CLASS(class, length) void *buffer, ULONG length,
                                      OUT_ALWAYS ULONG *result_length);
CALL NTSTATUS NtSetInformationToken(HANDLE token, TOKEN_INFORMATION_CLASS class,
                                    IN BY_CLASS(class, length) void *buffer, ULONG length);
CALL NTSTATUS NtAdjustPrivilegesToken(HANDLE token, BOOLEAN disable_all, GPTR TOKEN_PRIVILEGES *wanted, ULONG length,
                                      GPTR TOKEN_PRIVILEGES *previous, GPTR ULONG *result_length);
CALL NTSTATUS NtAdjustGroupsToken(HANDLE token, BOOLEAN reset, GPTR TOKEN_GROUPS *wanted, ULONG length,
                                  GPTR TOKEN_GROUPS *previous, GPTR ULONG *result_length);
CALL NTSTATUS NtPrivilegeCheck(HANDLE token, GPTR PRIVILEGE_SET *set, OUT BOOLEAN *result);
CALL NTSTATUS NtImpersonateThread(HANDLE server, HANDLE client, IN SECURITY_QUALITY_OF_SERVICE *quality);
CALL NTSTATUS NtImpersonateAnonymousToken(HANDLE thread);
CALL NTSTATUS NtAccessCheck(GPTR PSECURITY_DESCRIPTOR security, HANDLE token, ACCESS_MASK desired,
                            IN GENERIC_MAPPING *mapping, GPTR PRIVILEGE_SET *privileges, GPTR ULONG *privileges_length,
                            GPTR ACCESS_MASK *granted, GPTR NTSTATUS *verdict);

CLASS(NtQueryInformationToken, TokenUser, TOKEN_USER)
CLASS(NtQueryInformationToken, TokenStatistics, TOKEN_STATISTICS)
CLASS(NtQueryInformationToken, TokenType, TOKEN_TYPE)
CLASS(NtQueryInformationToken, TokenElevation, TOKEN_ELEVATION)
CLASS(NtSetInformationToken, TokenOwner, TOKEN_OWNER)

// ---- security descriptors of objects: object_security.c ----
CALL NTSTATUS NtQuerySecurityObject(HANDLE object, SECURITY_INFORMATION information, OUT_BYTES(length) void *descriptor,
                                    ULONG length, GPTR ULONG *needed);
CALL NTSTATUS NtSetSecurityObject(HANDLE object, SECURITY_INFORMATION information, GPTR void *descriptor);

// ---- global atoms: atom.c. Names of numbers ("#123", or a number in place of the pointer) are their own ----
CALL NTSTATUS NtAddAtom(IN_BYTES(length) const WCHAR *name, ULONG length, OPT OUT RTL_ATOM *atom);
CALL NTSTATUS NtFindAtom(IN_BYTES(length) const WCHAR *name, ULONG length, OPT OUT RTL_ATOM *atom);
CALL NTSTATUS NtDeleteAtom(RTL_ATOM atom);
CALL NTSTATUS NtQueryInformationAtom(RTL_ATOM atom, ATOM_INFORMATION_CLASS class,
                                     OUT BY_CLASS(class, length) void *buffer, ULONG length,
                                     OPT OUT_ALWAYS ULONG *result_length);
CLASS(NtQueryInformationAtom, AtomBasicInformation, ATOM_BASIC_INFORMATION)
CLASS(NtQueryInformationAtom, AtomTableInformation, ATOM_TABLE_INFORMATION)

// ---- what a 32-bit program reaches of a 64-bit system: wow64.c ----
CALL NTSTATUS NtWow64ReadVirtualMemory64(HANDLE process, ULONGLONG address, GPTR void *buffer, ULONGLONG length,
                                         OPT OUT_ALWAYS ULONGLONG *read);
CALL NTSTATUS NtWow64WriteVirtualMemory64(HANDLE process, ULONGLONG address, GPTR void *buffer, ULONGLONG length,
                                          OPT OUT_ALWAYS ULONGLONG *written);
CALL NTSTATUS NtWow64AllocateVirtualMemory64(HANDLE process, INOUT ULONGLONG *base, ULONGLONG zero_bits,
                                             INOUT ULONGLONG *size, ULONG type, ULONG protect);
CALL NTSTATUS NtWow64QueryVirtualMemory64(HANDLE process, ULONGLONG address, ULONG class, GPTR void *buffer,
                                          ULONGLONG length, OPT OUT_ALWAYS ULONGLONG *result_length);
CALL NTSTATUS NtWow64QueryInformationProcess64(HANDLE process, PROCESSINFOCLASS class, GPTR void *buffer, ULONG length,
                                               OPT OUT_ALWAYS ULONG *result_length);
CALL NTSTATUS NtWow64GetNativeSystemInformation(SYSTEM_INFORMATION_CLASS class,
                                                OUT BY_CLASS(class, length) void *buffer, ULONG length,
                                                OPT OUT_ALWAYS ULONG *result_length);

// ---- LPC ports: port.c, port_connect.c, port_message.c ----
CALL NTSTATUS NtCreatePort(OUT HANDLE *port, OPT IN OBJECT_ATTRIBUTES *attributes, ULONG max_connection_data,
                           ULONG max_message, ULONG max_pool);
CALL NTSTATUS NtCreateWaitablePort(OUT HANDLE *port, OPT IN OBJECT_ATTRIBUTES *attributes,
                                   ULONG max_connection_data, ULONG max_message, ULONG max_pool);
CALL NTSTATUS NtConnectPort(OUT HANDLE *port, GPTR UNICODE_STRING *name,
                            IN SECURITY_QUALITY_OF_SERVICE *quality, GPTR PORT_VIEW64 *client_view,
                            GPTR REMOTE_PORT_VIEW64 *server_view, OPT OUT ULONG *max_message, GPTR void *data,
                            OPT INOUT ULONG *length);
CALL NTSTATUS NtSecureConnectPort(OUT HANDLE *port, GPTR UNICODE_STRING *name,
                                  IN SECURITY_QUALITY_OF_SERVICE *quality, GPTR PORT_VIEW64 *client_view,
                                  GPTR void *server_sid, GPTR REMOTE_PORT_VIEW64 *server_view,
                                  OPT OUT ULONG *max_message, GPTR void *data, OPT INOUT ULONG *length);
CALL NTSTATUS NtListenPort(HANDLE port, GPTR PORT_MESSAGE64 *request);
CALL NTSTATUS NtAcceptConnectPort(OUT HANDLE *port, GPTR void *context, GPTR PORT_MESSAGE64 *request,
                                  BOOLEAN accept, GPTR PORT_VIEW64 *server_view,
                                  GPTR REMOTE_PORT_VIEW64 *client_view);
CALL NTSTATUS NtCompleteConnectPort(HANDLE port);
CALL NTSTATUS NtRequestPort(HANDLE port, GPTR PORT_MESSAGE64 *message);
CALL NTSTATUS NtRequestWaitReplyPort(HANDLE port, GPTR PORT_MESSAGE64 *request, GPTR PORT_MESSAGE64 *reply);
CALL NTSTATUS NtReplyPort(HANDLE port, GPTR PORT_MESSAGE64 *reply);
CALL NTSTATUS NtReplyWaitReceivePort(HANDLE port, OPT OUT ULONG *context, GPTR PORT_MESSAGE64 *reply,
                                     GPTR PORT_MESSAGE64 *message);
CALL NTSTATUS NtReplyWaitReceivePortEx(HANDLE port, OPT OUT ULONG *context, GPTR PORT_MESSAGE64 *reply,
                                       GPTR PORT_MESSAGE64 *message, OPT IN LARGE_INTEGER *timeout);
CALL NTSTATUS NtRegisterThreadTerminatePort(HANDLE port);
CALL NTSTATUS NtImpersonateClientOfPort(HANDLE port, GPTR PORT_MESSAGE64 *message);
CALL NTSTATUS NtReadRequestData(HANDLE port, GPTR PORT_MESSAGE64 *message, ULONG index,
                                OUT_BYTES(length) void *buffer, ULONG length, OPT OUT_ALWAYS ULONG *done);
CALL NTSTATUS NtWriteRequestData(HANDLE port, GPTR PORT_MESSAGE64 *message, ULONG index,
                                 IN_BYTES(length) void *buffer, ULONG length, OPT OUT_ALWAYS ULONG *done);
TYPE(PORT_DATA_INFORMATION64)
CALL NTSTATUS NtReplyWaitReplyPort(HANDLE port, GPTR PORT_MESSAGE64 *reply);

// ---- transactions: transaction.c; what they do to the registry: registry_transaction.c ----
CALL NTSTATUS NtCreateTransaction(OUT HANDLE *transaction, ACCESS_MASK access, OPT IN OBJECT_ATTRIBUTES *attributes,
                                  OPT IN GUID *unit_of_work, HANDLE manager, ULONG options, ULONG isolation_level,
                                  ULONG isolation_flags, OPT IN LARGE_INTEGER *timeout,
                                  OPT IN UNICODE_STRING *description);
CALL NTSTATUS NtOpenTransaction(OUT HANDLE *transaction, ACCESS_MASK access, OPT IN OBJECT_ATTRIBUTES *attributes,
                                OPT IN GUID *unit_of_work, HANDLE manager);
CALL NTSTATUS NtCommitTransaction(HANDLE transaction, BOOLEAN wait);
CALL NTSTATUS NtRollbackTransaction(HANDLE transaction, BOOLEAN wait);
CALL NTSTATUS NtQueryInformationTransaction(HANDLE transaction, TRANSACTION_INFORMATION_CLASS class,
                                            OUT BY_CLASS(class, length) void *buffer, ULONG length,
                                            OPT OUT_ALWAYS ULONG *result_length);
CALL NTSTATUS NtSetInformationTransaction(HANDLE transaction, TRANSACTION_INFORMATION_CLASS class,
                                          IN BY_CLASS(class, length) void *buffer, ULONG length);
CALL NTSTATUS NtCreateRegistryTransaction(OUT HANDLE *transaction, ACCESS_MASK access,
                                          OPT IN OBJECT_ATTRIBUTES *attributes, ULONG options);
CALL NTSTATUS NtOpenRegistryTransaction(OUT HANDLE *transaction, ACCESS_MASK access,
                                        IN OBJECT_ATTRIBUTES *attributes);
CALL NTSTATUS NtCommitRegistryTransaction(HANDLE transaction, ULONG flags);
CALL NTSTATUS NtRollbackRegistryTransaction(HANDLE transaction, ULONG flags);

CLASS(NtQueryInformationTransaction, TransactionBasicInformation, TRANSACTION_BASIC_INFORMATION)
CLASS(NtQueryInformationTransaction, TransactionPropertiesInformation, TRANSACTION_PROPERTIES_INFORMATION)
CLASS(NtQueryInformationTransaction, TransactionEnlistmentInformation, TRANSACTION_ENLISTMENTS_INFORMATION)
CLASS(NtSetInformationTransaction, TransactionPropertiesInformation, TRANSACTION_PROPERTIES_INFORMATION)
TYPE(TRANSACTION_OUTCOME)
TYPE(TRANSACTION_STATE)

#endif
