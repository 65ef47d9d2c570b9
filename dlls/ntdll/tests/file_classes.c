// Files by the Nt calls: what is checked first, what a failure leaves alone, and classes of information.
#define DECLSPEC_IMPORT
#include "ntdll.h"
#include "tests/check.h"
#include <stddef.h>
#include <string.h>

// Classes that the header's enumeration lacks.
#define STAT_CLASS          ((FILE_INFORMATION_CLASS)FileStatInformation)
#define EXTENDED_BOTH_CLASS ((FILE_INFORMATION_CLASS)FileIdExtdBothDirectoryInformation)
#define RENAME_EX_CLASS     ((FILE_INFORMATION_CLASS)FileRenameInformationEx)
#define SHARED              (FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE)

static WCHAR directory_name[600]; // "\??\...\" where the test's files lie

// The NT name of a file of the test's, valid until the next call.
static OBJECT_ATTRIBUTES name_of(const char *file)
{
    static WCHAR text[700];
    static UNICODE_STRING string;
    OBJECT_ATTRIBUTES attributes;
    lstrcpyW(text, directory_name);
    WCHAR *end = text + lstrlenW(text);
    while (*file) *end++ = (unsigned char)*file++;
    *end = 0;
    RtlInitUnicodeString(&string, text);
    InitializeObjectAttributes(&attributes, &string, OBJ_CASE_INSENSITIVE, NULL, NULL);
    return attributes;
}

static NTSTATUS create(HANDLE *handle, const char *file, ACCESS_MASK access, ULONG attributes,
                       ULONG disposition, ULONG options)
{
    OBJECT_ATTRIBUTES name = name_of(file);
    IO_STATUS_BLOCK io;
    *handle = NULL;
    return NtCreateFile(handle, access | SYNCHRONIZE, &name, &io, NULL, attributes, SHARED, disposition,
                        options | FILE_SYNCHRONOUS_IO_NONALERT, NULL, 0);
}

static void test_order(void)
{
    const HANDLE bad = (HANDLE)0xDEAD0;
    IO_STATUS_BLOCK io = {.Status = 0xBEEF, .Information = 0xBEEF};
    FILE_STANDARD_INFORMATION info;
    CHECK_EQUAL(NtQueryInformationFile(bad, &io, &info, sizeof info, 0), STATUS_INVALID_INFO_CLASS);
    CHECK_EQUAL(NtQueryInformationFile(bad, &io, &info, sizeof info, 1000), STATUS_INVALID_INFO_CLASS);
    CHECK_EQUAL(NtQueryInformationFile(bad, &io, &info, 2, FileStandardInformation),
                STATUS_INFO_LENGTH_MISMATCH);
    CHECK_EQUAL(NtQueryInformationFile(bad, &io, &info, sizeof info, FileStandardInformation),
                STATUS_INVALID_HANDLE);
    CHECK_EQUAL(NtSetInformationFile(bad, &io, &info, sizeof info, FileStandardInformation),
                STATUS_INVALID_INFO_CLASS);
    CHECK_EQUAL(NtSetInformationFile(bad, &io, &info, 4, FileBasicInformation), STATUS_INFO_LENGTH_MISMATCH);
    CHECK_EQUAL(NtQueryVolumeInformationFile(bad, &io, &info, 4, FileFsSizeInformation),
                STATUS_INFO_LENGTH_MISMATCH);
    CHECK_EQUAL(NtQueryVolumeInformationFile(bad, &io, &info, sizeof info, 99), STATUS_INVALID_INFO_CLASS);
    // A call that fails leaves the status block as it was.
    HANDLE file;
    CHECK_EQUAL(create(&file, "order", FILE_READ_DATA, 0, FILE_CREATE, 0), 0);
    CHECK_EQUAL(NtQueryInformationFile(file, &io, &info, sizeof info, FileBasicInformation),
                STATUS_INFO_LENGTH_MISMATCH);
    CHECK_EQUAL(io.Status, 0xBEEF);
    CHECK_EQUAL(io.Information, 0xBEEF);
    NtClose(file);
    OBJECT_ATTRIBUTES name = name_of("order");
    CHECK_EQUAL(NtCreateFile(&file, SYNCHRONIZE, &name, &io, NULL, 0, SHARED, FILE_CREATE, 0, NULL, 0),
                STATUS_OBJECT_NAME_COLLISION);
    CHECK_EQUAL(io.Status, 0xBEEF);
    CHECK_EQUAL(NtDeleteFile(&name), 0);
}

