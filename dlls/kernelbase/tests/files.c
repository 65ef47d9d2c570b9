// Files and directories: opening, reading, writing, positions, attributes, finding, copying, moving, names.
#include <windows.h>
#include <stdlib.h>
#include <string.h>
#include "tests/check.h"

static char directory[MAX_PATH];

static const char *in(const char *name)
{
    static char path[4][MAX_PATH * 2];
    static int turn;
    turn = (turn + 1) & 3;
    lstrcpyA(path[turn], directory);
    lstrcatA(path[turn], "\\");
    lstrcatA(path[turn], name);
    return path[turn];
}

static void make(const char *name, const char *text)
{
    DWORD done;
    HANDLE file = CreateFileA(in(name), GENERIC_WRITE, 0, NULL, CREATE_ALWAYS, 0, NULL);
    CHECK(file != INVALID_HANDLE_VALUE, "%s: %lu", name, GetLastError());
    WriteFile(file, text, (DWORD)strlen(text), &done, NULL);
    CloseHandle(file);
}

static void test_open(void)
{
    HANDLE file, second;

    SetLastError(77);
    file = CreateFileA(in("a"), GENERIC_WRITE, 0, NULL, CREATE_NEW, 0, NULL);
    CHECK(file != INVALID_HANDLE_VALUE, "create");
    CHECK_EQUAL(GetLastError(), 0);
    second =
        CreateFileA(in("a"), GENERIC_READ, FILE_SHARE_READ | FILE_SHARE_WRITE, NULL, OPEN_EXISTING, 0, NULL);
    CHECK(second == INVALID_HANDLE_VALUE, "not shared");
    CHECK_EQUAL(GetLastError(), ERROR_SHARING_VIOLATION);
    CloseHandle(file);
    CHECK(CreateFileA(in("a"), GENERIC_WRITE, 0, NULL, CREATE_NEW, 0, NULL) == INVALID_HANDLE_VALUE,
          "exists");
    CHECK_EQUAL(GetLastError(), ERROR_FILE_EXISTS);
    file = CreateFileA(in("a"), GENERIC_WRITE, 0, NULL, CREATE_ALWAYS, 0, NULL);
    CHECK_EQUAL(GetLastError(), ERROR_ALREADY_EXISTS);
    CloseHandle(file);
    CHECK(CreateFileA(in("b"), GENERIC_READ, 0, NULL, OPEN_EXISTING, 0, NULL) == INVALID_HANDLE_VALUE,
          "missing");
    CHECK_EQUAL(GetLastError(), ERROR_FILE_NOT_FOUND);
    CHECK(CreateFileA(in("x\\b"), GENERIC_READ, 0, NULL, OPEN_EXISTING, 0, NULL) == INVALID_HANDLE_VALUE,
          "no path");
    CHECK_EQUAL(GetLastError(), ERROR_PATH_NOT_FOUND);
    CHECK(CreateFileA(directory, GENERIC_READ, 0, NULL, OPEN_EXISTING, 0, NULL) == INVALID_HANDLE_VALUE,
          "directory");
    CHECK_EQUAL(GetLastError(), ERROR_ACCESS_DENIED);
    CHECK(CreateFileA("", GENERIC_READ, 0, NULL, OPEN_EXISTING, 0, NULL) == INVALID_HANDLE_VALUE, "empty");
    CHECK_EQUAL(GetLastError(), ERROR_PATH_NOT_FOUND);
    file = CreateFileA("NUL", GENERIC_WRITE, 0, NULL, OPEN_EXISTING, 0, NULL);
    CHECK(file != INVALID_HANDLE_VALUE, "NUL: %lu", GetLastError());
    CHECK_EQUAL(GetFileType(file), FILE_TYPE_CHAR);
    CloseHandle(file);
}

