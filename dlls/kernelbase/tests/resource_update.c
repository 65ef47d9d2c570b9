// BeginUpdateResource to EndUpdateResource on copies of this program: what is put in is found again, what
// else the file has stays, and files that are none are refused.
#include "tests/check.h"
#include <stdio.h>
#include <string.h>
#include <windows.h>

#define FILE_NAME L"updated.exe"

static void make_copy(void)
{
    WCHAR self[MAX_PATH];
    GetModuleFileNameW(NULL, self, MAX_PATH);
    CHECK(CopyFileW(self, FILE_NAME, FALSE), "error %lu", GetLastError());
    SetFileAttributesW(FILE_NAME, FILE_ATTRIBUTE_NORMAL);
}

static BOOL put(BOOL delete_existing, const WCHAR *type, const WCHAR *name, WORD language, const void *data,
                DWORD size)
{
    HANDLE update = BeginUpdateResourceW(FILE_NAME, delete_existing);
    if (!update) return FALSE;
    BOOL put = UpdateResourceW(update, type, name, language, (void *)data, size);
    return EndUpdateResourceW(update, !put) && put;
}

// The size of a resource, its bytes in buffer; 0 when it isn't there.
static DWORD get(const WCHAR *type, const WCHAR *name, void *buffer, DWORD room)
{
    DWORD size = 0;
    HMODULE module = LoadLibraryExW(FILE_NAME, NULL, LOAD_LIBRARY_AS_DATAFILE);
    HRSRC found = module ? FindResourceW(module, name, type) : NULL;
    if (found) {
        size = SizeofResource(module, found);
        const void *data = LoadResource(module, found);
        if (data && size <= room) memcpy(buffer, data, size);
    }
    if (module) FreeLibrary(module);
    return size;
}

static DWORD run_copy(void)
{
    WCHAR command[] = FILE_NAME L" child";
    STARTUPINFOW startup = {.cb = sizeof(startup)};
    PROCESS_INFORMATION process;
    DWORD code = ~0u;
    if (!CreateProcessW(NULL, command, NULL, NULL, FALSE, 0, NULL, NULL, &startup, &process)) return code;
    WaitForSingleObject(process.hProcess, INFINITE);
    GetExitCodeProcess(process.hProcess, &code);
    CloseHandle(process.hProcess);
    CloseHandle(process.hThread);
    return code;
}

// The size that the string table behind the symbols gives itself: 0 when there is none where the header says.
static DWORD symbol_strings(void)
{
    IMAGE_DOS_HEADER dos = {0};
    IMAGE_NT_HEADERS32 nt = {0};
    DWORD size = 0, read;
    HANDLE file = CreateFileW(FILE_NAME, GENERIC_READ, FILE_SHARE_READ, NULL, OPEN_EXISTING, 0, NULL);
    ReadFile(file, &dos, sizeof(dos), &read, NULL);
    SetFilePointer(file, dos.e_lfanew, NULL, FILE_BEGIN);
    ReadFile(file, &nt, sizeof(nt), &read, NULL);
    DWORD at = nt.FileHeader.PointerToSymbolTable + nt.FileHeader.NumberOfSymbols * IMAGE_SIZEOF_SYMBOL;
    SetFilePointer(file, (LONG)at, NULL, FILE_BEGIN);
    ReadFile(file, &size, sizeof(size), &read, NULL);
    DWORD end = GetFileSize(file, NULL);
    CloseHandle(file);
    return nt.FileHeader.PointerToSymbolTable && at + size == end ? size : 0;
}

// This program is built with symbols, which lie behind the sections.
static void test_symbols(void)
{
    make_copy();
    DWORD before = symbol_strings();
    CHECK(before != 0, "the program has no symbols");
    CHECK(put(FALSE, L"kind", L"new", 0, "1234", 4), "error %lu", GetLastError());
    CHECK_EQUAL(symbol_strings(), before);
    static char big[5000];
    CHECK(put(FALSE, L"kind", L"larger", 0, big, sizeof(big)), "error %lu", GetLastError());
    CHECK_EQUAL(symbol_strings(), before);
    CHECK(put(TRUE, L"kind", L"only", 0, "1234", 4), "error %lu", GetLastError());
    CHECK_EQUAL(symbol_strings(), before);
}

