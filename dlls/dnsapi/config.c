// How the machine asks: its names, domain and name servers. Nothing is kept from one question to the next,
// so there is no cache to be emptied.
#include "dns.h"

FIXED_INFO *dns_network_parameters(void)
{
    ULONG size = 0;
    if (GetNetworkParams(NULL, &size) != ERROR_BUFFER_OVERFLOW) return NULL;
    FIXED_INFO *info = dns_allocate(size);
    if (info && !GetNetworkParams(info, &size)) return info;
    dns_free(info);
    return NULL;
}

// Gives a value to the caller's buffer, or, by DNS_CONFIG_FLAG_ALLOC, in a new one.
static DNS_STATUS give(const void *value, DWORD size, DWORD flags, void *buffer, DWORD *room)
{
    if (flags & DNS_CONFIG_FLAG_ALLOC) {
        if (!buffer) return ERROR_INVALID_PARAMETER;
        void *copy = LocalAlloc(LMEM_FIXED, size);
        if (!copy) return ERROR_NOT_ENOUGH_MEMORY;
        memcpy(copy, value, size);
        *(void **)buffer = copy;
        *room = size;
        return ERROR_SUCCESS;
    }
    DWORD given = *room;
    *room = size;
    if (!buffer) return ERROR_SUCCESS; // asks for the size
    if (given < size) return ERROR_MORE_DATA;
    memcpy(buffer, value, size);
    return ERROR_SUCCESS;
}

static DNS_STATUS give_text(const char *text, DNS_CHARSET charset, DWORD flags, void *buffer, DWORD *room)
{
    ULONG length = strlen(text), size = dns_text_size(text, length, charset);
    void *value = dns_allocate(size);
    if (!value) return ERROR_NOT_ENOUGH_MEMORY;
    dns_text_write(value, text, length, charset);
    DNS_STATUS status = give(value, size, flags, buffer, room);
    dns_free(value);
    return status;
}

static DNS_STATUS give_servers(DWORD flags, void *buffer, DWORD *room)
{
    enum { SERVERS_MAX = 8 };
    struct {
        DWORD count;
        IP4_ADDRESS addresses[SERVERS_MAX];
    } list = {0};
    FIXED_INFO *info = dns_network_parameters();
    for (const IP_ADDR_STRING *each = info ? &info->DnsServerList : NULL; each && list.count < SERVERS_MAX;
         each = each->Next) {
        IN_ADDR address;
        PSTR end;
        if (*each->IpAddress.String && !RtlIpv4StringToAddressA(each->IpAddress.String, TRUE, &end, &address))
            list.addresses[list.count++] = address.s_addr;
    }
    dns_free(info);
    if (list.count == 0) return DNS_ERROR_NO_DNS_SERVERS;
    return give(&list, sizeof list.count + list.count * sizeof *list.addresses, flags, buffer, room);
}

static DNS_STATUS give_domain(DNS_CHARSET charset, DWORD flags, void *buffer, DWORD *room)
{
    FIXED_INFO *info = dns_network_parameters();
    DNS_STATUS status = give_text(info ? info->DomainName : "", charset, flags, buffer, room);
    dns_free(info);
    return status;
}

static DNS_STATUS give_own_name(COMPUTER_NAME_FORMAT format, DNS_CHARSET charset, DWORD flags, void *buffer,
                                DWORD *room)
{
    WCHAR wide[DNS_NAME_TEXT];
    DWORD size = ARRAYSIZE(wide);
    if (!GetComputerNameExW(format, wide, &size)) return GetLastError();
    char *name = dns_utf8(wide, DnsCharSetUnicode);
    DNS_STATUS status =
        name ? give_text(name, charset, flags, buffer, room) : (DNS_STATUS)ERROR_NOT_ENOUGH_MEMORY;
    dns_free(name);
    return status;
}

HOTPATCH DNS_STATUS WINAPI DnsQueryConfig(DNS_CONFIG_TYPE type, DWORD flags, PWSTR adapter, PVOID reserved,
                                          PVOID buffer, PDWORD room)
{
    (void)adapter, (void)reserved;
    if (!room) return ERROR_INVALID_PARAMETER;
    switch (type) {
    case DnsConfigPrimaryDomainName_W:
    case DnsConfigAdapterDomainName_W: return give_domain(DnsCharSetUnicode, flags, buffer, room);
    case DnsConfigPrimaryDomainName_A:
    case DnsConfigAdapterDomainName_A: return give_domain(DnsCharSetAnsi, flags, buffer, room);
    case DnsConfigPrimaryDomainName_UTF8:
    case DnsConfigAdapterDomainName_UTF8: return give_domain(DnsCharSetUtf8, flags, buffer, room);
    case DnsConfigDnsServerList: return give_servers(flags, buffer, room);
    case DnsConfigHostName_W:
        return give_own_name(ComputerNameDnsHostname, DnsCharSetUnicode, flags, buffer, room);
    case DnsConfigHostName_A:
        return give_own_name(ComputerNameDnsHostname, DnsCharSetAnsi, flags, buffer, room);
    case DnsConfigHostName_UTF8:
        return give_own_name(ComputerNameDnsHostname, DnsCharSetUtf8, flags, buffer, room);
    case DnsConfigFullHostName_W:
        return give_own_name(ComputerNameDnsFullyQualified, DnsCharSetUnicode, flags, buffer, room);
    case DnsConfigFullHostName_A:
        return give_own_name(ComputerNameDnsFullyQualified, DnsCharSetAnsi, flags, buffer, room);
    case DnsConfigFullHostName_UTF8:
        return give_own_name(ComputerNameDnsFullyQualified, DnsCharSetUtf8, flags, buffer, room);
    default: return ERROR_INVALID_PARAMETER;
    }
}

HOTPATCH WINBOOL WINAPI DnsFlushResolverCache(VOID)
{
    return TRUE;
}

HOTPATCH WINBOOL WINAPI DnsFlushResolverCacheEntry_W(PCWSTR name)
{
    return name != NULL;
}

HOTPATCH WINBOOL WINAPI DnsFlushResolverCacheEntry_A(PCSTR name)
{
    return name != NULL;
}

HOTPATCH WINBOOL WINAPI DnsFlushResolverCacheEntry_UTF8(PCSTR name)
{
    return name != NULL;
}
