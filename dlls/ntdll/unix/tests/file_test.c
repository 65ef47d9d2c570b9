// Files by their NT calls: opening, sharing, reading and writing, information, names, deletion, locks,
// listing.
#include "test_files.h"
#include "dlls/ntdll/unix/prefix.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static void dispositions(void **state)
{
    (void)state;
    HANDLE32 h, other;
    uint32_t n;
    test_low_reset();
    assert_status(test_create(&h, "\\??\\C:\\none.txt", GENERIC_READ, FILE_OPEN, 0),
                  STATUS_OBJECT_NAME_NOT_FOUND);
    assert_status(test_create(&h, "\\??\\C:\\no\\none.txt", GENERIC_READ, FILE_OPEN, 0),
                  STATUS_OBJECT_PATH_NOT_FOUND);
    assert_status(test_create(&h, "\\??\\C:\\no\\none.txt", GENERIC_READ, FILE_CREATE, 0),
                  STATUS_OBJECT_PATH_NOT_FOUND);
    assert_status(test_create(&h, "\\??\\C:\\a.txt", GENERIC_READ | GENERIC_WRITE, FILE_CREATE, 0), 0);
    assert_status(test_write(h, "hello", 5, NULL, &n), 0);
    assert_int_equal(n, 5);
    assert_status(test_create(&other, "\\??\\C:\\A.TXT", GENERIC_READ, FILE_CREATE, 0),
                  STATUS_OBJECT_NAME_COLLISION);
    assert_status(test_create(&other, "\\??\\c:\\A.txt", GENERIC_WRITE, FILE_OVERWRITE_IF, 0), 0);
    FILE_STANDARD_INFORMATION32 standard;
    assert_status(test_query(other, &standard, sizeof standard, FileStandardInformation), 0);
    assert_int_equal(standard.EndOfFile.QuadPart, 0);
    NtClose(other);
    NtClose(h);
    assert_false(test_host_exists("A.txt"));
    assert_status(test_create(&h, "\\??\\C:\\a.txt\\", GENERIC_READ, FILE_OPEN, 0),
                  STATUS_OBJECT_NAME_INVALID);
    assert_status(test_create(&h, "\\??\\C:\\a.txt\\b", GENERIC_READ, FILE_OPEN, 0),
                  STATUS_OBJECT_PATH_NOT_FOUND);
    assert_status(test_create(&h, "\\??\\C:\\windows", GENERIC_READ, FILE_OPEN, FILE_NON_DIRECTORY_FILE),
                  STATUS_FILE_IS_A_DIRECTORY);
    assert_status(test_create(&h, "\\??\\C:\\a.txt", GENERIC_READ, FILE_OPEN, FILE_DIRECTORY_FILE),
                  STATUS_NOT_A_DIRECTORY);
    assert_status(test_create(&h, "\\??\\C:\\a|b", GENERIC_READ, FILE_OPEN, 0), STATUS_OBJECT_NAME_INVALID);
    assert_status(test_create(&h, "\\??\\C:\\a/b", GENERIC_READ, FILE_OPEN, 0), STATUS_OBJECT_NAME_INVALID);
    assert_status(test_create(&h, "\\??\\Q:\\a", GENERIC_READ, FILE_OPEN, 0), STATUS_OBJECT_PATH_NOT_FOUND);
    assert_status(test_create(&h, "a.txt", GENERIC_READ, FILE_OPEN, 0), STATUS_OBJECT_PATH_SYNTAX_BAD);
    assert_status(test_create(&h, "\\??\\C:\\a.txt", GENERIC_READ, 6, 0), STATUS_INVALID_PARAMETER);
    assert_status(test_create(&h, "\\??\\C:\\New Dir", GENERIC_READ, FILE_CREATE, FILE_DIRECTORY_FILE), 0);
    // Relative to a directory's handle.
    OBJECT_ATTRIBUTES32 relative = test_name("Sub.txt", h);
    IO_STATUS_BLOCK32 io;
    assert_status(NtCreateFile(&other, GENERIC_WRITE | SYNCHRONIZE, &relative, &io, NULL, 0, 7, FILE_CREATE,
                               FILE_SYNCHRONOUS_IO_NONALERT, 0, 0),
                  0);
    assert_int_equal(io.Information, FILE_CREATED);
    NtClose(other);
    NtClose(h);
    assert_true(test_host_exists("New Dir/Sub.txt"));
    assert_status(test_create(&h, "\\??\\C:\\NEW DIR\\sub.TXT", GENERIC_READ, FILE_OPEN, 0), 0);
    NtClose(h);
}

