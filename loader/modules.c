// The guest's loaded modules and their exports, for reports and for finding ntdll's entry points.
#include "loader/modules.h"
#include "guest_constants.h"
#include "guest_types.h"
#include "loader/process.h"
#include "loader/symbols.h"
#include <stdio.h>
#include <string.h>

enum { MODULES_MAX = 1024, EXPORTS_MAX = 65536, PATH_UNITS_MAX = 260 };

static void read_name(const UNICODE_STRING32 *string, char *buffer, size_t size)
{
    size_t n = string->Length / 2;
    if (n > size - 1) n = size - 1;
    for (size_t i = 0; i < n; i++) {
        uint16_t c = '?';
        guest_read(&c, string->Buffer + 2 * i, 2);
        buffer[i] = c < 0x80 && c >= 0x20 ? (char)c : '?';
    }
    buffer[n] = 0;
}

void modules_for_each(bool (*visit)(const struct module *module, void *context), void *context)
{
    gptr ldr, head, link;
    if (!guest_read32(&ldr, process_peb() + offsetof(PEB32, Ldr)) || !ldr) return;
    head = ldr + offsetof(PEB_LDR_DATA32, InLoadOrderModuleList);
    if (!guest_read32(&link, head)) return;
    for (unsigned i = 0; link && link != head && i < MODULES_MAX; i++) {
        LDR_DATA_TABLE_ENTRY32 entry;
        struct module module;
        if (!guest_read(&entry, link - offsetof(LDR_DATA_TABLE_ENTRY32, InLoadOrderLinks), sizeof entry))
            return;
        module.base = entry.DllBase;
        module.size = entry.SizeOfImage;
        read_name(&entry.BaseDllName, module.name, sizeof module.name);
        module.path = entry.FullDllName.Buffer;
        module.path_length = entry.FullDllName.Length / 2;
        if (visit(&module, context)) return;
        link = entry.InLoadOrderLinks.Flink;
    }
}

struct search {
    gptr address;
    struct module *found;
    bool hit;
};

static bool contains(const struct module *module, void *context)
{
    struct search *search = context;
    if (search->address - module->base >= module->size) return false;
    *search->found = *module;
    return search->hit = true;
}

bool module_of(gptr address, struct module *module)
{
    struct search search = {.address = address, .found = module};
    modules_for_each(contains, &search);
    return search.hit;
}

static bool read_exports(gptr base, IMAGE_EXPORT_DIRECTORY32 *exports)
{
    uint32_t header, rva;
    if (!guest_read32(&header, base + 0x3c)) return false;
    if (!guest_read32(&rva, base + header + 24 + offsetof(IMAGE_OPTIONAL_HEADER3232, DataDirectory)) || !rva)
        return false;
    return guest_read(exports, base + rva, sizeof *exports) && exports->NumberOfFunctions <= EXPORTS_MAX &&
           exports->NumberOfNames <= EXPORTS_MAX;
}

static bool export_name(gptr base, const IMAGE_EXPORT_DIRECTORY32 *exports, uint32_t i, char *name,
                        size_t size)
{
    uint32_t rva;
    if (!guest_read32(&rva, base + exports->AddressOfNames + 4 * i)) return false;
    size_t n = 0;
    do {
        if (!guest_read(name + n, base + rva + n, 1)) return false;
    } while (name[n] && ++n < size);
    name[size - 1] = 0;
    return true;
}

static bool export_address(gptr base, const IMAGE_EXPORT_DIRECTORY32 *exports, uint32_t i, gptr *address)
{
    uint16_t ordinal;
    uint32_t rva;
    if (!guest_read(&ordinal, base + exports->AddressOfNameOrdinals + 2 * i, 2)) return false;
    if (!guest_read32(&rva, base + exports->AddressOfFunctions + 4 * ordinal)) return false;
    *address = base + rva;
    return true;
}

gptr module_export(gptr base, const char *wanted)
{
    IMAGE_EXPORT_DIRECTORY32 exports;
    if (!read_exports(base, &exports)) return 0;
    uint32_t low = 0, high = exports.NumberOfNames;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        char name[128];
        gptr address;
        if (!export_name(base, &exports, middle, name, sizeof name)) return 0;
        int order = strcmp(wanted, name);
        if (order == 0) return export_address(base, &exports, middle, &address) ? address : 0;
        if (order < 0)
            high = middle;
        else
            low = middle + 1;
    }
    return 0;
}

// A symbol of the module's file that is nearer to address than *best.
static void nearer_symbol(const struct module *module, gptr address, gptr *best, char *name, size_t size)
{
    uint16_t path[PATH_UNITS_MAX];
    uint32_t rva = 0;
    char symbol[128];
    if (module->path_length > PATH_UNITS_MAX ||
        !guest_read(path, module->path, 2 * (size_t)module->path_length))
        return;
    if (!symbols_find(path, module->path_length, address - module->base, symbol, sizeof symbol, &rva)) return;
    if (module->base + rva <= *best) return;
    *best = module->base + rva;
    snprintf(name, size, "%s", symbol);
}

void module_symbol(gptr address, char *buffer, size_t size)
{
    struct module module;
    IMAGE_EXPORT_DIRECTORY32 exports;
    char best_name[128] = "";
    gptr best = 0;
    if (!module_of(address, &module)) {
        snprintf(buffer, size, "%08x", address);
        return;
    }
    if (read_exports(module.base, &exports)) {
        for (uint32_t i = 0; i < exports.NumberOfNames; i++) {
            gptr candidate;
            if (!export_address(module.base, &exports, i, &candidate) || candidate > address ||
                candidate <= best)
                continue;
            if (export_name(module.base, &exports, i, best_name, sizeof best_name)) best = candidate;
        }
    }
    nearer_symbol(&module, address, &best, best_name, sizeof best_name);
    if (best)
        snprintf(buffer, size, "%s!%s+%x", module.name, best_name, address - best);
    else
        snprintf(buffer, size, "%s+%x", module.name, address - module.base);
}
