// Whether a name of a file is a short (8.3) one.
#include "base.h"

// oem, if any, gets the name in the OEM code page. spaces may be NULL.
HOTPATCH BOOL WINAPI CheckNameLegalDOS8Dot3W(const WCHAR *name, char *oem, DWORD oem_size, BOOL *spaces,
                                             BOOL *legal)
{
    UNICODE_STRING text;
    STRING oem_text = {0, (USHORT)(oem_size > 0xFFFF ? 0xFFFF : oem_size), oem};
    BOOLEAN has_spaces = FALSE;

    if (!name || !legal || (!oem && oem_size)) return fail_with(ERROR_INVALID_PARAMETER);
    RtlInitUnicodeString(&text, name);
    *legal = RtlIsNameLegalDOS8Dot3(&text, oem ? &oem_text : NULL, &has_spaces);
    if (*legal && spaces) *spaces = has_spaces;
    if (*legal && oem && oem_text.Length < oem_size) oem[oem_text.Length] = 0;
    return TRUE;
}

HOTPATCH BOOL WINAPI CheckNameLegalDOS8Dot3A(const char *name, char *oem, DWORD oem_size, BOOL *spaces,
                                             BOOL *legal)
{
    AUTO_FREE WCHAR *wide = wide_from_file_ansi(name);
    if (conversion_failed(name, wide)) return FALSE;
    return CheckNameLegalDOS8Dot3W(wide, oem, oem_size, spaces, legal);
}
