// Where folders are, and command lines into arguments.
// link: -lshell32 -luuid
#include <windows.h>
#include <shlobj.h>
#include <initguid.h>
#include <knownfolders.h>
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

HRESULT WINAPI SHGetFolderPathEx(REFKNOWNFOLDERID id, DWORD flags, HANDLE token, LPWSTR path, UINT size);

static void check_known(void)
{
    WCHAR *path, windows[MAX_PATH], folder[MAX_PATH];
    GetWindowsDirectoryW(windows, MAX_PATH);
    CHECK_EQUAL(SHGetKnownFolderPath(&FOLDERID_Windows, 0, NULL, &path), S_OK);
    CHECK(path && !lstrcmpiW(path, windows), "%ls", path);
    HeapFree(GetProcessHeap(), 0, path);
    CHECK_EQUAL(SHGetKnownFolderPath(&FOLDERID_Downloads, KF_FLAG_CREATE, NULL, &path), S_OK);
    CHECK(path && GetFileAttributesW(path) & FILE_ATTRIBUTE_DIRECTORY, "%ls", path);
    CHECK_EQUAL(SHGetFolderPathEx(&FOLDERID_Downloads, 0, NULL, folder, MAX_PATH), S_OK);
    CHECK(path && !lstrcmpW(path, folder), "%ls", folder);
    HeapFree(GetProcessHeap(), 0, path);
    CHECK_EQUAL(SHGetFolderPathEx(&FOLDERID_Windows, 0, NULL, folder, 4),
                HRESULT_FROM_WIN32(ERROR_INSUFFICIENT_BUFFER));
    CHECK_EQUAL(SHGetKnownFolderPath(&IID_IUnknown, 0, NULL, &path),
                HRESULT_FROM_WIN32(ERROR_FILE_NOT_FOUND));
    CHECK(!path, "%p", path);
}

static BOOL is_folder(const char *path)
{
    DWORD attributes = GetFileAttributesA(path);
    return attributes != INVALID_FILE_ATTRIBUTES && attributes & FILE_ATTRIBUTE_DIRECTORY;
}

int main(void)
{
    char path[MAX_PATH], windows[MAX_PATH];
    CHECK(SHGetSpecialFolderPathA(NULL, path, CSIDL_PROGRAM_FILES, FALSE));
    CHECK(is_folder(path));
    CHECK_EQUAL(SHGetFolderPathA(NULL, CSIDL_WINDOWS, NULL, SHGFP_TYPE_CURRENT, path), S_OK);
    GetWindowsDirectoryA(windows, MAX_PATH);
    CHECK(lstrcmpiA(path, windows) == 0, "%s", path);
    CHECK_EQUAL(SHGetFolderPathA(NULL, 0xff, NULL, SHGFP_TYPE_CURRENT, path), E_INVALIDARG);
    CHECK_EQUAL(SHGetFolderPathA(NULL, CSIDL_PERSONAL | CSIDL_FLAG_CREATE, NULL, SHGFP_TYPE_CURRENT, path),
                S_OK);
    CHECK(is_folder(path));
    // Those that are there from the beginning: installers don't ask for them to be made.
    static const int present[] = {CSIDL_PROGRAMS,  CSIDL_STARTMENU,       CSIDL_STARTUP,
                                  CSIDL_RECENT,    CSIDL_SENDTO,          CSIDL_FAVORITES,
                                  CSIDL_TEMPLATES, CSIDL_COMMON_PROGRAMS, CSIDL_COMMON_STARTUP,
                                  CSIDL_COOKIES,   CSIDL_INTERNET_CACHE,  CSIDL_COMMON_MUSIC};
    for (unsigned i = 0; i < sizeof(present) / sizeof(*present); i++)
        CHECK(SHGetFolderPathA(NULL, present[i], NULL, SHGFP_TYPE_CURRENT, path) == S_OK && is_folder(path),
              "%x: %s", present[i], path);
    CHECK_EQUAL(SHGetFolderPathA(NULL, CSIDL_COMMON_ADMINTOOLS | CSIDL_FLAG_DONT_VERIFY, NULL,
                                 SHGFP_TYPE_CURRENT, path),
                S_OK);
    check_known();
    check_arguments(L"\"a b\\\" c", 2, L"c");
    check_arguments(L"x \"a\\\"b\" c\\\\d", 3, L"c\\\\d");
    check_arguments(L"x a\\\\\"b c\"", 2, L"a\\b c");
    return check_summary();
}
