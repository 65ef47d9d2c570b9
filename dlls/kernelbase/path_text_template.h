// The shell's functions on paths as texts, for one width of characters: path_text.c includes this twice, with
// WIDE defined for the second. A path has room for MAX_PATH characters where a function makes it longer.
// UCHAR is a character as a number, NEXT(p) the place of the next character (two bytes further after a lead
// byte).
#include "dlls/template.h"

#define F(name)        T(name##A, name##W)
#define S(name)        T(name##_narrow, name##_wide) // a static function
#define LENGTH(p)      T(strlen, wide_length)(p)
#define NEXT(p)        T(next_narrow, next_wide)(p)
#define MOVE(to, from) memmove(to, from, (LENGTH(from) + 1) * sizeof(CHAR))

// ---- finding parts ----

HOTPATCH CHAR *WINAPI F(PathFindExtension)(const CHAR *path)
{
    const CHAR *dot = NULL;

    if (!path) return NULL;
    for (; *path; path = NEXT(path)) {
        if (*path == '\\' || *path == ' ') dot = NULL;
        if (*path == '.') dot = path;
    }
    return (CHAR *)(dot ? dot : path);
}

HOTPATCH CHAR *WINAPI F(PathFindFileName)(const CHAR *path)
{
    const CHAR *name = path;

    if (!path) return NULL;
    for (; *path; path = NEXT(path))
        if ((*path == '\\' || *path == '/' || *path == ':') && path[1] && path[1] != '\\' && path[1] != '/')
            name = path + 1;
    return (CHAR *)name;
}

HOTPATCH CHAR *WINAPI F(PathFindNextComponent)(const CHAR *path)
{
    if (!path || !*path) return NULL;
    while (*path && *path != '\\') path = NEXT(path);
    if (*path && path[1] == '\\') path++; // of a network path
    return (CHAR *)(*path ? path + 1 : path);
}

// What follows the first blank outside quotes.
HOTPATCH CHAR *WINAPI F(PathGetArgs)(const CHAR *path)
{
    bool quoted = false;

    if (!path) return NULL;
    for (; *path; path = NEXT(path)) {
        if (*path == ' ' && !quoted) return (CHAR *)path + 1;
        if (*path == '"') quoted = !quoted;
    }
    return (CHAR *)path;
}

HOTPATCH int WINAPI F(PathGetDriveNumber)(const CHAR *path)
{
    if (!path) return -1;
    if (path[0] == '\\' && path[1] == '\\' && path[2] == '?' && path[3] == '\\') path += 4;
    return path[0] && S(is_letter)(path[0]) && path[1] == ':' ? (path[0] | 0x20) - 'a' : -1;
}

// The end of a root with its backslash, NULL without one.
HOTPATCH CHAR *WINAPI F(PathSkipRoot)(const CHAR *path)
{
    if (!path || !*path) return NULL;
    if (path[0] == '\\' && path[1] == '\\') {
        path += 2;
        for (int part = 0; part < 2; part++) {
            while (*path && *path != '\\') path = NEXT(path);
            if (!*path) return NULL;
            path++;
        }
        return (CHAR *)path;
    }
    if (path[0] == '\\') return (CHAR *)path + 1;
    return path[1] == ':' && path[2] == '\\' ? (CHAR *)path + 3 : NULL;
}

// ---- kinds of paths ----

HOTPATCH BOOL WINAPI F(PathIsFileSpec)(const CHAR *path)
{
    if (!path) return FALSE;
    for (; *path; path = NEXT(path))
        if (*path == '\\' || *path == ':') return FALSE;
    return TRUE;
}

HOTPATCH BOOL WINAPI F(PathIsRelative)(const CHAR *path)
{
    if (!path || !*path || S(is_lead)(*path)) return TRUE;
    return path[0] != '\\' && path[1] != ':';
}

HOTPATCH BOOL WINAPI F(PathIsUNC)(const CHAR *path)
{
    if (!path || path[0] != '\\' || path[1] != '\\') return FALSE;
    if (path[2] != '?') return TRUE;
    return path[3] == '\\' && (path[4] | 0x20) == 'u' && (path[5] | 0x20) == 'n' && (path[6] | 0x20) == 'c' &&
           path[7] == '\\';
}

// How many backslashes a network path has behind its first two.
static int S(count_backslashes)(const CHAR *path)
{
    int n = 0;

    for (path += 2; *path; path = NEXT(path)) n += *path == '\\';
    return n;
}

HOTPATCH BOOL WINAPI F(PathIsUNCServer)(const CHAR *path)
{
    return path && path[0] == '\\' && path[1] == '\\' && S(count_backslashes)(path) == 0;
}

HOTPATCH BOOL WINAPI F(PathIsUNCServerShare)(const CHAR *path)
{
    return path && path[0] == '\\' && path[1] == '\\' && S(count_backslashes)(path) == 1;
}

