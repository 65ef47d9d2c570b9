// What is told of window stations and desktops: GetUserObjectInformation.
#include "user.h"

enum { DESKTOP_HEAP_KB = 20480 }; // of an interactive desktop, unless Windows' registry says otherwise

struct name_buffer {
    OBJECT_NAME_INFORMATION information;
    WCHAR text[MAX_PATH];
};

// The kernel calls them ...\WindowStations\station and ...\WindowStations\station\desktop; what is called
// otherwise is neither. False with the last error set.
static bool object_name(HANDLE object, struct name_buffer *buffer, const WCHAR **name, bool *is_station)
{
    NTSTATUS status = NtQueryObject(object, ObjectNameInformation, buffer, sizeof(*buffer), NULL);
    if (status < 0) return user_fail(RtlNtStatusToDosError(status));
    static const WCHAR stations[] = L"\\WindowStations\\";
    const WCHAR *path = buffer->information.Name.Buffer, *station = path ? wcsstr(path, stations) : NULL;
    if (!station) return user_fail(ERROR_INVALID_HANDLE);
    station += ARRAY_LENGTH(stations) - 1;
    const WCHAR *mark = wcschr(station, '\\');
    *is_station = !mark;
    *name = mark ? mark + 1 : station;
    return true;
}

static BOOL answer(const void *data, DWORD length, void *buffer, DWORD size, DWORD *needed)
{
    if (needed) *needed = length;
    if (length > size) return user_fail(ERROR_INSUFFICIENT_BUFFER);
    memcpy(buffer, data, length);
    return TRUE;
}

static BOOL answer_flags(HANDLE object, bool is_station, void *buffer, DWORD size, DWORD *needed)
{
    DWORD of_handle = 0;
    if (!GetHandleInformation(object, &of_handle)) return FALSE;
    USEROBJECTFLAGS flags = {.fInherit = (of_handle & HANDLE_FLAG_INHERIT) != 0,
                             .dwFlags = is_station ? WSF_VISIBLE : 0};
    return answer(&flags, sizeof(flags), buffer, size, needed);
}

static BOOL answer_sid(void *buffer, DWORD size, DWORD *needed)
{
    HANDLE token;
    BYTE user[sizeof(TOKEN_USER) + SECURITY_MAX_SID_SIZE];
    DWORD length;
    if (!OpenProcessToken(GetCurrentProcess(), TOKEN_QUERY, &token)) return FALSE;
    BOOL known = GetTokenInformation(token, TokenUser, user, sizeof(user), &length);
    CloseHandle(token);
    if (!known) return FALSE;
    PSID sid = ((TOKEN_USER *)user)->User.Sid;
    return answer(sid, GetLengthSid(sid), buffer, size, needed);
}

HOTPATCH BOOL WINAPI GetUserObjectInformationW(HANDLE object, int index, PVOID buffer, DWORD size,
                                               LPDWORD needed)
{
    struct name_buffer text;
    const WCHAR *name;
    bool is_station;
    if (!object_name(object, &text, &name, &is_station)) return FALSE;
    const WCHAR *type = is_station ? L"WindowStation" : L"Desktop";
    switch (index) {
    case UOI_FLAGS: return answer_flags(object, is_station, buffer, size, needed);
    case UOI_NAME: return answer(name, (wcslen(name) + 1) * sizeof(WCHAR), buffer, size, needed);
    case UOI_TYPE: return answer(type, (wcslen(type) + 1) * sizeof(WCHAR), buffer, size, needed);
    case UOI_USER_SID: return answer_sid(buffer, size, needed);
    case UOI_HEAPSIZE:
        if (is_station) break;
        return answer(&(DWORD){DESKTOP_HEAP_KB}, sizeof(DWORD), buffer, size, needed);
    case UOI_IO:
        if (is_station) break;
        return answer(&(BOOL){TRUE}, sizeof(BOOL), buffer, size, needed);
    }
    return user_fail(ERROR_INVALID_PARAMETER);
}

HOTPATCH BOOL WINAPI GetUserObjectInformationA(HANDLE object, int index, PVOID buffer, DWORD size,
                                               LPDWORD needed)
{
    if (index != UOI_NAME && index != UOI_TYPE)
        return GetUserObjectInformationW(object, index, buffer, size, needed);
    WCHAR wide[MAX_PATH];
    char text[2 * MAX_PATH];
    if (!GetUserObjectInformationW(object, index, wide, sizeof(wide), needed)) return FALSE;
    int length = WideCharToMultiByte(CP_ACP, 0, wide, -1, text, sizeof(text), NULL, NULL);
    return answer(text, (DWORD)length, buffer, size, needed);
}
