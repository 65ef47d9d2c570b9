// The shell's functions on paths, wide and narrow.
// link: -lshlwapi
#include <windows.h>
#include <shlwapi.h>
#include "tests/check.h"
#include <string.h>
#include <wchar.h>

static void test_parts(void)
{
    static const struct {
        const char *path, *name, *extension, *arguments, *next;
    } tests[] = {
        {"C:\\dir\\file.ext arg", "file.ext arg", "", "arg", "dir\\file.ext arg"},
        {"C:\\dir\\file.a.b", "file.a.b", ".b", "", "dir\\file.a.b"},
        {"dir.x\\file", "file", "", "", "file"},
        {"C:\\dir\\", "dir\\", "", "", "dir\\"},
        {"\"a b\" c", "\"a b\" c", "", "c", ""},
        {"\\\\server\\share", "share", "", "", "server\\share"},
        {"a/b:c.d", "c.d", ".d", "", ""},
    };

    for (unsigned i = 0; i < ARRAYSIZE(tests); i++) {
        const char *path = tests[i].path;
        CHECK(!strcmp(PathFindFileNameA(path), tests[i].name), "%s: %s", path, PathFindFileNameA(path));
        CHECK(!strcmp(PathFindExtensionA(path), tests[i].extension), "%s: %s", path,
              PathFindExtensionA(path));
        CHECK(!strcmp(PathGetArgsA(path), tests[i].arguments), "%s: %s", path, PathGetArgsA(path));
        CHECK(!strcmp(PathFindNextComponentA(path), tests[i].next), "%s: %s", path,
              PathFindNextComponentA(path));
    }
    CHECK(!PathFindNextComponentA("") && !PathFindFileNameW(NULL) && !PathFindExtensionW(NULL), "nothing");
    CHECK(PathGetDriveNumberW(L"c:\\x") == 2 && PathGetDriveNumberA("\\\\x") == -1, "drives");
    CHECK(PathGetDriveNumberW(L"\\\\?\\D:\\") == 3, "a long path's drive");
}

static void test_kinds(void)
{
    static const struct {
        const WCHAR *path;
        BOOL relative, root, unc, server, share, file_spec;
    } tests[] = {
        {L"", TRUE, FALSE, FALSE, FALSE, FALSE, TRUE},
        {L"a", TRUE, FALSE, FALSE, FALSE, FALSE, TRUE},
        {L"a\\b", TRUE, FALSE, FALSE, FALSE, FALSE, FALSE},
        {L"\\", FALSE, TRUE, FALSE, FALSE, FALSE, FALSE},
        {L"C:", FALSE, FALSE, FALSE, FALSE, FALSE, FALSE},
        {L"C:\\", FALSE, TRUE, FALSE, FALSE, FALSE, FALSE},
        {L"C:\\a", FALSE, FALSE, FALSE, FALSE, FALSE, FALSE},
        {L"\\\\s", FALSE, TRUE, TRUE, TRUE, FALSE, FALSE},
        {L"\\\\s\\t", FALSE, TRUE, TRUE, FALSE, TRUE, FALSE},
        {L"\\\\s\\t\\", FALSE, FALSE, TRUE, FALSE, FALSE, FALSE},
        {L"\\\\?\\C:\\", FALSE, FALSE, FALSE, FALSE, FALSE, FALSE},
    };

    for (unsigned i = 0; i < ARRAYSIZE(tests); i++) {
        const WCHAR *path = tests[i].path;
        char narrow[20];
        snprintf(narrow, sizeof(narrow), "%ls", path);
        CHECK(PathIsRelativeW(path) == tests[i].relative && PathIsRelativeA(narrow) == tests[i].relative,
              "%ls", path);
        if (i < 10)
            CHECK(PathIsRootW(path) == tests[i].root && PathIsRootA(narrow) == tests[i].root, "%ls", path);
        CHECK(PathIsUNCW(path) == tests[i].unc && PathIsUNCA(narrow) == tests[i].unc, "%ls", path);
        CHECK(PathIsFileSpecW(path) == tests[i].file_spec, "%ls", path);
        if (i == 10) continue;
        CHECK(PathIsUNCServerW(path) == tests[i].server, "%ls", path);
        CHECK(PathIsUNCServerShareW(path) == tests[i].share, "%ls", path);
    }
    CHECK(PathIsLFNFileSpecA("long name") && PathIsLFNFileSpecA("a.html") &&
              !PathIsLFNFileSpecA("abcdefgh.txt"),
          "");
    CHECK_EQUAL(PathGetCharTypeW('*'), GCT_WILD);
    CHECK_EQUAL(PathGetCharTypeW('\\'), GCT_SEPARATOR);
    CHECK_EQUAL(PathGetCharTypeA('a'), GCT_LFNCHAR | GCT_SHORTCHAR);
    CHECK_EQUAL(PathGetCharTypeA('"'), GCT_INVALID);
}

