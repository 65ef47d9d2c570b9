// Hive files: a key saved comes back whole, loaded hives keep what is changed, files that are none are
// refused.
// link: -ladvapi32
#include <windows.h>
#include "check.h"
#include <stdlib.h>
#include <string.h>

static const char top_path[] = "Software\\Lowland hives";
static char folder[MAX_PATH], file[MAX_PATH + 16];

static BOOL enable(const char *privilege)
{
    HANDLE token;
    TOKEN_PRIVILEGES change = {.PrivilegeCount = 1, .Privileges = {{.Attributes = SE_PRIVILEGE_ENABLED}}};
    if (!OpenProcessToken(GetCurrentProcess(), TOKEN_ADJUST_PRIVILEGES, &token)) return FALSE;
    LookupPrivilegeValueA(NULL, privilege, &change.Privileges[0].Luid);
    BOOL done =
        AdjustTokenPrivileges(token, FALSE, &change, 0, NULL, NULL) && GetLastError() == ERROR_SUCCESS;
    CloseHandle(token);
    return done;
}

static void set(HKEY key, const char *name, DWORD type, const void *data, DWORD size)
{
    CHECK_EQUAL(RegSetValueExA(key, name, 0, type, data, size), 0);
}

static BOOL has(HKEY key, const char *name, DWORD type, const void *data, DWORD size)
{
    DWORD found_type, found = size + 16;
    BYTE *buffer = malloc(found);
    BOOL same = RegQueryValueExA(key, name, NULL, &found_type, buffer, &found) == 0 && found_type == type &&
                found == size && memcmp(buffer, data, size) == 0;
    free(buffer);
    return same;
}

// Small, large and absent data, names of all kinds, many subkeys, a class.
enum { LARGE = 100000, SUBKEYS = 1200 };
static BYTE large[LARGE];

static void fill(HKEY top)
{
    HKEY key;
    char name[32];
    for (int i = 0; i < LARGE; i++) large[i] = (BYTE)(i * 31 + i / 256);
    set(top, "", REG_SZ, "default", 8);
    set(top, "three", REG_BINARY, "abc", 3);
    set(top, "number", REG_DWORD, "\1\2\3\4", 4);
    set(top, "none", REG_NONE, NULL, 0);
    set(top, "large", REG_BINARY, large, LARGE);
    CHECK_EQUAL(RegSetValueExW(top, L"\x4e2d\x6587", 0, REG_SZ, (const BYTE *)L"text", 10), 0);
    CHECK_EQUAL(RegCreateKeyExA(top, "classed", 0, "a class", 0, KEY_ALL_ACCESS, NULL, &key, NULL), 0);
    RegCloseKey(key);
    CHECK_EQUAL(
        RegCreateKeyExA(top, "passing", 0, NULL, REG_OPTION_VOLATILE, KEY_ALL_ACCESS, NULL, &key, NULL), 0);
    RegCloseKey(key);
    for (int i = 0; i < SUBKEYS; i++) {
        sprintf(name, "many\\key %d", i);
        RegCreateKeyA(top, name, &key);
        if (i % 100 == 0) set(key, "i", REG_DWORD, &i, 4);
        RegCloseKey(key);
    }
}

static void check_filled(HKEY top)
{
    HKEY key;
    DWORD subkeys, size = 64;
    char class[64];
    CHECK(has(top, "", REG_SZ, "default", 8), "the default value");
    CHECK(has(top, "three", REG_BINARY, "abc", 3), "three bytes");
    CHECK(has(top, "number", REG_DWORD, "\1\2\3\4", 4), "a number");
    CHECK(has(top, "none", REG_NONE, "", 0), "no data");
    CHECK(has(top, "large", REG_BINARY, large, LARGE), "large data");
    CHECK_EQUAL(RegQueryValueExW(top, L"\x4e2d\x6587", NULL, NULL, NULL, NULL), 0);
    CHECK_EQUAL(RegOpenKeyA(top, "passing", &key), ERROR_FILE_NOT_FOUND);
    CHECK_EQUAL(RegOpenKeyA(top, "classed", &key), 0);
    CHECK_EQUAL(RegQueryInfoKeyA(key, class, &size, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL), 0);
    CHECK(!strcmp(class, "a class"), "%s", class);
    RegCloseKey(key);
    CHECK_EQUAL(RegOpenKeyA(top, "many", &key), 0);
    CHECK_EQUAL(RegQueryInfoKeyA(key, NULL, NULL, NULL, &subkeys, NULL, NULL, NULL, NULL, NULL, NULL, NULL),
                0);
    CHECK_EQUAL(subkeys, SUBKEYS);
    int i = 300;
    HKEY child;
    CHECK_EQUAL(RegOpenKeyA(key, "KEY 300", &child), 0);
    CHECK(has(child, "i", REG_DWORD, &i, 4), "a subkey's value");
    RegCloseKey(child);
    RegCloseKey(key);
}

