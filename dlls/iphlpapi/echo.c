// ICMP echoes. A handle stands for nothing here: each echo has a host socket of its own. With an event or an
// APC an echo is the thread pool's, and what came of it is found by IcmpParseReplies.
#include "network.h"
#include "ntdll.h"

// What IcmpCreateFile and Icmp6CreateFile give out: no handles of the system's.
#define ICMP_HANDLE  ((HANDLE)0x1C3B0001)
#define ICMP6_HANDLE ((HANDLE)0x1C3B0006)

// ICMPV6_ECHO_REPLY, which mingw-w64's headers lack; its address is packed (ipexport.h).
#pragma pack(push, 1)
struct packed_address {
    USHORT sin6_port;
    ULONG sin6_flowinfo;
    UCHAR sin6_addr[16];
    ULONG sin6_scope_id;
};
#pragma pack(pop)
struct icmp6_echo_reply {
    struct packed_address Address;
    ULONG Status, RoundTripTime;
};
NT_SIZE(struct icmp6_echo_reply, 36);

HOTPATCH HANDLE WINAPI IcmpCreateFile(VOID)
{
    return ICMP_HANDLE;
}

HOTPATCH HANDLE WINAPI Icmp6CreateFile(VOID)
{
    return ICMP6_HANDLE;
}

HOTPATCH WINBOOL WINAPI IcmpCloseHandle(HANDLE handle)
{
    if (handle == ICMP_HANDLE || handle == ICMP6_HANDLE) return TRUE;
    SetLastError(ERROR_INVALID_PARAMETER);
    return FALSE;
}

static DWORD fail(DWORD error)
{
    SetLastError(error);
    return 0;
}

// One call.
struct echo_call {
    bool ipv6;
    HANDLE event, thread; // thread: who gets the APC. In the background both are handles of our own
    FARPROC apc;
    void *context;
    UCHAR address[16];
    ULONG scope, ttl, tos, timeout;
    bool whole;
    void *reply;
    DWORD reply_size;
    const void *data;
    DWORD size;
};

static DWORD reply_header(const struct echo_call *call)
{
    return call->ipv6 ? sizeof(struct icmp6_echo_reply) : sizeof(ICMP_ECHO_REPLY);
}

static void write_reply(const struct echo_call *call, const HOST_ECHO *echo)
{
    memset(call->reply, 0, reply_header(call));
    if (call->ipv6) {
        struct icmp6_echo_reply *reply = call->reply;
        memcpy(reply->Address.sin6_addr, echo->Address, sizeof reply->Address.sin6_addr);
        reply->Address.sin6_scope_id = call->scope;
        reply->Status = echo->Status;
        reply->RoundTripTime = echo->RoundTrip;
        return;
    }
    ICMP_ECHO_REPLY *reply = call->reply;
    reply->Address = ipv4_of(echo->Address);
    reply->Status = echo->Status;
    reply->RoundTripTime = echo->RoundTrip;
    reply->DataSize = (USHORT)echo->Size;
    reply->Data = (char *)call->reply + reply_header(call);
    reply->Options.Ttl = echo->Ttl;
    reply->Options.Tos = echo->Tos;
}

// Sends the echo and waits for what comes back. 0, or the error that the call has.
static DWORD run(const struct echo_call *call)
{
    DWORD header = reply_header(call);
    HOST_ECHO echo;
    NTSTATUS status = NetworkEcho(call->ipv6 ? AF_INET6 : AF_INET, call->address, call->scope, call->data,
                                  call->size, call->ttl, call->tos, call->whole, call->timeout, &echo,
                                  (char *)call->reply + header, call->reply_size - header);
    if (status) return RtlNtStatusToDosError(status);
    write_reply(call, &echo);
    return echo.Status == IP_REQ_TIMED_OUT ? IP_REQ_TIMED_OUT : 0;
}

// ---- in the background ----

