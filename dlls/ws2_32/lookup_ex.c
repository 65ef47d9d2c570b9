// GetAddrInfoEx: getaddrinfo with more in its entries, and in the background if the caller wants.
#include "winsock.h"

// A lookup under way, shared by who does it and who may cancel it.
struct request {
    LONG holders;
    volatile LONG ended; // by whoever sets it: the answer, or a cancellation
    OVERLAPPED *overlapped;
    ADDRINFOEXW **result;
    void(CALLBACK *routine)(DWORD error, DWORD bytes, OVERLAPPED *overlapped);
    WCHAR *name, *service;
    ADDRINFOW hints;
    bool ansi;
};

// ---- entries ----

HOTPATCH VOID WSAAPI FreeAddrInfoExW(PADDRINFOEXW list)
{
    while (list) {
        ADDRINFOEXW *next = (ADDRINFOEXW *)list->ai_next; // the headers have its type wrong
        text_free((void *)list->ai_canonname);
        text_free(list);
        list = next;
    }
}

HOTPATCH VOID WSAAPI FreeAddrInfoEx(PADDRINFOEXA list)
{
    FreeAddrInfoExW((ADDRINFOEXW *)list); // the two kinds differ in the canonical name's characters alone
}

static ADDRINFOEXW *extend(ADDRINFOW *from)
{
    ADDRINFOEXW *entry =
        RtlAllocateHeap(peb_self()->ProcessHeap, HEAP_ZERO_MEMORY, sizeof *entry + from->ai_addrlen);
    if (!entry) return NULL;
    entry->ai_flags = from->ai_flags;
    entry->ai_family = from->ai_family;
    entry->ai_socktype = from->ai_socktype;
    entry->ai_protocol = from->ai_protocol;
    entry->ai_addrlen = from->ai_addrlen;
    entry->ai_addr = (struct sockaddr *)(entry + 1);
    memcpy(entry->ai_addr, from->ai_addr, from->ai_addrlen);
    entry->ai_canonname = from->ai_canonname; // taken over
    from->ai_canonname = NULL;
    return entry;
}

static void narrow_name(ADDRINFOEXW *entry)
{
    char *narrow;
    if (!entry || !entry->ai_canonname) return;
    text_to_utf8(entry->ai_canonname, &narrow); // NULL without memory: then there is no name
    text_free((void *)entry->ai_canonname);
    entry->ai_canonname = (WCHAR *)narrow;
}

static int look_up(const WCHAR *name, const WCHAR *service, const ADDRINFOW *hints, bool ansi,
                   ADDRINFOEXW **result)
{
    ADDRINFOW *list;
    ADDRINFOEXW **last = result;
    *result = NULL;
    int error = GetAddrInfoW(name, service, hints, &list);
    if (error) return error;
    for (ADDRINFOW *each = list; each && !error; each = each->ai_next) {
        *last = extend(each);
        if (*last)
            last = (ADDRINFOEXW **)&(*last)->ai_next;
        else
            error = EAI_MEMORY;
    }
    FreeAddrInfoW(list);
    if (error) {
        FreeAddrInfoExW(*result);
        *result = NULL;
    } else if (ansi) {
        narrow_name(*result);
    }
    return error;
}

// ---- in the background ----

static void release(struct request *request)
{
    if (InterlockedDecrement(&request->holders)) return;
    text_free(request->name);
    text_free(request->service);
    text_free(request);
}

// Tells the caller, unless he has been told. Whether it did.
static bool end(struct request *request, int error, ADDRINFOEXW *list)
{
    if (InterlockedExchange(&request->ended, TRUE)) return false;
    OVERLAPPED *overlapped = request->overlapped;
    HANDLE event = overlapped->hEvent;
    *request->result = list;
    overlapped->Internal = error;
    if (request->routine)
        request->routine(error, 0, overlapped);
    else if (event)
        SetEvent(event);
    return true;
}

static VOID CALLBACK answer(PTP_CALLBACK_INSTANCE instance, PVOID context)
{
    struct request *request = context;
    ADDRINFOEXW *list;
    (void)instance;
    int error = look_up(request->name, request->service, &request->hints, request->ansi, &list);
    if (!end(request, error, list)) FreeAddrInfoExW(list);
    release(request);
}

static bool copy_text(const WCHAR *text, WCHAR **copy)
{
    *copy = NULL;
    if (!text) return true;
    size_t size = (wcslen(text) + 1) * sizeof *text;
    *copy = RtlAllocateHeap(peb_self()->ProcessHeap, 0, size);
    if (*copy) memcpy(*copy, text, size);
    return *copy != NULL;
}

