// SHFileOperation: lists, wildcards, flags, and what comes where when the lists differ in length;
// SHCreateDirectory.
// link: -lshell32
#include <windows.h>
#include <shellapi.h>
#include <shlobj.h>
#include <stdio.h>
#include <string.h>
#include "tests/check.h"

enum { QUIET = FOF_NOCONFIRMATION | FOF_SILENT | FOF_NOERRORUI | FOF_NOCONFIRMMKDIR };
// Results that no header has.
enum {
    SAMEFILE = 0x71,
    MANYSRC1DEST = 0x72,
    DIFFDIR = 0x73,
    OPCANCELLED = 0x75,
    DESTSUBTREE = 0x76,
    INVALIDFILES = 0x7C,
    DESTSAMETREE = 0x7D,
    FLDDESTISFILE = 0x7E,
    FILEDESTISFLD = 0x80
};

static BOOL aborted;

static int operate(UINT function, const char *from, const char *to, FILEOP_FLAGS flags)
{
    SHFILEOPSTRUCTA request = {
        .wFunc = function, .pFrom = from, .pTo = to, .fFlags = flags, .fAnyOperationsAborted = 77};
    SetLastError(99);
    int result = SHFileOperationA(&request);
    if (function) CHECK_EQUAL(GetLastError(), 0);
    aborted = request.fAnyOperationsAborted;
    return result;
}

static void put(const char *path)
{
    FILE *file = fopen(path, "w");
    CHECK(file != NULL, "%s", path);
    if (file) fputs(path, file), fclose(file);
}

static int is_file(const char *path)
{
    DWORD attributes = GetFileAttributesA(path);
    return attributes != INVALID_FILE_ATTRIBUTES && !(attributes & FILE_ATTRIBUTE_DIRECTORY);
}

static int is_folder(const char *path)
{
    DWORD attributes = GetFileAttributesA(path);
    return attributes != INVALID_FILE_ATTRIBUTES && attributes & FILE_ATTRIBUTE_DIRECTORY;
}

static int says(const char *path, const char *wanted)
{
    char text[64] = "";
    FILE *file = fopen(path, "r");
    if (!file) return 0;
    if (!fgets(text, sizeof text, file)) *text = 0;
    fclose(file);
    return !strcmp(text, wanted);
}

#define FILE_IS(path)   CHECK(is_file(path), "%s", path)
#define FOLDER_IS(path) CHECK(is_folder(path), "%s", path)
#define IS_GONE(path)   CHECK(GetFileAttributesA(path) == INVALID_FILE_ATTRIBUTES, "%s", path)

// Files a1 to a3, the empty folder a4, a folder d with a file and a folder n with a file, the empty folder e.
static void make(void)
{
    CreateDirectoryA("w", NULL);
    SetCurrentDirectoryA("w");
    put("a1.txt");
    put("a2.txt");
    put("a3.txt");
    CreateDirectoryA("a4.txt", NULL);
    CreateDirectoryA("d", NULL);
    put("d\\one");
    CreateDirectoryA("d\\n", NULL);
    put("d\\n\\two");
    CreateDirectoryA("e", NULL);
}

static void unmake(void)
{
    SetCurrentDirectoryA("..");
    CHECK_EQUAL(operate(FO_DELETE, "w\0", NULL, QUIET), 0);
    IS_GONE("w");
}

static void check_delete(void)
{
    make();
    CHECK_EQUAL(operate(0, "a1.txt\0", NULL, QUIET), ERROR_INVALID_PARAMETER);
    CHECK_EQUAL(operate(FO_DELETE, "a1.txt\0missing\0a2.txt\0", NULL, QUIET), ERROR_FILE_NOT_FOUND);
    FILE_IS("a2.txt");
    CHECK_EQUAL(operate(FO_DELETE, "missing\\one\0", NULL, QUIET), INVALIDFILES);
    CHECK_EQUAL(operate(FO_DELETE, "a?.txt\0", NULL, QUIET | FOF_FILESONLY), 0);
    CHECK_EQUAL(aborted, FALSE);
    IS_GONE("a1.txt");
    FOLDER_IS("a4.txt");
    CHECK_EQUAL(operate(FO_DELETE, "a?.txt\0", NULL, QUIET | FOF_FILESONLY), 0);
    CHECK_EQUAL(operate(FO_DELETE, "a4.txt\0", NULL, QUIET | FOF_FILESONLY), 0);
    IS_GONE("a4.txt");
    CHECK_EQUAL(operate(FO_DELETE, "a?.txt\0", NULL, QUIET), 0);
    SetFileAttributesA("d\\n\\two", FILE_ATTRIBUTE_READONLY);
    CHECK_EQUAL(operate(FO_DELETE, "d\0", NULL, QUIET | FOF_NORECURSION), 0);
    IS_GONE("d");
    unmake();
}