static void test_io(void)
{
    char buffer[16];
    DWORD done;
    LONG high = 0;
    LARGE_INTEGER size;
    HANDLE file = CreateFileA(in("io"), GENERIC_READ | GENERIC_WRITE, 0, NULL, CREATE_ALWAYS, 0, NULL);

    CHECK(WriteFile(file, "0123456789", 10, &done, NULL), "write");
    CHECK_EQUAL(done, 10);
    CHECK_EQUAL(SetFilePointer(file, -4, NULL, FILE_END), 6);
    CHECK(ReadFile(file, buffer, 16, &done, NULL), "read");
    CHECK_EQUAL(done, 4);
    CHECK(!memcmp(buffer, "6789", 4), "data");
    done = 1;
    CHECK(ReadFile(file, buffer, 16, &done, NULL), "at the end");
    CHECK_EQUAL(done, 0);
    CHECK_EQUAL(SetFilePointer(file, -1, NULL, FILE_BEGIN), INVALID_SET_FILE_POINTER);
    CHECK_EQUAL(GetLastError(), ERROR_NEGATIVE_SEEK);
    CHECK_EQUAL(SetFilePointer(file, 0, &high, FILE_CURRENT), 10);
    SetFilePointer(file, 5, NULL, FILE_BEGIN);
    CHECK(SetEndOfFile(file), "cut");
    CHECK(GetFileSizeEx(file, &size), "size");
    CHECK_EQUAL(size.LowPart, 5);
    CHECK_EQUAL(GetFileSize(file, NULL), 5);
    CHECK_EQUAL(GetFileType(file), FILE_TYPE_DISK);
    OVERLAPPED overlapped = {.Offset = 1};
    CHECK(ReadFile(file, buffer, 2, &done, &overlapped), "at an offset");
    CHECK(!memcmp(buffer, "12", 2), "data");
    overlapped.Offset = 100;
    CHECK(!ReadFile(file, buffer, 2, &done, &overlapped), "past the end");
    CHECK_EQUAL(GetLastError(), ERROR_HANDLE_EOF);
    CHECK(LockFile(file, 0, 0, 4, 0), "lock");
    CHECK(UnlockFile(file, 0, 0, 4, 0), "unlock");
    CHECK(!UnlockFile(file, 0, 0, 4, 0), "not locked");
    CHECK_EQUAL(GetLastError(), ERROR_NOT_LOCKED);
    CloseHandle(file);
    CHECK(!WriteFile(file, "x", 1, &done, NULL), "closed");
    CHECK_EQUAL(GetLastError(), ERROR_INVALID_HANDLE);
}

static void test_attributes(void)
{
    WIN32_FILE_ATTRIBUTE_DATA data;
    FILETIME written = {0x12345680, 0x01C00000}, read_back;
    HANDLE file;

    make("attr", "12345");
    CHECK_EQUAL(GetFileAttributesA(in("attr")) & FILE_ATTRIBUTE_DIRECTORY, 0);
    CHECK(GetFileAttributesA(directory) & FILE_ATTRIBUTE_DIRECTORY, "directory");
    CHECK(SetFileAttributesA(in("attr"), FILE_ATTRIBUTE_READONLY), "read-only");
    CHECK(GetFileAttributesA(in("attr")) & FILE_ATTRIBUTE_READONLY, "read-only");
    CHECK(!DeleteFileA(in("attr")), "read-only");
    CHECK_EQUAL(GetLastError(), ERROR_ACCESS_DENIED);
    CHECK(SetFileAttributesA(in("attr"), FILE_ATTRIBUTE_NORMAL), "normal");
    CHECK(GetFileAttributesExA(in("attr"), GetFileExInfoStandard, &data), "data");
    CHECK_EQUAL(data.nFileSizeLow, 5);
    CHECK_EQUAL(GetFileAttributesA(in("none")), INVALID_FILE_ATTRIBUTES);
    CHECK_EQUAL(GetLastError(), ERROR_FILE_NOT_FOUND);
    file = CreateFileA(in("attr"), FILE_WRITE_ATTRIBUTES | FILE_READ_ATTRIBUTES, 0, NULL, OPEN_EXISTING, 0,
                       NULL);
    CHECK(SetFileTime(file, NULL, NULL, &written), "set time");
    CHECK(GetFileTime(file, NULL, NULL, &read_back), "get time");
    CHECK_EQUAL(read_back.dwHighDateTime, written.dwHighDateTime);
    CHECK_EQUAL(read_back.dwLowDateTime, written.dwLowDateTime);
    CloseHandle(file);
    CHECK(DeleteFileA(in("attr")), "delete");
    CHECK(!DeleteFileA(in("attr")), "gone");
    CHECK_EQUAL(GetLastError(), ERROR_FILE_NOT_FOUND);
    CHECK(!DeleteFileA(directory), "directory");
    CHECK_EQUAL(GetLastError(), ERROR_ACCESS_DENIED);
}

