// Buffers of the Net functions.
#include "packed.h"

void packed_text(struct packed *packed, WCHAR **place, const WCHAR *text)
{
    packed->texts[packed->count].place = place;
    packed->texts[packed->count++].text = text;
}

NET_API_STATUS packed_finish(const struct packed *packed, const void *structure, size_t size, BYTE **buffer)
{
    void *memory;
    size_t whole = size;
    for (int i = 0; i < packed->count; i++)
        whole += (size_t)(lstrlenW(packed->texts[i].text) + 1) * sizeof(WCHAR);
    NET_API_STATUS status = NetApiBufferAllocate((DWORD)whole, &memory);
    if (status) return status;
    memcpy(memory, structure, size);
    BYTE *at = (BYTE *)memory + size;
    for (int i = 0; i < packed->count; i++) {
        size_t bytes = (size_t)(lstrlenW(packed->texts[i].text) + 1) * sizeof(WCHAR);
        size_t offset = (size_t)((const BYTE *)packed->texts[i].place - (const BYTE *)structure);
        memcpy(at, packed->texts[i].text, bytes);
        memcpy((BYTE *)memory + offset, &at, sizeof(at));
        at += bytes;
    }
    *buffer = memory;
    return NERR_Success;
}

void computer_name(WCHAR name[NAME_ROOM])
{
    DWORD size = NAME_ROOM;
    if (!GetComputerNameW(name, &size)) name[0] = 0;
}

bool is_local(const WCHAR *server)
{
    WCHAR name[NAME_ROOM];
    if (!server || !*server) return true;
    if (server[0] == '\\' && server[1] == '\\') server += 2;
    computer_name(name);
    return lstrcmpiW(server, name) == 0 || lstrcmpiW(server, L"localhost") == 0 ||
           lstrcmpiW(server, L"127.0.0.1") == 0;
}

HOTPATCH NET_API_STATUS WINAPI NetApiBufferAllocate(DWORD size, LPVOID *buffer)
{
    if (!buffer) return ERROR_INVALID_PARAMETER;
    *buffer = HeapAlloc(GetProcessHeap(), 0, size);
    return *buffer ? NERR_Success : ERROR_NOT_ENOUGH_MEMORY;
}

HOTPATCH NET_API_STATUS WINAPI NetApiBufferFree(LPVOID buffer)
{
    if (buffer) HeapFree(GetProcessHeap(), 0, buffer);
    return NERR_Success;
}

HOTPATCH NET_API_STATUS WINAPI NetApiBufferReallocate(LPVOID old, DWORD size, LPVOID *buffer)
{
    if (!buffer) return ERROR_INVALID_PARAMETER;
    if (!size) {
        NetApiBufferFree(old);
        *buffer = NULL;
        return NERR_Success;
    }
    void *moved = old ? HeapReAlloc(GetProcessHeap(), 0, old, size) : HeapAlloc(GetProcessHeap(), 0, size);
    if (!moved) return ERROR_NOT_ENOUGH_MEMORY;
    *buffer = moved;
    return NERR_Success;
}

HOTPATCH NET_API_STATUS WINAPI NetApiBufferSize(LPVOID buffer, LPDWORD size)
{
    if (!buffer || !size) return ERROR_INVALID_PARAMETER;
    SIZE_T bytes = HeapSize(GetProcessHeap(), 0, buffer);
    if (bytes == (SIZE_T)-1) return ERROR_INVALID_PARAMETER;
    *size = (DWORD)bytes;
    return NERR_Success;
}
