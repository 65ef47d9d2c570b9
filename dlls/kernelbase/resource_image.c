// PE files whose resources are changed: reading them, listing the resources they have, and giving them a new
// resource section. Everything in the file is checked before it is used.
#include "resource_update.h"

static DWORD align_up(DWORD value, DWORD alignment)
{
    return (value + alignment - 1) & ~(alignment - 1);
}

static bool is_power_of_two(DWORD value)
{
    return value && !(value & (value - 1));
}

// ---- reading ----

static BOOL read_file(struct resource_image *image, HANDLE file)
{
    LARGE_INTEGER size;
    DWORD done = 0;
    if (!GetFileSizeEx(file, &size)) return FALSE;
    if (!size.QuadPart) return fail_with(ERROR_FILE_INVALID);
    if (size.QuadPart > 0x7FFFFFFF) return fail_with(ERROR_NOT_ENOUGH_MEMORY);
    image->size = size.LowPart;
    image->bytes = heap_alloc(image->size);
    if (!image->bytes || !ReadFile(file, image->bytes, image->size, &done, NULL)) return FALSE;
    return done == image->size ? TRUE : fail_with(ERROR_BAD_EXE_FORMAT);
}

// Sums of two of a section's numbers must not overflow.
static bool sections_are_sane(const struct resource_image *image)
{
    const DWORD limit = 0x70000000;
    for (int i = 0; i < image->file->NumberOfSections; i++) {
        const IMAGE_SECTION_HEADER *section = &image->sections[i];
        if (section->VirtualAddress > limit || section->Misc.VirtualSize > limit ||
            section->PointerToRawData > limit || section->SizeOfRawData > limit)
            return false;
    }
    return true;
}

// Finds the headers in the file's bytes.
static bool find_headers(struct resource_image *image)
{
    const IMAGE_DOS_HEADER *dos = (const void *)image->bytes;
    if (image->size < sizeof(*dos) || dos->e_magic != IMAGE_DOS_SIGNATURE) return false;
    DWORD at = (DWORD)dos->e_lfanew;
    const DWORD fixed = sizeof(DWORD) + sizeof(IMAGE_FILE_HEADER);
    if (at > image->size || image->size - at < fixed + sizeof(IMAGE_OPTIONAL_HEADER64)) return false;
    if (*(DWORD *)(image->bytes + at) != IMAGE_NT_SIGNATURE) return false;
    image->file = (void *)(image->bytes + at + sizeof(DWORD));
    image->optional = (void *)(image->bytes + at + fixed);
    DWORD directories = offsetof(IMAGE_OPTIONAL_HEADER32, DataDirectory);
    if (image->optional->Magic == IMAGE_NT_OPTIONAL_HDR64_MAGIC)
        directories = offsetof(IMAGE_OPTIONAL_HEADER64, DataDirectory);
    else if (image->optional->Magic != IMAGE_NT_OPTIONAL_HDR32_MAGIC)
        return false;
    DWORD optional_size = image->file->SizeOfOptionalHeader, n = image->file->NumberOfSections;
    DWORD sections = at + fixed + optional_size;
    if (optional_size < directories || sections > image->size ||
        (image->size - sections) / sizeof(IMAGE_SECTION_HEADER) < n)
        return false;
    image->directories = (void *)((BYTE *)image->optional + directories);
    image->directories_n = (optional_size - directories) / sizeof(IMAGE_DATA_DIRECTORY);
    if (image->directories_n > image->directories[-1].Size) // NumberOfRvaAndSizes lies right before them
        image->directories_n = image->directories[-1].Size;
    image->sections = (void *)(image->bytes + sections);
    return image->directories_n > IMAGE_DIRECTORY_ENTRY_RESOURCE &&
           is_power_of_two(image->optional->SectionAlignment) &&
           is_power_of_two(image->optional->FileAlignment) && image->optional->FileAlignment <= 0x10000 &&
           image->optional->SectionAlignment <= 0x1000000 && image->optional->SizeOfHeaders <= image->size &&
           sections_are_sane(image);
}

BOOL resource_image_read(struct resource_image *image, const WCHAR *path)
{
    memset(image, 0, sizeof(*image));
    HANDLE file = CreateFileW(path, GENERIC_READ, FILE_SHARE_READ, NULL, OPEN_EXISTING, 0, NULL);
    if (file == INVALID_HANDLE_VALUE) return FALSE;
    BOOL read = read_file(image, file);
    NtClose(file);
    if (!read) return FALSE;
    return find_headers(image) ? TRUE : fail_with(ERROR_BAD_EXE_FORMAT);
}

