// RtlpNt... : keys by the calls of NT 3.1, where a key had one value, the one without a name.
#include "rtl.h"
#include <stddef.h>

// What these calls never pass on.
static void drop_attributes(OBJECT_ATTRIBUTES *attributes)
{
    if (attributes) attributes->Attributes &= ~(ULONG)(OBJ_PERMANENT | OBJ_EXCLUSIVE);
}

NTSTATUS WINAPI RtlpNtOpenKey(HANDLE *key, ACCESS_MASK access, OBJECT_ATTRIBUTES *attributes, ULONG unused)
{
    (void)unused;
    drop_attributes(attributes);
    return NtOpenKey(key, access, attributes);
}

NTSTATUS WINAPI RtlpNtCreateKey(HANDLE *key, ACCESS_MASK access, OBJECT_ATTRIBUTES *attributes, ULONG options,
                                UNICODE_STRING *class, ULONG *disposition)
{
    (void)options, (void)class;
    drop_attributes(attributes);
    return NtCreateKey(key, access, attributes, 0, NULL, 0, disposition);
}

NTSTATUS WINAPI RtlpNtMakeTemporaryKey(HANDLE key)
{
    return NtDeleteKey(key);
}

NTSTATUS WINAPI RtlpNtEnumerateSubKey(HANDLE key, UNICODE_STRING *name, ULONG index, ULONG unused)
{
    ULONG needed, size = offsetof(KEY_BASIC_INFORMATION, Name) + name->MaximumLength;
    (void)unused;
    KEY_BASIC_INFORMATION *info = RtlAllocateHeap(process_heap(), 0, size);
    if (!info) return STATUS_NO_MEMORY;
    NTSTATUS status = NtEnumerateKey(key, index, KeyBasicInformation, info, size, &needed);
    if (NT_SUCCESS(status)) {
        name->Length = (USHORT)info->NameLength;
        memcpy(name->Buffer, info->Name, info->NameLength);
    }
    RtlFreeHeap(process_heap(), 0, info);
    return status;
}

NTSTATUS WINAPI RtlpNtQueryValueKey(HANDLE key, ULONG *type, void *data, ULONG *length, ULONG unused)
{
    static const UNICODE_STRING none = {};
    ULONG needed, room = length ? *length : 0, size = offsetof(KEY_VALUE_PARTIAL_INFORMATION, Data) + room;
    (void)unused;
    KEY_VALUE_PARTIAL_INFORMATION *info = RtlAllocateHeap(process_heap(), 0, size);
    if (!info) return STATUS_NO_MEMORY;
    NTSTATUS status =
        NtQueryValueKey(key, (UNICODE_STRING *)&none, KeyValuePartialInformation, info, size, &needed);
    if (NT_SUCCESS(status) || status == STATUS_BUFFER_OVERFLOW) {
        if (length) *length = info->DataLength;
        if (type) *type = info->Type;
    }
    if (NT_SUCCESS(status) && data) memcpy(data, info->Data, info->DataLength);
    RtlFreeHeap(process_heap(), 0, info);
    return status;
}

NTSTATUS WINAPI RtlpNtSetValueKey(HANDLE key, ULONG type, const void *data, ULONG length)
{
    static const UNICODE_STRING none = {};
    return NtSetValueKey(key, (UNICODE_STRING *)&none, 0, type, (void *)data, length);
}
