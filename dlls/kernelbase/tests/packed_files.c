// Files that COMPRESS.EXE made. The packed text has a piece that repeats itself and one of blanks from before
// its beginning.
// link: -llz32
#include <windows.h>
#include <lzexpand.h>
#include <string.h>
#include "tests/check.h"

// "abcabcabcabcX" and three blanks: three bytes, nine from their place, one byte, three from where nothing
// was.
static const BYTE packed[] = {'S', 'Z', 'D',  'D', 0x88, 0xF0, 0x27, 0x33, 'A', 't',  16,  0,
                              0,   0,   0x17, 'a', 'b',  'c',  0xF0, 0xF6, 'X', 0x00, 0x10};
static const char text[] = "abcabcabcabcX   ";

static void write_file(const char *name, const void *data, DWORD size)
{
    DWORD n;
    HANDLE file = CreateFileA(name, GENERIC_WRITE, 0, NULL, CREATE_ALWAYS, 0, NULL);
    WriteFile(file, data, size, &n, NULL);
    CloseHandle(file);
}

static void test_reading(void)
{
    OFSTRUCT result = {};
    char buffer[32] = "", name[MAX_PATH];

    INT file = LZOpenFileA((char[]){"packed.txt"}, &result, OF_READ);
    CHECK(file >= 0x400 && file % 4, "packed.tx_ is taken, by a number that is no file's: %d", file);
    CHECK_EQUAL(LZRead(file, buffer, sizeof(buffer)), 16);
    CHECK(!memcmp(buffer, text, 16), "%.16s", buffer);
    CHECK_EQUAL(LZSeek(file, 3, 0), 3);
    CHECK_EQUAL(LZRead(file, buffer, 4), 4);
    CHECK(!memcmp(buffer, text + 3, 4), "%.4s", buffer);
    CHECK_EQUAL(LZSeek(file, 1, 1), 8);
    CHECK_EQUAL(LZSeek(file, 99, 0), LZERROR_BADVALUE);
    CHECK(LZRead(file, buffer, 32) == 8 && !memcmp(buffer, text + 8, 8), "the rest");
    LZClose(file);
    CHECK(GetExpandedNameA((char[]){"packed.tx_"}, name) == 1 && !strcmp(name, "packed.txt"), "%s", name);
    CHECK(GetExpandedNameA((char[]){"plain.tx_"}, name) == 1 && !strcmp(name, "plain.tx_"), "%s", name);
    CHECK_EQUAL(GetExpandedNameA((char[]){"none"}, name), LZERROR_BADINHANDLE);
    CHECK_EQUAL(LZOpenFileA((char[]){"none"}, &result, OF_READ), LZERROR_BADINHANDLE);
}

static LONG copy(const char *from, const char *to)
{
    HANDLE source = CreateFileA(from, GENERIC_READ, 0, NULL, OPEN_EXISTING, 0, NULL);
    HANDLE target = CreateFileA(to, GENERIC_WRITE, 0, NULL, CREATE_ALWAYS, 0, NULL);
    LONG result = LZCopy((INT)(INT_PTR)source, (INT)(INT_PTR)target);
    CHECK(CloseHandle(source), "the source stays open");
    CloseHandle(target);
    return result;
}

static void test_copying(void)
{
    CHECK_EQUAL(copy("packed.tx_", "copy.txt"), 16);
    CHECK_EQUAL(copy("plain.tx_", "copy.txt"), 5);
    write_file("cut.tx_", packed, sizeof(packed) - 3);
    CHECK_EQUAL(copy("cut.tx_", "copy.txt"), LZERROR_READ);
    BYTE wrong[sizeof(packed)];
    memcpy(wrong, packed, sizeof(packed));
    wrong[8] = 'B';
    write_file("cut.tx_", wrong, sizeof(wrong));
    CHECK_EQUAL(copy("cut.tx_", "copy.txt"), LZERROR_UNKNOWNALG);
}

int main(void)
{
    char directory[MAX_PATH];
    GetTempPathA(sizeof(directory), directory);
    SetCurrentDirectoryA(directory);
    CreateDirectoryA("packed_files", NULL);
    SetCurrentDirectoryA("packed_files");
    write_file("packed.tx_", packed, sizeof(packed));
    write_file("plain.tx_", "plain", 5);
    test_reading();
    test_copying();
    DeleteFileA("packed.tx_");
    DeleteFileA("plain.tx_");
    DeleteFileA("cut.tx_");
    DeleteFileA("copy.txt");
    SetCurrentDirectoryA("..");
    RemoveDirectoryA("packed_files");
    return check_summary();
}
