// Modules mapped as data: mapping, freeing, and the files that exclusive mappings hold.
#include "module_data.h"

// A handle's low bits say that the module was mapped as data (1) or as an image resource (2).
#define MODULE_DATAFILE       1u
#define MODULE_IMAGE_RESOURCE 2u
#define MODULE_TAGS           3u

// The file stays open as long as the module does, so that its share mode keeps writers away.
struct exclusive_file {
    struct exclusive_file *next;
    HMODULE module;
    HANDLE file;
};
static RTL_SRWLOCK lock = RTL_SRWLOCK_INIT;
static struct exclusive_file *exclusive_files; // under lock

bool module_is_data(HMODULE module)
{
    return ((ULONG_PTR)module & MODULE_TAGS) != 0;
}

// Takes the file over; false when memory is short.
static bool keep_file(HMODULE module, HANDLE file)
{
    struct exclusive_file *entry = heap_alloc(sizeof(*entry));
    if (!entry) return false;
    entry->module = module;
    entry->file = file;
    RtlAcquireSRWLockExclusive(&lock);
    entry->next = exclusive_files;
    exclusive_files = entry;
    RtlReleaseSRWLockExclusive(&lock);
    return true;
}

static void release_file(HMODULE module)
{
    struct exclusive_file *found = NULL;
    RtlAcquireSRWLockExclusive(&lock);
    for (struct exclusive_file **at = &exclusive_files; *at && !found; at = &(*at)->next) {
        if ((*at)->module != module) continue;
        found = *at;
        *at = found->next;
        break;
    }
    RtlReleaseSRWLockExclusive(&lock);
    if (!found) return;
    NtClose(found->file);
    heap_free(found);
}

static NTSTATUS map_file(HANDLE file, bool image, void **base)
{
    HANDLE section;
    NTSTATUS status = NtCreateSection(&section, SECTION_MAP_READ | SECTION_QUERY, NULL, NULL, PAGE_READONLY,
                                      image ? SEC_IMAGE : SEC_COMMIT, file);
    if (!NT_SUCCESS(status)) return status;
    SIZE_T size = 0;
    *base = NULL;
    status =
        NtMapViewOfSection(section, NtCurrentProcess(), base, 0, 0, NULL, &size, ViewShare, 0, PAGE_READONLY);
    NtClose(section);
    if (!NT_SUCCESS(status) || image || RtlImageNtHeader(*base)) return status;
    NtUnmapViewOfSection(NtCurrentProcess(), *base);
    return STATUS_INVALID_IMAGE_FORMAT;
}

HMODULE module_data_load(const WCHAR *name, DWORD flags)
{
    WCHAR path[MAX_PATH];
    DWORD length = SearchPathW(NULL, name, L".dll", MAX_PATH, path, NULL);
    if (!length || length >= MAX_PATH) {
        SetLastError(ERROR_FILE_NOT_FOUND);
        return NULL;
    }
    HANDLE file =
        CreateFileW(path, GENERIC_READ, FILE_SHARE_READ | FILE_SHARE_DELETE, NULL, OPEN_EXISTING, 0, NULL);
    if (file == INVALID_HANDLE_VALUE) return NULL;
    bool image = flags & LOAD_LIBRARY_AS_IMAGE_RESOURCE,
         exclusive = flags & LOAD_LIBRARY_AS_DATAFILE_EXCLUSIVE;
    void *base;
    NTSTATUS status = map_file(file, image, &base);
    HMODULE module = (HMODULE)((ULONG_PTR)base | (image ? MODULE_IMAGE_RESOURCE : MODULE_DATAFILE));
    if (NT_SUCCESS(status) && exclusive && !keep_file(module, file)) {
        NtUnmapViewOfSection(NtCurrentProcess(), base);
        status = STATUS_NO_MEMORY;
    }
    if (!NT_SUCCESS(status) || !exclusive) NtClose(file);
    return bool_from_status(status) ? module : NULL;
}

BOOL module_data_free(HMODULE module)
{
    void *base = (void *)((ULONG_PTR)module & ~(ULONG_PTR)MODULE_TAGS);
    if (!RtlImageNtHeader(base)) return fail_with(ERROR_BAD_EXE_FORMAT);
    release_file(module);
    return bool_from_status(NtUnmapViewOfSection(NtCurrentProcess(), base));
}
