// URLs: their schemes and parts, and what kind they are.
#include "url.h"

// ---- texts ----

void url_put(struct url_text *text, WCHAR c)
{
    if (text->failed) return;
    if (text->length + 1 >= text->room) {
        SIZE_T room = text->room ? text->room * 2 : 128;
        WCHAR *grown = heap_alloc(room * sizeof(WCHAR));
        if (!grown) {
            text->failed = true;
            return;
        }
        if (text->text) {
            memcpy(grown, text->text, text->length * sizeof(WCHAR));
            heap_free(text->text);
        }
        text->text = grown;
        text->room = room;
    }
    text->text[text->length++] = c;
    text->text[text->length] = 0;
}

void url_put_all(struct url_text *text, const WCHAR *more, SIZE_T length)
{
    for (SIZE_T i = 0; i < length; i++) url_put(text, more[i]);
}

static HRESULT finish(struct url_text *text, HRESULT result)
{
    if (text->failed) result = E_OUTOFMEMORY;
    if (text->text) heap_free(text->text);
    return result;
}

HRESULT url_deliver(struct url_text *text, WCHAR *out, DWORD *size)
{
    if (text->failed) return finish(text, E_OUTOFMEMORY);
    if (text->length >= *size) {
        *size = (DWORD)text->length + 1;
        return finish(text, E_POINTER);
    }
    if (text->length) memcpy(out, text->text, text->length * sizeof(WCHAR));
    out[text->length] = 0;
    *size = (DWORD)text->length;
    return finish(text, S_OK);
}

HRESULT url_deliver_narrow(struct url_text *text, char *out, DWORD *size)
{
    DWORD n;

    if (text->failed) return finish(text, E_OUTOFMEMORY);
    n = ansi_from_wide(out, *size, text->text ? text->text : L"", text->length);
    HRESULT result = n < *size ? S_OK : E_POINTER;
    *size = n;
    return finish(text, result);
}

// ---- schemes ----

static const struct {
    const WCHAR *name;
    URL_SCHEME scheme;
} schemes[] = {
    {L"ftp", URL_SCHEME_FTP},
    {L"http", URL_SCHEME_HTTP},
    {L"gopher", URL_SCHEME_GOPHER},
    {L"mailto", URL_SCHEME_MAILTO},
    {L"news", URL_SCHEME_NEWS},
    {L"nntp", URL_SCHEME_NNTP},
    {L"telnet", URL_SCHEME_TELNET},
    {L"wais", URL_SCHEME_WAIS},
    {L"file", URL_SCHEME_FILE},
    {L"mk", URL_SCHEME_MK},
    {L"https", URL_SCHEME_HTTPS},
    {L"shell", URL_SCHEME_SHELL},
    {L"snews", URL_SCHEME_SNEWS},
    {L"local", URL_SCHEME_LOCAL},
    {L"javascript", URL_SCHEME_JAVASCRIPT},
    {L"vbscript", URL_SCHEME_VBSCRIPT},
    {L"about", URL_SCHEME_ABOUT},
    {L"res", URL_SCHEME_RES},
    {L"ms-shell-rooted", URL_SCHEME_MSSHELLROOTED},
    {L"ms-shell-idlist", URL_SCHEME_MSSHELLIDLIST},
    {L"hcp", URL_SCHEME_MSHELP},
};

SIZE_T url_scheme_length(const WCHAR *url)
{
    SIZE_T n = 0;

    while ((url[n] >= '0' && url[n] <= '9') || ((url[n] | 0x20) >= 'a' && (url[n] | 0x20) <= 'z') ||
           url[n] == '+' || url[n] == '-' || url[n] == '.')
        n++;
    return url[n] == ':' && n > 1 ? n : 0;
}

static URL_SCHEME scheme_of(const WCHAR *url)
{
    SIZE_T length = url_scheme_length(url);

    if (!length) return URL_SCHEME_INVALID;
    for (unsigned i = 0; i < ARRAY_LENGTH(schemes); i++)
        if (!RtlCompareUnicodeStrings(url, length, schemes[i].name, wide_length(schemes[i].name), TRUE))
            return schemes[i].scheme;
    return URL_SCHEME_UNKNOWN;
}

