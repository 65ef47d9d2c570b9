// WinSock's headers, which must come before windows.h.
#ifndef LOWLAND_MSWSOCK_EXTENSION_H
#define LOWLAND_MSWSOCK_EXTENSION_H

#define _WIN32_WINNT 0x0A00
#define WINVER       0x0A00
#define _CRTIMP
#define _SECIMP
#define WIN32_NO_STATUS
#define WINSOCK_API_LINKAGE
#include <winsock2.h>
#include <mswsock.h>
#undef WIN32_NO_STATUS
#include "nt/nt.h"

#endif