static void test_save_and_restore(DWORD format)
{
    HKEY top, other;
    RegCreateKeyA(HKEY_CURRENT_USER, top_path, &top);
    DeleteFileA(file);
    CHECK_EQUAL(RegSaveKeyExA(top, file, NULL, format), 0);
    CHECK_EQUAL(RegSaveKeyExA(top, file, NULL, format), ERROR_ALREADY_EXISTS);
    CHECK_EQUAL(RegCreateKeyA(top, "restored", &other), 0);
    set(other, "old", REG_SZ, "x", 2);
    CHECK_EQUAL(RegRestoreKeyA(other, file, 0), 0);
    check_filled(other);
    CHECK_EQUAL(RegQueryValueExA(other, "old", NULL, NULL, NULL, NULL), ERROR_FILE_NOT_FOUND);
    RegCloseKey(other);
    RegDeleteTreeA(top, "restored");
    RegCloseKey(top);
}

static void test_load(void)
{
    HKEY key, child;
    CHECK_EQUAL(RegLoadKeyA(HKEY_LOCAL_MACHINE, "LowlandHive", ""), ERROR_INVALID_PARAMETER);
    CHECK_EQUAL(RegLoadKeyA(HKEY_LOCAL_MACHINE, "LowlandHive", file), 0);
    CHECK_EQUAL(RegLoadKeyA(HKEY_LOCAL_MACHINE, "LowlandHive2", file), ERROR_SHARING_VIOLATION);
    CHECK_EQUAL(RegOpenKeyA(HKEY_LOCAL_MACHINE, "LowlandHive", &key), 0);
    check_filled(key);
    set(key, "added", REG_SZ, "y", 2);
    CHECK_EQUAL(RegCreateKeyA(key, "made\\deep", &child), 0);
    set(child, "here", REG_SZ, "z", 2);
    RegCloseKey(child);
    CHECK_EQUAL(RegUnLoadKeyA(HKEY_LOCAL_MACHINE, "LowlandHive"), ERROR_ACCESS_DENIED); // a key is open
    RegCloseKey(key);
    CHECK_EQUAL(RegUnLoadKeyA(HKEY_LOCAL_MACHINE, "LowlandHive"), 0);
    CHECK_EQUAL(RegOpenKeyA(HKEY_LOCAL_MACHINE, "LowlandHive", &key), ERROR_FILE_NOT_FOUND);
    CHECK_EQUAL(RegLoadKeyA(HKEY_USERS, "LowlandHive", file), 0);
    CHECK_EQUAL(RegOpenKeyA(HKEY_USERS, "LowlandHive\\made\\deep", &child), 0);
    CHECK(has(child, "here", REG_SZ, "z", 2), "a change was kept");
    RegCloseKey(child);
    CHECK_EQUAL(RegUnLoadKeyA(HKEY_USERS, "LowlandHive"), 0);
    CHECK_EQUAL(RegUnLoadKeyA(HKEY_LOCAL_MACHINE, "SYSTEM"), ERROR_ACCESS_DENIED);
}

