// The running object table: objects of this process by the monikers that name them. Other processes' are not
// seen.
#include "moniker.h"

// What monikers are compared by: the data of IROTData, else the class and the display name.
struct data {
    BYTE *bytes;
    ULONG size;
};

static struct entry {
    struct entry *next;
    IUnknown *object;
    IMoniker *moniker;
    struct data data;
    FILETIME time;
    IExternalConnection *connection; // NULL: none is held
    DWORD cookie;
} * entries;

static SRWLOCK lock = SRWLOCK_INIT; // not held across calls of objects but AddRef

// ---- comparison ----

static HRESULT data_of_name(IMoniker *moniker, struct data *data)
{
    IBindCtx *context;
    WCHAR *name = NULL;
    HRESULT status = CreateBindCtx(0, &context);
    if (FAILED(status)) return status;
    status = IMoniker_GetDisplayName(moniker, context, NULL, &name);
    IBindCtx_Release(context);
    if (FAILED(status)) return status;
    data->size = sizeof(CLSID) + ((ULONG)lstrlenW(name) + 1) * sizeof(WCHAR);
    data->bytes = CoTaskMemAlloc(data->size);
    status = data->bytes ? IMoniker_GetClassID(moniker, (CLSID *)data->bytes) : E_OUTOFMEMORY;
    if (data->bytes) memcpy(data->bytes + sizeof(CLSID), name, data->size - sizeof(CLSID));
    CoTaskMemFree(name);
    return status;
}

// The caller frees data->bytes, also after a failure.
static HRESULT data_of(IMoniker *moniker, struct data *data)
{
    enum { FIRST_ROOM = 256, ROOM_MAX = 0x40000 };
    IROTData *comparison;
    *data = (struct data){0};
    if (FAILED(IMoniker_QueryInterface(moniker, &IID_IROTData, (void **)&comparison)))
        return data_of_name(moniker, data);
    HRESULT status = E_OUTOFMEMORY;
    for (ULONG room = FIRST_ROOM; room <= ROOM_MAX && status == E_OUTOFMEMORY; room *= 4) {
        CoTaskMemFree(data->bytes);
        data->bytes = CoTaskMemAlloc(room);
        if (!data->bytes) break;
        status = IROTData_GetComparisonData(comparison, data->bytes, room, &data->size);
        if (SUCCEEDED(status) && data->size > room) status = E_UNEXPECTED;
    }
    IROTData_Release(comparison);
    return status;
}

// With the lock: the first entry of such a moniker.
static struct entry *find(const struct data *data)
{
    for (struct entry *entry = entries; entry; entry = entry->next)
        if (entry->data.size == data->size && !memcmp(entry->data.bytes, data->bytes, data->size))
            return entry;
    return NULL;
}

static struct entry *find_cookie(DWORD cookie)
{
    struct entry *entry = entries;
    while (entry && entry->cookie != cookie) entry = entry->next;
    return entry;
}

// The data of what a moniker is when it is reduced, and that moniker where it is asked for.
static HRESULT reduced_data(IMoniker *moniker, IMoniker **reduced, FILETIME *time, struct data *data)
{
    IBindCtx *context;
    IMoniker *simple;
    *data = (struct data){0};
    HRESULT status = CreateBindCtx(0, &context);
    if (FAILED(status)) return status;
    status = IMoniker_Reduce(moniker, context, MKRREDUCE_ALL, NULL, &simple);
    if (FAILED(status)) {
        IBindCtx_Release(context);
        return status;
    }
    if (time && FAILED(IMoniker_GetTimeOfLastChange(simple, context, NULL, time)))
        GetSystemTimeAsFileTime(time);
    IBindCtx_Release(context);
    status = data_of(simple, data);
    if (reduced && SUCCEEDED(status))
        *reduced = simple;
    else
        IMoniker_Release(simple);
    return status;
}

// ---- the table ----