static void case_of_names(void **state)
{
    (void)state;
    HANDLE32 h;
    char text[8] = "";
    uint32_t n;
    test_low_reset();
    test_host_file("Case.txt", "upper");
    test_host_file("case.txt", "lower");
    assert_status(test_create(&h, "\\??\\C:\\case.txt", GENERIC_READ, FILE_OPEN, 0), 0);
    assert_status(test_read(h, text, 5, NULL, &n), 0);
    assert_memory_equal(text, "lower", 5);
    NtClose(h);
    assert_status(test_create(&h, "\\??\\C:\\Case.txt", GENERIC_READ, FILE_OPEN, 0), 0);
    assert_status(test_read(h, text, 5, NULL, &n), 0);
    assert_memory_equal(text, "upper", 5);
    NtClose(h);
    // A name beyond ASCII: Ä in one case is found by ä.
    test_host_file("\xC3\x84 b.txt", "x");
    static const uint16_t lower[] = {'\\', '?', '?', '\\', 'C', ':', '\\',
                                     0xE4, ' ', 'B', '.',  't', 'x', 't'};
    OBJECT_ATTRIBUTES32 name = test_name16(lower, 14, 0);
    FILE_BASIC_INFORMATION32 basic;
    assert_status(NtQueryAttributesFile(&name, &basic), 0);
    assert_int_equal(basic.FileAttributes, FILE_ATTRIBUTE_ARCHIVE);
    // Several components in another case; of two that differ only in case, the exact one below them.
    assert_status(test_create(&h, "\\??\\C:\\Deep", GENERIC_READ, FILE_CREATE, FILE_DIRECTORY_FILE), 0);
    NtClose(h);
    assert_status(test_create(&h, "\\??\\C:\\Deep\\Er", GENERIC_READ, FILE_CREATE, FILE_DIRECTORY_FILE), 0);
    NtClose(h);
    test_host_file("Deep/Er/Same", "upper");
    test_host_file("Deep/Er/same", "lower");
    assert_status(test_create(&h, "\\??\\C:\\DEEP\\er\\same", GENERIC_READ, FILE_OPEN, 0), 0);
    assert_status(test_read(h, text, 5, NULL, &n), 0);
    assert_memory_equal(text, "lower", 5);
    NtClose(h);
    assert_status(test_create(&h, "\\??\\C:\\DEEP\\er\\other", GENERIC_READ, FILE_OPEN, 0),
                  STATUS_OBJECT_NAME_NOT_FOUND);
    assert_status(test_create(&h, "\\??\\C:\\DEEP\\other\\same", GENERIC_READ, FILE_OPEN, 0),
                  STATUS_OBJECT_PATH_NOT_FOUND);
    assert_status(test_create(&h, "\\??\\C:\\DEEP\\er\\same\\x", GENERIC_READ, FILE_OPEN, 0),
                  STATUS_OBJECT_PATH_NOT_FOUND);
    // Created, renamed and removed behind our back between lookups.
    for (int i = 0; i < 4; i++) {
        name = test_name("\\??\\C:\\BEHIND.txt", 0);
        assert_status(NtQueryAttributesFile(&name, &basic), STATUS_OBJECT_NAME_NOT_FOUND);
        test_host_file("behind.txt", "x");
        assert_status(NtQueryAttributesFile(&name, &basic), 0);
        char path[5000];
        snprintf(path, sizeof path, "%s/behind.txt", test_drive);
        unlink(path);
    }
}

