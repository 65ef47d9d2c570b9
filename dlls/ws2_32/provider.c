// What there is to know of the providers behind WinSock: there is one for each kind of address, and none can
// be added.
#include "winsock.h"
#include <ws2spi.h>

static int spi_failed(INT *error, int number)
{
    if (error) *error = number;
    return SOCKET_ERROR;
}

HOTPATCH INT WSAAPI WSCEnumProtocols(LPINT wanted, LPWSAPROTOCOL_INFOW buffer, LPDWORD size, LPINT error)
{
    int count = WSAEnumProtocolsW(wanted, buffer, size);
    return count == SOCKET_ERROR ? spi_failed(error, GetLastError()) : count;
}

HOTPATCH INT WSAAPI WSCGetProviderPath(LPGUID provider, LPWSTR path, LPINT length, LPINT error)
{
    static const WCHAR own[] = L"%SystemRoot%\\system32\\mswsock.dll";
    if (!provider || !length) return spi_failed(error, WSAEFAULT);
    if (*length <= 0 || !protocol_has_provider(provider)) return spi_failed(error, WSAEINVAL);
    if (!path || *length < (int)ARRAYSIZE(own)) {
        *length = ARRAYSIZE(own);
        return spi_failed(error, WSAEFAULT);
    }
    memcpy(path, own, sizeof own);
    *length = ARRAYSIZE(own);
    return 0;
}

// Only layered providers have what can be asked for, and there are none.
HOTPATCH INT WSAAPI WSCGetProviderInfo(LPGUID provider, WSC_PROVIDER_INFO_TYPE type, PBYTE info, size_t *size,
                                       DWORD flags, LPINT error)
{
    (void)type, (void)info, (void)size, (void)flags;
    return spi_failed(error, provider ? WSANO_RECOVERY : WSAEFAULT);
}

// Nobody has put an application into a category.
HOTPATCH INT WSAAPI WSCGetApplicationCategory(LPCWSTR path, DWORD path_length, LPCWSTR extra,
                                              DWORD extra_length, DWORD *category, LPINT error)
{
    (void)extra, (void)extra_length;
    return spi_failed(error, !path || !*path || !path_length || !category ? WSAEINVAL : WSANO_RECOVERY);
}
