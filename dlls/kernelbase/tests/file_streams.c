// Alternate streams: made, found, read by name and listed; what becomes of them when their file is copied,
// renamed, overwritten and deleted. Copies that tell how far they are, and files opened by number.
#include "tests/check.h"
#include <stdio.h>
#include <stdbool.h>
#include <string.h>
#include <windows.h>

static void put(const char *name, const char *text)
{
    DWORD written;
    HANDLE file = CreateFileA(name, GENERIC_WRITE, 0, NULL, CREATE_ALWAYS, 0, NULL);
    CHECK(file != INVALID_HANDLE_VALUE, "%s: error %lu", name, GetLastError());
    CHECK(WriteFile(file, text, (DWORD)strlen(text), &written, NULL), "%s: error %lu", name, GetLastError());
    CloseHandle(file);
}

// What a file or stream says; "" with the last error when it isn't there.
static const char *get(const char *name)
{
    static char text[64];
    DWORD n = 0;
    HANDLE file = CreateFileA(name, GENERIC_READ, FILE_SHARE_READ, NULL, OPEN_EXISTING, 0, NULL);
    if (file != INVALID_HANDLE_VALUE) {
        ReadFile(file, text, sizeof(text) - 1, &n, NULL);
        CloseHandle(file);
    }
    text[n] = 0;
    return text;
}

// How many streams a file has, and whether one of them is called so.
static int count_streams(const WCHAR *path, const WCHAR *wanted, bool *found)
{
    WIN32_FIND_STREAM_DATA data;
    int n = 0;
    *found = false;
    HANDLE search = FindFirstStreamW(path, FindStreamInfoStandard, &data, 0);
    if (search == INVALID_HANDLE_VALUE) return 0;
    do {
        n++;
        if (!wcscmp(data.cStreamName, wanted)) *found = true;
    } while (FindNextStreamW(search, &data));
    CHECK(GetLastError() == ERROR_HANDLE_EOF, "error %lu", GetLastError());
    CHECK(FindClose(search), "error %lu", GetLastError());
    return n;
}

static void test_streams(void)
{
    bool found;
    DWORD size, written;
    put("base.txt", "main");
    put("base.txt:one", "first");
    put("base.txt:Two:$DATA", "second stream");
    CHECK(!strcmp(get("base.txt"), "main"), "%s", get("base.txt"));
    CHECK(!strcmp(get("BASE.TXT:ONE:$data"), "first"), "%s", get("base.txt:one"));
    CHECK(!strcmp(get("base.txt::$DATA"), "main"), "%s", get("base.txt::$DATA"));
    get("base.txt:none");
    CHECK_EQUAL(GetLastError(), ERROR_FILE_NOT_FOUND);
    CHECK(!CreateDirectoryA("other:stream", NULL), "a stream is no directory");
    CHECK_EQUAL(GetLastError(), ERROR_DIRECTORY);
    CHECK_EQUAL(GetFileAttributesA("other"), INVALID_FILE_ATTRIBUTES);
    get("base.txt:");
    CHECK_EQUAL(GetLastError(), ERROR_INVALID_NAME);
    get("base.txt:a:b");
    CHECK_EQUAL(GetLastError(), ERROR_INVALID_NAME);
    CHECK_EQUAL(count_streams(L"base.txt", L":Two:$DATA", &found), 3);
    CHECK(found, "the second stream");
    CHECK(GetFileAttributesA("base.txt:one") != INVALID_FILE_ATTRIBUTES, "error %lu", GetLastError());
    CHECK(GetFileAttributesA("base.txt:none") == INVALID_FILE_ATTRIBUTES, "a stream that isn't there");

    // A stream has a name after its file, a size of its own and its file's attributes.
    WCHAR name[MAX_PATH];
    SetFileAttributesA("base.txt", FILE_ATTRIBUTE_HIDDEN);
    HANDLE file = CreateFileA("base.txt:one", GENERIC_READ | GENERIC_WRITE, 0, NULL, OPEN_ALWAYS, 0, NULL);
    BY_HANDLE_FILE_INFORMATION info;
    size = GetFinalPathNameByHandleW(file, name, MAX_PATH, 0);
    CHECK(size > 13 && !wcscmp(name + size - 13, L"\\base.txt:one"), "%ls", name);
    CHECK(GetFileInformationByHandle(file, &info), "error %lu", GetLastError());
    CHECK_EQUAL(info.nFileSizeLow, 5);
    CHECK(info.dwFileAttributes & FILE_ATTRIBUTE_HIDDEN, "attributes %lx", info.dwFileAttributes);
    SetFilePointer(file, 0, NULL, FILE_END);
    CHECK(WriteFile(file, "!", 1, &written, NULL), "error %lu", GetLastError());
    CloseHandle(file);
    SetFileAttributesA("base.txt", FILE_ATTRIBUTE_NORMAL);
    CHECK(!strcmp(get("base.txt:one"), "first!"), "%s", get("base.txt:one"));

    // The streams go where their file goes, and with it.
    CHECK(MoveFileA("base.txt", "moved.txt"), "error %lu", GetLastError());
    CHECK(!strcmp(get("moved.txt:one"), "first!"), "%s", get("moved.txt:one"));
    CHECK(CopyFileA("moved.txt", "copy.txt", TRUE), "error %lu", GetLastError());
    CHECK_EQUAL(count_streams(L"copy.txt", L":one:$DATA", &found), 3);
    CHECK(!strcmp(get("copy.txt:Two"), "second stream"), "%s", get("copy.txt:Two"));
    CHECK(DeleteFileA("copy.txt:one"), "error %lu", GetLastError());
    CHECK_EQUAL(count_streams(L"copy.txt", L":one:$DATA", &found), 2);
    CHECK(!strcmp(get("moved.txt:one"), "first!"), "the other's");
    put("copy.txt", "new"); // overwriting takes streams away
    CHECK_EQUAL(count_streams(L"copy.txt", L"::$DATA", &found), 1);
    CHECK(DeleteFileA("copy.txt") && DeleteFileA("moved.txt"), "error %lu", GetLastError());
    get("moved.txt:one");
    CHECK_EQUAL(GetLastError(), ERROR_FILE_NOT_FOUND);

    // A stream may come before its file; directories have streams too, and no data.
    put("late.txt:only", "x");
    CHECK_EQUAL(count_streams(L"late.txt", L":only:$DATA", &found), 2);
    CHECK(DeleteFileA("late.txt"), "error %lu", GetLastError());
    CreateDirectoryA("dir", NULL);
    CHECK_EQUAL(count_streams(L"dir", L"", &found), 0);
    CHECK_EQUAL(GetLastError(), ERROR_HANDLE_EOF);
    put("dir:about", "a directory");
    CHECK_EQUAL(count_streams(L"dir", L":about:$DATA", &found), 1);
    CHECK(!strcmp(get("dir:about"), "a directory"), "%s", get("dir:about"));
    CHECK(RemoveDirectoryA("dir"), "error %lu", GetLastError());
}

