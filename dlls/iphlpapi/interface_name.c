// Interfaces under their many names: index, LUID, GUID, alias, and the name that is made of the LUID.
#include "network.h"

// What the names made of LUIDs begin with.
static const struct {
    ULONG type;
    const char *prefix;
} prefixes[] = {
    {IF_TYPE_OTHER, "other"},
    {IF_TYPE_ETHERNET_CSMACD, "ethernet"},
    {IF_TYPE_ISO88025_TOKENRING, "tokenring"},
    {IF_TYPE_PPP, "ppp"},
    {IF_TYPE_SOFTWARE_LOOPBACK, "loopback"},
    {IF_TYPE_ATM, "atm"},
    {IF_TYPE_IEEE80211, "wireless"},
    {IF_TYPE_TUNNEL, "tunnel"},
    {IF_TYPE_IEEE1394, "ieee1394"},
};

enum { NAME_ROOM = 32 };

NET_LUID luid_of(const HOST_LINK *link)
{
    NET_LUID luid = {.Value = 0};
    luid.Info.NetLuidIndex = link->Index;
    luid.Info.IfType = link->Type;
    return luid;
}

// Made of the index and the link's address, so that it is the same as long as they are.
GUID guid_of(const HOST_LINK *link)
{
    GUID guid = {.Data1 = link->Index, .Data2 = (USHORT)link->Type, .Data3 = 0x4E49};
    memcpy(guid.Data4, link->Address, sizeof guid.Data4);
    return guid;
}

static char *put_hexadecimal(char *at, ULONG value, int digits)
{
    while (digits-- > 0) *at++ = "0123456789ABCDEF"[value >> (4 * digits) & 15];
    return at;
}

void guid_to_text(const GUID *guid, char text[GUID_TEXT])
{
    *text++ = '{';
    text = put_hexadecimal(text, guid->Data1, 8);
    *text++ = '-';
    text = put_hexadecimal(text, guid->Data2, 4);
    *text++ = '-';
    text = put_hexadecimal(text, guid->Data3, 4);
    *text++ = '-';
    for (unsigned i = 0; i < sizeof guid->Data4; i++) {
        if (i == 2) *text++ = '-';
        text = put_hexadecimal(text, guid->Data4[i], 2);
    }
    *text++ = '}';
    *text = 0;
}

void guid_text(const HOST_LINK *link, char text[GUID_TEXT])
{
    GUID guid = guid_of(link);
    guid_to_text(&guid, text);
}

unsigned alias_of(const HOST_LINK *link, WCHAR alias[16])
{
    unsigned n = 0;
    while (n < 15 && link->Name[n]) {
        alias[n] = (UCHAR)link->Name[n];
        n++;
    }
    alias[n] = 0;
    return n;
}

// ---- the name of a LUID ----

static char *put_number(char *at, ULONG value)
{
    char digits[10];
    int n = 0;
    do digits[n++] = '0' + value % 10;
    while (value /= 10);
    while (n > 0) *at++ = digits[--n];
    return at;
}

static void luid_name(const NET_LUID *luid, char name[NAME_ROOM])
{
    const char *prefix = NULL;
    for (unsigned i = 0; i < ARRAYSIZE(prefixes); i++)
        if (prefixes[i].type == luid->Info.IfType) prefix = prefixes[i].prefix;
    char *at = name;
    if (prefix) {
        strcpy(at, prefix);
        at += strlen(at);
    } else {
        strcpy(at, "iftype");
        at = put_number(at + strlen(at), (ULONG)luid->Info.IfType);
    }
    *at++ = '_';
    *put_number(at, (ULONG)luid->Info.NetLuidIndex) = 0;
}

// A number and its end; false: there is none.
static bool read_number(const char **at, ULONG *value)
{
    const char *start = *at;
    for (*value = 0; **at >= '0' && **at <= '9' && *value <= 0xFFFFFF; (*at)++)
        *value = *value * 10 + **at - '0';
    return *at != start && *value <= 0xFFFFFF;
}

