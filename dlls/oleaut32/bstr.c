// BSTRs: strings with their byte length in the four bytes before the text, and a NUL after it.
#include "nt/nt.h"
#include <stddef.h>
#include <oleauto.h>

static DWORD *header(BSTR text)
{
    return (DWORD *)text - 1;
}

HOTPATCH UINT WINAPI SysStringByteLen(BSTR text)
{
    return text ? *header(text) : 0;
}

HOTPATCH UINT WINAPI SysStringLen(BSTR text)
{
    return SysStringByteLen(text) / sizeof(OLECHAR);
}

// A BSTR of bytes; source NULL: contents undefined but for the NUL.
HOTPATCH BSTR WINAPI SysAllocStringByteLen(const char *source, UINT bytes)
{
    if (bytes > 0x7FFFFFF0u) return NULL;
    // A whole character more for the NUL, also behind an odd length.
    SIZE_T size = sizeof(DWORD) + ((bytes + 1) & ~1u) + sizeof(OLECHAR);
    DWORD *memory = HeapAlloc(GetProcessHeap(), 0, size);
    if (!memory) return NULL;
    *memory = bytes;
    char *text = (char *)(memory + 1);
    if (source) memcpy(text, source, bytes);
    memset(text + bytes, 0, size - sizeof(DWORD) - bytes);
    return (BSTR)text;
}

HOTPATCH BSTR WINAPI SysAllocStringLen(const OLECHAR *source, UINT length)
{
    if (length > 0x3FFFFFF0u) return NULL;
    return SysAllocStringByteLen((const char *)source, length * sizeof(OLECHAR));
}

HOTPATCH BSTR WINAPI SysAllocString(const OLECHAR *source)
{
    return source ? SysAllocStringLen(source, (UINT)lstrlenW(source)) : NULL;
}

HOTPATCH void WINAPI SysFreeString(BSTR text)
{
    if (text) HeapFree(GetProcessHeap(), 0, header(text));
}

// The old string in its place as far as it goes, with another length.
static INT resize(BSTR *text, UINT length)
{
    if (length > 0x3FFFFFF0u) return FALSE;
    SIZE_T size = sizeof(DWORD) + (length + 1) * sizeof(OLECHAR);
    DWORD *memory = HeapReAlloc(GetProcessHeap(), 0, header(*text), size);
    if (!memory) return FALSE;
    *memory = length * sizeof(OLECHAR);
    *text = (BSTR)(memory + 1);
    (*text)[length] = 0;
    return TRUE;
}

// source may lie in the old string; the string itself or NULL keep what is there. FALSE leaves *text as it
// was.
HOTPATCH INT WINAPI SysReAllocStringLen(BSTR *text, const OLECHAR *source, UINT length)
{
    if (*text && (!source || source == *text)) return resize(text, length);
    BSTR fresh = SysAllocStringLen(source, length);
    if (!fresh) return FALSE;
    SysFreeString(*text);
    *text = fresh;
    return TRUE;
}

HOTPATCH INT WINAPI SysReAllocString(BSTR *text, const OLECHAR *source)
{
    if (source) return SysReAllocStringLen(text, source, (UINT)lstrlenW(source));
    SysFreeString(*text);
    *text = NULL;
    return TRUE;
}
