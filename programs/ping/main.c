// ping.exe: ICMP echoes to a host, which batch files use to wait too. Over IPv4.
#include <winsock2.h>
#include <ws2tcpip.h>
#include <iphlpapi.h>
#include <icmpapi.h>
#include "../shared/console_text.h"
#include <stdlib.h>
#include <wchar.h>

enum { SIZE_MAX_SENT = 65500, INTERVAL = 1000, STATUS_GENERAL_FAILURE = 11050 };

struct request {
    unsigned long count, timeout, size;
    bool forever, reverse;
    IP_OPTION_INFORMATION options;
    const WCHAR *target;
    IN_ADDR address;
};

struct statistics {
    unsigned long sent, received, least, most, total;
};

static volatile LONG interrupted;

static BOOL WINAPI on_control(DWORD control)
{
    if (control != CTRL_C_EVENT) return FALSE;
    InterlockedExchange(&interrupted, 1);
    return TRUE;
}

static int usage(void)
{
    print(L"\r\nping [-t] [-a] [-n count] [-l size] [-f] [-i TTL] [-v TOS] [-w timeout] [-4] target\r\n\r\n"
          L"  -t  until Ctrl+C            -a  show the host's name\r\n"
          L"  -n  how many echoes (4)     -l  bytes in each (32)\r\n"
          L"  -f  don't fragment          -i  time to live\r\n"
          L"  -v  type of service         -w  how long to wait for each, in milliseconds (4000)\r\n");
    return 1;
}

static const WCHAR *text_of(IN_ADDR address, WCHAR text[16])
{
    const UCHAR *part = (const UCHAR *)&address;
    swprintf(text, 16, L"%u.%u.%u.%u", part[0], part[1], part[2], part[3]);
    return text;
}

static bool resolve(struct request *request, WCHAR *name, size_t room)
{
    ADDRINFOW hints = {.ai_family = AF_INET, .ai_flags = AI_CANONNAME}, *found;
    *name = 0;
    if (GetAddrInfoW(request->target, NULL, &hints, &found)) return false;
    request->address = ((SOCKADDR_IN *)found->ai_addr)->sin_addr;
    hints.ai_flags = AI_NUMERICHOST;
    ADDRINFOW *numeric = NULL;
    bool is_number = !GetAddrInfoW(request->target, NULL, &hints, &numeric);
    if (is_number && request->reverse)
        GetNameInfoW(found->ai_addr, (socklen_t)found->ai_addrlen, name, (DWORD)room, NULL, 0, NI_NAMEREQD);
    else if (!is_number)
        wcsncpy(name, found->ai_canonname ? found->ai_canonname : request->target, room - 1)[room - 1] = 0;
    if (numeric) FreeAddrInfoW(numeric);
    FreeAddrInfoW(found);
    return true;
}

static const WCHAR *reply_text(IP_STATUS status)
{
    switch (status) {
    case IP_DEST_NET_UNREACHABLE: return L"Destination net unreachable.";
    case IP_DEST_HOST_UNREACHABLE: return L"Destination host unreachable.";
    case IP_DEST_PROT_UNREACHABLE: return L"Destination protocol unreachable.";
    case IP_DEST_PORT_UNREACHABLE: return L"Destination port unreachable.";
    case IP_PACKET_TOO_BIG: return L"Packet needs to be fragmented but DF set.";
    case IP_TTL_EXPIRED_TRANSIT: return L"TTL expired in transit.";
    default: return NULL;
    }
}

static void note_time(struct statistics *statistics, unsigned long time)
{
    if (!statistics->received || time < statistics->least) statistics->least = time;
    if (time > statistics->most) statistics->most = time;
    statistics->total += time;
    statistics->received++;
}

static void show_reply(const ICMP_ECHO_REPLY *reply, struct statistics *statistics)
{
    WCHAR from[16];
    IN_ADDR address = {.s_addr = reply->Address};
    const WCHAR *failure = reply_text(reply->Status);
    if (reply->Status == IP_SUCCESS) {
        print(L"Reply from %s: bytes=%u time%s%lums TTL=%u\r\n", text_of(address, from), reply->DataSize,
              reply->RoundTripTime ? L"=" : L"<", reply->RoundTripTime ? reply->RoundTripTime : 1,
              reply->Options.Ttl);
        note_time(statistics, reply->RoundTripTime);
    } else if (failure) {
        print(L"Reply from %s: %s\r\n", text_of(address, from), failure);
        statistics->received++;
    } else {
        print(reply->Status == IP_REQ_TIMED_OUT ? L"Request timed out.\r\n" : L"General failure.\r\n");
    }
}

