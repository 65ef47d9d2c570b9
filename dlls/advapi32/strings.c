// Strings between ANSI and UTF-16.
#include "base.h"

WCHAR *wide_from_ansi(const char *text)
{
    if (!text) return NULL;
    int length = MultiByteToWideChar(CP_ACP, 0, text, -1, NULL, 0);
    WCHAR *wide = heap_alloc((SIZE_T)length * sizeof(WCHAR));
    if (wide) MultiByteToWideChar(CP_ACP, 0, text, -1, wide, length);
    return wide;
}

DWORD ansi_size(const WCHAR *text)
{
    return (DWORD)WideCharToMultiByte(CP_ACP, 0, text, -1, NULL, 0, NULL, NULL);
}

char *local_ansi_from_wide(const WCHAR *text)
{
    DWORD size = ansi_size(text);
    char *ansi = LocalAlloc(0, size);
    if (ansi) WideCharToMultiByte(CP_ACP, 0, text, -1, ansi, (int)size, NULL, NULL);
    return ansi;
}

WCHAR *copy_wide(WCHAR *target, const WCHAR *text)
{
    return memcpy(target, text, ((SIZE_T)lstrlenW(text) + 1) * sizeof(WCHAR));
}

bool is_local_system(const WCHAR *system)
{
    WCHAR name[MAX_COMPUTERNAME_LENGTH + 1];
    DWORD size = ARRAY_LENGTH(name);
    if (!system || !*system) return true;
    if (system[0] == '\\' && system[1] == '\\') system += 2;
    return GetComputerNameW(name, &size) && lstrcmpiW(name, system) == 0;
}