static void sharing(void **state)
{
    (void)state;
    HANDLE32 a, b;
    const char *name = "\\??\\C:\\shared";
    test_low_reset();
    assert_status(test_create_shared(&a, name, GENERIC_READ | GENERIC_WRITE, FILE_SHARE_READ), 0);
    assert_status(test_create_shared(&b, name, GENERIC_READ, FILE_SHARE_READ), STATUS_SHARING_VIOLATION);
    assert_status(test_create_shared(&b, name, GENERIC_WRITE, 7), STATUS_SHARING_VIOLATION);
    assert_status(test_create_shared(&b, name, DELETE, 7), STATUS_SHARING_VIOLATION);
    assert_status(test_create_shared(&b, name, FILE_READ_ATTRIBUTES, 0), 0);
    NtClose(b);
    assert_status(test_create_shared(&b, name, GENERIC_READ, FILE_SHARE_READ | FILE_SHARE_WRITE), 0);
    NtClose(b);
    NtClose(a);
    assert_status(test_create_shared(&b, name, GENERIC_WRITE, 0), 0);
    NtClose(b);
}

static void positions(void **state)
{
    (void)state;
    HANDLE32 h;
    char text[64];
    uint32_t n;
    test_low_reset();
    assert_status(test_create(&h, "\\??\\C:\\pos", GENERIC_READ | GENERIC_WRITE, FILE_OVERWRITE_IF, 0), 0);
    assert_status(test_write(h, "0123456789", 10, NULL, &n), 0);
    assert_status(test_write(h, "AB", 2, &(int64_t){4}, &n), 0);
    FILE_POSITION_INFORMATION32 position;
    assert_status(test_query(h, &position, sizeof position, FilePositionInformation), 0);
    assert_int_equal(position.CurrentByteOffset.QuadPart, 6);
    assert_status(test_write(h, "end", 3, &(int64_t){-1}, &n), 0);
    assert_status(test_query(h, &position, sizeof position, FilePositionInformation), 0);
    assert_int_equal(position.CurrentByteOffset.QuadPart, 13);
    assert_status(test_read(h, text, 1, NULL, &n), STATUS_END_OF_FILE);
    assert_status(test_read(h, text, 0, NULL, &n), 0);
    assert_status(test_read(h, text, 20, &(int64_t){0}, &n), 0);
    assert_int_equal(n, 13);
    assert_memory_equal(text, "0123AB6789end", 13);
    position.CurrentByteOffset.QuadPart = 2;
    assert_status(test_set(h, &position, sizeof position, FilePositionInformation), 0);
    assert_status(test_read(h, text, 2, &(int64_t){-2}, &n), 0);
    assert_memory_equal(text, "23", 2);
    position.CurrentByteOffset.QuadPart = -1;
    assert_status(test_set(h, &position, sizeof position, FilePositionInformation), STATUS_INVALID_PARAMETER);
    FILE_END_OF_FILE_INFORMATION32 end = {.EndOfFile.QuadPart = 4};
    assert_status(test_set(h, &end, sizeof end, FileEndOfFileInformation), 0);
    assert_status(test_read(h, text, 20, &(int64_t){0}, &n), 0);
    assert_int_equal(n, 4);
    NtClose(h);
    // Appending only.
    assert_status(test_create(&h, "\\??\\C:\\pos", FILE_APPEND_DATA, FILE_OPEN, 0), 0);
    assert_status(test_write(h, "++", 2, &(int64_t){0}, &n), 0);
    assert_status(test_read(h, text, 1, NULL, &n), STATUS_ACCESS_DENIED);
    NtClose(h);
    assert_status(test_create(&h, "\\??\\C:\\pos", GENERIC_READ, FILE_OPEN, 0), 0);
    assert_status(test_read(h, text, 20, NULL, &n), 0);
    assert_int_equal(n, 6);
    assert_status(test_write(h, "x", 1, NULL, &n), STATUS_ACCESS_DENIED);
    NtClose(h);
}

