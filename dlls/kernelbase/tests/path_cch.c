// pathcch.h: canonical forms, combinations, roots, extensions.
// link: -lpathcch
#include <windows.h>
#define PATHCCH_NO_DEPRECATE
#include <pathcch.h>
#define STRSAFE_NO_DEPRECATE
#include <strsafe.h>
#include "tests/check.h"
#include <wchar.h>

#define TOO_LONG HRESULT_FROM_WIN32(ERROR_FILENAME_EXCED_RANGE)

static void test_canonicalize(void)
{
    static const struct {
        const WCHAR *path, *canonical;
        DWORD flags;
    } tests[] = {
        {L"", L"\\", 0},
        {L"C:\\a\\b", L"C:\\a\\b", 0},
        {L"C:", L"C:\\", 0},
        {L"C:\\", L"C:\\", 0},
        {L"C:\\a\\..", L"C:\\", 0},
        {L"C:\\a\\..\\b", L"C:\\b", 0},
        {L"C:\\a\\.\\b\\", L"C:\\a\\b\\", 0},
        {L"C:\\..\\..\\a", L"C:\\a", 0},
        {L"C:\\a\\b\\..\\..\\..\\c", L"C:\\c", 0},
        {L"A:\\name_1\\.\\name_2\\..\\name_3", L"A:\\name_1\\name_3", 0},
        {L"a\\b\\..\\c", L"a\\c", 0},
        {L"..\\a", L"a", 0},
        {L"a\\..\\b", L"\\b", 0},
        {L"..", L"\\", 0},
        {L"\\..\\a", L"\\a", 0},
        {L"C:\\..a\\b..c", L"C:\\..a\\b..c", 0},
        {L"C:\\a.", L"C:\\a", 0},
        {L"C:\\a.", L"C:\\a.", 0x8},
        {L"\\\\server\\share\\..\\a", L"\\\\server\\share\\a", 0},
        {L"\\\\?\\C:\\a", L"C:\\a", 0},
        {L"\\\\?\\UNC\\server\\share", L"\\\\server\\share", 0},
        {L"C:\\a", L"\\\\?\\C:\\a", PATHCCH_ALLOW_LONG_PATHS | 0x10},
        {L"\\\\server\\share", L"\\\\?\\UNC\\server\\share", PATHCCH_ALLOW_LONG_PATHS | 0x10},
        {L"C:\\a", L"C:\\a\\", 0x20},
        {L"C:\\a/../b", L"C:\\a/../b", 0}, // slashes separate nothing
    };
    WCHAR out[400], long_path[400] = L"C:\\", *allocated;

    for (unsigned i = 0; i < ARRAYSIZE(tests); i++) {
        HRESULT result = PathCchCanonicalizeEx(out, 400, tests[i].path, tests[i].flags);
        CHECK(result == S_OK && !wcscmp(out, tests[i].canonical), "%u %ls: %lx %ls", i, tests[i].path, result,
              out);
    }
    CHECK_EQUAL(PathCchCanonicalize(NULL, 10, L"a"), E_INVALIDARG);
    CHECK_EQUAL(PathCchCanonicalize(out, 0, L"a"), E_INVALIDARG);
    CHECK_EQUAL(PathCchCanonicalize(out, 0x8001, L"a"), E_INVALIDARG);
    CHECK_EQUAL(PathCchCanonicalize(out, 4, L"C:\\a"), STRSAFE_E_INSUFFICIENT_BUFFER);
    CHECK_EQUAL(PathCchCanonicalizeEx(out, 10, L"a", 0x2), E_INVALIDARG);
    CHECK_EQUAL(PathCchCanonicalizeEx(out, 10, L"a", PATHCCH_ALLOW_LONG_PATHS | 0x6), E_INVALIDARG);
    for (int i = 3; i < 300; i++) long_path[i] = 'x';
    CHECK_EQUAL(PathCchCanonicalize(out, 400, long_path), TOO_LONG);
    CHECK_EQUAL(PathCchCanonicalizeEx(out, 400, long_path, PATHCCH_ALLOW_LONG_PATHS), S_OK);
    CHECK(wcslen(out) == 304 && !wcsncmp(out, L"\\\\?\\C:\\xxx", 10), "%u", (unsigned)wcslen(out));
    CHECK_EQUAL(PathAllocCanonicalize(L"C:\\a\\..", 0, &allocated), S_OK);
    CHECK(!wcscmp(allocated, L"C:\\"), "%ls", allocated);
    LocalFree(allocated);
}

