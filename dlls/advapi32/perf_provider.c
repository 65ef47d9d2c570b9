// Performance counters, the providers' side: counter sets and their instances. They live in the provider's
// process.
#include "base.h"
#include <perflib.h>

struct counter_set {
    struct counter_set *next;
    PERF_COUNTERSET_INFO info;
    PERF_COUNTER_INFO counters[]; // info.NumCounters
};

struct provider {
    GUID guid;
    PERFLIBREQUEST callback;
    struct counter_set *sets;
    SRWLOCK lock; // of sets
};

HOTPATCH ULONG WINAPI PerfStartProviderEx(GUID *guid, PERF_PROVIDER_CONTEXT *context, HANDLE *handle)
{
    if (!guid || !handle) return ERROR_INVALID_PARAMETER;
    if (context && context->ContextSize < sizeof(*context)) return ERROR_INVALID_PARAMETER;
    struct provider *provider = heap_alloc(sizeof(*provider));
    if (!provider) return ERROR_OUTOFMEMORY;
    provider->guid = *guid;
    if (context) provider->callback = context->ControlCallback;
    InitializeSRWLock(&provider->lock);
    *handle = provider;
    return ERROR_SUCCESS;
}

HOTPATCH ULONG WINAPI PerfStartProvider(GUID *guid, PERFLIBREQUEST callback, HANDLE *handle)
{
    PERF_PROVIDER_CONTEXT context = {.ContextSize = sizeof(context), .ControlCallback = callback};
    return PerfStartProviderEx(guid, &context, handle);
}

HOTPATCH ULONG WINAPI PerfStopProvider(HANDLE handle)
{
    struct provider *provider = handle;
    while (provider->sets) {
        struct counter_set *set = provider->sets;
        provider->sets = set->next;
        heap_free(set);
    }
    heap_free(provider);
    return ERROR_SUCCESS;
}

// With the lock.
static struct counter_set *find_set(struct provider *provider, const GUID *guid)
{
    struct counter_set *set = provider->sets;
    while (set && memcmp(&set->info.CounterSetGuid, guid, sizeof(*guid)) != 0) set = set->next;
    return set;
}

HOTPATCH ULONG WINAPI PerfSetCounterSetInfo(HANDLE handle, PERF_COUNTERSET_INFO *info, ULONG size)
{
    struct provider *provider = handle;
    if (!provider || !info || size < sizeof(*info) || !info->NumCounters) return ERROR_INVALID_PARAMETER;
    if ((size - sizeof(*info)) / sizeof(PERF_COUNTER_INFO) < info->NumCounters)
        return ERROR_INVALID_PARAMETER;
    SIZE_T counters = info->NumCounters * sizeof(PERF_COUNTER_INFO);
    struct counter_set *set = heap_alloc(sizeof(*set) + counters);
    if (!set) return ERROR_OUTOFMEMORY;
    set->info = *info;
    memcpy(set->counters, info + 1, counters);
    AcquireSRWLockExclusive(&provider->lock);
    bool known = find_set(provider, &info->CounterSetGuid);
    if (!known) {
        set->next = provider->sets;
        provider->sets = set;
    }
    ReleaseSRWLockExclusive(&provider->lock);
    if (known) heap_free(set);
    return known ? ERROR_ALREADY_EXISTS : ERROR_SUCCESS;
}

// --- instances: a head, 64 bits a counter, and the name

static PERF_COUNTERSET_INSTANCE *make_instance(const struct counter_set *set, const WCHAR *name, ULONG id)
{
    ULONG counters = set->info.NumCounters * sizeof(UINT64);
    ULONG name_size = ((ULONG)lstrlenW(name) + 1) * sizeof(WCHAR);
    ULONG size = (sizeof(PERF_COUNTERSET_INSTANCE) + counters + name_size + 7) & ~7u;
    PERF_COUNTERSET_INSTANCE *instance = heap_alloc(size);
    if (!instance) return NULL;
    instance->CounterSetGuid = set->info.CounterSetGuid;
    instance->dwSize = size;
    instance->InstanceId = id;
    instance->InstanceNameOffset = sizeof(*instance) + counters;
    instance->InstanceNameSize = name_size;
    memcpy((BYTE *)instance + instance->InstanceNameOffset, name, name_size);
    return instance;
}

