// waitfor.exe: waits for a signal by name, or sends one. Signals are messages to mailslots, as on Windows.
#include "../shared/console_text.h"
#include <stdio.h>
#include <wchar.h>

enum { NAME_MAX = 225, SYSTEM_MAX = 255, TIMEOUT_MAX = 99999 };
static const WCHAR message[] = L"WAITFOR";

static int fail(const WCHAR *format, const WCHAR *word)
{
    complain(L"ERROR: ");
    complain(format, word);
    complain(L"\r\n");
    return 1;
}

static int usage_error(void)
{
    return fail(L"Invalid syntax.\r\nType \"WAITFOR /?\" for usage.", L"");
}

static int wait_for_signal(const WCHAR *path, const WCHAR *name, DWORD timeout)
{
    WCHAR room[64];
    DWORD size;
    HANDLE slot = CreateMailslotW(path, sizeof room, timeout ? timeout * 1000 : MAILSLOT_WAIT_FOREVER, NULL);
    if (slot == INVALID_HANDLE_VALUE)
        return fail(L"Unable to wait for '%s', it is waited for already.", name);
    bool received = ReadFile(slot, room, sizeof room, &size, NULL);
    CloseHandle(slot);
    if (!received) return fail(L"Timed out waiting for '%s'.", name);
    print(L"\r\nSUCCESS: Signal received.\r\n");
    return 0;
}

static int send_signal(const WCHAR *path)
{
    DWORD written;
    HANDLE slot =
        CreateFileW(path, GENERIC_WRITE, FILE_SHARE_READ | FILE_SHARE_WRITE, NULL, OPEN_EXISTING, 0, NULL);
    bool sent = slot != INVALID_HANDLE_VALUE && WriteFile(slot, message, sizeof message, &written, NULL);
    DWORD error = sent ? ERROR_SUCCESS : GetLastError();
    if (slot != INVALID_HANDLE_VALUE) CloseHandle(slot);
    if (error) return fail(L"%s", error_text(error));
    print(L"\r\nSUCCESS: Signal sent.\r\n");
    return 0;
}

static int usage(void)
{
    print(L"WAITFOR [/T seconds] signal\r\nWAITFOR [/S system] /SI signal\r\n\r\n"
          L"  /SI  sends the signal    /T  waits no longer    /S  to another system (a name)\r\n");
    return 0;
}

int wmain(int count, WCHAR **words)
{
    const WCHAR *name = NULL, *system = L".";
    DWORD timeout = 0;
    bool send = false;
    WCHAR path[MAX_PATH * 2], *end;
    for (int i = 1; i < count; i++) {
        bool is_switch = words[i][0] == '/' || words[i][0] == '-', more = i + 1 < count;
        if (is_switch && wcscmp(words[i] + 1, L"?") == 0) return usage();
        if (is_switch && _wcsicmp(words[i] + 1, L"si") == 0) {
            send = true;
        } else if (is_switch && more && _wcsicmp(words[i] + 1, L"t") == 0) {
            timeout = wcstoul(words[++i], &end, 10);
            if (*end || !timeout || timeout > TIMEOUT_MAX)
                return fail(L"Invalid timeout value specified. Valid range is 1-99999 seconds.", L"");
        } else if (is_switch && more && _wcsicmp(words[i] + 1, L"s") == 0) {
            system = words[++i];
        } else if (is_switch || name) {
            return usage_error();
        } else {
            name = words[i];
        }
    }
    if (!name || (send && timeout)) return usage_error();
    if (wcslen(name) > NAME_MAX || wcspbrk(name, L"\\/:*?\"<>|"))
        return fail(L"Invalid signal name '%s'.", name);
    if (!*system || wcslen(system) > SYSTEM_MAX || wcspbrk(system, L"\\/")) return usage_error();
    _snwprintf(path, ARRAYSIZE(path), L"\\\\%s\\mailslot\\WAITFOR.EXE\\%s", send ? system : L".", name);
    return send ? send_signal(path) : wait_for_signal(path, name, timeout);
}
