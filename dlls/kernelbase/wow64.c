// What a 32-bit program of a 64-bit system has of its own: the redirection of its system folder, as far as
// there is something to turn off (the prefix has one system folder, of 32-bit DLLs, and SysWOW64 is another
// name of it, so every setting means the same), and the functions for debuggers of 32-bit threads, which to a
// 32-bit debugger are the ordinary ones.
#include "base.h"
#include "nt/rtl_object.h"

enum { REDIRECTED = 0 }; // what Windows reports for a thread that did not turn it off

HOTPATCH BOOL WINAPI Wow64DisableWow64FsRedirection(void **old_value)
{
    if (!old_value) return fail_with(ERROR_INVALID_PARAMETER);
    *old_value = (void *)REDIRECTED;
    return TRUE;
}

// old_value is what Wow64DisableWow64FsRedirection gave.
HOTPATCH BOOL WINAPI Wow64RevertWow64FsRedirection(void *old_value)
{
    (void)old_value;
    return TRUE;
}

HOTPATCH BOOLEAN WINAPI Wow64EnableWow64FsRedirection(BOOLEAN enable)
{
    (void)enable;
    return TRUE;
}

// Leads to the same directory as system32: there are no other system files than 32-bit programs'.
HOTPATCH UINT WINAPI GetSystemWow64DirectoryW(WCHAR *buffer, UINT size)
{
    return copy_wide_result(buffer, size, L"C:\\windows\\SysWOW64", 19);
}

HOTPATCH UINT WINAPI GetSystemWow64DirectoryA(char *buffer, UINT size)
{
    return file_ansi_from_wide(buffer, size, L"C:\\windows\\SysWOW64", 19);
}

// Whether programs for this machine have a system folder of their own; ERROR_INVALID_PARAMETER: no.
static BOOL has_system_folder(USHORT machine)
{
    BOOLEAN supported = FALSE;
    RtlWow64IsWowGuestMachineSupported(machine, &supported);
    return supported || fail_with(ERROR_INVALID_PARAMETER);
}

HOTPATCH UINT WINAPI GetSystemWow64Directory2W(WCHAR *buffer, UINT size, WORD machine)
{
    return has_system_folder(machine) ? GetSystemWow64DirectoryW(buffer, size) : 0;
}

HOTPATCH UINT WINAPI GetSystemWow64Directory2A(char *buffer, UINT size, WORD machine)
{
    return has_system_folder(machine) ? GetSystemWow64DirectoryA(buffer, size) : 0;
}

// ---- 32-bit threads ----

_Static_assert(sizeof(WOW64_CONTEXT) == sizeof(CONTEXT) && sizeof(WOW64_LDT_ENTRY) == sizeof(LDT_ENTRY),
               "one structure with two names");

HOTPATCH DWORD WINAPI Wow64SuspendThread(HANDLE thread)
{
    return SuspendThread(thread);
}

HOTPATCH BOOL WINAPI Wow64GetThreadContext(HANDLE thread, WOW64_CONTEXT *context)
{
    return GetThreadContext(thread, (CONTEXT *)context);
}

HOTPATCH BOOL WINAPI Wow64SetThreadContext(HANDLE thread, const WOW64_CONTEXT *context)
{
    return SetThreadContext(thread, (const CONTEXT *)context);
}

HOTPATCH BOOL WINAPI Wow64GetThreadSelectorEntry(HANDLE thread, DWORD selector, WOW64_LDT_ENTRY *entry)
{
    return GetThreadSelectorEntry(thread, selector, (LDT_ENTRY *)entry);
}
