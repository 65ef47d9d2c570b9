// Event tracing: providers of events. There are no sessions: providers register and write as always, nobody
// listens. advapi32 exports the same under other names.
#include "rtl.h"
#include <evntprov.h>
#include <evntrace.h>
#include <wmistr.h>

#define PROVIDERS_MAX 1024
#define INFO_CLASSES  4        // EVENT_INFO_CLASS up to EventProviderUseDescriptorType
#define LEGACY_BASE   0x10000u // handles of RegisterTraceGuids, so that the two kinds differ

enum provider_kind { UNUSED, PROVIDER, LEGACY_PROVIDER };

static RTL_SRWLOCK lock = RTL_SRWLOCK_INIT;
static BYTE providers[PROVIDERS_MAX]; // kinds, under the lock

// A new provider's number from 1; 0: there are too many.
static ULONG add_provider(enum provider_kind kind)
{
    ULONG number = 0;
    RtlAcquireSRWLockExclusive(&lock);
    for (unsigned i = 0; i < PROVIDERS_MAX && !number; i++) {
        if (providers[i]) continue;
        providers[i] = (BYTE)kind;
        number = i + 1;
    }
    RtlReleaseSRWLockExclusive(&lock);
    return number;
}

static BOOL is_provider(ULONGLONG number, enum provider_kind kind)
{
    RtlAcquireSRWLockShared(&lock);
    BOOL known = number && number <= PROVIDERS_MAX && providers[number - 1] == kind;
    RtlReleaseSRWLockShared(&lock);
    return known;
}

static ULONG remove_provider(ULONGLONG number, enum provider_kind kind)
{
    ULONG error = ERROR_INVALID_HANDLE;
    RtlAcquireSRWLockExclusive(&lock);
    if (number && number <= PROVIDERS_MAX && providers[number - 1] == kind) {
        providers[number - 1] = UNUSED;
        error = ERROR_SUCCESS;
    }
    RtlReleaseSRWLockExclusive(&lock);
    return error;
}

// ---- providers ----

ULONG WINAPI EtwEventRegister(LPCGUID provider, PENABLECALLBACK callback, void *context, REGHANDLE *handle)
{
    (void)callback, (void)context; // called when a session enables the provider
    if (!provider || !handle) return ERROR_INVALID_PARAMETER;
    ULONG number = add_provider(PROVIDER);
    if (number) *handle = number;
    return number ? ERROR_SUCCESS : ERROR_NOT_ENOUGH_MEMORY;
}

ULONG WINAPI EtwEventUnregister(REGHANDLE handle)
{
    return remove_provider(handle, PROVIDER);
}

// What else a session would be told of the provider: binary traits, whether data descriptors have types.
ULONG WINAPI EtwEventSetInformation(REGHANDLE handle, EVENT_INFO_CLASS class, void *information, ULONG length)
{
    if (!is_provider(handle, PROVIDER)) return ERROR_INVALID_HANDLE;
    if ((ULONG) class >= INFO_CLASSES) return ERROR_INVALID_PARAMETER;
    return length && !information ? ERROR_INVALID_PARAMETER : ERROR_SUCCESS;
}

BOOLEAN WINAPI EtwEventEnabled(REGHANDLE handle, PCEVENT_DESCRIPTOR event)
{
    (void)handle, (void)event;
    return FALSE;
}

BOOLEAN WINAPI EtwEventProviderEnabled(REGHANDLE handle, UCHAR level, ULONGLONG keyword)
{
    (void)handle, (void)level, (void)keyword;
    return FALSE;
}

ULONG WINAPI EtwEventWrite(REGHANDLE handle, PCEVENT_DESCRIPTOR event, ULONG count,
                           PEVENT_DATA_DESCRIPTOR data)
{
    if (!event || (count && !data)) return ERROR_INVALID_PARAMETER;
    return is_provider(handle, PROVIDER) ? ERROR_SUCCESS : ERROR_INVALID_HANDLE;
}

ULONG WINAPI EtwEventWriteTransfer(REGHANDLE handle, PCEVENT_DESCRIPTOR event, LPCGUID activity,
                                   LPCGUID related, ULONG count, PEVENT_DATA_DESCRIPTOR data)
{
    (void)activity, (void)related;
    return EtwEventWrite(handle, event, count, data);
}

ULONG WINAPI EtwEventWriteEx(REGHANDLE handle, PCEVENT_DESCRIPTOR event, ULONG64 filter, ULONG flags,
                             LPCGUID activity, LPCGUID related, ULONG count, PEVENT_DATA_DESCRIPTOR data)
{
    (void)filter, (void)flags, (void)activity, (void)related;
    return EtwEventWrite(handle, event, count, data);
}

ULONG WINAPI EtwEventWriteString(REGHANDLE handle, UCHAR level, ULONGLONG keyword, PCWSTR text)
{
    (void)level, (void)keyword;
    if (!is_provider(handle, PROVIDER)) return ERROR_INVALID_HANDLE;
    return text ? ERROR_SUCCESS : ERROR_INVALID_PARAMETER;
}

