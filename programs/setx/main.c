// setx.exe: sets a variable of the user's or the machine's environment, for programs to come.
#include "../shared/console_text.h"
#include <wchar.h>

enum { VALUE_MAX = 1024 };

static int fail(const WCHAR *message)
{
    complain(L"ERROR: %s\r\nType \"SETX /?\" for usage.\r\n", message);
    return 1;
}

static int usage(void)
{
    print(L"SETX variable value [/M]\r\n\r\n"
          L"  Sets a variable for programs that are started later, not for the present ones.\r\n"
          L"  /M  the machine's, not the user's\r\n");
    return 0;
}

// Programs that show or start others read the environment anew.
static void tell_windows(void)
{
    DWORD_PTR result;
    SendMessageTimeoutW(HWND_BROADCAST, WM_SETTINGCHANGE, 0, (LPARAM)L"Environment", SMTO_ABORTIFHUNG, 1000,
                        &result);
}

static LSTATUS set_variable(const WCHAR *name, const WCHAR *value, bool machine)
{
    HKEY key;
    const WCHAR *path =
        machine ? L"System\\CurrentControlSet\\Control\\Session Manager\\Environment" : L"Environment";
    LSTATUS error = RegCreateKeyExW(machine ? HKEY_LOCAL_MACHINE : HKEY_CURRENT_USER, path, 0, NULL, 0,
                                    KEY_SET_VALUE, NULL, &key, NULL);
    if (error) return error;
    error = RegSetValueExW(key, name, 0, wcschr(value, '%') ? REG_EXPAND_SZ : REG_SZ, (const BYTE *)value,
                           (DWORD)((wcslen(value) + 1) * sizeof(WCHAR)));
    RegCloseKey(key);
    return error;
}

int wmain(int count, WCHAR **words)
{
    const WCHAR *operands[2];
    int given = 0;
    bool machine = false;
    for (int i = 1; i < count; i++) {
        bool is_switch = words[i][0] == '/' || (words[i][0] == '-' && given == 0);
        if (is_switch && !wcscmp(words[i] + 1, L"?")) return usage();
        if (is_switch && !_wcsicmp(words[i] + 1, L"m"))
            machine = true;
        else if (given == 2 || (is_switch && given != 1))
            return fail(L"Invalid syntax.");
        else
            operands[given++] = words[i];
    }
    if (given < 2) return fail(L"Invalid syntax. A variable and a value are needed.");
    WCHAR *value = copy_text(operands[1]);
    if (wcslen(value) > VALUE_MAX) {
        complain(L"WARNING: The data being saved is truncated to 1024 characters.\r\n");
        value[VALUE_MAX] = 0;
    }
    LSTATUS error = set_variable(operands[0], value, machine);
    if (error) {
        complain(L"ERROR: %s\r\n", error_text((DWORD)error));
        return 1;
    }
    tell_windows();
    print(L"\r\nSUCCESS: Specified value was saved.\r\n");
    return 0;
}