static int started, finished;

static COPYFILE2_MESSAGE_ACTION CALLBACK on_message(const COPYFILE2_MESSAGE *message, void *context)
{
    if (message->Type == COPYFILE2_CALLBACK_STREAM_STARTED) started++;
    if (message->Type == COPYFILE2_CALLBACK_STREAM_FINISHED) finished++;
    return *(COPYFILE2_MESSAGE_ACTION *)context;
}

static void test_copy(void)
{
    COPYFILE2_MESSAGE_ACTION action = COPYFILE2_PROGRESS_CONTINUE;
    COPYFILE2_EXTENDED_PARAMETERS parameters = {
        .dwSize = sizeof(parameters), .pProgressRoutine = on_message, .pvCallbackContext = &action};
    put("from", "text");
    put("from:more", "more text");
    CHECK(!CopyFileA("from", "FROM", FALSE) && GetLastError() == ERROR_SHARING_VIOLATION, "error %lu",
          GetLastError());
    CHECK(!strcmp(get("from"), "text"), "%s", get("from"));
    CHECK_EQUAL(CopyFile2(L"from", L"to", &parameters), S_OK);
    CHECK_EQUAL(started, 2);
    CHECK_EQUAL(finished, 2);
    CHECK(!strcmp(get("to:more"), "more text"), "%s", get("to:more"));
    parameters.dwCopyFlags = COPY_FILE_FAIL_IF_EXISTS;
    CHECK_EQUAL(CopyFile2(L"from", L"to", &parameters), HRESULT_FROM_WIN32(ERROR_FILE_EXISTS));
    DeleteFileA("to");
    action = COPYFILE2_PROGRESS_CANCEL;
    CHECK_EQUAL(CopyFile2(L"from", L"to", &parameters), HRESULT_FROM_WIN32(ERROR_REQUEST_ABORTED));
    CHECK(GetFileAttributesA("to") == INVALID_FILE_ATTRIBUTES, "a copy that was stopped");
    parameters.dwSize = 1;
    CHECK_EQUAL(CopyFile2(L"from", L"to", &parameters), E_INVALIDARG);
    DeleteFileA("from");
}

