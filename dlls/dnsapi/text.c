// Texts in the forms that callers have: UTF-16, UTF-8 and the ANSI code page.
#include "dns.h"

void *dns_allocate(SIZE_T size)
{
    return RtlAllocateHeap(peb_self()->ProcessHeap, HEAP_ZERO_MEMORY, size);
}

void dns_free(void *block)
{
    if (block) RtlFreeHeap(peb_self()->ProcessHeap, 0, block);
}

static bool is_ascii(const char *text, ULONG length)
{
    while (length > 0 && (signed char)*text >= 0) text++, length--;
    return length == 0;
}

// ANSI by way of UTF-16; in what most names are made of the two are the same. Returns the bytes without a
// NUL.
static ULONG utf8_to_ansi(const char *utf8, ULONG length, char *to, ULONG room)
{
    if (is_ascii(utf8, length)) {
        if (to) memcpy(to, utf8, length);
        return length;
    }
    WCHAR *wide = dns_allocate((length + 1) * sizeof *wide);
    if (!wide) return 0;
    int n = MultiByteToWideChar(CP_UTF8, 0, utf8, length, wide, length + 1);
    int size = WideCharToMultiByte(CP_ACP, 0, wide, n, to, to ? room : 0, NULL, NULL);
    dns_free(wide);
    return size;
}

ULONG dns_text_size(const char *utf8, ULONG length, DNS_CHARSET charset)
{
    if (charset == DnsCharSetUtf8) return length + 1;
    if (charset == DnsCharSetAnsi) return utf8_to_ansi(utf8, length, NULL, 0) + 1;
    int n = length ? MultiByteToWideChar(CP_UTF8, 0, utf8, length, NULL, 0) : 0;
    return (n + 1) * sizeof(WCHAR);
}

void dns_text_write(void *to, const char *utf8, ULONG length, DNS_CHARSET charset)
{
    if (charset == DnsCharSetUtf8) {
        memcpy(to, utf8, length);
        ((char *)to)[length] = 0;
    } else if (charset == DnsCharSetAnsi) {
        ULONG n = utf8_to_ansi(utf8, length, to, dns_text_size(utf8, length, charset));
        ((char *)to)[n] = 0;
    } else {
        int n = length ? MultiByteToWideChar(CP_UTF8, 0, utf8, length, to, length) : 0;
        ((WCHAR *)to)[n] = 0;
    }
}

static char *utf8_from_wide(const WCHAR *text)
{
    int length = wcslen(text),
        size = length ? WideCharToMultiByte(CP_UTF8, 0, text, length, NULL, 0, NULL, NULL) : 0;
    char *utf8 = dns_allocate(size + 1);
    if (utf8 && size) WideCharToMultiByte(CP_UTF8, 0, text, length, utf8, size, NULL, NULL);
    return utf8;
}

char *dns_utf8(const void *text, DNS_CHARSET charset)
{
    if (charset != DnsCharSetUtf8 && charset != DnsCharSetAnsi) return utf8_from_wide(text);
    ULONG length = strlen(text);
    if (charset == DnsCharSetUtf8 || is_ascii(text, length)) {
        char *copy = dns_allocate(length + 1);
        return copy ? memcpy(copy, text, length) : NULL;
    }
    WCHAR *wide = dns_allocate((length + 1) * sizeof *wide);
    if (!wide) return NULL;
    MultiByteToWideChar(CP_ACP, 0, text, length, wide, length);
    char *utf8 = utf8_from_wide(wide);
    dns_free(wide);
    return utf8;
}
