// link: -lws2_32 -luser32
// Names and name spaces beyond getaddrinfo: GetAddrInfoEx, WSAConnectByName, WSALookupService, the
// asynchronous calls that answer by messages, the machine's interfaces by ioctls.
#include <winsock2.h>
#include <ws2tcpip.h>
#include <ws2spi.h>
#include <windows.h>
#include <stdlib.h>
#include <string.h>
#include <stdbool.h>
#include "check.h"

INT WSAAPI GetAddrInfoExOverlappedResult(LPOVERLAPPED overlapped);
INT WSAAPI GetAddrInfoExCancel(LPHANDLE handle);

static SOCKET listen_on_loopback(SOCKADDR_IN *address)
{
    int length = sizeof *address;
    SOCKET listener = socket(AF_INET, SOCK_STREAM, 0);
    *address = (SOCKADDR_IN){.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    CHECK_EQUAL(bind(listener, (SOCKADDR *)address, sizeof *address), 0);
    CHECK_EQUAL(listen(listener, 5), 0);
    CHECK_EQUAL(getsockname(listener, (SOCKADDR *)address, &length), 0);
    return listener;
}

static void test_lookup_ex(void)
{
    ADDRINFOEXW *list = (void *)1, hints = {.ai_family = AF_INET};
    OVERLAPPED overlapped = {.hEvent = CreateEventW(NULL, TRUE, FALSE, NULL)};
    CHECK_EQUAL(GetAddrInfoExW(NULL, NULL, NS_DNS, NULL, NULL, &list, NULL, NULL, NULL, NULL),
                WSAHOST_NOT_FOUND);
    CHECK(list == NULL, "a result");
    CHECK_EQUAL(GetAddrInfoExW(L"127.0.0.1", L"80", NS_DNS, NULL, &hints, &list, NULL, NULL, NULL, NULL), 0);
    CHECK_EQUAL(((SOCKADDR_IN *)list->ai_addr)->sin_port, htons(80));
    FreeAddrInfoExW(list);
    CHECK_EQUAL(
        GetAddrInfoExW(L"127.0.0.1", NULL, NS_DNS, NULL, &hints, &list, NULL, &overlapped, NULL, NULL),
        ERROR_IO_PENDING);
    CHECK_EQUAL(WaitForSingleObject(overlapped.hEvent, 10000), WAIT_OBJECT_0);
    CHECK_EQUAL(GetAddrInfoExOverlappedResult(&overlapped), 0);
    CHECK(list && ((SOCKADDR_IN *)list->ai_addr)->sin_addr.s_addr == htonl(INADDR_LOOPBACK),
          "another address");
    FreeAddrInfoExW(list);
    CHECK_EQUAL(GetAddrInfoExOverlappedResult(NULL), WSAEINVAL);
    HANDLE none = NULL;
    CHECK_EQUAL(GetAddrInfoExCancel(&none), WSA_INVALID_HANDLE);
    // The machine knows itself.
    char name[256];
    CHECK_EQUAL(gethostname(name, sizeof name), 0);
    CHECK(gethostbyname(name) != NULL, "%d", WSAGetLastError());
    CloseHandle(overlapped.hEvent);
}

static void test_connect_by_name(void)
{
    SOCKADDR_IN address, remote = {0};
    DWORD remote_length = sizeof remote;
    char service[8];
    SOCKET listener = listen_on_loopback(&address), client = socket(AF_INET, SOCK_STREAM, 0);
    _itoa(ntohs(address.sin_port), service, 10);
    CHECK(!WSAConnectByNameA(client, NULL, service, NULL, NULL, NULL, NULL, NULL, NULL), "connected");
    CHECK_EQUAL(WSAGetLastError(), WSAEINVAL);
    CHECK(WSAConnectByNameA(client, "127.0.0.1", service, NULL, NULL, &remote_length, (SOCKADDR *)&remote,
                            NULL, NULL),
          "%d", WSAGetLastError());
    CHECK_EQUAL(remote_length, sizeof remote);
    CHECK(!memcmp(&remote, &address, sizeof remote), "another address");
    closesocket(client);
    closesocket(listener);
}

static void test_name_spaces(void)
{
    char buffer[2048];
    WSAQUERYSETW *query = (WSAQUERYSETW *)buffer;
    HANDLE handle;
    DWORD size = 0;
    CHECK_EQUAL(WSAEnumNameSpaceProvidersW(&size, NULL), SOCKET_ERROR);
    CHECK_EQUAL(WSAGetLastError(), WSAEFAULT);
    WSANAMESPACE_INFOW *spaces = malloc(size);
    CHECK(WSAEnumNameSpaceProvidersW(&size, spaces) > 0, "%d", WSAGetLastError());
    free(spaces);
    memset(query, 0, sizeof *query);
    CHECK_EQUAL(WSALookupServiceBeginW(query, 0, &handle), SOCKET_ERROR);
    CHECK_EQUAL(WSAGetLastError(), WSAEINVAL);
    query->dwSize = sizeof *query;
    query->dwNameSpace = NS_DNS;
    query->lpszServiceInstanceName = (WCHAR *)L"127.0.0.1";
    CHECK_EQUAL(WSALookupServiceBeginW(query, LUP_RETURN_ADDR | LUP_RETURN_NAME, &handle), 0);
    size = 8;
    CHECK_EQUAL(WSALookupServiceNextW(handle, 0, &size, query), SOCKET_ERROR);
    CHECK_EQUAL(WSAGetLastError(), WSAEFAULT);
    size = sizeof buffer;
    CHECK_EQUAL(WSALookupServiceNextW(handle, 0, &size, query), 0);
    CHECK_EQUAL(query->dwNumberOfCsAddrs, 1);
    CHECK_EQUAL(((SOCKADDR_IN *)query->lpcsaBuffer[0].RemoteAddr.lpSockaddr)->sin_addr.s_addr,
                htonl(INADDR_LOOPBACK));
    CHECK_EQUAL(WSALookupServiceNextW(handle, 0, &size, query), SOCKET_ERROR);
    CHECK_EQUAL(WSAGetLastError(), WSA_E_NO_MORE);
    CHECK_EQUAL(WSALookupServiceEnd(handle), 0);
    CHECK_EQUAL(WSALookupServiceEnd(NULL), SOCKET_ERROR);
}

static bool take_message(HWND window, MSG *message)
{
    for (int i = 0; i < 1000; i++) {
        if (PeekMessageW(message, window, WM_USER, WM_USER + 1, PM_REMOVE)) return true;
        Sleep(10);
    }
    return false;
}

static void test_messages(void)
{
    SOCKADDR_IN address;
    MSG message;
    char buffer[MAXGETHOSTSTRUCT], byte;
    WNDCLASSW class = {.lpfnWndProc = DefWindowProcW, .lpszClassName = L"names_more"};
    CHECK(RegisterClassW(&class) != 0, "%lu", GetLastError());
    HWND window =
        CreateWindowExW(0, L"names_more", NULL, 0, 0, 0, 0, 0, HWND_MESSAGE, NULL, NULL, NULL);
    CHECK(window != NULL, "%lu", GetLastError());
    HANDLE task = WSAAsyncGetServByName(window, WM_USER, "http", "tcp", buffer, sizeof buffer);
    CHECK(take_message(window, &message), "no message");
    CHECK_EQUAL(message.wParam, (WPARAM)task);
    CHECK_EQUAL(WSAGETASYNCERROR(message.lParam), 0);
    CHECK_EQUAL(((struct servent *)buffer)->s_port, htons(80));
    SOCKET listener = listen_on_loopback(&address), client = socket(AF_INET, SOCK_STREAM, 0);
    CHECK_EQUAL(WSAAsyncSelect(listener, NULL, WM_USER, FD_ACCEPT), SOCKET_ERROR);
    CHECK_EQUAL(WSAGetLastError(), WSAEINVAL);
    CHECK_EQUAL(WSAAsyncSelect(listener, window, WM_USER, FD_ACCEPT | FD_READ | FD_CLOSE), 0);
    CHECK_EQUAL(connect(client, (SOCKADDR *)&address, sizeof address), 0);
    CHECK(take_message(window, &message), "no message");
    CHECK_EQUAL(message.wParam, listener);
    CHECK_EQUAL(message.lParam, FD_ACCEPT);
    SOCKET server = accept(listener, NULL, NULL);
    CHECK_EQUAL(send(client, "x", 1, 0), 1);
    CHECK(take_message(window, &message), "no message");
    CHECK_EQUAL(message.wParam, server); // which has its listener's selection
    CHECK_EQUAL(message.lParam, FD_READ);
    CHECK_EQUAL(recv(server, &byte, 1, 0), 1);
    closesocket(client);
    CHECK(take_message(window, &message), "no message");
    CHECK_EQUAL(message.lParam, FD_CLOSE);
    CHECK_EQUAL(WSAAsyncSelect(server, window, 0, 0), 0);
    closesocket(server);
    closesocket(listener);
    DestroyWindow(window);
}

static void test_interface_ioctls(void)
{
    INTERFACE_INFO list[32];
    SOCKADDR_IN to = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)}, from = {0};
    DWORD size = 0;
    bool found = false;
    SOCKET any = socket(AF_INET, SOCK_DGRAM, 0);
    CHECK_EQUAL(WSAIoctl(any, SIO_GET_INTERFACE_LIST, NULL, 0, list, sizeof list, &size, NULL, NULL), 0);
    for (DWORD i = 0; i < size / sizeof *list; i++) found |= list[i].iiFlags & IFF_LOOPBACK;
    CHECK(found, "no loopback interface");
    CHECK_EQUAL(
        WSAIoctl(any, SIO_ROUTING_INTERFACE_QUERY, &to, sizeof to, &from, sizeof from, &size, NULL, NULL), 0);
    CHECK_EQUAL(from.sin_addr.s_addr, htonl(INADDR_LOOPBACK));
    CHECK_EQUAL(WSAIoctl(any, SIO_ADDRESS_LIST_QUERY, NULL, 0, NULL, 0, &size, NULL, NULL), SOCKET_ERROR);
    CHECK_EQUAL(WSAGetLastError(), WSAEFAULT);
    closesocket(any);
}

int main(void)
{
    WSADATA data;
    CHECK_EQUAL(WSAStartup(MAKEWORD(2, 2), &data), 0);
    test_lookup_ex();
    test_connect_by_name();
    test_name_spaces();
    test_messages();
    test_interface_ioctls();
    return check_summary();
}
