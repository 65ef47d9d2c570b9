// Details of processes.
#include "process_details.h"
#include "account.h"
#include <stdlib.h>
#include <tlhelp32.h>
#include <wchar.h>

static WCHAR *unknown(void)
{
    return copy_text(L"N/A");
}

// ---- user and time ----

WCHAR *process_user(DWORD id)
{
    struct {
        TOKEN_USER user;
        BYTE room[SECURITY_MAX_SID_SIZE];
    } information;
    DWORD size;
    WCHAR *name = NULL;
    HANDLE token = NULL, process = OpenProcess(PROCESS_QUERY_LIMITED_INFORMATION, FALSE, id);
    if (process && OpenProcessToken(process, TOKEN_QUERY, &token) &&
        GetTokenInformation(token, TokenUser, &information, sizeof information, &size))
        name = account_name(information.user.User.Sid, NULL);
    if (token) CloseHandle(token);
    if (process) CloseHandle(process);
    return name ? name : unknown();
}

DWORD process_seconds(DWORD id)
{
    FILETIME created, exited, kernel = {}, user = {};
    const ULONGLONG second = 10000000;
    HANDLE process = OpenProcess(PROCESS_QUERY_LIMITED_INFORMATION, FALSE, id);
    if (!process) return 0;
    GetProcessTimes(process, &created, &exited, &kernel, &user);
    CloseHandle(process);
    return (DWORD)((((ULONGLONG)kernel.dwHighDateTime << 32 | kernel.dwLowDateTime) +
                    ((ULONGLONG)user.dwHighDateTime << 32 | user.dwLowDateTime)) /
                   second);
}

// ---- windows ----

struct title {
    DWORD id;
    WCHAR text[256];
};

static BOOL CALLBACK take_title(HWND window, LPARAM context)
{
    struct title *title = (struct title *)context;
    DWORD id = 0;
    GetWindowThreadProcessId(window, &id);
    return id != title->id || !IsWindowVisible(window) ||
           !GetWindowTextW(window, title->text, ARRAYSIZE(title->text));
}

WCHAR *process_title(DWORD id)
{
    struct title title = {.id = id};
    EnumWindows(take_title, (LPARAM)&title);
    return *title.text ? copy_text(title.text) : unknown();
}

// ---- lists ----

struct list {
    WCHAR *text;
    size_t length, capacity;
};

static void add_name(struct list *list, const WCHAR *name)
{
    size_t length = wcslen(name);
    make_room(&list->text, &list->capacity, list->length + length + 3, sizeof(WCHAR));
    if (list->length) {
        wmemcpy(list->text + list->length, L", ", 2);
        list->length += 2;
    }
    wmemcpy(list->text + list->length, name, length + 1);
    list->length += length;
}

WCHAR *process_services(DWORD id)
{
    struct list list = {};
    DWORD needed = 0, count = 0, resume = 0;
    SC_HANDLE manager = OpenSCManagerW(NULL, NULL, SC_MANAGER_ENUMERATE_SERVICE);
    EnumServicesStatusExW(manager, SC_ENUM_PROCESS_INFO, SERVICE_WIN32, SERVICE_ACTIVE, NULL, 0, &needed,
                          &count, &resume, NULL);
    DWORD size = needed;
    ENUM_SERVICE_STATUS_PROCESSW *services = take_memory(size);
    resume = 0;
    if (EnumServicesStatusExW(manager, SC_ENUM_PROCESS_INFO, SERVICE_WIN32, SERVICE_ACTIVE, (BYTE *)services,
                              size, &needed, &count, &resume, NULL))
        for (DWORD i = 0; i < count; i++)
            if (services[i].ServiceStatusProcess.dwProcessId == id)
                add_name(&list, services[i].lpServiceName);
    free(services);
    if (manager) CloseServiceHandle(manager);
    return list.text ? list.text : unknown();
}

WCHAR *process_modules(DWORD id)
{
    struct list list = {};
    MODULEENTRY32W entry = {.dwSize = sizeof entry};
    HANDLE snapshot = CreateToolhelp32Snapshot(TH32CS_SNAPMODULE | TH32CS_SNAPMODULE32, id);
    if (snapshot == INVALID_HANDLE_VALUE) return unknown();
    for (BOOL more = Module32FirstW(snapshot, &entry); more; more = Module32NextW(snapshot, &entry))
        add_name(&list, entry.szModule);
    CloseHandle(snapshot);
    return list.text ? list.text : unknown();
}

// ---- patterns ----

bool text_named(const WCHAR *text, size_t length, const WCHAR *pattern)
{
    size_t wanted = wcslen(pattern);
    if (wanted && pattern[wanted - 1] == '*')
        return length >= wanted - 1 && _wcsnicmp(text, pattern, wanted - 1) == 0;
    return length == wanted && _wcsnicmp(text, pattern, wanted) == 0;
}

bool list_has(const WCHAR *list, const WCHAR *pattern)
{
    for (;;) {
        size_t length = wcscspn(list, L",");
        if (text_named(list, length, pattern)) return true;
        if (!list[length]) return false;
        list += length + 1;
        list += wcsspn(list, L" ");
    }
}
