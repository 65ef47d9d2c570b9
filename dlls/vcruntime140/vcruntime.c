/* The functions that are nowhere but in this DLL: the Visual C++ run-times' own way to the system, and hooks
 * of WinRT. */
#include "nt/nt.h"

void __cdecl terminate(void) __attribute__((noreturn));

HOTPATCH BOOL __cdecl __vcrt_InitializeCriticalSectionEx(CRITICAL_SECTION *section, DWORD spin, DWORD flags)
{
    return InitializeCriticalSectionEx(section, spin, flags);
}

HOTPATCH DWORD __cdecl __vcrt_GetModuleFileNameW(HMODULE module, wchar_t *out, DWORD size)
{
    return GetModuleFileNameW(module, out, size);
}

HOTPATCH HMODULE __cdecl __vcrt_GetModuleHandleW(const wchar_t *name)
{
    return GetModuleHandleW(name);
}

HOTPATCH HMODULE __cdecl __vcrt_LoadLibraryExW(const wchar_t *name, HANDLE reserved, DWORD flags)
{
    return LoadLibraryExW(name, reserved, flags);
}

HOTPATCH void __cdecl __std_terminate(void)
{
    terminate();
}

/* Called around main by programs that count their starts; nobody listens. */
HOTPATCH void __cdecl __telemetry_main_invoke_trigger(HINSTANCE module)
{
    (void)module;
}

HOTPATCH void __cdecl __telemetry_main_return_trigger(HINSTANCE module)
{
    (void)module;
}

/* Exceptions of C++/CX: none is ever thrown through this DLL, so there is none to tell of. */
HOTPATCH void *__cdecl __GetPlatformExceptionInfo(int *count)
{
    *count = 0;
    return NULL;
}

static void *winrt_out_of_memory;

HOTPATCH void __cdecl _SetWinRTOutOfMemoryExceptionCallback(void *callback)
{
    InterlockedExchangePointer(&winrt_out_of_memory, callback);
}
