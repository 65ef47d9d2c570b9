// The texts of monikers, and what they read and write of streams.
#include "moniker.h"

WCHAR *join_text(const WCHAR *first, const WCHAR *second)
{
    SIZE_T length = (SIZE_T)lstrlenW(first) + (SIZE_T)lstrlenW(second) + 1;
    WCHAR *text = CoTaskMemAlloc(length * sizeof(WCHAR));
    if (!text) return NULL;
    lstrcpyW(text, first);
    lstrcatW(text, second);
    return text;
}

WCHAR *copy_text(const WCHAR *text)
{
    return join_text(text, L"");
}

DWORD hash_text(const WCHAR *text)
{
    DWORD hash = 0;
    for (; *text; text++) hash = hash * 3 ^ RtlUpcaseUnicodeChar(*text);
    return hash;
}

HRESULT text_data(const WCHAR *first, const WCHAR *second, BYTE *buffer, ULONG room, ULONG *size)
{
    const WCHAR *const texts[] = {first, second};
    WCHAR *out = (WCHAR *)buffer;
    *size = (ULONG)(lstrlenW(first) + lstrlenW(second) + 1) * sizeof(WCHAR);
    if (room < *size) return E_OUTOFMEMORY;
    for (int i = 0; i < 2; i++)
        for (const WCHAR *at = texts[i]; *at; at++) *out++ = RtlUpcaseUnicodeChar(*at);
    *out = 0;
    return S_OK;
}

HRESULT stream_read(IStream *stream, void *bytes, ULONG size)
{
    ULONG done = 0;
    HRESULT status = IStream_Read(stream, bytes, size, &done);
    return FAILED(status) ? status : done == size ? S_OK : STG_E_READFAULT;
}

HRESULT stream_write(IStream *stream, const void *bytes, ULONG size)
{
    return IStream_Write(stream, bytes, size, NULL);
}