static void check_rename(void)
{
    make();
    CHECK_EQUAL(operate(FO_RENAME, "a1.txt\0", "b1.txt\0", QUIET), 0);
    CHECK(says("b1.txt", "a1.txt"), "b1.txt");
    IS_GONE("a1.txt");
    WIN32_FIND_DATAA found = {0};
    CHECK_EQUAL(operate(FO_RENAME, "b1.txt\0", "B1.TXT\0", QUIET), 0);
    FindClose(FindFirstFileA("b1.txt", &found));
    CHECK(!strcmp(found.cFileName, "B1.TXT"), "%s", found.cFileName);
    CHECK_EQUAL(operate(FO_RENAME, "d\0", "f\0", QUIET), 0);
    FILE_IS("f\\n\\two");
    CHECK_EQUAL(operate(FO_RENAME, "a2.txt\0a3.txt\0", "b2.txt\0b3.txt\0", QUIET | FOF_MULTIDESTFILES),
                MANYSRC1DEST);
    CHECK_EQUAL(operate(FO_RENAME, "a2.txt\0", "e\\a2.txt\0", QUIET), DIFFDIR);
    CHECK_EQUAL(operate(FO_RENAME, "a2.txt\0", "e\0", QUIET), FILEDESTISFLD);
    CHECK_EQUAL(operate(FO_RENAME, "missing\0", "b2.txt\0", QUIET), ERROR_FILE_NOT_FOUND);
    CHECK_EQUAL(operate(FO_RENAME, "\0", "b2.txt\0", QUIET), MANYSRC1DEST);
    CHECK_EQUAL(operate(FO_RENAME, "a2.txt\0", "a3.txt\0", QUIET), 0);
    CHECK(says("a3.txt", "a2.txt"), "a3.txt");
    unmake();
}

static void check_copy(void)
{
    make();
    // One: a new name, or into a folder.
    CHECK_EQUAL(operate(FO_COPY, "a1.txt\0", "no\\where\\b.txt\0", QUIET), 0);
    CHECK(says("no\\where\\b.txt", "a1.txt"), "b.txt");
    CHECK_EQUAL(operate(FO_COPY, "a1.txt\0", "e\0", QUIET), 0);
    FILE_IS("e\\a1.txt");
    CHECK_EQUAL(operate(FO_COPY, "d\0", "copy\0", QUIET), 0);
    CHECK(says("copy\\n\\two", "d\\n\\two"), "two");
    CHECK_EQUAL(operate(FO_COPY, "d\0", "flat\0", QUIET | FOF_NORECURSION), 0);
    FILE_IS("flat\\one");
    IS_GONE("flat\\n");
    CHECK_EQUAL(operate(FO_COPY, "d\\n/two\0", "\0", QUIET), 0);
    FILE_IS("two");
    // Many, without and with a name for each.
    CHECK_EQUAL(operate(FO_COPY, "a1.txt\0a2.txt\0", "many\0other\0", QUIET), 0);
    FILE_IS("many\\a2.txt");
    IS_GONE("other");
    CHECK_EQUAL(operate(FO_COPY, "a1.txt\0a2.txt\0d\0", "b1\0b2\0b3\0", QUIET | FOF_MULTIDESTFILES), 0);
    CHECK(says("b2", "a2.txt"), "b2");
    FILE_IS("b3\\n\\two");
    CHECK_EQUAL(operate(FO_COPY, "a1.txt\0a2.txt\0", "c1\0c2\0c3\0", QUIET | FOF_MULTIDESTFILES), 0);
    FILE_IS("c2\\a2.txt");
    IS_GONE("c3");
    CHECK_EQUAL(operate(FO_COPY, "a1.txt\0a2.txt\0", "f1\0", QUIET | FOF_MULTIDESTFILES), SAMEFILE);
    FILE_IS("f1\\a1.txt");
    IS_GONE("f1\\a2.txt");
    CHECK_EQUAL(operate(FO_COPY, "a1.txt\0d\0", "f2\0", QUIET | FOF_MULTIDESTFILES), DESTSAMETREE);
    CHECK_EQUAL(operate(FO_COPY, "a1.txt\0a2.txt\0", "e\0g\0", QUIET | FOF_MULTIDESTFILES), FILEDESTISFLD);
    IS_GONE("g");
    CHECK_EQUAL(operate(FO_COPY, "a?.txt\0", "h1\0h2\0h3\0h4\0", QUIET | FOF_MULTIDESTFILES), 0);
    FILE_IS("h1\\a3.txt");
    FOLDER_IS("h1\\a4.txt");
    CHECK_EQUAL(operate(FO_COPY, "a?.txt\0", "i\0", QUIET | FOF_FILESONLY), 0);
    IS_GONE("i\\a4.txt");
    unmake();
}