static void send_one(HANDLE icmp, const struct request *request, struct statistics *statistics)
{
    enum { SLACK = 8 }; // for an ICMP error, as documented
    DWORD room = (DWORD)(sizeof(ICMP_ECHO_REPLY) + request->size + SLACK);
    char *data = take_memory(request->size + 1);
    ICMP_ECHO_REPLY *reply = take_memory(room);
    for (unsigned long i = 0; i < request->size; i++) data[i] = (char)('a' + i % 23);
    statistics->sent++;
    if (IcmpSendEcho(icmp, request->address.s_addr, data, (WORD)request->size,
                     (IP_OPTION_INFORMATION *)&request->options, reply, room, request->timeout))
        show_reply(reply, statistics);
    else if (GetLastError() == IP_REQ_TIMED_OUT)
        print(L"Request timed out.\r\n");
    else
        print(L"PING: transmit failed. General failure.\r\n");
    print_flush();
    free(reply);
    free(data);
}

static void show_statistics(const struct request *request, const struct statistics *statistics)
{
    WCHAR address[16];
    unsigned long lost = statistics->sent - statistics->received;
    if (!statistics->sent) return;
    print(L"\r\nPing statistics for %s:\r\n", text_of(request->address, address));
    print(L"    Packets: Sent = %lu, Received = %lu, Lost = %lu (%lu%% loss)%s\r\n", statistics->sent,
          statistics->received, lost, lost * 100 / statistics->sent, statistics->received ? L"," : L"");
    if (!statistics->received) return;
    print(L"Approximate round trip times in milli-seconds:\r\n"
          L"    Minimum = %lums, Maximum = %lums, Average = %lums\r\n",
          statistics->least, statistics->most, statistics->total / statistics->received);
}

static int run(const struct request *request)
{
    struct statistics statistics = {0};
    HANDLE icmp = IcmpCreateFile();
    SetConsoleCtrlHandler(on_control, TRUE);
    for (unsigned long i = 0; (request->forever || i < request->count) && !interrupted; i++) {
        // What can't be sent takes its time too: many a script waits this way.
        if (i) Sleep(INTERVAL);
        if (!interrupted) send_one(icmp, request, &statistics);
    }
    show_statistics(request, &statistics);
    if (interrupted) print(L"Control-C\r\n^C");
    IcmpCloseHandle(icmp);
    return statistics.received ? 0 : 1;
}

// The number behind an option; false with a line about it.
static bool take_number(int count, WCHAR **words, int *i, unsigned long least, unsigned long most,
                        unsigned long *number)
{
    WCHAR *end;
    const WCHAR *option = words[*i];
    if (++*i == count) {
        print(L"Value must be supplied for option %s.\r\n", option);
        return false;
    }
    *number = wcstoul(words[*i], &end, 10);
    if (end > words[*i] && !*end && *number >= least && *number <= most) return true;
    print(L"Bad value for option %s, valid range is from %lu to %lu.\r\n", option, least, most);
    return false;
}

static bool take_option(struct request *request, int count, WCHAR **words, int *i)
{
    unsigned long number = 0;
    bool good = true;
    switch (words[*i][2] ? 0 : words[*i][1]) {
    case 't': request->forever = true; break;
    case 'a': request->reverse = true; break;
    case '4': break;
    case 'f': request->options.Flags |= IP_FLAG_DF; break;
    case 'n': return take_number(count, words, i, 1, 0xFFFFFFFF, &request->count);
    case 'l': return take_number(count, words, i, 0, SIZE_MAX_SENT, &request->size);
    case 'w': return take_number(count, words, i, 0, 0xFFFFFFFF, &request->timeout);
    case 'i':
        good = take_number(count, words, i, 1, 255, &number);
        request->options.Ttl = (UCHAR)number;
        break;
    case 'v':
        good = take_number(count, words, i, 0, 255, &number);
        request->options.Tos = (UCHAR)number;
        break;
    default: print(L"Bad option %s.\r\n", words[*i]); return usage() == 0;
    }
    return good;
}

int wmain(int count, WCHAR **words)
{
    WSADATA data;
    WCHAR name[NI_MAXHOST], address[16];
    struct request request = {.count = 4, .timeout = 4000, .size = 32, .options = {.Ttl = 128}};
    for (int i = 1; i < count; i++) {
        if (words[i][0] == '-' || words[i][0] == '/') {
            if (words[i][1] == '?') return usage();
            if (!take_option(&request, count, words, &i)) return 1;
        } else if (request.target) {
            print(L"Bad parameter %s.\r\n", words[i]);
            return 1;
        } else {
            request.target = words[i];
        }
    }
    if (!request.target) {
        if (count > 1) print(L"IP address must be specified.\r\n");
        return count > 1 ? 1 : usage();
    }
    WSAStartup(MAKEWORD(2, 2), &data);
    if (!resolve(&request, name, ARRAYSIZE(name))) {
        print(L"Ping request could not find host %s. Please check the name and try again.\r\n",
              request.target);
        return 1;
    }
    if (*name)
        print(L"\r\nPinging %s [%s] with %lu bytes of data:\r\n", name, text_of(request.address, address),
              request.size);
    else
        print(L"\r\nPinging %s with %lu bytes of data:\r\n", text_of(request.address, address), request.size);
    print_flush();
    return run(&request);
}
