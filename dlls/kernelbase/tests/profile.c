// Profile files: lists, sections, structures, and sharing with others who have the file open.
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

int main(void)
{
    test_lists();
    test_sections();
    test_structures();
    test_sharing();
    CHECK(DeleteFileA(file), "delete");
    return check_summary();
}
