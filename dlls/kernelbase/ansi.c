// Strings between the A functions and the W functions behind them.
#include "base.h"

SIZE_T wide_length(const WCHAR *text)
{
    SIZE_T length = 0;
    while (text[length]) length++;
    return length;
}

static WCHAR *wide_from_code_page(const char *text, bool oem)
{
    if (!text) return NULL;
    SIZE_T length = strlen(text);
    if (length > (SIZE_T)0x3FFFFFFF) {
        SetLastError(ERROR_FILENAME_EXCED_RANGE);
        return NULL;
    }
    WCHAR *wide = heap_alloc((length + 1) * sizeof(WCHAR));
    if (!wide) return NULL;
    ULONG size = 0;
    if (oem)
        RtlOemToUnicodeN(wide, (ULONG)(length * sizeof(WCHAR)), &size, text, (ULONG)length);
    else
        RtlMultiByteToUnicodeN(wide, (ULONG)(length * sizeof(WCHAR)), &size, text, (ULONG)length);
    wide[size / sizeof(WCHAR)] = 0;
    return wide;
}

WCHAR *wide_from_ansi(const char *text)
{
    return wide_from_code_page(text, false);
}

WCHAR *wide_from_object_ansi(const char *text)
{
    WCHAR *wide = wide_from_code_page(text, false);
    if (!wide || wide_length(wide) <= MAX_PATH) return wide;
    heap_free(wide);
    SetLastError(ERROR_FILENAME_EXCED_RANGE);
    return NULL;
}

WCHAR *wide_from_file_ansi(const char *text)
{
    return wide_from_code_page(text, !AreFileApisANSI());
}

static DWORD code_page_from_wide(char *buffer, DWORD size, const WCHAR *text, SIZE_T length, bool oem)
{
    ULONG needed = 0, written = 0;
    ULONG bytes = (ULONG)(length * sizeof(WCHAR));
    // A character takes at most four bytes in any ANSI code page; only multi-byte ones need counting.
    RtlUnicodeToMultiByteSize(&needed, (WCHAR *)text, bytes);
    if (needed + 1 > size || !buffer) return needed + 1;
    if (oem)
        RtlUnicodeToOemN(buffer, size - 1, &written, text, bytes);
    else
        RtlUnicodeToMultiByteN(buffer, size - 1, &written, text, bytes);
    buffer[written] = 0;
    return written;
}

DWORD ansi_from_wide(char *buffer, DWORD size, const WCHAR *text, SIZE_T length)
{
    return code_page_from_wide(buffer, size, text, length, false);
}

DWORD file_ansi_from_wide(char *buffer, DWORD size, const WCHAR *text, SIZE_T length)
{
    return code_page_from_wide(buffer, size, text, length, !AreFileApisANSI());
}

DWORD copy_wide_result(WCHAR *buffer, DWORD size, const WCHAR *text, SIZE_T length)
{
    if (length + 1 > size || !buffer) return (DWORD)length + 1;
    memcpy(buffer, text, length * sizeof(WCHAR));
    buffer[length] = 0;
    return (DWORD)length;
}
