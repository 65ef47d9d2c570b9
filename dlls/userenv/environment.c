// Environments of users, from what the registry says: the machine's variables, then the user's.
#include "profile.h"
#include <userenv.h>

#define MACHINE_VARIABLES L"SYSTEM\\CurrentControlSet\\Control\\Session Manager\\Environment"
#define WINDOWS_VERSION   L"SOFTWARE\\Microsoft\\Windows\\CurrentVersion"

enum { TEXT_ROOM = 32767 };

// Room for what is read and expanded, too much for a stack.
struct work {
    void *environment;
    NTSTATUS status;
    WCHAR name[256], value[TEXT_ROOM + 1], expanded[TEXT_ROOM + 1];
};

static UNICODE_STRING string(const WCHAR *text)
{
    UNICODE_STRING result;
    RtlInitUnicodeString(&result, text);
    return result;
}

static void set(struct work *work, const WCHAR *name, const WCHAR *value)
{
    UNICODE_STRING key = string(name), text = string(value);
    if (NT_SUCCESS(work->status)) work->status = RtlSetEnvironmentVariable(&work->environment, &key, &text);
}

// The text with the variables that the environment has so far, in ->expanded. False when it is too long.
static bool expand(struct work *work, const WCHAR *text)
{
    UNICODE_STRING source = string(text);
    UNICODE_STRING result = {.MaximumLength = TEXT_ROOM * sizeof(WCHAR), .Buffer = work->expanded};
    if (!NT_SUCCESS(RtlExpandEnvironmentStrings_U(work->environment, &source, &result, NULL))) return false;
    work->expanded[result.Length / sizeof(WCHAR)] = 0;
    return true;
}

// The user's PATH goes behind the machine's.
static void append_path(struct work *work)
{
    UNICODE_STRING name = string(L"PATH");
    UNICODE_STRING old = {.MaximumLength = TEXT_ROOM * sizeof(WCHAR), .Buffer = work->value};
    if (!NT_SUCCESS(RtlQueryEnvironmentVariable_U(work->environment, &name, &old)) || !old.Length) {
        set(work, L"PATH", work->expanded);
        return;
    }
    DWORD length = old.Length / sizeof(WCHAR), more = (DWORD)lstrlenW(work->expanded);
    if (length + 1 + more > TEXT_ROOM) return;
    if (work->value[length - 1] != ';') work->value[length++] = ';';
    memcpy(work->value + length, work->expanded, (more + 1) * sizeof(WCHAR));
    set(work, L"PATH", work->value);
}

// The values of a key that are of one type; those to be expanded come second, since they name the others.
static void add_values(struct work *work, HKEY key, DWORD wanted, bool appends)
{
    DWORD length = ARRAYSIZE(work->name), size = TEXT_ROOM * sizeof(WCHAR), type;
    for (DWORD i = 0;; i++, length = ARRAYSIZE(work->name), size = TEXT_ROOM * sizeof(WCHAR)) {
        LSTATUS status = RegEnumValueW(key, i, work->name, &length, NULL, &type, (BYTE *)work->value, &size);
        if (status == ERROR_MORE_DATA) continue;
        if (status) return;
        work->value[size / sizeof(WCHAR)] = 0;
        if (type != wanted || !length) continue;
        if (type == REG_SZ)
            memcpy(work->expanded, work->value, size + sizeof(WCHAR));
        else if (!expand(work, work->value))
            continue;
        if (appends && lstrcmpiW(work->name, L"PATH") == 0)
            append_path(work);
        else
            set(work, work->name, work->expanded);
    }
}

static void add_key(struct work *work, HKEY root, const WCHAR *path, bool appends)
{
    HKEY key;
    if (RegOpenKeyExW(root, path, 0, KEY_READ, &key)) return;
    add_values(work, key, REG_SZ, appends);
    add_values(work, key, REG_EXPAND_SZ, appends);
    RegCloseKey(key);
}

static void add_system_paths(struct work *work)
{
    WCHAR path[PATH_ROOM];
    UINT length = GetSystemWindowsDirectoryW(path, PATH_ROOM);
    if (length < 2 || length >= PATH_ROOM) return;
    set(work, L"SystemRoot", path);
    path[2] = 0;
    set(work, L"SystemDrive", path);
}

