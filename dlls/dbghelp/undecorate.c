// C++ names in readable form: msvcrt's reader of them, which takes the same flags.
#include "session.h"

// As msvcrt.dll exports it: in buffer when there is one, else from allocate.
extern char *__cdecl __unDName(char *buffer, const char *mangled, int size, void *(__cdecl *allocate)(size_t),
                               void(__cdecl *release)(void *), unsigned short flags);

enum { TEXT_MAX = 2048 };

HOTPATCH DWORD WINAPI UnDecorateSymbolName(PCSTR decorated, PSTR text, DWORD size, DWORD flags)
{
    char whole[TEXT_MAX];
    if (!decorated || !text || !size ||
        !__unDName(whole, decorated, TEXT_MAX, NULL, NULL, (unsigned short)flags))
        return debug_fail(ERROR_INVALID_PARAMETER);
    return (DWORD)lstrlenA(lstrcpynA(text, whole, (int)size));
}

HOTPATCH DWORD WINAPI UnDecorateSymbolNameW(PCWSTR decorated, PWSTR text, DWORD size, DWORD flags)
{
    char narrow[TEXT_MAX], plain[TEXT_MAX];
    if (!decorated || !text || !size) return debug_fail(ERROR_INVALID_PARAMETER);
    debug_narrow(decorated, narrow, TEXT_MAX);
    if (!UnDecorateSymbolName(narrow, plain, TEXT_MAX, flags)) return 0;
    WCHAR wide[TEXT_MAX];
    MultiByteToWideChar(CP_ACP, 0, plain, -1, wide, TEXT_MAX);
    return (DWORD)lstrlenW(lstrcpynW(text, wide, (int)size));
}
