// Modules: handles, names, loading, entry points, and the DLL search directories.
#include "base.h"
#include "module_data.h"

// ---- handles ----

// The base of the image that contains address, or NULL.
static HMODULE module_from_address(const void *address)
{
    void *base = NULL;
    return RtlPcToFileHeader((void *)address, &base) ? (HMODULE)base : NULL;
}

HOTPATCH BOOL WINAPI GetModuleHandleExW(DWORD flags, const WCHAR *name, HMODULE *module)
{
    const DWORD known = GET_MODULE_HANDLE_EX_FLAG_PIN | GET_MODULE_HANDLE_EX_FLAG_UNCHANGED_REFCOUNT |
                        GET_MODULE_HANDLE_EX_FLAG_FROM_ADDRESS;
    if (!module) return fail_with(ERROR_INVALID_PARAMETER);
    *module = NULL;
    if ((flags & ~known) ||
        ((flags & GET_MODULE_HANDLE_EX_FLAG_PIN) && (flags & GET_MODULE_HANDLE_EX_FLAG_UNCHANGED_REFCOUNT)))
        return fail_with(ERROR_INVALID_PARAMETER);
    if (!name && (flags & GET_MODULE_HANDLE_EX_FLAG_FROM_ADDRESS)) return fail_with(ERROR_INVALID_PARAMETER);

    HMODULE found = NULL;
    if (!name) {
        found = (HMODULE)peb_self()->ImageBaseAddress;
    } else if (flags & GET_MODULE_HANDLE_EX_FLAG_FROM_ADDRESS) {
        found = module_from_address(name);
        if (!found) return fail_with(ERROR_MOD_NOT_FOUND);
    } else {
        UNICODE_STRING text;
        HANDLE handle = NULL;
        RtlInitUnicodeString(&text, name);
        NTSTATUS status = LdrGetDllHandle(NULL, NULL, &text, (void *)&handle);
        if (status == STATUS_DLL_NOT_FOUND) return fail_with(ERROR_MOD_NOT_FOUND);
        if (!bool_from_status(status)) return FALSE;
        found = (HMODULE)handle;
    }
    if (!(flags & GET_MODULE_HANDLE_EX_FLAG_UNCHANGED_REFCOUNT)) {
        NTSTATUS status =
            LdrAddRefDll(flags & GET_MODULE_HANDLE_EX_FLAG_PIN ? LDR_ADDREF_DLL_PIN : 0, (void *)found);
        if (!bool_from_status(status)) return FALSE;
    }
    *module = found;
    return TRUE;
}

HOTPATCH BOOL WINAPI GetModuleHandleExA(DWORD flags, const char *name, HMODULE *module)
{
    if (!name || (flags & GET_MODULE_HANDLE_EX_FLAG_FROM_ADDRESS))
        return GetModuleHandleExW(flags, (const WCHAR *)name, module);
    AUTO_FREE WCHAR *wide = wide_from_ansi(name);
    if (!wide) {
        if (module) *module = NULL;
        return FALSE;
    }
    return GetModuleHandleExW(flags, wide, module);
}

// No reference is taken: the handle is good as long as somebody else holds the module.
HOTPATCH HMODULE WINAPI GetModuleHandleW(const WCHAR *name)
{
    HMODULE module = NULL;
    GetModuleHandleExW(GET_MODULE_HANDLE_EX_FLAG_UNCHANGED_REFCOUNT, name, &module);
    return module;
}

HOTPATCH HMODULE WINAPI GetModuleHandleA(const char *name)
{
    HMODULE module = NULL;
    GetModuleHandleExA(GET_MODULE_HANDLE_EX_FLAG_UNCHANGED_REFCOUNT, name, &module);
    return module;
}

// ---- names ----

// Calls use with the full name of a loaded module, under the loader's lock. False: no such module.
static bool with_module_name(HMODULE module, void (*use)(const UNICODE_STRING *name, void *context),
                             void *context)
{
    ULONG_PTR cookie = 0;
    ULONG disposition = 0;
    bool found = false;
    if (!module) module = (HMODULE)peb_self()->ImageBaseAddress;
    LdrLockLoaderLock(0, &disposition, &cookie);
    LIST_ENTRY *head = &peb_self()->Ldr->InLoadOrderModuleList;
    for (LIST_ENTRY *at = head->Flink; at != head && !found; at = at->Flink) {
        LDR_DATA_TABLE_ENTRY *entry = CONTAINING_RECORD(at, LDR_DATA_TABLE_ENTRY, InLoadOrderLinks);
        if (entry->DllBase != (void *)module) continue;
        use(&entry->FullDllName, context);
        found = true;
    }
    LdrUnlockLoaderLock(0, cookie);
    return found;
}

struct name_copy {
    WCHAR *buffer;
    DWORD size;
    DWORD length; // of the whole name
};

static void copy_module_name(const UNICODE_STRING *name, void *context)
{
    struct name_copy *copy = context;
    copy->length = name->Length / sizeof(WCHAR);
    DWORD n = copy->length < copy->size ? copy->length : copy->size;
    memcpy(copy->buffer, name->Buffer, n * sizeof(WCHAR));
}

