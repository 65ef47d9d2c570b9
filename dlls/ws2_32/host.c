// Hosts in the older way: gethostname, gethostbyname, gethostbyaddr. The answer lies in the thread until the
// next one.
#include "winsock.h"

static struct hostent *no_host(int error)
{
    SetLastError(error);
    return NULL;
}

// The computer's name; false when it doesn't fit.
HOTPATCH int WSAAPI gethostname(char *name, int size)
{
    DWORD room = size;
    if (!winsock_started()) return SOCKET_ERROR;
    if (!name || size <= 0 || !GetComputerNameExA(ComputerNameDnsHostname, name, &room))
        return fail(WSAEFAULT);
    return 0;
}

HOTPATCH int WSAAPI GetHostNameW(PWSTR name, int size)
{
    DWORD room = size;
    if (!winsock_started()) return SOCKET_ERROR;
    if (!name || size <= 0 || !GetComputerNameExW(ComputerNameDnsHostname, name, &room))
        return fail(WSAEFAULT);
    return 0;
}

// Starts the thread's answer anew.
static struct thread_answers *begin(const char *name, short family, short length)
{
    struct thread_answers *answers = thread_answers();
    if (!answers) return NULL;
    size_t size = strlen(name);
    if (size >= sizeof answers->host_name) size = sizeof answers->host_name - 1;
    memmove(answers->host_name, name, size);
    answers->host_name[size] = 0;
    answers->host.h_name = answers->host_name;
    answers->host.h_aliases = answers->no_aliases;
    answers->host.h_addrtype = family;
    answers->host.h_length = length;
    answers->host.h_addr_list = answers->address_list;
    return answers;
}

HOTPATCH struct hostent *WSAAPI gethostbyname(const char *name)
{
    char own[NI_MAXHOST];
    ADDRINFOA *list, hints = {.ai_family = AF_INET};
    if (!winsock_started()) return NULL;
    if (!name || !*name) {
        if (gethostname(own, sizeof own)) return NULL;
        name = own;
    }
    int error = getaddrinfo(name, NULL, &hints, &list);
    if (error) return no_host(error);
    struct thread_answers *answers = begin(name, AF_INET, sizeof(IN_ADDR));
    unsigned n = 0;
    for (const ADDRINFOA *each = list; answers && each && n < ARRAYSIZE(answers->addresses);
         each = each->ai_next, n++) {
        answers->addresses[n] = ((const SOCKADDR_IN *)each->ai_addr)->sin_addr;
        answers->address_list[n] = (char *)&answers->addresses[n];
    }
    freeaddrinfo(list);
    if (!answers) return NULL;
    answers->address_list[n] = NULL;
    return &answers->host;
}

HOTPATCH struct hostent *WSAAPI gethostbyaddr(const char *address, int length, int family)
{
    SOCKADDR_IN6 full = {.sin6_family = family};
    char name[NI_MAXHOST];
    bool ipv6 = family == AF_INET6;
    int size = ipv6 ? sizeof(IN6_ADDR) : sizeof(IN_ADDR);
    if (!winsock_started()) return NULL;
    if (family != AF_INET && !ipv6) return no_host(WSAEAFNOSUPPORT);
    if (!address || length < size) return no_host(WSAEFAULT);
    memcpy(ipv6 ? (void *)&full.sin6_addr : (void *)&((SOCKADDR_IN *)&full)->sin_addr, address, size);
    int error = getnameinfo((struct sockaddr *)&full, ipv6 ? sizeof full : sizeof(SOCKADDR_IN), name,
                            sizeof name, NULL, 0, NI_NAMEREQD);
    if (error) return no_host(error == EAI_NONAME ? WSANO_DATA : error);
    struct thread_answers *answers = begin(name, family, size);
    if (!answers) return NULL;
    memcpy(answers->addresses, address, size);
    answers->address_list[0] = (char *)answers->addresses;
    answers->address_list[1] = NULL;
    return &answers->host;
}
