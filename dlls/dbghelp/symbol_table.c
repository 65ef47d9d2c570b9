// The symbols of a module's file: its COFF symbol table, which mingw's programs have, else its exports.
#include "session.h"

enum {
    STORAGE_EXTERNAL = IMAGE_SYM_CLASS_EXTERNAL,
    STORAGE_STATIC = IMAGE_SYM_CLASS_STATIC,
    FUNCTION_TYPE = 0x20
};
// A file may name one long text again and again: this is all that is kept of a module's names.
enum { NAME_MAX_LENGTH = 4096, STRINGS_MAX = 0x10000000 };

// An image's bytes: the file as it is on the disk (flat), or what a process has of it in memory.
struct image {
    const BYTE *bytes;
    DWORD size;
    bool flat;
    const IMAGE_NT_HEADERS32 *nt;
    const IMAGE_SECTION_HEADER *sections;
};

struct builder {
    struct module *module;
    unsigned room;
    DWORD used, strings_room; // of the strings, whose places are kept as offsets until the end
};

static const void *at_offset(const struct image *image, DWORD offset, DWORD size)
{
    return offset <= image->size && size <= image->size - offset ? image->bytes + offset : NULL;
}

static bool find_headers(struct image *image)
{
    const IMAGE_DOS_HEADER *dos = at_offset(image, 0, sizeof(*dos));
    if (!dos || dos->e_magic != IMAGE_DOS_SIGNATURE) return false;
    image->nt = at_offset(image, (DWORD)dos->e_lfanew, sizeof(*image->nt));
    if (!image->nt || image->nt->Signature != IMAGE_NT_SIGNATURE ||
        image->nt->OptionalHeader.Magic != IMAGE_NT_OPTIONAL_HDR32_MAGIC)
        return false;
    DWORD offset = (DWORD)((const BYTE *)IMAGE_FIRST_SECTION(image->nt) - image->bytes);
    image->sections =
        at_offset(image, offset, image->nt->FileHeader.NumberOfSections * (DWORD)sizeof(*image->sections));
    return image->sections;
}

static const void *at_rva(const struct image *image, DWORD rva, DWORD size)
{
    if (!image->flat) return at_offset(image, rva, size);
    for (WORD i = 0; i < image->nt->FileHeader.NumberOfSections; i++) {
        const IMAGE_SECTION_HEADER *section = &image->sections[i];
        if (rva < section->VirtualAddress) continue;
        DWORD within = rva - section->VirtualAddress;
        if (within < section->SizeOfRawData && size <= section->SizeOfRawData - within)
            return at_offset(image, section->PointerToRawData + within, size);
    }
    return NULL;
}

// A text that ends within the image; NULL otherwise.
static const char *text_at(const struct image *image, const char *text)
{
    const char *end = (const char *)image->bytes + image->size;
    for (DWORD i = 0; text && i < NAME_MAX_LENGTH && text + i < end; i++)
        if (!text[i]) return text;
    return NULL;
}

static bool add_symbol(struct builder *builder, DWORD rva, const char *name, DWORD length)
{
    struct module *module = builder->module;
    if (module->count == builder->room) {
        unsigned room = builder->room ? 2 * builder->room : 256;
        void *grown = debug_resize(module->symbols, room * sizeof(*module->symbols));
        if (!grown) return false;
        module->symbols = grown, builder->room = room;
    }
    if (length >= STRINGS_MAX - builder->used) return false;
    if (length >= builder->strings_room - builder->used) {
        DWORD room = 2 * (builder->strings_room + length + 1);
        void *grown = debug_resize(module->strings, room);
        if (!grown) return false;
        module->strings = grown, builder->strings_room = room;
    }
    memcpy(module->strings + builder->used, name, length);
    module->strings[builder->used + length] = 0;
    module->symbols[module->count++] =
        (struct symbol){.rva = rva, .name = (const char *)(ULONG_PTR)builder->used};
    builder->used += length + 1;
    return true;
}

static void read_exports(const struct image *image, struct builder *builder)
{
    const IMAGE_DATA_DIRECTORY *entry =
        &image->nt->OptionalHeader.DataDirectory[IMAGE_DIRECTORY_ENTRY_EXPORT];
    const IMAGE_EXPORT_DIRECTORY *exports = at_rva(image, entry->VirtualAddress, sizeof(*exports));
    if (!entry->VirtualAddress || !exports || exports->NumberOfNames > 0x100000 ||
        exports->NumberOfFunctions > 0x100000)
        return;
    const DWORD *functions = at_rva(image, exports->AddressOfFunctions, exports->NumberOfFunctions * 4);
    const DWORD *names = at_rva(image, exports->AddressOfNames, exports->NumberOfNames * 4);
    const WORD *ordinals = at_rva(image, exports->AddressOfNameOrdinals, exports->NumberOfNames * 2);
    if (!functions || !names || !ordinals) return;
    builder->module->kind = SymExport;
    for (DWORD i = 0; i < exports->NumberOfNames; i++) {
        const char *name = text_at(image, at_rva(image, names[i], 1));
        DWORD rva = ordinals[i] < exports->NumberOfFunctions ? functions[ordinals[i]] : 0;
        bool forwarded = rva - entry->VirtualAddress < entry->Size;
        if (name && rva && !forwarded && !add_symbol(builder, rva, name, (DWORD)lstrlenA(name))) return;
    }
}

