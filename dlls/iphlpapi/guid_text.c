// GUIDs as text, as iphlpapi exports them beside its interfaces' names.
#include "network.h"

enum { LENGTH = GUID_TEXT - 1 };

// The text of a GUID, without memory of its own.
static DWORD to_text(const GUID *guid, WCHAR text[GUID_TEXT])
{
    UNICODE_STRING string;
    NTSTATUS status = RtlStringFromGUID(guid, &string);
    if (status) return RtlNtStatusToDosError(status);
    memcpy(text, string.Buffer, LENGTH * sizeof *text);
    text[LENGTH] = 0;
    RtlFreeUnicodeString(&string);
    return ERROR_SUCCESS;
}

HOTPATCH DWORD WINAPI ConvertGuidToStringW(const GUID *guid, WCHAR *text, DWORD length)
{
    WCHAR own[GUID_TEXT];
    if (!guid || !text || length < GUID_TEXT) return ERROR_INVALID_PARAMETER;
    DWORD error = to_text(guid, own);
    if (!error) memcpy(text, own, sizeof own);
    return error;
}

HOTPATCH DWORD WINAPI ConvertGuidToStringA(const GUID *guid, char *text, DWORD length)
{
    WCHAR own[GUID_TEXT];
    if (!guid || !text || length < GUID_TEXT) return ERROR_INVALID_PARAMETER;
    DWORD error = to_text(guid, own);
    for (unsigned i = 0; !error && i < GUID_TEXT; i++) text[i] = (char)own[i];
    return error;
}

HOTPATCH DWORD WINAPI ConvertStringToGuidW(const WCHAR *text, GUID *guid)
{
    UNICODE_STRING string;
    if (!text || !guid) return ERROR_INVALID_PARAMETER;
    RtlInitUnicodeString(&string, text);
    return RtlGUIDFromString(&string, guid) ? ERROR_INVALID_PARAMETER : ERROR_SUCCESS;
}

HOTPATCH DWORD WINAPI ConvertStringToGuidA(const char *text, GUID *guid)
{
    WCHAR wide[GUID_TEXT];
    unsigned i = 0;
    if (!text || !guid) return ERROR_INVALID_PARAMETER;
    for (; i < LENGTH && text[i]; i++) wide[i] = (UCHAR)text[i];
    if (text[i]) return ERROR_INVALID_PARAMETER;
    wide[i] = 0;
    return ConvertStringToGuidW(wide, guid);
}