static void test_combine(void)
{
    static const struct {
        const WCHAR *directory, *path, *combined;
    } tests[] = {
        {L"C:\\a", L"b", L"C:\\a\\b"},
        {L"C:\\a\\", L"b", L"C:\\a\\b"},
        {L"C:\\a", L"..\\b", L"C:\\b"},
        {L"C:\\a", L"\\b", L"C:\\b"},
        {L"C:\\a", L"D:\\b", L"D:\\b"},
        {L"C:\\a", L"\\\\server\\b", L"\\\\server\\b"},
        {L"\\\\server\\share\\a", L"\\b", L"\\\\server\\share\\b"},
        {L"C:\\a", NULL, L"C:\\a"},
        {NULL, L"a", L"a"},
        {L"", L"", L"\\"},
    };
    WCHAR out[50];

    for (unsigned i = 0; i < ARRAYSIZE(tests); i++) {
        HRESULT result = PathCchCombine(out, 50, tests[i].directory, tests[i].path);
        CHECK(result == S_OK && !wcscmp(out, tests[i].combined), "%u: %lx %ls", i, result, out);
    }
    CHECK_EQUAL(PathCchCombine(out, 50, NULL, NULL), E_INVALIDARG);
    CHECK_EQUAL(PathCchCombine(out, 5, L"C:\\a", L"b"), STRSAFE_E_INSUFFICIENT_BUFFER);
    wcscpy(out, L"C:\\a");
    CHECK_EQUAL(PathCchAppend(out, 50, L"\\b"), S_OK);
    CHECK(!wcscmp(out, L"C:\\a\\b"), "%ls", out);
    CHECK_EQUAL(PathCchAppend(out, 7, L"c"), STRSAFE_E_INSUFFICIENT_BUFFER);
    CHECK(!wcscmp(out, L"C:\\a\\b"), "%ls", out);
}

static void test_roots(void)
{
    static const struct {
        const WCHAR *path;
        int root_length; // -1: none
        BOOL is_root;
        const WCHAR *parent, *root;
    } tests[] = {
        {L"C:\\a\\b", 3, FALSE, L"C:\\a", L"C:\\"},
        {L"C:\\a", 3, FALSE, L"C:\\", L"C:\\"},
        {L"C:\\", 3, TRUE, NULL, NULL},
        {L"C:", 2, FALSE, NULL, NULL},
        {L"C:a", 2, FALSE, L"C:", L"C:"},
        {L"\\", 1, TRUE, NULL, NULL},
        {L"\\a", 1, FALSE, L"\\", L"\\"},
        {L"a\\b", -1, FALSE, L"a", NULL},
        {L"a", -1, FALSE, L"", NULL},
        {L"\\\\", 2, TRUE, NULL, NULL},
        {L"\\\\server", 8, TRUE, NULL, NULL},
        {L"\\\\server\\", 9, FALSE, NULL, NULL},
        {L"\\\\server\\share", 14, TRUE, NULL, NULL},
        {L"\\\\server\\share\\", 15, FALSE, NULL, NULL},
        {L"\\\\server\\share\\a", 15, FALSE, L"\\\\server\\share", L"\\\\server\\share"},
        {L"\\\\?\\C:\\a", 7, FALSE, L"\\\\?\\C:\\", L"\\\\?\\C:\\"},
        {L"\\\\?\\UNC\\server\\share\\a", 21, FALSE, L"\\\\?\\UNC\\server\\share",
         L"\\\\?\\UNC\\server\\share"},
        {L"\\\\?\\a", -1, FALSE, NULL, NULL},
    };

    for (unsigned i = 0; i < ARRAYSIZE(tests); i++) {
        const WCHAR *end = NULL;
        WCHAR buffer[50];
        HRESULT result = PathCchSkipRoot(tests[i].path, &end);
        CHECK((result == S_OK ? end - tests[i].path : -1) == tests[i].root_length, "%ls: %lx", tests[i].path,
              result);
        CHECK(PathCchIsRoot(tests[i].path) == tests[i].is_root, "%ls", tests[i].path);
        wcscpy(buffer, tests[i].path);
        if (tests[i].parent) {
            CHECK_EQUAL(PathCchRemoveFileSpec(buffer, 50), S_OK);
            CHECK(!wcscmp(buffer, tests[i].parent), "%ls: %ls", tests[i].path, buffer);
        }
        wcscpy(buffer, tests[i].path);
        if (tests[i].root) {
            CHECK_EQUAL(PathCchStripToRoot(buffer, 50), S_OK);
            CHECK(!wcscmp(buffer, tests[i].root), "%ls: %ls", tests[i].path, buffer);
        }
    }
    CHECK(!PathCchIsRoot(NULL) && !PathCchIsRoot(L""), "nothing");
    const WCHAR *server;
    CHECK(PathIsUNCEx(L"\\\\?\\UNC\\s", &server) && !wcscmp(server, L"s"), "server");
    CHECK(!PathIsUNCEx(L"\\\\?\\C:\\", &server) && !server, "no server");
    WCHAR prefixed[] = L"\\\\?\\UNC\\server\\a";
    CHECK_EQUAL(PathCchStripPrefix(prefixed, ARRAYSIZE(prefixed)), S_OK);
    CHECK(!wcscmp(prefixed, L"\\\\server\\a"), "%ls", prefixed);
    CHECK_EQUAL(PathCchStripPrefix(prefixed, ARRAYSIZE(prefixed)), S_FALSE);
}

