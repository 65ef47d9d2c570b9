// API sets: from a virtual DLL's name to the DLL that stands behind it. The table is in nt/api_sets.h.
#include "ldr.h"

static const struct {
    const char *family, *host;
} families[] = {
#define API_SET_ENTRY(family, host) {family, host},
#include "nt/api_sets.h"
};

static bool begins_with(const UNICODE_STRING *name, const char *prefix)
{
    ULONG length = name->Length / sizeof(WCHAR), i;

    for (i = 0; prefix[i]; i++) {
        if (i >= length) return false;
        WCHAR c = name->Buffer[i];
        if (c >= 'A' && c <= 'Z') c += 'a' - 'A';
        if (c != (WCHAR)(unsigned char)prefix[i]) return false;
    }
    return true;
}

// Whether a name, with or without .dll, ends like a contract's: -l1-2-3.
static bool has_version(const UNICODE_STRING *name)
{
    ULONG length = name->Length / sizeof(WCHAR);
    const WCHAR *end = name->Buffer + length;

    if (length > 4 && (end[-4] == '.') && (end[-3] | 0x20) == 'd' && (end[-2] | 0x20) == 'l') end -= 4;
    for (int part = 0; part < 3; part++) {
        if (end == name->Buffer || end[-1] < '0' || end[-1] > '9') return false;
        while (end > name->Buffer && end[-1] >= '0' && end[-1] <= '9') end--;
        if (part == 2 && end > name->Buffer && (*--end | 0x20) != 'l') return false;
        if (end == name->Buffer || *--end != '-') return false;
    }
    return true;
}

const char *api_set_host(const UNICODE_STRING *name)
{
    if ((!begins_with(name, "api-") && !begins_with(name, "ext-")) || !has_version(name)) return NULL;
    for (unsigned i = 0; i < sizeof(families) / sizeof(families[0]); i++)
        if (begins_with(name, families[i].family)) return families[i].host;
    return NULL;
}

// ---- PEB->ApiSetMap, for programs that resolve imports themselves ----

#define HASH_FACTOR   31
#define MINOR_VERSION "-0"
#define CONTRACT_MAX  64 // characters of a contract's or a DLL's name

static const char *const contracts[] = {
#define API_SET_CONTRACT(name) name MINOR_VERSION,
#include "nt/api_set_contracts.h"
};

struct api_set_map {
    API_SET_NAMESPACE head;
    API_SET_NAMESPACE_ENTRY entries[ARRAYSIZE(contracts)];
    API_SET_VALUE_ENTRY values[ARRAYSIZE(contracts)];
    API_SET_HASH_ENTRY hashes[ARRAYSIZE(contracts)];
    WCHAR text[];
};

// Puts text at *end and moves that on. Returns its length in bytes.
static ULONG put_text(WCHAR **end, const char *text)
{
    WCHAR *begin = *end;
    while (*text) *(*end)++ = (unsigned char)*text++;
    return (ULONG)(*end - begin) * sizeof(WCHAR);
}

// Puts a contract into the hash table, which is sorted by hash.
static void insert_hash(API_SET_HASH_ENTRY *hashes, ULONG index, const WCHAR *name, ULONG hashed_length)
{
    ULONG hash = 0, at = index;
    for (ULONG i = 0; i < hashed_length / sizeof(WCHAR); i++) hash = hash * HASH_FACTOR + name[i];
    for (; at > 0 && hashes[at - 1].Hash > hash; at--) hashes[at] = hashes[at - 1];
    hashes[at] = (API_SET_HASH_ENTRY){hash, index};
}

NTSTATUS api_set_map_init(void)
{
    ULONG size = sizeof(struct api_set_map) + ARRAYSIZE(contracts) * 2 * CONTRACT_MAX * sizeof(WCHAR);
    struct api_set_map *map = RtlAllocateHeap(peb_self()->ProcessHeap, HEAP_ZERO_MEMORY, size);
    if (!map) return STATUS_NO_MEMORY;
    WCHAR *end = map->text;
    for (ULONG i = 0; i < ARRAYSIZE(contracts); i++) {
        API_SET_NAMESPACE_ENTRY *entry = &map->entries[i];
        UNICODE_STRING name = {.Buffer = end};
        entry->NameOffset = (ULONG)((char *)end - (char *)map);
        entry->NameLength = put_text(&end, contracts[i]);
        entry->HashedLength = entry->NameLength - (sizeof(MINOR_VERSION) - 1) * sizeof(WCHAR);
        entry->ValueOffset = (ULONG)offsetof(struct api_set_map, values[i]);
        entry->ValueCount = 1;
        insert_hash(map->hashes, i, name.Buffer, entry->HashedLength);
        name.Length = name.MaximumLength = (USHORT)entry->NameLength;
        map->values[i].ValueOffset = (ULONG)((char *)end - (char *)map);
        map->values[i].ValueLength = put_text(&end, api_set_host(&name));
    }
    map->head.Version = 6;
    map->head.Size = (ULONG)((char *)end - (char *)map);
    map->head.Count = ARRAYSIZE(contracts);
    map->head.EntryOffset = offsetof(struct api_set_map, entries);
    map->head.HashOffset = offsetof(struct api_set_map, hashes);
    map->head.HashFactor = HASH_FACTOR;
    peb_self()->ApiSetMap =
        RtlReAllocateHeap(peb_self()->ProcessHeap, HEAP_REALLOC_IN_PLACE_ONLY, map, map->head.Size);
    if (!peb_self()->ApiSetMap) peb_self()->ApiSetMap = &map->head;
    return STATUS_SUCCESS;
}

// Whether Windows has this API set.
NTSTATUS NTAPI ApiSetQueryApiSetPresence(const UNICODE_STRING *name, BOOLEAN *present)
{
    *present = api_set_host(name) != NULL;
    return STATUS_SUCCESS;
}
