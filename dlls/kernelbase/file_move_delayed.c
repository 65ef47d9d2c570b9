// Moves and deletions that wait for the next start: the list in the registry that the next session's first
// program works off (dlls/ntdll/unix/pending_renames.c).
#include "file_copy.h"

static const WCHAR value_name[] = L"PendingFileRenameOperations";

// The list as it is, with room bytes behind it; NULL with the last error set. A value of another type counts
// as none.
static BYTE *read_list(HKEY key, DWORD room, DWORD *size)
{
    LSTATUS error;
    BYTE *list = NULL;
    do {
        DWORD type = 0;
        *size = 0;
        error = RegQueryValueExW(key, value_name, NULL, &type, NULL, size);
        if (error || type != REG_MULTI_SZ || *size < sizeof(WCHAR)) *size = 0;
        list = heap_alloc(*size + room);
        if (!list || !*size) return list;
        error = RegQueryValueExW(key, value_name, NULL, NULL, list, size);
        if (error) heap_free(list);
    } while (error == ERROR_MORE_DATA);
    if (!error) return list;
    SetLastError((DWORD)error);
    return NULL;
}

static WCHAR *put(WCHAR *at, const WCHAR *text, SIZE_T bytes)
{
    memcpy(at, text, bytes);
    at += bytes / sizeof(WCHAR);
    *at = 0;
    return at + 1;
}

// Source: article 202071 of Microsoft's knowledge base; the value's form is documented with Sysinternals'
// MoveFile.
BOOL move_at_next_start(const UNICODE_STRING *from, const UNICODE_STRING *to, bool replace)
{
    HKEY key;
    DWORD size, room = from->Length + (to ? to->Length : 0) + 4 * sizeof(WCHAR);
    LSTATUS error = RegOpenKeyExW(HKEY_LOCAL_MACHINE, L"System\\CurrentControlSet\\Control\\Session Manager",
                                  0, KEY_QUERY_VALUE | KEY_SET_VALUE, &key);
    if (error) return fail_with((DWORD)error);
    AUTO_FREE BYTE *list = read_list(key, room, &size);
    if (list) {
        // The NUL that ends the list goes; a new one comes.
        WCHAR *end = (WCHAR *)(list + (size ? size - sizeof(WCHAR) : 0));
        end = put(end, from->Buffer, from->Length);
        if (to && replace) *end++ = '!';
        end = to ? put(end, to->Buffer, to->Length) : put(end, L"", 0);
        *end++ = 0;
        error = RegSetValueExW(key, value_name, 0, REG_MULTI_SZ, list, (DWORD)((BYTE *)end - list));
    }
    RegCloseKey(key);
    if (!list) return FALSE;
    return error ? fail_with((DWORD)error) : TRUE;
}