static void test_arguments(void)
{
    HANDLE file;
    CHECK_EQUAL(create(&file, "arguments", GENERIC_READ, 0, FILE_CREATE, 0x01000000),
                STATUS_INVALID_PARAMETER);
    CHECK_EQUAL(create(&file, "arguments", GENERIC_READ, FILE_ATTRIBUTE_DEVICE, FILE_CREATE, 0),
                STATUS_INVALID_PARAMETER);
    CHECK_EQUAL(create(&file, "arguments", FILE_APPEND_DATA, 0, FILE_CREATE, FILE_NO_INTERMEDIATE_BUFFERING),
                STATUS_INVALID_PARAMETER);
    CHECK_EQUAL(create(&file, "arguments", GENERIC_READ, 0, FILE_CREATE,
                       FILE_COMPLETE_IF_OPLOCKED | FILE_RESERVE_OPFILTER),
                STATUS_INVALID_PARAMETER);
    CHECK_EQUAL(
        create(&file, "arguments", DELETE, FILE_ATTRIBUTE_READONLY, FILE_CREATE, FILE_DELETE_ON_CLOSE),
        STATUS_CANNOT_DELETE);
    OBJECT_ATTRIBUTES name = name_of("arguments");
    CHECK_EQUAL(NtDeleteFile(&name), STATUS_OBJECT_NAME_NOT_FOUND);
}

static void test_read_only_directory(void)
{
    HANDLE directory;
    IO_STATUS_BLOCK io;
    FILE_DISPOSITION_INFORMATION remove = {TRUE};
    FILE_BASIC_INFORMATION basic = {.FileAttributes = FILE_ATTRIBUTE_NORMAL};
    CHECK_EQUAL(create(&directory, "fixed", DELETE | FILE_WRITE_ATTRIBUTES, FILE_ATTRIBUTE_READONLY,
                       FILE_CREATE, FILE_DIRECTORY_FILE),
                0);
    CHECK_EQUAL(NtSetInformationFile(directory, &io, &remove, sizeof remove, FileDispositionInformation),
                STATUS_CANNOT_DELETE);
    NtClose(directory);
    CHECK_EQUAL(create(&directory, "fixed", DELETE, 0, FILE_OPEN, FILE_DIRECTORY_FILE | FILE_DELETE_ON_CLOSE),
                STATUS_CANNOT_DELETE);
    CHECK_EQUAL(
        create(&directory, "fixed", DELETE | FILE_WRITE_ATTRIBUTES, 0, FILE_OPEN, FILE_DIRECTORY_FILE), 0);
    CHECK_EQUAL(NtSetInformationFile(directory, &io, &basic, sizeof basic, FileBasicInformation), 0);
    CHECK_EQUAL(NtSetInformationFile(directory, &io, &remove, sizeof remove, FileDispositionInformation), 0);
    NtClose(directory);
}

static void test_stat(void)
{
    HANDLE file;
    IO_STATUS_BLOCK io;
    FILE_STAT_INFORMATION stat, by_name;
    FILE_INTERNAL_INFORMATION internal;
    CHECK_EQUAL(create(&file, "stat", FILE_WRITE_DATA | FILE_READ_ATTRIBUTES, 0, FILE_CREATE, 0), 0);
    CHECK_EQUAL(NtWriteFile(file, NULL, NULL, NULL, &io, "hello", 5, NULL, NULL), 0);
    CHECK_EQUAL(NtQueryInformationFile(file, &io, &stat, sizeof stat, STAT_CLASS), 0);
    CHECK_EQUAL(io.Information, sizeof stat);
    CHECK_EQUAL(stat.EndOfFile.LowPart, 5);
    CHECK_EQUAL(stat.FileAttributes, FILE_ATTRIBUTE_ARCHIVE);
    CHECK_EQUAL(stat.NumberOfLinks, 1);
    CHECK(stat.EffectiveAccess & FILE_WRITE_DATA, "%lx", stat.EffectiveAccess);
    CHECK_EQUAL(NtQueryInformationFile(file, &io, &internal, sizeof internal, FileInternalInformation), 0);
    CHECK(internal.IndexNumber.QuadPart == stat.FileId.QuadPart, "another number");
    NtClose(file);
    OBJECT_ATTRIBUTES name = name_of("STAT");
    CHECK_EQUAL(NtQueryInformationByName(&name, &io, &by_name, sizeof by_name, STAT_CLASS), 0);
    CHECK(by_name.FileId.QuadPart == stat.FileId.QuadPart, "another number");
    CHECK_EQUAL(NtQueryInformationByName(&name, &io, &by_name, 8, STAT_CLASS), STATUS_INFO_LENGTH_MISMATCH);
    CHECK_EQUAL(NtQueryInformationByName(&name, &io, &by_name, sizeof by_name, FileBasicInformation),
                STATUS_INVALID_INFO_CLASS);
    CHECK_EQUAL(NtDeleteFile(&name), 0);
    CHECK_EQUAL(NtQueryInformationByName(&name, &io, &by_name, sizeof by_name, STAT_CLASS),
                STATUS_OBJECT_NAME_NOT_FOUND);
}

