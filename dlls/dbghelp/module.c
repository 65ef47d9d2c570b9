// The modules of a session, and what is told of them.
#include "session.h"
#include <psapi.h>
#include <stddef.h>

#ifndef SLMFLAG_NO_SYMBOLS // dbghelp.h of the SDK: the module is known, its symbols are not looked for
#define SLMFLAG_NO_SYMBOLS 4
#endif

enum { MODULES_MAX = 1024 };

static void name_from_path(struct module *module)
{
    const WCHAR *file = module->path, *dot = NULL;
    for (const WCHAR *at = module->path; *at; at++)
        if (*at == '\\' || *at == '/') file = at + 1;
    lstrcpynW(module->name, file, MODULE_NAME_MAX);
    for (const WCHAR *at = module->name; *at; at++)
        if (*at == '.') dot = at;
    if (dot) module->name[dot - module->name] = 0;
}

// Size, time and checksum by the headers: of the process's memory, else of the file.
static bool read_headers(struct session *session, struct module *module)
{
    BYTE page[4096];
    SIZE_T got = 0;
    DWORD read = 0;
    if (!ReadProcessMemory(session->process, (void *)(ULONG_PTR)module->base, page, sizeof(page), &got)) {
        HANDLE file = CreateFileW(module->path, GENERIC_READ, FILE_SHARE_READ | FILE_SHARE_DELETE, NULL,
                                  OPEN_EXISTING, 0, NULL);
        if (file == INVALID_HANDLE_VALUE) return false;
        ReadFile(file, page, sizeof(page), &read, NULL);
        CloseHandle(file);
        got = read;
    }
    const IMAGE_DOS_HEADER *dos = (IMAGE_DOS_HEADER *)page;
    if (got < sizeof(*dos) || dos->e_magic != IMAGE_DOS_SIGNATURE || dos->e_lfanew < 0 ||
        (SIZE_T)dos->e_lfanew + sizeof(IMAGE_NT_HEADERS32) > got)
        return debug_fail(ERROR_BAD_EXE_FORMAT);
    const IMAGE_NT_HEADERS32 *nt = (IMAGE_NT_HEADERS32 *)(page + dos->e_lfanew);
    if (nt->Signature != IMAGE_NT_SIGNATURE) return debug_fail(ERROR_BAD_EXE_FORMAT);
    if (!module->size) module->size = nt->OptionalHeader.SizeOfImage;
    if (!module->base) module->base = nt->OptionalHeader.ImageBase;
    module->stamp = nt->FileHeader.TimeDateStamp;
    module->checksum = nt->OptionalHeader.CheckSum;
    return true;
}

// Adds a module; one that is there already at this base is left as it is. A size of 0 is taken from the file.
// NULL with the last error set.
static struct module *module_add(struct session *session, const WCHAR *path, DWORD base, DWORD size)
{
    for (struct module *at = session->modules; base && at; at = at->next)
        if (at->base == base) return at;
    struct module *module = debug_alloc(sizeof(*module));
    if (!module) return NULL;
    lstrcpynW(module->path, path, MAX_PATH);
    name_from_path(module);
    module->base = base;
    module->size = size;
    module->kind = SymDeferred;
    if (!read_headers(session, module) && !(base && size)) {
        debug_free(module);
        return NULL;
    }
    struct module **end = &session->modules;
    while (*end) end = &(*end)->next;
    *end = module;
    return module;
}

static void module_free(struct module *module)
{
    debug_free(module->symbols);
    debug_free(module->strings);
    debug_free(module);
}

void module_free_all(struct session *session)
{
    while (session->modules) {
        struct module *module = session->modules;
        session->modules = module->next;
        module_free(module);
    }
}

struct module *module_at(struct session *session, DWORD64 address)
{
    for (struct module *module = session->modules; module; module = module->next)
        if (address >= module->base && address - module->base < module->size) return module;
    SetLastError(ERROR_MOD_NOT_FOUND);
    return NULL;
}

// ---- what a process has loaded ----

// Calls for each module until that says no. False with the last error set when they can't be listed.
static bool for_each_loaded(HANDLE process,
                            bool (*tell)(const WCHAR *path, DWORD base, DWORD size, void *context),
                            void *context)
{
    DWORD needed;
    HMODULE *list = debug_alloc(MODULES_MAX * sizeof(*list));
    bool listed = list && K32EnumProcessModules(process, list, MODULES_MAX * sizeof(*list), &needed);
    DWORD count = listed ? needed / sizeof(*list) : 0;
    for (DWORD i = 0; i < count && i < MODULES_MAX; i++) {
        WCHAR path[MAX_PATH];
        MODULEINFO info;
        // One that went meanwhile is none.
        if (!K32GetModuleFileNameExW(process, list[i], path, MAX_PATH) ||
            !K32GetModuleInformation(process, list[i], &info, sizeof(info)))
            continue;
        if (!tell(path, (DWORD)(ULONG_PTR)info.lpBaseOfDll, info.SizeOfImage, context)) break;
    }
    debug_free(list);
    return listed;
}