// A name that doesn't fit is cut, ended by NUL, and ERROR_INSUFFICIENT_BUFFER set; the result is then size.
HOTPATCH DWORD WINAPI GetModuleFileNameW(HMODULE module, WCHAR *buffer, DWORD size)
{
    struct name_copy copy = {buffer, size, 0};
    if (module_is_data(module) || !with_module_name(module, copy_module_name, &copy)) {
        SetLastError(ERROR_MOD_NOT_FOUND);
        return 0;
    }
    if (copy.length < size) {
        buffer[copy.length] = 0;
        SetLastError(ERROR_SUCCESS);
        return copy.length;
    }
    if (size) buffer[size - 1] = 0;
    SetLastError(ERROR_INSUFFICIENT_BUFFER);
    return size;
}

HOTPATCH DWORD WINAPI GetModuleFileNameA(HMODULE module, char *buffer, DWORD size)
{
    const DWORD limit = 32768;
    AUTO_FREE WCHAR *wide = heap_alloc(limit * sizeof(WCHAR));
    if (!wide) return 0;
    DWORD length = GetModuleFileNameW(module, wide, limit);
    if (!length) return 0;
    AUTO_FREE char *ansi = heap_alloc(length * 4 + 1);
    if (!ansi) return 0;
    DWORD bytes = file_ansi_from_wide(ansi, length * 4 + 1, wide, length);
    if (bytes < size) {
        memcpy(buffer, ansi, bytes + 1);
        SetLastError(ERROR_SUCCESS);
        return bytes;
    }
    if (size) {
        memcpy(buffer, ansi, size - 1);
        buffer[size - 1] = 0;
    }
    SetLastError(ERROR_INSUFFICIENT_BUFFER);
    return size;
}

// ---- loading ----

#ifndef LOAD_LIBRARY_SAFE_CURRENT_DIRS
#define LOAD_LIBRARY_SAFE_CURRENT_DIRS 0x2000
#endif
#define SEARCH_FLAGS                                                                                         \
    (LOAD_LIBRARY_SEARCH_DLL_LOAD_DIR | LOAD_LIBRARY_SEARCH_APPLICATION_DIR |                                \
     LOAD_LIBRARY_SEARCH_USER_DIRS | LOAD_LIBRARY_SEARCH_SYSTEM32 | LOAD_LIBRARY_SEARCH_DEFAULT_DIRS)

HOTPATCH HMODULE WINAPI LoadLibraryExW(const WCHAR *name, HANDLE file, DWORD flags)
{
    const DWORD data_flags =
        LOAD_LIBRARY_AS_DATAFILE | LOAD_LIBRARY_AS_DATAFILE_EXCLUSIVE | LOAD_LIBRARY_AS_IMAGE_RESOURCE;
    const DWORD known = data_flags | DONT_RESOLVE_DLL_REFERENCES | LOAD_WITH_ALTERED_SEARCH_PATH |
                        SEARCH_FLAGS | LOAD_IGNORE_CODE_AUTHZ_LEVEL | LOAD_LIBRARY_REQUIRE_SIGNED_TARGET |
                        LOAD_LIBRARY_SAFE_CURRENT_DIRS;
    if (!name || file || (flags & ~known) ||
        ((flags & LOAD_WITH_ALTERED_SEARCH_PATH) && (flags & SEARCH_FLAGS))) {
        SetLastError(ERROR_INVALID_PARAMETER);
        return NULL;
    }
    SIZE_T length = wide_length(name);
    // Windows ignores spaces at the end; a name of nothing else is invalid.
    while (length && name[length - 1] == ' ') length--;
    if (!length || length > 0x7FFF) {
        SetLastError(length ? ERROR_FILENAME_EXCED_RANGE : ERROR_INVALID_PARAMETER);
        return NULL;
    }
    if (flags & data_flags) {
        // A module that is loaded already serves as its own resource image.
        HMODULE loaded = NULL;
        if (!(flags & LOAD_LIBRARY_AS_DATAFILE_EXCLUSIVE) && GetModuleHandleExW(0, name, &loaded))
            return loaded;
        return module_data_load(name, flags);
    }
    UNICODE_STRING text = {(USHORT)(length * sizeof(WCHAR)), (USHORT)(length * sizeof(WCHAR)), (WCHAR *)name};
    HANDLE module = NULL;
    ULONG characteristics = flags & DONT_RESOLVE_DLL_REFERENCES ? IMAGE_FILE_EXECUTABLE_IMAGE : 0;
    // The loader takes search flags in place of a path when the lowest bit is set.
    DWORD search = flags & (SEARCH_FLAGS | LOAD_WITH_ALTERED_SEARCH_PATH);
    WCHAR *search_path = search ? (WCHAR *)(ULONG_PTR)(search | 1) : NULL;
    NTSTATUS status = LdrLoadDll(search_path, &characteristics, &text, (void *)&module);
    if (status == STATUS_DLL_NOT_FOUND) {
        SetLastError(ERROR_MOD_NOT_FOUND);
        return NULL;
    }
    return bool_from_status(status) ? (HMODULE)module : NULL;
}

