// What the subject files of ws2_32 share: WinSock's headers (which must come before windows.h), whether the
// program has started WinSock, and how a status becomes a result.
#ifndef LOWLAND_WS2_32_WINSOCK_H
#define LOWLAND_WS2_32_WINSOCK_H

#define _WIN32_WINNT 0x0A00
#define WINVER       0x0A00
#define _CRTIMP
#define _SECIMP
#define WIN32_NO_STATUS
#define WINSOCK_API_LINKAGE
#include <winsock2.h>
#include <ws2tcpip.h>
#include <mswsock.h>
#undef WIN32_NO_STATUS
#include "nt/nt.h"
#include "ws2_32.h"
#include <stdbool.h>

NT_SIZE(WSABUF, sizeof(SOCKET_BUFFER));
NT_SIZE(WSAMSG, sizeof(SOCKET_MESSAGE));

// ---- startup.c ----

// Whether WSAStartup came; if not, sets WSANOTINITIALISED.
bool winsock_started(void);

// ---- error.c ----

// WinSock's number for a status that a call returned.
int winsock_error(NTSTATUS status);
// The same for one that an overlapped call ended with.
int winsock_result(NTSTATUS status);

// Sets the error and returns SOCKET_ERROR.
static inline int fail(int error)
{
    SetLastError(error);
    return SOCKET_ERROR;
}

// The result of a call: 0, or SOCKET_ERROR with the error set.
static inline int result_of(NTSTATUS status)
{
    if (status != STATUS_SUCCESS) return fail(winsock_error(status));
    SetLastError(0); // Windows leaves no earlier error behind
    return 0;
}

// The same for a call that waited: its socket may have been closed meanwhile.
static inline int result_of_wait(NTSTATUS status)
{
    return status == STATUS_CANCELLED ? fail(WSAEINTR) : result_of(status);
}

// Whether a call that waits was interrupted by an APC, and has to begin anew.
static inline bool interrupted(NTSTATUS status)
{
    return status == STATUS_USER_APC || status == STATUS_ALERTED;
}

static inline HANDLE handle_of(SOCKET socket)
{
    return (HANDLE)socket;
}

// ---- overlapped.c: what NT wants of an OVERLAPPED and a completion routine ----

struct overlapped_call {
    HANDLE event;
    void *apc, *context;
    IO_STATUS_BLOCK *io;
};
struct overlapped_call overlapped_call(WSAOVERLAPPED *overlapped, LPWSAOVERLAPPED_COMPLETION_ROUTINE routine);
// The same for a call without a completion routine, for which hEvent counts.
static inline struct overlapped_call overlapped_event(OVERLAPPED *overlapped)
{
    return overlapped_call(overlapped, NULL);
}

// ---- transfer.c ----

// WSARecvMsg.
int WSAAPI receive_message(SOCKET socket, LPWSAMSG message, LPDWORD received, LPWSAOVERLAPPED overlapped,
                           LPWSAOVERLAPPED_COMPLETION_ROUTINE routine);

// ---- protocol.c: what sockets there are ----

// The entry for a socket of these (0: any). NULL with the error set.
const WSAPROTOCOL_INFOW *protocol_find(int family, int type, int protocol);
// Fills a structure of either kind for a socket. 0 or an error.
int protocol_describe(SOCKET socket, WSAPROTOCOL_INFOW *info);
void protocol_info_to_ansi(WSAPROTOCOL_INFOA *ansi, const WSAPROTOCOL_INFOW *wide);
bool protocol_has_provider(const GUID *provider);

// ---- interface_ioctl.c: each returns 0 or an error; *returned as WSAIoctl has it, where it changes ----

int interface_list_ioctl(void *out, DWORD out_size, DWORD *returned);
int address_list_ioctl(void *out, DWORD out_size, DWORD *returned);
int routing_interface_ioctl(const void *in, DWORD in_size, void *out, DWORD out_size, DWORD *returned);

// The machine's IPv4 addresses: those of its networks, or where it is on none the loopback's. How many.
ULONG own_addresses(ULONG *addresses, ULONG max);

// ---- window_message.c ----

bool post_message(HWND window, UINT message, WPARAM w, LPARAM l);
bool is_window(HWND window);

// ---- async_select.c ----

// Messages about a socket end: it is closed, or selected anew.
void async_select_end(SOCKET socket);
void async_select_inherit(SOCKET listener, SOCKET accepted);

// ---- extension.c ----

// The function of mswsock.dll that a GUID stands for; NULL: none.
void *extension_function(const GUID *guid);

// ---- thread.c: what belongs to a thread, above all its last answers ----

struct thread_answers {
    char text[16]; // inet_ntoa
    struct hostent host;
    char host_name[NI_MAXHOST];
    char *no_aliases[1];
    char *address_list[65];
    IN_ADDR addresses[64];
    struct servent service;
    char *service_aliases[2];
    struct protoent protocol;
    char *protocol_aliases[2];
    int open_type; // SO_OPENTYPE
};
// NULL without memory, with WSAENOBUFS set.
struct thread_answers *thread_answers(void);

// ---- database.c ----

// The port (host order) of a service name, for "tcp", "udp" or any (NULL). 0: none. *protocol: the one found.
unsigned service_port(const char *name, const char *protocol);
// The name of a port; NULL: none.
const char *service_name(unsigned port, const char *protocol);

// ---- address_text.c: addresses as text. Both kinds end at NUL ----

// As inet_pton: the whole text is one address, in the four-part form.
bool text_to_ipv4(const WCHAR *text, IN_ADDR *address);
// inet_addr's forms (1 to 4 parts, octal, hexadecimal); returns where it ended, NULL when it is none.
const WCHAR *text_to_ipv4_loose(const WCHAR *text, IN_ADDR *address);
// Returns where the address ended, NULL when it is none.
const WCHAR *text_to_ipv6(const WCHAR *text, IN6_ADDR *address);
enum { IPV4_TEXT = 16, IPV6_TEXT = 46 };
void ipv4_to_text(const IN_ADDR *address, char text[IPV4_TEXT]);
void ipv6_to_text(const IN6_ADDR *address, char text[IPV6_TEXT]);
// Writes a number without a NUL and returns its end.
char *number_to_text(char *at, unsigned value, unsigned base);

// ---- strings ----

// A copy on the process heap; NULL without memory. Freed with text_free.
WCHAR *wide_from_ansi(const char *text);
// The same as UTF-8, as the host has names. NULL for NULL; false without memory. (lookup.c)
bool text_to_utf8(const WCHAR *wide, char **text);
static inline void text_free(void *text)
{
    if (text) RtlFreeHeap(peb_self()->ProcessHeap, 0, text);
}

// The caller's memory as structures and what they point to fill it up. Beyond its end only the size counts.
struct packing {
    char *at, *end;
    DWORD needed;
};

// Room for size bytes, zeroed; NULL when there is no more.
static inline void *packing_take(struct packing *packing, DWORD size)
{
    size = (size + 3) & ~3u;
    packing->needed += size;
    if ((DWORD)(packing->end - packing->at) < size) return NULL;
    void *taken = packing->at;
    packing->at += size;
    return memset(taken, 0, size);
}

#endif
