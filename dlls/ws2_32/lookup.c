// getaddrinfo and getnameinfo. Numbers are understood here; names are looked up by the host.
#include "winsock.h"

enum { NAME_MAX_LENGTH = 1025, ADDRESSES_MAX = 64 };

// What a call wants, and the addresses found so far.
struct lookup {
    const char *name;
    ADDRINFOA hints;
    USHORT port; // network order
    ULONG count;
    SOCKADDR_IN6 addresses[ADDRESSES_MAX];
};

static bool wants_family(const struct lookup *lookup, int family)
{
    return lookup->hints.ai_family == AF_UNSPEC || lookup->hints.ai_family == family;
}

// ---- services ----

static bool read_port_number(const char *text, USHORT *port)
{
    unsigned number = 0;
    if (!*text) return false;
    for (; *text; text++) {
        if (*text < '0' || *text > '9' || number > 0xFFFF) return false;
        number = number * 10 + *text - '0';
    }
    *port = __builtin_bswap16((USHORT)number);
    return number <= 0xFFFF;
}

static int find_service(struct lookup *lookup, const char *service)
{
    int type = lookup->hints.ai_socktype;
    if (!service || read_port_number(service, &lookup->port)) return 0;
    if (!*service) return 0;
    if (lookup->hints.ai_flags & AI_NUMERICSERV) return EAI_NONAME;
    const char *protocol = type == SOCK_STREAM ? "tcp" : type == SOCK_DGRAM ? "udp" : NULL;
    unsigned port = type == SOCK_RAW ? 0 : service_port(service, protocol);
    lookup->port = __builtin_bswap16((USHORT)port);
    return port ? 0 : EAI_SERVICE;
}

// ---- hosts ----

static void add_ipv4(struct lookup *lookup, ULONG address)
{
    SOCKADDR_IN *entry = (SOCKADDR_IN *)&lookup->addresses[lookup->count++];
    memset(entry, 0, sizeof(SOCKADDR_IN6));
    entry->sin_family = AF_INET;
    entry->sin_addr.s_addr = address;
}

static void add_ipv6(struct lookup *lookup, const IN6_ADDR *address, ULONG scope)
{
    SOCKADDR_IN6 *entry = &lookup->addresses[lookup->count++];
    memset(entry, 0, sizeof *entry);
    entry->sin6_family = AF_INET6;
    entry->sin6_addr = *address;
    entry->sin6_scope_id = scope;
}

static void add_own(struct lookup *lookup)
{
    bool passive = lookup->hints.ai_flags & AI_PASSIVE;
    IN6_ADDR address = {.u.Byte = {[15] = passive ? 0 : 1}};
    if (wants_family(lookup, AF_INET6)) add_ipv6(lookup, &address, 0);
    if (wants_family(lookup, AF_INET))
        add_ipv4(lookup, passive ? INADDR_ANY : __builtin_bswap32(INADDR_LOOPBACK));
}

// Whether the name is a number; then *error says whether it can be had.
static bool add_number(struct lookup *lookup, int *error)
{
    WCHAR wide[IPV6_TEXT + 12];
    IN_ADDR ipv4;
    IN6_ADDR ipv6;
    ULONG scope = 0;
    size_t length = strlen(lookup->name);
    if (length >= ARRAYSIZE(wide)) return false;
    for (size_t i = 0; i <= length; i++) wide[i] = (UCHAR)lookup->name[i];
    const WCHAR *end = text_to_ipv4_loose(wide, &ipv4);
    if (end && !*end) {
        *error = wants_family(lookup, AF_INET) ? 0 : EAI_NONAME;
        if (!*error) add_ipv4(lookup, ipv4.s_addr);
        return true;
    }
    end = text_to_ipv6(wide, &ipv6);
    if (end && *end == '%')
        for (end++; *end >= '0' && *end <= '9'; end++) scope = scope * 10 + *end - '0';
    if (!end || *end) return false;
    *error = wants_family(lookup, AF_INET6) ? 0 : EAI_NONAME;
    if (!*error) add_ipv6(lookup, &ipv6, scope);
    return true;
}

