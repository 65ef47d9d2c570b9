// The names of a file, mappings with a node, and what files refuse: short names, transactions.
#define _WIN32_WINNT 0x0A00
#include <windows.h>
#include "tests/check.h"
#include <string.h>

HRESULT WINAPI GetDiskSpaceInformationA(const char *path, void *space);

static void make_file(const char *name)
{
    CloseHandle(CreateFileA(name, GENERIC_WRITE, 0, NULL, CREATE_ALWAYS, 0, NULL));
}

static void test_names(void)
{
    WCHAR name[MAX_PATH], here[MAX_PATH];
    DWORD length = 2;
    GetCurrentDirectoryW(MAX_PATH, here);
    make_file("one");
    CHECK(CreateHardLinkA("two", "one", NULL), "%lu", GetLastError());
    CHECK(FindFirstFileNameW(L"one", 1, &length, name) == INVALID_HANDLE_VALUE, "flags");
    CHECK_EQUAL(GetLastError(), ERROR_INVALID_PARAMETER);
    CHECK(FindFirstFileNameW(L"none", 0, &length, name) == INVALID_HANDLE_VALUE, "no file");
    CHECK_EQUAL(GetLastError(), ERROR_FILE_NOT_FOUND);
    CHECK(FindFirstFileNameW(L"one", 0, &length, name) == INVALID_HANDLE_VALUE, "no room");
    CHECK_EQUAL(GetLastError(), ERROR_MORE_DATA);
    CHECK_EQUAL(length, lstrlenW(here + 2) + 5);
    HANDLE search = FindFirstFileNameW(L"one", 0, &length, name);
    CHECK(search != INVALID_HANDLE_VALUE, "%lu", GetLastError());
    lstrcatW(here, L"\\one");
    CHECK(!lstrcmpiW(name, here + 2), "%ls", name);
    length = MAX_PATH;
    CHECK(FindNextFileNameW(search, &length, name), "%lu", GetLastError());
    CHECK(!lstrcmpW(name + lstrlenW(name) - 4, L"\\two"), "%ls", name);
    CHECK(!FindNextFileNameW(search, &length, name), "a third name");
    CHECK_EQUAL(GetLastError(), ERROR_HANDLE_EOF);
    CHECK(FindClose(search), "%lu", GetLastError());
    DeleteFileA("two");
}

static void test_refusals(void)
{
    HANDLE file = CreateFileA("one", GENERIC_ALL, 0, NULL, OPEN_EXISTING, FILE_FLAG_BACKUP_SEMANTICS, NULL);
    CHECK(!SetFileShortNameW(file, L"ONE"), "set");
    CHECK_EQUAL(GetLastError(), ERROR_PRIVILEGE_NOT_HELD);
    CloseHandle(file);
    CHECK(!DeleteFileTransactedA("one", NULL), "deleted");
    CHECK_EQUAL(GetLastError(), ERROR_INVALID_HANDLE);
    CHECK(CreateFileTransactedW(L"one", GENERIC_READ, 0, NULL, OPEN_EXISTING, 0, NULL, GetCurrentProcess(),
                                NULL, NULL) == INVALID_HANDLE_VALUE ||
              GetLastError() == ERROR_INVALID_HANDLE,
          "opened");
    DeleteFileA("one");
}

// No path has more than 32,767 characters.
static void test_length(void)
{
    static WCHAR name[65537];
    const DWORD lengths[] = {40000, 65536};
    for (int i = 0; i < 65536; i++) name[i] = L'a';
    for (int i = 0; i < 2; i++) {
        name[lengths[i]] = 0;
        CHECK(CreateFileW(name, GENERIC_READ, 0, NULL, OPEN_EXISTING, 0, NULL) == INVALID_HANDLE_VALUE);
        CHECK_EQUAL(GetLastError(), ERROR_FILENAME_EXCED_RANGE);
        CHECK(!ReplaceFileW(name, L"replacement", NULL, 0, NULL, NULL), "replaced");
        CHECK_EQUAL(GetLastError(), ERROR_FILENAME_EXCED_RANGE);
        name[lengths[i]] = L'a';
    }
}

