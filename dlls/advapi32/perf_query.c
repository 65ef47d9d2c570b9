// Performance counters, the readers' side. No provider publishes counters beyond its own process, so a query
// finds no counter set and its data is a head with the time.
#include "base.h"

// perflib.h's structures that mingw-w64 lacks (Microsoft's documentation of them).
typedef struct {
    ULONG dwTotalSize, dwNumCounters;
    LONGLONG PerfTimeStamp, PerfTime100NSec, PerfFreq;
    SYSTEMTIME SystemTime;
} PERF_DATA_HEADER;

typedef struct {
    GUID CounterSetGuid;
    ULONG Status, Size, CounterId, InstanceId, Index, Reserved;
} PERF_COUNTER_IDENTIFIER;

#define QUERY_SIGNATURE 0x59525051u

struct query {
    DWORD signature;
};

static bool is_query(HANDLE handle)
{
    const struct query *query = handle;
    return query && !IsBadReadPtr(query, sizeof(*query)) && query->signature == QUERY_SIGNATURE;
}

HOTPATCH ULONG WINAPI PerfOpenQueryHandle(LPCWSTR machine, HANDLE *handle)
{
    if (!handle) return ERROR_INVALID_PARAMETER;
    if (!is_local_system(machine)) return RPC_S_SERVER_UNAVAILABLE;
    struct query *query = heap_alloc(sizeof(*query));
    if (!query) return ERROR_OUTOFMEMORY;
    query->signature = QUERY_SIGNATURE;
    *handle = query;
    return ERROR_SUCCESS;
}

HOTPATCH ULONG WINAPI PerfCloseQueryHandle(HANDLE handle)
{
    if (!is_query(handle)) return ERROR_INVALID_HANDLE;
    ((struct query *)handle)->signature = 0;
    heap_free(handle);
    return ERROR_SUCCESS;
}

HOTPATCH ULONG WINAPI PerfAddCounters(HANDLE handle, PERF_COUNTER_IDENTIFIER *counters, DWORD size)
{
    if (!is_query(handle)) return ERROR_INVALID_HANDLE;
    if (!counters) return ERROR_INVALID_PARAMETER;
    for (DWORD at = 0; at < size;) {
        PERF_COUNTER_IDENTIFIER *counter = (PERF_COUNTER_IDENTIFIER *)((BYTE *)counters + at);
        if (size - at < sizeof(*counter) || counter->Size < sizeof(*counter) || counter->Size > size - at)
            return ERROR_INVALID_PARAMETER;
        counter->Status = ERROR_WMI_GUID_NOT_FOUND;
        at += counter->Size;
    }
    return ERROR_SUCCESS;
}

HOTPATCH ULONG WINAPI PerfQueryCounterData(HANDLE handle, PERF_DATA_HEADER *data, DWORD size, DWORD *needed)
{
    LARGE_INTEGER counter, frequency, now;
    if (!needed) return ERROR_INVALID_PARAMETER;
    if (!is_query(handle)) return ERROR_INVALID_HANDLE;
    *needed = sizeof(*data);
    if (!data || size < sizeof(*data)) return ERROR_NOT_ENOUGH_MEMORY;
    NtQueryPerformanceCounter(&counter, &frequency);
    NtQuerySystemTime(&now);
    data->dwTotalSize = sizeof(*data);
    data->dwNumCounters = 0;
    data->PerfTimeStamp = counter.QuadPart;
    data->PerfTime100NSec = now.QuadPart;
    data->PerfFreq = frequency.QuadPart;
    FileTimeToSystemTime((const FILETIME *)&now, &data->SystemTime);
    return ERROR_SUCCESS;
}