static void test_backslashes(void)
{
    WCHAR path[10] = L"C:\\a", *end;
    size_t left;

    CHECK_EQUAL(PathCchAddBackslashEx(path, 10, &end, &left), S_OK);
    CHECK(!wcscmp(path, L"C:\\a\\") && end == path + 5 && left == 5, "%ls %u", path, (unsigned)left);
    CHECK_EQUAL(PathCchAddBackslash(path, 10), S_FALSE);
    CHECK_EQUAL(PathCchRemoveBackslashEx(path, 10, &end, &left), S_OK);
    CHECK(!wcscmp(path, L"C:\\a") && end == path + 4 && left == 6, "%ls %u", path, (unsigned)left);
    CHECK_EQUAL(PathCchRemoveBackslash(path, 10), S_FALSE);
    CHECK_EQUAL(PathCchAddBackslash(path, 5), STRSAFE_E_INSUFFICIENT_BUFFER);
    CHECK_EQUAL(PathCchAddBackslash(path, 4), E_INVALIDARG);
    wcscpy(path, L"C:\\");
    CHECK_EQUAL(PathCchRemoveBackslash(path, 10), S_FALSE);
    CHECK(!wcscmp(path, L"C:\\"), "%ls", path);
}

static void test_extensions(void)
{
    static const struct {
        const WCHAR *path, *added;
        HRESULT result;
        const WCHAR *outcome;
    } tests[] = {
        {L"a", L".txt", S_OK, L"a.txt"},
        {L"a", L"txt", S_OK, L"a.txt"},
        {L"a.b", L"txt", S_FALSE, L"a.b"},
        {L"a.b\\c", L"d", S_OK, L"a.b\\c.d"},
        {L"a", L"", S_OK, L"a"},
        {L"a", L".", S_OK, L"a"},
        {L"a", L"b.c", E_INVALIDARG, L"a"},
        {L"a", L"b c", E_INVALIDARG, L"a"},
        {L"a b", L"c", S_OK, L"a b.c"},
    };
    WCHAR path[20];
    const WCHAR *extension;

    for (unsigned i = 0; i < ARRAYSIZE(tests); i++) {
        wcscpy(path, tests[i].path);
        HRESULT result = PathCchAddExtension(path, 20, tests[i].added);
        CHECK(result == tests[i].result && !wcscmp(path, tests[i].outcome), "%u: %lx %ls", i, result, path);
    }
    wcscpy(path, L"a\\b.txt");
    CHECK_EQUAL(PathCchFindExtension(path, 20, &extension), S_OK);
    CHECK(extension == path + 3, "%ls", extension);
    CHECK_EQUAL(PathCchFindExtension(path, 5, &extension), E_INVALIDARG);
    CHECK(!extension, "none");
    CHECK_EQUAL(PathCchRenameExtension(path, 20, L"c"), S_OK);
    CHECK(!wcscmp(path, L"a\\b.c"), "%ls", path);
    CHECK_EQUAL(PathCchRemoveExtension(path, 20), S_OK);
    CHECK_EQUAL(PathCchRemoveExtension(path, 20), S_FALSE);
}

int main(void)
{
    test_canonicalize();
    test_combine();
    test_roots();
    test_backslashes();
    test_extensions();
    return check_summary();
}
