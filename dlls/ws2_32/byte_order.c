// Byte order: network order is the other one on this processor.
#include "winsock.h"

HOTPATCH u_short WSAAPI htons(u_short value)
{
    return __builtin_bswap16(value);
}

HOTPATCH u_short WSAAPI ntohs(u_short value)
{
    return __builtin_bswap16(value);
}

HOTPATCH u_long WSAAPI htonl(u_long value)
{
    return __builtin_bswap32(value);
}

HOTPATCH u_long WSAAPI ntohl(u_long value)
{
    return __builtin_bswap32(value);
}

// The order that a socket's protocol has, which is the network's for all there are.
static int convert(SOCKET socket, u_long value, unsigned bytes, void *result)
{
    SOCKET_INFO info;
    if (!winsock_started()) return SOCKET_ERROR;
    NTSTATUS status = SocketGetInfo(handle_of(socket), &info);
    if (status) return result_of(status);
    if (!result) return fail(WSAEFAULT);
    u_long swapped = bytes == sizeof(u_short) ? __builtin_bswap16((u_short)value) : __builtin_bswap32(value);
    memcpy(result, &swapped, bytes);
    return 0;
}

HOTPATCH int WSAAPI WSAHtons(SOCKET socket, u_short value, u_short *result)
{
    return convert(socket, value, sizeof value, result);
}

HOTPATCH int WSAAPI WSANtohs(SOCKET socket, u_short value, u_short *result)
{
    return convert(socket, value, sizeof value, result);
}

HOTPATCH int WSAAPI WSAHtonl(SOCKET socket, u_long value, u_long *result)
{
    return convert(socket, value, sizeof value, result);
}

HOTPATCH int WSAAPI WSANtohl(SOCKET socket, u_long value, u_long *result)
{
    return convert(socket, value, sizeof value, result);
}
