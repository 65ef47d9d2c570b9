// Services and protocols by name and number: what Windows has in system32\drivers\etc.
#include "winsock.h"

enum { ON_TCP = 1, ON_UDP = 2, ON_BOTH = 3 };

// IANA's registry of service names, as far as programs ask for it by name.
static const struct {
    const char *name, *alias;
    USHORT port;
    UCHAR transports;
} services[] = {
    {"echo", NULL, 7, ON_BOTH},
    {"discard", "sink", 9, ON_BOTH},
    {"systat", "users", 11, ON_BOTH},
    {"daytime", NULL, 13, ON_BOTH},
    {"qotd", "quote", 17, ON_BOTH},
    {"chargen", "ttytst", 19, ON_BOTH},
    {"ftp-data", NULL, 20, ON_TCP},
    {"ftp", NULL, 21, ON_TCP},
    {"ssh", NULL, 22, ON_TCP},
    {"telnet", NULL, 23, ON_TCP},
    {"smtp", "mail", 25, ON_TCP},
    {"time", "timserver", 37, ON_BOTH},
    {"nameserver", "name", 42, ON_BOTH},
    {"nicname", "whois", 43, ON_TCP},
    {"domain", NULL, 53, ON_BOTH},
    {"bootps", "dhcps", 67, ON_UDP},
    {"bootpc", "dhcpc", 68, ON_UDP},
    {"tftp", NULL, 69, ON_UDP},
    {"gopher", NULL, 70, ON_TCP},
    {"finger", NULL, 79, ON_TCP},
    {"http", "www", 80, ON_TCP},
    {"kerberos", "krb5", 88, ON_BOTH},
    {"pop2", "postoffice", 109, ON_TCP},
    {"pop3", NULL, 110, ON_TCP},
    {"sunrpc", "rpcbind", 111, ON_BOTH},
    {"auth", "ident", 113, ON_TCP},
    {"nntp", "usenet", 119, ON_TCP},
    {"ntp", NULL, 123, ON_UDP},
    {"epmap", "loc-srv", 135, ON_BOTH},
    {"netbios-ns", "nbname", 137, ON_BOTH},
    {"netbios-dgm", "nbdatagram", 138, ON_UDP},
    {"netbios-ssn", "nbsession", 139, ON_TCP},
    {"imap", "imap4", 143, ON_TCP},
    {"snmp", NULL, 161, ON_UDP},
    {"snmptrap", "snmp-trap", 162, ON_UDP},
    {"bgp", NULL, 179, ON_TCP},
    {"irc", NULL, 194, ON_TCP},
    {"ldap", NULL, 389, ON_TCP},
    {"https", "MCom", 443, ON_BOTH},
    {"microsoft-ds", NULL, 445, ON_BOTH},
    {"kpasswd", NULL, 464, ON_BOTH},
    {"isakmp", "ike", 500, ON_UDP},
    {"exec", NULL, 512, ON_TCP},
    {"biff", "comsat", 512, ON_UDP},
    {"login", NULL, 513, ON_TCP},
    {"who", "whod", 513, ON_UDP},
    {"cmd", "shell", 514, ON_TCP},
    {"syslog", NULL, 514, ON_UDP},
    {"printer", "spooler", 515, ON_TCP},
    {"uucp", "uucpd", 540, ON_TCP},
    {"nntps", "snntp", 563, ON_TCP},
    {"ldaps", "sldap", 636, ON_TCP},
    {"ftps-data", NULL, 989, ON_TCP},
    {"ftps", NULL, 990, ON_TCP},
    {"telnets", NULL, 992, ON_TCP},
    {"imaps", NULL, 993, ON_TCP},
    {"pop3s", "spop3", 995, ON_TCP},
    {"socks", NULL, 1080, ON_TCP},
    {"ms-sql-s", NULL, 1433, ON_BOTH},
    {"ms-sql-m", NULL, 1434, ON_BOTH},
    {"radius", NULL, 1812, ON_UDP},
    {"nfsd", "nfs", 2049, ON_UDP},
    {"ms-wbt-server", NULL, 3389, ON_TCP},
};

