// Hearing of changes of the network: NotifyAddrChange and its like by overlapped reads, the newer calls by
// callbacks from the thread pool.
#include "network.h"
#include "ntdll.h"

enum { LINKS = 1, ADDRESSES = 2, ROUTES = 4, MESSAGE_MAX = 16384 };

// ---- by OVERLAPPED ----

// What changed is of no interest to these callers, only that something did: reads share their place.
static char unread[MESSAGE_MAX];

// One file for all calls of a kind, as Windows has one handle; made by the first of them.
static HANDLE watch_of(HANDLE *known, ULONG changes)
{
    HANDLE file = *known;
    if (file) return file;
    if (NetworkWatch(changes, &file)) return NULL;
    if (InterlockedCompareExchangePointer(known, file, NULL)) {
        NtClose(file);
        file = *known;
    }
    return file;
}

static DWORD notify(HANDLE *known, ULONG changes, HANDLE *handle, OVERLAPPED *overlapped)
{
    IO_STATUS_BLOCK block;
    HANDLE file;
    NTSTATUS status;
    if (!overlapped) { // waits
        status = NetworkWatch(changes, &file);
        if (status) return RtlNtStatusToDosError(status);
        status = NtReadFile(file, NULL, NULL, NULL, &block, unread, sizeof unread, NULL, NULL);
        if (status == STATUS_PENDING) NtWaitForSingleObject(file, FALSE, NULL);
        NtClose(file);
        return ERROR_SUCCESS;
    }
    if (!handle) return ERROR_INVALID_PARAMETER;
    file = watch_of(known, changes);
    if (!file) return ERROR_NOT_SUPPORTED;
    *handle = file;
    overlapped->Internal = STATUS_PENDING;
    status = NtReadFile(file, overlapped->hEvent, NULL, (ULONG_PTR)overlapped->hEvent & 1 ? NULL : overlapped,
                        (IO_STATUS_BLOCK *)overlapped, unread, sizeof unread, NULL, NULL);
    return status && status != STATUS_PENDING ? RtlNtStatusToDosError(status) : ERROR_IO_PENDING;
}

static HANDLE address_watch, route_watch;

HOTPATCH DWORD WINAPI NotifyAddrChange(PHANDLE handle, LPOVERLAPPED overlapped)
{
    return notify(&address_watch, ADDRESSES, handle, overlapped);
}

HOTPATCH DWORD WINAPI NotifyRouteChange(PHANDLE handle, LPOVERLAPPED overlapped)
{
    return notify(&route_watch, ROUTES, handle, overlapped);
}

HOTPATCH WINBOOL WINAPI CancelIPChangeNotify(LPOVERLAPPED overlapped)
{
    IO_STATUS_BLOCK block;
    bool cancelled = false;
    if (overlapped && address_watch)
        cancelled = !NtCancelIoFileEx(address_watch, (IO_STATUS_BLOCK *)overlapped, &block);
    if (overlapped && route_watch && !cancelled)
        cancelled = !NtCancelIoFileEx(route_watch, (IO_STATUS_BLOCK *)overlapped, &block);
    if (!cancelled) SetLastError(ERROR_INVALID_PARAMETER);
    return cancelled;
}

// ---- by callbacks ----

// A program's wish to be called. Its handle is the structure's address.
struct registration {
    HANDLE file, event;
    volatile bool closing;
    PTP_WAIT wait;
    IO_STATUS_BLOCK block;
    void *context;
    void (*tell)(struct registration *registration, MIB_NOTIFICATION_TYPE type);
    union {
        PIPINTERFACE_CHANGE_CALLBACK link;
        PUNICAST_IPADDRESS_CHANGE_CALLBACK address;
        PIPFORWARD_CHANGE_CALLBACK route;
    } callback;
    char message[MESSAGE_MAX];
};

// The host says at length what changed, of both families; callers are given no row but told to look for
// themselves, as with MibParameterNotification of an unknown one.
static void tell_interface(struct registration *registration, MIB_NOTIFICATION_TYPE type)
{
    registration->callback.link(registration->context, NULL, type);
}

static void tell_address(struct registration *registration, MIB_NOTIFICATION_TYPE type)
{
    registration->callback.address(registration->context, NULL, type);
}

static void tell_route(struct registration *registration, MIB_NOTIFICATION_TYPE type)
{
    registration->callback.route(registration->context, NULL, type);
}

static NTSTATUS begin_read(struct registration *registration)
{
    registration->block.Status = STATUS_PENDING;
    NTSTATUS status = NtReadFile(registration->file, registration->event, NULL, NULL, &registration->block,
                                 registration->message, sizeof registration->message, NULL, NULL);
    if (!NT_SUCCESS(status)) registration->block.Status = status; // which the call leaves alone
    return status;
}