void resource_image_free(struct resource_image *image)
{
    if (image->bytes) heap_free(image->bytes);
    image->bytes = NULL;
}

// ---- listing ----

// The section that an address lies in; -1: none.
static int section_of(const struct resource_image *image, DWORD rva)
{
    for (int i = 0; i < image->file->NumberOfSections; i++) {
        const IMAGE_SECTION_HEADER *section = &image->sections[i];
        DWORD size = section->Misc.VirtualSize > section->SizeOfRawData ? section->Misc.VirtualSize
                                                                        : section->SizeOfRawData;
        if (rva >= section->VirtualAddress && rva - section->VirtualAddress < size) return i;
    }
    return -1;
}

// size bytes of the file that an address stands for; NULL when they aren't all there.
static const void *bytes_at(const struct resource_image *image, DWORD rva, DWORD size)
{
    int i = section_of(image, rva);
    if (i < 0) return NULL;
    const IMAGE_SECTION_HEADER *section = &image->sections[i];
    DWORD offset = rva - section->VirtualAddress;
    if (!section->PointerToRawData || offset > section->SizeOfRawData ||
        section->SizeOfRawData - offset < size)
        return NULL;
    if (section->PointerToRawData > image->size || image->size - section->PointerToRawData < offset ||
        image->size - section->PointerToRawData - offset < size)
        return NULL;
    return image->bytes + section->PointerToRawData + offset;
}

struct lister {
    const struct resource_image *image;
    DWORD root; // address of the resource directory
    struct resource **list;
    struct resource_id ids[2]; // of the levels above
};

static BOOL copy_id(const struct lister *lister, DWORD name, struct resource_id *id)
{
    *id = (struct resource_id){.number = (WORD)name};
    if (!(name & IMAGE_RESOURCE_NAME_IS_STRING)) return TRUE;
    DWORD at = lister->root + (name & ~IMAGE_RESOURCE_NAME_IS_STRING);
    const WORD *length = bytes_at(lister->image, at, sizeof(*length));
    const void *text = length ? bytes_at(lister->image, at + sizeof(*length), *length * 2u) : NULL;
    if (!text) return fail_with(ERROR_BAD_EXE_FORMAT);
    id->text = heap_alloc(*length * sizeof(WCHAR) + 1);
    if (!id->text) return FALSE;
    memcpy(id->text, text, *length * sizeof(WCHAR));
    id->length = *length;
    return TRUE;
}

static BOOL list_data(const struct lister *lister, WORD language, DWORD offset)
{
    const IMAGE_RESOURCE_DATA_ENTRY *entry = bytes_at(lister->image, lister->root + offset, sizeof(*entry));
    const void *data = entry ? bytes_at(lister->image, entry->OffsetToData, entry->Size) : NULL;
    struct resource_id ids[2];
    if (!data) return fail_with(ERROR_BAD_EXE_FORMAT);
    for (int i = 0; i < 2; i++) {
        ids[i] = lister->ids[i];
        if (!ids[i].text) continue;
        ids[i].text = heap_alloc(ids[i].length * sizeof(WCHAR) + 1);
        if (!ids[i].text) {
            if (i && ids[0].text) heap_free(ids[0].text);
            return FALSE;
        }
        memcpy(ids[i].text, lister->ids[i].text, ids[i].length * sizeof(WCHAR));
    }
    return resource_list_set(lister->list, ids[0], ids[1], language, entry->CodePage, data, entry->Size);
}

static BOOL list_directory(struct lister *lister, DWORD offset, int level)
{
    const IMAGE_RESOURCE_DIRECTORY *directory =
        bytes_at(lister->image, lister->root + offset, sizeof(*directory));
    if (!directory) return fail_with(ERROR_BAD_EXE_FORMAT);
    DWORD n = (DWORD)directory->NumberOfNamedEntries + directory->NumberOfIdEntries;
    const IMAGE_RESOURCE_DIRECTORY_ENTRY *entries =
        bytes_at(lister->image, lister->root + offset + sizeof(*directory), n * (DWORD)sizeof(*entries));
    if (!entries) return n ? fail_with(ERROR_BAD_EXE_FORMAT) : TRUE;
    for (DWORD i = 0; i < n; i++) {
        DWORD below = entries[i].OffsetToData & ~IMAGE_RESOURCE_DATA_IS_DIRECTORY;
        bool is_directory = entries[i].OffsetToData & IMAGE_RESOURCE_DATA_IS_DIRECTORY;
        if (is_directory != (level < 2)) return fail_with(ERROR_BAD_EXE_FORMAT);
        if (!is_directory) {
            if (!list_data(lister, (WORD)entries[i].Name, below)) return FALSE;
            continue;
        }
        if (!copy_id(lister, entries[i].Name, &lister->ids[level])) return FALSE;
        BOOL listed = list_directory(lister, below, level + 1);
        if (lister->ids[level].text) heap_free(lister->ids[level].text);
        if (!listed) return FALSE;
    }
    return TRUE;
}

