// Name spaces: which there are, and queries of them. Hosts are found by DNS; the networks that the machine is
// on by NLA.
#include "winsock.h"
#include <iphlpapi.h>

// SVCID_* of svcguid.h and the providers' GUIDs, which are Windows' own.
static const GUID dns_provider = {
    0x22059D40, 0x7E9E, 0x11CF, {0xAE, 0x5A, 0x00, 0xAA, 0x00, 0xA7, 0x11, 0x2B}};
static const GUID nla_provider = {
    0x6642243A, 0x3BA8, 0x4AA6, {0xBA, 0xA5, 0x2E, 0x0B, 0xD7, 0x1F, 0xDD, 0x83}};

static const struct {
    DWORD space;
    const GUID *guid;
    const WCHAR *name;
} spaces[] = {
    {NS_DNS, &dns_provider, L"Tcpip"},
    {NS_NLA, &nla_provider, L"Network Location Awareness (NLAv1)"},
};

// ---- which there are ----

static int enumerate(DWORD *size, void *buffer, bool ansi)
{
    DWORD needed = 0, each = ansi ? sizeof(WSANAMESPACE_INFOA) : sizeof(WSANAMESPACE_INFOW);
    if (!winsock_started()) return SOCKET_ERROR;
    if (!size) return fail(WSAEFAULT);
    for (unsigned i = 0; i < ARRAYSIZE(spaces); i++)
        needed += each + (wcslen(spaces[i].name) + 1) * (ansi ? 1 : sizeof(WCHAR));
    if (!buffer || *size < needed) {
        *size = needed;
        return fail(WSAEFAULT);
    }
    char *text = (char *)buffer + ARRAYSIZE(spaces) * each;
    for (unsigned i = 0; i < ARRAYSIZE(spaces); i++) {
        // The two kinds differ in the name's characters alone.
        WSANAMESPACE_INFOW *info = (WSANAMESPACE_INFOW *)((char *)buffer + i * each);
        *info = (WSANAMESPACE_INFOW){
            .NSProviderId = *spaces[i].guid, .dwNameSpace = spaces[i].space, .fActive = TRUE, .dwVersion = 1};
        info->lpszIdentifier = (WCHAR *)text;
        for (const WCHAR *at = spaces[i].name;; at++) {
            if (ansi)
                *text = (char)*at;
            else
                memcpy(text, at, sizeof *at);
            text += ansi ? 1 : sizeof(WCHAR);
            if (!*at) break;
        }
    }
    return ARRAYSIZE(spaces);
}

HOTPATCH INT WSAAPI WSAEnumNameSpaceProvidersA(LPDWORD size, LPWSANAMESPACE_INFOA buffer)
{
    return enumerate(size, buffer, true);
}

HOTPATCH INT WSAAPI WSAEnumNameSpaceProvidersW(LPDWORD size, LPWSANAMESPACE_INFOW buffer)
{
    return enumerate(size, buffer, false);
}

// ---- queries ----

// A query and what is left of its results. Its handle is its address.
struct query {
    ULONG mark;
    DWORD flags; // LUP_*
    GUID service;
    WCHAR *host;     // asked for; NULL: none, or answered already
    ADDRINFOW *list; // of the host
    bool networks;   // still to be told of
    WCHAR network[MAX_DOMAIN_NAME_LEN + 4];
};
enum { QUERY_MARK = 0x51535357 };

static struct query *query_of(HANDLE handle)
{
    struct query *query = handle;
    // What is no handle of ours may be anything.
    if (!query || (ULONG_PTR)query & 3 || IsBadReadPtr(query, sizeof *query) || query->mark != QUERY_MARK)
        return NULL;
    return query;
}

// The network's name is the machine's domain; false where the machine is on none.
static bool find_network(WCHAR name[MAX_DOMAIN_NAME_LEN + 4])
{
    HMODULE module = LoadLibraryW(L"iphlpapi.dll");
    if (!module) return false;
    ULONG(WINAPI * adapters)(IP_ADAPTER_INFO *, ULONG *) = (void *)GetProcAddress(module, "GetAdaptersInfo");
    DWORD(WINAPI * parameters)(FIXED_INFO *, ULONG *) = (void *)GetProcAddress(module, "GetNetworkParams");
    ULONG size = 0;
    FIXED_INFO *info = NULL;
    bool found = adapters && adapters(NULL, &size) == ERROR_BUFFER_OVERFLOW;
    wcscpy(name, L"Network");
    size = 0;
    if (found && parameters && parameters(NULL, &size) == ERROR_BUFFER_OVERFLOW)
        info = RtlAllocateHeap(peb_self()->ProcessHeap, 0, size);
    if (info && !parameters(info, &size) && info->DomainName[0])
        for (unsigned i = 0; i < sizeof info->DomainName; i++) name[i] = (UCHAR)info->DomainName[i];
    text_free(info);
    FreeLibrary(module);
    return found;
}

