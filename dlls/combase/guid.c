// GUIDs as texts, and names of classes in the registry.
#include "combase.h"
#include <rpc.h>

#define GUID_LENGTH 38 // {8-4-4-4-12}

HOTPATCH HRESULT WINAPI CoCreateGuid(GUID *guid)
{
    return guid ? UuidCreate(guid) : E_INVALIDARG;
}

HOTPATCH int WINAPI StringFromGUID2(REFGUID guid, LPOLESTR text, int size)
{
    UNICODE_STRING made;
    if (size <= GUID_LENGTH || RtlStringFromGUID(guid, &made)) return 0;
    lstrcpyW(text, made.Buffer);
    RtlFreeUnicodeString(&made);
    return GUID_LENGTH + 1;
}

HOTPATCH HRESULT WINAPI StringFromCLSID(REFCLSID id, LPOLESTR *text)
{
    *text = CoTaskMemAlloc((GUID_LENGTH + 1) * sizeof(WCHAR));
    if (!*text) return E_OUTOFMEMORY;
    StringFromGUID2(id, *text, GUID_LENGTH + 1);
    return S_OK;
}

HOTPATCH HRESULT WINAPI StringFromIID(REFIID id, LPOLESTR *text)
{
    return StringFromCLSID(id, text);
}

static bool parse(const WCHAR *text, GUID *guid)
{
    WCHAR inner[GUID_LENGTH - 1];
    if (lstrlenW(text) != GUID_LENGTH || text[0] != '{' || text[GUID_LENGTH - 1] != '}') return false;
    lstrcpynW(inner, text + 1, GUID_LENGTH - 1);
    return UuidFromStringW(inner, guid) == RPC_S_OK;
}

// A value of HKEY_CLASSES_ROOT's key as text; size in bytes.
static bool read_class_value(const WCHAR *key, WCHAR *text, DWORD size)
{
    return RegGetValueW(HKEY_CLASSES_ROOT, key, NULL, RRF_RT_REG_SZ, NULL, text, &size) == ERROR_SUCCESS;
}

HOTPATCH HRESULT WINAPI CLSIDFromProgID(LPCOLESTR name, LPCLSID result)
{
    WCHAR key[256 + 8], text[GUID_LENGTH + 1];
    if (!name || !result) return E_INVALIDARG;
    memset(result, 0, sizeof(*result));
    if (lstrlenW(name) >= 256) return CO_E_CLASSSTRING;
    lstrcpyW(key, name);
    lstrcatW(key, L"\\CLSID");
    return read_class_value(key, text, sizeof(text)) && parse(text, result) ? S_OK : CO_E_CLASSSTRING;
}

// A program's name for a class will do, too.
HOTPATCH HRESULT WINAPI CLSIDFromString(LPCOLESTR text, LPCLSID result)
{
    if (!result) return E_INVALIDARG;
    memset(result, 0, sizeof(*result));
    if (!text || parse(text, result)) return S_OK;
    GUID class;
    if (text[0] == '{' || FAILED(CLSIDFromProgID(text, &class))) return CO_E_CLASSSTRING;
    *result = class;
    return S_OK;
}

HOTPATCH HRESULT WINAPI IIDFromString(LPCOLESTR text, LPIID result)
{
    memset(result, 0, sizeof(*result));
    if (!text) return S_OK;
    if (lstrlenW(text) != GUID_LENGTH) return E_INVALIDARG;
    return parse(text, result) ? S_OK : CO_E_IIDSTRING;
}

HOTPATCH HRESULT WINAPI ProgIDFromCLSID(REFCLSID class, LPOLESTR *result)
{
    WCHAR key[6 + GUID_LENGTH + 8 + 1] = L"CLSID\\", name[256];
    if (!result) return E_INVALIDARG;
    *result = NULL;
    StringFromGUID2(class, key + 6, GUID_LENGTH + 1);
    lstrcatW(key, L"\\ProgID");
    if (!read_class_value(key, name, sizeof(name))) return REGDB_E_CLASSNOTREG;
    SIZE_T size = ((SIZE_T)lstrlenW(name) + 1) * sizeof(WCHAR);
    *result = CoTaskMemAlloc(size);
    if (!*result) return E_OUTOFMEMORY;
    memcpy(*result, name, size);
    return S_OK;
}
