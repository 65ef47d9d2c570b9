// WSAAsyncGetXByY: lookups of the old kind, done by the thread pool, whose answers are copied to the caller's
// buffer and told of by a message. Blocking hooks, which are gone since WinSock 2.
#include "winsock.h"

enum kind {
    HOST_BY_NAME,
    HOST_BY_ADDRESS,
    SERVICE_BY_NAME,
    SERVICE_BY_PORT,
    PROTOCOL_BY_NAME,
    PROTOCOL_BY_NUMBER
};

struct lookup {
    struct lookup *next; // in the list of those under way
    enum kind kind;
    HWND window;
    UINT message;
    HANDLE task;
    char *buffer;
    int room;
    int number, family; // a port, protocol's number or an address' length
    bool has_protocol;
    char name[NI_MAXHOST], protocol[32];
};

// Those under way, and what they write to their callers' buffers.
static SRWLOCK lookups_lock = SRWLOCK_INIT;
static struct lookup *lookups;

// ---- copies of the answers, with all they point to ----

static char *copy_bytes(struct packing *packing, const void *bytes, DWORD size)
{
    char *copy = packing_take(packing, size);
    return copy ? memcpy(copy, bytes, size) : NULL;
}

static char *copy_text(struct packing *packing, const char *text)
{
    return copy_bytes(packing, text, strlen(text) + 1);
}

// A list of texts, or of addresses of one size.
static char **copy_list(struct packing *packing, char **list, DWORD size)
{
    DWORD n = 0;
    while (list && list[n]) n++;
    char **copy = packing_take(packing, (n + 1) * sizeof *copy);
    for (DWORD i = 0; i < n; i++) {
        char *entry = size ? copy_bytes(packing, list[i], size) : copy_text(packing, list[i]);
        if (copy) copy[i] = entry;
    }
    if (copy) copy[n] = NULL;
    return copy;
}

static void pack_host(struct packing *packing, const struct hostent *host)
{
    struct hostent *copy = packing_take(packing, sizeof *copy);
    char *name = copy_text(packing, host->h_name);
    char **aliases = copy_list(packing, host->h_aliases, 0);
    char **addresses = copy_list(packing, host->h_addr_list, host->h_length);
    if (!copy) return;
    *copy = *host;
    copy->h_name = name;
    copy->h_aliases = aliases;
    copy->h_addr_list = addresses;
}

static void pack_service(struct packing *packing, const struct servent *service)
{
    struct servent *copy = packing_take(packing, sizeof *copy);
    char *name = copy_text(packing, service->s_name), *protocol = copy_text(packing, service->s_proto);
    char **aliases = copy_list(packing, service->s_aliases, 0);
    if (!copy) return;
    *copy = *service;
    copy->s_name = name;
    copy->s_proto = protocol;
    copy->s_aliases = aliases;
}

static void pack_protocol(struct packing *packing, const struct protoent *protocol)
{
    struct protoent *copy = packing_take(packing, sizeof *copy);
    char *name = copy_text(packing, protocol->p_name);
    char **aliases = copy_list(packing, protocol->p_aliases, 0);
    if (!copy) return;
    *copy = *protocol;
    copy->p_name = name;
    copy->p_aliases = aliases;
}

// ---- the lookup ----

// What the thread found; all NULL with the last error set.
struct answers {
    const struct hostent *host;
    const struct servent *service;
    const struct protoent *protocol;
};

static struct answers look_up(const struct lookup *lookup)
{
    const char *protocol = lookup->has_protocol ? lookup->protocol : NULL;
    struct answers found = {NULL, NULL, NULL};
    switch (lookup->kind) {
    case HOST_BY_NAME: found.host = gethostbyname(lookup->name); break;
    case HOST_BY_ADDRESS: found.host = gethostbyaddr(lookup->name, lookup->number, lookup->family); break;
    case SERVICE_BY_NAME: found.service = getservbyname(lookup->name, protocol); break;
    case SERVICE_BY_PORT: found.service = getservbyport(lookup->number, protocol); break;
    case PROTOCOL_BY_NAME: found.protocol = getprotobyname(lookup->name); break;
    case PROTOCOL_BY_NUMBER: found.protocol = getprotobynumber(lookup->number); break;
    }
    return found;
}

static void pack(struct packing *packing, const struct answers *found)
{
    if (found->host) pack_host(packing, found->host);
    if (found->service) pack_service(packing, found->service);
    if (found->protocol) pack_protocol(packing, found->protocol);
}

// Under the lock. False: it is not under way.
static bool unlink_lookup(const struct lookup *lookup)
{
    struct lookup **link = &lookups;
    while (*link && *link != lookup) link = &(*link)->next;
    if (!*link) return false;
    *link = lookup->next;
    return true;
}

// Under the lock: who has cancelled the lookup may do with the buffer what he likes.
static LPARAM pack_reply(const struct lookup *lookup, const struct answers *found, int error)
{
    DWORD room = lookup->buffer && lookup->room > 0 ? lookup->room : 0;
    struct packing packing = {lookup->buffer, lookup->buffer + room, 0};
    if (found->host || found->service || found->protocol) {
        pack(&packing, found);
        error = packing.needed > room ? WSAENOBUFS : 0;
    }
    return WSAMAKEASYNCREPLY(packing.needed, error);
}