HOTPATCH PERF_COUNTERSET_INSTANCE *WINAPI PerfCreateInstance(HANDLE handle, LPCGUID guid, LPCWSTR name,
                                                             ULONG id)
{
    struct provider *provider = handle;
    if (!provider || !guid || !name) {
        SetLastError(ERROR_INVALID_PARAMETER);
        return NULL;
    }
    AcquireSRWLockShared(&provider->lock);
    struct counter_set *set = find_set(provider, guid);
    PERF_COUNTERSET_INSTANCE *instance = set ? make_instance(set, name, id) : NULL;
    ReleaseSRWLockShared(&provider->lock);
    if (!set) SetLastError(ERROR_NOT_FOUND);
    return instance;
}

HOTPATCH ULONG WINAPI PerfDeleteInstance(HANDLE handle, PERF_COUNTERSET_INSTANCE *instance)
{
    if (!handle || !instance) return ERROR_INVALID_PARAMETER;
    heap_free(instance);
    return ERROR_SUCCESS;
}

// Where an instance keeps a counter; NULL for one that its set does not have.
static UINT64 *find_counter(struct provider *provider, PERF_COUNTERSET_INSTANCE *instance, ULONG id)
{
    UINT64 *found = NULL;
    AcquireSRWLockShared(&provider->lock);
    const struct counter_set *set = find_set(provider, &instance->CounterSetGuid);
    for (ULONG i = 0; set && i < set->info.NumCounters && !found; i++)
        if (set->counters[i].CounterId == id) found = (UINT64 *)(instance + 1) + i;
    ReleaseSRWLockShared(&provider->lock);
    return found;
}

static ULONG with_counter(HANDLE handle, PERF_COUNTERSET_INSTANCE *instance, ULONG id, UINT64 **counter)
{
    if (!handle || !instance) return ERROR_INVALID_PARAMETER;
    *counter = find_counter(handle, instance, id);
    return *counter ? ERROR_SUCCESS : ERROR_NOT_FOUND;
}

HOTPATCH ULONG WINAPI PerfSetCounterRefValue(HANDLE handle, PERF_COUNTERSET_INSTANCE *instance, ULONG id,
                                             void *address)
{
    UINT64 *counter;
    ULONG error = with_counter(handle, instance, id, &counter);
    if (!error) *(void **)counter = address;
    return error;
}

HOTPATCH ULONG WINAPI PerfSetULongCounterValue(HANDLE handle, PERF_COUNTERSET_INSTANCE *instance, ULONG id,
                                               ULONG value)
{
    UINT64 *counter;
    ULONG error = with_counter(handle, instance, id, &counter);
    if (!error) __atomic_store_n((ULONG *)counter, value, __ATOMIC_RELAXED);
    return error;
}

HOTPATCH ULONG WINAPI PerfSetULongLongCounterValue(HANDLE handle, PERF_COUNTERSET_INSTANCE *instance,
                                                   ULONG id, ULONGLONG value)
{
    UINT64 *counter;
    ULONG error = with_counter(handle, instance, id, &counter);
    if (!error) *counter = value;
    return error;
}

HOTPATCH ULONG WINAPI PerfIncrementULongCounterValue(HANDLE handle, PERF_COUNTERSET_INSTANCE *instance,
                                                     ULONG id, ULONG value)
{
    UINT64 *counter;
    ULONG error = with_counter(handle, instance, id, &counter);
    if (!error) __atomic_fetch_add((ULONG *)counter, value, __ATOMIC_RELAXED);
    return error;
}

HOTPATCH ULONG WINAPI PerfDecrementULongCounterValue(HANDLE handle, PERF_COUNTERSET_INSTANCE *instance,
                                                     ULONG id, ULONG value)
{
    return PerfIncrementULongCounterValue(handle, instance, id, 0 - value);
}
