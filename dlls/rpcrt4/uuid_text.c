// UUIDs as texts: 8-4-4-4-12 hexadecimal digits.
#include "nt/nt.h"
#include <rpc.h>
#include <stdbool.h>

#define TEXT_LENGTH 36

static void put_hex(WCHAR *to, unsigned long value, int digits)
{
    for (; digits--; value >>= 4) to[digits] = L"0123456789abcdef"[value & 15];
}

static void format(const UUID *uuid, WCHAR *text)
{
    put_hex(text, uuid->Data1, 8);
    put_hex(text + 9, uuid->Data2, 4);
    put_hex(text + 14, uuid->Data3, 4);
    for (int i = 0; i < 8; i++) put_hex(text + (i < 2 ? 19 + 2 * i : 20 + 2 * i), uuid->Data4[i], 2);
    text[8] = text[13] = text[18] = text[23] = '-';
    text[TEXT_LENGTH] = 0;
}

HOTPATCH RPC_STATUS WINAPI UuidToStringW(UUID *uuid, RPC_WSTR *text)
{
    static UUID nil;
    *text = HeapAlloc(GetProcessHeap(), 0, (TEXT_LENGTH + 1) * sizeof(WCHAR));
    if (!*text) return RPC_S_OUT_OF_MEMORY;
    format(uuid ? uuid : &nil, *text);
    return RPC_S_OK;
}

HOTPATCH RPC_STATUS WINAPI UuidToStringA(UUID *uuid, RPC_CSTR *text)
{
    static UUID nil;
    WCHAR wide[TEXT_LENGTH + 1];
    *text = HeapAlloc(GetProcessHeap(), 0, TEXT_LENGTH + 1);
    if (!*text) return RPC_S_OUT_OF_MEMORY;
    format(uuid ? uuid : &nil, wide);
    for (int i = 0; i <= TEXT_LENGTH; i++) (*text)[i] = (unsigned char)wide[i];
    return RPC_S_OK;
}

// ntdll's function for texts in braces does the work.
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
