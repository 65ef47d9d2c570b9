// Image File Execution Options: what the registry says of programs by the names of their files. What ntdll
// exports of it and headers lack.
#include "ldr_options.h"
#include "rtl.h"

static const WCHAR options_path[] =
    L"\\Registry\\Machine\\Software\\Microsoft\\Windows NT\\CurrentVersion\\Image File Execution Options\\";

#define NAME_MAX 255 // units of a key's name

NTSTATUS NTAPI LdrOpenImageFileOptionsKey(PUNICODE_STRING image, BOOLEAN wow64, PHANDLE key)
{
    WCHAR path[sizeof(options_path) / sizeof(WCHAR) + NAME_MAX];
    const USHORT head = sizeof(options_path) - sizeof(WCHAR);
    USHORT end = image->Length / sizeof(WCHAR), start = end;
    OBJECT_ATTRIBUTES attributes;

    (void)wow64; // both kinds of programs have the same options
    while (start > 0 && image->Buffer[start - 1] != '\\' && image->Buffer[start - 1] != '/') start--;
    if (start == end || end - start > NAME_MAX) return STATUS_OBJECT_NAME_NOT_FOUND;
    UNICODE_STRING name = {(USHORT)(head + (end - start) * sizeof(WCHAR)), sizeof(path), path};
    memcpy(path, options_path, head);
    memcpy((BYTE *)path + head, image->Buffer + start, (end - start) * sizeof(WCHAR));
    InitializeObjectAttributes(&attributes, &name, OBJ_CASE_INSENSITIVE, NULL, NULL);
    return NtOpenKey(key, KEY_QUERY_VALUE, &attributes);
}

// A number, which text may stand for.
static NTSTATUS give_number(const KEY_VALUE_PARTIAL_INFORMATION *value, void *buffer, ULONG size,
                            PULONG returned)
{
    ULONG number;

    if (size != sizeof(number)) return STATUS_INFO_LENGTH_MISMATCH;
    if (value->Type == REG_SZ) {
        UNICODE_STRING text = {(USHORT)value->DataLength, (USHORT)value->DataLength, (WCHAR *)value->Data};
        NTSTATUS status = RtlUnicodeStringToInteger(&text, 0, &number);
        if (status < 0) return status;
    } else if (value->Type == REG_DWORD && value->DataLength == sizeof(number)) {
        memcpy(&number, value->Data, sizeof(number));
    } else {
        return STATUS_OBJECT_TYPE_MISMATCH;
    }
    memcpy(buffer, &number, sizeof(number));
    if (returned) *returned = sizeof(number);
    return STATUS_SUCCESS;
}

NTSTATUS NTAPI LdrQueryImageFileKeyOption(HANDLE key, PCWSTR option, ULONG type, PVOID buffer, ULONG size,
                                          PULONG returned)
{
    union {
        KEY_VALUE_PARTIAL_INFORMATION value;
        BYTE room[1024];
    } some;
    KEY_VALUE_PARTIAL_INFORMATION *value = &some.value, *allocated = NULL;
    UNICODE_STRING name;
    ULONG needed = 0;

    RtlInitUnicodeString(&name, option);
    NTSTATUS status = NtQueryValueKey(key, &name, KeyValuePartialInformation, value, sizeof(some), &needed);
    if (status == STATUS_BUFFER_OVERFLOW) {
        // There is no heap yet when the first one's options are looked up.
        value = allocated = process_heap() ? RtlAllocateHeap(process_heap(), 0, needed) : NULL;
        if (!value) return STATUS_NO_MEMORY;
        status = NtQueryValueKey(key, &name, KeyValuePartialInformation, value, needed, &needed);
    }
    if (status >= 0 && type == REG_DWORD) {
        status = give_number(value, buffer, size, returned);
    } else if (status >= 0) {
        if (returned) *returned = value->DataLength;
        if (value->Type != type)
            status = STATUS_OBJECT_TYPE_MISMATCH;
        else if (value->DataLength > size)
            status = STATUS_BUFFER_OVERFLOW;
        else
            memcpy(buffer, value->Data, value->DataLength);
    }
    if (allocated) RtlFreeHeap(process_heap(), 0, allocated);
    return status;
}

NTSTATUS NTAPI LdrQueryImageFileExecutionOptionsEx(PUNICODE_STRING image, PCWSTR option, ULONG type,
                                                   PVOID buffer, ULONG size, PULONG returned, BOOLEAN wow64)
{
    HANDLE key;
    NTSTATUS status = LdrOpenImageFileOptionsKey(image, wow64, &key);

    if (status < 0) return status;
    status = LdrQueryImageFileKeyOption(key, option, type, buffer, size, returned);
    NtClose(key);
    return status;
}

NTSTATUS NTAPI LdrQueryImageFileExecutionOptions(PUNICODE_STRING image, PCWSTR option, ULONG type,
                                                 PVOID buffer, ULONG size, PULONG returned)
{
    return LdrQueryImageFileExecutionOptionsEx(image, option, type, buffer, size, returned, FALSE);
}
