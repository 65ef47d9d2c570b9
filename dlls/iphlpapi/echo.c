// ICMP echoes. A handle stands for nothing here: each echo has a host socket of its own.
#include "network.h"

// What IcmpCreateFile gives out: no handle of the system's.
#define ICMP_HANDLE ((HANDLE)0x1C3B0001)

HOTPATCH HANDLE WINAPI IcmpCreateFile(VOID)
{
    return ICMP_HANDLE;
}

HOTPATCH WINBOOL WINAPI IcmpCloseHandle(HANDLE handle)
{
    if (handle == ICMP_HANDLE) return TRUE;
    SetLastError(ERROR_INVALID_PARAMETER);
    return FALSE;
}

static DWORD fail(DWORD error)
{
    SetLastError(error);
    return 0;
}

HOTPATCH DWORD WINAPI IcmpSendEcho2Ex(HANDLE handle, HANDLE event, FARPROC apc, PVOID context, IPAddr source,
                                      IPAddr destination, LPVOID data, WORD size,
                                      PIP_OPTION_INFORMATION options, LPVOID reply, DWORD reply_size,
                                      DWORD timeout)
{
    enum { DEFAULT_TTL = 128, IP_FLAG_DF_BIT = 2 };
    ICMP_ECHO_REPLY *answer = reply;
    HOST_ECHO echo;
    UCHAR address[16] = {0};
    (void)context, (void)source;
    if (handle != ICMP_HANDLE) return fail(ERROR_INVALID_HANDLE);
    if (!reply) return fail(ERROR_INVALID_PARAMETER);
    if (reply_size < sizeof *answer) return fail(IP_BUF_TOO_SMALL);
    if (reply_size < sizeof *answer + size) return fail(IP_GENERAL_FAILURE);
    if (event || apc) return fail(ERROR_NOT_SUPPORTED);
    if (!destination) return fail(ERROR_INVALID_NETNAME);
    memcpy(address, &destination, sizeof destination);
    NTSTATUS status = NetworkEcho(AF_INET, address, data, size, options ? options->Ttl : DEFAULT_TTL,
                                  options ? options->Tos : 0, options && options->Flags & IP_FLAG_DF_BIT,
                                  timeout, &echo, answer + 1, reply_size - sizeof *answer);
    if (status) return fail(RtlNtStatusToDosError(status));
    if (echo.Status == IP_REQ_TIMED_OUT) return fail(IP_REQ_TIMED_OUT);
    memset(answer, 0, sizeof *answer);
    answer->Address = ipv4_of(echo.Address);
    answer->Status = echo.Status;
    answer->RoundTripTime = echo.RoundTrip;
    answer->DataSize = (USHORT)echo.Size;
    answer->Data = answer + 1;
    answer->Options.Ttl = echo.Ttl;
    answer->Options.Tos = echo.Tos;
    if (echo.Status) SetLastError(echo.Status);
    return 1;
}

HOTPATCH DWORD WINAPI IcmpSendEcho2(HANDLE handle, HANDLE event, FARPROC apc, PVOID context,
                                    IPAddr destination, LPVOID data, WORD size,
                                    PIP_OPTION_INFORMATION options, LPVOID reply, DWORD reply_size,
                                    DWORD timeout)
{
    return IcmpSendEcho2Ex(handle, event, apc, context, INADDR_ANY, destination, data, size, options, reply,
                           reply_size, timeout);
}

HOTPATCH DWORD WINAPI IcmpSendEcho(HANDLE handle, IPAddr destination, LPVOID data, WORD size,
                                   PIP_OPTION_INFORMATION options, LPVOID reply, DWORD reply_size,
                                   DWORD timeout)
{
    return IcmpSendEcho2Ex(handle, NULL, NULL, NULL, INADDR_ANY, destination, data, size, options, reply,
                           reply_size, timeout);
}