static const struct {
    const char *name, *alias;
    short number;
} protocols[] = {
    {"ip", "IP", 0},
    {"icmp", "ICMP", 1},
    {"ggp", "GGP", 3},
    {"tcp", "TCP", 6},
    {"egp", "EGP", 8},
    {"pup", "PUP", 12},
    {"udp", "UDP", 17},
    {"hmp", "HMP", 20},
    {"xns-idp", "XNS-IDP", 22},
    {"rdp", "RDP", 27},
    {"ipv6", "IPv6", 41},
    {"ipv6-route", "IPv6-Route", 43},
    {"ipv6-frag", "IPv6-Frag", 44},
    {"esp", "ESP", 50},
    {"ah", "AH", 51},
    {"ipv6-icmp", "IPv6-ICMP", 58},
    {"ipv6-nonxt", "IPv6-NoNxt", 59},
    {"ipv6-opts", "IPv6-Opts", 60},
    {"rvd", "RVD", 66},
};

static unsigned transports_of(const char *protocol)
{
    if (!protocol) return ON_BOTH;
    return !_stricmp(protocol, "tcp") ? ON_TCP : !_stricmp(protocol, "udp") ? ON_UDP : 0;
}

static bool named(const char *name, const char *alias, const char *wanted)
{
    return !_stricmp(name, wanted) || (alias && !_stricmp(alias, wanted));
}

static int find_service(const char *name, unsigned port, const char *protocol)
{
    for (unsigned i = 0; i < ARRAYSIZE(services); i++) {
        if (!(services[i].transports & transports_of(protocol))) continue;
        if (name ? named(services[i].name, services[i].alias, name) : services[i].port == port) return i;
    }
    return -1;
}

unsigned service_port(const char *name, const char *protocol)
{
    int i = find_service(name, 0, protocol);
    return i < 0 ? 0 : services[i].port;
}

const char *service_name(unsigned port, const char *protocol)
{
    int i = find_service(NULL, port, protocol);
    return i < 0 ? NULL : services[i].name;
}

static struct servent *answer_service(int i, const char *protocol)
{
    struct thread_answers *answers = thread_answers();
    if (!answers) return NULL;
    if (i < 0) {
        SetLastError(WSANO_DATA);
        return NULL;
    }
    bool tcp = services[i].transports & transports_of(protocol) & ON_TCP;
    answers->service_aliases[0] = (char *)services[i].alias;
    answers->service.s_name = (char *)services[i].name;
    answers->service.s_aliases = answers->service_aliases;
    answers->service.s_port = __builtin_bswap16(services[i].port);
    answers->service.s_proto = (char *)(tcp ? "tcp" : "udp");
    return &answers->service;
}

HOTPATCH struct servent *WSAAPI getservbyname(const char *name, const char *protocol)
{
    if (!winsock_started()) return NULL;
    if (!name) {
        SetLastError(WSANO_DATA);
        return NULL;
    }
    return answer_service(find_service(name, 0, protocol), protocol);
}

HOTPATCH struct servent *WSAAPI getservbyport(int port, const char *protocol)
{
    if (!winsock_started()) return NULL;
    return answer_service(find_service(NULL, __builtin_bswap16((USHORT)port), protocol), protocol);
}

static struct protoent *answer_protocol(unsigned i)
{
    struct thread_answers *answers = thread_answers();
    if (!answers) return NULL;
    if (i == ARRAYSIZE(protocols)) {
        SetLastError(WSANO_DATA);
        return NULL;
    }
    answers->protocol_aliases[0] = (char *)protocols[i].alias;
    answers->protocol.p_name = (char *)protocols[i].name;
    answers->protocol.p_aliases = answers->protocol_aliases;
    answers->protocol.p_proto = protocols[i].number;
    return &answers->protocol;
}

HOTPATCH struct protoent *WSAAPI getprotobyname(const char *name)
{
    unsigned i = 0;
    if (!winsock_started()) return NULL;
    while (i < ARRAYSIZE(protocols) && !(name && named(protocols[i].name, protocols[i].alias, name))) i++;
    return answer_protocol(i);
}

HOTPATCH struct protoent *WSAAPI getprotobynumber(int number)
{
    unsigned i = 0;
    if (!winsock_started()) return NULL;
    while (i < ARRAYSIZE(protocols) && protocols[i].number != number) i++;
    return answer_protocol(i);
}