static bool read_luid_name(const char *name, NET_LUID *luid)
{
    const char *under = strchr(name, '_');
    ULONG type = 0, index;
    luid->Value = 0;
    if (!under) return false;
    size_t length = under - name;
    for (unsigned i = 0; i < ARRAYSIZE(prefixes) && !type; i++)
        if (strlen(prefixes[i].prefix) == length && !memcmp(prefixes[i].prefix, name, length))
            type = prefixes[i].type;
    if (!type) {
        const char *at = name + 6;
        if (length < 7 || memcmp(name, "iftype", 6) || !read_number(&at, &type) || at != under) return false;
    }
    under++;
    if (!read_number(&under, &index) || *under) return false;
    luid->Info.IfType = type;
    luid->Info.NetLuidIndex = index;
    return true;
}

HOTPATCH DWORD WINAPI ConvertInterfaceLuidToNameA(const NET_LUID *luid, PSTR name, SIZE_T size)
{
    char text[NAME_ROOM];
    if (!luid) return ERROR_INVALID_PARAMETER;
    if (!name || !size) return ERROR_NOT_ENOUGH_MEMORY;
    luid_name(luid, text);
    if (strlen(text) >= size) return ERROR_NOT_ENOUGH_MEMORY;
    strcpy(name, text);
    return ERROR_SUCCESS;
}

HOTPATCH DWORD WINAPI ConvertInterfaceLuidToNameW(const NET_LUID *luid, PWSTR name, SIZE_T size)
{
    char text[NAME_ROOM];
    if (!luid || !name) return ERROR_INVALID_PARAMETER;
    luid_name(luid, text);
    if (strlen(text) >= size) return ERROR_NOT_ENOUGH_MEMORY;
    for (unsigned i = 0; !i || text[i - 1]; i++) name[i] = (UCHAR)text[i];
    return ERROR_SUCCESS;
}

HOTPATCH DWORD WINAPI ConvertInterfaceNameToLuidA(const CHAR *name, NET_LUID *luid)
{
    if (!luid) return ERROR_INVALID_PARAMETER;
    luid->Value = 0;
    return name && read_luid_name(name, luid) ? ERROR_SUCCESS : ERROR_INVALID_NAME;
}

HOTPATCH DWORD WINAPI ConvertInterfaceNameToLuidW(const WCHAR *name, NET_LUID *luid)
{
    char narrow[IF_MAX_STRING_SIZE + 1];
    unsigned n = 0;
    if (!luid) return ERROR_INVALID_PARAMETER;
    luid->Value = 0;
    if (!name) return ERROR_INVALID_NAME;
    for (; name[n] && n < sizeof narrow - 1; n++) narrow[n] = name[n] < 0x80 ? (char)name[n] : '?';
    narrow[n] = 0;
    return !name[n] && read_luid_name(narrow, luid) ? ERROR_SUCCESS : ERROR_INVALID_NAME;
}

// ---- between LUIDs and what links have ----

// The link that matches says yes to; false: none does.
static bool find(bool (*matches)(const HOST_LINK *link, const void *key), const void *key, HOST_LINK *link)
{
    ULONG count, error;
    bool found = false;
    HOST_LINK *links = links_read(&count, &error);
    for (ULONG i = 0; links && i < count && !found; i++) {
        found = matches(&links[i], key);
        if (found) *link = links[i];
    }
    table_free(links);
    return found;
}

static bool has_luid(const HOST_LINK *link, const void *luid)
{
    return luid_of(link).Value == ((const NET_LUID *)luid)->Value;
}

static bool has_guid(const HOST_LINK *link, const void *guid)
{
    GUID own = guid_of(link);
    return IsEqualGUID(&own, (const GUID *)guid);
}

static bool has_alias(const HOST_LINK *link, const void *alias)
{
    WCHAR own[16];
    alias_of(link, own);
    return !wcscmp(own, alias);
}

static DWORD give_luid(bool found, const HOST_LINK *link, NET_LUID *luid, DWORD error)
{
    luid->Value = 0;
    if (!found) return error;
    *luid = luid_of(link);
    return ERROR_SUCCESS;
}

