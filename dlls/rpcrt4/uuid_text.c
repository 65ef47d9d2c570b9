// UUIDs as texts: 8-4-4-4-12 hexadecimal digits.
#include "nt/nt.h"
#include <rpc.h>
#include <stdbool.h>

#define TEXT_LENGTH 36

// ntdll's functions for texts in braces do the work. False: no memory.
static bool format(const UUID *uuid, WCHAR *text)
{
    static const UUID nil;
    UNICODE_STRING braced;
    if (RtlStringFromGUID(uuid ? uuid : &nil, &braced)) return false;
    for (int i = 0; i < TEXT_LENGTH; i++) {
        WCHAR c = braced.Buffer[i + 1];
        text[i] = c >= 'A' ? c | 0x20 : c;
    }
    text[TEXT_LENGTH] = 0;
    RtlFreeUnicodeString(&braced);
    return true;
}

HOTPATCH RPC_STATUS WINAPI UuidToStringW(UUID *uuid, RPC_WSTR *text)
{
    *text = HeapAlloc(GetProcessHeap(), 0, (TEXT_LENGTH + 1) * sizeof(WCHAR));
    if (*text && format(uuid, *text)) return RPC_S_OK;
    RpcStringFreeW(text);
    return RPC_S_OUT_OF_MEMORY;
}

HOTPATCH RPC_STATUS WINAPI UuidToStringA(UUID *uuid, RPC_CSTR *text)
{
    WCHAR wide[TEXT_LENGTH + 1];
    *text = format(uuid, wide) ? HeapAlloc(GetProcessHeap(), 0, TEXT_LENGTH + 1) : NULL;
    if (!*text) return RPC_S_OUT_OF_MEMORY;
    for (int i = 0; i <= TEXT_LENGTH; i++) (*text)[i] = (unsigned char)wide[i];
    return RPC_S_OK;
}

HOTPATCH RPC_STATUS WINAPI UuidFromStringW(RPC_WSTR text, UUID *uuid)
{
    WCHAR braced[TEXT_LENGTH + 3];
    UNICODE_STRING string = {.Length = (TEXT_LENGTH + 2) * sizeof(WCHAR), .Buffer = braced};
    if (!text) return UuidCreateNil(uuid);
    if (lstrlenW(text) != TEXT_LENGTH) return RPC_S_INVALID_STRING_UUID;
    braced[0] = '{';
    lstrcpyW(braced + 1, text);
    braced[TEXT_LENGTH + 1] = '}';
    return NT_SUCCESS(RtlGUIDFromString(&string, uuid)) ? RPC_S_OK : RPC_S_INVALID_STRING_UUID;
}

HOTPATCH RPC_STATUS WINAPI UuidFromStringA(RPC_CSTR text, UUID *uuid)
{
    WCHAR wide[TEXT_LENGTH + 2];
    if (!text) return UuidCreateNil(uuid);
    int length = 0;
    for (; length <= TEXT_LENGTH && text[length]; length++) wide[length] = text[length];
    wide[length] = 0;
    return UuidFromStringW(wide, uuid);
}

HOTPATCH RPC_STATUS WINAPI RpcStringFreeW(RPC_WSTR *text)
{
    if (*text) HeapFree(GetProcessHeap(), 0, *text);
    *text = NULL;
    return RPC_S_OK;
}

HOTPATCH RPC_STATUS WINAPI RpcStringFreeA(RPC_CSTR *text)
{
    return RpcStringFreeW((RPC_WSTR *)text);
}