static void add_machine(struct work *work)
{
    static const struct {
        const WCHAR *variable, *value;
    } folders[] = {
        {L"ProgramFiles", L"ProgramFilesDir"},
        {L"ProgramFiles(x86)", L"ProgramFilesDir (x86)"},
        {L"ProgramW6432", L"ProgramW6432Dir"},
        {L"CommonProgramFiles", L"CommonFilesDir"},
        {L"CommonProgramFiles(x86)", L"CommonFilesDir (x86)"},
        {L"CommonProgramW6432", L"CommonW6432Dir"},
    };
    WCHAR path[PATH_ROOM];
    DWORD length = PATH_ROOM;
    add_system_paths(work);
    if (GetComputerNameW(path, &length)) set(work, L"COMPUTERNAME", path);
    if (!profile_list_path(L"ProgramData", path)) {
        set(work, L"ALLUSERSPROFILE", path);
        set(work, L"ProgramData", path);
    }
    if (!profile_list_path(L"Public", path)) set(work, L"PUBLIC", path);
    for (size_t i = 0; i < ARRAYSIZE(folders); i++) {
        DWORD size = sizeof(path);
        if (!RegGetValueW(HKEY_LOCAL_MACHINE, WINDOWS_VERSION, folders[i].value, RRF_RT_REG_SZ, NULL, path,
                          &size))
            set(work, folders[i].variable, path);
    }
    add_key(work, HKEY_LOCAL_MACHINE, MACHINE_VARIABLES, false);
}

static void add_user(struct work *work)
{
    add_key(work, HKEY_CURRENT_USER, L"Volatile Environment", false);
    add_key(work, HKEY_CURRENT_USER, L"Environment", true);
}

// No token: the machine's variables, with the default profile as the user's.
HOTPATCH BOOL WINAPI CreateEnvironmentBlock(LPVOID *block, HANDLE token, BOOL inherit)
{
    WCHAR profile[PATH_ROOM];
    if (!block) return fail_with(ERROR_INVALID_PARAMETER);
    LSTATUS unknown = token ? profile_of_token(token, profile) : profile_list_path(L"Default", profile);
    // Who merely has no profile gets the machine's variables.
    if (unknown == ERROR_INVALID_HANDLE || unknown == ERROR_ACCESS_DENIED) return fail_with((DWORD)unknown);
    struct work *work = HeapAlloc(GetProcessHeap(), 0, sizeof(*work));
    if (!work) return fail_with(ERROR_NOT_ENOUGH_MEMORY);
    work->environment = NULL;
    work->status = RtlCreateEnvironment(inherit != FALSE, &work->environment);
    if (NT_SUCCESS(work->status)) add_machine(work);
    if (!unknown) set(work, L"USERPROFILE", profile);
    if (!unknown && token) add_user(work);
    NTSTATUS status = work->status;
    if (NT_SUCCESS(status))
        *block = work->environment;
    else if (work->environment)
        RtlDestroyEnvironment(work->environment);
    HeapFree(GetProcessHeap(), 0, work);
    return NT_SUCCESS(status) ? TRUE : fail_with(RtlNtStatusToDosError(status));
}

HOTPATCH BOOL WINAPI DestroyEnvironmentBlock(LPVOID block)
{
    if (!block) return fail_with(ERROR_INVALID_PARAMETER);
    RtlDestroyEnvironment(block);
    return TRUE;
}

HOTPATCH BOOL WINAPI ExpandEnvironmentStringsForUserW(HANDLE token, LPCWSTR text, LPWSTR buffer, DWORD size)
{
    void *block;
    if (!text || !buffer || !size) return fail_with(ERROR_INVALID_PARAMETER);
    if (!CreateEnvironmentBlock(&block, token, FALSE)) return FALSE;
    UNICODE_STRING source = string(text), result = {.Buffer = buffer};
    result.MaximumLength = (USHORT)((size < TEXT_ROOM ? size : TEXT_ROOM) * sizeof(WCHAR));
    NTSTATUS status = RtlExpandEnvironmentStrings_U(block, &source, &result, NULL);
    RtlDestroyEnvironment(block);
    if (status == STATUS_BUFFER_TOO_SMALL) return fail_with(ERROR_INSUFFICIENT_BUFFER);
    return NT_SUCCESS(status) ? TRUE : fail_with(RtlNtStatusToDosError(status));
}

HOTPATCH BOOL WINAPI ExpandEnvironmentStringsForUserA(HANDLE token, LPCSTR text, LPSTR buffer, DWORD size)
{
    BOOL expanded = FALSE;
    if (!text || !buffer || !size) return fail_with(ERROR_INVALID_PARAMETER);
    DWORD length = (DWORD)MultiByteToWideChar(CP_ACP, 0, text, -1, NULL, 0);
    WCHAR *wide = HeapAlloc(GetProcessHeap(), 0, ((SIZE_T)length + TEXT_ROOM) * sizeof(WCHAR));
    if (!wide) return fail_with(ERROR_NOT_ENOUGH_MEMORY);
    MultiByteToWideChar(CP_ACP, 0, text, -1, wide, (int)length);
    if (ExpandEnvironmentStringsForUserW(token, wide, wide + length, TEXT_ROOM)) {
        expanded = WideCharToMultiByte(CP_ACP, 0, wide + length, -1, buffer, (int)size, NULL, NULL) != 0;
    }
    HeapFree(GetProcessHeap(), 0, wide);
    return expanded;
}
