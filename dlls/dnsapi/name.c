// Names: comparing, validating, and how they travel.
#include "dns.h"

static char fold(char c)
{
    return c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c;
}

// The length without a dot at the end, which the root alone keeps.
static ULONG length_of(const char *name)
{
    ULONG length = strlen(name);
    return length > 1 && name[length - 1] == '.' ? length - 1 : length;
}

bool dns_same_name(const char *a, const char *b)
{
    ULONG length = length_of(a);
    if (length != length_of(b)) return false;
    for (ULONG i = 0; i < length; i++)
        if (fold(a[i]) != fold(b[i])) return false;
    return true;
}

bool dns_name_to_ascii(const char *utf8, bool encode, char ascii[DNS_NAME_TEXT])
{
    WCHAR wide[DNS_NAME_TEXT], encoded[DNS_NAME_TEXT];
    ULONG length = strlen(utf8), i = 0;
    while (i < length && (signed char)utf8[i] >= 0) i++;
    if (i == length || !encode) {
        if (length >= DNS_NAME_TEXT) return false;
        memcpy(ascii, utf8, length + 1);
        return true;
    }
    if (!MultiByteToWideChar(CP_UTF8, 0, utf8, -1, wide, DNS_NAME_TEXT)) return false;
    int n = IdnToAscii(IDN_ALLOW_UNASSIGNED, wide, -1, encoded, DNS_NAME_TEXT);
    for (int at = 0; at < n; at++) ascii[at] = (char)encoded[at];
    return n > 0;
}

// ---- comparing ----

static WINBOOL compare(const void *a, const void *b, DNS_CHARSET charset)
{
    if (!a || !b) return a == b;
    char *first = dns_utf8(a, charset), *second = dns_utf8(b, charset);
    bool same = first && second && dns_same_name(first, second);
    dns_free(first);
    dns_free(second);
    return same;
}

HOTPATCH WINBOOL WINAPI DnsNameCompare_W(LPWSTR a, LPWSTR b)
{
    return compare(a, b, DnsCharSetUnicode);
}

HOTPATCH WINBOOL WINAPI DnsNameCompare_A(LPSTR a, LPSTR b)
{
    return compare(a, b, DnsCharSetAnsi);
}

HOTPATCH WINBOOL WINAPI DnsNameCompare_UTF8(LPSTR a, LPSTR b)
{
    return compare(a, b, DnsCharSetUtf8);
}

// ---- validating: the checks in the order that their documentation gives ----

static bool is_single_label(DNS_NAME_FORMAT format)
{
    return format == DnsNameDomainLabel || format == DnsNameHostnameLabel;
}

static bool has_valid_lengths(const char *name, DNS_NAME_FORMAT format)
{
    ULONG length = length_of(name), label = 0;
    if (length == 0 || strlen(name) > DNS_MAX_NAME_LENGTH) return false;
    if (is_single_label(format) && strchr(name, '.')) return false;
    if (length == 1 && *name == '.') return format == DnsNameDomain; // the root
    for (ULONG i = 0; i <= length; i++) {
        if (i < length && name[i] != '.') {
            label++;
        } else {
            if (label == 0 || label > DNS_MAX_LABEL_LENGTH) return false;
            label = 0;
        }
    }
    return true;
}

// Whether the whole name, or its first label, is made of digits.
static bool is_numeric(const char *name)
{
    ULONG digits = 0;
    while (name[digits] >= '0' && name[digits] <= '9') digits++;
    return digits > 0 && (name[digits] == '.' || name[digits] == 0);
}

static bool has_invalid_character(const char *name, DNS_NAME_FORMAT format)
{
    for (const char *at = name; *at; at++) {
        if (*at == '*') {
            bool first_label = at == name && at[1] == '.' && format == DnsNameWildcard;
            if (!first_label) return true;
        } else if ((unsigned char)*at <= ' ' || strchr("{|}~[\\]^':;<=>?&@!\"#$%`()+/,", *at)) {
            return true;
        }
    }
    return false;
}

// What not every server takes: underscores, but before the labels of services, and what isn't ASCII.
static bool is_beyond_rfc(const char *name, DNS_NAME_FORMAT format, bool encoded)
{
    for (const char *at = name; *at; at++) {
        bool begins_label = at == name || at[-1] == '.';
        if (*at == '_' && !(begins_label && format == DnsNameSrvRecord)) return true;
        if ((signed char)*at < 0 && !encoded) return true;
    }
    return false;
}

static DNS_STATUS validate(const void *text, DNS_NAME_FORMAT format, DNS_CHARSET charset)
{
    DNS_STATUS status = ERROR_SUCCESS;
    if (!text) return ERROR_INVALID_NAME;
    if ((unsigned)format > DnsNameValidateTld) return ERROR_INVALID_PARAMETER;
    char *name = dns_utf8(text, charset);
    if (!name) return ERROR_NOT_ENOUGH_MEMORY;
    bool may_be_numeric = format == DnsNameDomain || format == DnsNameDomainLabel;
    if (!has_valid_lengths(name, format))
        status = ERROR_INVALID_NAME;
    else if (!may_be_numeric && is_numeric(name))
        status = DNS_ERROR_NUMERIC_NAME;
    else if (is_beyond_rfc(name, format, charset == DnsCharSetUnicode))
        status = DNS_ERROR_NON_RFC_NAME;
    if ((status == ERROR_SUCCESS || status == DNS_ERROR_NON_RFC_NAME) && has_invalid_character(name, format))
        status = DNS_ERROR_INVALID_NAME_CHAR;
    dns_free(name);
    return status;
}

HOTPATCH DNS_STATUS WINAPI DnsValidateName_W(LPCWSTR name, DNS_NAME_FORMAT format)
{
    return validate(name, format, DnsCharSetUnicode);
}

HOTPATCH DNS_STATUS WINAPI DnsValidateName_A(LPCSTR name, DNS_NAME_FORMAT format)
{
    return validate(name, format, DnsCharSetAnsi);
}

HOTPATCH DNS_STATUS WINAPI DnsValidateName_UTF8(LPCSTR name, DNS_NAME_FORMAT format)
{
    return validate(name, format, DnsCharSetUtf8);
}