static void listen_on(struct registration *registration)
{
    SetThreadpoolWait(registration->wait, registration->event, NULL);
    // The host says once, as an error, that it had more to tell than it could keep.
    if (!NT_SUCCESS(begin_read(registration))) begin_read(registration);
}

static VOID CALLBACK changed(PTP_CALLBACK_INSTANCE instance, PVOID context, PTP_WAIT wait,
                             TP_WAIT_RESULT result)
{
    struct registration *registration = context;
    (void)instance, (void)wait, (void)result;
    if (registration->closing) return;
    // A read ends with the thread that made it, too. Any other error is of changes that were lost.
    if (registration->block.Status != STATUS_CANCELLED)
        registration->tell(registration, MibParameterNotification);
    if (!registration->closing) listen_on(registration);
}

static void registration_free(struct registration *registration)
{
    if (registration->wait) CloseThreadpoolWait(registration->wait);
    if (registration->file) NtClose(registration->file);
    // A read that was under way may be ending in another thread, which writes the block and sets the event.
    while (registration->block.Status == STATUS_PENDING)
        NtWaitForSingleObject(registration->event, FALSE, NULL);
    if (registration->event) NtClose(registration->event);
    table_free(registration);
}

// Takes registration over.
static DWORD begin(struct registration *registration, ULONG changes, BOOLEAN initial, HANDLE *handle)
{
    registration->event = CreateEventW(NULL, FALSE, FALSE, NULL);
    registration->wait = CreateThreadpoolWait(changed, registration, NULL);
    if (!registration->event || !registration->wait || NetworkWatch(changes, &registration->file)) {
        registration_free(registration);
        return ERROR_NOT_ENOUGH_MEMORY;
    }
    *handle = registration;
    if (initial) registration->tell(registration, MibInitialNotification);
    listen_on(registration);
    return ERROR_SUCCESS;
}

static struct registration *registration_new(void *context,
                                             void (*tell)(struct registration *, MIB_NOTIFICATION_TYPE))
{
    struct registration *registration = mib_allocate(sizeof *registration);
    if (!registration) return NULL;
    registration->context = context;
    registration->tell = tell;
    return registration;
}

static bool valid(ADDRESS_FAMILY family, const void *callback, const HANDLE *handle)
{
    return callback && handle && (family == AF_UNSPEC || family == AF_INET || family == AF_INET6);
}

HOTPATCH DWORD WINAPI NotifyIpInterfaceChange(ADDRESS_FAMILY family, PIPINTERFACE_CHANGE_CALLBACK callback,
                                              PVOID context, BOOLEAN initial, HANDLE *handle)
{
    if (!valid(family, callback, handle)) return ERROR_INVALID_PARAMETER;
    struct registration *registration = registration_new(context, tell_interface);
    if (!registration) return ERROR_NOT_ENOUGH_MEMORY;
    registration->callback.link = callback;
    return begin(registration, LINKS | ADDRESSES, initial, handle);
}

HOTPATCH DWORD WINAPI NotifyUnicastIpAddressChange(ADDRESS_FAMILY family,
                                                   PUNICAST_IPADDRESS_CHANGE_CALLBACK callback, PVOID context,
                                                   BOOLEAN initial, HANDLE *handle)
{
    if (!valid(family, callback, handle)) return ERROR_INVALID_PARAMETER;
    struct registration *registration = registration_new(context, tell_address);
    if (!registration) return ERROR_NOT_ENOUGH_MEMORY;
    registration->callback.address = callback;
    return begin(registration, ADDRESSES, initial, handle);
}

HOTPATCH DWORD WINAPI NotifyRouteChange2(ADDRESS_FAMILY family, PIPFORWARD_CHANGE_CALLBACK callback,
                                         PVOID context, BOOLEAN initial, HANDLE *handle)
{
    if (!valid(family, callback, handle)) return ERROR_INVALID_PARAMETER;
    struct registration *registration = registration_new(context, tell_route);
    if (!registration) return ERROR_NOT_ENOUGH_MEMORY;
    registration->callback.route = callback;
    return begin(registration, ROUTES, initial, handle);
}

HOTPATCH DWORD WINAPI CancelMibChangeNotify2(HANDLE handle)
{
    struct registration *registration = handle;
    if (!registration) return ERROR_INVALID_PARAMETER;
    registration->closing = true;
    // Nothing new begins, and nothing is under way when this returns.
    for (int i = 0; i < 2; i++) { // twice: one that had not seen closing may have begun to wait anew
        SetThreadpoolWait(registration->wait, NULL, NULL);
        WaitForThreadpoolWaitCallbacks(registration->wait, TRUE);
    }
    registration_free(registration);
    return ERROR_SUCCESS;
}
