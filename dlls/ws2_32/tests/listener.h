// A listener on the loopback and connections to it, for tests of sockets.
#ifndef LOWLAND_WS2_32_TESTS_LISTENER_H
#define LOWLAND_WS2_32_TESTS_LISTENER_H

#include <winsock2.h>
#include <ws2tcpip.h>
#include "check.h"

static SOCKET listener;
static SOCKADDR_IN address = {.sin_family = AF_INET}; // the listener's

static inline void make_listener(void)
{
    int length = sizeof address;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    address.sin_port = 0;
    listener = socket(AF_INET, SOCK_STREAM, 0);
    CHECK_EQUAL(bind(listener, (SOCKADDR *)&address, sizeof address), 0);
    CHECK_EQUAL(listen(listener, SOMAXCONN), 0);
    CHECK_EQUAL(getsockname(listener, (SOCKADDR *)&address, &length), 0);
}

static inline void make_pair(SOCKET *client, SOCKET *server)
{
    *client = socket(AF_INET, SOCK_STREAM, 0);
    CHECK_EQUAL(connect(*client, (SOCKADDR *)&address, sizeof address), 0);
    *server = accept(listener, NULL, NULL);
    CHECK(*server != INVALID_SOCKET, "%d", WSAGetLastError());
}

#endif