static void attributes(void **state)
{
    (void)state;
    HANDLE32 h;
    test_low_reset();
    FILE_BASIC_INFORMATION32 basic = {.FileAttributes = FILE_ATTRIBUTE_READONLY | FILE_ATTRIBUTE_HIDDEN,
                                      .LastWriteTime.QuadPart = 125911584000000000,
                                      .CreationTime.QuadPart = 125911584010000000};
    assert_status(test_create(&h, "\\??\\C:\\attr", GENERIC_READ | GENERIC_WRITE, FILE_CREATE, 0), 0);
    assert_status(test_set(h, &basic, sizeof basic, FileBasicInformation), 0);
    NtClose(h);
    OBJECT_ATTRIBUTES32 name = test_name("\\??\\C:\\ATTR", 0);
    memset(&basic, 0, sizeof basic);
    assert_status(NtQueryAttributesFile(&name, &basic), 0);
    assert_int_equal(basic.LastWriteTime.QuadPart, 125911584000000000);
    assert_true(basic.FileAttributes & FILE_ATTRIBUTE_READONLY);
    if (basic.FileAttributes & FILE_ATTRIBUTE_HIDDEN) // the file system has extended attributes
        assert_int_equal(basic.CreationTime.QuadPart, 125911584010000000);
    assert_status(test_create(&h, "\\??\\C:\\attr", GENERIC_WRITE, FILE_OPEN, 0), STATUS_ACCESS_DENIED);
    assert_status(test_create(&h, "\\??\\C:\\attr", DELETE, FILE_OPEN, FILE_DELETE_ON_CLOSE),
                  STATUS_CANNOT_DELETE);
    assert_status(test_create(&h, "\\??\\C:\\attr", DELETE | FILE_WRITE_ATTRIBUTES, FILE_OPEN, 0), 0);
    FILE_DISPOSITION_INFORMATION32 disposition = {1};
    assert_status(test_set(h, &disposition, 1, FileDispositionInformation), STATUS_CANNOT_DELETE);
    memset(&basic, 0, sizeof basic);
    basic.FileAttributes = FILE_ATTRIBUTE_NORMAL;
    assert_status(test_set(h, &basic, sizeof basic, FileBasicInformation), 0);
    assert_status(test_set(h, &disposition, 1, FileDispositionInformation), 0);
    NtClose(h);
    assert_false(test_host_exists("attr"));
}

static void deletion(void **state)
{
    (void)state;
    HANDLE32 a, b;
    test_low_reset();
    assert_status(
        test_create(&a, "\\??\\C:\\gone", DELETE | GENERIC_WRITE, FILE_CREATE, FILE_DELETE_ON_CLOSE), 0);
    assert_status(test_create(&b, "\\??\\C:\\gone", GENERIC_READ, FILE_OPEN, 0), 0);
    NtClose(a);
    assert_true(test_host_exists("gone"));
    assert_status(test_create(&a, "\\??\\C:\\gone", GENERIC_READ, FILE_OPEN, 0), STATUS_DELETE_PENDING);
    NtClose(b);
    assert_false(test_host_exists("gone"));
    // A directory that isn't empty stays.
    assert_status(test_create(&a, "\\??\\C:\\full", DELETE, FILE_CREATE, FILE_DIRECTORY_FILE), 0);
    test_host_file("full/x", "");
    FILE_DISPOSITION_INFORMATION32 disposition = {1};
    assert_status(test_set(a, &disposition, 1, FileDispositionInformation), STATUS_DIRECTORY_NOT_EMPTY);
    OBJECT_ATTRIBUTES32 name = test_name("\\??\\C:\\full\\X", 0);
    assert_status(NtDeleteFile(&name), 0);
    assert_status(test_set(a, &disposition, 1, FileDispositionInformation), 0);
    NtClose(a);
    assert_false(test_host_exists("full"));
    // POSIX semantics: the name is free though another handle is open.
    assert_status(test_create(&a, "\\??\\C:\\posix", DELETE | GENERIC_WRITE, FILE_CREATE, 0), 0);
    assert_status(test_create(&b, "\\??\\C:\\posix", GENERIC_READ, FILE_OPEN, 0), 0);
    uint32_t flags = FILE_DISPOSITION_DELETE | FILE_DISPOSITION_POSIX_SEMANTICS;
    assert_status(test_set(a, &flags, 4, FileDispositionInformationEx), 0);
    NtClose(a);
    assert_false(test_host_exists("posix"));
    NtClose(b);
    // A link is deleted, not what it leads to.
    char link[5000];
    test_host_file("kept", "kept");
    snprintf(link, sizeof link, "%s/link", test_drive);
    assert_int_equal(symlink("kept", link), 0);
    name = test_name("\\??\\C:\\link", 0);
    assert_status(NtDeleteFile(&name), 0);
    assert_false(test_host_exists("link"));
    assert_true(test_host_exists("kept"));
}

