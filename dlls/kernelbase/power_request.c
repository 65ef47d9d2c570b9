// Power requests: what a program asks of the machine while it works. The host decides when it sleeps:
// requests are counted and have no effect. A request is a small section, so that its handle closes like any
// other.
#include "base.h"

#define REQUEST_MAGIC 0x71725750u
#define REQUEST_TYPES (PowerRequestExecutionRequired + 1)

struct power_request {
    ULONG magic;
    LONG counts[REQUEST_TYPES];
};

static BOOL is_reason(const REASON_CONTEXT *context)
{
    if (!context || context->Version != POWER_REQUEST_CONTEXT_VERSION) return FALSE;
    if (context->Flags == POWER_REQUEST_CONTEXT_SIMPLE_STRING)
        return context->Reason.SimpleReasonString != NULL;
    return context->Flags == POWER_REQUEST_CONTEXT_DETAILED_STRING;
}

static struct power_request *map_request(HANDLE section)
{
    void *view = NULL;
    SIZE_T size = 0;
    NTSTATUS status = NtMapViewOfSection(section, NtCurrentProcess(), &view, 0, 0, NULL, &size, ViewUnmap, 0,
                                         PAGE_READWRITE);
    return bool_from_status(status) ? view : NULL;
}

HOTPATCH HANDLE WINAPI PowerCreateRequest(REASON_CONTEXT *context)
{
    OBJECT_ATTRIBUTES attributes;
    LARGE_INTEGER size = {.QuadPart = sizeof(struct power_request)};
    HANDLE section = NULL;
    if (!is_reason(context)) {
        SetLastError(ERROR_INVALID_PARAMETER);
        return INVALID_HANDLE_VALUE;
    }
    InitializeObjectAttributes(&attributes, NULL, 0, NULL, NULL);
    NTSTATUS status =
        NtCreateSection(&section, SECTION_ALL_ACCESS, &attributes, &size, PAGE_READWRITE, SEC_COMMIT, NULL);
    if (!bool_from_status(status)) return INVALID_HANDLE_VALUE;
    struct power_request *request = map_request(section);
    if (!request) {
        NtClose(section);
        return INVALID_HANDLE_VALUE;
    }
    request->magic = REQUEST_MAGIC;
    NtUnmapViewOfSection(NtCurrentProcess(), request);
    return section;
}

// Adds one to a type's count, or takes it away: not below nothing.
static BOOL count_request(HANDLE handle, POWER_REQUEST_TYPE type, LONG by)
{
    if ((ULONG)type >= REQUEST_TYPES) return fail_with(ERROR_INVALID_PARAMETER);
    struct power_request *request = map_request(handle);
    if (!request) return FALSE;
    DWORD error = request->magic == REQUEST_MAGIC ? ERROR_SUCCESS : ERROR_INVALID_HANDLE;
    LONG *place = &request->counts[type], count = __atomic_load_n(place, __ATOMIC_SEQ_CST);
    do
        if (!error && count + by < 0) error = ERROR_INVALID_PARAMETER;
    while (!error && !__atomic_compare_exchange_n(place, &count, count + by, FALSE, __ATOMIC_SEQ_CST,
                                                  __ATOMIC_SEQ_CST));
    NtUnmapViewOfSection(NtCurrentProcess(), request);
    return error ? fail_with(error) : TRUE;
}

HOTPATCH BOOL WINAPI PowerSetRequest(HANDLE request, POWER_REQUEST_TYPE type)
{
    return count_request(request, type, 1);
}

HOTPATCH BOOL WINAPI PowerClearRequest(HANDLE request, POWER_REQUEST_TYPE type)
{
    return count_request(request, type, -1);
}
