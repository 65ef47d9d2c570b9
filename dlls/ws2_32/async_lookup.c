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

// Looks up and packs; false with the last error set.
static bool look_up(const struct lookup *lookup, struct packing *packing)
{
    const char *protocol = lookup->has_protocol ? lookup->protocol : NULL;
    const struct hostent *host = NULL;
    const struct servent *service = NULL;
    const struct protoent *found = NULL;
    switch (lookup->kind) {
    case HOST_BY_NAME: host = gethostbyname(lookup->name); break;
    case HOST_BY_ADDRESS: host = gethostbyaddr(lookup->name, lookup->number, lookup->family); break;
    case SERVICE_BY_NAME: service = getservbyname(lookup->name, protocol); break;
    case SERVICE_BY_PORT: service = getservbyport(lookup->number, protocol); break;
    case PROTOCOL_BY_NAME: found = getprotobyname(lookup->name); break;
    case PROTOCOL_BY_NUMBER: found = getprotobynumber(lookup->number); break;
    }
    if (host) pack_host(packing, host);
    if (service) pack_service(packing, service);
    if (found) pack_protocol(packing, found);
    return host || service || found;
}

static VOID CALLBACK answer(PTP_CALLBACK_INSTANCE instance, PVOID context)
{
    struct lookup *lookup = context;
    DWORD room = lookup->buffer && lookup->room > 0 ? lookup->room : 0;
    struct packing packing = {lookup->buffer, lookup->buffer + room, 0};
    (void)instance;
    int error = look_up(lookup, &packing) ? 0 : (int)GetLastError();
    if (!error && packing.needed > room) error = WSAENOBUFS;
    post_message(lookup->window, lookup->message, (WPARAM)lookup->task,
                 WSAMAKEASYNCREPLY(packing.needed, error));
    text_free(lookup);
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
    if (TrySubmitThreadpoolCallback(answer, lookup, NULL)) return task;
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