static int count(const char *mask)
{
    WIN32_FIND_DATAA data;
    int n = 0;
    HANDLE find = FindFirstFileA(in(mask), &data);
    if (find == INVALID_HANDLE_VALUE) return -1;
    do n += data.cFileName[0] != '.';
    while (FindNextFileA(find, &data));
    CHECK_EQUAL(GetLastError(), ERROR_NO_MORE_FILES);
    FindClose(find);
    return n;
}

static void test_find(void)
{
    WIN32_FIND_DATAA data;

    CHECK(CreateDirectoryA(in("find"), NULL), "directory");
    make("find\\one.txt", "1");
    make("find\\two.txt", "22");
    make("find\\three.c", "333");
    make("find\\four", "4444");
    CHECK_EQUAL(count("find\\*"), 4);
    CHECK_EQUAL(count("find\\*.*"), 4);
    CHECK_EQUAL(count("find\\*.txt"), 2);
    CHECK_EQUAL(count("find\\t*"), 2);
    CHECK_EQUAL(count("find\\???.txt"), 2);
    CHECK_EQUAL(count("find\\*."), 1);
    CHECK_EQUAL(count("find\\ONE.TXT"), 1);
    CHECK_EQUAL(count("find\\none"), -1);
    CHECK_EQUAL(GetLastError(), ERROR_FILE_NOT_FOUND);
    CHECK(FindFirstFileA(in("nowhere\\*"), &data) == INVALID_HANDLE_VALUE, "no directory");
    CHECK_EQUAL(GetLastError(), ERROR_PATH_NOT_FOUND);
    CHECK(!RemoveDirectoryA(in("find")), "not empty");
    CHECK_EQUAL(GetLastError(), ERROR_DIR_NOT_EMPTY);
    CHECK(!CreateDirectoryA(in("find"), NULL), "exists");
    CHECK_EQUAL(GetLastError(), ERROR_ALREADY_EXISTS);
}

static void test_copy_and_move(void)
{
    make("from", "contents");
    CHECK(CopyFileA(in("from"), in("to"), TRUE), "copy");
    CHECK(!CopyFileA(in("from"), in("to"), TRUE), "exists");
    CHECK_EQUAL(GetLastError(), ERROR_FILE_EXISTS);
    CHECK(CopyFileA(in("from"), in("to"), FALSE), "overwrite");
    CHECK(!MoveFileA(in("from"), in("to")), "exists");
    CHECK_EQUAL(GetLastError(), ERROR_ALREADY_EXISTS);
    CHECK(MoveFileExA(in("from"), in("to"), MOVEFILE_REPLACE_EXISTING), "replace");
    CHECK_EQUAL(GetFileAttributesA(in("from")), INVALID_FILE_ATTRIBUTES);
    CHECK(!CopyFileA(in("from"), in("to"), FALSE), "gone");
    CHECK_EQUAL(GetLastError(), ERROR_FILE_NOT_FOUND);
    CHECK(MoveFileA(in("find"), in("found")), "a directory");
    CHECK(GetFileAttributesA(in("found\\four")) != INVALID_FILE_ATTRIBUTES, "inside");
    make("new", "new");
    CHECK(ReplaceFileA(in("to"), in("new"), in("backup"), 0, NULL, NULL), "replace: %lu", GetLastError());
    CHECK(GetFileAttributesA(in("backup")) != INVALID_FILE_ATTRIBUTES, "backup");
}

