// Profile files: lists, sections, structures, and sharing with others who have the file open.
// link: -ladvapi32
#include <windows.h>
#include "tests/check.h"

static const char file[] = ".\\profile-test.ini";

static void write_file(const char *text)
{
    DWORD written;
    HANDLE handle = CreateFileA(file, GENERIC_WRITE, 0, NULL, CREATE_ALWAYS, 0, NULL);
    WriteFile(handle, text, (DWORD)lstrlenA(text), &written, NULL);
    CloseHandle(handle);
}

static void test_lists(void)
{
    char text[64];

    write_file("[s]\r\none=1\r\nno value\r\ntwo=\r\n[t]\r\n");
    CHECK_EQUAL(GetPrivateProfileStringA("s", NULL, "", text, sizeof(text), file), 8);
    CHECK(!memcmp(text, "one\0two\0", 9), "keys have a '='");
    CHECK_EQUAL(GetPrivateProfileSectionA("s", text, sizeof(text), file), 20);
    CHECK(!memcmp(text, "one=1\0no value\0two=\0", 21), "a section has all lines");
    CHECK_EQUAL(GetPrivateProfileSectionNamesA(text, sizeof(text), file), 4);
    CHECK_EQUAL(GetPrivateProfileSectionNamesA(text, 5, file), 3);
    CHECK_EQUAL(GetPrivateProfileSectionA(NULL, text, sizeof(text), file), 0);
    CHECK_EQUAL(GetLastError(), ERROR_INVALID_PARAMETER);
}

static void test_sections(void)
{
    char text[64];

    write_file("[s]\r\nold=1\r\n[t]\r\nkept=2\r\n");
    CHECK(WritePrivateProfileSectionA("s", "new=1\0more=2\0", file), "replace");
    CHECK_EQUAL(GetPrivateProfileSectionA("s", text, sizeof(text), file), 13);
    CHECK(!memcmp(text, "new=1\0more=2\0", 14), "new lines");
    CHECK_EQUAL(GetPrivateProfileIntA("t", "kept", 0, file), 2);
    CHECK(WritePrivateProfileSectionA("s", NULL, file), "remove");
    CHECK_EQUAL(GetPrivateProfileSectionNamesA(text, sizeof(text), file), 2);
    CHECK(WritePrivateProfileSectionA("u", "k=v\0", file), "add");
    CHECK_EQUAL(GetPrivateProfileStringA("u", "k", "", text, sizeof(text), file), 1);
}

static void test_structures(void)
{
    char text[64];

    CHECK(WritePrivateProfileStructA("b", "k", "abacus", 7, file), "write");
    GetPrivateProfileStringA("b", "k", "", text, sizeof(text), file);
    CHECK(!lstrcmpA(text, "616261637573006F"), "%s", text);
    CHECK(GetPrivateProfileStructA("b", "k", text, 7, file) && !lstrcmpA(text, "abacus"), "read");
    CHECK(!GetPrivateProfileStructA("b", "k", text, 6, file), "too short");
    CHECK_EQUAL(GetLastError(), ERROR_BAD_LENGTH);
    WritePrivateProfileStringA("b", "k", "616261637573006E", file);
    CHECK(!GetPrivateProfileStructA("b", "k", text, 7, file), "wrong sum");
    CHECK_EQUAL(GetLastError(), ERROR_INVALID_DATA);
}

static void test_sharing(void)
{
    HANDLE open = CreateFileA(file, GENERIC_READ, FILE_SHARE_READ, NULL, OPEN_EXISTING, 0, NULL);

    CHECK(!WritePrivateProfileStringA("s", "k", "v", file), "others may not write");
    CHECK_EQUAL(GetLastError(), ERROR_SHARING_VIOLATION);
    CHECK_EQUAL(GetPrivateProfileIntA("t", "kept", 0, file), 2);
    CloseHandle(open);
    CHECK(WritePrivateProfileStringA("s", "k", "v", file), "again");
}

// A section that the registry keeps: the file is neither read nor written.
static void test_mapping(void)
{
    static const char mappings[] =
        "Software\\Microsoft\\Windows NT\\CurrentVersion\\IniFileMapping\\profile-test.ini";
    char text[64];
    DWORD size = sizeof(text), type;
    HKEY key, names, target;

    RegCreateKeyExA(HKEY_LOCAL_MACHINE, mappings, 0, NULL, 0, KEY_ALL_ACCESS | KEY_WOW64_64KEY, NULL, &key,
                    NULL);
    RegSetValueExA(key, "all", 0, REG_SZ, (const BYTE *)"USR:profile-test", sizeof("USR:profile-test"));
    RegCreateKeyExA(key, "some", 0, NULL, 0, KEY_ALL_ACCESS, NULL, &names, NULL);
    RegSetValueExA(names, "here", 0, REG_SZ, (const BYTE *)"#USR:profile-test", sizeof("#USR:profile-test"));
    write_file("[all]\r\nname=file\r\n[some]\r\nthere=file\r\n");

    CHECK_EQUAL(GetPrivateProfileStringA("all", "name", "none", text, sizeof(text), file), 4);
    CHECK(!lstrcmpA(text, "none"), "the file says %s", text);
    CHECK(WritePrivateProfileStringA("all", "name", "value", file), "write: %lu", GetLastError());
    CHECK_EQUAL(
        GetPrivateProfileStringA("all", "name", "none", text, sizeof(text), "Q:\\x\\profile-test.ini"), 5);
    CHECK(!RegOpenKeyExA(HKEY_CURRENT_USER, "profile-test", 0, KEY_ALL_ACCESS, &target), "the key");
    CHECK(!RegQueryValueExA(target, "name", NULL, &type, (BYTE *)text, &size) && type == REG_SZ &&
              !lstrcmpA(text, "value"),
          "the value");
    CHECK(WritePrivateProfileSectionA("all", "more=1\0", file), "section");
    CHECK_EQUAL(GetPrivateProfileSectionA("all", text, sizeof(text), file), 18);
    CHECK(!memcmp(text, "name=value\0more=1\0", 19), "what was there stays");
    GetPrivateProfileSectionNamesA(text, sizeof(text), file);
    CHECK(!memcmp(text, "all\0some\0", 9), "the registry's names come first");

    CHECK(WritePrivateProfileStringA("some", "here", "1", file), "a mapped name");
    CHECK(!RegQueryValueExA(target, "here", NULL, NULL, NULL, NULL), "its value");
    CHECK_EQUAL(GetPrivateProfileSectionA("some", text, sizeof(text), file), 18);
    CHECK(!memcmp(text, "here=1\0there=file\0", 19), "a section in both");
    CHECK(WritePrivateProfileStringA("some", NULL, NULL, file), "remove it");
    CHECK_EQUAL(GetPrivateProfileSectionA("some", text, sizeof(text), file), 0);
    CHECK(WritePrivateProfileSectionA("all", NULL, file), "remove all");
    CHECK_EQUAL(RegQueryValueExA(target, "name", NULL, NULL, NULL, NULL), ERROR_FILE_NOT_FOUND);

    RegDeleteKeyA(target, "");
    RegCloseKey(target);
    RegDeleteKeyA(names, "");
    RegCloseKey(names);
    RegDeleteKeyA(key, "");
    RegCloseKey(key);
}

int main(void)
{
    test_lists();
    test_sections();
    test_structures();
    test_sharing();
    test_mapping();
    CHECK(DeleteFileA(file), "delete");
    return check_summary();
}
