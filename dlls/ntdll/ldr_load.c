// From a DLL's name to a linked module: finding what is loaded already, mapping the file, linking it.
#include "ldr.h"
#include "rtl.h"
#include "actctx.h"

// Opens a DLL's file and tells which file it is.
static NTSTATUS open_file(const UNICODE_STRING *full_path, HANDLE *file, FILE_ID_INFORMATION *id)
{
    OBJECT_ATTRIBUTES attributes;
    UNICODE_STRING nt_name;
    IO_STATUS_BLOCK io;
    NTSTATUS status = RtlDosPathNameToNtPathName_U_WithStatus(full_path->Buffer, &nt_name, NULL, NULL);

    if (!NT_SUCCESS(status)) return status;
    InitializeObjectAttributes(&attributes, &nt_name, OBJ_CASE_INSENSITIVE, NULL, NULL);
    status = NtOpenFile(file, GENERIC_READ | GENERIC_EXECUTE | SYNCHRONIZE, &attributes, &io,
                        FILE_SHARE_READ | FILE_SHARE_DELETE,
                        FILE_NON_DIRECTORY_FILE | FILE_SYNCHRONOUS_IO_NONALERT);
    RtlFreeUnicodeString(&nt_name);
    memset(id, 0, sizeof(*id));
    if (NT_SUCCESS(status) && !NT_SUCCESS(NtQueryInformationFile(*file, &io, id, sizeof(*id),
                                                                 (FILE_INFORMATION_CLASS)FileIdInformation)))
        memset(id, 0, sizeof(*id));
    return status;
}

static bool is_known_file(const FILE_ID_INFORMATION *id)
{
    static const FILE_ID_INFORMATION none;

    return memcmp(id, &none, sizeof(none)) != 0;
}

// Maps a file as an image. Relocation, where it lands elsewhere, is done by the mapping itself. A debugger
// finds its path by a pointer that the thread's block has meanwhile.
static NTSTATUS map_image(HANDLE file, const UNICODE_STRING *path, void **base)
{
    NT_TIB *tib = &teb_self()->NtTib;
    void *kept = tib->ArbitraryUserPointer;
    HANDLE section;
    SIZE_T size = 0;
    NTSTATUS status = NtCreateSection(&section, SECTION_MAP_READ | SECTION_MAP_EXECUTE | SECTION_QUERY, NULL,
                                      NULL, PAGE_EXECUTE_READ, SEC_IMAGE, file);

    *base = NULL;
    if (!NT_SUCCESS(status)) return status;
    tib->ArbitraryUserPointer = path->Buffer;
    status = NtMapViewOfSection(section, NtCurrentProcess(), base, 0, 0, NULL, &size, ViewShare, 0,
                                PAGE_EXECUTE_READ);
    tib->ArbitraryUserPointer = kept;
    NtClose(section);
    return status;
}

static UNICODE_STRING directory_of(const UNICODE_STRING *path)
{
    ULONG length = path->Length / sizeof(WCHAR);

    while (length && path->Buffer[length - 1] != '\\') length--;
    return (UNICODE_STRING){length * sizeof(WCHAR), length * sizeof(WCHAR), path->Buffer};
}

// Maps, records and links the DLL at full_path, unless its file is loaded already under another name.
static NTSTATUS load_file(const struct search *search, const UNICODE_STRING *full_path,
                          struct module **module)
{
    struct search own = *search;
    FILE_ID_INFORMATION id;
    struct module *new;
    HANDLE file;
    void *base;
    NTSTATUS status = open_file(full_path, &file, &id);

    if (NT_SUCCESS(status)) {
        *module = is_known_file(&id) ? module_from_file(&id) : NULL;
        if (!*module) status = map_image(file, full_path, &base);
        NtClose(file);
        if (*module) return STATUS_SUCCESS;
    }
    if (!NT_SUCCESS(status)) {
        char name[256];
        ULONG length = 0;
        RtlUnicodeToUTF8N(name, sizeof(name) - 1, &length, full_path->Buffer, full_path->Length);
        name[length] = 0;
        load_error(status, "%s cannot be loaded: status %x", name, (unsigned)status);
        return status;
    }
    new = module_create(base, full_path, LDRP_IMAGE_DLL);
    if (!new) {
        NtUnmapViewOfSection(NtCurrentProcess(), base);
        return STATUS_NO_MEMORY;
    }
    new->file = id;
    if (status == STATUS_IMAGE_NOT_AT_BASE) new->entry.Flags |= LDRP_IMAGE_NOT_AT_BASE;
    if (!(new->headers->FileHeader.Characteristics &IMAGE_FILE_DLL)) new->entry.Flags &= ~LDRP_IMAGE_DLL;
    new->node.State = LdrModulesMapping;
    *module = new;
    if (search->flags & DONT_RESOLVE_DLL_REFERENCES || !(new->entry.Flags &LDRP_IMAGE_DLL)) {
        new->node.State = LdrModulesReadyToRun;
        notify_loaded(new);
        return STATUS_SUCCESS;
    }
    own.directory = directory_of(&new->entry.FullDllName);
    if (!(search->flags & (LOAD_WITH_ALTERED_SEARCH_PATH | LOAD_LIBRARY_SEARCH_DLL_LOAD_DIR)))
        own.directory = search->directory;
    status = tls_add_module(new);
    if (NT_SUCCESS(status)) status = link_imports(new, &own);
    if (NT_SUCCESS(status))
        notify_loaded(new);
    else
        new->node.State = LdrModulesSnapError; // the caller's collect_modules removes it
    return status;
}

