// PEB->ApiSetMap: a program that looks contracts up in it, by hash as Windows does, finds their DLLs; the
// PEB's bitmaps.
#include "nt/nt.h"
#include <string.h>
#include <wchar.h>
#include "tests/check.h"

static const void *at(const API_SET_NAMESPACE *map, ULONG offset)
{
    return (const BYTE *)map + offset;
}

// The DLL behind a contract, from the name without .dll. Returns the number of characters, 0 when there is
// none.
static ULONG look_up(const API_SET_NAMESPACE *map, const WCHAR *name, WCHAR host[64])
{
    const API_SET_HASH_ENTRY *hashes = at(map, map->HashOffset);
    ULONG length = (ULONG)(wcsrchr(name, '-') - name), hash = 0, low = 0, high = map->Count;

    for (ULONG i = 0; i < length; i++) hash = hash * map->HashFactor + name[i];
    while (low < high) {
        ULONG middle = (low + high) / 2;
        if (hashes[middle].Hash < hash)
            low = middle + 1;
        else
            high = middle;
    }
    if (low == map->Count || hashes[low].Hash != hash) return 0;
    const API_SET_NAMESPACE_ENTRY *entry =
        (const API_SET_NAMESPACE_ENTRY *)at(map, map->EntryOffset) + hashes[low].Index;
    if (entry->HashedLength != length * 2 || memcmp(at(map, entry->NameOffset), name, length * 2)) return 0;
    const API_SET_VALUE_ENTRY *value = at(map, entry->ValueOffset);
    if (entry->ValueCount < 1 || value->ValueLength >= 64 * 2) return 0;
    memcpy(host, at(map, value->ValueOffset), value->ValueLength);
    host[value->ValueLength / 2] = 0;
    return value->ValueLength / 2;
}

static void check_map(const API_SET_NAMESPACE *map)
{
    WCHAR host[64];
    const API_SET_HASH_ENTRY *hashes = at(map, map->HashOffset);

    CHECK_EQUAL(map->Version, 6);
    CHECK(map->Count > 50);
    for (ULONG i = 0; i < map->Count; i++) {
        const API_SET_NAMESPACE_ENTRY *entry = (const API_SET_NAMESPACE_ENTRY *)at(map, map->EntryOffset) + i;
        CHECK(entry->NameOffset + entry->NameLength <= map->Size, "entry %lu", i);
        CHECK(i == 0 || hashes[i - 1].Hash < hashes[i].Hash, "hash %lu", i);
    }
    CHECK(look_up(map, L"api-ms-win-core-file-l1-2-1", host) && !wcscmp(host, L"kernelbase.dll"));
    CHECK(look_up(map, L"api-ms-win-crt-runtime-l1-1-0", host) && !wcscmp(host, L"ucrtbase.dll"));
    CHECK(look_up(map, L"api-ms-win-core-rtlsupport-l1-2-0", host) && !wcscmp(host, L"ntdll.dll"));
    CHECK(!look_up(map, L"api-ms-win-core-nothing-l1-1-0", host));
}

int main(void)
{
    const PEB *peb = NtCurrentTeb()->ProcessEnvironmentBlock;
    const RTL_BITMAP *slots = peb->TlsBitmap, *more = peb->TlsExpansionBitmap;

    CHECK(peb->ApiSetMap != NULL);
    if (peb->ApiSetMap) check_map(peb->ApiSetMap);
    CHECK(slots && slots->SizeOfBitMap == 64 && slots->Buffer == peb->TlsBitmapBits);
    CHECK(more && more->SizeOfBitMap == 1024 && more->Buffer == peb->TlsExpansionBitmapBits);
    return check_summary();
}
