// Modules mapped as data: tags, names, and who may open the file meanwhile (LoadLibraryExW's documentation;
// kernel32:loader).
#include <windows.h>
#include "tests/check.h"

static const char copy_name[] = "copy.dll";

static DWORD open_error(DWORD access)
{
    HANDLE file = CreateFileA(copy_name, access, FILE_SHARE_READ, NULL, OPEN_EXISTING, 0, NULL);
    if (file == INVALID_HANDLE_VALUE) return GetLastError();
    CloseHandle(file);
    return 0;
}

static HMODULE load(DWORD flags, ULONG_PTR tag)
{
    HMODULE module = LoadLibraryExA(copy_name, NULL, flags);
    CHECK(module != NULL, "%lu", GetLastError());
    CHECK_EQUAL((ULONG_PTR)module & 3, tag);
    CHECK(!GetModuleHandleA(copy_name), "a data module is no module of the process");
    return module;
}

static void test_shared_mapping(void)
{
    HMODULE module = load(LOAD_LIBRARY_AS_DATAFILE, 1);
    CHECK_EQUAL(open_error(GENERIC_WRITE), 0);
    CHECK(FreeLibrary(module), "%lu", GetLastError());
}

static void test_exclusive_mapping(void)
{
    HMODULE first = load(LOAD_LIBRARY_AS_DATAFILE_EXCLUSIVE, 1);
    HMODULE second = load(LOAD_LIBRARY_AS_DATAFILE_EXCLUSIVE, 1);
    CHECK(first != second, "each load maps anew");
    CHECK_EQUAL(open_error(GENERIC_WRITE), ERROR_SHARING_VIOLATION);
    CHECK_EQUAL(open_error(GENERIC_READ | DELETE), 0);
    CHECK(FreeLibrary(first), "%lu", GetLastError());
    CHECK_EQUAL(open_error(GENERIC_WRITE), ERROR_SHARING_VIOLATION);
    CHECK(FreeLibrary(second), "%lu", GetLastError());
    CHECK_EQUAL(open_error(GENERIC_WRITE), 0);
    CHECK(!FreeLibrary((HMODULE)0x10001), "nothing is mapped there");
}

int main(void)
{
    char program[MAX_PATH];
    GetModuleFileNameA(NULL, program, MAX_PATH);
    CHECK(CopyFileA(program, copy_name, FALSE), "%lu", GetLastError());
    test_shared_mapping();
    test_exclusive_mapping();
    HMODULE image = load(LOAD_LIBRARY_AS_IMAGE_RESOURCE, 2);
    CHECK(FreeLibrary(image), "%lu", GetLastError());
    CHECK(DeleteFileA(copy_name), "%lu", GetLastError());
    return check_summary();
}
