// Import tables: loading what a module imports and filling its import address table.
#include "ldr.h"
#include "rtl.h"

static const char *module_name_utf8(const struct module *module, char *buffer, ULONG size)
{
    ULONG length = 0;

    RtlUnicodeToUTF8N(buffer, size - 1, &length, module->entry.BaseDllName.Buffer,
                      module->entry.BaseDllName.Length);
    buffer[length] = 0;
    return buffer;
}

// Imports through an API set name the contract, not the DLL: what kernelbase lacks may be in kernel32. What
// neither has is taken last, to fail when it is called.
static NTSTATUS find_import(struct module *module, struct module *dll, bool api_set, const char *name,
                            int hint, ULONG ordinal, void **address)
{
    if (api_set && dll->missing_end) {
        static UNICODE_STRING kernel32 = RTL_CONSTANT_STRING(L"kernel32.dll");
        struct module *other = module_from_base_name(&kernel32);
        if (NT_SUCCESS(find_export(dll, name, hint, ordinal, false, module, address))) return STATUS_SUCCESS;
        if (other && NT_SUCCESS(find_export(other, name, -1, ordinal, false, module, address)))
            return module_add_dependency(module, other) ? STATUS_SUCCESS : STATUS_NO_MEMORY;
    }
    return find_export(dll, name, hint, ordinal, true, module, address);
}

// Fills one slot. import is the lookup entry, which may be the slot itself.
static NTSTATUS bind_import(struct module *module, struct module *dll, const char *dll_name, DWORD import,
                            void **slot)
{
    char importer[128];
    bool api_set = strncmp(dll_name, "api-", 4) == 0;
    NTSTATUS status;
    void *address;

    if (IMAGE_SNAP_BY_ORDINAL32(import)) {
        status = find_import(module, dll, api_set, NULL, -1, IMAGE_ORDINAL32(import), &address);
        if (status == STATUS_ORDINAL_NOT_FOUND)
            load_error(status, "%s needs function number %u of %s, which does not exist",
                       module_name_utf8(module, importer, sizeof importer), (unsigned)IMAGE_ORDINAL32(import),
                       dll_name);
    } else {
        const IMAGE_IMPORT_BY_NAME *name = rva_pointer(module->entry.DllBase, import);
        status = find_import(module, dll, api_set, (const char *)name->Name, name->Hint, 0, &address);
        if (status == STATUS_ENTRYPOINT_NOT_FOUND)
            load_error(status, "%s needs the function %s of %s, which does not exist",
                       module_name_utf8(module, importer, sizeof importer), (const char *)name->Name,
                       dll_name);
    }
    if (NT_SUCCESS(status)) *slot = address;
    return status;
}

static NTSTATUS link_descriptor(struct module *module, struct module *dll, const char *dll_name,
                                const IMAGE_IMPORT_DESCRIPTOR *descriptor)
{
    void *base = module->entry.DllBase;
    DWORD *slots = rva_pointer(base, descriptor->FirstThunk), *lookup = slots;
    DWORD lookup_rva = descriptor->OriginalFirstThunk;
    NTSTATUS status = STATUS_SUCCESS;
    ULONG count = 0, protection = 0;

    // Packers and old Borland linkers leave the lookup table out, or put nonsense there.
    if (lookup_rva >= module->headers->OptionalHeader.SizeOfHeaders &&
        lookup_rva < module->entry.SizeOfImage && *(DWORD *)rva_pointer(base, lookup_rva))
        lookup = rva_pointer(base, lookup_rva);
    while (lookup[count]) count++;

    bool writable = module_is_writable(module, descriptor->FirstThunk);
    PVOID start = slots;
    SIZE_T size = count * sizeof(*slots);
    if (!writable)
        status = NtProtectVirtualMemory(NtCurrentProcess(), &start, &size, PAGE_READWRITE, &protection);
    if (!NT_SUCCESS(status)) return status;
    for (ULONG i = 0; i < count && NT_SUCCESS(status); i++)
        status = bind_import(module, dll, dll_name, lookup[i], (void **)&slots[i]);
    // A page may hold code too, but none that runs already.
    if (!writable) NtProtectVirtualMemory(NtCurrentProcess(), &start, &size, protection, &protection);
    return status;
}

NTSTATUS link_imports(struct module *module, const struct search *search)
{
    NTSTATUS status = STATUS_SUCCESS;
    char importer[128];
    ULONG size;
    const IMAGE_IMPORT_DESCRIPTOR *descriptor =
        RtlImageDirectoryEntryToData(module->entry.DllBase, TRUE, IMAGE_DIRECTORY_ENTRY_IMPORT, &size);

    module->node.State = LdrModulesSnapping;
    for (; descriptor && descriptor->Name && descriptor->FirstThunk; descriptor++) {
        const char *name = rva_pointer(module->entry.DllBase, descriptor->Name);
        struct module *dll;

        // Windows doesn't even load a DLL of which nothing is imported.
        if (!*(DWORD *)rva_pointer(module->entry.DllBase, descriptor->FirstThunk)) continue;
        status = load_module_by_ansi_name(search, name, strlen(name), &dll);
        if (status == STATUS_DLL_NOT_FOUND)
            load_error(status, "%s needs %s, which was not found",
                       module_name_utf8(module, importer, sizeof importer), name);
        if (!NT_SUCCESS(status)) break;
        if (!module_add_dependency(module, dll)) {
            status = STATUS_NO_MEMORY;
            break;
        }
        status = link_descriptor(module, dll, name, descriptor);
        if (!NT_SUCCESS(status)) break;
    }
    module->node.State = NT_SUCCESS(status) ? LdrModulesSnapped : LdrModulesSnapError;
    return status;
}