static int own_name(char name[NAME_MAX_LENGTH])
{
    DWORD size = NAME_MAX_LENGTH;
    return GetComputerNameExA(ComputerNameDnsHostname, name, &size) ? 0 : EAI_FAIL;
}

// The machine knows its own name and addresses, whether the resolver does or not.
static bool add_own_addresses(struct lookup *lookup)
{
    char name[NAME_MAX_LENGTH];
    ULONG addresses[ADDRESSES_MAX];
    if (!wants_family(lookup, AF_INET) || own_name(name) || _stricmp(name, lookup->name)) return false;
    ULONG n = own_addresses(addresses, ADDRESSES_MAX);
    for (ULONG i = 0; i < n; i++) add_ipv4(lookup, addresses[i]);
    return n != 0;
}

static int find_host(struct lookup *lookup, char canonical[NAME_MAX_LENGTH])
{
    int error = 0;
    if (!lookup->name) {
        add_own(lookup);
        return 0;
    }
    if (!*lookup->name) {
        error = own_name(canonical);
        if (error) return error;
        lookup->name = canonical;
    } else if (add_number(lookup, &error)) {
        return error;
    } else if (lookup->hints.ai_flags & AI_NUMERICHOST) {
        return EAI_NONAME;
    }
    NTSTATUS status = HostLookup(lookup->name, strlen(lookup->name), lookup->hints.ai_family,
                                 lookup->addresses, sizeof lookup->addresses, &lookup->count);
    if ((status == STATUS_NOT_FOUND || status == STATUS_BAD_NETWORK_PATH) && add_own_addresses(lookup))
        return 0;
    switch (status) {
    case STATUS_SUCCESS: return lookup->count ? 0 : EAI_NONAME;
    case STATUS_NOT_FOUND: return EAI_NONAME;
    case STATUS_BAD_NETWORK_PATH: return EAI_AGAIN;
    case STATUS_NO_MEMORY: return EAI_MEMORY;
    default: return EAI_FAIL;
    }
}

// ---- the list ----

HOTPATCH VOID WSAAPI freeaddrinfo(PADDRINFOA list)
{
    while (list) {
        ADDRINFOA *next = list->ai_next;
        text_free(list->ai_canonname);
        text_free(list);
        list = next;
    }
}

static ADDRINFOA *make_entry(const struct lookup *lookup, const SOCKADDR_IN6 *address)
{
    size_t size = address->sin6_family == AF_INET6 ? sizeof(SOCKADDR_IN6) : sizeof(SOCKADDR_IN);
    ADDRINFOA *entry = RtlAllocateHeap(peb_self()->ProcessHeap, HEAP_ZERO_MEMORY, sizeof *entry + size);
    if (!entry) return NULL;
    entry->ai_family = address->sin6_family;
    entry->ai_socktype = lookup->hints.ai_socktype;
    entry->ai_protocol = lookup->hints.ai_protocol;
    entry->ai_addrlen = size;
    entry->ai_addr = (struct sockaddr *)(entry + 1);
    memcpy(entry->ai_addr, address, size);
    ((SOCKADDR_IN *)entry->ai_addr)->sin_port = lookup->port; // where IPv6 has it too
    return entry;
}

static char *copy_text(const char *text)
{
    size_t size = strlen(text) + 1;
    char *copy = RtlAllocateHeap(peb_self()->ProcessHeap, 0, size);
    return copy ? memcpy(copy, text, size) : NULL;
}

