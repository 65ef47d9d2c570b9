// DOS paths: kinds, devices, full names, NT names.
#include "nt/nt.h"
#include "check.h"
#include <string.h>
#include <wchar.h>

static void test_types(void)
{
    static const struct {
        const WCHAR *path;
        int type;
    } tests[] = {
        {L"\\\\server\\share", 1},
        {L"//server/share", 1},
        {L"c:\\foo", 2},
        {L"c:/foo", 2},
        {L"c:foo", 3},
        {L"c:", 3},
        {L"\\foo", 4},
        {L"/foo", 4},
        {L"foo", 5},
        {L"", 5},
        {L".", 5},
        {L"\\\\.\\foo", 6},
        {L"\\\\?\\foo", 6},
        {L"\\\\.", 7},
        {L"\\\\?", 7},
        {L"\\\\.foo", 1},
        {L"\\??\\foo", 4},
        {L"1:\\", 2},
    };

    for (unsigned i = 0; i < ARRAYSIZE(tests); i++) {
        CHECK((int)RtlDetermineDosPathNameType_U(tests[i].path) == tests[i].type, "%ls", tests[i].path);
    }
}

static void test_devices(void)
{
    static const struct {
        const WCHAR *path;
        USHORT offset, size;
    } tests[] = {
        {L"nul", 0, 6},          {L"NUL.txt", 0, 6},
        {L"c:\\nul", 6, 6},      {L"c:\\nul:", 6, 6},
        {L"c:\\nul\\", 0, 0},    {L"c:\\nul\\foo", 0, 0},
        {L"c:prn     ", 4, 6},   {L"c:prn.......", 4, 6},
        {L"c:NUL .... ", 4, 6},  {L"c:nul0", 0, 0},
        {L"c:prn:aaa", 4, 6},    {L"con:", 0, 6},
        {L"lpt1:", 0, 8},        {L"c:com5:", 4, 8},
        {L"c:\\lpt0.txt", 0, 0}, {L"c:\\com9.txt", 6, 8},
        {L"\\\\.\\CON", 8, 6},   {L"\\\\.\\nul", 0, 0},
        {L"conin$", 0, 12},      {L"CONOUT$", 0, 14},
        {L"file", 0, 0},         {L"", 0, 0},
        {L"aux", 0, 6},          {L"\\\\s\\nul", 0, 0},
    };

    for (unsigned i = 0; i < ARRAYSIZE(tests); i++) {
        ULONG result = RtlIsDosDeviceName_U(tests[i].path);
        CHECK(result == ((ULONG)tests[i].offset << 16 | tests[i].size), "%ls: %lx", tests[i].path, result);
    }
}

static void test_full_names(void)
{
    static const struct {
        const WCHAR *path, *full, *file;
    } tests[] = {
        {L"c:\\foo\\bar", L"c:\\foo\\bar", L"bar"},
        {L"c:/foo//bar/", L"c:\\foo\\bar\\", NULL},
        {L"c:\\foo\\.\\bar\\..\\baz", L"c:\\foo\\baz", L"baz"},
        {L"c:\\..\\..\\foo", L"c:\\foo", L"foo"},
        {L"c:\\foo\\..", L"c:\\", NULL},
        {L"c:\\foo\\bar\\..", L"c:\\foo", L"foo"},
        {L"c:\\foo\\.\\", L"c:\\foo\\", NULL},
        {L"c:\\foo.", L"c:\\foo", L"foo"},
        {L"c:\\foo. .", L"c:\\foo", L"foo"},
        {L"c:\\foo  ", L"c:\\foo", L"foo"},
        {L"c:\\foo.\\bar", L"c:\\foo\\bar", L"bar"},

        {L"c:\\foo \\bar", L"c:\\foo \\bar", L"bar"},

        {L"\\\\server\\share\\a\\..\\..\\b", L"\\\\server\\share\\b", L"b"},
        {L"//server/share", L"\\\\server\\share", NULL},
        {L"\\\\.\\foo\\..\\bar", L"\\\\.\\bar", L"bar"},
        {L"\\\\?\\c:\\foo\\..\\bar", L"\\\\?\\c:\\bar", L"bar"},
        {L"nul", L"\\\\.\\nul", NULL},
        {L"c:\\con.txt", L"\\\\.\\con", NULL},
        {L"c:\\", L"c:\\", NULL},
        {L"\\windows", L"C:\\windows", L"windows"},

        {L"system32", L"C:\\windows\\system32", L"system32"},
        {L"..\\x.y", L"C:\\x.y", L"x.y"},
        {L".", L"C:\\windows", L"windows"},
        {L"c:x", L"C:\\windows\\x", L"x"},
    };
    WCHAR buffer[300], *file;

    SetCurrentDirectoryW(L"C:\\windows");
    for (unsigned i = 0; i < ARRAYSIZE(tests); i++) {
        ULONG n = RtlGetFullPathName_U(tests[i].path, sizeof(buffer), buffer, &file);

        CHECK(!_wcsicmp(buffer, tests[i].full), "%ls: %ls", tests[i].path, buffer);
        CHECK(n == wcslen(tests[i].full) * 2, "%ls: %lu", tests[i].path, n);
        if (tests[i].file)
            CHECK(file && !wcscmp(file, tests[i].file), "%ls: %ls", tests[i].path, file ? file : L"NULL");
        n = RtlGetFullPathName_U(tests[i].path, 4, buffer, &file);
        CHECK(n == wcslen(tests[i].full) * 2 + 2, "%ls short: %lu", tests[i].path, n);
    }
    CHECK_EQUAL(RtlGetFullPathName_U(L"", sizeof(buffer), buffer, &file), 0);
    CHECK_EQUAL(RtlGetFullPathName_U(L"  ", sizeof(buffer), buffer, &file), 0);
}