// \, X:\, \\server, \\server\share.
HOTPATCH BOOL WINAPI F(PathIsRoot)(const CHAR *path)
{
    if (!path || !*path) return FALSE;
    if (path[0] == '\\' && path[1] == '\\') {
        int n = S(count_backslashes)(path);
        return n == 0 || (n == 1 && path[LENGTH(path) - 1] != '\\');
    }
    if (path[0] == '\\') return !path[1];
    return path[1] == ':' && path[2] == '\\' && !path[3];
}

// Whether a name has more than eight characters, a dot and three more.
HOTPATCH BOOL WINAPI F(PathIsLFNFileSpec)(const CHAR *path)
{
    int base = 0, extension = 0;
    bool dot = false;

    if (!path) return FALSE;
    for (; *path; path = NEXT(path)) {
        if (*path == ' ' || (*path == '.' && dot)) return TRUE;
        if (*path == '.')
            dot = true;
        else if (dot ? ++extension > 3 : ++base > 8)
            return TRUE;
    }
    return FALSE;
}

// ---- common parts ----

// How long the beginning is that two paths share, in whole components; put into `out`, if any.
HOTPATCH int WINAPI F(PathCommonPrefix)(const CHAR *a, const CHAR *b, CHAR *out)
{
    int length = 0;

    if (out) *out = 0;
    if (!a || !b || F(PathIsUNC)(a) != F(PathIsUNC)(b)) return 0;
    for (int i = F(PathIsUNC)(a) ? 2 : 0;; i += (int)(NEXT(a + i) - (a + i))) {
        if ((!a[i] || a[i] == '\\') && (!b[i] || b[i] == '\\')) length = i;
        if (!a[i] || !b[i] || !S(is_same)(a + i, b + i)) break;
    }
    if (length == 2 && a[1] == ':' && a[2] == '\\' && b[2] == '\\') length++; // X: is X:\ .
    if (out && length < MAX_PATH) {
        memcpy(out, a, (SIZE_T)length * sizeof(CHAR));
        out[length] = 0;
    }
    return length;
}

HOTPATCH BOOL WINAPI F(PathIsPrefix)(const CHAR *prefix, const CHAR *path)
{
    return prefix && path && F(PathCommonPrefix)(path, prefix, NULL) == (int)LENGTH(prefix);
}

HOTPATCH BOOL WINAPI F(PathIsSameRoot)(const CHAR *a, const CHAR *b)
{
    CHAR *root = F(PathSkipRoot)(a);

    if (!root || !b) return FALSE;
    return root - a <= F(PathCommonPrefix)(a, b, NULL) + 1;
}

// ---- changing paths ----

// Returns the path's end, NULL when there is no room.
HOTPATCH CHAR *WINAPI F(PathAddBackslash)(CHAR *path)
{
    SIZE_T length;

    if (!path || (length = LENGTH(path)) >= MAX_PATH) return NULL;
    if (length && *S(last)(path) != '\\') {
        if (length + 1 >= MAX_PATH) return NULL;
        path[length++] = '\\';
        path[length] = 0;
    }
    return path + length;
}

// Returns where the last character is, or was if it was a backslash that is none of a root.
HOTPATCH CHAR *WINAPI F(PathRemoveBackslash)(CHAR *path)
{
    CHAR *end;

    if (!path) return NULL;
    end = S(last)(path);
    if (*end == '\\' && !F(PathIsRoot)(path)) *end = 0;
    return end;
}

HOTPATCH void WINAPI F(PathRemoveExtension)(CHAR *path)
{
    if (path) *F(PathFindExtension)(path) = 0;
}

HOTPATCH BOOL WINAPI F(PathRenameExtension)(CHAR *path, const CHAR *extension)
{
    CHAR *at = F(PathFindExtension)(path);

    if (!path || !extension || (SIZE_T)(at - path) + LENGTH(extension) >= MAX_PATH) return FALSE;
    memcpy(at, extension, (LENGTH(extension) + 1) * sizeof(CHAR));
    return TRUE;
}

// extension NULL: .exe.
HOTPATCH BOOL WINAPI F(PathAddExtension)(CHAR *path, const CHAR *extension)
{
    if (!path || *F(PathFindExtension)(path)) return FALSE;
    return F(PathRenameExtension)(path, extension ? extension : TEXT_LITERAL(".exe"));
}

// Cuts the last component off, but nothing of the root. FALSE when nothing was to do.
HOTPATCH BOOL WINAPI F(PathRemoveFileSpec)(CHAR *path)
{
    CHAR *cut = path;

    if (!path) return FALSE;
    for (int i = 0; i < 2 && *path == '\\'; i++) cut = ++path;
    for (; *path; path = NEXT(path)) {
        if (*path == '\\') cut = path;
        if (*path == ':') cut = path[1] == '\\' ? ++path + 1 : path + 1;
    }
    if (!*cut) return FALSE;
    *cut = 0;
    return TRUE;
}

