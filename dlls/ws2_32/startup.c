// WSAStartup and its counterpart: how often the program has started WinSock.
#include "winsock.h"

static LONG starts;

bool winsock_started(void)
{
    if (starts > 0) return true;
    SetLastError(WSANOTINITIALISED);
    return false;
}

// The highest version not above the requested one; 0: none.
static WORD version_for(WORD requested)
{
    static const WORD known[] = {MAKEWORD(2, 2), MAKEWORD(2, 1), MAKEWORD(2, 0), MAKEWORD(1, 1),
                                 MAKEWORD(1, 0)};
    unsigned wanted = LOBYTE(requested) << 8 | HIBYTE(requested);
    for (unsigned i = 0; i < ARRAYSIZE(known); i++)
        if ((unsigned)(LOBYTE(known[i]) << 8 | HIBYTE(known[i])) <= wanted) return known[i];
    return 0;
}

HOTPATCH int WSAAPI WSAStartup(WORD requested, WSADATA *data)
{
    enum { SOCKETS_OF_VERSION_1 = 32767, DATAGRAM_OF_VERSION_1 = 65467 };
    WORD version = version_for(requested);
    if (!version) return WSAVERNOTSUPPORTED;
    if (!data) return WSAEFAULT;
    data->wVersion = version;
    data->wHighVersion = MAKEWORD(2, 2);
    data->iMaxSockets = LOBYTE(version) == 1 ? SOCKETS_OF_VERSION_1 : 0;
    data->iMaxUdpDg = LOBYTE(version) == 1 ? DATAGRAM_OF_VERSION_1 : 0;
    data->lpVendorInfo = NULL;
    memcpy(data->szDescription, "WinSock 2.0", sizeof "WinSock 2.0");
    memcpy(data->szSystemStatus, "Running", sizeof "Running");
    InterlockedIncrement(&starts);
    return 0;
}

HOTPATCH int WSAAPI WSACleanup(void)
{
    LONG before = starts;
    while (before > 0) {
        LONG found = InterlockedCompareExchange(&starts, before - 1, before);
        if (found == before) return before == 1 ? result_of(SocketCloseAll()) : 0;
        before = found;
    }
    return fail(WSANOTINITIALISED);
}
