// Resources: walking the three levels of an image's resource directory (type, name, language).
#include "ldr.h"
#include "nt/rtl_loader.h"
#include "ui_languages.h"

typedef IMAGE_RESOURCE_DIRECTORY directory;
typedef IMAGE_RESOURCE_DIRECTORY_ENTRY directory_entry;

// Compares an entry's counted name with a NUL-terminated one, as the directory is sorted.
static int compare_name(const directory *root, const directory_entry *entry, const WCHAR *name)
{
    const IMAGE_RESOURCE_DIR_STRING_U *own = rva_pointer(root, entry->NameOffset);
    ULONG i;

    for (i = 0; i < own->Length; i++)
        if (!name[i] || own->NameString[i] != name[i]) return own->NameString[i] < name[i] ? -1 : 1;
    return name[i] ? -1 : 0;
}

static const directory_entry *find_name(const directory *root, const directory *in, const WCHAR *name)
{
    const directory_entry *entries = (const directory_entry *)(in + 1);
    ULONG low = 0, high = in->NumberOfNamedEntries;

    while (low < high) {
        ULONG middle = low + (high - low) / 2;
        int order = compare_name(root, &entries[middle], name);
        if (order == 0) return &entries[middle];
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return NULL;
}

static const directory_entry *find_id(const directory *in, ULONG id)
{
    const directory_entry *entries = (const directory_entry *)(in + 1) + in->NumberOfNamedEntries;
    ULONG low = 0, high = in->NumberOfIdEntries;

    while (low < high) {
        ULONG middle = low + (high - low) / 2;
        if (entries[middle].Id == id) return &entries[middle];
        if (entries[middle].Id < id)
            low = middle + 1;
        else
            high = middle;
    }
    return NULL;
}

static const directory_entry *find_key(const directory *root, const directory *in, ULONG_PTR key)
{
    return key >> 16 ? find_name(root, in, (const WCHAR *)key) : find_id(in, key);
}

// A language's entry, or that of its primary language.
static const directory_entry *find_near(const directory *in, LANGID language)
{
    const directory_entry *entry = find_id(in, language);
    return entry ? entry : find_id(in, MAKELANGID(PRIMARYLANGID(language), SUBLANG_NEUTRAL));
}

// The language to take: what was asked for, then its primary language, then neutral; for a caller who doesn't
// care, then those that the thread and the process prefer, the thread's locale, English, and whatever is
// there.
static const directory_entry *find_language(const directory *in, ULONG_PTR wanted)
{
    LANGID preferred[2 * UI_LANGUAGES_MAX + 2];
    const directory_entry *entry = find_near(in, (LANGID)wanted);

    if (!entry) entry = find_id(in, MAKELANGID(LANG_NEUTRAL, SUBLANG_NEUTRAL));
    if (entry || PRIMARYLANGID(wanted) != LANG_NEUTRAL) return entry;
    ULONG count = ui_preferred_languages(preferred);
    preferred[count++] = LANGIDFROMLCID(teb_self()->CurrentLocale);
    preferred[count++] = MAKELANGID(LANG_ENGLISH, SUBLANG_DEFAULT);
    for (ULONG i = 0; i < count && !entry; i++) entry = find_near(in, preferred[i]);
    if (!entry && in->NumberOfNamedEntries + in->NumberOfIdEntries) entry = (const directory_entry *)(in + 1);
    return entry;
}

struct lookup {
    void *base;
    const LDR_RESOURCE_INFO *info;
    ULONG level;
    bool want_directory;
    const void *result;
    NTSTATUS status;
};

static NTSTATUS walk(struct lookup *lookup)
{
    static const NTSTATUS missing[] = {STATUS_RESOURCE_TYPE_NOT_FOUND, STATUS_RESOURCE_NAME_NOT_FOUND,
                                       STATUS_RESOURCE_LANG_NOT_FOUND};
    const ULONG_PTR *keys = &lookup->info->Type;
    const directory *root, *at;
    ULONG size;

    root = at = RtlImageDirectoryEntryToData(lookup->base, TRUE, IMAGE_DIRECTORY_ENTRY_RESOURCE, &size);
    if (!root) return STATUS_RESOURCE_DATA_NOT_FOUND;
    for (ULONG level = 0; level < lookup->level; level++) {
        const directory_entry *entry =
            level == 2 ? find_language(at, keys[2]) : find_key(root, at, keys[level]);
        if (!entry) return missing[level];
        if (!entry->DataIsDirectory) {
            if (lookup->want_directory || level + 1 < lookup->level) return STATUS_RESOURCE_NAME_NOT_FOUND;
            lookup->result = rva_pointer(root, entry->OffsetToData);
            return STATUS_SUCCESS;
        }
        at = rva_pointer(root, entry->OffsetToDirectory);
    }
    if (!lookup->want_directory) return STATUS_RESOURCE_DATA_NOT_FOUND;
    lookup->result = at;
    return STATUS_SUCCESS;
}

static void guarded_walk(void *context)
{
    struct lookup *lookup = context;

    lookup->status = walk(lookup);
}

// base may be that of a file mapped as data (bit 0 set); broken directories are answered, not crashed on.
static NTSTATUS find(struct lookup *lookup, const void **result)
{
    DWORD code;

    *result = NULL;
    if (lookup->level > 3) return STATUS_INVALID_PARAMETER;
    if (!lookup->base) lookup->base = peb_self()->ImageBaseAddress;
    code = lowland_guarded_call(guarded_walk, lookup);
    if (code) return (NTSTATUS)code;
    if (NT_SUCCESS(lookup->status)) *result = lookup->result;
    return lookup->status;
}

NTSTATUS NTAPI LdrFindResource_U(PVOID base, const LDR_RESOURCE_INFO *info, ULONG level,
                                 const IMAGE_RESOURCE_DATA_ENTRY **entry)
{
    struct lookup lookup = {.base = base, .info = info, .level = level};
    const void *result;
    NTSTATUS status = find(&lookup, &result);

    *entry = result;
    return status;
}

// The flags say how languages fall back, which they do anyway.
NTSTATUS NTAPI LdrFindResourceEx_U(ULONG flags, PVOID base, const LDR_RESOURCE_INFO *info, ULONG level,
                                   const IMAGE_RESOURCE_DATA_ENTRY **entry)
{
    (void)flags;
    return LdrFindResource_U(base, info, level, entry);
}

NTSTATUS NTAPI LdrFindResourceDirectory_U(PVOID base, const LDR_RESOURCE_INFO *info, ULONG level,
                                          const IMAGE_RESOURCE_DIRECTORY **result_directory)
{
    struct lookup lookup = {.base = base, .info = info, .level = level, .want_directory = true};
    const void *result;
    NTSTATUS status = find(&lookup, &result);

    *result_directory = result;
    return status;
}

struct access {
    void *base;
    const IMAGE_RESOURCE_DATA_ENTRY *entry;
    void *address;
    ULONG size;
};

static void guarded_access(void *context)
{
    struct access *access = context;
    void *base = (void *)((ULONG_PTR)access->base & ~(ULONG_PTR)3);

    access->size = access->entry->Size;
    if ((ULONG_PTR)access->base & 1)
        access->address = RtlImageRvaToVa(RtlImageNtHeader(base), base, access->entry->OffsetToData, NULL);
    else
        access->address = rva_pointer(base, access->entry->OffsetToData);
}

NTSTATUS NTAPI LdrAccessResource(PVOID base, const IMAGE_RESOURCE_DATA_ENTRY *entry, PVOID *address,
                                 PULONG size)
{
    struct access access = {base ? base : peb_self()->ImageBaseAddress, entry, NULL, 0};
    DWORD code;

    if (!entry) return STATUS_RESOURCE_DATA_NOT_FOUND;
    code = lowland_guarded_call(guarded_access, &access);
    if (code) return (NTSTATUS)code;
    if (address) *address = access.address;
    if (size) *size = access.size;
    return STATUS_SUCCESS;
}

// The message of a module's message table.
NTSTATUS NTAPI RtlFindMessage(PVOID base, ULONG type, ULONG language, ULONG id,
                              PMESSAGE_RESOURCE_ENTRY *message)
{
    const LDR_RESOURCE_INFO info = {type, 1, language};
    const IMAGE_RESOURCE_DATA_ENTRY *entry;
    const MESSAGE_RESOURCE_DATA *table;
    NTSTATUS status = LdrFindResource_U(base, &info, 3, &entry);
    void *data = NULL;

    if (NT_SUCCESS(status)) status = LdrAccessResource(base, entry, &data, NULL);
    if (!NT_SUCCESS(status)) return status;
    table = data;
    for (ULONG i = 0; i < table->NumberOfBlocks; i++) {
        const MESSAGE_RESOURCE_BLOCK *block = &table->Blocks[i];
        if (id < block->LowId || id > block->HighId) continue;
        MESSAGE_RESOURCE_ENTRY *at = rva_pointer(table, block->OffsetToEntries);
        for (ULONG n = id - block->LowId; n; n--) at = rva_pointer(at, at->Length);
        *message = at;
        return STATUS_SUCCESS;
    }
    return STATUS_MESSAGE_NOT_FOUND;
}
