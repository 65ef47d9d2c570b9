// Internationalized domain names: the conversions are ntdll's.
#include "base.h"
#include "dlls/ntdll/normalization.h"

typedef NTSTATUS(WINAPI *conversion)(ULONG flags, PCWSTR name, LONG length, PWSTR buffer, PLONG size);

// Units written, or needed with size 0; 0 with the last error set.
static int convert(conversion conversion, DWORD flags, const WCHAR *name, int length, WCHAR *buffer, int size)
{
    LONG written = size;
    if (flags & ~(DWORD)(IDN_ALLOW_UNASSIGNED | IDN_USE_STD3_ASCII_RULES))
        return fail_with(ERROR_INVALID_FLAGS);
    NTSTATUS status = conversion(flags, name, length, buffer, &written);
    switch (status) {
    case STATUS_SUCCESS: return written;
    case STATUS_BUFFER_TOO_SMALL: return fail_with(ERROR_INSUFFICIENT_BUFFER);
    case STATUS_INVALID_IDN_NORMALIZATION: return fail_with(ERROR_INVALID_NAME);
    default: return fail_with(RtlNtStatusToDosError(status));
    }
}

HOTPATCH int WINAPI IdnToAscii(DWORD flags, const WCHAR *name, int length, WCHAR *buffer, int size)
{
    return convert(RtlIdnToAscii, flags, name, length, buffer, size);
}

HOTPATCH int WINAPI IdnToNameprepUnicode(DWORD flags, const WCHAR *name, int length, WCHAR *buffer, int size)
{
    return convert(RtlIdnToNameprepUnicode, flags, name, length, buffer, size);
}

HOTPATCH int WINAPI IdnToUnicode(DWORD flags, const WCHAR *name, int length, WCHAR *buffer, int size)
{
    return convert(RtlIdnToUnicode, flags, name, length, buffer, size);
}
