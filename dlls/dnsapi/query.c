// Questions: what the machine knows by itself (its file of names, its own name), then what name servers say.
#include "dns.h"

enum { MESSAGE_SIZE = 65535, SERVERS_MAX = 3 };

struct query {
    const char *name; // UTF-8, as it was asked for
    char ascii[DNS_NAME_TEXT];
    WORD type;
    ULONG options, server_count, servers[SERVERS_MAX];
    DNS_CHARSET charset;
    record_t *list;
    DNS_MESSAGE_BUFFER *message; // what the servers said; NULL: nothing
    ULONG message_size;
};

// ---- what is known here ----

static bool add_address(struct query *query, USHORT family, const UCHAR *address)
{
    record_t **link = &query->list;
    while (*link) link = (record_t **)&(*link)->pNext;
    *link = dns_address_record(query->name, family, address, query->charset);
    return *link != NULL;
}

static DNS_STATUS look_in_hosts(struct query *query, USHORT family)
{
    enum { ADDRESSES = 32 };
    UCHAR addresses[ADDRESSES][16];
    ULONG count;
    if (DnsHostsFile(query->ascii, strlen(query->ascii), family, addresses, sizeof addresses, &count))
        return DNS_INFO_NO_RECORDS;
    for (ULONG i = 0; i < count; i++)
        if (!add_address(query, family, addresses[i])) return ERROR_NOT_ENOUGH_MEMORY;
    return count ? ERROR_SUCCESS : DNS_INFO_NO_RECORDS;
}

static bool is_own_name(const char *name)
{
    static const COMPUTER_NAME_FORMAT formats[] = {ComputerNameDnsHostname, ComputerNameDnsFullyQualified};
    char own[DNS_NAME_TEXT];
    for (unsigned i = 0; i < ARRAYSIZE(formats); i++) {
        DWORD size = sizeof own;
        if (GetComputerNameExA(formats[i], own, &size) && dns_same_name(own, name)) return true;
    }
    return false;
}

// Freed with dns_free. NULL: there are none, or no memory.
static IP_ADAPTER_ADDRESSES *read_adapters(USHORT family)
{
    ULONG flags = GAA_FLAG_SKIP_ANYCAST | GAA_FLAG_SKIP_MULTICAST | GAA_FLAG_SKIP_DNS_SERVER, size = 0, error;
    IP_ADAPTER_ADDRESSES *adapters = NULL;
    while ((error = GetAdaptersAddresses(family, flags, NULL, adapters, &size)) == ERROR_BUFFER_OVERFLOW) {
        dns_free(adapters);
        adapters = dns_allocate(size);
        if (!adapters) return NULL;
    }
    if (!error) return adapters;
    dns_free(adapters);
    return NULL;
}

// The addresses of the machine's networks, beside the loopback's.
static DNS_STATUS add_own_addresses(struct query *query, USHORT family)
{
    IP_ADAPTER_ADDRESSES *adapters = read_adapters(family);
    DNS_STATUS status = DNS_INFO_NO_RECORDS;
    for (const IP_ADAPTER_ADDRESSES *each = adapters; each; each = each->Next) {
        if (each->IfType == IF_TYPE_SOFTWARE_LOOPBACK) continue;
        for (const IP_ADAPTER_UNICAST_ADDRESS *own = each->FirstUnicastAddress; own; own = own->Next) {
            const SOCKADDR *at = own->Address.lpSockaddr;
            const void *address = family == AF_INET6 ? (const void *)&((const SOCKADDR_IN6 *)at)->sin6_addr
                                                     : (const void *)&((const SOCKADDR_IN *)at)->sin_addr;
            status = add_address(query, family, address) ? ERROR_SUCCESS : ERROR_NOT_ENOUGH_MEMORY;
        }
    }
    dns_free(adapters);
    return status;
}

