// Hives as files: two trees saved as one, a hive's file replaced by another, compaction, who has keys open,
// and what only the system may do.
// link: -ladvapi32
#define DECLSPEC_IMPORT
#include "ntdll.h"
#include "nt/rtl_lib.h"
#include "tests/check.h"
#include <string.h>

NTSTATUS NTAPI RtlAdjustPrivilege(ULONG privilege, BOOLEAN enable, BOOLEAN of_thread, BOOLEAN *before);

static char folder[MAX_PATH];

static const char *file(const char *name)
{
    static char path[4][MAX_PATH + 16];
    static int n;
    n = (n + 1) % 4;
    snprintf(path[n], sizeof(path[n]), "%s\\%s", folder, name);
    return path[n];
}

static void set(HKEY key, const char *path, const char *name, const char *text)
{
    HKEY child;
    CHECK_EQUAL(RegCreateKeyExA(key, path, 0, NULL, 0, KEY_ALL_ACCESS, NULL, &child, NULL), 0);
    CHECK_EQUAL(RegSetValueExA(child, name, 0, REG_SZ, (const BYTE *)text, (DWORD)strlen(text) + 1), 0);
    RegCloseKey(child);
}

static void check_value(const char *path, const char *name, const char *expected)
{
    char text[64] = "";
    DWORD size = sizeof(text);
    LSTATUS error = RegGetValueA(HKEY_USERS, path, name, RRF_RT_REG_SZ, NULL, text, &size);
    if (expected)
        CHECK(!error && !strcmp(text, expected), "%s %s: %ld, %s", path, name, error, text);
    else
        CHECK_EQUAL(error, ERROR_FILE_NOT_FOUND);
}

static HANDLE create(const char *name)
{
    HANDLE handle = CreateFileA(file(name), GENERIC_WRITE, 0, NULL, CREATE_ALWAYS, 0, NULL);
    CHECK(handle != INVALID_HANDLE_VALUE, "%s: %lu", name, GetLastError());
    return handle;
}

static OBJECT_ATTRIBUTES below_users(UNICODE_STRING *name, const WCHAR *path)
{
    OBJECT_ATTRIBUTES attributes;
    RtlInitUnicodeString(name, path);
    InitializeObjectAttributes(&attributes, name, OBJ_CASE_INSENSITIVE, NULL, NULL);
    return attributes;
}

static void test_merge(HKEY high)
{
    HKEY low;
    HANDLE merged = create("merged");
    CHECK_EQUAL(RegOpenKeyA(HKEY_USERS, "LowlandLow", &low), 0);
    CHECK_EQUAL(NtSaveMergedKeys(high, high, merged), STATUS_INVALID_PARAMETER);
    CHECK_EQUAL(NtSaveMergedKeys(high, low, low), STATUS_OBJECT_TYPE_MISMATCH);
    CHECK_EQUAL(NtSaveMergedKeys(high, low, merged), 0);
    CloseHandle(merged);
    RegCloseKey(low);
    CHECK_EQUAL(RegLoadKeyA(HKEY_USERS, "LowlandMerged", file("merged")), 0);
    check_value("LowlandMerged", "low", "low");
    check_value("LowlandMerged", "both", "high");
    check_value("LowlandMerged\\sub", "low", "low");
    check_value("LowlandMerged\\sub", "high", "high");
    check_value("LowlandMerged\\sub\\deep", "high", "high");
    check_value("LowlandLow", "both", "low");
    check_value("LowlandLow", "high", NULL);
    CHECK_EQUAL(RegUnLoadKeyA(HKEY_USERS, "LowlandMerged"), 0);
}

static void test_hive_calls(void)
{
    UNICODE_STRING name;
    OBJECT_ATTRIBUTES target = below_users(&name, L"\\Registry\\User\\LowlandLow");
    HANDLE keys[2];
    ULONG count = 77;
    CHECK_EQUAL(NtQueryOpenSubKeys(&target, &count), 0);
    CHECK_EQUAL(count, 0);
    CHECK_EQUAL(RegOpenKeyA(HKEY_USERS, "LowlandLow", (HKEY *)&keys[0]), 0);
    CHECK_EQUAL(RegOpenKeyA(HKEY_USERS, "LowlandLow\\sub", (HKEY *)&keys[1]), 0);
    CHECK_EQUAL(NtQueryOpenSubKeys(&target, &count), 0);
    CHECK_EQUAL(count, 1);
    CHECK_EQUAL(NtCompressKey(keys[0]), 0);
    CHECK_EQUAL(NtCompressKey(keys[1]), STATUS_INVALID_PARAMETER);
    CHECK_EQUAL(NtCompactKeys(2, keys), 0);
    CHECK_EQUAL(NtCompactKeys(2, NULL), STATUS_ACCESS_VIOLATION);
    NtClose(keys[1]);
    keys[1] = NULL;
    CHECK_EQUAL(NtCompactKeys(2, keys), STATUS_INVALID_HANDLE);
    NtClose(keys[0]);
    target = below_users(&name, L"\\Registry\\User\\LowlandLow\\sub");
    CHECK_EQUAL(NtQueryOpenSubKeys(&target, &count), STATUS_INVALID_PARAMETER);
    CHECK_EQUAL(NtLockRegistryKey(NULL), STATUS_PRIVILEGE_NOT_HELD);
    CHECK_EQUAL(NtInitializeRegistry(0), STATUS_ACCESS_DENIED);
    CHECK_EQUAL(NtInitializeRegistry(5000), STATUS_INVALID_PARAMETER);
}