// Functions and what several files share; not the sections' and files' own entries.
static bool coff_is_wanted(const IMAGE_SYMBOL *symbol, WORD sections)
{
    if (symbol->SectionNumber <= 0 || symbol->SectionNumber > sections) return false;
    return symbol->StorageClass == STORAGE_EXTERNAL ||
           (symbol->StorageClass == STORAGE_STATIC && symbol->Type == FUNCTION_TYPE);
}

static void read_coff(const struct image *image, struct builder *builder)
{
    const IMAGE_FILE_HEADER *header = &image->nt->FileHeader;
    DWORD count = header->NumberOfSymbols;
    if (!image->flat || !header->PointerToSymbolTable || !count || count > 0x1000000) return;
    const BYTE *table = at_offset(image, header->PointerToSymbolTable, count * IMAGE_SIZEOF_SYMBOL);
    if (!table) return;
    const char *strings = (const char *)table + count * IMAGE_SIZEOF_SYMBOL;
    for (DWORD i = 0; i < count; i++) {
        const IMAGE_SYMBOL *symbol = (const IMAGE_SYMBOL *)(table + i * IMAGE_SIZEOF_SYMBOL);
        i += symbol->NumberOfAuxSymbols;
        if (!coff_is_wanted(symbol, header->NumberOfSections)) continue;
        const char *name = (const char *)symbol->N.ShortName;
        DWORD length = 0;
        if (symbol->N.Name.Short) {
            while (length < IMAGE_SIZEOF_SHORT_NAME && name[length]) length++;
        } else {
            DWORD offset = (DWORD)((const BYTE *)strings - image->bytes);
            name = symbol->N.Name.Long < image->size - offset ? text_at(image, strings + symbol->N.Name.Long)
                                                              : NULL;
            length = name ? (DWORD)lstrlenA(name) : 0;
        }
        DWORD rva = image->sections[symbol->SectionNumber - 1].VirtualAddress + symbol->Value;
        if (length && !add_symbol(builder, rva, name, length)) break;
    }
    if (builder->module->count) builder->module->kind = SymCoff;
}

static int by_rva(const void *a, const void *b)
{
    DWORD left = ((const struct symbol *)a)->rva, right = ((const struct symbol *)b)->rva;
    return left < right ? -1 : left > right;
}

// Sorts, makes pointers of the names' offsets, and lets each symbol reach to the next one.
static void finish(struct module *module)
{
    qsort(module->symbols, module->count, sizeof(*module->symbols), by_rva);
    DWORD end = module->size;
    for (unsigned i = module->count; i--;) {
        struct symbol *symbol = &module->symbols[i];
        symbol->name = module->strings + (ULONG_PTR)symbol->name;
        bool same = i + 1 < module->count && module->symbols[i + 1].rva == symbol->rva;
        symbol->size = same ? module->symbols[i + 1].size : end > symbol->rva ? end - symbol->rva : 0;
        end = symbol->rva;
    }
}

static void read_image(struct image *image, struct module *module)
{
    struct builder builder = {.module = module};
    if (!find_headers(image)) return;
    read_coff(image, &builder);
    if (!module->count) read_exports(image, &builder);
    finish(module);
}

static bool read_file(struct module *module)
{
    HANDLE file = CreateFileW(module->path, GENERIC_READ, FILE_SHARE_READ | FILE_SHARE_DELETE, NULL,
                              OPEN_EXISTING, 0, NULL);
    if (file == INVALID_HANDLE_VALUE) return false;
    struct image image = {.size = GetFileSize(file, NULL), .flat = true};
    HANDLE mapping = CreateFileMappingW(file, NULL, PAGE_READONLY, 0, 0, NULL);
    image.bytes = mapping ? MapViewOfFile(mapping, FILE_MAP_READ, 0, 0, 0) : NULL;
    if (image.bytes) read_image(&image, module);
    if (image.bytes) UnmapViewOfFile(image.bytes);
    if (mapping) CloseHandle(mapping);
    CloseHandle(file);
    return image.bytes;
}

// Pages that can't be read stay zero.
static void read_memory(struct session *session, struct module *module)
{
    BYTE *copy = VirtualAlloc(NULL, module->size, MEM_RESERVE | MEM_COMMIT, PAGE_READWRITE);
    struct image image = {.bytes = copy, .size = module->size};
    for (DWORD at = 0; copy && at < module->size; at += 0x1000)
        ReadProcessMemory(session->process, (void *)(ULONG_PTR)(module->base + at), copy + at, 0x1000, NULL);
    if (copy) read_image(&image, module);
    if (copy) VirtualFree(copy, 0, MEM_RELEASE);
}

void symbols_read(struct session *session, struct module *module)
{
    if (module->looked) return;
    module->looked = true;
    module->kind = SymNone;
    if (!read_file(module)) read_memory(session, module);
}
