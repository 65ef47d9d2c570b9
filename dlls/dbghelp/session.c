// Sessions: SymInitialize to SymCleanup, options, search paths.
#include "session.h"

static struct session *sessions;
static DWORD options = SYMOPT_UNDNAME;

void *debug_alloc(SIZE_T size)
{
    void *memory = HeapAlloc(GetProcessHeap(), HEAP_ZERO_MEMORY, size);
    if (!memory) SetLastError(ERROR_NOT_ENOUGH_MEMORY);
    return memory;
}

void *debug_resize(void *memory, SIZE_T size)
{
    if (!memory) return debug_alloc(size);
    void *grown = HeapReAlloc(GetProcessHeap(), HEAP_ZERO_MEMORY, memory, size);
    if (!grown) SetLastError(ERROR_NOT_ENOUGH_MEMORY);
    return grown;
}

void debug_free(void *memory)
{
    if (memory) HeapFree(GetProcessHeap(), 0, memory);
}

WCHAR *debug_wide(const char *text)
{
    if (!text) return NULL;
    int length = MultiByteToWideChar(CP_ACP, 0, text, -1, NULL, 0);
    WCHAR *wide = debug_alloc((SIZE_T)length * sizeof(WCHAR));
    if (wide) MultiByteToWideChar(CP_ACP, 0, text, -1, wide, length);
    return wide;
}

void debug_narrow(const WCHAR *text, char *buffer, int size)
{
    int length = WideCharToMultiByte(CP_ACP, 0, text, -1, NULL, 0, NULL, NULL);
    char *whole = length > 0 ? debug_alloc((SIZE_T)length) : NULL;
    if (whole) WideCharToMultiByte(CP_ACP, 0, text, -1, whole, length, NULL, NULL);
    if (size > 0) lstrcpynA(buffer, whole ? whole : "", size);
    debug_free(whole);
}

struct session *session_find(HANDLE process)
{
    for (struct session *session = sessions; session; session = session->next)
        if (session->process == process) return session;
    SetLastError(ERROR_INVALID_HANDLE);
    return NULL;
}

static WCHAR *copy_path(const WCHAR *path)
{
    WCHAR *copy = debug_alloc(((SIZE_T)lstrlenW(path) + 1) * sizeof(WCHAR));
    return copy ? lstrcpyW(copy, path) : NULL;
}

// The current directory, then what two variables say.
static WCHAR *default_search_path(void)
{
    static const WCHAR *const variables[] = {L"_NT_SYMBOL_PATH", L"_NT_ALTERNATE_SYMBOL_PATH"};
    WCHAR path[4 * MAX_PATH] = L".";
    for (size_t i = 0; i < ARRAY_LENGTH(variables); i++) {
        DWORD length = (DWORD)lstrlenW(path), left = ARRAY_LENGTH(path) - length - 1;
        DWORD got = GetEnvironmentVariableW(variables[i], path + length + 1, left);
        path[length] = got && got < left ? L';' : 0;
    }
    return copy_path(path);
}

HOTPATCH BOOL WINAPI SymInitializeW(HANDLE process, PCWSTR path, BOOL invade)
{
    if (!process) return debug_fail(ERROR_INVALID_PARAMETER);
    if (session_find(process)) return debug_fail(ERROR_INVALID_PARAMETER);
    struct session *session = debug_alloc(sizeof(*session));
    if (!session) return FALSE;
    session->process = process;
    session->search_path = path ? copy_path(path) : default_search_path();
    if (!session->search_path || (invade && !module_add_all(session))) {
        module_free_all(session);
        debug_free(session->search_path);
        debug_free(session);
        return FALSE;
    }
    session->next = sessions;
    sessions = session;
    return TRUE;
}

HOTPATCH BOOL WINAPI SymInitialize(HANDLE process, PCSTR path, BOOL invade)
{
    WCHAR *wide = debug_wide(path);
    BOOL done = (wide || !path) && SymInitializeW(process, wide, invade);
    debug_free(wide);
    return done;
}

HOTPATCH BOOL WINAPI SymCleanup(HANDLE process)
{
    for (struct session **at = &sessions; *at; at = &(*at)->next) {
        struct session *session = *at;
        if (session->process != process) continue;
        *at = session->next;
        module_free_all(session);
        debug_free(session->search_path);
        debug_free(session);
        return TRUE;
    }
    return debug_fail(ERROR_INVALID_HANDLE);
}

HOTPATCH BOOL WINAPI SymRefreshModuleList(HANDLE process)
{
    struct session *session = session_find(process);
    return session && module_add_all(session);
}

HOTPATCH DWORD WINAPI SymSetOptions(DWORD wanted)
{
    return options = wanted;
}

HOTPATCH DWORD WINAPI SymGetOptions(void)
{
    return options;
}

HOTPATCH BOOL WINAPI SymSetSearchPathW(HANDLE process, PCWSTR path)
{
    struct session *session = session_find(process);
    if (!session) return FALSE;
    WCHAR *copy = path ? copy_path(path) : default_search_path();
    if (!copy) return FALSE;
    debug_free(session->search_path);
    session->search_path = copy;
    return TRUE;
}

HOTPATCH BOOL WINAPI SymSetSearchPath(HANDLE process, PCSTR path)
{
    WCHAR *wide = debug_wide(path);
    BOOL done = (wide || !path) && SymSetSearchPathW(process, wide);
    debug_free(wide);
    return done;
}

HOTPATCH BOOL WINAPI SymGetSearchPathW(HANDLE process, PWSTR path, DWORD size)
{
    struct session *session = session_find(process);
    if (!session) return FALSE;
    if (!path || !size) return debug_fail(ERROR_INVALID_PARAMETER);
    lstrcpynW(path, session->search_path, (int)size);
    return TRUE;
}

HOTPATCH BOOL WINAPI SymGetSearchPath(HANDLE process, PSTR path, DWORD size)
{
    struct session *session = session_find(process);
    if (!session) return FALSE;
    if (!path || !size) return debug_fail(ERROR_INVALID_PARAMETER);
    debug_narrow(session->search_path, path, (int)size);
    return TRUE;
}

// The version of the interface that this is: 4.0.5, as Windows' has had since 2000.
HOTPATCH LPAPI_VERSION WINAPI ImagehlpApiVersion(void)
{
    static API_VERSION version = {4, 0, 5, 0};
    return &version;
}

HOTPATCH LPAPI_VERSION WINAPI ImagehlpApiVersionEx(LPAPI_VERSION wanted)
{
    (void)wanted; // no older form differs
    return ImagehlpApiVersion();
}
