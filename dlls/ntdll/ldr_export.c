// Export tables: lookup by name and ordinal, forwarders, LdrGetProcedureAddress.
#include "ldr.h"
#include "rtl.h"
#include "nt/rtl_loader.h"

struct export_table {
    const IMAGE_EXPORT_DIRECTORY *directory;
    ULONG start, size; // RVAs inside are forwarders
    const ULONG *functions, *names;
    const USHORT *ordinals;
};

static bool open_table(const struct module *module, struct export_table *table)
{
    const IMAGE_DATA_DIRECTORY *entry =
        &module->headers->OptionalHeader.DataDirectory[IMAGE_DIRECTORY_ENTRY_EXPORT];
    const char *base = module->entry.DllBase;

    if (module->headers->OptionalHeader.NumberOfRvaAndSizes <= IMAGE_DIRECTORY_ENTRY_EXPORT) return false;
    if (!entry->VirtualAddress || !entry->Size) return false;
    table->start = entry->VirtualAddress;
    table->size = entry->Size;
    table->directory = rva_pointer(base, entry->VirtualAddress);
    table->functions = rva_pointer(base, table->directory->AddressOfFunctions);
    table->names = rva_pointer(base, table->directory->AddressOfNames);
    table->ordinals = rva_pointer(base, table->directory->AddressOfNameOrdinals);
    return true;
}

static int compare_name(const struct module *module, const struct export_table *table, ULONG i,
                        const char *name)
{
    return strcmp(rva_pointer(module->entry.DllBase, table->names[i]), name);
}