static void test_put_and_get(void)
{
    static char big[300000], buffer[300000];
    const WCHAR *number = MAKEINTRESOURCEW(7);

    make_copy();
    CHECK(put(FALSE, L"words", L"greeting", 0, "hello", 5), "error %lu", GetLastError());
    CHECK_EQUAL(get(L"words", L"greeting", buffer, sizeof(buffer)), 5);
    CHECK(!memcmp(buffer, "hello", 5), "error %lu", GetLastError());
    CHECK_EQUAL(get(L"WORDS", L"Greeting", buffer, sizeof(buffer)), 5); // names have no case

    memset(big, 'b', sizeof(big));
    CHECK(put(FALSE, (const WCHAR *)RT_RCDATA, number, 0x409, big, sizeof(big)), "error %lu", GetLastError());
    CHECK_EQUAL(get((const WCHAR *)RT_RCDATA, number, buffer, sizeof(buffer)), sizeof(big));
    CHECK(!memcmp(buffer, big, sizeof(big)), "error %lu", GetLastError());
    CHECK_EQUAL(get(L"words", L"greeting", buffer, sizeof(buffer)), 5); // what was there stays
    CHECK_EQUAL(run_copy(), 42);

    CHECK(put(FALSE, L"words", L"greeting", 0, "good day", 8), "error %lu", GetLastError()); // replaced
    CHECK_EQUAL(get(L"words", L"greeting", buffer, sizeof(buffer)), 8);
    CHECK(put(FALSE, L"words", L"greeting", 0, NULL, 0), "error %lu", GetLastError()); // deleted
    CHECK_EQUAL(get(L"words", L"greeting", buffer, sizeof(buffer)), 0);
    CHECK_EQUAL(get((const WCHAR *)RT_RCDATA, number, buffer, sizeof(buffer)), sizeof(big));
    CHECK(put(TRUE, L"words", L"only", 0, "x", 1), "error %lu", GetLastError()); // the others are gone
    CHECK_EQUAL(get((const WCHAR *)RT_RCDATA, number, buffer, sizeof(buffer)), 0);
    CHECK_EQUAL(get(L"words", L"only", buffer, sizeof(buffer)), 1);
    CHECK_EQUAL(run_copy(), 42);
}

static void test_discard(void)
{
    char buffer[16];
    make_copy();
    HANDLE update = BeginUpdateResourceA("updated.exe", FALSE);
    CHECK(update != NULL, "error %lu", GetLastError());
    CHECK(UpdateResourceA(update, "words", "discarded", 0, "x", 1), "error %lu", GetLastError());
    CHECK(EndUpdateResourceA(update, TRUE), "error %lu", GetLastError());
    CHECK_EQUAL(get(L"words", L"discarded", buffer, sizeof(buffer)), 0);
}

static void write_file(const void *bytes, DWORD size)
{
    DWORD written;
    HANDLE file = CreateFileW(FILE_NAME, GENERIC_WRITE, 0, NULL, CREATE_ALWAYS, 0, NULL);
    WriteFile(file, bytes, size, &written, NULL);
    CloseHandle(file);
}

// Every prefix of a program's headers, and bytes that say nonsense.
static void test_bad_files(void)
{
    static char bytes[0x600];
    WCHAR self[MAX_PATH];
    DWORD read;
    DeleteFileW(FILE_NAME);
    SetLastError(0);
    CHECK(!BeginUpdateResourceW(FILE_NAME, FALSE), "error %lu", GetLastError());
    CHECK_EQUAL(GetLastError(), ERROR_FILE_NOT_FOUND);
    write_file(bytes, 0);
    CHECK(!BeginUpdateResourceW(FILE_NAME, FALSE), "error %lu", GetLastError());
    write_file(bytes, sizeof(bytes));
    CHECK(!BeginUpdateResourceW(FILE_NAME, TRUE), "error %lu", GetLastError());
    CHECK_EQUAL(GetLastError(), ERROR_BAD_EXE_FORMAT);

    GetModuleFileNameW(NULL, self, MAX_PATH);
    HANDLE file = CreateFileW(self, GENERIC_READ, FILE_SHARE_READ, NULL, OPEN_EXISTING, 0, NULL);
    ReadFile(file, bytes, sizeof(bytes), &read, NULL);
    CloseHandle(file);
    for (DWORD size = 0; size < sizeof(bytes); size += 37) {
        write_file(bytes, size);
        HANDLE update = BeginUpdateResourceW(FILE_NAME, TRUE);
        if (update) EndUpdateResourceW(update, FALSE); // may fail, but not fault
    }
    for (DWORD at = 0x3c; at < 0x400; at += 4) {
        DWORD saved;
        memcpy(&saved, bytes + at, 4);
        memset(bytes + at, 0xff, 4);
        write_file(bytes, sizeof(bytes));
        HANDLE update = BeginUpdateResourceW(FILE_NAME, FALSE);
        if (update) EndUpdateResourceW(update, FALSE);
        memcpy(bytes + at, &saved, 4);
    }
    CHECK(!UpdateResourceW(NULL, L"a", L"b", 0, "x", 1), "error %lu", GetLastError());
    CHECK(!EndUpdateResourceW(NULL, FALSE), "error %lu", GetLastError());
}

int main(int argc, char **argv)
{
    if (argc > 1 && !strcmp(argv[1], "child")) return 42;
    WCHAR directory[MAX_PATH];
    GetTempPathW(MAX_PATH, directory);
    SetCurrentDirectoryW(directory);
    test_put_and_get();
    test_symbols();
    test_discard();
    test_bad_files();
    DeleteFileW(FILE_NAME);
    return check_summary();
}
