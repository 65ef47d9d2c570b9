// The window station and the desktop: each session has one of both. They are kernel objects, which programs
// ask for their security; as nothing is drawn on them, they are directories of the namespace, where Windows
// has them.
#include "user.h"

enum { LEVELS = 4 };
static HANDLE levels[LEVELS]; // kept for as long as the process lives

static NTSTATUS open_level(HANDLE root, const WCHAR *name, HANDLE *handle)
{
    UNICODE_STRING text;
    OBJECT_ATTRIBUTES attributes;
    RtlInitUnicodeString(&text, name);
    InitializeObjectAttributes(&attributes, &text, OBJ_CASE_INSENSITIVE | OBJ_OPENIF, root, NULL);
    return NtCreateDirectoryObject(handle, MAXIMUM_ALLOWED, &attributes);
}

// \Sessions\1\Windows\WindowStations\WinSta0\Default, down to level. NULL with the last error set.
static HANDLE open_station(int level)
{
    static const WCHAR *const names[LEVELS] = {L"\\Sessions\\1\\Windows", L"WindowStations", L"WinSta0",
                                               L"Default"};
    for (int i = 0; i <= level; i++) {
        HANDLE fresh;
        if (levels[i]) continue;
        NTSTATUS status = open_level(i ? levels[i - 1] : NULL, names[i], &fresh);
        if (status < 0) {
            SetLastError(RtlNtStatusToDosError(status));
            return NULL;
        }
        if (InterlockedCompareExchangePointer(&levels[i], fresh, NULL)) NtClose(fresh);
    }
    return levels[level];
}

HOTPATCH HWINSTA WINAPI GetProcessWindowStation(void)
{
    return (HWINSTA)open_station(LEVELS - 2);
}

HOTPATCH HDESK WINAPI GetThreadDesktop(DWORD thread)
{
    HANDLE object = OpenThread(THREAD_QUERY_LIMITED_INFORMATION, FALSE, thread);
    if (!object) {
        SetLastError(ERROR_INVALID_PARAMETER);
        return NULL;
    }
    CloseHandle(object);
    return (HDESK)open_station(LEVELS - 1);
}