static void renaming(void **state)
{
    (void)state;
    HANDLE32 h;
    test_low_reset();
    test_host_file("r1", "1");
    test_host_file("R2", "2");
    assert_status(test_create(&h, "\\??\\C:\\r1", DELETE | GENERIC_READ, FILE_OPEN, 0), 0);
    assert_status(test_rename(h, "\\??\\C:\\r2", false), STATUS_OBJECT_NAME_COLLISION);
    assert_status(test_rename(h, "\\??\\C:\\none\\r2", false), STATUS_OBJECT_PATH_NOT_FOUND);
    assert_status(test_rename(h, "\\??\\C:\\R1", false), 0); // only the spelling
    assert_true(test_host_exists("R1"));
    assert_false(test_host_exists("r1"));
    assert_status(test_rename(h, "r3", false), 0);
    assert_true(test_host_exists("r3"));
    assert_status(test_rename(h, "\\??\\C:\\r2", true), 0);
    assert_true(test_host_exists("r2")); // what replaces has its own spelling
    assert_false(test_host_exists("R2"));
    assert_false(test_host_exists("r3"));
    uint8_t name[256];
    assert_status(test_query(h, name, sizeof name, FileNameInformation), 0);
    assert_int_equal(((FILE_NAME_INFORMATION32 *)name)->FileNameLength, 6);
    assert_memory_equal(name + 4,
                        "\\\0r\0"
                        "2\0",
                        6);
    assert_status(test_query(h, name, 8, FileNameInformation), STATUS_BUFFER_OVERFLOW);
    assert_status(test_query(h, name, 7, FileNameInformation), STATUS_INFO_LENGTH_MISMATCH);
    NtClose(h);
}

static NTSTATUS lock(HANDLE32 h, int64_t start, int64_t length, bool exclusive)
{
    return NtLockFile(h, 0, 0, 0, test_low(8), &(LARGE_INTEGER32){.QuadPart = start},
                      &(LARGE_INTEGER32){.QuadPart = length}, 0, 1, exclusive);
}

static NTSTATUS unlock(HANDLE32 h, int64_t start, int64_t length)
{
    IO_STATUS_BLOCK32 io;
    return NtUnlockFile(h, &io, &(LARGE_INTEGER32){.QuadPart = start}, &(LARGE_INTEGER32){.QuadPart = length},
                        0);
}

static void locks(void **state)
{
    (void)state;
    HANDLE32 a, b;
    char text[8];
    uint32_t n;
    test_low_reset();
    test_host_file("locked", "0123456789");
    assert_status(test_create(&a, "\\??\\C:\\locked", GENERIC_READ | GENERIC_WRITE, FILE_OPEN, 0), 0);
    assert_status(test_create(&b, "\\??\\C:\\locked", GENERIC_READ | GENERIC_WRITE, FILE_OPEN, 0), 0);
    assert_status(lock(a, 2, 4, true), 0);
    assert_status(lock(b, 5, 1, false), STATUS_LOCK_NOT_GRANTED);
    assert_status(lock(a, 5, 1, true), STATUS_LOCK_NOT_GRANTED);
    assert_status(lock(b, 6, 2, true), 0);
    assert_status(test_read(b, text, 2, &(int64_t){0}, &n), 0);
    assert_status(test_read(b, text, 3, &(int64_t){0}, &n), STATUS_FILE_LOCK_CONFLICT);
    assert_status(test_read(a, text, 3, &(int64_t){2}, &n), 0);
    assert_status(test_write(b, "x", 1, &(int64_t){3}, &n), STATUS_FILE_LOCK_CONFLICT);
    assert_status(unlock(a, 2, 3), STATUS_RANGE_NOT_LOCKED);
    assert_status(unlock(b, 2, 4), STATUS_RANGE_NOT_LOCKED);
    assert_status(unlock(a, 2, 4), 0);
    assert_status(lock(a, 0, 4, false), 0);
    assert_status(lock(b, 2, 4, false), 0);
    assert_status(test_write(a, "x", 1, &(int64_t){1}, &n), STATUS_FILE_LOCK_CONFLICT);
    // Beyond what the host can lock, and wrapping around.
    assert_status(lock(a, INT64_MIN, 16, true), 0);
    assert_status(lock(a, -1, 2, true), STATUS_INVALID_LOCK_RANGE);
    NtClose(a);
    assert_status(lock(b, 0, 2, true), 0);
    NtClose(b);
}

