// Share modes, pending deletion and byte-range locks between processes: a child holds the file until it is
// told to close it or is killed.
#include <windows.h>
#include <string.h>
#include "tests/check.h"

static const char slot_name[] = "\\\\.\\mailslot\\lowland\\file_sharing";
static const char event_name[] = "lowland-file-sharing";
static const char file_name[] = "shared.txt";
static char program[MAX_PATH];
static HANDLE slot, told;

static HANDLE open_file(DWORD access, DWORD sharing)
{
    return CreateFileA(file_name, access, sharing, NULL, OPEN_EXISTING, 0, NULL);
}

static void make_file(void)
{
    DWORD n;
    HANDLE file = CreateFileA(file_name, GENERIC_WRITE, 0, NULL, CREATE_ALWAYS, 0, NULL);
    CHECK(file != INVALID_HANDLE_VALUE, "%lu", GetLastError());
    CHECK(WriteFile(file, "0123456789", 10, &n, NULL), "%lu", GetLastError());
    CloseHandle(file);
}

// What the child does: "ACCESS SHARING WHAT", WHAT: n nothing more, d delete, l lock bytes 2 to 4.
static int child(DWORD access, DWORD sharing, char what)
{
    DWORD n;
    HANDLE writer = CreateFileA(slot_name, GENERIC_WRITE, FILE_SHARE_READ, NULL, OPEN_EXISTING, 0, NULL);
    HANDLE event = OpenEventA(SYNCHRONIZE, FALSE, event_name), file = open_file(access, sharing);
    if (file == INVALID_HANDLE_VALUE || writer == INVALID_HANDLE_VALUE || !event) return 1;
    if (what == 'd' && !DeleteFileA(file_name)) return 2;
    if (what == 'l' && !LockFile(file, 2, 0, 3, 0)) return 3;
    if (!WriteFile(writer, "x", 1, &n, NULL)) return 4;
    WaitForSingleObject(event, INFINITE);
    CloseHandle(file);
    return 0;
}

static HANDLE start_child(DWORD access, DWORD sharing, char what)
{
    char line[MAX_PATH + 64], ready;
    DWORD n;
    STARTUPINFOA startup = {.cb = sizeof(startup)};
    PROCESS_INFORMATION process = {};
    sprintf(line, "\"%s\" %lu %lu %c", program, access, sharing, what);
    CHECK(CreateProcessA(NULL, line, NULL, NULL, FALSE, 0, NULL, NULL, &startup, &process), "%lu",
          GetLastError());
    CloseHandle(process.hThread);
    CHECK(ReadFile(slot, &ready, 1, &n, NULL), "%lu", GetLastError());
    return process.hProcess;
}

static void end_child(HANDLE process, BOOL kill)
{
    DWORD code = 99;
    if (kill)
        TerminateProcess(process, 0);
    else
        SetEvent(told);
    WaitForSingleObject(process, INFINITE);
    CHECK(GetExitCodeProcess(process, &code) && code == 0, "%lu", code);
    CloseHandle(process);
    ResetEvent(told);
}

static void check_open(DWORD access, DWORD sharing, DWORD error)
{
    SetLastError(0);
    HANDLE file = open_file(access, sharing);
    CHECK((file == INVALID_HANDLE_VALUE) == (error != 0), "%lx %lx", access, sharing);
    CHECK_EQUAL(GetLastError(), error);
    if (file != INVALID_HANDLE_VALUE) CloseHandle(file);
}

static void test_share_modes(BOOL kill)
{
    const DWORD all = FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE;
    make_file();
    HANDLE process = start_child(GENERIC_READ, FILE_SHARE_READ, 'n');
    check_open(GENERIC_READ, FILE_SHARE_READ, 0);
    check_open(GENERIC_READ, all, 0);
    check_open(GENERIC_READ, FILE_SHARE_WRITE, ERROR_SHARING_VIOLATION);
    check_open(GENERIC_WRITE, all, ERROR_SHARING_VIOLATION);
    check_open(DELETE, all, ERROR_SHARING_VIOLATION);
    check_open(FILE_READ_ATTRIBUTES, 0, 0);
    CHECK(!DeleteFileA(file_name), "deleted");
    CHECK_EQUAL(GetLastError(), ERROR_SHARING_VIOLATION);
    end_child(process, kill);
    check_open(GENERIC_READ | GENERIC_WRITE, 0, 0);
    CHECK(DeleteFileA(file_name), "%lu", GetLastError());
}