static DNS_STATUS look_here(struct query *query)
{
    static const UCHAR loopback_ipv4[16] = {127, 0, 0, 1}, loopback_ipv6[16] = {[15] = 1};
    bool ipv6 = query->type == DNS_TYPE_AAAA;
    USHORT family = ipv6 ? AF_INET6 : AF_INET;
    DNS_STATUS status = DNS_INFO_NO_RECORDS;
    if (query->options & DNS_QUERY_WIRE_ONLY || query->server_count ||
        (query->type != DNS_TYPE_A && query->type != DNS_TYPE_AAAA))
        return status;
    if (!(query->options & DNS_QUERY_NO_HOSTS_FILE)) status = look_in_hosts(query, family);
    if (status != DNS_INFO_NO_RECORDS || query->options & DNS_QUERY_NO_LOCAL_NAME) return status;
    if (dns_same_name(query->ascii, "localhost"))
        return add_address(query, family, ipv6 ? loopback_ipv6 : loopback_ipv4) ? ERROR_SUCCESS
                                                                                : ERROR_NOT_ENOUGH_MEMORY;
    return is_own_name(query->ascii) ? add_own_addresses(query, family) : status;
}

// ---- what name servers say ----

static ULONG wire_flags(ULONG options)
{
    return (options & DNS_QUERY_USE_TCP_ONLY ? HOST_DNS_TCP : 0) |
           (options & DNS_QUERY_NO_RECURSION ? HOST_DNS_NO_RECURSION : 0) |
           (options & DNS_QUERY_ACCEPT_TRUNCATED_RESPONSE ? HOST_DNS_ACCEPT_TRUNCATED : 0) |
           (options & DNS_QUERY_DNSSEC_OK ? HOST_DNS_SECURITY : 0) |
           (options & DNS_QUERY_DNSSEC_CHECKING_DISABLED ? HOST_DNS_CHECKING_DISABLED : 0);
}

static DNS_STATUS ask_for(struct query *query, const char *name)
{
    enum { WANTED = 1 << DnsSectionAnswer | 1 << DnsSectionAddtional, RESPONSE_CODES = 9000 };
    if (!query->message) query->message = dns_allocate(MESSAGE_SIZE);
    if (!query->message) return ERROR_NOT_ENOUGH_MEMORY;
    NTSTATUS status =
        DnsHostQuery(name, strlen(name), query->type, wire_flags(query->options), query->server_count,
                     query->servers, query->message, MESSAGE_SIZE, &query->message_size);
    if (status == STATUS_INVALID_PARAMETER) return DNS_ERROR_INVALID_NAME;
    if (status == STATUS_IO_TIMEOUT) return ERROR_TIMEOUT;
    if (status) return RtlNtStatusToDosError(status);
    if (query->message->MessageHead.ResponseCode)
        return RESPONSE_CODES + query->message->MessageHead.ResponseCode;
    DNS_STATUS parsed = dns_parse((const UCHAR *)query->message, query->message_size, false, WANTED,
                                  query->charset, &query->list);
    if (parsed) return parsed;
    if (query->list && query->list->Flags.S.Section == DnsSectionAnswer) return ERROR_SUCCESS;
    DnsFree(query->list, DnsFreeRecordList);
    query->list = NULL;
    return DNS_INFO_NO_RECORDS;
}

// The domain that is tried behind names of one label. False: there is none, or it doesn't fit.
static bool add_domain(const char *name, char full[DNS_NAME_TEXT])
{
    FIXED_INFO *info = dns_network_parameters();
    ULONG length = strlen(name), domain = info ? strlen(info->DomainName) : 0;
    bool added = domain > 0 && length + 1 + domain < DNS_NAME_TEXT;
    if (added) {
        memcpy(full, name, length);
        full[length] = '.';
        memcpy(full + length + 1, info->DomainName, domain + 1);
    }
    dns_free(info);
    return added;
}