static VOID CALLBACK answer(PTP_CALLBACK_INSTANCE instance, PVOID context)
{
    struct lookup *lookup = context;
    (void)instance;
    struct answers found = look_up(lookup);
    int error = (int)GetLastError();
    AcquireSRWLockExclusive(&lookups_lock);
    bool cancelled = !unlink_lookup(lookup);
    LPARAM reply = cancelled ? 0 : pack_reply(lookup, &found, error);
    ReleaseSRWLockExclusive(&lookups_lock);
    if (!cancelled) post_message(lookup->window, lookup->message, (WPARAM)lookup->task, reply);
    text_free(lookup);
}

HOTPATCH int WSAAPI WSACancelAsyncRequest(HANDLE task)
{
    if (!winsock_started()) return SOCKET_ERROR;
    AcquireSRWLockExclusive(&lookups_lock);
    const struct lookup *lookup = lookups;
    while (lookup && lookup->task != task) lookup = lookup->next;
    if (lookup) unlink_lookup(lookup); // it ends unheard
    ReleaseSRWLockExclusive(&lookups_lock);
    return lookup ? result_of(STATUS_SUCCESS) : fail(WSAEINVAL);
}

// Tasks are told apart by 16-bit numbers that are no handles of anything, and never 0.
static HANDLE begin(const struct lookup *pattern, const char *name, size_t size, const char *protocol)
{
    static LONG tasks;
    if (!winsock_started()) return NULL;
    struct lookup *lookup = RtlAllocateHeap(peb_self()->ProcessHeap, HEAP_ZERO_MEMORY, sizeof *lookup);
    if (!lookup) {
        SetLastError(WSAENOBUFS);
        return NULL;
    }
    *lookup = *pattern;
    if (name) memcpy(lookup->name, name, size < sizeof lookup->name ? size : sizeof lookup->name - 1);
    lookup->has_protocol = protocol != NULL;
    for (unsigned i = 0; protocol && protocol[i] && i < sizeof lookup->protocol - 1; i++)
        lookup->protocol[i] = protocol[i];
    HANDLE task = lookup->task = (HANDLE)(ULONG_PTR)((InterlockedIncrement(&tasks) & 0x7FFF) | 0x8000);
    AcquireSRWLockExclusive(&lookups_lock);
    lookup->next = lookups;
    lookups = lookup;
    ReleaseSRWLockExclusive(&lookups_lock);
    if (TrySubmitThreadpoolCallback(answer, lookup, NULL)) return task;
    AcquireSRWLockExclusive(&lookups_lock);
    unlink_lookup(lookup);
    ReleaseSRWLockExclusive(&lookups_lock);
    text_free(lookup);
    SetLastError(WSAENOBUFS);
    return NULL;
}

static size_t size_of(const char *text)
{
    return text ? strlen(text) + 1 : 0;
}

HOTPATCH HANDLE WSAAPI WSAAsyncGetHostByName(HWND window, u_int message, const char *name, char *buffer,
                                             int size)
{
    struct lookup lookup = {
        .kind = HOST_BY_NAME, .window = window, .message = message, .buffer = buffer, .room = size};
    return begin(&lookup, name, size_of(name), NULL);
}

HOTPATCH HANDLE WSAAPI WSAAsyncGetHostByAddr(HWND window, u_int message, const char *address, int length,
                                             int family, char *buffer, int size)
{
    struct lookup lookup = {.kind = HOST_BY_ADDRESS,
                            .window = window,
                            .message = message,
                            .number = length,
                            .family = family,
                            .buffer = buffer,
                            .room = size};
    return begin(&lookup, address, length > 0 ? length : 0, NULL);
}

HOTPATCH HANDLE WSAAPI WSAAsyncGetServByName(HWND window, u_int message, const char *name,
                                             const char *protocol, char *buffer, int size)
{
    struct lookup lookup = {
        .kind = SERVICE_BY_NAME, .window = window, .message = message, .buffer = buffer, .room = size};
    return begin(&lookup, name, size_of(name), protocol);
}

HOTPATCH HANDLE WSAAPI WSAAsyncGetServByPort(HWND window, u_int message, int port, const char *protocol,
                                             char *buffer, int size)
{
    struct lookup lookup = {.kind = SERVICE_BY_PORT,
                            .window = window,
                            .message = message,
                            .number = port,
                            .buffer = buffer,
                            .room = size};
    return begin(&lookup, NULL, 0, protocol);
}

HOTPATCH HANDLE WSAAPI WSAAsyncGetProtoByName(HWND window, u_int message, const char *name, char *buffer,
                                              int size)
{
    struct lookup lookup = {
        .kind = PROTOCOL_BY_NAME, .window = window, .message = message, .buffer = buffer, .room = size};
    return begin(&lookup, name, size_of(name), NULL);
}

HOTPATCH HANDLE WSAAPI WSAAsyncGetProtoByNumber(HWND window, u_int message, int number, char *buffer,
                                                int size)
{
    struct lookup lookup = {.kind = PROTOCOL_BY_NUMBER,
                            .window = window,
                            .message = message,
                            .number = number,
                            .buffer = buffer,
                            .room = size};
    return begin(&lookup, NULL, 0, NULL);
}

// ---- blocking hooks ----

HOTPATCH BOOL WSAAPI WSAIsBlocking(void)
{
    return FALSE;
}

HOTPATCH int WSAAPI WSACancelBlockingCall(void)
{
    return winsock_started() ? fail(WSAEINVAL) : SOCKET_ERROR;
}

HOTPATCH FARPROC WSAAPI WSASetBlockingHook(FARPROC hook)
{
    (void)hook;
    if (winsock_started()) SetLastError(WSAEOPNOTSUPP);
    return NULL;
}

HOTPATCH int WSAAPI WSAUnhookBlockingHook(void)
{
    return winsock_started() ? fail(WSAEOPNOTSUPP) : SOCKET_ERROR;
}
