// Display names: what MkParseDisplayName makes of them, and binding by a name.
#include "moniker.h"

enum { GUID_TEXT = 36, CLSID_PREFIX = 6 };

// Where the part of a name ends that begins it.
static int part_length(const WCHAR *name, WCHAR end)
{
    int n = 0;
    while (name[n] && name[n] != end) n++;
    return n;
}

// "clsid:" and a CLSID with or without braces, then perhaps more up to a colon.
static HRESULT parse_class_name(const WCHAR *name, ULONG *eaten, IMoniker **result)
{
    WCHAR text[GUID_TEXT + 3] = L"{";
    CLSID class;
    if (CompareStringOrdinal(name, CLSID_PREFIX, L"clsid:", CLSID_PREFIX, TRUE) != CSTR_EQUAL)
        return MK_E_SYNTAX;
    const WCHAR *guid = name + CLSID_PREFIX;
    const bool braced = *guid == '{';
    if (lstrlenW(guid) < GUID_TEXT + (braced ? 2 : 0)) return MK_E_SYNTAX;
    lstrcpynW(text + 1, guid + braced, GUID_TEXT + 1);
    lstrcatW(text, L"}");
    const WCHAR *rest = guid + GUID_TEXT + (braced ? 2 : 0);
    const int extra = part_length(rest, ':');
    if ((braced && guid[GUID_TEXT + 1] != '}') || FAILED(CLSIDFromString(text, &class))) return MK_E_SYNTAX;
    HRESULT status = CreateClassMoniker(&class, result);
    if (FAILED(status)) return status;
    if (extra) {
        struct moniker *moniker = moniker_of(*result, &class_kind);
        moniker->text = copy_text(rest);
        if (!moniker->text) {
            IMoniker_Release(*result);
            *result = NULL;
            return E_OUTOFMEMORY;
        }
        moniker->text[extra] = 0;
    }
    *eaten = (ULONG)(rest + extra - name) + (rest[extra] == ':');
    return S_OK;
}

// "ProgID:..." or "@ProgID...": the class's own parser gets the whole name.
static HRESULT parse_by_class(IBindCtx *context, WCHAR *name, ULONG *eaten, IMoniker **result)
{
    WCHAR program[64];
    CLSID class;
    IParseDisplayName *parser;
    const bool at = *name == '@';
    int length = at ? part_length(name + 1, '!') : part_length(name, ':');
    if (length < 2 || length >= (int)ARRAY_LENGTH(program) || (!at && name[length] != ':'))
        return MK_E_SYNTAX;
    lstrcpynW(program, name + at, length + 1);
    if (FAILED(CLSIDFromProgID(program, &class))) return MK_E_SYNTAX;
    HRESULT status = CoGetClassObject(&class, CLSCTX_SERVER, NULL, &IID_IParseDisplayName, (void **)&parser);
    if (FAILED(status))
        status = CoCreateInstance(&class, NULL, CLSCTX_SERVER, &IID_IParseDisplayName, (void **)&parser);
    if (FAILED(status)) return MK_E_SYNTAX;
    status = IParseDisplayName_ParseDisplayName(parser, context, name, eaten, result);
    IParseDisplayName_Release(parser);
    return status;
}

// The longest beginning that is the path of a running object or of a file.
static HRESULT parse_path(IBindCtx *context, const WCHAR *name, ULONG *eaten, IMoniker **result)
{
    WCHAR *path = copy_text(name);
    HRESULT status = path ? MK_E_SYNTAX : E_OUTOFMEMORY;
    for (int n = lstrlenW(name); path && n > 0; n--) {
        if (name[n] && name[n] != '\\' && name[n] != '/' && name[n] != ':' && name[n] != '!') continue;
        IMoniker *moniker;
        path[n] = 0;
        if (FAILED(CreateFileMoniker(path, &moniker))) break;
        if (rot_is_running(context, moniker) == S_OK || GetFileAttributesW(path) != INVALID_FILE_ATTRIBUTES) {
            *result = moniker;
            *eaten = (ULONG)n;
            status = S_OK;
            break;
        }
        IMoniker_Release(moniker);
    }
    CoTaskMemFree(path);
    return status;
}

// The moniker that the first part names parses the next one, and so on. *whole: replaced on success only.
static HRESULT parse_rest(IBindCtx *context, WCHAR *name, ULONG *eaten, IMoniker **whole)
{
    while (name[*eaten]) {
        IMoniker *next, *both;
        ULONG more = 0;
        HRESULT status = IMoniker_ParseDisplayName(*whole, context, NULL, name + *eaten, &more, &next);
        if (FAILED(status)) return status;
        if (!more) {
            if (next) IMoniker_Release(next);
            return MK_E_SYNTAX;
        }
        status = CreateGenericComposite(*whole, next, &both);
        if (next) IMoniker_Release(next);
        if (FAILED(status)) return status;
        if (!both) return MK_E_SYNTAX; // the next one took all away
        IMoniker_Release(*whole);
        *whole = both;
        *eaten += more;
    }
    return S_OK;
}

// After a failure *result is what the parts before it make, where more than the first one was parsed.
HOTPATCH HRESULT WINAPI MkParseDisplayName(LPBC context, LPCOLESTR text, ULONG *eaten, LPMONIKER *result)
{
    WCHAR *name = (WCHAR *)text; // parsers take it as no constant
    if (!context || !text || !*text || !eaten || !result) return E_INVALIDARG;
    *eaten = 0;
    *result = NULL;
    HRESULT status = parse_class_name(text, eaten, result);
    if (status == MK_E_SYNTAX) status = parse_by_class(context, name, eaten, result);
    if (status == MK_E_SYNTAX) status = parse_path(context, text, eaten, result);
    if (FAILED(status)) return status;
    ULONG first = *eaten;
    status = parse_rest(context, name, eaten, result);
    if (SUCCEEDED(status) || *eaten > first) return status;
    IMoniker_Release(*result);
    *result = NULL;
    *eaten = 0;
    return status;
}

HOTPATCH HRESULT WINAPI BindMoniker(LPMONIKER moniker, DWORD options, REFIID id, LPVOID *result)
{
    IBindCtx *context;
    if (!moniker || !result) return E_INVALIDARG;
    *result = NULL;
    HRESULT status = CreateBindCtx(options, &context);
    if (FAILED(status)) return status;
    status = IMoniker_BindToObject(moniker, context, NULL, id, result);
    IBindCtx_Release(context);
    return status;
}

HOTPATCH HRESULT WINAPI CoGetObject(LPCWSTR name, BIND_OPTS *options, REFIID id, void **result)
{
    IBindCtx *context;
    IMoniker *moniker = NULL;
    ULONG eaten;
    if (!name || !result) return E_INVALIDARG;
    *result = NULL;
    HRESULT status = CreateBindCtx(0, &context);
    if (FAILED(status)) return status;
    if (options) status = IBindCtx_SetBindOptions(context, options);
    if (SUCCEEDED(status)) status = MkParseDisplayName(context, name, &eaten, &moniker);
    if (SUCCEEDED(status)) status = IMoniker_BindToObject(moniker, context, NULL, id, result);
    if (moniker) IMoniker_Release(moniker);
    IBindCtx_Release(context);
    return status;
}