static bool add_loaded(const WCHAR *path, DWORD base, DWORD size, void *session)
{
    return module_add(session, path, base, size) != NULL;
}

bool module_add_all(struct session *session)
{
    return for_each_loaded(session->process, add_loaded, session);
}

struct told {
    BOOL(CALLBACK *narrow)(PCSTR path, DWORD base, ULONG size, PVOID context);
    PENUMLOADED_MODULES_CALLBACK64 narrow64;
    PENUMLOADED_MODULES_CALLBACKW64 wide64;
    void *context;
};

static bool tell_loaded(const WCHAR *path, DWORD base, DWORD size, void *context)
{
    struct told *told = context;
    char text[MAX_PATH];
    if (told->wide64) return told->wide64(path, base, size, told->context);
    debug_narrow(path, text, sizeof(text));
    return told->narrow ? told->narrow(text, base, size, told->context)
                        : told->narrow64(text, base, size, told->context);
}

static BOOL enumerate_loaded(HANDLE process, struct told told)
{
    if (!told.narrow && !told.narrow64 && !told.wide64) return debug_fail(ERROR_INVALID_PARAMETER);
    return for_each_loaded(process, tell_loaded, &told);
}

HOTPATCH BOOL WINAPI EnumerateLoadedModules(HANDLE process, PENUMLOADED_MODULES_CALLBACK callback,
                                            PVOID context)
{
    return enumerate_loaded(process, (struct told){.narrow = callback, .context = context});
}

HOTPATCH BOOL WINAPI EnumerateLoadedModules64(HANDLE process, PENUMLOADED_MODULES_CALLBACK64 callback,
                                              PVOID context)
{
    return enumerate_loaded(process, (struct told){.narrow64 = callback, .context = context});
}

HOTPATCH BOOL WINAPI EnumerateLoadedModulesW64(HANDLE process, PENUMLOADED_MODULES_CALLBACKW64 callback,
                                               PVOID context)
{
    return enumerate_loaded(process, (struct told){.wide64 = callback, .context = context});
}

// ---- the calls on a session's modules ----

static bool full_path(const WCHAR *image, WCHAR path[MAX_PATH])
{
    DWORD length = SearchPathW(NULL, image, NULL, MAX_PATH, path, NULL);
    if (!length || length >= MAX_PATH) lstrcpynW(path, image, MAX_PATH);
    return length && length < MAX_PATH;
}

HOTPATCH DWORD64 WINAPI SymLoadModuleExW(HANDLE process, HANDLE file, PCWSTR image, PCWSTR name, DWORD64 base,
                                         DWORD size, PMODLOAD_DATA data, DWORD flags)
{
    struct session *session = session_find(process);
    WCHAR path[MAX_PATH] = L"";
    if (!session) return 0;
    if (data || flags & ~(DWORD)SLMFLAG_NO_SYMBOLS || base >> 32) return debug_fail(ERROR_INVALID_PARAMETER);
    for (struct module *at = session->modules; base && at; at = at->next)
        if (at->base == base) return debug_fail(ERROR_SUCCESS);
    if (image)
        full_path(image, path);
    else if (file)
        GetFinalPathNameByHandleW(file, path, MAX_PATH, 0);
    else if (!base)
        return debug_fail(ERROR_INVALID_PARAMETER);
    struct module *module = module_add(session, path, (DWORD)base, size);
    if (!module) return 0;
    if (name) lstrcpynW(module->name, name, MODULE_NAME_MAX);
    if (flags & SLMFLAG_NO_SYMBOLS) module->looked = true, module->kind = SymNone;
    SetLastError(ERROR_SUCCESS);
    return module->base;
}

HOTPATCH DWORD64 WINAPI SymLoadModuleEx(HANDLE process, HANDLE file, PCSTR image, PCSTR name, DWORD64 base,
                                        DWORD size, PMODLOAD_DATA data, DWORD flags)
{
    WCHAR *wide_image = debug_wide(image), *wide_name = debug_wide(name);
    DWORD64 loaded = SymLoadModuleExW(process, file, wide_image, wide_name, base, size, data, flags);
    debug_free(wide_image);
    debug_free(wide_name);
    return loaded;
}

HOTPATCH DWORD64 WINAPI SymLoadModule64(HANDLE process, HANDLE file, PCSTR image, PCSTR name, DWORD64 base,
                                        DWORD size)
{
    return SymLoadModuleEx(process, file, image, name, base, size, NULL, 0);
}

HOTPATCH DWORD WINAPI SymLoadModule(HANDLE process, HANDLE file, PCSTR image, PCSTR name, DWORD base,
                                    DWORD size)
{
    return (DWORD)SymLoadModuleEx(process, file, image, name, base, size, NULL, 0);
}

HOTPATCH BOOL WINAPI SymUnloadModule64(HANDLE process, DWORD64 base)
{
    struct session *session = session_find(process);
    if (!session) return FALSE;
    for (struct module **at = &session->modules; *at; at = &(*at)->next) {
        struct module *module = *at;
        if (module->base != base) continue;
        *at = module->next;
        module_free(module);
        return TRUE;
    }
    return debug_fail(ERROR_INVALID_PARAMETER);
}