static DNS_STATUS ask_servers(struct query *query)
{
    char full[DNS_NAME_TEXT];
    if (query->options & DNS_QUERY_NO_WIRE_QUERY) return DNS_ERROR_RECORD_DOES_NOT_EXIST;
    bool one_label = !strchr(query->ascii, '.') && !(query->options & DNS_QUERY_TREAT_AS_FQDN);
    if (one_label && add_domain(query->ascii, full)) {
        DNS_STATUS status = ask_for(query, full);
        if (status != DNS_ERROR_RCODE_NAME_ERROR && status != DNS_INFO_NO_RECORDS) return status;
    }
    return ask_for(query, query->ascii);
}

static DNS_STATUS answer(struct query *query)
{
    DNS_STATUS status = DNS_ERROR_INVALID_NAME;
    if (!*query->name ||
        !dns_name_to_ascii(query->name, !(query->options & DNS_QUERY_DISABLE_IDN_ENCODING), query->ascii))
        return status;
    status = look_here(query);
    if (status == DNS_INFO_NO_RECORDS) status = ask_servers(query);
    if (status) {
        DnsFree(query->list, DnsFreeRecordList);
        query->list = NULL;
    }
    return status;
}

// ---- DnsQuery ----

// The message as callers get it: the counts in host order, freed with DnsFree.
static DNS_MESSAGE_BUFFER *take_message(struct query *query)
{
    DNS_MESSAGE_BUFFER *message = query->message;
    if (!message || !query->message_size) return NULL;
    DNS_HEADER *head = &message->MessageHead;
    head->Xid = __builtin_bswap16(head->Xid);
    head->QuestionCount = __builtin_bswap16(head->QuestionCount);
    head->AnswerCount = __builtin_bswap16(head->AnswerCount);
    head->NameServerCount = __builtin_bswap16(head->NameServerCount);
    head->AdditionalCount = __builtin_bswap16(head->AdditionalCount);
    query->message = NULL;
    return message;
}

static DNS_STATUS query_text(const void *text, WORD type, DWORD options, const IP4_ARRAY *servers,
                             DNS_CHARSET charset, record_t **list, PVOID *message)
{
    struct query query = {.type = type, .options = options, .charset = charset};
    if (list) *list = NULL;
    if (message) *message = NULL;
    if (!text || !type || (!list && !message)) return ERROR_INVALID_PARAMETER;
    if (servers) {
        query.server_count = servers->AddrCount < SERVERS_MAX ? servers->AddrCount : SERVERS_MAX;
        memcpy(query.servers, servers->AddrArray, query.server_count * sizeof *query.servers);
    }
    char *name = dns_utf8(text, charset);
    if (!name) return ERROR_NOT_ENOUGH_MEMORY;
    query.name = name;
    DNS_STATUS status = answer(&query);
    if (list)
        *list = query.list;
    else
        DnsFree(query.list, DnsFreeRecordList);
    if (message && options & DNS_QUERY_RETURN_MESSAGE) *message = take_message(&query);
    dns_free(query.message);
    dns_free(name);
    return status;
}

HOTPATCH DNS_STATUS WINAPI DnsQuery_W(PCWSTR name, WORD type, DWORD options, PIP4_ARRAY servers,
                                      PDNS_RECORD *list, PVOID *reserved)
{
    return query_text(name, type, options, servers, DnsCharSetUnicode, (record_t **)list, reserved);
}

HOTPATCH DNS_STATUS WINAPI DnsQuery_A(PCSTR name, WORD type, DWORD options, PIP4_ARRAY servers,
                                      PDNS_RECORD *list, PVOID *reserved)
{
    return query_text(name, type, options, servers, DnsCharSetAnsi, (record_t **)list, reserved);
}

HOTPATCH DNS_STATUS WINAPI DnsQuery_UTF8(PCSTR name, WORD type, DWORD options, PIP4_ARRAY servers,
                                         PDNS_RECORDA *list, PVOID *reserved)
{
    return query_text(name, type, options, servers, DnsCharSetUtf8, list, reserved);
}