static void test_nt_names(void)
{
    static const struct {
        const WCHAR *path, *name;
    } tests[] = {
        {L"c:\\foo", L"\\??\\c:\\foo"},
        {L"c:\\foo\\", L"\\??\\c:\\foo\\"},
        {L"\\\\server\\share\\x", L"\\??\\UNC\\server\\share\\x"},
        {L"\\\\.\\pipe\\x", L"\\??\\pipe\\x"},
        {L"\\\\?\\c:\\a\\..\\b.", L"\\??\\c:\\a\\..\\b."},
        {L"\\??\\c:\\a/b", L"\\??\\c:\\a/b"},
        {L"nul", L"\\??\\nul"},
        {L"foo", L"\\??\\C:\\windows\\foo"},
    };
    UNICODE_STRING name;
    WCHAR *file;

    for (unsigned i = 0; i < ARRAYSIZE(tests); i++) {
        NTSTATUS status = RtlDosPathNameToNtPathName_U_WithStatus(tests[i].path, &name, &file, NULL);

        CHECK_EQUAL(status, STATUS_SUCCESS);
        CHECK(!_wcsicmp(name.Buffer, tests[i].name), "%ls: %ls", tests[i].path, name.Buffer);
        CHECK_EQUAL(name.Length, wcslen(name.Buffer) * 2);
        RtlFreeUnicodeString(&name);
    }
    CHECK_EQUAL(RtlDosPathNameToNtPathName_U_WithStatus(L"", &name, &file, NULL), STATUS_OBJECT_NAME_INVALID);
}

static void test_current_directory(void)
{
    WCHAR buffer[300];

    CHECK(SetCurrentDirectoryW(L"C:\\windows\\system32\\"), "set");
    CHECK_EQUAL(GetCurrentDirectoryW(300, buffer), 19);
    CHECK(!_wcsicmp(buffer, L"C:\\windows\\system32"), "%ls", buffer);
    CHECK_EQUAL(GetCurrentDirectoryW(5, buffer), 20);
    CHECK(SetCurrentDirectoryW(L".."), "up");
    CHECK_EQUAL(GetCurrentDirectoryW(300, buffer), 10);
    CHECK(!SetCurrentDirectoryW(L"no such directory"), "missing");
    CHECK_EQUAL(GetLastError(), ERROR_FILE_NOT_FOUND);
    CHECK(SetCurrentDirectoryW(L"C:\\"), "root");
    CHECK_EQUAL(GetCurrentDirectoryW(300, buffer), 3);
}

int main(void)
{
    test_types();
    test_devices();
    test_full_names();
    test_nt_names();
    test_current_directory();
    return check_summary();
}
