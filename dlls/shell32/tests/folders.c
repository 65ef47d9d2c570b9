// Where folders are, and command lines into arguments.
// link: -lshell32
#include <windows.h>
#include <shlobj.h>
#include <string.h>
#include "tests/check.h"

static void check_arguments(const WCHAR *line, int wanted, const WCHAR *last)
{
    int count = 0;
    WCHAR **arguments = CommandLineToArgvW(line, &count);
    CHECK_EQUAL(count, wanted);
    CHECK(arguments && lstrcmpW(arguments[count - 1], last) == 0, "%ls", arguments[count - 1]);
    LocalFree(arguments);
}

int main(void)
{
    char path[MAX_PATH], windows[MAX_PATH];
    CHECK(SHGetSpecialFolderPathA(NULL, path, CSIDL_PROGRAM_FILES, FALSE));
    CHECK(GetFileAttributesA(path) & FILE_ATTRIBUTE_DIRECTORY);
    CHECK_EQUAL(SHGetFolderPathA(NULL, CSIDL_WINDOWS, NULL, SHGFP_TYPE_CURRENT, path), S_OK);
    GetWindowsDirectoryA(windows, MAX_PATH);
    CHECK(lstrcmpiA(path, windows) == 0, "%s", path);
    CHECK_EQUAL(SHGetFolderPathA(NULL, 0xff, NULL, SHGFP_TYPE_CURRENT, path), E_INVALIDARG);
    CHECK_EQUAL(SHGetFolderPathA(NULL, CSIDL_PERSONAL | CSIDL_FLAG_CREATE, NULL, SHGFP_TYPE_CURRENT, path),
                S_OK);
    CHECK(GetFileAttributesA(path) & FILE_ATTRIBUTE_DIRECTORY);
    check_arguments(L"\"a b\\\" c", 2, L"c");
    check_arguments(L"x \"a\\\"b\" c\\\\d", 3, L"c\\\\d");
    check_arguments(L"x a\\\\\"b c\"", 2, L"a\\b c");
    return check_summary();
}