static void test_links(void)
{
    HANDLE file;
    IO_STATUS_BLOCK io;
    struct {
        FILE_LINK_INFORMATION info;
        WCHAR more[8];
    } link = {.info = {.FileNameLength = 12}};
    struct {
        FILE_LINKS_INFORMATION info;
        char more[200];
    } links;
    memcpy(link.info.FileName, L"second", 12);
    CHECK_EQUAL(create(&file, "first", FILE_READ_ATTRIBUTES, 0, FILE_CREATE, 0), 0);
    CHECK_EQUAL(NtSetInformationFile(file, &io, &link, offsetof(FILE_LINK_INFORMATION, FileName) + 12,
                                     FileLinkInformation),
                0);
    CHECK_EQUAL(NtQueryInformationFile(file, &io, &links, sizeof links, FileHardLinkInformation), 0);
    CHECK_EQUAL(links.info.EntriesReturned, 2);
    CHECK_EQUAL(links.info.BytesNeeded, io.Information);
    CHECK_EQUAL(links.info.Entry.FileNameLength, 5);
    CHECK(!memcmp(links.info.Entry.FileName, L"first", 10), "another name");
    FILE_LINK_ENTRY_INFORMATION *second =
        (void *)((char *)&links.info.Entry + links.info.Entry.NextEntryOffset);
    CHECK_EQUAL(second->FileNameLength, 6);
    CHECK(!memcmp(second->FileName, L"second", 12), "another name");
    CHECK_EQUAL(NtQueryInformationFile(file, &io, &links, 48, FileHardLinkInformation),
                STATUS_BUFFER_OVERFLOW);
    CHECK_EQUAL(links.info.EntriesReturned, 1);
    NtClose(file);
    OBJECT_ATTRIBUTES name = name_of("first");
    CHECK_EQUAL(NtDeleteFile(&name), 0);
    name = name_of("second");
    CHECK_EQUAL(NtDeleteFile(&name), 0);
}

// A rename by flags.
static NTSTATUS rename_to(HANDLE file, const WCHAR *name, ULONG flags)
{
    struct {
        FILE_RENAME_INFORMATION info;
        WCHAR more[20];
    } rename = {};
    IO_STATUS_BLOCK io;
    memcpy(&rename.info, &flags, sizeof flags); // the union's other member
    rename.info.FileNameLength = lstrlenW(name) * 2;
    lstrcpyW(rename.info.FileName, name);
    return NtSetInformationFile(file, &io, &rename, sizeof rename, RENAME_EX_CLASS);
}