// The index in the function table, or -1. Names ought to be sorted; packers' tables sometimes aren't, so a
// search that fails is repeated from end to end.
static LONG find_name(struct module *module, const struct export_table *table, const char *name, int hint)
{
    ULONG low = 0, high = table->directory->NumberOfNames;

    if (hint >= 0 && (ULONG)hint < high && compare_name(module, table, hint, name) == 0)
        return table->ordinals[hint];
    while (low < high) {
        ULONG middle = low + (high - low) / 2;
        int order = compare_name(module, table, middle, name);
        if (order == 0) return table->ordinals[middle];
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    if (module->exports_sorted) return -1;
    for (ULONG i = 0; i < table->directory->NumberOfNames; i++)
        if (compare_name(module, table, i, name) == 0) return table->ordinals[i];
    // The whole table was walked in vain once: remember whether that was needed.
    for (ULONG i = 1; i < table->directory->NumberOfNames; i++) {
        const char *before = rva_pointer(module->entry.DllBase, table->names[i - 1]);
        if (compare_name(module, table, i, before) < 0) return -1;
    }
    module->exports_sorted = true;
    return -1;
}

static ULONG parse_number(const char *text)
{
    ULONG number = 0;

    while (*text >= '0' && *text <= '9') number = number * 10 + (*text++ - '0');
    return number;
}

// "DLL.Function" or "DLL.#17". The DLL's name may itself have dots.
static NTSTATUS follow_forwarder(struct module *module, const char *forwarder, bool missing_too,
                                 struct module *importer, void **address)
{
    const char *dot = strrchr(forwarder, '.');
    static const struct search search;
    struct module *target;
    NTSTATUS status;

    if (!dot) return STATUS_ENTRYPOINT_NOT_FOUND;
    status = load_module_by_ansi_name(&search, forwarder, dot - forwarder, &target);
    if (!NT_SUCCESS(status)) return status;
    if (importer && !module_add_dependency(importer, target)) return STATUS_NO_MEMORY;
    if (!module_add_dependency(module, target)) return STATUS_NO_MEMORY;
    if (dot[1] == '#')
        return find_export(target, NULL, -1, parse_number(dot + 2), missing_too, importer, address);
    return find_export(target, dot + 1, -1, 0, missing_too, importer, address);
}

NTSTATUS find_export(struct module *module, const char *name, int hint, ULONG ordinal, bool missing_too,
                     struct module *importer, void **address)
{
    const NTSTATUS not_found = name ? STATUS_ENTRYPOINT_NOT_FOUND : STATUS_ORDINAL_NOT_FOUND;
    struct export_table table;
    ULONG index, rva;

    *address = NULL;
    if (!open_table(module, &table)) return not_found;
    if (name) {
        LONG found = find_name(module, &table, name, hint);
        if (found < 0) return not_found;
        index = found;
    } else {
        index = ordinal - table.directory->Base;
    }
    if (index >= table.directory->NumberOfFunctions) return not_found;
    rva = table.functions[index];
    if (!rva) return not_found;
    if (rva - table.start < table.size)
        return follow_forwarder(module, rva_pointer(module->entry.DllBase, rva), missing_too, importer,
                                address);
    if (!missing_too && rva >= module->missing_start && rva < module->missing_end) return not_found;
    *address = rva_pointer(module->entry.DllBase, rva);
    return STATUS_SUCCESS;
}

// The module of the code at address, which a run-time lookup makes depend on what a forwarder loads.
NTSTATUS NTAPI LdrGetProcedureAddressForCaller(PVOID base, const ANSI_STRING *name, ULONG ordinal,
                                               PVOID *address, ULONG flags, PVOID *caller)
{
    char short_name[256], *copy = NULL;
    NTSTATUS status = STATUS_DLL_NOT_FOUND;
    struct module *module;

    (void)flags;
    (void)caller;
    *address = NULL;
    if (name && name->Length == 0) name = NULL;
    if (name) {
        copy = short_name;
        if (name->Length >= sizeof(short_name)) copy = RtlAllocateHeap(process_heap(), 0, name->Length + 1);
        if (!copy) return STATUS_NO_MEMORY;
        memcpy(copy, name->Buffer, name->Length);
        copy[name->Length] = 0;
    } else if (!ordinal) {
        return STATUS_INVALID_PARAMETER;
    }
    RtlEnterCriticalSection(&loader_lock);
    module = module_from_base(base);
    if (module) {
        status = find_export(module, copy, -1, ordinal, false, NULL, address);
        // A forwarder may have brought in a DLL that nobody has initialised.
        if (NT_SUCCESS(status) && *address) {
            struct module *owner = module_from_address(*address);
            if (owner && owner != module && owner->node.State < LdrModulesInitializing)
                status = initialize_module(owner, NULL);
        }
    }
    RtlLeaveCriticalSection(&loader_lock);
    if (copy && copy != short_name) RtlFreeHeap(process_heap(), 0, copy);
    load_error_clear();
    return status;
}

NTSTATUS NTAPI LdrGetProcedureAddressEx(PVOID base, const ANSI_STRING *name, ULONG ordinal, PVOID *address,
                                        ULONG flags)
{
    return LdrGetProcedureAddressForCaller(base, name, ordinal, address, flags, NULL);
}

NTSTATUS NTAPI LdrGetProcedureAddress(PVOID base, const ANSI_STRING *name, ULONG ordinal, PVOID *address)
{
    return LdrGetProcedureAddressForCaller(base, name, ordinal, address, 0, NULL);
}

/** The address of an export of a loaded module by its name; NULL when it has none, or only forwards it. */
PVOID NTAPI RtlFindExportedRoutineByName(PVOID base, PCSTR name)
{
    struct export_table table;
    PVOID address = NULL;

    RtlEnterCriticalSection(&loader_lock);
    struct module *module = module_from_base(base);
    if (module && open_table(module, &table)) {
        const LONG index = find_name(module, &table, name, -1);
        const ULONG rva = index < 0 ? 0 : table.functions[index];
        if (rva && !(rva >= table.start && rva - table.start < table.size)) address = rva_pointer(base, rva);
    }
    RtlLeaveCriticalSection(&loader_lock);
    return address;
}
