// Escaping in URLs (%XX), and URLs of files.
#include "path_cch.h"
#include "url.h"

// ---- escaping ----

// Appends bytes (UTF-8) as %XX.
static void url_put_escaped(struct url_text *text, const BYTE *bytes, SIZE_T n)
{
    static const WCHAR digits[] = L"0123456789ABCDEF";

    for (SIZE_T i = 0; i < n; i++) {
        url_put(text, '%');
        url_put(text, digits[bytes[i] >> 4]);
        url_put(text, digits[bytes[i] & 0xF]);
    }
}

static bool is_one_of(WCHAR c, const char *set)
{
    return c < 0x80 && c && strchr(set, (char)c);
}

static bool is_alphanumeric(WCHAR c)
{
    return (c >= '0' && c <= '9') || ((c | 0x20) >= 'a' && (c | 0x20) <= 'z');
}

// Whether a character of a URL gets escaped.
static bool needs_escape(WCHAR c, DWORD flags)
{
    if (flags & URL_ESCAPE_SPACES_ONLY) return c == ' ';
    if (flags & URL_ESCAPE_ASCII_URI_COMPONENT) return !is_alphanumeric(c) && !is_one_of(c, "-_.~!*'()");
    if (c == '%') return flags & URL_ESCAPE_PERCENT;
    if (flags & URL_ESCAPE_SEGMENT_ONLY && is_one_of(c, "/\\;?#")) return true;
    return c <= ' ' || c >= 0x7F || is_one_of(c, "\"<>[]^`{|}\\");
}

// Appends a character as its escapes: UTF-8, or its number as one byte if it has that few bits.
static void put_char_escaped(struct url_text *out, const WCHAR *at, SIZE_T units, bool utf8)
{
    BYTE bytes[4];
    ULONG n = 1;

    if (utf8) {
        RtlUnicodeToUTF8N((char *)bytes, sizeof(bytes), &n, at, (ULONG)(units * sizeof(WCHAR)));
    } else if (*at < 0x100) {
        bytes[0] = (BYTE)*at;
    } else {
        url_put(out, *at);
        return;
    }
    url_put_escaped(out, bytes, n);
}

static bool is_pair(const WCHAR *at)
{
    return at[0] >= 0xD800 && at[0] < 0xDC00 && at[1] >= 0xDC00 && at[1] < 0xE000;
}

static void put_all_escaped(struct url_text *out, const WCHAR *text, const WCHAR *end, DWORD flags)
{
    bool utf8 = flags & URL_ESCAPE_AS_UTF8;

    while (text < end) {
        SIZE_T units = utf8 && is_pair(text) ? 2 : 1;
        if (needs_escape(*text, flags))
            put_char_escaped(out, text, units, utf8);
        else
            url_put_all(out, text, units);
        text += units;
    }
}

// Where the query or the fragment begins, or the end.
static const WCHAR *extra_info(const WCHAR *url)
{
    while (*url && *url != '?' && *url != '#') url++;
    return url;
}

static void escape(const WCHAR *url, DWORD flags, struct url_text *out)
{
    const WCHAR *end = url + wide_length(url), *extra = end;
    SIZE_T scheme = url_scheme_length(url);

    if (flags & (URL_DONT_ESCAPE_EXTRA_INFO | URL_ESCAPE_SPACES_ONLY)) extra = extra_info(url);
    if (scheme && !(flags & (URL_ESCAPE_SEGMENT_ONLY | URL_ESCAPE_ASCII_URI_COMPONENT))) {
        // The backslashes of a URL with a hierarchy are slashes.
        bool hierarchical = !UrlIsOpaqueW(url);
        url_put_all(out, url, scheme + 1);
        for (url += scheme + 1; url < extra; url++) {
            WCHAR c = hierarchical && *url == '\\' ? '/' : *url;
            SIZE_T units = is_pair(url) ? 2 : 1;
            if (c != *url)
                url_put(out, c);
            else
                put_all_escaped(out, url, url + units, flags);
            url += units - 1;
        }
    } else {
        put_all_escaped(out, url, extra, flags);
    }
    if (flags & URL_DONT_ESCAPE_EXTRA_INFO)
        url_put_all(out, extra, (SIZE_T)(end - extra));
    else
        put_all_escaped(out, extra, end, flags);
}

HOTPATCH HRESULT WINAPI UrlEscapeW(const WCHAR *url, WCHAR *out, DWORD *size, DWORD flags)
{
    struct url_text text = {0};

    if (!url || !out || !size || !*size) return E_INVALIDARG;
    escape(url, flags, &text);
    return url_deliver(&text, out, size);
}

HOTPATCH HRESULT WINAPI UrlEscapeA(const char *url, char *out, DWORD *size, DWORD flags)
{
    struct url_text text = {0};

    if (!url || !out || !size || !*size) return E_INVALIDARG;
    AUTO_FREE WCHAR *wide = wide_from_ansi(url);
    if (!wide) return E_OUTOFMEMORY;
    escape(wide, flags, &text);
    return url_deliver_narrow(&text, out, size);
}

