// Options of the IP level, which had other numbers in WinSock 1.1 (winsock.h) than they have since
// (ws2ipdef.h).
#include "nt/nt.h"
#include <stdbool.h>
#include <winsock.h>

static int current_name(int level, int name)
{
    static const UCHAR names[] = {
        [IP_MULTICAST_IF] = 9,
        [IP_MULTICAST_TTL] = 10,
        [IP_MULTICAST_LOOP] = 11,
        [IP_ADD_MEMBERSHIP] = 12,
        [IP_DROP_MEMBERSHIP] = 13,
        [IP_TTL] = 4,
        [IP_TOS] = 3,
        [IP_DONTFRAGMENT] = 14,
    };
    bool known = level == IPPROTO_IP && name >= 0 && name < (int)ARRAYSIZE(names) && names[name];
    return known ? names[name] : name;
}

HOTPATCH int WINAPI getsockopt_1(SOCKET socket, int level, int name, char *value, int *length)
{
    return getsockopt(socket, level, current_name(level, name), value, length);
}

HOTPATCH int WINAPI setsockopt_1(SOCKET socket, int level, int name, const char *value, int length)
{
    return setsockopt(socket, level, current_name(level, name), value, length);
}
