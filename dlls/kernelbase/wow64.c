// The redirection of a 32-bit program's system folder, as far as there is something to turn off: the prefix
// has one system folder, of 32-bit DLLs, and SysWOW64 is another name of it. So every setting means the same.
#include "base.h"

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