static DWORD CALLBACK stop_copy(LARGE_INTEGER size, LARGE_INTEGER done, LARGE_INTEGER stream_size,
                                LARGE_INTEGER stream_done, DWORD stream, DWORD reason, HANDLE source,
                                HANDLE target, void *answer)
{
    (void)size, (void)done, (void)stream_size, (void)stream_done;
    (void)stream, (void)reason, (void)source, (void)target;
    return *(DWORD *)answer;
}

// A copy that is stopped leaves what it has, a cancelled one nothing.
static void test_stopped_copies(void)
{
    const DWORD answers[] = {PROGRESS_STOP, PROGRESS_CANCEL};
    make("stopped", "text");
    for (int i = 0; i < 2; i++) {
        DWORD answer = answers[i];
        CHECK(!CopyFileExA(in("stopped"), in("part"), stop_copy, &answer, NULL, 0), "copied");
        CHECK_EQUAL(GetLastError(), ERROR_REQUEST_ABORTED);
        CHECK_EQUAL(DeleteFileA(in("part")), answer == PROGRESS_STOP);
    }
    CHECK(DeleteFileA(in("stopped")), "%lu", GetLastError());
}

static void test_sectors(void)
{
    FILE_STORAGE_INFO storage = {0};
    make("sectors", "text");
    HANDLE file = CreateFileA(in("sectors"), DELETE, 0, NULL, OPEN_EXISTING, FILE_FLAG_DELETE_ON_CLOSE, NULL);
    CHECK(GetFileInformationByHandleEx(file, FileStorageInfo, &storage, sizeof(storage)), "%lu",
          GetLastError());
    CHECK_EQUAL(storage.LogicalBytesPerSector, 512);
    // By number: the headers' are two too low.
    DWORD sensitive = 7;
    CHECK(GetFileInformationByHandleEx(file, (FILE_INFO_BY_HANDLE_CLASS)23, &sensitive, sizeof(sensitive)),
          "FileCaseSensitiveInfo: %lu", GetLastError());
    CHECK_EQUAL(sensitive, 0);
    struct {
        FILE_NAME_INFO info;
        WCHAR more[MAX_PATH];
    } name = {0};
    CHECK(GetFileInformationByHandleEx(file, (FILE_INFO_BY_HANDLE_CLASS)24, &name, sizeof(name)),
          "FileNormalizedNameInfo: %lu", GetLastError());
    CHECK(name.info.FileNameLength > 0 && name.info.FileName[0] == '\\', "%ls", name.info.FileName);
    CHECK(!GetFileInformationByHandleEx(file, (FILE_INFO_BY_HANDLE_CLASS)21, &sensitive, sizeof(sensitive)) &&
              GetLastError() == ERROR_INVALID_PARAMETER,
          "FileDispositionInfoEx is only set: %lu", GetLastError());
    CloseHandle(file);
}

