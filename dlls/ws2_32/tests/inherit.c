// link: -lws2_32
// Sockets in another process: inherited by a child, and duplicated into it by WSADuplicateSocket.
#include <winsock2.h>
#include <windows.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "check.h"

static void make_pair(SOCKET *client, SOCKET *server)
{
    SOCKADDR_IN address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    int length = sizeof address;
    SOCKET listener = socket(AF_INET, SOCK_STREAM, 0);
    CHECK_EQUAL(bind(listener, (SOCKADDR *)&address, sizeof address), 0);
    CHECK_EQUAL(listen(listener, 5), 0);
    CHECK_EQUAL(getsockname(listener, (SOCKADDR *)&address, &length), 0);
    *client = socket(AF_INET, SOCK_STREAM, 0);
    CHECK_EQUAL(connect(*client, (SOCKADDR *)&address, sizeof address), 0);
    *server = accept(listener, NULL, NULL);
    CHECK(*server != INVALID_SOCKET, "%d", WSAGetLastError());
    closesocket(listener);
}

// In the child: answers on the inherited socket, then on the one that comes as a WSAPROTOCOL_INFO over it.
static int child(SOCKET inherited)
{
    WSAPROTOCOL_INFOW info;
    if (send(inherited, "inherited", 9, 0) != 9) return 1;
    if (recv(inherited, (char *)&info, sizeof info, 0) != sizeof info) return 2;
    SOCKET duplicate =
        WSASocketW(FROM_PROTOCOL_INFO, FROM_PROTOCOL_INFO, FROM_PROTOCOL_INFO, &info, 0, WSA_FLAG_OVERLAPPED);
    if (duplicate == INVALID_SOCKET) return 3;
    return send(duplicate, "duplicate", 9, 0) == 9 ? 7 : 4;
}

int main(int argc, char **argv)
{
    WSADATA data;
    CHECK_EQUAL(WSAStartup(MAKEWORD(2, 2), &data), 0);
    if (argc > 1) return child(strtoul(argv[1], NULL, 0));

    SOCKET client, server, other_client, other_server;
    char command[MAX_PATH + 32], path[MAX_PATH], buffer[16] = "";
    WSAPROTOCOL_INFOW info;
    STARTUPINFOA startup = {.cb = sizeof startup};
    PROCESS_INFORMATION process;
    DWORD code = 0;
    make_pair(&client, &server);
    make_pair(&other_client, &other_server);
    GetModuleFileNameA(NULL, path, sizeof path);
    snprintf(command, sizeof command, "\"%s\" 0x%lx", path, (DWORD)server);
    CHECK(CreateProcessA(path, command, NULL, NULL, TRUE, 0, NULL, NULL, &startup, &process), "%lu",
          GetLastError());
    CHECK_EQUAL(recv(client, buffer, sizeof buffer, 0), 9);
    CHECK(!memcmp(buffer, "inherited", 9), "%s", buffer);
    CHECK_EQUAL(WSADuplicateSocketW(other_server, process.dwProcessId, &info), 0);
    CHECK_EQUAL(send(client, (char *)&info, sizeof info, 0), sizeof info);
    CHECK_EQUAL(recv(other_client, buffer, sizeof buffer, 0), 9);
    CHECK(!memcmp(buffer, "duplicate", 9), "%s", buffer);
    CHECK_EQUAL(WaitForSingleObject(process.hProcess, 60000), WAIT_OBJECT_0);
    CHECK(GetExitCodeProcess(process.hProcess, &code) && code == 7, "%lu", code);
    return check_summary();
}
