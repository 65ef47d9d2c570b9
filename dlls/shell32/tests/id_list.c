// ID lists, and file system paths as such.
// link: -lshell32 -lole32 -luuid
#include "tests/check.h"
#include <windows.h>
#include <shlobj.h>

static void test_paths(void)
{
    WCHAR windows[MAX_PATH], path[MAX_PATH];
    LPITEMIDLIST list, same, child;
    GetWindowsDirectoryW(windows, MAX_PATH);
    CHECK(SHGetSpecialFolderLocation(NULL, CSIDL_WINDOWS, &list) == S_OK && SHGetPathFromIDListW(list, path));
    CHECK(!lstrcmpiW(windows, path), "%ls", path);
    CHECK(SHParseDisplayName(windows, NULL, &same, 0, NULL) == S_OK && ILIsEqual(list, same));
    lstrcatW(windows, L"\\system32");
    child = ILCreateFromPathW(windows);
    CHECK(child && ILIsParent(list, child, TRUE) && !ILIsParent(child, list, FALSE));
    CHECK(ILFindChild(list, child) == ILFindLastID(child));
    LPITEMIDLIST joined = ILCombine(list, ILFindLastID(child));
    CHECK(ILIsEqual(joined, child) && ILGetSize(joined) > ILGetSize(list));
    CHECK(ILRemoveLastID(joined) && ILIsEqual(joined, list));
    ILFree(joined);
    ILFree(child);
    ILFree(same);
    ILFree(list);
    CHECK_EQUAL(SHParseDisplayName(L"C:\\no such file", NULL, &list, 0, NULL),
                HRESULT_FROM_WIN32(ERROR_FILE_NOT_FOUND));
    CHECK(!list && !ILCreateFromPathW(L"C:\\no such file") && !ILCreateFromPathW(L"C:\\*"));
    // An item of another maker, with a name of ours but for its end.
    static const USHORT foreign[] = {8, 0x31, 'a', 'b', 0};
    CHECK(!SHGetPathFromIDListW((LPCITEMIDLIST)foreign, path) && !path[0]);
}

static void test_roots(void)
{
    LPITEMIDLIST list;
    char path[MAX_PATH] = "x";
    CHECK(SHGetFolderLocation(NULL, CSIDL_DESKTOP, NULL, 0, &list) == S_OK && ILGetSize(list) == 2 &&
          !ILGetNext(list));
    ILFree(list);
    CHECK(SHGetFolderLocation(NULL, CSIDL_DRIVES, NULL, 0, &list) == S_OK &&
          !SHGetPathFromIDListA(list, path) && !path[0]);
    ILFree(list);
    list = ILCreateFromPathA("C:\\");
    CHECK(list && SHGetPathFromIDListA(list, path) && !lstrcmpA(path, "C:\\"), "%s", path);
    LPITEMIDLIST first = ILCloneFirst(list);
    CHECK(first && ILIsParent(first, list, TRUE) && !ILClone(NULL) && ILGetSize(NULL) == 0);
    first = ILAppendID(first, &ILGetNext(list)->mkid, TRUE);
    CHECK(ILIsEqual(first, list));
    ILFree(first);
    ILFree(list);
}

int main(void)
{
    test_paths();
    test_roots();
    return check_summary();
}