BOOL resource_image_list(const struct resource_image *image, struct resource **list)
{
    struct lister lister = {
        .image = image,
        .root = image->directories[IMAGE_DIRECTORY_ENTRY_RESOURCE].VirtualAddress,
        .list = list,
    };
    // A directory that the file has no bytes for is an empty one: the loader would find zeroes there.
    if (!lister.root || !bytes_at(image, lister.root, sizeof(IMAGE_RESOURCE_DIRECTORY))) return TRUE;
    return list_directory(&lister, 0, 0);
}

// ---- replacing ----

static bool is_named(const IMAGE_SECTION_HEADER *section, const char *name)
{
    for (int i = 0; i < 8; i++) {
        if (section->Name[i] != (BYTE)name[i]) return false;
        if (!name[i]) break;
    }
    return true;
}

static DWORD virtual_end(const struct resource_image *image, const IMAGE_SECTION_HEADER *section)
{
    DWORD size = section->Misc.VirtualSize ? section->Misc.VirtualSize : section->SizeOfRawData;
    return align_up(section->VirtualAddress + size, image->optional->SectionAlignment);
}

// The resource section, if it may grow to size: behind it in memory only relocations may move.
static int section_to_replace(const struct resource_image *image, DWORD *grown)
{
    DWORD rva = image->directories[IMAGE_DIRECTORY_ENTRY_RESOURCE].VirtualAddress;
    int found = rva ? section_of(image, rva) : -1;
    for (int i = 0; found < 0 && i < image->file->NumberOfSections; i++)
        if (is_named(&image->sections[i], ".rsrc")) found = i;
    *grown = 0xFFFFFFFF;
    if (found < 0) return -1;
    for (int i = 0; i < image->file->NumberOfSections; i++) {
        const IMAGE_SECTION_HEADER *section = &image->sections[i];
        if (section->VirtualAddress <= image->sections[found].VirtualAddress) continue;
        if (!is_named(section, ".reloc") && section->VirtualAddress < *grown)
            *grown = section->VirtualAddress;
    }
    return found;
}

// A new last section. -1: the headers have no room for it.
static int append_section(struct resource_image *image)
{
    int n = image->file->NumberOfSections;
    DWORD end = (DWORD)((BYTE *)&image->sections[n + 1] - image->bytes), first = image->size, rva = 0;
    for (int i = 0; i < n; i++) {
        const IMAGE_SECTION_HEADER *section = &image->sections[i];
        if (section->PointerToRawData && section->PointerToRawData < first) first = section->PointerToRawData;
        if (virtual_end(image, section) > rva) rva = virtual_end(image, section);
    }
    if (end > first || !rva) return -1;
    image->sections[n] = (IMAGE_SECTION_HEADER){
        .Name = ".rsrc",
        .VirtualAddress = rva,
        .Characteristics = IMAGE_SCN_CNT_INITIALIZED_DATA | IMAGE_SCN_MEM_READ,
    };
    image->file->NumberOfSections++;
    if (image->optional->SizeOfHeaders < end)
        image->optional->SizeOfHeaders = align_up(end, image->optional->FileAlignment);
    return n;
}

// The end of the sections' bytes in the file, that of the headers at least.
static DWORD raw_end(const struct resource_image *image)
{
    DWORD end = image->optional->SizeOfHeaders;
    for (int i = 0; i < image->file->NumberOfSections; i++) {
        const IMAGE_SECTION_HEADER *section = &image->sections[i];
        if (section->PointerToRawData && section->PointerToRawData + section->SizeOfRawData > end)
            end = section->PointerToRawData + section->SizeOfRawData;
    }
    return align_up(end, image->optional->FileAlignment);
}