// A file that is to go when another handle to it is closed: its name is neither to be used nor free.
static void check_deleting(void)
{
    check_open(GENERIC_READ, FILE_SHARE_READ | FILE_SHARE_DELETE, ERROR_ACCESS_DENIED);
    CHECK(GetFileAttributesA(file_name) == INVALID_FILE_ATTRIBUTES, "attributes");
    CHECK_EQUAL(GetLastError(), ERROR_ACCESS_DENIED);
    CHECK(CreateFileA(file_name, GENERIC_READ, 7, NULL, CREATE_NEW, 0, NULL) == INVALID_HANDLE_VALUE, "made");
    CHECK_EQUAL(GetLastError(), ERROR_ACCESS_DENIED);
    CHECK(!CreateDirectoryA(file_name, NULL), "made");
    CHECK_EQUAL(GetLastError(), ERROR_ACCESS_DENIED);
}

static void test_deletion(void)
{
    make_file();
    // The child deletes what we have open: it goes when we close it.
    HANDLE file = open_file(GENERIC_READ, FILE_SHARE_READ | FILE_SHARE_DELETE);
    HANDLE process = start_child(GENERIC_READ, FILE_SHARE_READ | FILE_SHARE_DELETE, 'd');
    end_child(process, FALSE);
    check_deleting();
    CloseHandle(file);
    check_open(GENERIC_READ, FILE_SHARE_READ, ERROR_FILE_NOT_FOUND);

    // We delete what the child has open: it goes when the child closes it.
    make_file();
    process = start_child(GENERIC_READ, FILE_SHARE_READ | FILE_SHARE_DELETE, 'n');
    CHECK(DeleteFileA(file_name), "%lu", GetLastError());
    check_deleting();
    end_child(process, FALSE);
    check_open(GENERIC_READ, FILE_SHARE_READ, ERROR_FILE_NOT_FOUND);
}

static void test_locks(void)
{
    char buffer[10];
    DWORD n;
    make_file();
    HANDLE before = open_file(GENERIC_READ | GENERIC_WRITE, FILE_SHARE_READ | FILE_SHARE_WRITE);
    HANDLE process = start_child(GENERIC_READ | GENERIC_WRITE, FILE_SHARE_READ | FILE_SHARE_WRITE, 'l');
    HANDLE files[2] = {before, open_file(GENERIC_READ | GENERIC_WRITE, FILE_SHARE_READ | FILE_SHARE_WRITE)};
    for (int i = 0; i < 2; i++) {
        CHECK(!LockFile(files[i], 0, 0, 10, 0), "locked");
        CHECK_EQUAL(GetLastError(), ERROR_LOCK_VIOLATION);
        CHECK(!ReadFile(files[i], buffer, 10, &n, NULL), "read");
        CHECK_EQUAL(GetLastError(), ERROR_LOCK_VIOLATION);
        CHECK(!WriteFile(files[i], buffer, 3, &n, NULL), "wrote");
        CHECK(ReadFile(files[i], buffer, 2, &n, NULL), "%lu", GetLastError());
    }
    end_child(process, TRUE);
    for (int i = 0; i < 2; i++) CHECK(ReadFile(files[i], buffer, 8, &n, NULL), "%lu", GetLastError());
    CloseHandle(files[0]);
    CloseHandle(files[1]);
    CHECK(DeleteFileA(file_name), "%lu", GetLastError());
}

int main(int argc, char **argv)
{
    if (argc == 4) return child(strtoul(argv[1], NULL, 10), strtoul(argv[2], NULL, 10), argv[3][0]);
    strcpy(program, argv[0]);
    slot = CreateMailslotA(slot_name, 0, 30000, NULL);
    told = CreateEventA(NULL, TRUE, FALSE, event_name);
    test_share_modes(FALSE);
    test_share_modes(TRUE);
    test_deletion();
    test_locks();
    return check_summary();
}