// ---- and back ----

// The byte that %XX stands for, -1 for other text.
static int escaped_byte(const WCHAR *at, const WCHAR *end)
{
    if (end - at < 3 || *at != '%' || hex_digit(at[1]) < 0 || hex_digit(at[2]) < 0) return -1;
    return hex_digit(at[1]) << 4 | hex_digit(at[2]);
}

// Appends what a URL's part from text to end means, its %XX taken as UTF-8 or as single characters.
static void url_put_unescaped(struct url_text *out, const WCHAR *text, const WCHAR *end, bool utf8)
{
    while (text < end) {
        char bytes[64];
        WCHAR units[64];
        ULONG n = 0, size;

        for (int byte; n < sizeof(bytes) && (byte = escaped_byte(text, end)) >= 0; text += 3) {
            // A sequence is not cut where the room ends.
            if (n > sizeof(bytes) - 4 && (byte & 0xC0) != 0x80) break;
            bytes[n++] = (char)byte;
        }
        if (!n) {
            url_put(out, *text++);
        } else if (utf8) {
            RtlUTF8ToUnicodeN(units, sizeof(units), &size, bytes, n);
            url_put_all(out, units, size / sizeof(WCHAR));
        } else {
            for (ULONG i = 0; i < n; i++) url_put(out, (BYTE)bytes[i]);
        }
    }
}

static void unescape(const WCHAR *url, DWORD flags, struct url_text *out)
{
    const WCHAR *end = url + wide_length(url), *extra = end;

    if (flags & URL_DONT_UNESCAPE_EXTRA_INFO) extra = extra_info(url);
    url_put_unescaped(out, url, extra, flags & URL_UNESCAPE_AS_UTF8);
    url_put_all(out, extra, (SIZE_T)(end - extra));
}

// With URL_UNESCAPE_INPLACE the result, which is no longer, takes the URL's place.
HOTPATCH HRESULT WINAPI UrlUnescapeW(WCHAR *url, WCHAR *out, DWORD *size, DWORD flags)
{
    struct url_text text = {0};
    DWORD room;

    if (!url) return E_INVALIDARG;
    if (flags & URL_UNESCAPE_INPLACE) {
        room = (DWORD)wide_length(url) + 1;
        out = url;
        size = &room;
    }
    if (!out || !size || !*size) return E_INVALIDARG;
    unescape(url, flags, &text);
    return url_deliver(&text, out, size);
}

// The same for bytes, which escapes stand for in an ANSI text, whatever its code page makes of them. *size is
// as for url_deliver.
static HRESULT unescape_bytes(const char *url, char *out, DWORD *size, DWORD flags)
{
    AUTO_FREE char *text = heap_alloc(strlen(url) + 1);
    bool keep = false;
    DWORD n = 0;

    if (!text) return E_OUTOFMEMORY;
    while (*url) {
        WCHAR at[3] = {(BYTE)url[0], (BYTE)url[1], url[1] ? (BYTE)url[2] : 0};
        if (flags & URL_DONT_UNESCAPE_EXTRA_INFO && (*url == '?' || *url == '#')) keep = true;
        int byte = keep ? -1 : escaped_byte(at, at + 3);
        text[n++] = byte < 0 ? *url : (char)byte;
        url += byte < 0 ? 1 : 3;
    }
    text[n] = 0;
    bool fits = n < *size;
    if (fits) memcpy(out, text, n + 1);
    *size = fits ? n : n + 1;
    return fits ? S_OK : E_POINTER;
}

HOTPATCH HRESULT WINAPI UrlUnescapeA(char *url, char *out, DWORD *size, DWORD flags)
{
    struct url_text text = {0};
    DWORD room;

    if (!url) return E_INVALIDARG;
    if (flags & URL_UNESCAPE_INPLACE) {
        room = (DWORD)strlen(url) + 1;
        out = url;
        size = &room;
    }
    if (!out || !size || !*size) return E_INVALIDARG;
    if (!(flags & URL_UNESCAPE_AS_UTF8)) return unescape_bytes(url, out, size, flags);
    AUTO_FREE WCHAR *wide = wide_from_ansi(url);
    if (!wide) return E_OUTOFMEMORY;
    unescape(wide, flags, &text);
    return url_deliver_narrow(&text, out, size);
}

// ---- files ----

#define REPLACEMENT 0xFFFD // for bytes that are no UTF-8

// X: or, as old browsers wrote it, X|.
static bool begins_with_drive(const WCHAR *at)
{
    WCHAR letter = at[0] | 0x20;
    return letter >= 'a' && letter <= 'z' && (at[1] == ':' || at[1] == '|');
}