static void test_posix_rename(void)
{
    const ULONG replace = FILE_RENAME_REPLACE_IF_EXISTS, posix = replace | FILE_RENAME_POSIX_SEMANTICS;
    HANDLE old, new;
    IO_STATUS_BLOCK io;
    char text[4] = "";
    LARGE_INTEGER start = {};
    CHECK_EQUAL(create(&old, "old", GENERIC_READ | GENERIC_WRITE, 0, FILE_CREATE, 0), 0);
    CHECK_EQUAL(NtWriteFile(old, NULL, NULL, NULL, &io, "old", 3, NULL, NULL), 0);
    CHECK_EQUAL(create(&new, "new", GENERIC_WRITE | DELETE, 0, FILE_CREATE, 0), 0);
    CHECK_EQUAL(rename_to(new, L"old", 0), STATUS_OBJECT_NAME_COLLISION);
    CHECK_EQUAL(rename_to(new, L"old", replace), STATUS_ACCESS_DENIED); // it is open
    CHECK_EQUAL(rename_to(new, L"old", posix), 0);
    // Who had it open has it still.
    CHECK_EQUAL(NtReadFile(old, NULL, NULL, NULL, &io, text, 3, &start, NULL), 0);
    CHECK(!strcmp(text, "old"), "%s", text);
    NtClose(old);
    NtClose(new);
    OBJECT_ATTRIBUTES name = name_of("new");
    CHECK_EQUAL(NtDeleteFile(&name), STATUS_OBJECT_NAME_NOT_FOUND);

    // One who doesn't let others delete it is in the way.
    name = name_of("old");
    CHECK_EQUAL(NtOpenFile(&old, FILE_READ_DATA | SYNCHRONIZE, &name, &io, FILE_SHARE_READ, 0), 0);
    CHECK_EQUAL(create(&new, "new", DELETE, 0, FILE_CREATE, 0), 0);
    CHECK_EQUAL(rename_to(new, L"old", posix), STATUS_ACCESS_DENIED);
    NtClose(old);
    CHECK_EQUAL(rename_to(new, L"old", posix), 0);
    NtClose(new);
    name = name_of("old");
    CHECK_EQUAL(NtDeleteFile(&name), 0);

    // An empty directory gives way to another.
    CHECK_EQUAL(create(&old, "old", GENERIC_READ, 0, FILE_CREATE, FILE_DIRECTORY_FILE), 0);
    CHECK_EQUAL(create(&new, "new", DELETE, 0, FILE_CREATE, FILE_DIRECTORY_FILE), 0);
    NtClose(old);
    CHECK_EQUAL(rename_to(new, L"old", replace), STATUS_ACCESS_DENIED);
    CHECK_EQUAL(rename_to(new, L"old", posix), 0);
    NtClose(new);
    name = name_of("old");
    CHECK_EQUAL(NtDeleteFile(&name), 0);
}

// A list with one extended attribute.
static ULONG one_ea(void *list, const char *name, const char *value)
{
    FILE_FULL_EA_INFORMATION *ea = list;
    memset(ea, 0, offsetof(FILE_FULL_EA_INFORMATION, EaName));
    ea->EaNameLength = (UCHAR)strlen(name);
    ea->EaValueLength = (USHORT)strlen(value);
    strcpy(ea->EaName, name);
    memcpy(ea->EaName + strlen(name) + 1, value, strlen(value));
    return offsetof(FILE_FULL_EA_INFORMATION, EaName) + ea->EaNameLength + 1 + ea->EaValueLength;
}