static void check_refusals(void)
{
    make();
    int result = operate(FO_COPY, "a1.txt\0a2.txt\0", "a3.txt\0", QUIET);
    CHECK(result == FLDDESTISFILE || result == INVALIDFILES, "%x", result);
    CHECK_EQUAL(aborted, FALSE);
    CHECK_EQUAL(operate(FO_COPY, "d\0", "a3.txt\0", QUIET), FLDDESTISFILE);
    CHECK_EQUAL(operate(FO_COPY, "a1.txt\0", "a1.txt\0", QUIET), SAMEFILE);
    CHECK_EQUAL(operate(FO_COPY, "d\0", "d\\n\\deeper\0", QUIET), DESTSUBTREE);
    IS_GONE("d\\n\\deeper");
    CHECK_EQUAL(operate(FO_COPY, "a1.txt\0d\0", "d\0", QUIET), DESTSUBTREE);
    FILE_IS("d\\a1.txt");
    CHECK_EQUAL(operate(FO_COPY, "missing\0", "other\0", QUIET), ERROR_FILE_NOT_FOUND);
    IS_GONE("other");
    CHECK_EQUAL(operate(FO_MOVE, "d\\*.*\0", "e\\*.*\0", QUIET) != 0, 1);
    FILE_IS("d\\one");
    // What is there is replaced without a question only if that was allowed.
    SetFileAttributesA("a2.txt", FILE_ATTRIBUTE_READONLY);
    CHECK_EQUAL(operate(FO_COPY, "a1.txt\0", "a2.txt\0", QUIET), 0);
    CHECK(says("a2.txt", "a1.txt"), "a2.txt");
    unmake();
}

static void check_move(void)
{
    make();
    CHECK_EQUAL(operate(FO_MOVE, "d/*.*\0", "a4.txt\0", QUIET), 0);
    FOLDER_IS("d");
    IS_GONE("d\\one");
    FILE_IS("a4.txt\\one");
    FILE_IS("a4.txt\\n\\two");
    // Folders of one name are merged.
    CreateDirectoryA("e\\n", NULL);
    put("e\\n\\three");
    CHECK_EQUAL(operate(FO_MOVE, "a4.txt\\n\0", "e\0", QUIET), 0);
    IS_GONE("a4.txt\\n");
    FILE_IS("e\\n\\two");
    FILE_IS("e\\n\\three");
    CHECK_EQUAL(operate(FO_MOVE, "e\\n\0", "e\0", QUIET | FOF_MULTIDESTFILES), 0);
    IS_GONE("e\\n");
    FILE_IS("e\\three");
    CHECK_EQUAL(operate(FO_MOVE, "a1.txt\0", "new\\b.txt\0", QUIET), 0);
    FILE_IS("new\\b.txt");
    CHECK_EQUAL(operate(FO_MOVE, "a2.txt\0a3.txt\0e\0", "both\0", QUIET), 0);
    FILE_IS("both\\a3.txt");
    FILE_IS("both\\e\\two");
    IS_GONE("e");
    unmake();
}

// There is nobody to answer a question, so that it is cancelled, here; Windows would wait for a click.
static void check_questions(void)
{
    make();
    CHECK_EQUAL(operate(FO_COPY, "a1.txt\0", "a2.txt\0", FOF_SILENT), OPCANCELLED);
    CHECK_EQUAL(aborted, TRUE);
    CHECK(says("a2.txt", "a2.txt"), "a2.txt");
    CHECK_EQUAL(operate(FO_DELETE, "a1.txt\0", NULL, FOF_SILENT), OPCANCELLED);
    FILE_IS("a1.txt");
    unmake();
}

static void check_collision(void)
{
    make();
    put("e\\a1.txt");
    CHECK_EQUAL(operate(FO_COPY, "a1.txt\0", "e\0", QUIET | FOF_RENAMEONCOLLISION), 0);
    CHECK(says("e\\a1.txt", "e\\a1.txt"), "e\\a1.txt");
    CHECK(says("e\\a1 (2).txt", "a1.txt"), "e\\a1 (2).txt");
    unmake();
}

static void check_folders(void)
{
    char path[MAX_PATH], here[MAX_PATH];
    make();
    GetCurrentDirectoryA(sizeof here, here);
    snprintf(path, sizeof path, "%s\\x\\y\\z", here);
    CHECK_EQUAL(SHCreateDirectoryExA(NULL, path, NULL), ERROR_SUCCESS);
    FOLDER_IS("x\\y\\z");
    CHECK_EQUAL(SHCreateDirectoryExA(NULL, path, NULL), ERROR_ALREADY_EXISTS);
    CHECK_EQUAL(SHCreateDirectoryExA(NULL, "x\\y\\u", NULL), ERROR_BAD_PATHNAME);
    IS_GONE("x\\y\\u");
    snprintf(path, sizeof path, "%s\\a1.txt", here);
    CHECK_EQUAL(SHCreateDirectoryExA(NULL, path, NULL), ERROR_ALREADY_EXISTS);
    unmake();
}

int main(void)
{
    check_delete();
    check_rename();
    check_copy();
    check_refusals();
    check_move();
    check_questions();
    check_collision();
    check_folders();
    return check_summary();
}