// The path that a file URL means: slashes tell how far it is absolute.
static HRESULT path_from_url(const WCHAR *url, struct url_text *out)
{
    SIZE_T slashes = 0;
    const WCHAR *at;

    if (!UrlIsW(url, URLIS_FILEURL)) return E_INVALIDARG;
    at = url + 5;
    while (at[slashes] == '/' || at[slashes] == '\\') slashes++;
    at += slashes;
    if (slashes == 2 && !StrCmpNICW(at, L"localhost/", 10) && begins_with_drive(at + 10)) at += 10;
    if (begins_with_drive(at)) slashes = 0;
    if (slashes == 1 || slashes == 3)
        url_put(out, '\\');
    else if (slashes)
        url_put_all(out, L"\\\\", 2);
    SIZE_T begin = out->length;
    url_put_unescaped(out, at, at + wide_length(at), true);
    // What is no UTF-8 was escaped by the numbers of characters, as url_from_path does.
    if (out->text && StrChrW(out->text + begin, REPLACEMENT)) {
        out->length = begin;
        url_put_unescaped(out, at, at + wide_length(at), false);
    }
    for (SIZE_T i = begin; i < out->length; i++)
        if (out->text[i] == '/') out->text[i] = '\\';
    if (out->length >= 2 && out->text[1] == '|' && !slashes) out->text[1] = ':';
    return S_OK;
}

HOTPATCH HRESULT WINAPI PathCreateFromUrlW(const WCHAR *url, WCHAR *out, DWORD *size, DWORD flags)
{
    struct url_text text = {0};
    HRESULT result;

    (void)flags;
    if (!url || !out || !size || !*size) return E_INVALIDARG;
    result = path_from_url(url, &text);
    return FAILED(result) ? result : url_deliver(&text, out, size);
}

HOTPATCH HRESULT WINAPI PathCreateFromUrlA(const char *url, char *out, DWORD *size, DWORD flags)
{
    struct url_text text = {0};
    HRESULT result;

    (void)flags;
    if (!url || !out || !size || !*size) return E_INVALIDARG;
    AUTO_FREE WCHAR *wide = wide_from_ansi(url);
    if (!wide) return E_OUTOFMEMORY;
    result = path_from_url(wide, &text);
    return FAILED(result) ? result : url_deliver_narrow(&text, out, size);
}

// The path in memory that the caller gives to LocalFree.
HOTPATCH HRESULT WINAPI PathCreateFromUrlAlloc(const WCHAR *url, WCHAR **out, DWORD flags)
{
    struct url_text text = {0};
    HRESULT result;
    DWORD size;

    (void)flags;
    if (!url || !out) return E_INVALIDARG;
    *out = NULL;
    result = path_from_url(url, &text);
    if (FAILED(result)) return result;
    size = (DWORD)text.length + 1;
    if (!text.failed) *out = LocalAlloc(LMEM_FIXED, size * sizeof(WCHAR));
    if (!*out) text.failed = true;
    return url_deliver(&text, *out, &size);
}

// The file URL of a path. S_FALSE, and a copy, for what is a URL already.
static HRESULT url_from_path(const WCHAR *path, struct url_text *out)
{
    if (url_scheme_length(path)) {
        url_put_all(out, path, wide_length(path));
        return S_FALSE;
    }
    switch (path_prefix_of(path)) {
    case PATH_PREFIX_UNC:
        path += 8;
        url_put_all(out, L"file://", 7);
        break;
    case PATH_PREFIX_DRIVE: path += 4; // fall through
    default:
        url_put_all(out, L"file:", 5);
        if (is_drive(path))
            url_put_all(out, L"///", 3);
        else if (path[0] == '\\' && path[1] != '\\')
            url_put_all(out, L"//", 2);
    }
    for (; *path; path++)
        if (*path == '\\' || *path == '/')
            url_put(out, '/');
        else if (*path == '#' || *path == '?' || needs_escape(*path, URL_ESCAPE_PERCENT))
            put_char_escaped(out, path, 1, false);
        else
            url_put(out, *path);
    return S_OK;
}

HOTPATCH HRESULT WINAPI UrlCreateFromPathW(const WCHAR *path, WCHAR *out, DWORD *size, DWORD reserved)
{
    struct url_text text = {0};
    HRESULT result, delivered;

    if (!path || !out || !size || !*size || reserved) return E_INVALIDARG;
    result = url_from_path(path, &text);
    delivered = url_deliver(&text, out, size);
    return delivered == S_OK ? result : delivered;
}

HOTPATCH HRESULT WINAPI UrlCreateFromPathA(const char *path, char *out, DWORD *size, DWORD reserved)
{
    struct url_text text = {0};
    HRESULT result, delivered;

    if (!path || !out || !size || !*size || reserved) return E_INVALIDARG;
    AUTO_FREE WCHAR *wide = wide_from_ansi(path);
    if (!wide) return E_OUTOFMEMORY;
    result = url_from_path(wide, &text);
    delivered = url_deliver_narrow(&text, out, size);
    return delivered == S_OK ? result : delivered;
}