HOTPATCH DWORD WINAPI ConvertInterfaceIndexToLuid(NET_IFINDEX index, PNET_LUID luid)
{
    HOST_LINK link;
    if (!luid) return ERROR_INVALID_PARAMETER;
    return give_luid(link_find(index, &link), &link, luid, ERROR_FILE_NOT_FOUND);
}

HOTPATCH DWORD WINAPI ConvertInterfaceGuidToLuid(const GUID *guid, PNET_LUID luid)
{
    HOST_LINK link;
    if (!guid || !luid) return ERROR_INVALID_PARAMETER;
    return give_luid(find(has_guid, guid, &link), &link, luid, ERROR_INVALID_PARAMETER);
}

HOTPATCH DWORD WINAPI ConvertInterfaceAliasToLuid(const WCHAR *alias, PNET_LUID luid)
{
    HOST_LINK link;
    if (!alias || !*alias || !luid) return ERROR_INVALID_PARAMETER;
    return give_luid(find(has_alias, alias, &link), &link, luid, ERROR_INVALID_PARAMETER);
}

HOTPATCH DWORD WINAPI ConvertInterfaceLuidToIndex(const NET_LUID *luid, PNET_IFINDEX index)
{
    HOST_LINK link;
    if (!luid || !index) return ERROR_INVALID_PARAMETER;
    *index = 0;
    if (!find(has_luid, luid, &link)) return ERROR_FILE_NOT_FOUND;
    *index = link.Index;
    return ERROR_SUCCESS;
}

HOTPATCH DWORD WINAPI ConvertInterfaceLuidToGuid(const NET_LUID *luid, GUID *guid)
{
    HOST_LINK link;
    if (!luid || !guid) return ERROR_INVALID_PARAMETER;
    memset(guid, 0, sizeof *guid);
    if (!find(has_luid, luid, &link)) return ERROR_FILE_NOT_FOUND;
    *guid = guid_of(&link);
    return ERROR_SUCCESS;
}

HOTPATCH DWORD WINAPI ConvertInterfaceLuidToAlias(const NET_LUID *luid, PWSTR alias, SIZE_T size)
{
    HOST_LINK link;
    WCHAR own[16];
    if (!luid || !alias) return ERROR_INVALID_PARAMETER;
    if (size) *alias = 0;
    if (!find(has_luid, luid, &link)) return ERROR_INVALID_PARAMETER;
    if (alias_of(&link, own) >= size) return ERROR_NOT_ENOUGH_MEMORY;
    wcscpy(alias, own);
    return ERROR_SUCCESS;
}

HOTPATCH NET_IFINDEX WINAPI if_nametoindex(PCSTR name)
{
    NET_LUID luid;
    NET_IFINDEX index = 0;
    if (!name || ConvertInterfaceNameToLuidA(name, &luid)) return 0;
    ConvertInterfaceLuidToIndex(&luid, &index);
    return index;
}

HOTPATCH PCHAR WINAPI if_indextoname(NET_IFINDEX index, PCHAR name)
{
    NET_LUID luid;
    if (ConvertInterfaceIndexToLuid(index, &luid) ||
        ConvertInterfaceLuidToNameA(&luid, name, IF_MAX_STRING_SIZE + 1))
        return NULL;
    return name;
}

// ---- masks ----

HOTPATCH DWORD WINAPI ConvertLengthToIpv4Mask(ULONG length, PULONG mask)
{
    if (length > 32) {
        *mask = INADDR_NONE;
        return ERROR_INVALID_PARAMETER;
    }
    *mask = prefix_mask(length);
    return ERROR_SUCCESS;
}

HOTPATCH DWORD WINAPI ConvertIpv4MaskToLength(ULONG mask, PUINT8 length)
{
    ULONG ones = __builtin_bswap32(mask), n = 0;
    while (n < 32 && ones & 0x80000000u >> n) n++;
    if (mask != prefix_mask(n)) return ERROR_INVALID_PARAMETER;
    *length = n;
    return ERROR_SUCCESS;
}