// Points to a URL's scheme and to what follows the colon.
HOTPATCH HRESULT WINAPI ParseURLW(const WCHAR *url, PARSEDURLW *parsed)
{
    SIZE_T length;

    if (!url || !parsed || parsed->cbSize != sizeof(*parsed)) return E_INVALIDARG;
    length = url_scheme_length(url);
    parsed->nScheme = scheme_of(url);
    if (!length) return URL_E_INVALID_SYNTAX;
    parsed->pszProtocol = url;
    parsed->cchProtocol = (UINT)length;
    parsed->pszSuffix = url + length + 1;
    parsed->cchSuffix = (UINT)wide_length(parsed->pszSuffix);
    return S_OK;
}

HOTPATCH HRESULT WINAPI ParseURLA(const char *url, PARSEDURLA *parsed)
{
    AUTO_FREE WCHAR *wide = wide_from_ansi(url);
    SIZE_T length;

    if (!url || !parsed || parsed->cbSize != sizeof(*parsed)) return E_INVALIDARG;
    if (!wide) return E_OUTOFMEMORY;
    length = url_scheme_length(wide); // of ASCII characters, so as many bytes
    parsed->nScheme = scheme_of(wide);
    if (!length) return URL_E_INVALID_SYNTAX;
    parsed->pszProtocol = url;
    parsed->cchProtocol = (UINT)length;
    parsed->pszSuffix = url + length + 1;
    parsed->cchSuffix = (UINT)strlen(parsed->pszSuffix);
    return S_OK;
}

// ---- kinds ----

// URLs without a hierarchy of parts.
static bool is_opaque(URL_SCHEME scheme)
{
    return scheme == URL_SCHEME_MAILTO || scheme == URL_SCHEME_SHELL || scheme == URL_SCHEME_JAVASCRIPT ||
           scheme == URL_SCHEME_VBSCRIPT || scheme == URL_SCHEME_ABOUT;
}

static bool keeps_no_history(URL_SCHEME scheme)
{
    return scheme == URL_SCHEME_MAILTO || scheme == URL_SCHEME_JAVASCRIPT || scheme == URL_SCHEME_VBSCRIPT;
}

static bool has_char(const WCHAR *text, WCHAR c)
{
    while (*text && *text != c) text++;
    return *text != 0;
}

HOTPATCH BOOL WINAPI UrlIsW(const WCHAR *url, URLIS kind)
{
    SIZE_T length;

    if (!url) return FALSE;
    switch (kind) {
    case URLIS_URL: return url_scheme_length(url) != 0;
    case URLIS_OPAQUE: return is_opaque(scheme_of(url));
    case URLIS_NOHISTORY: return keeps_no_history(scheme_of(url));
    case URLIS_FILEURL: return scheme_of(url) == URL_SCHEME_FILE;
    case URLIS_APPLIABLE: return url_scheme_length(url) != 0;
    case URLIS_DIRECTORY:
        length = wide_length(url);
        return length && (url[length - 1] == '/' || url[length - 1] == '\\');
    case URLIS_HASQUERY: return has_char(url, '?');
    default: return FALSE;
    }
}

HOTPATCH BOOL WINAPI UrlIsA(const char *url, URLIS kind)
{
    AUTO_FREE WCHAR *wide = wide_from_ansi(url);
    return wide && UrlIsW(wide, kind);
}

HOTPATCH BOOL WINAPI UrlIsOpaqueW(const WCHAR *url)
{
    return UrlIsW(url, URLIS_OPAQUE);
}

HOTPATCH BOOL WINAPI UrlIsOpaqueA(const char *url)
{
    return UrlIsA(url, URLIS_OPAQUE);
}

HOTPATCH BOOL WINAPI UrlIsNoHistoryW(const WCHAR *url)
{
    return UrlIsW(url, URLIS_NOHISTORY);
}

HOTPATCH BOOL WINAPI UrlIsNoHistoryA(const char *url)
{
    return UrlIsA(url, URLIS_NOHISTORY);
}

HOTPATCH BOOL WINAPI PathIsURLW(const WCHAR *path)
{
    return path && url_scheme_length(path) != 0;
}

HOTPATCH BOOL WINAPI PathIsURLA(const char *path)
{
    return UrlIsA(path, URLIS_URL);
}

// ---- parts ----

// The fragment with its #, NULL without one.
HOTPATCH const WCHAR *WINAPI UrlGetLocationW(const WCHAR *url)
{
    if (!url || is_opaque(scheme_of(url))) return NULL;
    while (*url && *url != '#') url++;
    return *url ? url : NULL;
}

HOTPATCH const char *WINAPI UrlGetLocationA(const char *url)
{
    return url && !UrlIsA(url, URLIS_OPAQUE) ? StrChrA(url, '#') : NULL;
}