static void test_by_id(void)
{
    FILE_ID_DESCRIPTOR id = {.dwSize = sizeof(id), .Type = FileIdType};
    BY_HANDLE_FILE_INFORMATION info;
    char text[8] = "";
    DWORD n;
    put("numbered", "1234");
    HANDLE file = CreateFileA("numbered", GENERIC_READ, FILE_SHARE_READ, NULL, OPEN_EXISTING, 0, NULL);
    GetFileInformationByHandle(file, &info);
    id.FileId.LowPart = info.nFileIndexLow;
    id.FileId.HighPart = (LONG)info.nFileIndexHigh;
    HANDLE directory = CreateFileA(".", GENERIC_READ, FILE_SHARE_READ | FILE_SHARE_WRITE, NULL, OPEN_EXISTING,
                                   FILE_FLAG_BACKUP_SEMANTICS, NULL);
    HANDLE hints[] = {file, directory};
    for (int i = 0; i < 2; i++) {
        HANDLE again = OpenFileById(hints[i], &id, GENERIC_READ, FILE_SHARE_READ, NULL, 0);
        CHECK(again != INVALID_HANDLE_VALUE, "%d: error %lu", i, GetLastError());
        CHECK(ReadFile(again, text, 4, &n, NULL) && !memcmp(text, "1234", 4), "%s", text);
        CloseHandle(again);
    }
    id.FileId.QuadPart = 1;
    CHECK(OpenFileById(directory, &id, GENERIC_READ, FILE_SHARE_READ, NULL, 0) == INVALID_HANDLE_VALUE,
          "an id of nothing");
    CHECK_EQUAL(GetLastError(), ERROR_INVALID_PARAMETER);
    CHECK(OpenFileById(directory, NULL, GENERIC_READ, FILE_SHARE_READ, NULL, 0) == INVALID_HANDLE_VALUE &&
              GetLastError() == ERROR_INVALID_PARAMETER,
          "error %lu", GetLastError());
    CloseHandle(directory);
    CloseHandle(file);
    DeleteFileA("numbered");
}

// What a handle may do is decided when it is opened.
static void test_rights(void)
{
    HANDLE copy;
    HANDLE file =
        CreateFileA("rights", GENERIC_READ, 0, NULL, CREATE_ALWAYS, FILE_FLAG_DELETE_ON_CLOSE, NULL);
    HANDLE self = GetCurrentProcess();
    CHECK(DuplicateHandle(self, file, self, &copy, FILE_READ_DATA, FALSE, 0), "error %lu", GetLastError());
    CloseHandle(copy);
    CHECK(!DuplicateHandle(self, file, self, &copy, GENERIC_READ | GENERIC_WRITE, FALSE, 0) &&
              GetLastError() == ERROR_ACCESS_DENIED,
          "error %lu", GetLastError());
    CHECK(!SetFileValidData(file, 0) && GetLastError() == ERROR_ACCESS_DENIED, "error %lu", GetLastError());
    CloseHandle(file);
}

// Renaming by handle: with flags it replaces, even a file that may not be written.
static void test_rename(void)
{
    struct {
        FILE_RENAME_INFO info;
        WCHAR more[32];
    } rename = {.info.FileNameLength = 4 * sizeof(WCHAR)};
    const FILE_INFO_BY_HANDLE_CLASS extended = 22; // FileRenameInfoEx
    memcpy(rename.info.FileName, L"over", 5 * sizeof(WCHAR));
    put("from", "1");
    put("over", "2");
    SetFileAttributesA("over", FILE_ATTRIBUTE_READONLY);
    HANDLE file = CreateFileA("from", DELETE, 0, NULL, OPEN_EXISTING, 0, NULL);
    CHECK(!SetFileInformationByHandle(file, FileRenameInfo, &rename, sizeof(rename)) &&
              GetLastError() == ERROR_ALREADY_EXISTS,
          "error %lu", GetLastError());
    rename.info.ReplaceIfExists = 1; // FILE_RENAME_FLAG_REPLACE_IF_EXISTS
    CHECK(!SetFileInformationByHandle(file, extended, &rename, sizeof(rename)) &&
              GetLastError() == ERROR_ACCESS_DENIED,
          "error %lu", GetLastError());
    *(DWORD *)&rename.info = 0x41; // and FILE_RENAME_FLAG_IGNORE_READONLY_ATTRIBUTE
    CHECK(SetFileInformationByHandle(file, extended, &rename, sizeof(rename)), "error %lu", GetLastError());
    CloseHandle(file);
    CHECK(!strcmp(get("over"), "1"), "%s", get("over"));
    CHECK(DeleteFileA("over"), "error %lu", GetLastError());
}

int main(void)
{
    char folder[MAX_PATH];
    GetTempPathA(sizeof(folder), folder);
    SetCurrentDirectoryA(folder);
    CreateDirectoryA("streams-test", NULL);
    SetCurrentDirectoryA("streams-test");
    test_streams();
    test_copy();
    test_by_id();
    test_rights();
    test_rename();
    SetCurrentDirectoryA("..");
    CHECK(RemoveDirectoryA("streams-test"), "something was left: error %lu", GetLastError());
    return check_summary();
}