static void test_changes(void)
{
    static const struct {
        const char *path, *parent, *stripped;
    } tests[] = {
        {"C:\\a\\b", "C:\\a", "b"}, {"C:\\a", "C:\\", "a"}, {"a\\b", "a", "b"}, {"a", "", "a"},
        {"\\\\s\\t", "\\\\s", "t"}, {"\\a", "\\", "a"},
    };
    char path[MAX_PATH];
    WCHAR wide[MAX_PATH];

    for (unsigned i = 0; i < ARRAYSIZE(tests); i++) {
        strcpy(path, tests[i].path);
        CHECK(PathRemoveFileSpecA(path) && !strcmp(path, tests[i].parent), "%s: %s", tests[i].path, path);
        strcpy(path, tests[i].path);
        PathStripPathA(path);
        CHECK(!strcmp(path, tests[i].stripped), "%s: %s", tests[i].path, path);
    }
    strcpy(path, "C:\\");
    CHECK(!PathRemoveFileSpecA(path) && !strcmp(path, "C:\\"), "%s", path);
    CHECK(PathAddBackslashA(path) == path + 3, "has one");
    CHECK(PathRemoveBackslashA(path) == path + 2 && path[2], "a root's");
    wcscpy(wide, L"C:\\a");
    CHECK(PathAddBackslashW(wide) == wide + 5 && !wcscmp(wide, L"C:\\a\\"), "%ls", wide);
    CHECK(PathRemoveBackslashW(wide) == wide + 4 && !wcscmp(wide, L"C:\\a"), "%ls", wide);
    CHECK(PathAddExtensionW(wide, NULL) && !wcscmp(wide, L"C:\\a.exe"), "%ls", wide);
    CHECK(!PathAddExtensionW(wide, L".x"), "has one");
    CHECK(PathRenameExtensionW(wide, L".txt") && !wcscmp(wide, L"C:\\a.txt"), "%ls", wide);
    PathRemoveExtensionW(wide);
    CHECK(!wcscmp(wide, L"C:\\a"), "%ls", wide);
    CHECK(PathAppendW(wide, L"\\b\\..\\c d") && !wcscmp(wide, L"C:\\a\\c d"), "%ls", wide);
    PathQuoteSpacesW(wide);
    CHECK(!wcscmp(wide, L"\"C:\\a\\c d\""), "%ls", wide);
    PathUnquoteSpacesW(wide);
    CHECK(!wcscmp(wide, L"C:\\a\\c d"), "%ls", wide);
    CHECK(PathStripToRootW(wide) && !wcscmp(wide, L"C:\\"), "%ls", wide);
    wcscpy(wide, L"  a b  ");
    PathRemoveBlanksW(wide);
    CHECK(!wcscmp(wide, L"a b"), "%ls", wide);
    strcpy(path, "\"C:\\a b.dll\",-12");
    CHECK(PathParseIconLocationA(path) == -12 && !strcmp(path, "C:\\a b.dll"), "%s", path);
    strcpy(path, "C:\\a[12].txt");
    PathUndecorateA(path);
    CHECK(!strcmp(path, "C:\\a.txt"), "%s", path);
    strcpy(path, "prog arg");
    PathRemoveArgsA(path);
    CHECK(!strcmp(path, "prog"), "%s", path);
    CHECK(!strcmp(PathBuildRootA(path, 25), "Z:\\"), "%s", path);
    CHECK(PathMakePrettyA(strcpy(path, "README")) && !strcmp(path, "Readme"), "%s", path);
    CHECK(PathCombineA(path, "C:\\a", "..\\b") == path && !strcmp(path, "C:\\b"), "%s", path);
    CHECK(!PathCombineW(wide, NULL, NULL) && !*wide, "nothing");
    CHECK(PathCanonicalizeA(path, "C:\\a\\.\\b\\..\\c") && !strcmp(path, "C:\\a\\c"), "%s", path);
    CHECK(PathCanonicalizeW(wide, L"") && !wcscmp(wide, L"\\"), "%ls", wide);
    CHECK(!PathCanonicalizeW(NULL, L"a"), "no result");
    CHECK_EQUAL(GetLastError(), ERROR_INVALID_PARAMETER);
}