static void test_replace(HKEY key)
{
    HANDLE none = create("none");
    CloseHandle(none);
    CHECK_EQUAL(RegSaveKeyA(key, file("new"), NULL), 0);
    CHECK_EQUAL(RegReplaceKeyA(HKEY_USERS, "LowlandLow", file("none"), file("old")), ERROR_NOT_REGISTRY_FILE);
    CHECK_EQUAL(RegReplaceKeyA(HKEY_USERS, "LowlandLow\\sub", file("new"), file("old")),
                ERROR_INVALID_PARAMETER);
    CHECK_EQUAL(RegReplaceKeyA(HKEY_USERS, "LowlandLow", file("missing"), file("old")), ERROR_FILE_NOT_FOUND);
    CHECK_EQUAL(RegReplaceKeyA(HKEY_USERS, "LowlandLow", NULL, file("old")), ERROR_INVALID_PARAMETER);
    CHECK_EQUAL(RegReplaceKeyA(HKEY_USERS, "LowlandLow", file("new"), file("none")), ERROR_ALREADY_EXISTS);
    CHECK_EQUAL(RegReplaceKeyA(HKEY_USERS, "LowlandLow", file("new"), file("old")), 0);
    CHECK_EQUAL(GetFileAttributesA(file("new")), INVALID_FILE_ATTRIBUTES);
    // What is loaded stays, and is what the old file gets.
    check_value("LowlandLow", "both", "low");
    HKEY root;
    CHECK_EQUAL(RegOpenKeyA(HKEY_USERS, "LowlandLow", &root), 0);
    set(root, "sub", "later", "later");
    RegCloseKey(root);
    CHECK_EQUAL(RegUnLoadKeyA(HKEY_USERS, "LowlandLow"), 0);
    CHECK_EQUAL(RegLoadKeyA(HKEY_USERS, "LowlandLow", file("low")), 0);
    check_value("LowlandLow", "both", "high");
    check_value("LowlandLow", "low", NULL);
    CHECK_EQUAL(RegUnLoadKeyA(HKEY_USERS, "LowlandLow"), 0);
    CHECK_EQUAL(RegLoadKeyA(HKEY_USERS, "LowlandLow", file("old")), 0);
    check_value("LowlandLow", "both", "low");
    check_value("LowlandLow\\sub", "later", "later");
    CHECK_EQUAL(RegUnLoadKeyA(HKEY_USERS, "LowlandLow"), 0);
}

int main(void)
{
    static const char *const names[] = {"low", "merged", "new", "old", "none"};
    HKEY high, low;
    BOOLEAN before;
    GetTempPathA(sizeof(folder), folder);
    strcat(folder, "lowland-hives");
    CreateDirectoryA(folder, NULL);
    for (unsigned i = 0; i < sizeof(names) / sizeof(*names); i++) DeleteFileA(file(names[i]));
    CHECK_EQUAL(RtlAdjustPrivilege(17, TRUE, FALSE, &before), 0); // SeBackupPrivilege
    CHECK_EQUAL(RtlAdjustPrivilege(18, TRUE, FALSE, &before), 0); // SeRestorePrivilege

    CHECK_EQUAL(RegCreateKeyA(HKEY_CURRENT_USER, "Software\\LowlandHives\\low", &low), 0);
    set(low, "", "low", "low");
    set(low, "", "both", "low");
    set(low, "sub", "low", "low");
    CHECK_EQUAL(RegSaveKeyA(low, file("low"), NULL), 0);
    CHECK_EQUAL(RegLoadKeyA(HKEY_USERS, "LowlandLow", file("low")), 0);
    CHECK_EQUAL(RegCreateKeyA(HKEY_CURRENT_USER, "Software\\LowlandHives\\high", &high), 0);
    set(high, "", "both", "high");
    set(high, "sub", "high", "high");
    set(high, "sub\\deep", "high", "high");

    test_merge(high);
    test_hive_calls();
    test_replace(high);
    RegCloseKey(low);
    RegCloseKey(high);
    RegDeleteTreeA(HKEY_CURRENT_USER, "Software\\LowlandHives");
    for (unsigned i = 0; i < sizeof(names) / sizeof(*names); i++) DeleteFileA(file(names[i]));
    RemoveDirectoryA(folder);
    return check_summary();
}