// What is found by its place in the file moves with the bytes behind from.
static void move_raw_pointers(struct resource_image *image, DWORD from, DWORD delta)
{
    for (int i = 0; i < image->file->NumberOfSections; i++)
        if (image->sections[i].PointerToRawData >= from) image->sections[i].PointerToRawData += delta;
    if (image->file->PointerToSymbolTable >= from) image->file->PointerToSymbolTable += delta;
    if (image->directories_n > IMAGE_DIRECTORY_ENTRY_SECURITY &&
        image->directories[IMAGE_DIRECTORY_ENTRY_SECURITY].VirtualAddress >= from)
        image->directories[IMAGE_DIRECTORY_ENTRY_SECURITY].VirtualAddress += delta;
}

// The relocations behind the section move, with their directory, when it needs their place.
static void move_addresses(struct resource_image *image, DWORD from, DWORD delta)
{
    for (DWORD i = 0; i < image->directories_n; i++)
        if (i != IMAGE_DIRECTORY_ENTRY_SECURITY && image->directories[i].VirtualAddress >= from)
            image->directories[i].VirtualAddress += delta;
    for (int i = 0; i < image->file->NumberOfSections; i++)
        if (image->sections[i].VirtualAddress >= from) image->sections[i].VirtualAddress += delta;
}

static void finish_headers(struct resource_image *image, IMAGE_SECTION_HEADER *section, DWORD size)
{
    DWORD end = 0;
    section->Misc.VirtualSize = section->SizeOfRawData = size;
    image->directories[IMAGE_DIRECTORY_ENTRY_RESOURCE] =
        (IMAGE_DATA_DIRECTORY){section->VirtualAddress, size};
    for (int i = 0; i < image->file->NumberOfSections; i++)
        if (virtual_end(image, &image->sections[i]) > end) end = virtual_end(image, &image->sections[i]);
    image->optional->SizeOfImage = end;
    image->optional->CheckSum = 0; // of what the file was: none is better than a wrong one
}

// Puts size bytes in the place of [at, at + old) of the file.
static BOOL splice(struct resource_image *image, DWORD at, DWORD old, const BYTE *bytes, DWORD size)
{
    DWORD rest = at + old < image->size ? image->size - at - old : 0;
    struct resource_image made = *image;
    made.size = at + size + rest;
    made.bytes = heap_alloc(made.size);
    if (!made.bytes) return FALSE;
    memset(made.bytes, 0, at);
    memcpy(made.bytes, image->bytes, at < image->size ? at : image->size);
    memcpy(made.bytes + at, bytes, size);
    if (rest) memcpy(made.bytes + at + size, image->bytes + at + old, rest);
    heap_free(image->bytes);
    *image = made;
    return find_headers(image) ? TRUE : fail_with(ERROR_BAD_EXE_FORMAT);
}

BOOL resource_image_replace(struct resource_image *image, const struct resource *list)
{
    DWORD alignment = image->optional->FileAlignment, limit, size;
    int index = section_to_replace(image, &limit);
    DWORD rva = index < 0 ? 0 : image->sections[index].VirtualAddress;
    AUTO_FREE BYTE *bytes = resource_section_build(list, rva, alignment, &size);
    if (!bytes) return FALSE;
    if (index < 0 || size > limit - rva) {
        index = append_section(image);
        if (index < 0) return fail_with(ERROR_BAD_EXE_FORMAT);
        heap_free(bytes);
        bytes = resource_section_build(list, image->sections[index].VirtualAddress, alignment, &size);
        if (!bytes) return FALSE;
    }
    IMAGE_SECTION_HEADER *section = &image->sections[index];
    DWORD at = section->PointerToRawData, old = align_up(section->SizeOfRawData, alignment);
    DWORD old_end = virtual_end(image, section);
    DWORD new_end = align_up(section->VirtualAddress + size, image->optional->SectionAlignment);
    if (!at) { // no bytes yet: behind all others
        at = raw_end(image);
        old = 0;
        move_raw_pointers(image, at, size);
        section->PointerToRawData = at;
    } else if (at > image->size) {
        return fail_with(ERROR_BAD_EXE_FORMAT);
    } else {
        move_raw_pointers(image, at + 1, size - old);
    }
    DWORD behind = old_end > section->VirtualAddress ? old_end : section->VirtualAddress + 1;
    if (new_end > old_end) move_addresses(image, behind, new_end - old_end);
    finish_headers(image, section, size);
    return splice(image, at, old, bytes, size);
}