static void test_extended_attributes(void)
{
    HANDLE file;
    IO_STATUS_BLOCK io;
    ULONG list[64], index = 1, size = one_ea(list, "Colour", "red");
    FILE_FULL_EA_INFORMATION *ea = (void *)list;
    FILE_EA_INFORMATION info;
    OBJECT_ATTRIBUTES name = name_of("ea");
    CHECK_EQUAL(NtCreateFile(&file, GENERIC_READ | GENERIC_WRITE | SYNCHRONIZE, &name, &io, NULL, 0, SHARED,
                             FILE_CREATE, FILE_SYNCHRONOUS_IO_NONALERT, list, size),
                0);
    CHECK_EQUAL(NtQueryEaFile(file, &io, list, sizeof list, FALSE, NULL, 0, NULL, TRUE), 0);
    CHECK(!strcmp(ea->EaName, "COLOUR"), "%s", ea->EaName);
    CHECK_EQUAL(ea->EaValueLength, 3);
    CHECK(!memcmp(ea->EaName + 7, "red", 3), "another value");
    CHECK_EQUAL(NtQueryEaFile(file, &io, list, sizeof list, FALSE, NULL, 0, NULL, FALSE), STATUS_NO_MORE_EAS);
    CHECK_EQUAL(NtQueryEaFile(file, &io, list, 12, FALSE, NULL, 0, NULL, TRUE), STATUS_BUFFER_TOO_SMALL);
    size = one_ea(list, "size", "large");
    CHECK_EQUAL(NtSetEaFile(file, &io, list, size), 0);
    CHECK_EQUAL(NtQueryEaFile(file, &io, list, sizeof list, FALSE, NULL, 0, NULL, TRUE), 0);
    CHECK(ea->NextEntryOffset != 0, "one entry");
    index = 2;
    CHECK_EQUAL(NtQueryEaFile(file, &io, list, sizeof list, TRUE, NULL, 0, &index, FALSE), 0);
    CHECK(!strcmp(ea->EaName, "SIZE"), "%s", ea->EaName);
    index = 9;
    CHECK_EQUAL(NtQueryEaFile(file, &io, list, sizeof list, TRUE, NULL, 0, &index, FALSE),
                STATUS_NONEXISTENT_EA_ENTRY);
    CHECK_EQUAL(NtQueryInformationFile(file, &io, &info, sizeof info, FileEaInformation), 0);
    CHECK(info.EaSize != 0, "no size");
    size = one_ea(list, "a*b", "x");
    CHECK_EQUAL(NtSetEaFile(file, &io, list, size), STATUS_INVALID_EA_NAME);
    CHECK_EQUAL(NtSetEaFile(file, &io, list, size - 2), STATUS_EA_LIST_INCONSISTENT);
    // One without a value goes.
    CHECK_EQUAL(NtSetEaFile(file, &io, list, one_ea(list, "SIZE", "")), 0);
    CHECK_EQUAL(NtSetEaFile(file, &io, list, one_ea(list, "colour", "")), 0);
    CHECK_EQUAL(NtQueryEaFile(file, &io, list, sizeof list, FALSE, NULL, 0, NULL, TRUE),
                STATUS_NO_EAS_ON_FILE);
    NtClose(file);
    CHECK_EQUAL(NtDeleteFile(&name), 0);
}

static void test_listing(void)
{
    HANDLE directory, file;
    IO_STATUS_BLOCK io;
    union {
        FILE_ID_EXTD_BOTH_DIR_INFORMATION both;
        FILE_NAMES_INFORMATION names;
        char room[400];
    } info, again;
    CHECK_EQUAL(create(&directory, "listed", FILE_LIST_DIRECTORY, 0, FILE_CREATE, FILE_DIRECTORY_FILE), 0);
    CHECK_EQUAL(create(&file, "listed\\A long name.text", GENERIC_WRITE, 0, FILE_CREATE, 0), 0);
    NtClose(file);
    UNICODE_STRING mask;
    RtlInitUnicodeString(&mask, L"a*");
    CHECK_EQUAL(NtQueryDirectoryFileEx(directory, NULL, NULL, NULL, &io, &info, sizeof info,
                                       EXTENDED_BOTH_CLASS, 0x100, &mask),
                STATUS_INVALID_PARAMETER);
    CHECK_EQUAL(NtQueryDirectoryFileEx(directory, NULL, NULL, NULL, &io, &info, sizeof info,
                                       EXTENDED_BOTH_CLASS, SL_NO_CURSOR_UPDATE, &mask),
                0);
    CHECK_EQUAL(info.both.FileNameLength, 32);
    CHECK(!memcmp(info.both.FileName, L"A long name.text", 32), "another name");
    CHECK(info.both.ShortNameLength > 0 && info.both.ShortName[0] == 'A', "no short name");
    CHECK_EQUAL(NtQueryDirectoryFileEx(directory, NULL, NULL, NULL, &io, &again, sizeof again,
                                       FileNamesInformation, SL_RETURN_SINGLE_ENTRY, NULL),
                0);
    CHECK_EQUAL(again.names.FileNameLength, 32);
    CHECK_EQUAL(NtQueryDirectoryFileEx(directory, NULL, NULL, NULL, &io, &again, sizeof again,
                                       FileNamesInformation, 0, NULL),
                STATUS_NO_MORE_FILES);
    CHECK_EQUAL(io.Status, STATUS_NO_MORE_FILES);
    NtClose(directory);
    OBJECT_ATTRIBUTES name = name_of("listed\\A long name.text");
    CHECK_EQUAL(NtDeleteFile(&name), 0);
    name = name_of("listed");
    CHECK_EQUAL(NtDeleteFile(&name), 0);
}

