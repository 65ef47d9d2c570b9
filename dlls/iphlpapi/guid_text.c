// GUIDs as text, as iphlpapi exports them beside its interfaces' names.
#include "network.h"

enum { LENGTH = GUID_TEXT - 1 };

HOTPATCH DWORD WINAPI ConvertGuidToStringA(const GUID *guid, char *text, DWORD length)
{
    if (!guid || !text || length < GUID_TEXT) return ERROR_INVALID_PARAMETER;
    guid_to_text(guid, text);
    return ERROR_SUCCESS;
}

HOTPATCH DWORD WINAPI ConvertGuidToStringW(const GUID *guid, WCHAR *text, DWORD length)
{
    char narrow[GUID_TEXT];
    DWORD error = text ? ConvertGuidToStringA(guid, narrow, length) : ERROR_INVALID_PARAMETER;
    for (unsigned i = 0; !error && i < GUID_TEXT; i++) text[i] = (UCHAR)narrow[i];
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