static int make_list(const struct lookup *lookup, ADDRINFOA **result)
{
    ADDRINFOA *list = NULL, **last = &list;
    for (ULONG i = 0; i < lookup->count; i++) {
        *last = make_entry(lookup, &lookup->addresses[i]);
        if (!*last) {
            freeaddrinfo(list);
            return EAI_MEMORY;
        }
        last = &(*last)->ai_next;
    }
    if (list && lookup->hints.ai_flags & AI_CANONNAME && lookup->name) {
        list->ai_canonname = copy_text(lookup->name);
        if (!list->ai_canonname) {
            freeaddrinfo(list);
            return EAI_MEMORY;
        }
    }
    *result = list;
    return 0;
}

static int check_hints(const ADDRINFOA *hints, const char *name)
{
    if (hints->ai_addrlen || hints->ai_canonname || hints->ai_addr || hints->ai_next) return EAI_FAIL;
    if (hints->ai_flags & AI_CANONNAME && !name) return EAI_BADFLAGS;
    if (hints->ai_family != AF_UNSPEC && hints->ai_family != AF_INET && hints->ai_family != AF_INET6)
        return EAI_FAMILY;
    if (hints->ai_socktype < 0 || hints->ai_socktype > SOCK_SEQPACKET) return EAI_SOCKTYPE;
    return 0;
}

static int look_up(const char *name, const char *service, const ADDRINFOA *hints, ADDRINFOA **result)
{
    char canonical[NAME_MAX_LENGTH];
    struct lookup lookup = {.name = name};
    *result = NULL;
    if (!name && !service) return EAI_NONAME;
    if (hints) {
        int error = check_hints(hints, name);
        if (error) return error;
        lookup.hints = *hints;
    }
    int error = find_service(&lookup, service);
    if (!error) error = find_host(&lookup, canonical);
    return error ? error : make_list(&lookup, result);
}

HOTPATCH INT WSAAPI getaddrinfo(PCSTR name, PCSTR service, const ADDRINFOA *hints, PADDRINFOA *result)
{
    if (!winsock_started()) return WSANOTINITIALISED;
    int error = look_up(name, service, hints, result);
    SetLastError(error);
    return error;
}

// ---- in UTF-16 ----

// Names of hosts are UTF-8 for the host. NULL for NULL; false without memory.
bool text_to_utf8(const WCHAR *wide, char **text)
{
    *text = NULL;
    if (!wide) return true;
    int n = WideCharToMultiByte(CP_UTF8, 0, wide, -1, NULL, 0, NULL, NULL);
    *text = RtlAllocateHeap(peb_self()->ProcessHeap, 0, n);
    return *text && WideCharToMultiByte(CP_UTF8, 0, wide, -1, *text, n, NULL, NULL);
}

// The two kinds of entries differ in nothing but the canonical name's characters.
static void widen_name(ADDRINFOA *entry)
{
    if (!entry || !entry->ai_canonname) return;
    int n = MultiByteToWideChar(CP_UTF8, 0, entry->ai_canonname, -1, NULL, 0);
    WCHAR *wide = RtlAllocateHeap(peb_self()->ProcessHeap, 0, n * sizeof *wide);
    if (wide) MultiByteToWideChar(CP_UTF8, 0, entry->ai_canonname, -1, wide, n);
    text_free(entry->ai_canonname);
    entry->ai_canonname = (char *)wide;
}

HOTPATCH INT WSAAPI GetAddrInfoW(PCWSTR name, PCWSTR service, const ADDRINFOW *hints, PADDRINFOW *result)
{
    char *name8, *service8;
    int error = EAI_MEMORY;
    if (!winsock_started()) return WSANOTINITIALISED;
    bool converted = text_to_utf8(name, &name8);
    if (text_to_utf8(service, &service8) && converted)
        error = look_up(name8, service8, (const ADDRINFOA *)hints, (ADDRINFOA **)result);
    if (!error) widen_name((ADDRINFOA *)*result);
    text_free(name8);
    text_free(service8);
    SetLastError(error);
    return error;
}

HOTPATCH VOID WSAAPI FreeAddrInfoW(PADDRINFOW list)
{
    freeaddrinfo((ADDRINFOA *)list);
}