static void test_names(void)
{
    char path[MAX_PATH], *part;

    CHECK(SetCurrentDirectoryA(directory), "current");
    CHECK_EQUAL(GetCurrentDirectoryA(MAX_PATH, path), strlen(directory));
    CHECK(!lstrcmpiA(path, directory), "%s", path);
    CHECK_EQUAL(GetFullPathNameA("a\\..\\.\\b.txt", MAX_PATH, path, &part), strlen(directory) + 6);
    CHECK(!strcmp(part, "b.txt"), "%s", part);
    CHECK_EQUAL(GetFullPathNameA("b.txt", 4, path, NULL), strlen(directory) + 7);
    CHECK(GetTempFileNameA(directory, "abc", 0, path), "temporary");
    CHECK(GetFileAttributesA(path) != INVALID_FILE_ATTRIBUTES, "made");
    CHECK(!SetCurrentDirectoryA(in("nowhere")), "no directory");
    CHECK_EQUAL(GetLastError(), ERROR_FILE_NOT_FOUND);
    CHECK(SearchPathA(directory, "to", NULL, MAX_PATH, path, &part) != 0, "search");
    CHECK(!strcmp(part, "to"), "%s", part);
    CHECK_EQUAL(SearchPathA(directory, "nothing", ".x", MAX_PATH, path, &part), 0);
    CHECK_EQUAL(GetLastError(), ERROR_FILE_NOT_FOUND);
    CHECK(GetLongPathNameA(in("TO"), path, MAX_PATH) != 0, "long");
    CHECK(!strcmp(path + strlen(path) - 2, "to"), "%s", path);
    SetCurrentDirectoryA("C:\\");
}

static void test_volumes(void)
{
    ULARGE_INTEGER available, total;
    DWORD serial, length, flags;
    char system[32];

    CHECK_EQUAL(GetDriveTypeA("C:\\"), DRIVE_FIXED);
    DWORD drives = GetLogicalDrives();
    CHECK(drives & 1 << ('C' - 'A'), "C:");
    CHECK(drives & 1 << ('Z' - 'A'), "Z:");
    // The list holds the same drives: "C:\\", NUL, ..., "Z:\\", NUL, NUL.
    char list[26 * 4 + 1];
    DWORD needed = GetLogicalDriveStringsA(0, NULL);
    CHECK_EQUAL(needed, 4 * __builtin_popcount(drives) + 1);
    CHECK_EQUAL(GetLogicalDriveStringsA(sizeof(list), list), needed - 1);
    for (char *at = list; *at; at += 4) {
        CHECK(drives & 1 << (*at - 'A') && !strcmp(at + 1, ":\\"), "%s", at);
        CHECK(GetDriveTypeA(at) > DRIVE_NO_ROOT_DIR, "%s", at);
    }
    CHECK(GetDiskFreeSpaceExA("C:\\", &available, &total, NULL), "space");
    CHECK(available.QuadPart <= total.QuadPart, "available");
    CHECK(GetVolumeInformationA("C:\\", NULL, 0, &serial, &length, &flags, system, 32), "volume");
    CHECK_EQUAL(length, 255);
}

static void remove_tree(const char *name)
{
    WIN32_FIND_DATAA data;
    char mask[MAX_PATH * 2], path[MAX_PATH * 2];
    wsprintfA(mask, "%s\\*", name);
    HANDLE find = FindFirstFileA(mask, &data);
    if (find == INVALID_HANDLE_VALUE) return;
    do {
        if (!strcmp(data.cFileName, ".") || !strcmp(data.cFileName, "..")) continue;
        wsprintfA(path, "%s\\%s", name, data.cFileName);
        if (data.dwFileAttributes & FILE_ATTRIBUTE_DIRECTORY)
            remove_tree(path);
        else
            DeleteFileA(path);
    } while (FindNextFileA(find, &data));
    FindClose(find);
    RemoveDirectoryA(name);
}

int main(void)
{
    char temp[MAX_PATH];
    GetTempPathA(MAX_PATH, temp);
    GetLongPathNameA(temp, temp, MAX_PATH);
    wsprintfA(directory, "%slowland-files-%lu", temp, GetCurrentProcessId());
    CHECK(CreateDirectoryA(directory, NULL), "directory: %lu", GetLastError());
    test_open();
    test_io();
    test_attributes();
    test_find();
    test_copy_and_move();
    test_stopped_copies();
    test_sectors();
    test_names();
    test_volumes();
    remove_tree(directory);
    CHECK_EQUAL(GetFileAttributesA(directory), INVALID_FILE_ATTRIBUTES);
    return check_summary();
}
