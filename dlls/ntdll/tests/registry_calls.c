// Registry calls that only ntdll has: values without a name, licences, tags of handles.
#define DECLSPEC_IMPORT
#include "ntdll.h"
#include "tests/check.h"
#include <string.h>

NTSTATUS NTAPI RtlpNtCreateKey(HANDLE *, ACCESS_MASK, OBJECT_ATTRIBUTES *, ULONG, UNICODE_STRING *, ULONG *);
NTSTATUS NTAPI RtlpNtOpenKey(HANDLE *, ACCESS_MASK, OBJECT_ATTRIBUTES *, ULONG);
NTSTATUS NTAPI RtlpNtMakeTemporaryKey(HANDLE);
NTSTATUS NTAPI RtlpNtEnumerateSubKey(HANDLE, UNICODE_STRING *, ULONG, ULONG);
NTSTATUS NTAPI RtlpNtQueryValueKey(HANDLE, ULONG *, void *, ULONG *, ULONG);
NTSTATUS NTAPI RtlpNtSetValueKey(HANDLE, ULONG, const void *, ULONG);
NTSTATUS NTAPI NtQueryLicenseValue(const UNICODE_STRING *, ULONG *, void *, ULONG, ULONG *);

static void test_default_values(void)
{
    UNICODE_STRING path, sub, name;
    OBJECT_ATTRIBUTES attributes, below;
    WCHAR text[20], *const whole = text;
    HANDLE key, child;
    ULONG type, length, disposition;
    char data[16];
    CHECK_EQUAL(RtlFormatCurrentUserKeyPath(&path), 0);
    WCHAR full[300];
    lstrcpyW(full, path.Buffer);
    lstrcatW(full, L"\\Software\\LowlandDefault");
    RtlFreeUnicodeString(&path);
    RtlInitUnicodeString(&path, full);
    InitializeObjectAttributes(&attributes, &path, OBJ_CASE_INSENSITIVE | OBJ_PERMANENT, NULL, NULL);
    CHECK_EQUAL(RtlpNtCreateKey(&key, KEY_ALL_ACCESS, &attributes, 0, NULL, &disposition), 0);
    CHECK_EQUAL(attributes.Attributes, OBJ_CASE_INSENSITIVE);
    length = sizeof data;
    CHECK_EQUAL(RtlpNtQueryValueKey(key, &type, data, &length, 0), STATUS_OBJECT_NAME_NOT_FOUND);
    CHECK_EQUAL(RtlpNtSetValueKey(key, REG_BINARY, "abc", 3), 0);
    length = sizeof data;
    CHECK_EQUAL(RtlpNtQueryValueKey(key, &type, data, &length, 0), 0);
    CHECK_EQUAL(length, 3);
    CHECK_EQUAL(type, REG_BINARY);
    CHECK(!memcmp(data, "abc", 3), "other data");
    length = 2;
    CHECK_EQUAL(RtlpNtQueryValueKey(key, &type, data, &length, 0), STATUS_BUFFER_OVERFLOW);
    CHECK_EQUAL(length, 3);

    RtlInitUnicodeString(&sub, L"Child");
    InitializeObjectAttributes(&below, &sub, OBJ_CASE_INSENSITIVE, key, NULL);
    CHECK_EQUAL(RtlpNtCreateKey(&child, KEY_ALL_ACCESS, &below, 0, NULL, NULL), 0);
    name = (UNICODE_STRING){0, sizeof text, whole};
    CHECK_EQUAL(RtlpNtEnumerateSubKey(key, &name, 0, 0), 0);
    CHECK_EQUAL(name.Length, 10);
    CHECK(!memcmp(text, L"Child", 10), "another name");
    CHECK_EQUAL(RtlpNtEnumerateSubKey(key, &name, 1, 0), STATUS_NO_MORE_ENTRIES);
    name.MaximumLength = 4;
    CHECK_EQUAL(RtlpNtEnumerateSubKey(key, &name, 0, 0), STATUS_BUFFER_OVERFLOW);
    CHECK_EQUAL(RtlpNtMakeTemporaryKey(child), 0);
    CHECK_EQUAL(NtClose(child), 0);

    // A handle keeps a tag for its program.
    KEY_HANDLE_TAGS_INFORMATION tags = {0x1234};
    ULONG needed;
    CHECK_EQUAL(NtSetInformationKey(key, KeySetHandleTagsInformation, &tags, 2), STATUS_INFO_LENGTH_MISMATCH);
    CHECK_EQUAL(NtSetInformationKey(key, KeySetHandleTagsInformation, &tags, sizeof tags), 0);
    tags.HandleTags = 0;
    CHECK_EQUAL(NtQueryKey(key, KeyHandleTagsInformation, &tags, sizeof tags, &needed), 0);
    CHECK_EQUAL(tags.HandleTags, 0x1234);
    CHECK_EQUAL(NtQueryKey(key, KeyVirtualizationInformation, &tags, sizeof tags, &needed), 0);
    CHECK_EQUAL(tags.HandleTags, 0);
    CHECK_EQUAL(needed, 4);
    CHECK_EQUAL(NtNotifyChangeMultipleKeys(key, 2, NULL, NULL, NULL, NULL, NULL, 1, FALSE, NULL, 0, TRUE),
                STATUS_INVALID_PARAMETER);
    CHECK_EQUAL(RtlpNtMakeTemporaryKey(key), 0);
    NtClose(key);
    CHECK_EQUAL(RtlpNtOpenKey(&key, KEY_READ, &attributes, 0), STATUS_OBJECT_NAME_NOT_FOUND);
}

static void test_licenses(void)
{
    UNICODE_STRING name;
    ULONG type = 0, value = 0, length = 0;
    WCHAR text[16];
    RtlInitUnicodeString(&name, L"Kernel-MUI-Number-Allowed");
    CHECK_EQUAL(NtQueryLicenseValue(NULL, &type, &value, sizeof value, &length), STATUS_INVALID_PARAMETER);
    CHECK_EQUAL(NtQueryLicenseValue(&name, &type, &value, sizeof value, NULL), STATUS_INVALID_PARAMETER);
    CHECK_EQUAL(NtQueryLicenseValue(&name, &type, &value, 2, &length), STATUS_BUFFER_TOO_SMALL);
    CHECK_EQUAL(length, 4);
    CHECK_EQUAL(NtQueryLicenseValue(&name, &type, &value, sizeof value, &length), 0);
    CHECK_EQUAL(type, REG_DWORD);
    RtlInitUnicodeString(&name, L"Kernel-MUI-Language-Allowed");
    CHECK_EQUAL(NtQueryLicenseValue(&name, &type, text, sizeof text, &length), 0);
    CHECK_EQUAL(type, REG_SZ);
    CHECK_EQUAL(length, 12);
    RtlInitUnicodeString(&name, L"No-Such-Licence");
    CHECK_EQUAL(NtQueryLicenseValue(&name, &type, &value, sizeof value, &length),
                STATUS_OBJECT_NAME_NOT_FOUND);
}

int main(void)
{
    test_default_values();
    test_licenses();
    return check_summary();
}