HOTPATCH void WINAPI F(PathStripPath)(CHAR *path)
{
    CHAR *name = F(PathFindFileName)(path);

    if (name != path) MOVE(path, name);
}

HOTPATCH BOOL WINAPI F(PathStripToRoot)(CHAR *path)
{
    if (!path) return FALSE;
    while (!F(PathIsRoot)(path))
        if (!F(PathRemoveFileSpec)(path)) return FALSE;
    return TRUE;
}

HOTPATCH BOOL WINAPI F(PathQuoteSpaces)(CHAR *path)
{
    const CHAR *at = path;
    SIZE_T length;

    while (at && *at && *at != ' ') at = NEXT(at);
    if (!at || !*at) return FALSE;
    length = LENGTH(path);
    if (length + 3 > MAX_PATH) return FALSE;
    memmove(path + 1, path, length * sizeof(CHAR));
    path[0] = path[length + 1] = '"';
    path[length + 2] = 0;
    return TRUE;
}

HOTPATCH BOOL WINAPI F(PathUnquoteSpaces)(CHAR *path)
{
    CHAR *end;

    if (!path || *path != '"') return FALSE;
    end = S(last)(path);
    if (end == path || *end != '"') return FALSE;
    *end = 0;
    MOVE(path, path + 1);
    return TRUE;
}

HOTPATCH void WINAPI F(PathRemoveBlanks)(CHAR *path)
{
    CHAR *begin = path, *end;

    if (!path) return;
    while (*begin == ' ') begin++;
    if (begin != path) MOVE(path, begin);
    for (end = path + LENGTH(path); end > path && end[-1] == ' ';) *--end = 0;
}

// Cuts ",number" off and returns the number, 0 without one.
HOTPATCH int WINAPI F(PathParseIconLocation)(CHAR *path)
{
    CHAR *comma = path;
    int index = 0;

    if (!path) return 0;
    while (*comma && *comma != ',') comma = NEXT(comma);
    if (*comma) {
        *comma = 0;
        index = S(number)(comma + 1);
    }
    F(PathUnquoteSpaces)(path);
    F(PathRemoveBlanks)(path);
    return index;
}

// What kinds of names a character may be in.
HOTPATCH UINT WINAPI F(PathGetCharType)(UCHAR c)
{
    switch (c) {
    case '"':
    case '/':
    case '<':
    case '>':
    case '|': return GCT_INVALID;
    case '*':
    case '?': return GCT_WILD;
    case ':':
    case '\\': return GCT_SEPARATOR;
    case ' ':
    case '+':
    case ',':
    case ';':
    case '=':
    case '[':
    case ']': return GCT_LFNCHAR;
    default: return c < ' ' ? GCT_INVALID : GCT_LFNCHAR | GCT_SHORTCHAR;
    }
}

// ---- masks: * and ?, several separated by ; ----

// Whether a name matches one mask, which ends at ; if there may be several.
static bool S(matches)(const CHAR *name, const CHAR *mask, bool several)
{
    const CHAR *star = NULL, *again = NULL; // what to try next after the last *

    for (;;) {
        bool at_end = !*mask || (several && *mask == ';');
        if (!at_end && *mask == '*') {
            star = ++mask;
            again = name;
        } else if (!*name && at_end) {
            return true;
        } else if (*name && !at_end && (*mask == '?' || S(is_same)(mask, name))) {
            name = NEXT(name);
            mask = NEXT(mask);
        } else if (star && *again) {
            name = again = NEXT(again);
            mask = star;
        } else {
            return false;
        }
    }
}

HOTPATCH HRESULT WINAPI F(PathMatchSpecEx)(const CHAR *name, const CHAR *mask, DWORD flags)
{
    bool several = flags & PMSF_MULTIPLE;

    if (!name || !mask) return S_FALSE;
    if (mask[0] == '*' && mask[1] == '.' && mask[2] == '*' && !mask[3]) return S_OK;
    for (;;) {
        if (!(flags & PMSF_DONT_STRIP_SPACES))
            while (*mask == ' ') mask++;
        if (S(matches)(name, mask, several)) return S_OK;
        if (!several) return S_FALSE;
        while (*mask && *mask != ';') mask = NEXT(mask);
        if (!*mask || !*++mask) return S_FALSE;
    }
}

HOTPATCH BOOL WINAPI F(PathMatchSpec)(const CHAR *name, const CHAR *mask)
{
    return F(PathMatchSpecEx)(name, mask, PMSF_MULTIPLE) == S_OK;
}

#undef F
#undef S
#undef LENGTH
#undef NEXT
#undef MOVE
#include "dlls/template_end.h"