// ---- names of addresses ----

// The node's part: a name, or the number where there is none or none is wanted.
static int node_name(const struct sockaddr *address, int length, int flags, char name[NI_MAXHOST])
{
    if (!(flags & NI_NUMERICHOST)) {
        if (!HostNameOf(address, length, name, NI_MAXHOST)) {
            char *dot = flags & NI_NOFQDN ? strchr(name, '.') : NULL;
            if (dot) *dot = 0;
            return 0;
        }
        if (flags & NI_NAMEREQD) return EAI_NONAME;
    }
    SOCKADDR_IN6 plain = {0};
    DWORD size = NI_MAXHOST;
    memcpy(&plain, address, length < (int)sizeof plain ? length : (int)sizeof plain);
    plain.sin6_port = 0;
    return WSAAddressToStringA((struct sockaddr *)&plain, length, NULL, name, &size) ? WSAEFAULT : 0;
}

static void service_text(USHORT port, int flags, char text[NI_MAXSERV])
{
    const char *name = flags & NI_NUMERICSERV
                           ? NULL
                           : service_name(__builtin_bswap16(port), flags & NI_DGRAM ? "udp" : "tcp");
    if (name)
        strcpy(text, name);
    else
        *number_to_text(text, __builtin_bswap16(port), 10) = 0;
}

static int name_address(const struct sockaddr *address, int length, char *node, bool wants_node,
                        char *service, int flags)
{
    if (!address) return WSAEFAULT;
    if (address->sa_family != AF_INET && address->sa_family != AF_INET6) return EAI_FAMILY;
    if (length < (int)(address->sa_family == AF_INET ? sizeof(SOCKADDR_IN) : sizeof(SOCKADDR_IN6)))
        return WSAEFAULT;
    int error = wants_node ? node_name(address, length, flags, node) : 0;
    if (!error) service_text(((const SOCKADDR_IN *)address)->sin_port, flags, service);
    return error;
}

HOTPATCH INT WSAAPI getnameinfo(const SOCKADDR *address, socklen_t length, PCHAR node, DWORD node_size,
                                PCHAR service, DWORD service_size, INT flags)
{
    char node_text[NI_MAXHOST], service_name_text[NI_MAXSERV];
    if (!winsock_started()) return WSANOTINITIALISED;
    bool wants_node = node && node_size, wants_service = service && service_size;
    int error = wants_node || wants_service
                    ? name_address(address, length, node_text, wants_node, service_name_text, flags)
                    : EAI_NONAME;
    if (!error && ((wants_node && strlen(node_text) >= node_size) ||
                   (wants_service && strlen(service_name_text) >= service_size)))
        error = ERROR_INSUFFICIENT_BUFFER;
    if (!error && wants_node) strcpy(node, node_text);
    if (!error && wants_service) strcpy(service, service_name_text);
    SetLastError(error);
    return error;
}

HOTPATCH INT WSAAPI GetNameInfoW(const SOCKADDR *address, socklen_t length, PWCHAR node, DWORD node_size,
                                 PWCHAR service, DWORD service_size, INT flags)
{
    char node_text[NI_MAXHOST], service_name_text[NI_MAXSERV];
    if (!winsock_started()) return WSANOTINITIALISED;
    bool wants_node = node && node_size, wants_service = service && service_size;
    int error = getnameinfo(address, length, wants_node ? node_text : NULL, sizeof node_text,
                            wants_service ? service_name_text : NULL, sizeof service_name_text, flags);
    if (!error && wants_node && !MultiByteToWideChar(CP_UTF8, 0, node_text, -1, node, node_size))
        error = ERROR_INSUFFICIENT_BUFFER;
    if (!error && wants_service &&
        !MultiByteToWideChar(CP_UTF8, 0, service_name_text, -1, service, service_size))
        error = ERROR_INSUFFICIENT_BUFFER;
    SetLastError(error);
    return error;
}