static void test_common(void)
{
    static const struct {
        const char *a, *b;
        int length;
    } tests[] = {
        {"C:\\a\\b", "C:\\a\\c", 4}, {"C:\\a", "C:\\ab", 3}, {"C:\\a", "c:\\A\\b", 4}, {"C:\\", "D:\\", 0},
        {"a\\b", "a\\b", 3},         {"\\\\s\\t", "\\a", 0}, {"C:\\a", "C:\\b", 3},
    };
    char out[MAX_PATH];
    WCHAR wide[MAX_PATH];

    for (unsigned i = 0; i < ARRAYSIZE(tests); i++)
        CHECK(PathCommonPrefixA(tests[i].a, tests[i].b, out) == tests[i].length &&
                  (int)strlen(out) == tests[i].length,
              "%s %s: %s", tests[i].a, tests[i].b, out);
    CHECK(PathIsPrefixA("C:\\a", "C:\\a\\b") && !PathIsPrefixA("C:\\a", "C:\\ab"), "prefixes");
    CHECK(PathIsSameRootA("C:\\a", "C:\\b") && !PathIsSameRootA("C:\\a", "D:\\a"), "roots");
    CHECK(PathRelativePathToW(wide, L"C:\\a\\b", FILE_ATTRIBUTE_DIRECTORY, L"C:\\a\\c\\d", 0) &&
              !wcscmp(wide, L"..\\c\\d"),
          "%ls", wide);
    CHECK(PathRelativePathToW(wide, L"C:\\a\\b", 0, L"C:\\a\\c", 0) && !wcscmp(wide, L".\\c"), "%ls", wide);
    CHECK(!PathRelativePathToW(wide, L"C:\\a", 0, L"D:\\a", 0) && !*wide, "%ls", wide);
    CHECK(PathCompactPathExW(wide, L"C:\\some\\long\\path\\file.txt", 20, 0) && wcslen(wide) == 19, "%ls",
          wide);
    CHECK(!wcscmp(wide, L"C:\\some...\\file.txt"), "%ls", wide);
}

static void test_masks(void)
{
    static const struct {
        const char *name, *mask;
        BOOL matches;
    } tests[] = {
        {"a.txt", "*.txt", TRUE},
        {"a.TXT", "*.txt", TRUE},
        {"a.txt", "*.doc;*.txt", TRUE},
        {"a.txt", "*.doc; *.txt", TRUE},
        {"a.txt", "*.doc", FALSE},
        {"abc", "*.*", TRUE},
        {"abc", "a?c", TRUE},
        {"ac", "a?c", FALSE},
        {"abcbd", "*b*d", TRUE},
        {"a", "", FALSE},
        {"", "*", TRUE},
        {"aab", "*ab", TRUE},
    };

    for (unsigned i = 0; i < ARRAYSIZE(tests); i++)
        CHECK(PathMatchSpecA(tests[i].name, tests[i].mask) == tests[i].matches, "%s %s", tests[i].name,
              tests[i].mask);
    const char *const suffixes[] = {".TXT", ".txt"};
    const WCHAR *const wide_suffixes[] = {L".TXT", L".txt"};
    CHECK(PathFindSuffixArrayA("a.txt", suffixes, 2) == suffixes[1], "in its case");
    CHECK(PathFindSuffixArrayW(L"a.txt", wide_suffixes, 2) == wide_suffixes[1], "in its case");
    CHECK_EQUAL(PathMatchSpecExW(L"a;b", L"a;b", PMSF_NORMAL), S_OK);
    CHECK_EQUAL(PathMatchSpecExW(L"b", L"a;b", PMSF_MULTIPLE), S_OK);
    CHECK_EQUAL(PathMatchSpecExW(L"b", L"a;b", PMSF_NORMAL), S_FALSE);
}

static void test_files(void)
{
    char directory[MAX_PATH], file[MAX_PATH];
    WCHAR out[MAX_PATH];

    GetTempPathA(MAX_PATH, directory);
    PathAppendA(directory, "lowland_shlwapi");
    CreateDirectoryA(directory, NULL);
    CHECK(PathFileExistsA(directory) && PathIsDirectoryA(directory) == FILE_ATTRIBUTE_DIRECTORY, "%s",
          directory);
    CHECK(PathIsDirectoryEmptyA(directory), "empty");
    PathCombineA(file, directory, "a");
    CloseHandle(CreateFileA(file, GENERIC_WRITE, 0, NULL, CREATE_NEW, FILE_FLAG_DELETE_ON_CLOSE * 0, NULL));
    CHECK(PathFileExistsA(file) && !PathIsDirectoryA(file) && !PathIsDirectoryEmptyA(directory), "a file");
    DeleteFileA(file);
    RemoveDirectoryA(directory);
    CHECK(!PathFileExistsA(directory) && !PathFileExistsW(NULL), "gone");
    SetEnvironmentVariableW(L"APPDATA", L"C:\\app data");
    CHECK(PathUnExpandEnvStringsW(L"C:\\app data\\x", out, MAX_PATH) && !wcscmp(out, L"%APPDATA%\\x"), "%ls",
          out);
    CHECK(!PathUnExpandEnvStringsW(L"Q:\\x", out, MAX_PATH), "%ls", out);
}

int main(void)
{
    test_parts();
    test_kinds();
    test_changes();
    test_common();
    test_masks();
    test_files();
    return check_summary();
}
