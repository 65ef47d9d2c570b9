// NormalizeString and IsNormalizedString: the forms are ntdll's.
#include "base.h"
#include "dlls/ntdll/normalization.h"

static DWORD error_of(NTSTATUS status)
{
    switch (status) {
    case STATUS_BUFFER_TOO_SMALL: return ERROR_INSUFFICIENT_BUFFER;
    case STATUS_OBJECT_NAME_NOT_FOUND: return ERROR_INVALID_PARAMETER;
    default: return RtlNtStatusToDosError(status);
    }
}

// Units written or, without room, what may be needed; on an error 0 or below, where it was.
HOTPATCH int WINAPI NormalizeString(NORM_FORM form, const WCHAR *source, int length, WCHAR *target, int size)
{
    LONG written = size;
    if (!source || size < 0) return fail_with(ERROR_INVALID_PARAMETER);
    if (!target) written = 0;
    NTSTATUS status = RtlNormalizeString(form, source, length, target, &written);
    SetLastError(NT_SUCCESS(status) ? ERROR_SUCCESS : error_of(status));
    if (NT_SUCCESS(status)) return written;
    return status == STATUS_BUFFER_TOO_SMALL || status == STATUS_NO_UNICODE_TRANSLATION ? -written : 0;
}

HOTPATCH BOOL WINAPI IsNormalizedString(NORM_FORM form, const WCHAR *text, int length)
{
    BOOLEAN result = FALSE;
    if (!text) return fail_with(ERROR_INVALID_PARAMETER);
    NTSTATUS status = RtlIsNormalizedString(form, text, length, &result);
    SetLastError(NT_SUCCESS(status) ? ERROR_SUCCESS : error_of(status));
    return NT_SUCCESS(status) && result;
}