static HRESULT WINAPI query(IRunningObjectTable *self, REFIID id, void **result)
{
    if (!result) return E_POINTER;
    bool known = same_id(id, &IID_IUnknown) || same_id(id, &IID_IRunningObjectTable);
    *result = known ? self : NULL;
    return known ? S_OK : E_NOINTERFACE;
}

static ULONG WINAPI reference(IRunningObjectTable *self)
{
    (void)self;
    return 1; // the process's only one
}

static void free_entry(struct entry *entry)
{
    if (entry->connection) {
        IExternalConnection_ReleaseConnection(entry->connection, EXTCONN_STRONG, 0, TRUE);
        IExternalConnection_Release(entry->connection);
    }
    if (entry->object) IUnknown_Release(entry->object);
    if (entry->moniker) IMoniker_Release(entry->moniker);
    CoTaskMemFree(entry->data.bytes);
    CoTaskMemFree(entry);
}

static HRESULT WINAPI register_object(IRunningObjectTable *self, DWORD flags, IUnknown *object,
                                      IMoniker *moniker, DWORD *cookie)
{
    static LONG last_cookie = 0x10000;
    (void)self;
    if (flags & ~(DWORD)(ROTFLAGS_REGISTRATIONKEEPSALIVE | ROTFLAGS_ALLOWANYCLIENT)) return E_INVALIDARG;
    if (!object || !moniker || !cookie) return E_INVALIDARG;
    if (flags & ROTFLAGS_ALLOWANYCLIENT) return CO_E_WRONG_SERVER_IDENTITY; // for services of other accounts
    struct entry *entry = CoTaskMemAlloc(sizeof(*entry));
    if (!entry) return E_OUTOFMEMORY;
    *entry = (struct entry){.object = object};
    IUnknown_AddRef(object);
    HRESULT status = reduced_data(moniker, &entry->moniker, &entry->time, &entry->data);
    if (FAILED(status)) {
        free_entry(entry);
        return status;
    }
    if (flags & ROTFLAGS_REGISTRATIONKEEPSALIVE &&
        SUCCEEDED(IUnknown_QueryInterface(object, &IID_IExternalConnection, (void **)&entry->connection)))
        IExternalConnection_AddConnection(entry->connection, EXTCONN_STRONG, 0);
    *cookie = entry->cookie = (DWORD)InterlockedIncrement(&last_cookie);
    AcquireSRWLockExclusive(&lock);
    bool already = find(&entry->data) != NULL;
    struct entry **at = &entries;
    while (*at) at = &(*at)->next; // the oldest one is found first
    *at = entry;
    ReleaseSRWLockExclusive(&lock);
    return already ? MK_S_MONIKERALREADYREGISTERED : S_OK;
}

static HRESULT WINAPI revoke(IRunningObjectTable *self, DWORD cookie)
{
    (void)self;
    AcquireSRWLockExclusive(&lock);
    struct entry *found = find_cookie(cookie);
    if (found) {
        struct entry **at = &entries;
        while (*at != found) at = &(*at)->next;
        *at = found->next;
    }
    ReleaseSRWLockExclusive(&lock);
    if (!found) return E_INVALIDARG;
    free_entry(found);
    return S_OK;
}

static HRESULT WINAPI is_running(IRunningObjectTable *self, IMoniker *moniker)
{
    struct data data;
    (void)self;
    if (!moniker) return E_INVALIDARG;
    HRESULT status = reduced_data(moniker, NULL, NULL, &data);
    if (SUCCEEDED(status)) {
        AcquireSRWLockShared(&lock);
        status = find(&data) ? S_OK : S_FALSE;
        ReleaseSRWLockShared(&lock);
    }
    CoTaskMemFree(data.bytes);
    return status;
}

static HRESULT WINAPI get_object(IRunningObjectTable *self, IMoniker *moniker, IUnknown **object)
{
    struct data data;
    (void)self;
    if (!object) return E_POINTER;
    *object = NULL;
    if (!moniker) return E_INVALIDARG;
    HRESULT status = reduced_data(moniker, NULL, NULL, &data);
    if (SUCCEEDED(status)) {
        AcquireSRWLockShared(&lock);
        struct entry *entry = find(&data);
        if (entry) {
            *object = entry->object;
            IUnknown_AddRef(*object);
        }
        ReleaseSRWLockShared(&lock);
        status = entry ? S_OK : MK_E_UNAVAILABLE;
    }
    CoTaskMemFree(data.bytes);
    return status;
}