// The status block of an APC, which is its routine's no longer than it runs.
struct echo_end {
    FARPROC routine;
    void *context;
    IO_STATUS_BLOCK block;
};

static void call_free(struct echo_call *call)
{
    if (call->thread) NtClose(call->thread);
    if (call->event) NtClose(call->event);
    table_free(call);
}

static VOID CALLBACK deliver(ULONG_PTR argument)
{
    struct echo_end *end = (struct echo_end *)argument;
    ((PIO_APC_ROUTINE)(void *)end->routine)(end->context, &end->block, 0);
    table_free(end);
}

static void tell(const struct echo_call *call, DWORD error)
{
    if (call->event) NtSetEvent(call->event, NULL);
    if (!call->apc) return;
    struct echo_end *end = mib_allocate(sizeof *end);
    if (!end) return;
    end->routine = call->apc;
    end->context = call->context;
    end->block.Status = error ? STATUS_UNSUCCESSFUL : STATUS_SUCCESS;
    if (!QueueUserAPC(deliver, call->thread, (ULONG_PTR)end)) table_free(end);
}

static VOID CALLBACK run_in_pool(PTP_CALLBACK_INSTANCE instance, PVOID context)
{
    struct echo_call *call = context;
    (void)instance;
    DWORD error = run(call);
    if (error) {
        HOST_ECHO none = {.Status = error == IP_REQ_TIMED_OUT ? IP_REQ_TIMED_OUT : IP_GENERAL_FAILURE};
        write_reply(call, &none);
    }
    tell(call, error);
    call_free(call);
}

static bool duplicate(HANDLE handle, HANDLE *copy)
{
    HANDLE process = GetCurrentProcess();
    return DuplicateHandle(process, handle, process, copy, 0, FALSE, DUPLICATE_SAME_ACCESS);
}

// The program may close its event at once. As for any call under way, it is reset first.
static bool take_handles(const struct echo_call *call, struct echo_call *copy)
{
    copy->event = copy->thread = NULL;
    if (call->event && (!duplicate(call->event, &copy->event) || !ResetEvent(copy->event))) return false;
    return !call->apc || duplicate(GetCurrentThread(), &copy->thread);
}

static DWORD start_in_pool(const struct echo_call *call)
{
    struct echo_call *copy = mib_allocate(sizeof *copy + call->size);
    if (!copy) return fail(ERROR_NOT_ENOUGH_MEMORY);
    *copy = *call;
    if (call->size) copy->data = memcpy(copy + 1, call->data, call->size);
    DWORD error = ERROR_IO_PENDING;
    if (!take_handles(call, copy))
        error = GetLastError();
    else if (!TrySubmitThreadpoolCallback(run_in_pool, copy, NULL))
        error = ERROR_NOT_ENOUGH_MEMORY;
    if (error != ERROR_IO_PENDING) call_free(copy); // else it is the pool's
    return fail(error);
}

// ---- the calls ----

static DWORD send_echo(struct echo_call *call, const IP_OPTION_INFORMATION *options)
{
    enum { DEFAULT_TTL = 128, IP_FLAG_DF_BIT = 2 };
    DWORD header = reply_header(call);
    if (!call->reply) return fail(ERROR_INVALID_PARAMETER);
    if (call->reply_size < header) return fail(IP_BUF_TOO_SMALL);
    if (call->reply_size < header + call->size) return fail(IP_GENERAL_FAILURE);
    call->ttl = options ? options->Ttl : DEFAULT_TTL;
    call->tos = options ? options->Tos : 0;
    call->whole = options && options->Flags & IP_FLAG_DF_BIT;
    if (call->event || call->apc) return start_in_pool(call);
    DWORD error = run(call);
    if (error) return fail(error);
    ULONG status = call->ipv6 ? ((struct icmp6_echo_reply *)call->reply)->Status
                              : ((ICMP_ECHO_REPLY *)call->reply)->Status;
    if (status) SetLastError(status);
    return 1;
}

