// NtQueryLicenseValue: what the edition allows, from the value ProductPolicy of Control\ProductOptions.
// Source of its format: Geoff Chappell, "Software licensing: product policy".
#include "rtl.h"

// Its head and an entry, which name and data follow; entries lie at multiples of four.
struct policies {
    ULONG size, entries_size, end_size, flags, version;
};
struct policy {
    USHORT size, name_size, type, data_size;
    ULONG flags, reserved;
};

// The value's bytes, allocated; NULL when there is none.
static KEY_VALUE_PARTIAL_INFORMATION *read_policies(void)
{
    UNICODE_STRING path, name;
    OBJECT_ATTRIBUTES attributes;
    HANDLE key;
    ULONG needed = 0, size;
    KEY_VALUE_PARTIAL_INFORMATION *info = NULL;
    RtlInitUnicodeString(&path, L"\\Registry\\Machine\\System\\CurrentControlSet\\Control\\ProductOptions");
    RtlInitUnicodeString(&name, L"ProductPolicy");
    InitializeObjectAttributes(&attributes, &path, OBJ_CASE_INSENSITIVE, NULL, NULL);
    if (!NT_SUCCESS(NtOpenKey(&key, KEY_QUERY_VALUE, &attributes))) return NULL;
    NtQueryValueKey(key, &name, KeyValuePartialInformation, NULL, 0, &needed);
    size = needed;
    if (size) info = RtlAllocateHeap(process_heap(), 0, size);
    if (info && !NT_SUCCESS(NtQueryValueKey(key, &name, KeyValuePartialInformation, info, size, &needed))) {
        RtlFreeHeap(process_heap(), 0, info);
        info = NULL;
    }
    NtClose(key);
    return info;
}

// The entry of a name; NULL when there is none. Offsets are checked: the value may hold anything.
static const struct policy *find_policy(const BYTE *data, ULONG size, const UNICODE_STRING *name)
{
    for (ULONG at = sizeof(struct policies); at + sizeof(struct policy) <= size;) {
        const struct policy *policy = (const void *)(data + at);
        if (policy->size < sizeof(*policy) || policy->size > size - at ||
            sizeof(*policy) + policy->name_size + policy->data_size > policy->size)
            return NULL;
        UNICODE_STRING its = {policy->name_size, policy->name_size, (WCHAR *)(policy + 1)};
        if (RtlEqualUnicodeString(&its, name, TRUE)) return policy;
        at += policy->size;
    }
    return NULL;
}

NTSTATUS WINAPI NtQueryLicenseValue(const UNICODE_STRING *name, ULONG *type, void *buffer, ULONG length,
                                    ULONG *needed)
{
    if (!name || !name->Buffer || !name->Length || !needed) return STATUS_INVALID_PARAMETER;
    KEY_VALUE_PARTIAL_INFORMATION *info = read_policies();
    if (!info) return STATUS_OBJECT_NAME_NOT_FOUND;
    const struct policy *policy = find_policy(info->Data, info->DataLength, name);
    NTSTATUS status = STATUS_OBJECT_NAME_NOT_FOUND;
    if (policy) {
        *needed = policy->data_size;
        if (type) *type = policy->type;
        status = policy->data_size > length ? STATUS_BUFFER_TOO_SMALL : STATUS_SUCCESS;
        if (NT_SUCCESS(status))
            memcpy(buffer, (const BYTE *)(policy + 1) + policy->name_size, policy->data_size);
    }
    RtlFreeHeap(process_heap(), 0, info);
    return status;
}