static void test_app_key(void)
{
    HKEY key, again;
    char fresh[MAX_PATH + 16];
    sprintf(fresh, "%s\\app.hive", folder);
    DeleteFileA(fresh);
    CHECK_EQUAL(RegLoadAppKeyA(fresh, &key, KEY_ALL_ACCESS, 0, 1), ERROR_INVALID_PARAMETER);
    CHECK_EQUAL(RegLoadAppKeyA(fresh, &key, KEY_ALL_ACCESS, 0, 0), 0); // makes the file
    set(key, "kept", REG_SZ, "k", 2);
    CHECK_EQUAL(RegLoadAppKeyA(fresh, &again, KEY_READ, 0, 0), 0);
    CHECK(has(again, "kept", REG_SZ, "k", 2), "both see one hive");
    RegCloseKey(key);
    RegCloseKey(again);
    CHECK_EQUAL(RegLoadAppKeyA(fresh, &key, KEY_READ, 0, 0), 0);
    CHECK(has(key, "kept", REG_SZ, "k", 2), "it came from the file");
    RegCloseKey(key);
    CHECK(DeleteFileA(fresh), "%lu", GetLastError());
}

static void write_file(const void *bytes, DWORD size)
{
    DWORD written;
    HANDLE handle = CreateFileA(file, GENERIC_WRITE, 0, NULL, CREATE_ALWAYS, 0, NULL);
    WriteFile(handle, bytes, size, &written, NULL);
    CloseHandle(handle);
}

// Every part of a file may be anything: loading it must come to an end, and to no key when it fails.
static void test_damage(void)
{
    static BYTE good[1 << 16], bad[1 << 16];
    DWORD size;
    HKEY key, top;
    RegCreateKeyA(HKEY_CURRENT_USER, "Software\\Lowland hives\\small\\sub", &key);
    set(key, "v", REG_SZ, "12345678", 9);
    RegCloseKey(key);
    RegOpenKeyA(HKEY_CURRENT_USER, "Software\\Lowland hives\\small", &top);
    DeleteFileA(file);
    CHECK_EQUAL(RegSaveKeyA(top, file, NULL), 0);
    RegCloseKey(top);
    HANDLE handle = CreateFileA(file, GENERIC_READ, 0, NULL, OPEN_EXISTING, 0, NULL);
    ReadFile(handle, good, sizeof good, &size, NULL);
    CloseHandle(handle);
    write_file("not a hive", 10);
    CHECK_EQUAL(RegLoadKeyA(HKEY_LOCAL_MACHINE, "LowlandHive", file), ERROR_NOT_REGISTRY_FILE);
    write_file(good, 4096 + 100);
    CHECK_EQUAL(RegLoadKeyA(HKEY_LOCAL_MACHINE, "LowlandHive", file), ERROR_BADDB);
    srand(7);
    unsigned failed = 0;
    for (int round = 0; round < 60; round++) {
        memcpy(bad, good, size);
        for (int i = 0; i < 3; i++) bad[4096 + rand() % 1200] = (BYTE)rand();
        write_file(bad, size);
        LSTATUS error = RegLoadKeyA(HKEY_LOCAL_MACHINE, "LowlandHive", file);
        if (!error) error = RegUnLoadKeyA(HKEY_LOCAL_MACHINE, "LowlandHive");
        failed += error != 0 && error != ERROR_BADDB;
    }
    CHECK_EQUAL(failed, 0);
    CHECK_EQUAL(RegOpenKeyA(HKEY_LOCAL_MACHINE, "LowlandHive", &key), ERROR_FILE_NOT_FOUND);
}

int main(void)
{
    HKEY top;
    GetTempPathA(sizeof folder, folder);
    sprintf(file, "%s\\lowland.hive", folder);
    RegDeleteTreeA(HKEY_CURRENT_USER, top_path);
    RegCreateKeyA(HKEY_CURRENT_USER, top_path, &top);
    CHECK_EQUAL(RegSaveKeyA(top, file, NULL), ERROR_PRIVILEGE_NOT_HELD);
    CHECK(enable(SE_BACKUP_NAME) && enable(SE_RESTORE_NAME), "privileges");
    fill(top);
    RegCloseKey(top);
    test_save_and_restore(REG_STANDARD_FORMAT);
    test_save_and_restore(REG_LATEST_FORMAT);
    test_load();
    test_app_key();
    test_damage();
    DeleteFileA(file);
    RegDeleteTreeA(HKEY_CURRENT_USER, top_path);
    return check_summary();
}