HOTPATCH INT WSAAPI WSALookupServiceBeginW(LPWSAQUERYSETW query_set, DWORD flags, LPHANDLE handle)
{
    if (!winsock_started()) return SOCKET_ERROR;
    if (!query_set || !handle) return fail(WSAEFAULT);
    if (query_set->dwSize < sizeof *query_set) return fail(WSAEINVAL);
    DWORD space = query_set->dwNameSpace;
    if (space != NS_ALL && space != NS_DNS && space != NS_NLA) return fail(WSASERVICE_NOT_FOUND);
    const WCHAR *host = space != NS_NLA ? query_set->lpszServiceInstanceName : NULL;
    if (space == NS_DNS && !host) return fail(WSAEINVAL);
    struct query *query = RtlAllocateHeap(peb_self()->ProcessHeap, HEAP_ZERO_MEMORY, sizeof *query);
    if (!query) return fail(WSA_NOT_ENOUGH_MEMORY);
    query->mark = QUERY_MARK;
    query->flags = flags;
    if (query_set->lpServiceClassId) query->service = *query_set->lpServiceClassId;
    if (host) {
        ADDRINFOW hints = {.ai_flags = AI_CANONNAME};
        int error = GetAddrInfoW(host, NULL, &hints, &query->list);
        if (error) {
            text_free(query);
            return fail(error == EAI_NONAME ? WSASERVICE_NOT_FOUND : error);
        }
    } else {
        query->networks = find_network(query->network);
    }
    *handle = query;
    return 0;
}

HOTPATCH INT WSAAPI WSALookupServiceBeginA(LPWSAQUERYSETA query_set, DWORD flags, LPHANDLE handle)
{
    if (!winsock_started()) return SOCKET_ERROR;
    if (!query_set || !handle) return fail(WSAEFAULT);
    if (query_set->dwSize < sizeof *query_set) return fail(WSAEINVAL);
    WSAQUERYSETW wide;
    memcpy(&wide, query_set, sizeof wide); // the texts are all that differs
    wide.lpszComment = wide.lpszContext = wide.lpszQueryString = NULL;
    WCHAR *name =
        query_set->lpszServiceInstanceName ? wide_from_ansi(query_set->lpszServiceInstanceName) : NULL;
    wide.lpszServiceInstanceName = name;
    int result = WSALookupServiceBeginW(&wide, flags, handle);
    text_free(name);
    return result;
}

static void put_name(struct packing *room, WSAQUERYSETW *out, const WCHAR *name, bool ansi)
{
    DWORD n = wcslen(name) + 1;
    char *text = packing_take(room, n * (ansi ? 1 : sizeof(WCHAR)));
    if (!text) return;
    if (ansi)
        for (DWORD i = 0; i < n; i++) text[i] = (char)name[i];
    else
        memcpy(text, name, n * sizeof(WCHAR));
    if (out) out->lpszServiceInstanceName = (WCHAR *)text;
}

static void put_addresses(struct packing *room, WSAQUERYSETW *out, const ADDRINFOW *list)
{
    DWORD n = 0;
    for (const ADDRINFOW *each = list; each; each = each->ai_next) n++;
    CSADDR_INFO *infos = packing_take(room, n * sizeof *infos);
    if (out && infos) {
        out->dwNumberOfCsAddrs = n;
        out->lpcsaBuffer = infos;
    }
    for (const ADDRINFOW *each = list; each; each = each->ai_next) {
        struct sockaddr *remote = packing_take(room, each->ai_addrlen),
                        *local = packing_take(room, each->ai_addrlen);
        if (!infos || !remote || !local) continue;
        memcpy(remote, each->ai_addr, each->ai_addrlen);
        local->sa_family = remote->sa_family;
        infos->RemoteAddr = (SOCKET_ADDRESS){remote, each->ai_addrlen};
        infos->LocalAddr = (SOCKET_ADDRESS){local, each->ai_addrlen};
        infos->iSocketType = SOCK_STREAM;
        infos->iProtocol = IPPROTO_TCP;
        infos++;
    }
}

static int next(HANDLE handle, DWORD flags, DWORD *size, void *buffer, bool ansi)
{
    struct query *query = query_of(handle);
    if (!winsock_started()) return SOCKET_ERROR;
    if (!query) return fail(WSA_INVALID_HANDLE);
    if (!size || !buffer) return fail(WSAEFAULT);
    if (!query->list && !query->networks) return fail(WSA_E_NO_MORE);
    struct packing room = {buffer, (char *)buffer + *size, 0};
    WSAQUERYSETW *out = packing_take(&room, sizeof *out);
    DWORD wanted = query->flags | flags;
    const WCHAR *name = query->list ? query->list->ai_canonname : query->network;
    if (out) {
        out->dwSize = sizeof *out;
        out->dwNameSpace = query->list ? NS_DNS : NS_NLA;
    }
    if (name && wanted & LUP_RETURN_NAME) put_name(&room, out, name, ansi);
    if (query->list && wanted & LUP_RETURN_ADDR) put_addresses(&room, out, query->list);
    if (room.needed > *size) {
        *size = room.needed;
        return fail(WSAEFAULT);
    }
    FreeAddrInfoW(query->list);
    query->list = NULL;
    query->networks = false;
    return 0;
}

HOTPATCH INT WSAAPI WSALookupServiceNextW(HANDLE handle, DWORD flags, LPDWORD size, LPWSAQUERYSETW buffer)
{
    return next(handle, flags, size, buffer, false);
}

HOTPATCH INT WSAAPI WSALookupServiceNextA(HANDLE handle, DWORD flags, LPDWORD size, LPWSAQUERYSETA buffer)
{
    return next(handle, flags, size, buffer, true);
}

HOTPATCH INT WSAAPI WSALookupServiceEnd(HANDLE handle)
{
    struct query *query = query_of(handle);
    if (!winsock_started()) return SOCKET_ERROR;
    if (!query) return fail(ERROR_INVALID_HANDLE);
    query->mark = 0;
    FreeAddrInfoW(query->list);
    text_free(query);
    return 0;
}