static void test_changes(void)
{
    HANDLE directory, file, event = CreateEventA(NULL, TRUE, FALSE, NULL);
    IO_STATUS_BLOCK io, closed = {.Status = 0xBEEF};
    OBJECT_ATTRIBUTES name = name_of("changes");
    union {
        FILE_NOTIFY_EXTENDED_INFORMATION info;
        char room[400];
    } change;
    CHECK_EQUAL(NtCreateFile(&directory, FILE_LIST_DIRECTORY | SYNCHRONIZE, &name, &io, NULL, 0, SHARED,
                             FILE_CREATE, FILE_DIRECTORY_FILE, NULL, 0),
                0);
    CHECK_EQUAL(NtNotifyChangeDirectoryFileEx(directory, event, NULL, NULL, &io, &change, sizeof change,
                                              FILE_NOTIFY_CHANGE_FILE_NAME, FALSE, 9),
                STATUS_INVALID_PARAMETER);
    CHECK_EQUAL(NtNotifyChangeDirectoryFileEx(directory, event, NULL, NULL, &io, &change, sizeof change,
                                              FILE_NOTIFY_CHANGE_FILE_NAME, FALSE, 2),
                STATUS_PENDING);
    CHECK_EQUAL(create(&file, "changes\\new", GENERIC_WRITE, 0, FILE_CREATE, 0), 0);
    NtClose(file);
    CHECK_EQUAL(WaitForSingleObject(event, 5000), WAIT_OBJECT_0);
    CHECK_EQUAL(io.Information, offsetof(FILE_NOTIFY_EXTENDED_INFORMATION, FileName) + 6);
    CHECK_EQUAL(change.info.Action, FILE_ACTION_ADDED);
    CHECK_EQUAL(change.info.FileAttributes, FILE_ATTRIBUTE_ARCHIVE);
    CHECK(change.info.FileId.QuadPart != 0 && change.info.ParentFileId.QuadPart != 0, "no numbers");
    CHECK(!memcmp(change.info.FileName, L"new", 6), "another name");
    // What waits when the handle is closed ends without having failed.
    CHECK_EQUAL(NtNotifyChangeDirectoryFile(directory, event, NULL, NULL, &closed, &change, sizeof change,
                                            FILE_NOTIFY_CHANGE_FILE_NAME, FALSE),
                STATUS_PENDING);
    NtClose(directory);
    CHECK_EQUAL(WaitForSingleObject(event, 5000), WAIT_OBJECT_0);
    CHECK_EQUAL(closed.Status, STATUS_NOTIFY_CLEANUP);
    CloseHandle(event);
    name = name_of("changes\\new");
    CHECK_EQUAL(NtDeleteFile(&name), 0);
    name = name_of("changes");
    CHECK_EQUAL(NtDeleteFile(&name), 0);
}

static void test_controls(void)
{
    HANDLE file;
    IO_STATUS_BLOCK io;
    NTFS_VOLUME_DATA_BUFFER data;
    char room[64];
    CHECK_EQUAL(create(&file, "controls", GENERIC_READ, 0, FILE_CREATE, 0), 0);
    CHECK_EQUAL(
        NtFsControlFile(file, NULL, NULL, NULL, &io, FSCTL_GET_NTFS_VOLUME_DATA, NULL, 0, &data, sizeof data),
        0);
    CHECK(data.BytesPerSector == 512 && data.TotalClusters.QuadPart > 0, "%lu", data.BytesPerSector);
    CHECK_EQUAL(
        NtFsControlFile(file, NULL, NULL, NULL, &io, FSCTL_QUERY_USN_JOURNAL, NULL, 0, room, sizeof room),
        STATUS_JOURNAL_NOT_ACTIVE);
    CHECK_EQUAL(NtFlushBuffersFileEx(file, 0x80, NULL, 0, &io), STATUS_INVALID_PARAMETER);
    NtClose(file);
    OBJECT_ATTRIBUTES name = name_of("controls");
    CHECK_EQUAL(NtDeleteFile(&name), 0);
}

int main(void)
{
    WCHAR here[MAX_PATH];
    GetCurrentDirectoryW(MAX_PATH, here);
    lstrcpyW(directory_name, L"\\??\\");
    lstrcatW(directory_name, here);
    if (here[lstrlenW(here) - 1] != '\\') lstrcatW(directory_name, L"\\");
    test_order();
    test_arguments();
    test_read_only_directory();
    test_stat();
    test_links();
    test_posix_rename();
    test_extended_attributes();
    test_listing();
    test_changes();
    test_controls();
    return check_summary();
}
