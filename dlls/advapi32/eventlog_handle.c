// Opening event logs: by the name of a log, or of a source, which the registry assigns to a log.
#include "eventlog.h"

static SRWLOCK lock = SRWLOCK_INIT;
static struct eventlog *logs;

struct eventlog *eventlog_resolve(HANDLE handle)
{
    AcquireSRWLockExclusive(&lock);
    struct eventlog *log = logs;
    while (log && log != handle) log = log->next;
    if (log) log->references++;
    ReleaseSRWLockExclusive(&lock);
    if (!log) SetLastError(ERROR_INVALID_HANDLE);
    return log;
}

void eventlog_release(struct eventlog *log)
{
    AcquireSRWLockExclusive(&lock);
    bool last = --log->references == 0;
    ReleaseSRWLockExclusive(&lock);
    if (last) heap_free(log);
}

static HANDLE add_log(struct eventlog *log)
{
    log->references = 1;
    AcquireSRWLockExclusive(&lock);
    log->next = logs;
    logs = log;
    ReleaseSRWLockExclusive(&lock);
    return log;
}

// ---- names ----

static bool has_key(HKEY parent, const WCHAR *name)
{
    HKEY key;
    if (RegOpenKeyExW(parent, name, 0, KEY_READ, &key)) return false;
    RegCloseKey(key);
    return true;
}

// The log that a name stands for: its own, that of the source, or Application's.
static void find_log(const WCHAR *name, WCHAR log[EVENTLOG_NAME_MAX + 1])
{
    HKEY root, key;
    copy_wide(log, L"Application");
    if (RegOpenKeyExW(HKEY_LOCAL_MACHINE, L"System\\CurrentControlSet\\Services\\Eventlog", 0, KEY_READ,
                      &root))
        return;
    bool found = has_key(root, name);
    if (found) copy_wide(log, name);
    for (DWORD i = 0; !found; i++) {
        WCHAR candidate[EVENTLOG_NAME_MAX + 1];
        DWORD size = ARRAY_LENGTH(candidate);
        if (RegEnumKeyExW(root, i, candidate, &size, NULL, NULL, NULL, NULL)) break;
        if (RegOpenKeyExW(root, candidate, 0, KEY_READ, &key)) continue;
        found = has_key(key, name);
        RegCloseKey(key);
        if (found) copy_wide(log, candidate);
    }
    RegCloseKey(root);
}

static HANDLE open_log(const WCHAR *server, const WCHAR *name)
{
    WCHAR folder[MAX_PATH];
    DWORD error = ERROR_SUCCESS;
    if (!name || !*name || lstrlenW(name) > EVENTLOG_NAME_MAX)
        error = ERROR_INVALID_PARAMETER;
    else if (!is_local_system(server))
        error = RPC_S_SERVER_UNAVAILABLE;
    struct eventlog *log = error ? NULL : heap_alloc(sizeof(*log));
    if (error) SetLastError(error);
    if (!log) return NULL;
    copy_wide(log->source, name);
    find_log(name, log->log);
    if (!GetSystemDirectoryW(folder, MAX_PATH) || lstrlenW(folder) + lstrlenW(log->log) + 16 > MAX_PATH) {
        heap_free(log);
        SetLastError(ERROR_BAD_PATHNAME);
        return NULL;
    }
    lstrcpyW(log->path, folder);
    lstrcatW(log->path, L"\\config\\");
    lstrcatW(log->path, log->log);
    lstrcatW(log->path, L".evt");
    return add_log(log);
}

HOTPATCH HANDLE WINAPI OpenEventLogW(LPCWSTR server, LPCWSTR name)
{
    return open_log(server, name);
}

HOTPATCH HANDLE WINAPI OpenEventLogA(LPCSTR server, LPCSTR name)
{
    WCHAR *wide AUTO_FREE = wide_from_ansi(server);
    WCHAR *wide_name AUTO_FREE = wide_from_ansi(name);
    if (conversion_failed(server, wide) || conversion_failed(name, wide_name)) return NULL;
    return open_log(wide, wide_name);
}

HOTPATCH HANDLE WINAPI RegisterEventSourceW(LPCWSTR server, LPCWSTR name)
{
    return open_log(server, name);
}

HOTPATCH HANDLE WINAPI RegisterEventSourceA(LPCSTR server, LPCSTR name)
{
    return OpenEventLogA(server, name);
}

HOTPATCH HANDLE WINAPI OpenBackupEventLogW(LPCWSTR server, LPCWSTR file)
{
    struct eventlog_image image AUTO_IMAGE;
    memset(&image, 0, sizeof(image));
    DWORD error = ERROR_SUCCESS;
    if (!file)
        error = ERROR_INVALID_PARAMETER;
    else if (!is_local_system(server))
        error = RPC_S_SERVER_UNAVAILABLE;
    struct eventlog *log = error ? NULL : heap_alloc(sizeof(*log));
    if (log) {
        log->backup = true;
        DWORD length = GetFullPathNameW(file, MAX_PATH, log->path, NULL);
        error = !length || length >= MAX_PATH ? ERROR_BAD_PATHNAME : eventlog_load(log, &image);
        if (!error) return add_log(log);
        heap_free(log);
    }
    if (error) SetLastError(error);
    return NULL;
}

HOTPATCH HANDLE WINAPI OpenBackupEventLogA(LPCSTR server, LPCSTR file)
{
    WCHAR *wide AUTO_FREE = wide_from_ansi(server);
    WCHAR *wide_file AUTO_FREE = wide_from_ansi(file);
    if (conversion_failed(server, wide) || conversion_failed(file, wide_file)) return NULL;
    return OpenBackupEventLogW(wide, wide_file);
}

HOTPATCH BOOL WINAPI CloseEventLog(HANDLE handle)
{
    AcquireSRWLockExclusive(&lock);
    struct eventlog **at = &logs;
    while (*at && *at != handle) at = &(*at)->next;
    struct eventlog *log = *at;
    if (log) *at = log->next;
    ReleaseSRWLockExclusive(&lock);
    if (!log) return fail_with(ERROR_INVALID_HANDLE);
    eventlog_release(log);
    return TRUE;
}

HOTPATCH BOOL WINAPI DeregisterEventSource(HANDLE handle)
{
    return CloseEventLog(handle);
}