HOTPATCH DWORD WINAPI IcmpSendEcho2Ex(HANDLE handle, HANDLE event, FARPROC apc, PVOID context, IPAddr source,
                                      IPAddr destination, LPVOID data, WORD size,
                                      PIP_OPTION_INFORMATION options, LPVOID reply, DWORD reply_size,
                                      DWORD timeout)
{
    struct echo_call call = {.event = event,
                             .apc = apc,
                             .context = context,
                             .data = data,
                             .size = size,
                             .reply = reply,
                             .reply_size = reply_size,
                             .timeout = timeout};
    (void)source;
    if (handle != ICMP_HANDLE) return fail(ERROR_INVALID_HANDLE);
    memcpy(call.address, &destination, sizeof destination);
    if (reply && reply_size >= reply_header(&call) + size && !destination) return fail(ERROR_INVALID_NETNAME);
    return send_echo(&call, options);
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

HOTPATCH DWORD WINAPI Icmp6SendEcho2(HANDLE handle, HANDLE event, FARPROC apc, PVOID context,
                                     struct sockaddr_in6 *source, struct sockaddr_in6 *destination,
                                     LPVOID data, WORD size, PIP_OPTION_INFORMATION options, LPVOID reply,
                                     DWORD reply_size, DWORD timeout)
{
    struct echo_call call = {.ipv6 = true,
                             .event = event,
                             .apc = apc,
                             .context = context,
                             .data = data,
                             .size = size,
                             .reply = reply,
                             .reply_size = reply_size,
                             .timeout = timeout};
    (void)source;
    if (handle != ICMP6_HANDLE) return fail(ERROR_INVALID_HANDLE);
    if (!destination) return fail(ERROR_INVALID_PARAMETER);
    memcpy(call.address, &destination->sin6_addr, sizeof call.address);
    call.scope = destination->sin6_scope_id;
    return send_echo(&call, options);
}

// How many replies a buffer has; what an echo without one came to is the last error.
static DWORD count_replies(ULONG status)
{
    if (status != IP_REQ_TIMED_OUT && status != IP_GENERAL_FAILURE) return 1;
    return fail(status);
}

HOTPATCH DWORD WINAPI IcmpParseReplies(LPVOID reply, DWORD size)
{
    if (!reply || size < sizeof(ICMP_ECHO_REPLY)) return fail(ERROR_INVALID_PARAMETER);
    return count_replies(((ICMP_ECHO_REPLY *)reply)->Status);
}

HOTPATCH DWORD WINAPI Icmp6ParseReplies(LPVOID reply, DWORD size)
{
    if (!reply || size < sizeof(struct icmp6_echo_reply)) return fail(ERROR_INVALID_PARAMETER);
    return count_replies(((struct icmp6_echo_reply *)reply)->Status);
}

// How many routers lie before a machine: the least lifetime that an echo needs to get there.
HOTPATCH WINBOOL WINAPI GetRTTAndHopCount(IPAddr destination, PULONG hops, ULONG most, PULONG round_trip)
{
    enum { TIMEOUT_MS = 1000, TTL_MAX = 255 };
    ICMP_ECHO_REPLY reply;
    struct echo_call call = {.reply = &reply, .reply_size = sizeof reply, .timeout = TIMEOUT_MS};
    if (!hops || !round_trip) return fail(ERROR_INVALID_PARAMETER) != 0;
    memcpy(call.address, &destination, sizeof destination);
    for (call.ttl = 1; call.ttl <= most && call.ttl <= TTL_MAX; call.ttl++) {
        DWORD error = run(&call);
        if (error && error != IP_REQ_TIMED_OUT) return fail(error) != 0;
        if (error || reply.Status) continue;
        *hops = call.ttl;
        *round_trip = reply.RoundTripTime;
        return TRUE;
    }
    return FALSE;
}