// Lists "a;b;..." of the names that match.
static void list(const char *directory, const char *mask, uint32_t buffer_size, char *out)
{
    HANDLE32 h;
    gptr block = test_low(8), buffer = test_low(buffer_size), text = test_low(64), string = test_low(8);
    assert_status(test_create(&h, directory, FILE_LIST_DIRECTORY, FILE_OPEN, FILE_DIRECTORY_FILE), 0);
    for (size_t i = 0; mask[i]; i++) *(uint16_t *)(uintptr_t)(text + i * 2) = mask[i];
    UNICODE_STRING32 wanted = {.Length = strlen(mask) * 2, .MaximumLength = 64, .Buffer = text};
    (void)string;
    out[0] = 0;
    for (;;) {
        NTSTATUS status = NtQueryDirectoryFile(h, 0, 0, 0, block, buffer, buffer_size,
                                               FileBothDirectoryInformation, 0, &wanted, 0);
        if (status == STATUS_NO_MORE_FILES || status == STATUS_NO_SUCH_FILE) break;
        assert_status(status, 0);
        for (uint32_t at = 0;;) {
            const FILE_BOTH_DIR_INFORMATION32 *entry = (void *)(uintptr_t)(buffer + at);
            char *end = out + strlen(out);
            for (uint32_t i = 0; i < entry->FileNameLength / 2; i++)
                *end++ = (char)((const uint8_t *)entry->FileName)[i * 2];
            *end++ = ';';
            *end = 0;
            if (entry->NextEntryOffset == 0) break;
            at += entry->NextEntryOffset;
        }
    }
    NtClose(h);
}

static void listing(void **state)
{
    (void)state;
    char out[4096];
    HANDLE32 h;
    test_low_reset();
    assert_status(test_create(&h, "\\??\\C:\\list", GENERIC_READ, FILE_CREATE, FILE_DIRECTORY_FILE), 0);
    NtClose(h);
    test_host_file("list/b.txt", "");
    test_host_file("list/A.txt", "");
    test_host_file("list/c.doc", "");
    test_host_file("list/noext", "");
    test_host_file("list/long file name.text", "");
    list("\\??\\C:\\LIST", "", 65536, out);
    assert_string_equal(out, ".;..;A.txt;b.txt;c.doc;long file name.text;noext;");
    list("\\??\\C:\\list", "*", 160, out);
    assert_string_equal(out, ".;..;A.txt;b.txt;c.doc;long file name.text;noext;");
    list("\\??\\C:\\list", "*.TXT", 65536, out);
    assert_string_equal(out, "A.txt;b.txt;");
    list("\\??\\C:\\list", "?.txt", 65536, out);
    assert_string_equal(out, "A.txt;b.txt;");
    list("\\??\\C:\\list", "<", 65536, out);
    assert_string_equal(out, ".;..;noext;");
    list("\\??\\C:\\list", "no", 65536, out);
    assert_string_equal(out, "");
}

static int by_value(const void *a, const void *b)
{
    return *(const uint16_t *)a - *(const uint16_t *)b;
}