HOTPATCH HMODULE WINAPI LoadLibraryExA(const char *name, HANDLE file, DWORD flags)
{
    AUTO_FREE WCHAR *wide = wide_from_file_ansi(name);
    return conversion_failed(name, wide) ? NULL : LoadLibraryExW(wide, file, flags);
}

HOTPATCH HMODULE WINAPI LoadLibraryW(const WCHAR *name)
{
    return LoadLibraryExW(name, NULL, 0);
}

HOTPATCH HMODULE WINAPI LoadLibraryA(const char *name)
{
    return LoadLibraryExA(name, NULL, 0);
}

HOTPATCH BOOL WINAPI FreeLibrary(HMODULE module)
{
    if (module_is_data(module)) return module_data_free(module);
    NTSTATUS status = LdrUnloadDll((void *)module);
    if (status == STATUS_DLL_NOT_FOUND) return fail_with(ERROR_MOD_NOT_FOUND);
    return bool_from_status(status);
}

HOTPATCH void WINAPI FreeLibraryAndExitThread(HMODULE module, DWORD code)
{
    FreeLibrary(module);
    RtlExitUserThread(code);
}

HOTPATCH BOOL WINAPI DisableThreadLibraryCalls(HMODULE module)
{
    return bool_from_status(LdrDisableThreadCalloutsForDll((void *)module));
}

// name is a name or an ordinal below 10000h.
HOTPATCH FARPROC WINAPI GetProcAddress(HMODULE module, const char *name)
{
    void *address = NULL;
    NTSTATUS status;
    if (!module) module = (HMODULE)peb_self()->ImageBaseAddress;
    if ((ULONG_PTR)name >> 16) {
        ANSI_STRING text;
        RtlInitAnsiString(&text, name);
        status = LdrGetProcedureAddress((void *)module, &text, 0, &address);
    } else {
        status = LdrGetProcedureAddress((void *)module, NULL, (ULONG)(ULONG_PTR)name, &address);
    }
    if (status == STATUS_DLL_NOT_FOUND) {
        SetLastError(ERROR_MOD_NOT_FOUND);
        return NULL;
    }
    return bool_from_status(status) ? (FARPROC)address : NULL;
}

// ---- search directories ----

HOTPATCH BOOL WINAPI SetDllDirectoryW(const WCHAR *directory)
{
    UNICODE_STRING text;
    RtlInitUnicodeString(&text, directory);
    // The list separator would smuggle in a second directory.
    for (SIZE_T i = 0; i < text.Length / sizeof(WCHAR); i++)
        if (directory[i] == ';') return fail_with(ERROR_INVALID_PARAMETER);
    return bool_from_status(LdrSetDllDirectory(&text));
}

HOTPATCH BOOL WINAPI SetDllDirectoryA(const char *directory)
{
    AUTO_FREE WCHAR *wide = wide_from_file_ansi(directory);
    return conversion_failed(directory, wide) ? FALSE : SetDllDirectoryW(wide);
}

HOTPATCH DWORD WINAPI GetDllDirectoryW(DWORD size, WCHAR *buffer)
{
    UNICODE_STRING text = {0, (USHORT)(size > 0x7FFF ? 0xFFFE : size * sizeof(WCHAR)), buffer};
    NTSTATUS status = LdrGetDllDirectory(&text);
    DWORD length = text.Length / sizeof(WCHAR);
    if (NT_SUCCESS(status)) {
        if (size && !length) buffer[0] = 0;
        return length;
    }
    if (status != STATUS_BUFFER_TOO_SMALL) {
        set_error_from_status(status);
        return 0;
    }
    if (size) buffer[0] = 0;
    return length;
}

HOTPATCH DWORD WINAPI GetDllDirectoryA(DWORD size, char *buffer)
{
    AUTO_FREE WCHAR *wide = heap_alloc(0x8000 * sizeof(WCHAR));
    if (!wide) return 0;
    DWORD length = GetDllDirectoryW(0x7FFF, wide);
    DWORD result = file_ansi_from_wide(buffer, size, wide, length);
    if (size && result >= size) buffer[0] = 0;
    return result;
}

HOTPATCH DLL_DIRECTORY_COOKIE WINAPI AddDllDirectory(const WCHAR *directory)
{
    UNICODE_STRING text;
    DLL_DIRECTORY_COOKIE cookie = NULL;
    RtlInitUnicodeString(&text, directory);
    return bool_from_status(LdrAddDllDirectory(&text, &cookie)) ? cookie : NULL;
}

HOTPATCH BOOL WINAPI RemoveDllDirectory(DLL_DIRECTORY_COOKIE cookie)
{
    return bool_from_status(LdrRemoveDllDirectory(cookie));
}

HOTPATCH BOOL WINAPI SetDefaultDllDirectories(DWORD flags)
{
    return bool_from_status(LdrSetDefaultDllDirectories(flags));
}
