// The user's name in the forms of a directory service. A machine that is in no domain has only one of them:
// the account's own name.
#include "nt/nt.h"
#define SECURITY_WIN32
#include <security.h>

enum { NAME_MAX = 256 };

// "COMPUTER\user"; its length, 0 with the last error set.
static ULONG account_name(WCHAR name[2 * NAME_MAX])
{
    DWORD computer = NAME_MAX, user = NAME_MAX;
    if (!GetComputerNameW(name, &computer)) return 0;
    name[computer++] = '\\';
    return GetUserNameW(name + computer, &user) ? computer + user - 1 : 0;
}

static BOOLEAN fail(DWORD error)
{
    SetLastError(error);
    return FALSE;
}

HOTPATCH BOOLEAN WINAPI GetUserNameExW(EXTENDED_NAME_FORMAT format, LPWSTR buffer, PULONG size)
{
    WCHAR name[2 * NAME_MAX];
    if (format != NameSamCompatible) return fail(ERROR_NONE_MAPPED);
    ULONG length = account_name(name), room = *size;
    if (!length) return FALSE;
    *size = length + 1;
    if (!buffer || room <= length) return fail(ERROR_MORE_DATA);
    memcpy(buffer, name, length * sizeof(WCHAR));
    buffer[length] = 0;
    *size = length;
    return TRUE;
}

HOTPATCH BOOLEAN WINAPI GetUserNameExA(EXTENDED_NAME_FORMAT format, LPSTR buffer, PULONG size)
{
    WCHAR name[2 * NAME_MAX];
    ULONG length = ARRAYSIZE(name), room = *size;
    if (!GetUserNameExW(format, name, &length)) return FALSE;
    int bytes = WideCharToMultiByte(CP_ACP, 0, name, -1, NULL, 0, NULL, NULL);
    *size = (ULONG)bytes;
    if (!buffer || room < (ULONG)bytes) return fail(ERROR_MORE_DATA);
    WideCharToMultiByte(CP_ACP, 0, name, -1, buffer, bytes, NULL, NULL);
    *size = (ULONG)bytes - 1;
    return TRUE;
}