HOTPATCH BOOL WINAPI SymUnloadModule(HANDLE process, DWORD base)
{
    return SymUnloadModule64(process, base);
}

HOTPATCH DWORD64 WINAPI SymGetModuleBase64(HANDLE process, DWORD64 address)
{
    struct session *session = session_find(process);
    struct module *module = session ? module_at(session, address) : NULL;
    return module ? module->base : 0;
}

HOTPATCH DWORD WINAPI SymGetModuleBase(HANDLE process, DWORD address)
{
    return (DWORD)SymGetModuleBase64(process, address);
}

HOTPATCH BOOL WINAPI SymEnumerateModulesW64(HANDLE process, PSYM_ENUMMODULES_CALLBACKW64 callback,
                                            PVOID context)
{
    struct session *session = session_find(process);
    if (!session || !callback) return session ? debug_fail(ERROR_INVALID_PARAMETER) : FALSE;
    for (struct module *at = session->modules, *next; at; at = next) {
        next = at->next; // the callback may unload it
        if (!callback(at->name, at->base, context)) break;
    }
    return TRUE;
}

HOTPATCH BOOL WINAPI SymEnumerateModules64(HANDLE process, PSYM_ENUMMODULES_CALLBACK64 callback,
                                           PVOID context)
{
    struct session *session = session_find(process);
    if (!session || !callback) return session ? debug_fail(ERROR_INVALID_PARAMETER) : FALSE;
    for (struct module *at = session->modules, *next; at; at = next) {
        char name[MODULE_NAME_MAX];
        next = at->next;
        debug_narrow(at->name, name, sizeof(name));
        if (!callback(name, at->base, context)) break;
    }
    return TRUE;
}

// Structures have grown: as much as the program knows is filled, and no less than the first form had.
#define FILL_MODULE(info, text_copy)                                                                         \
    do {                                                                                                     \
        (info).BaseOfImage = module->base;                                                                   \
        (info).ImageSize = module->size;                                                                     \
        (info).TimeDateStamp = module->stamp;                                                                \
        (info).CheckSum = module->checksum;                                                                  \
        (info).NumSyms = module->count;                                                                      \
        (info).SymType = module->kind;                                                                       \
        text_copy(module->name, (info).ModuleName, ARRAY_LENGTH((info).ModuleName));                         \
        text_copy(module->path, (info).ImageName, ARRAY_LENGTH((info).ImageName));                           \
        text_copy(module->path, (info).LoadedImageName, ARRAY_LENGTH((info).LoadedImageName));               \
    } while (0)

static void copy_wide(const WCHAR *text, WCHAR *buffer, int size)
{
    lstrcpynW(buffer, text, size);
}

static struct module *module_to_tell(HANDLE process, DWORD64 address, DWORD size, DWORD least, DWORD most)
{
    struct session *session = session_find(process);
    if (!session) return NULL;
    if (size < least || size > most) {
        SetLastError(ERROR_INVALID_PARAMETER);
        return NULL;
    }
    struct module *module = module_at(session, address);
    if (module && !(SymGetOptions() & SYMOPT_DEFERRED_LOADS)) symbols_read(session, module);
    return module;
}

HOTPATCH BOOL WINAPI SymGetModuleInfo64(HANDLE process, DWORD64 address, PIMAGEHLP_MODULE64 told)
{
    IMAGEHLP_MODULE64 info = {.SizeOfStruct = told->SizeOfStruct, .MachineType = IMAGE_FILE_MACHINE_I386};
    struct module *module = module_to_tell(process, address, info.SizeOfStruct,
                                           offsetof(IMAGEHLP_MODULE64, LoadedPdbName), sizeof(info));
    if (!module) return FALSE;
    FILL_MODULE(info, debug_narrow);
    memcpy(told, &info, info.SizeOfStruct);
    return TRUE;
}

HOTPATCH BOOL WINAPI SymGetModuleInfoW64(HANDLE process, DWORD64 address, PIMAGEHLP_MODULEW64 told)
{
    IMAGEHLP_MODULEW64 info = {.SizeOfStruct = told->SizeOfStruct, .MachineType = IMAGE_FILE_MACHINE_I386};
    struct module *module = module_to_tell(process, address, info.SizeOfStruct,
                                           offsetof(IMAGEHLP_MODULEW64, LoadedPdbName), sizeof(info));
    if (!module) return FALSE;
    FILL_MODULE(info, copy_wide);
    memcpy(told, &info, info.SizeOfStruct);
    return TRUE;
}

HOTPATCH BOOL WINAPI SymGetModuleInfo(HANDLE process, DWORD address, PIMAGEHLP_MODULE told)
{
    IMAGEHLP_MODULE info = {.SizeOfStruct = told->SizeOfStruct};
    struct module *module = module_to_tell(process, address, info.SizeOfStruct, sizeof(info), sizeof(info));
    if (!module) return FALSE;
    FILL_MODULE(info, debug_narrow);
    *told = info;
    return TRUE;
}
