// The checksum of an image: the sum of its 16-bit words with carries added again, its own field as zero, and
// the file's length (Microsoft's PE format, "CheckSum").
#include "nt/nt.h"
#include <imagehlp.h>
#include <stdbool.h>

static DWORD add_words(DWORD sum, const BYTE *bytes, DWORD size)
{
    for (DWORD i = 0; i + 1 < size; i += 2) {
        sum += bytes[i] | bytes[i + 1] << 8;
        sum = (sum & 0xFFFF) + (sum >> 16);
    }
    if (size & 1) sum += bytes[size - 1];
    return (sum & 0xFFFF) + (sum >> 16);
}

// NULL for what is no image; the sum of its bytes is told all the same.
HOTPATCH PIMAGE_NT_HEADERS WINAPI CheckSumMappedFile(PVOID base, DWORD length, PDWORD header_sum, PDWORD sum)
{
    DWORD total = add_words(0, base, length), own = 0;
    IMAGE_NT_HEADERS32 *nt = RtlImageNtHeader(base);
    bool inside = nt && (BYTE *)(nt + 1) <= (BYTE *)base + length;
    if (inside) {
        own = nt->OptionalHeader.CheckSum;
        // Taken out again as it was added: with the carry around.
        total = add_words(total, (BYTE[]){~own, ~own >> 8, ~own >> 16, ~own >> 24}, sizeof(own));
    }
    *header_sum = own;
    *sum = total + length;
    return inside ? nt : NULL;
}

static DWORD sum_of_handle(HANDLE file, DWORD *header_sum, DWORD *sum)
{
    HANDLE mapping = CreateFileMappingW(file, NULL, PAGE_READONLY, 0, 0, NULL);
    if (!mapping) return CHECKSUM_MAP_FAILURE;
    void *view = MapViewOfFile(mapping, FILE_MAP_READ, 0, 0, 0);
    if (view) CheckSumMappedFile(view, GetFileSize(file, NULL), header_sum, sum);
    if (view) UnmapViewOfFile(view);
    CloseHandle(mapping);
    return view ? CHECKSUM_SUCCESS : CHECKSUM_MAPVIEW_FAILURE;
}

HOTPATCH DWORD WINAPI MapFileAndCheckSumW(PCWSTR name, PDWORD header_sum, PDWORD sum)
{
    *header_sum = *sum = 0;
    HANDLE file = CreateFileW(name, GENERIC_READ, FILE_SHARE_READ, NULL, OPEN_EXISTING, 0, NULL);
    if (file == INVALID_HANDLE_VALUE) return CHECKSUM_OPEN_FAILURE;
    DWORD result = sum_of_handle(file, header_sum, sum);
    CloseHandle(file);
    return result;
}

HOTPATCH DWORD WINAPI MapFileAndCheckSumA(PCSTR name, PDWORD header_sum, PDWORD sum)
{
    WCHAR wide[MAX_PATH];
    *header_sum = *sum = 0;
    if (!MultiByteToWideChar(CP_ACP, 0, name, -1, wide, MAX_PATH)) return CHECKSUM_UNICODE_FAILURE;
    return MapFileAndCheckSumW(wide, header_sum, sum);
}