// Names that no UTF-8 has, and UTF-8 that no name has, survive.
static void odd_names(void **state)
{
    (void)state;
    HANDLE32 h;
    test_low_reset();
    uint16_t name[] = {'\\', '?', '?', '\\', 'C', ':', '\\', 'o', 'd', 'd', '\\', 0xD800, 'x'};
    assert_status(test_create(&h, "\\??\\C:\\odd", GENERIC_READ, FILE_CREATE, FILE_DIRECTORY_FILE), 0);
    NtClose(h);
    OBJECT_ATTRIBUTES32 attributes = test_name16(name, 13, 0);
    IO_STATUS_BLOCK32 io;
    assert_status(NtCreateFile(&h, GENERIC_WRITE | SYNCHRONIZE, &attributes, &io, NULL, 0, 7, FILE_CREATE,
                               FILE_SYNCHRONOUS_IO_NONALERT, 0, 0),
                  0);
    NtClose(h);
    test_host_file("odd/\xFFy", "");
    test_host_file("odd/a:b", "");
    gptr block = test_low(8), buffer = test_low(4096);
    assert_status(test_create(&h, "\\??\\C:\\odd", FILE_LIST_DIRECTORY, FILE_OPEN, FILE_DIRECTORY_FILE), 0);
    assert_status(NtQueryDirectoryFile(h, 0, 0, 0, block, buffer, 4096, FileNamesInformation, 0, NULL, 0), 0);
    uint16_t first[8];
    uint32_t n = 0, at = 0;
    for (;;) {
        const FILE_NAMES_INFORMATION32 *entry = (void *)(uintptr_t)(buffer + at);
        uint16_t units[2];
        memcpy(units, entry->FileName, 4);
        if (units[0] != '.') {
            first[n++] = units[0] == 'a' ? units[1] : units[0];
            // Every name that is listed can be opened.
            uint16_t full[64];
            memcpy(full, name, 22);
            memcpy(full + 11, entry->FileName, entry->FileNameLength);
            attributes = test_name16(full, 11 + entry->FileNameLength / 2, 0);
            FILE_BASIC_INFORMATION32 basic;
            assert_status(NtQueryAttributesFile(&attributes, &basic), 0);
        }
        if (entry->NextEntryOffset == 0) break;
        at += entry->NextEntryOffset;
    }
    NtClose(h);
    qsort(first, n, 2, by_value);
    assert_int_equal(n, 3);
    assert_int_equal(first[0], 0xD800);
    assert_int_equal(first[1], 0xF03A);
    assert_int_equal(first[2], 0xF7FF);
}

static void devices(void **state)
{
    (void)state;
    HANDLE32 h;
    uint32_t n;
    char text[4];
    test_low_reset();
    assert_status(test_create(&h, "\\??\\NUL", GENERIC_READ | GENERIC_WRITE, FILE_OPEN, 0), 0);
    assert_status(test_write(h, "abc", 3, NULL, &n), 0);
    assert_int_equal(n, 3);
    assert_status(test_read(h, text, 1, NULL, &n), STATUS_END_OF_FILE);
    NtClose(h);
    assert_status(test_create(&h, "\\??\\nothing", GENERIC_READ, FILE_OPEN, 0), STATUS_OBJECT_NAME_NOT_FOUND);
    assert_status(test_create(&h, "\\??\\unix\\dev\\null", GENERIC_READ, FILE_OPEN, 0), 0);
    NtClose(h);
    assert_status(test_create(&h, "\\??\\Z:\\dev", FILE_LIST_DIRECTORY, FILE_OPEN, FILE_DIRECTORY_FILE), 0);
    FILE_FS_SIZE_INFORMATION32 *size = (void *)(uintptr_t)test_low(sizeof *size);
    IO_STATUS_BLOCK32 io;
    assert_status(
        NtQueryVolumeInformationFile(h, &io, (gptr)(uintptr_t)size, sizeof *size, FileFsSizeInformation), 0);
    assert_int_equal(size->BytesPerSector, 512);
    NtClose(h);
}

static void dos_paths(void **state)
{
    (void)state;
    uint16_t dos[PATH_MAX];
    char host[PATH_MAX + 32], plain[PATH_MAX];
    size_t n = path_dos_from_host("/usr/bin", dos, PATH_MAX);
    for (size_t i = 0; i <= n; i++) plain[i] = dos[i];
    assert_string_equal(plain, "Z:\\usr\\bin");
    n = path_dos_from_host("/", dos, PATH_MAX);
    assert_int_equal(n, 3);
    snprintf(host, sizeof host, "%s/windows/x", test_drive);
    n = path_dos_from_host(host, dos, PATH_MAX);
    for (size_t i = 0; i <= n; i++) plain[i] = dos[i];
    assert_string_equal(plain, "C:\\windows\\x");
    assert_int_equal(path_dos_from_host("/usr/bin", dos, 9), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(dispositions), cmocka_unit_test(case_of_names), cmocka_unit_test(sharing),
        cmocka_unit_test(positions),    cmocka_unit_test(attributes),    cmocka_unit_test(deletion),
        cmocka_unit_test(renaming),     cmocka_unit_test(locks),         cmocka_unit_test(listing),
        cmocka_unit_test(odd_names),    cmocka_unit_test(devices),       cmocka_unit_test(dos_paths),
    };
    return cmocka_run_group_tests(tests, test_files_setup, test_files_teardown);
}