static int begin(const WCHAR *name, const WCHAR *service, const ADDRINFOW *hints, bool ansi,
                 ADDRINFOEXW **result, OVERLAPPED *overlapped, void *routine, HANDLE *handle)
{
    struct request *request = RtlAllocateHeap(peb_self()->ProcessHeap, HEAP_ZERO_MEMORY, sizeof *request);
    if (!request) return EAI_MEMORY;
    request->holders = handle ? 2 : 1;
    request->overlapped = overlapped;
    request->result = result;
    request->routine = routine;
    request->hints = *hints;
    request->ansi = ansi;
    overlapped->Internal = WSAEINPROGRESS;
    overlapped->Pointer = result;
    if (!copy_text(name, &request->name) || !copy_text(service, &request->service) ||
        !TrySubmitThreadpoolCallback(answer, request, NULL)) {
        request->holders = 1;
        release(request);
        return EAI_MEMORY;
    }
    if (handle) *handle = request;
    return ERROR_IO_PENDING;
}

HOTPATCH INT WSAAPI GetAddrInfoExCancel(LPHANDLE handle)
{
    if (!handle || !*handle) return WSA_INVALID_HANDLE;
    struct request *request = *handle;
    *handle = NULL;
    end(request, WSA_E_CANCELLED, NULL);
    release(request);
    return 0;
}

HOTPATCH INT WSAAPI GetAddrInfoExOverlappedResult(LPOVERLAPPED overlapped)
{
    return overlapped ? (INT)overlapped->Internal : WSAEINVAL;
}

// ---- the calls ----

static int answer_call(int error)
{
    SetLastError(error);
    return error;
}

// Takes the hints of both kinds, of which only the first four fields count.
static int get(const WCHAR *name, const WCHAR *service, DWORD space, const ADDRINFOEXW *hints, bool ansi,
               ADDRINFOEXW **result, OVERLAPPED *overlapped, void *routine, HANDLE *handle)
{
    ADDRINFOW plain = {0};
    if (!winsock_started()) return WSANOTINITIALISED;
    if (!result) return answer_call(WSAEFAULT);
    *result = NULL;
    if (space != NS_DNS && space != NS_ALL) return answer_call(WSASERVICE_NOT_FOUND);
    if (!name && !service) return answer_call(WSAHOST_NOT_FOUND);
    if (routine && (!overlapped || overlapped->hEvent)) return answer_call(WSAEINVAL);
    if (hints) {
        if (hints->ai_addrlen || hints->ai_canonname || hints->ai_addr || hints->ai_next)
            return answer_call(EAI_FAIL);
        plain = (ADDRINFOW){.ai_flags = hints->ai_flags,
                            .ai_family = hints->ai_family,
                            .ai_socktype = hints->ai_socktype,
                            .ai_protocol = hints->ai_protocol};
    }
    int error = overlapped ? begin(name, service, &plain, ansi, result, overlapped, routine, handle)
                           : look_up(name, service, &plain, ansi, result);
    return answer_call(error);
}

HOTPATCH INT WSAAPI GetAddrInfoExW(PCWSTR name, PCWSTR service, DWORD space, LPGUID provider,
                                   const ADDRINFOEXW *hints, PADDRINFOEXW *result, PTIMEVAL timeout,
                                   LPOVERLAPPED overlapped, LPLOOKUPSERVICE_COMPLETION_ROUTINE routine,
                                   LPHANDLE handle)
{
    (void)provider, (void)timeout;
    return get(name, service, space, hints, false, result, overlapped, routine, handle);
}

HOTPATCH INT WSAAPI GetAddrInfoExA(PCSTR name, PCSTR service, DWORD space, LPGUID provider,
                                   const ADDRINFOEXA *hints, PADDRINFOEXA *result, PTIMEVAL timeout,
                                   LPOVERLAPPED overlapped, LPLOOKUPSERVICE_COMPLETION_ROUTINE routine,
                                   LPHANDLE handle)
{
    (void)provider, (void)timeout;
    WCHAR *name16 = name ? wide_from_ansi(name) : NULL, *service16 = service ? wide_from_ansi(service) : NULL;
    int error = EAI_MEMORY;
    if ((!name || name16) && (!service || service16))
        error = get(name16, service16, space, (const ADDRINFOEXW *)hints, true, (ADDRINFOEXW **)result,
                    overlapped, routine, handle);
    text_free(name16);
    text_free(service16);
    return error;
}
