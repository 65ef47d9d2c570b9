// PATH, PROMPT, VERIFY, VER, VOL and BREAK.
#include "builtin.h"
#include "output.h"
#include "variables.h"
#include <stdio.h>

int command_break(const WCHAR *arguments)
{
    (void)arguments;
    return 0;
}

int command_path(const WCHAR *arguments)
{
    const WCHAR *value = skip_separators(arguments);
    if (!*value && !wcschr(arguments, ';')) {
        value = variable_get(L"PATH", 4);
        print(L"PATH=%s\r\n", value ? value : L"(null)");
        return 0;
    }
    variable_set(L"PATH", value);
    return 0;
}

int command_prompt(const WCHAR *arguments)
{
    variable_set(L"PROMPT", skip_separators(arguments));
    return 0;
}

int command_verify(const WCHAR *arguments)
{
    WCHAR *word = next_word(&arguments);
    if (!word) {
        print(shell.verify ? L"VERIFY is on.\r\n" : L"VERIFY is off.\r\n");
        return 0;
    }
    shell.verify = same_text(word, L"on");
    if (shell.verify || same_text(word, L"off")) return 0;
    complain(L"An incorrect parameter was\r\nentered for the command.");
    return 1;
}

const WCHAR *version_text(void)
{
    typedef LONG WINAPI get_version(OSVERSIONINFOW *);
    OSVERSIONINFOW info = {.dwOSVersionInfoSize = sizeof(info)};
    WCHAR text[80];
    // Unlike GetVersionEx this one knows no manifests.
    get_version *get = (get_version *)(void *)GetProcAddress(GetModuleHandleW(L"ntdll.dll"), "RtlGetVersion");
    if (get) get(&info);
    _snwprintf(text, ARRAYSIZE(text), L"Microsoft Windows [Version %lu.%lu.%lu]", info.dwMajorVersion,
               info.dwMinorVersion, info.dwBuildNumber);
    return region_copy(text, wcslen(text));
}

int command_ver(const WCHAR *arguments)
{
    if (*skip_blanks(arguments) == '/') {
        complain(MESSAGE_SYNTAX);
        return 1;
    }
    print(L"\r\n%s\r\n", version_text());
    return 0;
}

int command_vol(const WCHAR *arguments)
{
    WCHAR *word = next_word(&arguments), label[MAX_PATH + 1] = L"", root[] = L"C:\\";
    DWORD serial = 0;
    if (word && (word[1] != ':' || word[2])) {
        complain(MESSAGE_SYNTAX);
        return 1;
    }
    root[0] = towupper(word ? *word : *current_directory());
    if (!GetVolumeInformationW(root, label, ARRAYSIZE(label), &serial, NULL, NULL, NULL, 0)) {
        complain_error(GetLastError());
        return 1;
    }
    if (*label)
        print(L" Volume in drive %c is %s\r\n", root[0], label);
    else
        print(L" Volume in drive %c has no label.\r\n", root[0]);
    print(L" Volume Serial Number is %04X-%04X\r\n", HIWORD(serial), LOWORD(serial));
    return 0;
}