static HRESULT WINAPI note_time(IRunningObjectTable *self, DWORD cookie, FILETIME *time)
{
    (void)self;
    if (!time) return E_INVALIDARG;
    AcquireSRWLockExclusive(&lock);
    struct entry *entry = find_cookie(cookie);
    if (entry) entry->time = *time;
    ReleaseSRWLockExclusive(&lock);
    return entry ? S_OK : E_INVALIDARG;
}

static HRESULT WINAPI get_time(IRunningObjectTable *self, IMoniker *moniker, FILETIME *time)
{
    struct data data;
    (void)self;
    if (!moniker || !time) return E_INVALIDARG;
    HRESULT status = reduced_data(moniker, NULL, NULL, &data);
    if (SUCCEEDED(status)) {
        AcquireSRWLockShared(&lock);
        struct entry *entry = find(&data);
        if (entry) *time = entry->time;
        ReleaseSRWLockShared(&lock);
        status = entry ? S_OK : MK_E_UNAVAILABLE;
    }
    CoTaskMemFree(data.bytes);
    return status;
}

static HRESULT WINAPI enumerate(IRunningObjectTable *self, IEnumMoniker **result)
{
    ULONG count = 0, i = 0;
    (void)self;
    if (!result) return E_INVALIDARG;
    *result = NULL;
    AcquireSRWLockShared(&lock);
    for (struct entry *entry = entries; entry; entry = entry->next) count++;
    IMoniker **monikers = CoTaskMemAlloc((count + 1) * sizeof(*monikers));
    for (struct entry *entry = entries; monikers && entry; entry = entry->next)
        give(entry->moniker, &monikers[i++]);
    ReleaseSRWLockShared(&lock);
    if (!monikers) return E_OUTOFMEMORY;
    HRESULT status = make_moniker_enum(monikers, count, result);
    for (i = 0; i < count; i++) IMoniker_Release(monikers[i]);
    CoTaskMemFree(monikers);
    return status;
}

HOTPATCH HRESULT WINAPI GetRunningObjectTable(DWORD reserved, LPRUNNINGOBJECTTABLE *result)
{
    static IRunningObjectTableVtbl functions = {query,    reference,  reference,  register_object,
                                                revoke,   is_running, get_object, note_time,
                                                get_time, enumerate};
    static IRunningObjectTable table = {&functions};
    if (!result) return E_POINTER;
    *result = reserved ? NULL : &table;
    return reserved ? E_UNEXPECTED : S_OK;
}

// ---- for monikers ----

HRESULT rot_is_running(IBindCtx *context, IMoniker *moniker)
{
    IRunningObjectTable *table;
    HRESULT status = IBindCtx_GetRunningObjectTable(context, &table);
    if (FAILED(status)) return status;
    status = IRunningObjectTable_IsRunning(table, moniker);
    IRunningObjectTable_Release(table);
    return status;
}

HRESULT rot_object(IBindCtx *context, IMoniker *moniker, IUnknown **object)
{
    IRunningObjectTable *table;
    HRESULT status = IBindCtx_GetRunningObjectTable(context, &table);
    if (FAILED(status)) return status;
    status = IRunningObjectTable_GetObject(table, moniker, object);
    IRunningObjectTable_Release(table);
    return status;
}

HRESULT rot_time(IBindCtx *context, IMoniker *moniker, FILETIME *time)
{
    IRunningObjectTable *table;
    HRESULT status = IBindCtx_GetRunningObjectTable(context, &table);
    if (FAILED(status)) return status;
    status = IRunningObjectTable_GetTimeOfLastChange(table, moniker, time);
    IRunningObjectTable_Release(table);
    return status;
}