// The loaded module whose file has this path too: a short name, another link.
static struct module *module_of_path(const UNICODE_STRING *full_path)
{
    FILE_ID_INFORMATION id;
    HANDLE file;

    if (!NT_SUCCESS(open_file(full_path, &file, &id))) return NULL;
    NtClose(file);
    return is_known_file(&id) ? module_from_file(&id) : NULL;
}

struct module *find_loaded_module(const UNICODE_STRING *name, bool by_file)
{
    const char *host = api_set_host(name);
    struct module *module = NULL;
    UNICODE_STRING file_name, full;

    if (host) {
        WCHAR wide[64];
        ULONG length = 0;
        while (host[length]) wide[length] = (unsigned char)host[length], length++;
        UNICODE_STRING host_name = {length * sizeof(WCHAR), length * sizeof(WCHAR), wide};
        return module_from_base_name(&host_name);
    }
    if (!NT_SUCCESS(dll_file_name(name, &file_name))) return NULL;
    if (!has_directory(&file_name)) {
        // Of several modules of one name an activation context says which one is meant.
        if (actctx_redirect(&file_name, &full)) {
            module = module_from_full_name(&full);
            RtlFreeHeap(process_heap(), 0, full.Buffer);
        } else {
            module = module_from_base_name(&file_name);
        }
    } else if (NT_SUCCESS(full_path_of(file_name.Buffer, &full))) {
        module = module_from_full_name(&full);
        if (!module && by_file) module = module_of_path(&full);
        RtlFreeHeap(process_heap(), 0, full.Buffer);
    }
    RtlFreeHeap(process_heap(), 0, file_name.Buffer);
    return module;
}

NTSTATUS load_module(const struct search *search, const UNICODE_STRING *name, struct module **module)
{
    const char *host = api_set_host(name);
    UNICODE_STRING file_name, full_path;
    NTSTATUS status;

    if (host) return load_module_by_ansi_name(search, host, strlen(host), module);
    *module = find_loaded_module(name, false);
    if (*module) return (*module)->node.State == LdrModulesSnapError ? STATUS_DLL_NOT_FOUND : STATUS_SUCCESS;
    status = dll_file_name(name, &file_name);
    if (!NT_SUCCESS(status)) return status;
    if (!has_directory(&file_name) && actctx_redirect(&file_name, &full_path))
        status = STATUS_SUCCESS;
    else
        status = search_dll(search, &file_name, &full_path);
    RtlFreeHeap(process_heap(), 0, file_name.Buffer);
    if (!NT_SUCCESS(status)) return status;
    *module = module_from_full_name(&full_path);
    if (!*module) {
        struct search own = *search;
        if (has_directory(name)) own.directory = directory_of(&full_path);
        status = load_file(&own, &full_path, module);
    }
    RtlFreeHeap(process_heap(), 0, full_path.Buffer);
    return status;
}

NTSTATUS load_module_by_ansi_name(const struct search *search, const char *name, size_t length,
                                  struct module **module)
{
    WCHAR buffer[MAX_PATH];
    ULONG bytes = 0;
    UNICODE_STRING wide = {0, sizeof(buffer), buffer};

    if (length >= MAX_PATH) return STATUS_DLL_NOT_FOUND;
    RtlMultiByteToUnicodeN(buffer, sizeof(buffer), &bytes, name, length);
    wide.Length = bytes;
    // Import tables name files; what has no extension gets ".dll" as everywhere.
    return load_module(search, &wide, module);
}

// Loads a DLL and takes a reference. path: a search path, or search flags with bit 0 set (as kernelbase
// passes them), or NULL. STATUS_DLL_NOT_FOUND, STATUS_DLL_INIT_FAILED, what mapping and linking return.
NTSTATUS NTAPI LdrLoadDll(PWSTR path, PULONG characteristics, const UNICODE_STRING *name, PVOID *base)
{
    struct search search = {0};
    struct module *module = NULL;
    NTSTATUS status;

    *base = NULL;
    if (!name || !name->Length) return STATUS_DLL_NOT_FOUND;
    if ((ULONG_PTR)path & 1)
        search.flags = (ULONG)(ULONG_PTR)path & ~1u;
    else
        search.path = path;
    if (characteristics && (*characteristics & IMAGE_FILE_EXECUTABLE_IMAGE))
        search.flags |= DONT_RESOLVE_DLL_REFERENCES;
    RtlEnterCriticalSection(&loader_lock);
    status = load_module(&search, name, &module);
    if (NT_SUCCESS(status)) {
        bool first = module->node.LoadCount == 0;
        if (module->node.LoadCount != PINNED) module->node.LoadCount++;
        status = initialize_module(module, NULL);
        if (!NT_SUCCESS(status) && first) module->node.LoadCount = 0;
    }
    if (NT_SUCCESS(status))
        *base = module->entry.DllBase;
    else
        collect_modules();
    load_error_clear();
    RtlLeaveCriticalSection(&loader_lock);
    return status;
}
