// GUIDs as text.
#include "rtl.h"

/** Makes "{XXXXXXXX-XXXX-XXXX-XXXX-XXXXXXXXXXXX}" in a new buffer. STATUS_NO_MEMORY. */
NTSTATUS WINAPI RtlStringFromGUID(const GUID *guid, PUNICODE_STRING string)
{
    char text[40];

    string->Buffer = RtlAllocateHeap(process_heap(), 0, 39 * sizeof(WCHAR));
    if (!string->Buffer) return STATUS_NO_MEMORY;
    string->Length = 38 * sizeof(WCHAR);
    string->MaximumLength = 39 * sizeof(WCHAR);
    _snprintf(text, sizeof(text), "{%08lX-%04X-%04X-%02X%02X-%02X%02X%02X%02X%02X%02X}", guid->Data1,
              guid->Data2, guid->Data3, guid->Data4[0], guid->Data4[1], guid->Data4[2], guid->Data4[3],
              guid->Data4[4], guid->Data4[5], guid->Data4[6], guid->Data4[7]);
    for (ULONG i = 0; i < 39; i++) string->Buffer[i] = (BYTE)text[i];
    return STATUS_SUCCESS;
}

/** Reads what RtlStringFromGUID writes; what follows is not looked at. STATUS_INVALID_PARAMETER. */
NTSTATUS WINAPI RtlGUIDFromString(PCUNICODE_STRING string, GUID *guid)
{
    static const char form[] = "{xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx}";
    BYTE bytes[16];
    ULONG digits = 0;

    if (string->Length < 38 * sizeof(WCHAR)) return STATUS_INVALID_PARAMETER;
    for (ULONG i = 0; form[i]; i++) {
        int value = digit_value(string->Buffer[i]);

        if (form[i] != 'x') {
            if (string->Buffer[i] != (BYTE)form[i]) return STATUS_INVALID_PARAMETER;
            continue;
        }
        if (value > 15) return STATUS_INVALID_PARAMETER;
        bytes[digits / 2] = digits % 2 ? bytes[digits / 2] << 4 | value : value;
        digits++;
    }
    guid->Data1 = (ULONG)bytes[0] << 24 | bytes[1] << 16 | bytes[2] << 8 | bytes[3];
    guid->Data2 = bytes[4] << 8 | bytes[5];
    guid->Data3 = bytes[6] << 8 | bytes[7];
    memcpy(guid->Data4, bytes + 8, 8);
    return STATUS_SUCCESS;
}