// ---- activities: a GUID that each thread has, which its events carry ----

// A GUID that differs from all others of the machine, as counters do; not one for the world.
static void create_activity(GUID *activity)
{
    static LONG count;
    LARGE_INTEGER time;
    NtQuerySystemTime(&time);
    ULONG number = (ULONG)__atomic_add_fetch(&count, 1, __ATOMIC_SEQ_CST);
    ULONG process = (ULONG)(ULONG_PTR)teb_self()->ClientId.UniqueProcess;
    *activity = (GUID){.Data1 = number, .Data2 = (USHORT)process, .Data3 = (USHORT)(process >> 16)};
    memcpy(activity->Data4, &time, sizeof(activity->Data4));
}

ULONG WINAPI EtwEventActivityIdControl(ULONG code, GUID *activity)
{
    GUID old, *own = &teb_self()->ActivityId;
    if (!activity) return ERROR_INVALID_PARAMETER;
    switch (code) {
    case EVENT_ACTIVITY_CTRL_GET_ID: *activity = *own; return ERROR_SUCCESS;
    case EVENT_ACTIVITY_CTRL_SET_ID: *own = *activity; return ERROR_SUCCESS;
    case EVENT_ACTIVITY_CTRL_CREATE_ID: create_activity(activity); return ERROR_SUCCESS;
    case EVENT_ACTIVITY_CTRL_GET_SET_ID:
        old = *own;
        *own = *activity;
        *activity = old;
        return ERROR_SUCCESS;
    case EVENT_ACTIVITY_CTRL_CREATE_SET_ID:
        *activity = *own;
        create_activity(own);
        return ERROR_SUCCESS;
    default: return ERROR_INVALID_PARAMETER;
    }
}

// ---- providers of the older kind ----

ULONG WINAPI EtwRegisterTraceGuidsW(WMIDPREQUEST callback, void *context, LPCGUID control, ULONG count,
                                    PTRACE_GUID_REGISTRATION guids, LPCWSTR image, LPCWSTR resource,
                                    TRACEHANDLE *handle)
{
    (void)context, (void)image, (void)resource;
    if (!callback || !control || !handle || (count && !guids)) return ERROR_INVALID_PARAMETER;
    ULONG number = add_provider(LEGACY_PROVIDER);
    if (!number) return ERROR_NOT_ENOUGH_MEMORY;
    *handle = LEGACY_BASE + number;
    for (ULONG i = 0; i < count; i++) guids[i].RegHandle = (HANDLE)(ULONG_PTR)(LEGACY_BASE + number);
    return ERROR_SUCCESS;
}

ULONG WINAPI EtwRegisterTraceGuidsA(WMIDPREQUEST callback, void *context, LPCGUID control, ULONG count,
                                    PTRACE_GUID_REGISTRATION guids, LPCSTR image, LPCSTR resource,
                                    TRACEHANDLE *handle)
{
    (void)image, (void)resource;
    return EtwRegisterTraceGuidsW(callback, context, control, count, guids, NULL, NULL, handle);
}

ULONG WINAPI EtwUnregisterTraceGuids(TRACEHANDLE handle)
{
    return remove_provider(handle - LEGACY_BASE, LEGACY_PROVIDER);
}

// A session hands itself to the callback when it enables a provider; no callback was called.
TRACEHANDLE WINAPI EtwGetTraceLoggerHandle(void *buffer)
{
    (void)buffer;
    RtlSetLastWin32Error(ERROR_INVALID_PARAMETER);
    return (TRACEHANDLE)(ULONG_PTR)INVALID_HANDLE_VALUE;
}

UCHAR WINAPI EtwGetTraceEnableLevel(TRACEHANDLE session)
{
    (void)session;
    RtlSetLastWin32Error(ERROR_INVALID_HANDLE);
    return 0;
}

ULONG WINAPI EtwGetTraceEnableFlags(TRACEHANDLE session)
{
    (void)session;
    RtlSetLastWin32Error(ERROR_INVALID_HANDLE);
    return 0;
}

ULONG WINAPI EtwLogTraceEvent(TRACEHANDLE session, PEVENT_TRACE_HEADER event)
{
    (void)session;
    return event ? ERROR_INVALID_HANDLE : ERROR_INVALID_PARAMETER;
}

ULONG WINAPI EtwTraceMessageVa(TRACEHANDLE session, ULONG flags, LPCGUID guid, USHORT number, va_list list)
{
    (void)session, (void)flags, (void)guid, (void)number, (void)list;
    return ERROR_INVALID_HANDLE;
}

ULONG EtwTraceMessage(TRACEHANDLE session, ULONG flags, LPCGUID guid, USHORT number, ...)
{
    (void)session, (void)flags, (void)guid, (void)number;
    return ERROR_INVALID_HANDLE;
}