static void test_mappings(void)
{
    HANDLE section = CreateFileMappingNumaA(INVALID_HANDLE_VALUE, NULL, PAGE_READWRITE, 0, 4096, NULL, 7);
    CHECK(!section, "made");
    CHECK_EQUAL(GetLastError(), ERROR_INVALID_PARAMETER);
    section = CreateFileMappingNumaA(INVALID_HANDLE_VALUE, NULL, PAGE_READWRITE, 0, 4096, NULL,
                                     NUMA_NO_PREFERRED_NODE);
    CHECK(section != NULL, "%lu", GetLastError());
    char *view = MapViewOfFileExNuma(section, FILE_MAP_WRITE, 0, 0, 0, NULL, 0);
    CHECK(view != NULL, "%lu", GetLastError());
    if (view) *view = 1;
    UnmapViewOfFile(view);
    CloseHandle(section);
}

static void test_space(void)
{
    struct {
        ULONGLONG units[11];
        ULONG sectors, bytes;
    } space = {};
    ULARGE_INTEGER available;
    CHECK_EQUAL(GetDiskSpaceInformationA(NULL, &space), S_OK);
    CHECK(GetDiskFreeSpaceExA(NULL, &available, NULL, NULL), "%lu", GetLastError());
    CHECK_EQUAL(space.bytes, 512);
    CHECK(space.units[0] > space.units[4] && space.units[4] > 0, "no space");
    CHECK(!GetDiskFreeSpaceA("nowhere", NULL, NULL, NULL, NULL), "space");
    CHECK_EQUAL(GetLastError(), ERROR_FILE_NOT_FOUND);
}

// Where SearchPath looks first: the current directory, or after SetSearchPathMode the system's.
static void test_search_mode(void)
{
    char directory[MAX_PATH], before[MAX_PATH], found[MAX_PATH], *part;
    GetCurrentDirectoryA(sizeof(before), before);
    GetTempPathA(sizeof(directory), directory);
    SetCurrentDirectoryA(directory);
    strcat(directory, "ntdll.dll");
    CloseHandle(CreateFileA(directory, GENERIC_WRITE, 0, NULL, CREATE_ALWAYS, 0, NULL));
    CHECK(SearchPathA(NULL, "ntdll.dll", NULL, sizeof(found), found, &part) && !lstrcmpiA(found, directory),
          "%s", found);
    CHECK(!SetSearchPathMode(2) && GetLastError() == ERROR_INVALID_PARAMETER, "unknown mode");
    CHECK(SetSearchPathMode(BASE_SEARCH_PATH_ENABLE_SAFE_SEARCHMODE), "%lu", GetLastError());
    CHECK(SearchPathA(NULL, "ntdll.dll", NULL, sizeof(found), found, &part) && lstrcmpiA(found, directory),
          "%s", found);
    CHECK(SetSearchPathMode(BASE_SEARCH_PATH_DISABLE_SAFE_SEARCHMODE), "%lu", GetLastError());
    CHECK(SetSearchPathMode(BASE_SEARCH_PATH_ENABLE_SAFE_SEARCHMODE | BASE_SEARCH_PATH_PERMANENT), "%lu",
          GetLastError());
    CHECK(!SetSearchPathMode(BASE_SEARCH_PATH_DISABLE_SAFE_SEARCHMODE) &&
              GetLastError() == ERROR_ACCESS_DENIED,
          "for good");
    CHECK(!SetSearchPathMode(BASE_SEARCH_PATH_ENABLE_SAFE_SEARCHMODE) &&
              GetLastError() == ERROR_ACCESS_DENIED,
          "less than for good");
    DeleteFileA(directory);
    SetCurrentDirectoryA(before);
}

// A directory is opened, never overwritten.
static void test_overwriting_directory(void)
{
    CreateDirectoryA("kept", NULL);
    HANDLE file =
        CreateFileA("kept", GENERIC_WRITE, 7, NULL, CREATE_ALWAYS, FILE_FLAG_BACKUP_SEMANTICS, NULL);
    CHECK(file == INVALID_HANDLE_VALUE && GetLastError() == ERROR_FILE_EXISTS, "error %lu", GetLastError());
    file = CreateFileA("kept", GENERIC_WRITE, 7, NULL, CREATE_ALWAYS, 0, NULL);
    CHECK(file == INVALID_HANDLE_VALUE && GetLastError() == ERROR_ACCESS_DENIED, "error %lu", GetLastError());
    RemoveDirectoryA("kept");
}

int main(void)
{
    test_names();
    test_refusals();
    test_length();
    test_mappings();
    test_space();
    test_search_mode();
    test_overwriting_directory();
    return check_summary();
}