struct part {
    const WCHAR *begin, *end; // begin NULL: the URL hasn't got it
};

// scheme://user:password@host:port/path?query#fragment
struct parts {
    struct part scheme, user, password, host, port, query;
};

// A part from begin on, up to any of the characters in stops.
static struct part part_until(const WCHAR *begin, const WCHAR *limit, const WCHAR *stops)
{
    const WCHAR *end = begin;

    while (end < limit && !has_char(stops, *end)) end++;
    return (struct part){begin, end};
}

static void split_authority(struct part authority, struct parts *parts)
{
    const WCHAR *host = authority.begin;

    for (const WCHAR *at = authority.begin; at < authority.end; at++)
        if (*at == '@') host = at + 1;
    if (host > authority.begin) {
        parts->user = part_until(authority.begin, host - 1, L":");
        if (parts->user.end < host - 1) parts->password = (struct part){parts->user.end + 1, host - 1};
    }
    parts->host =
        *host == '[' ? part_until(host, authority.end, L"]") : part_until(host, authority.end, L":");
    if (*host == '[' && parts->host.end < authority.end) parts->host.end++;
    if (parts->host.end < authority.end && *parts->host.end == ':')
        parts->port = (struct part){parts->host.end + 1, authority.end};
}

static struct parts split(const WCHAR *url)
{
    const WCHAR *end = url + wide_length(url), *rest = url;
    SIZE_T scheme = url_scheme_length(url);
    struct parts parts = {0};

    if (scheme) {
        parts.scheme = (struct part){url, url + scheme};
        rest = url + scheme + 1;
    }
    if (rest[0] == '/' && rest[1] == '/' && scheme_of(url) != URL_SCHEME_FILE)
        split_authority(part_until(rest + 2, end, L"/\\?#"), &parts);
    for (const WCHAR *at = rest; *at && *at != '#'; at++)
        if (*at == '?') {
            parts.query = part_until(at + 1, end, L"#");
            break;
        }
    return parts;
}

// One part into text. False for the number of no part.
static bool choose_part(const struct parts *parts, DWORD which, struct part *part)
{
    switch (which) {
    case URL_PART_SCHEME: *part = parts->scheme; return true;
    case URL_PART_HOSTNAME: *part = parts->host; return true;
    case URL_PART_USERNAME: *part = parts->user; return true;
    case URL_PART_PASSWORD: *part = parts->password; return true;
    case URL_PART_PORT: *part = parts->port; return true;
    case URL_PART_QUERY: *part = parts->query; return true;
    default: return false;
    }
}

// S_FALSE with an empty text for a part that the URL hasn't got.
static HRESULT get_part(const WCHAR *url, DWORD which, DWORD flags, struct url_text *text)
{
    struct parts parts = split(url);
    struct part part;

    if (!choose_part(&parts, which, &part)) return E_INVALIDARG;
    if (!part.begin) return S_FALSE;
    if ((flags & URL_PARTFLAG_KEEPSCHEME) && which != URL_PART_SCHEME && which != URL_PART_QUERY &&
        parts.scheme.begin) {
        url_put_all(text, parts.scheme.begin, (SIZE_T)(parts.scheme.end - parts.scheme.begin));
        url_put(text, ':');
    }
    url_put_all(text, part.begin, (SIZE_T)(part.end - part.begin));
    return S_OK;
}

HOTPATCH HRESULT WINAPI UrlGetPartW(const WCHAR *url, WCHAR *out, DWORD *size, DWORD which, DWORD flags)
{
    struct url_text text = {0};
    HRESULT result, delivered;

    if (!url || !out || !size || !*size) return E_INVALIDARG;
    result = get_part(url, which, flags, &text);
    if (FAILED(result)) return result;
    delivered = url_deliver(&text, out, size);
    return delivered == S_OK ? result : delivered;
}

HOTPATCH HRESULT WINAPI UrlGetPartA(const char *url, char *out, DWORD *size, DWORD which, DWORD flags)
{
    struct url_text text = {0};
    HRESULT result, delivered;

    if (!url || !out || !size || !*size) return E_INVALIDARG;
    AUTO_FREE WCHAR *wide = wide_from_ansi(url);
    if (!wide) return E_OUTOFMEMORY;
    result = get_part(wide, which, flags, &text);
    if (FAILED(result)) return result;
    delivered = url_deliver_narrow(&text, out, size);
    return delivered == S_OK ? result : delivered;
}
