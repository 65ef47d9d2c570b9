// API sets: the virtual DLL names (api-ms-win-..., ext-ms-win-...) that Windows' own DLLs and Microsoft's
// run-times import from, and the DLLs that stand behind them. Source: Microsoft's published list "Windows API
// sets" and its umbrella libraries' documentation. Contracts are matched by family, so every version of one
// leads to the same DLL, as in Windows.
#include "ldr.h"

static const struct {
    const char *family, *host;
} families[] = {
    {"api-ms-win-core-apiquery-", "ntdll.dll"},
    {"api-ms-win-core-com-", "combase.dll"},
    {"api-ms-win-core-crt-l1-", "msvcrt.dll"},
    {"api-ms-win-core-crt-l2-", "msvcrt.dll"},
    {"api-ms-win-core-marshal-", "combase.dll"},
    {"api-ms-win-core-psm-", "twinapi.appcore.dll"},
    {"api-ms-win-core-registryuserspecific-", "shlwapi.dll"},
    {"api-ms-win-core-rtlsupport-", "ntdll.dll"},
    {"api-ms-win-core-shlwapi-", "shlwapi.dll"},
    {"api-ms-win-core-toolhelp-", "kernel32.dll"},
    {"api-ms-win-core-url-", "shlwapi.dll"},
    {"api-ms-win-core-version-", "version.dll"},
    {"api-ms-win-core-winrt-", "combase.dll"},
    {"api-ms-win-core-", "kernelbase.dll"},
    {"api-ms-win-crt-", "ucrtbase.dll"},
    {"api-ms-win-devices-config-", "cfgmgr32.dll"},
    {"api-ms-win-devices-", "kernelbase.dll"},
    {"api-ms-win-downlevel-advapi32-", "advapi32.dll"},
    {"api-ms-win-downlevel-kernel32-", "kernel32.dll"},
    {"api-ms-win-downlevel-normaliz-", "normaliz.dll"},
    {"api-ms-win-downlevel-ole32-", "ole32.dll"},
    {"api-ms-win-downlevel-shell32-", "shell32.dll"},
    {"api-ms-win-downlevel-shlwapi-", "shlwapi.dll"},
    {"api-ms-win-downlevel-user32-", "user32.dll"},
    {"api-ms-win-downlevel-version-", "version.dll"},
    {"api-ms-win-dwmapi-", "dwmapi.dll"},
    {"api-ms-win-eventing-", "advapi32.dll"},
    {"api-ms-win-eventlog-", "advapi32.dll"},
    {"api-ms-win-gdi-", "gdi32.dll"},
    {"api-ms-win-mm-", "winmm.dll"},
    {"api-ms-win-ntuser-", "user32.dll"},
    {"api-ms-win-ole32-", "ole32.dll"},
    {"api-ms-win-perf-", "advapi32.dll"},
    {"api-ms-win-power-", "powrprof.dll"},
    {"api-ms-win-rtcore-ntuser-", "user32.dll"},
    {"api-ms-win-security-cryptoapi-", "cryptsp.dll"},
    {"api-ms-win-security-", "advapi32.dll"},
    {"api-ms-win-service-", "advapi32.dll"},
    {"api-ms-win-shcore-", "shcore.dll"},
    {"api-ms-win-shell-", "shell32.dll"},
    {"ext-ms-win-advapi32-", "advapi32.dll"},
    {"ext-ms-win-gdi-", "gdi32.dll"},
    {"ext-ms-win-kernel32-", "kernel32.dll"},
    {"ext-ms-win-ntuser-", "user32.dll"},
    {"ext-ms-win-ole32-", "ole32.dll"},
    {"ext-ms-win-oleacc-", "oleacc.dll"},
    {"ext-ms-win-rtcore-gdi-", "gdi32.dll"},
    {"ext-ms-win-rtcore-ntuser-", "user32.dll"},
    {"ext-ms-win-security-", "advapi32.dll"},
    {"ext-ms-win-shell32-", "shell32.dll"},
    {"ext-ms-win-uxtheme-", "uxtheme.dll"},
};

static bool begins_with(const UNICODE_STRING *name, const char *prefix)
{
    ULONG length = name->Length / sizeof(WCHAR), i;

    for (i = 0; prefix[i]; i++) {
        if (i >= length) return false;
        WCHAR c = name->Buffer[i];
        if (c >= 'A' && c <= 'Z') c += 'a' - 'A';
        if (c != (WCHAR)(unsigned char)prefix[i]) return false;
    }
    return true;
}

const char *api_set_host(const UNICODE_STRING *name)
{
    if (!begins_with(name, "api-") && !begins_with(name, "ext-")) return NULL;
    for (unsigned i = 0; i < sizeof(families) / sizeof(families[0]); i++)
        if (begins_with(name, families[i].family)) return families[i].host;
    return NULL;
}
